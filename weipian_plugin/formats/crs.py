"""Which coordinate system a file is in: the ``.prj`` is a claim, the coordinates and the county are the evidence.

A missing ``.prj`` never becomes degrees by default; an old datum is never moved to CGCS2000 without parameters.
EPSG codes: 3-degree zones 25–45 and 6-degree zones 13–23 of CGCS2000, Xian 1980 and Beijing 1954 (``facts`` in docs/rules.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..geodesy.extents import Extent, nation
from ..model.errors import WeipianError
from ..model.messages import Message
from ..model.records import STORED_CRS
from .systems import code_of, crs_text, is_cgcs2000, is_near_cgcs2000, parse_crs, to_lon_lat, to_stored

__all__ = [
    "CrsCandidate", "CrsDecision", "candidates_for", "code_of", "crs_text", "decide_crs", "is_cgcs2000", "is_near_cgcs2000",
    "parse_crs", "to_lon_lat", "to_stored",
]  # fmt: skip

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
        """``EPSG:n`` where the system is that one, else the name that the file gives it."""
        return crs_text(self.crs)

    @property
    def code(self) -> str:
        """``EPSG:n`` or "" for a system of its own: whoever computes by a code asks here and takes :attr:`crs` without one."""
        return code_of(self.crs)


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
        result = _believe(parse_crs(prj), ordered, expected, lambda: _candidates(ordered, expected, places))
        return replace(result, swapped=result.swapped != bool(swapped))
    candidates = [one for one in _candidates(centres, expected, places) if swapped in (None, one.swapped)]
    return _choose(centres, expected, candidates, places)


def candidates_for(centres: NDArray[np.float64], extent: Extent | None) -> list[CrsCandidate]:
    """All systems the coordinates could be in, best first: to choose from."""
    centres = centres[np.isfinite(centres).all(axis=1)]
    return _candidates(centres, extent or nation(), None) if len(centres) else []


def _order(crs: object, centres: NDArray[np.float64], extent: Extent | None) -> bool:
    """Whether a chosen system only makes sense with the axes exchanged."""
    where = extent or nation()
    return _inside(centres, crs, False, where) < _INSIDE <= _inside(centres, crs, True, where)


def _believe(
    crs: object, centres: NDArray[np.float64], expected: Extent, others: Callable[[], Sequence[CrsCandidate]]
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
    # Datums differ by some hundred metres at most: the boxes cannot distinguish them, CGCS2000 is the rule since July 2018.
    modern = [candidate for candidate in fitting if is_cgcs2000(parse_crs(candidate.crs))]
    known_place = expected.level != "nation" or places is not None
    zone_known = any(candidate.reason.code == "intake.crs_prefix" for candidate in modern)
    if len(modern) == 1 and (known_place or zone_known):
        best = modern[0]
        details = {"crs": best.crs, "extent": expected.name, "swapped": "北坐标在前" if best.swapped else "东坐标在前"}
        return CrsDecision(
            parse_crs(best.crs),
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


def _inside(centres: NDArray[np.float64], crs: object, swapped: bool, extent: Extent) -> float:
    points = to_lon_lat(centres[:, 0], centres[:, 1], crs, swapped)
    west, south, east, north = extent.box
    held = (points[:, 0] >= west) & (points[:, 0] <= east) & (points[:, 1] >= south) & (points[:, 1] <= north)
    return float(held.mean())


def _candidates(
    centres: NDArray[np.float64], expected: Extent, places: NDArray[np.float64] | None
) -> list[CrsCandidate]:
    sample = centres[:: max(1, len(centres) // 500)]
    stated = None if places is None else places[:: max(1, len(centres) // 500)][: len(sample)]
    result = []
    for swapped in (False, True):
        middle = np.median(sample[:, ::-1] if swapped else sample, axis=0)
        for code, reason in _possible(float(middle[0]), float(middle[1])):
            crs = parse_crs(f"EPSG:{code}")
            inside = _inside(sample, crs, swapped, expected)
            if inside and stated is not None:
                inside = _agree(sample, crs, swapped, stated)
            result.append(CrsCandidate(f"EPSG:{code}", swapped, inside, reason))
    return sorted(result, key=lambda candidate: -candidate.inside)


def _agree(sample: NDArray[np.float64], crs: object, swapped: bool, places: NDArray[np.float64]) -> float:
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
