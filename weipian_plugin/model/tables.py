"""Tables whose columns are the fields of a record: rows as records, records as rows, single columns for bulk work.

The name of a column is given by :func:`.columns.names_of`, never typed again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import MISSING, fields
from enum import Enum
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .columns import hints_of, is_word, word_of
from .values import is_blank

R = TypeVar("R")
Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Flags = NDArray[np.bool_]
Objects = NDArray[np.object_]


def records(table: pd.DataFrame, record: type[R]) -> list[R]:
    """The rows of ``table`` as records. What is missing (None, NaN, NA, or the whole column) is the field's default, None where there is none.

    Raises ``workspace.word_unknown`` for a word that its closed list does not have.
    """
    columns = [_column(table, name, blank, read) for name, blank, read in _fields(cast(Hashable, record))]
    return [record(*row) for row in zip(*columns)]


def frame_of(rows: Iterable[Any], record: type[Any]) -> pd.DataFrame:
    """Records as a table with the fields of ``record`` as columns; words of closed lists as plain text."""
    names = columns_of(record)
    found = list(map(attrgetter(*names), rows))
    for place, (held, _) in enumerate(map(hints_of(record).__getitem__, names)):
        if is_word(held):
            found = [(*row[:place], plain(row[place]), *row[place + 1 :]) for row in found]
    return pd.DataFrame(found, columns=list(names))


def table_of(columns: Mapping[Any, Any], record: type[Any]) -> pd.DataFrame:
    """Columns (named by ``names_of``) as a table of ``record``."""
    return pd.DataFrame(dict(columns), columns=list(columns_of(record)))


def columns_of(record: type[Any]) -> tuple[str, ...]:
    """The columns of a table of records, in the order of the fields."""
    return tuple(entry.name for entry in fields(record))


def chosen(*names: object) -> list[str]:
    """Some columns (named by ``names_of``), for whoever asks for them by name."""
    return [str(name) for name in names]


def has(table: pd.DataFrame, name: object) -> bool:
    """Whether a table has a column (named by ``names_of``)."""
    return name in table.columns


def column(table: pd.DataFrame, name: object) -> pd.Series[Any]:
    """A column as it is."""
    return table[cast(str, name)]


def floats(table: pd.DataFrame, name: object) -> Floats:
    """A column of numbers as an array, NaN where there is none."""
    return cast(Floats, column(table, name).to_numpy(float))


def objects(table: pd.DataFrame, name: object) -> Objects:
    """A column of texts and other objects as an array."""
    return cast(Objects, column(table, name).to_numpy(object))


def values(table: pd.DataFrame, name: object) -> list[Any]:
    """A column as a list."""
    return column(table, name).tolist()


def series(table: pd.DataFrame, found: Iterable[Any]) -> pd.Series[Any]:
    """Objects as a column of ``table``, one a row; nothing in them is made into numbers."""
    return pd.Series(list(found), index=table.index, dtype=object)


def with_columns(table: pd.DataFrame, changed: Mapping[Any, Any]) -> pd.DataFrame:
    """``table`` with columns (named by ``names_of``) set to new values."""
    return table.assign(**changed)


def plain(value: Any) -> Any:
    """A value as tables keep it: a word of a closed list as its text."""
    return value.value if isinstance(value, Enum) else value


def _column(table: pd.DataFrame, name: str, blank: Callable[[], Any], read: Callable[[Any], Any] | None) -> list[Any]:
    if name not in table.columns:
        return [blank() for _ in range(len(table))]
    held = table[name]
    missing = held.isna().to_numpy(bool)
    found: list[Any] = held.to_numpy(object).tolist()
    if missing.any():
        for row in np.flatnonzero(missing).tolist():
            found[row] = blank()
    if read is None:
        return found
    return [value if none else read(value) for value, none in zip(found, missing.tolist())]


@lru_cache(maxsize=32)
def _fields(record: Any) -> tuple[tuple[str, Callable[[], Any], Callable[[Any], Any] | None], ...]:
    """Per field its name, what stands for a missing value, and how a value is read where it is not taken as it is."""
    found, hints = [], hints_of(record)
    for entry in fields(record):
        held, _ = hints[entry.name]
        default = entry.default_factory if entry.default_factory is not MISSING else _always(entry.default)
        word = _word(held, entry.name, default) if is_word(held) else None
        found.append((entry.name, default, bool if held is bool else word))
    return tuple(found)


def _word(words: type[Enum], name: str, blank: Callable[[], Any]) -> Callable[[Any], Any]:
    return lambda value: blank() if is_blank(value) else word_of(words, value, name)


def _always(value: Any) -> Callable[[], Any]:
    kept = None if value is MISSING else value
    return lambda: kept
