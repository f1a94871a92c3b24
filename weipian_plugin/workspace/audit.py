"""Whether a workspace can be believed: the journal's chain, the tables against the journal, the clock."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from ..model.errors import WeipianError
from ..model.messages import Message
from . import journal, table_states
from .backend import Backend, Connection

#: A clock may be put right by this much without a word.
_CLOCK = timedelta(minutes=5)
#: How many rows of the journal may be checked again at an opening before a mark is set behind them.
_MARK_AFTER = 500
_MARK = "journal_checked"


def audit(backend: Backend) -> list[Message]:
    """Everything that speaks against the workspace: all rows of the journal, and of all tables tied to it."""
    found = _chain(backend, 0, "")
    if not found:
        found.extend(_tables(backend.connection))
    return [*found, *_clock(backend.connection, 0)]


def at_opening(backend: Backend) -> list[Message]:
    """The quick part: the chain and the clock of the rows that came since the last opening."""
    connection = backend.connection
    row = connection.execute("SELECT value FROM setting WHERE name = ?", (_MARK,)).fetchone()
    fid, _, digest = str(row[0]).partition(" ") if row else ("0", "", "")
    after = int(fid) if fid.isdecimal() else 0
    found = [*_chain(backend, after, digest), *_clock(connection, after)]
    if not found:
        _set_mark(backend, after)
    return found


def _chain(backend: Backend, after: int, digest: str) -> list[Message]:
    connection = backend.connection
    if after:
        row = connection.execute("SELECT digest FROM journal WHERE fid = ?", (after,)).fetchone()
        if row is None or row[0] != digest:
            after, digest = 0, ""
    given = backend.journal_given()  # asked first: what a colleague writes meanwhile is not missing
    broken = journal.first_break(connection, after, digest)
    if broken is not None:
        return [Message("workspace.journal_broken", {"row": broken})]
    last = connection.execute("SELECT MAX(fid) FROM journal").fetchone()[0] or 0
    missing = given - int(last)
    return [Message("workspace.journal_cut", {"count": missing})] if missing > 0 else []


def _tables(connection: Connection) -> Iterator[Message]:
    noted = dict(
        connection.execute(
            "SELECT what, state FROM journal WHERE fid IN (SELECT MAX(fid) FROM journal WHERE state IS NOT NULL GROUP BY what)"
        )
    )
    for table in table_states.TRACKED:
        state = table_states.moved("", 0, table_states.total(table_states.stored_rows(connection, table)))
        if state != (noted.get(table.name) or table_states.moved("", 0, 0)):
            yield Message("workspace.table_changed", {"table": table.title})


def _clock(connection: Connection, after: int) -> list[Message]:
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


def _set_mark(backend: Backend, after: int) -> None:
    """Remember how far the chain was found whole, where that saves anything; who may only read keeps the old mark."""
    connection = backend.connection
    last = connection.execute("SELECT fid, digest FROM journal ORDER BY fid DESC LIMIT 1").fetchone()
    if last is None or int(last[0]) - after < _MARK_AFTER:
        return
    value = f"{last[0]} {last[1]}"
    with contextlib.suppress(WeipianError), backend.coded():
        changed = connection.execute("UPDATE setting SET value = ? WHERE name = ?", (value, _MARK))
        if not changed.rowcount:
            connection.execute("INSERT INTO setting (name, value) VALUES (?, ?)", (_MARK, value))
