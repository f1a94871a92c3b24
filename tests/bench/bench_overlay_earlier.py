"""The overlay against the one of an earlier commit, in turns on the same county: later runs of 5,000 parcels, and whether they agree.

.venv/bin/python -m tests.bench.bench_overlay_earlier --rounds 7
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from tests.bench import bench_overlay
from tests.bench.bench_export import BEFORE, ROOT, checkout
from tests.bench.report import load, table, write_section

LIMIT = 1.03  # of the earlier time, at most
RECORDED = 5


def one(root: Path, data: Path, folder: Path, more: list[str]) -> dict[str, float]:
    """A later run by a checkout: seconds and processor time; its answer lies in ``folder``."""
    folder.mkdir(exist_ok=True)
    command = [
        sys.executable, "-m", "tests.bench.peers.weipian", "--data", str(data), "--out", str(folder / "found.npz"),
        "--cache", str(folder / "cache"), *more,
    ]  # fmt: skip
    said = subprocess.run(command, cwd=root, env={"PYTHONPATH": str(root)}, capture_output=True, check=True, text=True)
    found = json.loads(said.stdout.splitlines()[-1])
    return {"seconds": found["seconds"], "cpu": found["cpu"]}


def difference(first: Path, second: Path) -> float:
    """The largest difference of an area, m²."""
    ours, theirs = (np.load(folder / "found.npz") for folder in (first, second))
    return max(float(np.abs(ours[name] - theirs[name]).max()) for name in ours)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=RECORDED)
    rounds = arguments.parse_args().rounds
    folder = Path(tempfile.mkdtemp(prefix="weipian-bench-"))
    try:
        trees = {"earlier": checkout(BEFORE, folder / "tree"), "now": ROOT}
        data = bench_overlay.data(258_000, 5000, 5000)
        rows, differs = [], 0.0
        for title, more in (("areas", []), ("with all measures, parts and geometry", ["--everything"])):
            took: dict[str, list[dict[str, float]]] = {name: [] for name in trees}
            for turn in range(rounds + 1):  # the first of each makes its index and does not count
                for name, root in list(trees.items())[:: 1 if turn % 2 else -1]:
                    found = one(root, data, folder / name, more)
                    if turn:
                        took[name].append(found)
            differs = max(differs, difference(folder / "earlier", folder / "now"))
            for name, label in (("earlier", f"commit {BEFORE}"), ("now", "now")):
                row = [f"{label}, {title}"]
                for key in ("seconds", "cpu"):
                    ratios = [one_[key] / base[key] for one_, base in zip(took[name], took["earlier"])]
                    row += [
                        f"{statistics.median(run[key] for run in took[name]):.2f}",
                        f"{statistics.median(ratios):.2f}",
                    ]
                rows.append(row)
        body = f"Later runs of 5,000 parcels on the county of the overlay's page, {rounds} rounds in turns, medians; ratios within a round. "
        body += f"Goal: at most {LIMIT} × the earlier time.\n\n"
        body += table(["overlay", "seconds", "× earlier", "processor", "× earlier"], rows)
        body += f"\n\nLargest difference of an area: {differs:.1e} m². {load()}"
        print(body)
        if rounds >= RECORDED:
            write_section("overlay-earlier", "Overlay, against an earlier one", body)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
