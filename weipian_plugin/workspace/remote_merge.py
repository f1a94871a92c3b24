"""What a run did aside, brought to a team's server: the same rules as within a file (:mod:`.working_copy`), row by row.

Rows that colleagues changed keep their values, rows they added stay. What is to be written is sent beforehand, into tables of this
connection alone, so that others wait for the writing only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .backend import Connection
from .schema import TABLES, Table, quoted
from .settling_rows import settle_row
from .transfer import columns_of

Rows = dict[int, tuple[Any, ...]]  # by number of the row: the columns behind it


@dataclass(frozen=True)
class TableChanges:
    """Rows by their number: ``added`` and ``changed`` as the run left them, ``before`` as changed and removed ones were."""

    table: Table
    added: Rows
    changed: Rows
    removed: tuple[int, ...]
    before: Rows

    @property
    def staging(self) -> str:
        return quoted(f"aside_{self.table.name}")


def changes_of(work: sqlite3.Connection) -> tuple[TableChanges, ...]:
    """From a copy with ``base`` attached, in which ``weipian_aside`` names the rows."""
    found = []
    for table in TABLES:
        rows = {what: _noted(work, table, what) for what in ("added", "changed", "removed")}
        if any(rows.values()):
            before = _rows(work, "base.", table, [*rows["changed"], *rows["removed"]])
            made = {what: _rows(work, "main.", table, rows[what]) for what in ("added", "changed")}
            found.append(TableChanges(table, made["added"], made["changed"], tuple(rows["removed"]), before))
    return tuple(found)


def stage(connection: Connection, changes: Iterable[TableChanges]) -> None:
    """Send what a run made, before anybody has to wait."""
    for change in changes:
        name, columns = quoted(change.table.name), columns_of(change.table)
        connection.execute(" ".join(["DROP TABLE IF EXISTS", "pg_temp." + change.staging]))
        connection.execute(" ".join(["CREATE TEMP TABLE", change.staging, "AS SELECT * FROM", name, "WITH NO DATA"]))
        _insert(
            connection,
            change.staging,
            columns,
            ((fid, *row) for fid, row in {**change.added, **change.changed}.items()),
        )


class KeptBackError(Exception):
    """A rule of the server has passed over rows that were to be written, which it does without a word."""


def merge(connection: Connection, changes: Sequence[TableChanges], touched: set[str]) -> list[str]:
    """Write staged changes, in the transaction of the caller; keys of rows whose other value of a colleague stayed.

    Raises :class:`KeptBackError` where the login may not write a row of them.
    """
    kept: list[str] = []
    for change in changes:
        careful = change.table.name in touched
        _remove(connection, change, careful)
        kept += _change_carefully(connection, change) if careful else _change(connection, change)
        _add(connection, change, careful)
    return kept


def _remove(connection: Connection, change: TableChanges, careful: bool) -> None:
    """Rows the run removed; one that a colleague has changed since stays."""
    gone = list(change.removed)
    if careful:
        theirs = _rows(connection, "", change.table, gone)
        gone = [fid for fid in gone if fid in theirs and theirs[fid] == change.before[fid]]
    statement = " ".join(["DELETE FROM", quoted(change.table.name), "WHERE fid = ANY(?)"])
    _written(connection.execute(statement, (gone,)), len(gone))


def _add(connection: Connection, change: TableChanges, careful: bool) -> None:
    """Rows the run added; where a colleague has added one of the same key, that one counts."""
    name = quoted(change.table.name)
    columns = ", ".join(quoted(column) for column in change.table.stored())
    words = ["INSERT INTO", name, "(", columns, ") SELECT", columns, "FROM", change.staging, "w WHERE fid = ANY(?)"]
    keys = [quoted(key) for key in change.table.key if key in change.table.kinds()]
    if careful and change.table.unique and keys:
        same = " AND ".join(f"m.{key} IS NOT DISTINCT FROM w.{key}" for key in keys)
        words += ["AND NOT EXISTS (SELECT 1 FROM", name, "m WHERE", same, ")"]
    connection.execute(" ".join([*words, "ORDER BY fid"]), (list(change.added),))


def _change(connection: Connection, change: TableChanges) -> list[str]:
    """Rows the run changed, in a table that nobody else wrote to."""
    assigned = ", ".join(f"{quoted(column)} = w.{quoted(column)}" for column in change.table.stored())
    name = quoted(change.table.name)
    statement = [
        "UPDATE",
        name,
        "SET",
        assigned,
        "FROM",
        change.staging,
        f"w WHERE w.fid = {name}.fid AND w.fid = ANY(?)",
    ]
    _written(connection.execute(" ".join(statement), (list(change.changed),)), len(change.changed))
    return []


def _change_carefully(connection: Connection, change: TableChanges) -> list[str]:
    """Column by column: what a colleague has changed stays."""
    table, kept = change.table, []
    theirs = _rows(connection, "", table, list(change.changed))
    for fid, ours in change.changed.items():
        if fid not in theirs:
            continue
        settled = settle_row(table, ours, change.before[fid], theirs[fid])
        if settled.written:
            assigned = ", ".join(quoted(column) + " = ?" for column in settled.written)
            statement = " ".join(["UPDATE", quoted(table.name), "SET", assigned, "WHERE fid = ?"])
            _written(connection.execute(statement, (*settled.written.values(), fid)), 1)
        if settled.kept is not None:
            kept.append(settled.kept)
    return kept


def _written(done: Any, rows: int) -> None:
    if done.rowcount != rows:
        raise KeptBackError


def _noted(work: sqlite3.Connection, table: Table, what: str) -> list[int]:
    rows = work.execute("SELECT row FROM weipian_aside WHERE tab = ? AND what = ? ORDER BY row", (table.name, what))
    return [int(row[0]) for row in rows]


def _rows(connection: Connection, database: str, table: Table, fids: Sequence[int]) -> Rows:
    """Rows of a table by number; ``database`` as a prefix."""
    columns = ", ".join(quoted(name) for name in columns_of(table))
    found: Rows = {}
    for start in range(0, len(fids), _CHUNK):
        chunk = list(fids[start : start + _CHUNK])
        marks = ", ".join("?" for _ in chunk)
        words = ["SELECT", columns, "FROM", database + quoted(table.name), "WHERE fid IN (", marks, ") ORDER BY fid"]
        found.update((int(row[0]), tuple(row[1:])) for row in connection.execute(" ".join(words), chunk))
    return found


_CHUNK = 500


def _insert(connection: Connection, place: str, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    columns, marks = ", ".join(quoted(name) for name in names), ", ".join("?" for _ in names)
    connection.executemany(" ".join(["INSERT INTO", place, "(", columns, ") VALUES (", marks, ")"]), rows)
