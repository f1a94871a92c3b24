"""Problem lists of a district in layouts of their own become returns; the answer and the error rates follow from what is decided then."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
from openpyxl import Workbook

from weipian_plugin import oversight
from weipian_plugin.judgment import decisions, load_profile, recording
from weipian_plugin.judgment.decisions import Actor
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.records import Proposal
from weipian_plugin.oversight import error_rates, problem_lists, problem_register
from weipian_plugin.workspace import Workspace

PROFILE = load_profile("national-2023")
CALENDAR = oversight.deadlines.load_calendar()
RECEIVED = date(2026, 11, 1)
TODAY = date.today()


def sheet(path: Path, rows: list[list[Any]], merged: str = "") -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if merged:
        book.active.merge_cells(merged)
    book.save(path)
    return path


LAYOUTS = [
    [["图斑编号", "存在问题", "整改期限"], ["A1", "照片不清", "2026-11-20"]],
    [["永川区卫片核查问题清单", None, None], ["序号", "反馈意见", "监测图斑编号"], [1, "照片不清", "A1"]],
    [["", "", ""], ["乡镇", "图斑编号 ", "核查结论", "问题描述", "完成时限"], ["大安", " A1", "违法", "照片不清", "2026年11月20日"]],
]  # fmt: skip


@pytest.mark.parametrize("rows", LAYOUTS)
def test_the_columns_are_recognised_in_any_layout(rows: list[list[Any]], tmp_path: Path) -> None:
    (row,) = problem_lists.read_list(sheet(tmp_path / "清单.xlsx", rows)).rows
    assert (row.number, row.text) == ("A1", "照片不清") and row.due in ("", "2026-11-20")


def workspace(path: Path, *numbers: str) -> Workspace:
    store = Workspace.create(path)
    frame = pd.DataFrame(
        {"number": list(numbers), "kind": "land", "county": "永川区", "township": "大安街道", "village": "甲村", "issued": "2026-10-05",
         "level": "一级", "state": "未提报", "area_m2": 1000.0, "geometry": [shapely.box(105.9, 29.3, 105.91, 29.31)] * len(numbers)}
    )  # fmt: skip
    store.insert("parcel", frame, "系统", "入库")
    return store


def act(store: Workspace, number: str, action: str, category: str = "合法", part: str = "") -> None:
    proposal = Proposal(number, part, category, PROFILE.category(category).subtypes[0].name, "R", 1000.0, "high")
    officer, reviewer = Actor("张三", "经办", recording.now()), Actor("李四", "复核", recording.now())
    makes = {
        "accept": lambda history: decisions.accept(history, proposal, officer, PROFILE),
        "review": lambda history: decisions.review(history, reviewer, PROFILE, True),
        "file": lambda history: decisions.file(history, reviewer),
    }
    recording.record(store, recording.Act(number, part, action, "张三", makes[action]))


def listed(tmp_path: Path, *numbers: str, name: str = "清单.xlsx") -> problem_lists.ProblemList:
    rows: list[list[Any]] = [
        ["图斑编号", "存在问题", "整改期限"],
        *([number, "举证不足", "2026-11-20"] for number in numbers),
    ]
    return problem_lists.read_list(sheet(tmp_path / name, rows))


def state(store: Workspace, number: str) -> str:
    return recording.standings(store, number).of(number).state


def test_decided_parcels_are_returned_once_and_open_ones_noted(tmp_path: Path) -> None:
    with workspace(tmp_path / "库.gpkg", "A1", "A2", "A3", "A4") as store:
        for number, acts in (("A1", ("accept",)), ("A2", ("accept", "review")), ("A3", ("accept", "review", "file"))):
            for action in acts:
                act(store, number, action)
        found = listed(tmp_path, "A1", "A2", "A3", "A4", "没有")
        taken = problem_lists.take(store, found, "区级核查", RECEIVED, "王五")
        assert taken == problem_lists.ListOutcome(("A1", "A2", "A3"), ("A4",), 0, ("没有",))
        assert [state(store, number) for number in ("A1", "A2", "A3", "A4")] == ["退回"] * 3 + ["未提报"]
        again = problem_lists.take(store, found, "区级核查", RECEIVED, "王五")
        assert (again.returned, again.known) == ((), 4) and len(store.read("problem")) == 4
        assert set(store.read("problem")["due"]) == {"2026-11-20"}
        rows = store.read("journal", what="problem")
        assert set(rows["who"]) == {"王五"} and store.audit() == []


def register(store: Workspace) -> Any:
    snapshot = store.snapshot()
    return problem_register.register(snapshot, oversight.prepare(snapshot, TODAY, year=2026))


def test_the_answer_and_the_error_rates_follow_from_what_is_decided_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(10_000))

    def later() -> str:
        tick = next(clock)
        return f"{TODAY.isoformat()}T08:{tick // 60:02d}:{tick % 60:02d}+08:00"

    for module in (recording, problem_lists):
        monkeypatch.setattr(module, "now", later)
    with workspace(tmp_path / "库.gpkg", "A1", "A2", "A3", "A4") as store:
        for number in ("A1", "A2", "A3", "A4"):
            for action in ("accept", "review", "file"):
                act(store, number, action)
        problem_lists.take(store, listed(tmp_path, "A1", "A2", "A3"), "重点督导", RECEIVED, "王五")
        assert [register(store).value(number, "answer") for number in ("A1", "A2", "A3")] == ["未答复"] * 3
        act(store, "A1", "accept")
        act(store, "A2", "accept", "违法")
        table = register(store)
        assert [table.value(number, "answer") for number in ("A1", "A2", "A3")] == ["复核举证", "改判", "未答复"]
        snapshot = store.snapshot()
        prepared = oversight.prepare(snapshot, TODAY, year=2026)
        rates, _frame = error_rates.compute(snapshot, prepared, CALENDAR)
        annual = next(rate for rate in rates if rate.key == "annual")
        assert set(annual.checked) >= {"A1", "A2", "A3"} and set(annual.wrong) == {"A2", "A3"}


@pytest.mark.parametrize(
    "clock", ["2020-01-01T08:00:00+08:00", "2099-01-01T08:00:00+08:00", "2026-11-01T08:00:00-05:00"]
)
def test_the_answer_follows_the_order_of_acts_whatever_the_clock_says(
    clock: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two computers of an office differ: the one that decides has another day or another zone than the one that took the list."""
    with workspace(tmp_path / "库.gpkg", "A1", "A2") as store:
        for number in ("A1", "A2"):
            act(store, number, "accept")
        problem_lists.take(store, listed(tmp_path, "A1", "A2"), "重点督导", RECEIVED, "王五")
        monkeypatch.setattr(recording, "now", lambda: clock)
        act(store, "A1", "accept", "违法")
        snapshot = store.snapshot()
        prepared = oversight.prepare(snapshot, date(2100, 1, 1), year=2026)
        found = problem_lists.answers(snapshot, prepared.items, prepared.as_of)
        assert {each.problem.parcel: each.answer for each in found} == {"A1": "改判", "A2": "未答复"}


def test_a_part_of_a_parcel_is_returned_and_no_other(tmp_path: Path) -> None:
    with workspace(tmp_path / "库.gpkg", "A1") as store:
        officer = Actor("张三", "经办", recording.now())
        parts = {"_1": 600.0, "_2": 400.0}
        split = recording.Act(
            "A1",
            "",
            "split",
            "张三",
            lambda history: decisions.split(history, "A1", decisions.Division(parts, 1000.0), officer),
        )
        recording.record(store, split)
        for part in parts:
            act(store, "A1", "accept", part=part)
            act(store, "A1", "review", part=part)
        problem_lists.take(store, listed(tmp_path, "A1_2"), "区级核查", RECEIVED, "王五")
        stands = recording.standings(store, "A1").of("A1")
        assert [unit.state for unit in stands.units] == ["已复核", "退回"]


def test_unknown_columns_are_named_and_a_mapping_is_kept(tmp_path: Path) -> None:
    path = sheet(tmp_path / "督导.xlsx", [["线索", "说明"], ["A1", "未拆除"]])
    with workspace(tmp_path / "库.gpkg", "A1") as store:
        with pytest.raises(WeipianError) as caught:
            problem_lists.read_list(path, {}, store)
        assert caught.value.code == "oversight.problem_columns"
        assert "线索、说明" in caught.value.text() and "编号、问题" in caught.value.text()
        found = problem_lists.read_list(path, {"编号": "线索", "问题": "说明"}, store)
        taken = problem_lists.take(store, found, "重点督导", RECEIVED, "王五")
        assert taken.noted == ("A1",)
        assert store.read("problem")["due"].tolist() == ["2026-11-08"], "seven days where the list names none"
        later = sheet(tmp_path / "下月.xlsx", [["标题", None], ["说明", "线索"], ["又未拆除", "A1"]])
        assert problem_lists.read_list(later, {}, store).rows[0].text == "又未拆除", (
            "found again by the names of the columns"
        )
