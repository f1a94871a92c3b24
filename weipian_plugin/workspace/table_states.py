"""What ties the rows of a table to the journal: a digest of all its rows, noted in each journal row about the table.

The digest of a table is the sum of the SHA-256 of its rows, modulo 2**256: it can be carried on from write to write without reading the
table again, and does not depend on the order of the rows. A row that another program changed, added or removed makes it differ from what
the journal noted last. It is no signature: whoever rewrites the journal as well can make both agree (the last digest of the
journal stands in every package handed in, and would contradict).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, Optional

from .backend import Connection
from .schema import TABLES, Table, quoted

#: Tables that are lists of a run or of the workspace itself, not of parcels and what was decided about them.
_UNTRACKED = frozenset({"journal", "setting", "refusal", "layer"})
TRACKED: tuple[Table, ...] = tuple(table for table in TABLES if table.name not in _UNTRACKED)
_MODULUS = 1 << 256


def is_tracked(table: Table) -> bool:
    """Whether the state of a table is chained into the journal."""
    return table.name not in _UNTRACKED


def row_number(row: tuple[object, ...]) -> int:
    """The SHA-256 of one row as stored (columns in the order of the schema, then the geometry), as a number."""
    plain = tuple(value + 0.0 if isinstance(value, float) else value for value in row)  # SQLite keeps no negative zero
    return int.from_bytes(hashlib.sha256(repr(plain).encode("utf-8", "surrogatepass")).digest(), "big")


def total(rows: Iterable[tuple[object, ...]]) -> int:
    """The sum of :func:`row_number` over rows."""
    return sum(map(row_number, rows)) % _MODULUS


def place_of_parcel(table: Table) -> Optional[int]:
    """Where a stored row names its parcel; None for a table whose rows do not."""
    names = [column.name for column in table.columns]
    return names.index("parcel") if "parcel" in names else None


def by_parcel(rows: Iterable[tuple[object, ...]], place: int) -> dict[Any, tuple[bytes, int]]:
    """Of the rows of each parcel a digest in their order, and their :func:`total`; ``place``: of the parcel's number in a row."""
    digests: dict[Any, Any] = {}
    sums: dict[Any, int] = {}
    for row in rows:
        parcel, number = row[place], row_number(row)
        digests.setdefault(parcel, hashlib.sha256()).update(number.to_bytes(32, "big"))
        sums[parcel] = sums.get(parcel, 0) + number
    return {parcel: (digest.digest(), sums[parcel] % _MODULUS) for parcel, digest in digests.items()}


def moved(state: str, removed: int, added: int) -> str:
    """The state of a table (hexadecimal; "" for an empty one) after rows went and came."""
    return f"{(int(state or '0', 16) - removed + added) % _MODULUS:064x}"


def stored_rows(
    connection: Connection, table: Table, condition: str = "", values: tuple[object, ...] = ()
) -> Iterator[tuple[object, ...]]:
    """Rows of a table as SQLite has them, without ``fid``, one after the other: a large table is never held as a whole."""
    names = table.stored()
    columns = ", ".join(quoted(name) for name in names)
    statement = " ".join(["SELECT", columns, "FROM", quoted(table.name), condition])
    return iter(connection.execute(statement, values))


def noted(connection: Connection, table: Table, database: str = "") -> str:
    """The state carried on for a table; "" before its first write. ``database``: an attached copy's name."""
    place = quoted(database) + ".setting" if database else "setting"
    statement = " ".join(["SELECT value FROM", place, "WHERE name = ?"])
    row = connection.execute(statement, (_setting(table),)).fetchone()
    return str(row[0]) if row else ""


def note(connection: Connection, table: Table, state: str) -> None:
    """Carry a state on (the journal's rows have it, too)."""
    changed = connection.execute("UPDATE setting SET value = ? WHERE name = ?", (state, _setting(table)))
    if not changed.rowcount:
        connection.execute("INSERT INTO setting (name, value) VALUES (?, ?)", (_setting(table), state))


def _setting(table: Table) -> str:
    return f"state:{table.name}"
