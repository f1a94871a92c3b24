"""诊断信息: one text for whoever helps – versions, packages, settings and the last lines of the log, without data of parcels or people."""

from __future__ import annotations

import locale
import platform
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any, Optional

from qgis.core import Qgis, QgsApplication
from qgis.PyQt.QtCore import QT_VERSION_STR, QObject
from qgis.PyQt.QtWidgets import QWidget

from ..model.packages import PACKAGES, found_version
from ..model.redaction import redacted
from ..model.version import plugin_version
from . import settings
from .language import language, tr

#: The tab of QGIS's log panel that the plugin writes to.
LOG = "卫片"
_LINES = 200
#: Settings whose value is a word or a number of the plugin's own; of the others is only said whether they are set.
_SHOWN = frozenset(
    {"profile", "four_eyes", "photo_range", "queue_folded", "auto_next", "follow_zoom", "map_colours", "map_dpi",
     "map_grid", "vector_encoding", "short_names"}
)  # fmt: skip


class LogKeeper(QObject):
    """Keeps the last lines that the plugin wrote to QGIS's log."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.lines: deque[str] = deque(maxlen=_LINES)

    def take(self, text: str, tag: str, level: object) -> None:
        """For ``QgsApplication.messageLog().messageReceived``."""
        if tag == LOG:
            self.lines.append(f"{datetime.now():%Y-%m-%d %H:%M:%S} {_level(level)} {text}")


def text(log: LogKeeper) -> str:
    """The whole text."""
    stored = settings.read()
    people = (stored.person, stored.reviewer, stored.signer)
    lines = [
        tr("卫片诊断信息"),
        f"{datetime.now():%Y-%m-%d %H:%M:%S}",
        "",
        *_versions(),
        "",
        tr("组件："),
        *_packages(),
    ]
    lines += ["", tr("设置："), *_settings(stored), "", tr("最近的日志（已去除路径、编号、地名和姓名）：")]
    lines += [redacted(line, *people) for line in log.lines] or [tr("（没有）")]
    return "\n".join(lines) + "\n"


def _versions() -> Iterator[str]:
    yield f"Weipian {plugin_version()}"
    yield f"QGIS {Qgis.QGIS_VERSION}, Qt {QT_VERSION_STR}, Python {platform.python_version()}"
    yield f"{platform.system()} {platform.release()} {platform.machine()}"
    encoding = locale.getpreferredencoding(False)
    yield f"language {language()}, QGIS locale {QgsApplication.locale()}, encoding {encoding}, file names {sys.getfilesystemencoding()}"


def _packages() -> Iterator[str]:
    for package in PACKAGES:
        yield f"  {package.distribution} {found_version(package) or '—'} (≥ {package.lowest})"


def _settings(stored: settings.Settings) -> Iterator[str]:
    for name, value in asdict(stored).items():
        yield f"  {name} = {value if name in _SHOWN else tr('（已设置）') if value else tr('（空）')}"


def _level(level: Any) -> str:
    return {0: "INFO", 1: "WARNING", 2: "ERROR", 3: "OK"}.get(int(level), "")
