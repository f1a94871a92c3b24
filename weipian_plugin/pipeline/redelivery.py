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
from ..judgment.standing import DECIDING, UNDONE, ParcelStanding, action_of, split_of, standing_of
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

    def __init__(self, parcel: str, who: str, why: str = WHY) -> None:
        self._parcel, self._why, self._actor = parcel, why, decisions.Actor(who, decisions.CASE_OFFICER, now())

    def __call__(self, history: list[Decision]) -> decisions.Change:
        return decisions.reopen(history, self._actor, self._why, self._parcel)


DIVIDED_OTHERWISE = "重新套合：拟拆分地块与已拆分、已判定的地块不同"
#: How far the area of a part may move and still be the same part, m² (the rounding of a closed area, twice).
_SAME_PART_M2 = 0.02


def reopen_divided_otherwise(store: Workspace, who: str) -> tuple[str, ...]:
    """Reopen parcels that were divided, or decided in parts, where a new measuring gives other parts. Inside the step's transaction.

    What was decided of a part holds for that part only; under the same name another one may lie. Returns their numbers.
    """
    known = standings(store)
    divided = [str(row[0]) for row in store.values("parcel", ("number",)) if known.of(str(row[0])).divided]
    if not divided:
        return ()
    areas: dict[str, dict[str, float]] = {number: {} for number in divided}
    for parcel, part, area in store.values("part", ("parcel", "part", "area_m2"), parcel=divided):
        areas[str(parcel)][str(part)] = float(area)
    changed = tuple(number for number in divided if not _same_parts(known.of(number), areas[number]))
    for number in changed:
        record(store, Act(number, "", DecisionAction.REOPEN, who, _Reopen(number, who, DIVIDED_OTHERWISE)))
    return changed


def _same_parts(stands: ParcelStanding, areas: Mapping[str, float]) -> bool:
    split = split_of(stands.whole.acts)
    stated = split.fields.get("parts") if split is not None else None
    if not isinstance(stated, Mapping):  # decided in parts without a split, or split by an earlier release
        return set(stands.parts) <= set(areas)
    same = set(stated) == set(areas)
    return same and all(abs(float(stated[name]) - areas[name]) <= _SAME_PART_M2 for name in areas)


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
