"""The workspace as records: of an open store, or of a snapshot, which is one moment.

Rows are read when they are asked for; a snapshot is grouped by parcel once for each table. What a history of decisions means is told by
``judgment/standing.py``, which is given these records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Optional, TypeVar, Union

import pandas as pd

from ..model.records import (
    Batch,
    Coverage,
    Decision,
    Document,
    Measure,
    Package,
    Parcel,
    Part,
    Photo,
    PhotoLink,
    Rectification,
    StoredProposal,
)
from .mapping import records_of, row_of
from .schema import Table, table_of
from .store import Workspace

R = TypeVar("R")
Snapshot = Mapping[str, pd.DataFrame]
_Row = dict[str, Any]


class Repository:
    """Records of a workspace, or of a snapshot of one (table name -> DataFrame; tables that it lacks are empty)."""

    def __init__(self, source: Union[Workspace, Snapshot]) -> None:
        self._store = source if isinstance(source, Workspace) else None
        self._tables: Snapshot = {} if isinstance(source, Workspace) else source
        self._grouped: dict[tuple[str, str], dict[Any, list[_Row]]] = {}

    # ---- parcels and what was measured on them ----

    def parcels(self) -> list[Parcel]:
        return self.all(Parcel)

    def parcel(self, number: str) -> Optional[Parcel]:
        """One parcel; None where the workspace does not have it."""
        found = self.of(Parcel, "number", number)
        return found[0] if found else None

    def batches(self) -> list[Batch]:
        return self.all(Batch)

    def parts(self, parcel: str) -> list[Part]:
        """The proposed parts, slivers among them."""
        return self.of(Part, "parcel", parcel)

    def coverage(self, parcel: str) -> list[Coverage]:
        return self.of(Coverage, "parcel", parcel)

    def measures(self, parcel: str) -> list[Measure]:
        return self.of(Measure, "parcel", parcel)

    # ---- judging ----

    def proposals(self, parcel: str) -> list[StoredProposal]:
        """What the rules propose for the parcel and its parts, as stored."""
        return self.of(StoredProposal, "parcel", parcel)

    def decisions(self, parcel: Optional[str] = None) -> list[Decision]:
        """Every act on a parcel and its parts (on all parcels without one), those taken back among them, in the order written."""
        return self.all(Decision) if parcel is None else self.of(Decision, "parcel", parcel)

    # ---- evidence and papers ----

    def links(self, parcel: str) -> list[PhotoLink]:
        """Which photos may show the parcel (照片挂接)."""
        return self.of(PhotoLink, "parcel", parcel)

    def photos(self, parcel: str) -> list[tuple[PhotoLink, Photo]]:
        """The parcel's links with their photos; a link whose photo is not there is left out."""
        links = self.links(parcel)
        known = self.photos_by_key([link.photo for link in links])
        return [(link, known[link.photo]) for link in links if link.photo in known]

    def photos_by_key(self, keys: Sequence[str]) -> dict[str, Photo]:
        """The photos that links name, by the name: SHA-256, or the file of a photo that was not hashed. Unknown ones are left out."""
        wanted = list(dict.fromkeys(keys))
        if self._store is None:
            known = {key: self._photo(key) for key in wanted}
            return {key: photo for key, photo in known.items() if photo is not None}
        by_file = {photo.file: photo for photo in self.all(Photo, file=wanted)}
        of_bytes = reversed(self.all(Photo, sha256=wanted))  # of several with the same bytes the first
        return {**by_file, **{photo.key: photo for photo in of_bytes}}

    def documents(self, parcel: str) -> list[Document]:
        return self.of(Document, "parcel", parcel)

    def rectifications(self, parcel: str) -> list[Rectification]:
        return self.of(Rectification, "parcel", parcel)

    def packages(self) -> list[Package]:
        return self.all(Package)

    # ---- any table ----

    def all(self, record: type[R], **equals: object) -> list[R]:
        """Every record of a class whose columns equal a value, or one of a list of values; in the order written."""
        return records_of(record, self._rows(table_of(record), equals))

    def of(self, record: type[R], column: str, value: str) -> list[R]:
        """The records of a class with one value in a column, such as those of a parcel."""
        table = table_of(record)
        if self._store is not None:
            return records_of(record, self._store.records(table.name, **{column: value}))
        return records_of(record, self._group(table, column).get(value, ()))

    # ---- writing, where the source is a store ----

    def add(self, records: Sequence[object], who: str, why: str) -> None:
        """Store new records of one class, with a row of the journal for each."""
        if records:
            self._writable.insert(table_of(type(records[0])).name, _frame(records), who, why, each=True)

    def change(
        self, record: object, changes: Mapping[str, object], who: str, why: str, version: Optional[int] = None
    ) -> None:
        """Change columns of the row that keeps a record. ``version`` as in :meth:`Workspace.update`."""
        table = table_of(type(record))
        row = row_of(record)
        self._writable.update(table.name, {name: row[name] for name in table.key}, changes, who, why, version)

    def replace(self, record: type[Any], records: Sequence[object], who: str, why: str, **equals: object) -> None:
        """Put records in place of those selected by ``equals`` (all without it): how recomputed results are stored."""
        self._writable.replace(table_of(record).name, _frame(records), who, why, **equals)

    # ---- inside ----

    @property
    def _writable(self) -> Workspace:
        if self._store is None:
            raise TypeError("a snapshot is not written to")
        return self._store

    def _photo(self, key: str) -> Optional[Photo]:
        """By digest, else by file: links name either."""
        found = self.of(Photo, "sha256", key) or self.of(Photo, "file", key)
        return found[0] if found else None

    def _rows(self, table: Table, equals: Mapping[str, object]) -> Iterable[_Row]:
        if self._store is not None:
            return self._store.records(table.name, **equals)
        rows = rows_of(self._tables.get(table.name))
        return [row for row in rows if all(_is(row.get(name), value) for name, value in equals.items())]

    def _group(self, table: Table, column: str) -> dict[Any, list[_Row]]:
        key = (table.name, column)
        if key not in self._grouped:
            grouped: dict[Any, list[_Row]] = {}
            for row in rows_of(self._tables.get(table.name)):
                grouped.setdefault(row.get(column), []).append(row)
            self._grouped[key] = grouped
        return self._grouped[key]


def _is(value: object, wanted: object) -> bool:
    """Whether a column has a value, or one of a list of values, as :meth:`Workspace.read` asks."""
    return value in wanted if isinstance(wanted, (list, tuple, set)) else bool(value == wanted)


def rows_of(frame: Optional[pd.DataFrame]) -> list[_Row]:
    """The rows of a table by column name; none for a table that is not there."""
    if frame is None or not len(frame.columns):
        return []
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row)) for row in zip(*(frame[name].tolist() for name in frame.columns))]


def _frame(records: Sequence[object]) -> pd.DataFrame:
    return pd.DataFrame([row_of(record) for record in records], dtype=object)
