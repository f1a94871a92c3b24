"""What the dock shows before any work: what to do first."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from ..toolbelt.language import tr


class StartPage(QWidget):
    """First start: three ways to begin, and a place to drop a delivery on."""

    import_wanted = pyqtSignal()
    open_wanted = pyqtSignal()
    sample_wanted = pyqtSignal()

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        heading = QLabel("<h2>" + tr("卫片执法图斑核查") + "</h2>")
        heading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text = QLabel(
            tr(
                "把下发数据（zip、shp、gdb、gpkg、txt 或文件夹）拖到这里，或选择下面的一项开始。\n\n软件只提出判定建议，由有名有姓的人作出决定。"
            )
        )
        text.setWordWrap(True)
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(heading)
        layout.addWidget(text)
        layout.addSpacing(16)
        self.import_button = QPushButton(tr("导入下发数据…"))
        self.open_button = QPushButton(tr("打开工作库…"))
        self.sample_button = QPushButton(tr("打开示例"))
        self.import_button.clicked.connect(self.import_wanted)
        self.open_button.clicked.connect(self.open_wanted)
        self.sample_button.clicked.connect(self.sample_wanted)
        for button in (self.import_button, self.open_button, self.sample_button):
            button.setMinimumHeight(34)
            layout.addWidget(button)
        note = QLabel(tr("示例是一个虚构的县，数据由程序生成，约一分钟后可以试用全部功能。"))
        note.setWordWrap(True)
        note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(note)
        layout.addStretch(2)
