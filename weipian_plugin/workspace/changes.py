"""What a run changed in its copy of a workspace, noted before anybody has to wait: which rows, which columns, how far the states moved."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from . import table_states
from .geopackage import quoted
from .schema import TABLES, Table

#: Tables that a step computes whole from all parcels: two runs at once cannot be mixed.
DERIVED = frozenset({"coverage", "measure", "region", "part", "proposal", "layer"})
ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True)
class TableChanges:
    """``added``, ``removed``, ``changed``: how many rows; ``columns``: quoted names of those that differ in a changed row.

    ``rows``, ``before``: how many the table has now and had; ``shift``: how far its state (:mod:`.table_states`) moved.
    """

    table: Table
    added: int
    removed: int
    changed: int
    columns: tuple[str, ...]
    rows: int
    before: int
    shift: int


@dataclass
class Settled:
    """What was written otherwise than the run had it, because of colleagues: ``kept`` names rows whose other value stayed;
    ``corrections``: by table, what that makes up of its state."""

    kept: list[str] = field(default_factory=list)
    corrections: dict[str, int] = field(default_factory=dict)

    def correct(self, table: Table, by: int) -> None:
        """Add to what the rows of a table make up."""
        self.corrections[table.name] = self.corrections.get(table.name, 0) + by


def note_changes(work: sqlite3.Connection, base: Path, names: Collection[str]) -> tuple[TableChanges, ...]:
    """Put what the run did into the table ``weipian_aside`` of the copy (``tab``, ``what``, ``row``); of the tables that changed what it was.

    ``names``: the tables that its journal speaks of; nothing is written without a word there.
    """
    tables = [table for table in TABLES if table.name in names and table.name != "journal"]
    work.execute("ATTACH ? AS base", (str(base),))
    work.execute(
        "CREATE TABLE weipian_aside (tab TEXT, what TEXT, row INTEGER, PRIMARY KEY (tab, what, row)) WITHOUT ROWID"
    )
    for table in tables:
        _note_rows(work, table)
    work.execute(
        "DELETE FROM weipian_aside WHERE tab = 'setting' AND row IN (SELECT fid FROM setting WHERE name LIKE 'state:%')"
    )
    for table in tables:
        if table.name in DERIVED and _count(work, table, ADDED) and _count(work, table, REMOVED):
            _pass_over_the_same(work, table)
    found = tuple(change for change in (_changes(work, table) for table in tables) if _any(change))
    work.execute("DETACH base")
    return found


def columns_of(table: Table) -> list[str]:
    """The quoted columns behind the number of a row, in the order of the schema."""
    return [quoted(name) for name in table.stored()]


def sql(template: str, **names: str) -> str:
    """A statement with quoted identifiers of the schema; values are always bound."""
    return template.format_map(names)


def _any(change: TableChanges) -> bool:
    return bool(change.added or change.removed or change.changed)


def _note_rows(work: sqlite3.Connection, table: Table) -> None:
    names = {"ours": "main." + quoted(table.name), "theirs": "base." + quoted(table.name)}
    different = " OR ".join(f"w.{column} IS NOT b.{column}" for column in columns_of(table))
    for what, query in (
        (ADDED, "SELECT fid FROM {ours} WHERE fid NOT IN (SELECT fid FROM {theirs})"),
        (REMOVED, "SELECT fid FROM {theirs} WHERE fid NOT IN (SELECT fid FROM {ours})"),
        (CHANGED, "SELECT w.fid FROM {ours} w JOIN {theirs} b ON w.fid = b.fid WHERE {different}"),
    ):
        rows = sql(query, different=different, **names)
        statement = sql("INSERT INTO weipian_aside SELECT ?, ?, fid FROM ({rows}) ORDER BY fid", rows=rows)
        work.execute(statement, (table.name, what))


def _changes(work: sqlite3.Connection, table: Table) -> TableChanges:
    added, removed, changed = (_count(work, table, what) for what in (ADDED, REMOVED, CHANGED))
    states = [int(table_states.noted(work, table, database) or "0", 16) for database in ("main", "base")]
    rows = [
        int(work.execute(sql("SELECT COUNT(*) FROM {place}", place=f"{database}.{quoted(table.name)}")).fetchone()[0])
        for database in ("main", "base")
    ]
    columns = _changed_columns(work, table) if changed else ()
    return TableChanges(table, added, removed, changed, columns, rows[0], rows[1], states[0] - states[1])


def _changed_columns(work: sqlite3.Connection, table: Table) -> tuple[str, ...]:
    """Those that differ in any changed row: an index over other columns need not be written again."""
    names = columns_of(table)
    statement = sql(
        "SELECT {differ} FROM main.{name} w JOIN base.{name} b ON w.fid = b.fid "
        "WHERE w.fid IN (SELECT row FROM weipian_aside WHERE tab = ? AND what = ?)",
        differ=", ".join(f"MAX(w.{column} IS NOT b.{column})" for column in names),
        name=quoted(table.name),
    )
    differ = work.execute(statement, (table.name, CHANGED)).fetchone()
    return tuple(column for column, one in zip(names, differ) if one)


def _count(work: sqlite3.Connection, table: Table, what: str) -> int:
    statement = "SELECT COUNT(*) FROM weipian_aside WHERE tab = ? AND what = ?"
    return int(work.execute(statement, (table.name, what)).fetchone()[0])


def _pass_over_the_same(work: sqlite3.Connection, table: Table) -> None:
    """Results of a parcel that came out as they were are not written again: a run computes all, and others wait for the writing.

    Row by row in their order, so that what stands for a parcel stays in the order it was made in.
    """
    place = table_states.place_of_parcel(table)
    if place is None:
        return
    columns = ", ".join(columns_of(table))
    rows = "SELECT {columns} FROM {database}.{name} ORDER BY fid"
    before, after = (
        table_states.by_parcel(
            work.execute(sql(rows, columns=columns, database=database, name=quoted(table.name))), place
        )
        for database in ("base", "main")
    )
    same = [(parcel,) for parcel, digest in after.items() if before.get(parcel) == digest]
    work.execute("CREATE TEMP TABLE same_parcels (parcel TEXT PRIMARY KEY)")
    work.executemany("INSERT INTO same_parcels VALUES (?)", same)
    for database, what in (("base", REMOVED), ("main", ADDED)):
        gone = (
            "DELETE FROM weipian_aside WHERE tab = ? AND what = ? AND row IN "
            "(SELECT fid FROM {database}.{name} WHERE parcel IN (SELECT parcel FROM same_parcels))"
        )
        work.execute(sql(gone, database=database, name=quoted(table.name)), (table.name, what))
    work.execute("DROP TABLE same_parcels")
