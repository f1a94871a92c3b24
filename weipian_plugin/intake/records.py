"""Records kept as the tables they came from: a column of dicts that are built only when somebody looks at one.

A hundred thousand parcels with thirty attributes are half a gigabyte as dicts and sixty megabytes as delivered bytes.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray, ExtensionDtype, register_extension_dtype

from ..model.values import is_missing


class RowSource(Protocol):
    """Anything that can give one row as a dict of plain values."""

    def record(self, row: int) -> dict[str, Any]:
        """The row as delivered."""


class FrameRows:
    """Rows of a DataFrame as plain records (NaN, NaT and blank become None)."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._names = [str(name) for name in frame.columns]
        self._columns = [np.asarray(frame[name], dtype=object) for name in frame.columns]

    def record(self, row: int) -> dict[str, Any]:
        return {name: plain_value(column[row]) for name, column in zip(self._names, self._columns)}


def plain_value(value: object) -> object:
    """A value as JSON knows it: text, whole number, number, true/false or None."""
    if value is None or value is pd.NaT:
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return None if not np.isfinite(value) else value
    if isinstance(value, (bool, int)):
        return value
    if isinstance(value, bytes):
        return value.hex()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    text = str(value)
    return text if text.strip() else None


class ClaimRows:
    """Only the understood claims of the rows of another source, under their keys and without blanks."""

    def __init__(self, rows: RowSource, columns: Mapping[str, str]) -> None:
        self._rows, self._columns = rows, dict(columns)

    def record(self, row: int) -> dict[str, Any]:
        """The claims of one row by key, without blank ones."""
        if not self._columns:
            return {}
        values = self._rows.record(row)
        claimed = {key: values.get(column) for key, column in self._columns.items()}
        return {key: value for key, value in claimed.items() if value is not None}


@register_extension_dtype
class RecordType(ExtensionDtype):
    """The dtype of a column of records."""

    name = "record"
    type = dict
    kind = "O"
    na_value = None

    @classmethod
    def construct_array_type(cls) -> builtins.type[RecordArray]:
        return RecordArray


class RecordArray(ExtensionArray):
    """A column whose items are ``source.record(row)``; item −1 of ``rows`` is missing."""

    def __init__(self, sources: Sequence[RowSource], owner: NDArray[np.int32], rows: NDArray[np.int64]) -> None:
        self._sources = tuple(sources)
        self._owner = np.asarray(owner, dtype=np.int32)
        self._rows = np.asarray(rows, dtype=np.int64)

    @classmethod
    def of(cls, source: RowSource, rows: NDArray[np.intp]) -> RecordArray:
        """Records of ``rows`` of one source."""
        return cls((source,), np.zeros(len(rows), dtype=np.int32), rows)

    @classmethod
    def from_records(cls, records: Sequence[Mapping[str, object]]) -> RecordArray:
        """Records that exist already as a column."""
        return cls._from_sequence(records)

    @classmethod
    def _from_sequence(cls, scalars: Any, *, dtype: Any = None, copy: bool = False) -> RecordArray:
        values = list(scalars)
        missing = np.array([not isinstance(value, Mapping) for value in values], dtype=bool)
        for value in (value for value, none in zip(values, missing) if none):
            if not is_missing(value):  # pandas tries whether a result is a column of records, too, and goes by this
                raise TypeError(f"not a record: {type(value).__name__}")
        return cls((_Given(values),), np.zeros(len(values), np.int32), np.where(missing, -1, np.arange(len(values))))

    @classmethod
    def _from_factorized(cls, values: object, original: object) -> RecordArray:
        return cls._from_sequence(values)

    @classmethod
    def _concat_same_type(cls, to_concat: Sequence[RecordArray]) -> RecordArray:
        sources: list[RowSource] = []
        owners = []
        for array in to_concat:
            owners.append(array._owner + len(sources))
            sources.extend(array._sources)
        return cls(sources, np.concatenate(owners), np.concatenate([array._rows for array in to_concat]))

    @property
    def dtype(self) -> RecordType:
        return RecordType()

    @property
    def nbytes(self) -> int:
        return int(self._rows.nbytes + self._owner.nbytes)

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, item: Any) -> Any:
        if isinstance(item, (int, np.integer)):
            row = int(self._rows[item])
            return None if row < 0 else self._sources[int(self._owner[item])].record(row)
        item = pd.api.indexers.check_array_indexer(self, item)
        return RecordArray(self._sources, self._owner[item], self._rows[item])

    def __eq__(self, other: object) -> Any:
        if isinstance(other, (RecordArray, list, np.ndarray)) and len(other) == len(self):
            return np.array([mine == theirs for mine, theirs in zip(self, other)], dtype=bool)
        return NotImplemented

    def isna(self) -> NDArray[np.bool_]:
        """(n,) True where a parcel has no row."""
        missing: NDArray[np.bool_] = self._rows < 0
        return missing

    def take(self, indices: object, *, allow_fill: bool = False, fill_value: object = None) -> RecordArray:
        """As pandas takes rows: with ``allow_fill`` -1 is a parcel without a row. Raises IndexError, ValueError."""
        requested = np.asarray(indices, dtype=np.intp)
        if not allow_fill:
            return RecordArray(self._sources, self._owner[requested], self._rows[requested])
        if (requested < -1).any():
            raise ValueError("indices below -1")
        if not len(self):
            if (requested >= 0).any():
                raise IndexError("cannot take from an empty array")
            return RecordArray(self._sources, np.zeros(len(requested), np.int32), np.full(len(requested), -1))
        missing = requested == -1
        return RecordArray(
            self._sources, np.where(missing, 0, self._owner[requested]), np.where(missing, -1, self._rows[requested])
        )

    def copy(self) -> RecordArray:
        return RecordArray(self._sources, self._owner.copy(), self._rows.copy())

    def _formatter(self, boxed: bool = False) -> object:
        return repr


class _Given:
    """Records that exist already."""

    def __init__(self, values: Sequence[Any]) -> None:
        self._values = values

    def record(self, row: int) -> dict[str, Any]:
        return dict(self._values[row])
