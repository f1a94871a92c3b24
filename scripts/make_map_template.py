"""Draw the shipped layout of the location map (resources/templates/位置图.qpt). Needs a Python that sees QGIS.

An office replaces it by a layout of its own, saved from QGIS as a template: map items with the ids 前时相, 后时相 and 示意图, a legend 图例,
a scale bar 比例尺, a picture 指北针, and labels with `{{字段}}`. Each of them may be left out.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (
    QgsApplication,
    QgsFillSymbol,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsLayoutItemShape,
    QgsLayoutMeasurement,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLegendStyle,
    QgsPrintLayout,
    QgsProject,
    QgsReadWriteContext,
    QgsSimpleFillSymbolLayer,
    QgsTextFormat,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QFont

TARGET = Path(__file__).resolve().parents[1] / "resources" / "templates" / "位置图.qpt"
SONG, HEI = "SimSun", "Microsoft YaHei"


def place(item: object, x: float, y: float, width: float, height: float, name: str = "") -> None:
    item.attemptMove(QgsLayoutPoint(x, y))
    item.attemptResize(QgsLayoutSize(width, height))
    if name:
        item.setId(name)


def text_format(size: float, family: str = SONG, bold: bool = False) -> QgsTextFormat:
    font = QFont(family)
    font.setBold(bold)
    made = QgsTextFormat()
    made.setFont(font)
    made.setSize(size)
    made.setColor(QColor("black"))
    return made


def label(
    layout: QgsPrintLayout, text: str, box: tuple[float, float, float, float], size: float, **style: object
) -> None:
    item = QgsLayoutItemLabel(layout)
    item.setText(text)
    font = QFont(style.get("family", SONG))
    font.setPointSizeF(size)
    font.setBold(bool(style.get("bold")))
    item.setFont(font)
    item.setHAlign(style.get("align", Qt.AlignmentFlag.AlignLeft))
    item.setVAlign(Qt.AlignmentFlag.AlignVCenter)
    item.setMarginX(0.5)
    layout.addLayoutItem(item)
    place(item, *box)


def frame(layout: QgsPrintLayout, box: tuple[float, float, float, float], width: float) -> None:
    shape = QgsLayoutItemShape(layout)
    shape.setShapeType(QgsLayoutItemShape.Shape.Rectangle)
    line = QgsSimpleFillSymbolLayer(
        QColor(0, 0, 0, 0), Qt.BrushStyle.NoBrush, QColor("black"), Qt.PenStyle.SolidLine, width
    )
    shape.setSymbol(QgsFillSymbol([line]))
    layout.addLayoutItem(shape)
    place(shape, *box)


def map_item(layout: QgsPrintLayout, name: str, box: tuple[float, float, float, float]) -> QgsLayoutItemMap:
    item = QgsLayoutItemMap(layout)
    layout.addLayoutItem(item)
    place(item, *box, name)
    item.setFrameEnabled(True)
    item.setFrameStrokeWidth(QgsLayoutMeasurement(0.3))
    item.setBackgroundColor(QColor("#f4f4f0"))
    return item


def draw(layout: QgsPrintLayout) -> None:
    """A4 landscape: two maps above, the strip with overview, legend, scale and facts below."""
    page = layout.pageCollection().page(0)
    page.setPageSize(QgsLayoutSize(297, 210))
    frame(layout, (6, 6, 285, 198), 0.8)
    frame(layout, (7.2, 7.2, 282.6, 195.6), 0.2)
    centre, right = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight
    label(layout, "图斑 {{图斑编号}} 位置图", (10, 9, 277, 10), 18, family=HEI, bold=True, align=centre)
    label(layout, "前时相影像　{{前时相}}　来源：{{前时相影像来源}}", (10, 19.5, 137.5, 6), 9, align=centre)
    label(layout, "后时相影像　{{后时相}}　来源：{{后时相影像来源}}", (149.5, 19.5, 137.5, 6), 9, align=centre)
    before = map_item(layout, "前时相", (10, 26, 137.5, 118))
    map_item(layout, "后时相", (149.5, 26, 137.5, 118))
    map_item(layout, "示意图", (10, 148, 52, 51))

    legend = QgsLayoutItemLegend(layout)
    legend.setTitle("图例")
    legend.setAutoUpdateModel(False)
    legend.setResizeToContents(False)
    legend.setColumnCount(2)
    legend.setSymbolWidth(6)
    legend.setSymbolHeight(3.2)
    legend.setBoxSpace(1)
    legend.setLineSpacing(0.6) if hasattr(legend, "setLineSpacing") else None
    for part, size in (
        (QgsLegendStyle.Style.Title, 10),
        (QgsLegendStyle.Style.SymbolLabel, 8),
        (QgsLegendStyle.Style.Subgroup, 8),
    ):
        style = legend.style(part)
        style.setTextFormat(text_format(size)) if hasattr(style, "setTextFormat") else style.setFont(
            text_format(size).font()
        )
        legend.setStyle(part, style)
        font = QFont(SONG)
        font.setPointSizeF(size)
        legend.setStyleFont(part, font)
    layout.addLayoutItem(legend)
    place(legend, 66, 148, 82, 51, "图例")

    bar = QgsLayoutItemScaleBar(layout)
    bar.setStyle("Single Box")
    bar.setLinkedMap(before)
    bar.setNumberOfSegments(4)
    bar.setNumberOfSegmentsLeft(0)
    bar.setHeight(1.8)
    bar.setTextFormat(text_format(8))
    layout.addLayoutItem(bar)
    place(bar, 152, 189, 70, 10, "比例尺")
    label(layout, "比例尺 1:{{比例尺}}", (152, 183, 60, 5), 9, bold=True)

    north = QgsLayoutItemPicture(layout)
    north.setPicturePath(":/images/north_arrows/layout_default_north_arrow.svg")
    layout.addLayoutItem(north)
    place(north, 271, 27.5, 14, 14, "指北针")

    facts = (
        "位置：{{县级行政区}}{{乡镇}}{{村}}",
        "中心坐标：{{中心经度}}°E，{{中心纬度}}°N（CGCS2000）",
        "坐标系：{{坐标系}}",
        "面积：{{地块面积}} 亩（{{地块面积平方米}} 平方米），按时已批 {{按时已批面积}} 亩，按时未批 {{按时未批面积}} 亩",
        "其中：耕地 {{占耕地面积}} 亩，永久基本农田 {{占基本农田面积}} 亩，生态保护红线 {{占生态红线面积}} 亩",
        "照片：{{照片数}} 张，带方位角 {{带方位角照片数}} 张（箭头为拍摄方向）",
        "制图：{{填报单位}}　{{制表人}}　　　　年　月　日",
    )
    for position, line in enumerate(facts):
        label(layout, line, (152, 147.5 + position * 5.1, 135, 5.1), 8.5)
    label(layout, "套合与图面由软件生成，供核查使用，不作为认定结论。", (222, 194, 65, 5), 7, align=right)


def main() -> None:
    application = QgsApplication([], False)
    application.initQgis()
    project = QgsProject()
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    layout.setName("位置图")
    draw(layout)
    layout.saveAsTemplate(str(TARGET), QgsReadWriteContext())
    text = TARGET.read_text(encoding="utf-8")
    for number, found in enumerate(
        dict.fromkeys(re.findall(r"\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}", text)), start=1
    ):
        text = text.replace(found, f"{{00000000-0000-4000-8000-{number:012d}}}")
    TARGET.write_text(text, encoding="utf-8")
    print(TARGET.name, len(text))
    del layout, project
    application.exitQgis()


if __name__ == "__main__":
    main()
