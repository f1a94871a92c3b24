"""Work outside (外业): a folder for a phone, and its way back into the workspace."""

from __future__ import annotations

from .package import FieldPackage, estimate, write_package
from .records import FieldParcel, read_field_parcels
from .returned import ReturnPreview, read_return

__all__ = [
    "FieldPackage",
    "FieldParcel",
    "ReturnPreview",
    "estimate",
    "read_field_parcels",
    "read_return",
    "write_package",
]
