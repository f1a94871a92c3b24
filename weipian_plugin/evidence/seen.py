"""Which files have been read before: by path, size and time of change, so that a folder of 20,000 photos is not read for 20 new ones.

A memory, not a record: it lies in the workspace's cache folder and may be deleted at any time; then every file is read again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..model.errors import WeipianError
from ..office.files import write_text_atomic
from .photo_file import PhotoFile

_VERSION = 1
#: Entries kept; a county has some ten thousand photos a year.
_MOST = 500_000


class SeenFiles:
    """SHA-256 of files that were read, as long as they look unchanged from outside."""

    def __init__(self, path: Path) -> None:
        self._path, self._changed = path, False
        self._known: dict[str, list[Any]] = _load(path)

    def sha256(self, file: PhotoFile) -> str | None:
        """The digest of ``file`` as it was read last, None where it is new, changed or cannot be told from outside."""
        entry = self._known.get(_key(file))
        if entry is None or file.changed is None or entry[:2] != [file.size, file.changed]:
            return None
        return str(entry[2])

    def remember(self, file: PhotoFile, sha256: str) -> None:
        if file.changed is not None and len(self._known) < _MOST:
            self._known[_key(file)] = [file.size, file.changed, sha256]
            self._changed = True

    def save(self) -> None:
        """Write what was learned; a folder that cannot be written costs time at the next run and nothing else."""
        if not self._changed:
            return
        try:
            write_text_atomic(self._path, json.dumps({"version": _VERSION, "files": self._known}, ensure_ascii=False))
        except WeipianError:
            return


def _key(file: PhotoFile) -> str:
    return f"{file.path.absolute()}\n{file.member or ''}"


def _load(path: Path) -> dict[str, list[Any]]:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        files = held["files"] if held["version"] == _VERSION else {}
        return {str(key): entry for key, entry in files.items() if isinstance(entry, list) and len(entry) == 3}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
