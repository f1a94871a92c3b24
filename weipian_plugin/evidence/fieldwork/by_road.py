"""How far parcels are apart along roads: to the nearest road, along it, and from it to the other parcel.

A way that no road joins is taken as a straight line with a detour. Widths, directions and gates are not known: it is a proposal.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

#: Road ends that are nearer to each other than this are one place: drawn lines seldom meet to the centimetre (assumed).
_MEETING_M = 5.0
#: How much longer than the straight line a way is where no road of the layer joins two parcels (assumed).
DETOUR = 1.5
_Place = tuple[int, int]


class Roads:
    """``lines``: in the metres of the caller's plane; parts that only cross are joined where they cross."""

    def __init__(self, lines: Sequence[Any]) -> None:
        whole = shapely.union_all(shapely.get_parts(np.asarray(lines, dtype=object)))
        parts = shapely.get_parts(shapely.line_merge(whole))
        self._lines = parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING]
        self._lengths = shapely.length(self._lines)
        self._ends = [(_place(line.coords[0]), _place(line.coords[-1])) for line in self._lines]
        self._ways: dict[_Place, list[tuple[_Place, float]]] = {}
        for (first, last), length in zip(self._ends, self._lengths.tolist()):
            self._ways.setdefault(first, []).append((last, length))
            self._ways.setdefault(last, []).append((first, length))

    def apart(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, n) metres between ``points`` (n, 2), both ways the same, never shorter than the straight line."""
        straight: NDArray[np.float64] = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
        if not len(self._lines):
            return np.asarray(straight * DETOUR)
        places = shapely.points(points)
        nearest = shapely.STRtree(self._lines).nearest(places)
        along = shapely.line_locate_point(self._lines[nearest], places)
        access = shapely.distance(self._lines[nearest], places)
        found = np.full(straight.shape, np.inf)
        for here in range(len(points)):
            length = self._lengths[nearest[here]]
            first, last = self._ends[nearest[here]]
            far = self._from({first: along[here], last: length - along[here]})
            ends = [self._ends[line] for line in nearest]
            over_first = np.array([far.get(end[0], np.inf) for end in ends]) + along
            over_last = np.array([far.get(end[1], np.inf) for end in ends]) + self._lengths[nearest] - along
            same = np.where(nearest == nearest[here], np.abs(along - along[here]), np.inf)
            found[here] = access[here] + np.minimum(np.minimum(over_first, over_last), same) + access
        found = np.minimum(found, found.T)
        whole: NDArray[np.float64] = np.where(np.isfinite(found), np.maximum(found, straight), straight * DETOUR)
        np.fill_diagonal(whole, 0.0)
        return whole

    def _from(self, start: dict[_Place, float]) -> dict[_Place, float]:
        """The shortest way (Dijkstra) from where one gets onto the roads to every place they join."""
        found: dict[_Place, float] = {}
        open_places = [(float(length), place) for place, length in start.items()]
        heapq.heapify(open_places)
        while open_places:
            length, place = heapq.heappop(open_places)
            if place in found:
                continue
            found[place] = length
            for other, more in self._ways.get(place, ()):
                if other not in found:
                    heapq.heappush(open_places, (length + more, other))
        return found


def _place(coordinate: Sequence[float]) -> _Place:
    return round(coordinate[0] / _MEETING_M), round(coordinate[1] / _MEETING_M)
