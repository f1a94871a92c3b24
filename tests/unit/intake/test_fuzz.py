"""Mutated deliveries end in parcels or in one clear error: no traceback, no hang, no partial batch.

Seeded and bounded by time; the long run (`-m slow`) goes on with other seeds.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path
from typing import Callable

import pytest

from weipian_plugin import intake
from weipian_plugin.model.errors import WeipianError

from . import builder as b

CASES, SECONDS = 2000, 40.0
SLOWEST = 30.0

Parts = dict[str, bytes]


def corpus(folder: Path) -> list[Parts]:
    """Small valid deliveries of several kinds, as bytes by suffix."""
    hole = b.record_bytes(__import__("shapely").difference(b.square(7), b.square(7).buffer(-0.0003)))
    kinds = [
        b.write_shapefile(folder / "a.shp", b.parcels(3)),
        b.write_shapefile(
            folder / "b.shp", [b.parcel(1), {**b.parcel(2), "record": hole}], encoding="utf-8", cpg="UTF-8"
        ),
        b.write_shapefile(folder / "c.shp", b.parcels(2), epsg=4523, prj=b.prj_of(4523), kind=15, cpg="GBK"),
    ]
    return [{part.suffix: part.read_bytes() for part in folder.iterdir() if part.stem == path.stem} for path in kinds]


def flip(generator: random.Random, raw: bytearray) -> None:
    for _ in range(generator.choice([1, 1, 2, 8, 64])):
        raw[generator.randrange(len(raw))] = generator.randrange(256)


def cut(generator: random.Random, raw: bytearray) -> None:
    del raw[generator.randrange(len(raw)) :]


def grow(generator: random.Random, raw: bytearray) -> None:
    raw.extend(generator.randbytes(generator.randrange(1, 400)))


def drop(generator: random.Random, raw: bytearray) -> None:
    start = generator.randrange(len(raw))
    del raw[start : start + generator.randrange(1, 50)]


def insert(generator: random.Random, raw: bytearray) -> None:
    start = generator.randrange(len(raw))
    raw[start:start] = generator.randbytes(generator.randrange(1, 50))


def extreme(generator: random.Random, raw: bytearray) -> None:
    """A whole number somewhere becomes the smallest or largest there is, in either order of bytes."""
    start = generator.randrange(max(1, len(raw) - 8))
    value = generator.choice([0, 1, -1, 2**31 - 1, -(2**31), 2**30, 0x7FFFFFF0])
    raw[start : start + 4] = value.to_bytes(4, generator.choice(["little", "big"]), signed=True)


def header(generator: random.Random, raw: bytearray) -> None:
    raw[generator.randrange(min(len(raw), 110))] = generator.randrange(256)


def not_a_number(generator: random.Random, raw: bytearray) -> None:
    start = generator.randrange(max(1, len(raw) - 8))
    raw[start : start + 8] = generator.choice(
        [b"\0\0\0\0\0\0\xf8\x7f", b"\0\0\0\0\0\0\xf0\x7f", b"\xff" * 8, b"\0\0\0\0\0\0\xef\x7f"]
    )


MUTATIONS: tuple[Callable[[random.Random, bytearray], None], ...] = (
    flip,
    cut,
    grow,
    drop,
    insert,
    extreme,
    header,
    not_a_number,
)


def write_case(generator: random.Random, sets: list[Parts], folder: Path) -> Path:
    """One mutated delivery: one or two parts damaged, now and then a part missing, a quarter of them zipped and damaged as a zip."""
    parts = dict(generator.choice(sets))
    weighted = [".shp"] * 4 + [".dbf"] * 4 + [".shx"] * 2 + [".prj", ".cpg"]
    for _ in range(generator.choice([1, 1, 2])):
        suffix = generator.choice([one for one in weighted if parts.get(one)])
        raw = bytearray(parts[suffix])
        generator.choice(MUTATIONS)(generator, raw)
        parts[suffix] = bytes(raw)
    if generator.random() < 0.05:
        del parts[generator.choice(list(parts))]
    for old in folder.iterdir():
        old.unlink()
    if generator.random() < 0.25:
        packed = b.zip_of(folder / "下发.zip", {f"图斑/图斑{suffix}": raw for suffix, raw in parts.items()})
        if generator.random() < 0.7:
            raw = bytearray(packed.read_bytes())
            generator.choice(MUTATIONS)(generator, raw)
            packed.write_bytes(raw)
        return packed
    for suffix, raw in parts.items():
        (folder / f"图斑{suffix}").write_bytes(raw)
    return folder


def other_formats(folder: Path) -> dict[str, bytes]:
    """Small valid deliveries of the other formats, by file name."""
    import geopandas
    import openpyxl

    from weipian_plugin.formats import coordinates_txt

    frame = geopandas.GeoDataFrame(b.parcels(3), geometry="geometry", crs=4490)
    frame.to_file(folder / "a.gpkg")
    frame.set_crs(4326, allow_override=True).to_file(folder / "a.geojson", driver="GeoJSON")
    frame.set_crs(4326, allow_override=True).to_file(folder / "a.kml", driver="KML")
    for variant in coordinates_txt.VARIANTS:
        plots = [coordinates_txt.PlotToWrite(b.number(i), b.square(i), b.number(i)) for i in (1, 2)]
        coordinates_txt.write_file(folder / f"{variant}.txt", plots, variant)
    book = openpyxl.Workbook()
    sheet = book.active
    if sheet is not None:
        sheet.append(["线索编号", "图斑状态", "拆分状态", "核实认定意见"])
        sheet.append([b.number(1), None, "审核结束", "合法"])
    book.save(folder / "a.xlsx")
    (folder / "a.csv").write_bytes(f"线索编号,状态(系统),审核阶段（系统）\r\n{b.number(1)},10,101\r\n".encode("gbk"))
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def run_other(seed: int, cases: int, seconds: float, tmp_path: Path) -> tuple[int, int]:
    """As :func:`run`, for the other formats; a register stands beside a sound shapefile."""
    generator = random.Random(seed)
    (tmp_path / "corpus").mkdir()
    files = other_formats(tmp_path / "corpus")
    read = rejected = 0
    begin = time.monotonic()
    for case in range(cases):
        if time.monotonic() - begin > seconds:
            break
        name = generator.choice(list(files))
        raw = bytearray(files[name])
        generator.choice(MUTATIONS)(generator, raw)
        folder = tmp_path / f"case{case}"
        path = folder / name
        if name.endswith((".xlsx", ".csv")):
            b.write_shapefile(folder / "图斑.shp", b.parcels(2))
        folder.mkdir(exist_ok=True)
        path.write_bytes(raw)
        start = time.monotonic()
        try:
            taken = intake.read_delivery(folder, intake.IntakeOptions(county_code=b.COUNTY))
            [dict(record) for record in taken.parcels["delivered"]]
        except WeipianError as error:
            rejected += 1
            assert "‹" not in error.text("zh") and "‹" not in error.text("en"), (
                f"case {case}: {error.code} lacks details"
            )
        except Exception as error:
            pytest.fail(f"seed {seed}, case {case} ({name}): {type(error).__name__}: {error}")
        else:
            read += 1
            assert taken.parcels.geometry.is_valid.all() and taken.parcels["number"].is_unique
        assert time.monotonic() - start < SLOWEST, f"case {case} ({name}) took too long"
    return read, rejected


def run(seed: int, cases: int, seconds: float, tmp_path: Path) -> tuple[int, int]:
    """Cases that ended in parcels and in an error."""
    generator = random.Random(seed)
    (tmp_path / "corpus").mkdir()
    sets = corpus(tmp_path / "corpus")
    folder = tmp_path / "case"
    folder.mkdir()
    read = rejected = 0
    begin = time.monotonic()
    for case in range(cases):
        if time.monotonic() - begin > seconds:
            break
        path = write_case(generator, sets, folder)
        start = time.monotonic()
        try:
            taken = intake.read_delivery(path)
        except WeipianError as error:
            rejected += 1
            assert "‹" not in error.text("zh") and "‹" not in error.text("en"), (
                f"case {case}: {error.code} lacks details"
            )
        except Exception as error:
            pytest.fail(f"seed {seed}, case {case}: {type(error).__name__}: {error}")
        else:
            read += 1
            counts = taken.batch.counts
            assert counts.features == counts.accepted + counts.refused, f"case {case}: {counts}"
            assert taken.parcels.geometry.is_valid.all() and (taken.parcels["area_m2"] > 0).all()
            assert taken.parcels["number"].is_unique
            assert all(isinstance(record, dict) for record in taken.parcels["delivered"])
        assert time.monotonic() - start < SLOWEST, f"case {case} took too long"
    return read, rejected


def test_two_thousand_mutated_deliveries_end_in_parcels_or_one_error(tmp_path: Path) -> None:
    read, rejected = run(20260930, CASES, SECONDS, tmp_path)
    assert read > 100 and rejected > 100, "the mutations must reach both ends"
    assert read + rejected >= CASES // 10, "far too slow to mean anything"


def test_mutated_files_of_the_other_formats_end_the_same_way(tmp_path: Path) -> None:
    read, rejected = run_other(7, 400, 15.0, tmp_path)
    assert read > 10 and rejected > 10


@pytest.mark.slow
@pytest.mark.skipif(
    not os.environ.get("WEIPIAN_LONG_FUZZ"), reason="up to 40 minutes; set WEIPIAN_LONG_FUZZ=1 to run it"
)
@pytest.mark.parametrize("seed", range(1, 9))
def test_more_mutated_deliveries(seed: int, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    read, rejected = run(seed, 4000, 200.0, tmp_path / "a")
    others_read, others_refused = run_other(seed, 1500, 80.0, tmp_path / "b")
    assert read and rejected and others_read and others_refused
