"""Parcels and layers as real files: a delivery and a catalogue are written, taken in, measured and judged as a run does it.

Every case has a cell of 600 m of its own. A parcel is 50 m x 40 m (3 亩) unless said, its images are of 2022-09-18 and 2023-04-26, the
land is 0103 and every layer is given. Layers are written one file for each role, set of columns and form of file, so that cases may name their
columns as they like.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import shapely
from shapely.affinity import translate

from tests.unit.judgment.frames import TODAY, profile_called
from weipian_plugin.intake import IntakeOptions, read_delivery
from weipian_plugin.judgment import MeasuredTables, judge
from weipian_plugin.model.feedback import Silent
from weipian_plugin.model.messages import render
from weipian_plugin.model.records import LayerSource, Proposal
from weipian_plugin.overlay import OverlayOptions, measure_parcels

EAST, NORTH = 35_590_000.0, 3_248_000.0
CRS = "EPSG:4523"
PARCEL = shapely.box(0, 0, 50, 40)
AROUND = shapely.box(-5, -5, 55, 45)
CELL = shapely.box(-250, -250, 340, 340)
LEFT, RIGHT = shapely.box(-5, -5, 25, 45), shapely.box(25, -5, 55, 45)
ROLES = (
    "land_survey", "basic_farmland", "ecological_redline", "farmland_conversion", "land_supply", "linkage", "registration",
    "advance_use", "temporary_land", "facility_agriculture", "homestead", "rural_road", "mining_right", "restoration",
    "road_network", "previous_batch",
)  # fmt: skip
#: A sound document of each role.
SOUND: Mapping[str, Mapping[str, Any]] = {
    "farmland_conversion": {"PZWH": "渝府地〔2022〕100号", "PZRQ": "2022-06-15", "PZJG": "重庆市人民政府"},
    "linkage": {"PZWH": "渝挂钩〔2022〕10号", "PZRQ": "2022-06-15"},
    "land_supply": {"PFWH": "永规资供〔2022〕5号", "PZRQ": "2022-06-20"},
    "registration": {"BDCQZH": "渝(2021)永川区不动产权第0001号", "DJSJ": "2021-03-02", "YT": "工业用地"},
    "temporary_land": {"PZWH": "永临〔2022〕3号", "PZSJ": "20220601", "ZZSJ": "20240531", "LSYDYT": "施工便道"},
    "facility_agriculture": {"BABH": "永设〔2022〕8号", "BASJ": "2022-05-06", "YDLX": "生产设施"},
    "homestead": {"PZWH": "永宅〔2022〕8号", "PZRQ": "2022-05-06"},
    "rural_road": {"DLMC": "村道", "JCSJ": "20190101"},
    "mining_right": {"XKZH": "C5001182015", "YXQQ": "2020-01-01", "YXQZ": "2030-01-01", "KZ": "石灰岩"},
    "restoration": {"PZWH": "永整〔2022〕1号", "PZRQ": "2022-05-06"},
    "advance_use": {"PZWH": "先行〔2022〕1号", "PZRQ": "2022-05-06", "ZZSJ": "2024-05-06"},
    "basic_farmland": {"YJJBNTTBBH": "1"},
    "ecological_redline": {"HXMC": "红线"},
    "road_network": {"LXBM": "G85"},
    "previous_batch": {"JCBH": "X1"},
    "land_survey": {"DLBM": "0103", "SJNF": 2021, "CZCSXM": ""},
}


@dataclass(frozen=True)
class Cover:
    """A feature of a layer: ``shape`` in metres from the parcel's corner, columns exactly as given; ``declared``: the encoding that its
    catalogue names, where it is wrong."""

    role: str
    columns: Mapping[str, Any]
    shape: Any = AROUND
    suffix: str = ".shp"
    encoding: str = "UTF-8"
    declared: str = ""


def sound(role: str = "farmland_conversion", shape: Any = AROUND, **columns: Any) -> Cover:
    """A sound document with some columns given otherwise; None leaves a column out."""
    every = {**SOUND[role], **columns}
    return Cover(role, {name: value for name, value in every.items() if value is not None}, shape)


@dataclass(frozen=True)
class Case:
    """``columns``: of the delivery beside number, county and images; ``survey``: (shape, class) or (shape, class, 城镇村属性, year)."""

    name: str
    covers: tuple[Cover, ...] = ()
    columns: Mapping[str, Any] = field(default_factory=dict)
    shape: Any = PARCEL
    kind: str = "land"
    survey: tuple[tuple[Any, ...], ...] = ((CELL, "0103"),)
    earlier: Any = "20220918"
    later: Any = "20230426"
    photos: int = 0
    documents: tuple[str, ...] = ()


def proposals(
    folder: Path,
    cases: Sequence[Case],
    profile: str,
    without: Sequence[str] = (),
    suffix: str = ".gpkg",
    options: IntakeOptions | None = None,
) -> dict[str, Proposal]:
    """What is proposed for the whole parcel of each case, by its name; a case that intake refused is missing."""
    made = judged(folder, cases, (profile,), without, suffix, options)
    return {name: found for (name, part, _), found in made.items() if not part}


def judged(
    folder: Path,
    cases: Sequence[Case],
    profiles: Sequence[str],
    without: Sequence[str] = (),
    suffix: str = ".gpkg",
    options: IntakeOptions | None = None,
) -> dict[tuple[str, str, str], Proposal]:
    """Proposals by name of the case, part and profile."""
    tables, _, numbers = measured_files(folder, cases, without, suffix, options)
    names = {number: name for name, number in numbers.items()}
    found = {}
    for profile in profiles:
        for proposal in judge(tables, profile_called(profile), Silent(), as_of=TODAY):
            found[names[proposal.parcel], proposal.part, profile] = proposal
            for reason in proposal.reasons:
                assert "‹" not in render(reason, "zh") and "‹" not in render(reason, "en")
    return found


def measured_files(
    folder: Path,
    cases: Sequence[Case],
    without: Sequence[str] = (),
    suffix: str = ".gpkg",
    options: IntakeOptions | None = None,
) -> tuple[MeasuredTables, list[LayerSource], dict[str, str]]:
    """What was measured of the cases, the layers, and the number of each case by its name."""
    numbers = {case.name: f"500118SJBG2321{place + 1:04d}" for place, case in enumerate(cases)}
    _deliver(folder / "下发", cases, numbers, suffix)
    layers = _layers(folder, cases, without)
    taken = read_delivery(folder / "下发", options or IntakeOptions())
    result = measure_parcels(taken.parcels, layers, OverlayOptions(threads=1))
    tables = MeasuredTables(taken.parcels, result.coverage, result.measures, _evidence(cases, numbers), result.parts)
    return tables, layers, numbers


def _evidence(cases: Sequence[Case], numbers: Mapping[str, str]) -> pd.DataFrame:
    columns = ["parcel", "photos", "photos_with_azimuth", "photos_after", "directions", "documents"]
    rows = [
        [numbers[case.name], *[case.photos] * 4, list(case.documents)]
        for case in cases
        if case.photos or case.documents
    ]
    return pd.DataFrame(rows, columns=columns)


def _placed(shape: Any, place: int) -> Any:
    return translate(shape, EAST + place % 12 * 600.0, NORTH + place // 12 * 600.0)


def _deliver(folder: Path, cases: Sequence[Case], numbers: Mapping[str, str], suffix: str) -> None:
    folder.mkdir(parents=True)
    for kind, name in (("land", "土地图斑"), ("mining", "矿产图斑")):
        chosen = [(place, case) for place, case in enumerate(cases) if case.kind == kind]
        if not chosen:
            continue
        rows = [
            {"JCBH": numbers[case.name], "XZQDM": "500118", "QSX": case.earlier, "HSX": case.later, **case.columns}
            for _, case in chosen
        ]
        shapes = [_placed(case.shape, place) for place, case in chosen]
        frame = geopandas.GeoDataFrame(pd.DataFrame(rows).astype(object), geometry=shapes, crs=CRS)
        frame.to_file(folder / f"{name}{suffix}", engine="pyogrio", **_form(suffix, "UTF-8"))


def _form(suffix: str, encoding: str) -> dict[str, str]:
    return {"encoding": encoding} if suffix == ".shp" else {}


def _layers(folder: Path, cases: Sequence[Case], without: Sequence[str]) -> list[LayerSource]:
    files: dict[tuple[str, tuple[str, ...], str, str, str], list[tuple[Any, Mapping[str, Any]]]] = {}
    far = shapely.box(-2900, -2900, -2890, -2890)
    for role in ROLES:
        files[role, tuple(SOUND[role]), ".shp", "UTF-8", ""] = [(_placed(far, 0), SOUND[role])]
    for place, case in enumerate(cases):
        for shape, code, *more in case.survey:
            attributes = more + ["", 2021][len(more) :]
            row = {"DLBM": code, "CZCSXM": attributes[0], "SJNF": attributes[1]}
            files["land_survey", tuple(SOUND["land_survey"]), ".shp", "UTF-8", ""].append((_placed(shape, place), row))
        for cover in case.covers:
            key = (cover.role, tuple(cover.columns), cover.suffix, cover.encoding, cover.declared)
            files.setdefault(key, []).append((_placed(cover.shape, place), cover.columns))
    found = []
    for index, ((role, columns, suffix, encoding, declared), rows) in enumerate(files.items()):
        if role in without:
            continue
        table = pd.DataFrame([{name: row.get(name) for name in columns} for _, row in rows]).astype(object)
        frame = geopandas.GeoDataFrame(table, geometry=[shape for shape, _ in rows], crs=CRS)
        path = folder / f"{role}{index}{suffix}"
        frame.to_file(path, engine="pyogrio", **_form(suffix, encoding))
        given = (declared or encoding) if suffix == ".shp" else None
        found.append(LayerSource(role, str(path), encoding=given))
    return found


def otherwise(cover: Cover, **changes: Any) -> Cover:
    """The same feature, changed."""
    return replace(cover, **changes)
