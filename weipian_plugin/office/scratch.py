"""Scratch folders that do not pile up: each is held by a lock as long as its process lives, and those of killed runs are removed."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Optional

from .locks import holding, is_held

PREFIX = "weipian-"
_ALIVE = ".alive"


@contextmanager
def scratch_folder(parent: Optional[Path] = None) -> Iterator[Path]:
    """A folder for this process alone in ``parent`` (default: the system's temporary folder), removed at the end.

    Folders that killed processes left there are removed first.
    """
    base = Path(parent or tempfile.gettempdir())
    remove_abandoned(base)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.enter_context(holding(folder / _ALIVE))
        yield folder


def remove_abandoned(base: Path) -> int:
    """Remove what killed processes left in ``base``; how many folders. Folders of others and of living processes stay."""
    removed = 0
    for folder in base.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if _abandoned(folder):
                shutil.rmtree(folder)
                removed += 1
    return removed


def _abandoned(folder: Path) -> bool:
    """A scratch folder of ours whose lock nobody holds; one that is just being made has no lock file yet and stays."""
    lock = folder / _ALIVE
    if folder.is_symlink() or not folder.is_dir() or not lock.is_file():
        return False
    return not is_held(lock)
