"""Tables of tens of thousands of rows as records: the fields of a table are whole columns, those of a row its cells.

The fields are stated once, in a generic record; what its parameters stand for says which of the two it is::

    class ItemFields(Generic[T, N, F, O]): ...             # parcel: T, area: N, nonagri: F
    class Item(ItemFields[str, float, bool, object]): ...  # a row: text, number, yes or no, anything else
    class Items(ItemFields[Series, Series, Series, Series], Columns): ...  # the table

So ``items.area`` is a column and ``item.area`` a number; a misspelt name is an error of the type check and an ``AttributeError``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import TypeVar, Union

import numpy as np
import pandas as pd
from numpy.typing import NDArray

#: What the cells of a field are: text, numbers (NaN: not known), yes or no, anything else.
T = TypeVar("T")
N = TypeVar("N")
F = TypeVar("F")
O = TypeVar("O")  # noqa: E741

#: Which rows: a boolean for each.
Mask = Union[pd.Series, "NDArray[np.bool_]"]
_Table = TypeVar("_Table", bound="Columns")
_Row = TypeVar("_Row")


class Columns:
    """A table whose fields are its columns, all of one length, index 0…n−1. Combined with a generic record of the fields."""

    def __len__(self) -> int:
        return len(next(iter(vars(self).values())))

    def where(self: _Table, mask: Mask) -> _Table:
        """The rows of ``mask``, in their order."""
        chosen = np.asarray(mask, dtype=bool)
        return self if chosen.all() else self.take(np.flatnonzero(chosen))

    def take(self: _Table, positions: Sequence[int] | NDArray[np.intp]) -> _Table:
        """The rows at ``positions``, in that order."""
        at = np.asarray(positions, dtype=np.intp)
        chosen = {name: column.to_numpy()[at] for name, column in vars(self).items()}
        # Newer pandas would guess a kind of its own for text, which is slow to walk row by row.
        return type(self)(**{name: pd.Series(cells, dtype=cells.dtype) for name, cells in chosen.items()})

    def changed(self: _Table, **columns: pd.Series) -> _Table:
        """The table with other columns in place of its own."""
        return type(self)(**{**vars(self), **columns})

    def first_of(self: _Table, column: pd.Series) -> _Table:
        """The first row of each value of a column."""
        return self.where(~column.duplicated())

    def cells(self, **more: Iterable[object]) -> dict[str, Iterable[object]]:
        """The columns by the names that a layout asks for them by, and ``more`` columns, which win over its own."""
        return {**{name.rstrip("_"): column for name, column in vars(self).items()}, **more}

    def frame(self) -> pd.DataFrame:
        """The table as a DataFrame, for looking at it."""
        return pd.DataFrame(self.cells())


def joined(table: type[_Table], *pieces: object, **more: pd.Series) -> _Table:
    """A table from records that hold some of its columns each, and from ``more`` columns. Raises ``TypeError`` where one is missing."""
    return table(**{name: column for piece in pieces for name, column in vars(piece).items()}, **more)


def table_of(table: type[_Table], rows_of_it: Sequence[object]) -> _Table:
    """Rows (records with the table's fields) as a table."""
    columns = {}
    for entry in fields(table):  # type: ignore[arg-type]
        values = [getattr(row, entry.name) for row in rows_of_it]
        columns[entry.name] = pd.Series(values, dtype=_KINDS.get(str(entry.type), object))
    return table(**columns)


#: How the cells of a field are kept, by its parameter; others are kept as they are.
_KINDS = {"N": np.float64, "F": np.bool_}


def rows(row: type[_Row], table: object) -> list[_Row]:
    """A table (or a part of its columns) row by row, as records with the same fields."""
    names = [entry.name for entry in fields(row)]  # type: ignore[arg-type]
    columns = [getattr(table, name).tolist() for name in names]
    return [row(*cells) for cells in zip(*columns)]


def series(values: Iterable[object]) -> pd.Series:
    """A column of text or of anything else."""
    return pd.Series(list(values), dtype=object)


def flags(values: Iterable[bool]) -> pd.Series:
    """A column of yes or no."""
    return pd.Series(np.fromiter(values, dtype=bool))


def ordered(keys: Iterable[tuple[object, ...]]) -> list[int]:
    """Positions in the order of their keys; equal keys stay as they are."""
    listed = list(keys)
    return sorted(range(len(listed)), key=listed.__getitem__)


def cells_of(row: type[_Row], rows_of_it: Sequence[_Row]) -> dict[str, list[object]]:
    """Records of one class as columns by the names of its fields."""
    return {
        entry.name: [getattr(one, entry.name) for one in rows_of_it]
        for entry in fields(row)  # type: ignore[arg-type]
    }
