"""A workspace from a file to a server and back, without loss: every row with its number, the states and the journal as they are."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Optional

from ..model.errors import WeipianError
from ..office.files import discard, replace
from . import postgres, transfer
from .backend import Backend, Connection
from .folders import NAMED_ANEW, Beside, folder_beside
from .places import Place, TeamPlace
from .postgres_connection import PostgresConnection
from .schema import TABLES
from .sqlite_backend import connect, guard_of_copy
from .store import Workspace, exists

_WHY = "工作库迁移"


@dataclass(frozen=True)
class Moved:
    """``rows``: of all tables; ``files``: photos, papers and pictures copied beside the new place; ``missing``: those that were not there."""

    rows: int
    files: int
    missing: int


def move(source: Place, target: Place, who: str) -> Moved:
    """Copy ``source`` to ``target``, which must not exist; ``source`` stays as it is. What was written is compared row by row.

    Raises ``workspace.exists``, ``workspace.not_movable`` for a workspace that speaks against itself, ``workspace.move_differs``.
    """
    if exists(target):
        raise WeipianError("workspace.exists", path=str(target))
    with Workspace.open(source) as store:
        doubts = store.audit()
        if doubts:
            raise WeipianError("workspace.not_movable", path=store.name, reason=doubts[0])
        files, missing = _copy_files(store, target)  # first: a copy that fails leaves no half-moved workspace behind
        with store.backend.coded(), store.reading():
            _lay(target, store.backend)
            rows = sum(store.count(table.name) for table in TABLES)
        _name_folder(store, target, who)
    return Moved(rows, files, missing)


def _lay(target: Place, source: Backend) -> None:
    """Make the target from one moment of the source; nothing of it stays where that fails."""
    if isinstance(target, TeamPlace):
        _lay_on_server(target, source.connection)
    else:
        _lay_in_file(target, source)


def _lay_in_file(target: Path, source: Backend) -> None:
    aside = target.with_name(f".{target.name}.part")
    discard(aside)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with guard_of_copy(source, target):
            with contextlib.closing(sqlite3.connect(str(aside), isolation_level=None)) as copy:
                source.copy_into(copy)
            with contextlib.closing(connect(aside)) as copy:
                _compare(source.connection, copy, target)
        replace(aside, target)
    except OSError as error:
        raise WeipianError("run.folder_unwritable", path=str(target.parent), reason=error) from error
    finally:
        discard(aside)


def _lay_on_server(target: TeamPlace, source: Connection) -> None:
    with _transaction(target) as connection:
        postgres.lay(connection, target)
        transfer.copy_rows(source, connection)
        postgres.number_on(connection)
        _compare(source, connection, target)


@contextmanager
def _transaction(target: TeamPlace) -> Iterator[PostgresConnection]:
    with contextlib.closing(postgres.connect(target)) as connection, postgres.coded(target):
        connection.execute("BEGIN")
        yield connection
        connection.execute("COMMIT")


def _compare(source: Connection, copy: Connection, target: Place) -> None:
    table = transfer.difference(source, copy)
    if table:
        raise WeipianError("workspace.move_differs", path=str(target), table=table)


def _name_folder(source: Workspace, target: Place, who: str) -> None:
    """A server without a folder of its own keeps using that of the source."""
    if isinstance(target, TeamPlace) and target.folder is None:
        with Workspace.open(target) as moved:
            if not moved.setting(postgres.FOLDER_SETTING):
                moved.set_setting(postgres.FOLDER_SETTING, str(source.path.parent.absolute()), who, _WHY)


def _copy_files(source: Workspace, target: Place) -> tuple[int, int]:
    """Photos, papers and pictures beside the new place: how many were copied, and how many were not there.

    Raises ``run.folder_unwritable``.
    """
    here = source.path.parent.absolute()
    if isinstance(target, TeamPlace):
        there = _shared_folder(source, target) or here
        moved = there / target.schema
    else:
        moved = target.absolute()
        there = moved.parent
    try:
        copied, missing = (0, 0) if here == there else _copied(source, here, there)
        return copied + sum(_copied_folder(source.path.absolute(), moved, what) for what in NAMED_ANEW), missing
    except OSError as error:
        raise WeipianError("run.folder_unwritable", path=str(there), reason=error) from error


def _copied_folder(old: Path, new: Path, what: Beside) -> int:
    """A folder of pictures that is found by the name of the workspace: under the new name, what is there already staying as it is."""
    here, there = folder_beside(old, what), folder_beside(new, what)
    if here == there or not here.is_dir():
        return 0
    wanted = [path for path in sorted(here.iterdir()) if path.is_file() and not (there / path.name).exists()]
    for path in wanted:
        there.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, there / path.name)
    return len(wanted)


def _shared_folder(source: Workspace, target: TeamPlace) -> Optional[Path]:
    """What the place names, else what the workspace has from an earlier server; None where the source's own folder is used on."""
    stated = source.setting(postgres.FOLDER_SETTING)
    return target.folder or (Path(stated) if stated else None)


def _copied(source: Workspace, here: Path, there: Path) -> tuple[int, int]:
    copied = missing = 0
    for name in _names(source):
        original, copy = here / name, there / name
        if copy.exists():
            continue
        if not original.is_file():
            missing += 1
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(original, copy)
        copied += 1
    return copied, missing


def _names(store: Workspace) -> Iterator[str]:
    """Files of the workspace by their path from its folder; nothing that leads out of it."""
    for table, column in (("photo", "stored"), ("document", "file")):
        for (name,) in store.values(table, [column]):
            path = PurePosixPath(str(name or "").replace("\\", "/"))
            if name and not path.is_absolute() and ".." not in path.parts and ":" not in str(name):
                yield str(path)
