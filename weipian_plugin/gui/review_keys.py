"""The review's letters while the map has the focus and nothing is being compared: J, N, K, U and Z work wherever the focus is."""

from __future__ import annotations

from typing import Optional

from qgis.PyQt.QtCore import QEvent, QObject, Qt
from qgis.PyQt.QtWidgets import QWidget

from .compare import CompareController


class ReviewKeys(QObject):
    """An event filter on the map canvas; while comparing, the compare tool answers the same keys itself."""

    def __init__(self, compare: CompareController, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._compare = compare

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride) or self._compare.mode:
            return False
        action = self._compare.other_keys.get(event.key())
        if action is None or event.modifiers() != Qt.KeyboardModifier.NoModifier:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            action()
        return True
