"""The view cone (视域扇形): what a camera looks at, on the ellipsoid."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike
from pyproj import Geod

from ..model.tables import Floats, Objects

#: CGCS2000 (GB 22021-2008).
ELLIPSOID = Geod(a=6378137.0, rf=298.257222101)
_STEPS = 12


def view_cone(lon: ArrayLike, lat: ArrayLike, azimuth: ArrayLike, field_of_view: ArrayLike, distance: ArrayLike) -> Any:
    """Sector polygons, degrees, around ``azimuth`` (true north, clockwise).

    Scalars give one polygon, arrays an array of them. ``field_of_view`` in degrees (360 or more: a full circle), ``distance`` in metres.
    A missing azimuth (NaN) gives the circle: the direction is not known. A missing position gives an empty polygon.
    """
    shape = np.broadcast(lon, lat, azimuth, field_of_view, distance).shape
    columns = [
        np.ravel(np.broadcast_to(np.asarray(part, dtype=float), shape))
        for part in (lon, lat, azimuth, field_of_view, distance)
    ]
    polygons = _view_cones(*columns)
    return polygons[0] if shape == () else polygons.reshape(shape)


def _view_cones(lon: Floats, lat: Floats, azimuth: Floats, view: Floats, distance: Floats) -> Objects:
    known = np.isfinite(lon) & np.isfinite(lat) & (distance > 0)
    circle = ~np.isfinite(azimuth) | (view >= 360)
    half = np.where(circle, 180.0, np.where(np.isfinite(view), view, 0.0) / 2)
    middle = np.where(np.isfinite(azimuth), azimuth, 0.0)
    steps = np.linspace(-1.0, 1.0, 2 * _STEPS + 1)
    bearings = middle[:, None] + half[:, None] * steps[None, :]
    count = len(lon)
    start = (np.where(known, lon, 0.0), np.where(known, lat, 0.0))
    out_lon, out_lat, _ = ELLIPSOID.fwd(
        np.repeat(start[0], len(steps)),
        np.repeat(start[1], len(steps)),
        bearings.ravel(),
        np.repeat(distance, len(steps)),
    )
    arc = np.stack([out_lon, out_lat], axis=1).reshape(count, len(steps), 2)
    apex = np.stack(start, axis=1)[:, None, :]
    polygons = np.empty(count, dtype=object)
    sectors = shapely.polygons(np.concatenate([apex, arc, apex], axis=1))
    circles = shapely.polygons(np.concatenate([arc[:, :-1], arc[:, :1]], axis=1))
    polygons[:] = np.where(circle, circles, sectors)
    polygons[~known] = shapely.Polygon()
    return polygons
