"""The way back from a damaged workspace: a daily copy, and what the journal of the damaged file has since.

:func:`examine` says whether there is damage, :func:`repair` makes a whole workspace beside the damaged one.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ..model.errors import WeipianError
from ..model.messages import Message
from ..model.registers import JournalRow
from . import copies
from .places import Place
from .schema import TABLES
from .schema import table as table_named
from .store import Workspace

WHY = "从副本恢复"


@dataclass(frozen=True)
class Restored:
    """``replayed``: journal rows whose change was made again; ``to_run_again``: reasons of bulk writes, which only a new run makes again;
    ``unreadable``: journal rows that could not be read; ``journal_read``: whether the damaged file gave its journal at all."""

    replayed: int = 0
    to_run_again: tuple[str, ...] = ()
    unreadable: int = 0
    journal_read: bool = True


@dataclass(frozen=True)
class Examination:
    """``damage``: why the file cannot be used as it is, None where it is sound; ``doubts``: what speaks against its contents."""

    damage: Message | None
    doubts: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Repaired:
    """The whole workspace ``target``, made from ``copy``."""

    target: Path
    copy: Path
    restored: Restored


#: Errors of opening and checking that a copy is the way out of.
_DAMAGE = frozenset({"workspace.damaged", "workspace.foreign"})


def examine(place: Place, full: bool) -> Examination:
    """Look for damage. ``full`` reads the whole file, the whole journal and all tables tied to it.

    Raises ``workspace.missing``, ``.locked``, ``.newer``, ``.unfinished``.
    """
    try:
        with Workspace.open(place) as store:
            if full:
                store.check()
                return Examination(None, tuple(store.audit()))
            return Examination(None, store.doubts)
    except WeipianError as error:
        if error.code not in _DAMAGE:
            raise
        return Examination(error.message)


def newest_sound_copy(path: Path) -> Path:
    """The newest daily copy of a workspace that passes the full check. Raises ``workspace.no_copy``."""
    for copy in copies.copies_of(path):
        if examine(copy, full=True).damage is None:
            return copy
    raise WeipianError("workspace.no_copy", path=str(path), folder=str(copies.folder_of(path)))


def repair(path: Path, who: str, copy: Path | None = None) -> Repaired:
    """Make a whole workspace beside the damaged one, which stays as it is. ``copy``: the newest sound one.

    Raises ``workspace.no_copy`` and what :func:`restore` raises.
    """
    chosen = copy or newest_sound_copy(path)
    target = next(place for place in _places(path) if not place.exists())
    try:
        return Repaired(target, chosen, restore(path, chosen, target, who))
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _places(path: Path) -> Iterator[Path]:
    for number in range(1, 1000):
        yield path.with_name(f"{path.stem}-已恢复{'' if number == 1 else number}{path.suffix}")


def restore(damaged: Path, copy: Path, target: Path, who: str) -> Restored:
    """Make ``target`` from ``copy`` and replay what the journal of ``damaged`` has since. Neither of the two is changed.

    Changes of single rows (decisions, documents, rectification, states …) are in the journal with their values; a run's results are there as
    counts only: the reasons of such runs come back in ``to_run_again``. Raises ``workspace.exists``, ``workspace.*`` for a copy that is
    damaged itself, ``workspace.other_history`` where the two do not have the same beginning.
    """
    if target.exists():
        raise WeipianError("workspace.exists", path=str(target))
    with Workspace.open(copy) as source:
        source.check()
        source.backup(target)
    replayed, unreadable, journal_read, again = 0, 0, True, dict[str, None]()
    with Workspace.open(target) as store:
        last = store.values("journal", ("fid", "digest"))[-1:] or [(0, "")]
        with contextlib.closing(sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            _same_beginning(connection, last[0][0], last[0][1], damaged)
            journal_read = _last(connection) is not None
            with store.transaction():
                for row in _rows_after(connection, last[0][0]):
                    if row is None:
                        unreadable += 1
                    elif _replay(store, row, who):
                        replayed += 1
                    elif row.what != "setting":
                        again[row.why] = None
    return Restored(replayed, tuple(again), unreadable, journal_read)


def _same_beginning(connection: sqlite3.Connection, fid: int, digest: str, damaged: Path) -> None:
    if not fid:
        return
    try:
        row = connection.execute("SELECT digest FROM journal WHERE fid = ?", (fid,)).fetchone()
    except sqlite3.DatabaseError:
        return  # that page is damaged: the rows behind it may still be read
    if row is not None and row[0] != digest:
        raise WeipianError("workspace.other_history", path=str(damaged))


def _rows_after(connection: sqlite3.Connection, fid: int) -> Iterator[JournalRow | None]:
    """Journal rows by number, one query each, so that a damaged page costs the rows on it only; None for one that cannot be read."""
    statement = 'SELECT at, who, why, what, "key", action, "after" FROM journal WHERE fid = ?'
    for number in range(fid + 1, (_last(connection) or fid) + 1):
        try:
            found = connection.execute(statement, (number,)).fetchone()
            row = None if found is None else _row(found)
        except (sqlite3.DatabaseError, ValueError, TypeError):
            row = None
        yield row


def _row(stored: tuple[Any, ...]) -> JournalRow:
    """A row as stored, ``at`` to ``after``; raises ``ValueError`` or ``TypeError`` for values that are damaged."""
    at, who, why, what, key, action, after = stored
    values = json.loads(after) if after else {}
    return JournalRow(at, who or "", str(why), what, key, action, after=values or {})


def _last(connection: sqlite3.Connection) -> int | None:
    """The number of the last journal row; None where the file does not give it."""
    for statement in ("SELECT seq FROM sqlite_sequence WHERE name = 'journal'", "SELECT MAX(fid) FROM journal"):
        with contextlib.suppress(sqlite3.DatabaseError):
            row = connection.execute(statement).fetchone()
            if row is not None and row[0] is not None:
                return int(row[0])
    return None


def _replay(store: Workspace, row: JournalRow, who: str) -> bool:
    """Make one change again in the name of who made it; False for what is no change of a single row."""
    if row.what not in {table.name for table in TABLES} or row.what in ("journal", "setting"):
        return False
    table, after = table_named(row.what), row.after
    person, why = row.who or who, f"{WHY}：{row.why}"
    known = _keyed(store, table.name, row.key)
    if row.action == "insert" and after:
        if known is None:
            values = {
                name: _value(value, table.kinds()[name]) for name, value in after.items() if name in table.kinds()
            }
            store.insert(table.name, pd.DataFrame([values]), person, why, each=True)
        return True
    if row.action == "update" and known is not None and after:
        changes = {name: value for name, value in after.items() if name in table.kinds()}
        store.update(table.name, known, changes, person, why)
        return True
    if row.action == "delete" and known is not None:
        store.delete(table.name, person, why, **known)
        return True
    return False


def _keyed(store: Workspace, name: str, key: str) -> dict[str, Any] | None:
    """The key columns of the row that the journal calls ``key``; None where it is not there."""
    table = table_named(name)
    for values in store.values(name, table.key):
        row = dict(zip(table.key, values))
        if table.key_text(row) == key:
            return row
    return None


def _value(value: object, kind: str) -> Any:
    """JSON columns stand in the journal as text."""
    return json.loads(value) if kind == "json" and isinstance(value, str) else value
