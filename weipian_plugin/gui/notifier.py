"""Messages to the person at the screen: one sentence in QGIS's message bar, everything in the log panel."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsMessageLog

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

    def tell(self, text: str, level: str = "info") -> None:
        self.last = (level, text)
        QgsMessageLog.logMessage(text, LOG, MESSAGE_LEVELS[level], False)
        self._bar.pushMessage(tr("卫片"), text, MESSAGE_LEVELS[level], _SECONDS[level])

    def log(self, text: str) -> None:
        QgsMessageLog.logMessage(text, LOG, MESSAGE_LEVELS["info"], False)

    def error(self, error: Exception) -> None:
        """A sentence for what the user can act upon, the type of error for what nobody expected."""
        if isinstance(error, WeipianError):
            self.tell(error.text(language()), "warning")
        else:
            self.tell(tr("意外错误：{}").format(type(error).__name__ + " " + str(error)), "error")
