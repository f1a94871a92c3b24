"""退回图斑清单: every return of the year's parcels with its reason, the day by which it is to be answered, and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..judgment.returns import Return
from ..model.words import DecisionAction
from . import deadlines, records
from .building import Prepared, listing
from .columns import cells_of
from .table import Table

WAITING, LATE, ANSWERED = "待答复", "逾期未答复", "已答复"


@dataclass(frozen=True)
class _Row:
    """A row of the list."""

    item: str
    name: str
    township: str
    village: str
    number: str
    batch: str
    returned_on: str
    returned_by: str
    reason: str
    answer_due: str
    status: str
    answer: str
    answer_reason: str
    answered_by: str
    answered_on: str


@dataclass(frozen=True)
class _Place:
    """Of a parcel, what a row says of where it lies."""

    name: str
    township: str
    village: str
    batch: str


def table(prepared: Prepared, calendar: deadlines.Calendar) -> Table:
    """What waits for an answer first, the most urgent first; then what was answered, the newest first."""
    dues = dict(zip(prepared.due.parcel, prepared.due.due))
    parcels = prepared.parcels
    rows = [
        _row(
            found,
            _Place(name, township, village, batch),
            deadlines.answer_due(found.day, dues.get(number), calendar),
            prepared,
        )
        for number, name, township, village, batch in zip(
            parcels.number, prepared.names(parcels), parcels.township, parcels.village, parcels.batch
        )
        for found in prepared.returns.get(number, ())
    ]
    rows.sort(key=lambda row: (row.status == ANSWERED, row.answer_due if row.status != ANSWERED else "", row.item))
    return listing(prepared, "returned", cells_of(_Row, rows))


def _row(found: Return, place: _Place, limit: date | None, prepared: Prepared) -> _Row:
    answer = found.answer
    late = limit is not None and limit < prepared.as_of
    item = records.item_key(found.parcel, found.part)
    return _Row(
        item=item,
        name=place.name,
        township=place.township,
        village=place.village,
        number=records.shown(item),
        batch=place.batch,
        returned_on=found.day,
        returned_by=found.level or f"{_WHO.get(found.action, '')}{found.person}",
        reason=found.reason,
        answer_due="" if limit is None else limit.isoformat(),
        status=ANSWERED if answer else LATE if late else WAITING,
        answer=_joined(" · ", answer.category, answer.subtype) if answer else "",
        answer_reason=_joined("；", answer.reason, answer.basis, answer.remark) if answer else "",
        answered_by=answer.person if answer else "",
        answered_on=answer.decided_at[:10] if answer else "",
    )


def _joined(mark: str, *texts: str) -> str:
    return mark.join(text for text in texts if text)


_WHO = {DecisionAction.REJECT: "复核 ", DecisionAction.REOPEN: "再次下发 "}
