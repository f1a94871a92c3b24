"""Messages to the person at the screen: one sentence in QGIS's message bar, everything in the log panel."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Callable, Optional

from qgis.core import QgsMessageLog
from qgis.gui import QgsMessageBar
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QPushButton

from ..model.errors import WeipianError
from ..toolbelt.compat import MESSAGE_LEVELS
from ..toolbelt.diagnosis import LOG
from ..toolbelt.language import language, tr
from .details_dialog import DetailsDialog

Button = tuple[str, Callable[[], None]]
_SECONDS = {"info": 5, "success": 4, "warning": 10, "error": 0}


class Notifier:
    """Errors stay until they are closed; the others go by themselves."""

    def __init__(self, bar: QgsMessageBar) -> None:
        self._bar = bar
        self.last = ("", "")
        self.explain: Optional[Callable[[str], None]] = None  # opens what the pages say of a code

    def report(
        self, text: str, level: str = "info", folder: Optional[Path] = None, details: Sequence[str] = ()
    ) -> None:
        """``folder``: where the result lies; ``details``: what the run said. Buttons in the message open them."""
        buttons: list[Button] = []
        if details:
            lines = tuple(details)
            buttons.append((tr("详情"), lambda: self._show_details(text, lines)))
        if folder is not None:
            buttons.append((tr("打开文件夹"), lambda: self.open_folder(folder)))
        self._push(text, level, buttons)

    def offer(self, text: str, title: str, what: Callable[[], None]) -> None:
        """A warning with a button ``title`` that does something about it."""
        self._push(text, "warning", [(title, what)])

    def _push(self, text: str, level: str, buttons: Sequence[Button], code: str = "") -> None:
        self.last = (level, text)
        QgsMessageLog.logMessage(f"[{code}] {text}" if code else text, LOG, MESSAGE_LEVELS[level], False)
        if not buttons:
            self._bar.pushMessage(tr("卫片"), text, MESSAGE_LEVELS[level], _SECONDS[level])
            return
        message = self._bar.createMessage(tr("卫片"), text)
        for title, act in buttons:
            button = QPushButton(title, message)
            button.clicked.connect(lambda on, act=act: act())
            message.layout().addWidget(button)
        # until it is closed: the buttons must wait for the person
        self._bar.pushWidget(message, MESSAGE_LEVELS[level], 0)

    def _show_details(self, text: str, lines: Sequence[str]) -> None:
        dialog = DetailsDialog(tr("详情"), [text, "", *lines], self._bar.window())
        dialog.show()

    def open_folder(self, folder: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def log(self, text: str) -> None:
        QgsMessageLog.logMessage(text, LOG, MESSAGE_LEVELS["info"], False)

    def error(self, error: Exception) -> None:
        """A sentence for what the user can act upon, the type of error for what nobody expected."""
        if isinstance(error, WeipianError):
            explain, code = self.explain, error.code
            buttons = [] if explain is None else [(tr("说明"), lambda: explain(code))]
            self._push(error.text(language()), "warning", buttons, code)
        else:
            self.report(tr("意外错误：{}").format(type(error).__name__ + " " + str(error)), "error")
