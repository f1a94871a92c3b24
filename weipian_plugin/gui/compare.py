"""Compare two dates: swipe, blink, side by side. Layers are the controller's own; the layer tree is never touched.

Keys while comparing: drag or ←/→ moves the line, space held shows the other date, Tab changes the mode, Esc leaves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Optional

from qgis.core import QgsMapRendererJob, QgsMapRendererParallelJob, QgsMapSettings, QgsRasterLayer, QgsWkbTypes
from qgis.gui import QgisInterface, QgsMapCanvas, QgsMapMouseEvent, QgsMapTool, QgsRubberBand
from qgis.PyQt.QtCore import QEvent, QObject, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QDockWidget, QWidget

from ..algorithms.image_tags import read_tags
from ..evidence.timeline import DatedImage, Timeline, dated_images, of_images
from ..formats.catalogue import is_service
from ..model.records import LayerSource
from ..model.secrets import masked
from ..toolbelt.compat import is_deleted
from ..toolbelt.language import tr
from .compare_item import CompareItem, says_nothing_more
from .map_view import catalogue_layers, open_imagery
from .notifier import Notifier
from .services import ASKED, SILENT, Services
from .session import Session
from .shapes import as_qgs, on_map, stored_crs

SWIPE, BLINK, SIDE_BY_SIDE = "swipe", "blink", "side"
MODES = (SWIPE, BLINK, SIDE_BY_SIDE)
_STEP = 0.02
_SETTLE_MILLISECONDS = 60


@dataclass
class Imagery:
    """The rasters of one date for a parcel, with what is written on them."""

    layers: list[QgsRasterLayer]
    label: str


class _SwipeTool(QgsMapTool):
    """Dragging moves the line; the wheel zooms as always."""

    def __init__(self, canvas: QgsMapCanvas, controller: CompareController) -> None:
        super().__init__(canvas)
        self._controller = controller
        self.setCursor(Qt.CursorShape.SplitHCursor)

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        self._drag(event)

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._drag(event)

    def _drag(self, event: Any) -> None:
        self._controller.set_share(event.pos().x() / max(self.canvas().viewport().width(), 1))


class CompareController(QObject):
    """Starts and ends comparing on QGIS's canvas; ``changed`` carries the mode, blank when it has ended."""

    changed = pyqtSignal(str)

    def __init__(
        self,
        iface: QgisInterface,
        session: Session,
        services: Services,
        notifier: Notifier,
        parent: Optional[QObject] = None,
    ) -> None:
        super().__init__(parent)
        self._iface, self._session, self._services, self._notifier = iface, session, services, notifier
        self._wanted: tuple[str, str] = ("", "")  # the mode and the parcel that wait for a map service
        services.answered.connect(self._service_answered)
        self._canvas = iface.mapCanvas()
        self.mode = ""
        self._dated: Optional[tuple[tuple[LayerSource, ...], tuple[DatedImage, ...]]] = None
        self._put: dict[str, DatedImage] = {}
        self._put_for: Optional[str] = None  # the parcel they were put for
        self.item: Optional[CompareItem] = None
        self._opened: dict[str, QgsRasterLayer] = {}
        self._sides: dict[str, Imagery] = {}
        self._jobs: dict[str, Any] = {}
        self._ending: set[Any] = set()
        self.beside: Optional[QDockWidget] = None  # the dock that the second map is put beside
        self.other_keys: dict[Any, Callable[[], Any]] = {}  # of the review: they work while the map has the focus, too
        self.key_places: tuple[Any, ...] = ()
        self._tool: Optional[_SwipeTool] = None
        self._tool_before: Any = None
        self.second: Optional[QgsMapCanvas] = None
        self._second_dock: Optional[QDockWidget] = None
        self._second_band: Optional[QgsRubberBand] = None
        self._linking = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MILLISECONDS)
        self._settle.timeout.connect(self.render)
        session.current_changed.connect(self._parcel_changed)
        session.closed.connect(self.leave)

    # ---- entering and leaving ----

    def enter(self, mode: str) -> bool:
        """Compare in ``mode``; False (with the reason in the message bar) where there is no imagery of both dates."""
        if mode == self.mode:
            return True
        self._wanted = ("", "")
        if not self.mode and not self._start(mode):
            return False
        self.mode = mode
        self._show_second(mode == SIDE_BY_SIDE)
        if self.item is not None:
            self.item.only = {SWIPE: "", BLINK: "after", SIDE_BY_SIDE: "before"}[mode]
            self.item.update()
        self.changed.emit(mode)
        return True

    def leave(self) -> None:
        """Back to the map as it was: tool, layers, dock."""
        if not self.mode:
            return
        self.mode = ""
        self._settle.stop()
        self._cancel_jobs()
        for widget in self._key_places():
            widget.removeEventFilter(self)
        for signal, slot in self._signals():
            signal.disconnect(slot)
        if self.item is not None:
            self._canvas.scene().removeItem(self.item)
            self.item = None
        if self._tool is not None and self._canvas.mapTool() is self._tool:
            if self._tool_before is not None and not is_deleted(self._tool_before):
                self._canvas.setMapTool(self._tool_before)
            else:
                self._canvas.unsetMapTool(self._tool)
        self._tool = self._tool_before = None
        self._show_second(False)
        self._sides = {}
        self._opened = {
            source: layer for source, layer in self._opened.items() if is_service(source)
        }  # files are let go
        self._canvas.refresh()
        self.changed.emit("")

    def _service_answered(self, *unused: object) -> None:
        """Go on with what was wanted, unless the person has gone on to something else."""
        mode, number = self._wanted
        if mode and number == self._session.current and not self.mode:
            self.enter(mode)

    def _start(self, mode: str) -> bool:
        if self._session.store is None or self._session.details is None:
            self._notifier.report(tr("请先打开工作库并选择图斑。"), "warning")
            return False
        if not self._choose_imagery(mode):
            return False
        self.item = CompareItem(self._canvas)
        self._tool = _SwipeTool(self._canvas, self)
        self._tool_before = self._canvas.mapTool()
        self._canvas.setMapTool(self._tool)
        for widget in self._key_places():
            widget.installEventFilter(self)
        for signal, slot in self._signals():
            signal.connect(slot)
        self._show_labels()
        self._canvas.setFocus()
        self.render()
        return True

    def _key_places(self) -> tuple[Any, ...]:
        """Where Space, Esc and the arrows compare: the map, and the queue and card beside it; never a field of text."""
        return (self._canvas, *self.key_places)

    def _signals(self) -> tuple[tuple[Any, Any], ...]:
        canvas = self._canvas
        return (
            (canvas.extentsChanged, self._view_changed),
            (canvas.rotationChanged, self._view_changed),
            (canvas.destinationCrsChanged, self._view_changed),
            (canvas.mapToolSet, self._tool_changed),
        )

    def _tool_changed(self, new: object, old: object = None) -> None:
        """Another tool was picked: comparing goes on only in our hands."""
        if self.mode and new is not self._tool:
            self._tool_before = None
            QTimer.singleShot(0, self.leave)

    # ---- imagery ----

    def _choose_imagery(self, mode: str) -> bool:
        details, store = self._session.details, self._session.store
        if details is None or store is None:
            return False
        names = {"before": tr("前时相"), "after": tr("后时相")}
        chosen_by_side = self.chosen()
        if not self._answering(tuple(source for image in chosen_by_side.values() for source in image.sources), mode):
            return False
        result: dict[str, Imagery] = {}
        for side, name in names.items():
            image = chosen_by_side.get(side)
            layers = [layer for layer in map(self._open, image.sources) if layer is not None] if image else []
            if image is None or not layers:
                text = (
                    tr("图层清单中没有可用的{}影像（角色 {}），无法对比。")
                    if image is None
                    else tr("{}影像无法打开：{}")
                )
                shown = "imagery_" + side if image is None else masked(image.sources[0].source)
                self._notifier.report(text.format(name, shown), "warning")
                return False
            date = tr("日期不明") if image.span is None else image.date_text
            own = "" if self._is_put(side) else name + " "  # what a person put there is not the parcel's own image
            source = "" if says_nothing_more(layers[0].name(), image.date_text, name) else " · " + layers[0].name()
            result[side] = Imagery(layers, own + date + source)
        self._sides = result
        return True

    def timeline(self) -> Timeline:
        """The dated images of the catalogue, and the current parcel's own two."""
        details, store = self._session.details, self._session.store
        if details is None or store is None:
            return Timeline()
        sources = catalogue_layers(store)
        if self._dated is None or self._dated[0] != sources:
            self._dated = (sources, dated_images(sources, read_tags))
        return of_images(self._dated[1], details.parcel.earlier_image, details.parcel.later_image)

    def chosen(self) -> dict[str, DatedImage]:
        """The image of each half: the parcel's own, unless a person put another one there; a side without one is missing."""
        line = self.timeline()
        own = {side: image for side, image in (("before", line.before), ("after", line.after)) if image is not None}
        return {**own, **self._put} if self._put_for == self._session.current else own

    def _is_put(self, side: str) -> bool:
        line = self.timeline()
        own = line.before if side == "before" else line.after
        return self._put_for == self._session.current and side in self._put and self._put[side] != own

    def put(self, side: str, image: DatedImage) -> None:
        """Show an image of another date in a half, for as long as the parcel stays."""
        if self._put_for != self._session.current:
            self._put, self._put_for = {}, self._session.current
        self._put[side] = image
        if not self.mode:
            self.enter(SWIPE)
        elif self._choose_imagery(self.mode):
            self._show_labels()
            if self.second is not None:
                self.second.setLayers(self._sides["after"].layers)
            self._settle.start()

    def _answering(self, sources: tuple[LayerSource, ...], mode: str) -> bool:
        """Whether none of the map services keeps us waiting. One that has not answered yet is waited for without holding the window; one
        that gave no answer is named, and asked again at the next try."""
        states = [self._services.state(source.source) for source in sources]
        silent = next((source for source, state in zip(sources, states) if state == SILENT), None)
        if silent is not None:
            self._services.forget_silent()
            self._notifier.report(
                tr("影像服务“{}”没有应答，无法对比；请检查网络或服务地址，或改用本地影像。").format(silent.title),
                "warning",
            )
            return False
        if ASKED in states:
            self._wanted = (mode, self._session.current or "")
            self._notifier.report(tr("正在连接影像服务，连接后自动开始对比…"))
            return False
        return True

    def _open(self, source: LayerSource) -> Optional[QgsRasterLayer]:
        layer = self._opened.get(source.source)
        if layer is None:
            layer = open_imagery(source)
            if not layer.isValid():
                return None
            self._opened[source.source] = layer
        return layer

    def _show_labels(self) -> None:
        if self.item is not None:
            self.item.before.label = self._sides["before"].label
            self.item.after.label = self._sides["after"].label
            details = self._session.details
            if details is not None:
                crs = self._canvas.mapSettings().destinationCrs()
                self.item.outline = on_map(as_qgs(details.parcel.geometry), crs)
            self.item.update()
        if self._second_dock is not None:
            self._second_dock.setWindowTitle(self._sides["after"].label)
        self._outline_on_second()

    def _outline_on_second(self) -> None:
        """The parcel on the second map, too; the band goes with its canvas."""
        details = self._session.details
        if self.second is None or details is None:
            return
        if self._second_band is None:
            self._second_band = QgsRubberBand(self.second, QgsWkbTypes.GeometryType.PolygonGeometry)
            self._second_band.setFillColor(QColor(0, 0, 0, 0))
            self._second_band.setStrokeColor(QColor("#00e5ff"))
            self._second_band.setWidth(2)
        self._second_band.setToGeometry(as_qgs(details.parcel.geometry), stored_crs())

    def _parcel_changed(self, number: str) -> None:
        if self.mode:
            if not self._choose_imagery(self.mode):
                self.leave()
                return
            self._show_labels()
            if self.second is not None:
                self.second.setLayers(self._sides["after"].layers)
            self._settle.start()

    # ---- rendering ----

    def _view_changed(self, *unused: object) -> None:
        if self.item is not None:
            self._show_labels()
        if self.second is not None and not self._linking:
            self._linking = True
            self.second.setRotation(self._canvas.rotation())
            self.second.setExtent(self._canvas.extent())
            self.second.zoomScale(self._canvas.scale())
            self.second.refresh()
            self._linking = False
        self._settle.start()

    def _second_moved(self) -> None:
        if self.second is not None and not self._linking:
            self._linking = True
            self._canvas.setCenter(self.second.center())
            self._canvas.zoomScale(self.second.scale())
            self._canvas.refresh()
            self._linking = False

    def settings_for(self, side: str) -> QgsMapSettings:
        """The canvas's view, with the layers of one date; output size and pixel ratio are the canvas's own."""
        settings = QgsMapSettings(self._canvas.mapSettings())
        settings.setLayers(self._sides[side].layers)
        settings.setBackgroundColor(QColor(0, 0, 0, 0))  # what stays transparent has no picture
        return settings

    def render(self) -> None:
        """Both dates, on other threads; the pictures appear as they are ready."""
        if self.item is None:
            return
        self._cancel_jobs()
        for side in ("before", "after"):
            job = QgsMapRendererParallelJob(self.settings_for(side))
            job.finished.connect(lambda side=side, job=job: self._rendered(side, job))
            self._jobs[side] = job
            job.start()

    def _rendered(self, side: str, job: QgsMapRendererJob) -> None:
        if self.item is None or self._jobs.get(side) is not job:
            return
        image = job.renderedImage()
        image.setDevicePixelRatio(image.width() / max(self._canvas.viewport().width(), 1))
        (self.item.before if side == "before" else self.item.after).show(image, self._canvas.canvasColor())
        self._jobs.pop(side)
        self.item.update()

    @property
    def rendering(self) -> bool:
        return bool(self._jobs) or self._settle.isActive()

    def _cancel_jobs(self) -> None:
        for job in self._jobs.values():
            job.finished.disconnect()
            job.cancelWithoutBlocking()
            if job.isActive():  # it must live until its threads have ended
                self._ending.add(job)
                job.finished.connect(lambda job=job: self._ending.discard(job))
        self._jobs = {}

    # ---- moving the line, keys ----

    def set_share(self, share: float) -> None:
        if self.item is not None and self.mode == SWIPE:
            self.item.move_line(min(1.0, max(0.0, share)))

    def hold(self, down: bool) -> None:
        """Space: the other date for as long as it is held."""
        if self.item is not None:
            rest = {SWIPE: "", BLINK: "after", SIDE_BY_SIDE: "before"}[self.mode]
            other = "after" if self.mode == SIDE_BY_SIDE else "before"
            self.item.only = other if down else rest
            self.item.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride):
            return False
        key = event.key()
        if key in self.other_keys:
            if kind == QEvent.Type.KeyPress:
                self.other_keys[key]()
            event.accept()
            return True
        ours: tuple[Any, ...] = (Qt.Key.Key_Space, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Escape, Qt.Key.Key_Tab)
        if watched in self.key_places:
            ours = (Qt.Key.Key_Space, Qt.Key.Key_Escape)  # arrows and Tab are the queue's own
        if key not in ours or (watched is self.second and key in (Qt.Key.Key_Left, Qt.Key.Key_Right)):
            return False
        if kind == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.hold(kind == QEvent.Type.KeyPress)
        elif kind == QEvent.Type.KeyPress:
            if key == Qt.Key.Key_Escape:
                self.leave()
            elif key == Qt.Key.Key_Tab:
                self.enter(MODES[(MODES.index(self.mode) + 1) % len(MODES)])
            elif self.item is not None:
                self.set_share(self.item.share + (_STEP if key == Qt.Key.Key_Right else -_STEP))
        return True

    # ---- the second canvas ----

    def _show_second(self, wanted: bool) -> None:
        """Add or remove the second map. The dock beside it keeps its width and the map its scale."""
        if wanted == (self.second is not None):
            return
        window = self._iface.mainWindow()
        width = self.beside.width() if self.beside is not None else 0
        scale = self._canvas.scale()
        self._change_second(wanted, window)
        if self.beside is not None and self.beside.isVisible() and not self.beside.isFloating():
            window.resizeDocks([self.beside], [width], Qt.Orientation.Horizontal)
        QTimer.singleShot(0, lambda: self._canvas.zoomScale(scale))  # after the layout has settled

    def _change_second(self, wanted: bool, window: QWidget) -> None:
        if not wanted:
            self.second.extentsChanged.disconnect(self._second_moved)
            self.second.removeEventFilter(self)
            if self._second_band is not None:
                self.second.scene().removeItem(self._second_band)
                self._second_band = None
            self._iface.removeDockWidget(self._second_dock)
            self._second_dock.setParent(None)
            self._second_dock.deleteLater()
            self.second = self._second_dock = None
            return
        dock = QDockWidget(self._sides["after"].label, window)
        dock.setObjectName("WeipianSecondMap")
        dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetMovable)
        self.second = QgsMapCanvas()
        self.second.setObjectName("WeipianSecondCanvas")
        self.second.setCanvasColor(self._canvas.canvasColor())
        self.second.setDestinationCrs(self._canvas.mapSettings().destinationCrs())
        self.second.setLayers(self._sides["after"].layers)
        dock.setWidget(self.second)
        self._second_dock = dock
        width = self._canvas.width() // 2
        self._iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        if self.beside is not None and self.beside.isVisible() and not self.beside.isFloating():
            window.splitDockWidget(dock, self.beside, Qt.Orientation.Horizontal)  # between the map and our dock
        window.resizeDocks([dock], [max(width, 250)], Qt.Orientation.Horizontal)
        self.second.installEventFilter(self)
        self.second.setExtent(self._canvas.extent())
        self.second.extentsChanged.connect(self._second_moved)
        self._outline_on_second()
