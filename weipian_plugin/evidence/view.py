"""Distance and bearing between photos and parcels, vectorised over pairs.

Work is done in metres in a transverse Mercator plane for each 3° band (scale within 0.04 %); bearings are corrected by the
meridian convergence, so that azimuths stay those of true north.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import Transformer

from ..model.tables import Flags, Floats, Objects, Places

#: Vertices of pairs handled at a time: keeps the temporary arrays in the processor's cache.
_CHUNK = 1_000_000
#: Parcels with more vertices are simplified by at most this many metres before bearings are taken.
_SIMPLIFY_M = 0.5
_MANY_VERTICES = 200


@dataclass(frozen=True)
class Plane:
    """Photos and parcels of one band in metres. ``photos``, ``parcels``: positions in the caller's arrays."""

    photos: Places
    parcels: Places
    points: Objects
    polygons: Objects
    convergence: Floats  # degrees to take from a true azimuth to get the grid's


def bands(lon: Floats, lat: Floats, polygons: Objects, reach: float) -> Iterator[Plane]:
    """Planes that together hold every photo with every parcel within ``reach`` metres. Missing positions are in none."""
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat) & (np.abs(np.where(np.isfinite(lat), lat, 99)) < 89))
    numbers = np.round(lon[known] / 3.0).astype(int)
    bounds = shapely.bounds(polygons)
    for number in np.unique(numbers):
        chosen = known[numbers == number]
        margin = reach / 111_000.0
        wide = margin / max(np.cos(np.radians(np.abs(lat[chosen]).max())), 0.01)
        near = (
            (bounds[:, 0] <= lon[chosen].max() + wide)
            & (bounds[:, 2] >= lon[chosen].min() - wide)
            & (bounds[:, 1] <= lat[chosen].max() + margin)
            & (bounds[:, 3] >= lat[chosen].min() - margin)
        )
        parcels = np.flatnonzero(near)
        middle = 3.0 * number
        definition = f"+proj=tmerc +lat_0=0 +lon_0={middle} +k=1 +x_0=0 +y_0=0 +ellps=GRS80 +units=m"
        forward = Transformer.from_crs("EPSG:4490", definition, always_xy=True)
        x, y = _forward(forward, lon[chosen], lat[chosen])
        convergence = np.degrees(np.arctan(np.tan(np.radians(lon[chosen] - middle)) * np.sin(np.radians(lat[chosen]))))
        flat = shapely.transform(
            polygons[parcels],
            lambda corners: np.column_stack(forward.transform(corners[:, 0], corners[:, 1])),  # noqa: B023
        )
        yield Plane(chosen, parcels, shapely.points(x, y), flat, convergence)


def _forward(forward: Transformer, lon: Floats, lat: Floats) -> Floats:
    """Both coordinates as rows. pyproj takes an array of one element for a number, which NumPy is giving up: it gets a list then."""
    return np.array(forward.transform(lon, lat) if len(lon) > 1 else forward.transform(lon.tolist(), lat.tolist()))


def pairs_within(plane: Plane, reach: float) -> tuple[Places, Places, Floats]:
    """Positions (in the plane's arrays) of photos and parcels at most ``reach`` metres apart, and their distance (0 inside)."""
    if not len(plane.parcels):
        nothing = np.empty(0, dtype=np.intp)
        return nothing, nothing, np.empty(0)
    tree = shapely.STRtree(plane.polygons)
    photo, parcel = tree.query(plane.points, predicate="dwithin", distance=reach)
    return photo, parcel, shapely.distance(plane.points[photo], plane.polygons[parcel])


def depth_inside(plane: Plane, photo: Places, parcel: Places, distance: Floats) -> Floats:
    """Metres from the parcel's boundary for photos that stand inside, else 0."""
    depth = np.zeros(len(photo))
    inside = np.flatnonzero(distance == 0)
    if len(inside):
        depth[inside] = shapely.distance(plane.points[photo[inside]], shapely.boundary(plane.polygons[parcel[inside]]))
    return depth


def chord_inside(plane: Plane, photo: Places, parcel: Places, azimuth: Floats, reach: float) -> Floats:
    """Metres of the parcel along the view axis within ``reach``, for photos that stand inside; ``reach`` where there is no direction."""
    here = shapely.get_coordinates(plane.points[photo])
    known = np.isfinite(azimuth)
    turn = np.radians(np.where(known, azimuth, 0.0) - plane.convergence[photo])
    axis = shapely.linestrings(np.stack([here, here + reach * np.column_stack([np.sin(turn), np.cos(turn)])], axis=1))
    return np.where(known, shapely.length(shapely.intersection(axis, plane.polygons[parcel])), reach)


def bearing_differences(plane: Plane, photo: Places, parcel: Places, distance: Floats, azimuth: Floats) -> Floats:
    """Smallest angle (degrees, 0-180) between a photo's axis and the direction to any point of the parcel; 0 where the axis meets it.

    ``azimuth`` is that of each pair's photo, true north; NaN gives NaN.
    """
    vertices, starts, counts, last = _vertices(plane.polygons)
    here = shapely.get_coordinates(plane.points)
    result = np.full(len(photo), np.nan)
    grid_azimuth = azimuth - plane.convergence[photo]
    todo = np.flatnonzero(np.isfinite(grid_azimuth))
    result[todo[distance[todo] == 0]] = 0.0
    todo = todo[distance[todo] > 0]
    ends = np.cumsum(counts[parcel[todo]])
    position = 0
    while position < len(todo):
        done = ends[position - 1] if position else 0
        following = max(int(np.searchsorted(ends, done + _CHUNK, side="right")), position + 1)
        some = todo[position:following]
        lengths = counts[parcel[some]]
        first = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        index = np.arange(lengths.sum()) - np.repeat(first - starts[parcel[some]], lengths)
        origin = np.repeat(here[photo[some]], lengths, axis=0)
        offset = vertices[index] - origin
        bearing = np.degrees(np.arctan2(offset[:, 0], offset[:, 1])) - np.repeat(grid_azimuth[some], lengths)
        relative = (bearing + 180.0) % 360.0 - 180.0
        following_relative = np.append(relative[1:], 0.0)
        crosses = (relative * following_relative <= 0) & (np.abs(relative - following_relative) < 180) & ~last[index]
        smallest = np.minimum.reduceat(np.abs(relative), first)
        met = np.logical_or.reduceat(crosses, first)
        result[some] = np.where(met, 0.0, smallest)
        position = following
    return result


def _vertices(polygons: Objects) -> tuple[Floats, Places, Places, Flags]:
    """All exterior vertices, where each parcel's begin, how many there are, and which are the last of a ring."""
    many = shapely.get_num_coordinates(polygons) > _MANY_VERTICES
    if many.any():
        polygons = polygons.copy()
        polygons[many] = shapely.simplify(polygons[many], _SIMPLIFY_M)
    parts, owner = shapely.get_parts(polygons, return_index=True)
    rings = shapely.get_exterior_ring(parts)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    last = np.append(ring[1:] != ring[:-1], True) if len(ring) else np.empty(0, dtype=bool)
    counts = np.bincount(owner[ring], minlength=len(polygons)) if len(ring) else np.zeros(len(polygons), dtype=int)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]) if len(counts) else counts
    return corners, starts, counts, last
