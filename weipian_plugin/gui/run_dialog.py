"""A small dialog around one algorithm: what it needs, progress, cancel, and the sentence it ends with."""

from __future__ import annotations

from typing import Optional

from qgis.PyQt.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..toolbelt.compat import is_deleted
from ..toolbelt.language import tr
from .background import Results, Runner
from .details_dialog import line_of
from .session import Session


class RunDialog(QDialog):
    """A subclass adds rows to :attr:`form`, says in :meth:`parameters` what to run, and shows the outcome in :meth:`finished`."""

    NAME = ""

    def __init__(
        self, session: Session, runner: Runner, title: str, text: str, parent: Optional[QWidget] = None
    ) -> None:
        super().__init__(parent)
        self.session, self._runner, self._title = session, runner, title
        self.running = False
        self.setWindowTitle(title)
        self.resize(700, 480)
        explained = QLabel(text)
        explained.setWordWrap(True)
        self.form = QFormLayout()
        self.bar = QProgressBar()
        self.bar.setRange(0, 100)
        self.bar.setValue(0)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.start_button, self.cancel_button, self.close_button = (
            QPushButton(tr("开始")), QPushButton(tr("取消")), QPushButton(tr("关闭")),
        )  # fmt: skip
        self.start_button.clicked.connect(self.start)
        self.cancel_button.clicked.connect(self.stop)
        self.close_button.clicked.connect(self.reject)
        self.cancel_button.setEnabled(False)
        row = QHBoxLayout()
        row.addWidget(self.bar, 1)
        for button in (self.start_button, self.cancel_button, self.close_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        self.middle = QVBoxLayout()
        self.middle.addWidget(self.log, 1)
        layout = QVBoxLayout(self)
        layout.addWidget(explained)
        layout.addLayout(self.form)
        layout.addLayout(self.middle, 1)
        layout.addWidget(self.message)
        layout.addLayout(row)

    def parameters(self) -> Optional[dict[str, str]]:
        """Of the algorithm; None after saying in :attr:`message` what is wanted."""
        raise NotImplementedError

    def finished_well(self, results: Results) -> str:
        """The sentence at the end."""
        raise NotImplementedError

    def start(self) -> None:
        """Run the algorithm with what is entered; nothing while it runs already."""
        requested = self.parameters()
        if requested is None or self.running:
            return
        self.log.clear()
        self.message.clear()
        self.message.setStyleSheet("")
        self._switch(True)
        if not self._runner.algorithm(self.NAME, self._title, requested, self._done):
            self._switch(False)
            self.refuse(tr("已有任务在运行，请等它结束或取消。"))

    def stop(self) -> None:
        if self.running:
            self._runner.cancel()

    def reject(self) -> None:
        self.stop()
        super().reject()

    def refuse(self, text: str) -> None:
        """Say why nothing is started."""
        self.message.setText(text)
        self.message.setStyleSheet("color:#c62828")

    def _switch(self, on: bool) -> None:
        self.running = on
        self.start_button.setEnabled(not on)
        self.cancel_button.setEnabled(on)
        if on:
            self.bar.setValue(0)
            self._runner.progress.connect(self._progress)
            self._runner.message.connect(self._heard)
        else:
            self._runner.progress.disconnect(self._progress)
            self._runner.message.disconnect(self._heard)

    def _progress(self, value: float) -> None:
        self.bar.setValue(int(value))

    def _heard(self, level: str, text: str) -> None:
        self.log.appendPlainText(line_of(level, text))

    def _done(self, ok: bool, results: Results, errors: list[str]) -> None:
        if is_deleted(self):
            return
        self._switch(False)
        self.session.reload()
        if ok:
            self.bar.setValue(100)
            self.message.setText(self.finished_well(results))
        else:
            self.refuse(errors[-1] if errors else tr("已取消。"))
