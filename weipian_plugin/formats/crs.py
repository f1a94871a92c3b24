"""Which coordinate system a file is in: the ``.prj`` is a claim, the coordinates and the county are the evidence.

A missing ``.prj`` never becomes degrees by default; an old datum is never moved to CGCS2000 without parameters.
EPSG codes: 3-degree zones 25–45 and 6-degree zones 13–23 of CGCS2000, Xian 1980 and Beijing 1954 (``facts`` in docs/rules.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from ..geodesy.extents import Extent, nation
from ..model.errors import WeipianError
from ..model.messages import Message
from ..model.records import STORED_CRS

#: First EPSG codes of the families: 3-degree with prefix (zone 25), 3-degree by meridian (75E), 6-degree with prefix (13), by meridian (75E).
_DATUMS = {
    "CGCS2000": (4513, 4534, 4491, 4502),
    "Xian 1980": (2349, 2370, 2327, 2338),
    "Beijing 1954": (2401, 2422, 21413, 21453),
}
_GEOGRAPHIC = {"CGCS2000": 4490, "Xian 1980": 4610, "Beijing 1954": 4214}
_INSIDE = 0.9
#: A declared system is believed when most features make sense in it; the others are then refused one by one.
_MOST = 0.5
_FAR = (np.nan, np.nan)


@dataclass(frozen=True)
class CrsCandidate:
    """A system that the coordinates could be in. ``inside`` is the share of features that would lie in the expected extent."""

    crs: str
    swapped: bool
    inside: float
    reason: Message


@dataclass(frozen=True)
class CrsDecision:
    """The system taken. ``swapped``: the file has latitude or northing first. ``certain``: no assumption was needed."""

    crs: Any  # pyproj.CRS
    swapped: bool
    certain: bool
    reason: Message
    candidates: tuple[CrsCandidate, ...] = ()

    @property
    def name(self) -> str:
        return crs_text(self.crs)


def crs_text(crs: Any) -> str:
    """``EPSG:n`` where the system is one, else its name."""
    return _authority(crs) or str(crs.name)


@lru_cache(maxsize=64)
def _authority(crs: Any) -> str:
    found = crs.to_authority(min_confidence=25)
    return f"{found[0]}:{found[1]}" if found else ""


def parse_crs(text: str) -> Any:
    """A pyproj CRS of an EPSG code, WKT or PROJ text; raises ``intake.crs_unreadable``."""
    try:
        return _parsed(text.strip().strip("\ufeff"))
    except CRSError as error:
        raise WeipianError("intake.crs_unreadable", crs=text[:80], reason=str(error)[:200]) from error


@lru_cache(maxsize=64)
def _parsed(text: str) -> Any:
    return CRS.from_user_input(text)


@lru_cache(maxsize=256)
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(CRS.from_user_input(source), CRS.from_user_input(target), always_xy=True)


def transformed(transformer: Transformer, x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[Any, Any]:
    """Arrays moved by pyproj; a single point goes as two, because pyproj takes an array of one for a number."""
    if len(x) != 1:
        first, second = transformer.transform(x, y)
        return first, second
    first, second = transformer.transform(np.repeat(x, 2), np.repeat(y, 2))
    return first[:1], second[:1]


def is_cgcs2000(crs: Any) -> bool:
    """Whether the datum is China Geodetic Coordinate System 2000 (by ellipsoid and name)."""
    name = str(crs.datum.name if crs.datum else "").lower().replace("_", " ")
    return (
        "china 2000" in name or "cgcs2000" in name.replace(" ", "") or "china geodetic coordinate system 2000" in name
    )


def is_near_cgcs2000(crs: Any) -> bool:
    """Whether no datum shift is needed at cadastral scale: CGCS2000 itself, WGS 84 and ITRF agree within decimetres.

    Told by the ellipsoid: Beijing 1954 is on Krassowsky's, Xian 1980 on IAG 1975.
    """
    if crs.is_bound and any(crs.coordinate_operation.towgs84):
        return False
    ellipsoid = crs.ellipsoid
    return (
        ellipsoid is not None
        and abs(ellipsoid.semi_major_metre - 6378137.0) < 0.01
        and abs(ellipsoid.inverse_flattening - 298.2572) < 0.001
    )


def to_lon_lat(x: NDArray[np.float64], y: NDArray[np.float64], crs: Any, swapped: bool = False) -> NDArray[np.float64]:
    """Coordinates in ``crs`` as longitude/latitude of EPSG:4490, shape (n, 2); what cannot be placed becomes NaN."""
    if swapped:
        x, y = y, x
    try:
        lon, lat = transformed(_transformer(crs.to_wkt() if hasattr(crs, "to_wkt") else crs, STORED_CRS), x, y)
    except ProjError:
        return np.full((len(x), 2), np.nan)
    result = np.column_stack([lon, lat]).astype(np.float64)
    result[~np.isfinite(result).all(axis=1)] = _FAR
    return result


def to_stored(geometries: Any, crs: Any, swapped: bool = False, shift: str | None = None) -> Any:
    """Geometries moved to EPSG:4490 (longitude first).

    ``shift`` is a ``towgs84`` parameter text (three or seven numbers) for an old datum; without it an old datum
    raises ``intake.datum_shift_unknown``, because PROJ would silently keep the coordinates (an error of up to 150 m).
    """
    if crs.is_geographic and is_near_cgcs2000(crs):
        return shapely.transform(geometries, lambda xy: xy[:, ::-1]) if swapped else geometries
    first, second = (1, 0) if swapped else (0, 1)
    try:
        steps = _steps(crs, shift)
    except ProjError as error:  # a system that PROJ knows but has no way out of, such as a local or a vertical one
        raise WeipianError("intake.crs_unreadable", crs=crs_text(crs), reason=str(error)[:200]) from error

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = xy[:, first], xy[:, second]
        for step in steps:
            x, y = transformed(step, x, y)
        return np.column_stack([x, y])

    return shapely.transform(geometries, move)


def _steps(crs: Any, shift: str | None) -> list[Transformer]:
    """The way to EPSG:4490. For an old datum: to its own degrees, then over geocentric coordinates with the parameters.

    Written out, because PROJ applies ``towgs84`` only towards WGS 84 and drops it silently towards CGCS2000. The rotations
    are those of the position vector method (EPSG:9606), as in ``towgs84``.
    """
    if is_near_cgcs2000(crs):
        return [_transformer((crs.source_crs if crs.is_bound else crs).to_wkt(), STORED_CRS)]
    numbers = list(crs.coordinate_operation.towgs84) if crs.is_bound else _parameters(crs, shift)
    own = crs.source_crs if crs.is_bound else crs
    degrees = own.geodetic_crs
    dx, dy, dz, rx, ry, rz, scale = [*numbers, 0.0, 0.0, 0.0, 0.0][:7]
    pipeline = (
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
        f"+step +proj=cart +a={degrees.ellipsoid.semi_major_metre} +rf={degrees.ellipsoid.inverse_flattening} "
        f"+step +proj=helmert +x={dx} +y={dy} +z={dz} +rx={rx} +ry={ry} +rz={rz} +s={scale} +convention=position_vector "
        "+step +inv +proj=cart +ellps=GRS80 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )
    return [_transformer(own.to_wkt(), degrees.to_wkt()), Transformer.from_pipeline(pipeline)]


def _parameters(crs: Any, shift: str | None) -> list[float]:
    if not shift:
        raise WeipianError("intake.datum_shift_unknown", crs=crs_text(crs))
    try:
        numbers = [float(part) for part in shift.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (3, 7):
        raise WeipianError("intake.datum_shift_unreadable", shift=shift)
    return numbers


def decide_crs(
    prj: str | None,
    centres: NDArray[np.float64],
    extent: Extent | None = None,
    chosen: str | None = None,
    places: NDArray[np.float64] | None = None,
    swapped: bool | None = None,
) -> CrsDecision:
    """Decide the system of a file from ``centres`` of its features (n, 2) as they stand in the file.

    ``extent`` is where they should lie; ``places`` are longitudes/latitudes the attributes give for the same features;
    ``swapped`` is what a person says about the order of the axes (None: found out).
    Raises ``intake.crs_contradicts`` (the ``.prj`` cannot be true), ``intake.crs_unknown`` (nothing decides; the
    candidates are in the error) and ``intake.crs_unreadable``.
    """
    centres = centres[np.isfinite(centres).all(axis=1)]
    if chosen:
        crs = parse_crs(chosen)
        order = _order(crs, centres, extent) if swapped is None else swapped
        return CrsDecision(crs, order, True, Message("intake.crs_chosen", {"crs": crs_text(crs)}))
    if not len(centres):
        crs = parse_crs(prj or STORED_CRS)
        return CrsDecision(crs, False, False, Message("intake.crs_no_coordinates", {}))
    expected = extent or nation()
    if prj:
        ordered = centres[:, ::-1] if swapped else centres
        found = _believe(parse_crs(prj), ordered, expected, lambda: _candidates(ordered, expected, places))
        return replace(found, swapped=found.swapped != bool(swapped))
    candidates = [one for one in _candidates(centres, expected, places) if swapped in (None, one.swapped)]
    return _choose(centres, expected, candidates, places)


def candidates_for(centres: NDArray[np.float64], extent: Extent | None) -> list[CrsCandidate]:
    """All systems the coordinates could be in, best first: to choose from."""
    centres = centres[np.isfinite(centres).all(axis=1)]
    return _candidates(centres, extent or nation(), None) if len(centres) else []


def _order(crs: Any, centres: NDArray[np.float64], extent: Extent | None) -> bool:
    """Whether a chosen system only makes sense with the axes exchanged."""
    where = extent or nation()
    return _inside(centres, crs, False, where) < _INSIDE <= _inside(centres, crs, True, where)


def _believe(
    crs: Any, centres: NDArray[np.float64], expected: Extent, others: Callable[[], Sequence[CrsCandidate]]
) -> CrsDecision:
    details = {"crs": crs_text(crs), "extent": expected.name}
    in_nation = _inside(centres, crs, False, nation())
    inside = _inside(centres, crs, False, expected)
    if inside >= _MOST or (in_nation >= _MOST and inside > 0):
        return CrsDecision(crs, False, True, Message("intake.crs_declared", details))
    candidates = others()
    if in_nation >= _INSIDE and not _fitting(candidates):
        return CrsDecision(crs, False, True, Message("intake.crs_declared_outside", details), tuple(candidates))
    if _inside(centres, crs, True, expected) >= _INSIDE:
        return CrsDecision(crs, True, False, Message("intake.crs_swapped", details), tuple(candidates))
    raise WeipianError(
        "intake.crs_contradicts",
        **details,
        x=_median(centres, 0),
        y=_median(centres, 1),
        candidates=_listed(candidates),
    )


def _choose(
    centres: NDArray[np.float64],
    expected: Extent,
    candidates: Sequence[CrsCandidate],
    places: NDArray[np.float64] | None,
) -> CrsDecision:
    fitting = _fitting(candidates)
    # Datums differ by some hundred metres at most: the boxes cannot tell them apart, CGCS2000 is the rule since July 2018.
    modern = [candidate for candidate in fitting if is_cgcs2000(CRS.from_user_input(candidate.crs))]
    known_place = expected.level != "nation" or places is not None
    zone_known = any(candidate.reason.code == "intake.crs_prefix" for candidate in modern)
    if len(modern) == 1 and (known_place or zone_known):
        best = modern[0]
        details = {"crs": best.crs, "extent": expected.name, "swapped": "北坐标在前" if best.swapped else "东坐标在前"}
        return CrsDecision(
            CRS.from_user_input(best.crs),
            best.swapped,
            False,
            Message("intake.crs_assumed", details),
            tuple(candidates),
        )
    raise WeipianError(
        "intake.crs_unknown",
        x=_median(centres, 0),
        y=_median(centres, 1),
        extent=expected.name,
        candidates=_listed(candidates),
    )


def _fitting(candidates: Sequence[CrsCandidate]) -> list[CrsCandidate]:
    return [candidate for candidate in candidates if candidate.inside >= _INSIDE]


def _listed(candidates: Sequence[CrsCandidate]) -> str:
    fitting = _fitting(candidates) or list(candidates)
    names = [candidate.crs + ("（坐标轴互换）" if candidate.swapped else "") for candidate in fitting[:8]]
    return "、".join(names) or "—"


def _median(centres: NDArray[np.float64], axis: int) -> float:
    return round(float(np.median(centres[:, axis])), 4)


def _inside(centres: NDArray[np.float64], crs: Any, swapped: bool, extent: Extent) -> float:
    points = to_lon_lat(centres[:, 0], centres[:, 1], crs, swapped)
    west, south, east, north = extent.box
    held = (points[:, 0] >= west) & (points[:, 0] <= east) & (points[:, 1] >= south) & (points[:, 1] <= north)
    return float(held.mean())


def _candidates(
    centres: NDArray[np.float64], expected: Extent, places: NDArray[np.float64] | None
) -> list[CrsCandidate]:
    sample = centres[:: max(1, len(centres) // 500)]
    told = None if places is None else places[:: max(1, len(centres) // 500)][: len(sample)]
    found = []
    for swapped in (False, True):
        middle = np.median(sample[:, ::-1] if swapped else sample, axis=0)
        for code, reason in _possible(float(middle[0]), float(middle[1])):
            crs = _parsed(f"EPSG:{code}")
            inside = _inside(sample, crs, swapped, expected)
            if inside and told is not None:
                inside = _agree(sample, crs, swapped, told)
            found.append(CrsCandidate(f"EPSG:{code}", swapped, inside, reason))
    return sorted(found, key=lambda candidate: -candidate.inside)


def _agree(sample: NDArray[np.float64], crs: Any, swapped: bool, places: NDArray[np.float64]) -> float:
    points = to_lon_lat(sample[:, 0], sample[:, 1], crs, swapped)
    near = np.abs(points - places).max(axis=1) < 0.05
    known = np.isfinite(places).all(axis=1)
    return float(near[known].mean()) if known.any() else 1.0


def _possible(x: float, y: float) -> list[tuple[int, Message]]:
    """Systems in which a point with easting (or longitude) ``x`` and northing (or latitude) ``y`` could lie in China."""
    west, south, east, north = nation().box
    if west <= x <= east and south <= y <= north:
        reason = Message("intake.crs_degrees", {"x": round(x, 4), "y": round(y, 4)})
        return [(code, reason) for code in _GEOGRAPHIC.values()]
    if not 3e5 <= y <= 6.2e6:
        return []
    prefix, within = int(x // 1e6), x % 1e6
    if 13 <= prefix <= 45 and 1.4e5 <= within <= 8.6e5:
        reason = Message("intake.crs_prefix", {"prefix": prefix, "x": round(x, 1)})
        if prefix >= 25:
            return [(first[0] + prefix - 25, reason) for first in _DATUMS.values()]
        return [(first[2] + prefix - 13, reason) for first in _DATUMS.values() if prefix <= 23]
    if 1.4e5 <= x <= 8.6e5:
        reason = Message("intake.crs_no_prefix", {"x": round(x, 1)})
        three = [(first[1] + zone, reason) for zone in range(21) for first in _DATUMS.values()]
        six = [(first[3] + zone, reason) for zone in range(11) for first in _DATUMS.values()]
        return three + (six if not 3.4e5 <= x <= 6.6e5 else [])
    return []
