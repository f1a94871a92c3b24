"""What a person relies on without thinking: keys wherever the focus is, a layout that stays, a project that asks nothing, no false alarms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QTextDocument
from qgis.PyQt.QtTest import QTest
from qgis.utils import iface

from tests.gui.conftest import until, wait
from weipian_plugin.gui.compare import SIDE_BY_SIDE, SWIPE


def widest_picture(text: Any) -> float:
    """Of the pictures of a page, as they are drawn."""
    widths = [0.0]
    block = text.document().begin()
    while block.isValid():
        for part in block.textFormats():
            if part.format.isImageFormat():
                name = QUrl(part.format.toImageFormat().name())
                image = text.document().resource(QTextDocument.ResourceType.ImageResource, name)
                widths.append(image.width() / image.devicePixelRatio())
        block = block.next()
    return max(widths)


def test_f1_in_the_dock_opens_the_manual_at_its_beginning_with_contents_and_search(bench: Any, picture: Any) -> None:
    bench.dock.table.setFocus()
    QTest.keyClick(bench.dock.table, Qt.Key.Key_F1)
    manual = bench.parts.manual
    assert manual is not None and manual.isVisible()
    assert manual.text.verticalScrollBar().value() == 0 and manual.contents.count() > 5
    wait(0.4)
    assert 0 < widest_picture(manual.text) <= manual.text.viewport().width(), "pictures are as wide as the page"
    picture("manual_beginning", manual)
    manual.resize(760, 560)
    wait(0.4)
    assert 0 < widest_picture(manual.text) <= manual.text.viewport().width(), "also when the window has become narrower"
    manual.contents.setCurrentRow(manual.contents.count() - 1)
    wait(0.05)
    assert manual.text.verticalScrollBar().value() > 0
    manual.search.setText("照片")
    first = manual.find_next() and manual.text.textCursor().position()
    assert first and manual.find_next() and manual.text.textCursor().position() != first
    bench.parts.show_manual("照片")
    assert "照片" in manual.contents.currentItem().text()
    picture("manual_contents", manual)
    manual.close()


def test_the_search_box_of_qgis_knows_our_prefix(bench: Any) -> None:
    assert len(bench.parts._locator.prefix()) >= 3  # QGIS ignores shorter prefixes of plugins
    assert bench.parts._locator.activePrefix() == bench.parts._locator.prefix()


def test_letters_work_with_the_focus_on_the_map(bench: Any) -> None:
    canvas, session = iface.mapCanvas(), bench.parts.session
    bench.dock.set_filter("全部")
    session.select(bench.dock.shown_numbers()[0])
    first = session.current
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_J)
    assert session.current != first
    QTest.keyClick(canvas, Qt.Key.Key_K)
    assert session.current == first


def test_space_and_esc_compare_with_the_focus_on_the_queue(bench: Any) -> None:
    compare, table = bench.parts.compare, bench.dock.table
    assert compare.enter(SWIPE)
    until(lambda: not compare.rendering, 20, "both dates are drawn")
    table.setFocus()
    QTest.keyPress(table, Qt.Key.Key_Space)
    assert compare.item.only == "before"
    QTest.keyRelease(table, Qt.Key.Key_Space)
    assert compare.item.only == ""
    QTest.keyClick(table, Qt.Key.Key_Escape)
    assert compare.mode == ""


def test_side_by_side_gives_back_the_layout_and_the_scale(bench: Any) -> None:
    canvas, dock, compare = iface.mapCanvas(), bench.dock, bench.parts.compare
    bench.parts.zoom()
    wait(0.3)
    width, scale = dock.width(), canvas.scale()
    assert compare.enter(SIDE_BY_SIDE)
    wait(0.4)
    assert abs(dock.width() - width) <= 8 and abs(canvas.scale() / scale - 1) < 0.02
    compare.leave()
    wait(0.4)
    assert abs(dock.width() - width) <= 8 and abs(canvas.scale() / scale - 1) < 0.02


def test_showing_a_workspace_is_no_change_of_the_project(bench: Any, workspace: Path) -> None:
    project = QgsProject.instance()
    bench.parts.close_workspace()
    project.setDirty(False)
    bench.open_workspace(workspace)
    until(lambda: bench.parts.session.details, what="the workspace is open")
    wait(0.3)
    assert not project.isDirty()


def test_a_saved_project_opens_its_workspace_again(bench: Any, workspace: Path, tmp_path: Path) -> None:
    project = QgsProject.instance()
    assert project.write(str(tmp_path / "明天.qgz"))
    iface.newProject(False)
    wait(0.2)
    assert bench.parts.session.store is None and bench.parts.map._outline is None
    assert project.read(str(tmp_path / "明天.qgz"))
    until(lambda: bench.parts.session.details, what="the workspace of the project is open")
    assert bench.parts.session.path == workspace
    iface.newProject(False)


def test_an_export_of_ones_own_is_no_news_from_another_window(bench: Any, tmp_path: Path) -> None:
    said: list[str] = []
    bench.parts.session.outside_change.connect(lambda: said.append("outside"))
    bench.dock.set_filter("全部")
    bench.dock.search.setText(bench.dock.shown_numbers()[0])
    bench.parts.export(str(tmp_path / "卷宗"))
    until(lambda: not bench.parts.runner.busy, 90, "the package is written")
    wait(2.0)
    bench.dock.search.clear()
    assert not said


def test_a_workspace_that_is_moved_away_under_the_window_is_said_once(bench: Any, workspace: Path) -> None:
    session = bench.parts.session
    away = workspace.with_name("移走的.gpkg")
    workspace.rename(away)
    until(lambda: bench.notifier.last is not None and str(workspace) in bench.notifier.last[1], 20, "it is said")
    assert "移走" in bench.notifier.last[1] and not session._timer.isActive()
    bench.dock.form.submit()  # whatever is pressed now, nothing is half-written in what was moved
    away.rename(workspace)
    bench.open_workspace(workspace)
    until(lambda: bool(session.rows) and session._timer.isActive())
    assert session.store.audit() == []


def test_the_window_goes_on_while_another_program_holds_the_workspace(bench: Any, workspace: Path, figure: Any) -> None:
    """Another process holds the lock until it is told to let go: no long wait, no error of the database, and afterwards all is shown."""
    import subprocess
    import sys
    import time

    session, dock = bench.parts.session, bench.dock
    dock.set_filter("全部")
    numbers = dock.shown_numbers()[:5]
    session.select(numbers[0])
    (waits,) = session.store._connection.execute("PRAGMA busy_timeout").fetchone()
    assert waits <= 100, "the window never waits longer for a file"
    hold = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('BEGIN EXCLUSIVE'); print('held', flush=True); sys.stdin.read(); c.execute('ROLLBACK')"
    )
    python = sys.executable if "python" in Path(sys.executable).name else "/usr/bin/python3"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([python, "-c", hold, str(workspace)], **pipes) as holder:
        assert holder.stdin is not None and holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        gaps, last = [], time.monotonic()
        for number in [*numbers[1:], *[None] * 20]:
            if number:
                session.select(number)
                session.poll()
            wait(0.1)
            gaps.append(time.monotonic() - last - 0.1)
            last = time.monotonic()
        dock.form.submit()  # cannot be written now: said in words, nothing raised
        assert bench.notifier.last[0] in ("warning", "error")
        holder.stdin.close()
        holder.wait(20)
    until(
        lambda: session.details and session.details.number == numbers[-1], 10, "the card is shown when the file is free"
    )
    assert min(sorted(gaps)[-3:]) < 0.25, (
        gaps
    )  # the machine may be busy: three of 24 looks may be late for other reasons
