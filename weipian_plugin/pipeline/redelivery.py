"""A parcel that is delivered again with another geometry or other image dates is another question: nothing made from the old one goes on.

Its measures and proposals are dropped (it is refused as a package until it is measured again), and a decision on it is reopened: 退回, to be
decided anew by a person, with the reason in its history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from ..intake.differences import Differences
from ..judgment import decisions
from ..judgment.recording import Act, record, standings
from ..model.values import text_of
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
    for parcel, part in _decided(store, numbers):
        actor = decisions.Actor(who, decisions.CASE_OFFICER, now())
        make = _Reopen(actor)
        record(store, Act(parcel, part, "reopen", who, make))


class _Reopen:
    """The act, as :func:`record` calls it with the history."""

    def __init__(self, actor: decisions.Actor) -> None:
        self._actor = actor

    def __call__(self, history: list[Mapping[str, Any]]) -> decisions.Change:
        return decisions.reopen(history, self._actor, WHY)


def _decided(store: Workspace, numbers: Sequence[str]) -> Iterable[tuple[str, str]]:
    """The parcels and parts among ``numbers`` on which a decision stands; of a project its leading parcel."""
    known = standings(store)
    found = {
        (known.of(number).lead or number, unit.part): None
        for number in numbers
        for unit in known.of(number).units
        if unit.done
    }
    return tuple(found)


def _no_rows(store: Workspace, name: str) -> pd.DataFrame:
    return store.read(name, fid=-1).drop(columns=["fid"])
