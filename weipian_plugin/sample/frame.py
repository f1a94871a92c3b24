"""Where the sample county lies, and the coordinate systems its files use.

Everything is planned in metres from the county's south-west corner ("local" coordinates) and moved into a
file's own system only when it is written.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod, Transformer
from shapely.geometry.base import BaseGeometry

COUNTY_CODE = "500118"
COUNTY_NAME = "永川区"
TOWN_CODE = "500118007"
TOWN_NAME = "大安街道"

WIDTH = 8000.0
HEIGHT = 6000.0
# South-west corner in EPSG:4523 (CGCS2000, 3-degree zone 35 with prefix); the county's middle is 105.9 E, 29.35 N.
ORIGIN = (35583400.0, 3245400.0)
# The part of the county where the parcels and the imagery lie: x0, y0, x1, y1 in local metres.
CORE = (2000.0, 1600.0, 6000.0, 4400.0)

GEOGRAPHIC = 4490
ZONE_PREFIXED = 4523
ZONE_PLAIN = 4544


def to_zone(geometry: object) -> object:
    """Local metres to EPSG:4523. Accepts one geometry or an array of them."""
    return shapely.transform(geometry, lambda xy: xy + np.array(ORIGIN))


@cache
def _transformer(epsg: int) -> Transformer:
    return Transformer.from_crs(ZONE_PREFIXED, epsg, always_xy=True)


def to_crs(geometry: object, epsg: int) -> Any:
    """Local metres to any of the systems the sample uses (x/longitude first)."""
    if epsg == ZONE_PREFIXED:
        return to_zone(geometry)
    transformer = _transformer(epsg)

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = transformer.transform(xy[:, 0] + ORIGIN[0], xy[:, 1] + ORIGIN[1])
        return np.column_stack([x, y])

    return shapely.transform(geometry, move)


def lon_lat(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude (CGCS2000 degrees) of one local point."""
    lon, lat = _transformer(GEOGRAPHIC).transform(x + ORIGIN[0], y + ORIGIN[1])
    return float(lon), float(lat)


def geodesic_area(geometry: BaseGeometry) -> float:
    """Area on the CGCS2000 ellipsoid in square metres of a local geometry (GeographicLib through pyproj).

    Edges are densified to 20 m first, so that the straight edges of the plane and the geodesics agree.
    This is deliberately not the series used by the plugin: the truth file must not be computed by the code it tests.
    """
    if geometry.is_empty:
        return 0.0
    geod = Geod(a=6378137.0, rf=298.257222101)
    area = 0.0
    for part in getattr(geometry, "geoms", [geometry]):
        if part.geom_type != "Polygon":
            continue
        degrees = to_crs(shapely.segmentize(part, 20.0), GEOGRAPHIC)
        area += abs(geod.geometry_area_perimeter(shapely.orient_polygons(degrees))[0])
    return area


def meridian_convergence(x: float, y: float) -> float:
    """Degrees to add to a grid bearing to get a true bearing at a local point."""
    lon, lat = lon_lat(x, y)
    return float(np.degrees(np.arctan(np.tan(np.radians(lon - 105.0)) * np.sin(np.radians(lat)))))
