"""A proposal as it is stored: with the profile it was made under and its digest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Optional

from ..geodesy.figures import figure, part_figures
from ..geodesy.units import mu
from ..model.records import Proposal, StoredProposal
from ..model.values import is_missing
from ..workspace import mapping
from ..workspace.journal import now
from .differences import digest
from .profile import Profile


def proposal_of(row: Mapping[str, object]) -> Proposal:
    """A stored proposal as the rules made it."""
    return mapping.record_of(StoredProposal, row).proposal


def stored(proposal: Proposal, profile: Profile) -> StoredProposal:
    """A proposal as a record of the workspace; what it was measured from (``fingerprint``) is stated by the step."""
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


def rows_of(proposals: Iterable[Proposal], profile: Profile) -> list[dict[str, Any]]:
    """Proposals as they are stored; the figures in 亩 of a parcel's parts add up to the parcel's."""
    rows = [row_of(proposal, profile) for proposal in proposals]
    figures = figures_of(rows)
    return [{**row, "area_mu": figures[(row["parcel"], row["part"])]} for row in rows]


def figures_of(rows: Iterable[Mapping[Any, Any]]) -> dict[tuple[str, str], Optional[float]]:
    """The figure in 亩 of each parcel and part among rows of table ``proposal``, by (parcel, part): the one every paper has."""
    sizes: dict[str, dict[str, Optional[float]]] = {}
    for row in rows:
        area: Any = row.get("area_m2")
        sizes.setdefault(str(row["parcel"]), {})[str(row.get("part") or "")] = None if is_missing(area) else float(area)
    result: dict[tuple[str, str], Optional[float]] = {}
    for parcel, areas in sizes.items():
        whole = areas.pop("", None)
        figures = {"": figure(whole), **part_figures(areas, whole)}
        result.update({(parcel, part): None if value is None else float(value) for part, value in figures.items()})
    return result
