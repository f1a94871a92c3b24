"""What was sent back (退回), and how it was answered: by 复核, by a higher level, or because the parcel was delivered again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Optional

from ..model.values import is_blank
from ..model.words import DecisionAction
from .standing import DECIDING, UNDONE, Record, action_of, detail, ordered, part_of

_RETURNING = (DecisionAction.REJECT.value, DecisionAction.SEND_BACK.value, DecisionAction.REOPEN.value)


@dataclass(frozen=True)
class Return:
    """One return of a parcel (``part`` "") or a part. ``day``: ISO; ``level``: 市级 …, blank where it was not from above."""

    parcel: str
    part: str
    action: str
    day: str
    person: str
    level: str
    reason: str
    answer: Optional[Record] = None  # the act that decided it anew; None while it waits


def returns(history: Iterable[Record]) -> list[Return]:
    """Returns of one parcel, oldest first; those that were taken back are none. ``history``: all its rows, of parts too."""
    rows = [row for row in ordered(history) if row.get("status") != UNDONE]
    return [_read(row, rows[place + 1 :]) for place, row in enumerate(rows) if action_of(row) in _RETURNING]


def _read(row: Record, later: Sequence[Record]) -> Return:
    part = part_of(row)
    answers = [each for each in later if action_of(each) in DECIDING and (not part or part_of(each) == part)]
    return Return(
        str(row["parcel"]),
        part,
        action_of(row),
        _text(row, "decided_at")[:10],
        _text(row, "person"),
        str(detail(row, "returned_by") or ""),
        _text(row, "reason"),
        answers[0] if answers else None,
    )


def _text(row: Record, name: str) -> str:
    value = row.get(name)
    return "" if is_blank(value) else str(value)
