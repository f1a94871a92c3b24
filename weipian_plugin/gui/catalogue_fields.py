"""Which column of a layer holds which content, with sample values and a live check of what is in it."""

from __future__ import annotations

from typing import Optional

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..pipeline.field_check import FieldCheck, Level, key_title
from ..pipeline.layer_report import field_text
from ..toolbelt.language import language, tr
from .catalogue_rows import LayerRow

COLOURS = {Level.GOOD: "#2e7d32", Level.NOTE: "#616161", Level.WARNING: "#b45f06", Level.ERROR: "#c62828"}


class FieldPanel(QWidget):
    """``mapped(key, column)``: a person has chosen; "" takes the choice back to what is found by itself."""

    mapped = pyqtSignal(str, str)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.heading = QLabel()
        self.heading.setWordWrap(True)
        self.table = QTableWidget(0, 4)
        self.table.setHorizontalHeaderLabels([tr("内容"), tr("字段"), tr("示例值"), tr("检查")])
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        for column in (0, 1):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.resizeSection(2, 260)
        header.setStretchLastSection(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.heading)
        layout.addWidget(self.table, 1)
        self.show_row(None)

    def show_row(self, row: Optional[LayerRow]) -> None:
        """The fields of a layer; None for no layer."""
        self.table.setRowCount(0)
        checks = row.checks() if row is not None else []
        self.heading.setText(_heading(row, checks))
        self.table.setVisible(bool(checks))
        if row is None or row.inspection is None:
            return
        self.table.setRowCount(len(checks))
        for number, check in enumerate(checks):
            self.table.setItem(number, 0, QTableWidgetItem(key_title(check.key, language())))
            self.table.setCellWidget(number, 1, self._choice(check, row.inspection.facts.columns))
            for column, text in ((2, "、".join(check.samples)), (3, field_text(check, language()))):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if column == 3:
                    item.setForeground(QColor(COLOURS[check.level]))
                self.table.setItem(number, column, item)

    def _choice(self, check: FieldCheck, columns: tuple[str, ...]) -> QComboBox:
        box = QComboBox()
        result = check.column if not check.chosen else ""
        box.addItem(tr("自动：{}").format(result) if result else tr("自动"), "")
        for column in columns:
            box.addItem(column, column)
        if check.chosen:
            box.setCurrentIndex(box.findData(check.column))
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.activated.connect(lambda index, box=box, key=check.key: self.mapped.emit(key, str(box.itemData(index))))
        return box


def _heading(row: Optional[LayerRow], checks: list[FieldCheck]) -> str:
    if row is None:
        return tr("选中一个图层，这里显示它的字段。")
    if row.inspection is None:
        return tr("正在读取…")
    if checks:
        looked = len(row.inspection.rows)
        whole = row.inspection.facts.count <= looked
        message = tr("全部 {} 条").format(looked) if whole else tr("前 {} 条").format(looked)
        return "<b>" + tr("字段：{}").format(row.name) + "</b>　" + tr("按{}检查").format(message)
    return tr("选好用途后，这里显示字段。") if not row.entry.role else tr("该图层没有需要对照的字段。")
