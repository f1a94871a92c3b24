"""What goes outside with a parcel, and what a verifier may fill in there."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import shapely

from ...geodesy.units import mu
from ...model.errors import WeipianError
from ...model.records import Parcel, StoredProposal
from ...model.values import text_of
from ...workspace.repository import Repository
from ...workspace.store import Workspace

#: Rows are told apart by this on both sides; the same parcel always gets the same one, so that a return can be repeated.
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "weipian:field-parcel")

#: Columns that a verifier fills in, with the title the decision form gives the same field. Everything else is locked.
FILLED_IN: Mapping[str, str] = {
    "use_detail": "用途分类细化",
    "project_name": "项目名称",
    "construction_date": "建设时间",
    "project_owner": "项目主体",
    "field_description": "现场核查描述",
}
#: Columns about the visit itself.
VISIT: Mapping[str, str] = {"verifier": "核查人", "visited_at": "核查日期"}

PROPOSAL, MISSING = "proposal", "missing"
#: Columns shown and locked.
SHOWN: Mapping[str, str] = {
    "number": "图斑编号",
    "visit_order": "核查顺序",
    "county": "县（市、区）",
    "township": "乡镇",
    "village": "村",
    "type": "图斑类型",
    "area_mu": "面积（亩）",
    "earlier_image": "前时相",
    "later_image": "后时相",
    "due": "填报期限",
    PROPOSAL: "判定建议",
    MISSING: "缺少的材料",
    "lon": "经度（CGCS2000）",
    "lat": "纬度（CGCS2000）",
}


@dataclass(frozen=True)
class FieldParcel:
    """A parcel as it goes outside. ``geometry``: (multi)polygon in CGCS2000 degrees; ``lon``, ``lat``: a point inside it;
    ``version``: of the workspace's row at export; ``filled``: column of :data:`FILLED_IN` → text known already."""

    number: str
    geometry: Any
    lon: float
    lat: float
    area_mu: float
    version: int
    texts: Mapping[str, str]
    filled: Mapping[str, str]

    @property
    def key(self) -> str:
        """The uuid of the parcel's row in every field package of this workspace."""
        return str(uuid.uuid5(_NAMESPACE, self.number))


def read_field_parcels(store: Workspace, numbers: Sequence[str]) -> tuple[FieldParcel, ...]:
    """The parcels ``numbers`` as they go outside, in that order.

    Raises ``run.filter_unknown`` for numbers the workspace does not have, ``evidence.field_nothing`` for none.
    """
    if not numbers:
        raise WeipianError("evidence.field_nothing")
    repository = Repository(store)
    parcels = {parcel.number: parcel for parcel in repository.all(Parcel, number=list(numbers))}
    unknown = [number for number in numbers if number not in parcels]
    if unknown:
        raise WeipianError("run.filter_unknown", parcels="、".join(unknown[:10]), count=len(unknown))
    of_parcels = repository.all(StoredProposal, parcel=list(numbers))
    proposals = {proposal.parcel: proposal for proposal in of_parcels if not proposal.part}
    return tuple(_parcel(parcels[number], proposals.get(number, StoredProposal(number))) for number in numbers)


def _parcel(parcel: Parcel, proposal: StoredProposal) -> FieldParcel:
    inside = shapely.point_on_surface(parcel.geometry)
    known = {entry.name for entry in fields(Parcel)}
    texts = {name: text_of(getattr(parcel, name)) for name in SHOWN if name in known}
    texts[PROPOSAL] = f"{proposal.category} {proposal.subtype}".strip()
    texts[MISSING] = "；".join(missing.title for missing in proposal.missing)
    claims = parcel.claims
    filled = {name: text_of(claims.get(name) or claims.get(title)) for name, title in FILLED_IN.items()}
    return FieldParcel(
        parcel.number,
        parcel.geometry,
        float(inside.x),
        float(inside.y),
        mu(parcel.area_m2 or 0.0),
        parcel.version or 0,
        texts,
        filled,
    )
