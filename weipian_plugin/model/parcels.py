"""What the workspace keeps of parcels and of what was measured on them: one class a table, one field a column, in the order of the table.

A blank text is "", a value that may be absent is None. Areas are m² on the CGCS2000 ellipsoid (亩 in ``area_mu``, projected m² where the
name says so); geometry is EPSG:4490, longitude first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Optional

from .columns import Use, column
from .words import DecisionState, ParcelKind, Timing

if TYPE_CHECKING:  # the packages are looked for after the plugin was loaded
    from shapely.geometry.base import BaseGeometry

_KNOWN = Use.FILTER | Use.FORM


@dataclass(frozen=True)
class Batch:
    """A delivery that was taken in (批次): table ``batch``."""

    name: str
    kind: str = ""
    source: str = ""
    sha256: str = ""
    encoding: Optional[str] = None
    crs: Optional[str] = None
    unit: Optional[str] = None
    family: Optional[str] = None
    received_at: str = ""
    accepted: Optional[int] = None
    refused: Optional[int] = None
    report: Mapping[str, Any] = column(factory=dict)


@dataclass(frozen=True)
class Parcel:
    """图斑: table ``parcel``. This list of columns is the only one: table, intake, filter and forms take theirs from it."""

    number: str = column(uses=Use.DELIVERED | _KNOWN)
    batch: str = column("", Use.FORM)
    kind: ParcelKind = column(ParcelKind.LAND, Use.DELIVERED | Use.COMPARED | Use.FILTER)
    parent: str = column("", Use.ATTRIBUTE)
    county_code: str = column("", Use.ATTRIBUTE)
    county: str = column("", Use.ATTRIBUTE)
    township: str = column("", Use.ATTRIBUTE)
    village: str = column("", Use.ATTRIBUTE)
    level: str = column("", Use.ATTRIBUTE)  # 一级, 二级, 三级
    type: str = column("", Use.ATTRIBUTE)
    earlier_image: str = column("", Use.ATTRIBUTE)  # dates, possibly partial
    later_image: str = column("", Use.ATTRIBUTE)
    issued: str = column("", Use.ATTRIBUTE)
    due: str = column("", _KNOWN)
    area_m2: Optional[float] = column(None, Use.DELIVERED | Use.FILTER)
    area_mu: Optional[float] = column(None, Use.FILTER)
    projected_area_m2: Optional[float] = column(None, Use.DELIVERED)
    zone: Optional[int] = column(None, Use.DELIVERED)
    delivered_area: Optional[float] = column(None, Use.DELIVERED | Use.COMPARED)
    delivered_unit: str = column("", Use.DELIVERED | Use.COMPARED)  # mu, m2, ha, unknown
    state: DecisionState = column(DecisionState.NOT_DECIDED, _KNOWN)
    split_state: str = column("", _KNOWN)  # as delivered, or a word of SplitState
    review_stage: str = column("", _KNOWN)
    flags: tuple[str, ...] = column((), Use.DELIVERED)
    claims: Mapping[str, Any] = column(uses=Use.DELIVERED, factory=dict)
    delivered: Mapping[str, Any] = column(uses=Use.DELIVERED, factory=dict)  # every attribute as it came
    repair: Optional[Mapping[str, Any]] = column(None, Use.DELIVERED)
    source: str = column("", Use.DELIVERED)
    feature: str = column("", Use.DELIVERED)
    version: int = 0
    updated_at: str = ""
    geometry_digest: str = ""
    first_seen: Optional[str] = None  # days in which building began, ``first/last``, as marked on dated images
    geometry: Optional[BaseGeometry] = None


@dataclass(frozen=True)
class FirstSeen:
    """A person's mark since which dated image something stands on a parcel (影像首见): table ``first_seen``.

    ``absent_image``: the last image without it, None where every earlier image is missing; ``previous``: the mark it replaced.
    """

    id: str
    parcel: str
    absent_image: Optional[str] = None
    absent_first: Optional[str] = None
    absent_last: Optional[str] = None
    seen_image: str = ""
    seen_first: str = ""
    seen_last: str = ""
    person: str = ""
    marked_at: str = ""
    status: str = ""  # current, replaced, withdrawn
    previous: Optional[str] = None


@dataclass(frozen=True)
class Part:
    """A part of a proposed split (拟拆分地块): table ``part``."""

    parcel: str
    part: str
    basis: str = ""  # the role that covers it
    group: str = ""
    area_m2: float = 0.0
    sliver: bool = False
    geometry: Optional[BaseGeometry] = None


@dataclass(frozen=True)
class Region:
    """The approved or the uncovered part of a parcel: table ``region``."""

    parcel: str
    part: str = ""
    region: str = ""
    area_m2: Optional[float] = None
    geometry: Optional[BaseGeometry] = None


@dataclass(frozen=True)
class Coverage:
    """What of a parcel or part a layer covers (套合面积): table ``coverage``. A blank ``group`` is the union of the role."""

    parcel: str
    part: str = ""
    role: str = ""
    group: str = ""
    area_m2: Optional[float] = None
    area_mu: Optional[float] = None
    share: Optional[float] = None  # percent of the parcel or part
    projected_m2: Optional[float] = None
    timing: Optional[Timing] = None
    document: str = ""
    date: str = ""
    until: str = ""
    authority: str = ""
    project: str = ""
    use: str = ""
    unit: str = ""
    kind: str = ""
    status: str = ""
    doubt: str = ""
    fingerprint: Optional[str] = None
    geometry: Optional[BaseGeometry] = None


@dataclass(frozen=True)
class Measure:
    """One figure of a parcel or part (量算指标): table ``measure``. ``value`` is text, also of numbers; None was not measured."""

    parcel: str
    part: str = ""
    measure: str = ""
    value: Optional[str] = None
    unit: str = ""
    fingerprint: Optional[str] = None
