"""What counts: the decision in force, the state of a parcel and of its parts, and which parcels are one project (并宗).

The one place where a history of decisions is read. Queue, forms, tables, deadlines, packages and the marks 依据已变 call it; `filing.verify`
works the same out from the journal by code of its own.

* The order of acts is the ``sequence`` that the store gave each row once; never its version, which later marks raise, nor a clock.
  Rows without a sequence (a history in memory, a table written by hand) stand in the order given.
* A split parcel (拆分) is its parts: each has a state of its own, and the parcel is done when all of them are.
* What was sent back (退回) or is to be judged anew (改判) is open: no decision counts until it is decided again.
* A parcel that was delivered again with another shape is one piece again, and open: its parts were parts of the old one.
* Parcels of one project (并宗) have the state and the decision of the leading one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Optional

import pandas as pd

from ..model.records import Decision, Part
from ..model.words import DecisionAction, DecisionState, DecisionStatus
from ..workspace.repository import Repository

NOT_DECIDED, DECIDED, REVIEWED, FILED, RETURNED, REJUDGED = DecisionState

#: States in which a decision is in force, least advanced first; in the others the parcel is open.
DONE = (DECIDED, REVIEWED, FILED)
#: ``status`` of a row: the one in force, an earlier one, or one that was taken back.
CURRENT, SUPERSEDED, UNDONE = DecisionStatus
#: Acts by which a person judges.
DECIDING = (DecisionAction.ACCEPT, DecisionAction.OVERRIDE)
#: Acts on the whole parcel after which parts decided earlier no longer divide it.
_WHOLE_AGAIN = (*DECIDING, DecisionAction.REJUDGE, DecisionAction.MERGE, DecisionAction.REOPEN)
_REVIEWER = "复核"


def action_of(decision: Decision) -> DecisionAction:
    """What was done; rows without it (written by hand) are known by their role."""
    by_hand = DecisionAction.REVIEW if decision.role == _REVIEWER else DecisionAction.OVERRIDE
    return decision.action or by_hand


def state_of(decision: Decision) -> DecisionState:
    """The state that an act leads to; a row written by hand leads where its role does."""
    by_hand = REVIEWED if decision.role == _REVIEWER else DECIDED
    return decision.state or by_hand


def is_part(name: str) -> bool:
    """Whether a member of a merge is a part (``_1``) rather than another parcel."""
    return name.startswith("_") and name[1:].isdecimal()


def ordered(decisions: Iterable[Decision]) -> list[Decision]:
    """Acts in the order in which the store took them."""
    result = list(decisions)
    if any(decision.sequence is None for decision in result):
        return result
    return sorted(result, key=lambda decision: decision.sequence or 0)


def current(history: Sequence[Decision]) -> Optional[Decision]:
    """The act in force of one parcel or part; None before the first and after all were taken back."""
    return next((row for row in reversed(ordered(history)) if _stands(row)), None)


def acts_in_force(history: Sequence[Decision]) -> tuple[Decision, ...]:
    """The acts that led to the one in force, oldest first: back along ``previous``, so that nothing taken back is among them."""
    rows = ordered(history)
    last = next((row for row in reversed(rows) if _stands(row)), None)
    if last is None:
        return ()
    if last.action is None:  # by hand: all that was not taken back
        until = next(position for position, row in enumerate(rows) if row is last)
        return tuple(row for row in rows[: until + 1] if row.status != UNDONE)
    by_id = {row.id: row for row in rows}
    result = [last]
    while len(result) <= len(rows):
        before = by_id.get(result[-1].previous or "")
        if before is None:
            break
        result.append(before)
    return tuple(reversed(result))


def split_of(acts: Sequence[Decision]) -> Optional[Decision]:
    """The split that is in force among the acts of a whole parcel; None when there was none or it was taken back."""
    result = None
    for row in acts:
        if action_of(row) == DecisionAction.SPLIT:
            result = row
        elif _ends_division(row):
            result = None
    return result


def merge_of(acts: Sequence[Decision]) -> Optional[Decision]:
    """The last act that made other parcels one project with this one."""
    return next(
        (row for row in reversed(acts) if action_of(row) == DecisionAction.MERGE and not _joins_parts(row)), None
    )


@dataclass(frozen=True)
class Standing:
    """Where a parcel as a whole, or one part of it, stands."""

    parcel: str
    part: str = ""
    state: DecisionState = NOT_DECIDED
    acts: tuple[Decision, ...] = ()  # in force, oldest first
    decided: Optional[Decision] = None  # the act of the person in charge (经办) that counts; None while open
    review: Optional[Decision] = None  # the review (复核) that agreed with it

    @property
    def last(self) -> Optional[Decision]:
        """The act in force."""
        return self.acts[-1] if self.acts else None

    @property
    def done(self) -> bool:
        return self.state in DONE

    @property
    def category(self) -> str:
        """What counts as decided; blank while open."""
        return self.last.category if self.last is not None and self.done else ""

    @property
    def subtype(self) -> str:
        return self.last.subtype if self.last is not None and self.done else ""

    @property
    def postponed_until(self) -> str:
        """The day until which it is put off, when that was the last thing done."""
        return (self.last.postponed_until if self.last is not None else None) or ""


@dataclass(frozen=True)
class ParcelStanding:
    """Where a parcel stands: as a whole, or as its parts."""

    number: str
    whole: Standing
    parts: Mapping[str, Standing] = field(default_factory=dict)  # of a parcel that is its parts; empty otherwise
    merged: tuple[str, ...] = ()  # 并宗: all parcels of the project, the leading one first
    stated: bool = False  # whether an act says the state; else the state stored with the parcel holds

    @property
    def divided(self) -> bool:
        return bool(self.parts)

    @property
    def lead(self) -> str:
        """The leading parcel of the project, "" for one that stands alone."""
        return self.merged[0] if self.merged else ""

    @property
    def units(self) -> tuple[Standing, ...]:
        """What is decided one by one: the parts, or the whole."""
        return tuple(self.parts.values()) or (self.whole,)

    @property
    def state(self) -> DecisionState:
        """Done when all its units are, then the least advanced of them; else what calls for work most."""
        states = {unit.state for unit in self.units}
        if states <= set(DONE):
            return next(name for name in DONE if name in states)
        return next(name for name in (RETURNED, REJUDGED, NOT_DECIDED) if name in states)

    @property
    def done(self) -> bool:
        return self.state in DONE

    def unit(self, part: str) -> Standing:
        """The standing of a part, or of the whole for ``""``; one that nothing is known of is open."""
        return self.whole if not part else self.parts.get(part, Standing(self.number, part))


class Standings:
    """Where all parcels stand, from the rows of table ``decision`` (all of them: a project's parcels stand by their leading one).

    ``parts``: parcel -> names of the proposed parts (without slivers), which a parcel decided in parts without a split has.
    """

    def __init__(self, decisions: Iterable[Decision], parts: Optional[Mapping[str, Iterable[str]]] = None) -> None:
        self._rows: dict[str, list[Decision]] = {}
        for row in ordered(decisions):
            self._rows.setdefault(row.parcel, []).append(row)
        self._parts = parts or {}
        self._own: dict[str, ParcelStanding] = {}
        self.merges = self._merges()

    def __contains__(self, number: str) -> bool:
        return number in self._rows or number in self.merges

    def history(self, number: str) -> tuple[Decision, ...]:
        """Every row of a parcel and its parts, in order, those taken back included."""
        return tuple(self._rows.get(number, ()))

    def of(self, number: str) -> ParcelStanding:
        """Where a parcel stands."""
        group = self.merges.get(number, ())
        own = self._standing(group[0] if group else number)
        if not group:
            return own
        return ParcelStanding(number, own.whole, own.parts if number == group[0] else {}, group, own.stated)

    def _standing(self, number: str) -> ParcelStanding:
        if number not in self._own:
            self._own[number] = standing_of(number, self._rows.get(number, ()), self._parts.get(number, ()))
        return self._own[number]

    def _merges(self) -> dict[str, tuple[str, ...]]:
        """Of every parcel in a merge that is in force: all its parcels, the leading one first. An earlier merge goes before a later."""
        result: dict[str, tuple[str, ...]] = {}
        for number, rows in self._rows.items():
            if not any(action_of(row) == DecisionAction.MERGE for row in rows):
                continue
            merge = merge_of(acts_in_force([row for row in rows if not row.part]))
            others = () if merge is None else _members(merge)
            if others and not any(name in result for name in (number, *others)):
                result.update(dict.fromkeys((number, *others), (number, *others)))
        return result


def standing_of(number: str, history: Sequence[Decision], parts: Iterable[str] = ()) -> ParcelStanding:
    """Where one parcel stands by its own rows (whole and parts); ``parts``: names of the proposed parts."""
    rows = ordered(history)
    whole = _unit(number, "", [row for row in rows if not row.part])
    in_parts = {part: _unit(number, part, counted) for part, counted in _part_rows(rows, whole).items()}
    stated = any(row.state is not None for unit in (whole, *in_parts.values()) for row in unit.acts[-1:])
    split = split_of(whole.acts)
    if split is not None:
        names = list(split.fields.get("parts") or ()) or sorted({*parts, *in_parts})
    elif _divided(rows, whole, in_parts):
        names = sorted({*parts, *in_parts}, key=lambda name: (len(name), name))
    else:
        names = []
    return ParcelStanding(
        number, whole, {name: in_parts.get(name, Standing(number, name)) for name in names}, (), stated
    )


def of_workspace(repository: Repository, number: Optional[str] = None) -> Standings:
    """Where all parcels of a workspace, or of a snapshot of one, stand; with ``number`` one of them and the project it belongs to."""
    if number is None:
        return Standings(repository.decisions(), part_names(repository.all(Part)))
    numbers = [number, *leads(repository, [number])]
    decisions = repository.all(Decision, parcel=numbers)
    return Standings(decisions, part_names(repository.all(Part, parcel=numbers)))


def leads(repository: Repository, numbers: Sequence[str]) -> list[str]:
    """Parcels that a merge joins with one of ``numbers``."""
    requested = set(numbers)
    merges = repository.all(Decision, action=DecisionAction.MERGE.value)
    return sorted({merge.parcel for merge in merges if requested & set(merge.members or ())})


def of_tables(tables: Mapping[str, pd.DataFrame]) -> Standings:
    """:func:`of_workspace` of a snapshot (table name -> DataFrame)."""
    return of_workspace(Repository({name: tables[name] for name in ("decision", "part") if name in tables}))


def decision_in_force(repository: Repository, parcel: str, part: str = "") -> Optional[Decision]:
    """The act of the person in charge that counts for a parcel or one of its parts; None while it is open."""
    return of_workspace(repository, parcel).of(parcel).unit(part).decided


def part_names(parts: Iterable[Part]) -> dict[str, list[str]]:
    """The proposed parts of each parcel, slivers left out."""
    result: dict[str, list[str]] = {}
    for part in parts:
        if not part.sliver:
            result.setdefault(part.parcel, []).append(part.part)
    return result


def counting_history(rows: Sequence[Decision], part: str) -> list[Decision]:
    """The rows of a part, or of the whole for ``""``, as they count: what an earlier split left behind is superseded.

    ``rows``: all of one parcel.
    """
    every = ordered(rows)
    own = [row for row in every if row.part == part]
    if not part:
        return own
    whole = _unit("", "", [row for row in every if not row.part])
    kept = {row.id for row in _part_rows(every, whole).get(part, ())}
    return [row if row.id in kept or not _stands(row) else replace(row, status=SUPERSEDED) for row in own]


# -- inside


def _stands(decision: Decision) -> bool:
    return decision.status == CURRENT


def _members(decision: Decision) -> tuple[str, ...]:
    """What a merge (并宗, or a split taken back) joins."""
    return decision.members or ()


def _joins_parts(row: Decision) -> bool:
    members = _members(row)
    return action_of(row) == DecisionAction.MERGE and bool(members) and all(is_part(name) for name in members)


def _ends_division(row: Decision) -> bool:
    """Of an act on the whole parcel: its parts are joined again, or it was delivered again, and they were parts of another shape."""
    return _joins_parts(row) or action_of(row) == DecisionAction.REOPEN


def _unit(number: str, part: str, rows: Sequence[Decision]) -> Standing:
    """The standing of the whole or one part by its own rows."""
    acts = acts_in_force(rows)
    if not acts:
        return Standing(number, part)
    state = state_of(acts[-1])
    made = next((at for at in reversed(range(len(acts))) if action_of(acts[at]) in DECIDING), None)
    if state not in DONE or made is None:
        return Standing(number, part, state, acts)
    reviews = (
        [row for row in acts[made + 1 :] if action_of(row) == DecisionAction.REVIEW]
        if state in (REVIEWED, FILED)
        else []
    )
    return Standing(number, part, state, acts, acts[made], reviews[-1] if reviews else None)


def _part_rows(rows: Sequence[Decision], whole: Standing) -> dict[str, list[Decision]]:
    """The rows of each part that still count: made since the split or merge in force.

    Where no split is in force, those made under one that was taken back do not count either (undoing it marks them as well).
    """
    borders = {id(row) for row in whole.acts if action_of(row) == DecisionAction.SPLIT or _ends_division(row)}
    is_split = split_of(whole.acts) is not None
    result: dict[str, list[Decision]] = {}
    orphaned_until = -1.0  # number of the last act that a split taken back takes with it
    for row in rows:
        part = row.part
        if part and not (row.sequence or 0) <= orphaned_until:
            result.setdefault(part, []).append(row)
        elif id(row) in borders:
            result.clear()
            orphaned_until = -1.0
        elif not part and action_of(row) == DecisionAction.SPLIT and not is_split and row.status == UNDONE:
            orphaned_until = float(row.fields.get("undone_after") or "inf")
    return result


def _divided(rows: Sequence[Decision], whole: Standing, parts: Mapping[str, Standing]) -> bool:
    """Without a split: whether parts were decided after the whole was."""
    place = {id(row): position for position, row in enumerate(rows)}
    of_whole = [place[id(row)] for row in whole.acts if action_of(row) in _WHOLE_AGAIN]
    of_parts = [place[id(row)] for unit in parts.values() for row in unit.acts if action_of(row) in DECIDING]
    return bool(of_parts) and max(of_parts) > max(of_whole, default=-1)
