"""What the dock shows where the plugin cannot work: which Python packages are lacking, and a way that needs no internet.

Nothing but Qt and QGIS is imported here, since anything else may be what is missing.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Optional

from qgis.core import QgsMessageLog
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QDockWidget, QFileDialog, QLabel, QPushButton, QVBoxLayout, QWidget

from ..model.packages import Lack
from ..toolbelt import packages
from ..toolbelt.compat import MESSAGE_LEVELS
from ..toolbelt.language import tr

_WIDTH = 672  # as the workbench has it


class PackagesNote(QWidget):
    """The table of lacking packages, the instruction, and the button that takes a zip."""

    def __init__(self, lacks: tuple[Lack, ...], parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel("<h3>" + tr("缺少 Python 组件") + "</h3>"))
        self.body = QLabel(_text(lacks))
        self.body.setWordWrap(True)
        self.body.setTextFormat(Qt.TextFormat.RichText)
        self.body.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(self.body)
        self.choose_button = QPushButton(tr("选择组件包…"))
        self.choose_button.setMinimumHeight(34)
        self.choose_button.clicked.connect(self.choose)
        layout.addWidget(self.choose_button)
        self.answer = QLabel()
        self.answer.setWordWrap(True)
        self.answer.setTextFormat(Qt.TextFormat.PlainText)
        layout.addWidget(self.answer)
        layout.addStretch(1)

    def choose(self) -> None:
        """Ask for the zip and install from it."""
        name, _ = QFileDialog.getOpenFileName(self, tr("选择组件包"), "", tr("组件包") + " (*.zip)")
        if name:
            self.install(Path(name))

    def install(self, archive: Path) -> None:
        self.answer.setText(packages.install(archive))


def _text(lacks: tuple[Lack, ...]) -> str:
    rows = "".join(
        f"<tr><td><b>{escape(lack.package.distribution)}</b>&nbsp;&nbsp;</td><td>{escape(_found(lack))}&nbsp;&nbsp;</td>"
        f"<td>{lack.package.lowest}&nbsp;&nbsp;</td><td>{escape(tr(lack.package.purpose))}</td></tr>"
        for lack in lacks
    )
    heads = "".join(
        f"<th align='left'>{tr(name)}&nbsp;&nbsp;</th>" for name in ("组件", "本机版本", "最低版本", "用途")
    )
    steps = "".join(f"<li>{escape(step)}</li>" for step in packages.instruction())
    return f"<table><tr>{heads}</tr>{rows}</table><ol>{steps}</ol>"


def _found(lack: Lack) -> str:
    if lack.found is None:
        return tr("没有")
    return tr("{}（另一插件已先载入）").format(lack.found) if lack.in_use else lack.found


class PackagesDock:
    """Stands where the workbench would; the same two calls."""

    def __init__(self, iface: QgisInterface, lacks: tuple[Lack, ...]) -> None:
        self.iface, self.lacks = iface, lacks
        self.dock: Optional[QDockWidget] = None

    def load(self) -> None:
        """Show in place of the workbench which packages are missing, and say it in QGIS's message bar."""
        self.dock = QDockWidget(tr("卫片核查"), self.iface.mainWindow())
        self.dock.setObjectName("WeipianDock")
        self.dock.setWidget(PackagesNote(self.lacks))
        self.iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
        self.iface.mainWindow().resizeDocks([self.dock], [_WIDTH], Qt.Orientation.Horizontal)
        message = packages.sentence(self.lacks)
        QgsMessageLog.logMessage(message, "卫片", MESSAGE_LEVELS["warning"], False)
        self.iface.messageBar().pushMessage(tr("卫片"), message, MESSAGE_LEVELS["warning"], 0)

    def unload(self) -> None:
        if self.dock is not None:
            self.iface.removeDockWidget(self.dock)
            self.dock.setParent(None)
            self.dock.deleteLater()
            self.dock = None
