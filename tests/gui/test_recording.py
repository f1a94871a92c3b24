"""What a person records beside the judgment: documents, rectification, filing, return, change, split."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from tests.gui.conftest import until, wait
from tests.gui.test_reviewing import settled
from weipian_plugin.gui.decision_form import DecisionForm
from weipian_plugin.workspace import Workspace


def click(widget: Any) -> None:
    assert widget.isEnabled()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
    wait(0.05)


def journal(store: Workspace, what: str) -> list[tuple[str, str, str]]:
    rows = store.read("journal", what=what).to_dict("records")
    return [(row["who"], row["why"], row["action"]) for row in rows]


def test_documents_are_attached_listed_and_removed(bench: Any, workspace: Path, tmp_path: Path, picture: Any) -> None:
    files = [tmp_path / "关于 用地的批复（扫描）.PDF", tmp_path / "合同附件.jpg"]
    for number, file in enumerate(files):
        file.write_bytes(b"contents %d" % number)
    session = bench.parts.session
    number = session.current
    click(bench.dock.documents_button)
    dialog = bench.parts.documents
    until(dialog.isVisible)
    dialog.set_files(files)
    QTest.keyClicks(dialog.document_number, "2023-12")
    QTest.keyClicks(dialog.day, "2023-13-01")
    click(dialog.add_button)
    assert dialog.list.topLevelItemCount() == 0 and "2023-05-01" in dialog.message.text()
    dialog.day.clear()
    QTest.keyClicks(dialog.day, "2023-05-06")
    click(dialog.add_button)
    until(lambda: dialog.list.topLevelItemCount() == 2, what="both files are copied and listed")
    picture("documents", dialog)
    with Workspace.open(workspace) as store:
        rows = store.read("document", parcel=number).to_dict("records")
        assert journal(store, "document") == [("张三", "登记证明材料", "insert")] * 2
    assert [row["source"] for row in rows] == [file.name for file in files]
    assert [row["title"] for row in rows] == [file.stem for file in files]
    for row, file in zip(rows, files):
        copied = workspace.parent / row["file"]
        assert copied.read_bytes() == file.read_bytes() and row["size"] == len(file.read_bytes())
        assert row["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
        assert copied.parent.name == number and copied.parent.parent.name == "工作库-材料" and copied.name.isascii()
        assert (row["kind"], row["number"], row["date"], row["added_by"]) == ("批文", "2023-12", "2023-05-06", "张三")
    assert "2023-12" in bench.dock.card.text.toPlainText()
    dialog.set_files(files[:1])
    click(dialog.add_button)
    until(lambda: "已登记过" in dialog.message.text(), what="the same file again")
    assert dialog.list.topLevelItemCount() == 2
    dialog.list.topLevelItem(0).setSelected(True)
    click(dialog.remove_button)
    assert dialog.list.topLevelItemCount() == 1
    with Workspace.open(workspace) as store:
        assert store.read("document", parcel=number)["source"].tolist() == [files[1].name]
        assert journal(store, "document")[-1] == ("张三", "移除证明材料", "delete")
        assert store.journal_break() is None
    assert (workspace.parent / rows[0]["file"]).is_file(), "the file stays"
    dialog.reject()


def test_rectification_is_recorded_and_changed(bench: Any, workspace: Path, picture: Any) -> None:
    session = bench.parts.session
    number = next(row.number for row in session.rows.values() if row.proposal == "违法" and row.photos)
    session.select(number)
    area = session.details.parcel.area_m2
    click(bench.dock.rectification_button)
    dialog = bench.parts.rectification
    until(dialog.isVisible)
    click(dialog.save_button)
    assert dialog.isVisible() and dialog.message.text(), "a way of rectification is wanted"
    dialog.method.setFocus()
    QTest.keyClick(dialog.method, Qt.Key.Key_Down)
    assert dialog.method.currentData() == "拆除复耕" and not dialog.message.text()
    both = dialog.method.itemData(3)
    assert "拆除" in both and "补办" in both, "the checks of filing look for these words"
    QTest.keyClicks(dialog.areas["removed_m2"], "1.5")
    assert dialog.areas["remaining_m2"].m2() == pytest.approx(area - 1000, abs=0.1)
    assert "相符" in dialog.identities.text()
    QTest.keyClicks(dialog.unit, "cun")
    picture("rectification", dialog)
    click(dialog.save_button)
    assert not dialog.isVisible()
    with Workspace.open(workspace) as store:
        (row,) = store.read("rectification", parcel=number).to_dict("records")
        assert journal(store, "rectification") == [("张三", "登记整改情况", "insert")]
    assert row["area_m2"] == area and row["removed_m2"] == pytest.approx(1000) and row["unit"] == "cun"
    assert row["regularised_m2"] != row["regularised_m2"] or row["regularised_m2"] is None, "blank stays blank"
    assert (row["part"], row["method"], row["closed"]) == ("", "拆除复耕", 0)
    assert "拆除 1.50 亩" in bench.dock.card.text.toPlainText()
    bench.parts.show_rectification()
    dialog = bench.parts.rectification
    remaining = dialog.areas["remaining_m2"]
    remaining.selectAll()
    QTest.keyClicks(remaining, "0")
    assert "相差" in dialog.identities.text(), "shown, not corrected"
    dialog.closed.setChecked(True)
    click(dialog.save_button)
    assert dialog.isVisible(), "closing needs a day"
    QTest.keyClicks(dialog.closed_on, "2024-01-31")
    click(dialog.save_button)
    with Workspace.open(workspace) as store:
        (row,) = store.read("rectification", parcel=number).to_dict("records")
        assert (row["closed"], row["closed_on"], row["remaining_m2"]) == (1, "2024-01-31", 0)
        assert row["area_m2"] == area
        assert journal(store, "rectification")[-1] == ("张三", "修改整改情况", "update")


def answer(form: DecisionForm, name: str, **texts: str) -> None:
    form.more[name].trigger()
    until(form.dialog.isActiveWindow, what="the dialog has the keyboard")  # closing it earlier loses the focus
    wait(0.2)
    for field, text in texts.items():
        assert not form.dialog.ok_button.isEnabled(), "everything is needed"
        QTest.keyClicks(getattr(form.dialog, field), text)
    click(form.dialog.ok_button)


def test_filed_returned_changed_and_undone(bench: Any, workspace: Path, picture: Any) -> None:
    session, form = bench.parts.session, bench.dock.form
    number = next(number for number in settled(bench) if session.rows[number].proposal == "合法")
    session.select(number)
    form.submit()
    assert form.more["file"].isEnabled() and not form.more["send_back"].isEnabled()
    answer(form, "file")
    assert session.rows[number].state == "已填报", bench.notifier.last
    answer(form, "send_back", reason="zhaopian")
    assert session.rows[number].state == "退回", bench.notifier.last
    form.more["rejudge"].trigger()
    dialog = form.dialog
    dialog.category.setCurrentIndex(dialog.category.findData("违法"))
    QTest.keyClicks(dialog.reason, "weijian")
    QTest.keyClicks(dialog.basis, "xianchang")
    picture("rejudge", dialog)
    click(dialog.ok_button)
    assert (session.rows[number].state, session.rows[number].decision) == ("改判", "违法"), bench.notifier.last
    click(form.undo_button)
    assert session.rows[number].state == "退回"
    with Workspace.open(workspace) as store:
        rows = store.read("decision", parcel=number).to_dict("records")
        whys = [why for _, why, action in journal(store, "decision") if action == "insert"]
    assert [row["action"] for row in rows] == ["accept", "file", "send_back", "rejudge"]
    assert [row["status"] for row in rows] == ["superseded", "superseded", "current", "undone"]
    assert rows[2]["fields"]["returned_by"] == "市级" and whys == ["采纳建议", "已填报", "上级退回", "改判"]


def test_a_parcel_is_split_as_proposed_decided_by_parts_and_the_split_is_undone(bench: Any, workspace: Path) -> None:
    session, form = bench.parts.session, bench.dock.form
    number = next(row.number for row in session.rows.values() if row.parts)
    session.select(number)
    before = session.details.parcel.split_state
    answer(form, "split")
    assert session.details.parcel.split_state == "被拆分", bench.notifier.last
    assert not form.more["split"].isEnabled()
    with Workspace.open(workspace) as store:
        (row,) = store.read("decision", parcel=number).to_dict("records")
        areas = dict(zip(store.read("part", parcel=number)["part"], store.read("part", parcel=number)["area_m2"]))
        assert ("张三", "拆分", "insert") in journal(store, "decision")
    assert row["fields"]["parts"] == areas and len(areas) > 1
    form.part_choice.setCurrentIndex(1)
    form.submit()
    assert [entry.part for entry in session.details.decisions] == ["", "_1"], bench.notifier.last
    form.part_choice.setCurrentIndex(0)
    assert form.undo_button.isEnabled() and form.part == ""
    click(form.undo_button)
    assert session.details.parcel.split_state == "被拆分", "first it is asked: a part has been decided"
    until(form.dialog.isActiveWindow, what="the dialog has the keyboard")
    wait(0.2)
    click(form.dialog.ok_button)
    assert (session.details.parcel.split_state or "") == (before or ""), bench.notifier.last
