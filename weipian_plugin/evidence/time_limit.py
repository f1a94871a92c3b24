"""The same work for many items on a few threads, each item under a clock.

A thread cannot be stopped from outside: a read from a network drive that has gone silent blocks inside the operating system for as long as
that likes. What can be done is not to wait for it: the item is given up, and a fresh thread takes the place of the one that is stuck. The
threads are daemons, because those of concurrent.futures are waited for when the interpreter ends, and QGIS could not be closed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, Optional, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

#: How often the caller looks at the clock and may be cancelled, in seconds.
_HEARTBEAT = 0.2
#: The caller is woken for so many results at a time: each time costs as much as reading a header or two.
_HANDFUL = 256


def each_within(
    seconds: float, work: Callable[[Item], Result], items: Sequence[Item], threads: int, heartbeat: Callable[[], None]
) -> Iterator[list[Optional[Result]]]:
    """Results in the order of ``items``, in lists as they become ready; None for an item that took longer than ``seconds``.

    ``pulse`` is called in the caller's thread, several times a second, and may raise to stop the run. What ``work`` raises is raised here.
    A thread that is stuck ends by itself once the system lets it go; its late result is dropped.
    """
    pool = _Pool(work, items)
    for _ in range(min(threads, len(items))):
        pool.start_worker()
    given = 0
    try:
        while given < len(items):
            ready = pool.ready(given)
            if ready:
                given += len(ready)
                yield ready
            heartbeat()
            pool.give_up(seconds)
    finally:
        pool.stop()


class _Worker:
    """What one thread is at, and since when (None: nothing)."""

    def __init__(self) -> None:
        self.item = -1
        self.since: float | None = None
        self.given_up = False


class _Pool(Generic[Item, Result]):
    """All that the threads share; every field is read and written under the one lock of ``_changed``."""

    def __init__(self, work: Callable[[Item], Result], items: Sequence[Item]) -> None:
        self._work, self._items = work, items
        self._next = 0
        self._results: list[Optional[Result]] = [None] * len(items)
        self._done = bytearray(len(items))
        self._failure: BaseException | None = None
        self._workers: list[_Worker] = []
        self._changed = threading.Condition(threading.Lock())

    def start_worker(self) -> None:
        worker = _Worker()
        self._workers.append(worker)
        threading.Thread(target=self._run, args=(worker,), name="weipian-photos", daemon=True).start()

    def ready(self, given: int) -> list[Optional[Result]]:
        """The results that follow the first ``given`` without a gap; waits a moment when there is none."""
        with self._changed:
            if not self._done[given] and self._failure is None:
                self._changed.wait(_HEARTBEAT)
            if self._failure is not None:
                raise self._failure
            end = self._done.find(0, given)
            return self._results[given : end if end >= 0 else len(self._items)]

    def give_up(self, seconds: float) -> None:
        """Leave items that take longer without a result, each with its thread; fresh threads go on with the others."""
        earliest = time.monotonic() - seconds
        with self._changed:
            overdue = [worker for worker in self._workers if worker.since is not None and worker.since < earliest]
            for worker in overdue:
                worker.given_up = True
                self._done[worker.item] = 1
                self._workers.remove(worker)
        for _ in overdue:
            self.start_worker()

    def stop(self) -> None:
        with self._changed:
            self._next = len(self._items)

    def _run(self, worker: _Worker) -> None:
        result: Optional[Result] = None
        try:
            while self._begun(worker, result):
                result = self._work(self._items[worker.item])
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            with self._changed:
                if not worker.given_up:
                    self._failure = error
                    self._changed.notify()

    def _begun(self, worker: _Worker, result: Optional[Result]) -> bool:
        """Put down the result of the item before and take the next one; False when there is none."""
        with self._changed:
            if worker.given_up:
                return False
            if worker.since is not None:
                self._results[worker.item], self._done[worker.item] = result, 1
                worker.since = None
            more = self._next < len(self._items)
            if not more or worker.item % _HANDFUL == 0:
                self._changed.notify()
            if more:
                worker.item, worker.since = self._next, time.monotonic()
                self._next += 1
            return more
