"""A workbook as data: what its sheets hold, how cells look, how pages are printed. :mod:`book_writer` makes the file of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from openpyxl.utils import get_column_letter

#: The footer's page number; in headers and footers a plain ``&`` is written twice (:func:`plain`).
PAGE_OF_PAGES = "第 &P 页 / 共 &N 页"
_LONGEST_NAME = 31  # Excel's limit for the name of a sheet
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True)
class Look:
    """How a cell looks. "" (0) leaves a property to the spreadsheet program; colours are RRGGBB.

    ``edge``: colour of a thin line around the cell. ``form``: number format; "" is text for text and General for the rest.
    """

    font: str = ""
    size: float = 0
    bold: bool = False
    colour: str = ""
    underlined: bool = False
    fill: str = ""
    edge: str = ""
    horizontal: str = ""
    vertical: str = ""
    wraps: bool = False
    form: str = ""


PLAIN = Look()


class Cell(NamedTuple):
    """A cell: text stays text. ``across``, ``down``: the cells it is merged over (they are listed all the same); ``picture``: a JPEG or PNG on it."""

    value: Any = None
    look: Look = PLAIN
    link: str = ""
    across: int = 1
    down: int = 1
    picture: bytes | None = None


@dataclass(frozen=True)
class Row:
    """``height`` in points, 0: the program's own. ``new_page``: a page begins with this row when printed."""

    cells: Sequence[Cell]
    height: float = 0
    new_page: bool = False


@dataclass(frozen=True)
class Margins:
    """Margins of a page in inches; the defaults are those of the file format."""

    left: float = 0.75
    right: float = 0.75
    top: float = 1.0
    bottom: float = 1.0
    header: float = 0.5
    footer: float = 0.5


@dataclass(frozen=True)
class Band:
    """Header or footer of a page: three texts; ``&`` begins a code of the file format (:func:`plain`, :func:`sized`)."""

    left: str = ""
    center: str = ""
    right: str = ""


@dataclass(frozen=True)
class Page:
    """How a sheet is printed. ``scale`` in percent; 0: fitted to one page of width. Rows and columns as ``1:3`` and ``A:B`` are repeated."""

    a3: bool = False
    upright: bool = False
    scale: int = 0
    centred: bool = False
    margins: Margins = field(default_factory=Margins)
    head_rows: str = ""
    head_columns: str = ""
    header: Band = field(default_factory=Band)
    footer: Band = field(default_factory=Band)


@dataclass(frozen=True)
class Sheet:
    """One sheet; ``rows`` are taken one after another. ``widths`` in characters; ``frozen``: the first cell that scrolls, as ``A2``."""

    name: str
    rows: Iterable[Row]
    widths: Sequence[float] = ()
    page: Page | None = None
    frozen: str = ""
    filtered: bool = False
    hidden: bool = False


def plain(text: str) -> str:
    """A text for a header or footer, without codes in it."""
    return text.replace("&", "&&")


def sized(text: str, points: int) -> str:
    """A text of a header or footer in a size of its own."""
    return f"&{points} {text}"


def sheet_name(title: str, taken: set[str]) -> str:
    """A name Excel takes (31 characters, no ``[]:*?/\\``) that is not among ``taken`` without regard to case; it is added to them."""
    whole = _NOT_IN_NAMES.sub("-", title) or "Sheet"
    name, number = whole[:_LONGEST_NAME], 2
    while name.casefold() in taken:
        tail = f"({number})"
        name, number = whole[: _LONGEST_NAME - len(tail)] + tail, number + 1
    taken.add(name.casefold())
    return name


def letter(position: int) -> str:
    """The letters of a column counted from 1: 1 is A, 27 is AA."""
    return str(get_column_letter(position))
