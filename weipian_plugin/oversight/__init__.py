"""Deadlines, rectification, error rates, ranking, tables, yearly summary: all from a workspace snapshot and a day."""

from __future__ import annotations

from . import (
    acceptance,
    assessment,
    deadlines,
    error_rates,
    rectification,
    registers,
    returned,
    review_states,
    tables,
    units,
    workbook,
)
from .building import Prepared, prepare
from .office import signature
from .reports import ReportOptions, Written, write_all
from .table import Table
from .years import snapshot_of_year

__all__ = [
    "Prepared", "ReportOptions", "Table", "Written", "acceptance", "assessment", "deadlines", "error_rates", "prepare", "rectification",
    "overview", "registers", "returned", "review_states", "signature", "snapshot_of_year", "summary", "tables", "units", "workbook", "write_all",
]  # fmt: skip
