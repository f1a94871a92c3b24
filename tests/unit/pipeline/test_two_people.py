"""While a step reads and computes, a colleague in another process writes at once; what was made from the old state is made again.

The colleague's process is started in the middle of the computing and must end well: with the file locked it would not.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas
import pytest

from tests.drill import desk
from tests.unit.pipeline import small_county
from tests.unit.pipeline.small_county import NUMBERS
from weipian_plugin import intake, judgment, overlay
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.feedback import Silent
from weipian_plugin.model.messages import Message
from weipian_plugin.pipeline import settling
from weipian_plugin.pipeline.import_delivery import ImportDelivery
from weipian_plugin.pipeline.measure import MeasureParcels
from weipian_plugin.pipeline.propose import ProposeJudgments
from weipian_plugin.pipeline.renewal import fingerprints, measured_otherwise
from weipian_plugin.workspace import Workspace, working_copy

REPOSITORY = Path(__file__).resolve().parents[3]
DELIVERS = """
import sys
from weipian_plugin.model.feedback import Silent
from weipian_plugin.pipeline.import_delivery import ImportDelivery
ImportDelivery.of({"DELIVERY": sys.argv[2], "WORKSPACE": sys.argv[1]}, who="同事").start(Silent())
"""
ATTACHES = """
import sys
import pandas
from pathlib import Path
from weipian_plugin.workspace import Workspace
with Workspace.open(Path(sys.argv[1])) as store:
    row = {"id": "d1", "parcel": sys.argv[2], "kind": "approval", "title": "批文"}
    store.insert("document", pandas.DataFrame([row]), "同事", "材料", each=True)
    number = store.values("parcel", ["number"])[0][0]
    decided = {"id": "1", "parcel": number, "part": "", "category": "其他", "person": "同事", "role": "经办", "status": "current"}
    store.insert("decision", pandas.DataFrame([decided]), "同事", "判定", each=True)
"""


def colleague(script: str, *arguments: str) -> None:
    """Another process, which must get what it wants without waiting for ours."""
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


class Listens(Silent):
    def __init__(self) -> None:
        self.codes: list[str] = []

    def report(self, message: Message, level: str = "info") -> None:
        self.codes.append(message.code)


@pytest.fixture
def asked(tmp_path: Path) -> dict[str, str]:
    asked = small_county.write(tmp_path / "县 一")
    ImportDelivery.of(asked).start(Silent())
    return asked


@pytest.fixture(autouse=True, params=[settling.ASIDE_FROM, 1], ids=["in place", "on a copy"])
def written(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """How a result goes into the workspace: a small one at once, a large one by way of a copy."""
    monkeypatch.setattr(settling, "ASIDE_FROM", request.param)


def in_the_middle(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, act: Callable[[], None], times: int = 1
) -> list[tuple[Any, ...]]:
    """``act`` happens after the work of ``module.name`` is done and before its result is written; the calls are kept."""
    calls: list[tuple[Any, ...]] = []
    original = getattr(module, name)

    def watched(*arguments: Any, **named: Any) -> Any:
        result = original(*arguments, **named)
        calls.append(arguments)
        if len(calls) <= times:
            act()
        return result

    monkeypatch.setattr(module, name, watched)
    return calls


def test_a_parcel_delivered_again_meanwhile_is_measured_again_and_only_that_one(
    asked: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = small_county.delivery(tmp_path / "再" / "土地图斑.shp", [
        (number, small_county.box(place, 0.0002 if place == 1 else 0.0)) for place, number in enumerate(NUMBERS)
    ])  # fmt: skip
    calls = in_the_middle(
        monkeypatch, overlay, "measure_parcels", lambda: colleague(DELIVERS, asked["WORKSPACE"], str(again))
    )
    said = Listens()
    MeasureParcels.of(asked, who="我").start(said)
    assert [call[0]["number"].tolist() for call in calls] == [list(NUMBERS), [NUMBERS[1]]]
    assert said.codes.count("run.made_again") == 1
    with Workspace.open(Path(asked["WORKSPACE"])) as store:
        parcels, measures = store.read("parcel"), store.read("measure")
        assert not measured_otherwise(measures, fingerprints(parcels))
        assert set(measures["parcel"]) == set(NUMBERS)
        assert not measures.duplicated(["parcel", "part", "measure"]).any()
        assert not store.read("coverage").duplicated(["parcel", "part", "role", "group", "timing", "document"]).any()
        kept = {name: store.read(name).drop(columns=["fid"]) for name in ("coverage", "measure", "region", "part")}
        assert store.audit() == []
    monkeypatch.undo()
    MeasureParcels.of(asked, who="我").start(Silent())
    with Workspace.open(Path(asked["WORKSPACE"])) as store:
        for name, before in kept.items():
            order = [
                column
                for column in ("parcel", "part", "role", "group", "measure", "region", "timing")
                if column in before
            ]
            now = store.read(name).drop(columns=["fid"])
            both = [frame.sort_values(order).reset_index(drop=True).astype(str) for frame in (before, now)]
            assert both[0].equals(both[1]), f"{name}: the same as if measured at once"


def test_a_document_of_a_colleague_counts_and_the_colleagues_decision_stays(
    asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    MeasureParcels.of(asked).start(Silent())
    seen: list[int] = []
    calls = in_the_middle(monkeypatch, judgment, "judge", lambda: colleague(ATTACHES, asked["WORKSPACE"], NUMBERS[0]))
    said = Listens()
    result = ProposeJudgments.of(asked, who="我").start(said)
    seen = [sum(len(kinds) for kinds in call[0].evidence["documents"]) for call in calls]
    assert seen == [0, 1] and said.codes.count("run.made_again") == 1
    with Workspace.open(Path(asked["WORKSPACE"])) as store:
        (decision,) = store.records("decision")
        assert store.count("proposal") >= 3 and store.audit() == []
    assert (decision["person"], decision["category"]) == ("同事", "其他")
    assert result.outputs()["STALE"] == 1 and decision["stale"] is not None


def test_colleagues_who_decide_all_the_time_do_not_keep_proposals_from_being_made(
    asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    MeasureParcels.of(asked).start(Silent())
    with Workspace.open(Path(asked["WORKSPACE"])) as other:
        reasons = iter(range(99))
        calls = in_the_middle(
            monkeypatch,
            judgment,
            "judge",
            lambda: desk.decide(other, NUMBERS[0], "同事", f"现场核查 {next(reasons)}"),
            times=99,
        )
        said = Listens()
        result = ProposeJudgments.of(asked, who="我").start(said)
        assert len(calls) == 1 and "run.made_again" not in said.codes
        assert result.outputs()["JUDGED"] == 3 and other.audit() == []
        (decision,) = other.records("decision")
        assert (decision["person"], decision["category"]) == ("同事", "违法")


def test_decisions_whose_ground_has_changed_are_marked_together_and_journaled_one_by_one(
    asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row by row, ten thousand of them kept a colleague on a server waiting for minutes."""
    MeasureParcels.of(asked).start(Silent())
    with Workspace.open(Path(asked["WORKSPACE"])) as store:
        for number in NUMBERS:
            desk.decide(store, number, "同事", number)
    monkeypatch.setattr(Workspace, "update", lambda *_: pytest.fail("one by one"))
    assert ProposeJudgments.of(asked, who="我").start(Silent()).outputs()["STALE"] == 3
    with Workspace.open(Path(asked["WORKSPACE"])) as store:
        marked = store.journal_of("依据已变")
        assert [(entry["what"], entry["who"], entry["before"]) for entry in marked] == [
            ("decision", "我", {"stale": None})
        ] * 3
        assert all(row["stale"] and row["status"] == "current" for row in store.records("decision"))
        assert store.audit() == []


def test_parcels_that_a_colleague_joins_meanwhile_are_proposed_as_one(
    asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    MeasureParcels.of(asked).start(Silent())
    with Workspace.open(Path(asked["WORKSPACE"])) as other:
        row = {
            "id": "m",
            "parcel": NUMBERS[0],
            "part": "",
            "action": "merge",
            "members": [NUMBERS[1]],
            "status": "current",
        }

        def joins() -> None:
            other.insert("decision", pandas.DataFrame([row]), "同事", "并宗", each=True)

        calls = in_the_middle(monkeypatch, judgment, "judge", joins)
        said = Listens()
        ProposeJudgments.of(asked, who="我").start(said)
        assert said.codes.count("run.made_again") == 1 and len(calls) >= 2


def test_a_parcel_a_colleague_took_in_meanwhile_is_not_taken_in_twice(
    asked: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = [("500118SJBG23219998", small_county.box(5)), ("500118SJBG23219999", small_county.box(6))]
    mine = small_county.delivery(tmp_path / "甲" / "土地图斑.shp", new)
    theirs = small_county.delivery(tmp_path / "乙" / "土地图斑.shp", new[:1])
    in_the_middle(monkeypatch, intake, "read_delivery", lambda: colleague(DELIVERS, asked["WORKSPACE"], str(theirs)))
    said = Listens()
    result = ImportDelivery.of({**asked, "DELIVERY": str(mine)}, who="我").start(said)
    assert result.outputs()["NEW"] == 1 and "run.made_again" in said.codes
    with Workspace.open(Path(asked["WORKSPACE"])) as store:
        numbers = [row[0] for row in store.values("parcel", ["number"])]
        assert store.audit() == []
    assert len(numbers) == len(set(numbers)) == 5


def test_a_step_that_is_always_outdated_gives_up_and_writes_nothing(
    asked: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(asked["WORKSPACE"])
    with Workspace.open(path) as other:
        days = iter(range(1, 20))

        def moves() -> None:
            day = f"2023-05-{next(days):02d}"
            other.update("parcel", {"number": NUMBERS[0]}, {"later_image": day}, "同事", "更正")

        in_the_middle(monkeypatch, overlay, "measure_parcels", moves, times=99)
        with pytest.raises(WeipianError) as raised:
            MeasureParcels.of(asked).start(Silent())
        assert raised.value.code == "run.never_settled"
        assert other.count("measure") == 0 and other.audit() == []


# ---- a large result, while it is written into the copy ----


def at_the_last_moment(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None], times: int = 1) -> list[Any]:
    """``act`` happens when the copy is written and nothing of it has come into the workspace."""
    return in_the_middle(monkeypatch, working_copy, "note_changes", act, times)


@pytest.mark.parametrize("written", [1], indirect=True)
def test_a_decision_made_while_proposals_are_written_is_kept_and_held_against_them(
    asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    MeasureParcels.of(asked).start(Silent())
    at_the_last_moment(monkeypatch, lambda: colleague(ATTACHES, asked["WORKSPACE"], NUMBERS[1]))
    said = Listens()
    ProposeJudgments.of(asked, who="我").start(said)
    assert said.codes.count("run.made_again") == 1, "a paper is what proposals are made from"
    with Workspace.open(Path(asked["WORKSPACE"])) as other:
        at_the_last_moment(monkeypatch, lambda: desk.decide(other, NUMBERS[2], "同事", "现场核查"))
        said = Listens()
        ProposeJudgments.of(asked, who="我").start(said)
        assert "run.made_again" not in said.codes, "a decision is not"
        decided = {row["parcel"]: row for row in other.records("decision")}
        assert decided[NUMBERS[2]]["person"] == "同事" and decided[NUMBERS[2]]["stale"] is not None
        assert other.count("proposal") >= 3 and other.audit() == []


@pytest.mark.parametrize("written", [1], indirect=True)
def test_measures_are_made_again_where_another_run_or_a_correction_was_faster(
    asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Workspace.open(Path(asked["WORKSPACE"])) as other:

        def corrects() -> None:
            other.update("parcel", {"number": NUMBERS[0]}, {"later_image": "2023-05-01"}, "同事", "更正")

        def measures() -> None:
            other.replace("measure", pandas.DataFrame([{"parcel": "x", "measure": "a", "value": "1"}]), "同事", "套合")

        acts = iter([corrects, measures])
        at_the_last_moment(monkeypatch, lambda: next(acts)(), times=2)
        said = Listens()
        MeasureParcels.of(asked, who="我").start(said)
        assert said.codes.count("run.made_again") == 2
        assert not measured_otherwise(other.read("measure"), fingerprints(other.read("parcel")))
        assert set(other.read("measure")["parcel"]) == set(NUMBERS) and other.audit() == []
