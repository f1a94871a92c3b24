"""A workspace in a schema of a PostgreSQL server with PostGIS (多人工作库). Readers never wait; writers take turns.

Who writes holds one lock of the workspace until the commit, so that the journal stays one chain; a trigger refuses a row that does not
follow the last one. A connection that was lost is made anew with the next question; a write whose end was not heard is looked up.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from ..model import packages
from ..model.errors import WeipianError
from . import geopackage, migrations, postgres_schema, server_faults, table_states, transfer
from .backend import Backend
from .places import TeamPlace
from .postgres_connection import PostgresConnection
from .schema import SCHEMA_VERSION, TABLES, Table, quoted

_PATIENCE_MILLISECONDS = 5000
#: Only writers wait, and for one another's short transactions: so long even a window can.
_LEAST_PATIENCE = 2000
#: How long a write whose end was not heard is looked for, from one try to the next.
_UNSURE_SECONDS, _BETWEEN_SECONDS = 15.0, 0.5
#: Held until the end of a transaction; by name, so that nobody needs a right to any table for it.
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))"
_END = "SELECT fid, digest FROM journal_end"
#: SQLSTATE of a key that is there, of a deadlock and of a lock that was waited for too long.
_WRITTEN_BY_OTHERS = ("23505", "40P01", "55P03")
#: Where the photos and pictures of a workspace lie for all: a shared folder, set by the administrator.
FOLDER_SETTING = "team_folder"


def connect(place: TeamPlace) -> PostgresConnection:
    """Raises ``workspace.server_lost``, ``.server_refused``, ``run.package_missing``."""
    driver = packages.load("psycopg2")
    try:
        return PostgresConnection.connect(place.login, place.schema)
    except driver.Error as error:
        raise server_faults.login_fault(error, place.text) from None  # its text may hold the login


def exists(place: TeamPlace) -> bool:
    """Whether the schema is there and is a workspace."""
    with contextlib.closing(connect(place)) as connection, server_faults.coded(place.text):
        return is_there(connection, place)


def is_there(connection: PostgresConnection, place: TeamPlace) -> bool:
    """Whether the schema of a connection is a workspace."""
    found = connection.execute("SELECT to_regclass(?)", (f"{quoted(place.schema)}.setting",)).fetchone()
    return found[0] is not None


def workspaces(login: str, shown: str) -> list[str]:
    """Schemas of a database that are workspaces this login may use, sorted; ``shown``: what sentences call the connection."""
    place = TeamPlace(shown, "public", login)
    with contextlib.closing(connect(place)) as connection, coded(place):
        rows = connection.execute(
            "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE c.relname = 'journal_end' AND c.relkind = 'r' AND has_schema_privilege(n.oid, 'USAGE') ORDER BY 1"
        )
        return [str(row[0]) for row in rows]


def lay(connection: PostgresConnection, place: TeamPlace) -> None:
    """Make the schema and its tables, in the transaction of the caller. Raises ``workspace.postgis_missing``."""
    if connection.execute("SELECT 1 FROM pg_extension WHERE extname = 'postgis'").fetchone() is None:
        raise WeipianError("workspace.postgis_missing", path=place.text)
    postgres_schema.create(connection, place.schema)


def number_on(connection: PostgresConnection) -> None:
    """After rows came with their numbers: new rows are numbered on behind them."""
    for table in TABLES:
        place = quoted(table.name)
        statement = [
            "SELECT setval(pg_get_serial_sequence(?, 'fid'), MAX(fid)) FROM",
            place,
            "HAVING MAX(fid) IS NOT NULL",
        ]
        connection.execute(" ".join(statement), (place,))


def coded(place: TeamPlace) -> AbstractContextManager[None]:
    """Raise what the server reports with a sentence."""
    return server_faults.coded(place.text)


def remove_unused(place: TeamPlace) -> None:
    """Take away a schema that nobody has written to: of a run that failed before it wrote anything. One with a journal stays."""
    with contextlib.closing(connect(place)) as connection, server_faults.coded(place.text):
        connection.execute("BEGIN")
        connection.execute(_LOCK, (_lock_name(place),))
        if connection.execute("SELECT fid FROM journal_end").fetchone()[0] == 0:
            connection.execute("DROP SCHEMA " + quoted(place.schema) + " CASCADE")
        connection.execute("COMMIT")


@contextmanager
def _connected(place: TeamPlace) -> Iterator[PostgresConnection]:
    """A connection that stays open where nothing is raised; what the server reports is raised with a sentence."""
    connection = connect(place)
    try:
        with server_faults.coded(place.text):
            yield connection
    except BaseException:
        connection.close()
        raise


def _lock_name(place: TeamPlace) -> str:
    return f"weipian {place.schema}"


class PostgresBackend:
    """One connection to the schema of a workspace."""

    keeps_rows_back = True

    def __init__(self, place: TeamPlace, connection: PostgresConnection) -> None:
        self._place = place
        self._connection = connection
        self._patience = _PATIENCE_MILLISECONDS
        self._own = 0  # rows of the journal that this connection has committed
        self._begun = 0  # the journal's end when the transaction began
        self._writing = False
        self._unheard = False  # what was told while there was no connection
        self.duplicate: type[Exception] = packages.load("psycopg2").IntegrityError
        connection.renew = self._renew
        self._listen()

    @classmethod
    def open(cls, place: TeamPlace) -> PostgresBackend:
        """Raises ``workspace.missing``, ``.newer``, ``.server_not_migrated`` and what connecting raises."""
        with _connected(place) as connection:
            if not is_there(connection, place):
                raise WeipianError("workspace.missing", path=place.text)
            return cls._opened(place, connection)

    @classmethod
    def create(cls, place: TeamPlace) -> PostgresBackend:
        """A new schema with an empty workspace. Raises ``workspace.exists``, ``.postgis_missing``, ``.not_permitted``."""
        with _connected(place) as connection:
            if is_there(connection, place):
                raise WeipianError("workspace.exists", path=place.text)
            return cls._made(place, connection)

    @classmethod
    def open_or_create(cls, place: TeamPlace) -> tuple[PostgresBackend, bool]:
        """The workspace and whether it was made, over one connection. Raises as :meth:`open` and :meth:`create` do."""
        with _connected(place) as connection:
            if is_there(connection, place):
                return cls._opened(place, connection), False
            return cls._made(place, connection), True

    @classmethod
    def _opened(cls, place: TeamPlace, connection: PostgresConnection) -> PostgresBackend:
        version = migrations.version_of(connection)
        if version > SCHEMA_VERSION or version < 1:
            raise WeipianError("workspace.newer", path=place.text, version=version, known=SCHEMA_VERSION)
        opened = cls(place, connection)
        opened._complete(version)
        return opened

    @classmethod
    def _made(cls, place: TeamPlace, connection: PostgresConnection) -> PostgresBackend:
        connection.execute("BEGIN")  # what was begun goes with the connection
        lay(connection, place)
        connection.execute("COMMIT")
        return cls(place, connection)

    @property
    def connection(self) -> PostgresConnection:
        """The connection; a lost one is made anew."""
        if self._connection.closed:
            self._renew()
        return self._connection

    def _renew(self) -> None:
        self._connection.raw = connect(self._place).raw
        self._unheard = True
        with self.coded():
            self._listen()

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def coded(self) -> AbstractContextManager[None]:
        return server_faults.coded(self._place.text)

    def folder(self) -> Path:
        """Where photos and pictures of the workspace lie: as the place says, as the administrator has set, else of this person alone."""
        if self._place.folder is not None:
            return self._place.folder
        with self.coded():
            row = self.connection.execute("SELECT value FROM setting WHERE name = ?", (FOLDER_SETTING,)).fetchone()
        return Path(row[0]) if row and row[0] else Path.home() / "卫片多人工作库" / self._place.file_name

    # ---- transactions ----

    def begin_reading(self) -> None:
        self._begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def prepare(self, work: Callable[[], None]) -> None:
        self._begin("BEGIN")
        try:
            work()
        except Exception as error:
            self.rollback()
            code = str(getattr(error, "pgcode", None) or "")
            if not code.startswith(_WRITTEN_BY_OTHERS):
                raise

    def begin_writing(self) -> None:
        prepared = [] if self.in_transaction else ["BEGIN"]
        try:
            row = self._begin("; ".join([*prepared, _LOCK, _END]), _lock_name(self._place)).fetchone()
            self._begun, self._writing = int(row[0]), True
        except BaseException:
            self.rollback()
            raise

    def _begin(self, statement: str, *values: str) -> Any:
        """Begin on a living connection: one that was lost unnoticed is made anew, once, unless what was prepared on it is lost with it."""
        if self.in_transaction:
            return self._connection.execute(statement, values)
        try:
            return self.connection.execute(statement, values)
        except Exception as error:
            if not server_faults.is_lost(error):
                raise
            self._connection.close()
            return self.connection.execute(statement, values)

    def commit(self) -> None:
        """Commit; where the connection is lost meanwhile, a new one tells by the journal whether it arrived. Raises ``workspace.server_unsure``."""
        fid, digest = self._end()
        try:
            self.connection.execute("COMMIT")
        except Exception as error:
            if not server_faults.is_lost(error) or fid == self._begun:
                raise
            self._connection.close()
            if not self._arrived(fid, digest):
                raise
        self._own, self._writing = self._own + fid - self._begun, False

    def _arrived(self, fid: int, digest: str) -> bool:
        """Whether a commit that the server did not answer was made: its last row of the journal tells. Raises ``workspace.server_unsure``."""
        until = time.monotonic() + _UNSURE_SECONDS
        while True:
            with contextlib.suppress(Exception):  # not up yet: tried again
                found = self.connection.execute("SELECT digest FROM journal WHERE fid = ?", (fid,)).fetchone()
                return found is not None and found[0] == digest
            if time.monotonic() > until:
                raise WeipianError("workspace.server_unsure", path=self._place.text)
            time.sleep(_BETWEEN_SECONDS)

    def rollback(self) -> None:
        self._writing = False
        with contextlib.suppress(Exception):  # the error on its way to the user matters more
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def close(self) -> None:
        self._connection.close()

    def set_patience(self, milliseconds: int) -> None:
        wanted = max(milliseconds, _LEAST_PATIENCE)
        if wanted != self._patience:
            self._patience = wanted
            with self.coded():
                self._listen()

    # ---- others ----

    def data_version(self) -> int:
        return (self._begun if self._writing else self._end()[0]) - self._own

    def heard(self) -> bool:
        raw = self.connection.raw
        try:
            raw.poll()
        except Exception:
            raw.close()  # the driver does not always notice by itself that it was lost
            raise
        told = [notice for notice in raw.notifies if notice.pid != raw.get_backend_pid()]
        unheard, self._unheard = self._unheard, False
        raw.notifies.clear()
        return bool(told) or unheard

    @contextmanager
    def frozen(self) -> Iterator[Backend]:
        """One moment of the server: readers wait for nobody."""
        self.begin_reading()
        try:
            yield self
        finally:
            self.rollback()

    def copy_into(self, target: sqlite3.Connection) -> None:
        geopackage.create(target)
        with contextlib.ExitStack() as stack:
            if not self.in_transaction:
                stack.enter_context(self.frozen())
            with target:
                target.execute("BEGIN")
                transfer.copy_rows(self.connection, target)
                geopackage.renew_extents(target)

    def journal_given(self) -> int:
        return self._end()[0]

    def written(self, table: Table, fids: Sequence[int]) -> int:
        """By the number of the transaction that each row carries: a row-level rule passes over rows without a word."""
        statement = " ".join(
            [
                "SELECT COUNT(*) FROM",
                quoted(table.name),
                "WHERE fid = ANY(?) AND xmin::text = (pg_current_xact_id()::xid)::text",
            ]
        )
        return int(self.connection.execute(statement, (list(fids),)).fetchone()[0])

    def update_extent(self, table: Table, bounds: tuple[float, float, float, float]) -> None:
        """PostgreSQL keeps none."""

    def check_quickly(self) -> None:
        """The server answers for its pages."""

    def check_aside(self) -> None:
        """The server answers for its pages."""

    def check_fully(self) -> None:
        """All rows are read, which is all that a client can do."""
        with self.coded():
            for table in TABLES:
                table_states.total(table_states.stored_rows(self.connection, table))

    # ---- inside ----

    def _listen(self) -> None:
        connection = self._connection
        connection.execute("LISTEN " + quoted(postgres_schema.channel_of(self._place.schema)))
        connection.execute(f"SET lock_timeout TO {int(self._patience):d}")

    def _end(self) -> tuple[int, str]:
        row: Any = self.connection.execute(_END).fetchone()
        return int(row[0]), str(row[1])

    def _complete(self, version: int) -> None:
        """Add tables and columns that a later build has, and bring rows of an earlier ``version`` to today's, all or nothing.

        Only the owner of the schema may do that. Raises ``workspace.server_not_migrated``.
        """
        lacking = list(postgres_schema.missing(self._connection))
        if not lacking and version == SCHEMA_VERSION:
            return
        try:
            self.begin_writing()
            for table, columns in postgres_schema.missing(self._connection):
                if not columns:
                    postgres_schema.add_table(self._connection, table, self._place.schema)
                for column in columns:
                    postgres_schema.add_column(self._connection, table, column)
            if version < SCHEMA_VERSION:
                migrations.bring_rows(self._connection)
            else:
                migrations.note_states(
                    self._connection, filter(table_states.is_tracked, (table for table, _ in lacking))
                )
            self.commit()
        except packages.load("psycopg2").Error as error:
            self.rollback()
            reason = server_faults.translated(error, self._place.text)
            shown = {"version": version, "known": SCHEMA_VERSION, "reason": reason.message}
            raise WeipianError("workspace.server_not_migrated", path=self._place.text, **shown) from error
