"""Whether a layer lies where the parcels lie: a redline of another place would measure 0 m², as if every parcel kept clear of it."""

from __future__ import annotations

import numpy as np

from ..formats.crs import crs_text, parse_crs, to_lon_lat
from ..model.errors import WeipianError
from .frames import DEGREES, Frame
from .stores import Floats, Store

#: Of one degree of latitude, and of longitude at the equator, on the CGCS2000 ellipsoid; near enough for distances between places.
_METRES = 111_320.0


def must_be_near(store: Store, parcels: Floats, farthest: float) -> None:
    """Refuse a layer whose whole extent is farther than ``farthest`` metres from every parcel (boxes (n, 4) in degrees).

    :raises WeipianError: ``overlay.layer_elsewhere``.
    """
    if not store.count or not len(parcels):
        return
    extent = _degrees(store.frame, np.concatenate([store.blocks[:, :2].min(axis=0), store.blocks[:, 2:].max(axis=0)]))
    away = float(_distances(parcels, extent).min())
    if away <= farthest:
        return
    west, south, east, north = (round(value, 2) for value in extent.tolist())
    raise WeipianError(
        "overlay.layer_elsewhere",
        layer=store.title,
        source=store.source.source,
        kilometres=round(away / 1000) if np.isfinite(away) else "∞",
        extent=f"{west}–{east}°E {south}–{north}°N",
        crs=crs_text(parse_crs(store.frame.crs)),
    )


def _degrees(frame: Frame, box: Floats) -> Floats:
    """A box of the layer's coordinates as west, south, east, north; its sides are curves, so points along them are moved."""
    west, south, east, north = (box[[1, 0, 3, 2]] if frame.swapped else box).tolist()
    if frame.kind == DEGREES:
        return np.array([west, south, east, north])
    along, up = np.linspace(west, east, 9), np.linspace(south, north, 9)
    x, y = (side.ravel() for side in np.meshgrid(along, up))
    lon, lat = to_lon_lat(x, y, parse_crs(frame.crs)).T
    return np.array([np.min(lon), np.min(lat), np.max(lon), np.max(lat)])


def _distances(parcels: Floats, extent: Floats) -> Floats:
    """Metres from each box to the extent, 0 where they meet; infinite where the extent is no place on Earth."""
    if not np.isfinite(extent).all():
        return np.full(len(parcels), np.inf)
    across = np.maximum(np.maximum(extent[0] - parcels[:, 2], parcels[:, 0] - extent[2]), 0.0)
    up = np.maximum(np.maximum(extent[1] - parcels[:, 3], parcels[:, 1] - extent[3]), 0.0)
    found: Floats = np.hypot(across * np.cos(np.radians(parcels[:, 1])), up) * _METRES
    return found
