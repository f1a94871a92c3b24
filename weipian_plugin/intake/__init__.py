"""Intake (入库): any delivery becomes parcels, any source a layer, and the report says what was found."""
from __future__ import annotations

from .delivery import FileFacts, Intake, read_delivery
from .settings import IntakeOptions, Tolerances, standard_tolerances

__all__ = ["FileFacts", "Intake", "IntakeOptions", "Tolerances", "read_delivery", "standard_tolerances"]
