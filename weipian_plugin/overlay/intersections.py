"""Pieces: what of a feature lies inside a subject. Shortcuts first, intersection only where borders cross."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
import numpy.typing as npt
import shapely

from .targets import Booleans, Floats, Geometries, Integers, Targets

LARGE = 200  # vertices: a feature above is clipped to the subject's box before it is intersected
_POLYGON, _MULTIPOLYGON = 3, 6


@dataclass(frozen=True)
class Intersections:
    """``whole``: the piece is the whole subject. ``area``: on the ellipsoid, adding up to the subject's official area."""

    subject: Integers
    feature: Integers
    geometry: Geometries
    planar: Floats
    area: Floats
    whole: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.subject)


def intersect(
    targets: Targets,
    features: Geometries,
    subject: Integers,
    feature: Integers,
    noise: float,
    covers: Optional[Booleans] = None,
) -> Intersections:
    """Pieces of the pairs (``subject``, ``feature``), which must be ordered by subject; all polygons valid.

    Pieces below ``noise`` m² are left out. ``covers``: pairs whose feature is known to hold the whole subject.
    One subject may be used by one thread only (prepared geometry).
    """
    ours, theirs = targets.geometry, features
    shapely.prepare(ours)
    known = np.zeros(len(subject), bool) if covers is None else covers
    meets = known.copy()
    meets[~known] = shapely.intersects(ours[subject[~known]], theirs[feature[~known]])
    subject, feature, known = subject[meets], feature[meets], known[meets]
    our_boxes, their_boxes = shapely.bounds(ours)[subject], shapely.bounds(theirs)[feature]
    geometry = np.empty(len(subject), object)
    inside = _tested(
        shapely.contains_properly,
        ~known[:, None] & (their_boxes[:, :2] > our_boxes[:, :2]) & (their_boxes[:, 2:] < our_boxes[:, 2:]),
        ours[subject],
        theirs[feature],
    )
    whole = known | _tested(
        shapely.covered_by,
        ~known[:, None] & (their_boxes[:, :2] <= our_boxes[:, :2]) & (their_boxes[:, 2:] >= our_boxes[:, 2:]),
        ours[subject],
        theirs[feature],
    )
    geometry[inside] = theirs[feature[inside]]
    geometry[whole] = ours[subject[whole]]
    crossing = np.flatnonzero(~inside & ~whole)
    if len(crossing):
        other = theirs[feature[crossing]]
        _clip_large(other, our_boxes[crossing])
        geometry[crossing] = polygons_only(safely(shapely.intersection, ours[subject[crossing]], other), 0.0)
    planar = shapely.area(geometry)
    keep = np.flatnonzero((planar > noise) | whole)
    subject, feature, geometry, planar, whole = subject[keep], feature[keep], geometry[keep], planar[keep], whole[keep]
    area = targets.areas(geometry, planar, subject)
    return Intersections(subject, feature, geometry, planar, area, whole)


def _tested(test: Callable[..., Any], possible: Any, left: Geometries, right: Geometries) -> Any:
    """The test where the boxes allow it at all."""
    result = np.zeros(len(left), bool)
    some = np.flatnonzero(possible.all(axis=1))
    result[some] = test(left[some], right[some])
    return result


def _clip_large(geometries: Geometries, boxes: Floats) -> None:
    """Replace features of very many vertices by what lies in the box and a metre around it, where that stays valid."""
    large = np.flatnonzero(shapely.get_num_coordinates(geometries) > LARGE)
    clipped = np.empty(len(large), object)
    for place, (shape, (west, south, east, north)) in enumerate(zip(geometries[large], boxes[large].tolist())):
        clipped[place] = shapely.clip_by_rect(shape, west - 1, south - 1, east + 1, north + 1)
    good = ~shapely.is_empty(clipped) & shapely.is_valid(clipped)
    geometries[large[good]] = clipped[good]


def safely(operation: Callable[..., Any], left: Any, right: Any) -> Geometries:
    """An overlay operation on two arrays; where GEOS gives up in floating point, that pair is done on a fine grid."""
    try:
        together: Geometries = operation(left, right)
        return together
    except shapely.errors.GEOSException:
        result = np.empty(len(left), object)
        for index in range(len(left)):
            try:
                result[index] = operation(left[index], right[index])
            except shapely.errors.GEOSException:
                result[index] = operation(left[index], right[index], grid_size=1e-6)
        return result


def polygons_only(geometries: Geometries, noise: float) -> Geometries:
    """Polygonal parts above ``noise`` m²; lines and points that an overlay leaves behind are dropped. Never None.

    Changes the array it is given, too.
    """
    kinds = shapely.get_type_id(geometries)
    geometries[(kinds == _POLYGON) & (shapely.area(geometries) <= noise)] = _EMPTY
    odd = np.flatnonzero((kinds != _POLYGON) & ((kinds != _MULTIPOLYGON) | (noise > 0)))
    if not len(odd):
        return geometries
    outer, owner = shapely.get_parts(geometries[odd], return_index=True)
    parts = outer
    if (shapely.get_type_id(outer) > _POLYGON).any():  # a collection may hold multipolygons
        parts, inner = shapely.get_parts(outer, return_index=True)
        owner = owner[inner]
    good = (shapely.get_type_id(parts) == _POLYGON) & (shapely.area(parts) > noise)
    changed = (kinds[odd] != _MULTIPOLYGON) | (np.bincount(owner, ~good, len(odd)) > 0)
    keep = np.flatnonzero(good & changed[owner])
    parts, owner = parts[keep], owner[keep]
    counts = np.bincount(owner, minlength=len(odd))
    geometries[odd[changed]] = _EMPTY
    one = counts[owner] == 1
    geometries[odd[owner[one]]] = parts[one]
    if not one.all():
        rank = np.unique(owner[~one], return_inverse=True)
        geometries[odd[rank[0]]] = shapely.multipolygons(parts[~one], indices=rank[1])
    return geometries


_EMPTY = shapely.Polygon()
