"""The overview: how many by category, township, state and due month; a click filters the queue."""

from __future__ import annotations

from collections import Counter
from typing import Optional

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QDockWidget, QLabel, QScrollArea, QVBoxLayout, QWidget

from ..toolbelt.language import tr
from .bars import BarChart, Segment
from .queue import COLOURS, picked_value
from .session import Session

_KINDS = (("category", "建议类别"), ("state", "状态"), ("township", "乡镇"), ("due", "期限（月）"))
_PLAIN = "#1d5f8a"


class Overview(QDockWidget):
    """``picked(kind, value, title)``: what the queue should show."""

    picked = pyqtSignal(str, str, str)

    def __init__(self, session: Session, parent: Optional[QWidget] = None) -> None:
        super().__init__(tr("卫片统计"), parent)
        self.setObjectName("WeipianOverview")
        self._session = session
        content = QWidget()
        layout = QVBoxLayout(content)
        self.charts: dict[str, BarChart] = {}
        for kind, title in _KINDS:
            layout.addWidget(QLabel("<b>" + tr(title) + "</b>"))
            chart = BarChart()
            chart.picked.connect(
                lambda value, kind=kind, title=title: self.picked.emit(
                    kind, value, tr("{}：{}").format(tr(title), tr(value))
                )
            )
            layout.addWidget(chart)
            self.charts[kind] = chart
        layout.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(content)
        area.setMinimumSize(240, 220)
        self.setWidget(area)
        session.loaded.connect(self.count)
        session.rows_changed.connect(lambda numbers: self.count())
        session.closed.connect(self.count)
        self.visibilityChanged.connect(lambda visible: self.count() if visible else None)
        self.count()

    def count(self) -> None:
        """Count the queue's rows anew; nothing while the window is hidden."""
        if not self.isVisible():
            return
        rows = list(self._session.rows.values())
        for kind, chart in self.charts.items():
            counts = Counter(picked_value(row, kind) for row in rows)
            order = sorted(counts) if kind == "due" else [name for name, _ in counts.most_common()]
            chart.show_rows([Segment(tr(name), counts[name], COLOURS.get(name, _PLAIN), name) for name in order])
