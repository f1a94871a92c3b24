"""A proposal as it is stored: with the profile it was made under and its digest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..geodesy.units import mu
from ..model.records import Proposal, StoredProposal
from ..workspace import mapping
from ..workspace.journal import now
from .differences import digest
from .profile import Profile


def proposal_of(row: Mapping[str, Any]) -> Proposal:
    """A stored proposal as the rules made it."""
    return mapping.record_of(StoredProposal, row).proposal


def stored(proposal: Proposal, profile: Profile) -> StoredProposal:
    """A proposal as a record of the workspace; what it was measured from (``fingerprint``) is told by the step."""
    return StoredProposal(
        parcel=proposal.parcel,
        part=proposal.part,
        category=proposal.category,
        subtype=proposal.subtype,
        rule=proposal.rule,
        profile=profile.name,
        profile_sha256=profile.sha256,
        area_m2=proposal.area_m2,
        area_mu=mu(proposal.area_m2),
        confidence=proposal.confidence,
        verdict=proposal.verdict,
        reasons=proposal.reasons,
        missing=proposal.missing,
        would_change=proposal.would_change,
        facts=json.loads(json.dumps(dict(proposal.facts), ensure_ascii=False, sort_keys=True, default=str)),
        digest=digest(proposal),
        made_at=now(),
    )


def row_of(proposal: Proposal, profile: Profile) -> dict[str, Any]:
    """A proposal as a row of table ``proposal``."""
    return mapping.row_of(stored(proposal, profile))
