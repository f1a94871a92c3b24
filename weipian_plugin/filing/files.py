"""A package's files are on the disk before its folder gets its name."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..office.files import flush_file


def flush_tree(folder: Path) -> None:
    """Bring every file of ``folder`` (and on POSIX the folders themselves) to the disk."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    with ThreadPoolExecutor(max_workers=8) as pool:  # the disk takes them together: much less waiting
        list(pool.map(flush_file, files))
    if os.name == "posix":
        for path in [*(entry for entry in folder.rglob("*") if entry.is_dir()), folder]:
            flush_folder(path)


def flush_folder(folder: Path) -> None:
    """Bring a folder's own entries to the disk; Windows does this by itself and cannot open folders."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_tree(folder: Path) -> None:
    """Remove a folder if it is there."""
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)
