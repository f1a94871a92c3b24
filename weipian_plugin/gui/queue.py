"""The queue: a table model for 10,000 parcels, and the filters over it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Optional

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QSortFilterProxyModel, Qt
from qgis.PyQt.QtGui import QBrush, QColor, QFont
from qgis.PyQt.QtWidgets import QWidget

from ..toolbelt.language import tr
from ..toolbelt.settings import PREFIX
from .rows import DECIDED, DOUBT, ILLEGAL, LEGAL, OTHER, RETURNED, QueueRow

COLUMNS = ("number", "township", "area", "proposal", "decision", "state", "evidence", "due", "change")
_RIGHT = frozenset({"area", "change"})
COLOURS = {LEGAL: "#2e7d32", ILLEGAL: "#c62828", OTHER: "#1565c0", DOUBT: "#b26a00"}
_SAVED = PREFIX + "saved_filters"


def titles() -> dict[str, str]:
    """The titles of the columns in the reader's language."""
    return {
        "number": tr("图斑编号"),
        "township": tr("乡镇"),
        "area": tr("面积（亩）"),
        "proposal": tr("建议"),
        "decision": tr("判定"),
        "state": tr("状态"),
        "evidence": tr("证据"),
        "due": tr("期限"),
        "change": tr("变化"),
    }


class QueueModel(QAbstractTableModel):
    """Rows of the session; only what is on the screen is ever formatted."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._rows: list[QueueRow] = []
        self._at: dict[str, int] = {}
        self._order: tuple[int, bool] = (-1, False)
        self.today = date.today()
        #: how many rows are decided, and past their date: kept along, counting 20,000 takes longer than all else of a decision
        self.done = self.overdue = 0

    def set_rows(self, rows: Iterable[QueueRow]) -> None:
        """All rows anew; where the numbers are the same, the view keeps its selection and place."""
        rows = self._sorted(list(rows))
        self.done = sum(row.done for row in rows)
        self.overdue = sum(row.overdue(self.today) for row in rows)
        if [row.number for row in rows] == [row.number for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self._at = {row.number: position for position, row in enumerate(rows)}
        self.endResetModel()

    def sort_rows(self, column: int, descending: bool) -> None:
        """One pass in Python: a proxy that asks for two cells per comparison takes a second for 10,000 rows."""
        self._order = (column, descending)
        self.beginResetModel()
        self._rows = self._sorted(self._rows)
        self._at = {row.number: position for position, row in enumerate(self._rows)}
        self.endResetModel()

    def _sorted(self, rows: list[QueueRow]) -> list[QueueRow]:
        column, descending = self._order
        if column < 0:
            return rows
        return sorted(rows, key=lambda row: self._sort_key(row, COLUMNS[column]), reverse=descending)

    def update_row(self, row: QueueRow) -> None:
        """Show a changed row in its place; the counts of done and overdue follow."""
        position = self._at.get(row.number)
        if position is not None:
            before, self._rows[position] = self._rows[position], row
            self.done += row.done - before.done
            self.overdue += row.overdue(self.today) - before.overdue(self.today)
            self.dataChanged.emit(self.index(position, 0), self.index(position, len(COLUMNS) - 1))

    def row(self, position: int) -> QueueRow:
        return self._rows[position]

    def position(self, number: str) -> int:
        return self._at.get(number, -1)

    @property
    def rows(self) -> list[QueueRow]:
        return self._rows

    # ---- what the view asks ----

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return titles()[COLUMNS[section]]
        if role == Qt.ItemDataRole.ToolTipRole and COLUMNS[section] == "change":
            return tr("影像变化提示（0–1），仅用于排序和提醒，不作为判定依据")
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in _RIGHT:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(row, column)
        if role == Qt.ItemDataRole.FontRole and column == "decision" and row.decision:
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row, column)
        return None

    def _text(self, row: QueueRow, column: str) -> str:
        if column == "area":
            return "" if row.area_mu is None else format(row.area_mu, ".2f")
        if column == "proposal":
            return tr(row.proposal) + (" " + tr("拆") if row.parts else "")
        if column == "evidence":
            return evidence_text(row)
        if column == "change":
            return change_text(row)
        if column == "state":
            return tr(row.state) + (" ✎" if row.draft else "")
        if column == "decision":
            return tr(row.decision) + (" ⟳" if row.stale else "")
        return str(getattr(row, column) or "")

    def _sort_key(self, row: QueueRow, column: str) -> Any:
        if column == "area":
            return -1.0 if row.area_mu is None else row.area_mu
        if column == "evidence":
            return row.photos_with_azimuth * 100 - row.missing
        if column == "change":
            return -1.0 if row.change is None else row.change
        return str(getattr(row, column) or "")

    def _colour(self, row: QueueRow, column: str) -> Optional[QBrush]:
        if column in ("proposal", "decision"):
            name = COLOURS.get(getattr(row, column))
            return QBrush(QColor(name)) if name else None
        if column == "due" and row.overdue(self.today):
            return QBrush(QColor(COLOURS[ILLEGAL]))
        if column == "change" and row.second_look:
            return QBrush(QColor(COLOURS[DOUBT]))
        if column == "evidence" and (not row.photos_with_azimuth or row.missing):
            return QBrush(QColor(COLOURS[DOUBT]))
        return None

    def _tip(self, row: QueueRow, column: str) -> Optional[str]:
        if column == "proposal":
            return " · ".join(tr(text) for text in (row.proposal, row.proposal_subtype) if text)
        if column == "decision" and row.decision:
            message = " · ".join((*(tr(text) for text in (row.decision, row.decision_subtype) if text), row.person))
            return message + ("\n" + tr("依据已变") if row.stale else "")
        if column == "change" and row.second_look:
            return tr("建议实地未变化，但影像变化明显")
        if column == "state" and row.draft:
            return tr("有未签署的填写")
        if column == "township":
            return " ".join(text for text in (row.township, row.village) if text)
        return None


def evidence_text(row: QueueRow) -> str:
    """Photos with azimuth, and how much the category still lacks."""
    photos = tr("{} 张").format(row.photos) if row.photos else tr("无照片")
    return photos + (" " + tr("缺{}").format(row.missing) if row.missing else "")


def change_text(row: QueueRow) -> str:
    """The score of the images, with a mark where it speaks against the proposal."""
    return "" if row.change is None else format(row.change, ".2f") + (" ⚠" if row.second_look else "")


# ---- filters ----

Predicate = Callable[[QueueRow, date, str], bool]

#: Name -> which rows it keeps; the names are shown through tr().
FILTERS: dict[str, Predicate] = {
    "全部": lambda row, today, me: True,
    "待判定": lambda row, today, me: not row.done,
    "我的": lambda row, today, me: row.person == me,
    "逾期": lambda row, today, me: row.overdue(today),
    "存疑": lambda row, today, me: row.proposal == DOUBT,
    "违法": lambda row, today, me: row.proposal == ILLEGAL,
    "合法": lambda row, today, me: row.proposal == LEGAL,
    "其他": lambda row, today, me: row.proposal == OTHER,
    "无照片": lambda row, today, me: not row.photos,
    "缺材料": lambda row, today, me: row.missing > 0,
    "退回": lambda row, today, me: row.state == RETURNED,
    "待复核": lambda row, today, me: row.state == DECIDED,
    "依据已变": lambda row, today, me: row.stale,
    "有草稿": lambda row, today, me: row.draft,
    "变化待核": lambda row, today, me: row.second_look,
}


class QueueFilter(QSortFilterProxyModel):
    """A named filter, a search text, and at most one pick from the overview (``township=…``, ``category=…``, ``due=…``)."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.name, self.text, self.person = "全部", "", ""
        self.pick: tuple[str, str] = ("", "")
        self.setDynamicSortFilter(False)

    def set(
        self, name: Optional[str] = None, text: Optional[str] = None, pick: Optional[tuple[str, str]] = None
    ) -> None:
        """Change what is given, keep the rest; ``pick``: kind and value of a bar of the overview."""
        self.name = self.name if name is None else name
        self.text = self.text if text is None else text.strip().casefold()
        self.pick = self.pick if pick is None else pick
        self.invalidateFilter()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """The model itself is put in order; the filter keeps it."""
        if self.sourceModel() is not None:
            self.sourceModel().sort_rows(column, order == Qt.SortOrder.DescendingOrder)

    def filterAcceptsRow(self, position: int, parent: QModelIndex) -> bool:
        model = self.sourceModel()
        row = model.row(position)
        if not FILTERS.get(self.name, FILTERS["全部"])(row, model.today, self.person):
            return False
        kind, value = self.pick
        if kind and picked_value(row, kind) != value:
            return False
        return not self.text or self.text in searchable(row)


def searchable(row: QueueRow) -> str:
    """What the search looks through, folded for comparing."""
    return " ".join(
        (row.number, row.township, row.village, row.type, row.proposal, row.proposal_subtype, row.decision, row.person)
    ).casefold()


def picked_value(row: QueueRow, kind: str) -> str:
    """What the overview counts by."""
    if kind == "due":
        return row.due[:7] or "—"
    return {"category": row.proposal, "township": row.township, "state": row.state}[kind] or "—"


def saved_filters() -> dict[str, dict[str, str]]:
    """The user's own filters by name."""
    try:
        result = json.loads(str(QgsSettings().value(_SAVED, "{}")))
    except ValueError:
        return {}
    return result if isinstance(result, dict) else {}


def save_filter(name: str, chosen: dict[str, str]) -> None:
    """Keep a filter of the person on this computer, in place of one of the same name."""
    QgsSettings().setValue(_SAVED, json.dumps({**saved_filters(), name: chosen}, ensure_ascii=False))


def forget_filter(name: str) -> None:
    """Drop a kept filter; one that is not there is no error."""
    kept = {key: value for key, value in saved_filters().items() if key != name}
    QgsSettings().setValue(_SAVED, json.dumps(kept, ensure_ascii=False))
