"""The journal (操作记录): who did what, when, why, before and after; each row carries the digest of the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .backend import Connection

#: Columns of a row that its digest covers, ``previous`` last, in the order of chain 2; chain 1 had no ``state``.
_FIELDS = ("at", "who", "why", "what", "key", "action", "before", "after", "state", "previous")
#: How rows are digested today. Rows of earlier releases (no ``chain``) keep the digest of theirs.
CHAIN = 2


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


def as_json(value: object) -> str | None:
    """A value as the journal keeps it; None stays NULL."""
    return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def digest(row: Sequence[str | None], chain: int | None = None) -> str:
    """SHA-256 over the row's texts, ``previous`` included, so that a changed or removed row breaks the chain.

    ``row``: the texts of :data:`_FIELDS`. Chain 2 tells NULL from blank text; chain 1 (None) did not, and had no ``state`` (it may be left
    out of ``row``).
    """
    if chain == CHAIN:
        return hashlib.sha256(
            json.dumps([chain, *row], ensure_ascii=False).encode("utf-8", "surrogatepass")
        ).hexdigest()
    first = [*row[: len(_FIELDS) - 2], row[-1]]
    return hashlib.sha256("\x1f".join(text or "" for text in first).encode("utf-8")).hexdigest()


def append(connection: Connection, who: str, why: str, entries: Iterable[Entry], state: str | None = None) -> None:
    """Add entries in order, chained to the last row. ``state``: of the table they are about, after the write (:mod:`ties`)."""
    at = now()
    append_rows(
        connection,
        (
            (at, who, why, entry.what, entry.key, entry.action, as_json(entry.before), as_json(entry.after), state)
            for entry in entries
        ),
    )


def append_rows(connection: Connection, rows: Iterable[tuple[str | None, ...]]) -> None:
    """Add rows (columns ``at`` to ``state``) in order, chained to the last row of the workspace."""
    last = connection.execute("SELECT digest FROM journal ORDER BY fid DESC LIMIT 1").fetchone()
    previous = last[0] if last else ""
    chained = []
    for row in rows:
        whole = (*row, previous)
        previous = digest(whole, CHAIN)
        chained.append((*whole, previous, CHAIN))
    connection.executemany(
        'INSERT INTO journal (at, who, why, what, "key", action, "before", "after", state, previous, digest, chain) '
        "VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        chained,
    )


def first_break(connection: Connection, after: int = 0, previous: str = "") -> int | None:
    """The first journal row whose chain is broken, or None where the journal is whole.

    ``after``, ``previous``: number and digest of a row that was checked before; the check goes on behind it.
    """
    query = (
        'SELECT fid, at, who, why, what, "key", action, "before", "after", state, previous, digest, chain FROM journal '
        "WHERE fid > ? ORDER BY fid"
    )
    newest = 0
    for position, (fid, *row, stored, chain) in enumerate(connection.execute(query, (after,)), start=after + 1):
        newest = max(newest, chain or 0)
        if row[-1] != previous or digest(row, chain) != stored or fid != position or (chain or 0) < newest:
            return int(fid)
        previous = stored
    return None
