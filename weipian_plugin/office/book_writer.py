"""The one writer of xlsx: workbooks of :mod:`book` as files, row by row, so that long tables cost no memory."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties

from .book import Band, Cell, Look, Margins, Page, Row, Sheet, letter
from .cells import put
from .container import office_parts, office_zip
from .files import write_atomic

_A3, _A4 = 8, 9  # paper sizes of the file format


def write_book(path: Path, sheets: Iterable[Sheet]) -> Path:
    """Write a workbook; an old file stays whole until the new one is. Raises ``office.unwritable`` and ``office.file_held``."""
    return write_atomic(path, _workbook(sheets).save)


def book_bytes(sheets: Iterable[Sheet]) -> bytes:
    """The same as bytes without the clock in them: equal sheets give equal bytes."""
    buffer = io.BytesIO()
    _workbook(sheets).save(buffer)
    return office_zip(office_parts(buffer.getvalue()))


def _workbook(sheets: Iterable[Sheet]) -> Workbook:
    book = Workbook(write_only=True)
    looks = _Looks()
    for sheet in sheets:
        _SheetWriter(book.create_sheet(sheet.name), looks).write(sheet)
    return book


class _Looks:
    """The looks of a workbook's cells, each made once: openpyxl hashes every font and border again for every cell."""

    def __init__(self) -> None:
        self._made: dict[tuple[Look, str], Any] = {}

    def give(self, cell: Any, look: Look) -> None:
        """Set the looks of an openpyxl cell that has its value."""
        key = (look, look.form or cell.number_format)
        if key not in self._made:
            _dress(cell, look)
            cell.number_format = key[1]
            self._made[key] = cell._style
        cell._style = self._made[key]


def _dress(cell: Any, look: Look) -> None:
    if look.font or look.size or look.bold or look.colour or look.underlined:
        cell.font = Font(
            look.font or None,
            look.size or None,
            bold=look.bold,
            color=look.colour or None,
            underline="single" if look.underlined else None,
        )
    if look.fill:
        cell.fill = PatternFill("solid", fgColor=look.fill)
    if look.edge:
        side = Side("thin", look.edge)
        cell.border = Border(left=side, right=side, top=side, bottom=side)
    if look.horizontal or look.vertical or look.wraps:
        cell.alignment = Alignment(look.horizontal or None, look.vertical or None, wrap_text=look.wraps or None)


class _SheetWriter:
    """Fills one sheet. What stands before the rows in the file (widths, frozen head, fitting) is set first."""

    def __init__(self, target: Any, looks: _Looks) -> None:
        self._target, self._looks = target, looks
        self._rows = 0

    def write(self, sheet: Sheet) -> None:
        """The whole sheet."""
        if sheet.hidden:
            self._target.sheet_state = "hidden"
        if sheet.frozen:
            self._target.freeze_panes = sheet.frozen
        for position, width in enumerate(sheet.widths, start=1):
            self._target.column_dimensions[letter(position)].width = width
        if sheet.page is not None:
            self._set_page(sheet.page)
        for row in sheet.rows:
            self._append(row)
        if sheet.filtered:
            self._target.auto_filter.ref = f"A1:{letter(len(sheet.widths))}{self._rows}"

    def _append(self, row: Row) -> None:
        self._rows += 1
        if row.height:
            self._target.row_dimensions[self._rows].height = row.height
        if row.new_page and self._rows > 1:
            self._target.row_breaks.append(Break(id=self._rows - 1))
        self._target.append([self._cell(cell, column) for column, cell in enumerate(row.cells, start=1)])

    def _cell(self, cell: Cell, column: int) -> Any:
        at = self._rows
        if cell.across > 1 or cell.down > 1:
            last = f"{letter(column + cell.across - 1)}{at + cell.down - 1}"
            self._target.merged_cells.add(f"{letter(column)}{at}:{last}")
        if cell.picture is not None:
            self._target.add_image(Image(io.BytesIO(cell.picture)), f"{letter(column)}{at}")
        made = put(WriteOnlyCell(self._target), cell.value)
        if cell.link:
            made.hyperlink = cell.link
        self._looks.give(made, cell.look)
        return made

    def _set_page(self, page: Page) -> None:
        target = self._target
        target.page_setup.paperSize = _A3 if page.a3 else _A4
        target.page_setup.orientation = "portrait" if page.upright else "landscape"
        if page.scale:
            target.page_setup.scale = page.scale
        else:
            target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
            target.page_setup.fitToWidth, target.page_setup.fitToHeight = 1, 0
        target.page_margins = _margins(page.margins)
        target.print_options.horizontalCentered = page.centred or None
        if page.head_rows:
            target.print_title_rows = page.head_rows
        if page.head_columns:
            target.print_title_cols = page.head_columns
        _set_band(target.oddHeader, page.header)
        _set_band(target.oddFooter, page.footer)


def _margins(margins: Margins) -> object:
    return PageMargins(margins.left, margins.right, margins.top, margins.bottom, margins.header, margins.footer)


def _set_band(target: Any, band: Band) -> None:
    target.left.text, target.center.text, target.right.text = (
        text or None for text in (band.left, band.center, band.right)
    )
