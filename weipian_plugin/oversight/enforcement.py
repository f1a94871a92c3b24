"""查处案件台账: one row a recorded case, with the day and number of each step; below, the illegal items that no case covers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from ..filing.enforcement import money
from ..model.enforcement import EnforcementCase, problems
from ..model.messages import Message, render
from ..model.words import EnforcementStep
from . import records
from .building import Prepared, listing
from .case_facts import cases_as_of
from .table import Table

_NO_CASE = "（没有登记案件）"
_DATED = {
    "opened": EnforcementStep.OPENED, "stopped": EnforcementStep.STOPPED, "penalised": EnforcementStep.PENALISED,
    "transferred": EnforcementStep.TRANSFERRED, "executed": EnforcementStep.EXECUTED, "closed_case": EnforcementStep.CLOSED,
}  # fmt: skip


def register(snapshot: records.Snapshot, prepared: Prepared) -> Table:
    """The cases about a parcel that is counted, by their first parcel; then the illegal items without one."""
    known = set(prepared.parcels["number"])
    by_parcel = cases_as_of(snapshot, prepared.as_of)
    cases = {case.id: case for number, found in by_parcel.items() if number in known for case in found}
    rows = [_case_row(case, prepared) for case in sorted(cases.values(), key=lambda case: _numbers(case)[0])]
    open_items = prepared.items[
        (prepared.items["nonagri"] | prepared.items["nongrain"]) & (prepared.items["case_id"] == "")
    ]
    rows += [_open_row(row, prepared) for row in open_items.to_dict("records")]
    columns = ["item", "name", "case_name", "party", "unit", "numbers", *_DATED, "fine", "stage", "remarks"]
    frame = pd.DataFrame(rows, columns=columns).astype(object)
    made = listing(prepared, "cases", frame, ())
    notes = [Message("oversight.enforcement.cases", {"count": len(cases)})]
    if len(open_items):
        notes.append(Message("oversight.enforcement.without_case", {"count": len(open_items)}))
    return replace(made, footnotes=tuple(notes))


def _numbers(case: EnforcementCase) -> list[str]:
    return [f"{member.parcel}{member.part}" for member in case.members]


def _case_row(case: EnforcementCase, prepared: Prepared) -> dict[str, Any]:
    dated = {name: _day_and_number(case, step) for name, step in _DATED.items()}
    fines = [entry.fine for entry in case.steps if entry.fine is not None]
    return {
        "item": case.id,
        "name": _place(prepared, case.members[0].parcel),
        "case_name": case.name,
        "party": case.party,
        "unit": case.unit,
        "numbers": "、".join(_numbers(case)),
        **dated,
        "fine": money(sum(fines)) if fines else "",
        "stage": case.stage(prepared.as_of),
        "remarks": "；".join(render(each).rstrip("。") for each in problems(case, prepared.as_of)),
    }


def _place(prepared: Prepared, number: str) -> str:
    found = prepared.items.loc[prepared.items["parcel"] == number, prepared.by]
    return str(found.iat[0]) if len(found) else ""


def _day_and_number(case: EnforcementCase, step: EnforcementStep) -> str:
    entries = [entry for entry in case.steps if entry.step is step]
    return "；".join(
        " ".join(text for text in (entry.day, entry.number, entry.target.value if entry.target else "") if text)
        for entry in entries
    )


def _open_row(row: dict[Any, Any], prepared: Prepared) -> dict[str, Any]:
    told = f"下发数据：{row['case_stage']}" if row["case_stage"] else ""
    blank = dict.fromkeys(("party", "unit", *_DATED, "fine", "stage"), "")
    return {
        **blank, "item": row["item"], "name": _place(prepared, row["parcel"]), "case_name": _NO_CASE, "numbers": records.shown(row["item"]),
        "remarks": told,
    }  # fmt: skip
