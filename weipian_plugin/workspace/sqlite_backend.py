"""A workspace in a GeoPackage.

Plain ``sqlite3`` on purpose: inside QGIS it is the same SQLite library as QGIS's own, so file locks hold; a second SQLite
(as bundled with fiona and pyogrio) would drop them.
"""

from __future__ import annotations

import contextlib
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from ..model.causes import cause_of
from ..model.errors import WeipianError
from ..model.messages import Message
from ..office.files import replace
from . import copies, faults, geopackage, migrations
from .backend import Backend
from .schema import SCHEMA_VERSION, Table

_BUSY_MILLISECONDS = 5000


def guard_of_copy(source: Backend, copy: Path) -> AbstractContextManager[None]:
    """Raise what SQLite reports of a file beside a workspace on a server; the guard of a workspace that is a file says it of that one."""
    return contextlib.nullcontext() if isinstance(source, SqliteBackend) else faults.coded(copy)


class SqliteBackend:
    """A file, and how SQLite locks it."""

    duplicate: type[Exception] = sqlite3.IntegrityError
    keeps_rows_back = False  # whoever may write to a file may write every row of it

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.connection = connection

    @classmethod
    def create(cls, path: Path) -> None:
        """Lay an empty workspace at ``path``. Raises ``workspace.exists``, ``run.folder_unwritable``."""
        if path.exists():
            raise WeipianError("workspace.exists", path=str(path))
        aside = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.closing(connect(aside)) as connection, connection:
                geopackage.create(connection)
                connection.execute(
                    "INSERT INTO setting (name, value) VALUES ('schema_version', ?)", (str(SCHEMA_VERSION),)
                )
            replace(aside, path)
        except (OSError, sqlite3.Error) as error:
            cause = cause_of(error) if isinstance(error, OSError) else Message("run.cause_io")
            raise WeipianError("run.folder_unwritable", path=str(path.parent), reason=cause) from error
        finally:
            with contextlib.suppress(OSError):
                aside.unlink(missing_ok=True)

    @classmethod
    def open(cls, path: Path) -> SqliteBackend:
        """An existing file; one of an earlier schema is brought to today's. Raises as :meth:`.store.Workspace.open` does.

        Raises ``workspace.missing`` and ``workspace.newer``.
        """
        if not path.is_file():
            raise WeipianError("workspace.missing", path=str(path))
        try:
            connection = connect(path)
            version = migrations.version_of(connection)
        except (sqlite3.Error, ValueError) as error:
            raise _not_opened(error, path) from error
        if version > SCHEMA_VERSION or version < 1:
            connection.close()
            raise WeipianError("workspace.newer", path=str(path), version=version, known=SCHEMA_VERSION)
        if version < SCHEMA_VERSION:
            migrations.migrate(connection, path, version)
        with faults.coded(path):
            migrations.complete(connection, path)
        return cls(path, connection)

    @property
    def in_transaction(self) -> bool:
        return self.connection.in_transaction

    def coded(self) -> AbstractContextManager[None]:
        return faults.coded(self.path)

    def begin_reading(self) -> None:
        self.connection.execute("BEGIN")

    def begin_writing(self) -> None:
        self.connection.execute("BEGIN IMMEDIATE")

    def prepare(self, work: Callable[[], None]) -> None:
        """Whoever writes to a file keeps others waiting."""

    def commit(self) -> None:
        self.connection.execute("COMMIT")

    def rollback(self) -> None:
        with contextlib.suppress(sqlite3.Error):  # the error on its way to the user matters more
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")

    def close(self) -> None:
        self.connection.close()

    def set_patience(self, milliseconds: int) -> None:
        self.connection.execute(f"PRAGMA busy_timeout = {int(milliseconds):d}")

    def data_version(self) -> int:
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])

    def heard(self) -> bool:
        """A file says nothing by itself: it has to be looked at."""
        return True

    @contextmanager
    def frozen(self) -> Iterator[Backend]:
        """A copy in memory: colleagues wait for the copy only, not for the reading."""
        with contextlib.closing(sqlite3.connect("")) as copy:
            self.copy_into(copy)
            yield SqliteBackend(self.path, copy)

    def copy_into(self, target: sqlite3.Connection) -> None:
        copies.copy_into(self.connection, target)

    def journal_given(self) -> int:
        given = self.connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'journal'").fetchone()
        return int(given[0]) if given else 0

    def written(self, table: Table, fids: Sequence[int]) -> int:
        return len(fids)

    def update_extent(self, table: Table, bounds: tuple[float, float, float, float]) -> None:
        geopackage.update_extent(self.connection, table.name, bounds)

    def check_quickly(self) -> None:
        faults.check_quickly(self.connection, self.path)

    def check_aside(self) -> None:
        with faults.coded(self.path), contextlib.closing(connect(self.path)) as connection:
            faults.check_quickly(connection, self.path)

    def check_fully(self) -> None:
        faults.check_fully(self.connection, self.path)


def connect(path: Path) -> sqlite3.Connection:
    """A connection as every part of the workspace uses it: transactions are begun by hand."""
    connection = sqlite3.connect(str(path), timeout=_BUSY_MILLISECONDS / 1000, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _not_opened(error: Exception, path: Path) -> WeipianError:
    """Why a file could not be opened as a workspace."""
    known = faults.translated(error, path) if isinstance(error, sqlite3.Error) else None
    if known is not None and known.code in ("workspace.locked", "workspace.unfinished"):
        return known
    return WeipianError("workspace.foreign", path=str(path))
