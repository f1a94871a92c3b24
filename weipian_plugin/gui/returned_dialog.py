"""A table that came back from the filing system (回传表): its review states go into the workspace, the rest is shown for a person."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Optional

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem

from ..office.text import text_of_csv
from ..toolbelt.language import tr
from .background import Results, Runner
from .run_dialog import RunDialog
from .session import Session

#: Kinds of difference whose row was not taken, with the reason; in all others the parcel's review state was.
REJECTED = {
    "not_here": "本库没有这个图斑",
    "duplicate": "同一编号重复，只取第一行",
    "number_damaged": "编号被表格软件改成了数字，已失真",
}
SHOWN = {
    "value": "内容不同，未改本库",
    "area": "面积相差超过允许值，未改本库",
    "blank_there": "回传表为空，未改本库",
    "blank_here": "本库为空，未填入",
    "not_returned": "回传表中没有这个图斑",
}
_STATES = ("split_state", "review_stage")


class ReturnedDialog(RunDialog):
    NAME = "tables"

    def __init__(self, session: Session, runner: Runner, parent: Any = None) -> None:
        text = tr(
            "读入上级系统导出的表（xlsx、csv）：图斑状态和审核阶段记入工作库；其他不同之处只列出，不改本库。"
            "同时写出台账和统计表。"
        )
        super().__init__(session, runner, tr("接收回传表"), text, parent)
        self.setObjectName("WeipianReturned")
        self.resize(820, 580)
        self.table = QgsFileWidget()
        self.table.setFilter(tr("回传表 (*.xlsx *.csv)"))
        self.report = QgsFileWidget()
        self.report.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        path = session.path
        self.report.setFilePath(str(path.parent / "报表") if path else "")
        self.form.addRow(tr("回传表"), self.table)
        self.form.addRow(tr("报表文件夹"), self.report)
        self.outcome = QTreeWidget()
        self.outcome.setHeaderLabels([tr("图斑编号"), tr("栏目"), tr("本库"), tr("回传表"), tr("结果")])
        self.outcome.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.outcome.setUniformRowHeights(True)
        self.middle.addWidget(self.outcome, 3)
        self.log.setMaximumHeight(90)
        self._before: dict[str, Mapping[str, str]] = {}

    def parameters(self) -> Optional[dict[str, str]]:
        path, file, folder = self.session.path, self.table.filePath().strip(), self.report.filePath().strip()
        if path is None or not Path(file).is_file():
            self.refuse(tr("请选择回传表。") if not file else tr("找不到：{}").format(file))
            return None
        if not folder:
            self.refuse(tr("请选择报表文件夹。"))
            return None
        self.outcome.clear()
        self._before = self._states()
        return {"WORKSPACE": str(path), "REPORT": folder, "RETURNED": file}

    def finished_well(self, results: Results) -> str:
        now = self._states()
        titles = {"split_state": tr("图斑状态"), "review_stage": tr("审核阶段")}
        changed = [
            (number, titles[name], self._before.get(number, {}).get(name, ""), states[name], tr("已记入工作库"))
            for number, states in now.items()
            for name in _STATES
            if states[name] != self._before.get(number, {}).get(name, "")
        ]
        found = self._differences()
        rejected = [(*row[:-1], tr(REJECTED[row[-1]])) for row in found if row[-1] in REJECTED]
        shown = [(*row[:-1], tr(SHOWN[row[-1]])) for row in found if row[-1] in SHOWN]
        for title, rows in (
            (tr("已记入工作库"), changed), (tr("未接收"), rejected), (tr("与本库不同"), shown),
        ):  # fmt: skip
            top = QTreeWidgetItem([tr("{}：{}").format(title, len(rows))])
            top.addChildren([QTreeWidgetItem(list(row)) for row in rows])
            self.outcome.addTopLevelItem(top)
            top.setFirstColumnSpanned(True)
            top.setExpanded(bool(rows))
        for column in range(self.outcome.columnCount()):
            self.outcome.resizeColumnToContents(column)
        return tr("已接收：{} 处审核状态改变，{} 行未接收，{} 处与本库不同。").format(
            len(changed), len(rejected), len(shown)
        )

    def _states(self) -> dict[str, Mapping[str, str]]:
        store = self.session.store
        if store is None:
            return {}
        rows = store.read("parcel")[["number", *_STATES]].fillna("").to_dict("records")
        return {str(row["number"]): {name: str(row[name]) for name in _STATES} for row in rows}

    def _differences(self) -> list[tuple[str, str, str, str, str]]:
        """Rows of ``returned.csv``: parcel, column, ours, theirs, kind."""
        with (Path(self.report.filePath().strip()) / "returned.csv").open(encoding="utf-8-sig", newline="") as stream:
            return [
                tuple(text_of_csv(row[name]) for name in ("parcel", "column", "ours", "theirs", "kind"))
                for row in csv.DictReader(stream)
            ]
