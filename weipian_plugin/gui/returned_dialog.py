"""A table that came back from the filing system (回传表): its review states go into the workspace, the rest is shown for a person."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem, QWidget

from ..pipeline.make_tables import Returned
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


class ReturnedDialog(RunDialog):
    NAME = "tables"

    def __init__(self, session: Session, runner: Runner, parent: Optional[QWidget] = None) -> None:
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

    def parameters(self) -> Optional[dict[str, str]]:
        path, file, folder = self.session.path, self.table.filePath().strip(), self.report.filePath().strip()
        if path is None or not Path(file).is_file():
            self.refuse(tr("请选择回传表。") if not file else tr("找不到：{}").format(file))
            return None
        if not folder:
            self.refuse(tr("请选择报表文件夹。"))
            return None
        self.outcome.clear()
        return {"WORKSPACE": str(self.session.place), "REPORT": folder, "RETURNED": file}

    def finished_well(self, results: Results) -> str:
        returned: Returned = results.record.returned
        titles = {"split_state": tr("图斑状态"), "review_stage": tr("审核阶段")}
        changed = [
            (state.parcel, titles[state.column], state.before, state.after, tr("已记入工作库"))
            for state in returned.taken
        ]
        rejected, shown = (
            [
                (one.parcel, one.column, one.ours or "", one.theirs or "", tr(kinds[one.kind]))
                for one in returned.differences
                if one.kind in kinds
            ]
            for kinds in (REJECTED, SHOWN)
        )
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
