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
from dataclasses import dataclass, field
from typing import Any, Optional

from ..model.values import is_blank, is_missing
from ..model.words import DecisionAction, DecisionState, DecisionStatus

Record = Mapping[str, Any]

NOT_DECIDED, DECIDED, REVIEWED, FILED, RETURNED, REJUDGED = (state.value for state in DecisionState)

#: States in which a decision is in force, least advanced first; in the others the parcel is open.
DONE = (DECIDED, REVIEWED, FILED)
#: ``status`` of a row: the one in force, an earlier one, or one that was taken back.
CURRENT, SUPERSEDED, UNDONE = (status.value for status in DecisionStatus)
#: Acts by which a person judges.
DECIDING = (DecisionAction.ACCEPT.value, DecisionAction.OVERRIDE.value)
#: Acts on the whole parcel after which parts decided earlier no longer divide it.
_WHOLE_AGAIN = (*DECIDING, DecisionAction.REJUDGE.value, DecisionAction.MERGE.value, DecisionAction.REOPEN.value)


def detail(row: Record, name: str) -> Any:
    """A column of a decision, or the entry of its ``fields`` where the row has no such column; None when neither has."""
    value = row.get(name)
    if not is_missing(value):
        return value
    fields = row.get("fields")
    return fields.get(name) if isinstance(fields, Mapping) else None


def part_of(row: Record) -> str:
    """``""`` for the whole parcel, else the part's name."""
    return "" if is_blank(row.get("part")) else str(row["part"])


def action_of(row: Record) -> str:
    """What was done; rows without it (written by hand) are known by their role."""
    return str(detail(row, "action") or ("review" if row.get("role") == "复核" else "override"))


def state_of(row: Record) -> str:
    """The state that an act leads to; a row written by hand leads where its role does."""
    return str(detail(row, "state") or (REVIEWED if row.get("role") == "复核" else DECIDED))


def is_part(name: str) -> bool:
    """Whether a member of a merge is a part (``_1``) rather than another parcel."""
    return name.startswith("_") and name[1:].isdecimal()


def members_of(row: Record) -> tuple[str, ...]:
    """What a merge (并宗, or a split taken back) joins."""
    return tuple(str(member) for member in detail(row, "members") or ())


def ordered(rows: Iterable[Record]) -> list[Record]:
    """Acts in the order in which the store took them."""
    found = list(rows)
    if any(is_missing(row.get("sequence")) for row in found):
        return found
    return sorted(found, key=lambda row: int(row["sequence"]))


def current(history: Sequence[Record]) -> Optional[Record]:
    """The act in force of one parcel or part; None before the first and after all were taken back."""
    return next((row for row in reversed(ordered(history)) if _stands(row)), None)


def acts_in_force(history: Sequence[Record]) -> tuple[Record, ...]:
    """The acts that led to the one in force, oldest first: back along ``previous``, so that nothing taken back is among them."""
    rows = ordered(history)
    last = next((row for row in reversed(rows) if _stands(row)), None)
    if last is None:
        return ()
    if detail(last, "action") is None:  # by hand: all that was not taken back
        until = next(position for position, row in enumerate(rows) if row is last)
        return tuple(row for row in rows[: until + 1] if row.get("status") != UNDONE)
    by_id = {str(row["id"]): row for row in rows}
    found = [last]
    while len(found) <= len(rows):
        before = by_id.get(str(detail(found[-1], "previous")))
        if before is None:
            break
        found.append(before)
    return tuple(reversed(found))


def split_of(acts: Sequence[Record]) -> Optional[Record]:
    """The split that is in force among the acts of a whole parcel; None when there was none or it was taken back."""
    found = None
    for row in acts:
        if action_of(row) == "split":
            found = row
        elif _ends_division(row):
            found = None
    return found


def merge_of(acts: Sequence[Record]) -> Optional[Record]:
    """The last act that made other parcels one project with this one."""
    return next((row for row in reversed(acts) if action_of(row) == "merge" and not _joins_parts(row)), None)


@dataclass(frozen=True)
class Standing:
    """Where a parcel as a whole, or one part of it, stands."""

    parcel: str
    part: str = ""
    state: str = NOT_DECIDED
    acts: tuple[Record, ...] = ()  # in force, oldest first
    decided: Optional[Record] = None  # the act of the person in charge (经办) that counts; None while open
    review: Optional[Record] = None  # the review (复核) that agreed with it

    @property
    def last(self) -> Optional[Record]:
        """The act in force."""
        return self.acts[-1] if self.acts else None

    @property
    def done(self) -> bool:
        return self.state in DONE

    @property
    def category(self) -> str:
        """What counts as decided; blank while open."""
        return _text(self.last, "category") if self.done else ""

    @property
    def subtype(self) -> str:
        return _text(self.last, "subtype") if self.done else ""

    @property
    def postponed_until(self) -> str:
        """The day until which it is put off, when that was the last thing done."""
        return str((self.last is not None and detail(self.last, "postponed_until")) or "")


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
    def state(self) -> str:
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

    def __init__(self, decisions: Iterable[Record], parts: Optional[Mapping[str, Iterable[str]]] = None) -> None:
        self._rows: dict[str, list[Record]] = {}
        for row in ordered(decisions):
            self._rows.setdefault(str(row["parcel"]), []).append(row)
        self._parts = parts or {}
        self._own: dict[str, ParcelStanding] = {}
        self.merges = self._merges()

    def __contains__(self, number: str) -> bool:
        return number in self._rows or number in self.merges

    def history(self, number: str) -> tuple[Record, ...]:
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
        found: dict[str, tuple[str, ...]] = {}
        for number, rows in self._rows.items():
            if not any(action_of(row) == "merge" for row in rows):
                continue
            merge = merge_of(acts_in_force([row for row in rows if not part_of(row)]))
            others = () if merge is None else members_of(merge)
            if others and not any(name in found for name in (number, *others)):
                found.update(dict.fromkeys((number, *others), (number, *others)))
        return found


def standing_of(number: str, history: Sequence[Record], parts: Iterable[str] = ()) -> ParcelStanding:
    """Where one parcel stands by its own rows (whole and parts); ``parts``: names of the proposed parts."""
    rows = ordered(history)
    whole = _unit(number, "", [row for row in rows if not part_of(row)])
    in_parts = {part: _unit(number, part, counted) for part, counted in _part_rows(rows, whole).items()}
    stated = any(detail(row, "state") is not None for unit in (whole, *in_parts.values()) for row in unit.acts[-1:])
    split = split_of(whole.acts)
    if split is not None:
        names = list(detail(split, "parts") or ()) or sorted({*parts, *in_parts})
    elif _divided(rows, whole, in_parts):
        names = sorted({*parts, *in_parts}, key=lambda name: (len(name), name))
    else:
        names = []
    return ParcelStanding(
        number, whole, {name: in_parts.get(name, Standing(number, name)) for name in names}, (), stated
    )


def of_tables(tables: Mapping[str, Any]) -> Standings:
    """Where all parcels of a workspace snapshot stand (table name -> DataFrame)."""
    rows = tables["decision"].to_dict("records") if "decision" in tables else []
    return Standings(rows, part_names(tables))


def part_names(tables: Mapping[str, Any]) -> dict[str, list[str]]:
    """The proposed parts of each parcel of a snapshot, slivers left out."""
    found: dict[str, list[str]] = {}
    for row in tables["part"].to_dict("records") if "part" in tables else ():
        if row.get("sliver") != 1:
            found.setdefault(str(row["parcel"]), []).append(str(row["part"]))
    return found


def counting_history(rows: Sequence[Record], part: str) -> list[Record]:
    """The rows of a part, or of the whole for ``""``, as they count: what an earlier split left behind is superseded.

    ``rows``: all of one parcel.
    """
    every = ordered(rows)
    own = [row for row in every if part_of(row) == part]
    if not part:
        return own
    whole = _unit("", "", [row for row in every if not part_of(row)])
    kept = {str(row["id"]) for row in _part_rows(every, whole).get(part, ())}
    return [row if str(row["id"]) in kept or not _stands(row) else {**row, "status": SUPERSEDED} for row in own]


# -- inside


def _stands(row: Record) -> bool:
    status = row.get("status")
    return is_blank(status) or status == CURRENT


def _joins_parts(row: Record) -> bool:
    members = members_of(row)
    return action_of(row) == "merge" and bool(members) and all(is_part(name) for name in members)


def _ends_division(row: Record) -> bool:
    """Of an act on the whole parcel: its parts are joined again, or it was delivered again, and they were parts of another shape."""
    return _joins_parts(row) or action_of(row) == DecisionAction.REOPEN.value


def _unit(number: str, part: str, rows: Sequence[Record]) -> Standing:
    """The standing of the whole or one part by its own rows."""
    acts = acts_in_force(rows)
    if not acts:
        return Standing(number, part)
    state = state_of(acts[-1])
    made = next((at for at in reversed(range(len(acts))) if action_of(acts[at]) in DECIDING), None)
    if state not in DONE or made is None:
        return Standing(number, part, state, acts)
    reviews = [row for row in acts[made + 1 :] if action_of(row) == "review"] if state in (REVIEWED, FILED) else []
    return Standing(number, part, state, acts, acts[made], reviews[-1] if reviews else None)


def _part_rows(rows: Sequence[Record], whole: Standing) -> dict[str, list[Record]]:
    """The rows of each part that still count: made since the split or merge in force.

    Where no split is in force, those made under one that was taken back do not count either (undoing it marks them as well).
    """
    borders = {id(row) for row in whole.acts if action_of(row) == "split" or _ends_division(row)}
    is_split = split_of(whole.acts) is not None
    found: dict[str, list[Record]] = {}
    orphaned_until = -1.0  # number of the last act that a split taken back takes with it
    for row in rows:
        part = part_of(row)
        if part and not float(row.get("sequence") or 0) <= orphaned_until:
            found.setdefault(part, []).append(row)
        elif id(row) in borders:
            found.clear()
            orphaned_until = -1.0
        elif not part and action_of(row) == "split" and not is_split and row.get("status") == UNDONE:
            orphaned_until = float(detail(row, "undone_after") or "inf")
    return found


def _divided(rows: Sequence[Record], whole: Standing, parts: Mapping[str, Standing]) -> bool:
    """Without a split: whether parts were decided after the whole was."""
    place = {id(row): position for position, row in enumerate(rows)}
    of_whole = [place[id(row)] for row in whole.acts if action_of(row) in _WHOLE_AGAIN]
    of_parts = [place[id(row)] for unit in parts.values() for row in unit.acts if action_of(row) in DECIDING]
    return bool(of_parts) and max(of_parts) > max(of_whole, default=-1)


def _text(row: Optional[Record], name: str) -> str:
    value = None if row is None else row.get(name)
    return "" if is_blank(value) else str(value)
