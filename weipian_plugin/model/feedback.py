"""How a step reports to its caller how far it is, and learns that it should stop."""

from __future__ import annotations

from typing import Protocol

from .errors import Cancelled
from .messages import Message


class Feedback(Protocol):
    """What a Processing feedback, a test or a worker process gives to a step."""

    def progress(self, fraction: float) -> None:
        """How far the step is, 0 to 1."""

    def cancelled(self) -> bool:
        """Whether the user asked to stop."""

    def report(self, message: Message, level: str = "info") -> None:
        """Say something; ``level`` is ``info``, ``warning`` or ``error``."""


class Silent:
    """A feedback for callers that want none."""

    def progress(self, fraction: float) -> None:
        """Ignored."""

    def cancelled(self) -> bool:
        return False

    def report(self, message: Message, level: str = "info") -> None:
        """Ignored."""


def stop_if_cancelled(feedback: Feedback) -> None:
    """Raise :class:`Cancelled` once the user asked to stop; called between units of work."""
    if feedback.cancelled():
        raise Cancelled()


class Share:
    """A part of a larger run: progress 0–1 of the part is mapped onto ``start``–``end`` of the whole."""

    def __init__(self, whole: Feedback, start: float, end: float) -> None:
        self._whole, self._start, self._end = whole, start, end

    def progress(self, fraction: float) -> None:
        self._whole.progress(self._start + (self._end - self._start) * fraction)

    def cancelled(self) -> bool:
        return self._whole.cancelled()

    def report(self, message: Message, level: str = "info") -> None:
        self._whole.report(message, level)
