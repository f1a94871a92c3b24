"""A question for a day: by the calendar, or typed."""

from __future__ import annotations

from typing import Optional

from qgis.PyQt.QtCore import QDate
from qgis.PyQt.QtWidgets import QCalendarWidget, QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from ..toolbelt.language import tr

_FORMAT = "yyyy-MM-dd"


class DayDialog(QDialog):
    """From today on; ``ahead``: days from today to the one that is offered."""

    def __init__(self, title: str, text: str, ahead: int, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName("WeipianDay")
        self.setWindowTitle(title)
        self._first = QDate.currentDate()
        offered = self._first.addDays(ahead)
        self.field = QLineEdit(offered.toString(_FORMAT))
        self.calendar = QCalendarWidget()
        self.calendar.setMinimumDate(self._first)
        self.calendar.setSelectedDate(offered)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.ok_button = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok_button.setText(tr("确定"))
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("取消"))
        layout = QVBoxLayout(self)
        for widget in (QLabel(text), self.field, self.calendar, self.buttons):
            layout.addWidget(widget)
        self.calendar.selectionChanged.connect(
            lambda: self.field.setText(self.calendar.selectedDate().toString(_FORMAT))
        )
        self.calendar.activated.connect(lambda chosen: self.accept())
        self.field.textEdited.connect(self._typed)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    @property
    def day(self) -> str:
        """As year-month-day; blank where it is none, or one that is too early."""
        result = QDate.fromString(self.field.text().strip(), _FORMAT)
        return str(result.toString(_FORMAT)) if result.isValid() and result >= self._first else ""

    def _typed(self, text: str) -> None:
        self.ok_button.setEnabled(bool(self.day))
        if self.day:
            self.calendar.blockSignals(True)
            self.calendar.setSelectedDate(QDate.fromString(self.day, _FORMAT))
            self.calendar.blockSignals(False)


def ask_day(title: str, text: str, ahead: int, parent: Optional[QWidget] = None) -> str:
    """The day a person chose; blank where the question was closed."""
    dialog = DayDialog(title, text, ahead, parent)
    chosen = dialog.day if dialog.exec() and dialog.day else ""
    dialog.deleteLater()
    return chosen
