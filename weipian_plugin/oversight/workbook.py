"""Tables as an xlsx workbook in the layout habit of the offices: A4 landscape, one page wide, 微软雅黑, blue header, yellow total,
red non-zero checks; a hidden sheet gives the parcels behind each figure by its id.

Layout values are data (``resources/oversight/tables.yaml``, key ``style``).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins

from ..model.messages import render
from ..office import sheet_text
from ..office.cells import put
from ..office.dates import dates_in_words
from ..office.files import write_atomic
from .data import tables as looks
from .entries import Style
from .table import TOTAL, Column, Table

#: The hidden sheets: which set of items is behind a figure, and what the sets hold.
FIGURES_SHEET = "图斑索引"
SETS_SHEET = "图斑集合"

_FORMATS = {
    "count": "0",
    "index": "0",
    "days": "0",
    "area": "0.00",
    "score": "0.00",
    "rate": "0.00%",
    "check_count": "0",
    "check_area": "0.00",
}
_FIRST_HEADER = 3  # row of the head, below title and subtitle
_A3, _A4 = 8, 9  # paper size codes of the file format
#: characters of the text font (10 pt) that a page of landscape holds at no less than 8 pt; beyond A3 text columns give way
_ON_A4, _ON_A3 = 145.0, 185.0
_NARROWEST_TEXT = 8.0
_CELL_CHARACTERS = 32000  # Excel holds 32,767 in a cell
_MAXIMUM_WIDTH = 60.0


class _Style:
    """The shared style objects of a workbook."""

    def __init__(self, style: Style) -> None:
        name, size = style.font, style.text_size
        thin = Side(style="thin", color="BFBFBF")
        self.title = Font(name=name, size=style.title_size, bold=True)
        self.note = Font(name=name, size=size, color="595959")
        self.loud = Font(name=name, size=size, bold=True, color="C00000")
        self.header = Font(name=name, size=size, bold=True, color=style.header_font)
        self.text = Font(name=name, size=size)
        self.bold = Font(name=name, size=size, bold=True)
        self.link = Font(name=name, size=size, color="0563C1", underline="single")
        self.check = Font(name=name, size=size, bold=True, color=style.check_font)
        self.header_fill = PatternFill("solid", start_color=style.header_fill)
        self.total_fill = PatternFill("solid", start_color=style.total_fill)
        self.check_fill = PatternFill("solid", start_color=style.check_fill)
        self.border = Border(left=thin, right=thin, top=thin, bottom=thin)
        self.centre = Alignment(horizontal="center", vertical="center", wrap_text=True)
        self.left = Alignment(horizontal="left", vertical="center", wrap_text=True)
        self.right = Alignment(horizontal="right", vertical="center")
        self._made: dict[tuple[int, int, int, bool, str], Any] = {}

    def apply_style(
        self,
        cell: Cell,
        font: Font,
        alignment: Alignment,
        fill: PatternFill | None = None,
        border: bool = False,
        form: str = "General",
    ) -> Cell:
        """Give a cell its looks. A combination is looked up once a workbook: openpyxl hashes every style again for every cell."""
        key = (id(font), id(alignment), id(fill), border, form)
        if key not in self._made:
            cell.font, cell.alignment, cell.number_format = font, alignment, form
            if fill is not None:
                cell.fill = fill
            if border:
                cell.border = self.border
            self._made[key] = cast(Any, cell)._style
        cast(Any, cell)._style = self._made[key]
        return cell


def write(tables: Iterable[Table], path: Path) -> Path:
    """Write a workbook with one sheet a table and the hidden index; an existing file is replaced only when the new one is whole.

    Raises ``office.unwritable`` and ``office.file_held``.
    """
    path = Path(path)
    data = looks().style
    style = _Style(data)
    book = Workbook(write_only=True)
    written: set[str] = set()
    tables = tuple(tables)
    for table in tables:
        links = {place: _link(target, path.parent) for place, target in table.links.items()}
        _sheet(book, replace(table, links=links), sheet_name(table.title, written), style, data)
    _index(book, tables)
    return write_atomic(path, book.save)


def sheet_name(title: str, written: set[str]) -> str:
    """A name Excel takes (31 characters, no ``[]:*?/\\``), not used before."""
    name = re.sub(r"[\[\]:*?/\\]", "-", title)[:31] or "Sheet"
    number = 2
    while name in written:
        tail = f"({number})"
        name = re.sub(r"[\[\]:*?/\\]", "-", title)[: 31 - len(tail)] + tail
        number += 1
    written.add(name)
    return name


def file_name(text: str) -> str:
    """A name that Windows takes as a file's."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "-", text).strip(" .") or "未命名"


def _sheet(book: Workbook, table: Table, name: str, style: _Style, data: Style) -> None:
    sheet = book.create_sheet(name)
    columns, last = table.columns, get_column_letter(len(table.columns))
    widths = _fitted(_widths(table), columns)
    for position, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width
    groups = any(column.group for column in columns)
    header_rows = 2 if groups else 1
    _set_page(sheet, table, sum(widths), header_rows, data)
    merges = [f"A1:{last}1", f"A2:{last}2"]
    sheet.row_dimensions[1].height = 28
    sheet.append([style.apply_style(_cell(sheet, table.title), style.title, style.centre)])
    sheet.append([style.apply_style(_cell(sheet, table.subtitle), style.note, style.centre)])
    merges += _headers(sheet, columns, widths, style, _FIRST_HEADER, groups)
    at = _FIRST_HEADER + header_rows
    for position, row in enumerate(table.rows):
        cells = [
            _value(sheet, value, column, style, False, table.links.get((position, column.key)))
            for value, column in zip(row, columns)
        ]
        sheet.row_dimensions[at].height = _height(row, columns, widths)
        sheet.append(cells)
        at += 1
    if table.total is not None:
        sheet.row_dimensions[at].height = _height(table.total, columns, widths)
        sheet.append([_value(sheet, value, column, style, True, None) for value, column in zip(table.total, columns)])
        at += 1
    merges += _foot(sheet, table, style, at, sum(widths))
    for merge in merges:
        sheet.merged_cells.add(merge)


def _set_page(sheet: Any, table: Table, width: float, header_rows: int, data: Style) -> None:
    """Paper, margins, the head on every page, pages counted."""
    margins = data.margins_inch
    sheet.page_setup.paperSize = _A4 if width <= _ON_A4 else _A3
    sheet.page_setup.orientation = data.orientation
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins = PageMargins(
        left=margins.left,
        right=margins.right,
        top=margins.top,
        bottom=margins.bottom,
        header=0.2,
        footer=0.2,
    )
    sheet.print_options.horizontalCentered = True
    sheet.print_title_rows = f"{_FIRST_HEADER}:{_FIRST_HEADER + header_rows - 1}"
    sheet.oddFooter.left.text = table.title.replace("&", "&&")
    sheet.oddFooter.right.text = "第 &P 页 / 共 &N 页"
    sheet.freeze_panes = f"A{_FIRST_HEADER + header_rows}"


def _foot(sheet: Any, table: Table, style: _Style, at: int, room: float) -> list[str]:
    """Notes, source and the line to sign below the rows; returns the merges."""
    merges, last = [], get_column_letter(len(table.columns))
    for note in (
        *(dates_in_words(render(message)) for message in table.footnotes),
        *([f"口径来源：{table.source}"] if table.source else []),
    ):
        loud = note.startswith("【注意】")
        sheet.row_dimensions[at].height = 15.0 * max(1, -(-int(sheet_text.columns(note)) // int(room))) + 2
        sheet.append([style.apply_style(_cell(sheet, note), style.loud if loud else style.note, style.left)])
        merges.append(f"A{at}:{last}{at}")
        at += 1
    if table.signed:
        sheet.row_dimensions[at].height = 30
        sheet.append([style.apply_style(_cell(sheet, table.signed), style.text, style.left)])
        merges.append(f"A{at}:{last}{at}")
        at += 1
    if table.journal:
        sheet.append([style.apply_style(_cell(sheet, table.journal), style.note, style.left)])
        merges.append(f"A{at}:{last}{at}")
    return merges


def _headers(
    sheet: Any, columns: Sequence[Column], widths: Sequence[float], style: _Style, row: int, groups: bool
) -> list[str]:
    """One header row, or two with merged groups above; returns the merges."""
    merges: list[str] = []

    def cell(text: str) -> Cell:
        return style.apply_style(_cell(sheet, text), style.header, style.centre, style.header_fill, True)

    if groups:
        top: list[Cell] = []
        start = 0
        for position, column in enumerate(columns):
            first = position == 0 or columns[position - 1].group != column.group
            top.append(cell(column.title if not column.group else column.group if first else ""))
            letter = get_column_letter(position + 1)
            if not column.group:
                merges.append(f"{letter}{row}:{letter}{row + 1}")
                start = position + 1
            elif position + 1 == len(columns) or columns[position + 1].group != column.group:
                if position > start:
                    merges.append(f"{get_column_letter(start + 1)}{row}:{letter}{row}")
                start = position + 1
        room = {
            column.group: sum(width for width, each in zip(widths, columns) if each.group == column.group)
            for column in columns
        }
        sheet.row_dimensions[row].height = 15.0 * max(_lines(group, width) for group, width in room.items()) + 4
        sheet.append(top)
        row += 1
    sheet.row_dimensions[row].height = (
        15.0 * max(_lines(column.title, width) for column, width in zip(columns, widths)) + 4
    )
    sheet.append([cell("" if groups and not column.group else column.title) for column in columns])
    return merges


def _value(sheet: Any, value: Any, column: Column, style: _Style, total: bool, link: str | None) -> Cell:
    number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    if number and column.kind not in ("index", "days"):
        alignment = style.right
    else:
        alignment = style.left if column.kind == "text" and column.width > 14 else style.centre
    cell = _cell(sheet, value)
    if link:
        cell.hyperlink = link
    form = _FORMATS.get(column.kind, "General") if number else "@" if isinstance(value, str) else "General"
    if column.kind.startswith("check") and number and value != 0:
        return style.apply_style(cell, style.check, alignment, style.check_fill, True, form)
    font = style.link if link else style.bold if total else style.text
    return style.apply_style(cell, font, alignment, style.total_fill if total else None, True, form)


def _cell(sheet: Any, value: Any) -> Cell:
    cell: Cell = put(WriteOnlyCell(sheet), value)
    return cell


def _link(target: str, folder: Path) -> str:
    """A link to a file or folder, from the workbook's own folder where both lie on one drive, so that they can be moved together."""
    path = Path(target)
    if path.is_absolute():
        try:
            target = Path(os.path.relpath(path, folder.resolve())).as_posix()
        except ValueError:  # another drive
            return path.as_uri()
    return re.sub("[ #%?]", lambda found: f"%{ord(found[0]):02X}", target)


def _widths(table: Table) -> list[float]:
    """The layout's widths, wider where a figure would not fit (it would show as ####) or a number has no room."""
    widths = []
    for position, column in enumerate(table.columns):
        width = column.width
        cells = [row[position] for row in (*table.rows, *([table.total] if table.total else []))]
        if column.kind != "text":
            longest = max((len(_shown(value, column)) for value in cells), default=0)
            width = max(width, longest * 1.15 + 2)
        else:
            longest_text = max(
                (sheet_text.columns(str(value)) for value in cells[:2000] if value is not None), default=0
            )
            width = min(max(width, min(longest_text * 1.15 + 2, width * 1.6)), max(width, _MAXIMUM_WIDTH))
        widths.append(width)
    return widths


def _fitted(widths: Sequence[float], columns: Sequence[Column]) -> list[float]:
    """Widths that A3 holds at no less than 8 pt: columns of text give way in proportion to what they have, figures never."""
    over = sum(widths) - _ON_A3
    room = [
        max(0.0, width - _NARROWEST_TEXT) if column.kind == "text" else 0.0 for width, column in zip(widths, columns)
    ]
    if over <= 0 or not sum(room):
        return list(widths)
    share = min(1.0, over / sum(room))
    return [width - share * spare for width, spare in zip(widths, room)]


def _shown(value: Any, column: Column) -> str:
    if isinstance(value, Decimal) and column.kind == "rate":
        return f"{value * 100:.2f}%"
    return "" if value is None else str(value)


def _lines(text: str, width: float) -> int:
    return sheet_text.lines(str(text), (width - 1) / 1.1)


def _height(row: Sequence[Any], columns: Sequence[Column], widths: Sequence[float]) -> float:
    """Row height for wrapped text: spreadsheet programs do not fit merged or generated rows by themselves."""
    lines = max(
        (
            _lines(str(value), width)
            for value, column, width in zip(row, columns, widths)
            if isinstance(value, str) and value
        ),
        default=1,
    )
    return 15.0 * lines + 3


def _index(book: Workbook, tables: Sequence[Table]) -> None:
    """Two hidden sheets: figure id, title, value, set; and the sets in chunks that a cell can hold."""
    figures = book.create_sheet(FIGURES_SHEET)
    figures.sheet_state = "hidden"
    _append(figures, ["数字编号", "表", "行", "列", "数值", "图斑集合", "图斑数"])
    sets: dict[tuple[str, ...], int] = {}
    for table in tables:
        titles = {
            column.key: f"{column.group}·{column.title}" if column.group else column.title for column in table.columns
        }
        cells: dict[str, Any] = {}
        for row_key, row in (*zip(table.row_keys, table.rows), *([(TOTAL, table.total)] if table.total else [])):
            cells.update({table.figure_id(row_key, column.key): value for column, value in zip(table.columns, row)})
        for figure, members in table.keys.items():
            row_key, _, column = figure.partition("/")[2].rpartition("/")
            if len(members) == 1 and members[0] == row_key:
                continue  # a list's own rows: the number stands in the row
            number = sets.setdefault(members, len(sets) + 1) if members else 0
            shown = "合计" if row_key == TOTAL else row_key
            titled = titles.get(column, column)
            _append(figures, [figure, table.title, shown, titled, cells.get(figure), number, len(members)])
    listing = book.create_sheet(SETS_SHEET)
    listing.sheet_state = "hidden"
    _append(listing, ["图斑集合", "序", "图斑编号（分地块写作 编号#_1）"])
    for members, number in sets.items():
        for part, text in enumerate(_chunks(members), start=1):
            _append(listing, [number, part, text])


def _append(sheet: Any, values: Sequence[Any]) -> None:
    sheet.append([_cell(sheet, value) for value in values])


def _chunks(members: Sequence[str]) -> Iterable[str]:
    """Numbers joined by 、 in texts that a cell can hold."""
    line: list[str] = []
    length = 0
    for member in members:
        if line and length + len(member) + 1 > _CELL_CHARACTERS:
            yield "、".join(line)
            line, length = [], 0
        line.append(member)
        length += len(member) + 1
    if line:
        yield "、".join(line)
