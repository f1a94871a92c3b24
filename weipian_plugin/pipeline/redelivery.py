"""A parcel that is delivered again with another geometry or other image dates is another question: nothing made from the old one goes on.

Its measures and proposals are dropped (it is refused as a package until it is measured again), and what people judged of it is reopened:
退回, to be decided anew by a person, with the reason in its history. That holds also for what does not count at the moment (sent back, put
aside by a split or a merge), so that no undoing brings a judgment of the old shape back. A divided parcel is one piece again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from ..intake.differences import Differences
from ..judgment import decisions
from ..judgment.recording import Act, record, standings
from ..judgment.standing import DECIDING, UNDONE, action_of, standing_of
from ..model.records import Decision
from ..model.values import text_of
from ..model.words import DecisionAction
from ..workspace import Workspace
from ..workspace.journal import now

WHY = "再次下发：图形或影像时间已变"
#: What was made from the parcel as it was.
_MADE = ("coverage", "measure", "region", "part", "proposal")
#: Delivered columns that a measurement or judgment rests on, beside the geometry.
_RESTS_ON = ("earlier_image", "later_image", "kind")


def other_questions(parcels: pd.DataFrame, earlier: pd.DataFrame, differences: Differences) -> tuple[str, ...]:
    """Numbers of ``parcels`` that came again with another geometry, other image dates or of another kind."""
    before = {str(row["number"]): row for row in earlier[["number", *_RESTS_ON]].to_dict("records")}
    found = dict.fromkeys(differences.changed_geometry)
    for row in parcels[["number", *_RESTS_ON]].to_dict("records"):
        old = before.get(str(row["number"]))
        if old is not None and any(text_of(row[name]) != text_of(old[name]) for name in _RESTS_ON):
            found[str(row["number"])] = None
    return tuple(found)


def start_anew(store: Workspace, numbers: Sequence[str], who: str) -> None:
    """Drop what was made from these parcels as they were, and reopen their decisions. Inside the intake's transaction."""
    if not numbers:
        return
    for name in _MADE:
        gone = store.columns(name, ("parcel",), parcel=list(numbers))
        if len(gone):
            store.replace(name, _no_rows(store, name), who, WHY, parcel=list(numbers))
    verified = store.values("package", ("parcel", "verified_at"), parcel=list(numbers))
    marks: Mapping[str, Mapping[str, Any]] = {str(parcel): {"verified_at": None} for parcel, at in verified if at}
    store.update_rows("package", marks, who, WHY)
    for parcel in _judged(store, numbers):
        record(store, Act(parcel, "", DecisionAction.REOPEN, who, _Reopen(parcel, who)))


class _Reopen:
    """The act, as :func:`record` calls it with the history."""

    def __init__(self, parcel: str, who: str) -> None:
        self._parcel, self._actor = parcel, decisions.Actor(who, decisions.CASE_OFFICER, now())

    def __call__(self, history: list[Decision]) -> decisions.Change:
        return decisions.reopen(history, self._actor, WHY, self._parcel)


#: Acts after which there is something that must not go on.
_JUDGED = (*DECIDING, DecisionAction.REJUDGE, DecisionAction.SPLIT)


def _judged(store: Workspace, numbers: Sequence[str]) -> Iterable[str]:
    """The parcels among ``numbers`` that were judged or divided, and the leading parcels of their projects."""
    known = standings(store)
    leading = [known.of(number).lead or number for number in numbers]
    for number in dict.fromkeys((*numbers, *leading)):
        stands = standing_of(
            number, known.history(number)
        )  # by its own acts, also of one that stands by a leading parcel
        last = stands.whole.last
        parts = [row for row in known.history(number) if row.part and row.status != UNDONE]
        acts = [*stands.whole.acts, *parts]
        reopened = last is not None and action_of(last) == DecisionAction.REOPEN and not stands.divided
        if not reopened and any(action_of(row) in _JUDGED for row in acts):
            yield number


def _no_rows(store: Workspace, name: str) -> pd.DataFrame:
    return store.read(name, fid=-1).drop(columns=["fid"])
