"""What a delivery consists of: every table file in a folder, an archive or a single file, as one batch."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ..formats.archive import unpack
from ..model.errors import WeipianError

#: Suffixes that are tables of their own; parts of a shapefile belong to its .shp.
TABLES = (".shp", ".gpkg", ".geojson", ".json", ".kml", ".kmz", ".mdb", ".xlsx", ".xls", ".csv", ".txt")
_FILES = 20_000


@dataclass(frozen=True)
class Piece:
    """A table file: where it is on disk, and its name as delivered."""

    path: Path
    name: str


class Scratch:
    """A temporary folder that is made when the first archive needs it and is gone at the end."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._count = 0

    def __enter__(self) -> Scratch:
        return self

    def __exit__(self, *error: object) -> None:
        if self._folder is not None:
            # On Windows a file that is still mapped cannot be deleted; what is left then is the system's to clean.
            shutil.rmtree(self._folder, ignore_errors=True)

    def folder(self) -> Path:
        """A new empty folder."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="weipian-"))
        self._count += 1
        new = self._folder / f"z{self._count}"
        new.mkdir()
        return new


def pieces_of(path: Path, scratch: Scratch) -> list[Piece]:
    """All table files of a delivery, in name order; archives are unpacked into ``scratch``.

    Raises ``intake.file_missing``, ``intake.delivery_empty``, ``intake.orphan_part`` (a ``.dbf`` without its ``.shp``
    when there is nothing else), and what :mod:`archive` raises.
    """
    if not path.exists():
        raise WeipianError("intake.file_missing", path=str(path))
    found = _in(path, path.name, scratch)
    if not found:
        raise WeipianError("intake.delivery_empty", path=str(path), formats=" ".join((*TABLES, ".gdb", ".zip")))
    return found


def _in(path: Path, name: str, scratch: Scratch) -> list[Piece]:
    if path.suffix.lower() == ".gdb" and path.is_dir():
        return [Piece(path, name)]
    if path.is_dir():
        return [piece for file, shown in _walk(path) for piece in _in(file, shown, scratch)]
    if path.suffix.lower() == ".zip":
        unpacked = unpack(path, scratch.folder())
        return [Piece(file.path, file.delivered) for file in unpacked if _is_table(file.path)]
    return [Piece(path, name)] if _is_table(path) else []


def _is_table(path: Path) -> bool:
    return path.suffix.lower() in TABLES or path.suffix.lower() == ".gdb"


def _walk(folder: Path) -> list[tuple[Path, str]]:
    """Files below a folder in name order; a geodatabase counts as one file, hidden and lock files as none."""
    result: list[tuple[Path, str]] = []
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.startswith((".", "~$")) or entry.is_symlink():
            continue
        if entry.is_dir() and entry.suffix.lower() != ".gdb":
            result.extend((file, f"{entry.name}/{shown}") for file, shown in _walk(entry))
        else:
            result.append((entry, entry.name))
        if len(result) > _FILES:
            raise WeipianError("intake.archive_too_big", path=str(folder), what=f"> {_FILES}")
    return result
