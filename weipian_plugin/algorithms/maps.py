"""Location maps (位置图) from a QGIS layout, loaded once from its template, filled and exported for parcel after parcel.

For the office's own layouts, which may hold anything that QGIS can draw; layouts are drawn on the main thread. The shipped page is drawn
by :mod:`.page_writer` on any thread.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Optional

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFillSymbol,
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemMapOverview,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsMapLayer,
    QgsPrintLayout,
    QgsProject,
    QgsReadWriteContext,
    QgsRectangle,
    QgsStyle,
)
from qgis.PyQt.QtCore import QMarginsF, QSize, QSizeF
from qgis.PyQt.QtGui import QImage, QPageSize, QPainter, QPdfWriter
from qgis.PyQt.QtXml import QDomDocument

from ..evidence.timeline import DatedImage, Timeline
from ..filing import FilingRules, MapFile, ParcelCase, load_rules
from ..filing.fields import PackageFacts, values_of
from ..filing.forms import template_path
from ..filing.normalise import fixed_pdf
from ..filing.placeholder import CellText
from ..model.errors import WeipianError
from ..model.messages import Message
from ..model.records import LayerSource
from ..office.text import file_name
from ..toolbelt.compat import empty_project
from .label_text import filled, read_label
from .map_scene import (
    AFTER,
    BEFORE,
    OVERVIEW,
    OVERVIEW_FACTOR,
    Scene,
    SceneMaker,
    frame_extent,
    imagery_inputs,
    images_of,
    timeline_of,
)
from .map_underlay import RasterJob, Underlay
from .png import write_png

TEMPLATE = "位置图.qpt"
LEGEND, SCALE_BAR, NORTH = "图例", "比例尺", "指北针"


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

    def files(self, folder: Path, page: QImage, pdf: Path) -> tuple[MapFile, ...]:
        """Write the picture and finish the PDF, on any thread. Raises ``filing.map_failed``.

        Saved here: the exporter's own image export tries to georeference the png through GDAL and complains.
        """
        png = map_path(folder, self.number, "png")
        write_png(page, png)
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
        self._project = empty_project()
        self._layout = load_layout(read_document(self._path), self._project, self._path)
        self._labels = self._read_labels()
        self._images = images_of(layers)
        self._scenes = SceneMaker(self._images, self._rules)
        self._project.addMapLayers(list(self._scenes.layers.values()), False)
        self._exporter = QgsLayoutExporter(self._layout)
        self._underlays = {item.id(): self._underlay(item) for item in list(self._items(QgsLayoutItemMap))}

    @property
    def inputs(self) -> dict[str, Any]:
        """What the maps are made from, so that a package knows whether its map is current."""
        return map_inputs(self._path, self._dpi, self._images)

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
        frames = [item for item in map(self._map, (BEFORE, AFTER)) if item is not None]
        scene = self._scenes.scene(case, [_paper_metres(item) for item in frames])
        self._show(scene, frames)
        shown = [(name, layers) for name, layers in scene.rasters.items() if name in self._underlays]
        jobs = [RasterJob(self._underlays[name], layers, self._dpi) for name, layers in shown]
        return Drawing(case.number, scene.lacking, tuple(jobs))

    def page(self, drawing: Drawing) -> QImage:
        """The page as a picture, once the imagery is rendered."""
        drawing.lay()
        return self._exporter.renderPageToImage(0, QSize(), self._dpi)

    def write_pdf(self, drawing: Drawing, folder: Path) -> Path:
        """The page as a PDF in ``folder``, after :meth:`page`. Raises ``filing.map_failed``."""
        path = map_path(folder, drawing.number, "pdf")
        if not self._draw_pdf(path):
            raise WeipianError("filing.map_failed", parcel=drawing.number, path=str(path))
        return path

    def _underlay(self, item: QgsLayoutItemMap) -> Underlay:
        result = Underlay(self._layout, item)
        self._layout.addLayoutItem(result)
        result.follow()
        return result

    def timeline_of(self, case: ParcelCase) -> Timeline:
        """The dated images of the catalogue with the parcel's own two."""
        return timeline_of(case, self._images)

    def remarks(self) -> tuple[Message, ...]:
        """What is to be said of the imagery, see :meth:`SceneMaker.remarks`."""
        return self._scenes.remarks()

    def close(self) -> None:
        """Let go of the layers, so that Windows can delete the files they had open."""
        self._layout.clear()
        self._project.clear()
        self._underlays.clear()
        self._scenes.close()

    def _items(self, kind: type) -> Iterator[Any]:
        return items_of(self._layout, kind)

    def _item(self, kind: type, name: str) -> Any:
        return next((item for item in self._items(kind) if item.id() == name), None)

    def _map(self, name: str) -> QgsLayoutItemMap:
        return self._item(QgsLayoutItemMap, name)

    def _read_labels(self) -> list[tuple[Any, CellText]]:
        """Labels with placeholders; an unknown field is refused with the label named."""
        result = []
        for item in self._items(QgsLayoutItemLabel):
            text = read_label(item.text(), item.id() or item.text()[:20], self._path.name, self._rules)
            if text is not None:
                result.append((item, text))
        return result

    def _show(self, scene: Scene, frames: Sequence[QgsLayoutItemMap]) -> None:
        """Set scale, layers, legend and labels."""
        vectors = [self._scenes.layers[name] for name in scene.used]
        for item in frames:
            _frame(item, scene.crs, scene.extent, scene.scale, vectors)
        overview = self._map(OVERVIEW)
        if overview is not None:
            _frame(overview, scene.crs, scene.extent, scene.scale * OVERVIEW_FACTOR, [self._scenes.layers["parcel"]])
            _link_overview(overview, frames)
        self._furniture(frames, scene.used, scene.scale)
        fields = {**values_of(scene.case, self._rules, PackageFacts()).fields, **scene.texts}
        for item, text in self._labels:
            item.setText(filled(text, fields, item.mode() == QgsLayoutItemLabel.Mode.ModeHtml))

    def _furniture(self, frames: Sequence[QgsLayoutItemMap], used: Sequence[str], scale: int) -> None:
        """Legend, scale bar and north arrow."""
        legend = self._item(QgsLayoutItemLegend, LEGEND)
        if legend is not None:
            root = legend.model().rootGroup()
            root.clear()
            for name in used:
                root.addLayer(self._scenes.layers[name])
        bar = self._item(QgsLayoutItemScaleBar, SCALE_BAR)
        if bar is not None and frames:
            bar.setLinkedMap(frames[0])
            bar.setUnitsPerSegment(segment_of(scale))
            bar.setUnitLabel("米")
            bar.update()
        north = self._item(QgsLayoutItemPicture, NORTH)
        if north is not None and frames:
            north.setNorthMode(QgsLayoutItemPicture.NorthMode.TrueNorth)
            north.setLinkedMap(frames[-1])

    def _draw_pdf(self, path: Path) -> bool:
        """The page as a PDF with its texts as text.

        Not by the exporter's own PDF export: its printer class asks the print service of the machine for printers over the network.
        """
        page = self._layout.pageCollection().page(0).pageSize()
        writer = pdf_writer(path, self._dpi, page.width(), page.height())
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


def read_document(path: Path) -> QDomDocument:
    """The XML of a template, on any thread. Raises ``filing.template_unreadable``."""
    document = QDomDocument()
    read = document.setContent(path.read_text(encoding="utf-8"))
    if not (read[0] if isinstance(read, tuple) else read):
        raise WeipianError("filing.template_unreadable", template=str(path), reason="QGIS")
    return document


def load_layout(document: QDomDocument, project: QgsProject, path: Path) -> QgsPrintLayout:
    """The layout of a template, on the main thread; ``path`` is for the message. Raises ``filing.template_unreadable``."""
    # Texts need the library of styles. One that a drawing thread makes ready is announced when the main thread is next idle, and
    # qgis_process may have cleared it away by then, and end.
    QgsStyle.defaultStyle()
    layout = QgsPrintLayout(project)
    _, whole = layout.loadFromTemplate(document, QgsReadWriteContext())
    if not whole:
        raise WeipianError("filing.template_unreadable", template=str(path), reason="QGIS")
    return layout


def items_of(layout: QgsPrintLayout, kind: type) -> Iterator[Any]:
    """The items of one class in a layout, in its order of drawing."""
    return (item for item in layout.items() if isinstance(item, kind))


def map_inputs(template: Path, dpi: int, images: Sequence[DatedImage]) -> dict[str, object]:
    """What maps are made from: template, resolution, imagery."""
    sha256 = hashlib.sha256(template.read_bytes()).hexdigest()
    return {"template": sha256, "dpi": dpi, "imagery": imagery_inputs(images)}


def map_path(folder: Path, number: str, suffix: str) -> Path:
    """Where the map of a parcel is written: its number as a file name of at most 60 characters."""
    return folder / f"{file_name(number, 60)}.{suffix}"


def pdf_writer(path: Path, dpi: int, width: float, height: float) -> QPdfWriter:
    """A page of ``width`` × ``height`` millimetres without margins."""
    writer = QPdfWriter(str(path))
    writer.setResolution(dpi)
    writer.setPageSize(QPageSize(QSizeF(width, height), QPageSize.Unit.Millimeter))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    return writer


def render_location_map(
    case: ParcelCase, layers: Sequence[LayerSource], folder: Path, *, dpi: int = 150, templates: Optional[Path] = None
) -> tuple[MapFile, ...]:
    """One map, for callers with one parcel; see :class:`MapMaker` for many."""
    maker = MapMaker(layers, dpi, templates)
    try:
        return maker.render(case, folder)
    finally:
        maker.close()


def overview_symbol() -> QgsFillSymbol:
    """How the overview shows what the pictures show."""
    return QgsFillSymbol.createSimple({"color": "0,0,0,0", "outline_color": "#e60000", "outline_width": "0.5"})


def segment_of(scale: int) -> float:
    """Length of a segment of the scale bar in metres: about 14 mm on paper, and round."""
    requested = Decimal(scale) * Decimal("0.014")
    power = Decimal(10) ** (requested.adjusted())
    return float(max(step * power for step in (Decimal(1), Decimal(2), Decimal(5)) if step * power <= requested))


def _paper_metres(item: QgsLayoutItemMap) -> tuple[float, float]:
    box = item.rect()  # millimetres
    return box.width() / 1000.0, box.height() / 1000.0


def _frame(
    item: QgsLayoutItemMap,
    crs: QgsCoordinateReferenceSystem,
    extent: QgsRectangle,
    scale: float,
    layers: Sequence[QgsMapLayer],
) -> None:
    item.setCrs(crs)
    item.setKeepLayerSet(True)
    item.setLayers(list(layers))
    item.setExtent(frame_extent(extent, _paper_metres(item), scale))


def _link_overview(item: QgsLayoutItemMap, frames: Sequence[QgsLayoutItemMap]) -> None:
    if frames and not item.overviews().asList():
        overview = QgsLayoutItemMapOverview("主图范围", item)
        overview.setLinkedMap(frames[-1])
        overview.setFrameSymbol(overview_symbol())
        item.overviews().addOverview(overview)
