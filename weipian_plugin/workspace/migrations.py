"""The steps from one schema version to the next. A workspace of an earlier version is copied aside first and loses nothing."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..model.errors import WeipianError
from ..model.values import one_line
from ..office.files import discard, replace
from . import copies, geopackage, journal
from .schema import SCHEMA_VERSION, TABLES
from .schema import table as table_named

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
        version = _version(connection)  # another window may have been faster
        while version < SCHEMA_VERSION:
            _STEPS[version](connection)
            version += 1
        connection.execute("UPDATE setting SET value = ? WHERE name = 'schema_version'", (str(version),))
        connection.execute("COMMIT")
    except (OSError, sqlite3.Error) as error:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        connection.close()
        raise WeipianError(
            "workspace.not_migrated", path=str(path), version=version, known=SCHEMA_VERSION, reason=one_line(error)
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


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT value FROM setting WHERE name = 'schema_version'").fetchone()[0])


def _to_2(connection: sqlite3.Connection) -> None:
    """Decisions get their order, action and state as columns; results the fingerprint of what they were made from."""
    _add_what_is_missing(connection)
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
    entry = journal.Entry("setting", "schema_version", "update", {"value": "1"}, {"value": "2"})
    journal.append(connection, "", "工作库升级", [entry])


def _add_what_is_missing(connection: sqlite3.Connection) -> None:
    """Tables and columns of today's schema that the file does not have."""
    for table in TABLES:
        pragma = " ".join(["PRAGMA table_info(", geopackage.quoted(table.name), ")"])
        known = {str(row[1]) for row in connection.execute(pragma)}
        if not known:
            geopackage.add_table(connection, table)
            continue
        for column in table_named(table.name).columns:
            if column.name not in known:
                geopackage.add_column(connection, table.name, column)


_STEPS: Mapping[int, Callable[[sqlite3.Connection], None]] = {1: _to_2}
