"""Messages to the person at the screen: one sentence in QGIS's message bar, everything in the log panel."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional

from qgis.core import QgsMessageLog
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QPushButton

from ..model.errors import WeipianError
from ..toolbelt.compat import MESSAGE_LEVELS
from ..toolbelt.language import language, tr

LOG = "卫片"
_SECONDS = {"info": 5, "success": 4, "warning": 10, "error": 0}


class Notifier:
    """Errors stay until they are closed; the others go by themselves."""

    def __init__(self, bar: Any) -> None:
        self._bar = bar
        self.last = ("", "")

    def report(self, text: str, level: str = "info", folder: Optional[Path] = None) -> None:
        """``folder``: where the result lies; a button in the message opens it."""
        self.last = (level, text)
        QgsMessageLog.logMessage(text, LOG, MESSAGE_LEVELS[level], False)
        if folder is None:
            self._bar.pushMessage(tr("卫片"), text, MESSAGE_LEVELS[level], _SECONDS[level])
            return
        message = self._bar.createMessage(tr("卫片"), text)
        button = QPushButton(tr("打开文件夹"), message)
        button.clicked.connect(lambda: self.open_folder(folder))
        message.layout().addWidget(button)
        self._bar.pushWidget(
            message, MESSAGE_LEVELS[level], 0
        )  # until it is closed: the button must wait for the person

    def open_folder(self, folder: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def log(self, text: str) -> None:
        QgsMessageLog.logMessage(text, LOG, MESSAGE_LEVELS["info"], False)

    def error(self, error: Exception) -> None:
        """A sentence for what the user can act upon, the type of error for what nobody expected."""
        if isinstance(error, WeipianError):
            self.report(error.text(language()), "warning")
        else:
            self.report(tr("意外错误：{}").format(type(error).__name__ + " " + str(error)), "error")
