"""退回图斑清单: every return of the year's parcels with its reason, the day by which it is to be answered, and the answer."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..judgment.returns import Return
from ..model.words import DecisionAction
from . import deadlines, records
from .building import Prepared, listing
from .table import Table

WAITING, LATE, ANSWERED = "待答复", "逾期未答复", "已答复"
_PLACE = ("county", "township", "village", "batch")


def table(prepared: Prepared, calendar: deadlines.Calendar) -> Table:
    """What waits for an answer first, the most urgent first; then what was answered, the newest first."""
    places = prepared.parcels.set_index("number")
    dues = dict(zip(prepared.due["parcel"], prepared.due["due"]))
    rows = [
        _row(found, dues.get(number), prepared, calendar)
        for number in prepared.parcels["number"]
        for found in prepared.returns.get(number, ())
    ]
    rows.sort(
        key=lambda row: (row["status"] == ANSWERED, row["answer_due"] if row["status"] != ANSWERED else "", row["item"])
    )
    frame = pd.DataFrame(rows, columns=list(_COLUMNS), dtype=object)
    for name in _PLACE:
        known = places[name] if name in places else pd.Series(dtype=object)
        frame[name] = records.first_text(frame["parcel"].map(known))
    frame["name"] = prepared.names(frame)
    return listing(prepared, "returned", frame, ())


_COLUMNS = (
    "item",
    "parcel",
    "part",
    "number",
    "returned_on",
    "returned_by",
    "reason",
    "answer_due",
    "status",
    "answer",
    "answer_reason",
    "answered_by",
    "answered_on",
)


def _row(found: Return, due: Any, prepared: Prepared, calendar: deadlines.Calendar) -> dict[str, Any]:
    answer = found.answer
    limit = deadlines.answer_due(found.day, due, calendar)
    late = limit is not None and limit < prepared.as_of
    item = records.item_key(found.parcel, found.part)
    return {
        "item": item,
        "parcel": found.parcel,
        "part": found.part,
        "number": records.shown(item),
        "returned_on": found.day,
        "returned_by": found.level or f"{_WHO.get(found.action, '')}{found.person}",
        "reason": found.reason,
        "answer_due": "" if limit is None else limit.isoformat(),
        "status": ANSWERED if answer else LATE if late else WAITING,
        "answer": _joined(" · ", answer.category, answer.subtype) if answer else "",
        "answer_reason": _joined("；", answer.reason, answer.basis, answer.remark) if answer else "",
        "answered_by": answer.person if answer else "",
        "answered_on": answer.decided_at[:10] if answer else "",
    }


def _joined(mark: str, *texts: str) -> str:
    return mark.join(text for text in texts if text)


_WHO = {DecisionAction.REJECT: "复核 ", DecisionAction.REOPEN: "再次下发 "}
