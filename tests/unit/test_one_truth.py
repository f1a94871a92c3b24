"""One truth, one function: after every short history the queue, the package, the registers and the tables say the same."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely

from tests.unit.histories import AREA, ON_PARTS, ON_WHOLE, History, histories
from weipian_plugin import oversight
from weipian_plugin.filing import gather_cases
from weipian_plugin.filing.manifest import Manifest
from weipian_plugin.filing.tables import register, upload_table
from weipian_plugin.filing.verify import _decisions
from weipian_plugin.judgment.standing import Standings
from weipian_plugin.model.records import Decision
from weipian_plugin.workspace.mapping import record_of

AS_OF = date(2026, 6, 30)


def snapshot(found: list[History]) -> dict[str, pd.DataFrame]:
    """A workspace in which every history is a parcel of its own; the rows of the decision table lie in random order."""
    numbers = [number for number, *_ in found]
    rows = [row for _, _, rows, _ in found for row in rows]
    random.Random(1).shuffle(rows)
    members = [member for row in rows for member in row["members"] or () if not member.startswith("_")]
    numbers += sorted(set(members))
    square = shapely.multipolygons([shapely.box(106.0, 29.0, 106.0004, 29.0004)])
    parcels = [
        {"number": number, "kind": "land", "county": "甲县", "issued": "2026-01-05", "area_m2": 2000.0, "area_mu": 3.0,
         "state": "未提报", "split_state": "", "geometry": square}
        for number in numbers
    ]  # fmt: skip
    split = {row["parcel"] for row in rows if row["action"] == "split"}
    parts = [
        {"parcel": number, "part": part, "area_m2": area, "sliver": 0}
        for number in split
        for part, area in AREA.items()
    ]
    measures = [
        {"parcel": number, "part": part, "measure": "area", "value": str(area)}
        for number in numbers
        for part, area in (("", 2000.0), *(AREA.items() if number in split else ()))
    ]
    columns = ["parcel", "part", "area_m2", "sliver"]
    return {
        "parcel": pd.DataFrame(parcels),
        "decision": pd.DataFrame(rows),
        "journal": pd.DataFrame([row for history in found for row in history.journal]).assign(before=None, digest="d"),
        "part": pd.DataFrame(parts, columns=columns).assign(geometry=None),
        "measure": pd.DataFrame(measures),
        "coverage": pd.DataFrame(columns=["parcel", "part", "role", "group", "area_m2"]),
        "proposal": pd.DataFrame(columns=["parcel", "part"]),
    }


@pytest.fixture(scope="module")
def every() -> list[History]:
    """5,000 histories of up to five acts on the whole, and those of up to four acts on the whole and its parts."""
    return [*histories(ON_WHOLE, 5), *histories((*ON_WHOLE, *ON_PARTS), 4, "Q")]


def test_the_state_and_the_decision_follow_the_acts_in_their_order(every: Any) -> None:
    known = Standings([record_of(Decision, row) for _, _, rows, _ in every for row in rows])
    for number, taken, _, told in every:
        stands = known.of(number)
        assert (stands.state, {unit.part: (unit.state, unit.category) for unit in stands.units}) == (
            told.state,
            told.units(),
        ), taken
    assert len(every) > 7000


def test_packages_and_tables_name_the_decision_that_counts(every: Any, tmp_path: Path) -> None:
    tables = snapshot(every)
    items = oversight.prepare(tables, AS_OF).items
    listed: dict[str, dict[str, str]] = {}
    for parcel, part, category in zip(items.parcel, items.part, items.category):
        listed.setdefault(parcel, {})[part] = category
    cases = gather_cases(tables, [number for number, *_ in every], workspace_folder=tmp_path)
    for (number, taken, _, told), case in zip(every, cases):
        made = {entry.part: entry.category for entry in case.decisions if entry.role == "经办"}
        assert list(_decisions(Manifest("", "", "", True, {}, ()), case)) == [], taken
        assert made == told.decided(), taken
        assert case.parcel.state == told.state, taken
        wanted = {part: category for part, (_, category) in told.units().items() if category}
        assert {part: category for part, category in listed.get(number, {}).items() if category} == wanted, taken


def test_the_registers_name_the_decision_that_counts(tmp_path: Path) -> None:
    found = [*histories(ON_WHOLE, 3), *histories((*ON_WHOLE, *ON_PARTS), 3, "Q")]
    numbers = [number for number, *_ in found]
    cases = list(gather_cases(snapshot(found), numbers, workspace_folder=tmp_path))
    for (number, taken, _, told), row in zip(found, register(cases)):
        assert row["图斑编号"] == number
        assert (row["经办人判定"] or "") == told.decided().get("", ""), taken
    for family in ("A", "B"):
        listed: dict[str, set[str]] = {}
        for row in upload_table(cases, family):
            number = str(row.get("图斑编号") or row.get("线索编号"))
            listed.setdefault(number, set()).update({"合法", "违法", "其他"} & set(map(str, row.values())))
        for number, taken, _, told in found:
            for part, category in told.decided().items():
                assert listed[number + part] == {category}, (family, taken)
            if not told.decided():
                assert listed[number] == set(), (family, taken)


def test_parcels_of_one_project_have_the_state_and_decision_of_the_leading_one(every: Any, tmp_path: Path) -> None:
    tables = snapshot(every)
    merged = [
        (number, told)
        for number, taken, _, told in every
        if any(entry[0] == "merge" for entry in told.stacks.get("", ()))
    ]
    cases = gather_cases(tables, [f"{number}M" for number, _ in merged], workspace_folder=tmp_path)
    for (number, told), case in zip(merged, cases):
        assert list(_decisions(Manifest("", "", "", True, {}, ()), case)) == []
        assert case.merged == (number, f"{number}M") and case.parcel.state == told.state
        assert (case.decision.category if case.decision else "") == told.decided().get("", "")
    assert len(merged) > 100


def test_an_older_decision_that_was_marked_does_not_overtake_the_newer_one(tmp_path: Path) -> None:
    (found,) = [
        entry
        for entry in histories(("override", "stale", "accept"), 3)
        if entry.taken == ("override", "stale", "accept")
    ]
    (case,) = gather_cases(snapshot([found]), [found.number], workspace_folder=tmp_path)
    assert case.decision is not None and case.decision.category == "合法"
    (row,) = upload_table([case], "B")
    assert "合法" in row.values() and "违法" not in row.values()
