"""Spreadsheets and CSV files as rows of cells, whoever wrote them: one reader for registers of parcels and photos and for returned tables.

Workbooks are read from their XML, because nothing but the cells is of interest: styles that Excel and WPS forgive, a declared range that is
wrong and the namespaces of "Strict Open XML" do no harm. What a file may cost is bounded while it is read (``limits.yaml``).
Source of the layout: ECMA-376 parts 1 and 4 (SpreadsheetML, workbook.xml, sharedStrings.xml, styles.xml).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from ..model.cells import cell_text
from ..model.errors import WeipianError
from .encoding import decoded
from .limits import limits
from .workbook import Workbook

#: Workbooks that are read; others are named with the way out.
WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm")
TEXTS = (".csv", ".tsv")
NAMED = (".xls", ".et", ".ods", ".xlsb", ".numbers")
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK"


@dataclass(frozen=True)
class Sheet:
    """A sheet: its rows that hold anything with their numbers (from 1), and merged ranges (first row, first column, last row, last column).

    Cells are text, int, float, bool, datetime or None; rows have no empty tail. ``encoding`` is that of a text file.
    """

    name: str
    rows: tuple[tuple[Any, ...], ...]
    numbers: tuple[int, ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    encoding: str = "utf-8"


def read_sheets(path: Path, encoding: str | None = None) -> list[Sheet]:
    """The sheets of a workbook or CSV file, recognised by content before name.

    Raises ``intake.register_unreadable`` (damaged), ``intake.register_password``, ``intake.register_old_excel``,
    ``intake.register_kind`` (a spreadsheet that is not read here, or a web page under the name of one), ``intake.register_too_big``.
    Raises ``intake.file_unreadable``.
    """
    suffix = path.suffix.lower()
    try:
        head = _head(path)
        if suffix in TEXTS:
            return [_text_sheet(path, encoding)]
        if head.startswith(_OLE):
            return _old_workbook(path)
        if suffix in (".ods", ".numbers", ".xlsb"):
            raise WeipianError("intake.register_kind", path=str(path), kind=suffix[1:])
        if head.startswith(_ZIP):
            return _new_workbook(path)
        if suffix in (".xls", ".et") and head.strip():
            return _disguised(path, head, encoding)
    except OSError as error:
        raise WeipianError("intake.file_unreadable", path=str(path), reason=error) from error
    raise WeipianError("intake.register_unreadable", path=str(path))


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(512)


def _new_workbook(path: Path) -> list[Sheet]:
    result = []
    with Workbook(path) as book:
        for name, part in book.sheets():
            rows, merged = book.cells(part)
            result.append(Sheet(name, tuple(rows.values()), tuple(rows), merged))
    return result


def _old_workbook(path: Path) -> list[Sheet]:
    """A compound file: an encrypted workbook, or the format before 2007, which xlrd reads where it is there."""
    with path.open("rb") as stream:
        content = stream.read(limits().sheet.file_bytes + 1)
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise WeipianError("intake.register_password", path=str(path))
    try:
        xlrd: Any = import_module("xlrd")  # pure Python, where the office has it; no installer of QGIS carries it
    except ImportError as error:
        raise WeipianError("intake.register_old_excel", path=str(path)) from error
    try:
        book = xlrd.open_workbook(file_contents=content, on_demand=True, logfile=io.StringIO())
        return [_old_sheet(book.sheet_by_name(name), book.datemode, path, xlrd) for name in book.sheet_names()]
    except WeipianError:
        raise
    except Exception as error:  # xlrd raises whatever its parsing meets, on purpose
        if "encrypt" in str(error).lower():
            raise WeipianError("intake.register_password", path=str(path)) from error
        raise WeipianError("intake.register_unreadable", path=str(path)) from error


def _old_sheet(sheet: Any, mode: int, path: Path, xlrd: Any) -> Sheet:
    def cell(row: int, column: int) -> Any:
        kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
        if kind == xlrd.XL_CELL_DATE:
            return xlrd.xldate_as_datetime(value, mode)
        if kind == xlrd.XL_CELL_NUMBER:
            return int(value) if float(value).is_integer() and abs(value) < 1e15 else value
        return value if kind == xlrd.XL_CELL_TEXT and value else None

    if sheet.nrows * max(sheet.ncols, 1) > limits().sheet.cells:
        raise WeipianError("intake.register_too_big", path=str(path), most=limits().sheet.cells)
    rows = [tuple(cell(row, column) for column in range(sheet.ncols)) for row in range(sheet.nrows)]
    kept = [
        (number, trimmed(cells)) for number, cells in enumerate(rows, start=1) if any(one is not None for one in cells)
    ]
    return Sheet(sheet.name, tuple(cells for _, cells in kept), tuple(number for number, _ in kept))


def _disguised(path: Path, head: bytes, encoding: str | None) -> list[Sheet]:
    """A file with the name of a workbook that is none: systems export texts with tabs, or web pages, under this name."""
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower().replace(b"\x00", b"")
    if start.startswith((b"<", b"mime-version")):
        raise WeipianError("intake.register_kind", path=str(path), kind="HTML/XML")
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise WeipianError("intake.register_unreadable", path=str(path))
    return [_text_sheet(path, encoding)]


def _text_sheet(path: Path, encoding: str | None) -> Sheet:
    bounds = limits().sheet
    if path.stat().st_size > bounds.file_bytes:
        raise WeipianError("intake.register_too_big", path=str(path), most=bounds.file_bytes)
    text, used = decoded(path.read_bytes(), encoding)
    if max(map(len, text.split("\n")), default=0) > bounds.line:
        raise WeipianError("intake.register_too_big", path=str(path), most=bounds.line)
    rows: list[tuple[Any, ...]] = []
    numbers: list[int] = []
    cells = 0
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)), start=1):
            cells += len(row)
            if cells > bounds.cells:
                raise WeipianError("intake.register_too_big", path=str(path), most=bounds.cells)
            if any(value.strip() for value in row):
                rows.append(tuple(row))
                numbers.append(number)
    except csv.Error as error:
        raise WeipianError("intake.register_unreadable", path=str(path)) from error
    return Sheet("", tuple(rows), tuple(numbers), (), used)


def _delimiter(text: str) -> str:
    top = "\n".join(text.lstrip("\r\n").split("\n", 11)[:11])  # a title above the header has none
    return max((",", "\t", ";"), key=top.count)


def trimmed(cells: Sequence[object]) -> tuple[object, ...]:
    """Cells without their empty tail."""
    last = next((place for place in range(len(cells), 0, -1) if cells[place - 1] is not None), 0)
    return tuple(cells[:last])


def header_of(sheet: Sheet, known: Callable[[Sequence[str]], bool], most: int = 10) -> tuple[tuple[str, ...], int]:
    """The names of the columns, and the place of the first row below them.

    The header is the first of the top ``most`` rows whose names are ``known`` (else the first row), with the rows that merged cells join
    to it. A name of two or three rows is its lowest part; a unit or a repeated part gets the part above: 监测面积(亩).
    """
    tops = range(min(most, len(sheet.rows)))
    heads = {place: _names(sheet, place) for place in tops}
    start = next((place for place in tops if known([name for name in heads[place][0] if name])), 0)
    return heads[start] if tops else ((), 0)


_UNITS = ("亩", "平方米", "㎡", "m2", "m²", "公顷", "ha", "hm2", "hm²", "%", "％", "米", "m", "度", "元", "万元")


def _names(sheet: Sheet, place: int) -> tuple[tuple[str, ...], int]:
    first = sheet.numbers[place]
    joined = [one for one in sheet.merged if one[0] == first and one[2] > first]
    last = min(max((one[2] for one in joined), default=first), first + 2)
    block = [other for other in range(place, len(sheet.rows)) if sheet.numbers[other] <= last]
    width = max(len(sheet.rows[other]) for other in block)
    parts: list[list[str]] = [[] for _ in range(width)]
    for other in block:
        for column, name in enumerate(_spread(sheet, other, width)):
            if name and name not in parts[column]:
                parts[column].append(name)
    lowest = [part[-1] if part else "" for part in parts]
    names = [
        f"{part[-2]}({name})" if len(part) > 1 and (name.strip("()（）") in _UNITS or lowest.count(name) > 1) else name
        for part, name in zip(parts, lowest)
    ]
    return tuple(names), block[-1] + 1


def _spread(sheet: Sheet, place: int, width: int) -> list[str]:
    """The texts of a header row, with the value of a merged range in all its cells."""
    number = sheet.numbers[place]
    cells = [*sheet.rows[place], *[None] * width][:width]
    for top, left, bottom, right in sheet.merged:
        if top <= number <= bottom and left <= width:
            source = sheet.numbers.index(top) if top in sheet.numbers else place
            value = sheet.rows[source][left - 1] if left <= len(sheet.rows[source]) else None
            for column in range(left - 1, min(right, width)):
                cells[column] = value
    return [" ".join(cell_text(cell).split()) for cell in cells]
