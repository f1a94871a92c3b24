"""Location maps (位置图): one QGIS layout, loaded once from its template, filled and exported for parcel after parcel.

The only part of filing that needs QGIS; it must run on the main thread. Layers are kept in memory and refilled, imagery is
opened once, so that a map costs little more than drawing its pictures. Azimuths are from true north: on the map they are
turned by the convergence of the meridian (子午线收敛角).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Optional

import shapely
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsFillSymbol,
    QgsGeometry,
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemMapOverview,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsPrintLayout,
    QgsProject,
    QgsProperty,
    QgsReadWriteContext,
    QgsRectangle,
    QgsSimpleMarkerSymbolLayer,
    QgsSingleSymbolRenderer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtCore import QMarginsF, QSize, QSizeF
from qgis.PyQt.QtGui import QColor, QImage, QPageSize, QPainter, QPdfWriter
from qgis.PyQt.QtXml import QDomDocument
from shapely.geometry.base import BaseGeometry

from ..evidence.timeline import AFTER as ROLE_AFTER
from ..evidence.timeline import BEFORE as ROLE_BEFORE
from ..evidence.timeline import ROLES, Timeline, dated_images, of_images
from ..filing import FilingRules, MapFile, ParcelCase, load_rules
from ..filing.fields import PackageFacts, values_of
from ..filing.forms import template_path
from ..filing.normalise import fixed_pdf
from ..filing.placeholder import CellText, KnownFields, Value, parse
from ..formats.catalogue import is_service
from ..geodesy import zone as zones
from ..geodesy.extents import Extent
from ..model.errors import WeipianError
from ..model.messages import Message
from ..model.records import LayerSource
from ..model.secrets import masked
from ..office.text import file_name
from .image_tags import read_tags
from .imagery import Image, open_image
from .label_text import filled, refuse_in_expression
from .map_underlay import RasterJob, Underlay

TEMPLATE = "位置图.qpt"
BEFORE, AFTER, OVERVIEW, LEGEND, SCALE_BAR, NORTH = "前时相", "后时相", "示意图", "图例", "比例尺", "指北针"
#: fields of the map besides those of the forms: name -> the spelling in templates
OWN_FIELDS = {
    "map_scale": "比例尺",
    "map_crs": "坐标系",
    "imagery_before": "前时相影像来源",
    "imagery_after": "后时相影像来源",
}
#: round scales a map may have, finest first
SCALES = (500, 1000, 2000, 2500, 5000, 10_000, 20_000, 25_000, 50_000, 100_000, 200_000, 500_000)
#: the parcel takes at most this share of the picture's width or height
_PARCEL_SHARE = 0.62
#: photos up to this distance from the parcel may make the scale coarser, by this many steps at most
_PHOTO_REACH_M, _PHOTO_STEPS = 250.0, 2
_OVERVIEW_FACTOR = 8.0
_STORED = "EPSG:4490"
#: Qt's scale from small (0) to fast (100): the smallest files cost as much time as drawing the map
_PNG_QUALITY = 80


@dataclass(frozen=True)
class _Style:
    """A layer of the map: where its shapes come from, how it is drawn, and its line in the legend."""

    name: str
    title: str
    geometry: str
    symbol: Mapping[str, str]


#: drawn from the top down
_STYLES = (
    _Style("photos", "照片（箭头为方位）", "Point", {}),
    _Style("unaimed", "照片（无方位角）", "Point", {}),
    _Style("parcel", "图斑", "Polygon", {"color": "0,0,0,0", "outline_color": "#e60000", "outline_width": "0.7"}),
    _Style(
        "parts",
        "拟拆分地块",
        "Polygon",
        {"color": "0,0,0,0", "outline_color": "#ffd400", "outline_width": "0.5", "outline_style": "dash"},
    ),
    _Style(
        "redline",
        "生态保护红线",
        "Polygon",
        {"color": "0,150,60,70", "outline_color": "#007a33", "outline_width": "0.4"},
    ),
    _Style(
        "basic_farmland",
        "永久基本农田",
        "Polygon",
        {"color": "255,225,0,70", "outline_color": "#c8a000", "outline_width": "0.3"},
    ),
    _Style(
        "approved",
        "批文及其他依据范围",
        "Polygon",
        {"color": "0,112,255,60", "outline_color": "#0050c8", "outline_width": "0.5"},
    ),
)


#: Around a parcel, in degrees, where its imagery is expected; and why an image is not drawn, in the few words a map has room for.
_REACH = 1.0
_SHORT = {
    "filing.image_no_position": "{path} 没有坐标",
    "filing.image_contradicts": "{path} 坐标系与坐标不符",
    "filing.image_crs_unknown": "{path} 没有坐标系",
    "filing.image_crs_unreadable": "{path} 坐标系无法理解",
    "filing.image_damaged": "{path} 打不开",
}


def _once(sources: Sequence[LayerSource]) -> list[LayerSource]:
    return list({source.source: source for source in reversed(sources)}.values())[::-1]


def _state(source: LayerSource) -> tuple[int, int]:
    """Size and time of a file, zeros for services and what is not there."""
    path = Path(source.source)
    if is_service(source.source) or not path.is_file():
        return 0, 0
    state = path.stat()
    return state.st_size, state.st_mtime_ns


def _source_text(image: Image) -> str:
    """Title of an image on the map, with the warning of an old datum that was not moved."""
    return f"{image.title}（{image.place.datum}，未作转换，可能相差上百米）" if image.place.datum else image.title


@dataclass(frozen=True)
class Drawing:
    """A page whose imagery is being rendered: :meth:`wait` for it on any thread, then draw the page on the main thread."""

    number: str
    lacking: tuple[str, ...]
    jobs: tuple[RasterJob, ...]

    def wait(self) -> None:
        for job in self.jobs:
            job.wait()

    def lay(self) -> None:
        for job in self.jobs:
            job.lay()

    def path(self, folder: Path, suffix: str) -> Path:
        return folder / f"{file_name(self.number, 60)}.{suffix}"

    def files(self, folder: Path, page: QImage, pdf: Path) -> tuple[MapFile, ...]:
        """Write the picture and finish the PDF, on any thread. Raises ``filing.map_failed``.

        Saved here: the exporter's own image export tries to georeference the png through GDAL and complains.
        """
        png = self.path(folder, "png")
        if not page.save(str(png), "PNG", _PNG_QUALITY):
            raise WeipianError("filing.map_failed", parcel=self.number, path=str(png))
        pdf.write_bytes(fixed_pdf(pdf.read_bytes()))
        return (MapFile(pdf, lacks=self.lacking), MapFile(png, lacks=self.lacking))


class MapMaker:
    """Draws the maps of many parcels. Use on the main thread; :meth:`close` when done.

    ``layers``: catalogue entries, of which the imagery of both dates is drawn. ``template``: folder of the office's own
    templates. Raises ``filing.template_missing``, ``filing.template_unreadable``, ``filing.template_field_unknown``.
    """

    def __init__(
        self,
        layers: Sequence[LayerSource],
        dpi: int = 150,
        templates: Optional[Path] = None,
        rules: Optional[FilingRules] = None,
    ) -> None:
        self._rules, self._dpi = rules or load_rules(), dpi
        self._path = template_path(TEMPLATE, templates)
        self._project = QgsProject()
        self._layout = QgsPrintLayout(self._project)
        self._load_template()
        self._labels = self._read_labels()
        self._layers = {style.name: _vector_layer(style) for style in _STYLES}
        self._dated = dated_images(layers, read_tags)
        self._opened: dict[str, Image] = {}
        self._imagery: dict[
            str, list[Image]
        ] = {}  # of the parcel that is drawn: first what is its date's, then the rest of the role
        self._project.addMapLayers(list(self._layers.values()), False)
        self._stored = QgsCoordinateReferenceSystem(_STORED)
        self._exporter = QgsLayoutExporter(self._layout)
        self._underlays = {item.id(): self._underlay(item) for item in list(self._items(QgsLayoutItemMap))}

    @property
    def inputs(self) -> dict[str, Any]:
        """What the maps are made from, so that a package knows whether its map is current."""
        images = [
            [source.role, masked(Path(source.source).name), *_state(source)]
            for role in ROLES
            for source in self._of_role(role)
        ]
        return {"template": hashlib.sha256(self._path.read_bytes()).hexdigest(), "dpi": self._dpi, "imagery": images}

    def render(self, case: ParcelCase, folder: Path) -> tuple[MapFile, ...]:
        """The map of ``case`` as pdf and png in ``folder``; the same case gives the same bytes.

        Raises ``filing.map_without_geometry`` and ``filing.map_failed``.
        """
        drawing = self.start(case)
        drawing.wait()
        return drawing.files(folder, self.page(drawing), self.write_pdf(drawing, folder))

    def start(self, case: ParcelCase) -> Drawing:
        """Fill the page for ``case`` and begin to render its imagery on other threads; one parcel at a time.

        Raises ``filing.map_without_geometry``.
        """
        geometry = case.geometry
        if geometry is None or geometry.is_empty:
            raise WeipianError("filing.map_without_geometry", parcel=case.number)
        centre = shapely.centroid(geometry)
        self._open_imagery(case, float(centre.x), float(centre.y))
        crs, convergence = _plane(float(centre.x), float(centre.y))
        used = self._fill_layers(case, convergence)
        self._rasters: dict[str, list[Any]] = {}
        lacking = self._show(case, geometry, crs, used)
        jobs = [RasterJob(self._underlays[name], layers, self._dpi) for name, layers in self._rasters.items()]
        return Drawing(case.number, lacking, tuple(jobs))

    def page(self, drawing: Drawing) -> QImage:
        """The page as a picture, once the imagery is rendered."""
        drawing.lay()
        return self._exporter.renderPageToImage(0, QSize(), self._dpi)

    def write_pdf(self, drawing: Drawing, folder: Path) -> Path:
        """The page as a PDF in ``folder``, after :meth:`page`. Raises ``filing.map_failed``."""
        path = drawing.path(folder, "pdf")
        if not self._draw_pdf(path):
            raise WeipianError("filing.map_failed", parcel=drawing.number, path=str(path))
        return path

    def _underlay(self, item: QgsLayoutItemMap) -> Underlay:
        found = Underlay(self._layout, item)
        self._layout.addLayoutItem(found)
        found.follow()
        return found

    def timeline_of(self, case: ParcelCase) -> Timeline:
        """The dated images of the catalogue with the parcel's own two."""
        return of_images(self._dated, case.parcel.get("earlier_image"), case.parcel.get("later_image"))

    def remarks(self) -> tuple[Message, ...]:
        """What is to be said of the imagery: which images cannot be placed and why, which were inferred, which are in an old datum.

        Known after the first map: images are placed around the parcels.
        """
        found = [
            message
            for image in self._opened.values()
            for message in (image.place.problem, *image.place.notes)
            if message is not None
        ]
        return tuple(message for place, message in enumerate(found) if message not in found[:place])

    def _of_role(self, role: str) -> list[LayerSource]:
        return [source for image in self._dated if image.role == role for source in image.sources]

    def _open_imagery(self, case: ParcelCase, lon: float, lat: float) -> None:
        """Open what the parcel needs, once; around every parcel, draw it in the system that is right there."""
        line = self.timeline_of(case)
        for role, picked in ((ROLE_BEFORE, line.before), (ROLE_AFTER, line.after)):
            wanted = [*(picked.sources if picked else ()), *self._of_role(role)]
            self._imagery[role] = [self._open(source, lon, lat) for source in _once(wanted)]
            for image in self._imagery[role]:
                image.draw_around(lon, lat)

    def _open(self, source: LayerSource, lon: float, lat: float) -> Image:
        known = self._opened.get(source.source)
        if known is None:
            around = Extent((lon - _REACH, lat - _REACH, lon + _REACH, lat + _REACH), "图斑周边", "given")
            known = self._opened[source.source] = open_image(source, around)
            if known.layer is not None and known.drawable:
                self._project.addMapLayer(known.layer, False)
        return known

    def close(self) -> None:
        """Let go of the layers, so that Windows can delete the files they had open."""
        self._layout.clear()
        self._project.clear()
        self._layers.clear()
        self._underlays.clear()
        self._imagery.clear()
        self._opened.clear()

    def _load_template(self) -> None:
        document = QDomDocument()
        read = document.setContent(self._path.read_text(encoding="utf-8"))
        whole = read[0] if isinstance(read, tuple) else bool(read)
        if whole:
            _, whole = self._layout.loadFromTemplate(document, QgsReadWriteContext())
        if not whole:
            raise WeipianError("filing.template_unreadable", template=str(self._path), reason="QGIS")

    def _items(self, kind: type) -> Iterator[Any]:
        return (item for item in self._layout.items() if isinstance(item, kind))

    def _item(self, kind: type, name: str) -> Any:
        return next((item for item in self._items(kind) if item.id() == name), None)

    def _read_labels(self) -> list[tuple[Any, CellText]]:
        """Labels with placeholders; an unknown field is refused with the label named."""
        known = self._rules.known_fields()
        own = {**{name: name for name in OWN_FIELDS}, **{title: name for name, title in OWN_FIELDS.items()}}
        known = KnownFields({**known.names, **own}, {}, {})
        found = []
        for item in self._items(QgsLayoutItemLabel):
            text = parse(item.text(), known, self._path.name, item.id() or item.text()[:20])
            if text is not None:
                refuse_in_expression(text, self._path.name, item.id() or item.text()[:20])
                found.append((item, text))
        return found

    def _fill_layers(self, case: ParcelCase, convergence: float) -> list[str]:
        """Refill the layers with this parcel's shapes; names of those that have any, from the top down."""
        shapes: dict[str, list[tuple[BaseGeometry, list[Any]]]] = {style.name: [] for style in _STYLES}
        shapes["parcel"].append((case.geometry, []))
        shapes["parts"] = [(part.geometry, []) for part in case.parts if part.geometry is not None]
        legal_bases = (*self._rules.legal_basis_roles,)
        for role, group, geometry in _covered(case):
            if role == "basic_farmland" and not group:
                shapes["basic_farmland"].append((geometry, []))
            elif role == "ecological_redline" and not group:
                shapes["redline"].append((geometry, []))
            elif role in legal_bases and group:
                shapes["approved"].append((geometry, []))
        for position, photo in enumerate(case.photos, start=1):
            if photo.position is None:
                continue
            turned = None if photo.azimuth is None else photo.azimuth - convergence
            name = "unaimed" if turned is None else "photos"
            shapes[name].append((shapely.Point(photo.position), [str(position), turned or 0.0]))
        for name, entries in shapes.items():
            _refill(self._layers[name], entries)
        return [name for name, entries in shapes.items() if entries]

    def _show(
        self, case: ParcelCase, geometry: BaseGeometry, crs: QgsCoordinateReferenceSystem, used: Sequence[str]
    ) -> tuple[str, ...]:
        """Set scale, layers, legend and labels; which imagery is lacking."""
        project, zone = self._project.transformContext(), int(zones.zone_of(float(shapely.centroid(geometry).x)))
        to_plane = QgsCoordinateTransform(self._stored, crs, project)
        extent = to_plane.transformBoundingBox(_rectangle(geometry))
        photos = [to_plane.transform(*photo.position) for photo in case.photos if photo.position is not None]
        frames = [item for item in (self._item(QgsLayoutItemMap, name) for name in (BEFORE, AFTER)) if item is not None]
        scale = fitting_scale(extent, photos, [_paper_metres(item) for item in frames])
        vectors = [self._layers[name] for name in used]
        lacking = []
        sources: dict[str, str] = {}
        for name, role, title in ((BEFORE, "imagery_before", "前时相影像"), (AFTER, "imagery_after", "后时相影像")):
            images = [image for image in self._imagery[role] if image.shows(geometry)]
            sources[role] = "、".join(dict.fromkeys(map(_source_text, images))) or self._missing(role)
            if not images:
                lacking.append(title + self._missing(role)[1:])
            item = self._item(QgsLayoutItemMap, name)
            if item is not None:
                _frame(item, crs, extent, scale, vectors)
                self._rasters[name] = [image.layer for image in images]
        overview = self._item(QgsLayoutItemMap, OVERVIEW)
        if overview is not None:
            shown = [
                [image.layer for image in self._imagery[role] if image.drawable] for role in (ROLE_AFTER, ROLE_BEFORE)
            ]
            _frame(overview, crs, extent, scale * _OVERVIEW_FACTOR, [self._layers["parcel"]])
            self._rasters[OVERVIEW] = shown[0] or shown[1]
            _link_overview(overview, frames)
        self._furniture(frames, used, scale)
        self._write_labels(case, {"map_scale": scale, "map_crs": zones.title(zone), **sources})
        return tuple(lacking)

    def _missing(self, role: str) -> str:
        """无, with the reason where an image of the catalogue cannot be drawn."""
        problems = [image.place.problem for image in self._imagery[role] if image.place.problem is not None]
        reasons = "；".join(dict.fromkeys(_SHORT[problem.code].format_map(problem.details) for problem in problems))
        return f"无（{reasons}）" if reasons else "无"

    def _furniture(self, frames: Sequence[Any], used: Sequence[str], scale: int) -> None:
        """Legend, scale bar and north arrow."""
        legend = self._item(QgsLayoutItemLegend, LEGEND)
        if legend is not None:
            root = legend.model().rootGroup()
            root.clear()
            for name in used:
                root.addLayer(self._layers[name])
        bar = self._item(QgsLayoutItemScaleBar, SCALE_BAR)
        if bar is not None and frames:
            bar.setLinkedMap(frames[0])
            bar.setUnitsPerSegment(_segment(scale))
            bar.setUnitLabel("米")
            bar.update()
        north = self._item(QgsLayoutItemPicture, NORTH)
        if north is not None and frames:
            north.setNorthMode(QgsLayoutItemPicture.NorthMode.TrueNorth)
            north.setLinkedMap(frames[-1])

    def _write_labels(self, case: ParcelCase, own: Mapping[str, Value]) -> None:
        fields = {**values_of(case, self._rules, PackageFacts()).fields, **own}
        for item, text in self._labels:
            item.setText(filled(text, fields, item.mode() == QgsLayoutItemLabel.Mode.ModeHtml))

    def _draw_pdf(self, path: Path) -> bool:
        """The page as a PDF with its texts as text.

        Not by the exporter's own PDF export: its printer class asks the print service of the machine for printers over the network.
        """
        page = self._layout.pageCollection().page(0).pageSize()
        writer = QPdfWriter(str(path))
        writer.setResolution(self._dpi)
        writer.setPageSize(QPageSize(QSizeF(page.width(), page.height()), QPageSize.Unit.Millimeter))
        writer.setPageMargins(QMarginsF(0, 0, 0, 0))
        context = self._layout.renderContext()
        before = context.dpi(), context.textRenderFormat(), context.flags()
        context.setDpi(self._dpi)
        context.setTextRenderFormat(Qgis.TextRenderFormat.AlwaysText)
        painter = QPainter()
        if not painter.begin(writer):
            return False
        try:
            self._exporter.renderPage(painter, 0)
        finally:
            drawn = bool(painter.end())
            context.setDpi(before[0])
            context.setTextRenderFormat(before[1])
            context.setFlags(before[2])
        return drawn


def render_location_map(
    case: ParcelCase, layers: Sequence[LayerSource], folder: Path, *, dpi: int = 150, templates: Optional[Path] = None
) -> tuple[MapFile, ...]:
    """One map, for callers with one parcel; see :class:`MapMaker` for many."""
    maker = MapMaker(layers, dpi, templates)
    try:
        return maker.render(case, folder)
    finally:
        maker.close()


def fitting_scale(extent: QgsRectangle, photos: Sequence[Any], papers: Sequence[tuple[float, float]]) -> int:
    """The finest round scale at which the parcel fits every picture, coarser by up to two steps to show its photos.

    ``extent`` and ``photos`` in metres of the plane; ``papers``: width and height of the pictures in metres on paper.
    """

    def fits(area: QgsRectangle, share: float, scale: int) -> bool:
        return all(
            area.width() <= width * scale * share and area.height() <= height * scale * share
            for width, height in papers
        )

    base = next((step for step, scale in enumerate(SCALES) if fits(extent, _PARCEL_SHARE, scale)), len(SCALES) - 1)
    reach = extent.buffered(_PHOTO_REACH_M)
    near = [point for point in photos if reach.contains(point)]
    centre = extent.center()
    width = max([extent.width() / 2, *(abs(point.x() - centre.x()) for point in near)])
    height = max([extent.height() / 2, *(abs(point.y() - centre.y()) for point in near)])
    whole = QgsRectangle(centre.x() - width, centre.y() - height, centre.x() + width, centre.y() + height)
    last = min(base + _PHOTO_STEPS, len(SCALES) - 1)
    return SCALES[next((step for step in range(base, last + 1) if fits(whole, 0.92, SCALES[step])), last)]


def _plane(lon: float, lat: float) -> tuple[QgsCoordinateReferenceSystem, float]:
    """The 3-degree zone's system, and the convergence of the meridian in degrees (grid north minus true north, positive east of it).

    Outside the zones of China, which have no EPSG code, the same projection is written out.
    """
    zone = int(zones.zone_of(lon))
    if zones.FIRST_ZONE <= zone <= zones.LAST_ZONE:
        crs = QgsCoordinateReferenceSystem(f"EPSG:{zones.epsg(zone, prefix=True)}")
    else:
        crs = QgsCoordinateReferenceSystem.fromProj(
            f"+proj=tmerc +lat_0=0 +lon_0={zones.central_meridian(zone)} +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs"
        )
    return crs, zones.convergence(lon, lat, zone)


def _covered(case: ParcelCase) -> Iterator[tuple[str, str, BaseGeometry]]:
    """Role, group and shape of what lies over the whole parcel."""
    for row in case.coverage_rows():
        geometry = row.get("geometry")
        if isinstance(geometry, BaseGeometry) and not geometry.is_empty and not row.get("part"):
            yield str(row.get("role")), str(row.get("group") or ""), geometry


def _vector_layer(style: _Style) -> QgsVectorLayer:
    fields = "&field=sequence:string(10)&field=rotation:double" if style.geometry == "Point" else ""
    kind = "MultiPolygon" if style.geometry == "Polygon" else style.geometry
    layer = QgsVectorLayer(f"{kind}?crs={_STORED}{fields}", style.title, "memory")
    if style.geometry == "Polygon":
        layer.setRenderer(QgsSingleSymbolRenderer(QgsFillSymbol.createSimple(dict(style.symbol))))
        return layer
    layer.setRenderer(QgsSingleSymbolRenderer(_photo_symbol(aimed=style.name == "photos")))
    settings = QgsPalLayerSettings()
    settings.fieldName = "sequence"
    settings.dist = 1.8
    text = QgsTextFormat()
    text.setSize(8)
    text.setColor(QColor("#003cff"))
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(0.8)
    text.setBuffer(halo)
    settings.setFormat(text)
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)
    return layer


def _photo_symbol(aimed: bool) -> QgsMarkerSymbol:
    """A dot where the photo was taken, and an arrow from it in the direction it looks."""
    dot = {"name": "circle", "size": "1.8", "color": "#003cff", "outline_color": "white", "outline_width": "0.2"}
    symbol = QgsMarkerSymbol.createSimple(dot)
    if not aimed:
        return symbol
    arrow = QgsSimpleMarkerSymbolLayer.create(
        {
            "name": "arrow",
            "size": "6",
            "color": "#003cff",
            "outline_color": "white",
            "outline_width": "0.2",
            "vertical_anchor_point": "2",
        }
    )
    symbol.insertSymbolLayer(0, arrow)
    symbol.setDataDefinedAngle(QgsProperty.fromField("rotation"))
    return symbol


def _refill(layer: QgsVectorLayer, entries: Sequence[tuple[BaseGeometry, list[Any]]]) -> None:
    provider = layer.dataProvider()
    provider.truncate()
    features = []
    for shape, attributes in entries:
        geometry = QgsGeometry()
        geometry.fromWkb(shapely.to_wkb(_multi(shape)))
        feature = QgsFeature(layer.fields())
        feature.setGeometry(geometry)
        if attributes:
            feature.setAttributes(attributes)
        features.append(feature)
    provider.addFeatures(features)
    layer.updateExtents()


def _multi(shape: BaseGeometry) -> BaseGeometry:
    return shapely.MultiPolygon([shape]) if shape.geom_type == "Polygon" else shape


def _rectangle(geometry: BaseGeometry) -> QgsRectangle:
    return QgsRectangle(*geometry.bounds)


def _paper_metres(item: QgsLayoutItemMap) -> tuple[float, float]:
    box = item.rect()  # millimetres
    return box.width() / 1000.0, box.height() / 1000.0


def _frame(
    item: QgsLayoutItemMap, crs: QgsCoordinateReferenceSystem, extent: QgsRectangle, scale: float, layers: Sequence[Any]
) -> None:
    item.setCrs(crs)
    item.setKeepLayerSet(True)
    item.setLayers(list(layers))
    width, height = (metres * scale / 2.0 for metres in _paper_metres(item))
    centre = extent.center()
    item.setExtent(QgsRectangle(centre.x() - width, centre.y() - height, centre.x() + width, centre.y() + height))


def _link_overview(item: QgsLayoutItemMap, frames: Sequence[Any]) -> None:
    if frames and not item.overviews().asList():
        overview = QgsLayoutItemMapOverview("主图范围", item)
        overview.setLinkedMap(frames[-1])
        frame = {"color": "0,0,0,0", "outline_color": "#e60000", "outline_width": "0.5"}
        overview.setFrameSymbol(QgsFillSymbol.createSimple(frame))
        item.overviews().addOverview(overview)


def _segment(scale: int) -> float:
    """Length of a segment of the scale bar in metres: about 14 mm on paper, and round."""
    wanted = Decimal(scale) * Decimal("0.014")
    power = Decimal(10) ** (wanted.adjusted())
    return float(max(step * power for step in (Decimal(1), Decimal(2), Decimal(5)) if step * power <= wanted))
