"""Geometry between shapely and GeoPackage's binary form (OGC 12-128r14, clause 2.1.3)."""

from __future__ import annotations

import hashlib
import struct
from typing import Any

import numpy as np
import shapely

SRS_ID = 4490
_ENVELOPE_BYTES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}


def encode(geometry: Any | None) -> bytes | None:
    """A GeoPackage blob (little endian, with envelope) of a shapely geometry; None stays None."""
    if geometry is None:
        return None
    wkb: bytes = shapely.to_wkb(geometry, byte_order=1)
    if geometry.is_empty:
        return b"GP\x00" + struct.pack("<Bi", 0b00010001, SRS_ID) + wkb
    west, south, east, north = geometry.bounds
    header = b"GP\x00" + struct.pack("<Bi4d", 0b00000011, SRS_ID, west, east, south, north)
    return header + wkb


def wkb_of(blob: bytes | None) -> bytes | None:
    """The WKB inside a GeoPackage blob; None stays None."""
    if blob is None:
        return None
    return blob[8 + _ENVELOPE_BYTES[(blob[3] >> 1) & 0b111] :]


def decode(blobs: list[bytes | None]) -> np.ndarray[Any, np.dtype[Any]]:
    """shapely geometries of many blobs at once."""
    geometries: np.ndarray[Any, np.dtype[Any]] = shapely.from_wkb([wkb_of(blob) for blob in blobs])
    return geometries


def geometry_digest(geometry: object | None) -> str:
    """SHA-256 of a geometry as it is stored (WKB, little endian); blank for none."""
    shape = as_multipolygon(geometry)
    return "" if shape is None else hashlib.sha256(shapely.to_wkb(shape, byte_order=1)).hexdigest()


def as_multipolygon(geometry: Any | None) -> Any | None:
    """Polygons and collections as one MultiPolygon of their polygon parts; None for nothing left."""
    if geometry is None or geometry.is_empty:
        return None
    if geometry.geom_type == "MultiPolygon":
        return geometry
    polygons = [part for part in shapely.get_parts(shapely.get_parts(geometry)) if part.geom_type == "Polygon"]
    return shapely.multipolygons(polygons) if polygons else None
