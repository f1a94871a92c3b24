"""What a store asks of the database under it: everything in which SQLite and PostgreSQL differ, and nothing else.

The meaning (tables, journal, order, versions, states) is the store's, once. Statements are written once as well, with ``?`` for values and
quoted names; geometry goes in and comes out in GeoPackage's binary form (:mod:`.geometry`), from which the states of tables are summed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from .schema import Table


class Cursor(Protocol):
    """Rows of a statement."""

    @property
    def rowcount(self) -> int: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """A connection on which transactions are begun by hand."""

    def execute(self, statement: str, values: Sequence[object] = ..., /) -> Cursor: ...

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]], /) -> Any: ...


class Backend(Protocol):
    """One open database. ``coded`` turns what it reports into errors with a sentence; ``duplicate``: its error for a key that is there.

    ``keeps_rows_back``: whether a row-level rule may keep rows back from a writer without a word.
    """

    duplicate: type[Exception]
    keeps_rows_back: bool

    @property
    def connection(self) -> Connection: ...

    @property
    def in_transaction(self) -> bool: ...

    def coded(self) -> AbstractContextManager[None]: ...

    def begin_reading(self) -> None:
        """From now on every read is of this moment."""

    def begin_writing(self) -> None:
        """A transaction that no other writer overlaps with."""

    def prepare(self, work: Callable[[], None]) -> None:
        """Before :meth:`begin_writing`: ``work`` on the server in the transaction that this will go on with, unseen by others and without
        keeping them waiting. Not done where the database cannot, nor where others have written the same: the caller asks what is left to do."""

    def commit(self) -> None: ...

    def rollback(self) -> None:
        """Safe to call where nothing was begun, and where the connection is gone."""

    def close(self) -> None: ...

    def set_patience(self, milliseconds: int) -> None:
        """How long an operation waits for another program."""

    def data_version(self) -> int:
        """Changes whenever another connection has committed, and never by what this one commits."""

    def heard(self) -> bool:
        """Whether another connection may have committed since the last call: a quick question, for a window's clock."""

    def frozen(self) -> AbstractContextManager[Backend]:
        """All tables as of one moment for a long reading, during which nobody waits."""

    def copy_into(self, target: sqlite3.Connection) -> None:
        """Everything as of one moment, as a GeoPackage in an empty SQLite database."""

    def journal_given(self) -> int:
        """How many rows the journal was ever given."""

    def written(self, table: Table, fids: Sequence[int]) -> int:
        """How many of these rows this transaction has changed; asked where rows may be kept back."""

    def update_extent(self, table: Table, bounds: tuple[float, float, float, float]) -> None:
        """Record the extent that readers zoom to, where the database keeps one."""

    def check_quickly(self) -> None:
        """Raises ``workspace.damaged``."""

    def check_aside(self) -> None:
        """The same on a connection of its own, for another thread."""

    def check_fully(self) -> None:
        """Raises ``workspace.damaged``."""
