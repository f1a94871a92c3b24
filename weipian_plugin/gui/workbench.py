"""Everything the plugin adds to QGIS's window; :meth:`Workbench.unload` takes all of it away again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Optional, Union

from qgis.core import QgsApplication, QgsProject
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QDockWidget, QFileDialog, QMenu

from ..model.errors import WeipianError
from ..model.paths import resource
from ..toolbelt import connections, settings
from ..toolbelt.compat import QAction
from ..toolbelt.diagnosis import LogKeeper
from ..toolbelt.language import language, tr
from ..workspace import Workspace, copies
from ..workspace.places import Place, folder_of, is_team, use_connections
from .notifier import Notifier
from .windows import end_window


@dataclass(frozen=True)
class ActionLook:
    """How an action stands in the menu: its key, whether it is switched on and off, on the toolbar, after a separator, its tip."""

    key: str = ""
    checkable: bool = False
    on_toolbar: bool = False
    separator: bool = False
    tip: str = ""


class Workbench:
    """``iface``: QGIS's interface."""

    def __init__(self, iface: QgisInterface) -> None:
        self.iface = iface
        self.notifier = Notifier(iface.messageBar())
        self.log = LogKeeper(iface.mainWindow())
        self.dock: Optional[QDockWidget] = None
        self.menu: Optional[QMenu] = None
        self.toolbar: Optional[Any] = None
        self.actions: dict[str, QAction] = {}
        self.team_dialog: Optional[Any] = None
        self._undo: list[Callable[[], None]] = []

    # ---- load and unload ----

    def load(self) -> None:
        """Add dock, menu, toolbar and what listens to QGIS; each with what takes it away again."""
        from .dock import DOCK_WIDTH
        from .parts import Parts

        self._undo.append(self.log.deleteLater)
        use_connections(connections.login)
        self._undo.append(lambda: use_connections(None))
        self.listen(QgsApplication.messageLog().messageReceived, self.log.take)
        self.parts = Parts(self)
        self.notifier.explain = self.parts.explain
        self._undo.append(self.parts.close)
        self._undo.append(lambda: end_window(self.team_dialog))
        self.dock = self.parts.dock
        self._add_dock(self.dock, DOCK_WIDTH)
        self._add_dock(self.parts.overview, 0)
        self.parts.overview.hide()
        self._add_dock(self.parts.timeline, 0, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.parts.timeline.hide()
        self._add_actions()
        self.parts.register()
        self._undo.append(self.parts.unregister)
        project = QgsProject.instance()
        self.listen(project.cleared, self.parts.project_cleared)
        self.listen(QgsApplication.instance().aboutToQuit, self.parts.close)
        self.listen(project.readProject, lambda *_: self.parts.project_read())
        if self.iface.mainWindow().isVisible():
            self._open_last()
        else:  # QGIS makes its own new project at the end of its start, which would take our layers away
            self.listen(self.iface.initializationCompleted, self._open_last)

    def _open_last(self) -> None:
        known = settings.read().workspace
        if is_team(known):
            self._open_server(known)
        elif known and Path(known).is_file() and self.parts.session.store is None:
            self.open_workspace(known, quiet=True)

    def _open_server(self, known: str) -> None:
        """The workspace on a server that was open last: looked for beside the window, which QGIS's start shall not wait for."""

        def work(task: object) -> None:
            Workspace.open(known, check=False).close()

        def done(found: object, problem: Optional[Exception]) -> None:
            if problem is None and self.parts.session.store is None:
                self.open_workspace(known, quiet=True)

        self.parts.runner.function(work, done)

    def unload(self) -> None:
        """In reverse order of loading; each step on its own, so that one failure leaves nothing else behind."""
        while self._undo:
            try:
                self._undo.pop()()
            except (RuntimeError, TypeError) as error:  # already deleted by Qt, or already disconnected
                self.notifier.log(str(error))
        self.actions, self.menu, self.toolbar, self.dock = {}, None, None, None

    def listen(self, signal: Any, slot: Any) -> None:
        """Connect to something that lives longer than the plugin, to be disconnected at unload."""
        signal.connect(slot)
        self._undo.append(lambda: signal.disconnect(slot))

    def _add_dock(
        self, dock: QDockWidget, width: int, area: Qt.DockWidgetArea = Qt.DockWidgetArea.LeftDockWidgetArea
    ) -> None:
        """On the right with a width; a dock without one goes to ``area``."""
        if width:
            self.iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
            self.iface.mainWindow().resizeDocks([dock], [width], Qt.Orientation.Horizontal)
        else:
            self.iface.addDockWidget(area, dock)

        def remove() -> None:
            self.iface.removeDockWidget(dock)
            dock.setParent(None)
            dock.deleteLater()

        self._undo.append(remove)

    # ---- menu and toolbar ----

    def _add_actions(self) -> None:
        window = self.iface.mainWindow()
        self.menu = QMenu(tr("卫片"), window)
        self.menu.setObjectName("WeipianMenu")
        self.iface.mainWindow().menuBar().insertMenu(self.iface.firstRightStandardMenu().menuAction(), self.menu)
        self.toolbar = self.iface.addToolBar(tr("卫片"))
        self.toolbar.setObjectName("WeipianToolbar")
        menu, toolbar = self.menu, self.toolbar

        def remove() -> None:
            for action in self.actions.values():
                action.deleteLater()
            window.menuBar().removeAction(menu.menuAction())
            menu.deleteLater()
            window.removeToolBar(toolbar)
            toolbar.deleteLater()

        self._undo.append(remove)
        toggle = self.dock.toggleViewAction()
        toggle.setIcon(QIcon(str(resource("icons", "weipian.svg"))))
        toggle.setText(tr("卫片核查面板"))
        menu.addAction(toggle)
        toolbar.addAction(toggle)
        self.parts.add_actions(self._action)

    def _action(self, name: str, title: str, slot: Callable[..., Any], **look: Any) -> QAction:
        """An action in the menu; ``look``: fields of :class:`ActionLook`."""
        shown = ActionLook(**look)
        path = resource("icons", name + ".svg")
        action = QAction(QIcon(str(path)) if path.exists() else QIcon(), title, self.iface.mainWindow())
        action.setObjectName("Weipian_" + name)
        action.setCheckable(shown.checkable)
        if shown.key:
            action.setShortcut(shown.key)
        if shown.tip:
            action.setToolTip(shown.tip)
        (action.toggled if shown.checkable else action.triggered).connect(slot)
        if shown.separator:
            self.menu.addSeparator()
        self.menu.addAction(action)
        if shown.on_toolbar:
            self.toolbar.addAction(action)
        self.actions[name] = action
        return action

    # ---- what the person asks for ----

    def open_workspace(self, place: Union[str, Place], quiet: bool = False) -> None:
        try:
            self.parts.open(place)
        except WeipianError as error:
            damaged = error.code in ("workspace.damaged", "workspace.foreign") and not is_team(place)
            if damaged and copies.copies_of(Path(str(place))):
                repair = {"WORKSPACE": str(place)}
                self.notifier.offer(
                    error.text(language()), tr("修复工作库…"), lambda: self.parts.run_dialog("repair", repair)
                )
            elif not quiet:
                self.notifier.error(error)

    def ask_team(self) -> None:
        """A workspace on a server: by a connection that QGIS keeps."""
        from .team_dialog import TeamDialog

        end_window(self.team_dialog)
        self.team_dialog = TeamDialog(self.parts.runner, self.iface.mainWindow())
        self.team_dialog.chosen.connect(self.open_workspace)
        self.team_dialog.open()

    def ask_workspace(self) -> None:
        """Ask for a workspace file, beginning where the last one lies, and open it."""
        start = folder_of(settings.read().workspace)
        name, _ = QFileDialog.getOpenFileName(self.iface.mainWindow(), tr("打开工作库"), start, tr("工作库 (*.gpkg)"))
        if name:
            self.open_workspace(Path(name))
