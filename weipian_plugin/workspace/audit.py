"""Whether a workspace can be believed: the journal's chain, the tables against the journal, the clock."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta

from ..model.messages import Message
from . import journal, table_states

#: A clock may be put right by this much without a word.
_CLOCK = timedelta(minutes=5)
#: How many rows of the journal may be checked again at an opening before a mark is set behind them.
_MARK_AFTER = 500
_MARK = "journal_checked"


def audit(connection: sqlite3.Connection) -> list[Message]:
    """Everything that speaks against the workspace: all rows of the journal, and of all tables tied to it."""
    found = _chain(connection, 0, "")
    if not found:
        found.extend(_tables(connection))
    return [*found, *_clock(connection, 0)]


def at_opening(connection: sqlite3.Connection) -> list[Message]:
    """The quick part: the chain and the clock of the rows that came since the last opening."""
    row = connection.execute("SELECT value FROM setting WHERE name = ?", (_MARK,)).fetchone()
    fid, _, digest = str(row[0]).partition(" ") if row else ("0", "", "")
    after = int(fid) if fid.isdecimal() else 0
    found = [*_chain(connection, after, digest), *_clock(connection, after)]
    if not found:
        _set_mark(connection, after)
    return found


def _chain(connection: sqlite3.Connection, after: int, digest: str) -> list[Message]:
    if after:
        row = connection.execute("SELECT digest FROM journal WHERE fid = ?", (after,)).fetchone()
        if row is None or row[0] != digest:
            after, digest = 0, ""
    broken = journal.first_break(connection, after, digest)
    if broken is not None:
        return [Message("workspace.journal_broken", {"row": broken})]
    last = connection.execute("SELECT MAX(fid) FROM journal").fetchone()[0] or 0
    given = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'journal'").fetchone()
    missing = (int(given[0]) if given else 0) - int(last)
    return [Message("workspace.journal_cut", {"count": missing})] if missing > 0 else []


def _tables(connection: sqlite3.Connection) -> Iterator[Message]:
    noted = dict(
        connection.execute(
            "SELECT what, state FROM journal WHERE fid IN (SELECT MAX(fid) FROM journal WHERE state IS NOT NULL GROUP BY what)"
        )
    )
    for table in table_states.TRACKED:
        state = table_states.moved("", 0, table_states.total(table_states.stored_rows(connection, table)))
        if state != (noted.get(table.name) or table_states.moved("", 0, 0)):
            yield Message("workspace.table_changed", {"table": table.title})


def _clock(connection: sqlite3.Connection, after: int) -> list[Message]:
    """The first row that is dated before the row above it."""
    latest = None
    rows = connection.execute("SELECT fid, at FROM journal WHERE fid >= ? ORDER BY fid", (after,))
    for fid, at in rows:
        moment = _moment(at)
        if moment is None:
            continue
        if latest is not None and moment < latest - _CLOCK:
            shown = {"row": fid, "at": at, "before": latest.isoformat(timespec="seconds")}
            return [Message("workspace.clock_back", shown)]
        latest = moment if latest is None else max(latest, moment)
    return []


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _set_mark(connection: sqlite3.Connection, after: int) -> None:
    """Remember how far the chain was found whole, where that saves anything; a file that may only be read keeps its old mark."""
    last = connection.execute("SELECT fid, digest FROM journal ORDER BY fid DESC LIMIT 1").fetchone()
    if last is None or int(last[0]) - after < _MARK_AFTER:
        return
    value = f"{last[0]} {last[1]}"
    with contextlib.suppress(sqlite3.OperationalError):
        changed = connection.execute("UPDATE setting SET value = ? WHERE name = ?", (value, _MARK))
        if not changed.rowcount:
            connection.execute("INSERT INTO setting (name, value) VALUES (?, ?)", (_MARK, value))
