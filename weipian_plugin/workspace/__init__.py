"""The store of a working area: one GeoPackage, every change journaled."""

from __future__ import annotations

from .schema import SCHEMA_VERSION, TABLES
from .store import Workspace

__all__ = ["SCHEMA_VERSION", "TABLES", "Workspace"]
