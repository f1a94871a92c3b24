"""GCJ-02 (火星坐标): some phone apps write it instead of WGS 84. Found out against the parcels and proposed; never shifted silently.

The transformation is the publicly known approximation of the official obfuscation (Krasovsky 1940 ellipsoid; source: widely published since
2010, confidence: assumed). Outside of China it does nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Union

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike

from ..model.messages import Message
from ..model.tables import Floats, column, floats, series, values, with_columns
from .records import PHOTO
from .settings import Settings
from .view import bands, bearing_differences, pairs_within
from .view_cone import ELLIPSOID

#: A GeoDataFrame in EPSG:4490, or what reads it once it is wanted.
Roads = Union[Any, Callable[[], Any]]
_A, _E2 = 6378245.0, 0.00669342162296594323
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)


def _offset(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Degrees that GCJ-02 adds at a WGS 84 place."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    waves = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (waves + 20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi * y / 3.0)) * 2.0 / 3.0
    north += (160.0 * np.sin(np.pi * y / 12.0) + 320.0 * np.sin(np.pi * y / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (waves + 20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi * x / 3.0)) * 2.0 / 3.0
    east += (150.0 * np.sin(np.pi * x / 12.0) + 300.0 * np.sin(np.pi * x / 30.0)) * 2.0 / 3.0
    angle = np.radians(lat)
    weight = 1.0 - _E2 * np.sin(angle) ** 2
    north = north * 180.0 / (_A * (1.0 - _E2) / (weight * np.sqrt(weight)) * np.pi)
    east = east * 180.0 / (_A / np.sqrt(weight) * np.cos(angle) * np.pi)
    inside = (lon >= _CHINA[0]) & (lon <= _CHINA[2]) & (lat >= _CHINA[1]) & (lat <= _CHINA[3])
    return np.where(inside, east, 0.0), np.where(inside, north, 0.0)


#: Of latitude, at the middle latitudes of China.
METRES_PER_DEGREE = 110_900.0


def to_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """WGS 84 degrees (scalars or arrays) → GCJ-02."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    east, north = _offset(lon, lat)
    return lon + east, lat + north


def from_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """GCJ-02 → WGS 84 by fixed-point iteration; comes back within 1e-9 degrees (0.1 mm) inside China."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    true_lon, true_lat = lon.copy(), lat.copy()
    for _ in range(10):
        east, north = _offset(true_lon, true_lat)
        true_lon, true_lat = lon - east, lat - north
    return true_lon, true_lat


def corrected(photos: pd.DataFrame) -> pd.DataFrame:
    """``photos`` with positions taken back from GCJ-02, each with a note of what it was. Only after a person agreed to the proposal."""
    lon, lat = floats(photos, PHOTO.lon), floats(photos, PHOTO.lat)
    placed = np.isfinite(lon) & np.isfinite(lat)
    new_lon, new_lat = from_gcj02(np.where(placed, lon, 0.0), np.where(placed, lat, 0.0))
    kept = zip(values(photos, PHOTO.notes), values(photos, PHOTO.file), lon.tolist(), lat.tolist(), placed.tolist())
    notes = [
        (*old, Message("evidence.gcj02_applied", {"file": file, "lon": round(x, 7), "lat": round(y, 7)}))
        if there
        else old
        for old, file, x, y, there in kept
    ]
    moved = {PHOTO.lon: np.where(placed, new_lon, np.nan), PHOTO.lat: np.where(placed, new_lat, np.nan)}
    return with_columns(photos, {**moved, PHOTO.notes: series(photos, notes)})


def suspicion(photos: pd.DataFrame, parcels: Any, settings: Settings, roads: Roads = None) -> Message | None:
    """A proposal when the photos see parcels only once the shift is undone, else None. ``roads``: GeoDataFrame EPSG:4490,
    or a function that reads it once it is wanted.

    Evidence is counted over the whole delivery: ``gcj02_least_photos`` at least; the share that sees a parcel must be at least ``gcj02_share``
    afterwards and less than half of that before. Photos that stand on roads as they are, and beside them once moved, are not shifted;
    roads that are far away either way (a national network is sparse) say nothing.
    """
    there = (np.isfinite(floats(photos, name)) for name in (PHOTO.lon, PHOTO.lat, PHOTO.azimuth))
    placed = photos[np.logical_and.reduce(list(there))]
    if len(placed) < settings.limit("gcj02_least_photos"):
        return None
    moved = corrected(placed)
    before, after = _seeing(placed, parcels, settings), _seeing(moved, parcels, settings)
    if after < settings.limit("gcj02_share") * len(placed) or 2 * before >= after:
        return None
    roads = roads() if callable(roads) else roads
    if (
        roads is not None
        and len(roads)
        and _to_roads(placed, roads) <= settings.limit("position_tolerance_m") < _to_roads(moved, roads)
    ):
        return None
    (lon, lat), (new_lon, new_lat) = ((floats(one, PHOTO.lon), floats(one, PHOTO.lat)) for one in (placed, moved))
    shift = np.median(ELLIPSOID.inv(lon, lat, new_lon, new_lat)[2])
    return Message(
        "evidence.gcj02_suspected",
        {"photos": len(placed), "before": before, "after": after, "offset": round(float(shift))},
    )


def _seeing(photos: pd.DataFrame, parcels: Any, settings: Settings) -> int:
    """How many photos look at a parcel within range."""
    reach, compass = settings.limit("view_range_m"), settings.limit("compass_tolerance_deg")
    lon, lat, azimuth = (floats(photos, name) for name in (PHOTO.lon, PHOTO.lat, PHOTO.azimuth))
    seeing: set[int] = set()
    polygons = np.asarray(parcels.geometry.to_numpy(), dtype=object)
    for plane in bands(lon, lat, polygons, reach):
        photo, parcel, distance = pairs_within(plane, reach)
        bearing = bearing_differences(plane, photo, parcel, distance, azimuth[plane.photos][photo])
        seeing.update(plane.photos[photo[bearing <= compass]].tolist())
    return len(seeing)


def _to_roads(photos: pd.DataFrame, roads: Any) -> float:
    """Median distance to the nearest road, in metres (to a few per cent: degrees of longitude shortened to the photos' latitude)."""
    narrow = np.cos(np.radians(column(photos, PHOTO.lat).median()))
    shapes = shapely.transform(np.asarray(roads.geometry.to_numpy(), dtype=object), lambda xy: xy * (narrow, 1.0))
    points = shapely.points(floats(photos, PHOTO.lon) * narrow, floats(photos, PHOTO.lat))
    (_, _), distance = shapely.STRtree(shapes).query_nearest(points, return_distance=True, all_matches=False)
    return float(np.median(distance)) * METRES_PER_DEGREE
