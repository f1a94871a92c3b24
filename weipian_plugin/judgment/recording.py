"""Acts of persons written into a workspace, and where its parcels stand. No widgets: windows, scripts and tests call the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable, Optional

import pandas as pd

from ..model.errors import WeipianError
from ..model.words import DecisionAction
from ..workspace import Workspace
from ..workspace.journal import now
from . import drafts
from .decisions import Change
from .standing import (
    DECIDING,
    UNDONE,
    ParcelStanding,
    Record,
    Standings,
    counting_history,
    is_part,
    members_of,
    ordered,
    part_of,
)

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
    action: str
    who: str
    make: Callable[[list[Record]], Change]
    seen: Optional[Marks] = None
    form: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Any] = field(default_factory=dict)
    version: Optional[int] = None


def standings(store: Workspace, number: Optional[str] = None) -> Standings:
    """Where all parcels of a workspace stand, or one of them (with the project it belongs to)."""
    if number is None:
        rows, only = store.records("decision"), {}
    else:
        only = {"parcel": [number, *leads(store, [number])]}
        rows = store.records("decision", **only)
    parts: dict[str, list[str]] = {}
    for parcel, part in store.values("part", ("parcel", "part"), **only):
        parts.setdefault(str(parcel), []).append(str(part))
    return Standings(rows, parts)


def record(store: Workspace, act: Act) -> None:
    """Carry out an act on what the person saw, in one transaction.

    Raises ``workspace.conflict`` when a colleague was faster, ``judgment.merge_member`` for a parcel that stands by the leading one of its
    project, ``judgment.merge_whole`` for parts of the leading one, ``judgment.merge_split`` and ``judgment.merge_known`` for a merge with
    what is divided or merged already, and what the rules of :mod:`decisions` refuse; nothing is written then.
    """
    with store.transaction():
        rows = store.records("decision", parcel=act.parcel)
        own = [row for row in ordered(rows) if part_of(row) == act.part]
        if act.seen is not None and marks(own) != list(act.seen):
            raise WeipianError("workspace.conflict", table="人工判定", key=act.parcel + act.part)
        before = standings(store, act.parcel).of(act.parcel)
        _check_project(store, act, before)
        change = act.make(counting_history(rows, act.part))
        _check_merge(store, act, change)
        _write(store, act, change)
        _states(store, act, change, before.merged)
        if act.action in drafts.CLEARED_BY or act.form:  # signed, also as a review
            drafts.clear(store, act.who, act.parcel, act.part)


def _check_project(store: Workspace, act: Act, stands: ParcelStanding) -> None:
    """Parcels of one project are decided as one, on the leading one: it has no parts. What was delivered again is reopened wherever it is."""
    if not stands.merged or act.action == DecisionAction.REOPEN.value:
        return
    if stands.lead != act.parcel:
        raise WeipianError("judgment.merge_member", parcel=act.parcel, lead=stands.lead)
    if act.action == DecisionAction.SPLIT.value or (act.part and act.action in DECIDING):
        raise WeipianError("judgment.merge_whole", parcel=act.parcel)


def _check_merge(store: Workspace, act: Act, change: Change) -> None:
    """A divided parcel joins no project, and no parcel is in two."""
    for row in change.insert:
        members = [name for name in members_of(row) if not is_part(name)]
        for number in (act.parcel, *members) if members else ():
            stands = standings(store, number).of(number)
            if stands.divided:
                raise WeipianError("judgment.merge_split", parcel=number)
            if stands.merged:
                raise WeipianError("judgment.merge_known", parcel=number, lead=stands.lead)


def part_histories(store: Workspace, parcel: str) -> dict[str, list[Record]]:
    """The history of each part of a parcel, as it counts: what a split, a merge and their undoing have to know."""
    rows = store.records("decision", parcel=parcel)
    names = sorted({part_of(row) for row in rows} - {""})
    return {name: counting_history(rows, name) for name in names}


def marks(history: Sequence[Record]) -> list[tuple[str, str]]:
    """What a window remembers of the rows it showed."""
    return [(str(row["id"]), str(row["status"])) for row in history]


def _write(store: Workspace, act: Act, change: Change) -> None:
    why = _why(act)
    last = max((int(row[0] or 0) for row in store.values("decision", ("sequence",), parcel=act.parcel)), default=0)
    for key, columns in change.update.items():
        if columns.get("status") == UNDONE:  # acts after it are not taken back with it
            columns = {**columns, "fields": {**(columns.get("fields") or {}), "undone_after": last}}
        store.update("decision", {"id": key}, dict(columns), act.who, why)
    for row in change.insert:
        filled = {**row, **act.columns, "fields": {**act.form, **(row["fields"] or {})}}
        store.insert("decision", pd.DataFrame([filled]), act.who, why, each=True)


def _states(store: Workspace, act: Act, change: Change, merged: Sequence[str]) -> None:
    """The state stored with the parcel (and with the parcels of its project) follows from where it stands now."""
    after = standings(store, act.parcel)
    members = dict.fromkeys((*merged, *after.of(act.parcel).merged))
    columns = {number: dict(values) for number, values in change.parcels.items()}
    for number in dict.fromkeys((act.parcel, *members)):
        stands = after if number == act.parcel else standings(store, number)
        columns.setdefault(number, {})["state"] = stands.of(number).state
    stored = {row[0]: row for row in store.values("parcel", ("number", "state"), number=list(columns))}
    for number, values in columns.items():
        if number not in stored:
            continue  # a part is decided as a part of its parent; only delivered pieces have rows
        if number != act.parcel and values == {"state": stored[number][1]}:
            continue
        version = act.version if number == act.parcel and not act.part else None
        store.update("parcel", {"number": number}, {**values, "updated_at": now()}, act.who, _why(act), version)


def _why(act: Act) -> str:
    """What the journal says of the act."""
    return DecisionAction(act.action).title()


def leads(store: Workspace, numbers: Sequence[str]) -> list[str]:
    """Parcels that a merge joins with one of ``numbers``."""
    wanted = set(numbers)
    return sorted(
        {str(row["parcel"]) for row in store.records("decision", action="merge") if wanted & set(members_of(row))}
    )
