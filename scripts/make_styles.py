"""Make the QML styles of the workbench's layers (resources/styles): parcel, part, region. Needs QGIS; no screen."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from house import REPOSITORY
from qgis.core import (
    QgsApplication,
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsPalLayerSettings,
    QgsRendererCategory,
    QgsSingleSymbolRenderer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor

STYLES = REPOSITORY / "resources" / "styles"
#: Colours of the states, told apart by lightness as well as by hue.
STATES = {
    "未提报": "#ff6d00", "已判定": "#ffd600", "已复核": "#00b0ff", "已填报": "#00c853", "退回": "#d500f9", "改判": "#ff1744",
}  # fmt: skip
REGIONS = {
    "approved": ("已批", "#2e7d32"), "approved_in_time": ("按时已批", "#66bb6a"), "uncovered": ("未批", "#c62828"),
    "uncovered_in_time": ("按时未批", "#ef5350"), "uncovered_farmland": ("未批耕地", "#f9a825"),
    "uncovered_basic_farmland": ("未批永久基本农田", "#e65100"),
}  # fmt: skip


def outline(colour: str, width: float, style: str = "solid", fill: int = 0) -> QgsFillSymbol:
    red, green, blue, _ = QColor(colour).getRgb()
    return QgsFillSymbol.createSimple(
        {
            "color": f"{red},{green},{blue},{fill}",
            "outline_color": colour,
            "outline_width": str(width),
            "outline_style": style,
        }
    )


def labels(layer: QgsVectorLayer, expression: str, is_expression: bool, largest_scale: float) -> None:
    settings = QgsPalLayerSettings()
    settings.fieldName, settings.isExpression = expression, is_expression
    settings.scaleVisibility, settings.minimumScale, settings.maximumScale = True, largest_scale, 1
    text, buffer = QgsTextFormat(), QgsTextBufferSettings()
    buffer.setEnabled(True)
    buffer.setSize(0.8)
    buffer.setColor(QColor("#ffffff"))
    text.setBuffer(buffer)
    text.setSize(8)
    settings.setFormat(text)
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)


def save(layer: QgsVectorLayer, name: str) -> None:
    message, ok = layer.saveNamedStyle(
        str(STYLES / name), QgsVectorLayer.StyleCategory.Symbology | QgsVectorLayer.StyleCategory.Labeling
    )
    if not ok:
        raise SystemExit(message)


def main() -> None:
    parcel = QgsVectorLayer("MultiPolygon?field=number:string&field=state:string", "parcel", "memory")
    categories = [QgsRendererCategory(state, outline(colour, 0.6, fill=28), state) for state, colour in STATES.items()]
    parcel.setRenderer(QgsCategorizedSymbolRenderer("state", categories))
    labels(parcel, 'right("number", 4)', True, 25000)
    save(parcel, "parcel.qml")
    part = QgsVectorLayer("MultiPolygon?field=part:string", "part", "memory")
    part.setRenderer(QgsSingleSymbolRenderer(outline("#ffffff", 0.5, "dash")))
    labels(part, "part", False, 5000)
    save(part, "part.qml")
    region = QgsVectorLayer("MultiPolygon?field=region:string", "region", "memory")
    region.setRenderer(
        QgsCategorizedSymbolRenderer(
            "region",
            [
                QgsRendererCategory(key, outline(colour, 0.4, fill=70), title)
                for key, (title, colour) in REGIONS.items()
            ],
        )
    )
    save(region, "region.qml")


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    main()
    application.exitQgis()
