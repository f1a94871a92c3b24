"""Workbooks of plain tables, as reports need them: a head that stays, text that wraps, A4 landscape, one page wide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from . import sheet_text
from .book import PAGE_OF_PAGES, Band, Cell, Look, Page, Row, Sheet
from .book_writer import write_book

_TEXT = Look(vertical="top", wraps=True)
_HEAD = replace(_TEXT, bold=True, fill="D9E2F3")
_PAGE = Page(head_rows="1:1", footer=Band(center=PAGE_OF_PAGES))
_NARROWEST, _WIDEST = 8, 60  # characters; wider columns wrap
_LINE, _HIGHEST = 15, 409  # points; Excel's limit of a row


@dataclass(frozen=True)
class SheetTable:
    """One sheet. ``widths``: title of a column → characters (others are as wide as their text); ``fills``: row → colour of its first cell."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Any]]
    widths: Mapping[str, float] = field(default_factory=dict)
    fills: Mapping[int, str] = field(default_factory=dict)
    with_filter: bool = False


def write_sheets(path: Path, tables: Sequence[SheetTable]) -> Path:
    """Write a workbook with one sheet a table. Raises ``office.unwritable`` and ``office.file_held``; the old file stays whole."""
    return write_book(path, map(_sheet, tables))


def _sheet(table: SheetTable) -> Sheet:
    widths = [_width(table, position) for position in range(len(table.head))]
    return Sheet(table.title, _rows(table, widths), widths, _PAGE, "A2", filtered=table.with_filter)


def _rows(table: SheetTable, widths: Sequence[float]) -> Iterator[Row]:
    yield Row([Cell(title, _HEAD) for title in table.head], _height(table.head, widths))
    for index, row in enumerate(table.rows):
        cells = [Cell(value, _TEXT) for value in row]
        if index in table.fills and cells:
            cells[0] = cells[0]._replace(look=replace(_TEXT, fill=table.fills[index]))
        yield Row(cells, _height(row, widths))


def _width(table: SheetTable, position: int) -> float:
    title = table.head[position]
    if title in table.widths:
        return table.widths[title]
    texts = [title, *(str(row[position]) for row in table.rows if len(row) > position and row[position] is not None)]
    longest = max(sheet_text.columns(line) for text in texts for line in text.split("\n"))
    return min(_WIDEST, max(_NARROWEST, 2 + longest))


def _height(row: Sequence[object], widths: Sequence[float]) -> float:
    """Spreadsheet programs do not fit the rows of a file that was never edited in them."""
    lines = (sheet_text.lines(value, width - 1) for value, width in zip(row, widths) if isinstance(value, str))
    return min(_LINE * max(lines, default=1), _HIGHEST)
