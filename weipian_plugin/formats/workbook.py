"""The cells of an Office Open XML workbook, read from its parts as a stream; nothing of it is drawn, computed or believed."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import IO, Any

from openpyxl.xml.functions import iterparse

from ..model.errors import WeipianError
from .limits import limits

_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, SyntaxError, EOFError, NotImplementedError, KeyError, ValueError, IndexError,
    RuntimeError, OverflowError, UnicodeError, AttributeError, TypeError,
)  # fmt: skip


class Workbook:
    """An opened workbook; use as a context. Raises ``intake.register_unreadable``, ``intake.register_password``, ``intake.register_too_big``."""

    def __init__(self, path: Path) -> None:
        self._path, self._bounds = path, limits().sheet
        self._cells = 0
        with self._reported():
            self._archive = zipfile.ZipFile(path)

    def __enter__(self) -> Workbook:
        with self._reported():
            self._main = self._main_part()
            self._strings = tuple(self._shared_strings())
            self._date_styles = self._styles()
        return self

    def __exit__(self, *error: object) -> None:
        self._archive.close()

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except WeipianError:
            raise
        except _DAMAGED as error:
            raise WeipianError("intake.register_unreadable", path=str(self._path)) from error

    def sheets(self) -> list[tuple[str, str]]:
        """Name and part of each sheet of cells, in the order of the workbook. No sheet at all is a damage, not nothing."""
        with self._reported():
            related = self._relations(self._main)
            result: list[tuple[str, str]] = []
            self._epoch = datetime(1899, 12, 30)
            for element in self._elements(self._main):
                kind = _local(element.tag)
                if kind == "workbookPr" and element.get("date1904") in ("1", "true"):
                    self._epoch = datetime(1904, 1, 1)
                if kind == "sheet":
                    target = next((related[value] for key, value in element.attrib.items() if _local(key) == "id"), "")
                    if "worksheets/" in target:
                        result.append((str(element.get("name")), target))
            if not result:
                raise ValueError("no sheet")
            return result

    def cells(self, part: str) -> tuple[dict[int, tuple[Any, ...]], tuple[tuple[int, int, int, int], ...]]:
        """The rows of a sheet that hold anything, by their number; and its merged ranges (first row and column, last row and column)."""
        rows: dict[int, tuple[Any, ...]] = {}
        merged: list[tuple[int, int, int, int]] = []
        with self._reported():
            number = 0
            for element in self._elements(part, ("row", "mergeCell")):
                if _local(element.tag) == "row":
                    number = int(element.get("r") or number + 1)
                    cells = self._row(element)
                    if cells:
                        rows[number] = cells
                elif len(merged) < self._bounds.columns:
                    merged.extend(_range(element.get("ref") or ""))
        return rows, tuple(merged)

    def _row(self, element: Any) -> tuple[Any, ...]:
        result: dict[int, Any] = {}
        column = 0
        for cell in element:
            if _local(cell.tag) != "c":
                continue
            reference = _REFERENCE.fullmatch(cell.get("r") or "")
            column = _column(reference.group(1)) if reference else column + 1
            value = self._value(cell)
            if value is not None:
                result[column] = value
        self._cells += len(result)
        widest = max(result, default=0)
        if self._cells > self._bounds.cells or widest > self._bounds.columns:
            raise WeipianError("intake.register_too_big", path=str(self._path), most=self._bounds.cells)
        return tuple(result.get(place) for place in range(1, widest + 1))

    def _value(self, cell: Any) -> Any:
        kind = cell.get("t") or "n"
        if kind == "inlineStr":
            return _text(cell) or None
        written = next((child.text for child in cell if _local(child.tag) == "v"), None)
        if written is None or kind == "e":
            return None
        if kind == "s":
            return self._strings[int(written)] or None
        if kind in ("str", "d"):
            return written or None
        if kind == "b":
            return written.strip() in ("1", "true")
        return self._number(written.strip(), int(cell.get("s") or 0))

    def _number(self, written: str, style: int) -> Any:
        if not written:
            return None
        value = float(written)
        if style in self._date_styles and 0 <= value < 2_958_466:
            return self._epoch + timedelta(milliseconds=round(value * 86_400_000))
        return int(written) if re.fullmatch(r"-?\d{1,20}", written) else value

    def _main_part(self) -> str:
        """The workbook of the package, by the relation of its root (the name workbook.xml is a habit only)."""
        names = set(self._archive.namelist())
        if "EncryptedPackage" in names:
            raise WeipianError("intake.register_password", path=str(self._path))
        for element in self._elements("_rels/.rels"):
            if str(element.get("Type", "")).endswith("/officeDocument"):
                return str(element.get("Target")).lstrip("/")
        raise ValueError("no workbook")

    def _relations(self, part: str) -> dict[str, str]:
        path = PurePosixPath(part)
        folder = path.parent
        result = {}
        for element in self._elements(str(folder / "_rels" / f"{path.name}.rels")):
            target = str(element.get("Target", ""))
            result[str(element.get("Id"))] = target.lstrip("/") if target.startswith("/") else str(folder / target)
        return result

    def _related(self, end: str) -> str:
        path = PurePosixPath(self._main)
        for element in self._elements(str(path.parent / "_rels" / f"{path.name}.rels")):
            if str(element.get("Type", "")).endswith(end):
                target = str(element.get("Target", ""))
                return target.lstrip("/") if target.startswith("/") else str(path.parent / target)
        return ""

    def _shared_strings(self) -> Iterator[str]:
        part = self._related("/sharedStrings")
        if not part or part not in self._archive.namelist():
            return
        for count, element in enumerate(self._elements(part, ("si",))):
            if count > self._bounds.cells:
                raise WeipianError("intake.register_too_big", path=str(self._path), most=self._bounds.cells)
            yield _text(element)

    def _styles(self) -> frozenset[int]:
        """Positions of the cell formats that show a date. A part that is damaged says nothing: the cells are what counts."""
        part = self._related("/styles")
        if not part or part not in self._archive.namelist():
            return frozenset()
        own: set[int] = set()
        dated: list[int] = []
        place, inside = 0, False
        try:
            for event, element in self._events(part):
                kind = _local(element.tag)
                if kind == "cellXfs":
                    inside = event == "start"
                elif event == "end" and kind == "numFmt":
                    if _is_date(element.get("formatCode") or ""):
                        own.add(int(element.get("numFmtId") or -1))
                elif event == "end" and kind == "xf" and inside:
                    if int(element.get("numFmtId") or 0) in _DATES | own:
                        dated.append(place)
                    place += 1
        except _DAMAGED:
            return frozenset()
        return frozenset(dated)

    def _elements(self, part: str, names: tuple[str, ...] = ()) -> Iterator[Any]:
        """Elements of a part as they end: all of them, or those of some names, each freed when the next one is asked for."""
        parents: list[Any] = []
        for event, element in self._events(part):
            if event == "start":
                parents.append(element)
                continue
            parents.pop()
            if not names or _local(element.tag) in names:
                yield element
                element.clear()
                if parents and names:
                    parents[-1].clear()

    def _events(self, part: str) -> Iterator[tuple[str, Any]]:
        info = self._archive.getinfo(part)
        if info.flag_bits & 0x1:
            raise WeipianError("intake.register_password", path=str(self._path))
        if info.file_size > self._bounds.part_bytes:
            raise WeipianError("intake.register_too_big", path=str(self._path), most=self._bounds.part_bytes)
        with self._archive.open(info) as stream:
            head = stream.read(1024)
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise ValueError("a document type")  # Office writes none; entities can unfold without end
        with self._archive.open(info) as stream:
            yield from iterparse(_Bounded(stream, info.file_size), ("start", "end"))


class _Bounded:
    """A part that is no longer than its entry promises."""

    def __init__(self, stream: IO[bytes], most: int) -> None:
        self._stream, self._left = stream, most

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(size)
        self._left -= len(block)
        if self._left < 0:
            raise ValueError("longer than promised")
        return block


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def _text(element: Any) -> str:
    """The text of a shared or inline string: of its runs, without the reading aids (rPh)."""
    result: list[str] = []
    for child in element:
        kind = _local(child.tag)
        if kind == "t":
            result.append(child.text or "")
        elif kind in ("r", "is"):
            result.append(_text(child))
    return "".join(result)


def _range(reference: str) -> list[tuple[int, int, int, int]]:
    first, last = ([*map(_REFERENCE.fullmatch, reference.split(":")), None, None])[:2]
    return [(int(first[2]), _column(first[1]), int(last[2]), _column(last[1]))] if first and last else []


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _is_date(code: str) -> bool:
    """Whether a number format shows a date: y, m, d, h or s outside of quotes, brackets and escapes."""
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.', "", code.split(";")[0]).lower()
    return bool(re.search(r"[ymdhs]", bare)) and "general" not in bare
