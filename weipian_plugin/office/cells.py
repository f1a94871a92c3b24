"""Cells of a workbook: delivered text stays text, whatever it begins with and whatever it holds."""

from __future__ import annotations

from typing import Any

from ..model.values import to_python
from .text import cell_text


def put(cell: Any, value: Any) -> Any:
    """Give an openpyxl cell a value: text as text (never a formula, never a number), numbers as numbers, nothing for missing values."""
    plain = to_python(value)
    if plain is None:
        return cell
    if isinstance(plain, str):
        cell.value = cell_text(plain)
        cell.data_type = "s"
        cell.number_format = "@"
    else:
        cell.value = plain
    return cell
