"""Working aside: a long run works on a copy, and what it changed goes into the workspace in one short transaction.

Nobody waits while the run reads, decodes and computes. What colleagues wrote meanwhile stays: rows they changed keep their values, rows
they added stay beside those of the run. Results of another run of the same steps in between cannot be mixed with these: nothing is
written then, and the error says who was faster.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..model.errors import WeipianError
from ..office.scratch import scratch_folder
from . import journal, remote_merge, table_states
from .backend import Connection
from .geopackage import quoted
from .schema import TABLES, Table
from .settling_rows import settle_row
from .sqlite_backend import SqliteBackend, connect, guard_of_copy
from .store import Workspace

#: Tables that a step computes whole from all parcels: two runs at once cannot be mixed.
DERIVED = frozenset({"coverage", "measure", "region", "part", "proposal", "layer"})


@dataclass(frozen=True)
class Brought:
    """What became of a run: ``kept`` names rows whose values of a colleague stayed, ``touched`` tables colleagues wrote to meanwhile."""

    kept: tuple[str, ...] = ()
    touched: frozenset[str] = frozenset()


class WorkingCopy:
    """A workspace to work on, ``store``, and its way back. See :func:`working_on_copy`."""

    def __init__(self, original: Workspace, folder: Path) -> None:
        self._original = original
        self._base, self._work = folder / "base.gpkg", folder / "work.gpkg"
        guard = guard_of_copy(original.backend, self._base)
        with original.backend.coded(), guard, contextlib.closing(sqlite3.connect(str(self._base))) as base:
            original.backend.copy_into(base)
            self._journal_end = _journal_end(base)
        shutil.copyfile(self._base, self._work)
        self._connection = connect(self._work)
        self.store = Workspace(original.place, SqliteBackend(self._work, self._connection), original.path)

    def bring_back(self) -> Brought:
        """Write what changed into the workspace. Raises ``run.changed_meanwhile`` and what writing raises; nothing is written then."""
        with self._original.backend.coded(), guard_of_copy(self._original.backend, self._work):
            self._note_changes()
            backend = self._original.backend
            if not isinstance(backend, SqliteBackend):
                return self._bring_to_server(backend.connection)
            connection = backend.connection
            connection.execute("ATTACH ? AS work", (str(self._work),))
            connection.execute("ATTACH ? AS base", (str(self._base),))
            try:
                with _held_in_memory(connection), self._original.transaction():
                    return self._merge(connection)
            finally:
                connection.execute("DETACH work")
                connection.execute("DETACH base")

    def _bring_to_server(self, server: Connection) -> Brought:
        work = self._connection
        work.execute("ATTACH ? AS base", (str(self._base),))
        changes = remote_merge.changes_of(work)
        remote_merge.stage(server, changes)
        with self._original.transaction():
            touched = self._touched(server)
            try:
                kept = remote_merge.merge(server, changes, touched)
            except remote_merge.KeptBackError as error:
                raise WeipianError("workspace.not_permitted", path=self._original.name) from error
            written = {change.table.name for change in changes}
            _journal(work, server, self._journal_end, _states(work, server, touched, written))
            return Brought(tuple(kept), frozenset(touched))

    def close(self) -> None:
        self.store.close()

    def _note_changes(self) -> None:
        """Which rows the run added, removed and changed, as a table of the copy: found before anybody has to wait."""
        connection = self._connection
        connection.execute("ATTACH ? AS base", (str(self._base),))
        connection.execute("CREATE TABLE weipian_aside (tab TEXT, what TEXT, row INTEGER)")
        for table in _mergeable():
            names = {"ours": "main." + quoted(table.name), "theirs": "base." + quoted(table.name)}
            different = " OR ".join(f"w.{column} IS NOT b.{column}" for column in _columns(table))
            for what, query in (
                ("added", "SELECT fid FROM {ours} WHERE fid NOT IN (SELECT fid FROM {theirs})"),
                ("removed", "SELECT fid FROM {theirs} WHERE fid NOT IN (SELECT fid FROM {ours})"),
                ("changed", "SELECT w.fid FROM {ours} w JOIN {theirs} b ON w.fid = b.fid WHERE {different}"),
            ):
                rows = _sql(query, different=different, **names)
                connection.execute(
                    _sql("INSERT INTO weipian_aside SELECT ?, ?, fid FROM ({rows})", rows=rows), (table.name, what)
                )
        connection.execute(
            "DELETE FROM weipian_aside WHERE tab = 'setting' AND row IN (SELECT fid FROM setting WHERE name LIKE 'state:%')"
        )
        for table in _mergeable():
            if table.name in DERIVED:
                _pass_over_the_same(connection, table)
        connection.execute("DETACH base")

    def _merge(self, connection: sqlite3.Connection) -> Brought:
        touched = self._touched(connection)
        kept: list[str] = []
        for table in _mergeable():
            careful = table.name in touched
            _remove(connection, table, careful)
            kept += _change(connection, table, careful)
            _add(connection, table, careful)
        _extents(connection)
        written = {str(row[0]) for row in connection.execute("SELECT DISTINCT tab FROM work.weipian_aside")}
        states = _states(self._connection, connection, touched, written)
        _journal(self._connection, connection, self._journal_end, states)
        return Brought(tuple(kept), frozenset(touched))

    def _touched(self, connection: Connection) -> set[str]:
        """Tables that others wrote to since the copy was made."""
        rows = connection.execute(
            "SELECT what, who FROM journal WHERE fid > ? ORDER BY fid", (self._journal_end,)
        ).fetchall()
        again = [who for what, who in rows if what in DERIVED]
        if again:
            raise WeipianError("run.changed_meanwhile", path=self._original.name, who=again[-1])
        return {what for what, _ in rows}


@contextmanager
def working_on_copy(store: Workspace) -> Iterator[WorkingCopy]:
    """A copy of ``store`` to work on; without :meth:`WorkingCopy.bring_back` the workspace stays as it was."""
    with scratch_folder() as folder:
        copy = WorkingCopy(store, folder)
        try:
            yield copy
        finally:
            copy.close()


def _sql(template: str, **names: str) -> str:
    """A statement with quoted identifiers of the schema; values are always bound."""
    return template.format_map(names)


def _pass_over_the_same(connection: sqlite3.Connection, table: Table) -> None:
    """Results of a parcel that came out as they were are not written again: a run computes all, and others wait for the writing.

    Row by row in their order, so that what stands for a parcel stays in the order it was made in.
    """
    place = table_states.place_of_parcel(table)
    if place is None:
        return
    columns = ", ".join(_columns(table))
    rows = "SELECT {columns} FROM {database}.{name} ORDER BY fid"
    before, after = (
        table_states.by_parcel(
            connection.execute(_sql(rows, columns=columns, database=database, name=quoted(table.name))), place
        )
        for database in ("base", "main")
    )
    same = [(parcel,) for parcel, digest in after.items() if before.get(parcel) == digest]
    connection.execute("CREATE TEMP TABLE same_parcels (parcel TEXT PRIMARY KEY)")
    connection.executemany("INSERT INTO same_parcels VALUES (?)", same)
    for database, what in (("base", "removed"), ("main", "added")):
        gone = (
            "DELETE FROM weipian_aside WHERE tab = ? AND what = ? AND row IN "
            "(SELECT fid FROM {database}.{name} WHERE parcel IN (SELECT parcel FROM same_parcels))"
        )
        connection.execute(_sql(gone, database=database, name=quoted(table.name)), (table.name, what))
    connection.execute("DROP TABLE same_parcels")


def _mergeable() -> Iterator[Table]:
    return (table for table in TABLES if table.name != "journal")


def _columns(table: Table) -> list[str]:
    return [quoted(name) for name in table.stored()]


def _noted(table: Table, what: str) -> tuple[str, tuple[str, str]]:
    return "(SELECT row FROM work.weipian_aside WHERE tab = ? AND what = ?)", (table.name, what)


def _remove(connection: sqlite3.Connection, table: Table, careful: bool) -> None:
    """Rows the run removed; one that a colleague has changed since stays."""
    name, (rows, values) = quoted(table.name), _noted(table, "removed")
    statement = _sql("DELETE FROM main.{name} WHERE fid IN {rows}", name=name, rows=rows)
    if careful:
        same = " AND ".join(f"b.{column} IS main.{name}.{column}" for column in _columns(table))
        unchanged = " AND EXISTS (SELECT 1 FROM base.{name} b WHERE b.fid = main.{name}.fid AND {same})"
        statement += _sql(unchanged, name=name, same=same)
    connection.execute(statement, values)


def _add(connection: sqlite3.Connection, table: Table, careful: bool) -> None:
    """Rows the run added; where a colleague has added one of the same key, that one counts."""
    name, columns, (rows, values) = quoted(table.name), ", ".join(_columns(table)), _noted(table, "added")
    added = "INSERT INTO main.{name} ({columns}) SELECT {columns} FROM work.{name} w WHERE fid IN {rows}"
    statement = _sql(added, name=name, columns=columns, rows=rows)
    keys = [quoted(key) for key in table.key if key in table.kinds()]
    if careful and table.unique and keys:
        same = " AND ".join(f"m.{key} IS w.{key}" for key in keys)
        statement += _sql(" AND NOT EXISTS (SELECT 1 FROM main.{name} m WHERE {same})", name=name, same=same)
    connection.execute(statement + " ORDER BY fid", values)


def _change(connection: sqlite3.Connection, table: Table, careful: bool) -> list[str]:
    """Rows the run changed, column by column where a colleague has written to the table; keys of rows whose other value stayed."""
    name, columns, (rows, values) = quoted(table.name), _columns(table), _noted(table, "changed")
    if not careful:
        listed = ", ".join(columns)
        whole = (
            "UPDATE main.{name} SET ({listed}) = (SELECT {listed} FROM work.{name} w WHERE w.fid = main.{name}.fid) "
            "WHERE fid IN {rows}"
        )
        connection.execute(_sql(whole, name=name, listed=listed, rows=rows), values)
        return []
    kept = []
    for (fid,) in connection.execute(rows[1:-1], values).fetchall():
        ours, before, theirs = (_row(connection, place, name, columns, fid) for place in ("work", "base", "main"))
        if theirs is None or ours is None or before is None:
            continue
        settled = settle_row(table, ours, before, theirs)
        if settled.written:
            assigned = ", ".join(quoted(column) + " = ?" for column in settled.written)
            statement = _sql("UPDATE main.{name} SET {assigned} WHERE fid = ?", name=name, assigned=assigned)
            connection.execute(statement, (*settled.written.values(), fid))
        if settled.kept is not None:
            kept.append(settled.kept)
    return kept


def _row(connection: sqlite3.Connection, place: str, name: str, columns: list[str], fid: int) -> Any:
    row = _sql("SELECT {columns} FROM {place}.{name} WHERE fid = ?", columns=", ".join(columns), place=place, name=name)
    return connection.execute(row, (fid,)).fetchone()


def _extents(connection: sqlite3.Connection) -> None:
    connection.execute(
        "UPDATE main.gpkg_contents SET (min_x, min_y, max_x, max_y) = (SELECT min_x, min_y, max_x, max_y FROM work.gpkg_contents w "
        "WHERE w.table_name = main.gpkg_contents.table_name), last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now') "
        "WHERE table_name IN (SELECT tab FROM work.weipian_aside WHERE what <> 'removed')"
    )


def _states(work: Connection, target: Connection, touched: set[str], written: set[str]) -> dict[str, str]:
    """The states (:mod:`.table_states`) of the tables the run wrote to, noted in the workspace; those to be put into the run's journal rows.

    A table nobody else wrote to has the state of the copy; of the others all rows are read again.
    """
    fresh = {}
    for table in table_states.TRACKED:
        if table.name not in written:
            continue
        if table.name in touched:
            fresh[table.name] = table_states.moved("", 0, table_states.total(table_states.stored_rows(target, table)))
            table_states.note(target, table, fresh[table.name])
        else:
            table_states.note(target, table, table_states.noted(work, table))
    return fresh


def _journal(work: Connection, target: Connection, after: int, states: Mapping[str, str]) -> None:
    """The run's entries behind those of the colleagues, chained anew; time, person and values as they were."""
    rows = work.execute(
        'SELECT at, who, why, what, "key", action, "before", "after", state FROM journal WHERE fid > ? ORDER BY fid',
        (after,),
    ).fetchall()
    journal.append_rows(target, ((*row[:8], states.get(row[3], row[8])) for row in rows))


def _journal_end(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT COALESCE(MAX(fid), 0) FROM journal").fetchone()[0])


@contextmanager
def _held_in_memory(connection: sqlite3.Connection) -> Iterator[None]:
    """Keep changed pages in memory until the commit: written earlier, they would lock out those who read."""
    connection.execute("PRAGMA cache_spill = OFF")
    try:
        yield
    finally:
        connection.execute("PRAGMA cache_spill = ON")
