"""Merging (并宗): several parcels treated as one project. What stands against it, and the record. Plain functions, no widgets.

The members keep their geometries and rows; the decision of the leading parcel names them, so that undoing it undoes all of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely

from ..judgment import decisions
from ..judgment.recording import Act, standings
from ..judgment.standing import NOT_DECIDED
from ..model.errors import WeipianError
from ..model.messages import Message
from ..model.records import Decision, Parcel
from ..model.words import DecisionAction
from ..workspace import Workspace
from ..workspace.repository import Repository
from .deciding import OFFICER, actor, decide
from .session import Details

#: Parcels this close touch each other: about a decimetre (in degrees), the rounding of coordinates in deliveries.
TOUCHING_DEGREES = 1e-6


@dataclass(frozen=True)
class Findings:
    """``refused``: what forbids the merge; ``apart``: members that touch none of the others, for which a reason is wanted."""

    rejected: tuple[Message, ...] = ()
    apart: tuple[str, ...] = ()


def check(parcels: Sequence[Parcel], states: Mapping[str, str], known: Mapping[str, tuple[str, ...]]) -> Findings:
    """What stands against merging ``parcels`` (the first leads).

    ``states``: number → state of its decisions; ``known``: ``Standings.merges``.
    """
    rejected: list[Message] = []
    if len(parcels) < 2:
        rejected.append(Message("judgment.merge_few"))
    for parcel in parcels:
        number = parcel.number
        state = states.get(number, NOT_DECIDED)
        if state not in decisions.ALLOWED[DecisionAction.MERGE]:
            rejected.append(Message("judgment.merge_settled", {"parcel": number, "state": state}))
        if number in known:
            rejected.append(Message("judgment.merge_known", {"parcel": number, "lead": known[number][0]}))
        if parcel.split_state == decisions.PARENT:
            rejected.append(Message("judgment.merge_split", {"parcel": number}))
    return Findings(tuple(rejected), _apart(parcels))


def _apart(parcels: Sequence[Parcel]) -> tuple[str, ...]:
    """Numbers that cannot be reached from the first parcel by stepping from neighbour to neighbour."""
    shapes = {parcel.number: parcel.geometry for parcel in parcels if parcel.geometry is not None}
    waiting = list(shapes)
    reached = waiting[:1]
    for number in reached:  # grows while it is walked
        near = [
            other
            for other in waiting
            if other not in reached and shapely.dwithin(shapes[number], shapes[other], TOUCHING_DEGREES)
        ]
        reached.extend(near)
    return tuple(parcel.number for parcel in parcels if parcel.number not in reached)


def read_check(store: Workspace, numbers: Sequence[str]) -> Findings:
    """:func:`check` on what the workspace holds now; the first of ``numbers`` leads."""
    known = standings(store)
    parcels = {parcel.number: parcel for parcel in Repository(store).all(Parcel, number=list(numbers))}
    states = {number: known.of(number).whole.state for number in numbers}
    return check([parcels[number] for number in numbers if number in parcels], states, known.merges)


def few(numbers: Sequence[str], most: int = 3) -> str:
    """The first numbers, and how many there are when that is not all."""
    return "、".join(numbers[:most]) + (f"…（{len(numbers)}）" if len(numbers) > most else "")


def record_merge(store: Workspace, lead: Details, members: Sequence[str], who: str, reason: str, remark: str) -> None:
    """Write the merge as a decision of the leading parcel. Everything is checked again where it is written.

    Raises WeipianError ``judgment.merge_*``, ``judgment.decision_*``, ``workspace.conflict``.
    """

    def make(history: list[Decision]) -> decisions.Change:
        result = read_check(store, [lead.number, *members])
        if result.rejected:
            raise WeipianError(result.rejected[0].code, **result.rejected[0].details)
        if result.apart and not reason:
            raise WeipianError("judgment.merge_apart", parcels=few(result.apart))
        acts = Repository(store).all(Decision, parcel=list(members))
        histories = {number: [act for act in acts if act.parcel == number and not act.part] for number in members}
        split_state = str(lead.parcel.split_state or "")
        return decisions.merge(
            history,
            lead.number,
            decisions.Merger(members, histories, split_state=split_state, reason=reason, remark=remark),
            actor(who, OFFICER),
        )

    decide(store, lead, Act(lead.number, "", DecisionAction.MERGE, who, make))
