"""Intake (入库): any delivery becomes parcels, any source a layer, and the report says what was found."""

from __future__ import annotations

from ..formats import coordinates_txt
from . import report
from .delivery import FileFacts, Intake, read_delivery
from .differences import Change, Differences, compare_with_earlier
from .layers import county_outline
from .preview import TablePreview, preview_delivery
from .settings import IntakeOptions, Tolerances, standard_tolerances

__all__ = [
    "Change",
    "Differences",
    "FileFacts",
    "Intake",
    "IntakeOptions",
    "TablePreview",
    "Tolerances",
    "compare_with_earlier",
    "coordinates_txt",
    "county_outline",
    "preview_delivery",
    "read_delivery",
    "report",
    "standard_tolerances",
]
