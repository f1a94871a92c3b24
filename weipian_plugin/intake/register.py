"""Registers without geometry (台账): Excel and CSV tables that join to parcels by number."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ..formats.shapefile_set import unique_names
from ..formats.sheets import Sheet, header_of, read_sheets
from .fields import map_fields


def read(path: Path, encoding: str | None = None) -> list[tuple[str, pd.DataFrame, str]]:
    """The tables of a workbook or CSV file: sheet name, rows (object columns), encoding. Raises what :func:`read_sheets` raises."""
    tables = [(sheet.name, _table(sheet), sheet.encoding) for sheet in read_sheets(path, encoding)]
    return [one for one in tables if len(one[1].columns) or not one[0]]


def _table(sheet: Sheet) -> pd.DataFrame:
    """Rows below the header; the header is the first of the top rows that a known schema recognises, else the first one."""
    if not sheet.rows:
        return pd.DataFrame()
    heads, below = header_of(sheet, _recognised)
    width = max((position + 1 for position, name in enumerate(heads) if name), default=0)
    names = unique_names(name or f"列{position + 1}" for position, name in enumerate(heads[:width]))
    body = [[*row, *[None] * width][:width] for row in sheet.rows[below:]]
    return pd.DataFrame(body, columns=list(names), dtype=object)


def _recognised(names: Sequence[str]) -> bool:
    return map_fields(list(names)).recognised
