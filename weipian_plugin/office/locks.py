"""One at a time: a lock file held open by the one who works, given back by the system when its process ends, however it ends.

The system's own lock decides (flock, on Windows a locked byte), so that a lock left by a killed process is free at once and nobody has
to judge whether its holder still lives. The file's text is for people: who holds it and since when.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Optional

_PAUSE_SECONDS = 0.05
#: The locked byte lies behind any text, because Windows lets nobody read a locked one.
_FAR = 1 << 20
_MOST_TEXT = 400


@dataclass(frozen=True)
class Holder:
    """Who holds a lock, as its file says; blank where it cannot be read."""

    who: str = ""
    since: str = ""


@contextmanager
def holding(
    path: Path, patience: float = 0.0, heartbeat: Optional[Callable[[], None]] = None
) -> Iterator[Optional[Holder]]:
    """Hold the lock file ``path`` during the block. Gives None, or the :class:`Holder` where it was still taken after ``patience`` seconds.

    ``pulse`` is called while waiting and may raise to give up. Raises OSError where the file cannot be made.
    """
    end = time.monotonic() + patience
    descriptor = _try(path)
    while descriptor is None and time.monotonic() < end:
        if heartbeat is not None:
            heartbeat()
        time.sleep(_PAUSE_SECONDS)
        descriptor = _try(path)
    if descriptor is None:
        yield _holder(path)
        return
    try:
        _sign(descriptor)
        yield None
    finally:
        _give_back(path, descriptor)


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock file ``path``."""
    if not path.exists():
        return False
    with holding(path) as holder:
        return holder is not None


def _try(path: Path) -> Optional[int]:
    """An open, locked descriptor; None where another holds the lock, or gave it back and removed the file in the same moment."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
    try:
        if _lock(descriptor) and _is_still(path, descriptor):
            return descriptor
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        with contextlib.suppress(OSError):
            msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def _sign(descriptor: int) -> None:
    since = datetime.now().astimezone().isoformat(timespec="seconds")
    text = f"{getpass.getuser()}@{platform.node()}\n{since}\n{os.getpid()}\n"
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, text.encode("utf-8", "replace"))


def _holder(path: Path) -> Holder:
    try:
        with path.open("rb") as stream:
            lines = stream.read(_MOST_TEXT).decode("utf-8", "replace").splitlines()
    except OSError:
        return Holder()
    return Holder(*(lines + ["", ""])[:2])


def _give_back(path: Path, descriptor: int) -> None:
    """Windows removes no open file: there the text is removed after the lock, unless the next one has it already."""
    if os.name == "posix":
        with contextlib.suppress(OSError):
            path.unlink()
    _unlock(descriptor)
    os.close(descriptor)
    if os.name != "posix":
        with contextlib.suppress(OSError):
            path.unlink()
