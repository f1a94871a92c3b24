"""Fill an office's own xlsx form: ``{{field}}`` anywhere, rows with ``{{table.column}}`` repeated for every record.

openpyxl reads the template once and brings it into one known spelling; filling then works on the rows of that spelling,
which is some fifty times faster than opening the template for every parcel and leaves everything else as the office drew it.
Merged cells, formulas, print areas, breaks, formats and validations below a repeated row move with it.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Optional, Union

import openpyxl
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from ..model.errors import WeipianError
from ..office import sheet_text
from ..office.container import office_parts, office_zip
from ..office.text import cell_text
from .placeholder import CellText, KnownFields, Record, Value, Values, parse

_ROW = re.compile(r"<row ([^>]*?)(?:/>|>(.*?)</row>)", re.DOTALL)
_CELL = re.compile(r'<c r="([A-Z]+)(\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_FORMULA = re.compile(r"(<f[^>]*>)(.*?)(</f>)", re.DOTALL)
_REFERENCE = re.compile(r"(?<![A-Za-z0-9_.$'\"])(\$?[A-Z]{1,3}\$?)(\d+)(?::(\$?[A-Z]{1,3}\$?)(\d+))?(?![A-Za-z0-9_(!])")
_ROWS_ONLY = re.compile(r"(?<![A-Za-z0-9$])\$(\d+):\$(\d+)(?![A-Za-z0-9])")
_FOOTER = re.compile(r"(<(?:odd|even|first)(?:Footer|Header)>)(.*?)(</(?:odd|even|first)(?:Footer|Header)>)", re.DOTALL)
_HIGHEST_ROW = 409.0  # points, Excel's limit
_LINE = 1.32  # line height in font sizes


@dataclass(frozen=True)
class _Cell:
    column: str
    attributes: str  # style only
    content: Union[CellText, str]  # placeholders, or the XML inside the cell
    kind: str  # type attribute of a fixed cell
    wraps_at: float  # columns of the default font the (merged) cell holds; 0 = does not wrap
    size: float  # font size in points


@dataclass(frozen=True)
class _Row:
    number: int
    attributes: str  # without r, ht and customHeight
    height: Optional[float]
    cells: tuple[_Cell, ...]
    table: str


@dataclass(frozen=True)
class _Sheet:
    part: str
    title: str
    before: str
    rows: tuple[_Row, ...]
    after: str


@dataclass(frozen=True)
class SpreadsheetTemplate:
    """A template ready to be filled for any number of parcels."""

    name: str
    parts: Mapping[str, bytes]
    sheets: tuple[_Sheet, ...]

    def fill(self, values: Values) -> bytes:
        """The filled workbook; equal values give equal bytes."""
        parts = dict(self.parts)
        workbook = parts["xl/workbook.xml"].decode("utf-8")
        for position, sheet in enumerate(self.sheets):
            content, moved = _fill_sheet(sheet, values)
            parts[sheet.part] = content.encode("utf-8")
            workbook = _move_names(workbook, position, moved)
        parts["xl/workbook.xml"] = workbook.encode("utf-8")
        return office_zip(parts)


def read_template(path: Path, known: KnownFields) -> SpreadsheetTemplate:
    """Read and check a template. Raises ``filing.template_unreadable`` and the errors of :func:`placeholder.parse`."""
    try:
        workbook = openpyxl.load_workbook(path)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, InvalidFileException) as error:
        raise WeipianError("filing.template_unreadable", template=str(path), reason=error) from error
    placeholders = {sheet.title: _placeholders(sheet, known, path.name) for sheet in workbook.worksheets}
    buffer = io.BytesIO()
    workbook.save(buffer)
    parts = office_parts(buffer.getvalue())
    sheets = tuple(
        _read_sheet(f"xl/worksheets/sheet{position}.xml", sheet, parts, placeholders[sheet.title], known, path.name)
        for position, sheet in enumerate(workbook.worksheets, start=1)
    )
    return SpreadsheetTemplate(path.name, parts, sheets)


def _placeholders(sheet: Any, known: KnownFields, template: str) -> dict[tuple[int, str], CellText]:
    result: dict[tuple[int, str], CellText] = {}
    for row in sheet.iter_rows():
        table = ""
        for cell in row:
            if not isinstance(cell.value, str):
                continue
            place = f"{sheet.title}!{cell.coordinate}"
            text = parse(cell.value, known, template, place)
            if text is None:
                continue
            if cell.data_type == "f":
                raise WeipianError("filing.template_formula", template=template, cell=place)
            if text.table and table and text.table != table:
                raise WeipianError(
                    "filing.template_two_tables", template=template, cell=place, tables=f"{table}、{text.table}"
                )
            table = table or text.table
            result[cell.row, cell.column_letter] = text
    return result


def _read_sheet(
    part: str,
    sheet: Any,
    parts: Mapping[str, bytes],
    placeholders: Mapping[tuple[int, str], CellText],
    known: KnownFields,
    template: str,
) -> _Sheet:
    xml = parts[part].decode("utf-8")
    before, _, rest = xml.partition("<sheetData>")
    inside, _, after = rest.partition("</sheetData>")
    before = re.sub(r"<dimension [^>]*/>", "", before)
    widths = _widths(sheet)
    rows = []
    for match in _ROW.finditer(inside):
        attributes = match[1].rstrip("/ ")
        number = int(_attribute(attributes, "r") or 0)
        height = _attribute(attributes, "ht")
        kept = re.sub(r'\s*\b(?:r|ht|customHeight|spans)="[^"]*"', "", attributes)
        cells = tuple(_read_cell(result, sheet, placeholders, widths) for result in _CELL.finditer(match[2] or ""))
        table = next(
            (cell.content.table for cell in cells if isinstance(cell.content, CellText) and cell.content.table), ""
        )
        rows.append(_Row(number, kept, float(height) if height else None, cells, table))
    return _Sheet(
        part, sheet.title, before + "<sheetData>", tuple(rows), "</sheetData>" + _footers(after, known, template)
    )


def _footers(after: str, known: KnownFields, template: str) -> str:
    """Headers and footers with their placeholders by field name; a table has no place there."""

    def named(found: re.Match[str]) -> str:
        field = known.resolve(html.unescape(found[1]).strip())
        if field is None or field[0]:
            raise WeipianError("filing.template_field_unknown", template=template, cell="页眉页脚", field=found[1])
        return f"{{{{{field[1]}}}}}"

    def filled(found: re.Match[str]) -> str:
        return found[1] + re.sub(r"\{\{([^{}]*)\}\}", named, found[2]) + found[3]

    return _FOOTER.sub(filled, after)


def _filled_footers(after: str, values: Values) -> str:
    """Values in headers and footers: ``&`` begins a code there and is doubled; one line each."""

    def value(found: re.Match[str]) -> str:
        text = " ".join(cell_text(values.fields.get(found[1]) or "").split())
        return html.escape(text.replace("&", "&&"), quote=False)

    return _FOOTER.sub(lambda found: found[1] + re.sub(r"\{\{([^{}]*)\}\}", value, found[2]) + found[3], after)


def _attribute(attributes: str, name: str) -> Optional[str]:
    match = re.search(rf'\b{name}="([^"]*)"', attributes)
    return match[1] if match else None


def _read_cell(
    found: re.Match[str], sheet: Any, placeholders: Mapping[tuple[int, str], CellText], widths: Mapping[str, float]
) -> _Cell:
    column, row, attributes = found[1], int(found[2]), found[3]
    style = _attribute(attributes, "s")
    cell = sheet[f"{column}{row}"]
    wraps = bool(cell.alignment and cell.alignment.wrap_text)
    wraps_at = widths.get(f"{column}{row}", widths.get(column, 8.43)) if wraps else 0.0
    content = placeholders.get((row, column))
    return _Cell(
        column,
        f' s="{style}"' if style else "",
        content if content is not None else (found[4] or ""),
        _attribute(attributes, "t") or "",
        wraps_at,
        float(cell.font.sz or 11) if cell.font else 11.0,
    )


def _widths(sheet: Any) -> dict[str, float]:
    """Room of columns (by letter) and of merged cells (by their first cell), in characters of the default font."""
    columns: dict[int, float] = {}
    for letter, dimension in sheet.column_dimensions.items():
        first = dimension.min or column_index_from_string(letter)
        for column in range(first, (dimension.max or first) + 1):
            columns[column] = float(dimension.width)
    default = float(sheet.sheet_format.defaultColWidth or 8.43)
    widths = {get_column_letter(column): columns.get(column, default) for column in range(1, sheet.max_column + 1)}
    for area in sheet.merged_cells.ranges:
        room = sum(columns.get(column, default) for column in range(area.min_col, area.max_col + 1))
        # a cell merged over several rows has their height: count it as so much wider
        widths[area.start_cell.coordinate] = room * (area.max_row - area.min_row + 1)
    return widths


class _Moved:
    """Where the template's rows went: each old row number to its first and last new one."""

    def __init__(self) -> None:
        self._repeated: list[tuple[int, int]] = []  # (old row, extra rows)

    def repeat(self, row: int, copies: int) -> None:
        if copies != 1:
            self._repeated.append((row, copies - 1))

    def first(self, row: int) -> int:
        return row + sum(extra for repeated, extra in self._repeated if repeated < row)

    def last(self, row: int) -> int:
        return row + sum(extra for repeated, extra in self._repeated if repeated <= row)

    def reference(self, found: re.Match[str]) -> str:
        column, row, end_column, end_row = found[1], int(found[2]), found[3], found[4]
        if not end_column:
            return f"{column}{self.first(row)}"
        return f"{column}{self.first(row)}:{end_column}{self.last(int(end_row))}"

    def references(self, text: str) -> str:
        return _REFERENCE.sub(self.reference, text) if self._repeated else text

    def areas(self, text: str) -> str:
        """References to areas: a lone cell of a repeated row stands for all its copies."""

        def area(found: re.Match[str]) -> str:
            row = int(found[2])
            if found[3] or self.first(row) == self.last(row):
                return self.reference(found)
            return f"{found[1]}{self.first(row)}:{found[1]}{self.last(row)}"

        return _REFERENCE.sub(area, text)

    def rows_only(self, found: re.Match[str]) -> str:
        return f"${self.first(int(found[1]))}:${self.last(int(found[2]))}"


def _fill_sheet(sheet: _Sheet, values: Values) -> tuple[str, _Moved]:
    moved = _Moved()
    for row in sheet.rows:
        if row.table:
            moved.repeat(row.number, max(1, len(values.tables[row.table])))
    output = [sheet.before]
    for row in sheet.rows:
        output.extend(_fill_row(row, values, moved))
    output.append(_move_after(_filled_footers(sheet.after, values), sheet.rows, values, moved))
    return "".join(output), moved


def _fill_row(row: _Row, values: Values, moved: _Moved) -> Iterator[str]:
    records: list[Optional[Record]] = [None]
    if row.table:
        records = [*values.tables[row.table]] or [None]
    for number, record in enumerate(records, start=moved.first(row.number)):
        height = row.height
        cells = []
        for cell in row.cells:
            if isinstance(cell.content, str):
                content = _FORMULA.sub(lambda found: found[1] + moved.references(found[2]) + found[3], cell.content)
                kind = f' t="{cell.kind}"' if cell.kind else ""
                cells.append(f'<c r="{cell.column}{number}"{cell.attributes}{kind}>{content}</c>')
                continue
            value = cell.content.fill(values.fields, record)
            cells.append(_cell_xml(f"{cell.column}{number}", cell.attributes, value))
            needed = _height(cell, value)
            if needed > (height or 15.0):
                height = needed
        tall = f' ht="{height:g}" customHeight="1"' if height else ""
        yield f'<row r="{number}"{row.attributes and " " + row.attributes.strip()}{tall}>{"".join(cells)}</row>'


def _cell_xml(place: str, style: str, value: Value) -> str:
    if value is None or value == "":
        return f'<c r="{place}"{style}/>'
    if isinstance(value, (int, Decimal)):
        return f'<c r="{place}"{style}><v>{value}</v></c>'
    text = html.escape(cell_text(value), quote=False)
    return f'<c r="{place}"{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _height(cell: _Cell, value: Value) -> float:
    """Points the cell's text needs when it wraps; 0 for what fits by nature."""
    if not cell.wraps_at or not isinstance(value, str):
        return 0.0
    room = max(1.0, (cell.wraps_at - 1.0) * 11.0 / cell.size)
    return min(_HIGHEST_ROW, round(sheet_text.lines(value, room) * cell.size * _LINE + 4.0, 1))


def _move_after(after: str, rows: tuple[_Row, ...], values: Values, moved: _Moved) -> str:
    """Merged cells, breaks, formats and validations behind the rows."""
    copies = {row.number: max(1, len(values.tables[row.table])) for row in rows if row.table}
    if all(count == 1 for count in copies.values()):
        return after

    def area(found: re.Match[str]) -> str:
        return _merged(found[1], copies, moved) if found[1] else found[2] + moved.areas(found[3]) + found[4]

    def formula(found: re.Match[str]) -> str:
        return found[1] + moved.references(found[2]) + found[3]

    after = re.sub(r'<mergeCell ref="([^"]+)"\s*/>|(\b(?:sqref|ref)=")([^"]+)(")', area, after)
    after = re.sub(r'<mergeCells count="\d+">', f'<mergeCells count="{after.count("<mergeCell ")}">', after)
    after = re.sub(r"(<formula\d?>)(.*?)(</formula\d?>)", formula, after, flags=re.DOTALL)
    return re.sub(r'(<brk id=")(\d+)(")', lambda found: f"{found[1]}{moved.last(int(found[2]))}{found[3]}", after)


def _merged(area: str, copies: Mapping[int, int], moved: _Moved) -> str:
    """A merged area: repeated with its row when it lies within one, moved or stretched otherwise."""
    corners = re.fullmatch(r"([A-Z]+)(\d+):([A-Z]+)(\d+)", area)
    if corners is None:
        return f'<mergeCell ref="{area}"/>'
    left, top, right, bottom = corners[1], int(corners[2]), corners[3], int(corners[4])
    if top == bottom and top in copies:
        first = moved.first(top)
        rows = range(first, first + copies[top])
        return "".join(f'<mergeCell ref="{left}{row}:{right}{row}"/>' for row in rows)
    return f'<mergeCell ref="{left}{moved.first(top)}:{right}{moved.last(bottom)}"/>'


def _move_names(workbook: str, position: int, moved: _Moved) -> str:
    """Print area and print titles of one sheet."""

    def named(found: re.Match[str]) -> str:
        text = _REFERENCE.sub(moved.reference, found[2])
        return found[1] + _ROWS_ONLY.sub(moved.rows_only, text) + found[3]

    pattern = rf'(<definedName [^>]*localSheetId="{position}"[^>]*>)(.*?)(</definedName>)'
    return re.sub(pattern, named, workbook, flags=re.DOTALL)
