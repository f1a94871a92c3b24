"""The layer catalogue in a window of its own: open, edit, check, save."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..model.errors import WeipianError
from ..pipeline.field_check import Level
from ..pipeline.layer_report import HTML
from ..pipeline.remembered import CATALOGUE, remember, remembered
from ..toolbelt import settings
from ..toolbelt.compat import is_deleted
from ..toolbelt.language import language, tr
from .background import Results, Runner
from .catalogue_editor import CatalogueEditor
from .session import Session

FILE_NAME = "图层清单.yaml"


class CatalogueWindow(QDialog):
    """Shows the catalogue of the open workspace, else the one used last; what is saved is remembered for both."""

    def __init__(self, session: Session, runner: Runner, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("图层清单"))
        self.resize(1180, 640)
        self.session, self._runner = session, runner
        self.editor = CatalogueEditor(runner, self)
        self.place = QLabel()
        self.place.setWordWrap(True)
        names = (tr("新建"), tr("打开…"), tr("检查"), tr("保存"), tr("另存为…"), tr("关闭"))
        self.new_button, self.open_button, self.check_button, self.save_button, self.save_as_button, self.close_button = (
            QPushButton(name) for name in names
        )  # fmt: skip
        self.report_button = QPushButton(tr("查看检查报告"))
        self.report_button.hide()
        self._report: Optional[Path] = None
        top = QHBoxLayout()
        top.addWidget(self.place, 1)
        for button in (self.new_button, self.open_button):
            top.addWidget(button)
        bottom = QHBoxLayout()
        for button in (self.check_button, self.report_button):
            bottom.addWidget(button)
        bottom.addStretch(1)
        for button in (self.save_button, self.save_as_button, self.close_button):
            bottom.addWidget(button)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.editor, 1)
        layout.addLayout(bottom)
        self.new_button.clicked.connect(self._new)
        self.open_button.clicked.connect(self._ask_open)
        self.check_button.clicked.connect(self.check)
        self.save_button.clicked.connect(lambda: self.save())
        self.save_as_button.clicked.connect(lambda: self.save(ask=True))
        self.close_button.clicked.connect(self.reject)
        self.report_button.clicked.connect(self._open_report)
        self.editor.changed.connect(self._show_place)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        self._open_known()

    # ---- the file ----

    def _open_known(self) -> None:
        """The catalogue of the open workspace, else the one used last."""
        known = remembered(self.session.store, CATALOGUE) if self.session.store is not None else None
        last = settings.read().catalogue
        path = known if known is not None and known.is_file() else Path(last) if last else None
        if path is not None and path.is_file():
            self.open(path)
        self._show_place()

    def open(self, path: Path) -> None:
        """Show a catalogue; what is wrong with the file is said below the list."""
        try:
            self.editor.open(path)
        except WeipianError as error:
            self.editor.say(error.text(language()), Level.ERROR)
        self._show_place()

    def _new(self) -> None:
        if self._may_leave():
            self.editor.clear()
            self._show_place()

    def _ask_open(self) -> None:
        start = str(self.editor.path.parent) if self.editor.path is not None else ""
        name, _ = QFileDialog.getOpenFileName(self, tr("打开图层清单"), start, tr("图层清单 (*.yaml *.yml)"))
        if name and self._may_leave():
            self.open(Path(name))

    def save(self, ask: bool = False) -> bool:
        """Write the file; False where nothing was written."""
        path = self.editor.path
        if ask or path is None:
            start = path or Path(self._first_folder()) / FILE_NAME
            name, _ = QFileDialog.getSaveFileName(self, tr("保存图层清单"), str(start), tr("图层清单 (*.yaml *.yml)"))
            if not name:
                return False
            path = Path(name)
        try:
            self.editor.save(path)
        except WeipianError as error:
            self.editor.say(error.text(language()), Level.ERROR)
            return False
        self._remember(path)
        waiting = sum(1 for row in self.editor.rows if not row.entry.role)
        text = tr("已保存：{}").format(path)
        if waiting:
            text += "　" + tr("{} 个图层没有用途，未写入。").format(waiting)
        self.editor.say(text, Level.WARNING if waiting else Level.GOOD)
        self._show_place()
        return True

    def _first_folder(self) -> str:
        """Where a new catalogue is best kept: beside the layers."""
        source = next((row.entry.source for row in self.editor.rows if Path(row.entry.source).exists()), "")
        return str(Path(source).parent) if source else ""

    def _remember(self, path: Path) -> None:
        settings.change(catalogue=str(path))
        if self.session.store is not None:
            remember(self.session.store, CATALOGUE, path, settings.read().signer, "图层清单")

    def _show_place(self) -> None:
        path = self.editor.path
        text = str(path) if path is not None else tr("新清单（未保存）")
        self.place.setText(text + (" *" if self.editor.dirty else ""))
        self.save_button.setEnabled(self.editor.dirty)
        self.check_button.setEnabled(bool(self.editor.rows))

    def _may_leave(self) -> bool:
        """Whether unsaved changes are saved or given up."""
        if not self.editor.dirty:
            return True
        answer = QMessageBox.question(
            self, tr("图层清单"), tr("清单有未保存的更改。保存吗？"),
            QMessageBox.StandardButton.Save | QMessageBox.StandardButton.Discard | QMessageBox.StandardButton.Cancel,
        )  # fmt: skip
        if answer == QMessageBox.StandardButton.Save:
            return self.save()
        return bool(answer == QMessageBox.StandardButton.Discard)

    def reject(self) -> None:
        if self._may_leave():
            super().reject()

    def give_up(self) -> None:
        """Close without a question."""
        self.editor.dirty = False
        self.close()

    # ---- checking ----

    def check(self) -> None:
        """``weipian:check`` on what is saved."""
        if (self.editor.dirty or self.editor.path is None) and not self.save():
            return
        path = self.editor.path
        if path is None:
            return
        folder = path.parent / "图层检查"
        requested = {"CATALOGUE": str(path), "REPORT": str(folder)}
        if self.session.path is not None:
            requested["WORKSPACE"] = str(self.session.place)
        self._report = folder / HTML
        self.editor.say(tr("正在检查…"))
        self.check_button.setEnabled(False)
        if not self._runner.algorithm("check", tr("图层清单检查"), requested, self._checked):
            self.check_button.setEnabled(True)
            self.editor.say(tr("已有任务在运行，请等它结束或取消。"), Level.WARNING)

    def _checked(self, ok: bool, results: Results, errors: list[str]) -> None:
        if is_deleted(self):
            return
        self.check_button.setEnabled(True)
        if not ok:
            self.editor.say(errors[-1] if errors else tr("已取消。"), Level.ERROR)
            return
        level = Level.ERROR if results["BAD"] else Level.WARNING if results["WARNED"] else Level.GOOD
        text = tr("检查 {} 个图层：可用 {}，需要注意 {}，不能用 {}。")
        self.editor.say(text.format(results["LAYERS"], results["GOOD"], results["WARNED"], results["BAD"]), level)
        self.report_button.show()

    def _open_report(self) -> None:
        if self._report is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._report)))
