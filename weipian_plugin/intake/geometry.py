"""Shapes before they become parcels: what cannot be taken and why, what is repaired and how much that changed.

Repair follows the linework (GEOS ``make_valid``): a repair that changes the area by more than the tolerance is reported
and not applied, so that nobody's area changes unseen.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ..geodesy.area import ellipsoidal_area
from ..geodesy.extents import Box, nation
from ..geodesy.gauss_kruger import areal_scale, forward
from ..geodesy.units import M2_PER_MU
from ..geodesy.validity import invalid_reason
from ..geodesy.zone import zone_of
from ..model.messages import Message
from .settings import Tolerances

Geometries = NDArray[np.object_]
_POLYGON, _MULTIPOLYGON, _COLLECTION = 3, 6, 7
_CHUNK = 2_000
_EARTH: Box = (-180.0, -90.0, 180.0, 90.0)


@dataclass(frozen=True)
class Checked:
    """``geometries`` are MultiPolygons in EPSG:4490 (None where refused); ``repairs`` by position; ``refused`` by position."""

    geometries: Geometries
    repairs: dict[int, dict[str, Any]]
    rejected: dict[int, Message]


def check(
    geometries: Geometries,
    problems: Mapping[int, Message],
    unclosed: NDArray[np.bool_] | None = None,
    anywhere: bool = False,
) -> Checked:
    """Check shapes that stand in EPSG:4490 (longitude first); ``problems`` are reasons known from reading.

    Invalid shapes come back repaired, each with its record in ``repairs``; :func:`excessive` says which of the repairs
    must not be applied. Shapes must lie in China, or ``anywhere`` on earth where a person has chosen the system.
    """
    rejected = dict(problems)
    result, alive = _usable(geometries, rejected, _EARTH if anywhere else nation().box)
    repairs: dict[int, dict[str, Any]] = {}
    invalid = np.flatnonzero(alive)[~_all_valid(result[alive])]
    for row in invalid:
        _repair(int(row), result, repairs, rejected)
    _drop_slivers(result, np.flatnonzero(alive & ~np.isin(np.arange(len(result)), list(rejected))), repairs)
    if unclosed is not None:
        for row in np.flatnonzero(unclosed & alive):
            if int(row) not in rejected:
                repairs.setdefault(int(row), _record("intake.ring_closed", result[row], result[row]))
    gone = list(rejected)
    result[gone] = None
    kept = np.flatnonzero(alive & ~np.isin(np.arange(len(result)), gone))
    single = kept[shapely.get_type_id(result[kept]) == _POLYGON]
    result[single] = shapely.multipolygons(result[single], indices=np.arange(len(single)))
    return Checked(result, repairs, rejected)


def _usable(geometries: Geometries, rejected: dict[int, Message], box: Box) -> tuple[Geometries, NDArray[np.bool_]]:
    """The shapes as polygons, and which of them are polygons inside ``box``; why the others are not goes into ``rejected``."""
    kinds = shapely.get_type_id(geometries)
    empty = shapely.is_empty(geometries)
    for row in np.flatnonzero((kinds < 0) | empty):
        rejected.setdefault(
            int(row), Message("intake.geometry_missing" if kinds[row] < 0 else "intake.geometry_empty", {})
        )
    polygonal = (kinds == _POLYGON) | (kinds == _MULTIPOLYGON)
    shaped = ~empty & (kinds >= 0)
    result = geometries.copy()
    for row in np.flatnonzero(shaped & ~polygonal):
        parts = polygons_of(geometries[row])
        if parts is None or kinds[row] != _COLLECTION:
            rejected[int(row)] = Message("intake.geometry_not_polygon", {"kind": geometries[row].geom_type})
        else:
            result[row], polygonal[row] = parts, True
    with np.errstate(invalid="ignore"):
        areas = np.where(polygonal, shapely.area(result), 0.0)
    for row in np.flatnonzero(polygonal & ~np.isfinite(areas)):
        rejected[int(row)] = Message("intake.geometry_not_finite", {})
        polygonal[row] = False
    for row in np.flatnonzero(polygonal & ~_on_the_map(result, box)):
        west, south = shapely.bounds(geometries[row])[:2].tolist()
        rejected.setdefault(
            int(row), Message("intake.coordinates_impossible", {"x": round(west, 4), "y": round(south, 4)})
        )
    alive = polygonal.copy()
    alive[list(rejected)] = False
    return result, alive


#: Square degrees (about a square centimetre): a part as small encloses nothing, but its long edges have an area on the ellipsoid.
_NOTHING = 1e-14


def _drop_slivers(result: Geometries, rows: NDArray[np.intp], repairs: dict[int, dict[str, Any]]) -> None:
    """Leave out parts that enclose nothing where the shape has others, and keep a record of it."""
    several = rows[shapely.get_type_id(result[rows]) == _MULTIPOLYGON]
    parts, owner = shapely.get_parts(result[several], return_index=True)
    flat = shapely.area(parts) < _NOTHING
    for place in np.unique(owner[flat]):
        row, good = int(several[place]), parts[(owner == place) & ~flat]
        if not len(good):
            continue
        after = shapely.multipolygons(good)
        record = {**_record("intake.ring_repaired", result[row], after), "reason": "有不围成面积的环"}
        repairs.setdefault(row, record)
        repairs[row]["repaired"] = record["repaired"]
        result[row] = after


def _on_the_map(geometries: Geometries, box: Box) -> NDArray[np.bool_]:
    """Whether a shape lies anywhere near a box: metres among degrees, or the other way round, do not."""
    west, south, east, north = box
    boxes = shapely.bounds(geometries)
    with np.errstate(invalid="ignore"):
        inside: NDArray[np.bool_] = (
            (boxes[:, 0] > west - 1) & (boxes[:, 1] > south - 1) & (boxes[:, 2] < east + 1) & (boxes[:, 3] < north + 1)
        )
    return inside


def polygons_of(geometry: object) -> Any | None:
    """The polygon parts of any geometry as a MultiPolygon; None when it has none."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    polygons = parts[(shapely.get_type_id(parts) == _POLYGON) & ~shapely.is_empty(parts)]
    return shapely.multipolygons(polygons) if len(polygons) else None


def _repair(row: int, result: Geometries, repairs: dict[int, dict[str, Any]], rejected: dict[int, Message]) -> None:
    original = result[row]
    reason = invalid_reason(original)
    try:
        repaired = polygons_of(shapely.make_valid(original))
    except shapely.GEOSException:
        repaired = None
    if repaired is None:
        rejected[row] = Message("intake.geometry_unrepairable", {"reason": reason})
        return
    record = _record("intake.ring_repaired", original, repaired)
    record["reason"] = reason
    repairs[row], result[row] = record, repaired


def excessive(
    repairs: Mapping[int, Mapping[str, Any]], stated_m2: Mapping[int, float], tolerances: Tolerances
) -> dict[int, Message]:
    """Repairs that change the area by more than the tolerance, unless the delivered area bears the repaired one out.

    A ring that crosses itself has no area of its own (its loops cancel out); what the sender measured is then the better
    witness. ``stated_m2`` is the delivered area of a position, where there is one.
    """
    rejected = {}
    for row, record in repairs.items():
        before, after = record["before_m2"], record["after_m2"]
        stated = stated_m2.get(row, float("nan"))
        small = abs(after - before) <= max(tolerances.repair_m2, tolerances.repair_share * before)
        borne_out = abs(after - stated) <= max(tolerances.mismatch_share * after, tolerances.mismatch_mu * M2_PER_MU)
        if not small and not borne_out:
            details = {"reason": record.get("reason", ""), "before_m2": round(before, 2), "after_m2": round(after, 2)}
            rejected[row] = Message("intake.repair_too_large", details)
    return rejected


def _record(code: str, before: object, after: object) -> dict[str, object]:
    """What was done: areas by the coordinates alone (also of shapes that are not valid), scaled to m² at the shape's middle."""
    scale = square_degree(shapely.get_coordinates(before)[:, 1].mean())
    return {
        "code": code,
        "before_m2": float(shapely.area(before) * scale),
        "after_m2": float(shapely.area(after) * scale),
        "original": shapely.to_wkb(before, hex=True),
        "repaired": shapely.to_wkb(after, hex=True),
    }


def square_degree(latitude: Any) -> Any:
    """m² of a square degree at a latitude on the CGCS2000 ellipsoid (for comparisons and tolerances, not for results)."""
    phi = np.radians(latitude)
    e2 = 0.00669438002290
    w = 1 - e2 * np.sin(phi) ** 2
    meridian = 6378137.0 * (1 - e2) / w**1.5
    parallel = 6378137.0 * np.cos(phi) / np.sqrt(w)
    return meridian * parallel * (np.pi / 180) ** 2


@dataclass(frozen=True)
class Measured:
    """Official ellipsoidal area, area in the plane of the parcel's own zone (both m²), the zone, and the centroid (degrees)."""

    area_m2: NDArray[np.float64]
    projected_m2: NDArray[np.float64]
    zone: NDArray[np.int64]
    centre: NDArray[np.float64]

    def of(self, chosen: NDArray[np.bool_]) -> Measured:
        return Measured(self.area_m2[chosen], self.projected_m2[chosen], self.zone[chosen], self.centre[chosen])


def measure(geometries: Geometries) -> Measured:
    """Measure shapes in EPSG:4490, some thousands at a time."""
    total = len(geometries)
    area, projected, zone = np.zeros(total), np.zeros(total), np.zeros(total, dtype=np.int64)
    centre = np.zeros((total, 2))

    def measure_some(some: slice) -> None:
        area[some] = ellipsoidal_area(geometries[some])
        centre[some] = shapely.get_coordinates(shapely.centroid(geometries[some]))
        projected[some], zone[some] = _projected(centre[some], area[some])

    in_chunks(measure_some, total)
    return Measured(area, projected, zone, centre)


def in_chunks(work: Callable[[slice], None], total: int) -> None:
    """Do ``work`` on slices of some thousands, on a few threads (numpy and GEOS let go of the interpreter meanwhile)."""
    slices = [slice(start, start + _CHUNK) for start in range(0, total, _CHUNK)]
    if len(slices) < 2:
        for some in slices:
            work(some)
        return
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        for _ in pool.map(work, slices):
            pass


def _all_valid(geometries: Geometries) -> NDArray[np.bool_]:
    valid = np.zeros(len(geometries), dtype=bool)

    def check_some(some: slice) -> None:
        valid[some] = shapely.is_valid(geometries[some])

    in_chunks(check_some, len(geometries))
    return valid


def _projected(centre: NDArray[np.float64], area: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Plane area in the parcel's own 3-degree zone: the ellipsoidal area by the scale at the centroid.

    Agrees with projecting every vertex to about 1e-6 of the area (0.01 m² per hectare) at a fraction of the time.
    """
    zone = zone_of(centre[:, 0])
    x, y = forward(centre[:, 0], centre[:, 1], 3.0 * zone)
    return area / areal_scale(x, y), zone
