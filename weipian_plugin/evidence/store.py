"""The photo store of a workspace: copies under generated names, checked by SHA-256 whenever one is used.

Originals are only read. A name is ``<first two hex digits>/<sha256>.<extension of the sniffed kind>``: nothing of a given name reaches
the file system, and the same bytes are stored once. Paths in the workspace are relative to the store.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import pandas as pd

from ..formats.pictures import extension_of, is_photo
from ..model.errors import WeipianError
from ..model.feedback import Feedback, Silent, stop_if_cancelled
from ..model.messages import Message
from ..model.tables import records, series, with_columns
from ..office.files import discard, replace, sha256_of
from .photo_file import Archives, PhotoFile
from .records import STORED_PHOTO

_STORED = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}\.[a-z]{2,4}")


def keep_originals(photos: pd.DataFrame, folder: Path, feedback: Feedback | None = None) -> pd.DataFrame:
    """Copy every readable photo into ``folder``; returns ``photos`` with ``stored`` (relative path, None for what could not be kept).

    A photo whose bytes changed since it was read is not kept. Raises ``run.folder_unwritable`` and Cancelled.
    """
    feedback = feedback or Silent()
    archives = Archives()
    stored: list[str | None] = []
    try:
        for done, photo in enumerate(records(photos, _Original)):
            stop_if_cancelled(feedback)
            stored.append(_keep(photo, folder, archives))
            feedback.progress((done + 1) / len(photos))
    finally:
        archives.close()
    return with_columns(photos, {STORED_PHOTO.stored: series(photos, stored)})


@dataclass(frozen=True)
class _Original:
    """Where the bytes of a photo are that was read, and what they were."""

    file: str
    sha256: Optional[str] = None
    path: Optional[str] = None
    member: Optional[str] = None


def _keep(photo: _Original, folder: Path, archives: Archives) -> str | None:
    sha256 = photo.sha256
    if sha256 is None:
        return None
    try:
        content = PhotoFile(photo.file, Path(str(photo.path)), photo.member).read(archives=archives)
    except Exception:  # noqa: BLE001 - whatever an archive or a drive raises: the photo cannot be kept, and has no stored path
        return None
    if not is_photo(content) or hashlib.sha256(content).hexdigest() != sha256:
        return None
    name = f"{sha256[:2]}/{sha256}.{extension_of(content)}"
    target = folder / name
    if not (target.is_file() and target.stat().st_size == len(content)):
        _write(target, content)
    return name


def _write(target: Path, content: bytes) -> None:
    """Written aside and renamed, so that a killed run leaves no half picture."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=target.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            replace(Path(aside), target)
        finally:
            discard(Path(aside))
    except OSError as error:
        raise WeipianError("run.folder_unwritable", path=str(target.parent), reason=error) from error


def stored_path(folder: Path, stored: str | None) -> Path | None:
    """The file of a stored photo, or None when the name is not one the store gives (nothing outside of it is ever opened)."""
    return folder / stored if stored and _STORED.fullmatch(stored) else None


def verified(
    folder: Path, stored: str | None, sha256: str | None, file: str = ""
) -> tuple[Path | None, Message | None]:
    """The path of a stored photo when its bytes are still those taken in, else None and what is wrong. To be called on each use."""
    path = stored_path(folder, stored)
    if path is None or not path.is_file():
        return None, Message("evidence.original_missing", {"file": file or str(stored)})
    if sha256_of(path) != sha256:
        return None, Message("evidence.original_changed", {"file": file or str(stored)})
    return path, None
