"""What a run did aside, brought into the file it came from, in the transaction of the caller; both copies are attached (``work``, ``base``).

Rows that colleagues changed keep their values, rows they added stay. A table of which most is new is put in place as a whole, which SQLite
does several times quicker than row by row.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from . import table_states
from .changes import ADDED, CHANGED, DERIVED, REMOVED, Settled, TableChanges, columns_of, sql
from .geopackage import quoted
from .schema import Table
from .settling_rows import settle_row

_NOTED = "(SELECT row FROM work.weipian_aside WHERE tab = ? AND what = ?)"


def merge(connection: sqlite3.Connection, changes: Sequence[TableChanges], touched: set[str]) -> Settled:
    """Write the changes; ``touched``: tables that colleagues wrote to since the copy was made."""
    settled = Settled()
    for change in changes:
        careful = change.table.name in touched
        if _may_be_put_whole(connection, change):
            _put_whole(connection, change.table)
            continue
        if change.removed:
            _remove(connection, change.table, careful, settled)
        if change.changed:
            _change(connection, change, careful, settled)
        if change.added:
            _add(connection, change.table, careful, settled)
    _extents(connection, [change.table for change in changes if change.added or change.changed])
    return settled


def _may_be_put_whole(connection: sqlite3.Connection, change: TableChanges) -> bool:
    """Where no row of anybody else can be lost by it: results that only runs write, mostly new; or nothing is there at all."""
    name = quoted(change.table.name)
    definitions = {
        connection.execute(
            sql("SELECT sql FROM {database}.sqlite_master WHERE name = ?", database=database), (change.table.name,)
        ).fetchone()
        for database in ("main", "work")
    }
    if len(definitions) != 1:
        return False
    if not change.before:
        return connection.execute(sql("SELECT 1 FROM main.{name} LIMIT 1", name=name)).fetchone() is None
    return change.table.name in DERIVED and change.added + change.removed + change.changed > change.rows


def _put_whole(connection: sqlite3.Connection, table: Table) -> None:
    """As it stands in the copy, numbers of the rows included. Without conditions and column names SQLite copies without reading the rows."""
    name = quoted(table.name)
    connection.execute(sql("DELETE FROM main.{name}", name=name))
    connection.execute(sql("INSERT INTO main.{name} SELECT * FROM work.{name}", name=name))


def _remove(connection: sqlite3.Connection, table: Table, careful: bool, settled: Settled) -> None:
    """Rows the run removed; one that a colleague has changed since stays."""
    name, values = quoted(table.name), [table.name, REMOVED]
    statement = sql("DELETE FROM main.{name} WHERE fid IN {rows}", name=name, rows=_NOTED)
    if careful:
        others = _changed_by_others(connection, table, REMOVED)
        settled.correct(table, _sum(connection, "base", table, others))
        statement, values = statement + _BUT, [*values, json.dumps(others)]
    connection.execute(statement, values)


_BUT = " AND fid NOT IN (SELECT value FROM json_each(?))"


def _changed_by_others(connection: sqlite3.Connection, table: Table, what: str) -> list[int]:
    """Of the rows that the run changed or removed those that a colleague has changed or removed since."""
    different = " OR ".join(f"m.{column} IS NOT b.{column}" for column in columns_of(table))
    statement = sql(
        "SELECT b.fid FROM base.{name} b LEFT JOIN main.{name} m ON m.fid = b.fid "
        "WHERE b.fid IN {rows} AND (m.fid IS NULL OR {different}) ORDER BY b.fid",
        name=quoted(table.name),
        rows=_NOTED,
        different=different,
    )
    return [int(row[0]) for row in connection.execute(statement, (table.name, what))]


def _change(connection: sqlite3.Connection, change: TableChanges, careful: bool, settled: Settled) -> None:
    """Rows the run changed, column by column where a colleague has changed the same row."""
    table, name = change.table, quoted(change.table.name)
    others = _changed_by_others(connection, table, CHANGED) if careful else []
    listed = ", ".join(change.columns)
    statement = sql(
        "UPDATE main.{name} SET ({listed}) = (SELECT {listed} FROM work.{name} w WHERE w.fid = main.{name}.fid) WHERE fid IN {rows}",
        name=name,
        listed=listed,
        rows=_NOTED,
    )
    connection.execute(statement + _BUT, (table.name, CHANGED, json.dumps(others)))
    for fid in others:
        _change_row(connection, table, fid, settled)


def _change_row(connection: sqlite3.Connection, table: Table, fid: int, settled: Settled) -> None:
    """One row that a colleague has changed, too, or taken away."""
    name = quoted(table.name)
    ours, before, theirs = (_row(connection, place, table, fid) for place in ("work", "base", "main"))
    settled.correct(table, table_states.row_number(before) - table_states.row_number(ours))
    if theirs is None:
        return
    found = settle_row(table, ours, before, theirs)
    if found.written:
        assigned = ", ".join(quoted(column) + " = ?" for column in found.written)
        statement = sql("UPDATE main.{name} SET {assigned} WHERE fid = ?", name=name, assigned=assigned)
        connection.execute(statement, (*found.written.values(), fid))
        after = _row(connection, "main", table, fid)
        settled.correct(table, table_states.row_number(after) - table_states.row_number(theirs))
    if found.kept is not None:
        settled.kept.append(found.kept)


def _add(connection: sqlite3.Connection, table: Table, careful: bool, settled: Settled) -> None:
    """Rows the run added; where a colleague has added one of the same key, that one counts."""
    name, columns = quoted(table.name), ", ".join(columns_of(table))
    added = "INSERT INTO main.{name} ({columns}) SELECT {columns} FROM work.{name} w WHERE fid IN {rows}"
    statement, values = sql(added, name=name, columns=columns, rows=_NOTED), [table.name, ADDED]
    keys = [quoted(key) for key in table.key if key in table.kinds()]
    if careful and table.unique and keys:
        same = " AND ".join(f"m.{key} IS w.{key}" for key in keys)
        known = sql(
            "SELECT w.fid FROM work.{name} w WHERE fid IN {rows} AND EXISTS (SELECT 1 FROM main.{name} m WHERE {same})",
            name=name,
            rows=_NOTED,
            same=same,
        )
        others = [int(row[0]) for row in connection.execute(known, values)]
        settled.correct(table, -_sum(connection, "work", table, others))
        statement, values = statement + _BUT, [*values, json.dumps(others)]
    connection.execute(statement + " ORDER BY fid", values)


def _row(connection: sqlite3.Connection, place: str, table: Table, fid: int) -> Any:
    row = sql(
        "SELECT {columns} FROM {place}.{name} WHERE fid = ?",
        columns=", ".join(columns_of(table)),
        place=place,
        name=quoted(table.name),
    )
    return connection.execute(row, (fid,)).fetchone()


def _sum(connection: sqlite3.Connection, place: str, table: Table, fids: Iterable[int]) -> int:
    """What rows make up of the table's state."""
    return sum(table_states.row_number(_row(connection, place, table, fid)) for fid in fids)


def _extents(connection: sqlite3.Connection, tables: Iterable[Table]) -> None:
    connection.executemany(
        "UPDATE main.gpkg_contents SET (min_x, min_y, max_x, max_y) = (SELECT min_x, min_y, max_x, max_y FROM work.gpkg_contents w "
        "WHERE w.table_name = main.gpkg_contents.table_name), last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now') WHERE table_name = ?",
        [(table.name,) for table in tables],
    )
