"""Which column of a delivered table means what (字段对照), with values of its first rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Optional

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QAbstractItemView, QComboBox, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from ..intake.fields import schema
from ..intake.layer_facts import plain_text
from ..intake.preview import TablePreview
from ..toolbelt.language import tr

FIELD_TITLES = {
    "number": "编号",
    "county_code": "县代码",
    "county": "县",
    "township": "乡镇",
    "village": "村",
    "level": "级别",
    "type": "类型",
    "earlier_image": "前时相",
    "later_image": "后时相",
    "issued": "下发时间",
    "delivered_area": "监测面积",
    "lon": "经度",
    "lat": "纬度",
    "earlier_number": "前期编号",
}
#: Without these a delivery is not understood, or its proposals have no dates to go by.
_NEEDED = ("number", "earlier_image", "later_image")


class DeliveryFields(QWidget):
    """``mapped(key, column)``: a person has chosen; "" takes the choice back."""

    mapped = pyqtSignal(str, str)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.table = QTableWidget(0, 3)
        self.table.setHorizontalHeaderLabels([tr("内容"), tr("字段"), tr("示例值")])
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        for column, width in ((0, 120), (1, 230)):
            self.table.horizontalHeader().resizeSection(column, width)
        self.table.horizontalHeader().setStretchLastSection(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)

    def show_table(self, table: Optional[TablePreview], chosen: Mapping[str, str]) -> None:
        """The fields of a delivered table; None for no table."""
        keys = list(schema().fields) if table is not None else []
        self.table.setRowCount(len(keys))
        for row, key in enumerate(keys):
            column = table.mapping.columns.get(key, "") if table is not None else ""
            title = QTableWidgetItem(tr(FIELD_TITLES.get(key, schema().fields[key].title)))
            if key in _NEEDED and not column:
                title.setForeground(QColor("#c62828"))
            self.table.setItem(row, 0, title)
            self.table.setCellWidget(row, 1, self._box(key, column, chosen.get(key, ""), table))
            values = [plain_text(value) for value in table.rows[column]] if table is not None and column else []
            self.table.setItem(row, 2, QTableWidgetItem("、".join(dict.fromkeys(value for value in values if value))))

    def _box(self, key: str, found: str, chosen: str, table: Optional[TablePreview]) -> QComboBox:
        box = QComboBox()
        box.addItem(tr("自动：{}").format(found) if found and not chosen else tr("自动"), "")
        for column in table.rows.columns if table is not None else ():
            box.addItem(str(column), str(column))
        if chosen:
            box.setCurrentIndex(max(box.findData(found or chosen), 0))
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.activated.connect(lambda index, box=box: self.mapped.emit(key, str(box.itemData(index))))
        return box
