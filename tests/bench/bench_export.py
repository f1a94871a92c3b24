"""The export against the one of an earlier commit, in turns on the same parcels; the pictures of both are compared.

    .venv/bin/python -m tests.bench.bench_export --parcels 200 --blocks 6

``--blocks``: only so many of the blocks, spread evenly over the parcels; without it all of them.
Both sides run as an export does: packages beside the main thread, whose longest gap is watched. ``two processes`` is this
release with the parcels dealt to two, as ``JOBS`` deals them; starting the processes is not counted on any side.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench.report import load, table, write_section

BEFORE = "76f0392"
ROOT = Path(__file__).resolve().parents[2]
BLOCK = 12
RECORDED = 24

Took = dict[str, float]


def checkout(commit: str, folder: Path) -> Path:
    """The tree of a commit in a folder."""
    folder.mkdir()
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)
    return folder


def prepare(folder: Path) -> None:
    from tests.bench import bench_packages

    bench_packages.photos(folder / "photos", 40)
    bench_packages.imagery(folder / "before.tif", 1)
    bench_packages.imagery(folder / "after.tif", 2)


def sides(root: Path, folder: Path, out: Path, parts: Sequence[tuple[int, int]]) -> Took:
    """A process for each part, all at once; the slowest counts, processor times add up."""
    script = str(Path(__file__).with_name("export_side.py"))
    running = [
        subprocess.Popen(
            [sys.executable, script, str(root), str(folder), str(out), "--first", str(first), "--count", str(count)],
            stdout=subprocess.PIPE, text=True,
        )
        for first, count in parts
    ]  # fmt: skip
    found = [json.loads(process.communicate()[0].splitlines()[-1]) for process in running]
    return {
        "seconds": max(one["seconds"] for one in found),
        "processor": sum(one["processor"] for one in found),
        "gap": max(one["gap"] for one in found),
    }


def difference(first: Path, second: Path) -> float:
    """The largest share of pixels of a page that differ by more than 24 of 255 in a band, over all parcels."""
    import numpy as np
    from PIL import Image

    found = []
    for path in sorted(first.glob("T*/位置图/*.png")):
        pages = [
            np.asarray(Image.open(side / path.relative_to(first)).convert("RGB")).astype(int)
            for side in (first, second)
        ]
        found.append(
            float((np.abs(pages[0] - pages[1]).max(axis=2) > 24).mean()) if pages[0].shape == pages[1].shape else 1.0
        )
    return max(found, default=1.0)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--parcels", type=int, default=RECORDED)
    arguments.add_argument("--blocks", type=int, default=0)
    given = arguments.parse_args()
    starts = chosen(given.parcels, given.blocks)
    folder = Path(tempfile.mkdtemp(prefix="weipian-bench-"))
    try:
        earlier = checkout(BEFORE, folder / "earlier")
        prepare(folder)
        took: dict[str, list[Took]] = {"earlier": [], "now": [], "two": []}
        for start in starts:
            half = BLOCK // 2
            took["earlier"].append(sides(earlier, folder, folder / "out-earlier", [(start, BLOCK)]))
            took["now"].append(sides(ROOT, folder, folder / "out-now", [(start, BLOCK)]))
            two = [(start, half), (start + half, BLOCK - half)]
            took["two"].append(sides(ROOT, folder, folder / "out-two", two))
        body = report((given.parcels, len(starts)), took, difference(folder / "out-earlier", folder / "out-now"))
        print(body)
        if BLOCK * len(starts) >= RECORDED:
            write_section("export", "Export, against an earlier one", body)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def chosen(parcels: int, blocks: int) -> list[int]:
    """The first parcel of each block that is measured."""
    starts = list(range(0, parcels, BLOCK))
    if not 0 < blocks < len(starts):
        return starts
    return [starts[place * len(starts) // blocks] for place in range(blocks)]


def report(size: tuple[int, int], took: dict[str, list[Took]], differs: float) -> str:
    parcels, blocks = size
    all_of_them = -(-parcels // BLOCK)
    total = {
        name: {key: sum(one[key] for one in rounds) for key in ("seconds", "processor")}
        for name, rounds in took.items()
    }
    titles = {"earlier": f"commit {BEFORE}", "now": "now, one process", "two": "now, two processes"}
    rows = []
    for name, title in titles.items():
        ratios = [one["seconds"] / base["seconds"] for one, base in zip(took[name], took["earlier"])]
        rows.append([
            title, f"{total[name]['seconds']:.1f}", f"{statistics.median(ratios):.2f}",
            f"{total[name]['processor'] / total['earlier']['processor']:.2f}",
            f"{1000 * statistics.median(one['gap'] for one in took[name]):.0f}",
        ])  # fmt: skip
    some = f"{blocks} of the {all_of_them} blocks" if blocks < all_of_them else "blocks"
    text = f"{parcels} parcels with 4 photos of 12 MP, maps as pdf and png at 150 dpi, {some} of {BLOCK} in turns; ratios within a block, "
    text += "median. Goal: at most 0.5 of the earlier time on 2 cores.\n\n"
    text += table(
        ["export", "seconds", "× earlier", "processor × earlier", "gap of the main thread, ms (median of blocks)"], rows
    )
    return text + f"\n\nPixels of a page that differ visibly, worst parcel: {100 * differs:.2f} %. {load()}"


if __name__ == "__main__":
    main()
