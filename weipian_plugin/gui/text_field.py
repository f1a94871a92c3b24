"""Fields for long texts and for dates."""

from __future__ import annotations

from typing import Any, Optional

from qgis.PyQt.QtCore import QDate, QPoint, Qt, QTimer
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QCalendarWidget, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from ..model.paths import resource
from ..toolbelt.language import tr

_LINES = 3


class LongText(QPlainTextEdit):
    """Several lines, with the words of a QLineEdit. Enter makes a line, Tab goes on; Ctrl+Enter decides as everywhere."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setFixedHeight(_LINES * self.fontMetrics().lineSpacing() + 10)

    def text(self) -> str:
        return str(self.toPlainText())

    def setText(self, text: str) -> None:
        self.setPlainText(text)
        self.document().setModified(False)

    def isModified(self) -> bool:
        return bool(self.document().isModified())

    def setModified(self, on: bool) -> None:
        self.document().setModified(on)


class _Popup(QWidget):
    """A calendar below its field."""

    def __init__(self, field: QLineEdit) -> None:
        super().__init__(field, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.calendar = QCalendarWidget()
        known = QDate.fromString(field.text().strip(), "yyyy-MM-dd")
        self.calendar.setSelectedDate(known if known.isValid() else QDate.currentDate())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.calendar)

        def chosen(day: QDate) -> None:
            field.setText(day.toString("yyyy-MM-dd"))
            field.setModified(True)
            QTimer.singleShot(0, self.close)

        self.calendar.clicked.connect(chosen)
        self.calendar.activated.connect(chosen)


def add_calendar(field: QLineEdit) -> Any:
    """A calendar at the end of a field for a date; typing goes on as before, also year and month alone. Returns the action."""
    action = field.addAction(QIcon(str(resource("icons", "calendar.svg"))), QLineEdit.ActionPosition.TrailingPosition)
    action.setToolTip(tr("选择日期"))

    def show() -> None:
        popup = _Popup(field)
        popup.move(field.mapToGlobal(QPoint(0, field.height())))
        popup.show()

    action.triggered.connect(show)
    return action
