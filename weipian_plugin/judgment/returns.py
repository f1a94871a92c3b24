"""What was sent back (退回), and how it was answered: by 复核, by a higher level, or because the parcel was delivered again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Optional

from ..model.records import Decision
from ..model.words import DecisionAction
from .standing import DECIDING, UNDONE, action_of, ordered

_RETURNING = (DecisionAction.REJECT, DecisionAction.SEND_BACK, DecisionAction.REOPEN)


@dataclass(frozen=True)
class Return:
    """One return of a parcel (``part`` "") or a part. ``day``: ISO; ``level``: 市级 …, blank where it was not from above."""

    parcel: str
    part: str
    action: DecisionAction
    day: str
    person: str
    level: str
    reason: str
    answer: Optional[Decision] = None  # the act that decided it anew; None while it waits


def returns(history: Iterable[Decision]) -> list[Return]:
    """Returns of one parcel, oldest first; those that were taken back are none. ``history``: all its acts, of parts too."""
    acts = [act for act in ordered(history) if act.status != UNDONE]
    return [_read(act, acts[place + 1 :]) for place, act in enumerate(acts) if action_of(act) in _RETURNING]


def _read(act: Decision, later: Sequence[Decision]) -> Return:
    answers = [each for each in later if action_of(each) in DECIDING and (not act.part or each.part == act.part)]
    return Return(
        act.parcel,
        act.part,
        action_of(act),
        act.decided_at[:10],
        act.person,
        str(act.fields.get("returned_by") or ""),
        act.reason,
        answers[0] if answers else None,
    )
