"""3-degree zones (三度带) of CGCS2000: number, EPSG code, projection of geometry.

Zone n has its central meridian at 3n°. Codes: 4513–4533 are zones 25–45 with the zone number before the easting
(8 digits), 4534–4554 the same zones without it (6 digits).
"""

from __future__ import annotations

import math
from typing import Any, overload

import numpy as np
import numpy.typing as npt
import shapely

from ..model.errors import WeipianError
from .gauss_kruger import FloatOrArray, forward, inverse

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

FIRST_ZONE, LAST_ZONE = 25, 45
_WITH_PREFIX, _WITHOUT_PREFIX = 4513, 4534


@overload
def zone_of(lon: float) -> int: ...
@overload
def zone_of(lon: Floats) -> Integers: ...
def zone_of(lon: FloatOrArray) -> int | Integers:
    """The 3-degree zone whose central meridian is nearest to ``lon`` (degrees); a boundary goes east."""
    zones = np.floor((np.asarray(lon, np.float64) + 1.5) / 3).astype(np.int64)
    return zones if zones.ndim else int(zones)


def central_meridian(zone: int) -> float:
    """Central meridian (中央子午线) of a 3-degree zone, degrees."""
    return 3.0 * zone


def convergence(lon: float, lat: float, zone: int) -> float:
    """Convergence of the meridian (子午线收敛角) in degrees: grid north minus true north, positive east of the central meridian."""
    offset_degrees = math.radians(lon - central_meridian(zone))
    return math.degrees(math.atan(math.tan(offset_degrees) * math.sin(math.radians(lat))))


def title(zone: int) -> str:
    """A zone's system as Chinese papers name it."""
    return f"CGCS2000 三度带第 {zone} 带（中央经线 {central_meridian(zone):.0f}°）"


def epsg(zone: int, prefix: bool) -> int:
    """EPSG code of a zone, with (``prefix``) or without its number before the easting.

    :raises WeipianError: ``geodesy.zone_unknown`` outside 25–45.
    """
    if not FIRST_ZONE <= zone <= LAST_ZONE:
        raise WeipianError("geodesy.zone_unknown", zone=zone)
    return (_WITH_PREFIX if prefix else _WITHOUT_PREFIX) + zone - FIRST_ZONE


def of_epsg(code: int) -> tuple[int, bool] | None:
    """Zone and prefix of an EPSG code, or None if it is not one of the 3-degree systems."""
    for first, prefix in ((_WITH_PREFIX, True), (_WITHOUT_PREFIX, False)):
        if first <= code <= first + LAST_ZONE - FIRST_ZONE:
            return FIRST_ZONE + code - first, prefix
    return None


def offset(zone: int, prefix: bool) -> float:
    """What the easting of a zone carries besides the 500 km: its number in millions, or nothing."""
    return zone * 1_000_000.0 if prefix else 0.0


def project(geometries: object, zone: int, prefix: bool = False) -> Any:
    """Geometry in degrees (EPSG:4490, longitude first) to the plane of ``zone``, metres. One geometry or an array."""
    east, meridian = offset(zone, prefix), central_meridian(zone)

    def to_plane(coordinates: Floats) -> Floats:
        x, y = forward(coordinates[:, 0], coordinates[:, 1], meridian)
        return np.column_stack([x + east, y])

    return shapely.transform(geometries, to_plane)


def unproject(geometries: object, zone: int, prefix: bool = False) -> Any:
    """Geometry in the plane of ``zone`` (metres) back to degrees (EPSG:4490, longitude first)."""
    east, meridian = offset(zone, prefix), central_meridian(zone)

    def to_degrees(coordinates: Floats) -> Floats:
        return np.column_stack(inverse(coordinates[:, 0] - east, coordinates[:, 1], meridian))

    return shapely.transform(geometries, to_degrees)


def zones_of(geometries: object) -> Integers:
    """The zone of each geometry (degrees), by the middle of its box; -1 for empty or missing geometry."""
    boxes = shapely.bounds(np.asarray(geometries, dtype=object).reshape(-1))
    middle = (boxes[:, 0] + boxes[:, 2]) / 2
    known = np.isfinite(middle)
    return np.where(known, zone_of(np.where(known, middle, 0.0)), -1)
