"""An office laptop of 1366 × 768: the window keeps its size, and every control used lies on the screen."""

from __future__ import annotations

from typing import Any

import pytest
from qgis.PyQt.QtCore import QPoint, QRect, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QWidget
from qgis.utils import iface

from tests.gui.conftest import wait

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
def laptop(bench: Any) -> Any:
    """The main window in the room of a laptop, whatever the screen of this run is."""
    window = iface.mainWindow()
    before = window.geometry()
    window.showNormal()
    window.setGeometry(0, 0, 1360, 730)  # what a title bar and a task bar leave
    wait(0.3)
    yield bench
    window.setGeometry(before)
    wait(0.1)


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
