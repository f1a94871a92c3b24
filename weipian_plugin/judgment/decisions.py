"""What persons do with a proposal: accept, override, postpone, review, file, send back, split, merge, undo.

Pure functions on the history of a parcel or part: the rows of table ``decision`` in the order in which they were made. A
history only grows; each function returns a :class:`Change` (rows to insert, columns to update) that the workspace writes
in one transaction, or raises :class:`WeipianError` with a sentence that says why not.

States (practice 4.3–4.4): 未提报 → 已判定 → 已复核 → 已填报, back by 退回, changed by 改判.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

from ..model.errors import WeipianError
from ..model.records import Proposal
from ..model.words import DecisionState, SplitState
from . import standing
from .differences import changes, digest, summary
from .profile import Profile
from .standing import CURRENT, DECIDED, FILED, NOT_DECIDED, REJUDGED, RETURNED, REVIEWED, SUPERSEDED, UNDONE, current

Record = Mapping[str, Any]

CASE_OFFICER, REVIEWER = "经办", "复核"

#: 图斑状态 after splitting: a parent, a piece; blank = never split.
PARENT, PIECE = SplitState.PARENT.value, SplitState.PIECE.value

#: Which action may be taken in which states.
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "accept": (NOT_DECIDED, DECIDED, RETURNED, REJUDGED),
    "override": (NOT_DECIDED, DECIDED, RETURNED, REJUDGED),
    "postpone": (NOT_DECIDED, DECIDED, RETURNED, REJUDGED),
    "split": (NOT_DECIDED, DECIDED, RETURNED, REJUDGED),
    "merge": (NOT_DECIDED, DECIDED, RETURNED, REJUDGED),
    "review": (DECIDED,),
    "reject": (DECIDED,),
    "file": (REVIEWED,),
    "send_back": (REVIEWED, FILED),
    "rejudge": (REVIEWED, FILED, RETURNED),
    "reopen": tuple(state.value for state in DecisionState),
}


@dataclass(frozen=True)
class Actor:
    """Who acts, as what (经办 or 复核), and when: ISO text, local time with offset."""

    person: str
    role: str
    at: str


@dataclass(frozen=True)
class Change:
    """``insert``: new rows of ``decision``; ``update``: row id -> columns; ``parcels``: parcel number -> columns of ``parcel``."""

    insert: tuple[Record, ...] = ()
    update: Mapping[str, Record] = field(default_factory=dict)
    parcels: Mapping[str, Record] = field(default_factory=dict)


def state(history: Sequence[Record]) -> str:
    """The state that the history of a parcel or part leads to."""
    row = current(history)
    return NOT_DECIDED if row is None else standing.state_of(row)


def postponed_until(history: Sequence[Record]) -> Optional[str]:
    """The day until which the parcel is put off, when the last thing done was to postpone it."""
    row = current(history)
    return None if row is None else standing.detail(row, "postponed_until")


def accept(history: Sequence[Record], proposal: Proposal, actor: Actor, profile: Profile, remark: str = "") -> Change:
    """Decide as proposed. Doubt (存疑) cannot be accepted: it is a question to a person, not an answer."""
    category = profile.category(proposal.category)
    if category is None or category.uncertain:
        raise WeipianError("judgment.decision_doubt", parcel=_name(proposal.parcel, proposal.part))
    return _decide("accept", history, proposal, actor, proposal.category, proposal.subtype, "", "", remark, True)


def override(
    history: Sequence[Record],
    proposal: Proposal,
    actor: Actor,
    profile: Profile,
    category: str,
    subtype: str,
    reason: str,
    basis: str,
    remark: str = "",
) -> Change:
    """Decide otherwise than proposed: needs the reason and the basis (依据: document, clause, photo)."""
    _check_choice(profile, category, subtype)
    _need(proposal.parcel, proposal.part, reason=reason, basis=basis)
    return _decide("override", history, proposal, actor, category, subtype, reason, basis, remark, False)


def _decide(
    action: str,
    history: Sequence[Record],
    proposal: Proposal,
    actor: Actor,
    category: str,
    subtype: str,
    reason: str,
    basis: str,
    remark: str,
    accepted: bool,
) -> Change:
    outcome = {
        "category": category,
        "subtype": subtype,
        "reason": reason,
        "basis": basis,
        "remark": remark,
        "accepted": int(accepted),
        "proposal_rule": proposal.rule,
        "proposal_digest": digest(proposal),
    }
    outcome["decided_by"] = actor.person
    return _step(
        action, history, proposal.parcel, proposal.part, actor, DECIDED, outcome, {"proposal": summary(proposal)}
    )


def postpone(history: Sequence[Record], parcel: str, part: str, actor: Actor, until: str, reason: str) -> Change:
    """Put off until a day (ISO), with the reason; the state stays."""
    _need(parcel, part, reason=reason, until=until)
    return _step(
        "postpone", history, parcel, part, actor, state(history), {"reason": reason, "postponed_until": until}, {}
    )


def review(
    history: Sequence[Record],
    actor: Actor,
    profile: Profile,
    rectified: bool = False,
    four_eyes: bool = True,
    remark: str = "",
) -> Change:
    """复核 agrees. With ``four_eyes`` 经办 and 复核 must be different persons.

    A category that asks for rectification first (非农违法: 非农整改到位) passes only when ``rectified``.
    """
    row = _in_force(history)
    _check_state("review", history, _of(row))
    if four_eyes and _same_person(actor.person, str(standing.detail(row, "decided_by") or "")):
        raise WeipianError("judgment.decision_same_person", parcel=_of(row), person=actor.person)
    category = profile.category(str(row["category"]))
    if category is not None and category.after_rectification and not rectified:
        raise WeipianError("judgment.decision_not_rectified", parcel=_of(row), category=category.name)
    return _on("review", history, actor, REVIEWED, {"remark": remark, "reviewed_by": actor.person}, {})


def reject(history: Sequence[Record], actor: Actor, reason: str) -> Change:
    """复核 does not agree: back to 经办 with the reason."""
    row = _in_force(history)
    _need(str(row["parcel"]), str(row["part"]), reason=reason)
    return _on("reject", history, actor, RETURNED, {"reason": reason}, {})


def file(history: Sequence[Record], actor: Actor, four_eyes: bool = True) -> Change:
    """Filled in the reporting system (已填报). Without ``four_eyes`` a decision may be filed unreviewed."""
    allowed = ALLOWED["file"] if four_eyes else (DECIDED, *ALLOWED["file"])
    return _on("file", history, actor, FILED, {}, {}, allowed)


def send_back(history: Sequence[Record], actor: Actor, reason: str, level: str = "") -> Change:
    """A higher level (``level``: 市级, 省级) returned the parcel, with its reason."""
    row = _in_force(history)
    _need(str(row["parcel"]), str(row["part"]), reason=reason)
    return _on("send_back", history, actor, RETURNED, {"reason": reason}, {"returned_by": level})


def reopen(history: Sequence[Record], actor: Actor, reason: str, parcel: str = "") -> Change:
    """What was decided rests on another thing now (the parcel was delivered again): open until a person decides anew.

    Of the whole parcel (``parcel``: its number, needed where only its parts were acted on) it ends a division, too: the parts were
    parts of another shape. It is no act of a person and cannot be undone.
    """
    if current(history) is None and parcel:
        _need(parcel, "", reason=reason)
        change = _step("reopen", history, parcel, "", actor, RETURNED, {"reason": reason}, {})
    else:
        row = _in_force(history)
        _need(str(row["parcel"]), str(row["part"]), reason=reason)
        change = _on("reopen", history, actor, RETURNED, {"reason": reason}, {})
    parcels = {number: {**columns, "split_state": ""} for number, columns in change.parcels.items()}
    return Change(change.insert, change.update, parcels)


def rejudge(
    history: Sequence[Record], actor: Actor, profile: Profile, category: str, subtype: str, reason: str, basis: str
) -> Change:
    """改判: another outcome after review or filing, with reason and basis; it must be decided and reviewed anew."""
    row = _in_force(history)
    _check_choice(profile, category, subtype)
    _need(str(row["parcel"]), str(row["part"]), reason=reason, basis=basis)
    outcome = {"category": category, "subtype": subtype, "reason": reason, "basis": basis, "accepted": 0}
    return _on("rejudge", history, actor, REJUDGED, {**outcome, "decided_by": actor.person}, {})


def undo(
    history: Sequence[Record],
    actor: Actor,
    reason: str = "",
    parts: Optional[Mapping[str, Sequence[Record]]] = None,
    with_parts: bool = True,
) -> Change:
    """Take back what was done last; the row before it is in force again. The history keeps both, and the undoing.

    ``parts``: histories of the parcel's parts. With a split its parts' decisions are taken back, too, where ``with_parts``; without it a
    split whose parts are decided stays, and ``judgment.undo_parts`` names them. Decisions that the split or a merge had put out of force
    count again. A reopening is not undone: nothing decided of an earlier shape comes back into force; a merge (并宗) below it is ended.
    """
    row = _in_force(history)
    if standing.action_of(row) == "reopen":
        return _end_merge_below(history, row, actor, reason)
    if standing.action_of(row) == "split" and not with_parts:
        decided = sorted(part for part, rows in (parts or {}).items() if current(rows) is not None)
        if decided:
            raise WeipianError("judgment.undo_parts", parcel=_of(row), parts="、".join(decided))
    update: dict[str, Record] = {str(row["id"]): _taken_back(row, actor, reason)}
    before = next((entry for entry in history if entry["id"] == standing.detail(row, "previous")), None)
    if before is not None:
        update[str(before["id"])] = {"status": CURRENT}
    columns: dict[str, Any] = {"state": NOT_DECIDED if before is None else standing.state_of(before)}
    action = standing.action_of(row)
    if action in ("split", "merge"):
        columns["split_state"] = standing.detail(row, "split_state_before")
        update.update({key: {"status": CURRENT} for key in standing.detail(row, "closed") or ()})
    for part, rows in (parts or {}).items() if action == "split" else ():
        found = state(rows)
        if found not in ALLOWED["merge"]:
            raise WeipianError("judgment.decision_state", parcel=_of(row) + part, state=found, action="undo")
        for entry in rows:
            if entry["status"] != UNDONE and str(entry["id"]) not in update:
                update[str(entry["id"])] = _taken_back(entry, actor, reason)
    return Change(update=update, parcels={} if row["part"] else {str(row["parcel"]): columns})


def _end_merge_below(history: Sequence[Record], row: Record, actor: Actor, reason: str) -> Change:
    """Ending a merge whose leading parcel was reopened: the merge and what was decided under it are taken back, the reopening stays."""
    acts = standing.acts_in_force(history)
    merge_row = standing.merge_of(acts)
    if merge_row is None:
        raise WeipianError("judgment.undo_reopened", parcel=_of(row))
    place = next(position for position, entry in enumerate(acts) if entry is merge_row)
    update = {str(entry["id"]): _taken_back(entry, actor, reason) for entry in acts[place:] if entry is not row}
    update[str(row["id"])] = {"previous": standing.detail(merge_row, "previous")}
    return Change(update=update, parcels={} if row["part"] else {str(row["parcel"]): {"state": RETURNED}})


def _taken_back(row: Record, actor: Actor, reason: str) -> Record:
    note = {**(row["fields"] or {}), "undone_by": actor.person, "undone_at": actor.at, "undone_why": reason}
    return {"status": UNDONE, "fields": note}


def split(
    history: Sequence[Record],
    parcel: str,
    parts: Mapping[str, float],
    area_m2: float,
    actor: Actor,
    split_state: str = "",
    tolerance_m2: float = 0.01,
    *,
    decided: Optional[Mapping[str, Sequence[Record]]] = None,
) -> Change:
    """Split a parcel into ``parts`` (``_1`` … -> area in m²): at least two, and the areas add up to the parcel's.

    The parent is kept (被拆分); its pieces (拆分) are decided one by one. ``decided``: histories of parts; decisions of an earlier
    split are superseded.
    """
    if len(parts) < 2 or any(not standing.is_part(name) for name in parts):
        raise WeipianError("judgment.split_parts", parcel=parcel, parts="、".join(parts))
    difference = sum(parts.values()) - area_m2
    if any(area <= 0 for area in parts.values()) or not abs(difference) <= tolerance_m2:
        raise WeipianError("judgment.split_areas", parcel=parcel, difference=f"{difference:.4f}")
    closed = _closed(decided)
    outcome = {"category": "", "subtype": "", "split_state_before": split_state}
    extra = {"parts": dict(sorted(parts.items())), **({"closed": sorted(closed)} if closed else {})}
    change = _step("split", history, parcel, "", actor, NOT_DECIDED, outcome, extra)
    children = {
        f"{parcel}{name}": {"parent": parcel, "state": NOT_DECIDED, "split_state": PIECE} for name in sorted(parts)
    }
    update = {**change.update, **closed}
    return Change(change.insert, update, {parcel: {"state": NOT_DECIDED, "split_state": PARENT}, **children})


def _closed(histories: Optional[Mapping[str, Sequence[Record]]]) -> dict[str, Record]:
    """The decisions of parts that another division of the parcel puts out of force."""
    rows = [current(history) for history in (histories or {}).values()]
    return {str(row["id"]): {"status": SUPERSEDED} for row in rows if row is not None}


def merge(
    history: Sequence[Record],
    parcel: str,
    members: Sequence[str],
    histories: Mapping[str, Sequence[Record]],
    actor: Actor,
    split_state: str = "",
    *,
    reason: str = "",
    remark: str = "",
) -> Change:
    """Take a split back (``members``: its parts) or treat several parcels as one project (并宗: ``members``: other parcels).

    ``reason``: why parcels that do not touch are one project. Members that were reviewed or filed cannot be merged: send them back first.
    """
    if not members or parcel in members:
        raise WeipianError("judgment.merge_members", parcel=parcel)
    for member in members:
        found = state(histories.get(member, ()))
        if found not in ALLOWED["merge"]:
            raise WeipianError("judgment.decision_state", parcel=member, state=found, action="merge")
    parts = all(standing.is_part(member) for member in members)
    closed = _closed(histories) if parts else {}
    outcome: dict[str, Any] = {"category": "", "subtype": "", "reason": reason, "remark": remark}
    outcome.update(members=sorted(members), split_state_before=split_state)
    extra = {"closed": sorted(closed)} if closed else {}
    change = _step("merge", history, parcel, "", actor, NOT_DECIDED, outcome, extra)
    columns = {"state": NOT_DECIDED, "split_state": "" if parts else split_state}
    return Change(change.insert, {**change.update, **closed}, {parcel: columns})


def stale(decision: Record, proposal: Optional[Proposal]) -> Optional[Mapping[str, Any]]:
    """依据已变: how today's proposal differs from the one the decision was made on; None when it does not.

    The decision itself is never touched. A proposal that is gone is a difference, too.
    """
    if proposal is not None and digest(proposal) == decision.get("proposal_digest"):
        return None
    before = standing.detail(decision, "proposal") or {}
    after = {} if proposal is None else summary(proposal)
    return {
        "gone": proposal is None,
        "changed": {name: list(values) for name, values in changes(before, after).items()},
    }


# -- how a row is made


def _on(
    action: str,
    history: Sequence[Record],
    actor: Actor,
    target: str,
    outcome: Record,
    extra: Record,
    allowed: tuple[str, ...] = (),
) -> Change:
    """A step on the row in force: its outcome is carried on unless ``outcome`` changes it."""
    row = _in_force(history)
    carried = {
        name: row.get(name)
        for name in ("category", "subtype", "reason", "basis", "accepted", "proposal_rule", "proposal_digest")
    }
    carried.update({name: standing.detail(row, name) for name in ("decided_by", "reviewed_by")})
    kept = _proposal_kept(row)
    return _step(
        action,
        history,
        str(row["parcel"]),
        str(row["part"]),
        actor,
        target,
        {**carried, **outcome},
        {**kept, **extra},
        allowed,
    )


def _step(
    action: str,
    history: Sequence[Record],
    parcel: str,
    part: str,
    actor: Actor,
    target: str,
    outcome: Record,
    extra: Record,
    allowed: tuple[str, ...] = (),
) -> Change:
    _check_state(action, history, _name(parcel, part), allowed)
    if not actor.person.strip():
        raise WeipianError("judgment.decision_nobody", parcel=_name(parcel, part))
    previous = current(history)
    if action == "postpone" and previous is not None:
        names = ("category", "subtype", "basis", "accepted", "proposal_rule", "proposal_digest")
        carried = {name: previous.get(name) for name in names}
        carried.update({name: standing.detail(previous, name) for name in ("decided_by", "reviewed_by")})
        outcome = {**carried, **outcome}
        extra = {**_proposal_kept(previous), **extra}
    number = len(history) + 1
    row = {
        "id": f"{parcel}{part}#{number}",
        "parcel": parcel,
        "part": part,
        "action": action,
        "state": target,
        "previous": None if previous is None else previous["id"],
        "category": "",
        "subtype": "",
        "basis": "",
        "reason": "",
        "remark": "",
        "person": actor.person,
        "role": actor.role,
        "decided_at": actor.at,
        "status": CURRENT,
        "accepted": 0,
        "proposal_rule": None,
        "proposal_digest": None,
        "stale": None,
        "version": number,
        **outcome,
        "fields": dict(extra),
    }
    update = {} if previous is None else {str(previous["id"]): {"status": SUPERSEDED}}
    return Change((row,), update, {} if part else {parcel: {"state": target}})


def _check_state(action: str, history: Sequence[Record], name: str, allowed: tuple[str, ...] = ()) -> None:
    now = state(history)
    if now not in (allowed or ALLOWED[action]):
        raise WeipianError("judgment.decision_state", parcel=name, state=now, action=action)
    if action in _NOT_WHILE_SPLIT and standing.split_of(standing.acts_in_force(history)) is not None:
        raise WeipianError("judgment.decision_split", parcel=name)


#: What is done to the parts of a split parcel, not to the parcel.
_NOT_WHILE_SPLIT = ("accept", "override", "postpone")


def _proposal_kept(row: Record) -> Record:
    """The proposal that a decision rests on goes on with it."""
    proposal = standing.detail(row, "proposal")
    return {} if proposal is None else {"proposal": proposal}


def apply(history: Sequence[Record], change: Change) -> list[Record]:
    """The history after a change, as the workspace will have it."""
    rows = [{**row, **change.update.get(str(row["id"]), {})} for row in history]
    return [*rows, *change.insert]


def _in_force(history: Sequence[Record]) -> Record:
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


def _same_person(left: str, right: str) -> bool:
    return "".join(left.split()).casefold() == "".join(right.split()).casefold()


def _name(parcel: str, part: str) -> str:
    return f"{parcel}{part}"


def _of(row: Record) -> str:
    return _name(str(row["parcel"]), str(row["part"]))
