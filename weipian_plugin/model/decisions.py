"""What the workspace keeps of judging: a stored proposal, what persons decided, and what they have typed and not decided yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

from .columns import column
from .messages import Message
from .words import DecisionAction, DecisionState, DecisionStatus


@dataclass(frozen=True)
class Missing:
    """A piece of evidence (证明材料) that a category wants and the workspace does not have."""

    evidence: str
    reason: Message

    @property
    def title(self) -> str:
        """What people call it."""
        return str(self.reason.details.get("evidence", self.evidence))

    def as_record(self) -> dict[str, Any]:
        """For JSON columns."""
        return {"evidence": self.evidence, "title": self.title, **self.reason.as_record()}

    @classmethod
    def of_record(cls, entry: Mapping[str, object]) -> Missing:
        """From a JSON column."""
        reason = entry.get("reason")
        return cls(str(entry.get("evidence", "")), Message.of_record(reason if isinstance(reason, Mapping) else entry))


@dataclass(frozen=True)
class Proposal:
    """What the rules propose for a parcel or one of its parts; never a finding."""

    parcel: str
    part: str  # "" for the whole parcel, "_1", "_2", ... for a proposed split
    category: str
    subtype: str
    rule: str
    area_m2: float
    confidence: str  # "high", "medium", "low"
    reasons: tuple[Message, ...] = ()
    missing: tuple[Missing, ...] = ()
    would_change: tuple[Message, ...] = ()  # what would change the outcome
    facts: Mapping[str, Any] = field(default_factory=dict)  # values the rule looked at, and thresholds
    verdict: str = "未填报"  # the county's own claim against the proposal: 一致 / 不一致 / 存疑 / 未填报


@dataclass(frozen=True)
class StoredProposal:
    """A proposal with the profile it was made under, its digest and what it was made from: table ``proposal``."""

    parcel: str
    part: str = ""
    category: str = ""
    subtype: str = ""
    rule: str = ""
    profile: str = ""
    profile_sha256: str = ""
    area_m2: float = 0.0
    area_mu: Optional[float] = None
    confidence: str = ""
    verdict: str = "未填报"
    reasons: tuple[Message, ...] = ()
    missing: tuple[Missing, ...] = ()
    would_change: tuple[Message, ...] = ()
    facts: Mapping[str, Any] = column(factory=dict)
    digest: str = ""
    made_at: str = ""
    fingerprint: Optional[str] = None

    @property
    def proposal(self) -> Proposal:
        """As the rules made it."""
        return Proposal(
            self.parcel,
            self.part,
            self.category,
            self.subtype,
            self.rule,
            self.area_m2,
            self.confidence,
            self.reasons,
            self.missing,
            self.would_change,
            self.facts,
            self.verdict,
        )


@dataclass(frozen=True)
class Decision:
    """One act of a person on a parcel or part (判定): table ``decision``. What it means beside the others: ``judgment/standing.py``.

    ``action`` and ``state`` are None in rows written by hand, which are known by their ``role``.
    """

    id: str
    sequence: Optional[int] = None  # the order of acts, given by the store
    parcel: str = ""
    part: str = ""
    action: Optional[DecisionAction] = column(None, formerly="fields")
    state: Optional[DecisionState] = column(None, formerly="fields")
    category: str = ""
    subtype: str = ""
    basis: str = ""
    reason: str = ""
    remark: str = ""
    person: str = ""
    role: str = ""  # 经办 / 复核
    decided_at: str = ""  # ISO, local time with offset
    status: DecisionStatus = DecisionStatus.CURRENT
    accepted: bool = False
    previous: Optional[str] = column(None, formerly="fields")
    decided_by: Optional[str] = column(None, formerly="fields")
    reviewed_by: Optional[str] = column(None, formerly="fields")
    postponed_until: Optional[str] = column(None, formerly="fields")
    members: Optional[tuple[str, ...]] = column(None, formerly="fields")
    split_state_before: Optional[str] = column(None, formerly="fields")
    fields: Mapping[str, Any] = column(factory=dict)  # what was typed, the proposal it rests on, the parts of a split
    proposal_rule: Optional[str] = None
    proposal_digest: Optional[str] = None
    fingerprint: Optional[str] = None
    stale: Optional[Mapping[str, Any]] = None
    version: int = 0


@dataclass(frozen=True)
class Draft:
    """What a person has typed on a parcel or part and not decided yet (草稿): table ``draft``."""

    person: str
    parcel: str
    part: str = ""
    fields: Mapping[str, Any] = column(factory=dict)
    updated_at: str = ""
