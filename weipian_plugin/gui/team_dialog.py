"""打开多人工作库: a connection saved in QGIS, and one of the workspaces that its server has."""

from __future__ import annotations

from typing import Optional

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QWidget

from ..model.errors import text_of
from ..toolbelt import connections
from ..toolbelt.compat import is_deleted
from ..toolbelt.language import language, tr
from ..workspace import postgres
from ..workspace.places import PREFIX
from .background import Runner


class TeamDialog(QDialog):
    """``chosen`` carries the place; passwords are never asked here, QGIS keeps them."""

    chosen = pyqtSignal(str)

    def __init__(self, runner: Runner, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self.setWindowTitle(tr("打开多人工作库"))
        self.setMinimumWidth(460)
        layout = QFormLayout(self)
        self.connection, self.schema = QComboBox(), QComboBox()
        self.schema.setEditable(True)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Open).setText(tr("打开"))
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("取消"))
        layout.addRow(tr("QGIS 保存的连接"), self.connection)
        layout.addRow(tr("工作库（模式）"), self.schema)
        layout.addRow(self.message)
        layout.addRow(self.buttons)
        self.buttons.accepted.connect(self._open)
        self.buttons.rejected.connect(self.reject)
        self.connection.currentTextChanged.connect(self._look)
        self.connection.addItems(connections.names())
        if not self.connection.count():
            self._say(tr("QGIS 中还没有 PostgreSQL 连接：请在「浏览器」面板的 PostgreSQL 下新建并保存，再回到这里。"))

    @property
    def place(self) -> str:
        """What was chosen, as a place; blank where something is missing."""
        name, schema = self.connection.currentText().strip(), self.schema.currentText().strip()
        return f"{PREFIX}{name}/{schema}" if name and schema else ""

    def _look(self, name: str) -> None:
        """Which workspaces the server has, asked beside the window."""
        login = connections.login(name)
        self.schema.clear()
        if login is None:
            return
        self._say(tr("正在连接…"))

        def done(found: object, problem: Optional[Exception]) -> None:
            if is_deleted(self) or self.connection.currentText() != name:
                return
            if problem is not None:
                self._say(text_of(problem, language()))
                return
            self.schema.clear()  # the same connection may have been asked twice
            self.schema.addItems(found)
            self._say("" if found else tr("这个数据库里还没有工作库：用「工作库迁移」把文件迁过来，或由管理员建立。"))

        self._runner.function(lambda task: postgres.workspaces(login, name), done)

    def _open(self) -> None:
        if not self.place:
            self._say(tr("请选择连接和工作库。"))
            return
        self.chosen.emit(self.place)
        self.accept()

    def _say(self, text: str) -> None:
        self.message.setText(text)
