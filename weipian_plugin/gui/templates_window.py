"""The forms of the packages: shipped and the office's own, checked cell by cell, and tried on the current parcel."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import Any, Optional

from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices, QGuiApplication
from qgis.PyQt.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from ..model.errors import WeipianError, text_of
from ..model.messages import render
from ..model.paths import use_county
from ..pipeline import form_trial
from ..toolbelt import settings
from ..toolbelt.compat import is_deleted
from ..toolbelt.language import language, tr
from .background import Runner
from .rules_window import county_folder, fill, table_of
from .session import Session


class TemplatesWindow(QDialog):
    """``tried``: the file that the last trial wrote, None before."""

    def __init__(self, session: Session, runner: Runner, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("表样"))
        self.resize(1060, 620)
        self.session, self._runner = session, runner
        self.tried: Optional[Path] = None
        self.forms: list[form_trial.FormFile] = []
        self.place, self.message = QLabel(), QLabel()
        for label in (self.place, self.message):
            label.setWordWrap(True)
        self.table = table_of([tr("表"), tr("文件"), tr("来源"), tr("检查")], (180, 200, 110))
        self.faults = table_of([tr("问题")], ())
        self.names = table_of([tr("可用的字段（双击复制）"), tr("代码")], (260,))
        names = (
            tr("复制一份来改"),
            tr("用自己的文件…"),
            tr("用当前图斑试填"),
            tr("恢复随插件的表"),
            tr("重新检查"),
            tr("关闭"),
        )
        self.copy_button, self.take_button, self.try_button, self.back_button, self.again_button, self.close_button = (
            QPushButton(name) for name in names
        )  # fmt: skip
        self._lay_out()
        self.table.itemSelectionChanged.connect(self._show_form)
        self.copy_button.clicked.connect(self.copy)
        self.take_button.clicked.connect(self._ask_file)
        self.try_button.clicked.connect(self.try_form)
        self.back_button.clicked.connect(self.give_back)
        self.again_button.clicked.connect(self.load)
        self.close_button.clicked.connect(self.reject)
        self.names.cellDoubleClicked.connect(
            lambda row, column: QGuiApplication.clipboard().setText(self.names.item(row, 0).text())
        )
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        self.load()

    def _lay_out(self) -> None:
        left, right = QSplitter(), QVBoxLayout()
        left.addWidget(self.table)
        left.addWidget(self.names)
        left.setSizes([680, 360])
        row = QHBoxLayout()
        for button in (self.copy_button, self.take_button, self.try_button, self.back_button, self.again_button):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.close_button)
        self.faults.setMaximumHeight(150)
        right.addWidget(self.place)
        right.addWidget(left, 1)
        right.addWidget(self.faults)
        right.addWidget(self.message)
        right.addLayout(row)
        self.setLayout(right)

    # ---- showing ----

    def load(self) -> None:
        """Read every form again."""
        self.place.setText(tr("本单位的表样放在：{}").format(county_folder() / form_trial.FOLDER))
        row = max(self.table.currentRow(), 0)
        try:
            self.forms = form_trial.forms(county_folder())
            fill(self.names, form_trial.fields())
        except WeipianError as error:
            self._say(error.text(language()), bad=True)
            return
        self._mistakes = [form_trial.mistakes(form.path) if form.own else [] for form in self.forms]
        rows = [
            (
                form.title,
                form.template,
                self._origin(form),
                tr("{} 处有误").format(len(result)) if result else tr("可用"),
            )
            for form, result in zip(self.forms, self._mistakes)
        ]
        fill(self.table, rows, [bool(result) for result in self._mistakes])
        self.table.selectRow(min(row, len(rows) - 1))
        self._show_form()

    @staticmethod
    def _origin(form: form_trial.FormFile) -> str:
        if not form.own:
            return tr("随插件")
        return tr("本单位") if form.used else tr("本单位，未编入卷宗")

    @property
    def current(self) -> Optional[form_trial.FormFile]:
        """The form whose row is chosen."""
        row = self.table.currentRow()
        return self.forms[row] if 0 <= row < len(self.forms) else None

    def _show_form(self) -> None:
        row = self.table.currentRow()
        result = self._mistakes[row] if 0 <= row < len(self._mistakes) else []
        fill(self.faults, [(render(one, language()),) for one in result], [True] * len(result))
        form = self.current
        self.back_button.setEnabled(form is not None and form.own)
        self.copy_button.setEnabled(form is not None and not form.own)
        self.try_button.setEnabled(form is not None and not result and self.session.details is not None)

    # ---- doing ----

    def copy(self) -> None:
        """A copy of the shipped form in the county's folder, opened in the office program."""
        form = self.current
        if form is not None:
            with self._reported():
                path = form_trial.copy_to_edit(form, self._own_folder())
                self.load()
                self._say(tr("改好后存盘，再点「重新检查」：{}").format(path))
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _ask_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, tr("用自己的文件"), "", tr("表样 (*.xlsx *.docx)"))
        form = self.current
        if name and form is not None:
            with self._reported():
                form_trial.take(Path(name), self._own_folder(), form.template)
                self.load()
                self._say(tr("已放入本县设置。"))

    def give_back(self) -> None:
        """Take the shipped form again; the office's own file stays under another name."""
        form = self.current
        if form is not None:
            with self._reported():
                form_trial.give_back(form, county_folder())
                self.load()
                self._say(tr("已恢复随插件的表；自己的文件改名保留。"))

    def try_form(self) -> None:
        """The form filled for the current parcel, in a folder for trials."""
        form, details = self.current, self.session.details
        if form is None or details is None or self.session.place is None:
            return
        workspace, number, path = self.session.place, details.number, form.path
        target = Path(tempfile.gettempdir()) / "weipian-表样试填" / f"{number}_{form.template}"
        self.try_button.setEnabled(False)
        self._say(tr("正在试填…"))

        def done(written: Any, problem: Optional[Exception]) -> None:
            if is_deleted(self):
                return
            self.try_button.setEnabled(True)
            if problem is not None:
                self._say(text_of(problem, language()), bad=True)
                return
            self.tried = written
            self._say(tr("已用 {} 试填：{}").format(number, written))
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(written)))

        self._runner.function(lambda task: form_trial.fill(workspace, number, path, target), done)

    def _own_folder(self) -> Path:
        """The county's folder, in use from now on."""
        folder = county_folder()
        folder.mkdir(parents=True, exist_ok=True)
        settings.change(county=str(folder))
        use_county(folder)
        return folder

    @contextlib.contextmanager
    def _reported(self) -> Any:
        try:
            yield
        except WeipianError as error:
            self._say(error.text(language()), bad=True)
        except OSError as error:
            self._say(tr("文件夹不能写入：{}").format(error.filename or ""), bad=True)

    def _say(self, text: str, bad: bool = False) -> None:
        self.message.setText(text)
        self.message.setStyleSheet("color:#c62828" if bad else "")
