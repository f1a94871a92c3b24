"""Workbooks of plain tables, as reports need them: a head that stays, text that wraps, A4 landscape, one page wide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from . import sheet_text
from .cells import put
from .files import write_atomic

_HEAD = PatternFill("solid", fgColor="D9E2F3")
_WRAP = Alignment(wrap_text=True, vertical="top")
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
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    for table in tables:
        _fill(book.create_sheet(table.title), table)
    return write_atomic(path, book.save)


def _fill(sheet: Any, table: SheetTable) -> None:
    widths = [_width(table, position) for position in range(len(table.head))]
    for position, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width
    for number, row in enumerate([table.head, *table.rows], start=1):
        for column, value in enumerate(row, start=1):
            put(sheet.cell(number, column), value).alignment = _WRAP
        sheet.row_dimensions[number].height = _height(row, widths)
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), _HEAD
    for index, colour in table.fills.items():
        sheet.cell(index + 2, 1).fill = PatternFill("solid", fgColor=colour)
    sheet.freeze_panes = "A2"
    if table.with_filter:
        sheet.auto_filter.ref = sheet.dimensions
    _printed(sheet)


def _width(table: SheetTable, position: int) -> float:
    title = table.head[position]
    if title in table.widths:
        return table.widths[title]
    texts = [title, *(str(row[position]) for row in table.rows if len(row) > position and row[position] is not None)]
    longest = max(sheet_text.columns(line) for text in texts for line in text.split("\n"))
    return min(_WIDEST, max(_NARROWEST, 2 + longest))


def _height(row: Sequence[Any], widths: Sequence[float]) -> float:
    """Spreadsheet programs do not fit the rows of a file that was never edited in them."""
    lines = (sheet_text.lines(value, width - 1) for value, width in zip(row, widths) if isinstance(value, str))
    return min(_LINE * max(lines, default=1), _HIGHEST)


def _printed(sheet: Any) -> None:
    """A4 landscape, one page wide, the head on every page, pages counted."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.print_title_rows = "1:1"
    sheet.oddFooter.center.text = "第 &P 页 / 共 &N 页"
