"""Files that people wait for: written aside, brought to the disk, renamed into place.

A reader sees the old file or the new one, never half of one. On Windows a rename fails while another program (a spreadsheet, a virus
scanner, the indexer) holds the file: it is tried again for two seconds, then the error names the file and what to do. Nothing is left beside it.
"""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from ..model.errors import WeipianError

_BLOCK = 1 << 20
#: How long a held file is tried again; scanners and indexers hold a fresh file for moments only.
PATIENCE_SECONDS = 2.0
_PAUSE_SECONDS = 0.05


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
        raise WeipianError(
            "office.unwritable", path=str(path), reason=error.strerror or type(error).__name__
        ) from error
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
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            source.replace(target)
            return
        except PermissionError as error:
            if time.monotonic() >= end:
                raise WeipianError("office.file_held", path=str(target)) from error
            time.sleep(_PAUSE_SECONDS)


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


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's content in hexadecimal, read in blocks. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
