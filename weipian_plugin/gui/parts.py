"""The parts of the workbench and how they are joined."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QObject, QTimer
from qgis.PyQt.QtWidgets import QFileDialog

from ..toolbelt import settings
from ..toolbelt.language import tr
from .background import Runner
from .dock import WorkbenchDock
from .map_view import MapView
from .session import Session


class Parts(QObject):
    """Made where the packages are there; :meth:`close` ends the work and lets go of files and layers."""

    def __init__(self, workbench: Any) -> None:
        super().__init__(workbench.iface.mainWindow())
        self.workbench = workbench
        self.iface, self.notifier = workbench.iface, workbench.notifier
        self.runner = Runner(self)
        self.session = Session(self.runner, self)
        self.map = MapView(self.iface.mapCanvas(), self)
        self.dock = WorkbenchDock(self.session, self.runner, self.notifier, self.iface.mainWindow())
        self._first_load = False
        self._closed = False
        self.dock.zoom_wanted.connect(self.zoom)
        self.dock.card.pointed.connect(self.point)
        self.dock.form.written.connect(self._written)
        self.dock.start_page.open_wanted.connect(workbench.ask_workspace)
        self.dock.start_page.sample_wanted.connect(self.open_sample)
        self.session.loaded.connect(self._loaded)
        self.session.current_changed.connect(self._current_changed)
        self.session.row_changed.connect(lambda number: self.map.refresh())
        self.session.outside_change.connect(self._outside_change)
        self.session.failed.connect(self.notifier.error)

    def add_actions(self, add: Callable[..., Any]) -> None:
        add("open", tr("打开工作库…"), lambda: self.workbench.ask_workspace(), on_toolbar=True)
        add("sample", tr("打开示例"), lambda: self.open_sample())
        add("zoom", tr("缩放到图斑"), lambda: self.zoom(), on_toolbar=True, tip=tr("缩放到当前图斑（Z）"))

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self.runner.cancel_all()
        self.session.close()
        self.map.remove()
        self.deleteLater()

    # ---- workspace ----

    def open(self, path: Path) -> None:
        """Raises WeipianError ``workspace.*``; then the map and the queue show it."""
        self._first_load = True
        self.session.open(path)
        self.map.show_workspace(self.session.store)
        settings.change(workspace=str(path))
        self.dock.show()
        self.dock.raise_()

    def close_workspace(self) -> None:
        self.session.close()
        self.map.remove()

    def project_cleared(self) -> None:
        """A new project took our layers: the workspace is closed with them, nothing is lost."""
        self.map.forget()
        self.session.close()

    def _loaded(self) -> None:
        if self._first_load:
            self._first_load = False
            bounds = [row.bounds for row in self.session.rows.values() if row.bounds]
            # The layers' CRS reaches the canvas a moment later.
            QTimer.singleShot(0, lambda: self.map.zoom_to_bounds(bounds))
        self.map.refresh()

    def _current_changed(self, number: str) -> None:
        details = self.session.details
        if details is not None:
            self.map.show_current(details.parcel["geometry"])

    def _outside_change(self) -> None:
        self.notifier.tell(tr("另一窗口修改了工作库，已重新读取。"))

    def _written(self, action: str, number: str) -> None:
        said = {
            "accept": tr("已采纳建议：{}"),
            "override": tr("已改为其他判定：{}"),
            "postpone": tr("已搁置：{}"),
            "review": tr("复核同意：{}"),
            "reject": tr("复核退回：{}"),
            "undo": tr("已撤销：{}"),
        }
        self.notifier.tell(said.get(action, "{}").format(number), "success")

    # ---- map ----

    def zoom(self) -> None:
        details = self.session.details
        if details is not None:
            self.map.zoom_to(details.parcel["geometry"])

    def point(self, target: str) -> None:
        """Flash what a clicked reason is about; the parcel where the workspace has no shape for it."""
        details = self.session.details
        if details is None:
            return
        kind, _, name = target.partition(":")
        shapes: list[Any] = []
        if kind == "role":
            shapes = [row["geometry"] for row in details.coverage if row["role"] == name and not row["part"]]
        elif kind == "region":
            shapes = [row["geometry"] for row in details.regions if row["region"] == name and not row["part"]]
        shapes = [shape for shape in shapes if shape is not None and not shape.is_empty]
        self.map.flash(shapes or [details.parcel["geometry"]])

    # ---- sample ----

    def open_sample(self, folder: Optional[Path] = None) -> None:
        """Make the sample county, run the chain on it in the background, open the result."""
        if self.runner.busy:
            self.notifier.tell(tr("已有任务在运行，请等它结束或取消。"), "warning")
            return
        if folder is None:
            start = Path(QgsApplication.qgisSettingsDirPath()) / "weipian"
            name = QFileDialog.getExistingDirectory(
                self.iface.mainWindow(), tr("示例放在哪个文件夹"), str(_made(start))
            )
            if not name:
                return
            folder = Path(name)
        place = folder / "示例县"
        results = folder / "卫片成果"
        if (results / "工作库.gpkg").is_file():
            self.workbench.open_workspace(results / "工作库.gpkg")
            return

        def made(ok: bool, sample: dict[str, Any], errors: list[str]) -> None:
            if not ok:
                self.failed(errors)
                return
            parameters = {
                "DELIVERY": sample["DELIVERY"],
                "CATALOGUE": sample["CATALOGUE"],
                "PHOTOS": sample["PHOTOS"],
                "WORKSPACE": str(results / "工作库.gpkg"),
                "PACKAGES": str(results / "卷宗"),
                "REPORT": str(results / "报表"),
            }
            self.runner.algorithm("run", tr("处理示例县"), parameters, ran)

        def ran(ok: bool, answer: dict[str, Any], errors: list[str]) -> None:
            if not ok:
                self.failed(errors)
                return
            self.workbench.open_workspace(results / "工作库.gpkg")

        self.runner.algorithm("sample", tr("生成示例县"), {"FOLDER": str(place)}, made)

    def failed(self, errors: list[str]) -> None:
        self.notifier.tell(errors[-1] if errors else tr("已取消。"), "warning")


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
