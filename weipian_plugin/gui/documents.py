"""Documents (证明材料) of a parcel: attach files with kind, number, date and authority; list; remove."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Optional

from qgis.PyQt.QtCore import Qt, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices
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

from ..model.errors import WeipianError
from ..toolbelt.language import language, tr
from ..workspace.repository import Repository
from .background import Runner
from .copying import Copies, Copying
from .recording import add_documents, put_back_document, remove_document
from .session import Session
from .signer_field import SignerField, wanted
from .text_field import add_calendar

#: Kinds as the check of completeness knows them (resources/filing.yaml); any other may be typed.
KINDS = (
    "批文", "备案", "上图入库", "合同", "不动产权证", "许可证", "验收意见", "说明", "证明", "其他",
    "立案决定书", "责令停止违法行为通知书", "现场勘测笔录", "询问笔录", "处罚决定书", "案件移送书", "处罚执行到位证明", "结案报告", "非立案处理说明",
)  # fmt: skip


def is_day(text: str) -> bool:
    """Blank, or an ISO date."""
    try:
        return not text or bool(date.fromisoformat(text))
    except ValueError:
        return False


class DocumentsDialog(QDialog):
    """Of one parcel; files are copied beside the workspace by a background task."""

    added = pyqtSignal(int)

    def __init__(self, session: Session, runner: Runner, person: str, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._session, self._runner = session, runner
        self.number = session.current or ""
        self._files: list[Path] = []
        self.setWindowTitle(tr("证明材料") + " · " + self.number)
        self.resize(760, 520)
        self._make_list()
        self._make_form(person)
        self._lay_out()
        self.refresh()

    def _make_list(self) -> None:
        self.list = QTreeWidget()
        self.list.setHeaderLabels([tr("类型"), tr("文号"), tr("标题"), tr("日期"), tr("机关"), tr("原文件名")])
        self.list.setRootIsDecorated(False)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.itemSelectionChanged.connect(self._selected)
        self.open_button, self.remove_button = QPushButton(tr("打开文件")), QPushButton(tr("移除"))
        self.remove_button.setToolTip(tr("从图斑移除登记，文件保留"))
        self.open_button.clicked.connect(self.open_file)
        self.remove_button.clicked.connect(self.remove)

    def _make_form(self, person: str) -> None:
        self.kind = QComboBox()
        self.kind.setEditable(True)
        for kind in KINDS:
            self.kind.addItem(tr(kind), kind)
        self.document_number, self.heading, self.day, self.authority = (QLineEdit() for _ in range(4))
        self.person = SignerField(person)
        self.heading.setPlaceholderText(tr("留空则用原文件名"))
        self.day.setPlaceholderText(tr("年-月-日"))
        add_calendar(self.day)
        self.choose_button, self.chosen = QPushButton(tr("选择文件…")), QLabel(tr("尚未选择文件"))
        self.chosen.setWordWrap(True)
        self.choose_button.clicked.connect(self.choose)
        self.add_button = QPushButton(tr("登记"))
        self.add_button.setEnabled(False)
        self.add_button.clicked.connect(self.add)
        self.message = QLabel()
        self.message.setWordWrap(True)

    def _lay_out(self) -> None:
        beside = QHBoxLayout()
        beside.addStretch(1)
        beside.addWidget(self.open_button)
        beside.addWidget(self.remove_button)
        files = QHBoxLayout()
        files.addWidget(self.choose_button)
        files.addWidget(self.chosen, 1)
        files.addWidget(self.add_button)
        group = QGroupBox(tr("添加材料"))
        form = QFormLayout(group)
        form.addRow(tr("类型"), self.kind)
        form.addRow(tr("文号"), self.document_number)
        form.addRow(tr("标题"), self.heading)
        form.addRow(tr("日期"), self.day)
        form.addRow(tr("机关"), self.authority)
        form.addRow(tr("经办人"), self.person)
        form.addRow(tr("文件"), files)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(tr("关闭"))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.list, 1)
        layout.addLayout(beside)
        layout.addWidget(group)
        layout.addWidget(self.message)
        layout.addWidget(buttons)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)

    def refresh(self) -> None:
        """Read the parcel's documents again."""
        self.list.clear()
        store = self._session.store
        for document in Repository(store).documents(self.number) if store is not None else ():
            kind = tr(document.kind) if document.kind in KINDS else document.kind
            texts = (kind, document.number, document.title, document.date, document.authority, document.source)
            item = QTreeWidgetItem(texts)
            item.setData(0, Qt.ItemDataRole.UserRole, (document.id, document.file))
            self.list.addTopLevelItem(item)
        for column in range(self.list.columnCount()):
            self.list.resizeColumnToContents(column)
        self._selected()

    def _selected(self) -> None:
        for button in (self.open_button, self.remove_button):
            button.setEnabled(bool(self.list.selectedItems()))

    def chosen_kind(self) -> str:
        """As it is stored: one of :data:`KINDS` by its Chinese name, or what was typed."""
        text = self.kind.currentText().strip()
        row = self.kind.findText(text)
        return str(self.kind.itemData(row)) if row >= 0 else text

    def choose(self) -> None:
        """Ask for files; nothing is copied before they are added."""
        names, _ = QFileDialog.getOpenFileNames(self, tr("选择证明材料"), "")
        if names:
            self.set_files([Path(name) for name in names])

    def set_files(self, files: list[Path]) -> None:
        """The files that are added next, in place of those chosen before."""
        self._files = files
        self.chosen.setText("、".join(file.name for file in files) or tr("尚未选择文件"))
        self.add_button.setEnabled(bool(files))

    def add(self) -> None:
        """Copy in the background, then write the rows."""
        kind, day = self.chosen_kind(), self.day.text().strip()
        person = self.person.signed()
        if not person:
            self.message.setText(wanted())
            return
        if not kind or not is_day(day):
            self.message.setText(tr("日期须为 年-月-日，例如 2023-05-01。") if kind else tr("请填写材料类型。"))
            return
        about = {
            "kind": kind, "number": self.document_number.text().strip(), "title": self.heading.text().strip(),
            "date": day, "authority": self.authority.text().strip(),
        }  # fmt: skip
        copying = Copying(self, self._session, self._runner, self.message, self.add_button)
        copying.start(self.number, list(self._files), lambda copies: self._copied(about, person, copies))

    def _copied(self, about: dict[str, str], person: str, copies: Copies) -> None:
        store = self._session.store
        if store is None:
            return
        try:
            made = add_documents(store, self.number, copies, about, person)
        except WeipianError as error:
            self.message.setText(error.text(language()))
            return
        if made:
            self._session.acts.did(self.number, lambda: [remove_document(store, id, person) for id in made])
        passed = len(copies) - len(made)
        self.message.setText(
            tr("已登记 {} 份").format(len(made)) + (tr("；{} 份已登记过").format(passed) if passed else "")
        )
        self.set_files([])
        self.heading.clear()
        self._session.refresh(self.number)
        self.refresh()
        self.added.emit(len(made))

    def _current(self) -> tuple[str, str]:
        items = self.list.selectedItems()
        return items[0].data(0, Qt.ItemDataRole.UserRole) if items else ("", "")

    def open_file(self) -> None:
        """Open the copy beside the workspace with the program of the system."""
        file, path = self._current()[1], self._session.path
        if file and path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent / file)))

    def remove(self) -> None:
        """Take the selected document away under the person's name; the file stays, and U brings the row back."""
        document, store = self._current()[0], self._session.store
        if not document or store is None:
            return
        person = self.person.signed()
        if not person:
            self.message.setText(wanted())
            return
        try:
            row = remove_document(store, document, person)
        except WeipianError as error:
            self.message.setText(error.text(language()))
            return
        if row is not None:
            self._session.acts.did(self.number, partial(put_back_document, store, row, person))
        self.message.setText(tr("已移除登记，文件保留。"))
        self._session.refresh(self.number)
        self.refresh()
