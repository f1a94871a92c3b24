"""Colleagues work while a whole run does: what they worked on is proposed again, parcel by parcel, and everybody else's proposals stay."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.drill import desk
from tests.unit.pipeline import small_county
from tests.unit.pipeline.small_county import NUMBERS
from tests.unit.pipeline.test_two_people import Listens, in_the_middle
from weipian_plugin import judgment
from weipian_plugin.model.feedback import Silent
from weipian_plugin.pipeline.propose import ProposeJudgments
from weipian_plugin.pipeline.steps import Walk
from weipian_plugin.workspace import Workspace

#: A parcel that the small county has no approval for, and what joins it to another.
FIRST, SECOND, _ = NUMBERS
MERGE = {"id": "m", "parcel": FIRST, "part": "", "action": "merge", "members": [SECOND], "status": "current"}


@pytest.fixture
def asked(tmp_path: Path) -> dict[str, str]:
    """A county that was run once."""
    values = small_county.write(tmp_path / "县")
    Walk.of(values, who="我").run(Silent())
    return values


def run_with(
    asked: dict[str, str], monkeypatch: pytest.MonkeyPatch, *acts: Callable[[Workspace], object]
) -> tuple[list[list[str]], list[str]]:
    """A run, in which a colleague acts after each judging; the parcels that were judged each time, and what was said."""
    left = list(acts)

    def act() -> None:
        with Workspace.open(Path(asked["WORKSPACE"])) as other:
            left.pop(0)(other)

    calls = in_the_middle(monkeypatch, judgment, "judge", act, times=len(acts))
    said = Listens()
    Walk.of(asked, who="我").run(said)
    return [call[0].parcels["number"].tolist() for call in calls], said.codes


def attach(other: Workspace) -> None:
    row = {"id": "d1", "parcel": FIRST, "kind": "approval", "title": "批文"}
    other.insert("document", pd.DataFrame([row]), "同事", "材料", each=True)


def proposals(place: str) -> Any:
    with Workspace.open(Path(place)) as store:
        assert store.audit() == []
        frame = store.read("proposal").drop(columns=["fid", "made_at"])
    return frame.sort_values(["parcel", "part"]).reset_index(drop=True).astype(str)


@pytest.mark.parametrize("act", [attach, lambda other: desk.decide(other, FIRST, "同事", "现场核查")])
def test_only_what_a_colleague_worked_on_is_proposed_again_and_as_a_run_over_all_would(
    asked: dict[str, str], monkeypatch: pytest.MonkeyPatch, act: Callable[[Workspace], object]
) -> None:
    judged, said = run_with(asked, monkeypatch, act)
    assert judged == [list(NUMBERS), [FIRST]] and "run.kept_of_others" not in said
    made = proposals(asked["WORKSPACE"])
    ProposeJudgments.of(asked, who="我").start(Silent())
    assert proposals(asked["WORKSPACE"]).equals(made)


def test_a_decision_made_on_what_is_proposed_otherwise_now_is_marked(
    asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The colleague agreed with a proposal that the run makes otherwise."""

    def decides(other: Workspace) -> None:
        row = {
            "id": "1",
            "parcel": FIRST,
            "part": "",
            "category": "其他",
            "person": "同事",
            "role": "经办",
            "status": "current",
        }
        other.insert("decision", pd.DataFrame([row]), "同事", "判定", each=True)

    judged, _ = run_with(asked, monkeypatch, decides)
    assert judged == [list(NUMBERS), [FIRST]]
    with Workspace.open(Path(asked["WORKSPACE"])) as store:
        (decision,) = store.records("decision")
        assert (decision["person"], decision["category"]) == ("同事", "其他") and decision["stale"] is not None
        assert [entry["who"] for entry in store.journal_of("依据已变")] == ["我"] and store.audit() == []


def test_parcels_that_are_joined_meanwhile_are_proposed_with_all_others_on_a_copy_again(
    asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While all are judged again a colleague attaches a paper: the file is free, and that parcel is proposed again, too."""

    def joins(other: Workspace) -> None:
        other.insert("decision", pd.DataFrame([MERGE]), "同事", "并宗", each=True)

    judged, _ = run_with(asked, monkeypatch, joins, attach)
    assert judged[:2] == [list(NUMBERS), list(NUMBERS)]
    made = proposals(asked["WORKSPACE"])
    assert "judgment.merged" in made.loc[made["parcel"] == SECOND, "reasons"].iloc[0]
    ProposeJudgments.of(asked, who="我").start(Silent())
    assert proposals(asked["WORKSPACE"]).equals(made)
