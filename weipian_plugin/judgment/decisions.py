"""What persons do with a proposal: accept, override, postpone, review, file, send back, split, merge, undo.

Pure functions on the history of a parcel or part: its decisions in the order in which they were made. A
history only grows; each function returns a :class:`Change` (records to insert, columns to update) that the workspace writes
in one transaction, or raises :class:`WeipianError` with a sentence that says why not.

States (practice 4.3–4.4): 未提报 → 已判定 → 已复核 → 已填报, back by 退回, changed by 改判.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Optional

from ..model.errors import WeipianError
from ..model.records import Decision, Proposal
from ..model.words import DecisionAction, DecisionState, SplitState
from . import standing
from .differences import changes, digest, summary
from .profile import Profile
from .standing import CURRENT, DECIDED, FILED, NOT_DECIDED, REJUDGED, RETURNED, REVIEWED, SUPERSEDED, UNDONE, current

History = Sequence[Decision]
Columns = Mapping[str, Any]

CASE_OFFICER, REVIEWER = "经办", "复核"

#: 图斑状态 after splitting: a parent, a piece; blank = never split.
PARENT, PIECE = SplitState.PARENT.value, SplitState.PIECE.value

#: Which action may be taken in which states.
_OPEN = (NOT_DECIDED, DECIDED, RETURNED, REJUDGED)
ALLOWED: Mapping[DecisionAction, tuple[DecisionState, ...]] = {
    DecisionAction.ACCEPT: _OPEN,
    DecisionAction.OVERRIDE: _OPEN,
    DecisionAction.POSTPONE: _OPEN,
    DecisionAction.SPLIT: _OPEN,
    DecisionAction.MERGE: _OPEN,
    DecisionAction.REVIEW: (DECIDED,),
    DecisionAction.REJECT: (DECIDED,),
    DecisionAction.FILE: (REVIEWED,),
    DecisionAction.SEND_BACK: (REVIEWED, FILED),
    DecisionAction.REJUDGE: (REVIEWED, FILED, RETURNED),
    DecisionAction.REOPEN: tuple(DecisionState),
}


@dataclass(frozen=True)
class Actor:
    """Who acts, as what (经办 or 复核), and when: ISO text, local time with offset."""

    person: str
    role: str
    at: str


@dataclass(frozen=True)
class Change:
    """``insert``: new decisions; ``update``: id of a decision -> columns; ``parcels``: parcel number -> columns of ``parcel``."""

    insert: tuple[Decision, ...] = ()
    update: Mapping[str, Columns] = field(default_factory=dict)
    parcels: Mapping[str, Columns] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What a person decides otherwise than proposed, with the reason and the basis (依据: document, clause, photo)."""

    category: str
    subtype: str = ""
    reason: str = ""
    basis: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Division:
    """How a parcel is split: ``parts`` (``_1`` … -> area in m²) of a parcel of ``area_m2``, which they add up to within ``tolerance_m2``.

    ``split_state``: 图斑状态 of the parcel before; ``decided``: histories of parts of an earlier split.
    """

    parts: Mapping[str, float]
    area_m2: float
    split_state: str = ""
    tolerance_m2: float = 0.01
    decided: Optional[Mapping[str, History]] = None


@dataclass(frozen=True)
class Merger:
    """What is taken together: ``members`` (parts of the parcel, or other parcels: 并宗) with their histories, and the parcel's 图斑状态 before.

    ``reason``: why parcels that do not touch are one project.
    """

    members: Sequence[str]
    histories: Mapping[str, History]
    split_state: str = ""
    reason: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Effect:
    """What an act makes of a parcel or part: its state, columns of the new row, notes beside them; ``allowed``: in which states, where
    not as :data:`ALLOWED` says."""

    state: DecisionState
    outcome: Columns = field(default_factory=dict)
    notes: Columns = field(default_factory=dict)
    allowed: tuple[DecisionState, ...] = ()


def state(history: History) -> DecisionState:
    """The state that the history of a parcel or part leads to."""
    row = current(history)
    return NOT_DECIDED if row is None else standing.state_of(row)


def postponed_until(history: History) -> Optional[str]:
    """The day until which the parcel is put off, when the last thing done was to postpone it."""
    row = current(history)
    return None if row is None else row.postponed_until


def accept(history: History, proposal: Proposal, actor: Actor, profile: Profile, remark: str = "") -> Change:
    """Decide as proposed. Doubt (存疑) cannot be accepted: it is a question to a person, not an answer.

    Raises ``judgment.decision_doubt``.
    """
    category = profile.category(proposal.category)
    if category is None or category.uncertain:
        raise WeipianError("judgment.decision_doubt", parcel=_name(proposal.parcel, proposal.part))
    outcome = Outcome(proposal.category, proposal.subtype, remark=remark)
    return _decide(DecisionAction.ACCEPT, history, proposal, actor, outcome)


def override(history: History, proposal: Proposal, actor: Actor, profile: Profile, outcome: Outcome) -> Change:
    """Decide otherwise than proposed: needs the reason and the basis (依据: document, clause, photo)."""
    _check_choice(profile, outcome.category, outcome.subtype)
    _need(proposal.parcel, proposal.part, reason=outcome.reason, basis=outcome.basis)
    return _decide(DecisionAction.OVERRIDE, history, proposal, actor, outcome)


def _decide(action: DecisionAction, history: History, proposal: Proposal, actor: Actor, outcome: Outcome) -> Change:
    columns = {
        **asdict(outcome),
        "accepted": action == DecisionAction.ACCEPT,
        "proposal_rule": proposal.rule,
        "proposal_digest": digest(proposal),
        "decided_by": actor.person,
    }
    effect = Effect(DECIDED, columns, {"proposal": summary(proposal)})
    return _step(action, history, (proposal.parcel, proposal.part), actor, effect)


def postpone(history: History, parcel: str, part: str, actor: Actor, until: str, reason: str) -> Change:
    """Put off until a day (ISO), with the reason; the state stays."""
    _need(parcel, part, reason=reason, until=until)
    effect = Effect(state(history), {"reason": reason, "postponed_until": until})
    return _step(DecisionAction.POSTPONE, history, (parcel, part), actor, effect)


def review(
    history: History,
    actor: Actor,
    profile: Profile,
    rectified: bool = False,
    four_eyes: bool = True,
    remark: str = "",
) -> Change:
    """复核 agrees. With ``four_eyes`` 经办 and 复核 must be different persons.

    A category that asks for rectification first (非农违法: 非农整改到位) passes only when ``rectified``.
    Raises ``judgment.decision_not_rectified`` and ``judgment.decision_same_person``.
    """
    row = _in_force(history)
    _check_state(DecisionAction.REVIEW, history, _of(row))
    if four_eyes and same_person(actor.person, row.decided_by or ""):
        raise WeipianError("judgment.decision_same_person", parcel=_of(row), person=actor.person)
    category = profile.category(row.category)
    if category is not None and category.after_rectification and not rectified:
        raise WeipianError("judgment.decision_not_rectified", parcel=_of(row), category=category.name)
    return _on(DecisionAction.REVIEW, history, actor, Effect(REVIEWED, {"remark": remark, "reviewed_by": actor.person}))


def reject(history: History, actor: Actor, reason: str) -> Change:
    """复核 does not agree: back to 经办 with the reason."""
    row = _in_force(history)
    _need(row.parcel, row.part, reason=reason)
    return _on(DecisionAction.REJECT, history, actor, Effect(RETURNED, {"reason": reason}))


def file(history: History, actor: Actor, four_eyes: bool = True) -> Change:
    """Filled in the reporting system (已填报). Without ``four_eyes`` a decision may be filed unreviewed."""
    allowed = ALLOWED[DecisionAction.FILE] if four_eyes else (DECIDED, *ALLOWED[DecisionAction.FILE])
    return _on(DecisionAction.FILE, history, actor, Effect(FILED, allowed=allowed))


def send_back(history: History, actor: Actor, reason: str, level: str = "") -> Change:
    """A higher level (``level``: 市级, 省级) returned the parcel, with its reason."""
    row = _in_force(history)
    _need(row.parcel, row.part, reason=reason)
    effect = Effect(RETURNED, {"reason": reason}, {"returned_by": level})
    return _on(DecisionAction.SEND_BACK, history, actor, effect)


def reopen(history: History, actor: Actor, reason: str, parcel: str = "") -> Change:
    """What was decided rests on another thing now (the parcel was delivered again): open until a person decides anew.

    Of the whole parcel (``parcel``: its number, needed where only its parts were acted on) it ends a division, too: the parts were
    parts of another shape. It is no act of a person and cannot be undone.
    """
    if current(history) is None and parcel:
        _need(parcel, "", reason=reason)
        change = _step(DecisionAction.REOPEN, history, (parcel, ""), actor, Effect(RETURNED, {"reason": reason}))
    else:
        row = _in_force(history)
        _need(row.parcel, row.part, reason=reason)
        change = _on(DecisionAction.REOPEN, history, actor, Effect(RETURNED, {"reason": reason}))
    parcels = {number: {**columns, "split_state": ""} for number, columns in change.parcels.items()}
    return Change(change.insert, change.update, parcels)


def rejudge(history: History, actor: Actor, profile: Profile, outcome: Outcome) -> Change:
    """改判: another outcome after review or filing, with reason and basis; it must be decided and reviewed anew."""
    row = _in_force(history)
    _check_choice(profile, outcome.category, outcome.subtype)
    _need(row.parcel, row.part, reason=outcome.reason, basis=outcome.basis)
    columns = {**asdict(outcome), "accepted": False, "decided_by": actor.person}
    return _on(DecisionAction.REJUDGE, history, actor, Effect(REJUDGED, columns))


def undo(
    history: History,
    actor: Actor,
    reason: str = "",
    parts: Optional[Mapping[str, History]] = None,
    with_parts: bool = True,
) -> Change:
    """Take back what was done last; the row before it is in force again. The history keeps both, and the undoing.

    ``parts``: histories of the parcel's parts. With a split its parts' decisions are taken back, too, where ``with_parts``; without it a
    split whose parts are decided stays, and ``judgment.undo_parts`` names them. Decisions that the split or a merge had put out of force
    count again. A reopening is not undone: nothing decided of an earlier shape comes back into force; a merge (并宗) below it is ended.
    Raises ``judgment.decision_state``.
    """
    row = _in_force(history)
    if standing.action_of(row) == DecisionAction.REOPEN:
        return _end_merge_below(history, row, actor, reason)
    if standing.action_of(row) == DecisionAction.SPLIT and not with_parts:
        decided = sorted(part for part, rows in (parts or {}).items() if current(rows) is not None)
        if decided:
            raise WeipianError("judgment.undo_parts", parcel=_of(row), parts="、".join(decided))
    update: dict[str, Columns] = {row.id: _taken_back(row, actor, reason)}
    before = next((entry for entry in history if entry.id == row.previous), None)
    if before is not None:
        update[before.id] = {"status": CURRENT}
    columns: dict[str, Any] = {"state": NOT_DECIDED if before is None else standing.state_of(before)}
    action = standing.action_of(row)
    if action in (DecisionAction.SPLIT, DecisionAction.MERGE):
        columns["split_state"] = row.split_state_before
        update.update({key: {"status": CURRENT} for key in row.fields.get("closed") or ()})
    for part, rows in (parts or {}).items() if action == DecisionAction.SPLIT else ():
        result = state(rows)
        if result not in ALLOWED[DecisionAction.MERGE]:
            raise WeipianError(
                "judgment.decision_state", parcel=_of(row) + part, state=result, action=DecisionAction.UNDO
            )
        for entry in rows:
            if entry.status != UNDONE and entry.id not in update:
                update[entry.id] = _taken_back(entry, actor, reason)
    return Change(update=update, parcels={} if row.part else {row.parcel: columns})


def _end_merge_below(history: History, row: Decision, actor: Actor, reason: str) -> Change:
    """Ending a merge whose leading parcel was reopened: the merge and what was decided under it are taken back, the reopening stays."""
    acts = standing.acts_in_force(history)
    merged = standing.merge_of(acts)
    if merged is None:
        raise WeipianError("judgment.undo_reopened", parcel=_of(row))
    place = next(position for position, entry in enumerate(acts) if entry is merged)
    update = {entry.id: _taken_back(entry, actor, reason) for entry in acts[place:] if entry is not row}
    update[row.id] = {"previous": merged.previous}
    return Change(update=update, parcels={} if row.part else {row.parcel: {"state": RETURNED}})


def _taken_back(row: Decision, actor: Actor, reason: str) -> Columns:
    note = {**row.fields, "undone_by": actor.person, "undone_at": actor.at, "undone_why": reason}
    return {"status": UNDONE, "fields": note}


def split(history: History, parcel: str, division: Division, actor: Actor) -> Change:
    """Split a parcel into parts: at least two, and their areas add up to the parcel's.

    The parent is kept (被拆分); its pieces (拆分) are decided one by one. Decisions on parts of an earlier split are superseded.
    Raises ``judgment.split_areas`` and ``judgment.split_parts``.
    """
    parts = division.parts
    if len(parts) < 2 or any(not standing.is_part(name) for name in parts):
        raise WeipianError("judgment.split_parts", parcel=parcel, parts="、".join(parts))
    difference = sum(parts.values()) - division.area_m2
    if any(area <= 0 for area in parts.values()) or not abs(difference) <= division.tolerance_m2:
        raise WeipianError("judgment.split_areas", parcel=parcel, difference=f"{difference:.4f}")
    closed = _closed(division.decided)
    outcome = {"category": "", "subtype": "", "split_state_before": division.split_state}
    extra = {"parts": dict(sorted(parts.items())), **({"closed": sorted(closed)} if closed else {})}
    change = _step(DecisionAction.SPLIT, history, (parcel, ""), actor, Effect(NOT_DECIDED, outcome, extra))
    children = {
        f"{parcel}{name}": {"parent": parcel, "state": NOT_DECIDED, "split_state": PIECE} for name in sorted(parts)
    }
    update = {**change.update, **closed}
    return Change(change.insert, update, {parcel: {"state": NOT_DECIDED, "split_state": PARENT}, **children})


def _closed(histories: Optional[Mapping[str, History]]) -> dict[str, Columns]:
    """The decisions of parts that another division of the parcel puts out of force."""
    rows = [current(history) for history in (histories or {}).values()]
    return {row.id: {"status": SUPERSEDED} for row in rows if row is not None}


def merge(history: History, parcel: str, merger: Merger, actor: Actor) -> Change:
    """Take a split back (the members are its parts) or treat several parcels as one project (并宗: they are other parcels).

    Members that were reviewed or filed cannot be merged: send them back first.
    Raises ``judgment.decision_state`` and ``judgment.merge_members``.
    """
    members, histories = merger.members, merger.histories
    if not members or parcel in members:
        raise WeipianError("judgment.merge_members", parcel=parcel)
    for member in members:
        result = state(histories.get(member, ()))
        if result not in ALLOWED[DecisionAction.MERGE]:
            raise WeipianError("judgment.decision_state", parcel=member, state=result, action=DecisionAction.MERGE)
    parts = all(standing.is_part(member) for member in members)
    closed = _closed(histories) if parts else {}
    outcome: dict[str, Any] = {"category": "", "subtype": "", "reason": merger.reason, "remark": merger.remark}
    outcome.update(members=tuple(sorted(members)), split_state_before=merger.split_state)
    extra = {"closed": sorted(closed)} if closed else {}
    change = _step(DecisionAction.MERGE, history, (parcel, ""), actor, Effect(NOT_DECIDED, outcome, extra))
    columns = {"state": NOT_DECIDED, "split_state": "" if parts else merger.split_state}
    return Change(change.insert, {**change.update, **closed}, {parcel: columns})


def stale(decision: Decision, proposal: Optional[Proposal]) -> Optional[Mapping[str, Any]]:
    """依据已变: how today's proposal differs from the one the decision was made on; None when it does not.

    The decision itself is never touched. A proposal that is gone is a difference, too.
    """
    if proposal is not None and digest(proposal) == decision.proposal_digest:
        return None
    before = decision.fields.get("proposal") or {}
    after = {} if proposal is None else summary(proposal)
    return {
        "gone": proposal is None,
        "changed": {name: list(values) for name, values in changes(before, after).items()},
    }


# -- how a row is made


#: What a step on a decision carries on from it.
_OUTCOME = ("category", "subtype", "basis", "accepted", "proposal_rule", "proposal_digest", "decided_by", "reviewed_by")


def _on(action: DecisionAction, history: History, actor: Actor, effect: Effect) -> Change:
    """A step on the row in force: its outcome is carried on unless the effect changes it."""
    row = _in_force(history)
    carried = {name: getattr(row, name) for name in (*_OUTCOME, "reason")}
    whole = replace(effect, outcome={**carried, **effect.outcome}, notes={**_proposal_kept(row), **effect.notes})
    return _step(action, history, (row.parcel, row.part), actor, whole)


def _step(action: DecisionAction, history: History, place: tuple[str, str], actor: Actor, effect: Effect) -> Change:
    """A new row on top of a history; ``place``: number of the parcel, and of the part or blank."""
    parcel, part = place
    outcome, notes = effect.outcome, effect.notes
    _check_state(action, history, _name(parcel, part), effect.allowed)
    if not actor.person.strip():
        raise WeipianError("judgment.decision_nobody", parcel=_name(parcel, part))
    previous = current(history)
    if action == DecisionAction.POSTPONE and previous is not None:
        outcome = {**{name: getattr(previous, name) for name in _OUTCOME}, **outcome}
        notes = {**_proposal_kept(previous), **notes}
    number = len(history) + 1
    made = Decision(
        id=f"{parcel}{part}#{number}",
        parcel=parcel,
        part=part,
        action=action,
        state=effect.state,
        previous=None if previous is None else previous.id,
        person=actor.person,
        role=actor.role,
        decided_at=actor.at,
        fields=dict(notes),
        version=number,
    )
    update = {} if previous is None else {previous.id: {"status": SUPERSEDED}}
    return Change((replace(made, **outcome),), update, {} if part else {parcel: {"state": effect.state}})


def _check_state(action: DecisionAction, history: History, name: str, allowed: tuple[DecisionState, ...] = ()) -> None:
    now = state(history)
    if now not in (allowed or ALLOWED[action]):
        raise WeipianError("judgment.decision_state", parcel=name, state=now, action=action)
    if action in _NOT_WHILE_SPLIT and standing.split_of(standing.acts_in_force(history)) is not None:
        raise WeipianError("judgment.decision_split", parcel=name)


#: What is done to the parts of a split parcel, not to the parcel.
_NOT_WHILE_SPLIT = (DecisionAction.ACCEPT, DecisionAction.OVERRIDE, DecisionAction.POSTPONE)


def _proposal_kept(row: Decision) -> Columns:
    """The proposal that a decision rests on goes on with it."""
    proposal = row.fields.get("proposal")
    return {} if proposal is None else {"proposal": proposal}


def apply(history: History, change: Change) -> list[Decision]:
    """The history after a change, as the workspace will have it."""
    rows = [replace(row, **change.update.get(row.id, {})) for row in history]
    return [*rows, *change.insert]


def _in_force(history: History) -> Decision:
    row = current(history)
    if row is None:
        raise WeipianError("judgment.decision_none")
    return row


def _check_choice(profile: Profile, category: str, subtype: str) -> None:
    known = profile.category(category)
    if known is None or known.uncertain:
        choices = "、".join(entry.name for entry in profile.categories if not entry.uncertain)
        raise WeipianError("judgment.decision_category", category=category, known=choices)
    if subtype and known.subtype(subtype) is None:
        raise WeipianError("judgment.decision_subtype", category=category, subtype=subtype)


def _need(parcel: str, part: str, **texts: str) -> None:
    for name, text in texts.items():
        if not str(text or "").strip():
            raise WeipianError("judgment.decision_blank", parcel=_name(parcel, part), what=_TITLES[name])


_TITLES: Mapping[str, str] = {"reason": "理由", "basis": "依据", "until": "期限"}


def same_person(left: str, right: str) -> bool:
    """Whether two names are one person's: spaces and capitals do not make two of one."""
    return "".join(left.split()).casefold() == "".join(right.split()).casefold()


def _name(parcel: str, part: str) -> str:
    return f"{parcel}{part}"


def _of(row: Decision) -> str:
    return _name(row.parcel, row.part)
