"""Widths, compactness and elongation of polygons in the plane (m)."""
from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]

_JAGS = 0.25  # m: zigzags below are not counted as length of the border


def greatest_width(polygons: Any) -> Floats:
    """Diameter of the largest circle that fits into each polygon: nowhere is it wider. Of a multipolygon, its widest part.

    Found to 2 % of the mean width (0.02 m at least), never too wide.
    """
    wanted = np.asarray(polygons, dtype=object).reshape(-1)
    parts, owner = shapely.get_parts(wanted, return_index=True)
    widths = np.zeros(len(wanted))
    area, border = shapely.area(parts), shapely.length(parts)
    mean = np.divide(2 * area, border, out=np.zeros(len(parts)), where=border > 0)
    # The circle's diameter is at least 2A/P and at most that of a disc of the same area: clearly smaller parts are skipped.
    best = np.zeros(len(wanted))
    np.maximum.at(best, owner, mean)
    some = np.flatnonzero((area > 0) & (2 * np.sqrt(area / np.pi) >= best[owner]))
    if len(some):
        boxes = shapely.bounds(parts[some])
        usual = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) / 1000
        circles = shapely.maximum_inscribed_circle(parts[some], np.maximum(np.minimum(usual, mean[some] / 50), 0.02))
        np.maximum.at(widths, owner[some], 2 * shapely.length(circles))
    return widths


def compactness(polygons: Any) -> Floats:
    """4πA/P² of each polygon's largest part: 1 for a circle, near 0 for a thread."""
    wanted = np.asarray(polygons, dtype=object).reshape(-1)
    parts, owner = shapely.get_parts(wanted, return_index=True)
    area, border = shapely.area(parts), shapely.length(parts)
    value = np.divide(4 * np.pi * area, border**2, out=np.zeros(len(parts)), where=border > 0)
    result = np.zeros(len(wanted))
    order = np.argsort(area, kind="stable")  # the largest part is written last
    result[owner[order]] = value[order]
    return result


def strip(polygons: Any) -> tuple[Floats, Floats]:
    """Mean width along the axis and length : width of each polygon taken as a strip, straight or curved.

    The strip of the same area A and border P has width w and length l with A = wl and P = 2(w + l); where no strip has
    (a compact shape), the smallest rectangle around it decides. Zigzags under 0.25 m are smoothed first, because they
    lengthen the border and would make a strip look narrower.
    """
    wanted = np.asarray(polygons, dtype=object).reshape(-1)
    smooth = shapely.simplify(wanted, _JAGS)
    half, area = shapely.length(smooth) / 2, shapely.area(wanted)
    root = half**2 - 4 * area
    with np.errstate(divide="ignore", invalid="ignore"):
        width = np.where(root > 0, (half - np.sqrt(np.maximum(root, 0))) / 2, np.sqrt(area))
        length = np.where(root > 0, (half + np.sqrt(np.maximum(root, 0))) / 2, np.sqrt(area))
    compact = np.flatnonzero(length < 4 * width)
    if len(compact):
        corners, owner = shapely.get_coordinates(shapely.oriented_envelope(wanted[compact]), return_index=True)
        sides = _rectangle_sides(corners, owner, len(compact))
        length[compact] = sides.max(axis=1)
        width[compact] = np.divide(area[compact], length[compact], out=np.zeros(len(compact)), where=length[compact] > 0)
    ratio = np.divide(length, width, out=np.ones(len(wanted)), where=width > 0)
    return width, ratio


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
