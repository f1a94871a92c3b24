"""A day's work: decide from the keyboard, undo, four eyes, photos, filters, two windows on one workspace."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from qgis.PyQt.QtCore import QPoint, Qt, QTimer, QUrl
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QDialog
from qgis.utils import iface

from tests.gui.conftest import PATIENCE, until, wait
from weipian_plugin.gui.recording import attach
from weipian_plugin.gui.rows import read_rows
from weipian_plugin.toolbelt import settings
from weipian_plugin.workspace import Workspace


def key(bench: Any, name: Any, held: Any = Qt.KeyboardModifier.NoModifier) -> None:
    bench.dock.table.setFocus()
    QTest.keyClick(bench.dock.table, name, held)
    wait(0.02)


def choose_category(form: Any, category: str, subtype: str) -> None:
    form.category_choice.setCurrentIndex(form.category_choice.findData(category))
    form.subtype_choice.setCurrentIndex(form.subtype_choice.findData(subtype))


def settled(bench: Any) -> list[str]:
    """Numbers that have a proposal a person may accept."""
    return [
        row.number
        for row in bench.parts.session.rows.values()
        if row.proposal in ("合法", "违法", "其他") and not row.parts
    ]


def test_ten_parcels_are_decided_from_the_keyboard_undone_exported_and_found_again(
    bench: Any, workspace: Path, tmp_path: Path, plugin: Any
) -> None:
    bench.dock.table.setFocus()
    session, dock = bench.parts.session, bench.dock
    numbers = settled(bench)[:10]
    dock.set_filter("待判定")
    for number in numbers:
        while session.current != number:
            before = session.current
            key(bench, Qt.Key.Key_J)
            assert session.current != before, "the end of the queue was reached"
        key(bench, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert session.rows[number].done, bench.notifier.last
        assert session.rows[number].decision == session.rows[number].proposal
    assert "10/" in dock.progress.format()
    key(bench, Qt.Key.Key_U)
    assert not session.rows[numbers[-1]].done
    with Workspace.open(workspace) as store:
        stored = store.read("decision")
        assert sorted(stored[stored["status"] == "current"]["parcel"]) == sorted(numbers[:9])
        assert set(stored["person"]) == {"张三"}
        assert store.journal_break() is None
    folder = tmp_path / "卷宗 输出"
    dock.set_filter("全部")
    dock.search.setText(numbers[0])
    assert dock.shown_numbers() == [numbers[0]]
    bench.parts.export(str(folder))
    until(lambda: not bench.parts.runner.busy, 60, "the package is written")
    assert bench.notifier.last[0] == "success", bench.notifier.last
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 1
    bench.parts.close_workspace()
    assert dock.stack.currentWidget() is dock.start_page
    bench.open_workspace(workspace)
    until(lambda: session.details, what="the workspace is open again")
    assert sum(row.done for row in session.rows.values()) == 9


@pytest.mark.scale
def test_the_card_shows_everything_and_its_reasons_point_at_the_map(bench: Any, picture: Any) -> None:
    session, card = bench.parts.session, bench.dock.card
    session.select("500118SJBG23210008")
    bench.parts.zoom()
    wait(1.2)
    text = card.text.toPlainText()
    assert "判定建议" in text and "套合" in text and "证据" in text
    flashed: list[Any] = []
    bench.parts.map.flash = flashed.append
    card.text.anchorClicked.emit(QUrl("region:uncovered_in_time"))
    assert flashed and not flashed[0][0].is_empty
    assert card.land.legend() and card.land.height() > card.land.BAR + 6
    picture("workbench")


def test_an_override_needs_reason_and_basis_and_doubt_needs_a_person(bench: Any) -> None:
    session, form = bench.parts.session, bench.dock.form
    doubtful = next(row.number for row in session.rows.values() if row.proposal == "存疑")
    session.select(doubtful)
    form.submit()
    assert bench.notifier.last[0] == "warning" and not session.rows[doubtful].done
    choose_category(form, "违法", "未报即用")
    form.submit()
    assert not session.rows[doubtful].done
    form.reason_text.setText("现场已建厂房")
    form.basis_text.setText("照片")
    QTest.keyClicks(form.project_name, "jnuk")
    assert form.project_name.text() == "jnuk", "letters typed into a field stay letters"
    form.submit()
    row = session.rows[doubtful]
    assert (row.decision, row.decision_subtype, row.state) == ("违法", "未报即用", "已判定")
    assert session.details.decisions[-1].fields["项目名称"] == "jnuk"


def close_question() -> None:
    """Close whatever asks something at the moment."""
    for top in QApplication.topLevelWidgets():
        if isinstance(top, QDialog) and top.isVisible():
            top.reject()


def decisions_of(bench: Any) -> int:
    return len(bench.parts.session.store.records("decision"))


def test_enter_outside_of_the_form_signs_nothing(bench: Any) -> None:
    session, dock = bench.parts.session, bench.dock
    number = settled(bench)[0]
    session.select(number)
    wait(0.05)
    for widget in (
        dock.search,
        dock.choice,
        dock.table,
        dock.form.postpone_button,
        dock.documents_button,
        dock.photos.list,
    ):
        for name in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            session.select(number)
            widget.setFocus()
            QTimer.singleShot(150, close_question)  # what the button opens
            QTest.keyClick(widget, name)
            wait(0.2)
            assert decisions_of(bench) == 0, f"{widget.objectName() or type(widget).__name__} signed a decision"
    dock.search.setText(number[-4:])
    dock.search.setFocus()
    QTest.keyClick(dock.search, Qt.Key.Key_Return)
    assert decisions_of(bench) == 0 and session.current == number and dock.table.hasFocus()
    dock.search.clear()


def test_enter_in_the_form_decides_once(bench: Any) -> None:
    session, form = bench.parts.session, bench.dock.form
    number = settled(bench)[0]
    session.select(number)
    wait(0.05)
    form.project_name.setFocus()
    QTest.keyClick(form.project_name, Qt.Key.Key_Return)
    assert session.rows[number].done and decisions_of(bench) == 1
    QTest.keyClick(form.project_name, Qt.Key.Key_Return)
    assert decisions_of(bench) == 1 and bench.notifier.last[0] == "info", "nothing changed, so nothing is signed again"
    form.remark_text.setText("补充说明")
    QTest.keyClick(form.remark_text, Qt.Key.Key_Return)
    assert decisions_of(bench) == 2, "a changed remark is a decision of its own"


def test_nobody_signs_without_a_name_and_the_account_never_stands_in(bench: Any) -> None:
    session, form = bench.parts.session, bench.dock.form
    number = settled(bench)[0]
    settings.change(person="")
    try:
        form.person_text.clear()
        session.select(number)
        wait(0.05)
        assert form.person_text.text() == ""
        form.submit()
        assert decisions_of(bench) == 0 and bench.notifier.last[0] == "warning" and form.person_text.hasFocus()
        form.person_text.setText("王五")
        form.submit()
        assert session.store.records("decision")[0]["person"] == "王五" and settings.read().person == "王五"
    finally:
        form.person_text.setText("张三")
        settings.change(person="张三")


def test_four_eyes_wants_a_second_person(bench: Any) -> None:
    settings.change(four_eyes="1", reviewer="")
    try:
        session, form = bench.parts.session, bench.dock.form
        form.reviewer_text.clear()
        number = settled(bench)[0]
        session.select(number)
        form.submit()
        form.approve()
        assert session.rows[number].state == "已判定" and bench.notifier.last[0] == "warning", (
            "nobody has signed as reviewer"
        )
        form.reviewer_text.setText("张三")
        form.approve()
        assert session.rows[number].state == "已判定" and bench.notifier.last[0] == "warning", "nobody reviews himself"
        form.reviewer_text.setText("李四")
        form.approve()
        assert session.rows[number].state == "已复核", bench.notifier.last
        assert form.person_text.text() == "张三", "a review does not change who decides next"
        form.undo()
        form.reason_text.setText("照片不清")
        form.reject()
        assert session.rows[number].state == "退回"
        assert session.details.decisions[-1].person == "李四"
    finally:
        settings.change(four_eyes="0", reviewer="")


def test_a_photo_is_detached_and_attached_again_and_the_wedge_follows(bench: Any, picture: Any) -> None:
    session, strip = bench.parts.session, bench.dock.photos
    number = next(row.number for row in session.rows.values() if row.photos_with_azimuth > 1)
    session.select(number)
    bench.parts.zoom()
    assert len(bench.parts.marker._bands) == 3
    before = session.rows[number].photos
    key(bench, Qt.Key.Key_A)
    assert session.rows[number].photos == before - 1
    strip.list.setCurrentRow([photo.link.status for photo in strip.photos].index("detached"))
    key(bench, Qt.Key.Key_A)
    assert session.rows[number].photos == before
    # A colleague detaches it meanwhile: nothing is written over, the strip shows it, and pressing again is a choice.
    session._timer.stop()
    strip.list.setCurrentRow([photo.link.status for photo in strip.photos].index("attached"))
    shared = strip.current.key
    with Workspace.open(session.path) as other:
        attach(other, shared, number, False, "李四")
    key(bench, Qt.Key.Key_A)
    assert bench.notifier.last[0] == "warning" and "李四" in bench.notifier.last[1]
    places = {photo.key: place for place, photo in enumerate(strip.photos)}
    assert strip.photos[places[shared]].link.by == "李四"
    strip.list.setCurrentRow(places[shared])
    key(bench, Qt.Key.Key_A)
    with Workspace.open(session.path) as store:
        (kept,) = store.records("photo_parcel", photo=shared, parcel=number)
    assert (kept["status"], kept["by"]) == ("attached", "张三")
    session._timer.start()
    assert session.rows[number].photos == before
    first = strip.current.key
    key(bench, "]")
    assert strip.current.key != first or len(strip.photos) == 1
    key(bench, Qt.Key.Key_V)
    viewer = bench.parts.viewer
    until(viewer.isVisible)
    wait(0.3)
    assert "距图斑" in viewer.caption.text()
    QTest.keyClick(viewer, Qt.Key.Key_R)
    assert viewer.rotation == 90
    QTest.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.rotation == 0
    picture("photo_viewer", viewer)
    viewer.close()
    with Workspace.open(session.path) as store:
        assert set(store.read("photo_parcel", manual=1)["by"]) == {"张三"}


def test_another_window_is_seen_and_never_overwritten(bench: Any, workspace: Path) -> None:
    session, form = bench.parts.session, bench.dock.form
    first, second = settled(bench)[:2]
    session.select(first)
    details = session.details
    from weipian_plugin.gui.deciding import OFFICER, actor, decide
    from weipian_plugin.gui.session import read_details
    from weipian_plugin.judgment import decisions, load_profile
    from weipian_plugin.judgment.recording import Act
    from weipian_plugin.model.words import DecisionAction

    profile = load_profile("national-2023")
    with Workspace.open(workspace) as other:
        for number in (first, second):
            seen = read_details(other, number)
            proposal = seen.proposal().proposal
            rules = profile.mining if number.startswith("500118KC") else profile
            make = lambda history, proposal=proposal, rules=rules: decisions.accept(  # noqa: E731
                history, proposal, actor("王五", OFFICER), rules
            )
            decide(other, seen, Act(number, "", DecisionAction.ACCEPT, "王五", make))
    assert session.details is details, "this window has not looked yet"
    QTest.keyClicks(form.remark_text, "typed")
    form.submit()
    assert bench.notifier.last[0] == "warning", "a colleague was faster: nothing is written over"
    with Workspace.open(workspace) as store:
        assert store.read("decision", parcel=first)["person"].tolist() == ["王五"]
    until(lambda: session.rows[second].person == "王五", 40, "the colleague's decision is seen")
    assert form.remark_text.text() == "typed", "what is being typed is never taken away"


def test_filters_search_sort_and_saved_filters(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    dock, rows = bench.dock, list(bench.parts.session.rows.values())
    dock.set_filter("违法")
    assert dock.filter.rowCount() == sum(row.proposal == "违法" for row in rows) > 0
    dock.set_filter("无照片")
    assert dock.filter.rowCount() == sum(not row.photos for row in rows)
    dock.set_filter("全部")
    QTest.keyClicks(dock.search, "KCBG")
    assert dock.filter.rowCount() == sum(row.kind == "mining" for row in rows)
    from qgis.PyQt.QtWidgets import QInputDialog

    monkeypatch.setattr(QInputDialog, "getText", lambda *unused, **more: ("矿产", True))
    dock._choice_made(dock.choice.findData("\0save"))
    dock.search.clear()
    dock._choice_made(dock.choice.findData("\0矿产"))
    assert dock.search.text() == "KCBG"
    dock.search.clear()
    dock.table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    areas = [bench.parts.session.rows[number].area_mu for number in dock.shown_numbers()]
    assert areas == sorted(areas, reverse=True)


def test_next_keeps_the_scale_and_is_quick(bench: Any, figure: Any) -> None:
    canvas = iface.mapCanvas()
    bench.parts.session.select("500118SJBG23210003")
    bench.parts.zoom()
    wait(0.5)
    scale, times, maps = canvas.scale(), [], []
    for _ in range(6):
        began = time.perf_counter()
        bench.dock.next_parcel()
        times.append((time.perf_counter() - began) * 1000)
        until(lambda: not canvas.isDrawing(), 10)
        maps.append((time.perf_counter() - began) * 1000)
        assert canvas.scale() == pytest.approx(scale, rel=0.001)
    figure("next parcel, card, median, ms", sorted(times)[3])
    figure("next parcel, card, worst, ms", max(times))
    figure("next parcel, map, median, ms", sorted(maps)[3])
    assert sorted(times)[3] < 100 * PATIENCE


def test_the_overview_counts_and_a_click_filters_the_queue(bench: Any, picture: Any) -> None:
    overview = bench.parts.overview
    overview.show()
    wait(0.3)
    try:
        chart = overview.charts["category"]
        QTest.mouseClick(chart, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(60, 10))
        assert bench.dock.filter.rowCount() == int(chart._rows[0].value)
        overview.setFloating(True)
        overview.resize(460, 520)
        picture("overview", overview)
        overview.setFloating(False)
        bench.dock.pick_button.click()
        assert bench.dock.filter.rowCount() == len(bench.parts.session.rows)
    finally:
        overview.hide()


def test_the_locator_finds_a_number_and_goes_there(bench: Any) -> None:
    from qgis.core import QgsFeedback, QgsLocatorContext

    found: list[Any] = []
    locator = bench.parts._locator
    locator.resultFetched.connect(found.append)
    locator.prepare("23210005", QgsLocatorContext())
    locator.fetchResults("23210005", QgsLocatorContext(), QgsFeedback())
    locator.resultFetched.disconnect(found.append)
    assert [result.displayString for result in found] == ["500118SJBG23210005"] or len(found) == 2
    locator.triggerResult(found[0])
    assert bench.parts.session.current == found[0].displayString


def test_options_about_and_manual_open(bench: Any, picture: Any) -> None:
    from weipian_plugin.gui.help import About
    from weipian_plugin.gui.options import OptionsPage

    page = OptionsPage()
    page.resize(620, 420)
    page.show()
    page.four_eyes.setChecked(True)
    page.apply()
    assert settings.read().four_eyes == "1"
    settings.change(four_eyes="0")
    picture("options", page)
    page.close()
    about = About(iface.mainWindow())
    about.show()
    picture("about", about)
    about.close()
    bench.parts.show_manual()
    if bench.parts.manual is not None:
        picture("manual", bench.parts.manual)


def test_the_window_is_never_blocked_for_long(bench: Any, figure: Any) -> None:
    """A timer every 10 ms notices how long the window did not answer while a person steps, decides, filters and opens windows.

    The best of up to four rounds counts: other work on the machine counts against none."""
    from qgis.PyQt.QtCore import QTimer

    session, last, gaps = bench.parts.session, [0.0], []

    def tick() -> None:
        now = time.perf_counter()
        gaps.append((now - last[0]) * 1000 - 10)
        last[0] = now

    timer = QTimer()
    timer.timeout.connect(tick)
    timer.start(10)
    numbers = settled(bench)
    worst = []
    for turn in range(4):
        wait(0.3)
        gaps.clear()
        for number in numbers[3 * turn : 3 * turn + 3]:
            session.select(number)
            wait(0.1)
            bench.dock.form.submit()
            wait(0.1)
        bench.dock.search.setText("SJBG")
        wait(0.1)
        bench.dock.search.setText("")
        wait(0.1)
        for show in (
            bench.parts.show_documents,
            bench.parts.show_rectification,
            bench.parts.show_archive,
            bench.parts.show_returned,
        ):
            show()
            wait(0.2)
        for window in (bench.parts.documents, bench.parts.rectification, bench.parts.archive, bench.parts.returned):
            window.close()
        session.reload()
        wait(0.8)
        worst.append(max(gaps))
        if worst[-1] < 100 * PATIENCE:
            break
    timer.stop()
    figure("longest gap of the window, ms", min(worst))
    assert len(read_rows(session.store)) == len(session.rows)
    # The goal is 100 ms on a machine of its own; the figure is the verdict there, a busy machine must not fail the story.
