"""Widths, compactness and elongation of polygons in the plane (m)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Geometries = npt.NDArray[np.object_]

_WAVES = 8  # of parts of multipolygons; what is left then is measured at once
_FINEST = 0.02  # m: how exactly a width is found at best,
_ROUGH = 0.05  # m: and where it is surely below
_THREAD = 0.9  # m: narrower than any sliver (边角) has to be
_POLYGON = 3
_JAGS = 0.25  # m: zigzags below are not counted as length of the border


def greatest_width(polygons: object, tolerance: float = 0.02) -> Floats:
    """Diameter of the largest circle that fits into each polygon: nowhere is it wider. Of a multipolygon, its widest part.

    Found to ``tolerance`` of the mean width (0.02 m at least, 0.05 m for what is nowhere 0.9 m wide), never too wide.
    """
    wanted = np.asarray(polygons, dtype=object).reshape(-1)
    parts, owner = _parts(wanted)
    widths = np.zeros(len(wanted))
    area, border = shapely.area(parts), shapely.length(parts)
    mean = np.divide(2 * area, border, out=np.zeros(len(parts)), where=border > 0)
    most = 2 * np.sqrt(area / np.pi)  # no circle in a part is wider than the disc of its area,
    several = np.flatnonzero((np.bincount(owner, minlength=len(wanted)) > 1)[owner] & (area > 0))
    if len(several):
        most[several] = np.minimum(most[several], _across(parts[several]))  # nor than the rectangle around it
    # The part that may be the widest first; then the next, while it may still be wider.
    left = np.lexsort((-most, owner))
    left = left[area[left] > 0]
    for wave in range(_WAVES):
        chosen = left if wave == _WAVES - 1 else left[np.flatnonzero(np.diff(owner[left], prepend=-1))]
        np.maximum.at(widths, owner[chosen], _circle(parts[chosen], mean[chosen] * tolerance))
        done = np.zeros(len(parts), bool)
        done[chosen] = True
        left = left[~done[left] & (most[left] > widths[owner[left]])]
        if not len(left):
            break
    return widths


@dataclass
class Widths:
    """Greatest widths of the polygons of a batch: a polygon that comes back (the rest of a parcel is a part of it, too) is
    measured once."""

    _known: dict[int, tuple[object, float]] = field(default_factory=dict)

    def of(self, polygons: Any) -> Floats:
        """The same as :func:`greatest_width`."""
        names = [id(polygon) for polygon in polygons]
        new = [index for index, name in enumerate(names) if name not in self._known]
        # The polygon is kept beside its width, so that its id stays its own.
        for index, width in zip(new, greatest_width(polygons[new]).tolist()):
            self._known[names[index]] = (polygons[index], width)
        return np.array([self._known[name][1] for name in names], np.float64)


def is_narrow(polygons: object, width: float) -> npt.NDArray[np.bool_]:
    """Whether each polygon is nowhere as wide as ``width``: taken in by half of it from all sides, nothing is left."""
    wanted = np.asarray(polygons, dtype=object).reshape(-1)
    parts, owner = _parts(wanted)
    area, border = shapely.area(parts), shapely.length(parts)
    # At least 2A/P wide, at most as wide as a disc of the same area: the rest must be tried.
    wide = 2 * area >= width * border
    some = np.flatnonzero(~wide & (4 * area / np.pi >= width**2))
    wide[some] = ~shapely.is_empty(shapely.buffer(parts[some], -width / 2, quad_segs=4))
    narrow = np.ones(len(wanted), bool)
    narrow[owner[wide]] = False
    return narrow


def _circle(polygons: Any, tolerance: Floats) -> Floats:
    """Diameters; a thread is looked at roughly first and again only if it may be as wide as :data:`_THREAD` after all."""
    if not len(polygons):
        return np.zeros(0)
    thin = tolerance < _FINEST / 2
    tolerance = np.maximum(tolerance, _FINEST)
    diameter: Floats = 2 * shapely.length(shapely.maximum_inscribed_circle(polygons, np.where(thin, _ROUGH, tolerance)))
    again = np.flatnonzero(thin & (diameter + 2 * _ROUGH > _THREAD))
    diameter[again] = 2 * shapely.length(shapely.maximum_inscribed_circle(polygons[again], tolerance[again]))
    return diameter


def _parts(polygons: Geometries) -> tuple[Geometries, npt.NDArray[np.int64]]:
    """Parts of multipolygons, polygons as they are, and whose they are; in any order."""
    single = shapely.get_type_id(polygons) == _POLYGON
    if single.all():
        return polygons, np.arange(len(polygons))
    parts, owner = shapely.get_parts(polygons[~single], return_index=True)
    return np.concatenate([polygons[single], parts]), np.concatenate(
        [np.flatnonzero(single), np.flatnonzero(~single)[owner]]
    )


def _across(polygons: Any) -> Floats:
    """Short side of the smallest rectangle around each polygon: no circle inside is wider."""
    corners, owner = shapely.get_coordinates(shapely.oriented_envelope(polygons), return_index=True)
    short: Floats = _rectangle_sides(corners, owner, len(polygons)).min(axis=1)
    return short


def compactness(polygons: object) -> Floats:
    """4πA/P² of each polygon's largest part: 1 for a circle, near 0 for a thread."""
    wanted = np.asarray(polygons, dtype=object).reshape(-1)
    parts, owner = _parts(wanted)
    area, border = shapely.area(parts), shapely.length(parts)
    value = np.divide(4 * np.pi * area, border**2, out=np.zeros(len(parts)), where=border > 0)
    result = np.zeros(len(wanted))
    order = np.argsort(area, kind="stable")  # the largest part is written last
    result[owner[order]] = value[order]
    return result


def strip(polygons: object) -> tuple[Floats, Floats, Floats]:
    """Mean width along the axis, length : width, and width across of each polygon taken as a strip, straight or curved.

    The strip of the same area A and border P has width w and length l with A = wl and P = 2(w + l); where no strip has
    (a compact shape), the smallest rectangle around it decides. Zigzags under 0.25 m are smoothed first, because they
    lengthen the border and would make a strip look narrower. The width across is the rectangle's short side; NaN for a
    strip, which may bend: there :func:`greatest_width` says how wide it gets.
    """
    wanted = np.asarray(polygons, dtype=object).reshape(-1)
    smooth = shapely.simplify(wanted, _JAGS)
    half, area = shapely.length(smooth) / 2, shapely.area(wanted)
    root = half**2 - 4 * area
    with np.errstate(divide="ignore", invalid="ignore"):
        width = np.where(root > 0, (half - np.sqrt(np.maximum(root, 0))) / 2, np.sqrt(area))
        length = np.where(root > 0, (half + np.sqrt(np.maximum(root, 0))) / 2, np.sqrt(area))
    across = np.full(len(wanted), np.nan)
    compact = np.flatnonzero(length < 4 * width)
    if len(compact):
        corners, owner = shapely.get_coordinates(shapely.oriented_envelope(wanted[compact]), return_index=True)
        sides = _rectangle_sides(corners, owner, len(compact))
        length[compact], across[compact] = sides.max(axis=1), sides.min(axis=1)
        width[compact] = np.divide(
            area[compact], length[compact], out=np.zeros(len(compact)), where=length[compact] > 0
        )
    ratio = np.divide(length, width, out=np.ones(len(wanted)), where=width > 0)
    return width, ratio, across


def _rectangle_sides(coordinates: Floats, owner: Any, count: int) -> Floats:
    """Two neighbouring sides of each rectangle; a degenerate one has its length and zero."""
    sides = np.zeros((count, 2))
    begin = np.searchsorted(owner, np.arange(count))
    size = np.bincount(owner, minlength=count)
    for k in range(2):
        has = np.flatnonzero(size > k + 1)
        step = coordinates[begin[has] + k + 1] - coordinates[begin[has] + k]
        sides[has, k] = np.hypot(step[:, 0], step[:, 1])
    return sides
