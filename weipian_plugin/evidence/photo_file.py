"""One photo that was given in, and how its bytes are found again: in a file, in a zip, in a database."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..model.messages import Message
from ..model.sqlite_uri import read_only

_MORE = 1 << 24


@dataclass(frozen=True)
class PhotoFile:
    """One thing that was given in. ``name`` is what people see, relative to what they gave, with ``/``.

    ``path`` and ``member`` find the bytes again (member: index in the zip, or table/column/rowid of a database).
    ``register`` holds what a register or database says of the photo; ``refusal`` is set where it cannot be a photo;
    ``changed`` is the time of the last change of the file that holds it (nanoseconds), None where it is not known.
    """

    name: str
    path: Path
    member: str | None = None
    size: int | None = None
    register: Mapping[str, Any] = field(default_factory=dict)
    rejection: Message | None = None
    changed: int | None = None

    def read(self, limit: int = -1, archives: Archives | None = None) -> bytes:
        """The first ``limit`` bytes (all of them by default). Raises OSError, zipfile and sqlite3 errors."""
        if self.member is None:
            descriptor = os.open(
                self.path, os.O_RDONLY | getattr(os, "O_BINARY", 0)
            )  # no file object: asked a hundred thousand times
            try:
                return _read_fully(descriptor, limit, self.size)
            finally:
                os.close(descriptor)
        scheme, _, where = self.member.partition(":")
        if scheme == "zip":
            return (archives or Archives()).read(self.path, int(where), limit)
        if scheme != "db":
            raise FileNotFoundError(self.name)
        table, column, row = where.split("\x1f")
        return _read_blob(self.path, table, column, int(row), limit)


class Archives:
    """Zip files kept open during a run, one handle per thread (opening one reads its whole directory)."""

    def __init__(self) -> None:
        self._local = threading.local()
        self._open: list[zipfile.ZipFile] = []
        self._lock = threading.Lock()

    def read(self, path: Path, index: int, limit: int) -> bytes:
        """Up to ``limit`` bytes of member number ``index``."""
        opened: dict[Path, zipfile.ZipFile] = self._local.__dict__.setdefault("opened", {})
        archive = opened.get(path)
        if archive is None:
            archive = opened[path] = zipfile.ZipFile(path)
            with self._lock:
                self._open.append(archive)
        with archive.open(archive.infolist()[index]) as entry:
            return entry.read(limit)

    def close(self) -> None:
        """Close the archives that were opened; reading opens them again."""
        for archive in self._open:
            archive.close()
        self._open.clear()


def _read_fully(descriptor: int, limit: int, expected: int | None) -> bytes:
    """``expected``: the file's size as it was found; only so much memory is asked for at once, however high the limit."""
    if limit < 0:
        limit = sys.maxsize
    content = os.read(descriptor, min(limit, _MORE if expected is None else expected + 1))
    while content and len(content) < limit and len(content) != expected:  # a read may stop early on network drives
        more = os.read(descriptor, min(limit - len(content), _MORE))
        if not more:
            break
        content += more
    return content


def quoted(identifier: str) -> str:
    """A name of a table or column inside a statement."""
    return '"' + identifier.replace('"', '""') + '"'


def connect(path: Path) -> sqlite3.Connection:
    """Open for reading only; nothing is locked and no journal is made."""
    return sqlite3.connect(read_only(path, immutable=True), uri=True, timeout=5)


def _read_blob(path: Path, table: str, column: str, row: int, limit: int) -> bytes:
    connection = connect(path)
    try:
        # Identifiers cannot be parameters; both come from the database's own schema and are quoted.
        query = " ".join(("SELECT", quoted(column), "FROM", quoted(table), "WHERE rowid = ?"))
        found = connection.execute(query, (row,)).fetchone()
    finally:
        connection.close()
    content = found[0] if found else b""
    content = content if isinstance(content, bytes) else b""
    return content if limit < 0 else content[:limit]
