"""What the dock shows before any work: what to do first."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Optional

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QHideEvent, QShowEvent
from qgis.PyQt.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from ..toolbelt import settings
from ..toolbelt.language import tr
from ..workspace.places import is_team


class StartPage(QWidget):
    """First start: three ways to begin, and a place to drop a delivery on."""

    import_wanted = pyqtSignal()
    open_wanted = pyqtSignal()
    team_wanted = pyqtSignal()
    sample_wanted = pyqtSignal()
    office_wanted = pyqtSignal()
    recent_wanted = pyqtSignal(str)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
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
        self.team_button = QPushButton(tr("打开多人工作库…"))
        self.team_button.setToolTip(tr("服务器上的工作库（PostgreSQL + PostGIS），几个人同时使用"))
        self.sample_button = QPushButton(tr("打开示例"))
        self.office_button = QPushButton(tr("单位设置…"))
        self.office_button.setToolTip(tr("填报单位、制表人、审核人、主送单位、落款；写入一个工作库"))
        self.import_button.clicked.connect(self.import_wanted)
        self.open_button.clicked.connect(self.open_wanted)
        self.team_button.clicked.connect(self.team_wanted)
        self.sample_button.clicked.connect(self.sample_wanted)
        self.office_button.clicked.connect(self.office_wanted)
        for button in (self.import_button, self.open_button, self.team_button, self.sample_button, self.office_button):
            button.setMinimumHeight(34)
            layout.addWidget(button)
        self.recent = QLabel()
        self.recent.setTextFormat(Qt.TextFormat.RichText)
        self.recent.setWordWrap(True)
        self.recent.linkActivated.connect(self.recent_wanted)
        layout.addWidget(self.recent)
        note = QLabel(tr("示例是一个虚构的县，数据由程序生成，约一分钟后可以试用全部功能。"))
        note.setWordWrap(True)
        note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(note)
        layout.addStretch(2)

    def showEvent(self, event: QShowEvent) -> None:
        """The last workspaces that are still there; the folder names them, as in the title of the dock."""
        super().showEvent(event)
        known = [
            line for line in settings.read().recent.splitlines() if line and (is_team(line) or Path(line).is_file())
        ]
        links = [
            '<a href="' + escape(line, quote=True) + '" title="' + escape(line, quote=True) + '">'
            + escape(line if is_team(line) else Path(line).parent.name + " / " + Path(line).name) + "</a>"
            for line in known
        ]  # fmt: skip
        self.recent.setText("<p>" + tr("最近的工作库：") + "<br>" + "<br>".join(links) + "</p>" if links else "")
        self.recent.setVisible(bool(links))

    def hideEvent(self, event: QHideEvent) -> None:
        """The list is made anew whenever the page is shown."""
        super().hideEvent(event)
        self.recent.clear()
