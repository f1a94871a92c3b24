"""A workspace of 20,000 parcels and photos: when the first package is there, the memory of that export, and 20 new photos.

    .venv/bin/python -m tests.bench.bench_large_workspace

Made from the workspace of ``make demo``. Each figure is of a process of its own, counted from the start of the algorithm.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from tests.bench.report import table, write_section

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / ".build" / "demo"
COPIES, PACKAGES, NEW = 1000, 12, 20
ROUNDS = 1


def crowd(target: Path) -> None:
    """20,000 parcels with their proposals and photo records: copies of twenty of the demo in a grid beside it."""
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


def side(what: str, folder: Path) -> dict[str, float]:
    """One measurement, in this process."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from qgis.core import QgsApplication, QgsProcessingFeedback

    application = QgsApplication([], True)
    application.initQgis()
    from tests.qgis.running import run

    workspace, feedback = folder / "工作库.gpkg", QgsProcessingFeedback()
    first: list[float] = []
    begun = time.perf_counter()
    if what == "photos":
        run("photos", WORKSPACE=workspace, PHOTOS=folder / "新照片")
        return {"seconds": time.perf_counter() - begun, "memory": _memory()}
    packages = folder / "卷宗"

    def watch() -> None:
        while len(list(packages.glob("*/manifest.json"))) < PACKAGES:
            if not first and any(packages.glob("[!.]*/manifest.json")):
                first.append(time.perf_counter() - begun)
            time.sleep(0.02)
        feedback.cancel()

    threading.Thread(target=watch, daemon=True).start()
    try:
        run("file", feedback, WORKSPACE=workspace, PACKAGES=packages)
    except Exception as stopped:  # it is stopped on purpose
        if not first:
            raise RuntimeError("no package") from stopped
    return {"seconds": first[0], "memory": _memory()}


def _memory() -> float:
    """The most memory this program had, MiB (what getrusage says counts the program that started it, too)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--side", default="")
    arguments.add_argument("--folder", default="")
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
        shutil.copyfile(folder / "工作库.gpkg", folder / "库.gpkg")
        new_photos(folder / "新照片", b"b")
        rows = []
        for what, title, goal, most in (
            ("file", "first package", 2.0, 600.0), ("photos", f"{NEW} new photos", 2.0, None),
        ):  # fmt: skip
            found = []
            for _ in range(ROUNDS):
                shutil.rmtree(folder / "卷宗", ignore_errors=True)
                shutil.copyfile(folder / "库.gpkg", folder / "工作库.gpkg")
                command = [sys.executable, "-m", __spec__.name, "--side", what, "--folder", str(folder)]
                said = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
                found.append(json.loads(said.stdout.splitlines()[-1]))
            seconds, memory = (sorted(one[key] for one in found)[ROUNDS // 2] for key in ("seconds", "memory"))
            told = f"{'met' if memory <= most else '**missed**'}: at most {most:g}" if most else "–"
            rows.append(
                [
                    title,
                    f"{seconds:.2f}",
                    f"{'met' if seconds <= goal else '**missed**'}: at most {goal:g}",
                    f"{memory:.0f}",
                    told,
                ]
            )
        body = f"{20 * COPIES:,} parcels with proposals, measures and photo records, medians of {ROUNDS} processes; seconds since the start of the "
        body += f"algorithm, the most memory of the process after {PACKAGES} packages.\n\n"
        body += table(["work", "seconds", "goal", "MiB", "goal"], rows)
        print(body)
        write_section("large-workspace", "A workspace of 20,000 parcels", body)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
