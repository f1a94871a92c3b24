"""Areas on the CGCS2000 ellipsoid (椭球面积), and 亩.

Official: trapezoids to a meridian by the series A…E (国土调查办发〔2008〕32号), edges cut where they are long
(``resources/area.yaml``). Plane: area in the zone's plane × 1/m² at the centroid, which adds up exactly over parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely

from ..model.paths import resource
from ..model.typed_yaml import read
from .ellipsoid import ECCENTRICITY_SQUARED as e2
from .ellipsoid import SEMI_MINOR
from .gauss_kruger import areal_scale, forward, inverse_radians
from .rings import Floats, Rings, rings_of
from .zone import zone_of

#: A…E of the official series: Σ ± coefficient · sin(k·ΔB/2) · cos(k·Bm) for k = 1, 3, 5, 7, 9.
_SERIES = (
    (1, 1 + 3 / 6 * e2 + 30 / 80 * e2**2 + 35 / 112 * e2**3 + 630 / 2304 * e2**4),
    (3, -(1 / 6 * e2 + 15 / 80 * e2**2 + 21 / 112 * e2**3 + 420 / 2304 * e2**4)),
    (5, 3 / 80 * e2**2 + 7 / 112 * e2**3 + 180 / 2304 * e2**4),
    (7, -(1 / 112 * e2**3 + 45 / 2304 * e2**4)),
    (9, 5 / 2304 * e2**4),
)
_SECONDS = 3600 * 180 / np.pi
_WIDE = 200.0  # m: below this the second-order term is under 1e-5 m²
_MEAN_RADIUS = 6_371_000.0  # m


@dataclass(frozen=True)
class AreaRule:
    """How sides are cut and coordinates rounded before the series; see ``resources/area.yaml``."""

    side_limit: float
    coordinate_decimals: int
    cut_decimals: int
    second_decimals: int


@dataclass(frozen=True)
class _AreaFile:
    rule: AreaRule


@lru_cache(maxsize=1)
def official_rule() -> AreaRule:
    """The rule of ``resources/area.yaml``."""
    return read(resource("area.yaml"), _AreaFile).rule


def ellipsoidal_area(geometries: object, rule: AreaRule | None = None) -> Floats:
    """Official area of each (multi)polygon, m², full precision.

    ``geometries``: array of polygons in degrees (EPSG:4490, longitude first); None and empty give 0. Each polygon is
    cut in the plane of its own 3-degree zone.

    :raises WeipianError: ``geodesy.not_polygon`` for other kinds of geometry.
    """
    rule = rule or official_rule()
    rings = rings_of(geometries)
    if not len(rings.owner):
        return np.zeros(rings.count)
    lon, lat = rings.coordinates.T
    points_per_ring = np.diff(rings.offsets)
    meridian = np.repeat(_meridians(rings), points_per_ring)
    plane = np.column_stack(forward(lon, lat, meridian))
    return _area_in_plane(Rings(plane, rings.offsets, rings.owner, rings.sign, rings.count), rule)


def ellipsoidal_area_of_plane(geometries: object, rule: AreaRule | None = None) -> Floats:
    """The same of (multi)polygons that are given in the plane of their own 3-degree zone already (6-digit easting, metres, not rounded).

    :raises WeipianError: ``geodesy.not_polygon`` for other kinds of geometry.
    """
    rings = rings_of(geometries)
    return _area_in_plane(rings, rule or official_rule()) if len(rings.owner) else np.zeros(rings.count)


def _area_in_plane(rings: Rings, rule: AreaRule) -> Floats:
    rounded = np.round(rings.coordinates, rule.coordinate_decimals)
    cut = _cut_long_sides(Rings(rounded, rings.offsets, rings.owner, rings.sign, rings.count), rule)
    latitude, longitude = inverse_radians(cut.coordinates[:, 0], cut.coordinates[:, 1])
    scale = _SECONDS * 10.0**rule.second_decimals
    return _trapezoids(cut, np.round(latitude * scale) / scale, np.round(longitude * scale) / scale)


def series_area(geometries: object) -> Floats:
    """The bare series on the vertices as they are: edges straight in longitude and authalic latitude. m²."""
    rings = rings_of(geometries)
    return _trapezoids(rings, np.radians(rings.coordinates[:, 1]), np.radians(rings.coordinates[:, 0]))


def plane_area(geometries: object, planar: Floats | None = None) -> Floats:
    """Ellipsoidal area, m², of parts given in a zone's plane (6-digit easting, metres).

    Plane area × 1/m² at the centroid, for wide parts less the second-order term (variance of the easting / R²): edges
    are straight in the plane, so the areas of parts add up to the whole's (1e-5 m² per km²).
    ``planar``: their plane areas, if already known.
    """
    wanted = np.asarray(geometries, dtype=object).reshape(-1)
    planar = shapely.area(wanted) if planar is None else planar
    filled = np.flatnonzero(planar > 0)
    centre = shapely.get_coordinates(shapely.centroid(wanted[filled]))
    result = np.zeros(len(wanted))
    result[filled] = planar[filled] * areal_scale(centre[:, 0], centre[:, 1])
    boxes = shapely.bounds(wanted[filled])
    wide = np.flatnonzero(boxes[:, 2] - boxes[:, 0] > _WIDE)
    if len(wide):
        result[filled[wide]] -= _easting_moment(wanted[filled[wide]], centre[wide, 0]) / _MEAN_RADIUS**2
    return result


def _easting_moment(geometries: object, centre: Floats) -> Floats:
    """Second moment of area in easting about ``centre``, m⁴."""
    rings = rings_of(geometries)
    x = rings.coordinates[:, 0] - np.repeat(centre[rings.owner], np.diff(rings.offsets))
    y = rings.coordinates[:, 1] - rings.coordinates[rings.first_of_ring(), 1]
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    return rings.sum_edges((x[:-1] ** 2 + x[:-1] * x[1:] + x[1:] ** 2) * cross / 12)


def _meridians(rings: Rings) -> Floats:
    """Central meridian for each ring: that of its geometry's box."""
    west = np.full(rings.count, np.inf)
    east = np.full(rings.count, -np.inf)
    lon = rings.coordinates[:, 0]
    np.minimum.at(west, rings.owner, np.minimum.reduceat(lon, rings.offsets[:-1]))
    np.maximum.at(east, rings.owner, np.maximum.reduceat(lon, rings.offsets[:-1]))
    middle: Floats = west[rings.owner] / 2 + east[rings.owner] / 2
    return zone_of(middle) * 3.0


def _cut_long_sides(rings: Rings, rule: AreaRule) -> Rings:
    """Every side longer than the limit in floor(whole metres / limit) + 1 equal pieces."""
    points = rings.coordinates
    steps = np.diff(points, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    pieces = np.floor(np.floor(lengths) / rule.side_limit).astype(np.int64) + 1
    pieces[rings.offsets[1:-1] - 1] = 1  # the jump to the next ring is not a side
    start = np.concatenate([[0], np.cumsum(pieces)])
    side = np.repeat(np.arange(len(pieces)), pieces)
    fraction = (np.arange(start[-1]) - start[:-1][side]) / pieces[side]
    cut = np.empty((start[-1] + 1, 2))
    for axis in (0, 1):
        cut[:-1, axis] = points[side, axis] + steps[side, axis] * fraction
    new = np.flatnonzero(fraction > 0)
    cut[new] = np.round(cut[new], rule.cut_decimals)
    cut[-1] = points[-1]
    offsets = np.concatenate([start[rings.offsets[:-1]], [start[-1] + 1]])
    return Rings(cut, offsets, rings.owner, rings.sign, rings.count)


def _trapezoids(rings: Rings, latitude: Floats, longitude: Floats) -> Floats:
    """The official series over all edges; radians in, m² out."""
    if not len(rings.owner):
        return np.zeros(rings.count)
    longitude = longitude - longitude[rings.first_of_ring()]
    half = (latitude[1:] - latitude[:-1]) / 2
    middle = (latitude[1:] + latitude[:-1]) / 2
    band = np.zeros_like(half)
    for k, coefficient in _SERIES:
        band += coefficient * np.sin(k * half) * np.cos(k * middle)
    edges = band * (longitude[1:] + longitude[:-1]) / 2
    return 2 * SEMI_MINOR**2 * rings.sum_edges(edges)
