"""Comparing two dates: swipe, blink, side by side; pixels, keys, what is left behind."""

from __future__ import annotations

import statistics
import time
from typing import Any

import pytest
from qgis.core import QgsProject
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from qgis.PyQt.QtGui import QMouseEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QDockWidget, QToolBar
from qgis.utils import iface

from tests.gui.conftest import SCALE, until, wait


@pytest.fixture
def comparing(bench: Any) -> Any:
    """A parcel inside the imagery, zoomed to, with swipe on."""
    parts = bench.parts
    parts.session.select("500118SJBG23210003")
    parts.zoom()
    wait(0.8)
    bench.actions["compare_swipe"].trigger()
    until(lambda: parts.compare.mode == "swipe" and not parts.compare.rendering, what="both dates are rendered")
    yield parts.compare
    parts.compare.leave()


def colour(x: float, y: float) -> tuple[int, int, int]:
    """The pixel at a share of the canvas."""
    image = iface.mapCanvas().viewport().grab().toImage()
    return image.pixelColor(int(image.width() * x), int(image.height() * y)).getRgb()[:3]


def picture_colour(side: Any, x: float, y: float) -> tuple[int, int, int]:
    image = side.pixmap.toImage()
    return image.pixelColor(int(image.width() * x), int(image.height() * y)).getRgb()[:3]


@pytest.mark.scale
def test_each_half_shows_its_own_date_at_the_right_place(comparing: Any, picture: Any) -> None:
    assert comparing.item.before.pixmap.width() == iface.mapCanvas().viewport().width() * SCALE
    comparing.set_share(0.5)
    wait(0.1)
    assert "2022-09-18" in comparing.item.before.label and "2023-04-26" in comparing.item.after.label
    for x, y in ((0.2, 0.3), (0.3, 0.75), (0.1, 0.9)):
        assert colour(x, y) == picture_colour(comparing.item.before, x, y)
    for x, y in ((0.8, 0.3), (0.7, 0.75), (0.9, 0.9)):
        assert colour(x, y) == picture_colour(comparing.item.after, x, y)
    assert any(
        picture_colour(comparing.item.before, x / 20, y / 20) != picture_colour(comparing.item.after, x / 20, y / 20)
        for x in range(8, 13)
        for y in range(8, 13)
    ), "the two dates differ inside the parcel"
    picture("compare_swipe")


def test_dragging_moves_the_line(comparing: Any) -> None:
    viewport = iface.mapCanvas().viewport()
    width, middle = viewport.width(), viewport.height() // 2
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(width // 2, middle))
    assert comparing.item.share == pytest.approx(0.5, abs=0.01)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(width // 2, middle))
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(width // 4, middle))
    assert comparing.item.share == pytest.approx(0.25, abs=0.01)
    drag(viewport, width // 2)
    assert comparing.item.share == pytest.approx(0.5, abs=0.01)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(width // 2, middle))


def drag(viewport: Any, x: int) -> None:
    """The mouse moves to ``x`` with its button down, and what that changes is drawn."""
    place = QPointF(x, viewport.height() // 2)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QCoreApplication.sendEvent(viewport, QMouseEvent(QEvent.Type.MouseMove, place, left, left, none))
    QCoreApplication.sendPostedEvents()
    QCoreApplication.processEvents()


@pytest.fixture
def large_canvas() -> Any:
    """The map alone on the whole screen."""
    window = iface.mainWindow()
    before = window.saveState(), window.saveGeometry()
    for part in (*window.findChildren(QDockWidget), *window.findChildren(QToolBar)):
        part.hide()
    window.showMaximized()
    viewport = iface.mapCanvas().viewport()
    until(
        lambda: viewport.width() * SCALE >= 1600 and viewport.height() * SCALE >= 1000,
        what="a map of 1600 x 1000 pixels",
    )
    wait(0.5)
    yield viewport
    window.restoreGeometry(before[1])
    window.restoreState(before[0])
    wait(0.5)


@pytest.mark.scale
def test_dragging_redraws_a_large_map_in_time_for_the_next_picture(
    bench: Any, large_canvas: Any, comparing: Any, figure: Any
) -> None:
    """Under 16 ms at 1600 x 1000 pixels and more, in the best of three rounds: other work on the machine counts against none."""
    until(lambda: not comparing.rendering, what="both dates are rendered")
    viewport = large_canvas
    width, middle = viewport.width(), viewport.height() // 2
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    rounds = []
    for _ in range(3):
        QTest.mousePress(viewport, left, none, QPoint(width // 10, middle))
        times = []
        for step in range(1, 81):
            began = time.perf_counter()
            drag(viewport, width // 10 + step * width // 100)
            times.append((time.perf_counter() - began) * 1000)
        assert comparing.item.share == pytest.approx(0.9, abs=0.02)
        QTest.mouseRelease(viewport, left, none, QPoint(width * 9 // 10, middle))
        rounds.append(times)
    best = min(rounds, key=statistics.median)
    figure(
        f"redraw while dragging at {width * SCALE} x {viewport.height() * SCALE} pixels, median, ms",
        statistics.median(best),
    )
    figure(
        f"redraw while dragging at {width * SCALE} x {viewport.height() * SCALE} pixels, 95 %, ms",
        sorted(best)[len(best) * 95 // 100],
    )
    assert statistics.median(best) < 16


def test_space_held_shows_the_other_date_and_arrows_move_the_line(comparing: Any) -> None:
    canvas = iface.mapCanvas()
    comparing.set_share(0.2)
    spot = (0.95, 0.5)
    assert colour(*spot) == picture_colour(comparing.item.after, *spot)
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    assert colour(*spot) == picture_colour(comparing.item.before, *spot)
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert colour(*spot) == picture_colour(comparing.item.after, *spot)
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert comparing.item.share == pytest.approx(0.22)


def test_side_by_side_is_linked_and_tab_goes_round_the_modes(comparing: Any, picture: Any) -> None:
    canvas = iface.mapCanvas()
    QTest.keyClick(canvas, Qt.Key.Key_Tab)
    assert comparing.mode == "blink"
    QTest.keyClick(canvas, Qt.Key.Key_Tab)
    assert comparing.mode == "side" and comparing.second is not None
    wait(0.5)
    canvas.zoomByFactor(0.8)
    wait(0.5)
    assert comparing.second.center().compare(canvas.center(), 1.0)
    assert comparing.second.scale() == pytest.approx(canvas.scale(), rel=0.02)
    until(lambda: not comparing.rendering)
    wait(1.0)
    picture("compare_side_by_side")
    comparing.leave()
    wait(0.2)
    assert comparing.second is None


def test_a_turned_map_is_compared_turned(comparing: Any) -> None:
    canvas = iface.mapCanvas()
    canvas.setRotation(30)
    try:
        wait(0.3)
        until(lambda: not comparing.rendering)
        assert comparing.settings_for("before").rotation() == 30
        comparing.set_share(0.5)
        wait(0.1)
        assert colour(0.2, 0.5) == picture_colour(comparing.item.before, 0.2, 0.5)
    finally:
        canvas.setRotation(0)


def test_escape_leaves_and_the_layer_tree_was_never_touched(bench: Any) -> None:
    project, canvas = QgsProject.instance(), iface.mapCanvas()
    tree = [(node.layerId(), node.isVisible()) for node in project.layerTreeRoot().findLayers()]
    layers, tool, items = sorted(project.mapLayers()), canvas.mapTool(), len(canvas.scene().items())
    bench.actions["compare_swipe"].trigger()
    assert bench.actions["compare_swipe"].isChecked()
    assert [(node.layerId(), node.isVisible()) for node in project.layerTreeRoot().findLayers()] == tree
    assert sorted(project.mapLayers()) == layers
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert bench.parts.compare.mode == "" and not bench.actions["compare_swipe"].isChecked()
    assert canvas.mapTool() is tool and len(canvas.scene().items()) == items


def test_removed_layers_and_a_cleared_project_end_nothing_badly(comparing: Any, bench: Any) -> None:
    project = QgsProject.instance()
    project.removeAllMapLayers()
    wait(0.3)
    comparing.render()
    until(lambda: not comparing.rendering)
    project.clear()
    wait(0.3)
    assert comparing.mode == "" and bench.parts.session.store is None
