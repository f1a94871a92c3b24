"""A disk that fills up: every write is whole or refused in words, and what was there stays."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from weipian_plugin.filing import packages_in, verify
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.pipeline import chain
from weipian_plugin.workspace import Workspace

from . import desk
from .outcome import Outcome, TimeBox, timed

#: Free kilobytes beside the county, by which the disk is too small for one thing or another.
FREE = (0, 4, 16, 40, 64, 90, 128, 180, 256, 350, 512, 700, 1024, 1500, 2048, 3000)


def drill(county: Path, folder: Path, box: float) -> list[Outcome]:
    """The office in the folder ``county`` on small disks of its own, where this system lets a process have one."""
    outcome = Outcome("a disk that is full, of several sizes")
    with timed(outcome):
        alone = ["unshare", "--mount", "--map-root-user"]
        if shutil.which("unshare") is None or subprocess.run([*alone, "true"], capture_output=True).returncode:
            outcome.remark = "not tried: this system gives a process no disk of its own"
            return [outcome]
        place, limit = folder / "盘", TimeBox(box)
        place.mkdir(parents=True)
        shutil.rmtree(county / ".weipian-cache", ignore_errors=True)
        used = sum(4 + path.stat().st_size // 4096 * 4 for path in county.rglob("*"))
        rejected = 0
        for free in FREE:
            if outcome.tried and not limit.open:
                break
            script = f'mount -t tmpfs -o size={used + free}k drill "$1" && cp -r "$2"/. "$1" && exec "$3" -W ignore -m tests.drill.full_disk "$1"'
            done = subprocess.run(
                [*alone, "sh", "-c", script, "sh", str(place), str(county), sys.executable],
                capture_output=True, text=True, timeout=300,
            )  # fmt: skip
            try:
                told = json.loads(done.stdout.strip().splitlines()[-1])
            except (ValueError, IndexError):
                outcome.count(f"{free} kB: {(done.stderr or done.stdout)[-300:]}")
                continue
            for fault in told["faults"]:
                outcome.count(f"{free} kB free: {fault}")
            for _ in range(told["tried"] - len(told["faults"])):
                outcome.count(None)
            rejected += told["refused"]
        outcome.remark = f"{rejected} writes refused in words"
    return [outcome]


def on_this_disk(folder: Path) -> dict[str, object]:
    """Work until the disk is full, and look at what is there after each piece of it."""
    plan = chain.Plan.of(
        {
            "DELIVERY": str(folder / "下发" / "图斑.shp"), "CATALOGUE": str(folder / "图层清单.yaml"),
            "WORKSPACE": str(folder / "工作库.gpkg"), "REPORT": str(folder / "报表"), "AS_OF": "2026-03-01",
        },
        who="张三",
    )  # fmt: skip
    workspace, packages = folder / "工作库.gpkg", folder / "卷宗"
    numbers = desk.numbers_of(workspace)
    tried, rejected = 0, 0
    faults: list[str] = []
    written: list[str] = []

    def decide() -> None:
        for place, number in enumerate(numbers * 2):
            with Workspace.open(workspace) as store:
                desk.decide(store, number, "张三", f"{place}")
            written.append(f"{place}")

    work: tuple[Callable[[], object], ...] = (
        decide, lambda: desk.whole_run(plan), lambda: desk.tabulate(plan),
        lambda: list(desk.export(workspace, packages, numbers)), lambda: desk.measure(plan),
    )  # fmt: skip
    for piece in work:
        tried += 1
        try:
            piece()
        except WeipianError:
            rejected += 1
        except Exception as error:
            faults.append(f"raw {type(error).__name__}: {error}")
        fault = _after(workspace, packages, written)
        if fault:
            faults.append(fault)
    return {"tried": tried, "refused": rejected, "faults": faults[:tried]}


def _after(workspace: Path, packages: Path, written: list[str]) -> str:
    found = sorted(desk.reasons(workspace))
    if found != sorted(written):
        return f"decisions {found} instead of {written}"
    faulty = [path.name for path in packages_in(packages) if verify(path)] if packages.is_dir() else []
    return desk.doubts(workspace) or (f"faulty packages {faulty}" if faulty else "")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(on_this_disk(Path(sys.argv[1])), ensure_ascii=False) + "\n")
