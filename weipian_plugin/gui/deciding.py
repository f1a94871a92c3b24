"""Decisions of the person at the screen: the rules of ``judgment.decisions``, written in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable

import pandas as pd

from ..judgment import decisions
from ..judgment.decisions import Actor, Change
from ..model.errors import WeipianError
from ..model.messages import Message
from ..model.records import Missing, Proposal
from ..workspace import Workspace
from ..workspace.journal import now
from .session import Details

OFFICER, REVIEWER = decisions.CASE_OFFICER, decisions.REVIEWER

#: What the journal says of each action.
WHY = {
    "accept": "采纳建议",
    "override": "改为其他判定",
    "postpone": "搁置",
    "review": "复核同意",
    "reject": "复核退回",
    "file": "已填报",
    "send_back": "上级退回",
    "rejudge": "改判",
    "split": "拆分",
    "merge": "并宗",
    "undo": "撤销",
}


def proposal_of(row: Mapping[str, Any]) -> Proposal:
    """A stored proposal as the rules made it."""

    def message(entry: Mapping[str, Any]) -> Message:
        return Message(str(entry.get("code", "")), entry.get("details") or {})

    return Proposal(
        parcel=row["parcel"],
        part=row["part"] or "",
        category=row["category"] or "",
        subtype=row["subtype"] or "",
        rule=row["rule"] or "",
        area_m2=float(row["area_m2"] or 0.0),
        confidence=row["confidence"] or "",
        reasons=tuple(message(entry) for entry in row["reasons"] or ()),
        missing=tuple(Missing(str(entry.get("evidence", "")), message(entry)) for entry in row["missing"] or ()),
        would_change=tuple(message(entry) for entry in row["would_change"] or ()),
        facts=row["facts"] or {},
        verdict=row["verdict"] or "未填报",
    )


def actor(person: str, role: str) -> Actor:
    return Actor(person, role, now())


def decide(
    store: Workspace,
    details: Details,
    part: str,
    action: str,
    who: str,
    make: Callable[[list[dict[str, Any]]], Change],
    form: Mapping[str, str] | None = None,
) -> None:
    """Carry out ``make(history)`` on what the person saw.

    The history is read again inside the transaction; when a colleague was faster, nothing is written and
    ``workspace.conflict`` is raised. ``form``: what was typed beside the judgment (项目名称 …), kept with the decision.
    """
    seen = _marks(details.history(part))
    stored = details.proposal(part)
    with store.transaction():
        history = store.read("decision", parcel=details.number, part=part).to_dict("records")
        if _marks(history) != seen:
            raise WeipianError("workspace.conflict", table="人工判定", key=details.number + part)
        change = make(history)
        why = WHY[action]
        for key, columns in change.update.items():
            store.update("decision", {"id": key}, dict(columns), who, why)
        for row in change.insert:
            record = {**row, "fields": {**(form or {}), **row["fields"]}}
            if action in ("accept", "override") and stored is not None:
                record["proposal_digest"] = stored["digest"]
            store.insert("decision", pd.DataFrame([record]), who, why, each=True)
        for number, columns in change.parcels.items():
            if number != details.number and not len(store.read("parcel", number=number)):
                continue  # a piece of a split is decided as a part of its parent; only delivered pieces have rows
            version = details.parcel["version"] if number == details.number else None
            store.update("parcel", {"number": number}, {**columns, "updated_at": now()}, who, why, version=version)


def _marks(history: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(str(row["id"]), str(row["status"])) for row in history]


def attach(store: Workspace, photo: str, parcel: str, attached: bool, who: str) -> None:
    """A person's word on a photo: it belongs to this parcel, or it does not. Later runs keep it."""
    status = "attached" if attached else "detached"
    with store.transaction():
        known = store.read("photo_parcel", photo=photo, parcel=parcel)
        values = {"status": status, "manual": 1, "by": who, "at": now()}
        why = "挂接照片" if attached else "解除挂接"
        if len(known):
            store.update("photo_parcel", {"photo": photo, "parcel": parcel}, values, who, why)
        else:
            row = {"photo": photo, "parcel": parcel, **values}
            store.insert("photo_parcel", pd.DataFrame([row]), who, why, each=True)
