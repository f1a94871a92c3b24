"""The workbooks of an office that has decided, counted once more by pandas alone: real deliveries, layers, acts, cases and cures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from tests import recount
from tests.unit.small_office import MINE, SmallOffice, number
from weipian_plugin.judgment import decisions as judge
from weipian_plugin.judgment import load_profile
from weipian_plugin.judgment.recording import Act, part_histories, record
from weipian_plugin.judgment.stored import proposal_of
from weipian_plugin.model.enforcement import CaseMember, CaseStep, EnforcementCase
from weipian_plugin.model.words import EnforcementStep
from weipian_plugin.workspace.enforcement import save_case

REPOSITORY = Path(__file__).parents[3]
DAY = "2099-01-01"  # acts are dated by the real clock
OFFICER = judge.Actor("张三", "经办", "2026-03-01T08:00:00+08:00")
REVIEWER = judge.Actor("李四", "复核", "2026-03-02T08:00:00+08:00")


class Script(SmallOffice):
    """A small office that decides, splits, merges, files, is sent back, punishes and clears."""

    def act(self, name: str, part: str, action: str, make: Any, who: str = "张三") -> None:
        record(self.store, Act(name, part, action, who, make))

    def decide(self, serial: int, category: str, part: str = "") -> None:
        name = number(serial)
        proposal = proposal_of(self.store.records("proposal", parcel=name, part=part)[0])
        profile = load_profile("national-2023")
        profile = (profile.mining or profile) if serial == MINE else profile
        outcome = judge.Outcome(category, "", "现场核实", "照片")
        self.act(name, part, "override", lambda history: judge.override(history, proposal, OFFICER, profile, outcome))
        self.act(name, part, "review", lambda history: judge.review(history, REVIEWER, profile, rectified=True), "李四")

    def split(self, serial: int) -> None:
        name = number(serial)
        parts = {str(row["part"]): float(row["area_m2"]) for row in self.store.records("part", parcel=name)}
        area = round(float(self.store.records("parcel", number=name)[0]["area_m2"]), 2)
        decided = part_histories(self.store, name)
        division = judge.Division(parts, area, split_state="", tolerance_m2=0.02, decided=decided)
        self.act(name, "", "split", lambda history: judge.split(history, name, division, OFFICER))

    def case(self, serial: int, *steps: EnforcementStep) -> None:
        case = EnforcementCase("", (CaseMember(number(serial)),), "违法占地案", "某公司", "综合行政执法大队")
        taken = tuple(CaseStep(step, f"2026-0{month}-15", "1号", "街道") for month, step in enumerate(steps, start=3))
        save_case(self.store, replace(case, steps=taken), "张三")

    def cure(self, serial: int, method: str, **values: Any) -> None:
        row = {"parcel": number(serial), "part": "", "method": method, "area_m2": 100.0, "remaining_m2": 0.0, **values}
        self.store.insert("rectification", pd.DataFrame([row]), "张三", "登记整改情况", each=True)


def work(office: Script) -> None:
    step = EnforcementStep
    office.deliver((1, 2, 3, 4, 5, MINE))
    office.measure()
    office.decide(1, "违法")
    office.case(1, step.OPENED, step.PENALISED, step.EXECUTED, step.CLOSED)
    office.cure(
        1, "拆除复耕", removed_m2=100.0, accepted_by="王五", accepted_on="2026-07-01", closed=1, closed_on="2026-07-02"
    )
    office.decide(2, "合法")
    office.act(number(2), "", "file", lambda history: judge.file(history, REVIEWER))
    office.split(3)
    parts = sorted(row["part"] for row in office.store.records("part", parcel=number(3)))
    office.decide(3, "合法", parts[0])
    office.decide(3, "违法", parts[1])
    merger = judge.Merger([number(5)], {number(5): []}, reason="同一项目")
    office.act(number(4), "", "merge", lambda history: judge.merge(history, number(4), merger, OFFICER))
    office.decide(4, "违法")
    office.case(4, step.WITHOUT_CASE)
    office.decide(MINE, "违法")
    office.act(number(MINE), "", "file", lambda history: judge.file(history, REVIEWER))
    office.act(number(MINE), "", "send_back", lambda history: judge.send_back(history, REVIEWER, "材料不清", "市级"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> recount.Folder:
    office = Script(tmp_path_factory.mktemp("单位"))
    work(office)
    report = office.folder / "成果" / "报表"
    office.tabulate(report, DAY, 2026)
    office.store.close()
    return recount.Folder(report, office.workspace, DAY)


def test_the_workbooks_say_what_pandas_counts(folder: recount.Folder) -> None:
    figures = recount.recounted(folder)
    assert figures["assessment/total/illegal_count"] == 4, "1, a part of 3, 4 and the one merged into it"
    assert figures["assessment/total/case_closed"] == 1 and figures["assessment/total/rectified_count"] == 1
    assert figures["deadlines/total/done"] == 1, "what was sent back is not filed"
    assert figures["mining_statistics/total/illegal_count"] == 0, "the mine is to be judged again"
    assert recount.differences(folder) == []


def test_a_wrong_figure_is_found(folder: recount.Folder, tmp_path: Path) -> None:
    """So that the comparison can fail: one cell of the hidden sheet is another."""
    for path in folder.report.iterdir():
        if path.suffix in (".csv", ".xlsx"):
            (tmp_path / path.name).write_bytes(path.read_bytes())
    path = next(tmp_path.glob("督导考核表_*.xlsx"))
    book = openpyxl.load_workbook(path)
    row = next(row for row in book["图斑索引"].iter_rows() if row[0].value == "assessment/total/illegal_count")
    row[4].value = 5
    book.save(path)
    found = recount.differences(replace(folder, report=tmp_path))
    assert found == ["assessment/total/illegal_count: recounted 4, printed 5"]


def test_the_demos_decided_half_is_what_pandas_counts() -> None:
    """Where `make demo` was run; it compares at its end, too."""
    results = REPOSITORY / ".build" / "demo" / "卫片成果"
    books = sorted((results / "报表-判定后").glob("督导考核表_*.xlsx"))
    if not books:
        pytest.skip("`make demo` was not run here")
    day = books[-1].stem[-8:]
    folder = recount.Folder(results / "报表-判定后", results / "工作库.gpkg", f"{day[:4]}-{day[4:6]}-{day[6:]}")
    figures = recount.recounted(folder)
    assert len(figures) >= 100 and (figures["assessment/total/illegal_count"] or 0) >= 10
    assert recount.differences(folder) == []
