"""Decisions: who may do what in which state, what is kept, and what makes a decision's basis outdated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from tests.unit.judgment.frames import profile_called
from weipian_plugin.judgment import Profile, differences
from weipian_plugin.judgment.decisions import (
    ALLOWED,
    Actor,
    Change,
    Division,
    Merger,
    Outcome,
    accept,
    apply,
    current,
    file,
    merge,
    override,
    postpone,
    postponed_until,
    reject,
    rejudge,
    review,
    send_back,
    split,
    stale,
    state,
    undo,
)
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.records import STATES, Decision, Proposal

PARCEL = "500118SJBG23210001"
ZHANG = Actor("张三", "经办", "2023-06-01T09:00:00+08:00")
LI = Actor("李四", "复核", "2023-06-02T09:00:00+08:00")
PROPOSAL = Proposal(
    PARCEL, "", "违法", "未报即用", "N99_WITHOUT_APPROVAL", 2000.0, "medium",
    facts={"values": {"uncovered_in_time": {"value": "2000.0", "unit": "m2"}}},
)  # fmt: skip


@pytest.fixture(scope="module")
def profile() -> Profile:
    return profile_called("national-2023")


def run(history: Sequence[Decision], *steps: Callable[[Sequence[Decision]], Change]) -> list[Decision]:
    rows = list(history)
    for step in steps:
        rows = apply(rows, step(rows))
    return rows


def accepted(profile: Profile) -> list[Decision]:
    return run([], lambda rows: accept(rows, PROPOSAL, ZHANG, profile))


def rejected(action: Callable[[], Change]) -> str:
    with pytest.raises(WeipianError) as error:
        action()
    assert "‹" not in str(error.value)
    return error.value.code


def in_state(name: str, profile: Profile) -> list[Decision]:
    """A history that leads to a state."""
    steps: dict[str, list[Callable[[Sequence[Decision]], Change]]] = {"未提报": []}
    steps["已判定"] = [lambda rows: accept(rows, PROPOSAL, ZHANG, profile)]
    steps["已复核"] = [*steps["已判定"], lambda rows: review(rows, LI, profile)]
    steps["已填报"] = [*steps["已复核"], lambda rows: file(rows, ZHANG)]
    steps["退回"] = [*steps["已填报"], lambda rows: send_back(rows, LI, "补充照片", "省级")]
    steps["改判"] = [
        *steps["已填报"],
        lambda rows: rejudge(rows, LI, profile, Outcome("其他", "实地未变化", "影像显示未变化", "2021 年影像")),
    ]
    return run([], *steps[name])


@pytest.mark.parametrize("name", STATES)
def test_every_state_is_reached_and_told_to_the_parcel(name: str, profile: Profile) -> None:
    history = in_state(name, profile)
    assert state(history) == name
    assert sum(row.status == "current" for row in history) == (0 if name == "未提报" else 1)


@pytest.mark.parametrize("name", STATES)
def test_an_action_outside_its_states_is_refused(name: str, profile: Profile) -> None:
    history = in_state(name, profile)
    actions: dict[str, Callable[[], Change]] = {
        "accept": lambda: accept(history, PROPOSAL, ZHANG, profile),
        "override": lambda: override(history, PROPOSAL, ZHANG, profile, Outcome("其他", "实地未变化", "理由", "依据")),
        "postpone": lambda: postpone(history, PARCEL, "", ZHANG, "2023-07-01", "等待照片"),
        "split": lambda: split(history, PARCEL, Division({"_1": 1200.0, "_2": 800.0}, 2000.0), ZHANG),
        "review": lambda: review(history, LI, profile),
        "reject": lambda: reject(history, LI, "照片不清"),
        "file": lambda: file(history, ZHANG),
        "send_back": lambda: send_back(history, LI, "补充照片"),
        "rejudge": lambda: rejudge(history, LI, profile, Outcome("其他", "实地未变化", "理由", "依据")),
    }
    for action, call in actions.items():
        if name in ALLOWED[action]:
            assert call().insert, action
        else:
            expected = (
                "judgment.decision_none"
                if not history and action not in ("accept", "override", "postpone", "split")
                else "judgment.decision_state"
            )
            assert rejected(call) == expected, action


def test_accepting_keeps_the_proposal_it_rests_on(profile: Profile) -> None:
    row = accepted(profile)[0]
    assert (row.category, row.subtype, row.accepted, row.person, row.role) == (
        "违法",
        "未报即用",
        1,
        "张三",
        "经办",
    )
    assert row.proposal_rule == "N99_WITHOUT_APPROVAL" and len(row.proposal_digest or "") == 64
    assert row.fields["proposal"]["facts.uncovered_in_time"] == "2000.00"


def test_doubt_cannot_be_accepted(profile: Profile) -> None:
    assert rejected(lambda: accept([], replace(PROPOSAL, category="存疑"), ZHANG, profile)) == "judgment.decision_doubt"


@pytest.mark.parametrize(("reason", "basis"), [("", "依据"), ("理由", ""), ("  ", "依据"), ("理由", " ")])
def test_overriding_needs_reason_and_basis(reason: str, basis: str, profile: Profile) -> None:
    assert (
        rejected(lambda: override([], PROPOSAL, ZHANG, profile, Outcome("其他", "临时用地", reason, basis)))
        == "judgment.decision_blank"
    )


@pytest.mark.parametrize(
    ("category", "subtype", "code"),
    [
        ("存疑", "", "judgment.decision_category"),
        ("不存在", "", "judgment.decision_category"),
        ("其他", "不存在", "judgment.decision_subtype"),
    ],
)
def test_overriding_stays_inside_the_profile(category: str, subtype: str, code: str, profile: Profile) -> None:
    assert rejected(lambda: override([], PROPOSAL, ZHANG, profile, Outcome(category, subtype, "理由", "依据"))) == code


def test_a_person_may_choose_a_manual_subtype(profile: Profile) -> None:
    change = override([], PROPOSAL, ZHANG, profile, Outcome("其他", "紧急用地", "抢险", "应急证明"))
    assert (change.insert[0].subtype, change.insert[0].accepted) == ("紧急用地", 0)


@pytest.mark.parametrize("same", ["张三", " 张三 ", "张 三"])
def test_four_eyes_are_two_persons(same: str, profile: Profile) -> None:
    history = accepted(profile)
    again = replace(LI, person=same)
    assert rejected(lambda: review(history, again, profile)) == "judgment.decision_same_person"
    assert review(history, again, profile, four_eyes=False).insert[0].state == "已复核"


def test_without_four_eyes_a_decision_may_be_filed_unreviewed(profile: Profile) -> None:
    history = accepted(profile)
    assert rejected(lambda: file(history, ZHANG)) == "judgment.decision_state"
    assert state(apply(history, file(history, ZHANG, four_eyes=False))) == "已填报"


def test_the_outcome_is_carried_through_review_and_filing(profile: Profile) -> None:
    row = current(in_state("已填报", profile))
    assert row is not None
    assert (row.category, row.subtype, row.accepted) == ("违法", "未报即用", 1)
    assert (row.decided_by, row.reviewed_by) == ("张三", "李四")


def test_a_rejection_goes_back_with_its_reason_and_can_be_decided_anew(profile: Profile) -> None:
    history = run(
        accepted(profile),
        lambda rows: reject(rows, LI, "照片不清"),
        lambda rows: accept(rows, PROPOSAL, ZHANG, profile),
    )
    assert [row.state for row in history] == ["已判定", "退回", "已判定"]
    assert history[1].reason == "照片不清"


def test_postponing_keeps_state_and_outcome(profile: Profile) -> None:
    history = run(accepted(profile), lambda rows: postpone(rows, PARCEL, "", ZHANG, "2023-07-01", "等待照片"))
    assert (state(history), postponed_until(history)) == ("已判定", "2023-07-01")
    row = current(history)
    assert row is not None and row.category == "违法" and row.decided_by == "张三"
    assert rejected(lambda: postpone(history, PARCEL, "", ZHANG, "", "等待照片")) == "judgment.decision_blank"


def test_undo_brings_back_what_was_before_and_loses_nothing(profile: Profile) -> None:
    history = in_state("已复核", profile)
    once = apply(history, undo(history, LI, "误操作"))
    twice = apply(once, undo(once, ZHANG))
    assert [state(rows) for rows in (history, once, twice)] == ["已复核", "已判定", "未提报"]
    assert len(twice) == len(history)
    assert once[1].fields["undone_by"] == "李四" and once[1].fields["undone_why"] == "误操作"
    assert undo(once, ZHANG).parcels == {PARCEL: {"state": "未提报"}}
    assert rejected(lambda: undo(twice, ZHANG)) == "judgment.decision_none"


def test_after_an_undo_ids_stay_unique(profile: Profile) -> None:
    history = accepted(profile)
    history = apply(history, undo(history, ZHANG))
    history = apply(history, accept(history, PROPOSAL, ZHANG, profile))
    history = apply(history, undo(history, ZHANG))
    assert len({row.id for row in history}) == len(history) == 2
    assert state(history) == "未提报"


def test_nobody_cannot_decide(profile: Profile) -> None:
    assert rejected(lambda: accept([], PROPOSAL, replace(ZHANG, person=" "), profile)) == "judgment.decision_nobody"


def test_splitting_makes_a_parent_and_its_pieces() -> None:
    change = split([], PARCEL, Division({"_2": 800.0, "_1": 1200.0}, 2000.0), ZHANG)
    assert change.parcels[PARCEL]["split_state"] == "被拆分"
    assert {number: columns["split_state"] for number, columns in change.parcels.items() if number != PARCEL} == {
        f"{PARCEL}_1": "拆分",
        f"{PARCEL}_2": "拆分",
    }
    assert change.parcels[f"{PARCEL}_1"]["parent"] == PARCEL


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"_1": 2000.0}, "judgment.split_parts"),
        ({"_1": 1000.0, "2": 1000.0}, "judgment.split_parts"),
        ({"_1": 1200.0, "_2": 800.011}, "judgment.split_areas"),
        ({"_1": 1200.0, "_2": 799.989}, "judgment.split_areas"),
        ({"_1": 2000.0, "_2": 0.0}, "judgment.split_areas"),
        ({"_1": float("nan"), "_2": 800.0}, "judgment.split_areas"),
    ],
)
def test_a_split_must_add_up(parts: dict[str, float], code: str) -> None:
    assert rejected(lambda: split([], PARCEL, Division(parts, 2000.0), ZHANG)) == code


def test_areas_of_a_split_may_differ_by_a_hundredth_of_a_square_metre() -> None:
    assert split([], PARCEL, Division({"_1": 1200.0, "_2": 800.0099}, 2000.0), ZHANG).insert


def test_merging_takes_a_split_back_and_undo_takes_the_merging_back() -> None:
    history = apply([], split([], PARCEL, Division({"_1": 1200.0, "_2": 800.0}, 2000.0), ZHANG))
    change = merge(history, PARCEL, Merger(["_1", "_2"], {}, split_state="被拆分"), ZHANG)
    assert change.parcels == {PARCEL: {"state": "未提报", "split_state": ""}}
    merged = apply(history, change)
    assert undo(merged, ZHANG).parcels == {PARCEL: {"state": "未提报", "split_state": "被拆分"}}


def test_reviewed_members_cannot_be_merged(profile: Profile) -> None:
    histories = {"B": in_state("已复核", profile)}
    assert rejected(lambda: merge([], PARCEL, Merger(["B"], histories), ZHANG)) == "judgment.decision_state"
    assert rejected(lambda: merge([], PARCEL, Merger([], {}), ZHANG)) == "judgment.merge_members"
    assert rejected(lambda: merge([], PARCEL, Merger([PARCEL], {}), ZHANG)) == "judgment.merge_members"


def test_a_part_does_not_change_the_state_of_its_parcel(profile: Profile) -> None:
    assert accept([], replace(PROPOSAL, part="_1"), ZHANG, profile).parcels == {}


def test_a_decision_whose_proposal_changed_is_marked_with_the_difference_and_not_touched(profile: Profile) -> None:
    row = accepted(profile)[0]
    before = replace(row)
    assert stale(row, PROPOSAL) is None
    changed = replace(PROPOSAL, category="合法", subtype="农用地转用批准", rule="N10", facts={"values": {}})
    difference = stale(row, changed)
    assert difference is not None and not difference["gone"]
    assert difference["changed"]["category"] == ["违法", "合法"]
    assert difference["changed"]["facts.uncovered_in_time"] == ["2000.00", None]
    assert row == before
    gone = stale(row, None)
    assert gone is not None and gone["gone"]


def test_noise_in_a_measured_area_does_not_make_a_decision_outdated(profile: Profile) -> None:
    row = accepted(profile)[0]
    noisy = replace(
        PROPOSAL, area_m2=2000.0000001, facts={"values": {"uncovered_in_time": {"value": "2000.0000003", "unit": "m2"}}}
    )
    assert stale(row, noisy) is None
    assert stale(row, replace(PROPOSAL, area_m2=2000.02)) is not None


def test_the_difference_of_two_runs_lists_what_changes() -> None:
    other = replace(PROPOSAL, parcel="B")
    found = differences([PROPOSAL, other], [replace(PROPOSAL, category="合法"), replace(PROPOSAL, parcel="C")])
    assert [(entry.parcel, entry.kind) for entry in found] == [(PARCEL, "changed"), ("B", "removed"), ("C", "added")]
    assert found[0].changed == {"category": ("违法", "合法")}
    assert differences([PROPOSAL], [PROPOSAL]) == []
