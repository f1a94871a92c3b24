"""The attribute table of a shapefile (dBASE III), read by itself.

GDAL reads a table cut in half as empty and takes undeclared GBK for Latin-1, both silently; so the header is compared
with the file here, every value stays as its bytes until the encoding is decided, and nothing is skipped unseen.
Source of the layout: dBASE III file structure as in the Esri shapefile habit; code-page bytes as in ``encodings.yaml``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..model.cells import clean_text
from ..model.errors import WeipianError

DELETED = 0x2A
_BLANKS = b" \x00"
_REPEATED = 4
_MAPPED_AT_ONCE = 1 << 26  # bytes of a table that are looked through in one map


@dataclass(frozen=True)
class DbfField:
    """A column: its name as bytes, one-letter type, and where its value stands in a record."""

    raw_name: bytes
    kind: str
    start: int
    width: int
    decimals: int


@dataclass(frozen=True)
class DbfTable:
    """A table whose header agrees with its file: ``count`` records of ``length`` bytes from ``begin`` on.

    ``held``: the records in memory; without them they are mapped from the file for as long as each call takes, so that no
    file stays open and a large one does not fill the memory.
    """

    path: Path
    fields: tuple[DbfField, ...]
    begin: int
    count: int
    length: int
    code_page: int
    held: NDArray[np.uint8] | None = None

    @property
    def records(self) -> NDArray[np.uint8]:
        """The records as bytes, shape (count, length). Raises ``intake.file_unreadable``."""
        return self._some(0, self.count) if self.held is None else self.held

    def _some(self, first: int, count: int) -> NDArray[np.uint8]:
        if not count:
            return np.zeros((0, self.length), np.uint8)
        return mapped(self.path, self.begin + first * self.length, count * self.length).reshape(count, self.length)

    def deleted(self) -> NDArray[np.bool_]:
        """Rows marked as deleted in the table."""
        if self.held is not None:
            marks: NDArray[np.bool_] = self.held[:, 0] == DELETED
            return marks
        result = np.zeros(self.count, np.bool_)
        step = max(1, _MAPPED_AT_ONCE // self.length)
        for first in range(0, self.count, step):
            result[first : first + step] = self._some(first, min(step, self.count - first))[:, 0] == DELETED
        return result

    def only(self, rows: NDArray[np.intp]) -> DbfTable:
        """A table in memory with these records only."""
        return DbfTable(self.path, self.fields, 0, len(rows), self.length, self.code_page, self.records[rows])

    def cells(self, field: DbfField, rows: NDArray[np.intp] | None = None) -> NDArray[np.bytes_]:
        """The raw values of a column as fixed-width bytes (trailing NULs are dropped by numpy)."""
        block = self.records[:, field.start : field.start + field.width]
        if rows is not None:
            block = block[rows]
        return np.ascontiguousarray(block).view(f"S{field.width}").ravel()


def mapped(path: Path, begin: int = 0, count: int = -1) -> NDArray[np.uint8]:
    """Bytes of a file as a map that ends with the array (-1: all from ``begin``). Raises ``intake.file_unreadable``."""
    try:
        return np.memmap(path, np.uint8, "r", begin, None if count < 0 else count).view(
            np.ndarray
        )  # sliced much quicker
    except (OSError, ValueError) as error:
        raise WeipianError("intake.file_unreadable", path=str(path), reason=error) from error


def read_table(path: Path, hold: bool = True) -> DbfTable:
    """Read a ``.dbf``; without ``hold`` only its header.

    Raises ``intake.dbf_header`` (not a table, or its header contradicts itself) and ``intake.dbf_cut``
    (fewer records than the header says, with the number that can be read).
    Raises ``intake.file_unreadable``.
    """
    try:
        if path.stat().st_size < 33:
            raise WeipianError("intake.dbf_header", path=str(path))
        content = np.fromfile(path, np.uint8) if hold else mapped(path)
    except OSError as error:
        raise WeipianError("intake.file_unreadable", path=str(path), reason=error) from error
    head = content[:32].tobytes()
    count = int.from_bytes(head[4:8], "little")
    header_length = int.from_bytes(head[8:10], "little")
    record_length = int.from_bytes(head[10:12], "little")
    fields = _fields(content[32 : min(header_length, len(content))].tobytes())
    if record_length < 2 or header_length < 33 or not fields:
        raise WeipianError("intake.dbf_header", path=str(path))
    fields = _fit(fields, record_length)
    if fields[-1].start + fields[-1].width > record_length:
        raise WeipianError("intake.dbf_header", path=str(path))
    readable = max(0, len(content) - header_length) // record_length
    if readable < count:
        raise WeipianError("intake.dbf_cut", path=str(path), readable=readable, expected=count)
    held = (
        content[header_length : header_length + count * record_length].reshape(count, record_length) if hold else None
    )
    return DbfTable(path, fields, header_length, count, record_length, head[29], held)


def _fields(descriptors: bytes) -> tuple[DbfField, ...]:
    fields = []
    start = 1  # the first byte of a record is the deletion mark
    for position in range(0, len(descriptors) - 31, 32):
        descriptor = descriptors[position : position + 32]
        if descriptor[0] in (0x0D, 0x00):
            break
        field = DbfField(
            descriptor[:11].split(b"\x00")[0], chr(descriptor[11]).upper(), start, descriptor[16], descriptor[17]
        )
        if field.width == 0:
            continue
        fields.append(field)
        start += field.width
    return tuple(fields)


def _fit(fields: tuple[DbfField, ...], record_length: int) -> tuple[DbfField, ...]:
    """Text wider than 255 keeps the high byte of its width where numbers keep their decimals; taken only if it fits."""
    if fields[-1].start + fields[-1].width == record_length:
        return fields
    wide, start = [], 1
    for field in fields:
        width = field.width + 256 * field.decimals if field.kind == "C" else field.width
        wide.append(DbfField(field.raw_name, field.kind, start, width, field.decimals))
        start += width
    return tuple(wide) if start == record_length else fields


def decode_value(raw: bytes, encoding: str) -> tuple[str, bool]:
    """Text of a raw value and whether it is damaged: what cannot be read becomes U+FFFD, the rest is kept.

    A zero byte ends a value, as for every reader of DBF; what stands behind it is left over from an earlier value.
    """
    raw = raw.partition(b"\x00")[0]
    try:
        return raw.decode(encoding), False
    except UnicodeDecodeError:
        return raw.decode(encoding, errors="replace"), True


def texts(cells: NDArray[np.bytes_], encoding: str) -> tuple[list[str], list[int]]:
    """Decoded, right-stripped texts of a column and the positions whose bytes are damaged (cut in mid-character)."""
    raw = cells.tolist()
    distinct = set(raw)
    if len(distinct) * _REPEATED < len(raw):
        # Most columns repeat a few values: each is decoded once and the texts are shared.
        known = {value: decode_value(value.rstrip(_BLANKS), encoding) for value in distinct}
        bad = {value for value, (_, damaged) in known.items() if damaged}
        read = {value: text.rstrip(" ") for value, (text, _) in known.items()}
        return [read[value] for value in raw], [row for row, value in enumerate(raw) if value in bad] if bad else []
    del raw, distinct
    values = _decoded_at_once(cells, encoding)
    if values is not None:
        return [value.partition("\x00")[0].rstrip(" ") for value in values], []
    decoded = [decode_value(cell.rstrip(_BLANKS), encoding) for cell in cells.tolist()]
    return [text for text, _ in decoded], [row for row, (_, damaged) in enumerate(decoded) if damaged]


def column_texts(
    table: DbfTable, field: DbfField, encoding: str, rows: NDArray[np.intp] | None = None
) -> tuple[list[str], list[int]]:
    """A column as a person reads it (see :mod:`model.cells`): whole numbers of doubles without exponent, overflow signs as nothing."""
    values, damaged = texts(table.cells(field, rows), encoding)
    return [clean_text(value) for value in values], damaged


def damaged_rows(cells: NDArray[np.bytes_], encoding: str) -> list[int]:
    """Positions of values that cannot be decoded as they stand; quicker than :func:`texts` where nothing is damaged."""
    if not (cells.view(np.uint8) & 0x80).any() or _decoded_at_once(cells, encoding) is not None:
        return []
    return texts(cells, encoding)[1]


def _decoded_at_once(cells: NDArray[np.bytes_], encoding: str) -> list[str] | None:
    """All values of a column by one decode; None when one of them is damaged."""
    width = cells.dtype.itemsize
    if not len(cells):
        return []
    # One decode for the whole column: a newline stands between the values, so a cut character cannot swallow a neighbour.
    block = np.full((len(cells), width + 1), 0x0A, dtype=np.uint8)
    block[:, :width] = cells.view(np.uint8).reshape(len(cells), width)
    block[:, :width][block[:, :width] == 0x0A] = 0x20
    try:
        values = block.tobytes().decode(encoding).split("\n")[:-1]
    except UnicodeDecodeError:
        return None
    return values if len(values) == len(cells) else None


def numbers(cells: NDArray[np.bytes_]) -> NDArray[np.float64]:
    """A numeric column as floats; blank, starred or unreadable values are NaN."""
    stripped = np.char.strip(cells, _BLANKS)
    try:
        return np.where(stripped == b"", b"nan", stripped).astype(np.float64)
    except ValueError:
        return np.array([_number(value) for value in stripped.tolist()], dtype=np.float64)


def _number(raw: bytes) -> float:
    try:
        return float(raw)
    except ValueError:
        return float("nan")


def value_of(raw: bytes, field: DbfField, encoding: str) -> Any:
    """One value as delivered: text, whole number, number, true/false, ISO date, or None for blank."""
    if field.kind in "NF":
        return _number_as_written(raw.strip(_BLANKS))
    text, _ = decode_value(raw.rstrip(_BLANKS), encoding)
    if not text.strip():
        return None
    if field.kind == "D" and not text.strip("0 "):
        return None
    if field.kind == "D" and len(text) == 8 and text.isdigit():
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if field.kind == "L":
        return {"T": True, "Y": True, "F": False, "N": False}.get(text.strip().upper())
    return text


def _number_as_written(raw: bytes) -> object:
    if not raw or raw.startswith(b"*"):
        return None
    text = raw.decode("ascii", errors="replace")
    digits = text.lstrip("+-")
    if digits.isdigit():
        # A code with leading zeros in a numeric column is still a code.
        return text if len(digits) > 1 and digits.startswith("0") else int(text)
    value = _number(raw)
    return value if np.isfinite(value) else text


def row_of(table: DbfTable, row: int, names: Sequence[str], encoding: str) -> dict[str, Any]:
    """One record as delivered. Bytes that cannot be decoded are kept as hex beside the marked text (``name#bytes``)."""
    record = table.records[row].tobytes()
    values: dict[str, Any] = {}
    for name, field in zip(names, table.fields):
        raw = record[field.start : field.start + field.width]
        values[name] = value_of(raw, field, encoding)
        if field.kind == "C" and decode_value(raw.rstrip(_BLANKS), encoding)[1]:
            values[f"{name}#bytes"] = raw.rstrip(_BLANKS).hex()
    return values
