"""Work beside the thread that reads a workspace: a check of the file, its daily copy."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import copy_context


def start_beside(work: Callable[[], object]) -> Callable[[], None]:
    """``work()`` on a thread that Python made; the call waits for its end and raises what it raised, as often as it is called."""
    failed: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            failed.append(error)

    thread = threading.Thread(target=copy_context().run, args=(guarded,), name="weipian-beside", daemon=True)
    thread.start()

    def ended() -> None:
        thread.join()
        if failed:
            raise failed[0]

    return ended
