"""CRS and zone, ellipsoidal area, 亩, closure (平差)."""

from __future__ import annotations

from . import area, closure, zone

__all__ = ["area", "closure", "zone"]
