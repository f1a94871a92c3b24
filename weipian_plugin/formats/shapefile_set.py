"""A shapefile as its set of files: geometry, attributes, encoding and declared system, checked against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..model.errors import WeipianError
from ..model.messages import Message
from . import dbf, shapefile
from .encoding import EncodingDecision, decide_encoding

PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_SAMPLED_ROWS = 2000


@dataclass(frozen=True)
class ShapefileSet:
    """The parts of a shapefile that agree with each other. ``names`` are the decoded column names, unique."""

    path: Path
    shapes: shapefile.Shapefile
    table: dbf.DbfTable
    names: tuple[str, ...]
    encoding: EncodingDecision
    prj: str | None
    notes: tuple[Message, ...]

    def field(self, name: str) -> dbf.DbfField:
        return self.table.fields[self.names.index(name)]

    def texts(self, name: str, rows: NDArray[np.intp] | None = None) -> tuple[list[str], list[int]]:
        """A column as a person reads it and the positions of damaged values."""
        return dbf.column_texts(self.table, self.field(name), self.encoding.encoding, rows)

    def column(self, name: str, rows: NDArray[np.intp] | None = None) -> Any:
        """A column with its own type: numbers as float or whole numbers, text as text with "" for blank."""
        field = self.field(name)
        if field.kind in "NF":
            cells = self.table.cells(field, rows)
            numbers = dbf.numbers(cells)
            if field.decimals or not np.isfinite(numbers).all():
                return numbers
            stripped = np.char.lstrip(cells, b" ")
            codes = np.char.startswith(stripped, b"0") & (np.char.str_len(stripped) > 1)
            return np.array(self.texts(name, rows)[0], dtype=object) if codes.any() else numbers.astype(np.int64)
        return np.array(self.texts(name, rows)[0], dtype=object)

    def frame(self, columns: Sequence[str], rows: NDArray[np.intp] | None = None) -> pd.DataFrame:
        """Columns of ``rows`` (all by default), indexed by the record number in the file (from 0)."""
        index = np.arange(self.table.count) if rows is None else rows
        return pd.DataFrame({name: self.column(name, rows) for name in columns}, index=index, columns=list(columns))


def parts_of(path: Path) -> dict[str, Path]:
    """The files of a shapefile by suffix; suffixes in any letter case."""
    result = ((suffix, shapefile.find_part(path, suffix)) for suffix in PARTS)
    return {suffix: file for suffix, file in result if file is not None}


def open_set(path: Path, encoding: str | None = None, hold: bool = True) -> ShapefileSet:
    """Open all parts of a shapefile; ``hold``: take its table into memory.

    Raises ``intake.part_missing`` without a ``.dbf``, ``intake.counts_differ`` when geometry and attributes have a
    different number of records (they would be tied to the wrong ones), and what the parts themselves raise.
    Raises ``intake.file_missing``.
    """
    if not path.is_file():
        raise WeipianError("intake.file_missing", path=str(path))
    parts = parts_of(path)
    if ".dbf" not in parts:
        raise WeipianError("intake.part_missing", path=str(path), part=".dbf")
    table = dbf.read_table(parts[".dbf"], hold)
    shapes = shapefile.open_shapefile(path)
    if table.count != shapes.count:
        raise WeipianError("intake.counts_differ", path=str(path), shapes=shapes.count, records=table.count)
    cpg = _short_text(parts.get(".cpg"))
    decision = decide_encoding(_samples(table), cpg, table.code_page, encoding)
    prj = _short_text(parts.get(".prj"))
    notes = list(shapes.notes)
    if not prj:
        notes.append(Message("intake.prj_missing", {"path": path.name}))
    return ShapefileSet(path, shapes, table, _names(table, decision.encoding), decision, prj or None, tuple(notes))


def _short_text(path: Path | None) -> str:
    if path is None:
        return ""
    raw = path.read_bytes()[:65536]
    try:
        return raw.decode("utf-8-sig").strip("\x00 \r\n\t")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace").strip("\x00 \r\n\t")


def _samples(table: dbf.DbfTable) -> Iterator[bytes]:
    """Raw text values for the encoding decision: spread over the file, and the column names."""
    step = max(1, table.count // _SAMPLED_ROWS)
    sampled = table.only(np.arange(0, table.count, step))
    for field in table.fields:
        yield field.raw_name
    for field in table.fields:
        if field.kind == "C" and table.count:
            yield from np.unique(sampled.cells(field)).tolist()


def _names(table: dbf.DbfTable, encoding: str) -> tuple[str, ...]:
    return unique_names(dbf.decode_value(field.raw_name, encoding)[0].strip() or "FIELD" for field in table.fields)


def unique_names(names: Iterable[str]) -> tuple[str, ...]:
    """Names with ``_2``, ``_3`` … behind repeated ones, so that no column hides another."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return tuple(result)
