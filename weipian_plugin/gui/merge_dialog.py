"""The dialog of a merge (并宗): its members, which of them leads, what stands against it, person, reason, remark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..model.errors import WeipianError
from ..model.messages import render
from ..toolbelt.language import language, tr
from .merging import Findings, few, read_check, record_merge
from .session import Session, read_details

_AREA = 2  # column
_MOST_LINES = 5


class MergeDialog(QDialog):
    """Writes when confirmed; :attr:`merged` names the leading parcel."""

    merged = pyqtSignal(str)

    def __init__(self, session: Session, numbers: Sequence[str], person: str, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._session, self.numbers = session, list(numbers)
        self.setWindowTitle(tr("并宗"))
        self.resize(640, 460)
        message = QLabel(
            tr(
                "所选图斑按一个项目判定：判定记在主图斑上，各成员的图形和编号不变。并宗记入操作记录，可在主图斑上撤销（U）。"
            )
        )
        message.setWordWrap(True)
        self.table = QTableWidget(0, 5)
        self.table.setHorizontalHeaderLabels([tr("图斑编号"), tr("乡镇"), tr("面积（亩）"), tr("状态"), tr("判定")])
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.verticalHeader().hide()
        self.total = QLabel()
        self.lead = QComboBox()
        self.lead.addItems(self.numbers)
        self.lead.setCurrentIndex(max(self.lead.findText(session.current or ""), 0))
        self.reason, self.remark, self.person = QLineEdit(), QLineEdit(), QLineEdit(person)
        self.findings = QLabel()
        self.findings.setWordWrap(True)
        form = QFormLayout()
        for title, widget in (
            (tr("主图斑"), self.lead), (tr("理由"), self.reason), (tr("备注"), self.remark), (tr("操作人"), self.person),
        ):  # fmt: skip
            form.addRow(title, widget)
        self.ok_button, cancel = QPushButton(tr("并宗")), QPushButton(tr("取消"))
        buttons = QDialogButtonBox()
        buttons.addButton(self.ok_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        self.ok_button.clicked.connect(self.save)
        layout = QVBoxLayout(self)
        layout.addWidget(message)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.total)
        layout.addLayout(form)
        layout.addWidget(self.findings)
        layout.addWidget(buttons)
        self._fill()
        self._found = Findings()
        self.examine()
        self.lead.currentIndexChanged.connect(lambda row: self.examine())
        for edit in (self.reason, self.person):
            edit.textChanged.connect(lambda text: self._show())

    def _fill(self) -> None:
        rows = [self._session.rows[number] for number in self.numbers if number in self._session.rows]
        self.table.setRowCount(len(rows))
        for line, row in enumerate(rows):
            area = "" if row.area_mu is None else format(row.area_mu, ".2f")
            for column, text in enumerate((row.number, row.township, area, tr(row.state), row.decision)):
                item = QTableWidgetItem(text)
                if column == _AREA:
                    item.setTextAlignment(int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter))
                self.table.setItem(line, column, item)
        self.table.resizeColumnsToContents()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.table.horizontalHeader().setStretchLastSection(True)
        total = sum(row.area_mu or 0.0 for row in rows)
        self.total.setText(tr("共 {} 个图斑，{} 亩").format(len(rows), format(total, ".2f")))

    def ordered(self) -> list[str]:
        """All numbers, the leading one first."""
        lead = self.lead.currentText()
        return [lead, *(number for number in self.numbers if number != lead)]

    def examine(self) -> None:
        """Look at the workspace as it is now."""
        store = self._session.store
        if store is not None:
            self._found = read_check(store, self.ordered())
        self._show()

    def _show(self) -> None:
        reason = self.reason.text().strip()
        lines = [render(message, language()) for message in self._found.rejected]
        if self._found.apart and not reason:
            lines.append(WeipianError("judgment.merge_apart", parcels=few(self._found.apart)).text(language()))
        if not self.person.text().strip():
            lines.append(tr("请先填写经办人。"))
        self.ok_button.setEnabled(not lines)
        if len(lines) > _MOST_LINES:
            lines = [*lines[:_MOST_LINES], tr("还有 {} 条").format(len(lines) - _MOST_LINES)]
        if not lines:
            lines = [tr("成员不相邻，理由已填。") if self._found.apart else tr("成员彼此相邻，可以并宗。")]
        self.findings.setText("\n".join(lines))
        self.findings.setStyleSheet("" if self.ok_button.isEnabled() else "color:#c62828")

    def save(self) -> None:
        """Write the merge under the person's name; what stands against it is said in the dialog."""
        store = self._session.store
        lead, *members = self.ordered()
        details = None if store is None else read_details(store, lead)
        if store is None or details is None:
            return
        texts = [edit.text().strip() for edit in (self.person, self.reason, self.remark)]
        try:
            record_merge(store, details, members, *texts)
        except WeipianError as error:
            self.examine()
            self.findings.setText(error.text(language()))
            self.findings.setStyleSheet("color:#c62828")
            return
        self.accept()
        self.merged.emit(lead)
