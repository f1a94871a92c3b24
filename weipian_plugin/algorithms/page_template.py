"""The shipped page of the location map (位置图.qpt) as plain records, read once on the main thread, for a writer of our own.

Only what the shipped page has: pictures, legend, scale bar, north arrow, labels and frames. An office's own layout may hold anything and
is drawn by QGIS (:mod:`.maps`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Optional, Union

from qgis.core import (
    QgsFillSymbol,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsLayoutItemShape,
    QgsLegendSettings,
    QgsPrintLayout,
    QgsScaleBarSettings,
)
from qgis.PyQt.QtCore import QRectF
from qgis.PyQt.QtGui import QColor, QFont, QPen
from qgis.PyQt.QtXml import QDomDocument, QDomElement

from ..filing import FilingRules
from ..filing.placeholder import CellText
from ..toolbelt.compat import empty_project
from ..toolbelt.threads import run_in_main_thread
from .label_text import read_label
from .map_scene import AFTER, BEFORE
from .maps import items_of, load_layout, read_document

#: Items that are read in one turn of the main thread.
_AT_ONCE = 5


@dataclass(frozen=True)
class LabelItem:
    """A text in its box (millimetres, without the margins); ``placeholders`` where it has any."""

    box: QRectF
    name: str
    text: str
    placeholders: Optional[CellText]
    font: QFont
    colour: QColor
    alignment: int


@dataclass(frozen=True)
class PictureItem:
    """A map: its box, background and frame."""

    box: QRectF
    name: str
    background: QColor
    pen: QPen


@dataclass(frozen=True)
class ShapeItem:
    box: QRectF
    symbol: QgsFillSymbol


@dataclass(frozen=True)
class LegendItem:
    box: QRectF
    settings: QgsLegendSettings
    background: QColor


@dataclass(frozen=True)
class ScaleBarItem:
    """``settings`` without the length of a segment."""

    box: QRectF
    style: str
    settings: QgsScaleBarSettings


@dataclass(frozen=True)
class NorthItem:
    box: QRectF
    path: str
    fill: QColor
    stroke: QColor
    stroke_width: float


Item = Union[LabelItem, PictureItem, ShapeItem, LegendItem, ScaleBarItem, NorthItem]


@dataclass(frozen=True)
class PageTemplate:
    """``items`` from the bottom up, boxes and sizes in millimetres."""

    path: Path
    width: float
    height: float
    items: tuple[Item, ...]

    def papers(self) -> list[tuple[float, float]]:
        """The two pictures in metres on paper."""
        pictures = [item for item in self.items if isinstance(item, PictureItem) and item.name in (BEFORE, AFTER)]
        return [(item.box.width() / 1000.0, item.box.height() / 1000.0) for item in pictures]


def read_page(path: Path, rules: FilingRules) -> PageTemplate:
    """Read a template of the shipped kind, on any thread. Raises ``filing.template_*``.

    QGIS makes layouts on the main thread; there a few items at a time are read, so that a window goes on between them.
    """
    document = read_document(path)
    root = document.documentElement()
    items = [root.removeChild(node).toElement() for node in _children(root, "LayoutItem")]
    items.sort(key=lambda item: float(item.attribute("zValue", "0")))
    size = run_in_main_thread(lambda: _alone(document, path, lambda layout: layout.pageCollection().page(0).pageSize()))
    result: list[Item] = []
    for start in range(0, len(items), _AT_ONCE):
        few = document.cloneNode(True).toDocument()
        for item in items[start : start + _AT_ONCE]:
            few.documentElement().appendChild(few.importNode(item, True))
        result.extend(run_in_main_thread(partial(_alone, few, path, _read_items)))
    whole = (_with_placeholders(item, path.name, rules) for item in result)
    return PageTemplate(path, size.width(), size.height(), tuple(whole))


def _children(root: QDomElement, name: str) -> list[QDomElement]:
    """The elements right below ``root`` of a name."""
    nodes = root.childNodes()
    return [nodes.at(place) for place in range(nodes.length()) if nodes.at(place).nodeName() == name]


def _alone(document: QDomDocument, path: Path, read: Callable[[QgsPrintLayout], object]) -> Any:
    """What is read of the layout of a document, which is gone then. On the main thread."""
    project = empty_project()
    layout = load_layout(document, project, path)
    try:
        return read(layout)
    finally:
        layout.clear()
        project.clear()


def _read_items(layout: QgsPrintLayout) -> list[Item]:
    items = sorted(items_of(layout, QgsLayoutItem), key=lambda item: float(item.zValue()))
    return [read for item in items if (read := _item(item)) is not None]


def _with_placeholders(item: Item, template: str, rules: FilingRules) -> Item:
    """A label with what its text asks for. Raises ``filing.template_field_unknown``."""
    if not isinstance(item, LabelItem):
        return item
    return replace(item, placeholders=read_label(item.text, item.name or item.text[:20], template, rules))


def _item(item: QgsLayoutItem) -> Optional[Item]:
    """The record of an item; None for the paper itself."""
    box = QRectF(item.pos(), item.rect().size())
    if isinstance(item, QgsLayoutItemLabel):
        return _label(item, box)
    if isinstance(item, QgsLayoutItemMap):
        return PictureItem(box, item.id(), QColor(item.backgroundColor()), QPen(item.pen()))
    if isinstance(item, QgsLayoutItemShape):
        return ShapeItem(box, item.symbol().clone())
    if isinstance(item, QgsLayoutItemLegend):
        return LegendItem(box, QgsLegendSettings(item.legendSettings()), QColor(item.backgroundColor()))
    if isinstance(item, QgsLayoutItemScaleBar):
        return ScaleBarItem(box, item.style(), _bar_settings(item))
    if isinstance(item, QgsLayoutItemPicture):
        fill, stroke = QColor(item.svgFillColor()), QColor(item.svgStrokeColor())
        return NorthItem(box, item.picturePath(), fill, stroke, item.svgStrokeWidth())
    return None


def _label(item: QgsLayoutItem, box: QRectF) -> LabelItem:
    x, y = item.marginX(), item.marginY()
    if hasattr(item, "textFormat"):  # from QGIS 3.24 on
        style = item.textFormat()
        font, colour = style.toQFont(), style.color()
    else:
        font, colour = item.font(), item.fontColor()
    alignment = int(item.hAlign()) | int(item.vAlign())
    return LabelItem(box.adjusted(x, y, -x, -y), item.id(), item.text(), None, QFont(font), QColor(colour), alignment)


def _bar_settings(item: QgsLayoutItem) -> QgsScaleBarSettings:
    result = QgsScaleBarSettings()
    result.setUnits(item.units())
    result.setUnitLabel("米")
    result.setMapUnitsPerScaleBarUnit(item.mapUnitsPerScaleBarUnit())
    result.setNumberOfSegments(item.numberOfSegments())
    result.setNumberOfSegmentsLeft(item.numberOfSegmentsLeft())
    result.setHeight(item.height())
    result.setBoxContentSpace(item.boxContentSpace())
    result.setLabelBarSpace(item.labelBarSpace())
    result.setAlignment(item.alignment())
    result.setLabelVerticalPlacement(item.labelVerticalPlacement())
    result.setLabelHorizontalPlacement(item.labelHorizontalPlacement())
    result.setTextFormat(item.textFormat())
    result.setNumericFormat(item.numericFormat().clone())
    result.setFillSymbol(item.fillSymbol().clone())
    result.setAlternateFillSymbol(item.alternateFillSymbol().clone())
    result.setLineSymbol(item.lineSymbol().clone())
    result.setDivisionLineSymbol(item.divisionLineSymbol().clone())
    return result
