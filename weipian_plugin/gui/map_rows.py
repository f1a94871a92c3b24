"""Proposal, decision, state and label of each parcel beside its shape: a table of the window, joined to the layer 图斑.

The window's own rows, not the columns of the workspace: the map says the same as the queue. QGIS draws on other threads and must ask no
Python there, so the rows are copied into a table of QGIS's own. It is filled in portions, so that the window never stops.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Optional

from qgis.core import QgsFeature, QgsMapLayer, QgsProject, QgsVectorLayer, QgsVectorLayerJoinInfo
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from .rows import QueueRow

MARK = "weipian/rows"
_COLUMNS = ("number", "proposal", "decision", "state", "label")
_PORTION = 1000
_FEW = 50  # changed rows that are written one by one; more fill the table anew
_TAIL = 4


def labels(numbers: Iterable[str]) -> dict[str, str]:
    """The last four characters of each number; the whole number where two would read alike."""
    numbers = list(numbers)
    ends = Counter(number[-_TAIL:] for number in numbers)
    return {number: number[-_TAIL:] if ends[number[-_TAIL:]] == 1 else number for number in numbers}


class MapRows(QObject):
    """``filled`` once the table has every row."""

    filled = pyqtSignal()

    def __init__(self, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self.table: Optional[QgsVectorLayer] = None
        self._known: dict[str, tuple[str, ...]] = {}
        self._places: dict[str, int] = {}  # number → feature of the table
        self._waiting: list[str] = []
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._portion)

    def join(self, layer: QgsVectorLayer) -> None:
        """A new table, joined to ``layer`` with the prefix ``row_``."""
        self.remove()
        fields = "&".join("field=" + name + ":string(80)" for name in _COLUMNS)
        table = QgsVectorLayer("NoGeometry?" + fields, "weipian_rows", "memory")
        table.setCustomProperty("skipMemoryLayersCheck", 1)  # nobody is asked to save it
        table.setCustomProperty(MARK, True)
        table.setFlags(QgsMapLayer.LayerFlag.Private)
        QgsProject.instance().addMapLayer(table, False)
        joined = QgsVectorLayerJoinInfo()
        joined.setJoinLayer(table)
        joined.setJoinFieldName("number")
        joined.setTargetFieldName("number")
        joined.setPrefix("row_")
        joined.setUsingMemoryCache(True)
        layer.addJoin(joined)
        self.table = table

    def remove(self) -> None:
        """The table goes, also one that a saved project kept."""
        self._timer.stop()
        self._known, self._places, self._waiting, self.table = {}, {}, [], None
        project = QgsProject.instance()
        kept = [name for name, layer in project.mapLayers().items() if layer.customProperty(MARK)]
        project.removeMapLayers(kept)

    def show(self, rows: Mapping[str, QueueRow]) -> None:
        """All rows of the session; what has not changed is not written again."""
        if self.table is None:
            return
        named = labels(rows)
        requested = {number: _texts(row, named[number]) for number, row in rows.items()}
        changed = [number for number in requested if self._known.get(number) != requested[number]]
        same = not self._timer.isActive() and requested.keys() == self._known.keys()
        self._known = requested
        if same and len(changed) <= _FEW:
            self._write(changed)
        else:
            self.table.dataProvider().truncate()
            self._places = {}
            self._waiting = list(requested)
            self._timer.start()

    def update(self, rows: Iterable[QueueRow]) -> None:
        """Some rows have changed."""
        if self.table is None:
            return
        requested = {row.number: _texts(row, self._known[row.number][-1]) for row in rows if row.number in self._known}
        changed = [number for number, texts in requested.items() if texts != self._known[number]]
        self._known.update(requested)
        if not self._timer.isActive():
            self._write(changed)

    def values(self, column: str) -> set[str]:
        """The distinct texts of a column of the layer."""
        position = _COLUMNS.index(column)
        return {texts[position] for texts in self._known.values()}

    def _portion(self) -> None:
        table = self.table
        if table is None or not self._waiting:
            self._timer.stop()
            if table is not None:
                self._let_go_of_cache(table)
                self.filled.emit()
            return
        now, self._waiting = self._waiting[:_PORTION], self._waiting[_PORTION:]
        _, features = table.dataProvider().addFeatures([self._feature(table, number) for number in now])
        self._places.update((number, feature.id()) for number, feature in zip(now, features))

    def _feature(self, table: QgsVectorLayer, number: str) -> QgsFeature:
        feature = QgsFeature(table.fields())
        feature.setAttributes(list(self._known[number]))
        return feature

    def _write(self, numbers: list[str]) -> None:
        table = self.table
        if table is None or not numbers:
            return
        changes: dict[int, dict[int, Any]] = {
            self._places[number]: dict(enumerate(self._known[number])) for number in numbers
        }
        table.dataProvider().changeAttributeValues(changes)
        self._let_go_of_cache(table)
        self.filled.emit()

    @staticmethod
    def _let_go_of_cache(table: QgsVectorLayer) -> None:
        """What is joined to the table keeps a copy until the layer says that it was modified."""
        table.layerModified.emit()


def _texts(row: QueueRow, label: str) -> tuple[str, ...]:
    return row.number, row.proposal, row.decision, row.state, label
