"""A visiting order (核查顺序): short on the whole, found in moments for a day's parcels.

Distances are straight lines on the ground (equirectangular at the mean latitude, good to 1 % within a county). The order starts with the
nearest neighbour of the start and is improved by 2-opt until no exchange shortens it. Roads are not followed: a village behind a river
may come too early, so the order is a proposal that the verifier may leave.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...geodesy.ellipsoid import METRES_PER_DEGREE

_ROUNDS = 30
_MOST_IMPROVED = 400  # parcels; beyond a day's work the nearest neighbour must do


def visiting_order(lon: Any, lat: Any, start: tuple[float, float] | None = None) -> NDArray[np.int64]:
    """Positions (n,) in the order of the visit. ``lon``, ``lat``: (n,) degrees; ``start``: degrees, else the north-western most parcel."""
    points = _metres(np.asarray(lon, float), np.asarray(lat, float), start)
    count = len(points)
    if count < 3:
        return np.arange(count, dtype=np.int64)
    first = int(np.argmin(np.hypot(*points.T))) if start is not None else int(np.argmin(points[:, 0] - points[:, 1]))
    order = _nearest_neighbours(points, first)
    return _two_opt(points, order) if count <= _MOST_IMPROVED else order


def length_m(lon: Any, lat: Any, order: NDArray[np.int64]) -> float:
    """Length of the way through the parcels in ``order``, metres in straight lines."""
    points = _metres(np.asarray(lon, float), np.asarray(lat, float), None)[order]
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def _metres(
    lon: NDArray[np.float64], lat: NDArray[np.float64], start: tuple[float, float] | None
) -> NDArray[np.float64]:
    """(n, 2) metres east and north of ``start`` (of the mean place where there is none)."""
    if not len(lon):
        return np.empty((0, 2))
    x0, y0 = start if start is not None else (float(lon.mean()), float(lat.mean()))
    east = (lon - x0) * METRES_PER_DEGREE * np.cos(np.radians(lat.mean()))
    return np.column_stack([east, (lat - y0) * METRES_PER_DEGREE])


def _nearest_neighbours(points: NDArray[np.float64], first: int) -> NDArray[np.int64]:
    left = np.ones(len(points), bool)
    order = [first]
    left[first] = False
    while left.any():
        open_ones = np.flatnonzero(left)
        distances = np.hypot(*(points[open_ones] - points[order[-1]]).T)
        order.append(int(open_ones[np.argmin(distances)]))
        left[order[-1]] = False
    return np.asarray(order, np.int64)


def _two_opt(points: NDArray[np.float64], order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Turn round stretches of the way while that makes it shorter; the first parcel stays first."""
    for _ in range(_ROUNDS):
        improved = False
        for i in range(1, len(order) - 1):
            way = points[order]
            later = np.arange(i + 1, len(order))
            before, here = way[i - 1], way[i]
            gain = _lengths(before - here) - _lengths(before - way[later])
            follows = np.minimum(later + 1, len(order) - 1)
            open_end = later + 1 == len(order)
            gain = gain + np.where(open_end, 0.0, _lengths(way[later] - way[follows]) - _lengths(here - way[follows]))
            best = int(np.argmax(gain))
            if gain[best] > 1e-6:
                j = int(later[best])
                order[i : j + 1] = order[i : j + 1][::-1]
                improved = True
        if not improved:
            break
    return order


def _lengths(vectors: NDArray[np.float64]) -> Any:
    return np.hypot(vectors[..., 0], vectors[..., 1])
