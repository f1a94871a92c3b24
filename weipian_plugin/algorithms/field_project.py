"""The QGIS project of a field package: locked parcels, a child table of photos, a Chinese form, imagery clipped to the parcels.

Everything is set on a project of its own: the project open in the window is not touched. Properties ``QFieldSync/…`` are those that QField
and Mergin read; their meaning is documented by those projects. Must run on the main thread (forms and rendering).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from osgeo import gdal
from qgis.core import (
    QgsAttributeEditorContainer,
    QgsAttributeEditorField,
    QgsAttributeEditorRelation,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsDefaultValue,
    QgsEditFormConfig,
    QgsEditorWidgetSetup,
    QgsFillSymbol,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsRelation,
    QgsRelationContext,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize

from ..evidence.fieldwork import FieldParcel, container
from ..evidence.fieldwork.package import PROJECT
from ..evidence.fieldwork.records import FILLED_IN, SHOWN, VISIT
from ..formats.catalogue import is_service
from ..model.errors import WeipianError
from ..model.records import STORED_CRS, LayerSource
from ..toolbelt.compat import composition, empty_project, tab_layout
from .imagery import open_image

#: Around the parcels, in degrees (about 500 m): the way to the place must be seen.
_MARGIN = 0.005
_PICTURE = QSize(480, 320)
_PHOTO_TITLES = {
    "uuid": "编号",
    "parcel_uuid": "图斑",
    "path": "照片",
    "purpose": "用途",
    "azimuth": "方位角（°）",
    "azimuth_ref": "方位角基准",
    "taken_at": "拍摄时间",
    "note": "说明",
}
_PURPOSES = ("现状", "整改前", "整改中", "整改后")
_NAMING = "'DCIM/' || \"parcel_uuid\" || '_' || format_date(now(),'yyyyMMddhhmmsszzz') || '.{extension}'"
_FILES = {"imagery_before": "before", "imagery_after": "after"}
_TITLES = {"imagery_before": "前时相影像", "imagery_after": "后时相影像"}


class FieldProject:
    """Writes what of a field package needs QGIS. ``layers``: the catalogue; ``categories``: value list of the proposed categories."""

    def __init__(self, layers: Sequence[LayerSource], categories: Sequence[str] = ()) -> None:
        self._layers = [layer for layer in layers if layer.role in _FILES and not is_service(layer.source)]
        self._categories = tuple(categories)
        self.skipped = tuple(
            layer.title or layer.source for layer in layers if layer.role in _FILES and is_service(layer.source)
        )

    def imagery_bytes(self, parcels: Sequence[FieldParcel]) -> int:
        """Clipped pixels, a third of a byte each and band: what JPEG leaves of a photograph, roughly."""
        box = _box_around(parcels)
        return sum(_pixels(image, box) for _, image in self._images())

    def write(self, folder: Path, parcels: Sequence[FieldParcel]) -> Mapping[str, str]:
        """Imagery, project and a picture of each parcel; gives parcel number → picture."""
        box = _box_around(parcels)
        clipped: list[tuple[str, Path]] = []
        for number, (role, image) in enumerate(self._images(), start=1):
            target = folder / f"{_FILES[role]}_{number}.tif"
            if _clip(image, box, target):
                clipped.append((role, target))
        _write_project(folder, clipped, self._categories)
        return _pictures(folder, parcels, clipped)

    def _images(self) -> list[tuple[str, QgsRasterLayer]]:
        """The images of both dates with their roles, earlier date first."""
        return [(layer.role, _opened(layer)) for role in _FILES for layer in self._layers if layer.role == role]


def _opened(source: LayerSource) -> QgsRasterLayer:
    """Raises ``filing.imagery_unreadable``."""
    image = open_image(source)
    if image.layer is None or not image.drawable:
        raise WeipianError("filing.imagery_unreadable", path=source.source, role=source.title or _TITLES[source.role])
    return image.layer


def _box_around(parcels: Sequence[FieldParcel]) -> QgsRectangle:
    """The parcels with their margin, in CGCS2000 degrees."""
    west, south, east, north = zip(*(parcel.geometry.bounds for parcel in parcels))
    return QgsRectangle(min(west) - _MARGIN, min(south) - _MARGIN, max(east) + _MARGIN, max(north) + _MARGIN)


def _pixels(layer: QgsRasterLayer, box: QgsRectangle) -> int:
    """Estimated bytes of the part of a raster that lies in ``box``."""
    inside = _in_layer(layer, box).intersect(layer.extent())
    if inside.isEmpty():
        return 0
    return int(
        inside.width()
        / layer.rasterUnitsPerPixelX()
        * inside.height()
        / layer.rasterUnitsPerPixelY()
        * layer.bandCount()
        / 3
    )


def _in_layer(layer: QgsRasterLayer, box: QgsRectangle) -> QgsRectangle:
    stored = QgsCoordinateReferenceSystem(STORED_CRS)
    return QgsCoordinateTransform(stored, layer.crs(), empty_project()).transformBoundingBox(box)


def _clip(layer: QgsRasterLayer, box: QgsRectangle, target: Path) -> bool:
    """The part of a raster in ``box`` as a tiled GeoTIFF with overviews; False where they do not meet.

    Raises ``evidence.field_imagery``.
    """
    inside = _in_layer(layer, box).intersect(layer.extent())
    if inside.isEmpty():
        return False
    window = [inside.xMinimum(), inside.yMaximum(), inside.xMaximum(), inside.yMinimum()]
    photographic = layer.bandCount() == 3 and gdal.GetDataTypeSize(layer.dataProvider().dataType(1)) == 8
    options = (
        ["TILED=YES", "COMPRESS=JPEG", "PHOTOMETRIC=YCBCR", "JPEG_QUALITY=85"]
        if photographic
        else ["TILED=YES", "COMPRESS=DEFLATE"]
    )
    try:
        made = gdal.Translate(
            str(target), layer.source(), projWin=window, creationOptions=options, outputSRS=layer.crs().toWkt()
        )
    except RuntimeError:
        made = None
    if made is None:
        raise WeipianError("evidence.field_imagery", path=layer.source())
    made.BuildOverviews("AVERAGE", [2, 4, 8, 16])
    made.FlushCache()
    return True


def _write_project(folder: Path, clipped: Sequence[tuple[str, Path]], categories: Sequence[str]) -> None:
    """Raises ``run.folder_unwritable``."""
    project = QgsProject()
    project.setFileName(str(folder / PROJECT))
    project.setCrs(QgsCoordinateReferenceSystem(STORED_CRS))
    project.writeEntryBool("Paths", "/Absolute", False)
    project.setTitle("卫片外业核查")
    for role, path in clipped:
        layer = QgsRasterLayer(str(path), _TITLES[role])
        layer.setCustomProperty("QFieldSync/action", "copy")
        layer.setCustomProperty("QFieldSync/cloud_action", "no_action")
        project.addMapLayer(layer)
    photos = _layer(folder, container.PHOTOS.name, "照片")
    parcels = _layer(folder, container.PARCELS.name, "图斑")
    project.addMapLayers([parcels, photos])
    relation = _relation(parcels, photos, project)
    _style_parcels(parcels, relation.id(), categories)
    _style_photos(photos)
    project.writeEntry("qfieldsync", "/maximumImageWidthHeight", 0)  # evidence keeps its pixels
    project.writeEntry("qfieldsync", "/initialMapMode", "browse")
    if not project.write():
        raise WeipianError("run.folder_unwritable", path=str(folder), reason=PROJECT)
    project.clear()


def _layer(folder: Path, table: str, title: str) -> QgsVectorLayer:
    layer = QgsVectorLayer(f"{folder / container.FILE}|layername={table}", title, "ogr")
    layer.setCustomProperty("QFieldSync/action", "copy")  # one file, one action: others would lose edits
    layer.setCustomProperty("QFieldSync/cloud_action", "offline")
    return layer


def _relation(parcels: QgsVectorLayer, photos: QgsVectorLayer, project: QgsProject) -> QgsRelation:
    relation = QgsRelation(QgsRelationContext(project))
    relation.setId("parcel_photos")
    relation.setName("照片")
    relation.setReferencedLayer(parcels.id())
    relation.setReferencingLayer(photos.id())
    relation.addFieldPair("parcel_uuid", "uuid")
    relation.setStrength(composition())
    project.relationManager().addRelation(relation)
    return relation


def _style_parcels(layer: QgsVectorLayer, relation: str, categories: Sequence[str]) -> None:
    """Delivered columns and geometry locked, the verifier's own open; two tabs and the photos."""
    for lock in (
        "is_geometry_locked",
        "is_feature_addition_locked",
        "is_feature_deletion_locked",
        "is_geometry_editing_locked",
    ):
        layer.setCustomProperty(f"QFieldSync/{lock}", True)
    layer.setRenderer(_outlined("255,109,0,40", "255,109,0,255"))
    layer.setDisplayExpression('"visit_order" || \'. \' || "number"')
    titles = {**SHOWN, **FILLED_IN, **VISIT}
    config = layer.editFormConfig()
    config.setLayout(tab_layout())
    config.clearTabs()
    work = _container("现场核查", config)
    facts = _container("图斑信息", config)
    for name in (*FILLED_IN, *VISIT):
        work.addChildElement(_form_field(layer, name, work))
    pictures = QgsAttributeEditorRelation(relation, work)
    pictures.setLabel("照片")
    work.addChildElement(pictures)
    for name in SHOWN:
        facts.addChildElement(_form_field(layer, name, facts))
    for name in layer.fields().names():
        index = layer.fields().indexOf(name)
        layer.setFieldAlias(index, titles.get(name, name))
        config.setReadOnly(index, name not in FILLED_IN and name not in VISIT)
    _widget(layer, "field_description", "TextEdit", {"IsMultiline": True, "UseHtml": False})
    day = {"allow_null": True, "calendar_popup": True, "display_format": "yyyy-MM-dd", "field_format": "yyyy-MM-dd"}
    _widget(layer, "visited_at", "DateTime", day)
    if categories:
        _widget(layer, "proposal", "ValueMap", {"map": [{text: text} for text in categories]})
    layer.setEditFormConfig(config)


def _outlined(fill: str, line: str) -> QgsSingleSymbolRenderer:
    return QgsSingleSymbolRenderer(
        QgsFillSymbol.createSimple({"color": fill, "outline_color": line, "outline_width": "0.7"})
    )


def _style_photos(layer: QgsVectorLayer) -> None:
    fields = layer.fields()
    for name, title in _PHOTO_TITLES.items():
        layer.setFieldAlias(fields.indexOf(name), title)
    layer.setDefaultValueDefinition(fields.indexOf("uuid"), QgsDefaultValue("uuid('WithoutBraces')"))
    layer.setDefaultValueDefinition(
        fields.indexOf("taken_at"), QgsDefaultValue("format_date(now(),'yyyy-MM-ddThh:mm:ss')")
    )
    layer.setDefaultValueDefinition(fields.indexOf("azimuth"), QgsDefaultValue("@position_direction"))
    layer.setCustomProperty("QFieldSync/attachment_naming", json.dumps({"path": _NAMING}))
    layer.setCustomProperty("QFieldSync/photo_naming", json.dumps({"path": _NAMING}))
    _widget(
        layer,
        "path",
        "ExternalResource",
        {"RelativeStorage": 1, "DocumentViewer": 1, "DefaultRoot": "", "FileWidget": True, "StorageMode": 0},
    )
    _widget(layer, "purpose", "ValueMap", {"map": [{text: text} for text in _PURPOSES]})
    for hidden in ("uuid", "parcel_uuid"):
        _widget(layer, hidden, "Hidden", {})


def _container(title: str, config: QgsEditFormConfig) -> QgsAttributeEditorContainer:
    tab = QgsAttributeEditorContainer(title, config.invisibleRootContainer())
    config.addTab(tab)
    return tab


def _form_field(layer: QgsVectorLayer, name: str, parent: QgsAttributeEditorContainer) -> QgsAttributeEditorField:
    return QgsAttributeEditorField(name, layer.fields().indexOf(name), parent)


def _widget(layer: QgsVectorLayer, name: str, kind: str, settings: dict[str, object]) -> None:
    layer.setEditorWidgetSetup(layer.fields().indexOf(name), QgsEditorWidgetSetup(kind, settings))


def _pictures(folder: Path, parcels: Sequence[FieldParcel], clipped: Sequence[tuple[str, Path]]) -> dict[str, str]:
    """A small picture of each parcel over the newest imagery, for the pages."""
    (folder / "img").mkdir(exist_ok=True)
    rasters = [QgsRasterLayer(str(path), role) for role, path in reversed(clipped)]
    outline = QgsVectorLayer(f"{folder / container.FILE}|layername={container.PARCELS.name}", "parcels", "ogr")
    outline.setRenderer(_outlined("0,0,0,0", "#ff2d00"))
    result = {}
    for order, parcel in enumerate(parcels, start=1):
        west, south, east, north = parcel.geometry.bounds
        box = QgsRectangle(west, south, east, north)
        box.scale(2.2)
        settings = QgsMapSettings()
        settings.setDestinationCrs(QgsCoordinateReferenceSystem(STORED_CRS))
        settings.setLayers([outline, *rasters])
        settings.setOutputSize(_PICTURE)
        settings.setExtent(box)
        job = QgsMapRendererParallelJob(settings)
        job.start()
        job.waitForFinished()
        name = f"img/p{order:04d}.jpg"
        if job.renderedImage().save(str(folder / name), "JPG", 80):
            result[parcel.number] = name
    return result
