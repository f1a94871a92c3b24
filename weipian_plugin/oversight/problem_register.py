"""问题图斑台账: every parcel of the problem lists with its day to answer, the answer that was given, and the papers added since."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Optional

from ..model.messages import Message
from . import deadlines, problem_lists, records
from .building import Prepared, listing
from .columns import cells_of
from .problem_lists import Answered
from .table import Table


@dataclass(frozen=True)
class _Row:
    """A row of the register."""

    item: str
    name: str
    number: str
    source: str
    text: str
    opinion: str
    received_on: str
    due: str
    days_left: Optional[int]
    answer: str
    answered_on: str
    evidence: int
    status: str


def register(snapshot: records.Snapshot, prepared: Prepared) -> Table:
    """The problems of the parcels that are counted: open ones first, the most urgent on top."""
    names = dict(zip(prepared.parcels.number, prepared.names(prepared.parcels)))
    asked = problem_lists.answers(snapshot, prepared.items, prepared.as_of)
    counted = [each for each in asked if each.problem.parcel in names]
    counted.sort(key=lambda each: (not each.open, each.problem.due.strip(), _number(each)))
    rows = [_row(each, names[each.problem.parcel], prepared) for each in counted]
    waiting = sum(each.open for each in counted)
    note = Message("oversight.problems.listed", {"count": len(rows), "open": waiting})
    return replace(listing(prepared, "problems", cells_of(_Row, rows)), footnotes=(note,))


def _number(asked: Answered) -> str:
    return f"{asked.problem.parcel}{asked.problem.part}"


def _row(asked: Answered, name: str, prepared: Prepared) -> _Row:
    problem = asked.problem
    return _Row(
        item=records.item_key(problem.parcel, problem.part),
        name=name,
        number=_number(asked),
        source=problem.source,
        text=problem.text,
        opinion=problem.opinion,
        received_on=problem.received_on,
        due=problem.due,
        days_left=deadlines.days_left(problem.due or None, prepared.as_of) if asked.open else None,
        answer=asked.answer,
        answered_on=asked.answered_on,
        evidence=asked.evidence,
        status=_status(asked, prepared),
    )


def _status(asked: Answered, prepared: Prepared) -> str:
    """On time, late, or how it stands with the day to answer."""
    due = asked.problem.due
    if asked.open:
        return "逾期未答复" if due and due < prepared.as_of.isoformat() else "待答复"
    return "逾期答复" if due and asked.answered_on > due else "按时答复"
