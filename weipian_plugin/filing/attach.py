"""Photos and documents are copied into a package: hashed on the way, compared with what was registered, several at a time.

Copying, hashing and decoding leave Python's lock, so that two cores work on one parcel; results come back in the order asked.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from ..model.causes import cause_of
from ..model.messages import render
from ..office.files import copy_hashed
from . import contact_sheet, sniff

WORKERS = min(4, os.cpu_count() or 1)


@dataclass(frozen=True)
class Wanted:
    """A file to copy: from where, its registered SHA-256 ("" = none), its place and its name without extension."""

    source: Path
    sha256: str
    place: str
    name: str
    with_picture: bool = False  # a small picture for the contact sheet
    phash: str = ""  # what the picture looked like when it was read


@dataclass(frozen=True)
class Copied:
    """What became of it. ``problem``: "" or the check it fails (``evidence_unreadable``, ``evidence_changed``)."""

    path: str = ""
    size: int = 0
    sha256: str = ""
    unknown_type: bool = False
    picture: Optional[bytes] = None
    problem: str = ""
    reason: str = ""


Place = Callable[[str, str], tuple[str, Path]]


def copy_all(wanted: Sequence[Wanted], place: Place) -> Iterator[Copied]:
    """Copy every file; ``place(kind, name)`` gives the path inside the package and on the disk."""
    if not wanted:
        return
    pool = ThreadPoolExecutor(max_workers=min(WORKERS, len(wanted)))
    try:
        yield from pool.map(lambda entry: _copy(entry, place), wanted)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _copy(wanted: Wanted, place: Place) -> Copied:
    try:
        if wanted.source.is_symlink() or not wanted.source.is_file():
            raise FileNotFoundError(str(wanted.source))
        extension = sniff.extension(wanted.source)
        inside, path = place(wanted.place, f"{wanted.name}.{extension}")
        size, result = copy_hashed(wanted.source, path)
    except (FileNotFoundError, PermissionError) as error:
        return Copied(problem="evidence_unreadable", reason=render(cause_of(error)))
    if wanted.sha256 and result != wanted.sha256:
        path.unlink()
        return Copied(problem="evidence_changed")
    picture = contact_sheet.small(path, wanted.phash) if wanted.with_picture else None
    return Copied(inside, size, result, extension == "bin", picture)
