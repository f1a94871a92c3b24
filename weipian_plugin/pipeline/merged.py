"""Parcels that are one project (并宗): the leading parcel's proposal is made from the land of all of them together.

The union is measured against the same layers as a single parcel is, with what is worst of the members: the earliest images, the flags of all.
Its coverage and measures are not stored, because each parcel keeps its own; its proposal is, for the leading parcel and for every member.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Optional

import geopandas
import pandas as pd
import shapely

from .. import judgment, overlay
from ..geodesy.units import mu_decimal
from ..judgment.claims import AREA_CLAIMS, ClaimColumns, normalised
from ..judgment.facts import NO_EVIDENCE, as_date, as_list
from ..judgment.profile import Profile
from ..model.feedback import Feedback, Silent
from ..model.messages import Message
from ..model.records import STORED_CRS, LayerSource, Proposal
from ..model.values import is_blank, is_missing
from ..overlay.engine import read_parcels

#: The rule of a project whose land could not be measured as one.
NOT_MEASURED = "merged_not_measured"


@dataclass(frozen=True)
class Basis:
    """What a judgment of projects rests on, beside the parcels: layers, indexes of them, evidence by parcel, profile and day."""

    layers: Sequence[LayerSource]
    options: overlay.OverlayOptions
    evidence: pd.DataFrame
    profile: Profile
    as_of: date
    layers_changed: Optional[Message] = None


def projects(merges: Mapping[str, tuple[str, ...]], known: Sequence[str]) -> list[tuple[str, ...]]:
    """Each project once, the leading parcel first, without numbers that are no parcels of the workspace."""
    numbers = set(known)
    found = {group: None for group in merges.values() if group[0] in numbers}
    return [group for group in (tuple(n for n in group if n in numbers) for group in found) if len(group) > 1]


def with_projects(
    proposals: Sequence[Proposal],
    parcels: geopandas.GeoDataFrame,
    groups: Sequence[tuple[str, ...]],
    basis: Basis,
    feedback: Feedback,
) -> list[Proposal]:
    """``proposals`` with those of every project in place of what its parcels would be alone; proposed splits of these are dropped."""
    if not groups:
        return list(proposals)
    made = _judged(parcels, groups, basis, feedback)
    alone = {proposal.parcel: proposal for proposal in proposals if not proposal.part}
    made = {lead: _if_members_agree(joint, alone, groups, basis.profile) for lead, joint in made.items()}
    leads = {number: group for group in groups for number in group}
    found = []
    for proposal in proposals:
        group = leads.get(proposal.parcel)
        if group is None:
            found.append(proposal)
        elif not proposal.part:
            found.append(_for_member(proposal, made.get(group[0]), group, basis.profile))
    return found


def _judged(
    parcels: geopandas.GeoDataFrame, groups: Sequence[tuple[str, ...]], basis: Basis, feedback: Feedback
) -> dict[str, Proposal]:
    """The proposal for the whole land of each project, by its leading parcel; none where there is no layer to measure against."""
    if not basis.layers:
        return {}
    joint = joint_parcels(parcels, groups, basis.profile.columns)
    delivery, _ = read_parcels(parcels)
    result = overlay.measure_parcels(joint, basis.layers, basis.options, Silent(), delivery)
    found = judgment.judge(
        judgment.MeasuredTables(
            joint, result.coverage, result.measures, joint_evidence(basis.evidence, groups), result.parts
        ),
        basis.profile,
        feedback,
        as_of=basis.as_of,
        layers_changed=basis.layers_changed,
    )
    return {proposal.parcel: proposal for proposal in found if not proposal.part}


def _if_members_agree(
    joint: Proposal, alone: Mapping[str, Proposal], groups: Sequence[tuple[str, ...]], profile: Profile
) -> Proposal:
    """The joint proposal; in doubt where it would be legal and one of the parcels by itself (its use, images, flags) would not."""
    group = next(group for group in groups if group[0] == joint.parcel)
    category = profile.category(joint.category)
    if category is None or not category.legal:
        return joint
    others = [number for number in group if number in alone and alone[number].category != joint.category]
    if not others:
        return joint
    reason = Message("judgment.merged_member_differs", {"parcels": "、".join(others)})
    return replace(
        joint,
        category=profile.uncertain.name,
        subtype=profile.guard_subtype,
        confidence="low",
        reasons=(*joint.reasons, reason),
    )


def _for_member(alone: Proposal, joint: Optional[Proposal], group: tuple[str, ...], profile: Profile) -> Proposal:
    """The project's proposal under a parcel's own number and area; in doubt where the project could not be measured."""
    if joint is None:
        reason = Message("judgment.merged_not_measured", {"lead": group[0], "parcels": "、".join(group)})
        return Proposal(
            alone.parcel, "", profile.uncertain.name, "", NOT_MEASURED, alone.area_m2, "low", reasons=(reason,)
        )
    details = {
        "lead": group[0],
        "parcels": "、".join(group),
        "count": len(group),
        "area_mu": str(mu_decimal(joint.area_m2)),
    }
    message = Message("judgment.merged", details)
    area = joint.area_m2 if alone.parcel == group[0] else alone.area_m2
    return replace(joint, parcel=alone.parcel, area_m2=area, reasons=(message, *joint.reasons))


def joint_parcels(
    parcels: geopandas.GeoDataFrame, groups: Sequence[tuple[str, ...]], columns: ClaimColumns
) -> geopandas.GeoDataFrame:
    """One row a project under its leading number: the union of the land, the flags of all, the images that are worst for 合法."""
    rows = {str(row["number"]): row for row in parcels.to_dict("records")}
    joint = []
    for group in groups:
        members = [rows[number] for number in group]
        shape = shapely.union_all([row["geometry"] for row in members])
        areas = [row.get("area_m2") for row in members]
        apart = shapely.area(shape) >= 0.999999 * sum(shapely.area(row["geometry"]) for row in members)
        known = apart and not any(is_missing(area) for area in areas)
        joint.append(
            {
                **_without_areas(members[0], columns),
                "geometry": shape,
                "area_m2": sum(float(area) for area in areas) if known else None,
                "earlier_image": _earliest([row.get("earlier_image") for row in members]),
                "later_image": _earliest([row.get("later_image") for row in members]),
                "flags": sorted({flag for row in members for flag in as_list(row.get("flags"))}),
            }
        )
    return geopandas.GeoDataFrame(joint, geometry="geometry", crs=STORED_CRS)


def _without_areas(row: Mapping[str, object], columns: ClaimColumns) -> dict[str, object]:
    """The leading parcel's row without the areas its county filled in: they are of that parcel alone."""
    names = {name for claim in AREA_CLAIMS for name in columns.names.get(claim, ())}
    kept = dict(row)
    for column, unwanted in (("claims", set(AREA_CLAIMS)), ("delivered", names)):
        value = row.get(column)
        if isinstance(value, Mapping):
            kept[column] = {key: entry for key, entry in value.items() if normalised(str(key)) not in unwanted}
    return kept


def _earliest(images: Sequence[object]) -> object:
    """The earliest of the images; None where one of them is not known."""
    spans = [(span, image) for image in images for span in [as_date(image)] if span is not None]
    if len(spans) < len(images) or any(is_blank(image) for image in images):
        return None
    return min(spans, key=lambda pair: (pair[0].first, pair[0].last))[1]


def joint_evidence(evidence: pd.DataFrame, groups: Sequence[tuple[str, ...]]) -> pd.DataFrame:
    """Evidence of a project under its leading number: the photos that each of its parcels has at least, the documents of the leading one."""
    rows = {str(row["parcel"]): row for row in evidence.to_dict("records")}
    columns = [name for name in NO_EVIDENCE if name in evidence.columns]
    joint = []
    for group in groups:
        members = [rows.get(number, {}) for number in group]
        together: dict[str, Any] = {"parcel": group[0]}
        for name in columns:
            values = [row.get(name) for row in members]
            if name == "documents":
                together[name] = list(as_list(values[0]))
            else:
                together[name] = min(0 if is_missing(value) else int(float(str(value))) for value in values)
        joint.append(together)
    return pd.DataFrame(joint, columns=["parcel", *columns])
