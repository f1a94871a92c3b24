"""Copies of a workspace by SQLite's own backup: for one moment's reading, and the daily ones kept beside it."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from datetime import date
from pathlib import Path

from ..model.errors import WeipianError
from ..model.sqlite_uri import read_only
from ..office.files import flush_file, replace
from . import faults
from .folders import Beside, folder_beside

#: Daily copies that stay beside the workspace.
KEPT = 3
#: How long a copy waits for a colleague's write before it gives up.
_PATIENCE_SECONDS = 20.0
#: SQLITE_BUSY and SQLITE_LOCKED: another program is writing.
_WAITING = (5, 6)


def copy_into(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """All of ``source`` as of one moment. Raises ``sqlite3.OperationalError`` when it stays locked."""
    end = time.monotonic() + _PATIENCE_SECONDS

    def progress(status: int, remaining: int, total: int) -> None:
        if status in _WAITING and time.monotonic() > end:
            raise sqlite3.OperationalError("database is locked")

    source.backup(target, progress=progress, sleep=0.05)


def scratch_copy(path: Path) -> sqlite3.Connection:
    """An empty database to copy into: the copying, during which colleagues cannot write, waits for no disk. Whoever keeps it flushes it."""
    connection = sqlite3.connect(str(path))
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    return connection


def folder_of(workspace: Path) -> Path:
    """Where the daily copies of a workspace lie: a folder beside it."""
    return folder_beside(workspace, Beside.COPIES)


def copies_of(workspace: Path) -> list[Path]:
    """The daily copies, newest first."""
    return sorted(folder_of(workspace).glob("????-??-??.gpkg"), reverse=True)


def keep_daily(workspace: Path, day: date | None = None) -> Path | None:
    """Make today's copy where there is none yet, and remove all but the newest :data:`KEPT`. None when it exists or cannot be made.

    A copy is checked before it takes its name, so that a damaged workspace never pushes out a sound copy. ``day``: today.
    """
    target = folder_of(workspace) / f"{(day or date.today()).isoformat()}.gpkg"
    if target.exists():
        return None
    aside = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(exist_ok=True)
        source = sqlite3.connect(read_only(workspace), uri=True)
        with contextlib.closing(source), contextlib.closing(scratch_copy(aside)) as copy:
            copy_into(source, copy)
            faults.check_quickly(copy, workspace)
        flush_file(aside)
        replace(aside, target)
        for old in copies_of(workspace)[KEPT:]:
            old.unlink()
    except (OSError, sqlite3.Error, WeipianError):
        return None
    finally:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
    return target
