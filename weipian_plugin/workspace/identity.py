"""Whether the file of an open workspace is still the one that was opened: a program goes on reading one that is gone, without a word."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

#: Device and number of a file, as the file system gives them (Windows has both on NTFS; 0 elsewhere, then only absence is seen).
Identity = tuple[int, int]


def identity_of(path: Path) -> Optional[Identity]:
    """What the file system calls the file; None where there is none.

    Raises OSError where nobody can say, as on a share that does not answer for a moment.
    """
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_dev, found.st_ino
