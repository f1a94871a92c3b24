"""A proposal as a row of table ``proposal``, and back: the one place where its columns are named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..geodesy.units import mu
from ..model.messages import Message
from ..model.records import Missing, Proposal
from ..workspace.journal import now
from .differences import digest
from .profile import Profile

#: Columns whose text is a field of :class:`Proposal` of the same name.
_TEXTS = ("parcel", "part", "category", "subtype", "rule", "confidence")


def proposal_of(row: Mapping[str, Any]) -> Proposal:
    """A stored proposal as the rules made it."""
    return Proposal(
        **{name: str(row.get(name) or "") for name in _TEXTS},
        area_m2=float(row.get("area_m2") or 0.0),
        reasons=tuple(_message(entry) for entry in row.get("reasons") or ()),
        missing=tuple(_missing(entry) for entry in row.get("missing") or ()),
        would_change=tuple(_message(entry) for entry in row.get("would_change") or ()),
        facts=row.get("facts") or {},
        verdict=str(row.get("verdict") or "未填报"),
    )


def row_of(proposal: Proposal, profile: Profile) -> dict[str, Any]:
    """A proposal as it is stored, with the profile it was made under and its digest."""
    return {
        **{name: getattr(proposal, name) for name in _TEXTS},
        "profile": profile.name,
        "profile_sha256": profile.sha256,
        "area_m2": proposal.area_m2,
        "area_mu": mu(proposal.area_m2),
        "verdict": proposal.verdict,
        "reasons": [reason.as_record() for reason in proposal.reasons],
        "missing": [
            {
                "evidence": item.evidence,
                "title": item.reason.details.get("evidence", item.evidence),
                **item.reason.as_record(),
            }
            for item in proposal.missing
        ],
        "would_change": [item.as_record() for item in proposal.would_change],
        "facts": json.loads(json.dumps(dict(proposal.facts), ensure_ascii=False, sort_keys=True, default=str)),
        "digest": digest(proposal),
        "made_at": now(),
    }


def _message(entry: Mapping[str, Any]) -> Message:
    return Message(str(entry.get("code", "")), entry.get("details") or {})


def _missing(entry: Mapping[str, Any]) -> Missing:
    reason = entry.get("reason")
    return Missing(str(entry.get("evidence", "")), _message(reason if isinstance(reason, Mapping) else entry))
