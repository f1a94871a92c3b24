"""Every file that is given in, one by one: from folders, archives, registers, layers and evidence databases.

Nothing is unpacked to disk. Names inside archives are only shown, never used as paths; entries with traversal, drive letters,
links or passwords are refused with a reason (they still get their row).
"""

from __future__ import annotations

import os
import sqlite3
import stat
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from ..formats.pictures import is_photo
from ..model.causes import cause_of
from ..model.errors import WeipianError
from ..model.messages import Message
from .photo_file import PhotoFile, connect, quoted
from .registers import columns_by_key, photos_of_register
from .settings import Settings

REGISTER_EXTENSIONS = ("csv", "shp", "xlsx", "geojson", "dbf", "gpkg", "gdb", "tab", "mif", "kml")
DATABASE_EXTENSIONS = ("db", "sqlite", "db3")


def find_files(paths: Iterable[Path], settings: Settings) -> list[PhotoFile]:
    """All files in ``paths`` in a stable order. Raises ``evidence.path_missing`` for a path that is not there."""
    found: list[PhotoFile] = []
    given = [Path(path) for path in paths]
    for path in given:
        if not path.exists():
            raise WeipianError("evidence.path_missing", path=str(path))
    for path in given:
        found.extend(_of_path(path, settings))
    return _unique_names(found)


def _of_path(path: Path, settings: Settings) -> Iterator[PhotoFile]:
    if path.is_dir() and path.suffix.lower() != ".gdb":
        yield from _of_folder(path, settings)
        return
    extension = path.suffix.lower().lstrip(".")
    if extension == "zip":
        yield from _of_zip(path, path.name, settings)
    elif extension in DATABASE_EXTENSIONS:
        yield from _of_database(path, path.name, settings)
    elif extension in REGISTER_EXTENSIONS:
        yield from photos_of_register(path, settings)
    else:
        size, changed = _state(path)
        yield PhotoFile(path.name, path, size=size, rejection=_not_a_photo(path.name, settings), changed=changed)


def _of_folder(folder: Path, settings: Settings) -> Iterator[PhotoFile]:
    for name, entry in _entries(folder, ""):
        path = folder / name
        if entry.is_symlink():
            yield PhotoFile(name, path, rejection=Message("evidence.link", {"file": name}))
            continue
        lower = entry.name.lower()
        if not entry.is_file() or lower in settings.ignored_files or lower.startswith(("._", "~$")):
            continue
        extension = _extension(lower)
        if extension == "zip":
            yield from _of_zip(path, name, settings)
        elif extension in DATABASE_EXTENSIONS:
            yield from _of_database(path, name, settings)
        else:
            size, changed = _state(entry)
            yield PhotoFile(name, path, size=size, rejection=_not_a_photo(name, settings), changed=changed)


def _entries(folder: Path | os.DirEntry[str], before: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Everything below a folder but the folders themselves, by name; links are given and not followed; what may not be listed is left out."""
    try:
        with os.scandir(folder) as listing:
            found = sorted(listing, key=lambda entry: os.path.normcase(entry.name))
    except PermissionError:
        return
    for entry in found:
        name = before + entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _entries(entry, name + "/")
        else:
            yield name, entry


def _extension(name: str) -> str:
    """The extension in lower case without its dot; a leading dot alone begins a name, not an extension."""
    base = name.rsplit("/", 1)[-1]
    place = base.rfind(".")
    return base[place + 1 :].lower() if place > 0 else ""


def _state(path: Path | os.DirEntry[str]) -> tuple[int | None, int | None]:
    """Size in bytes and time of change in nanoseconds."""
    try:
        state = path.stat()
    except OSError:
        return None, None
    return state.st_size, state.st_mtime_ns


def _size(path: Path) -> int | None:
    return _state(path)[0]


def _not_a_photo(name: str, settings: Settings) -> Message | None:
    if _extension(name) in settings.extensions:
        return None
    return Message("evidence.not_a_photo", {"file": name})


# --- zip -----------------------------------------------------------------------------------------------------------------


def member_name(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: UTF-8 where flagged, else UTF-8 or GBK bytes that zipfile showed as code page 437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _unsafe(info: zipfile.ZipInfo, name: str, settings: Settings) -> str | None:
    """Why a member is refused: code of the message, or None."""
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or name.startswith(("/", "\\")) or ":" in name or "\x00" in name:
        return "evidence.zip_name"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "evidence.link"
    if info.flag_bits & 0x1:
        return "evidence.zip_password"
    if info.file_size > settings.limit("file_megabytes") * 1e6:
        return "evidence.file_too_large"
    if info.file_size > 1_000_000 and info.file_size > settings.limit("zip_ratio") * max(info.compress_size, 1):
        return "evidence.zip_ratio"
    return None


def _of_zip(path: Path, name: str, settings: Settings) -> Iterator[PhotoFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        yield PhotoFile(
            name,
            path,
            size=_size(path),
            rejection=Message("evidence.zip_unreadable", {"file": name, "reason": cause_of(error)}),
        )
        return
    most = int(settings.limit("zip_entries"))
    changed = _state(path)[1]
    for index, info in enumerate(members):
        if info.is_dir():
            continue
        shown = member_name(info)
        base = PurePosixPath(shown.replace("\\", "/")).name
        if base.lower() in settings.ignored_files or base.startswith("._") or shown.startswith("__MACOSX/"):
            continue
        if index >= most:
            yield PhotoFile(
                name, path, size=_size(path), rejection=Message("evidence.zip_entries", {"file": name, "most": most})
            )
            return
        label = f"{name}/{shown}"
        code = _unsafe(info, shown, settings)
        rejection = Message(code, {"file": label}) if code else _not_a_photo(label, settings)
        yield PhotoFile(label, path, f"zip:{index}", info.file_size, rejection=rejection, changed=changed)


# --- evidence databases --------------------------------------------------------------------------------------------------


def _of_database(path: Path, name: str, settings: Settings) -> Iterator[PhotoFile]:
    """Photos in any SQLite database: tables are discovered by a column whose values begin like a picture."""
    try:
        yield from _photos_of_tables(path, name, settings)
    except sqlite3.Error as error:
        yield PhotoFile(
            name,
            path,
            size=_size(path),
            rejection=Message("evidence.database_unreadable", {"file": name, "reason": cause_of(error)}),
        )


def _photos_of_tables(path: Path, name: str, settings: Settings) -> Iterator[PhotoFile]:
    connection = connect(path)
    found = False
    try:
        tables = [
            row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        ]
        for table in tables:
            columns = [row[1] for row in connection.execute("SELECT * FROM pragma_table_info(?)", (table,))]
            picture = next((column for column in columns if _holds_pictures(connection, table, column)), None)
            if picture is None:
                continue
            found = True
            keys = {key: column for key, column in columns_by_key(columns, settings).items() if column != picture}
            wanted = ", ".join(["rowid", f"length({quoted(picture)})", *(quoted(column) for column in keys.values())])
            query = " ".join(("SELECT", wanted, "FROM", quoted(table), "ORDER BY rowid"))
            for row in connection.execute(query):
                register = dict(zip(keys, row[2:]))
                shown = f"{name}/{table}/{register.get('file') or row[0]}"
                yield PhotoFile(
                    shown, path, "db:" + "\x1f".join((table, picture, str(row[0]))), row[1], register=register
                )
    finally:
        connection.close()
    if not found:
        yield PhotoFile(
            name, path, size=_size(path), rejection=Message("evidence.database_without_photos", {"file": name})
        )


def _holds_pictures(connection: sqlite3.Connection, table: str, column: str) -> bool:
    """Whether one of the first values of a column is a picture."""
    query = " ".join(
        (
            "SELECT substr(",
            quoted(column),
            ", 1, 16) FROM",
            quoted(table),
            "WHERE typeof(",
            quoted(column),
            ") = 'blob' LIMIT 5",
        )
    )
    return any(is_photo(bytes(row[0])) for row in connection.execute(query))


# --- names ---------------------------------------------------------------------------------------------------------------


def _unique_names(found: list[PhotoFile]) -> list[PhotoFile]:
    """Two folders given side by side may hold the same names: the later ones get their folder's name in front."""
    seen: set[str] = set()
    unique: list[PhotoFile] = []
    for photo in found:
        name, turn = photo.name, 1
        while name in seen:
            folder = photo.path.parent.name if photo.member is None else photo.path.stem
            name = f"{folder}/{photo.name}" if turn == 1 else f"{folder}({turn})/{photo.name}"
            turn += 1
        seen.add(name)
        unique.append(photo if name == photo.name else replace(photo, name=name))
    return unique
