"""Parcels for the tests of judgment, as the tables of the earlier steps would hold them.

A parcel is a row of equal cells; a layer feature covers some of them. Unions are then unions of sets, so that measures and
coverage follow from the features without any of the code under test.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date as Day
from functools import lru_cache
from typing import Any

import pandas as pd

from weipian_plugin.judgment import Profile, load_profile

APPROVALS = ("farmland_conversion", "linkage")
GROUNDS = (
    "farmland_conversion", "linkage", "land_supply", "registration", "advance_use", "temporary_land", "facility_agriculture",
    "homestead", "rural_road", "restoration", "mining_right",
)  # fmt: skip
OTHER_ROLES = (
    "basic_farmland",
    "ecological_redline",
    "development_boundary",
    "road_network",
    "previous_batch",
    "villages",
)
TIMINGS = ("before", "between", "late", "expired", "undated", "void")
EARLIER, LATER = "2022-09-18", "2023-04-26"
#: The day of every judgment in these tests.
TODAY = Day(2026, 11, 27)
#: A date that makes each timing true for the images above.
DATES = {
    "before": "2022-06-15",
    "between": "2022-12-08",
    "late": "2023-06-30",
    "expired": "2019-03-20",
    "undated": None,
    "void": "2022-06-15",
}


@dataclass(frozen=True)
class Cover:
    """A feature over some cells of the parcel. ``date`` and ``until`` default to what the timing needs."""

    role: str
    cells: frozenset[int]
    timing: str = "before"
    document: str | None = "渝府地〔2022〕100号"
    date: str | None = ""
    until: str | None = ""
    use: str | None = None
    project: str | None = None
    authority: str | None = None
    kind: str | None = None
    status: str = ""
    doubt: str = ""


@dataclass(frozen=True)
class Plot:
    """A parcel of ``count`` cells with ``area`` m² in all. ``values`` overrides or adds measures."""

    number: str
    area: float = 2000.0
    count: int = 10
    covers: tuple[Cover, ...] = ()
    roles: tuple[str, ...] = GROUNDS + OTHER_ROLES
    values: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    claims: Mapping[str, Any] = field(default_factory=dict)
    delivered: Mapping[str, Any] = field(default_factory=dict)
    photos: int = 0
    documents: tuple[str, ...] = ()
    parts: Mapping[str, frozenset[int]] = field(default_factory=dict)
    slivers: tuple[str, ...] = ()
    part_values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@lru_cache(maxsize=8)
def profile_called(name: str) -> Profile:
    """A shipped profile, read once."""
    return load_profile(name)


def every(count: int = 10) -> frozenset[int]:
    return frozenset(range(count))


def some(*cells: int) -> frozenset[int]:
    return frozenset(cells)


@dataclass(frozen=True)
class Tables:
    parcels: pd.DataFrame
    coverage: pd.DataFrame
    measures: pd.DataFrame
    evidence: pd.DataFrame
    parts: pd.DataFrame


def measures_of(plot: Plot, cells: frozenset[int]) -> dict[str, Any]:
    """The measures of a set of cells of the plot."""
    cell = plot.area / plot.count

    def size(found: frozenset[int]) -> float:
        return len(found & cells) * cell

    def union(roles: Iterable[str], timings: Iterable[str] = TIMINGS) -> frozenset[int]:
        timings, roles = tuple(timings), tuple(roles)
        return frozenset().union(
            *(cover.cells for cover in plot.covers if cover.role in roles and cover.timing in timings)
        )

    values: dict[str, Any] = {"area": len(cells) * cell}
    for role in GROUNDS + OTHER_ROLES:
        values[role] = size(union([role]))
    for role in GROUNDS:
        for timing in TIMINGS:
            values[f"{role}_{timing}"] = size(union([role], [timing]))
        values[f"{role}_in_time"] = size(union([role], ["before", "between"]))
    for timing in ("before", "between", "late", "undated"):
        values[f"approved_{timing}"] = size(union(APPROVALS, [timing]))
    values["approved"] = size(union(APPROVALS))
    values["approved_in_time"] = size(union(APPROVALS, ["before", "between"]))
    values["approved_share"] = values["approved"] / values["area"] * 100 if values["area"] else 0.0
    values["uncovered"] = max(0.0, values["area"] - values["approved"])
    values["uncovered_in_time"] = max(0.0, values["area"] - values["approved_in_time"])
    values["unsupplied"] = max(0.0, values["area"] - values["land_supply"])
    for name in (
        "uncovered_farmland", "uncovered_basic_farmland", "uncovered_ecological_redline", "farmland", "agricultural",
        "other_agricultural", "construction", "unused", "unsurveyed", "ridge", "village_203", "village_land", "construction_previous",
    ):  # fmt: skip
        values[name] = 0.0
    values["main_class"] = "0103"
    values["main_class_share"] = 100.0
    values["uncovered_width"] = 30.0
    values["road_network_touch"] = 0
    return values


def tables(*plots: Plot) -> Tables:
    parcels, coverage, measures, evidence, parts = [], [], [], [], []
    for plot in plots:
        parcels.append({
            "number": plot.number, "kind": "land", "level": "一级", "type": "建筑物", "earlier_image": EARLIER, "later_image": LATER,
            "issued": "2023-05-20", "flags": (), "area_m2": plot.area, "claims": dict(plot.claims), "delivered": dict(plot.delivered),
            **plot.attributes,
        })  # fmt: skip
        if plot.photos or plot.documents:
            evidence.append({
                "parcel": plot.number, "photos": plot.photos, "photos_with_azimuth": plot.photos, "photos_after": plot.photos,
                "directions": plot.photos, "documents": list(plot.documents),
            })  # fmt: skip
        for part, cells in {"": every(plot.count), **plot.parts}.items():
            values = measures_of(plot, cells) | dict(plot.values if not part else plot.part_values.get(part, {}))
            measures += [
                {"parcel": plot.number, "part": part, "measure": name, "value": value, "unit": ""}
                for name, value in values.items()
                if value is not None
            ]
            coverage += _coverage_rows(plot, part, cells)
            if part:
                parts.append(
                    {"parcel": plot.number, "part": part, "sliver": part in plot.slivers, "area_m2": values["area"]}
                )
    return Tables(
        pd.DataFrame(parcels),
        pd.DataFrame(
            coverage,
            columns=[
                "parcel",
                "part",
                "role",
                "group",
                "area_m2",
                "timing",
                "document",
                "date",
                "until",
                "use",
                "project",
                "authority",
                "kind",
                "status",
                "doubt",
            ],
        ),
        pd.DataFrame(measures, columns=["parcel", "part", "measure", "value", "unit"]),
        pd.DataFrame(
            evidence, columns=["parcel", "photos", "photos_with_azimuth", "photos_after", "directions", "documents"]
        ),
        pd.DataFrame(parts, columns=["parcel", "part", "sliver", "area_m2"]),
    )


def _coverage_rows(plot: Plot, part: str, cells: frozenset[int]) -> list[dict[str, Any]]:
    cell = plot.area / plot.count
    rows = []
    for role in plot.roles:
        union = frozenset().union(*(cover.cells for cover in plot.covers if cover.role == role)) & cells
        rows.append(
            {"parcel": plot.number, "part": part, "role": role, "group": "", "area_m2": len(union) * cell, "timing": ""}
        )
    for cover in plot.covers:
        inside = cover.cells & cells
        if inside:
            until = ("2021-03-19" if cover.timing == "expired" else None) if cover.until == "" else cover.until
            rows.append({
                "parcel": plot.number, "part": part, "role": cover.role, "group": cover.document or "（无编号）",
                "area_m2": len(inside) * cell, "timing": cover.timing, "document": cover.document,
                "date": DATES[cover.timing] if cover.date == "" else cover.date, "until": until, "use": cover.use, "project": cover.project,
                "authority": cover.authority, "kind": cover.kind, "status": cover.status, "doubt": cover.doubt,
            })  # fmt: skip
    return rows
