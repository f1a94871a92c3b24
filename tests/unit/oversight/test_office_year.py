"""An office's year, acted out with the rules of judgment, and every figure worked out once more by plain pandas from a list of fates.

Splits, a project of two parcels, a returned and a re-judged parcel, mining, another year, texts typed and emptied.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, Optional

import pandas as pd
import pytest

from tests.unit.judgment.frames import profile_called
from weipian_plugin import oversight
from weipian_plugin.filing import completeness, gather_cases, register, upload_table
from weipian_plugin.filing.fields import PackageFacts, values_of
from weipian_plugin.filing.settings import load_rules
from weipian_plugin.judgment import decisions as acts
from weipian_plugin.judgment.decisions import Actor
from weipian_plugin.model.records import Decision, Proposal
from weipian_plugin.oversight import assessment, deadlines, mining, registers, tables
from weipian_plugin.oversight.table import TOTAL, Table
from weipian_plugin.workspace.mapping import row_of

DAY = date(2023, 12, 31)
CLERK, CHECKER = Actor("张三", "经办", "2023-08-01T09:00:00+08:00"), Actor("李四", "复核", "2023-08-02T09:00:00+08:00")
PROFILE = profile_called("national-2023")


class Office:
    """Acts on parcels, kept in the order in which they were made, as the workspace does."""

    def __init__(self) -> None:
        self.rows: list[Decision] = []

    def act(self, parcel: str, part: str, make: Callable[[Sequence[Any]], acts.Change], **typed: str) -> None:
        own = [row for row in self.rows if (row.parcel, row.part) == (parcel, part)]
        change = make(own)
        self.rows = [replace(row, **change.update.get(row.id, {})) for row in self.rows]
        for row in change.insert:
            self.rows.append(replace(row, fields={**typed, **row.fields}, sequence=len(self.rows) + 1))

    def decide(self, parcel: str, part: str, category: str, subtype: str, **typed: str) -> None:
        proposal = Proposal(parcel, part, "其他", "", "R", 1.0, "high")
        self.act(
            parcel,
            part,
            lambda rows: acts.override(rows, proposal, CLERK, PROFILE, acts.Outcome(category, subtype, "理由", "依据")),
            **typed,
        )

    def review(self, parcel: str, part: str = "") -> None:
        self.act(parcel, part, lambda rows: acts.review(rows, CHECKER, PROFILE))


#: parcel → (kind, year, village, m², share of cropland)
PARCELS = {
    "P01": ("land", 2023, "甲村", 1001.0, 1.0),
    "P02": ("land", 2023, "甲村", 2003.3, 0.5),
    "P03": ("land", 2023, "乙村", 4033.37, 1.0),  # split: _1 legal, _2 illegal
    "P04": ("land", 2023, "乙村", 3000.0, 0.25),  # leads a project with P05
    "P05": ("land", 2023, "甲村", 2721.0, 1.0),
    "P06": ("land", 2023, "乙村", 900.0, 1.0),  # sent back
    "P07": ("land", 2023, "乙村", 1234.5, 1.0),  # re-judged
    "P08": ("land", 2023, "甲村", 500.0, 1.0),  # nobody looked at it
    "P09": ("land", 2023, "甲村", 777.7, 1.0),  # split, undecided
    "K01": ("mining", 2023, "乙村", 10861.0, 1.0),  # mining without a licence
    "K02": ("mining", 2023, "乙村", 5333.0, 0.0),  # mining with one
    "Q01": ("land", 2022, "甲村", 60000.0, 1.0),  # of another year
}
SPLITS = {"P03": {"_1": 2770.0, "_2": 1263.37}, "P09": {"_1": 333.3, "_2": 444.4}}
#: (parcel, part) → what stands at the end; what is missing is open
FATES = {
    ("P01", ""): "合法", ("P02", ""): "违法", ("P03", "_1"): "合法", ("P03", "_2"): "违法", ("P04", ""): "违法", ("P05", ""): "违法",
    ("K01", ""): "违法", ("K02", ""): "合法", ("Q01", ""): "违法",
}  # fmt: skip


@pytest.fixture(scope="module")
def snapshot() -> dict[str, pd.DataFrame]:
    office = Office()
    office.decide("P01", "", "合法", "", 项目名称="村委会")
    office.review("P01")
    office.act("P01", "", lambda rows: acts.file(rows, CHECKER))
    office.decide("P02", "", "违法", "", 项目名称="错误的项目名", 项目主体="错误的主体")
    office.decide("P02", "", "违法", "", 项目名称="", 项目主体="")
    for parcel in ("P03", "P09"):
        office.act(
            parcel,
            "",
            lambda rows, parcel=parcel: acts.split(
                rows, parcel, acts.Division(SPLITS[parcel], PARCELS[parcel][3]), CLERK
            ),
        )
    office.decide(
        "P03",
        "_1",
        "合法",
        "",
        项目名称="养殖场",
        项目主体="王五",
        建设时间="2022年5月",
        用途分类细化="养殖设施",
    )
    office.decide(
        "P03", "_2", "违法", "", 项目名称="厂房", 项目主体="赵六", 建设时间="2022年6月", 用途分类细化="厂房类"
    )
    office.act("P04", "", lambda rows: acts.merge(rows, "P04", acts.Merger(["P05"], {}, reason="同一项目"), CLERK))
    office.decide("P04", "", "违法", "", 项目名称="物流园", 项目主体="某公司")
    for parcel in ("P06", "P07"):
        office.decide(parcel, "", "合法", "")
        office.review(parcel)
        office.act(parcel, "", lambda rows: acts.file(rows, CHECKER))
    office.act("P06", "", lambda rows: acts.send_back(rows, CHECKER, "照片不清", "市级"))
    office.act("P07", "", lambda rows: acts.rejudge(rows, CLERK, PROFILE, acts.Outcome("违法", "", "改判理由", "依据")))
    office.decide("K01", "", "违法", "")
    office.decide("K02", "", "合法", "", 开采方式="露天开采")
    office.decide("Q01", "", "违法", "")
    return _tables(office)


def _tables(office: Office) -> dict[str, pd.DataFrame]:
    parcels, measures, parts = [], [], []
    for number, (kind, year, village, area, cropland) in PARCELS.items():
        split = "被拆分" if number in SPLITS else ""
        parcels.append(
            {"number": number, "kind": kind, "issued": f"{year}-05-20", "level": "一级", "county": "永川区", "township": "大安街道",
             "village": village, "area_m2": area, "state": "未提报", "split_state": split, "claims": {},
             "delivered": {"项目名称": "下发的名称", "核实认定意见": "合法" if number in ("P06", "P07") else ""}}
        )  # fmt: skip
        sizes = {"": area, **SPLITS.get(number, {})}
        for part, size in sizes.items():
            values = {"area": size, "farmland": size * cropland, "basic_farmland": 0.0}
            measures += [
                {"parcel": number, "part": part, "measure": key, "value": repr(value)} for key, value in values.items()
            ]
        parts += [
            {"parcel": number, "part": part, "basis": "", "area_m2": size}
            for part, size in SPLITS.get(number, {}).items()
        ]
    coverage = [
        {"parcel": "P03", "part": "_1", "role": "facility_agriculture", "group": "SSNYD1", "document": "SSNYD1", "area_m2": 2770.0, "share": 100.0},
        {"parcel": "P03", "part": "", "role": "facility_agriculture", "group": "SSNYD1", "document": "SSNYD1", "area_m2": 2770.0, "share": 68.7},
        {"parcel": "K02", "part": "", "role": "mining_right", "group": "C5001", "document": "C5001", "until": "2028-01-01", "use": "砂岩",
         "unit": "某矿业公司", "area_m2": 5333.0, "share": 100.0},
    ]  # fmt: skip
    rectified = [
        {
            "parcel": "P02",
            "part": "",
            "method": "拆除复耕",
            "area_m2": 2003.3,
            "removed_m2": 2003.3,
            "remaining_m2": 0.0,
        }
    ]
    frames = {"parcel": parcels, "measure": measures, "part": parts, "coverage": coverage, "rectification": rectified}
    made = {name: pd.DataFrame(rows) for name, rows in frames.items()}
    return {**made, "decision": pd.DataFrame([row_of(row) for row in office.rows]).astype({"part": object})}


@pytest.fixture(scope="module")
def prepared(snapshot: dict[str, pd.DataFrame]) -> oversight.Prepared:
    return oversight.prepare(snapshot, DAY)


def plain_items(year: int = 2023) -> pd.DataFrame:
    """The independent account: one row a parcel or part, from the list of fates alone."""
    rows = []
    for number, (kind, issued, village, area, cropland) in PARCELS.items():
        for part, size in SPLITS.get(number, {"": area}).items():
            rows.append((number, part, kind, village, size, size * cropland, FATES.get((number, part), ""), issued))
    frame = pd.DataFrame(rows, columns=["parcel", "part", "kind", "village", "m2", "cropland", "fate", "year"])
    return frame[frame["year"] == year]


def mu(square_metres: float) -> Decimal:
    exact = Decimal(repr(float(round(square_metres, 6)))) * Decimal("0.0015")
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def figures(table: Table, column: str) -> dict[str, Any]:
    return {name: table.value(name, column) for name in (*table.row_keys, TOTAL)}


def by_village(frame: pd.DataFrame, column: Optional[str] = None) -> dict[str, Any]:
    groups = frame.groupby("village")
    found = groups.size().to_dict() if column is None else {name: mu(rows[column].sum()) for name, rows in groups}
    return {**found, TOTAL: len(frame) if column is None else mu(frame[column].sum())}


def test_the_statistics_of_land_are_those_of_plain_pandas(prepared: oversight.Prepared) -> None:
    land = plain_items().query("kind == 'land'")
    table = tables.county_statistics(prepared)
    assert figures(table, "original_count") == by_village(land.drop_duplicates("parcel"))
    assert figures(table, "verified_count") == by_village(land)
    assert figures(table, "verified_farmland") == by_village(land, "cropland")
    illegal = land[land["fate"] == "违法"]
    assert figures(table, "nonagri_count") == by_village(illegal)
    assert figures(table, "nonagri_farmland") == by_village(illegal, "cropland")
    statistics = tables.violation_statistics(prepared, "nonagri")
    assert figures(statistics, "all_area") == by_village(illegal, "m2")
    listed = tables.violation_list(prepared, "nonagri")
    assert sorted(listed.frame()["number"]) == sorted(illegal["parcel"] + illegal["part"])
    assert listed.value(TOTAL, "area") == mu(illegal["m2"].sum())


def test_mining_is_counted_apart(prepared: oversight.Prepared, snapshot: dict[str, pd.DataFrame]) -> None:
    own = plain_items().query("kind == 'mining'")
    statistics, listed = mining.tables(snapshot, prepared)
    assert statistics.value(TOTAL, "original_count") == len(own) == len(listed.rows)
    assert statistics.value(TOTAL, "illegal_area") == mu(own[own["fate"] == "违法"]["m2"].sum())
    licence = dict(zip([column.key for column in listed.columns], listed.rows[1]))
    told = {name: licence[name] for name in ("number", "licence", "holder", "mineral", "mining_method", "term")}
    assert told == {"number": "K02", "licence": "C5001", "holder": "某矿业公司", "mineral": "砂岩", "mining_method": "露天开采",
                    "term": "至2028-01-01"}  # fmt: skip
    land = plain_items().query("kind == 'land'")
    legal, illegal = (land[land["fate"] == name]["cropland"].sum() for name in ("合法", "违法"))
    table = assessment.tables(snapshot, prepared, deadlines.load_calendar())[0]
    assert table.value(TOTAL, "illegal_farmland") == mu(illegal)
    assert table.value(TOTAL, "farmland_ratio") == pytest.approx(
        Decimal(repr(float(illegal / (legal + illegal)))), abs=Decimal("0.00005")
    )
    assert table.value(TOTAL, "illegal_count") == (land["fate"] == "违法").sum()


def test_every_parcel_has_one_place_in_the_duties(prepared: oversight.Prepared) -> None:
    numbers = [number for number, row in PARCELS.items() if row[1] == 2023]
    summary, waiting = registers.deadline_tables(prepared)
    states = [summary.value(TOTAL, status) for status in deadlines.STATUSES]
    assert summary.value(TOTAL, "all_count") == len(numbers) == sum(states)
    assert summary.value(TOTAL, "done") == 1, "only P01 is filed; what was sent back or is judged anew is not"
    listed = waiting.frame().set_index("number")
    assert sorted(listed.index) == sorted(set(numbers) - {"P01"})
    assert (
        listed.loc["P06", "due"] == "2023-06-25"
        and listed.loc["P06", "state"] == "退回"
        and listed.loc["P07", "state"] == "改判"
    )
    assert set(tables.daily_detail(prepared).frame()["number"]) == set(numbers)


def test_parcels_that_were_sent_back_or_judged_anew_are_open_whatever_was_delivered(
    prepared: oversight.Prepared,
) -> None:
    groups = dict(zip(prepared.items.item, prepared.items.group))
    open_items = {item for item, group in groups.items() if group == "undecided"}
    assert open_items == {"P06", "P07", "P08", "P09#_1", "P09#_2"}


def test_a_year_never_holds_a_parcel_of_another(snapshot: dict[str, pd.DataFrame]) -> None:
    for year, expected in ((2022, {"Q01"}), (2023, set(PARCELS) - {"Q01"})):
        one = oversight.prepare(snapshot, date(2026, 6, 1), year=year)
        assert set(one.items.parcel) == expected == set(one.due.parcel)
        assert tables.county_statistics(one).subtitle.startswith(f"{year}年度")
    assert oversight.prepare(snapshot, date(2026, 6, 1)).year == 2023, "the year of the parcels, not that of the clock"


def cases_of(snapshot: dict[str, pd.DataFrame], tmp_path: Path) -> dict[str, Any]:
    return {case.number: case for case in gather_cases(snapshot, list(PARCELS), workspace_folder=tmp_path)}


def test_what_was_typed_reaches_every_paper_and_what_was_emptied_stays_empty(
    snapshot: dict[str, pd.DataFrame], prepared: oversight.Prepared, tmp_path: Path
) -> None:
    rules, cases = load_rules(), cases_of(snapshot, tmp_path)
    upload = {row["线索编号"]: row for row in upload_table(cases.values(), "B")}
    listed = tables.violation_list(prepared, "nonagri").frame().set_index("number")
    assert (upload["P01"]["项目名称"], upload["P08"]["项目名称"]) == ("村委会", "下发的名称")
    assert upload["P02"]["项目名称"] is None and listed.loc["P02", "project"] == ""
    assert "错误" not in str(values_of(cases["P02"], rules, PackageFacts()).fields)
    for number, project, owner, built in (
        ("P03_1", "养殖场", "王五", "2022年5月"),
        ("P03_2", "厂房", "赵六", "2022年6月"),
    ):
        assert (upload[number]["项目名称"], upload[number]["项目主体"], upload[number]["建设时间"]) == (
            project,
            owner,
            built,
        )
    assert upload["P03_1"]["设施农用地上图入库号"] == "SSNYD1" and upload["P03_2"]["设施农用地上图入库号"] is None
    assert listed.loc["P03_2", "project"] == "厂房"
    form = values_of(cases["P03"], rules, PackageFacts()).fields
    assert form["project"] == "_1：养殖场；_2：厂房" and form["decision_category"] == "_1：合法；_2：违法"
    lacking = {
        str(check.message.details.get("field"))
        for check in completeness(cases["P03"], rules)
        if check.code == "violation_fields"
    }
    assert not lacking, "all fields of the illegal part were typed"


def test_the_upload_table_has_the_illegal_areas_under_the_default_profile(
    snapshot: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    upload = upload_table(cases_of(snapshot, tmp_path).values(), "A")
    filled = {row["线索编号"]: row["非农违法面积（亩）"] for row in upload if row["非农违法面积（亩）"] is not None}
    illegal = {
        number + part: fate for (number, part), fate in FATES.items() if fate == "违法" and PARCELS[number][0] == "land"
    }
    assert set(filled) == set(illegal)
    assert filled["P02"] == mu(2003.3) and filled["P04"] == mu(3000.0) and filled["P05"] == mu(2721.0)
    assert filled["P03_2"] + next(row["地块面积"] for row in upload_table(cases_of(snapshot, tmp_path).values(), "B")
                                  if row["线索编号"] == "P03_1") == mu(4033.37)  # fmt: skip


def test_a_project_of_several_parcels_is_named_in_the_papers_of_each(
    snapshot: dict[str, pd.DataFrame], prepared: oversight.Prepared, tmp_path: Path
) -> None:
    rules, cases = load_rules(), cases_of(snapshot, tmp_path)
    for number, lead in (("P04", "牵头图斑"), ("P05", "并入图斑")):
        values = values_of(cases[number], rules, PackageFacts())
        rows = {row["number"]: row for row in values.tables["merged"]}
        assert set(rows) == {"P04", "P05"} and rows[number]["role"] == lead
        assert rows["P04"]["area_mu"] + rows["P05"]["area_mu"] == values.fields["merged_area_mu"]
        assert "P04" in str(values.fields["merge_note"]) and "P05" in str(values.fields["merge_note"])
        assert values.fields["decision_category"] == "违法" and values.fields["project"] == "物流园"
    shown = {row["图斑编号"]: row for row in register(cases.values())}
    assert shown["P05"]["经办人判定"] == "违法"
    listed = set(tables.violation_list(prepared, "nonagri").frame()["number"])
    assert {"P04", "P05"} <= listed


def test_units_without_a_decided_parcel_are_listed_apart_from_the_ranking(snapshot: dict[str, pd.DataFrame]) -> None:
    more = pd.concat(
        [
            snapshot["parcel"],
            pd.DataFrame([{**snapshot["parcel"].iloc[0].to_dict(), "number": "P99", "village": "丙村"}]),
        ]
    )
    prepared = oversight.prepare({**snapshot, "parcel": more.reset_index(drop=True)}, DAY)
    ranking = assessment.tables(snapshot, prepared, deadlines.load_calendar())[1]
    assert (
        ranking.row_keys[-1] == "丙村"
        and ranking.value("丙村", "rank") == "—"
        and ranking.value("丙村", "score") is None
    )
    assert "不参加排名" in ranking.value("丙村", "attention")


def test_what_was_filed_on_time_late_or_not_at_all_adds_up(snapshot: dict[str, pd.DataFrame]) -> None:
    prepared = oversight.prepare(snapshot, DAY)
    table = registers.on_time_table(prepared)
    told = {key: table.value(TOTAL, key) for key in ("on_time", "late", "day_unknown", "overdue", "waiting")}
    assert sum(told.values()) == table.value(TOTAL, "all_count") == 11
    assert told == {"on_time": 0, "late": 1, "day_unknown": 0, "overdue": 10, "waiting": 0}, (
        "P01 was filed on 2 August, due on 25 June"
    )
    early = registers.reminders(oversight.prepare(snapshot, date(2023, 6, 20)))
    assert len(early.rows) == 11 and len(registers.reminders(prepared).rows) == 0
    for day, count in ((17, 0), (18, 11), (25, 11), (26, 0)):  # due on 25 June: seven days ahead, until the day itself
        assert len(registers.reminders(oversight.prepare(snapshot, date(2023, 6, day))).rows) == count, day
    parcels = snapshot["parcel"].assign(level=[""] * len(snapshot["parcel"]))
    asked = registers.reminders(oversight.prepare({**snapshot, "parcel": parcels}, date(2023, 6, 1)))
    assert len(asked.rows) == 11, "without a level nobody knows the day: it is asked for"
    assert {row[asked.position("status")] for row in asked.rows} == {"待补级别或下发时间"}


def test_a_demolished_accepted_and_closed_parcel_is_rectified_without_a_returned_table(
    snapshot: dict[str, pd.DataFrame],
) -> None:
    whole = snapshot["rectification"].assign(
        accepted_by="王五", accepted_on="2023-10-20", closed=1, closed_on="2023-10-25"
    )
    for changes, done in (({}, True), ({"accepted_by": None}, False), ({"closed": 0}, False), ({"remaining_m2": 3.0}, False),
                          ({"method": "补办手续", "removed_m2": 0.0}, False), ({"closed_on": "2024-01-05"}, False)):  # fmt: skip
        items = oversight.prepare({**snapshot, "rectification": whole.assign(**changes)}, DAY).items
        assert dict(zip(items.item, items.finished))["P02"] is done, changes
