"""What SQLite reports, as errors with a sentence: no caller of a workspace sees a `sqlite3` error."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import shapely

from ..model.errors import WeipianError
from ..model.messages import Message

#: Parts of SQLite's texts, in lower case, and the code that says the same to people.
_CODES = (
    ("locked", "workspace.locked"),
    ("busy", "workspace.locked"),
    ("readonly", "workspace.unwritable"),
    ("full", "workspace.unwritable"),
    ("disk i/o", "workspace.unwritable"),
    ("malformed", "workspace.damaged"),
    ("not a database", "workspace.damaged"),
    ("could not decode", "workspace.damaged"),
    ("no such table", "workspace.damaged"),
    ("no such column", "workspace.damaged"),
)


@contextmanager
def coded(path: Path) -> Iterator[None]:
    """Raise what SQLite reports as ``workspace.locked``, ``.unwritable``, ``.unfinished`` or ``.damaged``.

    A broken rule of the data (``IntegrityError``) and misuse of a connection (``ProgrammingError``) go on as they are.
    """
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise
    except sqlite3.Error as error:
        raise translated(error, path) from error


def translated(error: sqlite3.Error, path: Path) -> WeipianError:
    """The error with a sentence for what SQLite reported about the workspace at ``path``."""
    text = str(error).lower()
    if is_unfinished(path) and ("readonly" in text or "unable to open" in text or "i/o" in text):
        return WeipianError("workspace.unfinished", path=str(path))
    code = next((code for word, code in _CODES if word in text), "workspace.damaged")
    if code == "workspace.unwritable":
        return WeipianError(code, path=str(path), reason=Message(_REASONS.get(text, "run.cause_io")))
    return WeipianError(code, path=str(path))


_REASONS = {
    "attempt to write a readonly database": "run.cause_read_only",
    "database or disk is full": "run.cause_full",
}


def is_unfinished(path: Path) -> bool:
    """Whether a write was broken off (the power failed, the program was ended) and has still to be rolled back."""
    hot = path.with_name(path.name + "-journal")
    try:
        return hot.stat().st_size > 0
    except OSError:
        return False


@contextmanager
def sound(place: str) -> Iterator[None]:
    """Raise ``workspace.damaged`` for stored values that are not what the table should hold (broken JSON, geometry, text)."""
    try:
        yield
    except (ValueError, IndexError, TypeError, struct.error, shapely.errors.ShapelyError) as error:
        raise WeipianError("workspace.damaged", path=place) from error


def check_quickly(connection: sqlite3.Connection, path: Path) -> None:
    """SQLite's quick check. Raises ``workspace.damaged``."""
    _check(connection, path, "PRAGMA quick_check(1)")


def check_fully(connection: sqlite3.Connection, path: Path) -> None:
    """SQLite's full check, indexes against their tables included. Raises ``workspace.damaged``."""
    _check(connection, path, "PRAGMA integrity_check(1)")


def _check(connection: sqlite3.Connection, path: Path, statement: str) -> None:
    with coded(path):
        found = connection.execute(statement).fetchone()
    if found is None or found[0] != "ok":
        raise WeipianError("workspace.damaged", path=str(path))
