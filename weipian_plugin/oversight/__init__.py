"""Deadlines, rectification, error rates, ranking, tables, yearly summary: all from a workspace snapshot and a day."""

from __future__ import annotations

from . import deadlines, rectification, review_states, tables, workbook
from .reports import Written, write_all
from .table import Table

__all__ = ["Table", "Written", "deadlines", "rectification", "review_states", "tables", "workbook", "write_all"]
