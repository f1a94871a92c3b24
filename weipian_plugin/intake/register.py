"""Registers without geometry (台账): Excel and CSV tables that join to parcels by number."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ..formats.encoding import decide_encoding
from ..formats.shapefile_set import unique_names
from ..model.errors import WeipianError
from .fields import map_fields

_HEADER_ROWS = 10
_CELLS = 20_000_000


def read(path: Path, encoding: str | None = None) -> list[tuple[str, pd.DataFrame, str]]:
    """The tables of a workbook or CSV file: sheet name, rows (object columns), encoding.

    Raises ``intake.register_unreadable`` and ``intake.register_old_excel``.
    """
    suffix = path.suffix.lower()
    if suffix == ".xls":
        raise WeipianError("intake.register_old_excel", path=str(path))
    if suffix == ".csv":
        text, used = _decoded(path, encoding)
        try:
            rows = list(csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=_delimiter(text)))
        except csv.Error as error:
            raise WeipianError("intake.register_unreadable", path=str(path), reason=str(error)) from error
        return [("", _table(rows), used)]
    return [(name, table, "utf-8") for name, table in _sheets(path) if len(table.columns)]


def _decoded(path: Path, encoding: str | None) -> tuple[str, str]:
    raw = path.read_bytes()
    if raw[:3] == b"\xef\xbb\xbf":
        return raw[3:].decode("utf-8", errors="replace"), "utf-8"
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace"), "utf-16"
    used = decide_encoding(raw.splitlines()[:5000], chosen=encoding).encoding
    return raw.decode(used, errors="replace"), used


def _delimiter(text: str) -> str:
    line = text.split("\n", 1)[0]
    return max((",", "\t", ";"), key=line.count)


def _sheets(path: Path) -> list[tuple[str, pd.DataFrame]]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            return [(sheet.title, _table(_rows(sheet, path))) for sheet in book.worksheets]
        finally:
            book.close()
    except (InvalidFileException, zipfile.BadZipFile, zlib.error, LookupError, ValueError, OSError, EOFError, TypeError,
            AttributeError, SyntaxError, ArithmeticError, RuntimeError, MemoryError) as error:  # fmt: skip
        raise WeipianError(
            "intake.register_unreadable", path=str(path), reason=" ".join(str(error).split())[:200]
        ) from error


def _rows(sheet: Any, path: Path) -> list[Sequence[Any]]:
    rows: list[Sequence[Any]] = []
    cells = 0
    for row in sheet.iter_rows(values_only=True):
        cells += len(row)
        if cells > _CELLS:
            raise WeipianError("intake.register_unreadable", path=str(path), reason=f"> {_CELLS} cells")
        if any(value is not None for value in row):
            rows.append(row)
    return rows


def _table(rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """Rows below the header; the header is the first of the top rows that a known schema recognises, else the first one."""
    rows = [row for row in rows if any(str(value or "").strip() for value in row)]
    if not rows:
        return pd.DataFrame()
    heads = [[str(value or "").strip() for value in row] for row in rows[:_HEADER_ROWS]]
    head = next((position for position, names in enumerate(heads) if map_fields([n for n in names if n]).recognised), 0)
    width = max((position + 1 for position, name in enumerate(heads[head]) if name), default=0)
    names = unique_names(name or f"列{position + 1}" for position, name in enumerate(heads[head][:width]))
    body = [[*row, *[None] * width][:width] for row in rows[head + 1 :]]
    return pd.DataFrame(body, columns=list(names), dtype=object)
