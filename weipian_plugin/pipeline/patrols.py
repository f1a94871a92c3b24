"""巡查: records of patrols in a workspace, and a finding that becomes a parcel of its own (自查图斑)."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

import geopandas
import shapely

from ..geodesy import zone as zones
from ..geodesy.area import ellipsoidal_area
from ..geodesy.units import MU_PER_M2
from ..model.errors import WeipianError
from ..model.patrol import PatrolRecord, problems
from ..model.records import STORED_CRS
from ..workspace import Workspace
from ..workspace.geometry import as_multipolygon
from ..workspace.journal import now
from ..workspace.mapping import row_of
from ..workspace.repository import Repository
from .parcel_rows import dated, parcel_rows

BATCH = "自查"
#: Columns that a change of a record leaves alone.
_OF_THE_STORE = ("version", "added_by", "added_at")


def read_patrols(store: Workspace) -> tuple[PatrolRecord, ...]:
    """All records, the latest first."""
    found = Repository(store).all(PatrolRecord)
    return tuple(sorted(found, key=lambda record: record.day, reverse=True))


def save_patrol(store: Workspace, record: PatrolRecord, who: str) -> PatrolRecord:
    """Write a record; one without an id is new. Raises the first of :func:`model.patrol.problems`, ``workspace.conflict``."""
    for found in problems(record, date.today()):
        raise WeipianError(found.code, **found.details)
    with store.transaction():
        if record.id:
            typed = {name: value for name, value in row_of(record).items() if name not in _OF_THE_STORE}
            store.update("patrol", {"id": record.id}, typed, who, "修改巡查记录", version=record.version)
            return replace(record, version=record.version + 1)
        made = replace(record, id=uuid.uuid4().hex, version=1, added_by=who, added_at=now())
        Repository(store).add([made], who, "登记巡查记录")
        return made


def make_parcel(store: Workspace, record: PatrolRecord, area_mu: float, who: str) -> PatrolRecord:
    """A finding as a parcel (自查图斑): a circle of ``area_mu`` about the place, until somebody draws its outline.

    It has no image dates and no level, so the rules never propose 合法 for it by themselves, and its level is asked for. Raises
    ``run.patrol_no_place``, ``run.patrol_is_parcel``, ``run.patrol_area``.
    """
    if record.parcel:
        raise WeipianError("run.patrol_is_parcel", parcel=record.parcel)
    if record.lon is None or record.lat is None:
        raise WeipianError("run.patrol_no_place", day=record.day, village=record.village)
    if not 0 < area_mu < 1e5:
        raise WeipianError("run.patrol_area", area=area_mu)
    zone = zones.zone_of(record.lon)
    centre = zones.project(shapely.Point(record.lon, record.lat), zone)
    circle = shapely.buffer(centre, (area_mu / float(MU_PER_M2) / 3.141592653589793) ** 0.5, quad_segs=16)
    shape = as_multipolygon(zones.unproject(circle, zone))
    with store.transaction():
        known = {str(row[0]) for row in store.values("parcel", ("number",))}
        day = record.day.replace("-", "")
        number = next(name for name in (f"ZC{day}{count:03d}" for count in range(1, 1000)) if name not in known)
        near = next(iter(store.records("parcel")), {})
        found: dict[str, object] = {
            "number": number, "batch": BATCH, "kind": "land", "county_code": near.get("county_code"), "county": near.get("county"),
            "township": near.get("township"), "village": record.village, "level": None, "type": "自查", "issued": record.day,
            "area_m2": float(ellipsoidal_area([shape])[0]), "projected_area_m2": float(circle.area), "zone": zone, "flags": [], "claims": {},
            "delivered": {"来源": "巡查", "发现": record.finding}, "source": "巡查", "feature": record.id,
        }  # fmt: skip
        parcel = geopandas.GeoDataFrame([found], geometry=[shape], crs=STORED_CRS)
        store.insert("parcel", parcel_rows(dated(parcel)), who, "巡查发现转为自查图斑", each=True)
        return save_patrol(store, replace(record, parcel=number), who)
