"""Parcels are measured against layers (套合)."""

from __future__ import annotations

from . import cache
from .engine import OverlayResult, measure_parcels
from .settings import OverlayOptions

__all__ = ["OverlayOptions", "OverlayResult", "cache", "measure_parcels"]
