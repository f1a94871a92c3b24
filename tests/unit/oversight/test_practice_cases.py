"""Cases of practice: review states, rectification, batches, rounding, and which table an illegal parcel stands in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weipian_plugin.judgment.meaning import group_of
from weipian_plugin.model.messages import render
from weipian_plugin.oversight import batches, items, rectification, review_states, rounding, tables
from weipian_plugin.oversight.table import TOTAL

AS_OF = date(2024, 2, 20)


@pytest.mark.parametrize(
    ("remaining", "stage", "finished"),
    [
        (0.0, "审核结束", True),
        (0.0, "101", True),
        (0.0, 101.0, True),
        (0.1, "审核结束", False),
        (0.0, "市级待审核", False),  # nothing left, but still waiting for review
        (0.0, "", False),
        (None, "审核结束", False),
        (float("nan"), "审核结束", False),
        (-0.01, "审核结束", False),
        (1e-12, "审核结束", True),  # binary noise
    ],
)
def test_a_parcel_is_rectified_only_with_nothing_left_and_the_review_ended(
    remaining: float | None, stage: Any, finished: bool
) -> None:
    assert rectification.is_finished(remaining, stage) is finished


@pytest.mark.parametrize(
    ("finished", "text", "method"),
    [
        (True, "已拆除", "拆除复耕"),
        (True, "补办用地手续", "补办手续"),
        (True, "部分拆除、部分补办", "拆除复耕、补办手续"),
        (True, "两者", "拆除复耕、补办手续"),
        (True, "移交", "其他"),
        (True, "", "其他"),
        (False, "已拆除", "未整改"),
    ],
)
def test_the_method_is_read_from_the_text_of_finished_parcels_only(finished: bool, text: str, method: str) -> None:
    assert rectification.method(finished, text) == method


def test_areas_tell_the_method_where_the_text_does_not() -> None:
    assert rectification.method(True, "", removed=1.2) == "拆除复耕"
    assert rectification.method(True, "", removed=0.0, regularised=0.4) == "补办手续"


@pytest.mark.parametrize(
    ("stage", "state", "returned", "labels"),
    [
        ("101", None, None, {"审核结束", "已填报", "市级已审核", "通过", "处置"}),
        (101.0, 10.0, None, {"审核结束", "已填报", "市级已审核", "通过", "处置"}),
        ("95", "10", "1", {"市级待审核", "已填报", "省级退回", "未通过", "在途"}),
        ("95", "10", "0", {"市级待审核", "已填报", "未通过", "在途"}),
        ("省级退回", "", "", {"市级待审核", "已填报", "省级退回", "未通过", "在途"}),
        ("90", None, None, {"已打回", "已填报", "市级已审核", "未通过", "在途"}),
        ("97", None, None, {"省级待审核", "已填报", "市级已审核", "通过"}),
        ("", "4", None, {"已提交", "未填报", "待填报"}),
        (None, "1", None, {"未处理", "未填报", "待填报"}),
        (float("nan"), 2.0, None, {"未提交", "未填报", "待填报"}),
        ("99", None, None, {"未知(99)", "未填报", "未通过"}),
    ],
)
def test_review_codes_say_what_the_offices_say(stage: Any, state: Any, returned: Any, labels: set[str]) -> None:
    assert set(review_states.labels(review_states.read(stage, state, returned))) == labels


def test_an_own_review_stage_wins_over_the_delivered_one_and_the_workspace_state_comes_last() -> None:
    parcels = pd.DataFrame(
        [
            {"number": "A", "review_stage": "101", "delivered": {"审核阶段(系统)": 90}},
            {"number": "B", "review_stage": "", "delivered": {"审核阶段（系统）": 90.0}},  # full-width brackets
            {"number": "C", "review_stage": "", "delivered": {}, "state": "退回"},
            {"number": "D", "review_stage": "", "delivered": {}, "state": "已填报"},
            {"number": "E", "review_stage": "", "delivered": {"拆分状态": "市级待审核"}},
        ]
    )
    found = items.verified({"parcel": parcels}, AS_OF)
    assert found.review_stage_code.tolist() == ["101", "90", "90", "", "95"]
    assert found.review_state_code.tolist() == ["", "", "", "4", ""]


def exported(**columns: Any) -> dict[str, Any]:
    return {
        "number": columns.pop("number", "130403SJBG26210183"),
        "county": "甲县",
        "area_m2": 1000.0,
        "delivered": columns,
    }


@pytest.mark.parametrize(
    ("rows", "check"),
    [
        ([{"整改情况": "已拆除"}], 0),
        ([{"整改情况": "拆除并补办"}], -1),
        ([{"整改情况": "移交"}], 1),
        ([{"整改情况": "移交"}, {"整改情况": "拆除、补办"}], 0),
    ],
)
def test_the_check_of_the_ways_is_shown_as_it_comes_out(rows: list[dict[str, Any]], check: int) -> None:
    common = {"核实认定意见": "非农违法", "拆分状态": "审核结束", "剩余未整改面积": 0}
    parcels = pd.DataFrame([exported(number=f"P{index}", **common, **row) for index, row in enumerate(rows)])
    table = tables.violation_statistics(tables.prepare({"parcel": parcels}, AS_OF), "nonagri")
    assert table.value(TOTAL, "check_ways_count") == check
    assert table.value(TOTAL, "check_all_count") == 0


def test_a_blank_or_negative_remainder_counts_as_not_rectified_and_is_said() -> None:
    common = {"核实认定意见": "非农违法", "拆分状态": "审核结束", "非农违法面积（亩）": 1.5}
    parcels = pd.DataFrame([exported(number="A", **common), exported(number="B", 剩余未整改面积=-0.2, **common)])
    prepared = tables.prepare({"parcel": parcels}, AS_OF)
    table = tables.violation_statistics(prepared, "nonagri")
    assert (
        table.value(TOTAL, "done_count"),
        table.value(TOTAL, "open_count"),
        table.value(TOTAL, "check_all_count"),
    ) == (0, 2, 0)
    remainder = next(each for each in rectification.identities(prepared.items) if each.code == "remainder")
    assert remainder.items == ("A", "B")
    assert any("审核结束而剩余面积空白或为负" in render(note) for note in table.footnotes)


@pytest.mark.parametrize(
    ("category", "groups"),
    [
        ("非粮违法", ("nongrain_illegal",)),
        ("非农违法（工矿商服）", ("nonagri_illegal",)),
        ("非农违法、非粮违法", ("nonagri_illegal", "nongrain_illegal")),
        ("违法", ("nonagri_illegal",)),
        ("未供即用", ("nonagri_illegal",)),
        ("不合法", ("nonagri_illegal",)),
        ("疑似违法", ("doubtful",)),
        ("存疑", ("doubtful",)),
        ("合法·批文", ("legal",)),
        ("其它", ("other",)),
        ("实地为设施", ("facility",)),
        ("伪变化", ("false_change",)),
        ("", ("undecided",)),
        (None, ("undecided",)),
        ("没见过的", ("unknown",)),
    ],
)
def test_a_category_is_read_into_its_groups(category: str | None, groups: tuple[str, ...]) -> None:
    assert set(group_of(category)) == set(groups)


def test_a_parcel_that_is_no_grain_stands_in_that_table_only() -> None:
    parcels = pd.DataFrame([exported(核实认定意见="非粮违法", **{"非粮违法耕地面积（亩）": "2.50"})])
    prepared = tables.prepare({"parcel": parcels}, AS_OF)
    assert tables.violation_list(prepared, "nonagri").rows == ()
    assert len(tables.violation_list(prepared, "nongrain").rows) == 1
    assert tables.county_statistics(prepared).value(TOTAL, "nongrain_farmland") == Decimal("2.50")


def test_a_proposal_is_no_decision() -> None:
    parcels = pd.DataFrame([{"number": "A", "county": "甲县", "area_m2": 1000.0}])
    proposals = pd.DataFrame([{"parcel": "A", "part": "", "category": "违法", "subtype": "", "area_m2": 1000.0}])
    prepared = tables.prepare({"parcel": parcels, "proposal": proposals}, AS_OF)
    assert prepared.items.group.tolist() == ["undecided"]


def test_a_split_parent_counts_as_issued_and_its_children_as_verified() -> None:
    parcels = pd.DataFrame([exported(number="X", 图斑状态="被拆分"), exported(number="X_1", 图斑状态="拆分", 核实认定意见="合法"),
                            exported(number="X_2", 图斑状态="拆分", 核实认定意见="非农违法"), exported(number="Y")])  # fmt: skip
    table = tables.county_statistics(tables.prepare({"parcel": parcels}, AS_OF))
    assert table.items(TOTAL, "original_count") == ("X", "Y")
    assert table.items(TOTAL, "verified_count") == ("X_1", "X_2", "Y")
    assert table.items(TOTAL, "nonagri_count") == ("X_2",)


def test_a_parcel_decided_in_parts_counts_by_part_and_leads_to_one_parcel() -> None:
    parcels = pd.DataFrame([{"number": "X", "county": "甲县", "area_m2": 1000.0}])
    decision = {
        "id": "1",
        "parcel": "X",
        "part": "_1",
        "category": "违法",
        "role": "经办",
        "status": "current",
        "decided_at": "2023-05-01",
    }
    decisions = pd.DataFrame([decision])
    measures = pd.DataFrame(
        [
            {"parcel": "X", "part": part, "measure": "area", "value": value}
            for part, value in (("", "1000"), ("_1", "400"), ("_2", "600"))
        ]
    )
    prepared = tables.prepare({"parcel": parcels, "decision": decisions, "measure": measures}, AS_OF)
    table = tables.county_statistics(prepared)
    assert table.items(TOTAL, "verified_count") == ("X#_1", "X#_2")
    assert table.parcels(table.figure_id(TOTAL, "verified_count")) == ("X",)
    assert prepared.items.group.tolist() == ["nonagri_illegal", "undecided"]
    assert tables.violation_statistics(prepared, "nonagri").value(TOTAL, "all_area") == Decimal("0.60")


def test_batches_are_sorted_by_month_not_by_text() -> None:
    shuffled = [
        "十二月一批",
        "十月二批",
        "一月一批",
        "十一月一批",
        "十月一批",
        "2024年一月一批",
        "九月一批",
        "年度补充",
        "二月十一批",
        "二月二批",
    ]
    assert sorted(shuffled, key=batches.sort_key) == [
        "一月一批", "二月二批", "二月十一批", "九月一批", "十月一批", "十月二批", "十一月一批", "十二月一批", "2024年一月一批", "年度补充",
    ]  # fmt: skip


@given(st.integers(0, 99))
def test_chinese_numbers_are_read(number: int) -> None:
    digits = "零一二三四五六七八九"
    tens, units = divmod(number, 10)
    words = digits[number] if number < 10 else f"{'' if tens == 1 else digits[tens]}十{digits[units] if units else ''}"
    assert batches.number(words) == batches.number(str(number)) == number


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (0.125, "0.13"),
        (2.675, "2.68"),
        (1.005, "1.01"),
        (0.1 + 0.2, "0.30"),
        (-0.001, "0.00"),
        (-0.005, "-0.01"),
        (1e7 + 0.005, "10000000.01"),
    ],
)
def test_areas_are_rounded_half_up_in_decimal(value: float, rounded: str) -> None:
    assert str(rounding.half_up(value)) == rounded


@given(st.lists(st.integers(0, 10**6), max_size=60))
def test_a_sum_of_hundredths_of_square_metres_is_exact(hundredths: list[int]) -> None:
    total = sum(value / 100 * 0.0015 for value in hundredths)
    exact = (Decimal(sum(hundredths)) / 100 * Decimal("0.0015")).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
    assert rounding.half_up(total) == exact


def test_totals_are_rounded_once_not_added_up_from_rows() -> None:
    parcels = pd.DataFrame(
        [{"number": name, "county": name, "area_m2": 3.0} for name in ("甲县", "乙县", "丙县")]
    )  # 0.0045 亩 each
    table = tables.province(tables.prepare({"parcel": parcels}, AS_OF, "county"))
    assert [table.value(name, "area") for name in table.row_keys] == [Decimal("0.00")] * 3
    assert table.value(TOTAL, "area") == Decimal("0.01")


def test_zero_checked_is_said_loudly() -> None:
    prepared = tables.prepare({"parcel": pd.DataFrame([{"number": "A", "county": "甲县", "area_m2": 10.0}])}, AS_OF)
    statistics = tables.violation_statistics(prepared, "nonagri")
    assert any("0 个图斑" in render(note) for note in statistics.footnotes)
    checks = tables.rectification_checks(prepared, "nonagri")
    assert all("0 项被检查" in row[checks.position("said")] for row in checks.rows)
    assert all(row[checks.position("value")] is None for row in checks.rows)


def test_an_empty_workspace_gives_every_table_without_rows() -> None:
    made = tables.all_tables({}, AS_OF)
    assert len(made) == 16
    assert all(not table.rows for table in made if not table.id.startswith("rectification_checks"))


def test_unknown_figures_are_blank_not_zero() -> None:
    table = tables.province(
        tables.prepare({"parcel": pd.DataFrame([{"number": "A", "county": "甲县", "area_m2": 10.0}])}, AS_OF)
    )
    assert table.value("甲县", "farmland") is None
    assert any("没有耕地面积" in render(note) for note in table.footnotes)


def test_the_right_columns_stand_in_the_tables() -> None:
    made = {table.id: table for table in tables.all_tables({}, AS_OF)}
    widths = {"county_statistics": 13, "violation_statistics_nonagri": 21, "violation_statistics_nongrain": 21, "violation_list_nonagri": 14,
              "progress": 15, "daily": 10, "daily_detail": 24}  # fmt: skip
    assert {name: len(made[name].columns) for name in widths} == widths
