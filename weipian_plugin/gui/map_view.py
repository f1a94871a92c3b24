"""The plugin's own group in the layer tree, and what is drawn for the current parcel. Nothing else in the project is touched."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsLayerTreeGroup,
    QgsMapLayer,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtCore import QObject, QTimer
from qgis.PyQt.QtGui import QColor
from shapely.geometry.base import BaseGeometry

from ..algorithms.imagery import open_image
from ..formats.catalogue import read_catalogue
from ..geodesy.boxes import box_of_most
from ..model.errors import WeipianError
from ..model.paths import resource
from ..model.records import LayerSource
from ..pipeline.remembered import CATALOGUE, remembered
from ..toolbelt import settings
from ..toolbelt.language import tr
from ..workspace import Workspace
from ..workspace.places import is_team
from .map_rows import MapRows
from .map_style import category_renderer, label_by, map_tip, name_columns
from .reference_layers import ReferenceLayers
from .services import ASKED, READY, Services
from .shapes import as_qgs, bounds_on_map, metric_crs, on_map, stored_crs
from .workspace_layers import layer_of

GROUP_MARK = "weipian/group"
_SHOWN = (  # table, title, style, visible
    ("photo", "照片", "photos.qml", False),
    ("parcel", "图斑", "parcel.qml", True),
    ("part", "拟拆分地块", "part.qml", True),
    ("region", "未批与已批范围", "region.qml", False),
)
_MARGIN = 1.6


class MapView(QObject):
    """Layers of the open workspace on QGIS's canvas."""

    def __init__(self, canvas: QgsMapCanvas, services: Services, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._canvas, self._services = canvas, services
        self._awaited: dict[str, tuple[LayerSource, bool]] = {}
        services.answered.connect(self._service_answered)
        self._ids: list[str] = []
        self._tables: list[str] = []  # those of them that are tables of the workspace
        self._group_name = ""
        self._legend: tuple[str, str, frozenset[str]] = ("", "", frozenset())  # layer, column, values drawn apart
        self._outline: Optional[QgsRubberBand] = None
        self._parcels: Optional[QgsVectorLayer] = None
        self.rows = MapRows(self)
        self.rows.filled.connect(self.colour)
        self.references = ReferenceLayers(self._add_hidden, self)

    # ---- layers ----

    def show_workspace(self, store: Workspace) -> None:
        """The group with parcels, parts, photos and the newest imagery; an empty project gets a metric CRS of the county."""
        self.remove()
        project = QgsProject.instance()
        fresh = not project.mapLayers()
        unchanged = not project.isDirty()
        root = project.layerTreeRoot()
        group = root.insertGroup(0, tr("卫片") + " " + store.title)
        group.setCustomProperty(GROUP_MARK, store.name)
        for table, title, style, visible in _SHOWN:
            layer = layer_of(store, table, tr(title))
            if not layer.isValid():
                continue
            layer.setReadOnly(True)
            path = resource("styles", style)
            if path.exists():
                layer.loadNamedStyle(str(path))
            self._add(project, group, layer, visible)
            self._tables.append(layer.id())
            if table == "parcel":
                self._parcels = layer
                self.rows.join(layer)
                label_by(layer, "row_label")
            name_columns(layer)
            layer.setMapTipTemplate(map_tip(table))
        for source, visible in _imagery(store):
            if self._services.state(source.source) == ASKED:
                self._awaited[source.source] = (source, visible)
            else:
                self._add_imagery(group, source, visible)
        self.references.show(group, catalogue_layers(store))
        self.colour()
        if fresh:
            zone = next(iter(store.read("parcel")["zone"].dropna().tolist()), None)
            crs = metric_crs(zone)
            if crs is not None:
                QTimer.singleShot(0, lambda: project.setCrs(crs))  # after QGIS has taken that of the first layer
        if unchanged:
            # Showing a workspace is no change of the project: nobody is asked to save it.
            QTimer.singleShot(50, lambda: project.setDirty(False))

    def _add_imagery(self, group: QgsLayerTreeGroup, source: LayerSource, visible: bool) -> None:
        """What cannot be opened is left out here; comparing names it, where it is needed."""
        if self._services.state(source.source) == READY:
            layer = open_imagery(source)
            if layer.isValid():
                self._add(QgsProject.instance(), group, layer, visible)

    def _service_answered(self, name: str, answers: bool) -> None:
        source, visible = self._awaited.pop(name, (None, False))
        groups = [
            node for node in QgsProject.instance().layerTreeRoot().findGroups() if node.customProperty(GROUP_MARK)
        ]
        if source is not None and answers and groups:
            self._add_imagery(groups[0], source, visible)

    def _add(self, project: QgsProject, group: QgsLayerTreeGroup, layer: QgsMapLayer, visible: bool) -> None:
        project.addMapLayer(layer, False)
        node = group.addLayer(layer)
        node.setItemVisibilityChecked(visible)
        node.setExpanded(False)
        self._ids.append(layer.id())

    def _add_hidden(self, group: QgsLayerTreeGroup, layer: QgsMapLayer) -> None:
        self._add(QgsProject.instance(), group, layer, False)

    def colour(self) -> None:
        """Parcels by proposal, decision or state, as the person has chosen; the legend follows."""
        layer = self._parcels
        if layer is None or QgsProject.instance().mapLayer(layer.id()) is None:
            return
        clean = not QgsProject.instance().isDirty()
        chosen = settings.read().map_colours
        column = chosen if chosen in ("proposal", "decision", "state") else "proposal"
        legend = (layer.id(), column, frozenset(self.rows.values(column)))
        if legend != self._legend:  # a new renderer builds the whole legend anew
            layer.setRenderer(category_renderer("row_" + column, legend[2]))
            self._legend = legend
        layer.triggerRepaint()
        if clean:
            QgsProject.instance().setDirty(False)

    def repaint(self) -> None:
        """Rows of the queue have changed, which the parcels are coloured by; their shapes have not."""
        if self._parcels is not None and QgsProject.instance().mapLayer(self._parcels.id()) is not None:
            self._parcels.triggerRepaint()

    def refresh(self) -> None:
        """The workspace was read again: draw its layers from what it holds now. Layers of the catalogue are no part of it."""
        project = QgsProject.instance()
        for name in self._tables:
            layer = project.mapLayer(name)
            if isinstance(layer, QgsVectorLayer):
                layer.dataProvider().reloadData()
                layer.triggerRepaint()

    def remove(self) -> None:
        """Take the group and its layers away; whatever the user removed already is no problem."""
        self.clear_current()
        self._awaited = {}
        self.references.stop()
        self.rows.remove()
        self._parcels = None
        project = QgsProject.instance()
        project.removeMapLayers([name for name in self._ids if project.mapLayer(name) is not None])
        self._ids, self._tables = [], []
        root = project.layerTreeRoot()
        for group in [node for node in root.findGroups() if node.customProperty(GROUP_MARK)]:
            root.removeChildNode(group)

    def workspace_of_project(self) -> Optional[str]:
        """The workspace that the layer group of the open project names; None without a group or where the file is gone."""
        for node in QgsProject.instance().layerTreeRoot().findGroups():
            named = node.customProperty(GROUP_MARK)
            if named and (is_team(str(named)) or Path(str(named)).is_file()):
                return str(named)
        return None

    def forget(self) -> None:
        """The project was cleared and took the layers with it; the outline is ours."""
        self.clear_current()
        self._ids, self._tables = [], []
        self._awaited = {}
        self.references.stop()
        self.rows.remove()
        self._parcels = None

    # ---- the current parcel ----

    def _band(self) -> QgsRubberBand:
        if self._outline is None:
            self._outline = QgsRubberBand(self._canvas, QgsWkbTypes.GeometryType.PolygonGeometry)
            self._outline.setFillColor(QColor(0, 0, 0, 0))
            self._outline.setStrokeColor(QColor("#00e5ff"))
            self._outline.setWidth(3)
        return self._outline

    def show_current(self, shape: Optional[BaseGeometry]) -> None:
        """Outline the parcel, centre it at the user's scale; no zoom."""
        geometry = as_qgs(shape)
        self._band().setToGeometry(geometry, stored_crs())
        if geometry.isEmpty():
            return
        box = on_map(geometry, self._crs()).boundingBox()
        if not self._canvas.extent().contains(box):
            self._canvas.setCenter(QgsPointXY(box.center()))
            self._canvas.refresh()

    def clear_current(self) -> None:
        if self._outline is not None:
            self._canvas.scene().removeItem(self._outline)
            self._outline = None

    def zoom_to(self, shape: Optional[BaseGeometry]) -> None:
        """Fit the parcel with a margin: only when a person asked for it."""
        geometry = as_qgs(shape)
        if not geometry.isEmpty():
            box = on_map(geometry, self._crs()).boundingBox()
            box.scale(_MARGIN)
            self._canvas.setExtent(box)
            self._canvas.refresh()

    def zoom_to_bounds(self, bounds: Sequence[tuple[float, float, float, float]]) -> None:
        """All parcels, but for a few that lie far from the others."""
        box = bounds_on_map(box_of_most(bounds), self._crs())
        if box is not None:
            box.scale(1.1)
            self._canvas.setExtent(box)
            self._canvas.refresh()

    def flash(self, shapes: Sequence[Optional[BaseGeometry]]) -> None:
        """Flash shapes (EPSG:4490) on the map; empty ones are passed over."""
        geometries = [geometry for geometry in map(as_qgs, shapes) if not geometry.isEmpty()]
        if geometries:
            self._canvas.flashGeometries(
                geometries, stored_crs(), QColor(255, 64, 0, 200), QColor(255, 64, 0, 0), 3, 350
            )

    def _crs(self) -> QgsCoordinateReferenceSystem:
        return self._canvas.mapSettings().destinationCrs()


def catalogue_layers(store: Workspace) -> tuple[LayerSource, ...]:
    """The catalogue the workspace was measured with; none where it has moved."""
    named = remembered(store, CATALOGUE)
    if named is None or not named.exists():
        return ()
    try:
        return read_catalogue(named)
    except WeipianError:
        return ()


def open_imagery(source: LayerSource) -> QgsRasterLayer:
    """A raster of the catalogue: a file (GeoTIFF, MBTiles, …), or a tile or map service by its QGIS source string.

    One that cannot be opened or placed comes as a layer that is not valid.
    """
    image = open_image(source)
    return image.layer if image.layer is not None and image.drawable else QgsRasterLayer()


def _imagery(store: Workspace) -> list[tuple[LayerSource, bool]]:
    """后时相 shown, 前时相 at hand."""
    sources = catalogue_layers(store)
    roles = (("imagery_after", True), ("imagery_before", False))
    return [(source, visible) for role, visible in roles for source in sources if source.role == role]
