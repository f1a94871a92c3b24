"""The steps from one schema version to the next. A workspace of an earlier version is copied aside first and loses nothing."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from ..model.errors import WeipianError
from ..office.files import discard, replace
from . import copies, geopackage, journal, table_states
from .backend import Connection
from .schema import SCHEMA_VERSION, TABLES, Column, Table

#: Entries of a decision's ``fields`` that version 2 keeps in columns of their own.
DECISION_COLUMNS = (
    "action",
    "state",
    "previous",
    "decided_by",
    "reviewed_by",
    "postponed_until",
    "members",
    "split_state_before",
)


def migrate(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Bring an open workspace to today's schema, in one transaction; the old file stays beside it as ``….v1.gpkg``.

    Closes the connection and raises ``workspace.not_migrated`` where that cannot be done; nothing is changed then.
    """
    try:
        _copy_aside(connection, path, version)
        connection.execute("BEGIN IMMEDIATE")
        _add_what_is_missing(connection)
        geopackage.guard(connection)
        bring_rows(connection)
        connection.execute("COMMIT")
    except (OSError, sqlite3.Error) as error:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        connection.close()
        raise WeipianError(
            "workspace.not_migrated", path=str(path), version=version, known=SCHEMA_VERSION, reason=error
        ) from error


def _copy_aside(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """A copy as the earlier release left it; one that is there already is kept."""
    target = path.with_name(f"{path.stem}.v{version}{path.suffix}")
    if target.exists():
        return
    aside = target.with_name(f".{target.name}.part")
    try:
        with contextlib.closing(sqlite3.connect(str(aside))) as copy:
            copies.copy_into(connection, copy)
        replace(aside, target)
    finally:
        discard(aside)


def version_of(connection: Connection) -> int:
    """The schema version that a workspace says it has; 0 for none."""
    row = connection.execute("SELECT value FROM setting WHERE name = 'schema_version'").fetchone()
    return int(row[0]) if row else 0


def bring_rows(connection: Connection) -> None:
    """The rows of an earlier version as today's columns want them, which are there already; within a transaction, on either database.

    Asks for the version itself: another window may have been faster.
    """
    version = version_of(connection)
    if version == SCHEMA_VERSION:
        return
    for earlier in range(version, SCHEMA_VERSION):
        _STEPS[earlier](connection)
        changed = {"value": str(earlier)}, {"value": str(earlier + 1)}
        journal.append(connection, "", WHY, [journal.Entry("setting", "schema_version", "update", *changed)])
    note_states(connection, table_states.TRACKED)
    connection.execute("UPDATE setting SET value = ? WHERE name = 'schema_version'", (str(SCHEMA_VERSION),))


def _to_2(connection: Connection) -> None:
    """Decisions get their order, action and state as columns; results the fingerprint of what they were made from."""
    rows = connection.execute("SELECT fid, fields FROM decision ORDER BY fid").fetchall()
    for sequence, (fid, text) in enumerate(rows, start=1):
        fields: dict[str, Any] = json.loads(text) if text else {}
        values = {name: fields.pop(name, None) for name in DECISION_COLUMNS}
        members = values["members"]
        values["members"] = None if members is None else json.dumps(members, ensure_ascii=False, sort_keys=True)
        values["sequence"] = sequence
        values["fields"] = None if text is None else json.dumps(fields, ensure_ascii=False, sort_keys=True)
        assigned = ", ".join(geopackage.quoted(name) + " = ?" for name in values)
        connection.execute(" ".join(["UPDATE decision SET", assigned, "WHERE fid = ?"]), (*values.values(), fid))


WHY = "工作库升级"


def complete(connection: sqlite3.Connection, path: Path) -> None:
    """Add tables and columns that a later build of the same schema version has. Raises ``workspace.not_migrated``."""
    if not _missing(connection):
        return
    try:
        connection.execute("BEGIN IMMEDIATE")
        changed = {table.name for table, _ in _missing(connection)}
        _add_what_is_missing(connection)
        geopackage.guard(connection)
        note_states(
            connection,
            [
                table
                for table in table_states.TRACKED
                if table.name in changed or not table_states.noted(connection, table)
            ],
        )
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        connection.close()
        raise WeipianError(
            "workspace.not_migrated",
            path=str(path),
            version=SCHEMA_VERSION,
            known=SCHEMA_VERSION,
            reason=error,
        ) from error


def note_states(connection: Connection, tables: Iterable[Table]) -> None:
    """Note the state of tables whose columns have changed, from all their rows."""
    for table in tables:
        state = table_states.moved("", 0, table_states.total(table_states.stored_rows(connection, table)))
        table_states.note(connection, table, state)
        journal.append(connection, "", WHY, [journal.Entry(table.name, "", "state")], state)


def _missing(connection: sqlite3.Connection) -> list[tuple[Table, list[Column]]]:
    """Tables with the columns that the file does not have (all of them for a table that is not there)."""
    found = []
    for table in TABLES:
        pragma = " ".join(["PRAGMA table_info(", geopackage.quoted(table.name), ")"])
        known = {str(row[1]) for row in connection.execute(pragma)}
        columns = [column for column in table.columns if column.name not in known]
        if columns:
            found.append((table, columns if known else []))
    return found


def _add_what_is_missing(connection: sqlite3.Connection) -> None:
    for table, columns in _missing(connection):
        if not columns:
            geopackage.add_table(connection, table)
        for column in columns:
            geopackage.add_column(connection, table.name, column)


_STEPS: Mapping[int, Callable[[Connection], None]] = {1: _to_2}
