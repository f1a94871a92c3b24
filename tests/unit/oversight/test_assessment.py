"""违法占耕比 with its worked case, deductions, points and ranks, error rates, and figures as of an earlier day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from weipian_plugin import oversight
from weipian_plugin.model.messages import render
from weipian_plugin.oversight import assessment, error_rates
from weipian_plugin.oversight.columns import rows
from weipian_plugin.oversight.data import assessment as assessment_file
from weipian_plugin.oversight.item_columns import Item
from weipian_plugin.oversight.table import TOTAL

AS_OF = date(2024, 2, 20)
CALENDAR = oversight.deadlines.load_calendar()
MU = 1 / 0.0015


def item(
    number: str, category: str, farmland: float, area: float | None = None, subtype: str = "", **more: Any
) -> dict[str, Any]:
    return {
        "number": number,
        "category": category,
        "farmland": farmland,
        "area": area or farmland,
        "subtype": subtype,
        **more,
    }


def snapshot(rows: list[dict[str, Any]], rectified: list[dict[str, Any]] | None = None) -> dict[str, pd.DataFrame]:
    """Decided parcels with their cropland in 亩."""
    parcels = [
        {"number": row["number"], "county": "方城县", "township": row.get("township", ""), "area_m2": row["area"] * MU,
         "issued": row.get("issued", "2023-03-01"), "review_stage": row.get("stage", ""), "state": row.get("state", "已复核"),
         "level": row.get("level", "")}
        for row in rows
    ]  # fmt: skip
    decisions = [
        {"id": row["number"], "parcel": row["number"], "part": "", "category": row["category"], "subtype": row["subtype"], "role": "经办",
         "person": "张三", "status": "current", "decided_at": "2023-05-01T09:00:00+08:00"}
        for row in rows
    ]  # fmt: skip
    measures = [
        {"parcel": row["number"], "part": "", "measure": name, "value": repr(row[name] * MU)}
        for row in rows
        for name in ("area", "farmland")
    ]
    return {
        "parcel": pd.DataFrame(parcels), "decision": pd.DataFrame(decisions), "measure": pd.DataFrame(measures),
        "rectification": pd.DataFrame(rectified or [], columns=["parcel", "part", "method", "removed_m2", "removed_farmland_m2",
                                                                "regularised_m2", "regularised_farmland_m2", "remaining_m2"]),
    }  # fmt: skip


def worked_case() -> list[dict[str, Any]]:
    """Fangcheng 2009: 5 legal pieces with 119.8 亩, 14 illegal with 300.85 亩 of which 263.17 cropland, 3 not new construction."""
    rows = [item(f"合{index}", "合法", 119.8 / 5, stage="101") for index in range(5)]
    rows += [item(f"供{index}", "违法", 35.2, subtype="未供即用", stage="101") for index in range(2)]
    rows += [item(f"报{index}", "违法", 67.05, subtype="边报边用", stage="101") for index in range(2)]
    rows += [item(f"未{index}", "违法", 5.867, 9.635, subtype="未报即用", stage="101") for index in range(10)]
    return rows + [item(f"非{index}", "其他", 68.1 / 3) for index in range(3)]


def assessed(data: dict[str, pd.DataFrame], by: str = "county", as_of: date = AS_OF) -> oversight.Table:
    return assessment.tables(data, oversight.prepare(data, as_of, by), CALENDAR)[0]


def test_the_worked_case_gives_68_72_percent() -> None:
    table = assessed(snapshot(worked_case()))
    assert table.value(TOTAL, "legal_farmland") == Decimal("119.80")
    assert table.value(TOTAL, "illegal_farmland") == Decimal("263.17")
    assert table.value(TOTAL, "illegal_area") == Decimal("300.85")
    assert table.value(TOTAL, "farmland_ratio") == Decimal("0.6872")
    assert table.value(TOTAL, "at_line") == "达到"
    assert table.value(TOTAL, "illegal_count") == 14
    assert len(table.items(TOTAL, "farmland_ratio")) == 19


def test_completing_procedures_and_clearing_lower_the_ratio_to_nothing() -> None:
    rows = worked_case()
    illegal = [row for row in rows if row["category"] == "违法"]

    def done(row: dict[str, Any], way: str) -> dict[str, Any]:
        return {
            "parcel": row["number"],
            "part": "",
            "remaining_m2": 0.0,
            f"{way}_m2": row["area"] * MU,
            f"{way}_farmland_m2": row["farmland"] * MU,
        }

    def punished(data: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
        papers = [
            {"id": row["number"], "parcel": row["number"], "kind": "处罚执行到位证明", "added_at": "2023-06-01"}
            for row in illegal
        ]
        return {**data, "document": pd.DataFrame(papers)}

    unpunished = assessed(snapshot(rows, [done(row, "regularised") for row in illegal[:2]]))
    assert unpunished.value(TOTAL, "farmland_ratio_after") == Decimal("0.6872"), (
        "procedures before the penalty deduct nothing"
    )
    half = assessed(punished(snapshot(rows, [done(row, "regularised") for row in illegal[:2]])))
    assert half.value(TOTAL, "farmland_ratio") == Decimal("0.6872"), "the ratio before deductions stays"
    assert half.value(TOTAL, "farmland_ratio_after") == Decimal("0.5034")  # (263.17 − 70.4) / 382.97
    removed = assessed(snapshot(rows, [done(row, "removed") for row in illegal[:2]]))
    assert removed.value(TOTAL, "farmland_ratio_after") == Decimal("0.6167")  # (263.17 − 70.4) / (382.97 − 70.4)
    everything = assessed(punished(snapshot(rows, [done(row, "regularised") for row in illegal])))
    assert everything.value(TOTAL, "farmland_ratio_after") == Decimal("0.0000")


def test_what_is_not_finished_is_not_deducted_and_never_more_than_the_cropland() -> None:
    rows = [item("甲", "违法", 10.0, stage="101"), item("乙", "违法", 10.0, stage="95")]
    rectified = [
        {
            "parcel": "甲",
            "part": "",
            "remaining_m2": 0.0,
            "removed_farmland_m2": 50 * MU,
            "regularised_farmland_m2": 50 * MU,
        },
        {"parcel": "乙", "part": "", "remaining_m2": 0.0, "removed_farmland_m2": 10 * MU},
    ]
    table = assessed(snapshot(rows, rectified))
    assert table.value(TOTAL, "deducted") == Decimal("10.00")
    assert table.value(TOTAL, "farmland_ratio_after") == Decimal("0.5000")


@pytest.mark.parametrize(
    ("illegal", "legal", "marked"),
    [(15.0, 85.0, "达到"), (14.99, 85.01, "未达到"), (0.0, 5.0, "未达到"), (0.0, 0.0, "")],
)
def test_the_line_is_reached_at_fifteen_percent(illegal: float, legal: float, marked: str) -> None:
    table = assessed(snapshot([item("甲", "违法", illegal, 20.0), item("乙", "合法", legal, 90.0)]))
    assert table.value(TOTAL, "at_line") == marked


def test_facility_agriculture_is_no_new_construction() -> None:
    assert (
        assessed(snapshot([item("甲", "违法", 10.0), item("乙", "合法", 90.0, subtype="设施农用地")])).value(
            TOTAL, "farmland_ratio"
        )
        == 1
    )


def test_a_case_closed_and_rectified_counts_once() -> None:
    data = snapshot(
        [item("甲", "违法", 10.0), item("乙", "违法", 10.0), item("丙", "违法", 10.0), item("丁", "违法", 10.0)]
    )
    data["parcel"]["delivered"] = [{"查处情况": "已结案"}, {"查处情况": "未结案"}, {"处理方式": "非立案处理"}, {}]
    data["document"] = pd.DataFrame([{"id": "1", "parcel": "甲", "kind": "结案报告", "added_at": "2023-08-01"}])
    table = assessed(data)
    assert (table.value(TOTAL, "case_closed"), table.value(TOTAL, "case_not_filed")) == (1, 1)
    assert table.value(TOTAL, "duty_rate") == Decimal("0.5000")
    assert table.value(TOTAL, "rectified_rate") == Decimal("0.2500")
    earlier = assessed(data, as_of=date(2023, 7, 1))
    assert earlier.value(TOTAL, "case_closed") == 1, "the delivered state stays, the later document is not there yet"


def test_units_are_ranked_by_weighted_points_and_ties_share_a_rank() -> None:
    rows = [item(f"{town}{index}", category, 10.0, township=town, stage="101", level="一级")
            for town, categories in {"好镇": ["合法"] * 9 + ["其他"], "甲镇": ["违法"] + ["合法"] * 4,
                                         "乙镇": ["违法"] + ["合法"] * 4, "差镇": ["违法"] * 5}.items()
            for index, category in enumerate(categories)]  # fmt: skip
    data = snapshot(rows)
    table = assessment.tables(data, oversight.prepare(data, AS_OF, "township"), CALENDAR)[1]
    ranks = {name: table.value(name, "rank") for name in table.row_keys}
    assert ranks == {"好镇": 1, "乙镇": 2, "甲镇": 2, "差镇": 4}
    assert "达到" in table.value("差镇", "attention") and table.value("好镇", "attention") == ""


def test_points_leave_out_what_a_unit_has_not() -> None:
    indicators = assessment_file().ranking.indicators
    nothing: dict[str, float | None] = {each.key: None for each in indicators}
    assert assessment.score(nothing, indicators) is None
    assert assessment.score({**nothing, "filed_rate": 0.5}, indicators) == 50
    best = {"farmland_ratio_after": 0.0, "rectified_rate": 1.0, "duty_rate": 1.0, "filed_rate": 1.0, "error_rate": 0.0}
    assert assessment.score(best, indicators) == 100
    assert assessment.score({**best, "farmland_ratio_after": 5.0}, indicators) == 70, (
        "worse than the worst gives no points, never less"
    )


def test_error_rates_say_their_definition_and_that_nothing_was_checked() -> None:
    rows = [
        item("甲", "合法", 1.0, stage="90"),
        item("乙", "合法", 1.0, stage="101"),
        item("丙", "合法", 1.0, stage="101", state="改判"),
    ]
    data = snapshot(rows)
    prepared = oversight.prepare(data, AS_OF)
    (daily, annual), _ = error_rates.compute(data, prepared, CALENDAR)
    assert (daily.checked, daily.value) == ((), None)
    assert (annual.first, annual.last) == (date(2023, 1, 1), date(2023, 12, 31))
    assert (annual.wrong, len(annual.checked)) == (("甲", "丙"), 3)
    notes = " ".join(render(note) for note in error_rates.tables(data, prepared, CALENDAR)[0].footnotes)
    assert "官方定义未公布" in notes and "检查了 0 个图斑" in notes
    in_may = error_rates.compute(data, oversight.prepare(data, date(2023, 5, 31)), CALENDAR)[0][0]
    assert len(in_may.checked) == 3


def test_figures_of_an_earlier_day_undo_what_the_journal_tells() -> None:
    data = snapshot(
        [item("甲", "违法", 10.0, stage="101")], [{"parcel": "甲", "part": "", "remaining_m2": 0.0, "removed_m2": 1.0}]
    )
    data["decision"].loc[0, "status"] = "superseded"
    changes = {"id": "2", "category": "合法", "decided_at": "2023-11-01T09:00:00+08:00", "status": "current"}
    later = data["decision"].iloc[0].to_dict() | changes
    data["decision"] = pd.concat([data["decision"], pd.DataFrame([later])], ignore_index=True)
    data["journal"] = pd.DataFrame(
        [
            {"at": "2023-10-01T09:00:00+08:00", "what": "rectification", "key": "甲", "action": "update", "before": {"remaining_m2": 700.0},
             "after": {"remaining_m2": 0.0}},
            {"at": "2023-12-01T09:00:00+08:00", "what": "parcel", "key": "甲", "action": "update", "before": {"review_stage": "95"},
             "after": {"review_stage": "101"}},
        ]
    )  # fmt: skip

    def state(day: date) -> tuple[Any, ...]:
        (item,) = rows(Item, oversight.prepare(data, day).items)
        return item.group, round(item.remaining, 4), item.review_stage_code, item.finished

    assert state(date(2023, 9, 30)) == ("nonagri_illegal", 1.05, "95", False)
    assert state(date(2023, 10, 31)) == ("nonagri_illegal", 0.0, "95", False)
    assert state(date(2023, 11, 30)) == ("legal", 0.0, "95", False)
    assert state(AS_OF) == ("legal", 0.0, "101", True)


def test_a_superseded_decision_does_not_come_back_when_its_successor_was_undone() -> None:
    data = snapshot([item("甲", "违法", 10.0)])
    data["decision"].loc[0, "status"] = "superseded"
    undone = data["decision"].iloc[0].to_dict() | {
        "id": "2",
        "decided_at": "2023-06-01",
        "status": "undone",
        "category": "合法",
    }
    data["decision"] = pd.concat([data["decision"], pd.DataFrame([undone])], ignore_index=True)
    assert oversight.prepare(data, AS_OF).items.group.tolist() == ["undecided"]


def test_parcels_issued_later_are_not_counted() -> None:
    data = snapshot([item("甲", "违法", 10.0), item("乙", "违法", 10.0, issued="2024-03-01")])
    assert oversight.prepare(data, AS_OF).items.parcel.tolist() == ["甲"]
