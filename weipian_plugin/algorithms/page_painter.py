"""Draws the shipped page of the location map with a QPainter, item by item, as a QGIS layout would; on any thread.

Boxes of the page are millimetres, a painter has dots.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsBearingUtils,
    QgsCoordinateTransformContext,
    QgsLayerTree,
    QgsLayerTreeModel,
    QgsLayoutUtils,
    QgsLegendRenderer,
    QgsLegendSettings,
    QgsMapRendererCustomPainterJob,
    QgsMapSettings,
    QgsRectangle,
    QgsRenderContext,
    QgsScaleBarRenderer,
    QgsScaleBarSettings,
    QgsSymbol,
)
from qgis.PyQt.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from qgis.PyQt.QtGui import QColor, QFont, QImage, QPainter, QPen, QPolygonF
from qgis.PyQt.QtSvg import QSvgRenderer

from .map_grid import draw_grid
from .map_scene import AFTER, OVERVIEW, OVERVIEW_FACTOR, Scene, frame_extent
from .maps import overview_symbol, segment_of
from .page_template import LabelItem, LegendItem, NorthItem, PageTemplate, PictureItem, ScaleBarItem, ShapeItem

MILLIMETRES_OF_AN_INCH = 25.4
#: Fonts are measured at this many dots a millimetre: whole dots of the page would be too coarse (as QGIS's layouts do).
_FONT_DOTS = 10.0
_MILLIMETRES_OF_A_POINT = 0.3527


@dataclass(frozen=True)
class PagePainter:
    """``layers``: by name, filled for the scene; ``texts``: of labels, by their place among the items; ``underlays``: imagery by picture."""

    page: PageTemplate
    scene: Scene
    layers: Mapping[str, Any]
    texts: Mapping[int, str]
    underlays: Mapping[str, QImage]
    grid: bool = False  # 坐标格网 over the two pictures

    def draw(self, painter: QPainter, dpi: int, text: Qgis.TextRenderFormat) -> None:
        """The whole page; ``text``: letters as outlines or as text."""
        ink = _Ink(painter, dpi, text)
        # A device has whole dots: the page is fitted to it.
        device = painter.device()
        fit = min(device.width() / (self.page.width * ink.dots), device.height() / (self.page.height * ink.dots))
        painter.scale(fit, fit)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, item in enumerate(self.page.items):
            painter.save()
            painter.translate(item.box.x() * ink.dots, item.box.y() * ink.dots)
            if isinstance(item, LabelItem):
                _label(ink, item, self.texts[place])
            elif isinstance(item, PictureItem):
                self._picture(ink, item)
            elif isinstance(item, ShapeItem):
                _outline(ink, item.symbol, item.box.size())
            elif isinstance(item, LegendItem):
                self._legend(ink, item)
            elif isinstance(item, ScaleBarItem):
                self._scale_bar(ink, item)
            else:
                self._north(ink, item)
            painter.restore()

    def _picture(self, ink: _Ink, item: PictureItem) -> None:
        box = ink.local(item.box.size())
        ink.painter.fillRect(box, item.background)
        if item.name in self.underlays:
            ink.painter.drawImage(box, self.underlays[item.name])
        names = ("parcel",) if item.name == OVERVIEW else self.scene.used
        ink.painter.save()
        ink.painter.setClipRect(box)
        settings = map_settings(item, self.scene, ink.dpi)
        settings.setLayers([self.layers[name] for name in names])
        settings.setTextRenderFormat(ink.text)
        QgsMapRendererCustomPainterJob(settings, ink.painter).renderSynchronously()
        ink.painter.restore()
        if self.grid and item.name != OVERVIEW:
            draw_grid(ink.painter, box, settings.visibleExtent(), ink.dots)
        if item.name == OVERVIEW:
            self._shown_elsewhere(ink, item)
        pen = item.pen
        ink.painter.setPen(_in_dots(pen, ink.dots))
        ink.painter.setBrush(Qt.BrushStyle.NoBrush)
        ink.painter.drawRect(box)

    def _shown_elsewhere(self, ink: _Ink, item: PictureItem) -> None:
        """The outline of the later picture in the overview."""
        picture = next(one for one in self.page.items if isinstance(one, PictureItem) and one.name == AFTER)
        shown, whole = extent_of(picture, self.scene), extent_of(item, self.scene)
        step = item.box.width() * ink.dots / whole.width()
        corners = [
            QPointF((x - whole.xMinimum()) * step, (whole.yMaximum() - y) * step)
            for x, y in (
                (shown.xMinimum(), shown.yMinimum()),
                (shown.xMinimum(), shown.yMaximum()),
                (shown.xMaximum(), shown.yMaximum()),
                (shown.xMaximum(), shown.yMinimum()),
                (shown.xMinimum(), shown.yMinimum()),
            )
        ]
        _polygon(ink, overview_symbol(), corners)

    def _legend(self, ink: _Ink, item: LegendItem) -> None:
        ink.painter.fillRect(ink.local(item.box.size()), item.background)
        tree = QgsLayerTree()
        for name in self.scene.used:
            tree.addLayer(self.layers[name])
        model = QgsLayerTreeModel(tree)
        renderer = QgsLegendRenderer(model, QgsLegendSettings(item.settings))
        renderer.setLegendSize(item.box.size())
        ink.painter.scale(ink.dots, ink.dots)  # legends are drawn in millimetres
        renderer.drawLegend(ink.context())

    def _scale_bar(self, ink: _Ink, item: ScaleBarItem) -> None:
        metres = segment_of(self.scene.scale)
        settings = QgsScaleBarSettings(item.settings)
        settings.setUnitsPerSegment(metres)
        measures = QgsScaleBarRenderer.ScaleBarContext()
        measures.segmentWidth = 1000.0 * metres * settings.mapUnitsPerScaleBarUnit() / self.scene.scale
        measures.size = item.box.size()
        measures.scale = float(self.scene.scale)
        renderer = QgsApplication.scaleBarRendererRegistry().renderer(item.style)
        renderer.draw(ink.context(), settings, measures)

    def _north(self, ink: _Ink, item: NorthItem) -> None:
        centre = self.scene.extent.center()
        turned = QgsBearingUtils.bearingTrueNorth(self.scene.crs, QgsCoordinateTransformContext(), centre)
        content = QgsApplication.svgCache().svgContent(item.path, 0, item.fill, item.stroke, item.stroke_width, 1.0)
        arrow = QSvgRenderer(content)
        size = QSizeF(arrow.viewBoxF().size())
        width, height = item.box.width(), item.box.height()
        size.scale(width, height, Qt.AspectRatioMode.KeepAspectRatio)
        fitting = QgsLayoutUtils.largestRotatedRectWithinBounds(
            QRectF(QPointF(0, 0), size), QRectF(0, 0, width, height), turned
        )
        target = ink.local(fitting.size())
        whole = ink.local(item.box.size())
        ink.painter.translate(whole.width() / 2.0, whole.height() / 2.0)
        ink.painter.rotate(turned)
        ink.painter.translate(-target.width() / 2.0, -target.height() / 2.0)
        arrow.render(ink.painter, target)


@dataclass(frozen=True)
class _Ink:
    """A painter whose origin is the corner of the item that is drawn."""

    painter: QPainter
    dpi: int
    text: Qgis.TextRenderFormat

    @property
    def dots(self) -> float:
        """Dots of a millimetre."""
        return self.dpi / MILLIMETRES_OF_AN_INCH

    def local(self, size: QSizeF) -> QRectF:
        """A box of so many millimetres at the origin."""
        return QRectF(0, 0, size.width() * self.dots, size.height() * self.dots)

    def context(self) -> QgsRenderContext:
        result = QgsRenderContext.fromQPainter(self.painter)
        result.setScaleFactor(self.dots)
        result.setTextRenderFormat(self.text)
        result.setFlag(Qgis.RenderContextFlag.Antialiasing)
        return result


def rendered(item: PictureItem, scene: Scene, dpi: int) -> QImage:
    """The imagery of a picture on its background, once for all outputs; opaque, as a PDF takes it without a mask."""
    settings = map_settings(item, scene, dpi)
    settings.setLayers(list(scene.rasters[item.name]))
    image = QImage(settings.outputSize(), QImage.Format.Format_RGB32)
    image.fill(item.background)
    painter = QPainter(image)
    QgsMapRendererCustomPainterJob(settings, painter).renderSynchronously()
    painter.end()
    return image


def extent_of(item: PictureItem, scene: Scene) -> QgsRectangle:
    """What a picture shows, in metres."""
    scale = scene.scale * (OVERVIEW_FACTOR if item.name == OVERVIEW else 1.0)
    return frame_extent(scene.extent, (item.box.width() / 1000.0, item.box.height() / 1000.0), scale)


def map_settings(item: PictureItem, scene: Scene, dpi: int) -> QgsMapSettings:
    """What a map item of the page is drawn with: its box in dots at ``dpi``, the system and the extent of the scene."""
    dots = dpi / MILLIMETRES_OF_AN_INCH
    settings = QgsMapSettings()
    settings.setOutputSize(QSize(round(item.box.width() * dots), round(item.box.height() * dots)))
    settings.setOutputDpi(dpi)
    settings.setDestinationCrs(scene.crs)
    settings.setTransformContext(QgsCoordinateTransformContext())
    settings.setExtent(extent_of(item, scene))
    settings.setBackgroundColor(QColor(0, 0, 0, 0))
    settings.setFlag(Qgis.MapSettingsFlag.Antialiasing, True)
    settings.setFlag(Qgis.MapSettingsFlag.UseAdvancedEffects, True)
    settings.setFlag(Qgis.MapSettingsFlag.ForceVectorOutput, True)
    settings.setFlag(Qgis.MapSettingsFlag.DrawEditingInfo, False)
    return settings


def _label(ink: _Ink, item: LabelItem, text: str) -> None:
    painter = ink.painter
    font = QFont(item.font)
    # half a dot is added and the rest cut off, as in QGIS's layouts
    font.setPixelSize(int(item.font.pointSizeF() * _MILLIMETRES_OF_A_POINT * _FONT_DOTS + 0.5))
    painter.scale(ink.dots / _FONT_DOTS, ink.dots / _FONT_DOTS)
    painter.setFont(font)
    painter.setPen(item.colour)
    box = QRectF(0, 0, item.box.width() * _FONT_DOTS, item.box.height() * _FONT_DOTS)
    painter.drawText(box, item.alignment | int(Qt.TextFlag.TextWordWrap), text)


def _outline(ink: _Ink, symbol: QgsSymbol, size: QSizeF) -> None:
    box = ink.local(size)
    _polygon(ink, symbol, [box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft(), box.topLeft()])


def _polygon(ink: _Ink, symbol: QgsSymbol, corners: Sequence[QPointF]) -> None:
    context, own = ink.context(), symbol.clone()
    own.startRender(context)
    own.renderPolygon(QPolygonF(list(corners)), None, None, context)
    own.stopRender(context)


def _in_dots(pen: QPen, dots: float) -> QPen:
    result = type(pen)(pen)
    result.setWidthF(pen.widthF() * dots)
    return result
