"""The parts of the workbench and how they are joined."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional, Union

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QObject, Qt, QTimer
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QDockWidget, QFileDialog

from ..model.errors import WeipianError
from ..model.paths import resource
from ..office.files import write_text_atomic
from ..toolbelt import diagnosis, settings
from ..toolbelt.compat import is_deleted
from ..toolbelt.language import tr
from ..workspace.places import Place
from .archive_dialog import ArchiveDialog
from .assistant import ImportAssistant
from .background import Results, Runner
from .compare import BLINK, SIDE_BY_SIDE, SWIPE, CompareController
from .county_windows import CountyWindows
from .dock import WorkbenchDock
from .documents import DocumentsDialog
from .enforcement import EnforcementDialog
from .help import About, HelpKey, Manual, manual
from .location_map import LocationMap
from .locator import ParcelLocator
from .loose_photos import LoosePhotos
from .map_click import MapClick
from .map_drop import MapDrop
from .map_view import MapView
from .merge_dialog import MergeDialog
from .office_dialog import OfficeDialog
from .options import OptionsFactory
from .overview import Overview
from .patrol import PatrolDialog
from .photo_map import PhotoMarker
from .photo_viewer import PhotoViewer
from .rectification import RectificationDialog
from .returned_dialog import ReturnedDialog
from .review_keys import ReviewKeys
from .row_menu import RowMenu
from .services import Services
from .session import Session
from .timeline_strip import TimelineDock, TimelineStrip
from .windows import end_window


class Parts(QObject):
    """Made where the packages are there; :meth:`close` ends the work and lets go of files and layers."""

    def __init__(self, workbench: Any) -> None:
        super().__init__(workbench.iface.mainWindow())
        self.workbench = workbench
        self.iface, self.notifier = workbench.iface, workbench.notifier
        self.runner = Runner(self)
        self.session = Session(self.runner, self)
        self.services = Services(self)
        self.map = MapView(self.iface.mapCanvas(), self.services, self)
        self.dock = WorkbenchDock(self.session, self.runner, self.notifier, self.iface.mainWindow())
        self.compare = CompareController(self.iface, self.session, self.services, self.notifier, self)
        self.marker = PhotoMarker(self.iface.mapCanvas())
        self.viewer: Optional[PhotoViewer] = None
        self.manual: Optional[Manual] = None
        self.assistant: Optional[ImportAssistant] = None
        self.documents: Optional[DocumentsDialog] = None
        self.rectification: Optional[RectificationDialog] = None
        self.enforcement: Optional[EnforcementDialog] = None
        self.patrol: Optional[PatrolDialog] = None
        self.office: Optional[OfficeDialog] = None
        self.merging: Optional[MergeDialog] = None
        self.archive: Optional[ArchiveDialog] = None
        self.returned: Optional[ReturnedDialog] = None
        self.loose: Optional[LoosePhotos] = None
        self.county = CountyWindows(self.session, self.runner, self.iface.mainWindow())
        self.overview = Overview(self.session, self.iface.mainWindow())
        strip = TimelineStrip(self.session, self.compare, self.runner, self.notifier)
        self.timeline = TimelineDock(strip, self.compare, self.iface.mainWindow())
        self.row_menu = RowMenu(self.session, self.runner, self.dock, self.notifier, self.iface.mainWindow())
        self.drop = MapDrop(self.iface.mapCanvas(), lambda: self.session.store is not None, self)
        self.location_map = LocationMap(self.session, self.runner, self.notifier, self.iface.mainWindow())
        self._first_load = False
        self._closed = False
        self._help_key = HelpKey(lambda: self.show_manual(), self)
        self.click = MapClick(self.iface.mapCanvas(), self.session, self)
        self._connect_dock(workbench)
        self._connect_session()

    def _connect_dock(self, workbench: Any) -> None:
        """What is asked for in the dock, on the map and in the overview."""
        self.overview.picked.connect(self.dock.set_pick)
        self.dock.wanted.connect(self._wanted)
        self.dock.photos_dropped.connect(self.add_photos)
        self.drop.dropped.connect(self.add_photos)
        self.dock.start_page.recent_wanted.connect(lambda place: workbench.open_workspace(place))
        self.dock.start_page.import_wanted.connect(self.import_delivery)
        self.dock.file_dropped.connect(self.import_delivery)
        self.dock.photos.shown.connect(self.marker.show)
        self.dock.photos.viewer_wanted.connect(self.show_viewer)
        self.compare.changed.connect(self._compare_changed)
        dock = self.dock
        self.compare.beside = dock
        self.compare.key_places = (dock.table, dock.card.text, dock.photos.list)
        self.iface.mapCanvas().installEventFilter(ReviewKeys(self.compare, self))
        self.compare.other_keys = {
            Qt.Key.Key_J: dock.next_parcel,
            Qt.Key.Key_N: dock.next_parcel,
            Qt.Key.Key_K: dock.previous_parcel,
            Qt.Key.Key_U: dock.undo,
            Qt.Key.Key_Z: self.zoom,
        }
        self.dock.zoom_wanted.connect(self.zoom)
        self.dock.documents_button.clicked.connect(lambda: self.show_documents())
        self.dock.rectification_button.clicked.connect(lambda: self.show_rectification())
        self.dock.card.pointed.connect(self.point)
        self.dock.form.written.connect(self._written)
        screens = {"merge": self.show_merge, "archive": self.show_archive, "returned": self.show_returned}
        self.dock.form.wanted.connect(lambda name: screens[name]())
        self.dock.enforcement_wanted.connect(self.show_enforcement)
        self.dock.start_page.open_wanted.connect(workbench.ask_workspace)
        self.dock.start_page.team_wanted.connect(workbench.ask_team)
        self.dock.start_page.sample_wanted.connect(self.open_sample)
        self.dock.start_page.office_wanted.connect(self.show_office)
        self.dock.colours_chosen.connect(lambda name: self.map.colour())

    def _connect_session(self) -> None:
        """What happens in the workspace."""
        self.runner.ended.connect(self.session.expect_own_change)
        self.session.loaded.connect(self._loaded)
        self.session.current_changed.connect(self._current_changed)
        self.session.rows_changed.connect(self._rows_changed)
        self.session.outside_change.connect(self._outside_change)
        self.session.failed.connect(self.notifier.error)
        self.session.reconnected.connect(lambda: self.notifier.report(tr("已重新连接多人工作库。"), "success"))

    def _wanted(self, name: str) -> None:
        """What the menu of a row asks for."""
        if name == "print_map":
            self.location_map.print()
        else:
            self.row_menu.do(name)

    def run_dialog(self, name: str, given: Optional[dict[str, str]] = None) -> Any:
        """The Processing dialog of an algorithm, with the open workspace filled in (or ``given``); the window reads again when it has run."""
        import processing

        values = given or ({} if self.session.path is None else {"WORKSPACE": str(self.session.place)})
        dialog = processing.createAlgorithmDialog("weipian:" + name, values)
        dialog.algorithmFinished.connect(lambda ok, results: self._ran_in_dialog())
        dialog.show()
        return dialog

    def _ran_in_dialog(self) -> None:
        self.session.expect_own_change()
        self.session.reload()

    def add_actions(self, add: Callable[..., Any]) -> None:
        """Give menu and toolbar their actions: ``add(name, title, what it does)``."""
        add("import", tr("导入下发数据…"), lambda: self.import_delivery(), on_toolbar=True)
        add("open", tr("打开工作库…"), lambda: self.workbench.ask_workspace(), on_toolbar=True)
        add("team", tr("打开多人工作库…"), lambda: self.workbench.ask_team())
        add("sample", tr("打开示例"), lambda: self.open_sample())
        add("zoom", tr("缩放到图斑"), lambda: self.zoom(), on_toolbar=True, tip=tr("缩放到当前图斑（Z）"))
        self._add_views(add)
        self._add_work(add)
        self._add_dialogs(add)
        for dock in (self.dock, self.overview):
            dock.installEventFilter(self._help_key)

    def _add_views(self, add: Callable[..., Any]) -> None:
        """Ways to compare the images, and the timeline."""
        keys = tr("拖动或 ←→ 移动分界，按住空格看另一时相，Tab 换方式，Esc 退出")
        for mode, title, key, first in (
            (SWIPE, tr("卷帘对比"), "Ctrl+Alt+1", True),
            (BLINK, tr("闪烁对比"), "Ctrl+Alt+2", False),
            (SIDE_BY_SIDE, tr("并排对比"), "Ctrl+Alt+3", False),
        ):
            add(
                "compare_" + mode, title, lambda on, mode=mode: self._compare(mode, on), key=key, checkable=True,
                on_toolbar=True, separator=first, tip=title + "\n" + keys,
            )  # fmt: skip

        timeline = self.timeline.toggleViewAction()
        self.workbench.menu.addAction(timeline)

    def _add_work(self, add: Callable[..., object]) -> None:
        """Work on many parcels at once, in and out."""
        add(
            "export",
            tr("导出卷宗…"),
            lambda: self.export(),
            on_toolbar=True,
            separator=True,
            tip=tr("导出队列中显示的图斑的卷宗"),
        )
        add("tables", tr("台账与统计…"), lambda: self.tabulate())
        self.county.add_actions(add)
        add("fieldpackage", tr("外业包导出…"), lambda: self.run_dialog("fieldpackage"), separator=True)
        add("fieldreturn", tr("外业包回收…"), lambda: self.run_dialog("fieldreturn"))
        add("change", tr("影像变化提示…"), lambda: self.run_dialog("change"))
        add("archive", tr("打包归档…"), lambda: self.show_archive(), separator=True)
        add("returned", tr("接收回传表…"), lambda: self.show_returned())
        add("problems", tr("接收问题图斑清单…"), lambda: self.run_dialog("problems"))

    def _add_dialogs(self, add: Callable[..., Any]) -> None:
        """Windows on the parcel at hand, on the workspace and on the plugin."""
        add("merge", tr("并宗…"), lambda: self.show_merge(), separator=True, tip=tr("把队列中选中的图斑并宗"))
        add("print_map", tr("打印位置图…"), lambda: self.location_map.print())
        add("documents", tr("证明材料…"), lambda: self.show_documents())
        add("loose", tr("未挂接照片…"), lambda: self.show_loose())
        add("rectification", tr("整改…"), lambda: self.show_rectification())
        add("enforcement", tr("查处…"), lambda: self.show_enforcement())
        add("patrol", tr("巡查登记…"), lambda: self.show_patrol())
        overview = self.overview.toggleViewAction()
        overview.setIcon(QIcon(str(resource("icons", "overview.svg"))))
        self.workbench.menu.addAction(overview)
        self.workbench.toolbar.addAction(overview)
        add("close", tr("关闭工作库"), lambda: self.close_workspace())
        add("repair", tr("修复工作库…"), lambda: self.run_dialog("repair"))
        add("office", tr("单位设置…"), lambda: self.show_office())
        add(
            "options",
            tr("设置…"),
            lambda: self.iface.showOptionsDialog(self.iface.mainWindow(), "WeipianOptions"),
            separator=True,
        )
        add("help", tr("手册"), lambda: self.show_manual())
        add("log", tr("运行日志"), lambda: self.show_log())
        add("diagnosis", tr("诊断信息…"), lambda: self.save_diagnosis())
        add("about", tr("关于…"), lambda: About(self.iface.mainWindow()).exec())

    def register(self) -> None:
        """The options page and the locator filter; QGIS must be notified when they go."""
        self._factory = OptionsFactory(self.county.show_catalogue)
        self.iface.registerOptionsWidgetFactory(self._factory)
        self._locator = ParcelLocator(self._locator_entries, self._located)
        self.iface.registerLocatorFilter(self._locator)

    def unregister(self) -> None:
        """Take the options page and the locator out of QGIS."""
        self.iface.unregisterOptionsWidgetFactory(self._factory)
        self.iface.deregisterLocatorFilter(self._locator)

    def _locator_entries(self) -> list[tuple[str, str]]:
        return [
            (row.number, " ".join(text for text in (row.township, row.village, row.proposal, row.state) if text))
            for row in list(self.session.rows.values())
        ]

    def _located(self, number: str) -> None:
        self.dock.show()
        self.session.select(number)
        self.zoom()

    def show_manual(self, chapter: str = "") -> None:
        """The manual, at ``chapter`` (a part of its heading) or at its beginning."""
        path = manual()
        if path is None:
            self.notifier.report(tr("找不到手册。"), "warning")
            return
        self._manual(path).show_page(path.name)
        self._manual(path).show_chapter(chapter)

    def explain(self, code: str) -> None:
        """What the page of messages says of a code; the manual where that page is not there."""
        path = manual()
        if path is None or not self._manual(path).show_code(code):
            self.show_manual()

    def _manual(self, path: Path) -> Manual:
        """The window of the pages, in front."""
        if self.manual is None:
            self.manual = Manual(path, self.iface.mainWindow())
        self.manual.show()
        self.manual.raise_()
        return self.manual

    def show_log(self) -> None:
        """QGIS's own log panel, where the plugin writes its sentences."""
        panel = self.iface.mainWindow().findChild(QDockWidget, "MessageLog")
        if panel is not None:
            panel.show()
            panel.raise_()

    def save_diagnosis(self) -> None:
        """诊断信息 into a file of the person's choice."""
        name, _ = QFileDialog.getSaveFileName(
            self.iface.mainWindow(), tr("诊断信息"), tr("卫片诊断信息") + ".txt", tr("文本 (*.txt)")
        )
        if not name:
            return
        try:
            write_text_atomic(Path(name), diagnosis.text(self.workbench.log))
        except WeipianError as error:
            self.notifier.error(error)
            return
        self.notifier.report(tr("已写入诊断信息，其中没有图斑数据、路径和姓名。"), "success", Path(name).parent)

    def close(self) -> None:
        """End runs, close windows and the workspace; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        self.services.close()
        self.runner.cancel_all()
        self.county.close()
        self.row_menu.close()
        self.click.close()
        self.drop.close()
        self.compare.leave()
        self.session.close()
        self.marker.clear()
        self.map.remove()
        windows = (self.viewer, self.manual, self.assistant, self.documents, self.rectification, self.enforcement)
        for window in (*windows, self.patrol, self.office, self.merging, self.archive, self.returned, self.loose):
            end_window(window)
        self.deleteLater()

    # ---- workspace ----

    def open(self, place: Union[str, Place]) -> None:
        """Raises WeipianError ``workspace.*``; then the map and the queue show it."""
        self._first_load = True
        self.session.open(place)
        if self.session.store is not None:
            self.map.show_workspace(self.session.store)
        settings.change(workspace=str(place), recent=_recent(str(place)))
        self.dock.show()
        self.dock.raise_()

    def close_workspace(self) -> None:
        """Close the workspace and take its layers off the map."""
        self.session.close()
        self.map.remove()

    def project_cleared(self) -> None:
        """A new project took our layers: the workspace is closed with them, nothing is lost."""
        self.map.forget()
        self.session.close()

    def project_read(self) -> None:
        """A saved project with our layers opens the workspace they come from."""
        place = self.map.workspace_of_project()
        if place is not None and place != str(self.session.place):
            self.workbench.open_workspace(place)

    def _loaded(self) -> None:
        if self._first_load:
            self._first_load = False
            bounds = [row.bounds for row in self.session.rows.values() if row.bounds]
            # The layers' CRS reaches the canvas a moment later.
            QTimer.singleShot(0, lambda: self.map.zoom_to_bounds(bounds))
        self.map.rows.show(self.session.rows)
        self.map.refresh()

    def _rows_changed(self, numbers: list[str]) -> None:
        self.map.rows.update(self.session.rows[number] for number in numbers)
        self.map.repaint()

    def _current_changed(self, number: str) -> None:
        details = self.session.details
        if details is not None:
            self.map.show_current(details.parcel.geometry)
            if self.dock.follow_zoom.isChecked():
                self.zoom()

    def _outside_change(self) -> None:
        self.notifier.report(tr("另一窗口修改了工作库，已重新读取。"))

    def _written(self, action: str, number: str) -> None:
        sentences = {
            "accept": tr("已采纳建议：{}"),
            "override": tr("已改为其他判定：{}"),
            "postpone": tr("已搁置：{}"),
            "review": tr("复核同意：{}"),
            "reject": tr("复核退回：{}"),
            "file": tr("已填报：{}"),
            "send_back": tr("上级退回：{}"),
            "rejudge": tr("已改判：{}"),
            "split": tr("已拆分，请逐块判定：{}"),
            "merge": tr("已并宗，请在主图斑上判定：{}"),
            "undo": tr("已撤销：{}"),
        }
        if action in ("merge", "undo") and (action == "merge" or number in self.session.merges):
            self.session.reload()  # the other members show it, too
        self.notifier.report(sentences.get(action, "{}").format(number), "success")

    # ---- map ----

    def zoom(self) -> None:
        """Show the current parcel on the map."""
        details = self.session.details
        if details is not None:
            self.map.zoom_to(details.parcel.geometry)

    def point(self, target: str) -> None:
        """Flash what a clicked reason is about; the parcel where the workspace has no shape for it."""
        details = self.session.details
        if details is None:
            return
        kind, _, name = target.partition(":")
        shapes: list[Any] = []
        if kind == "role":
            shapes = [row.geometry for row in details.coverage if row.role == name and not row.part]
        elif kind == "region":
            shapes = [row.geometry for row in details.regions if row.region == name and not row.part]
        shapes = [shape for shape in shapes if shape is not None and not shape.is_empty]
        self.map.flash(shapes or [details.parcel.geometry])

    # ---- comparing and photos ----

    def _compare(self, mode: str, on: bool) -> None:
        if on:
            if not self.compare.enter(mode):
                self._compare_changed("")
        elif self.compare.mode == mode:
            self.compare.leave()

    def _compare_changed(self, current: str) -> None:
        """The buttons show the mode."""
        for mode in (SWIPE, BLINK, SIDE_BY_SIDE):
            action = self.workbench.actions.get("compare_" + mode)
            if action is not None:
                action.blockSignals(True)
                action.setChecked(mode == current)
                action.blockSignals(False)

    def show_viewer(self) -> None:
        """The photo large; the window follows the strip from then on."""
        if self.viewer is None:
            self.viewer = PhotoViewer(self.dock.photos, self.iface.mainWindow())
        self.viewer.show()
        self.viewer.raise_()

    # ---- documents and rectification ----

    def show_documents(self) -> None:
        """证明材料 of the current parcel, in a new window."""
        end_window(self.documents)
        self.documents = None
        if self._has_parcel():
            person = self._person()
            self.documents = DocumentsDialog(self.session, self.runner, person, self.iface.mainWindow())
            self.documents.open()

    def show_loose(self) -> None:
        """Photos without a parcel, beside the queue: the parcel they belong to is chosen there or on the map."""
        end_window(self.loose)
        self.loose = None
        if self._has_parcel():
            self.loose = LoosePhotos(self.session, self.runner, self._person(), self.iface.mainWindow())
            self.loose.shown.connect(self.marker.show)
            self.loose.refresh()
            self.loose.show()

    def show_rectification(self) -> None:
        """整改 of the current parcel or the part that the form shows, in a new window."""
        end_window(self.rectification)
        self.rectification = None
        if self._has_parcel():
            form = self.dock.form
            self.rectification = RectificationDialog(self.session, self._person(), form.part, self.iface.mainWindow())
            self.rectification.open()

    def show_enforcement(self) -> None:
        """查处 of the current parcel or the part that the form shows, in a new window."""
        end_window(self.enforcement)
        self.enforcement = None
        if self._has_parcel():
            person, part = self._person(), self.dock.form.part
            self.enforcement = EnforcementDialog(self.session, self.runner, person, part, self.iface.mainWindow())
            self.enforcement.open()

    def show_patrol(self) -> None:
        """巡查记录 of the workspace, in a new window."""
        end_window(self.patrol)
        self.patrol = None
        if self._has_parcel():
            window, canvas = self.iface.mainWindow(), self.iface.mapCanvas()
            self.patrol = PatrolDialog(self.session, self.runner, self._person(), canvas, window)
            self.patrol.open()

    def show_office(self) -> None:
        """The office's settings are a workspace's: where none is open, it is asked for first."""
        end_window(self.office)
        self.office = None
        if self.session.store is None:
            self.workbench.ask_workspace()
        if self.session.store is not None:
            self.office = OfficeDialog(self.session, self._person(), self.iface.mainWindow())
            self.office.open()

    # ---- merging, archives, returned tables ----

    def show_merge(self) -> None:
        """Merge the rows that are marked in the queue."""
        end_window(self.merging)
        self.merging = None
        if not self._has_parcel():
            return
        self.merging = MergeDialog(self.session, self.dock.marked_numbers(), self._person(), self.iface.mainWindow())
        self.merging.merged.connect(self._merged)
        self.merging.open()

    def _merged(self, lead: str) -> None:
        self.session.refresh(lead)
        self.session.select(lead)
        self._written("merge", lead)

    def show_archive(self) -> None:
        """打包归档 of the parcels that the queue shows now."""
        end_window(self.archive)
        self.archive = None
        if self._has_parcel():
            shown = self.dock.shown_numbers()
            self.archive = ArchiveDialog(self.session, self.runner, shown, self.iface.mainWindow())
            self.archive.show()

    def show_returned(self) -> None:
        """接收回传表, in a new window."""
        end_window(self.returned)
        self.returned = None
        if self._has_parcel():
            self.returned = ReturnedDialog(self.session, self.runner, self.iface.mainWindow())
            self.returned.show()

    def _has_parcel(self) -> bool:
        if self.session.details is None:
            self.notifier.report(tr("请先打开工作库并选择图斑。"), "warning")
        return self.session.details is not None

    def _person(self) -> str:
        return self.dock.form.person or settings.read().person

    # ---- import and export ----

    def import_delivery(self, delivery: str = "") -> None:
        """The assistant; with ``delivery`` (dropped on the dock) its first page is filled."""
        if self.assistant is not None and not is_deleted(self.assistant):
            self.assistant.close()
            self.assistant.deleteLater()
        self.assistant = ImportAssistant(self.runner, self.workbench.open_workspace, self.iface.mainWindow())
        if isinstance(delivery, str) and delivery:
            self.assistant.start_with(delivery)
        self.assistant.show()

    def export(self, folder: str = "") -> None:
        """Packages of what the queue shows."""
        path = self.session.path
        if path is None:
            self.notifier.report(tr("请先打开工作库。"), "warning")
            return
        shown = self.dock.shown_numbers()
        if not folder:
            start = settings.read().packages or str(path.parent)
            text = tr("把 {} 个图斑的卷宗导出到").format(len(shown))
            folder = QFileDialog.getExistingDirectory(self.iface.mainWindow(), text, start)
        if folder and shown:
            chosen = "" if len(shown) == len(self.session.rows) else " ".join(shown)
            parameters = {"WORKSPACE": str(self.session.place), "PACKAGES": folder, "FILTER": chosen}
            self._run("file", tr("导出卷宗"), parameters, tr("卷宗已导出到 {}").format(folder), Path(folder))

    def tabulate(self, folder: str = "") -> None:
        """Write 台账与统计 into a folder; without one the person is asked."""
        path = self.session.path
        if path is None:
            self.notifier.report(tr("请先打开工作库。"), "warning")
            return
        folder = folder or QFileDialog.getExistingDirectory(self.iface.mainWindow(), tr("台账与统计"), str(path.parent))
        if folder:
            parameters = {"WORKSPACE": str(self.session.place), "REPORT": folder}
            self._run("tables", tr("台账与统计"), parameters, tr("台账已写入 {}").format(folder), Path(folder))

    def add_photos(self, paths: list[str]) -> None:
        """Photos dropped on the card: read, matched and kept beside those that are there."""
        if self.session.path is not None:
            parameters = {"WORKSPACE": str(self.session.place), "PHOTOS": ";".join(paths)}
            self._run("photos", tr("照片挂接"), parameters, tr("照片已添加，未能挂接的见「未挂接照片」。"))

    def _run(
        self, name: str, title: str, parameters: dict[str, Any], message: str, folder: Optional[Path] = None
    ) -> None:
        def done(ok: bool, results: dict[str, Any], errors: list[str]) -> None:
            if ok:
                self.notifier.report(message, "success", folder, self.runner.lines)
                self.session.reload()
            else:
                self.failed(errors)

        if not self.runner.algorithm(name, title, parameters, done):
            self.notifier.report(tr("已有任务在运行，请等它结束或取消。"), "warning")

    # ---- sample ----

    def open_sample(self, folder: Optional[Path] = None) -> None:
        """Make the sample county, take the steps on it in the background, open the result. Stopped half way, no workspace stays."""
        if self.runner.busy:
            self.notifier.report(tr("已有任务在运行，请等它结束或取消。"), "warning")
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

        workspace = results / "工作库.gpkg"

        def ready(ok: bool, answer: Results, errors: list[str]) -> None:
            if ok:
                self.workbench.open_workspace(workspace)
            else:
                self.failed(errors)

        def made(ok: bool, sample: Results, errors: list[str]) -> None:
            if not ok:
                self.failed(errors)
                return
            asked = {name: sample[name] for name in ("DELIVERY", "CATALOGUE", "PHOTOS")}
            self.runner.walk(tr("一键处理"), {**asked, "WORKSPACE": str(workspace)}, ready)

        self.runner.algorithm("sample", tr("生成示例县"), {"FOLDER": str(place)}, made)

    def failed(self, errors: list[str]) -> None:
        self.notifier.report(errors[-1] if errors else tr("已取消。"), "warning", details=self.runner.lines)


_RECENT = 6


def _recent(place: str) -> str:
    """The last workspaces with ``place`` first, one a line."""
    known = [line for line in settings.read().recent.splitlines() if line and line != place]
    return "\n".join([place, *known][:_RECENT])


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
