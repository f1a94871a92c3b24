"""One list of steps: who takes part, what is looked at before any work, and how a new step comes in (CONTRIBUTING.md, 「a step」)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Optional

import pytest

from tests.unit.pipeline import small_county
from tests.unit.pipeline.small_county import NUMBERS
from weipian_plugin.model.errors import Cancelled, WeipianError
from weipian_plugin.model.feedback import Feedback, Silent
from weipian_plugin.pipeline.command import Result, Step, count, given, optional
from weipian_plugin.pipeline.parameters import PARAMETERS, WORKSPACE, Parameter, Widget
from weipian_plugin.pipeline.steps import STEPS, Walk
from weipian_plugin.workspace import Workspace


@pytest.fixture
def asked(tmp_path: Path) -> dict[str, str]:
    return small_county.write(tmp_path / "县 一")


def everything(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_the_steps_come_in_the_order_of_the_work_those_made_aside_first() -> None:
    assert [step.ID for step in STEPS] == ["intake", "overlay", "photos", "judge", "file", "tables"]
    assert [step.ASIDE for step in STEPS] == sorted((step.ASIDE for step in STEPS), reverse=True)
    assert sum(step.SHARE for step in STEPS) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("left_out", "more", "taking_part"),
    [
        ((), {}, ["intake", "overlay", "judge"]),
        (("CATALOGUE",), {}, ["intake"]),
        ((), {"PHOTOS": "."}, ["intake", "overlay", "photos", "judge"]),
        ((), {"PACKAGES": "卷宗"}, ["intake", "overlay", "judge", "file"]),
        ((), {"PACKAGES": "卷宗", "REPORT": "报表"}, ["intake", "overlay", "judge", "file", "tables"]),
        ((), {"REPORT": "报表"}, ["intake", "overlay", "judge"]),
    ],
)
def test_a_step_takes_part_when_it_was_given_what_it_needs(
    asked: dict[str, str], left_out: tuple[str, ...], more: dict[str, str], taking_part: list[str]
) -> None:
    values = {name: text for name, text in {**asked, **more}.items() if name not in left_out}
    assert [step.ID for step in Walk.of(values).steps] == taking_part


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"DELIVERY": "{}/没有.shp"}, "run.file_missing"),
        ({"PHOTOS": "{}/没有"}, "evidence.path_missing"),
        ({"CATALOGUE": "{}/没有.yaml"}, "intake.file_unreadable"),
        ({"PROFILE": "没有的规则"}, "judgment.profile_missing"),
        ({"ENCODING": "没有"}, "intake.encoding_unknown"),
        ({"CRS": "没有"}, "intake.crs_unreadable"),
        ({"UNIT": "斤"}, "run.unit_unknown"),
        ({"KIND": "水"}, "intake.kind_unknown"),
        ({"FIELDS": "没有=TBBH"}, "intake.field_key_unknown"),
        ({"FILTER": "不是编号"}, "run.filter_invalid"),
        ({"AS_OF": "昨天"}, "run.date_unreadable"),
        ({"REUSED": "没有"}, "intake.reused_choice"),
        ({"REPORT": "{}/文件/报表"}, "run.folder_unwritable"),
    ],
)
def test_what_cannot_be_used_ends_a_run_before_anything_is_written(
    asked: dict[str, str], tmp_path: Path, wrong: dict[str, str], code: str
) -> None:
    (tmp_path / "文件").write_text("kein Ordner", encoding="utf-8")
    values = {**asked, "PACKAGES": str(tmp_path / "卷宗"), "REPORT": str(tmp_path / "报表")}
    values |= {name: text.format(tmp_path) for name, text in wrong.items()}
    before = everything(tmp_path)
    with pytest.raises(WeipianError) as raised:
        Walk.of(values).run(Silent())
    assert raised.value.code == code
    assert everything(tmp_path) - before <= {"卷宗"}, "at most a folder for results was made, and tried"


def test_a_run_cancelled_in_the_middle_leaves_no_workspace(asked: dict[str, str]) -> None:
    class Stops(Silent):
        def __init__(self) -> None:
            self.measuring = False

        def cancelled(self) -> bool:
            return self.measuring

    feedback = Stops()

    def begun(position: int, total: int, title: str) -> None:
        feedback.measuring = position == 2

    with pytest.raises(Cancelled):
        Walk.of(asked).run(feedback, begun)
    assert not Path(asked["WORKSPACE"]).exists()


def test_a_run_is_what_its_steps_are_one_by_one(asked: dict[str, str], tmp_path: Path) -> None:
    begun: list[tuple[int, int, str]] = []
    whole = Walk.of(asked).run(Silent(), lambda *step: begun.append(step))
    assert begun == [(1, 3, "图斑入库"), (2, 3, "套合分析"), (3, 3, "合法性判定建议")]
    single = {**asked, "WORKSPACE": str(tmp_path / "逐步.gpkg")}
    results = [step.of(single).start(Silent()) for step in STEPS if step.ID in ("intake", "overlay", "judge")]
    assert list(whole.results) == results
    assert whole.outputs()["SET_ASIDE"] == results[1].outputs()["REFUSED"]
    with Workspace.open(Path(asked["WORKSPACE"])) as one, Workspace.open(Path(single["WORKSPACE"])) as other:
        for name in ("parcel", "coverage", "measure", "proposal"):
            left, right = (
                store.read(name).drop(columns=["updated_at", "made_at", "version"], errors="ignore")
                for store in (one, other)
            )
            assert left.astype(str).equals(right.astype(str)), name


# ---- a step of one's own, as CONTRIBUTING.md describes it ----

TOWNSHIP = Parameter("TOWNSHIP", "乡镇", Widget.TEXT, str)


@dataclass(frozen=True)
class CountResult(Result):
    parcels: int = count("COUNTED")
    named: tuple[str, ...] = ()


@dataclass(frozen=True)
class CountParcels(Step):
    ID: ClassVar[str] = "count"
    TITLE: ClassVar[str] = "图斑计数"
    RESULT: ClassVar[type[Result]] = CountResult
    SHARE: ClassVar[float] = 0.1

    workspace: Path = given(WORKSPACE)
    township: Optional[str] = optional(TOWNSHIP)

    def run(self, store: Workspace, feedback: Feedback) -> CountResult:
        asked: dict[str, Any] = {"township": self.township} if self.township else {}
        numbers = [str(number) for (number,) in store.values("parcel", ["number"], **asked)]
        return CountResult(len(numbers), tuple(numbers))


def test_a_new_step_is_one_record_and_a_place_in_the_list(asked: dict[str, str]) -> None:
    assert [(parameter.name, blank) for parameter, blank in CountParcels.parameters()] == [
        ("WORKSPACE", False),
        ("TOWNSHIP", True),
    ]
    assert CountParcels.RESULT.names() == ("COUNTED",)
    steps = (*STEPS, CountParcels)
    done = Walk.of(asked, steps).run(Silent())
    assert done.outputs()["COUNTED"] == 3 and done.results[-1] == CountResult(3, NUMBERS)
    with pytest.raises(WeipianError) as raised:
        CountParcels.of({})
    assert raised.value.code == "run.parameter_missing"
    assert CountParcels.of({**asked, "TOWNSHIP": "没有"}).start(Silent()).outputs() == {"COUNTED": 0}


def test_every_field_of_a_step_asks_for_a_known_parameter() -> None:
    for step in STEPS:
        for parameter, _ in step.parameters():
            assert PARAMETERS[parameter.name].title == parameter.title
