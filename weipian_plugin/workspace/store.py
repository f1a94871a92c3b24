"""Reading and writing a workspace: DataFrames in, DataFrames out, every change in a transaction with its journal rows.

What it means stands here once; where the rows lie (a GeoPackage, a schema of a PostgreSQL server) is the :mod:`.backend`'s.
"""

from __future__ import annotations

import contextlib
import functools
import json
import math
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd
import shapely

from ..model.errors import WeipianError
from ..model.messages import Message
from . import audit, faults, journal, postgres, table_states
from .backend import Backend, Connection
from .beside import start_beside
from .geometry import as_multipolygon, decode, encode
from .places import Place, TeamPlace, place_of
from .schema import TABLES, Table, quoted
from .schema import table as table_named
from .sqlite_backend import SqliteBackend

_CHUNK = 500  # below SQLite's smallest limit of bound values
_LAST_FID = 2**63 - 1


_Method = TypeVar("_Method", bound=Callable[..., Any])


def _coded(method: _Method) -> _Method:
    """A method of :class:`Workspace` that reports what the database says as a coded error."""

    @functools.wraps(method)
    def guarded(self: Workspace, *arguments: object, **named: object) -> object:
        with self.backend.coded():
            return method(self, *arguments, **named)

    return cast(_Method, guarded)


@dataclass(frozen=True)
class _Put:
    """Rows to write in place of those that ``chosen`` selects; ``removed``, ``added``: what both make up of the table's state."""

    written: Sequence[tuple[Any, ...]]
    chosen: Mapping[str, Any]
    removed: int
    added: int


class Workspace:
    """An open working area. Use as a context manager; not to be shared between threads.

    ``place``: where it is; ``path``: the file, or of a team's workspace what stands for it in the folder of its photos and pictures.
    """

    def __init__(self, place: Place, backend: Backend, path: Path | None = None) -> None:
        self.place = place
        self.path = path if path is not None else Path(str(place))
        self.backend = backend
        self._depth = 0
        self._beside: list[Callable[[], None]] = []  # waits for what runs beside, and raises what it raised
        self._check: Callable[[], None] | None = None
        self.alone = False  # whether nobody else can write to it: a run's own copy
        self.doubts: tuple[Message, ...] = ()  # what was found at opening: a broken journal, a clock set back

    @classmethod
    def create(cls, place: str | Place) -> Workspace:
        """A new, empty workspace. Raises ``workspace.exists``, ``run.folder_unwritable``, of a team's what connecting raises."""
        found = place_of(place)
        if isinstance(found, TeamPlace):
            return cls._team(found, postgres.PostgresBackend.create(found))
        SqliteBackend.create(found)
        return cls.open(found)

    @classmethod
    def open(cls, place: str | Place, check: bool = True, wait: bool = True) -> Workspace:
        """An existing workspace; one of an earlier schema is brought to today's, a copy of it staying beside it.

        ``check``: look for damage (SQLite's quick check); without ``wait`` beside what is read first, see :meth:`sound`.
        Raises ``workspace.missing``, ``.foreign``, ``.newer``, ``.locked``, ``.damaged``, ``.unfinished``, ``.not_migrated``, of a team's
        ``.server_not_migrated``, ``.server_lost``, ``.server_refused``, ``.place_unreadable``.
        """
        found = place_of(place)
        if isinstance(found, TeamPlace):
            opened = cls._team(found, postgres.PostgresBackend.open(found))
        else:
            opened = cls(found, SqliteBackend.open(found))
        if check:
            opened._look(wait)
        return opened

    @classmethod
    def open_or_create(cls, place: str | Place, wait: bool = True) -> tuple[Workspace, bool]:
        """The workspace at a place, and whether it was made. Raises as :meth:`open` and :meth:`create` do."""
        found = place_of(place)
        if not isinstance(found, TeamPlace):
            return (cls.open(found, wait=wait), False) if found.exists() else (cls.create(found), True)
        backend, made = postgres.PostgresBackend.open_or_create(found)
        opened = cls._team(found, backend)
        opened._look(wait)
        return opened, made

    @classmethod
    def _team(cls, place: TeamPlace, backend: postgres.PostgresBackend) -> Workspace:
        return cls(place, backend, backend.folder() / place.schema)

    def _look(self, wait: bool) -> None:
        """Look for damage and doubts; see :meth:`open`."""
        if wait:
            self.backend.check_quickly()
        with self.backend.coded():
            self.doubts = tuple(audit.at_opening(self.backend))
        if not wait:
            self._check = start_beside(self.backend.check_aside)

    @property
    def name(self) -> str:
        """What sentences call it: the path, or the text of a team's place."""
        return str(self.place)

    @property
    def title(self) -> str:
        """What windows call it: the folder of a file, the text of a team's place."""
        return self.name if isinstance(self.place, TeamPlace) else self.path.parent.name

    @property
    def connection(self) -> Connection:
        """For the other modules of this package only."""
        return self.backend.connection

    _connection = connection

    def set_patience(self, milliseconds: int) -> None:
        """How long an operation waits for another program to let go of the workspace. A window cannot wait as long as a run."""
        self.backend.set_patience(milliseconds)

    def close(self) -> None:
        """End what is open and close the connection; a second call does nothing."""
        with contextlib.suppress(WeipianError):  # who closes has heard it, or has made nothing
            self._alone()
        self.backend.close()

    def beside(self, work: Callable[[], object]) -> None:
        """``work`` on a thread, with a connection of its own, while this one is read; no write begins before it has ended."""
        self._beside.append(start_beside(work))

    def sound(self) -> None:
        """Wait for the check that :meth:`open` left to run beside. Whoever makes papers asks first. Raises ``workspace.damaged``."""
        if self._check is not None:
            self._check()

    def _alone(self) -> None:
        for ended in self._beside:
            ended()
        self._beside.clear()
        self.sound()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ---- reading ----

    @_coded
    def read(self, name: str, /, **equals: object) -> pd.DataFrame:
        """Rows of a table, in the order written, with ``fid``; JSON decoded; geometry (shapely, EPSG:4490) in ``geometry``.

        ``equals`` keeps rows where a column equals a value or is one of a list of values.
        """
        table = table_named(name)
        names = ["fid", *table.stored()]
        rows = self._select(table, names, equals)
        columns = {column: [row[position] for row in rows] for position, column in enumerate(names)}
        with faults.sound(self.name):
            frame = pd.DataFrame(
                {
                    column: _column(columns[column], table.kinds().get(column, "integer"))
                    for column in names[: len(table.columns) + 1]
                }
            )
            if table.geometry:
                frame["geometry"] = decode(columns["geom"])
        return frame

    @_coded
    def columns(self, name: str, wanted: Sequence[str], /, **equals: object) -> pd.DataFrame:
        """Some columns of a table only (``geometry`` among them where asked), without the cost of the others' JSON and shapes."""
        table = table_named(name)
        names = [column for column in wanted if column != "geometry"]
        shaped = "geometry" in wanted and table.geometry is not None
        rows = self._select(table, names + (["geom"] if shaped else []), equals)
        kinds = {"fid": "integer", **table.kinds()}
        with faults.sound(self.name):
            frame = pd.DataFrame(
                {column: _column([row[place] for row in rows], kinds[column]) for place, column in enumerate(names)}
            )
            if shaped:
                frame["geometry"] = decode([row[-1] for row in rows])
        return frame

    @_coded
    def records(self, name: str, /, **equals: object) -> list[dict[str, Any]]:
        """The same rows as dictionaries: what a window reads for one parcel, ten times quicker than through a table."""
        table = table_named(name)
        names = ["fid"] + [column.name for column in table.columns]
        kinds = [table.kinds().get(column, "integer") for column in names]
        rows = self._select(table, names + (["geom"] if table.geometry else []), equals)
        with faults.sound(self.name):
            found = [{column: _value(value, kind) for column, value, kind in zip(names, row, kinds)} for row in rows]
            if table.geometry:
                for record, shape in zip(found, decode([row[-1] for row in rows])):
                    record["geometry"] = shape
        return found

    @_coded
    def values(self, name: str, columns: Sequence[str], /, **equals: object) -> list[tuple[Any, ...]]:
        """Some columns of a table as stored, in the order written: for questions that need neither geometry nor JSON."""
        return self._select(table_named(name), columns, equals)

    @_coded
    def count(self, name: str) -> int:
        return self._count(table_named(name))

    @_coded
    def holds(self, name: str) -> bool:
        """Whether a table has any row: counting millions takes longer."""
        return (
            self._connection.execute(_sql("SELECT 1 FROM", quoted(table_named(name).name), "LIMIT 1")).fetchone()
            is not None
        )

    @_coded
    def setting(self, name: str, default: str = "") -> str:
        """A choice of table ``setting`` as text; ``default`` where it was never made."""
        row = self._connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row and row[0] is not None else default

    def snapshot(self) -> dict[str, pd.DataFrame]:
        """Every table, as oversight and filing want it: all as of one moment, whatever others write meanwhile.

        A file is read from a copy that SQLite's backup makes in one step, so that colleagues wait for the copy only, not for the reading.
        """
        if self.backend.in_transaction:
            return {table.name: self.read(table.name) for table in TABLES}
        with self.backend.coded(), self.backend.frozen() as moment:
            frozen = Workspace(self.place, moment, self.path)
            return {table.name: frozen.read(table.name) for table in TABLES}

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One moment for several reads. Inside a transaction, and inside another such block, there is one already."""
        if self.backend.in_transaction:
            yield
            return
        with self.backend.coded():
            self.backend.begin_reading()
        try:
            yield
        finally:
            self.backend.rollback()

    @_coded
    def audit(self) -> list[Message]:
        """What speaks against the workspace: breaks of the journal, tables that were changed past it, a clock set back."""
        if self.backend.in_transaction:
            return audit.audit(self.backend)
        with self.backend.frozen() as moment:
            return audit.audit(moment)

    def check(self) -> None:
        """SQLite's full check of a file, which reads all of it; of a team's the server answers for that. Raises ``workspace.damaged``."""
        self.backend.check_fully()

    @_coded
    def journal_break(self) -> int | None:
        """The first broken row of the journal, None when it is whole."""
        return journal.first_break(self._connection)

    @_coded
    def journal_of(self, why: str) -> list[dict[str, Any]]:
        """Entries of the journal with this reason, oldest first; ``before`` and ``after`` decoded."""
        rows = self._connection.execute(
            'SELECT at, who, what, "key", action, "before", "after" FROM journal WHERE why = ? ORDER BY fid', (why,)
        )
        names = ("at", "who", "what", "key", "action", "before", "after")
        found = [dict(zip(names, row)) for row in rows]
        for entry in found:
            entry.update({name: json.loads(entry[name]) if entry[name] else None for name in ("before", "after")})
        return found

    @_coded
    def journal_after(self, fid: int, until: int | None = None) -> Iterator[tuple[Any, ...]]:
        """Rows of the journal behind ``fid`` as stored (JSON as text): ``fid``, then the columns of the schema in their order.

        ``until``: the last of them.
        """
        names = ["fid", *(column.name for column in table_named("journal").columns)]
        columns = ", ".join(quoted(name) for name in names)
        return iter(
            self._connection.execute(
                _sql("SELECT", columns, "FROM journal WHERE fid > ? AND fid <= ? ORDER BY fid"),
                (fid, _LAST_FID if until is None else until),
            )
        )

    @_coded
    def journal_index(self, fid: int, silent: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """``fid``, ``what``, ``key``, ``before``, ``after``, ``digest`` of the rows behind ``fid``; of the tables ``silent`` without what was
        written (None), which is most of a journal."""
        marks = ", ".join("?" for _ in silent)
        written = ", ".join(f'CASE WHEN what IN ({marks}) THEN NULL ELSE "{name}" END' for name in ("before", "after"))
        statement = _sql('SELECT fid, what, "key",', written, ", digest FROM journal WHERE fid > ? ORDER BY fid")
        return iter(self._connection.execute(statement, (*silent, *silent, fid)))

    @_coded
    def last_change(self, names: Sequence[str]) -> int:
        """The last journal row about any of these tables: whether what they hold is still what it was."""
        marks = ", ".join("?" * len(names))
        row = self._connection.execute(_sql("SELECT MAX(fid) FROM journal WHERE what IN (", marks, ")"), tuple(names))
        return int(row.fetchone()[0] or 0)

    @_coded
    def data_version(self) -> int:
        """Changes whenever another connection has committed: how a window learns of a colleague's decision."""
        return self.backend.data_version()

    @_coded
    def heard(self) -> bool:
        """Whether it is worth asking for :meth:`data_version`: a server tells of every commit, a file has to be looked at."""
        return self.backend.heard()

    # ---- writing ----

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; an inner transaction joins the outer one."""
        if self._depth:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
            return
        self._alone()
        with self.backend.coded():
            self.backend.begin_writing()
        self._depth = 1
        try:
            yield
            with self.backend.coded():
                self.backend.commit()
        except BaseException:
            self.backend.rollback()
            raise
        finally:
            self._depth = 0

    @_coded
    def insert(self, name: str, rows: pd.DataFrame, who: str, why: str, each: bool = False) -> int:
        """Append rows (unknown columns are refused). ``each`` journals every row with its values, else one entry with the count."""
        table = table_named(name)
        with self.transaction():
            records = _records(table, self._numbered(table, rows))
            self._insert(table, records)
            state = self._note_state(table, 0, table_states.total(records)) if table_states.is_tracked(table) else None
            self._journal(table, records, who, why, "insert" if each else "bulk insert", state)
            self._extent(table, rows)
        return len(records)

    @_coded
    def replace(self, name: str, rows: pd.DataFrame, who: str, why: str, /, **equals: object) -> int:
        """Put ``rows`` in place of the rows selected by ``equals`` (all rows without it): how recomputed results are stored.

        Where all rows are replaced, parcels whose rows came out as they were, in their order, keep them: others wait for the writing.
        """
        table = table_named(name)
        records = _records(table, rows)
        with self.transaction():
            put = self._put(table, records, equals)
            self._remove(table, put.chosen)
            self._insert(table, put.written)
            state = self._note_state(table, put.removed, put.added) if table_states.is_tracked(table) else None
            self._journal(table, records, who, why, "replace", state)
            self._extent(table, rows)
        return len(records)

    @_coded
    def update(
        self,
        name: str,
        key: Mapping[str, Any],
        changes: Mapping[str, Any],
        who: str,
        why: str,
        version: int | None = None,
    ) -> None:
        """Change one row by its key; the journal gets the values before and after.

        With ``version`` (for tables that carry one) the row must still have it, else ``workspace.conflict``: a colleague was faster.
        Raises ``workspace.not_permitted`` where a server lets this user read the row and not change it.
        """
        table = table_named(name)
        kinds = table.kinds()
        with self.transaction():
            stored, row = self._row_as_seen(table, key, version)
            values = {column: _plain(value, kinds[column]) for column, value in changes.items() if column != "geometry"}
            if "version" in kinds:
                values["version"] = int(row["version"] or 0) + 1
            if "geometry" in changes:
                values["geom"] = encode(as_multipolygon(changes["geometry"]))
            assignments = ", ".join(quoted(column) + " = ?" for column in values)
            statement = _sql("UPDATE", quoted(table.name), "SET", assignments, "WHERE fid = ?")
            if self._connection.execute(statement, (*values.values(), row["fid"])).rowcount != 1:
                raise WeipianError("workspace.not_permitted", path=self.name)
            state = None
            if table_states.is_tracked(table):
                after = tuple({**stored, **values}.values())
                state = self._note_state(
                    table, table_states.row_number(tuple(stored.values())), table_states.row_number(after)
                )
            shown = [column for column in changes if column != "geometry"]
            entry = journal.Entry(
                name,
                table.key_text(row),
                "update",
                {column: row[column] for column in shown},
                {column: changes[column] for column in shown},
            )
            journal.append(self._connection, who, why, [entry], state)

    def _row_as_seen(
        self, table: Table, key: Mapping[str, object], version: int | None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The one row of a key, as stored (:func:`.table_states.stored_rows`) and as read, with the version a person was shown where that is asked.

        Raises ``workspace.no_row`` and ``workspace.conflict``.
        """
        names = table.stored()
        found, shown = self._select(table, ["fid", *names], key), " ".join(str(value) for value in key.values())
        if len(found) != 1:
            raise WeipianError("workspace.no_row", table=table.title, key=shown)
        fid, *values = found[0]
        stored = dict(zip(names, values))
        with faults.sound(self.name):
            row = {column: _value(stored[column], kind) for column, kind in table.kinds().items()}
        if version is not None and int(row["version"] or 0) != version:
            raise WeipianError("workspace.conflict", table=table.title, key=shown)
        return stored, {"fid": int(fid), **row}

    @_coded
    def update_rows(self, name: str, changes: Mapping[str, Mapping[str, object]], who: str, why: str) -> int:
        """Change many rows of a table with a single key column; ``changes``: key → column → value (no geometry).

        The journal gets a row each with the values before and after, as :meth:`update` does, at the price of one statement.
        Keys that are not in the table are passed over; the number of changed rows is returned.
        """
        table = table_named(name)
        (key,) = table.key
        kinds = table.kinds()
        with self.transaction():
            rows, entries = [], []
            for row in self.read(name, **{key: list(changes)}).to_dict("records"):
                wanted = changes[row[key]]
                before = {column: row[column] for column in wanted}
                entries.append(journal.Entry(name, str(row[key]), "update", before, dict(wanted)))
                version = int(row.get("version") or 0) + 1
                rows.append(
                    (int(row["fid"]), version, {column: _plain(wanted[column], kinds[column]) for column in wanted})
                )
            fids = [fid for fid, _, _ in rows]
            removed = self._of_fids(table, fids)
            for columns in {tuple(values) for _, _, values in rows}:
                assigned = [*columns, *(["version"] if "version" in kinds else [])]
                assignments = ", ".join(quoted(column) + " = ?" for column in assigned)
                self._connection.executemany(
                    _sql("UPDATE", quoted(table.name), "SET", assignments, "WHERE fid = ?"),
                    [
                        (*(values[column] for column in columns), *([version] if "version" in kinds else []), fid)
                        for fid, version, values in rows
                        if tuple(values) == columns
                    ],
                )
            self._check_written(table, fids)
            state = (
                self._note_state(table, removed, self._of_fids(table, fids)) if table_states.is_tracked(table) else None
            )
            journal.append(self._connection, who, why, entries, state)
        return len(rows)

    @_coded
    def delete(self, name: str, who: str, why: str, /, **equals: object) -> int:
        """Remove the selected rows; the journal keeps their values."""
        table = table_named(name)
        with self.transaction():
            before = self.read(name, **equals)
            removed = self._delete(table, equals)
            state = self._note_state(table, removed, 0) if table_states.is_tracked(table) else None
            entries = [
                journal.Entry(
                    name,
                    table.key_text(row),
                    "delete",
                    {str(k): v for k, v in row.items() if k not in ("fid", "geometry")},
                )
                for row in before.to_dict("records")
            ]
            journal.append(self._connection, who, why, entries, state)
        return len(before)

    @_coded
    def set_setting(self, name: str, value: str, who: str, why: str) -> None:
        with self.transaction():
            before = self.setting(name)
            self._connection.execute("DELETE FROM setting WHERE name = ?", (name,))
            self._connection.execute("INSERT INTO setting (name, value) VALUES (?, ?)", (name, value))
            journal.append(
                self._connection,
                who,
                why,
                [journal.Entry("setting", name, "update", {"value": before}, {"value": value})],
            )

    @_coded
    def backup(self, target: Path) -> None:
        """A consistent copy as a GeoPackage, safe while others read and write."""
        with contextlib.closing(sqlite3.connect(str(target))) as copy:
            self.backend.copy_into(copy)

    # ---- inside ----

    def _numbered(self, table: Table, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows with the numbers of their order, where the table keeps one: on from the highest ever given."""
        if table.sequence is None:
            return rows
        column = quoted(table.sequence)
        last = self._connection.execute(_sql("SELECT MAX(", column, ") FROM", quoted(table.name))).fetchone()
        first = int(last[0] or 0) + 1
        return rows.assign(**{table.sequence: range(first, first + len(rows))})

    def _select(self, table: Table, names: Sequence[str], equals: Mapping[str, object]) -> list[tuple[Any, ...]]:
        columns = ", ".join(quoted(name) for name in names)
        rows: list[tuple[Any, ...]] = []
        for condition, values in _conditions(table, equals):
            statement = _sql("SELECT", columns, "FROM", quoted(table.name), condition, "ORDER BY fid")
            rows.extend(self._connection.execute(statement, values))
        return rows

    def _insert(self, table: Table, records: Sequence[tuple[object, ...]]) -> None:
        names = table.stored()
        columns = ", ".join(quoted(name) for name in names)
        marks = ", ".join("?" for _ in names)
        statement = _sql("INSERT INTO", quoted(table.name), "(", columns, ") VALUES (", marks, ")")
        try:
            self._connection.executemany(statement, records)
        except self.backend.duplicate as error:
            raise WeipianError("workspace.duplicate", table=table.title, reason=error) from error

    def _journal(
        self, table: Table, records: Sequence[tuple[object, ...]], who: str, why: str, action: str, state: str | None
    ) -> None:
        """A journal row for each record of an ``insert``, one with the count for the other actions."""
        names = [column.name for column in table.columns]
        if action == "insert":
            entries = [
                journal.Entry(
                    table.name, table.key_text(dict(zip(names, record))), action, None, dict(zip(names, record))
                )
                for record in records
            ]
        else:
            entries = [journal.Entry(table.name, f"{len(records)} rows", action.removeprefix("bulk "))]
        journal.append(self._connection, who, why, entries, state)

    def _put(self, table: Table, records: Sequence[tuple[object, ...]], equals: Mapping[str, object]) -> _Put:
        """What of ``records`` is written in place of which rows: all, or of a few parcels those whose stored rows are others."""
        tracked = table_states.is_tracked(table)
        place = table_states.place_of_parcel(table) if tracked and records and not equals else None
        if place is None:
            return _Put(records, equals, self._state_of(table, equals), table_states.total(records) if tracked else 0)
        stored = table_states.by_parcel(table_states.stored_rows(self._connection, table, "ORDER BY fid"), place)
        new = table_states.by_parcel(records, place)
        others = {parcel for parcel in {**stored, **new} if stored.get(parcel) != new.get(parcel)}
        whole = None in others or 2 * len(others) > len(new)
        removed, added = (
            sum(part for parcel, (_, part) in rows.items() if whole or parcel in others) for rows in (stored, new)
        )
        if whole:
            return _Put(records, {}, removed, added)
        return _Put(
            [record for record in records if record[place] in others], {"parcel": sorted(others)}, removed, added
        )

    def _delete(self, table: Table, equals: Mapping[str, object]) -> int:
        """Remove rows; what they made up of the table's state (0 for a table that is not tied)."""
        removed = self._state_of(table, equals)
        self._remove(table, equals)
        return removed

    def _state_of(self, table: Table, equals: Mapping[str, object]) -> int:
        """What rows make up of the table's state; 0 for a table that is not tied."""
        if not table_states.is_tracked(table):
            return 0
        return sum(
            table_states.total(table_states.stored_rows(self._connection, table, condition, values))
            for condition, values in _conditions(table, equals)
        )

    def _remove(self, table: Table, equals: Mapping[str, object]) -> None:
        for condition, values in _conditions(table, equals):
            wanted = self._count(table, condition, values) if self.backend.keeps_rows_back else None
            gone = self._connection.execute(_sql("DELETE FROM", quoted(table.name), condition), values).rowcount
            if wanted is not None and gone != wanted:
                raise WeipianError("workspace.not_permitted", path=self.name)

    def _count(self, table: Table, condition: str = "", values: tuple[Any, ...] = ()) -> int:
        statement = _sql("SELECT COUNT(*) FROM", quoted(table.name), condition)
        return int(self._connection.execute(statement, values).fetchone()[0])

    def _check_written(self, table: Table, fids: Sequence[int]) -> None:
        """Rows that a rule of the server kept back are said, not passed over."""
        if fids and self.backend.keeps_rows_back and self.backend.written(table, fids) != len(fids):
            raise WeipianError("workspace.not_permitted", path=self.name)

    def _of_fids(self, table: Table, fids: Sequence[int]) -> int:
        """What the rows make up of the table's state."""
        return self._state_of(table, {"fid": list(fids)})

    def _note_state(self, table: Table, removed: int, added: int) -> str:
        """Carry the table's state on; the new one."""
        state = table_states.moved(table_states.noted(self._connection, table), removed, added)
        table_states.note(self._connection, table, state)
        return state

    def _extent(self, table: Table, rows: pd.DataFrame) -> None:
        if not table.geometry or not len(rows) or "geometry" not in rows:
            return
        bounds = shapely.total_bounds(rows["geometry"].to_numpy())
        if np.isfinite(bounds).all():
            self.backend.update_extent(table, tuple(float(value) for value in bounds))  # type: ignore[arg-type]


def exists(place: str | Place) -> bool:
    """Whether a workspace is there. Raises what connecting to a server raises."""
    found = place_of(place)
    return postgres.exists(found) if isinstance(found, TeamPlace) else found.exists()


def remove(place: str | Place) -> None:
    """Take away a workspace that nobody has written to."""
    found = place_of(place)
    if isinstance(found, TeamPlace):
        postgres.remove_unused(found)
    else:
        found.unlink(missing_ok=True)


def _sql(*words: str) -> str:
    """A statement from fixed words and quoted identifiers of the schema; values are always bound."""
    return " ".join(words)


def _conditions(table: Table, equals: Mapping[str, object]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """WHERE clauses with their values; a long list of values is cut into several."""
    lists = {
        name: list(value)
        for name, value in equals.items()
        if isinstance(value, (list, tuple, set, np.ndarray, pd.Series))
    }
    singles = {name: value for name, value in equals.items() if name not in lists}
    kinds = {"fid": "integer", **table.kinds()}
    for name in equals:
        if name not in kinds:
            raise KeyError(f"{table.name} has no column {name}")
    plain = {name: _plain(value, kinds[name]) for name, value in singles.items()}
    base = [quoted(name) + (" IS NULL" if value is None else " = ?") for name, value in plain.items()]
    bound = tuple(value for value in plain.values() if value is not None)
    if not lists:
        yield (" WHERE " + " AND ".join(base) if base else ""), bound
        return
    (name, values), *more = lists.items()
    if more:
        raise KeyError("only one list of values at a time")
    for start in range(0, len(values), _CHUNK):
        chunk = [_plain(value, kinds[name]) for value in values[start : start + _CHUNK]]
        clause = quoted(name) + " IN (" + ", ".join("?" for _ in chunk) + ")"
        yield " WHERE " + " AND ".join([*base, clause]), (*bound, *chunk)


def _records(table: Table, rows: pd.DataFrame) -> list[tuple[object, ...]]:
    """Rows of a DataFrame in the table's column order; columns that are not there become NULL."""
    kinds = table.kinds()
    unknown = set(rows.columns) - set(kinds) - {"geometry", "fid"}
    if unknown:
        raise KeyError(f"{table.name} has no column {', '.join(sorted(unknown))}")
    columns: list[list[Any]] = []
    for name, kind in kinds.items():
        if name in rows.columns:
            columns.append([_plain(value, kind) for value in rows[name].tolist()])
        else:
            columns.append([None] * len(rows))
    if table.geometry:
        geometries = rows["geometry"].tolist() if "geometry" in rows.columns else [None] * len(rows)
        shaped = geometries if table.geometry == "POINT" else [as_multipolygon(geometry) for geometry in geometries]
        columns.append([encode(geometry) for geometry in shaped])
    return list(zip(*columns))


#: The type that nearly all values of a kind of column have already.
_COMMON: Mapping[str, type] = {"text": str, "integer": int, "real": float}


def _plain(value: Any, kind: str) -> Any:
    """A value as the database stores it: NaN and NaT are NULL, numpy scalars plain, JSON dumped, text as text."""
    if type(value) is _COMMON.get(kind):  # most of millions of values, asked first
        return value if value == value else None
    if kind == "json":
        return (
            None if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)) else _dump(value)
        )
    if value is None or (not isinstance(value, (list, tuple, dict, set)) and pd.isna(value)):
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if kind == "text":
        return value if type(value) is str else str(value)  # a word of a closed list is stored as plain text
    if kind == "integer":
        return int(value)
    return float(value) if kind == "real" else value


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_jsonable)


def _jsonable(value: object) -> object:
    """What plain JSON lacks: messages, numpy scalars, sets and tuples, dates."""
    if hasattr(value, "as_record"):
        return value.as_record()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, np.ndarray):
        return value.tolist()
    return str(value)


def _column(values: list[Any], kind: str) -> Any:
    """A DataFrame column of plain Python values: no silent change of NULL to NaN in text, no integer to float."""
    if kind == "json":
        return pd.Series([None if value is None else json.loads(value) for value in values], dtype=object)
    if kind == "real":
        return pd.Series(values, dtype="float64")
    return pd.Series(values, dtype=object)


def _value(value: Any, kind: str) -> Any:
    """One value as :func:`_column` has it."""
    if kind == "json":
        return None if value is None else json.loads(value)
    return math.nan if kind == "real" and value is None else value
