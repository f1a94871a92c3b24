"""The journal (操作记录): who did what, when, why, before and after; each row carries the digest of the one before it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_FIELDS = ("at", "who", "why", "what", "key", "action", "before", "after", "previous")


@dataclass(frozen=True)
class Entry:
    """One change: ``what`` is the table, ``key`` the row's key (or a count for a bulk write)."""

    what: str
    key: str
    action: str
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


def now() -> str:
    """Local time with offset, to the second: what a person signs with."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def as_json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def digest(row: Iterable[str | None]) -> str:
    """SHA-256 over the row's texts, ``previous`` included, so that a changed or removed row breaks the chain."""
    return hashlib.sha256("\x1f".join(text or "" for text in row).encode("utf-8")).hexdigest()


def append(connection: sqlite3.Connection, who: str, why: str, entries: Iterable[Entry]) -> None:
    """Add entries in order, chained to the last row."""
    at = now()
    append_rows(
        connection,
        (
            (at, who, why, entry.what, entry.key, entry.action, as_json(entry.before), as_json(entry.after))
            for entry in entries
        ),
    )


def append_rows(connection: sqlite3.Connection, rows: Iterable[tuple[str | None, ...]]) -> None:
    """Add rows (columns ``at`` to ``after``) in order, chained to the last row of the workspace."""
    last = connection.execute("SELECT digest FROM main.journal ORDER BY fid DESC LIMIT 1").fetchone()
    previous = last[0] if last else ""
    chained = []
    for row in rows:
        whole = (*row, previous)
        previous = digest(whole)
        chained.append((*whole, previous))
    connection.executemany(
        'INSERT INTO main.journal (at, who, why, what, "key", action, "before", "after", previous, digest) '
        "VALUES (?,?,?,?,?,?,?,?,?,?)",
        chained,
    )


def first_break(connection: sqlite3.Connection) -> int | None:
    """The first journal row whose chain is broken, or None where the journal is whole."""
    previous = ""
    query = (
        'SELECT fid, at, who, why, what, "key", action, "before", "after", previous, digest FROM journal ORDER BY fid'
    )
    for position, (fid, *row, stored) in enumerate(connection.execute(query), start=1):
        if row[-1] != previous or digest(row) != stored or fid != position:
            return int(fid)
        previous = stored
    return None
