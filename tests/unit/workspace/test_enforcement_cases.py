"""Enforcement cases: what a case says of its parcels, what does not hold together, and that the store keeps it whole."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weipian_plugin.model.enforcement import (
    CaseMember,
    CaseStep,
    EnforcementCase,
    case_of_row,
    cases_by_parcel,
    ordered,
    problems,
    row_of_case,
)
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.words import EnforcementStep, TransferTarget
from weipian_plugin.workspace import Workspace
from weipian_plugin.workspace.enforcement import read_cases, remove_case, save_case

STEP = EnforcementStep
TODAY = date(2023, 12, 1)
WHOLE = (
    CaseStep(STEP.OPENED, "2023-06-01", "永规资立〔2023〕8号", document="d1"),
    CaseStep(STEP.STOPPED, "2023-06-02", document="d2"),
    CaseStep(STEP.SURVEYED, "2023-06-03", document="d3"),
    CaseStep(STEP.PENALISED, "2023-07-10", "永规资罚〔2023〕8号", document="d4", fine=12000.5, confiscated="地上厂房", demolished="围墙"),
    CaseStep(STEP.TRANSFERRED, "2023-07-20", document="d5", target=TransferTarget.POLICE, receipt="2023-07-25 收"),
    CaseStep(STEP.EXECUTED, "2023-09-01", document="d6"),
    CaseStep(STEP.CLOSED, "2023-10-01", document="d7"),
)  # fmt: skip


def case(
    *steps: CaseStep, members: tuple[CaseMember, ...] = (CaseMember("A"), CaseMember("B", "_2"))
) -> EnforcementCase:
    return EnforcementCase("", members, "某厂占地案", "某厂", "执法大队", steps)


def test_a_case_about_a_parcel_is_about_its_parts_and_one_about_a_part_about_no_other() -> None:
    own = case()
    assert [own.covers(*of) for of in (("A",), ("A", "_1"), ("B",), ("B", "_2"), ("B", "_1"), ("C",))] == [
        True, True, False, True, False, False,
    ]  # fmt: skip
    assert set(cases_by_parcel([row_of_case(own)])) == {"A", "B"}


@pytest.mark.parametrize(
    ("steps", "by", "carried_out"),
    [
        (WHOLE, None, True),
        (WHOLE, date(2023, 8, 31), False),
        (WHOLE, date(2023, 9, 1), True),
        ([entry for entry in WHOLE if entry.step is not STEP.EXECUTED], None, False),  # closed with the court only
        ([entry for entry in WHOLE if entry.step is not STEP.PENALISED], None, False),
        ([replace(entry, day="") for entry in WHOLE], None, False),
        ([replace(entry, day="九月") for entry in WHOLE], None, False),
    ],
)
def test_a_penalty_is_carried_out_only_when_it_was_decided_and_executed(steps, by, carried_out: bool) -> None:
    assert case(*steps).penalty_carried_out(by) is carried_out


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([CaseStep(STEP.OPENED, "", "8号", document="d")], "day_missing"),
        ([CaseStep(STEP.OPENED, "2024-01-01", "8号", document="d")], "day_ahead"),
        ([CaseStep(STEP.OPENED, "2023-01-01", document="d")], "number_missing"),
        ([CaseStep(STEP.OPENED, "2023-01-01", "8号")], "document_missing"),
        ([CaseStep(STEP.TRANSFERRED, "2023-01-01", document="d")], "target_missing"),
        ([CaseStep(STEP.WITHOUT_CASE, "2023-01-01", document="d")], "reason_missing"),
        ([*WHOLE, CaseStep(STEP.WITHOUT_CASE, "2023-01-01", document="d", reason="群众自发")], "both_ways"),
        ([CaseStep(STEP.PENALISED, "2023-01-01", "8号", document="d")], "step_missing"),
        ([WHOLE[0], CaseStep(STEP.PENALISED, "2023-05-01", "8号", document="d")], "step_before"),
        ([*WHOLE[:4], CaseStep(STEP.EXECUTED, "2023-07-01", document="d")], "step_before"),
    ],
)
def test_what_does_not_hold_together_is_said(steps: list[CaseStep], code: str) -> None:
    assert f"model.case_{code}" in {message.code for message in problems(case(*steps), TODAY)}


def test_a_whole_case_has_nothing_to_say() -> None:
    assert problems(case(*WHOLE), TODAY) == ()
    assert case(*WHOLE).stage(TODAY) == "结案"
    assert case(*WHOLE).stage(date(2023, 7, 15)) == "处罚决定"


texts = st.text(alphabet="甲乙 1-号〔〕", max_size=8).map(str.strip)
steps = st.builds(
    CaseStep, st.sampled_from(list(STEP)), day=st.dates(date(2020, 1, 1), date(2026, 1, 1)).map(date.isoformat) | st.just(""),
    number=texts, authority=texts, document=texts, fine=st.none() | st.floats(0, 1e9), confiscated=texts, demolished=texts,
    target=st.none() | st.sampled_from(list(TransferTarget)), receipt=texts, reason=texts,
)  # fmt: skip


@given(st.lists(steps, max_size=6), texts)
def test_a_case_comes_back_as_it_was_written(entries: list[CaseStep], name: str) -> None:
    own = EnforcementCase("x", (CaseMember("A"), CaseMember("B", "_1")), name, steps=ordered(entries))
    assert case_of_row(row_of_case(own)) == own


def test_the_store_keeps_a_case_and_tells_its_story(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "库.gpkg") as store:
        made = save_case(store, case(WHOLE[0]), "张三")
        changed = save_case(store, replace(made, steps=WHOLE), "李四")
        assert read_cases(store) == (changed,) == read_cases(store, "B") and read_cases(store, "C") == ()
        with pytest.raises(WeipianError) as caught:
            save_case(store, replace(made, party="别人"), "王五")
        assert caught.value.code == "workspace.conflict"
        entry = store.read("journal").iloc[-1]
        assert (entry["who"], entry["what"]) == ("李四", "enforcement_case")
        assert len(entry["before"]["steps"]) == 1 and len(entry["after"]["steps"]) == len(WHOLE)
        remove_case(store, made.id, "李四")
        assert read_cases(store) == () and store.audit() == []
        with pytest.raises(WeipianError) as caught:
            save_case(store, case(members=()), "张三")
        assert caught.value.code == "workspace.case_without_parcel"


def test_a_workspace_of_an_earlier_release_gets_the_table(tmp_path: Path) -> None:
    path = Path(shutil.copy(Path(__file__).with_name("data") / "version-1.gpkg", tmp_path / "旧.gpkg"))
    with Workspace.open(path) as store:
        save_case(store, case(*WHOLE), "张三")
    with Workspace.open(path) as store:
        assert len(read_cases(store, "A")) == 1 and not store.doubts
