"""Archives of filing packages (打包归档): the packages of the queue's parcels in one folder, zipped by parcel or by township."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Optional

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QPushButton, QWidget

from ..toolbelt import settings
from ..toolbelt.language import tr
from .background import Results, Runner
from .run_dialog import RunDialog
from .session import Session


class ArchiveDialog(RunDialog):
    NAME = "file"

    def __init__(
        self, session: Session, runner: Runner, shown: Sequence[str], parent: Optional[QWidget] = None
    ) -> None:
        text = tr(
            "导出卷宗并打成 zip，便于移交。压缩包和移交清单写在卷宗文件夹的「归档」中，只含材料齐全的卷宗；中途取消不会留下残缺的压缩包。"
        )
        super().__init__(session, runner, tr("打包归档"), text, parent)
        self.setObjectName("WeipianArchive")
        self.shown = list(shown)
        self.which = QComboBox()
        self.which.addItem(tr("队列中显示的 {} 个图斑").format(len(self.shown)), "shown")
        self.which.addItem(tr("全部 {} 个图斑").format(len(session.rows)), "all")
        self.grouping = QComboBox()
        self.grouping.addItem(tr("每个乡镇一个压缩包"), "township")
        self.grouping.addItem(tr("每个图斑一个压缩包"), "parcel")
        self.folder = QgsFileWidget()
        self.folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        path = session.path
        self.folder.setFilePath(settings.read().packages or (str(path.parent / "卷宗") if path else ""))
        self.form.addRow(tr("图斑"), self.which)
        self.form.addRow(tr("压缩包"), self.grouping)
        self.drafts = QCheckBox(tr("草稿另行打包（放在「草稿」文件夹，不在移交的压缩包里）"))
        self.form.addRow("", self.drafts)
        self.form.addRow(tr("卷宗文件夹"), self.folder)
        self.open_button = QPushButton(tr("打开归档文件夹"))
        self.open_button.setAutoDefault(False)
        self.open_button.setEnabled(False)
        self.open_button.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.target))))
        self.form.addRow("", self.open_button)

    @property
    def target(self) -> Path:
        return Path(self.folder.filePath().strip()) / "归档"

    def parameters(self) -> Optional[dict[str, str]]:
        path, folder = self.session.path, self.folder.filePath().strip()
        everything = self.which.currentData() == "all" or len(self.shown) == len(self.session.rows)
        if path is None or not folder:
            self.refuse(tr("请选择卷宗文件夹。"))
            return None
        if not everything and not self.shown:
            self.refuse(tr("队列中没有显示的图斑。"))
            return None
        return {
            "WORKSPACE": str(self.session.place),
            "PACKAGES": folder,
            "FILTER": "" if everything else " ".join(self.shown),
            "ARCHIVE": str(self.grouping.currentData()) + ("+draft" if self.drafts.isChecked() else ""),
        }

    def finished_well(self, results: Results) -> str:
        self.open_button.setEnabled(self.target.is_dir())
        message = tr("已导出 {} 份卷宗（完整 {} 份，失败 {} 份），压缩包在 {}").format(
            results["WRITTEN"], results["COMPLETE"], results["FAILED"], self.target
        )
        return str(message)
