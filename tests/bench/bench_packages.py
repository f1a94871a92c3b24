"""What a package costs beside the bare work of copying its photos and drawing its map, measured in the same run.

    .venv/bin/python -m tests.bench.bench_packages --parcels 100 --photos 4

The bound of the task: packages in at most 1.5 times the bare cost. Bare cost and packages alternate in blocks of ten parcels, so that
other work on the machine falls on both.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="weipian-runtime-"))

import numpy as np
import piexif
from osgeo import gdal, osr
from PIL import Image
from qgis.core import QgsApplication
from shapely import affinity

from tests.bench.report import table, write_section
from tests.unit.filing import cases
from weipian_plugin.algorithms.maps import MapMaker
from weipian_plugin.evidence.fingerprint import fingerprint_of
from weipian_plugin.filing import PackageOptions, ParcelCase, PhotoEvidence, verify, write_packages
from weipian_plugin.model.records import LayerSource, Photo
from weipian_plugin.office.files import sha256_of

BLOCK = 10
RECORDED = 100  # parcels of a run that is written into docs/benchmarks.md
PHOTO_SIZE, PHOTO_BYTES = (4000, 3000), 3_340_000


def photos(folder: Path, count: int) -> list[tuple[Path, str]]:
    """Pictures as a phone makes them: 12 MP, about 3.3 MB, and no two alike."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(8)
    small = rng.integers(0, 255, (300, 400, 3), dtype=np.uint8)
    base, preview = folder / "base.jpg", io.BytesIO()
    picture = Image.fromarray(small).resize(PHOTO_SIZE, Image.Resampling.BICUBIC)
    picture.resize((160, 120)).save(preview, "JPEG")
    picture.save(base, "JPEG", quality=88, exif=piexif.dump({"0th": {}, "1st": {}, "thumbnail": preview.getvalue()}))
    content = base.read_bytes()
    found = []
    for number in range(count):
        path = folder / f"{number}.jpg"
        filling = max(0, PHOTO_BYTES - len(content))
        path.write_bytes(content + number.to_bytes(4, "big") + rng.bytes(filling))
        found.append((path, sha256_of(path)))
    return found


def imagery(path: Path, seed: int, size: int = 5000) -> Path:
    """Satellite imagery of a township: 0.5 m pixels, tiled."""
    rng = np.random.default_rng(seed)
    options = ["TILED=YES", "COMPRESS=JPEG", "PHOTOMETRIC=YCBCR"]
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), size, size, 3, gdal.GDT_Byte, options)
    dataset.SetGeoTransform((cases.LON, 5e-6, 0, cases.LAT + size * 5e-6, 0, -5e-6))
    system = osr.SpatialReference()
    system.ImportFromEPSG(4490)
    dataset.SetProjection(system.ExportToWkt())
    field = np.kron(rng.integers(60, 200, (size // 50, size // 50)), np.ones((50, 50))) + rng.integers(
        0, 30, (size, size)
    )
    for number, tint in enumerate((0.9, 1.0, 0.7), start=1):
        dataset.GetRasterBand(number).WriteArray((field * tint).astype(np.uint8))
    dataset.BuildOverviews("AVERAGE", [2, 4, 8, 16])
    return path


def parcels(folder: Path, count: int, photo_count: int) -> Iterator[ParcelCase]:
    base = cases.case(folder, photos=0, maps=())
    pool = photos(folder / "photos", max(40, photo_count * BLOCK))
    rng = np.random.default_rng(1)
    phash = fingerprint_of(pool[0][0].read_bytes(), 1e9, 1e9).phash  # as the photo step records it
    for number in range(count):
        x, y = rng.uniform(0.002, 0.02, 2)
        shape = affinity.translate(base.geometry, x, y)
        taken = []
        for position in range(photo_count):
            path, sha256 = pool[(number * photo_count + position) % len(pool)]
            record = Photo(
                path.name,
                sha256,
                lon=cases.LON + x - 0.0003,
                lat=cases.LAT + y + 0.0001 * position,
                azimuth=90.0 * position,
                phash=phash,
                taken_at="2026-03-05T10:20:30+08:00",
            )
            taken.append(PhotoEvidence(path, sha256, record, 30.0, 5.0))
        drawn = {1: affinity.scale(shape, 0.9, 0.9), 3: affinity.scale(shape, 0.3, 0.3)}
        rows = tuple(replace(row, geometry=drawn.get(place)) for place, row in enumerate(base.coverage))
        yield replace(
            base, parcel=cases.parcel(number=f"T{number:05d}", geometry=shape), coverage=rows, photos=tuple(taken)
        )


def bare(cases_of_block: list[ParcelCase], maker: MapMaker, folder: Path) -> float:
    """Copy the photos and draw the maps, nothing else."""
    begun = time.perf_counter()
    for case in cases_of_block:
        target = folder / case.number
        target.mkdir(parents=True)
        for position, photo in enumerate(case.photos):
            shutil.copyfile(photo.path, target / f"{position}.jpg")
        maker.render(case, target)
    return time.perf_counter() - begun


def filed(cases_of_block: list[ParcelCase], maker: MapMaker, folder: Path, options: PackageOptions) -> float:
    begun = time.perf_counter()
    for record in write_packages(cases_of_block, folder, options, render_maps=maker.render):
        if not hasattr(record, "manifest_sha256"):
            raise RuntimeError(str(record))
    return time.perf_counter() - begun


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--parcels", type=int, default=RECORDED)
    arguments.add_argument("--photos", type=int, default=4)
    given = arguments.parse_args()
    application = QgsApplication([], False)
    application.initQgis()
    folder = Path(tempfile.mkdtemp(prefix="weipian-bench-"))
    try:
        layers = [LayerSource("imagery_before", str(imagery(folder / "before.tif", 1)))]
        layers.append(LayerSource("imagery_after", str(imagery(folder / "after.tif", 2))))
        maker, options = MapMaker(layers), PackageOptions()
        everything = list(parcels(folder, given.parcels, given.photos))
        filed(everything[:1], maker, folder / "warm", options)
        cores = {"bare": 0.0, "filed": 0.0}
        times = {"bare": 0.0, "filed": 0.0, "resumed": 0.0}
        for start in range(0, given.parcels, BLOCK):
            block = everything[start : start + BLOCK]
            for name, work in (("bare", bare), ("filed", lambda *what: filed(*what, options))):
                begun = time.process_time()
                times[name] += work(block, maker, folder / ("bare" if name == "bare" else "out"))
                cores[name] += time.process_time() - begun
            shutil.rmtree(folder / "bare")
        begun = time.perf_counter()
        times["resumed"] = filed(everything, maker, folder / "out", options)
        begun = time.perf_counter()
        faulty = sum(bool(verify(folder / "out" / case.number, case)) for case in everything)
        times["verified"] = time.perf_counter() - begun
        ratio = times["filed"] / times["bare"]
        rows = [
            ["copy the photos and draw the maps, nothing else", f"{times['bare']:.2f}", "1.00"],
            ["packages", f"{times['filed']:.2f}", f"{ratio:.2f}"],
            [
                "the same again (everything current)",
                f"{times['resumed']:.2f}",
                f"{times['resumed'] / times['bare']:.2f}",
            ],
            [
                "verify every byte and every cell",
                f"{times['verified']:.2f}",
                f"{times['verified'] / times['bare']:.2f}",
            ],
        ]
        body = f"{given.parcels} parcels with {given.photos} photos of 12 MP (3.3 MB), maps as pdf and png at 150 dpi "
        body += "from local imagery; bound: 1.5.\n\n"
        body += f"Processor time of the first two: {cores['bare']:.2f} and {cores['filed']:.2f} s "
        body += (
            f"(ratio {cores['filed'] / cores['bare']:.2f}; the wall clock also counts what else the machine does).\n\n"
        )
        body += table(["work", "seconds", "ratio"], rows) + f"\n\nPackages with findings afterwards: {faulty}."
        print(body)
        if given.parcels >= RECORDED:  # a smaller run is a try
            write_section("packages", "Packages", body)
        maker.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    application.exitQgis()


if __name__ == "__main__":
    main()
