"""What people expect of a day's work: drafts, required fields, many at once, switches, menus, recent workspaces."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QPushButton
from qgis.utils import iface

from tests.gui.conftest import until, wait
from tests.gui.test_reviewing import decisions_of, settled
from weipian_plugin.gui import recording
from weipian_plugin.judgment import drafts
from weipian_plugin.toolbelt import settings


@pytest.fixture(autouse=True)
def switches_off() -> Any:
    yield
    settings.change(auto_next="0", follow_zoom="0", map_colours="proposal", recent="", reviewer="")


def test_what_is_typed_comes_back_with_the_parcel_and_after_opening_again(bench: Any, workspace: Path) -> None:
    session, form = bench.parts.session, bench.dock.form
    first, second = settled(bench)[:2]
    session.select(first)
    QTest.keyClicks(form.project_name, "Road 7")
    QTest.keyClicks(form.field_description, "line 1")
    QTest.keyClick(form.field_description, Qt.Key.Key_Return)
    QTest.keyClicks(form.field_description, "line 2")
    session.select(second)
    assert form.project_name.text() == "" or form.project_name.text() != "Road 7"
    session.select(first)
    assert form.project_name.text() == "Road 7" and form.field_description.text() == "line 1\nline 2"
    assert "未签署" in form.state_label.text() and decisions_of(bench) == 0
    bench.parts.close_workspace()
    bench.open_workspace(workspace)
    until(lambda: session.details, what="the workspace is open again")
    session.select(first)
    assert form.project_name.text() == "Road 7"
    form.submit()
    assert session.rows[first].done and session.store.records("draft") == []
    form.reviewer_text.setText("李四")
    form.approve()
    assert form.project_name.text() == "Road 7", "a review hides nothing that was typed before"


def test_drafts_are_the_workspaces_marked_and_cleared_by_hand_only(bench: Any) -> None:
    session, form, dock = bench.parts.session, bench.dock.form, bench.dock
    first, second = settled(bench)[:2]
    drafts.save(session.store, "王五", first, "", {"项目名称": "Wang's"})
    session.select(first)
    form.person_text.setText("张三")
    assert form.project_name.text() != "Wang's" and "王五" in dock.card.text.toPlainText()
    form.project_name.setText("")
    QTest.keyClicks(form.project_name, "Road 8")
    QTest.keyClicks(form.reason_text, "because")
    session.select(second)
    assert drafts.read(session.store, "张三", first) == {"项目名称": "Road 8", "理由": "because"}
    assert session.rows[first].draft and not session.rows[second].draft
    dock.set_filter("有草稿")
    assert dock.shown_numbers() == [first]
    dock.set_filter("全部")
    session.select(first)
    assert "Road 8" in form.project_name.text() and "张三" in dock.card.text.toPlainText()
    session.select(second)
    session.select(first)
    assert session.rows[first].draft, "looking on clears nothing"
    form.more["clear"].trigger()
    assert form.project_name.text() != "Road 8" and not session.rows[first].draft
    assert drafts.read(session.store, "王五", first) == {"项目名称": "Wang's"}, "another person's stays"


def test_u_takes_back_acts_on_photos_documents_and_rectification_in_their_order(bench: Any) -> None:
    session, dock = bench.parts.session, bench.dock
    number = next(row.number for row in session.rows.values() if row.photos > 1)
    session.select(number)
    store, strip = session.store, dock.photos
    links, photos = store.records("photo_parcel"), store.records("photo")
    settings.change(person="张三")
    strip.menu().actions()[-1].trigger()
    removed = strip.current
    assert removed.removed and session.rows[number].photos < len(photos)
    strip.toggle()
    assert strip.current.link.status == "detached", "a removed photo is restored first"
    strip.next()
    strip.toggle()
    made = recording.add_documents(
        store, number, [recording.CopiedFile("a.pdf", "a", 1, "a.pdf")], {"kind": "批文"}, "张三"
    )
    row = recording.remove_document(store, made[0], "张三")
    session.acts.did(number, partial(recording.put_back_document, store, row, "张三"))
    before = recording.record_rectification(store, number, "", {"method": "拆除复耕", "closed": 0}, "张三")
    session.acts.did(number, partial(recording.put_back_rectification, store, number, "", before, "张三"))
    assert store.records("rectification") and not store.records("document")
    dock.undo()
    assert not store.records("rectification")
    dock.undo()
    assert [entry["id"] for entry in store.records("document")] == made
    dock.undo()
    dock.undo()
    assert store.records("photo") == photos
    assert store.records("photo_parcel") == links, "as it was, not as if a person had said so"
    assert store.audit() == []


def test_what_the_reviewer_types_is_the_reviews(bench: Any) -> None:
    session, form = bench.parts.session, bench.dock.form
    first = settled(bench)[0]
    session.select(first)
    form.person_text.setText("张三")
    QTest.keyClicks(form.project_name, "Road 7")
    form.submit()
    form.reviewer_text.setText("李四")
    form.project_owner.clear()
    QTest.keyClicks(form.project_owner, "Works")
    form.approve()
    decided, review = session.store.records("decision", parcel=first)
    assert decided["fields"]["项目名称"] == "Road 7" and decided["fields"]["项目主体"] != "Works"
    assert review["action"] == "review" and review["fields"]["项目主体"] == "Works"
    assert "项目名称" not in review["fields"] and form.project_owner.text() == "Works"
    assert session.store.records("draft") == []


def test_required_fields_are_marked_and_counted_before_deciding(bench: Any, picture: Any) -> None:
    session, form = bench.parts.session, bench.dock.form
    number = next(
        row.number for row in session.rows.values() if row.proposal == "违法" and not row.parts and row.kind == "land"
    )
    session.select(number)
    before = session.rows[number].missing
    form.project_name.clear()
    assert "*" in form.project_name_label.text() and "缺" in form.submit_button.text()
    picture("required")
    for field in (form.project_name, form.project_owner, form.construction_date, form.use_detail):
        field.setText("2023-01-01")
        field.setModified(True)
    assert "缺" not in form.submit_button.text()
    form.submit()
    assert session.rows[number].missing <= before
    form.choose("合法", "")
    assert "*" not in form.project_name_label.text()


def test_the_card_says_untouched_and_not_given_and_speaks_of_clauses(bench: Any) -> None:
    session, card = bench.parts.session, bench.dock.card
    said = ""
    for number in settled(bench)[:12]:
        session.select(number)
        text = card.text.toPlainText()
        assert "不涉及：" in text
        for row in session.details.proposals:
            assert row.rule not in text, "ids of rules are for the tooltip"
        said += text
    assert "实地地类" not in said, "no field of the form holds it"


def test_many_are_decided_at_once_each_with_its_own_row_and_never_a_doubtful_one(bench: Any, picture: Any) -> None:
    session, dock = bench.parts.session, bench.dock
    from dataclasses import replace

    from weipian_plugin.gui.many import choose

    rows = list(session.rows.values())
    doubtful = next(row for row in rows if row.proposal == "存疑")
    illegal = [
        replace(row, missing=0, photos_with_azimuth=1) for row in rows if row.proposal == "违法" and not row.parts
    ][:4]
    incomplete = replace(illegal[0], number="X", missing=2)
    choice = choose([*illegal, doubtful, incomplete])
    assert doubtful.number not in choice.numbers and "X" not in choice.numbers and len(choice.left) >= 2
    dock.table.selectAll()
    bench.parts.row_menu.decide_many()
    dialog = bench.parts.row_menu.many
    assert doubtful.number not in dialog.choice.numbers
    picture("many", dialog)
    if dialog.choice.numbers:
        dialog.person.clear()
        dialog.sign()
        assert decisions_of(bench) == 0, "nobody signs without a name"
        dialog.person.setText("张三")
        dialog.sign()
        until(lambda: "已签署" in dialog.message.text(), 30, "all are written")
        stored = session.store.records("decision")
        assert sorted(row["parcel"] for row in stored) == sorted(dialog.choice.numbers), dialog.failed
        assert {row["category"] for row in stored} == {dialog.choice.category}
        assert session.store.journal_break() is None
    dialog.close()


def test_the_switches_go_on_and_zoom_and_are_remembered(bench: Any) -> None:
    session, dock = bench.parts.session, bench.dock
    dock.follow_zoom.click()
    dock.auto_next.click()
    assert (settings.read().follow_zoom, settings.read().auto_next) == ("1", "1")
    first = settled(bench)[0]
    session.select(first)
    wait(0.2)
    scale = iface.mapCanvas().scale()
    assert scale < 20000
    dock.form.submit()
    assert session.rows[first].done and session.current != first, "on to the next one"


def test_from_comparing_to_the_next_parcel_it_takes_two_keys(bench: Any, figure: Any) -> None:
    """Choose → compare → decide → next, with 自动下一个 and 跟随缩放 on and the compare tool entered once for all parcels."""
    from weipian_plugin.gui.compare import SWIPE

    session, dock, compare = bench.parts.session, bench.dock, bench.parts.compare
    dock.follow_zoom.setChecked(True)
    dock.auto_next.setChecked(True)
    numbers = settled(bench)[:12]
    pair = next(
        (one, two)
        for one, two in zip(numbers, numbers[1:])
        if dock.shown_numbers().index(two) == dock.shown_numbers().index(one) + 1
    )
    session.select(pair[0])
    assert compare.enter(SWIPE)
    until(lambda: not compare.rendering, 30, "both dates are drawn")
    dock.table.setFocus()
    keys = 0
    QTest.keyPress(dock.table, Qt.Key.Key_Space)
    keys += 1
    assert compare.item.only == "before", "the earlier date while the key is held"
    QTest.keyRelease(dock.table, Qt.Key.Key_Space)
    QTest.keyClick(dock.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    keys += 1
    wait(0.1)
    assert session.rows[pair[0]].done and session.current == pair[1] and compare.mode == SWIPE
    figure("keys per parcel, choose → compare → decide → next", keys)
    compare.leave()


def test_the_menu_of_a_row_copies_and_writes_what_is_shown(bench: Any, tmp_path: Path) -> None:
    import openpyxl

    session, menu = bench.parts.session, bench.parts.row_menu
    session.select(settled(bench)[0])
    wait(0.1)
    menu.do("copy_number")
    assert session.current in QApplication.clipboard().text()
    menu.do("copy_degrees")
    east, north = (float(text) for text in QApplication.clipboard().text().split(", "))
    west, south, right, top = session.rows[session.current].bounds
    assert west <= east <= right and south <= north <= top
    menu.do("copy_metres")
    assert float(QApplication.clipboard().text().split(", ")[0]) > 100000
    menu.rows_to_excel(str(tmp_path / "rows.xlsx"))
    sheet = openpyxl.load_workbook(tmp_path / "rows.xlsx").active
    assert sheet.max_row == 1 + len(session.rows)
    buttons = iface.messageBar().currentItem().findChildren(QPushButton)
    assert any("打开文件夹" in button.text() for button in buttons)


def test_the_start_page_names_the_last_workspaces(bench: Any, workspace: Path, picture: Any) -> None:
    bench.parts.close_workspace()
    page = bench.dock.start_page
    until(page.isVisible)
    assert workspace.parent.name in page.recent.text()
    picture("start_again")
    page.recent_wanted.emit(str(workspace))
    until(lambda: bench.parts.session.details, what="opened again")


def shows_picture(window: Any) -> bool:
    shown = window.picture.pixmap()
    return shown is not None and not shown.isNull()


def test_a_loose_photo_is_shown_whatever_else_the_machine_does(bench: Any) -> None:
    """Long runs hold threads of Qt's pool, on which Qt itself converts images: a picture waits for none of them."""
    import threading

    from qgis.PyQt.QtCore import QRunnable, QThreadPool

    from weipian_plugin.toolbelt.threads import in_python_thread

    class Run(QRunnable):
        def run(self) -> None:
            in_python_thread(lambda: free.wait(90))

    session, free, pool = bench.parts.session, threading.Event(), QThreadPool.globalInstance()
    session.select(settled(bench)[0])
    held = [Run() for _ in range(pool.maxThreadCount())]
    for runnable in held:
        runnable.setAutoDelete(False)
        pool.start(runnable, 100)
    try:
        bench.parts.show_loose()
        window = bench.parts.loose
        for row in (1, 2, 0):
            window.list.setCurrentItem(window.list.topLevelItem(row))
            until(lambda: shows_picture(window), 20, "the picture is shown while the pool is held")
        for row in range(min(len(window.photos), 8)):  # quickly, as with the arrow keys: the last one counts
            window.list.setCurrentItem(window.list.topLevelItem(row))
        until(lambda: shows_picture(window), 20, "the last picture is shown")
        until(lambda: not bench.parts.runner._functions, 20, "nothing is left waiting")
    finally:
        free.set()
        pool.waitForDone(5000)
        bench.parts.loose.close()


def test_acts_on_photos_are_signed_with_a_name_that_a_person_gave(bench: Any) -> None:
    session, strip, form = bench.parts.session, bench.dock.photos, bench.dock.form
    number = next(row.number for row in session.rows.values() if row.photos)
    session.select(number)
    before = session.rows[number].photos
    settings.change(person="")
    form.person_text.clear()
    strip.toggle()
    strip._purpose_chosen(strip.purpose_choice.findData("整改后"))
    assert session.rows[number].photos == before and bench.notifier.last[0] == "warning" and form.person_text.hasFocus()
    bench.parts.show_loose()
    window = bench.parts.loose
    window.attach()
    assert session.rows[number].photos == before and "经办人" in window.message.text()
    window.person.setText("赵六")
    window.attach()
    assert session.rows[number].photos == before + 1
    window.close()
    form.person_text.setText("赵六")
    strip.list.setCurrentRow(0)
    strip.toggle()
    assert {row["by"] for row in session.store.records("photo_parcel", manual=1)} == {"赵六"}
    form.person_text.setText("张三")
    settings.change(person="张三")


def test_a_parcel_is_put_off_by_the_calendar(bench: Any) -> None:
    from qgis.PyQt.QtCore import QDate

    from weipian_plugin.gui.day_dialog import DayDialog

    today = QDate.currentDate()
    dialog = DayDialog("搁置", "搁置到哪一天（年-月-日）", 7, iface.mainWindow())
    dialog.show()
    dialog.calendar.setSelectedDate(today.addDays(30))
    assert dialog.day == today.addDays(30).toString("yyyy-MM-dd")
    dialog.field.selectAll()
    QTest.keyClicks(dialog.field, "2001-01-01")
    assert dialog.day == "" and not dialog.ok_button.isEnabled()
    dialog.close()


def test_loose_photos_are_seen_attached_and_taken_back(bench: Any, picture: Any) -> None:
    session, strip = bench.parts.session, bench.dock.photos
    number = settled(bench)[0]
    session.select(number)
    bench.parts.show_loose()
    window = bench.parts.loose
    count = len(window.photos)
    assert count > 0
    until(lambda: shows_picture(window), 20, "the first picture is read")
    picture("loose_photos", window)
    before, key = session.rows[number].photos, window.current.sha256
    window.attach()
    assert session.rows[number].photos == before + 1 and len(window.photos) == count - 1, window.message.text()
    window.close()
    strip.list.setCurrentRow([photo.key for photo in strip.photos].index(key))
    strip.toggle()
    assert session.rows[number].photos == before
    bench.dock.undo()
    assert session.rows[number].photos == before + 1, "U takes the last act on a photo back"
    strip.list.setCurrentRow([photo.key for photo in strip.photos].index(key))
    strip._purpose_chosen(strip.purpose_choice.findData("整改后"))
    assert "整改后" in strip.list.currentItem().text()
    assert session.store.records("photo_parcel", photo=key, parcel=number)[0]["purpose"] == "整改后"
    assert decisions_of(bench) == 0


def test_a_photo_without_a_digest_is_attached_under_its_file(bench: Any) -> None:
    """Of a file that a register names and nobody delivered there are no bytes: it was attached under no name, and stayed in the list."""
    session, name = bench.parts.session, "登记/缺失.jpg"
    number = settled(bench)[0]
    session.select(number)
    session.store.insert("photo", pd.DataFrame([{"file": name, "status": "refused"}]), "张三", "照片挂接")
    bench.parts.show_loose()
    window = bench.parts.loose
    window.list.setCurrentItem(window.list.topLevelItem([photo.file for photo in window.photos].index(name)))
    window.person.setText("赵六")
    window.attach()
    links = [(link["photo"], link["parcel"], link["by"]) for link in session.store.records("photo_parcel", manual=1)]
    assert (name, number, "赵六") in links and name not in [photo.file for photo in window.photos]
    assert name in [shown.photo.file for shown in bench.dock.photos.photos if shown.attached]
    window.close()
