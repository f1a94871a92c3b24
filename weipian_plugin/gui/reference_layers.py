"""The vector layers of the catalogue in the layer tree, off: approvals, survey, red lines. Opened one by one, so that the window goes on."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any, Callable, Optional

from qgis.core import QgsLayerTreeGroup, QgsProject, QgsSingleSymbolRenderer, QgsVectorLayer, QgsWkbTypes
from qgis.PyQt.QtCore import QObject, QTimer

from ..algorithms.imagery import as_qgs_crs
from ..formats.catalogue import is_remote, is_service, resolve_fields
from ..model.errors import WeipianError
from ..model.records import LayerSource
from ..model.vocabulary import role_title
from ..toolbelt.language import language, tr
from .map_style import name_reference_columns, reference_symbol

_IMAGERY = frozenset({"imagery", "imagery_before", "imagery_after"})


class ReferenceLayers(QObject):
    """``add(group, layer)`` puts a layer into the plugin's group."""

    def __init__(self, add: Callable[[Any, Any], None], parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._add = add
        self._group: Any = None
        self._waiting: list[tuple[int, LayerSource]] = []
        self._timer = QTimer(self)
        self._timer.setInterval(20)
        self._timer.timeout.connect(self._next)

    def show(self, group: QgsLayerTreeGroup, sources: tuple[LayerSource, ...]) -> None:
        """Below ``group``; databases and services are left to be opened by hand, they may keep the window waiting."""
        local = [
            source
            for source in sources
            if source.role not in _IMAGERY and not is_remote(source.source) and not is_service(source.source)
        ]
        self._waiting = [(position, source) for position, source in enumerate(local) if Path(source.source).exists()]
        if self._waiting:
            self._group = group.addGroup(tr("套合图层"))
            self._group.setItemVisibilityChecked(False)
            self._group.setExpanded(False)
            self._timer.start()

    def stop(self) -> None:
        """Load no further layers; those on the map stay."""
        self._timer.stop()
        self._waiting, self._group = [], None

    @property
    def busy(self) -> bool:
        return self._timer.isActive()

    def _next(self) -> None:
        if not self._waiting or self._group is None:
            self.stop()
            return
        position, source = self._waiting.pop(0)
        layer = _opened(source)
        if layer is not None:
            clean = not QgsProject.instance().isDirty()
            layer.setRenderer(QgsSingleSymbolRenderer(reference_symbol(position)))
            self._add(self._group, layer)
            if clean:
                QgsProject.instance().setDirty(False)


def _opened(source: LayerSource) -> Optional[QgsVectorLayer]:
    """The polygons of an entry with Chinese columns; None where QGIS does not open it as it stands."""
    place = source.source + ("|layername=" + source.layer if source.layer else "")
    layer = QgsVectorLayer(place, source.title or role_title(source.role, language()), "ogr")
    if not layer.isValid() or layer.geometryType() != QgsWkbTypes.GeometryType.PolygonGeometry:
        return None
    layer.setReadOnly(True)
    if source.encoding:
        layer.setProviderEncoding(source.encoding)
    if source.crs:
        layer.setCrs(as_qgs_crs(source.crs))
    if not layer.crs().isValid():
        return None
    with contextlib.suppress(WeipianError):  # said by the check of the catalogue
        name_reference_columns(layer, resolve_fields(source, [field.name() for field in layer.fields()]))
    return layer
