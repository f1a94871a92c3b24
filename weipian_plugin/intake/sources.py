"""What a delivery consists of: every table file in a folder, an archive or a single file, as one batch, and what else lies there."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..formats.archive import FOREIGN_ARCHIVES, is_ignored_file, refuse_foreign, unpack
from ..formats.vector import format_of
from ..model.errors import WeipianError
from ..model.messages import Message
from ..office.scratch import scratch_folder

#: Suffixes that are tables of their own; parts of a shapefile belong to its .shp.
TABLES = (
    ".shp", ".gpkg", ".geojson", ".json", ".kml", ".kmz", ".mdb", ".fgb", ".dxf", ".tab", ".mif",
    ".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".txt",
)  # fmt: skip
#: What belongs to another file and is no news when it lies beside it.
_COMPANIONS = (
    ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qmd", ".qml", ".sld", ".xml", ".lyr", ".lyrx", ".ldb", ".lock",
    ".dat", ".map", ".id", ".ind", ".mid", ".tfw", ".aux", ".gpkg-wal", ".gpkg-shm", ".fix",
)  # fmt: skip
#: Said where a delivery holds none of them.
FORMATS = (".shp", ".gdb", ".gpkg", ".geojson", ".kml", ".kmz", ".mdb", ".fgb", ".txt", ".zip")
_FILES = 20_000
_NAMED = 20


@dataclass(frozen=True)
class TableFile:
    """A table file: where it is on disk, and its name as delivered."""

    path: Path
    name: str


@dataclass(frozen=True)
class Contents:
    """The table files of a delivery in name order, the names of files that are none, and archives that cannot be opened here."""

    table_files: tuple[TableFile, ...]
    others: tuple[str, ...] = ()
    closed: tuple[Message, ...] = ()

    def notes(self) -> list[Message]:
        """What is to be said of the files that were not read."""
        if not self.others:
            return list(self.closed)
        some = "、".join(self.others[:_NAMED]) + ("……" if len(self.others) > _NAMED else "")
        return [*self.closed, Message("intake.files_other", {"count": len(self.others), "names": some})]


class Scratch:
    """A temporary folder that is made when the first archive needs it and is gone at the end."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._held = ExitStack()
        self._count = 0

    def __enter__(self) -> Scratch:
        return self

    def __exit__(self, *error: object) -> None:
        # On Windows a file that is still mapped cannot be deleted; what is left then the next run removes.
        self._held.close()

    def folder(self) -> Path:
        """A new empty folder."""
        if self._folder is None:
            self._folder = self._held.enter_context(scratch_folder())
        self._count += 1
        new = self._folder / f"z{self._count}"
        new.mkdir()
        return new


def contents_of(path: Path, scratch: Scratch) -> Contents:
    """All table files of a delivery, in name order; archives are unpacked into ``scratch``.

    Raises ``intake.file_missing``, ``intake.delivery_empty``, and what :mod:`archive` raises. An archive of another kind (RAR, 7z, …)
    beside tables is only named; where there is nothing else, it raises.
    Raises ``intake.file_unreadable``.
    """
    try:
        if not path.exists():
            raise WeipianError("intake.file_missing", path=str(path))
        result = _joined(_in(path, path.name, scratch))
    except OSError as error:  # a folder that may not be listed, a share that is gone
        raise WeipianError("intake.file_unreadable", path=str(path), reason=error) from error
    if not result.table_files:
        if result.closed:
            raise WeipianError(result.closed[0].code, **result.closed[0].details)
        raise WeipianError("intake.delivery_empty", path=str(path), formats=" ".join(FORMATS))
    return result


def _joined(found: Sequence[Contents]) -> Contents:
    return Contents(
        tuple(table_file for one in found for table_file in one.table_files),
        tuple(name for one in found for name in one.others),
        tuple(message for one in found for message in one.closed),
    )


def _in(path: Path, name: str, scratch: Scratch) -> list[Contents]:
    suffix = path.suffix.lower()
    if suffix == ".gdb" and path.is_dir():
        return [Contents((TableFile(path, name),))]
    if path.is_dir():
        return [one for file, shown in _walk(path) for one in _in(file, shown, scratch)]
    if suffix in FOREIGN_ARCHIVES:
        try:
            refuse_foreign(path, name)
        except WeipianError as error:
            return [Contents((), (), (error.message,))]
    if suffix == ".zip":
        return [_of_zip(path, scratch)]
    return [Contents((TableFile(path, name),)) if _is_table(path) else _other(name)]


def _of_zip(path: Path, scratch: Scratch) -> Contents:
    unpacked = unpack(path, scratch.folder())
    table_files = tuple(TableFile(file.path, file.delivered) for file in unpacked.files if _is_table(file.path))
    return _joined([Contents(table_files, (), unpacked.closed), *(_other(name) for name in unpacked.left)])


def _other(name: str) -> Contents:
    """A file that is no table: named, unless it is a part of another one."""
    return Contents((), () if PurePosixPath(name).suffix.lower() in _COMPANIONS else (name,))


def _is_table(path: Path) -> bool:
    suffix = path.suffix.lower()
    return suffix in TABLES or suffix == ".gdb" or format_of(path.name) is not None


def _walk(folder: Path) -> list[tuple[Path, str]]:
    """Files below a folder in name order; a geodatabase counts as one file, hidden and lock files as none."""
    result: list[tuple[Path, str]] = []
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if is_ignored_file(entry.name) or entry.is_symlink():
            continue
        if entry.is_dir() and entry.suffix.lower() != ".gdb":
            result.extend((file, f"{entry.name}/{shown}") for file, shown in _walk(entry))
        else:
            result.append((entry, entry.name))
        if len(result) > _FILES:
            raise WeipianError("intake.archive_too_big", path=str(folder), what=f"> {_FILES}")
    return result
