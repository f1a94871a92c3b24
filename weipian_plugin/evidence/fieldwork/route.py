"""A visiting order (核查顺序): short on the whole, found in moments for a day's parcels.

Distances are along the roads of the catalogue where it has lines of them (:mod:`.by_road`), else straight lines on the ground
(equirectangular at the mean latitude, good to 1 % within a county). The order starts with the nearest neighbour of the start and is improved
by 2-opt until no exchange shortens it. It is a proposal that the verifier may leave.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ...geodesy.ellipsoid import METRES_PER_DEGREE
from .by_road import Roads

_ROUNDS = 30
_MOST_IMPROVED = 400  # parcels; beyond a day's work the nearest neighbour must do


@dataclass(frozen=True)
class Visit:
    """``order``: positions (n,) of the parcels; ``way_m``: how long the way through them is; ``by_road``: whether along roads."""

    order: NDArray[np.int64]
    way_m: float
    by_road: bool


def plan_visit(lon: Any, lat: Any, roads: Sequence[Any] = (), start: tuple[float, float] | None = None) -> Visit:
    """``lon``, ``lat``: (n,) degrees; ``roads``: lines in degrees, none for straight lines; ``start``: as :func:`visiting_order`."""
    if not len(roads) or not 1 < len(lon) <= _MOST_IMPROVED:
        order = visiting_order(lon, lat, start)
        return Visit(order, length_m(lon, lat, order), False)
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    points = _metres(lon, lat, start)
    x0, y0 = start if start is not None else (float(lon.mean()), float(lat.mean()))
    scale = np.array([METRES_PER_DEGREE * np.cos(np.radians(lat.mean())), METRES_PER_DEGREE])
    lines = shapely.transform(np.asarray(roads, dtype=object), lambda xy: (xy - (x0, y0)) * scale)
    apart = Roads(lines).apart(points)
    order = _two_opt(apart, _nearest_neighbours(lambda here: apart[here], _first(points, start), len(points)))
    return Visit(order, _length(apart, order), True)


def visiting_order(lon: Any, lat: Any, start: tuple[float, float] | None = None) -> NDArray[np.int64]:
    """Positions (n,) in the order of the visit. ``lon``, ``lat``: (n,) degrees; ``start``: degrees, else the north-western most parcel."""
    points = _metres(np.asarray(lon, float), np.asarray(lat, float), start)
    count = len(points)
    if count < 3:
        return np.arange(count, dtype=np.int64)
    order = _nearest_neighbours(lambda here: _lengths(points - points[here]), _first(points, start), count)
    return _two_opt(_lengths(points[:, None] - points[None]), order) if count <= _MOST_IMPROVED else order


def _first(points: NDArray[np.float64], start: tuple[float, float] | None) -> int:
    return int(np.argmin(np.hypot(*points.T))) if start is not None else int(np.argmin(points[:, 0] - points[:, 1]))


def length_m(lon: Any, lat: Any, order: NDArray[np.int64]) -> float:
    """Length of the way through the parcels in ``order``, metres in straight lines."""
    points = _metres(np.asarray(lon, float), np.asarray(lat, float), None)[order]
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def _length(apart: NDArray[np.float64], order: NDArray[np.int64]) -> float:
    return float(apart[order[:-1], order[1:]].sum())


def _metres(
    lon: NDArray[np.float64], lat: NDArray[np.float64], start: tuple[float, float] | None
) -> NDArray[np.float64]:
    """(n, 2) metres east and north of ``start`` (of the mean place where there is none)."""
    if not len(lon):
        return np.empty((0, 2))
    x0, y0 = start if start is not None else (float(lon.mean()), float(lat.mean()))
    east = (lon - x0) * METRES_PER_DEGREE * np.cos(np.radians(lat.mean()))
    return np.column_stack([east, (lat - y0) * METRES_PER_DEGREE])


def _nearest_neighbours(distances: Callable[[int], NDArray[np.float64]], first: int, count: int) -> NDArray[np.int64]:
    """``distances``: from a parcel to all."""
    left = np.ones(count, bool)
    order = [first]
    left[first] = False
    while left.any():
        open_ones = np.flatnonzero(left)
        order.append(int(open_ones[np.argmin(distances(order[-1])[open_ones])]))
        left[order[-1]] = False
    return np.asarray(order, np.int64)


def _two_opt(apart: NDArray[np.float64], order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Turn round stretches of the way while that makes it shorter; the first parcel stays first. ``apart``: (n, n) metres."""
    for _ in range(_ROUNDS):
        improved = False
        for i in range(1, len(order) - 1):
            before, here, later = order[i - 1], order[i], order[i + 1 :]
            gain = apart[before, here] - apart[before, later]
            gain[:-1] += apart[later[:-1], later[1:]] - apart[here, later[1:]]
            best = int(np.argmax(gain))
            if gain[best] > 1e-6:
                j = i + 1 + best
                order[i : j + 1] = order[i : j + 1][::-1]
                improved = True
        if not improved:
            break
    return order


def _lengths(vectors: NDArray[np.float64]) -> Any:
    return np.hypot(vectors[..., 0], vectors[..., 1])
