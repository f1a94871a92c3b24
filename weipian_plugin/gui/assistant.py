"""The import assistant: delivery → what was found in it → layers → run → report. Nothing is written before the last page."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Optional

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
    QWizard,
    QWizardPage,
)

from ..intake.corrections import write_corrections
from ..toolbelt import settings
from ..toolbelt.language import tr
from .background import Results, Runner
from .catalogue_page import LayersPage
from .county_delivery import PreviewPage
from .details_dialog import line_of


class ImportAssistant(QWizard):
    """``opened(path)`` is called with the workspace once the run has ended well."""

    def __init__(self, runner: Runner, opened: Callable[[Path], None], parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName("WeipianImportAssistant")
        self.setWindowTitle(tr("导入下发数据"))
        self.setWizardStyle(QWizard.WizardStyle.ModernStyle)
        self.setOption(QWizard.WizardOption.NoBackButtonOnStartPage)
        self.resize(860, 640)
        for button, text in (
            (QWizard.WizardButton.NextButton, tr("下一步")),
            (QWizard.WizardButton.BackButton, tr("上一步")),
            (QWizard.WizardButton.CommitButton, tr("开始处理")),
            (QWizard.WizardButton.FinishButton, tr("打开工作库")),
            (QWizard.WizardButton.CancelButton, tr("取消")),
        ):
            self.setButtonText(button, text)
        self.runner, self._opened = runner, opened
        self.delivery_page = DeliveryPage()
        self.preview_page = PreviewPage(runner)
        self.layers_page = LayersPage(runner)
        self.run_page = RunPage(runner)
        for page in (self.delivery_page, self.preview_page, self.layers_page, self.run_page):
            self.addPage(page)

    def start_with(self, delivery: str) -> None:
        self.delivery_page.delivery.setText(delivery)

    @property
    def target(self) -> Path:
        return Path(self.delivery_page.target.filePath())

    @property
    def workspace(self) -> Path:
        return self.target / "工作库.gpkg"

    def accept(self) -> None:
        super().accept()
        self._opened(self.workspace)

    def reject(self) -> None:
        self.preview_page.stop()
        self.run_page.stop()
        super().reject()


class DeliveryPage(QWizardPage):
    """What came, and where the results go."""

    def __init__(self) -> None:
        super().__init__()
        self.setTitle(tr("下发数据"))
        self.setSubTitle(
            tr("选择收到的压缩包、数据文件或文件夹。编码、坐标系、面积单位和字段自动识别，下一页可以核对。")
        )
        self.delivery = QLineEdit()
        self.delivery.setPlaceholderText("zip / shp / gdb / gpkg / txt …")
        file_button, folder_button = QToolButton(), QToolButton()
        file_button.setText(tr("文件…"))
        folder_button.setText(tr("文件夹…"))
        file_button.clicked.connect(self._ask_file)
        folder_button.clicked.connect(self._ask_folder)
        row = QHBoxLayout()
        row.addWidget(self.delivery, 1)
        row.addWidget(file_button)
        row.addWidget(folder_button)
        self.photos = QgsFileWidget()
        self.photos.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.target = QgsFileWidget()
        self.target.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.note = QLabel()
        self.note.setWordWrap(True)
        form = QFormLayout(self)
        form.addRow(tr("下发数据"), row)
        form.addRow(tr("照片文件夹（可空）"), self.photos)
        form.addRow(tr("成果文件夹"), self.target)
        form.addRow("", self.note)
        self.delivery.textChanged.connect(self._delivery_changed)
        self.target.fileChanged.connect(lambda text: self.completeChanged.emit())

    def _ask_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, tr("下发数据"))
        if name:
            self.delivery.setText(name)

    def _ask_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, tr("下发数据"))
        if name:
            self.delivery.setText(name)

    def _delivery_changed(self, text: str) -> None:
        path = Path(text.strip())
        if text.strip() and path.exists():
            self.target.setFilePath(str(path.resolve().parent / "卫片成果"))
            photos = next(
                (path.parent.parent / name for name in ("照片", "photos") if (path.parent.parent / name).is_dir()), None
            )
            if photos is not None and not self.photos.filePath():
                self.photos.setFilePath(str(photos))
        self.completeChanged.emit()

    def isComplete(self) -> bool:
        text = self.delivery.text().strip()
        exists = bool(text) and Path(text).exists()
        self.note.setText("" if exists or not text else tr("找不到：{}").format(text))
        if exists and self.target.filePath() and (Path(self.target.filePath()) / "工作库.gpkg").exists():
            self.note.setText(tr("成果文件夹中已有工作库：同一编号的图斑按再次下发更新，已有判定保留。"))
        return exists and bool(self.target.filePath())


class RunPage(QWizardPage):
    """The whole run in the background; the intake report at the end."""

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self.setTitle(tr("处理"))
        self.setSubTitle(tr("可以取消：取消后工作库保持原样；已写完的卷宗保留。"))
        self._runner = runner
        self._running, self._done = False, False
        self.step_label = QLabel()
        self.bar = QProgressBar()
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.report_button = QPushButton(tr("打开入库报告所在文件夹"))
        self.report_button.hide()
        self.report_button.clicked.connect(self._open_report)
        layout = QVBoxLayout(self)
        layout.addWidget(self.step_label)
        layout.addWidget(self.bar)
        layout.addWidget(self.log, 1)
        layout.addWidget(self.report_button, 0, Qt.AlignmentFlag.AlignLeft)

    def initializePage(self) -> None:
        self.log.clear()
        self.step_label.setText("")
        self._done, self._running = False, True
        self.wizard().setButtonText(QWizard.WizardButton.CancelButton, tr("取消"))
        self._runner.message.connect(self._show_message)
        self._runner.progress.connect(self._progress)
        self._runner.step_begun.connect(self.step_label.setText)
        if not self._runner.walk(tr("导入下发数据"), self._parameters(), self._ended):
            self._show_message("error", tr("已有任务在运行，请等它结束或取消。"))
            self._end(False)

    def _parameters(self) -> dict[str, str]:
        """What was given on the pages; a step whose parameters are left out takes no part."""
        wizard = self.wizard()
        layers, target = wizard.layers_page, wizard.target
        catalogue, profile = layers.catalogue.filePath().strip(), str(layers.profile.currentData())
        settings.change(catalogue=catalogue, profile=profile)
        asked = {
            "DELIVERY": wizard.delivery_page.delivery.text().strip(),
            "WORKSPACE": str(wizard.workspace),
            "REPORT": str(target / "报表"),
            "CATALOGUE": catalogue,
            "PHOTOS": wizard.delivery_page.photos.filePath().strip(),
            "PROFILE": profile,
            "REUSED": wizard.preview_page.reused.choice,
        }
        if wizard.preview_page.choices:
            asked["FIELDS"] = str(write_corrections(target / "字段对照.yaml", wizard.preview_page.choices))
        if layers.packages.isChecked():
            asked["PACKAGES"] = str(target / "卷宗")
        return {name: text for name, text in asked.items() if text}

    def _ended(self, ok: bool, results: Results, errors: list[str]) -> None:
        for error in errors:
            self._show_message("error", error)
        self._end(ok)

    def _end(self, ok: bool) -> None:
        if not self._running:
            return
        self._running = False
        self._runner.message.disconnect(self._show_message)
        self._runner.progress.disconnect(self._progress)
        self._runner.step_begun.disconnect(self.step_label.setText)
        self._done = ok
        self.wizard().setButtonText(QWizard.WizardButton.CancelButton, tr("关闭"))  # nothing is left to be cancelled
        self.step_label.setText(tr("完成。") if ok else tr("未完成：原因见下。"))
        self.bar.setRange(0, 100)
        self.bar.setValue(100 if ok else self.bar.value())
        self.report_button.setVisible((self.wizard().target / "报表").is_dir())
        self.completeChanged.emit()

    def stop(self) -> None:
        if self._running:
            self._end(False)
            self._runner.cancel()

    def _show_message(self, level: str, text: str) -> None:
        self.log.appendPlainText(line_of(level, text))

    def _progress(self, value: float) -> None:
        self.bar.setValue(int(value))

    def _open_report(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.wizard().target / "报表")))

    def isComplete(self) -> bool:
        return self._done
