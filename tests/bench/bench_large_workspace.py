"""A workspace of 20,000 parcels and photos: when the first package is there, the memory of that export, and 20 new photos.

    .venv/bin/python -m tests.bench.bench_large_workspace --nice -10

``--nice -10`` (as root) gives the measured processes the processor before other work. Made from the workspace of ``make demo``. Each figure
is of a process of its own, counted from the start of the algorithm.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from tests.bench.report import load, table, write_section

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / ".build" / "demo"
COPIES, PACKAGES, NEW = 1000, 12, 20
ROUNDS = 3


def crowd(target: Path) -> None:
    """20,000 parcels with their proposals, decisions and photo records: copies of twenty of the demo in a grid beside it."""
    import pandas as pd
    import shapely

    from weipian_plugin.workspace import Workspace

    shutil.copyfile(DEMO / "卫片成果" / "工作库.gpkg", target)
    with Workspace.open(target) as store:
        parcels = store.read("parcel").drop(columns=["fid"])
        parcels = parcels[parcels["kind"] == "land"].head(20).reset_index(drop=True)
        known = set(parcels["number"])
        of = {name: store.read(name).drop(columns=["fid"]) for name in ("proposal", "measure")}
        of = {name: rows[rows["parcel"].isin(known)] for name, rows in of.items()}
        photo = store.read("photo").drop(columns=["fid"]).head(20)
        made: dict[str, list[Any]] = {name: [] for name in ("parcel", "photo", *of)}
        for copy in range(COPIES):
            east, north = 0.02 * (1 + copy % 40), 0.02 * (copy // 40)
            names = {number: f"{number[:-4]}{copy:04d}{number[-4:]}" for number in parcels["number"]}
            moved = shapely.transform(parcels["geometry"].to_numpy(), lambda xy, e=east, n=north: xy + (e, n))
            made["parcel"].append(parcels.assign(number=parcels["number"].map(names), geometry=moved))
            made["photo"].append(photo.assign(
                sha256=[f"{copy:06x}{place:02x}" + "0" * 56 for place in range(len(photo))],
                phash=[f"{hash((copy, place)) & (1 << 64) - 1:016x}" for place in range(len(photo))],
                lon=photo["lon"] + east, lat=photo["lat"] + north,
                file=[f"{copy}/{name}" for name in photo["file"]],
            ))  # fmt: skip
            for name, rows in of.items():
                made[name].append(rows.assign(parcel=rows["parcel"].map(names)))
        for name, rows in made.items():
            whole = [store.read(name).drop(columns=["fid"]), *rows]
            store.replace(name, pd.concat(whole, ignore_index=True), "造数", "两万个图斑")  # as the steps store it
        decided = store.read("decision", action="accept").drop(columns=["fid", "sequence"]).head(1)
        numbers = pd.concat(made["parcel"])["number"].tolist()
        acts = decided.loc[decided.index.repeat(len(numbers))].reset_index(drop=True)
        acts = acts.assign(parcel=numbers, id=[f"造数{place}" for place in range(len(numbers))], previous=None)
        store.insert("decision", acts, "造数", "两万个图斑", each=True)  # an act each, as people write them


def new_photos(folder: Path, salt: bytes) -> None:
    """Photos that the workspace does not have: those of the demo with another end."""
    folder.mkdir()
    found = sorted((DEMO / "示例县").rglob("*.jpg"))[:NEW]
    for number, path in enumerate(found):
        (folder / f"{salt.decode()}{number}.jpg").write_bytes(path.read_bytes() + salt + number.to_bytes(4, "big"))


def run_before(workspace: Path, photos: Path) -> None:
    """The step as it ran before: what it says of the copied photos stands in the workspace then, as it does in an office."""
    from weipian_plugin.model.feedback import Silent
    from weipian_plugin.pipeline.match_photos import MatchPhotos
    from weipian_plugin.workspace import Workspace

    new_photos(photos, b"a")
    with Workspace.open(workspace) as store:
        MatchPhotos(workspace, (str(photos),)).run(store, Silent())


def reopened(workspace: Path) -> None:
    """Opened once since, as a window does: the chain of what was written is checked then, and not again by each run."""
    from weipian_plugin.workspace import Workspace

    Workspace.open(workspace).close()


def side(what: str, folder: Path) -> dict[str, float]:
    """One measurement, in this process. ``running``: packages were written in it before, as a window has it."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from qgis.core import QgsApplication

    application = QgsApplication([], True)
    application.initQgis()
    from tests.qgis.running import run

    workspace = folder / "工作库.gpkg"
    if what == "photos":
        begun, used = time.perf_counter(), time.process_time()
        run("photos", WORKSPACE=workspace, PHOTOS=folder / "新照片")
        took = time.perf_counter() - begun
        return {"seconds": took, "processor": time.process_time() - used, "memory": _memory()}
    if what == "running":
        export(workspace, folder / "卷宗" / "以前", 1)
        shutil.copyfile(folder / "库.gpkg", workspace)
    return export(workspace, folder / "卷宗" / "现在", PACKAGES)


def export(workspace: Path, packages: Path, most: int) -> dict[str, float]:
    """Seconds until the first package; the run is stopped after some more."""
    from qgis.core import QgsProcessingFeedback

    from tests.qgis.running import run

    feedback = QgsProcessingFeedback()
    first: dict[str, float] = {}
    begun, used = time.perf_counter(), time.process_time()

    def watch() -> None:
        while written(packages) < most:
            if not first and written(packages):
                first.update(seconds=time.perf_counter() - begun, processor=time.process_time() - used)
            time.sleep(0.02)
        if not first:
            first.update(seconds=time.perf_counter() - begun, processor=time.process_time() - used)
        feedback.cancel()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        run("file", feedback, WORKSPACE=workspace, PACKAGES=packages)
    except Exception as stopped:  # it is stopped on purpose
        if not first:
            raise RuntimeError("no package") from stopped
    return {**first, "memory": _memory()}


def written(packages: Path) -> int:
    """Packages that have their name."""
    return len(list(packages.glob("[!.]*/manifest.json")))


def headless(folder: Path, nice: list[str]) -> dict[str, float]:
    """Seconds until the first package of ``qgis_process``, its own start included, and of ``start`` alone: until it has told what it can."""
    from scripts.house import checkout_environment, qgis_process_program

    environment, packages = checkout_environment(), folder / "卷宗"
    begun = time.perf_counter()
    subprocess.run(
        [*nice, qgis_process_program(), "help", "weipian:file"], env=environment, capture_output=True, check=True
    )
    start = time.perf_counter() - begun
    command = [*nice, qgis_process_program(), "run", "weipian:file", "--"]
    command += [f"WORKSPACE={folder / '工作库.gpkg'}", f"PACKAGES={packages}"]
    begun = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while not written(packages) and process.poll() is None:
            time.sleep(0.02)
        found = time.perf_counter() - begun
        process.terminate()
    return {"seconds": found, "start": start}


def _memory() -> float:
    """The most memory this program had, MB (what getrusage says counts the program that started it, too)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6


def one(name: str, folder: Path, nice: list[str]) -> dict[str, float]:
    """A measurement on the workspace as it was, in a process of its own."""
    shutil.rmtree(folder / "卷宗", ignore_errors=True)
    shutil.copyfile(folder / "库.gpkg", folder / "工作库.gpkg")
    if name == "headless":
        return headless(folder, nice)
    command = [*nice, sys.executable, "-m", __spec__.name, "--side", name, "--folder", str(folder)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    taken: dict[str, float] = json.loads(said.stdout.splitlines()[-1])
    return taken


def report(found: dict[str, list[dict[str, float]]]) -> str:
    def middle(name: str, key: str) -> float:
        return statistics.median(taken[key] for taken in found[name])

    def judged(value: float, limit: float) -> str:
        return f"{'met' if value <= limit else '**missed**'}: at most {limit:g}"

    titles = {
        "running": "first package, in a process that has exported before (as a window has)",
        "file": "first package, in a new process (libraries, rules and forms are read on the way)",
        "photos": f"{NEW} new photos, in a new process",
    }
    rows = []
    for name, title in titles.items():
        seconds, memory = middle(name, "seconds"), middle(name, "memory")
        rows.append([
            title, f"{seconds:.2f}", f"{middle(name, 'processor'):.2f}", judged(seconds, 2.0), f"{memory:.0f}",
            "–" if name == "photos" else judged(memory, 600.0),
        ])  # fmt: skip
    text = f"{20 * COPIES:,} parcels with proposals, measures, decisions and photo records, medians of {ROUNDS} processes; seconds since the "
    text += f"start of the algorithm, the most memory of the process after {PACKAGES} packages.\n\n"
    text += table(["work", "seconds", "processor", "goal, s", "MB", "goal, MB"], rows)
    text += f"\n\n`qgis_process`, its own start included: {middle('headless', 'seconds'):.2f} s; until it has told what the algorithm can: "
    return text + f"{middle('headless', 'start'):.2f} s. {load()}"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--side", default="")
    arguments.add_argument("--folder", default="")
    arguments.add_argument("--nice", default="0")
    given = arguments.parse_args()
    if given.side:
        print(json.dumps(side(given.side, Path(given.folder))))
        return
    if not (DEMO / "卫片成果").is_dir():
        raise SystemExit("make demo first")
    folder = Path(tempfile.mkdtemp(prefix="weipian-bench-"))
    try:
        crowd(folder / "库.gpkg")
        shutil.copyfile(folder / "库.gpkg", folder / "工作库.gpkg")  # under the name it is measured by
        run_before(folder / "工作库.gpkg", folder / "以前的照片")
        reopened(folder / "工作库.gpkg")
        shutil.copyfile(folder / "工作库.gpkg", folder / "库.gpkg")
        new_photos(folder / "新照片", b"b")
        nice = ["nice", "-n", given.nice] if given.nice != "0" else []
        names = ("running", "file", "headless", "photos")
        found = {name: [one(name, folder, nice) for _ in range(ROUNDS)] for name in names}
        body = report(found) + f" The measured processes ran at nice {given.nice}."
        print(body)
        write_section("large-workspace", "A workspace of 20,000 parcels", body)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
