"""An office laptop of 1366 × 768: the window keeps its size, and every control used lies on the screen."""

from __future__ import annotations

from typing import Any

import pytest
from qgis.PyQt.QtCore import QPoint, QRect, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QWidget
from qgis.utils import iface

from tests.gui.conftest import until, wait

ROOM = (1366, 768)


def visible_part(widget: QWidget) -> QRect:
    """What of a widget can be seen, in the coordinates of the main window."""
    window = iface.mainWindow()
    shown = widget.visibleRegion().boundingRect()
    return QRect(widget.mapTo(window, shown.topLeft()), shown.size())


def on_screen(widget: QWidget) -> bool:
    """Whether the whole widget can be seen and lies in the room of the laptop."""
    part = visible_part(widget)
    whole = widget.rect().size()
    corner = iface.mainWindow().mapToGlobal(QPoint(0, 0))
    inside = part.translated(corner).right() < ROOM[0] and part.translated(corner).bottom() < ROOM[1]
    return widget.isVisible() and part.width() >= whole.width() - 2 and part.height() >= whole.height() - 2 and inside


@pytest.fixture
def laptop(bench: Any, laptop_window: None) -> Any:
    return bench


@pytest.mark.small
def test_the_window_keeps_its_size_and_the_deciding_buttons_are_on_the_screen(laptop: Any, picture: Any) -> None:
    window = iface.mainWindow()
    assert window.height() <= 740 and window.minimumSizeHint().height() <= 700, (
        window.height(),
        window.minimumSizeHint().height(),
    )
    session, dock = laptop.parts.session, laptop.dock
    numbers = [row.number for row in session.rows.values() if row.photos and row.proposal != "存疑" and not row.parts][
        :10
    ]
    for number in numbers:
        session.select(number)
        wait(0.05)
        assert on_screen(dock.search) and on_screen(dock.table)
        for button in (
            dock.form.submit_button,
            dock.form.postpone_button,
            dock.form.undo_button,
            dock.form.next_button,
        ):
            assert on_screen(button), button.objectName()
        dock.scroll.ensureWidgetVisible(dock.form.reason_text)
        dock.form.reason_text.setFocus()
        wait(0.02)
        assert on_screen(dock.form.reason_text)
        QTest.keyClick(dock.form.reason_text, Qt.Key.Key_Return)
        assert session.rows[number].done, laptop.notifier.last
    picture("small_screen")


@pytest.mark.small
def test_the_queue_folds_to_one_line_and_stays_so(laptop: Any) -> None:
    dock = laptop.dock
    before = dock.scroll.height()
    dock.fold_button.click()
    wait(0.1)
    assert not dock.table.isVisible() and on_screen(dock.search) and dock.scroll.height() > before + 30
    dock.next_parcel()
    assert laptop.parts.session.current
    dock.fold_button.click()
    wait(0.1)
    assert dock.table.isVisible() and dock.table.height() >= 48


@pytest.mark.small
def test_a_panel_of_qgis_does_not_push_the_window_over_the_screen(laptop: Any) -> None:
    window = iface.mainWindow()
    panels = [
        dock
        for dock in window.findChildren(QWidget)
        if dock.objectName() in ("IdentifyResultsDock", "Layers", "Browser")
    ]
    shown = [panel for panel in panels if not panel.isVisible()]
    for panel in shown:
        panel.show()
    QApplication.processEvents()
    wait(0.2)
    try:
        assert window.height() <= 740
        assert on_screen(laptop.dock.form.submit_button)
    finally:
        for panel in shown:
            panel.hide()


def fits(window: QWidget, *used: QWidget) -> None:
    """A window of its own lies on the laptop's screen, and so does every control of it that is used here."""
    wait(0.2)
    assert window.isVisible() and window.minimumSizeHint().height() <= 700, window.minimumSizeHint()
    frame = window.frameGeometry()
    assert frame.width() <= ROOM[0] and frame.height() <= ROOM[1], (window.objectName(), frame)
    for control in used:
        part = QRect(control.mapTo(window, QPoint(0, 0)), control.size())
        assert control.isVisible() and window.rect().contains(part), (window.objectName(), control.objectName(), part)


@pytest.mark.small
@pytest.mark.scale
def test_windows_beside_the_queue_lie_on_the_screen(laptop: Any, picture: Any) -> None:
    parts, dock = laptop.parts, laptop.dock
    session = parts.session
    dock.table.selectAll()
    wait(0.05)
    parts.row_menu.decide_many()
    many = parts.row_menu.many
    fits(many, many.list, many.person, many.sign_button)
    picture("small_many", many)
    many.close()
    session.select(next(row.number for row in session.rows.values() if row.photos))
    parts.show_loose()
    loose = parts.loose
    fits(loose, loose.list, loose.picture, loose.person, loose.attach_button)
    picture("small_loose_photos", loose)
    loose.close()
    parts.show_documents()
    fits(parts.documents, parts.documents.choose_button, parts.documents.person, parts.documents.add_button)
    parts.documents.close()
    parts.show_rectification()
    rectification = parts.rectification
    fits(rectification, rectification.closed_on, rectification.person, rectification.save_button)
    picture("small_rectification", rectification)
    rectification.close()


@pytest.mark.small
@pytest.mark.scale
def test_the_menu_of_a_row_lies_on_the_screen(laptop: Any, picture: Any) -> None:
    dock = laptop.dock
    last = dock.table.visualRect(dock.filter.index(min(dock.filter.rowCount(), 6) - 1, 0)).center()
    dock._show_menu(last)
    menu = until(lambda: QApplication.activePopupWidget(), 5, "the menu is open")
    try:
        corner = menu.mapToGlobal(QPoint(0, 0))
        assert corner.x() + menu.width() <= ROOM[0] and menu.height() <= ROOM[1] - 40, menu.geometry()
        titles = [action.text() for action in menu.actions()]
        for wanted in ("缩放", "复制编号", "经纬度", "米", "打印位置图", "卷宗文件夹", "照片文件夹", "Excel"):
            assert any(wanted in title for title in titles), (wanted, titles)
        picture("small_row_menu", menu)
    finally:
        menu.close()


@pytest.mark.small
@pytest.mark.scale
def test_what_the_map_and_the_search_box_choose_is_seen_in_the_queue(laptop: Any) -> None:
    from qgis.core import QgsFeedback, QgsLocatorContext, QgsPointXY

    from weipian_plugin.gui.shapes import as_qgs, on_map

    parts, dock, canvas = laptop.parts, laptop.dock, iface.mapCanvas()
    number = dock.shown_numbers()[-1]
    found: list[Any] = []
    parts._locator.resultFetched.connect(found.append)
    parts._locator.prepare(number, QgsLocatorContext())
    parts._locator.fetchResults(number, QgsLocatorContext(), QgsFeedback())
    parts._locator.resultFetched.disconnect(found.append)
    parts._locator.triggerResult(found[0])
    wait(0.3)

    def row_is_seen() -> bool:
        index = dock.table.currentIndex()
        return dock.table.viewport().rect().intersects(dock.table.visualRect(index)) and on_screen(
            dock.form.submit_button
        )

    assert parts.session.current == number and row_is_seen()
    shape = on_map(as_qgs(parts.session.details.parcel.geometry), canvas.mapSettings().destinationCrs())
    parts.session.select(dock.shown_numbers()[0])
    canvas.setCenter(shape.pointOnSurface().asPoint())
    until(lambda: not canvas.isDrawing(), 20)
    place = canvas.getCoordinateTransform().transform(QgsPointXY(shape.pointOnSurface().asPoint()))
    iface.actionPan().trigger()
    QTest.mouseClick(
        canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(int(place.x()), int(place.y()))
    )  # fmt: skip
    wait(0.2)
    assert parts.session.current == number and row_is_seen()


@pytest.mark.small
@pytest.mark.scale
@pytest.mark.parametrize("name", ["fieldpackage", "fieldreturn", "change"])
def test_the_windows_of_field_and_images_lie_on_the_screen(laptop: Any, name: str, picture: Any) -> None:
    from processing.core.Processing import Processing

    Processing.initialize()
    dialog = laptop.parts.run_dialog(name)
    try:
        fits(dialog, dialog.runButton())
        picture("small_" + name, dialog)
    finally:
        dialog.close()


@pytest.mark.scale
def test_the_reasons_have_eight_lines_on_a_large_screen(bench: Any, picture: Any) -> None:
    """1920 × 1080 with a photo and QGIS's own panel 识别结果 open: what the station's desk has."""
    window, dock = iface.mainWindow(), bench.dock
    before = window.geometry()
    window.showNormal()
    window.setGeometry(0, 0, 1914, 1040)
    panel = window.findChild(QWidget, "IdentifyResultsDock")
    shown = panel is not None and not panel.isVisible()
    if shown:
        panel.show()
    try:
        session = bench.parts.session
        session.select(next(row.number for row in session.rows.values() if row.photos and row.proposal == "违法"))
        wait(0.4)
        lines = dock.card.text.viewport().height() / dock.card.text.fontMetrics().lineSpacing()
        assert lines >= 8, lines
        assert window.height() <= 1050
        for button in (dock.form.submit_button, dock.form.postpone_button, dock.form.next_button):
            assert button.isVisible() and visible_part(button).bottom() < window.height()
        picture("large_screen")
    finally:
        if shown:
            panel.hide()
        window.setGeometry(before)
        wait(0.1)
