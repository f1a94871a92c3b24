"""A QGIS Processing feedback as the steps know it."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingFeedback

from ..model.messages import Message, render


class ProcessingFeedback:
    """Steps report into this; QGIS shows it."""

    def __init__(self, feedback: QgsProcessingFeedback, language: str) -> None:
        self._feedback = feedback
        self._language = language
        self.result: Any = None  # the record of what was done, for a window that started it

    def stage(self, text: str) -> None:
        """Say which step of several is at work."""
        self._feedback.setProgressText(text)

    def hand_over(self) -> None:
        """Give the record to the window, where one listens."""
        take = getattr(self._feedback, "take_result", None)
        if take is not None and self.result is not None:
            take(self.result)

    def progress(self, fraction: float) -> None:
        self._feedback.setProgress(100.0 * min(1.0, max(0.0, fraction)))

    def cancelled(self) -> bool:
        return bool(self._feedback.isCanceled())

    def command(self, text: str) -> None:
        """Show a text that somebody may run elsewhere."""
        self._feedback.pushCommandInfo(text)

    def report(self, message: Message, level: str = "info") -> None:
        text = render(message, self._language)
        if level == "error":
            self._feedback.reportError(text)
        elif level == "warning":
            self._feedback.pushWarning(text)
        else:
            self._feedback.pushInfo(text)
