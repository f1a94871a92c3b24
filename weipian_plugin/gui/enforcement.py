"""Enforcement (查处) of a parcel: its case, the steps from 立案 to 结案 with their papers, several parcels in one case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Optional

from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..model.enforcement import CaseMember, CaseStep, EnforcementCase, problems
from ..model.errors import WeipianError
from ..model.messages import render
from ..model.paths import resource
from ..model.typed_yaml import key, read
from ..model.words import EnforcementStep, TransferTarget
from ..toolbelt.language import language, tr
from ..workspace.enforcement import read_cases, save_case
from .background import Runner
from .copying import Copies, Copying
from .documents import is_day
from .recording import record_step
from .session import Session
from .signer_field import SignerField, wanted
from .text_field import add_calendar

_STEP = EnforcementStep
#: Fields of a step that only some steps have.
_ONLY = {
    "fine": (_STEP.PENALISED,),
    "confiscated": (_STEP.PENALISED,),
    "demolished": (_STEP.PENALISED,),
    "target": (_STEP.TRANSFERRED,),
    "receipt": (_STEP.TRANSFERRED, _STEP.EXECUTED),
    "reason": (_STEP.WITHOUT_CASE,),
}


@dataclass(frozen=True)
class _LeadUnit:
    unit: str


@dataclass(frozen=True)
class _EnforcementFile:
    documents: Mapping[str, tuple[str, ...]] = key("papers")
    lead_unit: Mapping[str, _LeadUnit] = field(default_factory=dict)


def _data() -> _EnforcementFile:
    return read(resource("enforcement.yaml"), _EnforcementFile)


class EnforcementDialog(QDialog):
    """Each step is written as it is entered; the head (name, party, unit, parcels) by its own button."""

    def __init__(
        self, session: Session, runner: Runner, person: str, part: str = "", parent: Optional[QWidget] = None
    ) -> None:
        super().__init__(parent)
        self._session, self._runner, self._part = session, runner, part
        self.signer = SignerField(person)
        self.number = session.current or ""
        self._file: Optional[Path] = None
        self.setWindowTitle(tr("查处") + " · " + self.number)
        self.resize(820, 640)
        self.message = QLabel()
        self.message.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(tr("关闭"))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self._head_part())
        layout.addWidget(self._list_part(), 1)
        layout.addWidget(self._step_part())
        layout.addWidget(self.message)
        layout.addWidget(buttons)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        self.refresh()

    # ---- building ----

    def _head_part(self) -> QWidget:
        self.cases = QComboBox()
        self.cases.currentIndexChanged.connect(lambda row: self.show_case())
        self.name, self.party, self.unit, self.members = (QLineEdit() for _ in range(4))
        self.members.setToolTip(tr("图斑编号，几个之间用顿号隔开；地块写作 编号_1"))
        self.head_button = QPushButton(tr("保存案件"))
        self.head_button.clicked.connect(self.save_head)
        group = QGroupBox(tr("案件"))
        left, right = _columns(group)
        for title, widget in (
            (tr("案件"), self.cases),
            (tr("案件名称"), self.name),
            (tr("当事人"), self.party),
            (tr("经办人"), self.signer),
        ):
            left.addRow(title, widget)
        for title, widget in ((tr("牵头单位"), self.unit), (tr("涉及图斑"), self.members), ("", self.head_button)):
            right.addRow(title, widget)
        return group

    def _list_part(self) -> QWidget:
        self.list = QTreeWidget()
        titles = (tr("环节"), tr("日期"), tr("文号"), tr("机关"), tr("材料"), tr("说明"))
        self.list.setHeaderLabels(list(titles))
        self.list.setRootIsDecorated(False)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.itemSelectionChanged.connect(self._selected)
        self.remove_button = QPushButton(tr("移除环节"))
        self.remove_button.clicked.connect(self.remove_step)
        self.problems = QLabel()
        self.problems.setWordWrap(True)
        part = QWidget()
        layout = QVBoxLayout(part)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.problems)
        layout.addWidget(self.remove_button)
        return part

    def _step_part(self) -> QWidget:
        self.step, self.kind, self.target = QComboBox(), QComboBox(), QComboBox()
        for step in EnforcementStep:
            self.step.addItem(step.title(language()), step.value)
        for target in TransferTarget:
            self.target.addItem(target.title(language()), target.value)
        self.kind.setEditable(True)
        names = ("day", "document_number", "authority", "fine", "confiscated", "demolished", "receipt", "reason")
        for name in names:
            setattr(self, name, QLineEdit())
        self.day.setPlaceholderText(tr("年-月-日"))
        add_calendar(self.day)
        self.choose_button, self.chosen = QPushButton(tr("选择文件…")), QLabel(tr("尚未选择文件"))
        self.choose_button.clicked.connect(self.choose)
        self.add_button = QPushButton(tr("登记环节"))
        self.add_button.clicked.connect(self.add_step)
        files = QHBoxLayout()
        files.addWidget(self.choose_button)
        files.addWidget(self.chosen, 1)
        files.addWidget(self.add_button)
        group = QGroupBox(tr("登记环节"))
        left, self.right = _columns(group)
        self.lines = {
            "step": self.step, "day": self.day, "number": self.document_number, "authority": self.authority, "kind": self.kind,
            "fine": self.fine, "confiscated": self.confiscated, "demolished": self.demolished, "target": self.target,
            "receipt": self.receipt, "reason": self.reason,
        }  # fmt: skip
        titles = (
            tr("环节"), tr("日期"), tr("文号"), tr("机关"), tr("文书类型"), tr("罚款（元）"), tr("没收"), tr("拆除"), tr("移送机关"), tr("回执"),
            tr("理由"),
        )  # fmt: skip
        for title, (name, widget) in zip(titles, self.lines.items()):
            (self.right if name in _ONLY else left).addRow(title, widget)
        left.addRow(tr("文件"), files)
        self.step.currentIndexChanged.connect(lambda row: self._step_chosen())
        return group

    def _step_chosen(self) -> None:
        """Only the fields that the step has; its papers to choose from, the usual one first."""
        step = EnforcementStep(self.step.currentData())
        for name, steps in _ONLY.items():
            widget = self.lines[name]
            for each in (widget, self.right.labelForField(widget)):
                each.setVisible(step in steps)
        self.kind.clear()
        self.kind.addItems(_data().documents.get(step.value, ()))

    # ---- showing ----

    def refresh(self, keep: str = "") -> None:
        """Read the cases of the parcel again; ``keep``: the one to show."""
        store = self._session.store
        self._known = {} if store is None else {case.id: case for case in read_cases(store, self.number)}
        self.cases.blockSignals(True)
        self.cases.clear()
        for case in self._known.values():
            self.cases.addItem(
                " ".join(text for text in (case.name or tr("（未命名）"), case.stage()) if text), case.id
            )
        self.cases.addItem(tr("新案件"), "")
        self.cases.setCurrentIndex(max(self.cases.findData(keep), 0) if keep else 0)
        self.cases.blockSignals(False)
        self.show_case()

    def current(self) -> EnforcementCase:
        """The case that is shown; a new one is about the parcel (or the part that the form stands on), led by the unit of the data."""
        known = self._known.get(str(self.cases.currentData() or ""))
        if known is not None:
            return known
        details = self._session.details
        kind = str(details.parcel.kind or "land") if details is not None else "land"
        unit = _data().lead_unit[kind].unit if kind in _data().lead_unit else ""
        return EnforcementCase("", (CaseMember(self.number, self._part),), unit=str(unit))

    def show_case(self) -> None:
        """Fill the dialog with the chosen case, what is being typed among it is lost."""
        case = self.current()
        self.name.setText(case.name)
        self.party.setText(case.party)
        self.unit.setText(case.unit)
        self.members.setText("、".join(member.parcel + member.part for member in case.members))
        details = self._session.details
        titles = {row.id: row.title or row.kind for row in (details.documents if details else ())}
        self.list.clear()
        for entry in case.steps:
            texts = (entry.day, entry.number, entry.authority, titles.get(entry.document, ""), _description(entry))
            self.list.addTopLevelItem(QTreeWidgetItem([entry.step.title(language()), *texts]))
        for column in range(self.list.columnCount()):
            self.list.resizeColumnToContents(column)
        self.problems.setText("\n".join(render(each, language()) for each in problems(case, date.today())))
        self._selected()
        self._step_chosen()

    def _selected(self) -> None:
        self.remove_button.setEnabled(bool(self.list.selectedItems()))

    # ---- writing ----

    def _headed(self) -> Optional[EnforcementCase]:
        """The case with the head as typed; None, and the reason said, where it cannot be."""
        members = self._members()
        if not self.signer.signed():
            self.message.setText(wanted())
        elif members is not None:
            texts = {name: getattr(self, name).text().strip() for name in ("name", "party", "unit")}
            return replace(self.current(), members=members, **texts)
        return None

    def _members(self) -> Optional[tuple[CaseMember, ...]]:
        result = []
        for text in self.members.text().replace("，", "、").replace(",", "、").split("、"):
            number = text.strip()
            parcel, mark, part = number.rpartition("_")
            if number in self._session.rows:
                result.append(CaseMember(number))
            elif mark and parcel in self._session.rows and part.isdecimal():
                result.append(CaseMember(parcel, mark + part))
            elif number:
                self.message.setText(tr("工作库里没有图斑 {}。").format(number))
                return None
        return tuple(dict.fromkeys(result))

    def save_head(self) -> None:
        """Store name, party, unit and note of the case; why not is said in the dialog."""
        store, case = self._session.store, self._headed()
        if store is None or case is None:
            return
        try:
            self._written(save_case(store, case, self.signer.signed()))
        except WeipianError as error:
            self._failed(error)

    def choose(self) -> None:
        """Ask for the paper of the next step; nothing is copied before the step is added."""
        name, _ = QFileDialog.getOpenFileName(self, tr("选择证明材料"), "")
        if name:
            self.set_file(Path(name))

    def set_file(self, file: Optional[Path]) -> None:
        """The paper of the next step; None: none."""
        self._file = file
        self.chosen.setText(tr("尚未选择文件") if file is None else file.name)

    def _entered(self) -> Optional[CaseStep]:
        """The step as typed; None, and the reason said, where it cannot be."""
        step = EnforcementStep(self.step.currentData())
        own = {name: self.lines[name].text().strip() for name in _ONLY if name != "target" and step in _ONLY[name]}
        fine, day = own.pop("fine", ""), self.day.text().strip()
        if not day or not is_day(day):
            self.message.setText(tr("日期须为 年-月-日，例如 2023-05-01。"))
            return None
        try:
            amount = float(fine.replace(",", "")) if fine else None
        except ValueError:
            amount = -1.0
        if amount is not None and not 0.0 <= amount < 1e12:
            self.message.setText(tr("罚款须为不小于 0 的数：{}").format(fine))
            return None
        target = TransferTarget(self.target.currentData()) if step in _ONLY["target"] else None
        texts = {"number": self.document_number.text().strip(), "authority": self.authority.text().strip()}
        return CaseStep(step, day, fine=amount, target=target, **texts, **own)

    def add_step(self) -> None:
        """Copy the paper in the background, then write."""
        case = self._headed()
        entry = None if case is None else self._entered()
        if case is None or entry is None:
            return
        if self._file is None:
            self._write(case, entry, [])
            return
        number = case.members[0].parcel if case.members else self.number
        copying = Copying(self, self._session, self._runner, self.message, self.add_button)
        copying.start(number, [self._file], lambda copies: self._write(case, entry, copies))

    def _write(self, case: EnforcementCase, entry: CaseStep, copies: Copies) -> None:
        store = self._session.store
        if store is None:
            return
        try:
            made = record_step(store, case, entry, copies, self.kind.currentText().strip(), self.signer.signed())
        except WeipianError as error:
            self._failed(error)
            return
        self.set_file(None)
        for name in ("day", "document_number", "fine", "confiscated", "demolished", "receipt", "reason"):
            getattr(self, name).clear()
        self._written(made)

    def remove_step(self) -> None:
        """Take the chosen step out of the case; its paper stays with the parcels."""
        store, case, row = self._session.store, self._headed(), self.list.indexOfTopLevelItem(self.list.currentItem())
        if store is None or case is None or row < 0:
            return
        steps = tuple(entry for place, entry in enumerate(case.steps) if place != row)
        try:
            self._written(save_case(store, replace(case, steps=steps), self.signer.signed()))
        except WeipianError as error:
            self._failed(error)

    def _written(self, case: EnforcementCase) -> None:
        for number in dict.fromkeys((*(member.parcel for member in case.members), self.number)):
            self._session.refresh(number)
        self.refresh(case.id)
        self.message.setText(tr("已保存。"))

    def _failed(self, error: WeipianError) -> None:
        self.message.setText(error.text(language()))
        self._session.refresh(self.number)
        if error.code == "workspace.conflict":
            self.refresh(str(self.cases.currentData() or ""))


def _columns(group: QGroupBox) -> tuple[QFormLayout, QFormLayout]:
    """Two forms beside each other: the window fits a small screen."""
    beside, left, right = QHBoxLayout(group), QFormLayout(), QFormLayout()
    beside.addLayout(left, 1)
    beside.addLayout(right, 1)
    return left, right


def _description(entry: CaseStep) -> str:
    """What the list says of a step beside its paper."""
    fine = "" if entry.fine is None else tr("罚款 {} 元").format(format(entry.fine, ",.2f").rstrip("0").rstrip("."))
    target = entry.target.title(language()) if entry.target is not None else ""
    return "；".join(
        text for text in (fine, entry.confiscated, entry.demolished, target, entry.receipt, entry.reason) if text
    )
