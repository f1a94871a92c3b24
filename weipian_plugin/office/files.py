"""Files that people wait for: written aside, brought to the disk, renamed into place.

A reader sees the old file or the new one, never half of one. On Windows a rename fails while another program (a spreadsheet, a virus
scanner, the indexer) holds the file: it is tried again for two seconds, then the error names the file and what to do. Nothing is left beside it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ..model.errors import WeipianError

_BLOCK = 1 << 20
#: How long a held file is tried again; scanners and indexers hold a fresh file for moments only.
PATIENCE_SECONDS = 2.0
_PAUSE_SECONDS = 0.05
#: Programs that usually have files of a kind open. Names as they stand in both languages.
_PROGRAMS = {
    (".xlsx", ".xls", ".csv"): "Excel、WPS",
    (".docx", ".doc"): "Word、WPS",
    (".pdf",): "Acrobat、WPS、Edge",
    (".jpg", ".jpeg", ".png", ".heic"): "Photos、QGIS",
    (".shp", ".dbf", ".shx", ".tif", ".tiff", ".gpkg", ".gdb", ".geojson"): "QGIS、ArcGIS",
    (".zip",): "WinRAR、7-Zip、Explorer",
    (".html",): "Edge、Chrome",
}


def write_atomic(path: Path, write: Callable[[Path], object]) -> Path:
    """Let ``write`` make the file under a temporary name beside ``path``, then put it there.

    Missing folders are made. Raises ``office.file_held`` when another program keeps the old file open, ``office.unwritable`` when the
    folder cannot be written; the old file is whole and no temporary file is left in either case.
    """
    aside = path.with_name(f".{path.stem}.{uuid.uuid4().hex}{path.suffix}")  # writers look at the suffix
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(aside)
        flush_file(aside)
        replace(aside, path)
    except OSError as error:
        raise WeipianError("office.unwritable", path=str(path), reason=error) from error
    finally:
        discard(aside)
    return path


def write_bytes_atomic(path: Path, content: bytes) -> Path:
    """The same for content that is there already."""
    return write_atomic(path, lambda aside: aside.write_bytes(content))


def write_text_atomic(path: Path, content: str, encoding: str = "utf-8") -> Path:
    """The same for text; line ends as they are in ``content``."""
    return write_bytes_atomic(path, content.encode(encoding))


def replace(source: Path, target: Path) -> None:
    """Rename ``source`` over ``target``, again and again for :data:`PATIENCE_SECONDS` while another program holds it.

    Raises ``office.file_held``; other errors of the system as they are.
    """
    _patiently(lambda: source.replace(target), target)


def rename_folder(source: Path, target: Path) -> None:
    """Give a folder another name, with the same patience: Windows refuses while anything in it is open. ``target`` must not be there.

    Raises ``office.file_held``; other errors of the system as they are.
    """
    _patiently(lambda: source.rename(target), source)


def _patiently(rename: Callable[[], object], named: Path) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            rename()
            return
        except PermissionError as error:
            if time.monotonic() >= end:
                raise WeipianError("office.file_held", path=str(named), program=holder(named)) from error
            time.sleep(_PAUSE_SECONDS)


def replace_folder(source: Path, target: Path) -> None:
    """Let the contents of the finished folder ``source`` take the place of ``target``; ``source`` is gone afterwards.

    By two renames where nothing in ``target`` is open. Where something is, file by file: what is not held is replaced, then what no
    longer belongs is removed. Raises ``office.file_held`` for the first file that stays held; what was replaced by then is new, every
    file is whole, and a second call goes on.
    """
    old = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    try:
        rename_folder(target, old)
    except FileNotFoundError:
        rename_folder(source, target)
        return
    except WeipianError:
        _replace_files(source, target)
        return
    try:
        rename_folder(source, target)
    except (OSError, WeipianError):
        rename_folder(old, target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _replace_files(source: Path, target: Path) -> None:
    requested = {path.relative_to(source) for path in source.rglob("*")}
    for name in sorted(requested):
        if (source / name).is_dir():
            (target / name).mkdir(parents=True, exist_ok=True)
        else:
            write_atomic(target / name, partial(shutil.copyfile, source / name))
    for path in sorted(target.rglob("*"), reverse=True):  # what is in a folder before the folder
        if path.relative_to(target) not in requested:
            _patiently(path.rmdir if path.is_dir() else path.unlink, path)
    shutil.rmtree(source, ignore_errors=True)


def holder(path: Path) -> str:
    """Which program may hold a file or folder: who says so in a lock file of an office program, else what usually opens its kind."""
    for mark in (path.with_name(f"~${path.name}"), path.with_name(f"~${path.name[2:]}")):
        person = _person_in(mark)
        if person is not None:
            return f"Excel / Word / WPS（{person}）" if person else "Excel / Word / WPS"
    if path.with_name(f".~lock.{path.name}#").exists():
        return "LibreOffice"
    kinds = _PROGRAMS.items()
    default = "Explorer、QGIS" if path.is_dir() else "QGIS、Excel、WPS"
    return next((programs for suffixes, programs in kinds if path.suffix.lower() in suffixes), default)


def _person_in(mark: Path) -> str | None:
    """The user's name in the lock file that Excel and Word keep beside an open document; None where there is none."""
    try:
        content = mark.read_bytes()[:55]
    except OSError:
        return None if not mark.exists() else ""
    name = content[1 : 1 + content[0]] if content else b""
    return "".join(letter for letter in name.decode("gb18030", "ignore") if letter.isprintable()).strip()


def discard(path: Path) -> None:
    """Remove a temporary file if it is there; one that is held stays, because the error that led here matters more."""
    try:
        path.unlink()
    except OSError:
        return


def flush_file(path: Path) -> None:
    """Bring a file's content to the disk."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def copy_hashed(source: Path, target: Path) -> tuple[int, str]:
    """Copy ``source`` to ``target``, which must not be there; size and SHA-256 of what was read (and therefore written). Raises OSError."""
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as reader, target.open("xb") as writer:
        while block := reader.read(_BLOCK):
            digest.update(block)
            writer.write(block)
            size += len(block)
    return size, digest.hexdigest()


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's content in hexadecimal, read in blocks. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
