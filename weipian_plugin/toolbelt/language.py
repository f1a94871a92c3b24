"""The reader's language: Chinese unless QGIS runs in another one."""

from __future__ import annotations

from functools import lru_cache

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication


def language() -> str:
    """``zh`` for Chinese locales and where none is set, else ``en``."""
    try:
        return _of_running_program()
    except LookupError:
        return "zh"


@lru_cache(maxsize=1)
def _of_running_program() -> str:
    """Asked of QGIS once, which does not change its language while it runs: a card asks some forty times, and gives a computing thread way
    at each call into Qt. Raises LookupError, which is not kept, while there is no program yet."""
    program = QgsApplication.instance()
    if program is None:
        raise LookupError
    locale = program.locale()
    return "zh" if not locale or locale in ("C", "POSIX") or locale.lower().startswith("zh") else "en"


def tr(text: str, context: str = "Weipian") -> str:
    """A Chinese source text in the reader's language."""
    return QCoreApplication.translate(context, text)
