"""A case (查处) is recorded in its window: steps with their papers, two parcels in one case, a colleague who was faster."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.PyQt.QtTest import QTest

from tests.gui.conftest import until
from tests.gui.test_recording import click, journal
from weipian_plugin.model.words import EnforcementStep
from weipian_plugin.workspace import Workspace
from weipian_plugin.workspace.enforcement import read_cases, save_case


def enter(dialog: Any, step: EnforcementStep, day: str, **texts: str) -> None:
    dialog.step.setCurrentIndex(dialog.step.findData(step.value))
    dialog.day.clear()
    QTest.keyClicks(dialog.day, day)
    for name, text in texts.items():
        getattr(dialog, name).clear()
        QTest.keyClicks(getattr(dialog, name), text)
    click(dialog.add_button)


def test_a_case_is_recorded_step_by_step(bench: Any, workspace: Path, tmp_path: Path, picture: Any) -> None:
    session = bench.parts.session
    number, other = list(session.rows)[:2]
    session.select(number)
    bench.parts.show_enforcement()
    dialog = bench.parts.enforcement
    until(dialog.isVisible)
    assert dialog.members.text() == number and dialog.unit.text()
    dialog.members.setText(f"{number}、没有的图斑")
    enter(dialog, EnforcementStep.OPENED, "2023-06-01")
    assert "没有的图斑" in dialog.message.text() and dialog.list.topLevelItemCount() == 0
    dialog.members.setText(f"{number}，{other}")
    QTest.keyClicks(dialog.name, "zhan di an")
    enter(dialog, EnforcementStep.OPENED, "2023-06-31")
    assert "2023-05-01" in dialog.message.text() and dialog.list.topLevelItemCount() == 0
    paper = tmp_path / "立案.pdf"
    paper.write_bytes(b"%PDF-1.4 paper")
    dialog.set_file(paper)
    enter(dialog, EnforcementStep.OPENED, "2023-06-01", document_number="2023-8")
    until(lambda: dialog.list.topLevelItemCount() == 1, what="the paper is copied, the step listed")
    enter(dialog, EnforcementStep.PENALISED, "2023-07-01", document_number="2023-9", fine="-3")
    assert dialog.list.topLevelItemCount() == 1, "a fine is no less than nothing"
    enter(
        dialog,
        EnforcementStep.PENALISED,
        "2023-07-01",
        document_number="2023-9",
        fine="12,000.50",
        confiscated="chang fang",
    )
    enter(dialog, EnforcementStep.TRANSFERRED, "2023-07-20")
    assert dialog.list.topLevelItemCount() == 3
    assert not dialog.fine.isVisible() and dialog.target.isVisible()
    assert "「处罚决定」没有登记文书" in dialog.problems.text()
    picture("enforcement", dialog)
    assert dialog.minimumSizeHint().height() < 700, "it fits the screen of an office laptop"
    with Workspace.open(workspace) as store:
        (case,) = read_cases(store, other)
        assert [member.parcel for member in case.members] == [number, other] and case.steps[1].fine == 12000.5
        rows = store.read("document", parcel=[number, other]).to_dict("records")
        assert {row["parcel"] for row in rows} == {number, other} and {row["kind"] for row in rows} == {"立案呈批表"}
        assert case.steps[0].document in {row["id"] for row in rows}
        assert journal(store, "enforcement_case")[0] == ("张三", "登记查处案件", "insert")
        save_case(store, case, "李四")
    enter(dialog, EnforcementStep.EXECUTED, "2023-09-01")
    assert dialog.list.topLevelItemCount() == 3 and dialog.message.text(), (
        "a colleague was faster: nothing is overwritten"
    )
    enter(dialog, EnforcementStep.EXECUTED, "2023-09-01")
    assert dialog.list.topLevelItemCount() == 4
    dialog.list.setCurrentItem(dialog.list.topLevelItem(3))
    click(dialog.remove_button)
    assert dialog.list.topLevelItemCount() == 3
    dialog.reject()


def test_a_patrol_is_recorded_and_its_finding_becomes_a_parcel(
    bench: Any, workspace: Path, tmp_path: Path, picture: Any
) -> None:
    session = bench.parts.session
    bench.parts.show_patrol()
    dialog = bench.parts.patrol
    until(dialog.isVisible)
    dialog.village.clear()
    click(dialog.save_button)
    assert dialog.list.topLevelItemCount() == 0 and "村" in dialog.message.text(), "a patrol is of a village"
    for edit, text in (
        (dialog.village, "qingshan"),
        (dialog.grid, "1"),
        (dialog.finding, "new wall"),
        (dialog.lon, "x"),
    ):
        QTest.keyClicks(edit, text)
    click(dialog.save_button)
    assert dialog.list.topLevelItemCount() == 0, "a place is numbers"
    click(dialog.centre_button)
    click(dialog.save_button)
    assert dialog.list.topLevelItemCount() == 1
    photo = tmp_path / "墙.jpg"
    photo.write_bytes(b"\xff\xd8 picture")
    dialog.add_photos([photo])
    until(lambda: dialog.list.topLevelItem(0).text(5) == "1", what="the photo is copied and kept")
    click(dialog.parcel_button)
    assert not dialog.list.topLevelItem(0).text(6), "an area is needed"
    QTest.keyClicks(dialog.area, "1.5")
    click(dialog.parcel_button)
    number = dialog.list.topLevelItem(0).text(6)
    assert number.startswith("ZC") and not dialog.parcel_button.isEnabled()
    until(lambda: number in session.rows, what="the parcel stands in the queue")
    picture("patrol", dialog)
    with Workspace.open(workspace) as store:
        assert len(store.read("parcel", number=number)) == 1
        assert journal(store, "patrol")[0] == ("张三", "登记巡查记录", "insert")
    dialog.reject()
