"""Messages to the person at the screen: one sentence in QGIS's message bar, everything in the log panel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional

from qgis.core import QgsMessageLog
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QPushButton

from ..model.errors import WeipianError
from ..toolbelt.compat import MESSAGE_LEVELS
from ..toolbelt.diagnosis import LOG
from ..toolbelt.language import language, tr

_SECONDS = {"info": 5, "success": 4, "warning": 10, "error": 0}


class Notifier:
    """Errors stay until they are closed; the others go by themselves."""

    def __init__(self, bar: Any) -> None:
        self._bar = bar
        self.last = ("", "")
        self.explain: Optional[Callable[[str], None]] = None  # opens what the pages say of a code

    def report(self, text: str, level: str = "info", folder: Optional[Path] = None) -> None:
        """``folder``: where the result lies; a button in the message opens it."""
        self.last = (level, text)
        QgsMessageLog.logMessage(text, LOG, MESSAGE_LEVELS[level], False)
        if folder is None:
            self._bar.pushMessage(tr("卫片"), text, MESSAGE_LEVELS[level], _SECONDS[level])
        else:
            self._with_button(text, level, tr("打开文件夹"), lambda: self.open_folder(folder))

    def offer(self, text: str, title: str, what: Callable[[], Any]) -> None:
        """A warning with a button ``title`` that does something about it."""
        self.last = ("warning", text)
        QgsMessageLog.logMessage(text, LOG, MESSAGE_LEVELS["warning"], False)
        self._with_button(text, "warning", title, what)

    def _with_button(self, text: str, level: str, title: str, what: Callable[[], Any]) -> None:
        """It stays until it is closed: the button must wait for the person."""
        message = self._bar.createMessage(tr("卫片"), text)
        button = QPushButton(title, message)
        button.clicked.connect(lambda: what())
        message.layout().addWidget(button)
        self._bar.pushWidget(message, MESSAGE_LEVELS[level], 0)

    def open_folder(self, folder: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def log(self, text: str) -> None:
        QgsMessageLog.logMessage(text, LOG, MESSAGE_LEVELS["info"], False)

    def error(self, error: Exception) -> None:
        """A sentence for what the user can act upon, the type of error for what nobody expected."""
        if isinstance(error, WeipianError):
            text, code, explain = error.text(language()), error.code, self.explain
            self.last = ("warning", text)
            QgsMessageLog.logMessage(f"[{code}] {text}", LOG, MESSAGE_LEVELS["warning"], False)
            if explain is None:
                self._bar.pushMessage(tr("卫片"), text, MESSAGE_LEVELS["warning"], _SECONDS["warning"])
            else:
                self._with_button(text, "warning", tr("说明"), lambda: explain(code))
        else:
            self.report(tr("意外错误：{}").format(type(error).__name__ + " " + str(error)), "error")
