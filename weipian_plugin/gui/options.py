"""The plugin's page in QGIS's Options dialog."""

from __future__ import annotations

from collections.abc import Callable
from typing import Optional

from qgis.gui import QgsFileWidget, QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from ..judgment import profile_names
from ..judgment.profile_files import profile_named
from ..model.paths import resource
from ..toolbelt import settings
from ..toolbelt.language import tr


class OptionsPage(QgsOptionsPageWidget):
    def __init__(self, parent: Optional[QWidget] = None, edit_catalogue: Optional[Callable[[], None]] = None) -> None:
        super().__init__(parent)
        self.setObjectName("WeipianOptions")
        stored = settings.read()
        self.person = QLineEdit(stored.person)
        self.person.setPlaceholderText(tr("经办人姓名"))
        self.profile = QComboBox()
        for name in profile_names():
            self.profile.addItem(profile_named(name).title, name)
        if self.profile.findData(stored.profile) < 0:
            self.profile.addItem(stored.profile, stored.profile)
        self.profile.setCurrentIndex(self.profile.findData(stored.profile))
        self.four_eyes = QCheckBox(tr("经办人与复核人必须是两个人"))
        self.four_eyes.setChecked(stored.four_eyes == "1")
        self.catalogue = QgsFileWidget()
        self.catalogue.setFilter(tr("图层清单 (*.yaml *.yml)"))
        self.catalogue.setFilePath(stored.catalogue)
        self.packages = QgsFileWidget()
        self.packages.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.packages.setFilePath(stored.packages)
        self.checkpoints = QgsFileWidget()
        self.checkpoints.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.checkpoints.setFilePath(stored.checkpoints)
        self.checkpoints.setToolTip(
            tr("每次导出后，把操作记录末行的摘要留存到此文件夹（最好放在他人保管处），校验卷宗时核对。空为不留存。")
        )
        self.photo_range = QLineEdit(stored.photo_range)
        self.photo_range.setPlaceholderText(tr("空为默认"))
        self.map_dpi = QSpinBox()
        self.map_dpi.setRange(72, 600)
        self.map_dpi.setValue(int(stored.map_dpi) if stored.map_dpi.isdigit() else 150)
        self.map_grid = QCheckBox(tr("位置图加坐标格网"))
        self.map_grid.setChecked(stored.map_grid == "1")
        self.encoding = QComboBox()
        self.encoding.addItems(["GBK", "UTF-8"])
        self.encoding.setCurrentText(stored.vector_encoding)
        self.short_names = QCheckBox(tr("卷宗内的文件名不带图斑编号（文件夹较深、路径过长时）"))
        self.short_names.setChecked(stored.short_names == "1")
        self._lay_out(edit_catalogue)

    def _lay_out(self, edit_catalogue: Optional[Callable[[], None]]) -> None:
        form = QFormLayout()
        form.addRow(tr("经办人"), self.person)
        form.addRow(tr("判定规则"), self.profile)
        form.addRow(tr("四眼原则"), self.four_eyes)
        self.edit_button = QPushButton(tr("编辑…"))
        self.edit_button.setVisible(edit_catalogue is not None)
        if edit_catalogue is not None:
            self.edit_button.clicked.connect(lambda: edit_catalogue())
        layers = QHBoxLayout()
        layers.addWidget(self.catalogue, 1)
        layers.addWidget(self.edit_button)
        form.addRow(tr("图层清单"), layers)
        form.addRow(tr("卷宗文件夹"), self.packages)
        form.addRow(tr("操作记录留存"), self.checkpoints)
        form.addRow(tr("照片范围（米）"), self.photo_range)
        form.addRow(tr("位置图分辨率（dpi）"), self.map_dpi)
        form.addRow(tr("坐标格网"), self.map_grid)
        form.addRow(tr("矢量编码"), self.encoding)
        form.addRow(tr("短文件名"), self.short_names)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        note = QLabel(tr("管理员可用环境变量 WEIPIAN_<名称> 预设这些值，预设优先。"))
        note.setWordWrap(True)
        layout.addWidget(note)
        layout.addStretch(1)

    def apply(self) -> None:
        settings.change(
            person=self.person.text().strip(),
            profile=str(self.profile.currentData()),
            four_eyes="1" if self.four_eyes.isChecked() else "0",
            catalogue=self.catalogue.filePath(),
            packages=self.packages.filePath(),
            checkpoints=self.checkpoints.filePath(),
            photo_range=self.photo_range.text().strip(),
            map_dpi=str(self.map_dpi.value()),
            map_grid="1" if self.map_grid.isChecked() else "0",
            vector_encoding=self.encoding.currentText(),
            short_names="1" if self.short_names.isChecked() else "0",
        )


class OptionsFactory(QgsOptionsWidgetFactory):
    """``edit_catalogue`` opens the window of the layer catalogue."""

    def __init__(self, edit_catalogue: Optional[Callable[[], None]] = None) -> None:
        super().__init__()
        self._edit_catalogue = edit_catalogue
        self.setTitle(tr("卫片"))

    def icon(self) -> QIcon:
        return QIcon(str(resource("icons", "weipian.svg")))

    def createWidget(self, parent: Optional[QWidget]) -> OptionsPage:
        return OptionsPage(parent, self._edit_catalogue)
