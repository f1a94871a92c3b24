"""A window that copies files beside the workspace in the background and goes on with the copies; what fails is said in its message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Optional

from qgis.PyQt.QtWidgets import QLabel, QPushButton, QWidget

from ..model.errors import text_of
from ..toolbelt.compat import is_deleted
from ..toolbelt.language import language, tr
from .background import Runner
from .recording import CopiedFile, copy_document
from .session import Session

Copies = list[CopiedFile]


@dataclass(frozen=True)
class Copying:
    """``button``: what starts it; it rests until the copies are there."""

    window: QWidget
    session: Session
    runner: Runner
    message: QLabel
    button: QPushButton

    def start(self, folder: str, files: Sequence[Path], then: Callable[[Copies], None]) -> None:
        """Copy into ``folder`` of the workspace's documents. ``then`` is not called where the window or the workspace is another by then."""
        path = self.session.path
        if path is None:
            return
        self.button.setEnabled(False)
        self.message.setText(tr("正在复制…"))

        def work(task: object) -> Copies:
            return [copy_document(path, folder, file) for file in files]

        def done(copies: Any, problem: Optional[Exception]) -> None:
            if is_deleted(self.window):
                return
            self.button.setEnabled(True)
            if problem is not None or self.session.store is None or self.session.path != path:
                reason = "" if problem is None else text_of(problem, language())
                self.message.setText(tr("无法复制文件：{}").format(reason))
                return
            then(copies)

        self.runner.function(work, done)
