"""What a result was made from, as a short text: geometry and dates of the parcel, and the layers it was measured against.

``<parcel>-<layers>``, 16 hexadecimal figures each. The first half is compared before a result is used for a parcel again: a measure
of another shape, of other images or of another kind says nothing of the parcel as it is now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import shapely

_LENGTH = 16
#: Of a parcel, beside its geometry: what changes a judgment.
_DATES = ("kind", "earlier_image", "later_image")


def geometry_digest(geometry: Any) -> str:
    """SHA-256 of a geometry as the workspace stores it (many polygons, two dimensions); "" where there is none."""
    if geometry is None or not isinstance(geometry, shapely.Geometry) or shapely.is_empty(geometry):
        return ""
    plane = shapely.force_2d(geometry)
    whole = shapely.multipolygons([plane]) if plane.geom_type == "Polygon" else plane
    return hashlib.sha256(shapely.to_wkb(whole, byte_order=1)).hexdigest()


def parcel_fingerprint(row: Mapping[str, Any]) -> str:
    """Of a parcel's row with ``geometry``, kind and image dates."""
    texts = [geometry_digest(row.get("geometry")), *(_text(row.get(name)) for name in _DATES)]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:_LENGTH]


def layers_fingerprint(layers: Iterable[tuple[str, str]]) -> str:
    """Of the layers a run used: (role, SHA-256 of the source) in any order."""
    lines = sorted(f"{role}\t{sha256}" for role, sha256 in layers)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:_LENGTH]


def joined(parcel: str, layers: str) -> str:
    """The fingerprint of a result."""
    return f"{parcel}-{layers}"


def is_of(fingerprint: Any, parcel: str) -> bool:
    """Whether a result was made from the parcel as it is now; one without a fingerprint was not."""
    return isinstance(fingerprint, str) and fingerprint.partition("-")[0] == parcel


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value)
