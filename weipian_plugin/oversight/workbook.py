"""Tables as an xlsx workbook in the layout habit of the offices: A4 landscape, one page wide, 微软雅黑, blue header, yellow total,
red non-zero checks; a hidden sheet gives the parcels behind each figure by its id.

Layout values are data (``resources/oversight/tables.yaml``, key ``style``).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..model.messages import render
from ..office import sheet_text
from ..office.book import PAGE_OF_PAGES, Band, Cell, Look, Margins, Page, Row, Sheet, plain, sheet_name
from ..office.book_writer import write_book
from ..office.dates import dates_in_words
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
_TITLE_HEIGHT, _SIGNED_HEIGHT, _LINE = 28.0, 30.0, 15.0  # points
#: characters of the text font (10 pt) that a page of landscape holds at no less than 8 pt; beyond A3 text columns give way
_ON_A4, _ON_A3 = 145.0, 185.0
_NARROWEST_TEXT = 8.0
_CELL_CHARACTERS = 32000  # Excel holds 32,767 in a cell
_MAXIMUM_WIDTH = 60.0
_NOTE, _LINK, _BORDER = "595959", "0563C1", "BFBFBF"  # colours of notes and links, of the lines around cells
_LOUD = "C00000"


def write(tables: Iterable[Table], path: Path) -> Path:
    """Write a workbook with one sheet a table and the hidden index; an existing file is replaced only when the new one is whole.

    Raises ``office.unwritable`` and ``office.file_held``.
    """
    path, tables = Path(path), tuple(tables)
    return write_book(path, _sheets(tables, path.parent))


def _sheets(tables: Sequence[Table], folder: Path) -> Iterator[Sheet]:
    taken: set[str] = set()
    style = looks().style
    for table in tables:
        links = {place: _link(target, folder) for place, target in table.links.items()}
        yield _TableSheet(table, links, style).sheet(sheet_name(table.title, taken))
    yield from _index(tables)


class _TableSheet:
    """One table as a sheet: title, subtitle, head (of two rows where columns are grouped), rows, total, notes, the line to sign."""

    def __init__(self, table: Table, links: Mapping[tuple[int, str], str], style: Style) -> None:
        self._table, self._links, self._style = table, links, style
        self._widths = _fitted(_widths(table), table.columns)
        self._grouped = any(column.group for column in table.columns)
        self._text = Look(style.font, style.text_size, vertical="center", wraps=True, form="General")
        self._looks: dict[tuple[Column, bool, bool, bool], Look] = {}
        self._note = replace(self._text, colour=_NOTE)
        self._header = replace(
            self._text, bold=True, colour=style.header_font, fill=style.header_fill, edge=_BORDER, horizontal="center"
        )

    def sheet(self, name: str) -> Sheet:
        """The sheet, its rows made as they are written."""
        below = _FIRST_HEADER + (2 if self._grouped else 1)
        return Sheet(name, self._rows(), self._widths, self._page(below - 1), frozen=f"A{below}")

    def _page(self, last_header: int) -> Page:
        """Paper, margins, the head on every page, pages counted."""
        style, inch = self._style, self._style.margins_inch
        return Page(
            a3=sum(self._widths) > _ON_A4,
            upright=style.orientation == "portrait",
            centred=True,
            margins=Margins(inch.left, inch.right, inch.top, inch.bottom, header=0.2, footer=0.2),
            head_rows=f"{_FIRST_HEADER}:{last_header}",
            footer=Band(left=plain(self._table.title), right=PAGE_OF_PAGES),
        )

    def _rows(self) -> Iterator[Row]:
        table = self._table
        title = replace(self._text, size=self._style.title_size, bold=True, horizontal="center")
        yield self._line(table.title, title, _TITLE_HEIGHT)
        yield self._line(table.subtitle, replace(self._note, horizontal="center"))
        yield from self._headers()
        for position, row in enumerate(table.rows):
            links = [self._links.get((position, column.key), "") for column in table.columns]
            yield self._row(row, links)
        if table.total is not None:
            yield self._row(table.total, [""] * len(table.columns), total=True)
        yield from self._foot()

    def _line(self, text: str, look: Look, height: float = 0) -> Row:
        """A text over the whole width."""
        return Row([Cell(text, look, across=len(self._table.columns))], height)

    def _row(self, row: Sequence[Any], links: Sequence[str], total: bool = False) -> Row:
        columns = self._table.columns
        cells = [self._value(value, column, total, link) for value, column, link in zip(row, columns, links)]
        return Row(cells, _height(row, columns, self._widths))

    def _foot(self) -> Iterator[Row]:
        """Notes, source and the line to sign below the rows."""
        table, room = self._table, int(sum(self._widths))
        left = replace(self._note, horizontal="left")
        notes = [dates_in_words(render(message)) for message in table.footnotes]
        for note in (*notes, *([f"口径来源：{table.source}"] if table.source else [])):
            look = replace(left, bold=True, colour=_LOUD) if note.startswith("【注意】") else left
            yield self._line(note, look, _LINE * max(1, -(-int(sheet_text.columns(note)) // room)) + 2)
        if table.signed:
            yield self._line(table.signed, replace(self._text, horizontal="left"), _SIGNED_HEIGHT)
        if table.journal:
            yield self._line(table.journal, left)

    def _headers(self) -> Iterator[Row]:
        """One header row, or two with merged groups above."""
        columns, widths = self._table.columns, self._widths
        if self._grouped:
            room = {
                column.group: sum(width for width, each in zip(widths, columns) if each.group == column.group)
                for column in columns
            }
            height = _LINE * max(_lines(group, width) for group, width in room.items()) + 4
            yield Row([self._group_cell(position) for position in range(len(columns))], height)
        height = _LINE * max(_lines(column.title, width) for column, width in zip(columns, widths)) + 4
        titles = ["" if self._grouped and not column.group else column.title for column in columns]
        yield Row([Cell(title, self._header) for title in titles], height)

    def _group_cell(self, position: int) -> Cell:
        """A cell of the upper header row: the first of a group is merged over the group, a column without one over both rows."""
        columns = self._table.columns
        group = columns[position].group
        if not group:
            return Cell(columns[position].title, self._header, down=2)
        if position and columns[position - 1].group == group:
            return Cell("", self._header)
        end = next((at for at in range(position, len(columns)) if columns[at].group != group), len(columns))
        return Cell(group, self._header, across=end - position)

    def _value(self, value: Any, column: Column, total: bool, link: str) -> Cell:
        number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
        if column.kind.startswith("check") and number and value != 0:
            return Cell(value, self._alarm(column), link)
        kind = (column, number, total, bool(link))
        if kind not in self._looks:
            self._looks[kind] = self._look(*kind)
        return Cell(value, self._looks[kind], link)

    def _look(self, column: Column, number: bool, total: bool, linked: bool) -> Look:
        look = replace(self._aligned(column, number), fill=self._style.total_fill if total else "")
        if linked:
            return replace(look, colour=_LINK, underlined=True)
        return replace(look, bold=total)

    def _alarm(self, column: Column) -> Look:
        style = self._style
        return replace(self._aligned(column, True), bold=True, colour=style.check_font, fill=style.check_fill)

    def _aligned(self, column: Column, number: bool) -> Look:
        """Figures stand right, long text left, the rest in the middle."""
        form = _FORMATS.get(column.kind, "General") if number else ""
        if number and column.kind not in ("index", "days"):
            return replace(self._text, form=form, edge=_BORDER, horizontal="right", wraps=False)
        side = "left" if column.kind == "text" and column.width > 14 else "center"
        return replace(self._text, form=form, edge=_BORDER, horizontal=side)


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


def _index(tables: Sequence[Table]) -> tuple[Sheet, Sheet]:
    """Two hidden sheets: figure id, title, value, set; and the sets in chunks that a cell can hold."""
    sets: dict[tuple[str, ...], int] = {}
    figures = [_plain_row(("数字编号", "表", "行", "列", "数值", "图斑集合", "图斑数"))]
    for table in tables:
        figures.extend(_figures(table, sets))
    listing = [_plain_row(("图斑集合", "序", "图斑编号（分地块写作 编号#_1）"))]
    for members, number in sets.items():
        listing.extend(_plain_row((number, part, text)) for part, text in enumerate(_chunks(members), start=1))
    return Sheet(FIGURES_SHEET, figures, hidden=True), Sheet(SETS_SHEET, listing, hidden=True)


def _figures(table: Table, sets: dict[tuple[str, ...], int]) -> Iterator[Row]:
    """A row a figure; the items behind it get a number in ``sets``."""
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
        yield _plain_row((figure, table.title, shown, titled, cells.get(figure), number, len(members)))


def _plain_row(values: Sequence[Any]) -> Row:
    return Row([Cell(value) for value in values])


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
