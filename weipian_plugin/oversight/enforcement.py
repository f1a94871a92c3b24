"""查处案件台账: one row a recorded case, with the day and number of each step; below, the illegal items that no case covers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from ..filing.enforcement import money
from ..model.enforcement import EnforcementCase, problems
from ..model.messages import Message, render
from ..model.words import EnforcementStep
from . import records
from .building import Prepared, listing
from .case_facts import cases_as_of
from .columns import cells_of
from .columns import rows as rows_of_table
from .item_columns import Item
from .table import Table

_NO_CASE = "（没有登记案件）"


@dataclass(frozen=True)
class _Row:
    """A row of the register; of each step its day and number."""

    item: str
    name: str
    case_name: str
    numbers: str
    party: str = ""
    unit: str = ""
    opened: str = ""
    stopped: str = ""
    penalised: str = ""
    transferred: str = ""
    executed: str = ""
    closed_case: str = ""
    fine: str = ""
    stage: str = ""
    remarks: str = ""


def register(snapshot: records.Snapshot, prepared: Prepared) -> Table:
    """The cases about a parcel that is counted, by their first parcel; then the illegal items without one."""
    known = set(prepared.parcels.number)
    by_parcel = cases_as_of(snapshot, prepared.as_of)
    places = dict(zip(prepared.items.parcel, prepared.places(prepared.items)))
    cases = {case.id: case for number, found in by_parcel.items() if number in known for case in found}
    rows = [
        _case_row(case, places, prepared.as_of) for case in sorted(cases.values(), key=lambda case: _numbers(case)[0])
    ]
    without = prepared.items.where(prepared.items.illegal & (prepared.items.case_id == ""))
    rows += [_open_row(item, places) for item in rows_of_table(Item, without)]
    made = listing(prepared, "cases", cells_of(_Row, rows))
    notes = [Message("oversight.enforcement.cases", {"count": len(cases)})]
    if len(without):
        notes.append(Message("oversight.enforcement.without_case", {"count": len(without)}))
    return replace(made, footnotes=tuple(notes))


def _numbers(case: EnforcementCase) -> list[str]:
    return [f"{member.parcel}{member.part}" for member in case.members]


def _case_row(case: EnforcementCase, places: Mapping[str, str], as_of: date) -> _Row:
    fines = [entry.fine for entry in case.steps if entry.fine is not None]
    return _Row(
        item=case.id,
        name=places.get(case.members[0].parcel, ""),
        case_name=case.name,
        numbers="、".join(_numbers(case)),
        party=case.party,
        unit=case.unit,
        opened=_day_and_number(case, EnforcementStep.OPENED),
        stopped=_day_and_number(case, EnforcementStep.STOPPED),
        penalised=_day_and_number(case, EnforcementStep.PENALISED),
        transferred=_day_and_number(case, EnforcementStep.TRANSFERRED),
        executed=_day_and_number(case, EnforcementStep.EXECUTED),
        closed_case=_day_and_number(case, EnforcementStep.CLOSED),
        fine=money(sum(fines)) if fines else "",
        stage=case.stage(as_of),
        remarks="；".join(render(each).rstrip("。") for each in problems(case, as_of)),
    )


def _day_and_number(case: EnforcementCase, step: EnforcementStep) -> str:
    entries = [entry for entry in case.steps if entry.step is step]
    return "；".join(
        " ".join(text for text in (entry.day, entry.number, entry.target.value if entry.target else "") if text)
        for entry in entries
    )


def _open_row(item: Item, places: Mapping[str, str]) -> _Row:
    return _Row(
        item=item.item,
        name=places[item.parcel],
        case_name=_NO_CASE,
        numbers=records.shown(item.item),
        remarks=f"下发数据：{item.case_stage}" if item.case_stage else "",
    )
