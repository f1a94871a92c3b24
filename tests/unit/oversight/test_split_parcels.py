"""A split parcel is its parts and keeps its duties: none of it is lost, none counted twice, no table ends on it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from weipian_plugin import oversight
from weipian_plugin.oversight import records, registers, tables, transfers
from weipian_plugin.oversight.table import TOTAL

DAY = date(2023, 6, 25)


def parcel(number: str, **more: Any) -> dict[str, Any]:
    known = {
        "number": number,
        "level": "一级",
        "issued": "2023-05-20",
        "county": "甲县",
        "area_m2": 1000.0,
        "state": "未提报",
    }
    return {**known, "delivered": {}, **more}


def decided(number: str, part: str, category: str = "合法") -> dict[str, Any]:
    row = {"id": f"{number}{part}", "parcel": number, "part": part, "category": category, "role": "经办"}
    return {**row, "status": "current", "decided_at": "2023-06-01T09:00:00+08:00"}


PARTS = [{"parcel": "A", "part": "_1", "area_m2": 400.0}, {"parcel": "A", "part": "_2", "area_m2": 600.0},
         {"parcel": "A", "part": "_3", "area_m2": 0.01, "sliver": 1}]  # fmt: skip
SPLIT = parcel("A", split_state="被拆分")
PIECES = [
    parcel("A_1", split_state="拆分", parent="A", area_m2=400.0),
    parcel("A_2", split_state="拆分", area_m2=600.0),
]


@pytest.mark.parametrize(
    ("parcels", "parts", "decisions", "items"),
    [
        ([parcel("A")], [], [], ["A"]),
        ([parcel("A")], PARTS, [], ["A"]),
        ([SPLIT], PARTS, [], ["A#_1", "A#_2"]),
        ([SPLIT], PARTS, [decided("A", "_1")], ["A#_1", "A#_2"]),
        ([SPLIT], PARTS, [decided("A", "_1"), decided("A", "_2")], ["A#_1", "A#_2"]),
        ([SPLIT], [], [decided("A", "_1"), decided("A", "_2")], ["A#_1", "A#_2"]),
        ([SPLIT], [], [], ["A"]),
        ([SPLIT], PARTS, [decided("A", "")], ["A"]),  # decided whole here: the delivered state divides it no longer
        ([parcel("A")], PARTS, [decided("A", "_1")], ["A#_1", "A#_2"]),
        ([SPLIT, *PIECES], PARTS, [decided("A_1", "")], ["A_1", "A_2"]),
    ],
)
def test_a_split_parcel_is_its_parts_in_every_table(
    parcels: list[dict[str, Any]], parts: list[Any], decisions: list[Any], items: list[str], tmp_path: Path
) -> None:
    snapshot = {"parcel": pd.DataFrame([*parcels, parcel("B")])}
    snapshot["part"] = pd.DataFrame(parts, columns=["parcel", "part", "area_m2", "sliver"])
    columns = list(decided("A", ""))
    snapshot["decision"] = pd.DataFrame(decisions, columns=columns)
    prepared = oversight.prepare(snapshot, DAY)
    assert sorted(prepared.items.item) == [*items, "B"]
    if parts or "#" not in "".join(items):
        assert prepared.items.area.sum() == pytest.approx(3.0)
    summary, listed = registers.deadline_tables(prepared)
    pieces = 2 if len(parcels) == 3 else 1  # pieces with rows of their own are filed one by one
    assert summary.value(TOTAL, "all_count") == pieces + 1 == summary.value(TOTAL, "today") == len(listed.rows)
    assert tables.county_statistics(prepared).value(TOTAL, "original_count") == 2
    written = oversight.write_all(snapshot, DAY, tmp_path)
    assert len(written.files) >= 6 and written.overdue == 0


def test_what_happened_later_to_a_part_is_undone_for_an_earlier_day() -> None:
    rows = [
        {"parcel": "A", "part": "_1", "removed_m2": 500.0, "closed": 1},
        {"parcel": "A", "part": "_2", "removed_m2": 9.0},
    ]
    later = "2026-03-10T09:00:00+08:00"
    journal = [
        {"at": later, "what": "rectification", "key": "A/_1", "action": "update", "before": {"removed_m2": 100.0, "closed": 0},
         "after": {"removed_m2": 500.0, "closed": 1}},
        {"at": later, "what": "rectification", "key": "A/_2", "action": "insert", "before": None, "after": rows[1]},
    ]  # fmt: skip
    snapshot = {"rectification": pd.DataFrame(rows), "journal": pd.DataFrame(journal)}
    then = records.as_of(snapshot, "rectification", date(2026, 2, 1))
    assert then[["part", "removed_m2", "closed"]].to_dict("records") == [
        {"part": "_1", "removed_m2": 100.0, "closed": 0}
    ]
    assert len(records.as_of(snapshot, "rectification", date(2026, 3, 10))) == 2


#: Measures of a parcel of cropland, as shares of its area.
SHARES = {
    "area": 1,
    "farmland": 1,
    "basic_farmland": 1,
    "other_agricultural": 0,
    "construction": 0,
    "unused": 0,
    "unsurveyed": 0,
}


def test_every_list_prints_the_same_area_of_a_part() -> None:
    """Rounded by themselves these parts would be 15.01 亩 of a parcel of 15.00: the figures of the forms, which add up, stand in every list."""
    sizes = {"_1": 3336.7, "_2": 3336.7, "_3": 3326.6}
    measures = [("", 10000.0), *sizes.items()]
    snapshot = {
        "parcel": pd.DataFrame([parcel("A", village="甲村", area_m2=10000.0)]),
        "decision": pd.DataFrame([decided("A", part, "非农违法") for part in sizes]),
        "measure": pd.DataFrame(
            [
                {"parcel": "A", "part": part, "measure": name, "value": repr(size * share)}
                for part, size in measures
                for name, share in SHARES.items()
            ]
        ),
    }
    prepared = oversight.prepare(snapshot, DAY)
    listed = tables.violation_list(prepared, "nonagri")
    ledger, leads = registers.rectification_ledger(prepared), transfers.table(prepared)
    assert listed.row_keys and set(listed.row_keys) == set(ledger.row_keys) == set(leads.row_keys)
    for area in ("area", "farmland", "basic_farmland"):
        printed = {item: listed.value(item, area) for item in listed.row_keys}
        assert sum(printed.values()) == Decimal("15.00"), area
        assert {item: ledger.value(item, f"to_rectify_{area}") for item in printed} == printed, area
        assert {item: leads.value(item, f"illegal_{area}") for item in printed} == printed, area
