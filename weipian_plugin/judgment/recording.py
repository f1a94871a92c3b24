"""Acts of persons written into a workspace, and where its parcels stand. No widgets: windows, scripts and tests call the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Callable, Optional

from ..model.errors import WeipianError
from ..model.records import Decision
from ..model.words import DecisionAction
from ..workspace import Workspace
from ..workspace.journal import now
from ..workspace.repository import Repository
from . import drafts
from .decisions import Change
from .standing import DECIDING, UNDONE, ParcelStanding, Standings, counting_history, is_part, of_workspace, ordered

#: Identity and status of the rows that a person was shown.
Marks = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Act:
    """One act on a parcel or part, as its window gives it.

    ``make`` gets the history as it counts and returns the change. ``seen``: the marks of what the person was shown, None = not
    checked. ``form``: what was typed beside the judgment (项目名称 …), kept with the decision. ``columns``: more columns of the new
    row (the digest of the stored proposal). ``version``: of the parcel's row as it was shown.
    """

    parcel: str
    part: str
    action: DecisionAction
    who: str
    make: Callable[[list[Decision]], Change]
    seen: Optional[Marks] = None
    form: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Any] = field(default_factory=dict)
    version: Optional[int] = None


def standings(store: Workspace, number: Optional[str] = None) -> Standings:
    """Where all parcels of a workspace stand, or one of them (with the project it belongs to)."""
    return of_workspace(Repository(store), number)


def record(store: Workspace, act: Act) -> None:
    """Carry out an act on what the person saw, in one transaction.

    Raises ``workspace.conflict`` when a colleague was faster, ``judgment.merge_member`` for a parcel that stands by the leading one of its
    project, ``judgment.merge_whole`` for parts of the leading one, ``judgment.merge_split`` and ``judgment.merge_known`` for a merge with
    what is divided or merged already, and what the rules of :mod:`decisions` refuse; nothing is written then.
    """
    repository = Repository(store)
    with store.transaction():
        history = repository.decisions(act.parcel)
        own = [decision for decision in ordered(history) if decision.part == act.part]
        if act.seen is not None and marks(own) != list(act.seen):
            raise WeipianError("workspace.conflict", table="人工判定", key=act.parcel + act.part)
        before = of_workspace(repository, act.parcel).of(act.parcel)
        _check_project(act, before)
        change = act.make(counting_history(history, act.part))
        _check_merge(repository, act, change)
        _write(repository, act, change)
        _states(store, act, change, before.merged)
        if act.action in drafts.CLEARED_BY or act.form:  # signed, also as a review
            drafts.clear(store, act.who, act.parcel, act.part)


def _check_project(act: Act, stands: ParcelStanding) -> None:
    """Parcels of one project are decided as one, on the leading one: it has no parts. What was delivered again is reopened wherever it is."""
    if not stands.merged or act.action == DecisionAction.REOPEN:
        return
    if stands.lead != act.parcel:
        raise WeipianError("judgment.merge_member", parcel=act.parcel, lead=stands.lead)
    if act.action == DecisionAction.SPLIT or (act.part and act.action in DECIDING):
        raise WeipianError("judgment.merge_whole", parcel=act.parcel)


def _check_merge(repository: Repository, act: Act, change: Change) -> None:
    """A divided parcel joins no project, and no parcel is in two."""
    for decision in change.insert:
        members = [name for name in decision.members or () if not is_part(name)]
        for number in (act.parcel, *members) if members else ():
            stands = of_workspace(repository, number).of(number)
            if stands.divided:
                raise WeipianError("judgment.merge_split", parcel=number)
            if stands.merged:
                raise WeipianError("judgment.merge_known", parcel=number, lead=stands.lead)


def part_histories(store: Workspace, parcel: str) -> dict[str, list[Decision]]:
    """The history of each part of a parcel, as it counts: what a split, a merge and their undoing have to know."""
    history = Repository(store).decisions(parcel)
    names = sorted({decision.part for decision in history} - {""})
    return {name: counting_history(history, name) for name in names}


def marks(history: Sequence[Decision]) -> list[tuple[str, str]]:
    """What a window remembers of the decisions it showed."""
    return [(decision.id, decision.status.value) for decision in history]


def _write(repository: Repository, act: Act, change: Change) -> None:
    why = _why(act)
    known = {decision.id: decision for decision in repository.decisions(act.parcel)}
    last = max((decision.sequence or 0 for decision in known.values()), default=0)
    for key, columns in change.update.items():
        if columns.get("status") == UNDONE:  # acts after it are not taken back with it
            columns = {**columns, "fields": {**(columns.get("fields") or {}), "undone_after": last}}
        repository.change(known[key], columns, act.who, why)
    made = (
        replace(decision, **{**act.columns, "fields": {**act.form, **decision.fields}}) for decision in change.insert
    )
    repository.add(list(made), act.who, why)


def _states(store: Workspace, act: Act, change: Change, merged: Sequence[str]) -> None:
    """The state stored with the parcel (and with the parcels of its project) follows from where it stands now."""
    repository = Repository(store)
    after = of_workspace(repository, act.parcel)
    members = dict.fromkeys((*merged, *after.of(act.parcel).merged))
    columns = {number: dict(values) for number, values in change.parcels.items()}
    for number in dict.fromkeys((act.parcel, *members)):
        stands = after if number == act.parcel else of_workspace(repository, number)
        columns.setdefault(number, {})["state"] = stands.of(number).state
    stored = dict(store.values("parcel", ("number", "state"), number=list(columns)))
    for number, values in columns.items():
        if number not in stored:
            continue  # a part is decided as a part of its parent; only delivered pieces have rows
        if number != act.parcel and values == {"state": stored[number]}:
            continue
        version = act.version if number == act.parcel and not act.part else None
        store.update("parcel", {"number": number}, {**values, "updated_at": now()}, act.who, _why(act), version)


def _why(act: Act) -> str:
    """What the journal says of the act."""
    return DecisionAction(act.action).title()
