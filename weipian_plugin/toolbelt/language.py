"""The reader's language: Chinese unless QGIS runs in another one."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication


def language() -> str:
    """``zh`` for Chinese locales and where none is set, else ``en``."""
    locale = QgsApplication.instance().locale() if QgsApplication.instance() else ""
    return "zh" if not locale or locale in ("C", "POSIX") or locale.lower().startswith("zh") else "en"


def tr(text: str, context: str = "Weipian") -> str:
    """A Chinese source text in the reader's language."""
    return QCoreApplication.translate(context, text)
