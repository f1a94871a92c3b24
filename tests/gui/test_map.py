"""The map: a click chooses, colours follow the queue, labels tell parcels apart, layers of the catalogue lie ready, columns speak Chinese."""

from __future__ import annotations

from typing import Any

import pytest
from qgis.core import QgsExpressionContextUtils, QgsPointXY, QgsProject, QgsRenderContext
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis.utils import iface

from tests.gui.conftest import until, wait
from tests.gui.test_reviewing import settled
from weipian_plugin.gui.map_rows import labels
from weipian_plugin.gui.shapes import as_qgs, on_map
from weipian_plugin.toolbelt import settings


@pytest.fixture(autouse=True)
def colours() -> Any:
    yield
    settings.change(map_colours="proposal")


def parcels(bench: Any) -> Any:
    return next(layer for layer in QgsProject.instance().mapLayers().values() if layer.name() == "图斑")


def drawn_as(layer: Any, number: str) -> str:
    """The label of the category in which a parcel is drawn."""
    feature = next(layer.getFeatures('"number" = \'' + number + "'"))
    context = QgsRenderContext()
    context.expressionContext().appendScopes(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.expressionContext().setFeature(feature)
    renderer = layer.renderer().clone()
    renderer.startRender(context, layer.fields())
    found = renderer.legendKeysForFeature(feature, context)
    items = {item.ruleKey(): item.label() for item in renderer.legendSymbolItems()}
    renderer.stopRender(context)
    return items[next(iter(found))]


def test_a_click_on_the_map_chooses_the_parcel(bench: Any) -> None:
    session, canvas = bench.parts.session, iface.mapCanvas()
    first, second = settled(bench)[:2]
    session.select(first)
    bench.parts.zoom()
    until(lambda: not canvas.isDrawing(), 10)
    shape = on_map(as_qgs(session.details.parcel.geometry), canvas.mapSettings().destinationCrs())
    place = canvas.getCoordinateTransform().transform(QgsPointXY(shape.pointOnSurface().asPoint()))
    session.select(second)
    canvas.setCenter(shape.pointOnSurface().asPoint())
    until(lambda: not canvas.isDrawing(), 10)
    place = canvas.getCoordinateTransform().transform(QgsPointXY(shape.pointOnSurface().asPoint()))
    iface.actionPan().trigger()
    QTest.mouseClick(
        canvas.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QPoint(int(place.x()), int(place.y())),
    )
    wait(0.1)
    assert session.current == first
    assert bench.parts.click.number_at(QPoint(-10000, -10000)) == ""


def test_colours_follow_proposal_decision_and_state(bench: Any, picture: Any) -> None:
    session, layer = bench.parts.session, parcels(bench)
    until(lambda: bench.parts.map.rows.values("proposal"), 10)
    number = settled(bench)[0]
    assert drawn_as(layer, number) == session.rows[number].proposal
    bench.dock.colour_choice.setCurrentIndex(bench.dock.colour_choice.findData("decision"))
    bench.dock.colour_choice.activated.emit(bench.dock.colour_choice.currentIndex())
    assert drawn_as(layer, number) == "尚未判定"
    session.select(number)
    bench.dock.form.submit()
    until(lambda: drawn_as(layer, number) == session.rows[number].decision, 40, "the map shows the decision")
    bench.dock.colour_choice.setCurrentIndex(bench.dock.colour_choice.findData("state"))
    bench.dock.colour_choice.activated.emit(bench.dock.colour_choice.currentIndex())
    assert drawn_as(layer, number) == "已判定"
    bench.parts.zoom()
    wait(1.0)
    picture("map_colours")


def test_labels_never_read_alike() -> None:
    found = labels(["500118SJBG23210001", "500118KCBG23210001", "500118SJBG23210002"])
    assert found["500118SJBG23210002"] == "0002" and len(set(found.values())) == 3


def test_layers_of_the_catalogue_lie_in_the_tree_hidden_with_chinese_columns(bench: Any) -> None:
    until(lambda: not bench.parts.map.references.busy, 20, "all are opened")
    root = QgsProject.instance().layerTreeRoot()
    group = root.findGroup("套合图层")
    assert group is not None and not group.itemVisibilityChecked() and len(group.findLayers()) >= 5
    names = [node.name() for node in group.findLayers()]
    assert not any(name.isascii() for name in names), names
    layer = parcels(bench)
    titles = {field.name(): layer.attributeDisplayName(index) for index, field in enumerate(layer.fields())}
    assert titles["township"] == "乡镇" and titles["row_proposal"] == "建议"
    config = layer.attributeTableConfig()
    shown = [column.name for column in config.columns() if not column.hidden]
    assert "delivered" not in shown and not [
        name for name in shown if titles.get(name, "").isascii() and name in titles
    ]
    assert "row_proposal" in layer.mapTipTemplate()
    assert not QgsProject.instance().isDirty(), "showing a workspace is no change of the project"
    bench.parts.close_workspace()
    assert not QgsProject.instance().mapLayers()
