"""Cases are gathered from a workspace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from shapely import box
from shapely.geometry import MultiPolygon

from weipian_plugin.filing import PackageOptions, completeness, gather_cases, load_rules, verify, write_package
from weipian_plugin.filing.case import ParcelCase
from weipian_plugin.filing.fields import PackageFacts, values_of
from weipian_plugin.filing.gather import in_force
from weipian_plugin.filing.judged import decision_values
from weipian_plugin.judgment import decisions as judge
from weipian_plugin.judgment import load_profile
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.records import Proposal, Rectification
from weipian_plugin.workspace import Workspace
from weipian_plugin.workspace.mapping import row_of

from . import cases


@pytest.fixture
def store(tmp_path: Path) -> Workspace:
    """A workspace with one parcel filled by every step, and a second one that only came in."""
    picture = cases.jpeg(tmp_path / "照片" / "IMG 1.jpg", 1)
    found = Workspace.create(tmp_path / "工作区.gpkg")
    square = MultiPolygon([box(cases.LON, cases.LAT, cases.LON + 0.0004, cases.LAT + 0.0003)])
    parcel = row_of(replace(cases.parcel(), area_mu=2.0, geometry=square))
    found.insert("parcel", pd.DataFrame([parcel, {**parcel, "number": "2"}]), "张三", "入库")
    found.insert("coverage", pd.DataFrame([row_of(row) for row in cases.coverage()]), "张三", "套合")
    measures = [
        {"parcel": cases.NUMBER, "part": "", "measure": name, "value": str(value), "unit": "m2"}
        for name, value in cases.MEASURES[""].items()
    ]
    found.insert("measure", pd.DataFrame(measures), "张三", "套合")
    reason = {"code": "run.file_missing", "details": {"path": "示例"}}
    proposal = {
        "parcel": cases.NUMBER,
        "part": "",
        "category": "合法",
        "subtype": "批文",
        "rule": "legal",
        "profile": "national-2023",
        "profile_sha256": "cd",
        "area_m2": 1333.335,
        "confidence": "high",
        "verdict": "未填报",
        "reasons": [reason],
        "missing": [{"evidence": "照片", "reason": reason}],
        "would_change": [],
        "facts": {"area": 1333.335},
    }
    found.insert("proposal", pd.DataFrame([proposal]), "张三", "判定建议")
    common = {"parcel": cases.NUMBER, "part": "", "person": "李四", "role": "经办"}
    first = {**common, "id": "a", "category": "违法", "decided_at": "2026-03-01T08:00:00+08:00", "status": "superseded"}
    last = {**common, "id": "b", "category": "合法", "reason": "改判", "decided_at": "2026-03-02T08:00:00+08:00"}
    decisions = [first, {**last, "fields": {"项目名称": "园区"}, "status": "current"}]
    found.insert("decision", pd.DataFrame(decisions), "李四", "判定")
    sha = cases.photo(picture).sha256
    photo = {
        "file": "照片/IMG 1.jpg",
        "sha256": sha,
        "lon": cases.LON,
        "lat": cases.LAT,
        "azimuth": 0.0,
        "taken_at": "2026-03-05T10:00:00",
    }
    found.insert("photo", pd.DataFrame([photo]), "张三", "照片")
    links = [
        {"photo": sha, "parcel": cases.NUMBER, "status": "attached", "distance_m": 12.0, "bearing_difference": 3.0},
        {"photo": sha, "parcel": "2", "status": "ambiguous", "distance_m": 90.0},
    ]
    found.insert("photo_parcel", pd.DataFrame(links), "张三", "挂接")
    return found


def test_a_case_holds_what_every_step_stored(store: Workspace, tmp_path: Path) -> None:
    case, other = gather_cases(store.snapshot(), [cases.NUMBER, "2"], workspace_folder=tmp_path, plugin_version="1.0.0")
    assert case.measure("farmland") == pytest.approx(800.111)
    assert (case.profile, case.profile_sha256, case.plugin_version) == ("national-2023", "cd", "1.0.0")
    assert case.decision is not None and (case.decision.category, case.decision.reason) == ("合法", "改判")
    assert len(case.decisions) == 1 and len(case.history) == 2, "one is in force, the history is kept"
    assert case.decided_fields == {"项目名称": "园区"}
    assert case.proposal is not None and case.proposal.missing[0].evidence == "照片"
    (photo,) = case.photos
    assert photo.azimuth == 0.0 and photo.path == tmp_path / "照片" / "IMG 1.jpg" and photo.distance_m == 12.0
    assert other.photos == () and other.proposal is None, "an ambiguous photo is not this parcel's"


def test_a_package_made_from_the_workspace_verifies_against_it_after_it_was_recorded(
    store: Workspace, tmp_path: Path
) -> None:
    (case,) = gather_cases(store.snapshot(), [cases.NUMBER], workspace_folder=tmp_path)
    record = write_package(case, tmp_path / "out", PackageOptions())
    row = {
        "parcel": record.parcel,
        "path": str(record.path),
        "complete": 0,
        "missing": [],
        "manifest_sha256": record.manifest_sha256,
    }
    store.insert("package", pd.DataFrame([row]), "张三", "导出卷宗")
    (again,) = gather_cases(store.snapshot(), [cases.NUMBER], workspace_folder=tmp_path)
    assert again.digest() == case.digest()
    assert verify(record.path, again, manifest_sha256=record.manifest_sha256) == []


def test_the_history_of_a_parcel_is_its_own(store: Workspace, tmp_path: Path) -> None:
    store.update("parcel", {"number": cases.NUMBER}, {"state": "已判定"}, "李四", "人工判定")
    case, other = gather_cases(store.snapshot(), [cases.NUMBER, "2"], workspace_folder=tmp_path)
    assert [(row["who"], row["why"]) for row in case.journal if row["what"] == "parcel"] == [("李四", "人工判定")]
    assert [row for row in other.journal if row.get("who") == "李四"] == []


def test_an_unknown_number_is_said(store: Workspace, tmp_path: Path) -> None:
    with pytest.raises(WeipianError) as caught:
        list(gather_cases(store.snapshot(), ["404"], workspace_folder=tmp_path))
    assert caught.value.code == "filing.parcel_unknown"


OFFICER, REVIEWER = (
    judge.Actor("李四", "经办", "2026-03-01T08:00:00+08:00"),
    judge.Actor("王五", "复核", "2026-03-02T08:00:00+08:00"),
)
PROPOSAL = Proposal(cases.NUMBER, "", "合法", "批文", "legal", 1333.0, "high")


def steps(*names: str) -> list[dict[str, Any]]:
    """A history as the judging step makes it."""
    profile = load_profile("national-2023")
    take: dict[str, Callable[[list[Any]], judge.Change]] = {
        "accept": lambda rows: judge.accept(rows, PROPOSAL, OFFICER, profile),
        "override": lambda rows: judge.override(
            rows, PROPOSAL, OFFICER, profile, judge.Outcome("违法", "", "现场已建成", "照片")
        ),
        "review": lambda rows: judge.review(rows, REVIEWER, profile),
        "reject": lambda rows: judge.reject(rows, REVIEWER, "材料不足"),
        "file": lambda rows: judge.file(rows, OFFICER),
        "send_back": lambda rows: judge.send_back(rows, REVIEWER, "市级退回"),
        "rejudge": lambda rows: judge.rejudge(rows, OFFICER, profile, judge.Outcome("违法", "", "改判", "批文撤销")),
        "split": lambda rows: judge.split(
            rows, cases.NUMBER, judge.Division({"_1": 1000.0, "_2": 333.0}, 1333.0), OFFICER
        ),
        "undo": lambda rows: judge.undo(rows, OFFICER),
    }
    history: list[Any] = []
    for name in names:
        history = judge.apply(history, take[name](history))
    return history


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        ((), []),
        (("accept",), [("经办", "合法", "李四")]),
        (("override",), [("经办", "违法", "李四")]),
        (("accept", "review"), [("经办", "合法", "李四"), ("复核", "合法", "王五")]),
        (("accept", "review", "file"), [("经办", "合法", "李四"), ("复核", "合法", "王五")]),
        (("accept", "reject"), []),
        (("accept", "reject", "override"), [("经办", "违法", "李四")]),
        (("accept", "review", "send_back"), []),
        (("accept", "review", "send_back", "override"), [("经办", "违法", "李四")]),
        (("accept", "review", "rejudge"), []),
        (("accept", "review", "undo"), [("经办", "合法", "李四")]),
        (("accept", "undo"), []),
        (("accept", "split"), []),
    ],
)
def test_only_what_is_in_force_counts_as_decided(names: tuple[str, ...], wanted: list[tuple[str, str, str]]) -> None:
    assert [(entry.role, entry.category, entry.person) for entry in in_force(steps(*names))] == wanted


def test_what_the_reviewer_wrote_stands_beside_the_review_whatever_else_was_done_in_that_second() -> None:
    """REVIEWER and OFFICER sign with one time each, so that every act of a person has the same one."""
    profile = load_profile("national-2023")
    history: list[Any] = []
    for act in (
        lambda rows: judge.accept(rows, PROPOSAL, OFFICER, profile),
        lambda rows: judge.review(rows, REVIEWER, profile, remark="第一次同意"),
        lambda rows: judge.send_back(rows, REVIEWER, "市级退回"),
        lambda rows: judge.accept(rows, PROPOSAL, OFFICER, profile),
        lambda rows: judge.review(rows, REVIEWER, profile, remark=" 补正后同意 "),
    ):
        history = judge.apply(history, act(history))
    case = ParcelCase(cases.parcel(), (), {}, decisions=in_force(history), history=tuple(history))
    assert decision_values(case)["review_reason"] == "补正后同意"


def test_the_form_keeps_every_step_of_judging(tmp_path: Path) -> None:
    history = steps("accept", "review", "send_back", "override", "undo")
    case = replace(cases.case(tmp_path), decisions=in_force(history), history=tuple(history))
    rows = values_of(case, load_rules(), PackageFacts()).tables["decisions"]
    assert [row["action"] for row in rows] == ["采纳建议", "复核", "上级退回", "另行判定"]
    assert str(rows[-1]["reason"]).startswith("（已撤销）")
    assert {check.code for check in completeness(case)} >= {"decision"}


def test_the_digest_sees_every_part_of_a_case(tmp_path: Path) -> None:
    case = cases.split(cases.case(tmp_path))
    digests = {case.digest()}
    for change in (
        {"profile": "x"},
        {"profile_sha256": "x"},
        {"plugin_version": "2"},
        {"journal": ()},
        {"documents": ()},
        {"parts": case.parts[:1]},
        {"rectification": (Rectification(cases.NUMBER, method="补办"),)},
        {"proposals": ()},
    ):
        digests.add(replace(case, **change).digest())
    assert len(digests) == 9
    assert replace(case, maps=()).digest() == case.digest(), "maps are named by what they are made from"
