"""A finished table: columns, rows, the total, footnotes, and behind each figure the items it was counted from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..geodesy.units import half_up
from ..model.errors import WeipianError
from ..model.messages import Message
from . import records
from .columns import Mask
from .data import tables
from .entries import TableEntry
from .rounding import exact_zero

TOTAL = "total"  # the row key of the total
KINDS = ("text", "index", "count", "area", "rate", "check_count", "check_area", "date", "days", "score", "link")


@dataclass(frozen=True)
class Column:
    """``group`` is the merged header above it; ``kind`` one of :data:`KINDS`; ``width`` in characters."""

    key: str
    title: str
    kind: str = "text"
    group: str = ""
    width: float = 10.0


@dataclass(frozen=True)
class Table:
    """Cells are plain values: text, int, Decimal (rounded once), None for "no figure".

    A figure's id is ``<table>/<row key>/<column key>``; ``keys`` gives the items (parcel numbers, parts as ``number#_1``) behind it.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    row_keys: tuple[str, ...]
    total: tuple[Any, ...] | None = None
    footnotes: tuple[Message, ...] = ()
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    subtitle: str = ""
    source: str = ""
    links: Mapping[tuple[int, str], str] = field(default_factory=dict)  # (row, column key) → path or address
    signed: str = ""  # the last line: 填报单位, 制表人, 审核人, 日期
    journal: str = ""  # below it: up to where the journal was when the table was made

    def figure_id(self, row_key: str, column: str) -> str:
        """The id of a figure."""
        return f"{self.id}/{row_key}/{column}"

    def position(self, column: str) -> int:
        """Where a column stands, from 0. Raises ``ValueError`` where the table has none of that key."""
        return [entry.key for entry in self.columns].index(column)

    def value(self, row_key: str, column: str) -> Any:
        """The cell of a row (``"total"`` for the total) and column."""
        row = self.total if row_key == TOTAL else self.rows[self.row_keys.index(row_key)]
        return None if row is None else row[self.position(column)]

    def items(self, row_key: str, column: str) -> tuple[str, ...]:
        """The items behind a figure: parcels, and parts of parcels as ``number#_1``."""
        return self.keys.get(self.figure_id(row_key, column), ())

    def parcels(self, figure: str) -> tuple[str, ...]:
        """The parcel numbers behind a figure id, each once, in order."""
        return tuple(dict.fromkeys(records.parcel_of(item) for item in self.keys.get(figure, ())))

    def frame(self) -> pd.DataFrame:
        """The rows as a DataFrame with the column keys, without the total."""
        return pd.DataFrame(list(self.rows), columns=[column.key for column in self.columns], dtype=object)


@dataclass(frozen=True)
class Figure:
    """A figure of a grouped table: the rows of ``mask``, counted, or their ``values`` summed."""

    key: str
    mask: Mask  # over the rows
    values: pd.Series | None = None  # of the rows; None counts


@dataclass(frozen=True)
class Layout:
    """How a table is drawn; ``entry``: its entry in ``resources/oversight/tables.yaml``."""

    id: str
    title: str
    columns: tuple[Column, ...]
    entry: TableEntry


def layout(table_id: str) -> Layout:
    """How a table is drawn: its entry in ``resources/oversight/tables.yaml``.

    Raises ``oversight.data_value`` and ``oversight.no_table``.
    """
    known = tables().tables
    if table_id not in known:
        raise WeipianError("oversight.no_table", table=table_id)
    entry = known[table_id]
    columns = []
    for group in entry.columns:
        for member in group.members or (group,):
            width = next((each for each in (member.width, group.width) if each is not None), 10.0)
            columns.append(
                Column(member.key, member.title, member.kind, group.title if group.members else "", float(width))
            )
    for column in columns:
        if column.kind not in KINDS:
            raise WeipianError(
                "oversight.data_value", path="tables.yaml", key=f"{table_id}.{column.key}", value=column.kind
            )
    return Layout(table_id, entry.title, tuple(columns), entry)


@dataclass(frozen=True)
class Grouped:
    """Raw figures by group and in total, with the items behind each."""

    names: tuple[str, ...]
    raw: Mapping[str, Mapping[str, float]]  # figure key → group name → raw value; TOTAL for the total
    items: Mapping[str, Mapping[str, tuple[str, ...]]]

    def value(self, figure: str, name: str) -> float:
        """The raw figure for ordering and shares; unknown counts as 0."""
        return float(np.nan_to_num(self.raw[figure].get(name, 0.0)))


def grouped(items: pd.Series, by: pd.Series, figures: Sequence[Figure]) -> Grouped:
    """Count or sum each figure by group and over all rows; totals come from the raw values, never from rounded rows.

    ``items``: the key of each row, which stands behind the figures it is counted in.
    """
    codes, names = pd.factorize(by.to_numpy(dtype=object), sort=False)
    item = items.to_numpy(dtype=object)
    raw: dict[str, dict[str, float]] = {}
    behind: dict[str, dict[str, tuple[str, ...]]] = {}
    seen: dict[bytes, dict[str, tuple[str, ...]]] = {}
    for figure in figures:
        mask = np.asarray(figure.mask, dtype=bool)
        chosen = codes[mask]
        fingerprint = np.packbits(mask).tobytes()
        if fingerprint not in seen:
            members = item[mask]
            order = np.argsort(chosen, kind="stable")
            starts = np.searchsorted(chosen[order], np.arange(len(names) + 1))
            sorted_items = members[order]
            seen[fingerprint] = {
                str(name): tuple(sorted_items[starts[code] : starts[code + 1]])
                for code, name in enumerate(names)
                if starts[code + 1] > starts[code]
            }
            seen[fingerprint][TOTAL] = tuple(members)
        behind[figure.key] = seen[fingerprint]
        raw[figure.key] = _sums(names, codes, mask, figure.values)
    return Grouped(tuple(str(name) for name in names), raw, behind)


def _sums(
    names: NDArray[np.object_], codes: NDArray[np.intp], mask: NDArray[np.bool_], values: pd.Series | None
) -> dict[str, float]:
    """Counts, or sums of the known values; a sum of which no value is known is NaN, not 0."""
    chosen = codes[mask]
    counts = np.bincount(chosen, minlength=len(names))
    if values is None:
        return {**{str(name): float(count) for name, count in zip(names, counts)}, TOTAL: float(mask.sum())}
    numbers = np.asarray(values, dtype=float)[mask]
    known = ~np.isnan(numbers)
    sums = np.bincount(chosen, weights=np.nan_to_num(numbers), minlength=len(names))
    found = np.bincount(chosen, weights=known, minlength=len(names))
    result = {
        str(name): float("nan") if count and not seen else float(total)
        for name, count, seen, total in zip(names, counts, found, sums)
    }
    result[TOTAL] = float("nan") if len(numbers) and not known.any() else float(numbers[known].sum())
    return result


def cell(kind: str, value: float | None) -> Any:
    """A raw figure as a cell: counts whole, areas rounded once, checks free of binary noise."""
    if value is None or value != value:
        return None
    if kind in ("count", "check_count", "index", "days"):
        return round(value)
    if kind == "check_area":
        return half_up(exact_zero(value))
    if kind == "rate":
        return half_up(value, 4)
    return half_up(value)
