"""What was planted, measured here with shapely and pyproj alone, for tests to compare the plugin's results against."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Callable

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from . import cases
from .frame import geodesic_area
from .plots import Plot
from .registers import Row
from .survey import CONSTRUCTION, FARMLAND, UNUSED, Survey

PROFILE = "national-2023"
APPROVAL_ROLES = ("farmland_conversion", "linkage")
AREA_ROLES = (
    "basic_farmland", "ecological_redline", "development_boundary", "farmland_conversion", "land_supply", "linkage",
    "registration", "advance_use", "temporary_land", "facility_agriculture", "homestead", "rural_road", "mining_right",
    "restoration", "previous_batch",
)  # fmt: skip
Measure = Callable[[BaseGeometry], float]


def timing(cover: cases.Cover) -> str:
    """before, between, late, expired or undated, as seen from the two images."""
    if cover.until is not None and cover.until < cases.BEFORE_IMAGE:
        return "expired"
    if cover.date is None:
        return "undated"
    if cover.date <= cases.BEFORE_IMAGE:
        return "before"
    return "between" if cover.date <= cases.AFTER_IMAGE else "late"


class _Layer:
    """A layer that can be asked for its union inside a parcel."""

    def __init__(self, geometries: Iterable[BaseGeometry]) -> None:
        self.geometries = np.array(list(geometries), dtype=object)
        self.tree = shapely.STRtree(self.geometries)

    def inside(self, parcel: BaseGeometry) -> BaseGeometry:
        hits = np.sort(self.tree.query(parcel, predicate="intersects"))
        pieces = shapely.intersection(self.geometries[hits], parcel)
        return shapely.union_all(pieces[shapely.area(pieces) > 0])

    def classes_inside(self, parcel: BaseGeometry, classes: Sequence[str]) -> dict[str, BaseGeometry]:
        result: dict[str, list[BaseGeometry]] = {}
        for hit in np.sort(self.tree.query(parcel, predicate="intersects")):
            piece = shapely.intersection(self.geometries[hit], parcel)
            if piece.area > 0:
                result.setdefault(classes[int(hit)], []).append(piece)
        return {name: shapely.union_all(pieces) for name, pieces in sorted(result.items())}


def _approvals(plot: Plot) -> dict[str, list[BaseGeometry]]:
    """What each approval leaves on the parcel, by its time."""
    result: dict[str, list[BaseGeometry]] = {name: [] for name in ("before", "between", "late", "undated", "expired")}
    for planted in plot.planted:
        if planted.role in APPROVAL_ROLES:
            result[timing(planted.cover)].append(planted.geometry.intersection(plot.valid))
    return result


def _measures(
    plot: Plot, layers: Mapping[str, _Layer], current: Survey, previous: Survey, survey_now: _Layer, survey_then: _Layer
) -> dict[str, object]:
    parcel = plot.valid
    area = geodesic_area(parcel)
    # One factor per parcel from plane to ellipsoid: parts then add up to the whole.
    factor = float(area / parcel.area)

    def measure(geometry: BaseGeometry) -> float:
        return round(float(geometry.area) * factor, 4)

    by_class = survey_now.classes_inside(parcel, current.classes)
    by_class_then = survey_then.classes_inside(parcel, previous.classes)

    def of(classes: Iterable[str], source: Mapping[str, BaseGeometry] = by_class) -> BaseGeometry:
        return shapely.union_all([source[name] for name in classes if name in source])

    approvals = _approvals(plot)
    approved = shapely.union_all([piece for pieces in approvals.values() for piece in pieces])
    in_time = shapely.union_all(approvals["before"] + approvals["between"])
    uncovered = parcel.difference(approved)
    basic = layers["basic_farmland"].inside(parcel)
    farmland = of(FARMLAND)
    village = shapely.union_all(
        [current.faces[i] for i in survey_now.tree.query(parcel) if current.attributes[int(i)] == "203"]
    ).intersection(parcel)
    return {
        "area": round(area, 4),
        "approved": measure(approved),
        "approved_before": measure(shapely.union_all(approvals["before"])),
        "approved_between": measure(shapely.union_all(approvals["between"])),
        "approved_late": measure(shapely.union_all(approvals["late"])),
        "approved_undated": measure(shapely.union_all(approvals["undated"])),
        "approved_in_time": measure(in_time),
        "uncovered": measure(uncovered),
        "uncovered_in_time": measure(parcel.difference(in_time)),
        "uncovered_farmland": measure(farmland.intersection(uncovered)),
        "uncovered_basic_farmland": measure(basic.intersection(uncovered)),
        "farmland": measure(farmland),
        "construction": measure(of(CONSTRUCTION)),
        "unused": measure(of(UNUSED)),
        "village_203": measure(village),
        "construction_previous": measure(of(CONSTRUCTION, by_class_then)),
        "unsurveyed": measure(parcel.difference(shapely.union_all(list(by_class.values())))),
        "coverage": {role: measure(layers[role].inside(parcel)) for role in AREA_ROLES},
        "classes": {name: measure(geometry) for name, geometry in by_class.items()},
    }


def _parts(plot: Plot) -> list[dict[str, object]]:
    """For a parcel that must be split: the piece with a ground in time, and the rest."""
    factor = geodesic_area(plot.valid) / plot.valid.area
    main = plot.planted[0]
    inside = plot.valid.intersection(main.geometry)
    rest = plot.valid.difference(main.geometry)
    good = {"farmland_conversion": cases.LEGAL, "mining_right": cases.LEGAL, "facility_agriculture": cases.OTHER}[
        main.role
    ]
    return [
        {
            "basis": main.role,
            "document": main.document,
            "area": round(inside.area * factor, 4),
            "acceptable": [good, cases.DOUBT],
        },
        {
            "basis": "",
            "document": None,
            "area": round(rest.area * factor, 4),
            "acceptable": [cases.ILLEGAL, cases.DOUBT],
        },
    ]


def findings(plots: Sequence[Plot]) -> list[dict[str, Any]]:
    """What intake should notice about the delivery: by number, with what may happen to the feature."""
    result: list[dict[str, Any]] = []
    seen: set[str] = set()
    for plot in plots:
        code = plot.case.code
        if plot.number in seen:
            result.append(
                {
                    "number": plot.number,
                    "finding": "duplicate_number",
                    "acceptable": ["refused", "flagged"],
                    "features": 2,
                }
            )
        elif code == "outside":
            result.append(
                {
                    "number": plot.number,
                    "finding": "outside_county",
                    "acceptable": ["refused", "flagged"],
                    "features": 1,
                }
            )
        elif code == "invalid_ring":
            result.append({"number": plot.number, "finding": "invalid_ring", "acceptable": ["repaired"], "features": 1,
                          "area_after_repair": round(geodesic_area(plot.valid), 4)})  # fmt: skip
        elif code == "stale_area":
            result.append({"number": plot.number, "finding": "area_mismatch", "acceptable": ["flagged"], "features": 1})
        seen.add(plot.number)
    return result


def _parcel(plot: Plot, measures: Mapping[str, object]) -> dict[str, object]:
    case = plot.case
    return {
        "kind": case.kind,
        "level": plot.level,
        "case": case.code,
        "title": case.title,
        "expected": {
            "category": case.category,
            "acceptable": list(case.acceptable),
            "subtypes": list(case.subtypes),
        },
        "split": case.split,
        "parts": _parts(plot) if case.split else [],
        "measures": measures,
        "grounds": [
            {
                "role": p.role,
                "document": p.document,
                "date": p.cover.date,
                "until": p.cover.until,
                "timing": timing(p.cover),
            }
            for p in plot.planted
        ],
        "note": case.note,
    }


def build_truth(
    plots: Sequence[Plot], rows: Mapping[str, Sequence[Row]], current: Survey, previous: Survey, seed: int
) -> dict[str, object]:
    """Everything about the parcels; the photos are added by the photo plan."""
    layers = {role: _Layer(row.geometry for row in rows[role]) for role in AREA_ROLES}
    survey_now, survey_then = _Layer(current.faces), _Layer(previous.faces)
    parcels: dict[str, Any] = {}
    for plot in plots:
        if plot.number in parcels:
            continue
        measures = _measures(plot, layers, current, previous, survey_now, survey_then)
        parcels[plot.number] = _parcel(plot, measures)
    return {
        "version": 1,
        "seed": seed,
        "profile": PROFILE,
        "earlier_image": cases.BEFORE_IMAGE,
        "later_image": cases.AFTER_IMAGE,
        "areas": {
            "unit": "m2",
            "method": "plane areas in EPSG:4523, scaled per parcel to the geodesic area on the CGCS2000 ellipsoid (pyproj.Geod); "
            "farmland is gross (ridges not deducted)",
            "tolerance_m2": 0.2,
            "tolerance_relative": 2e-5,
        },
        "counts": {
            "land_features": sum(plot.case.kind == "land" for plot in plots),
            "mining_features": sum(plot.case.kind == "mining" for plot in plots),
            "numbers": len(parcels),
            "survey_polygons": len(current.faces),
            "survey_polygons_previous": len(previous.faces),
        },
        "findings": findings(plots),
        "parcels": parcels,
        "photos": {},
    }


def write_truth(path: Path, truth: Mapping[str, object]) -> None:
    """What was planted, as JSON."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        json.dump(truth, stream, ensure_ascii=False, indent=1)
        stream.write("\n")
