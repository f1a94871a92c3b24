"""Cases in the tables: 履职, 补办 after the penalty, leads for a transfer, and who is told of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from weipian_plugin import oversight
from weipian_plugin.model.messages import render
from weipian_plugin.oversight import assessment, enforcement, registers, transfers, units
from weipian_plugin.oversight.table import TOTAL

AS_OF = date(2023, 12, 1)
CALENDAR = oversight.deadlines.load_calendar()
MU = 1 / 0.0015
PENALTY = [
    {"step": "立案", "day": "2023-06-01", "number": "立8号", "document": "d1"},
    {"step": "处罚决定", "day": "2023-07-01", "number": "罚8号", "fine": 3000.0, "document": "d2"},
]
EXECUTED = [*PENALTY, {"step": "执行到位", "day": "2023-08-01", "document": "d3"}]


def parcel(number: str, farmland: float = 4.0, basic: float = 0.0, **more: Any) -> dict[str, Any]:
    return {"number": number, "farmland": farmland, "basic": basic, "category": "违法", "kind": "land", **more}


def case(members: list[str], steps: list[dict[str, Any]], name: str = "案") -> dict[str, Any]:
    whole = [dict(zip(("parcel", "part"), (*text.split("/"), ""))) for text in members]
    return {
        "id": name,
        "parcel": whole[0]["parcel"],
        "members": whole,
        "name": name,
        "party": "某厂",
        "unit": "大队",
        "steps": steps,
    }


def snapshot(
    rows: list[dict[str, Any]], cases: list[dict[str, Any]] | None = None, rectified: list[dict[str, Any]] | None = None
) -> dict[str, pd.DataFrame]:
    parcels = [
        {"number": row["number"], "kind": row["kind"], "county": "永川区", "township": "大安街道", "village": "青山村", "issued": "2023-03-01",
         "area_m2": 50 * MU, "review_stage": "", "state": "已复核", "level": "一级", "delivered": row.get("delivered", {})}
        for row in rows
    ]  # fmt: skip
    decisions = [
        {"id": row["number"], "sequence": place, "parcel": row["number"], "part": "", "action": "override", "state": "已判定",
         "category": row["category"], "subtype": "", "role": "经办", "person": "张三", "status": "current",
         "decided_at": "2023-05-01T09:00:00+08:00"}
        for place, row in enumerate(rows, start=1)
    ]  # fmt: skip
    measures = [
        {"parcel": row["number"], "part": "", "measure": name, "value": repr(value * MU)}
        for row in rows
        for name, value in (("area", 50.0), ("farmland", row["farmland"]), ("basic_farmland", row["basic"]))
        if value is not None
    ]
    columns = [
        "parcel",
        "part",
        "method",
        "regularised_m2",
        "removed_m2",
        "remaining_m2",
        "accepted_by",
        "accepted_on",
        "closed",
        "closed_on",
    ]
    return {
        "parcel": pd.DataFrame(parcels), "decision": pd.DataFrame(decisions), "measure": pd.DataFrame(measures),
        "rectification": pd.DataFrame(rectified or [], columns=columns), "enforcement_case": pd.DataFrame(cases or []),
    }  # fmt: skip


def regularised(number: str, way: str = "补办手续") -> dict[str, Any]:
    return {"parcel": number, "part": "", "method": way, "regularised_m2": 50 * MU, "remaining_m2": 0.0, "closed": 1}


def finished(data: dict[str, pd.DataFrame], stage: str = "101", as_of: date = AS_OF) -> dict[str, bool]:
    data = {**data, "parcel": data["parcel"].assign(review_stage=stage)}
    items = oversight.prepare(data, as_of).items
    return dict(zip(items.item, items.finished))


@pytest.mark.parametrize(
    ("steps", "done"),
    [
        (None, False),
        (PENALTY, False),
        ([*PENALTY, {"step": "结案", "day": "2023-09-01"}], False),  # closed while the court is asked: not carried out
        ([*PENALTY, {"step": "申请强制执行", "day": "2023-09-01"}], False),
        (EXECUTED, True),
        ([*PENALTY, {"step": "执行到位", "day": "2024-01-01"}], False),  # after the day of the tables
        ([EXECUTED[-1]], False),
    ],
)
@pytest.mark.parametrize("way", ["补办手续", "拆除复耕、补办手续", "完善用地手续", ""])
def test_regularising_counts_only_after_the_penalty_was_carried_out(steps: Any, done: bool, way: str) -> None:
    cases = [] if steps is None else [case(["甲"], steps)]
    data = snapshot([parcel("甲")], cases, [regularised("甲", way)])
    assert finished(data) == {"甲": done}
    data["parcel"] = data["parcel"].assign(review_stage="101")
    told = registers.rectification_ledger(oversight.prepare(data, AS_OF)).value("甲", "remarks")
    assert ("处罚执行到位" in told) is not done


def test_a_case_of_several_parcels_counts_for_each_and_for_no_other_part() -> None:
    rows = [parcel(number) for number in "甲乙丙"]
    data = snapshot(rows, [case(["甲", "乙", "丙/_2"], EXECUTED)], [regularised(number) for number in "甲乙丙"])
    assert finished(data) == {"甲": True, "乙": True, "丙": False}


def test_duty_counts_recorded_cases_once_and_prefers_them_to_what_was_delivered() -> None:
    rows = [
        parcel("甲"), parcel("乙"), parcel("丙", delivered={"查处情况": "已结案"}), parcel("丁", delivered={"查处情况": "已结案"}), parcel("戊"),
    ]  # fmt: skip
    cases = [
        case(["甲"], [*EXECUTED, {"step": "结案", "day": "2023-10-01"}]),
        case(["乙"], [{"step": "非立案处理", "day": "2023-10-01", "reason": "自行拆除"}], "乙案"),
        case(["丁"], PENALTY, "丁案"),
    ]
    data = snapshot(rows, cases)
    table = assessment.tables(data, oversight.prepare(data, AS_OF), CALENDAR)[0]
    assert (table.value(TOTAL, "case_closed"), table.value(TOTAL, "case_not_filed")) == (2, 1)
    assert table.value(TOTAL, "duty_rate") == Decimal("0.6000")
    earlier = assessment.tables(data, oversight.prepare(data, date(2023, 9, 1)), CALENDAR)[0]
    assert earlier.value(TOTAL, "case_closed") == 1


@pytest.mark.parametrize(
    ("rows", "cases", "listed"),
    [
        ([parcel("甲", 6, 5)], [], ["甲"]),
        ([parcel("甲", 6, 4.99)], [], []),
        ([parcel("甲", 10, 0)], [], ["甲"]),
        ([parcel("甲", 12, 3)], [], []),  # 9 亩 outside 永久基本农田, 3 inside
        ([parcel("甲", 6), parcel("乙", 5)], [], []),
        ([parcel("甲", 6), parcel("乙", 5)], [case(["甲", "乙"], PENALTY)], ["甲", "乙"]),
        ([parcel("甲", 20, category="合法")], [], []),
        ([parcel("甲", 20, category="非粮违法")], [], ["甲"]),
        ([parcel("甲", 20, category="非农违法")], [], ["甲"]),
        ([parcel("甲", 0, kind="mining")], [], ["甲"]),
        ([parcel("甲", 0, kind="mining", category="合法")], [], []),
    ],
)
def test_leads_for_a_transfer_are_what_reaches_a_threshold(rows: Any, cases: Any, listed: list[str]) -> None:
    data = snapshot(rows, cases)
    prepared = oversight.prepare(data, AS_OF)
    table = transfers.table(prepared)
    assert sorted(table.row_keys) == sorted(listed)
    tasks = units.assign(data, prepared)
    police = [task.item.item for task in tasks if task.unit == "大安派出所"]
    assert sorted(police) == sorted(listed), "the police station's list has them, too"


def test_what_cannot_be_compared_is_said() -> None:
    data = snapshot([parcel("甲", None, None)])  # type: ignore[arg-type]
    notes = [render(note) for note in transfers.table(oversight.prepare(data, AS_OF)).footnotes]
    assert any("未能与标准比较：甲" in note for note in notes)
    assert any("法释〔2000〕14号" in note for note in notes)


def test_illegal_mining_has_a_leading_unit() -> None:
    data = snapshot([parcel("甲", 0, kind="mining")])
    tasks = units.assign(data, oversight.prepare(data, AS_OF))
    assert [task.unit for task in tasks if task.lead and "采矿" in task.task] == ["综合行政执法大队（专班办公室）"]


def test_the_register_lists_cases_and_the_violations_without_one() -> None:
    data = snapshot(
        [parcel("甲"), parcel("乙"), parcel("丙", category="合法")],
        [case(["甲"], [*PENALTY, {"step": "移送", "day": "2023-09-01", "target": "公安机关"}])],
    )
    table = enforcement.register(data, oversight.prepare(data, AS_OF))
    first, second = table.rows
    shown = dict(zip([column.key for column in table.columns], first))
    assert (shown["numbers"], shown["opened"], shown["fine"], shown["stage"]) == (
        "甲",
        "2023-06-01 立8号",
        "3000",
        "移送",
    )
    assert "公安机关" in shown["transferred"] and "「移送」没有登记文书" in shown["remarks"]
    assert "乙" in second and "（没有登记案件）" in second


@pytest.mark.parametrize("level", ["county", "township", "village"])
def test_every_row_of_the_register_stands_under_the_place_of_the_tables(level: str) -> None:
    data = snapshot([parcel("甲"), parcel("乙")], [case(["甲"], PENALTY)])
    table = enforcement.register(data, oversight.prepare(data, AS_OF, level))
    place = {"county": "永川区", "township": "大安街道", "village": "青山村"}[level]
    at = [column.key for column in table.columns].index("name")
    assert [row[at] for row in table.rows] == [place, place]
