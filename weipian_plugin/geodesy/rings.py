"""The rings of many polygons as flat arrays, so that sums over edges need no Python loop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from ..model.errors import WeipianError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Rings:
    """``coordinates`` (n, 2); ring k is ``offsets[k]:offsets[k + 1]``, belongs to geometry ``owner[k]`` and counts
    with ``sign[k]`` (+1 shell, -1 hole); ``count`` geometries in all."""

    coordinates: Floats
    offsets: Integers
    owner: Integers
    sign: Floats
    count: int

    def sum_edges(self, edges: Floats) -> Floats:
        """Sum |Σ edges of a ring| with the ring's sign, per geometry.

        ``edges[k]`` belongs to the step from coordinate k to k + 1 (n - 1 values); the steps from one ring to the next
        are set to zero here.
        """
        if not len(self.owner):
            return np.zeros(self.count)
        edges[self.offsets[1:-1] - 1] = 0.0
        of_ring = np.add.reduceat(edges, self.offsets[:-1])
        sums = np.bincount(self.owner, self.sign * np.abs(of_ring), self.count).astype(np.float64)
        return sums

    def first_of_ring(self) -> Integers:
        """For each coordinate the index of its ring's first one: a local origin, against cancellation."""
        return np.repeat(self.offsets[:-1], np.diff(self.offsets))


def rings_of(geometries: object) -> Rings:
    """Rings of polygons and multipolygons; None and empty geometry has none.

    :raises WeipianError: ``geodesy.not_polygon`` for points, lines and collections.
    """
    wanted: Geometries = np.asarray(geometries, dtype=object).reshape(-1)
    parts, owner = wanted, np.arange(len(wanted))
    if (shapely.get_type_id(wanted) != 3).any():
        parts, owner = shapely.get_parts(wanted, return_index=True)
    kinds = shapely.get_type_id(parts)
    if len(parts) and (kinds != 3).any():
        first = int(np.flatnonzero(kinds != 3)[0])
        raise WeipianError("geodesy.not_polygon", feature=int(owner[first]), kind=parts[first].geom_type)
    filled = ~shapely.is_empty(parts)
    parts, owner = parts[filled], owner[filled]
    if not len(parts):
        none = np.zeros(0, np.int64)
        return Rings(np.zeros((0, 2)), np.zeros(1, np.int64), none, np.zeros(0), len(wanted))
    _, coordinates, (ring_offsets, part_offsets) = shapely.to_ragged_array(
        shapely.force_2d(parts) if shapely.has_z(parts).any() else parts
    )
    rings_per_part = np.diff(part_offsets)
    sign = np.full(len(ring_offsets) - 1, -1.0)
    sign[part_offsets[:-1]] = 1.0
    return Rings(
        np.asarray(coordinates, np.float64),
        np.asarray(ring_offsets, np.int64),
        np.repeat(owner, rings_per_part).astype(np.int64),
        sign,
        len(wanted),
    )
