"""What a drill found: how often it was tried, how often everything was as it should be, and what was lost or wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """``tried`` = ``survived`` + ``len(wrong)``; ``remark`` says what else was counted."""

    title: str
    tried: int = 0
    wrong: list[str] = field(default_factory=list)
    remark: str = ""
    seconds: float = 0.0

    @property
    def survived(self) -> int:
        return self.tried - len(self.wrong)

    def count(self, fault: str | None) -> None:
        """One more try; ``fault``: what was lost or wrong, None for nothing."""
        self.tried += 1
        if fault:
            self.wrong.append(fault)


class TimeBox:
    """So many seconds and not more; a drill asks before each try."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._begun = time.monotonic()

    @property
    def spent(self) -> float:
        return time.monotonic() - self._begun

    @property
    def open(self) -> bool:
        return self.spent < self.seconds


@contextmanager
def timed(outcome: Outcome) -> Iterator[Outcome]:
    """Note how long a drill took."""
    begun = time.monotonic()
    try:
        yield outcome
    finally:
        outcome.seconds = time.monotonic() - begun
