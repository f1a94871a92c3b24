"""A watchdog over QGIS's window: how long it did not answer, and what it was doing then."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

from qgis.PyQt.QtCore import QTimer

_TICK = 0.01  # s between two looks of the window
_LONG = 0.09  # s without one: what the window does is noted


class Watchdog:
    """Of each turn of the window's event loop, in seconds: ``gaps``, how long it took beyond the tick; ``busy``, how long its thread computed;
    ``own``, the gap without the time in which the thread could have gone on and had no processor (Linux tells it).

    A machine that does other things lengthens the gaps, and hardly the computing: verdicts are by ``busy``, the others are figures.
    """

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self.busy: list[float] = []
        self.own: list[float] = []
        self.seen: dict[str, int] = {}
        self._last, self._used, self._waited = time.perf_counter(), time.thread_time(), _waited()
        self._main = threading.get_ident()
        self._stop = threading.Event()
        self._timer = QTimer()
        self._timer.timeout.connect(self._tick)

    def _tick(self) -> None:
        now, used, waited = time.perf_counter(), time.thread_time(), _waited()
        gap = max(0.0, now - self._last - _TICK)
        self.gaps.append(gap)
        self.busy.append(used - self._used)
        self.own.append(max(0.0, gap - (waited - self._waited)))
        self._last, self._used, self._waited = now, used, waited

    def _look(self) -> None:
        while not self._stop.wait(0.02):
            if time.perf_counter() - self._last > _LONG:
                frame = sys._current_frames().get(self._main)
                lines = [
                    f"{entry.filename.rsplit('/', 1)[-1]}:{entry.lineno} {entry.name}"
                    for entry in traceback.extract_stack(frame)
                ]
                where = " < ".join(reversed(lines[-4:]))
                self.seen[where] = self.seen.get(where, 0) + 1

    def __enter__(self) -> Watchdog:
        self._last, self._used, self._waited = time.perf_counter(), time.thread_time(), _waited()
        self._timer.start(int(_TICK * 1000))
        threading.Thread(target=self._look, daemon=True).start()
        return self

    def __exit__(self, kind: Any, error: Any, trace: TracebackType | None) -> None:
        self._stop.set()
        self._timer.stop()

    @property
    def longest(self) -> float:
        """Milliseconds of the longest gap."""
        return 1000 * max(self.gaps, default=0.0)

    @property
    def longest_own(self) -> float:
        """Milliseconds of the longest gap on a machine that does nothing else."""
        return 1000 * max(self.own, default=0.0)

    @property
    def longest_busy(self) -> float:
        """Milliseconds of computing in the longest turn."""
        return 1000 * max(self.busy, default=0.0)

    def report(self) -> str:
        """What the window was doing in its long turns, the most often seen first."""
        return "\n".join(
            f"{count:4d} {where}" for where, count in sorted(self.seen.items(), key=lambda item: -item[1])[:12]
        )


def _waited() -> float:
    """Seconds this thread has waited for a processor so far; 0 where the system does not say."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text(encoding="ascii").split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0
