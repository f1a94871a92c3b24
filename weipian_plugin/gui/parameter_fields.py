"""Fields for what a run is asked: to browse, to choose from a list, by calendar. What they hold is the text that a script would give."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Callable, Optional

from qgis.gui import QgsProjectionSelectionDialog
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLineEdit, QToolButton, QWidget

from ..judgment import profile_names
from ..judgment.profile_files import profile_named
from ..model.errors import WeipianError
from ..toolbelt import settings
from ..toolbelt.language import tr
from ..workspace.places import folder_of, is_team
from .text_field import add_calendar

Choices = Sequence[tuple[str, str]]  # value, title


class AskedField(QWidget):
    """A line for the text, and buttons that fill it; ``changed`` whenever it says something else."""

    changed = pyqtSignal()

    def __init__(self, choices: Choices = (), parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit()
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.fill(choices)

    def fill(self, choices: Choices) -> None:
        """Lay out the field."""
        self.row.addWidget(self.line, 1)
        self.line.textChanged.connect(lambda text: self.changed.emit())

    def button(self, title: str, act: Callable[[], None]) -> None:
        """Add a button behind the field."""
        button = QToolButton()
        button.setText(title)
        button.clicked.connect(lambda on: act())
        self.row.addWidget(button)

    def text(self) -> str:
        return str(self.line.text()).strip()

    def set_text(self, text: str) -> None:
        self.line.setText(text)

    def start(self) -> str:
        """Where a question for a file begins."""
        known = self.text().split(";")[-1].strip() or settings.read().workspace
        return folder_of(known)


class DeliveryField(AskedField):
    """下发数据: a file or a folder."""

    def fill(self, choices: Choices) -> None:
        super().fill(choices)
        self.button(tr("文件…"), self._file)
        self.button(tr("文件夹…"), self._folder)

    def _file(self) -> None:
        kinds = tr("下发数据") + " (*.zip *.rar *.7z *.shp *.gpkg *.txt *.geojson *.json *.kml *.kmz *.xlsx);;"
        name, _ = QFileDialog.getOpenFileName(self, tr("下发数据"), self.start(), kinds + tr("所有文件") + " (*)")
        if name:
            self.set_text(name)

    def _folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, tr("下发数据"), self.start())
        if name:
            self.set_text(name)


class FoldersField(AskedField):
    """照片文件夹: one after the other, with ``;`` between them."""

    def fill(self, choices: Choices) -> None:
        super().fill(choices)
        self.button(tr("添加文件夹…"), self._add)

    def _add(self) -> None:
        name = QFileDialog.getExistingDirectory(self, tr("照片文件夹"), self.start())
        if name:
            self.add(name)

    def add(self, name: str) -> None:
        """Add a folder behind those already there, each once."""
        known = [part.strip() for part in self.text().split(";") if part.strip()]
        self.set_text(";".join(dict.fromkeys([*known, name])))


class WorkspaceField(AskedField):
    """工作库: the open one to begin with; one that is not there yet may be named."""

    def fill(self, choices: Choices) -> None:
        super().fill(choices)
        self.button("…", self._choose)
        known = settings.read().workspace
        if known and (is_team(known) or Path(known).is_file()):
            self.set_text(known)

    def _choose(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, tr("工作库"), self.start() if is_team(self.text()) else self.text() or self.start(), tr("工作库 (*.gpkg)"),
            options=QFileDialog.Option.DontConfirmOverwrite,
        )  # fmt: skip
        if name:
            self.set_text(name if Path(name).suffix else name + ".gpkg")


class FileField(AskedField):
    """A text, or the file it stands in."""

    def fill(self, choices: Choices) -> None:
        super().fill(choices)
        self.button(tr("文件…"), self._file)

    def _file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, tr("文件"), self.start(), "YAML (*.yaml *.yml)")
        if name:
            self.set_text(name)


class DayField(AskedField):
    """A day as year-month-day; blank is today."""

    def fill(self, choices: Choices) -> None:
        super().fill(choices)
        self.line.setPlaceholderText(tr("年-月-日"))
        add_calendar(self.line)


class CrsField(AskedField):
    """A CRS, by QGIS's own list."""

    def fill(self, choices: Choices) -> None:
        super().fill(choices)
        self.line.setPlaceholderText(tr("自动识别"))
        self.button(tr("选择…"), self._choose)

    def _choose(self) -> None:
        dialog = QgsProjectionSelectionDialog(self)
        if dialog.exec():
            self.set_text(dialog.crs().authid())


class ChoiceField(AskedField):
    """One of a list; a text that is not in it may be typed where ``TYPED``."""

    TYPED = False

    def fill(self, choices: Choices) -> None:
        self.list = QComboBox()
        self.list.setEditable(self.TYPED)
        self.list.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.list.setMinimumContentsLength(12)  # a long title must not widen the dialog
        for value, title in self.offered(choices):
            self.list.addItem(title, value)
        self.row.addWidget(self.list, 1)
        self.list.currentIndexChanged.connect(lambda row: self.changed.emit())
        self.list.editTextChanged.connect(lambda text: self.changed.emit())

    def offered(self, choices: Choices) -> Choices:
        return [(value, tr(title)) for value, title in choices]

    def text(self) -> str:
        """The value behind the chosen title, or what was typed where that is allowed."""
        row = self.list.currentIndex()
        typed = self.TYPED and self.list.currentText() != self.list.itemText(row)
        return str(self.list.currentText()).strip() if typed or row < 0 else str(self.list.itemData(row))

    def set_text(self, text: str) -> None:
        """Choose the entry with that value; an unknown one is kept as an entry of its own."""
        row = self.list.findData(text)
        if row >= 0:
            self.list.setCurrentIndex(row)
        elif self.TYPED:
            self.list.setEditText(text)
        elif text:  # an old script or model says something else: it is kept, and the run says what it thinks of it
            self.list.addItem(text, text)
            self.list.setCurrentIndex(self.list.count() - 1)


class TypedChoiceField(ChoiceField):
    TYPED = True


class RulesField(TypedChoiceField):
    """判定规则: the shipped and the county's own by their titles, or a file."""

    def fill(self, choices: Choices) -> None:
        super().fill(choices)
        self.button(tr("文件…"), self._file)

    def offered(self, choices: Choices) -> Choices:
        """The rule profiles by title, and the one of the settings first; one that cannot be read is there by its name."""
        result = [("", tr("（设置中的规则）"))]
        for name in profile_names():
            try:
                result.append((name, tr(profile_named(name).title)))
            except WeipianError:  # said when it is used
                result.append((name, name))
        return result

    def _file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, tr("判定规则"), self.start(), "YAML (*.yaml *.yml)")
        if name:
            self.set_text(name)
