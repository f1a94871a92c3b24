"""What a run did aside, brought to a team's server: the same rules as within a file (:mod:`.local_merge`).

Rows that colleagues changed keep their values, rows they added stay. What is to be written is sent beforehand, into tables of this
connection alone; rows of parcels that are new are even written beforehand, unseen by others until the end. So others wait for the rest only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import table_states
from .backend import Connection
from .changes import ADDED, CHANGED, DERIVED, REMOVED, Settled, TableChanges
from .schema import Table, quoted
from .settling_rows import settle_row
from .transfer import columns_of


class KeptBackError(Exception):
    """A rule of the server has passed over rows that were to be written, which it does without a word."""


def stage(connection: Connection, work: sqlite3.Connection, changes: Iterable[TableChanges]) -> None:
    """Send what a run made, before anybody has to wait. ``work``: its copy, with ``base`` attached and ``weipian_aside`` in it.

    Three tables each: rows it added, rows as it changed them, and rows it changed or removed as they were (of results only their numbers:
    nobody but a run writes those).
    """
    for change in changes:
        table = change.table
        short = table.name in DERIVED
        _send(connection, work, table, ADDED, ("main", (ADDED,)), short=False)
        _send(connection, work, table, CHANGED, ("main", (CHANGED,)), short=False)
        _send(connection, work, table, "before", ("base", (CHANGED,)), short)
        _send(connection, work, table, REMOVED, ("base", (REMOVED,)), short)


def _send(
    connection: Connection, work: sqlite3.Connection, table: Table, what: str, rows: tuple[str, tuple[str]], short: bool
) -> None:
    """One of these tables; ``rows``: the database they stand in, and how they are noted."""
    database, noted = rows
    place = _staging(table, what)
    columns = ["fid"] if short else columns_of(table)
    connection.execute(" ".join(["DROP TABLE IF EXISTS", "pg_temp." + place]))
    connection.execute(" ".join(["CREATE TEMP TABLE", place, "AS SELECT * FROM", quoted(table.name), "WITH NO DATA"]))
    words = [
        "SELECT",
        ", ".join(map(quoted, columns)),
        "FROM",
        f"{database}.{quoted(table.name)}",
        _NOTED,
        "ORDER BY fid",
    ]
    marks = ", ".join("?" for _ in columns)
    insert = ["INSERT INTO", place, "(", ", ".join(map(quoted, columns)), ") VALUES (", marks, ")"]
    connection.executemany(" ".join(insert), work.execute(" ".join(words), (table.name, *noted)))
    connection.execute(" ".join(["ANALYZE", place, "(fid)"]))  # else the server plans as for a handful of rows


_NOTED = "WHERE fid IN (SELECT row FROM weipian_aside WHERE tab = ? AND what = ?)"


def write_beforehand(connection: Connection, changes: Iterable[TableChanges]) -> None:
    """Write added rows of new parcels and photos, in a transaction that does not yet hold the lock of the workspace.

    They are taken out of what :func:`merge` has to write. Only rows that nobody but another run writes, or whose key nobody else could give
    to another row (the digest of a photo). Raises the server's error for a key that another run has written meanwhile.
    """
    for change in changes:
        keys = _BEFOREHAND.get(change.table.name, ()) if change.added else ()
        if keys:
            name, columns = quoted(change.table.name), ", ".join(map(quoted, change.table.stored()))
            known = " ".join(["SELECT 1 FROM", name, "m WHERE", _same(keys)])
            taken = ["DELETE FROM", _staging(change.table, ADDED), "w WHERE NOT EXISTS (", known, ") RETURNING w.*"]
            words = [
                "WITH new AS (",
                *taken,
                ") INSERT INTO",
                name,
                "(",
                columns,
                ") SELECT",
                columns,
                "FROM new ORDER BY fid",
            ]
            connection.execute(" ".join(words))


#: What is new of these tables is told by these columns.
_BEFOREHAND: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("coverage", "measure", "region", "part", "proposal"), ("parcel",)),
    "photo": ("file",),
    "photo_parcel": ("photo", "parcel"),
}


def merge(connection: Connection, changes: Sequence[TableChanges], touched: set[str]) -> Settled:
    """Write staged changes, in the transaction of the caller; ``touched``: tables that colleagues wrote to since the copy was made.

    Raises :class:`KeptBackError` where the login may not write a row of them.
    """
    settled = Settled()
    for change in changes:
        careful = change.table.name in touched
        if change.removed:
            _remove(connection, change, careful, settled)
        if change.changed:
            _change(connection, change, careful, settled)
        if change.added:
            _add(connection, change.table, careful, settled)
    return settled


def _remove(connection: Connection, change: TableChanges, careful: bool, settled: Settled) -> None:
    """Rows the run removed; one that a colleague has changed since stays."""
    table = change.table
    others = _changed_by_others(connection, table, REMOVED) if careful else []
    settled.correct(table, _sum(connection, _staging(table, REMOVED), table, others))
    name = quoted(table.name)
    statement = [
        "DELETE FROM",
        name,
        "USING",
        _staging(table, REMOVED),
        f"w WHERE w.fid = {name}.fid AND w.fid <> ALL(?)",
    ]
    _written(connection.execute(" ".join(statement), (others,)), change.removed - len(others))


def _changed_by_others(connection: Connection, table: Table, what: str) -> list[int]:
    """Of the rows that the run changed or removed those that a colleague has changed or removed since."""
    columns = [quoted(column) for column in table.stored()]
    here, then = (", ".join(f"{short}.{column}" for column in columns) for short in ("m", "w"))
    words = ["SELECT w.fid FROM", _staging(table, what), "w LEFT JOIN", quoted(table.name), "m ON m.fid = w.fid"]
    words += ["WHERE m.fid IS NULL OR (", here, ") IS DISTINCT FROM (", then, ") ORDER BY w.fid"]
    return [int(row[0]) for row in connection.execute(" ".join(words))]


def _change(connection: Connection, change: TableChanges, careful: bool, settled: Settled) -> None:
    """Rows the run changed, column by column where a colleague has changed the same row."""
    table, name = change.table, quoted(change.table.name)
    others = _changed_by_others(connection, table, "before") if careful else []
    assigned = ", ".join(f"{column} = w.{column}" for column in change.columns)
    statement = [
        "UPDATE",
        name,
        "SET",
        assigned,
        "FROM",
        _staging(table, CHANGED),
        f"w WHERE w.fid = {name}.fid AND w.fid <> ALL(?)",
    ]
    _written(connection.execute(" ".join(statement), (others,)), change.changed - len(others))
    for fid in others:
        _change_row(connection, table, fid, settled)


def _change_row(connection: Connection, table: Table, fid: int, settled: Settled) -> None:
    """One row that a colleague has changed, too, or taken away."""
    ours, before, theirs = (
        _row(connection, place, table, fid)
        for place in (_staging(table, CHANGED), _staging(table, "before"), quoted(table.name))
    )
    settled.correct(table, table_states.row_number(before) - table_states.row_number(ours))
    if theirs is None:
        return
    found = settle_row(table, ours, before, theirs)
    if found.written:
        assigned = ", ".join(quoted(column) + " = ?" for column in found.written)
        statement = " ".join(["UPDATE", quoted(table.name), "SET", assigned, "WHERE fid = ?"])
        _written(connection.execute(statement, (*found.written.values(), fid)), 1)
        after = _row(connection, quoted(table.name), table, fid)
        settled.correct(table, table_states.row_number(after) - table_states.row_number(theirs))
    if found.kept is not None:
        settled.kept.append(found.kept)


def _add(connection: Connection, table: Table, careful: bool, settled: Settled) -> None:
    """Rows the run added; where a colleague has added one of the same key, that one counts."""
    name, staging = quoted(table.name), _staging(table, ADDED)
    columns = ", ".join(map(quoted, table.stored()))
    keys = [key for key in table.key if key in table.kinds()]
    others: list[int] = []
    if careful and table.unique and keys:
        known = ["SELECT w.fid FROM", staging, "w WHERE EXISTS (SELECT 1 FROM", name, "m WHERE", _same(keys), ")"]
        others = [int(row[0]) for row in connection.execute(" ".join(known))]
        settled.correct(table, -_sum(connection, staging, table, others))
    words = [
        "INSERT INTO",
        name,
        "(",
        columns,
        ") SELECT",
        columns,
        "FROM",
        staging,
        "WHERE fid <> ALL(?) ORDER BY fid",
    ]
    connection.execute(" ".join(words), (others,))


def _same(keys: Sequence[str]) -> str:
    """The same key; its first column is compared so that an index can be used, for it is never blank."""
    first, *others = keys
    also = [f"m.{quoted(key)} IS NOT DISTINCT FROM w.{quoted(key)}" for key in others]
    return " AND ".join([f"m.{quoted(first)} = w.{quoted(first)}", *also])


def _staging(table: Table, what: str) -> str:
    return quoted(f"aside_{what}_{table.name}")


def _row(connection: Connection, place: str, table: Table, fid: int) -> Any:
    columns = ", ".join(map(quoted, table.stored()))
    return connection.execute(" ".join(["SELECT", columns, "FROM", place, "WHERE fid = ?"]), (fid,)).fetchone()


def _sum(connection: Connection, place: str, table: Table, fids: Iterable[int]) -> int:
    """What rows make up of the table's state."""
    return sum(table_states.row_number(tuple(_row(connection, place, table, fid))) for fid in fids)


def _written(done: Any, rows: int) -> None:
    if done.rowcount != rows:
        raise KeptBackError
