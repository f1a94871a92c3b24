"""What a package is made of: one parcel with everything the workspace knows of it, gathered once and never changed.

A :class:`ParcelCase` holds no open files and no layers; it can be made on any thread, and its digest decides whether a
package that already lies in the folder is still current.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Optional

import shapely
from shapely.geometry.base import BaseGeometry

from ..model.enforcement import EnforcementCase
from ..model.records import Coverage, Decision, Parcel, Part, Photo, Proposal, Rectification, SourceFile
from ..model.values import to_python
from .ledger import Entry

#: Rendered later, or the journal's own account, which grows with every export.
_NOT_IN_DIGEST = ("maps", "ledger", "journal_end", "unmeasured")

#: Layers, and what nothing can be said of where none of them is given.
_MEASURED_BY = (
    (("basic_farmland",), ("basic_farmland", "uncovered_basic_farmland")),
    (("ecological_redline",), ("ecological_redline", "uncovered_ecological_redline")),
    (
        ("land_survey",),
        ("farmland", "other_agricultural", "agricultural", "construction", "unused", "uncovered_farmland"),
    ),
    (("farmland_conversion", "linkage"), ("approved", "approved_in_time", "approved_share")),
    *(((role,), (role,)) for role in ("land_supply", "registration", "temporary_land", "facility_agriculture")),
)


@dataclass(frozen=True)
class PhotoEvidence:
    """A photo tied to the parcel: where it lies, what was read from it, and how it looks at the parcel."""

    path: Path
    sha256: str
    record: Photo = field(default_factory=lambda: Photo(""))
    distance_m: Optional[float] = None
    bearing_difference: Optional[float] = None
    phase: str = ""  # before, during, after (拆除复耕), or "" when nobody said

    @property
    def azimuth(self) -> Optional[float]:
        """Degrees clockwise from true north, 0 <= azimuth < 360; None when the photo has none. Zero is a value."""
        return None if self.record.azimuth is None else self.record.azimuth % 360.0

    @property
    def position(self) -> Optional[tuple[float, float]]:
        """Longitude and latitude, or None."""
        lon, lat = self.record.lon, self.record.lat
        return None if lon is None or lat is None else (lon, lat)

    @property
    def taken_at(self) -> str:
        return self.record.taken_at or ""


@dataclass(frozen=True)
class AttachedDocument:
    """A document (证明材料) the office attached to the parcel."""

    path: Path
    kind: str
    title: str = ""
    number: str = ""
    date: str = ""
    authority: str = ""
    sha256: str = ""
    id: str = ""


@dataclass(frozen=True)
class MapFile:
    """A rendered map (位置图): made by the QGIS layout on the main thread, passed on as a file."""

    path: Path
    kind: str = "location"
    lacks: tuple[str, ...] = ()  # imagery that could not be shown


#: ``kind`` of a page of 历史影像对比.
HISTORY = "history"


@dataclass(frozen=True)
class Conclusion:
    """What counts as decided, or as reviewed (``role`` 复核), for a parcel or one of its parts."""

    parcel: str
    part: str
    category: str
    subtype: str
    basis: str
    reason: str
    person: str
    role: str  # 经办 / 复核
    decided_at: str  # ISO, local time with offset
    remark: str = ""  # 备注; of a review 复核说明


@dataclass(frozen=True)
class Member:
    """A parcel of a project of several (并宗)."""

    number: str
    village: str
    area_m2: Optional[float]


@dataclass(frozen=True)
class ParcelCase:
    """One parcel as the forms need it, in the records of the workspace.

    ``measures`` maps part ("" = whole parcel) to measure name to value (m² unless the measure says otherwise).
    ``decisions`` are those in force: of the person in charge (经办) and, after it, of the reviewer (复核), for the parcel and its parts.
    ``map_inputs`` says what the map would be made from (template digest, imagery, resolution), so that a resumed run can tell
    whether a package is current without rendering.
    """

    parcel: Parcel
    coverage: tuple[Coverage, ...]
    measures: Mapping[str, Mapping[str, Any]]
    proposals: tuple[Proposal, ...] = ()
    decisions: tuple[Conclusion, ...] = ()
    history: tuple[Decision, ...] = ()  # every act, oldest first, those taken back among them; () = as `decisions`
    decided_fields: Mapping[str, Any] = field(default_factory=dict)  # 项目名称 etc. as typed by the person who decided
    part_fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # the same of each part
    merged: tuple[str, ...] = ()  # 并宗: all parcels of the project, the leading one first
    project: tuple[Member, ...] = ()  # the same with place and area
    office: Mapping[str, Any] = field(default_factory=dict)  # table `setting`: 填报单位, 制表人, 审核人
    photos: tuple[PhotoEvidence, ...] = ()
    documents: tuple[AttachedDocument, ...] = ()
    rectification: tuple[Rectification, ...] = ()
    enforcement: tuple[EnforcementCase, ...] = ()
    journal: tuple[Mapping[str, Any], ...] = ()
    parts: tuple[Part, ...] = ()
    sources: tuple[SourceFile, ...] = ()
    schema: tuple[tuple[str, str], ...] = ()  # delivered fields and their fiona types; () = inferred
    profile: str = ""
    profile_sha256: str = ""
    plugin_version: str = ""
    map_inputs: Mapping[str, Any] = field(default_factory=dict)
    maps: tuple[MapFile, ...] = ()
    ledger: Optional[Mapping[str, Entry]] = None  # what the journal says was decided; None = it does not say
    layers_changed: str = ""  # layers that are others now than those measured, as people read them
    unmeasured: bool = False  # others of the workspace are measured, this one (new, or delivered again) is not
    journal_end: tuple[int, str] = (0, "")  # number and digest of the journal's last row

    @property
    def number(self) -> str:
        return self.parcel.number

    @property
    def geometry(self) -> Optional[BaseGeometry]:
        """MultiPolygon in EPSG:4490."""
        return self.parcel.geometry

    @property
    def decision(self) -> Optional[Conclusion]:
        """The last decision on the whole parcel by the person in charge (经办), or None."""
        return self._last("经办")

    @property
    def review(self) -> Optional[Conclusion]:
        """The last review (复核), where it came after the decision: by the order of acts, not by the clock."""
        review, decision = self._last("复核"), self.decision
        if review is None or (decision is not None and self.decisions.index(review) < self.decisions.index(decision)):
            return None
        return review

    def _last(self, role: str) -> Optional[Conclusion]:
        result = [decision for decision in self.decisions if decision.role == role and decision.part == ""]
        return result[-1] if result else None

    @property
    def proposal(self) -> Optional[Proposal]:
        """What the rules propose for the whole parcel."""
        return next((proposal for proposal in self.proposals if proposal.part == ""), None)

    @cached_property
    def not_given(self) -> frozenset[str]:
        """Measures of layers that were not among those of the overlay: unknown, although the overlay has written a zero for them."""
        given = {row.role for row in self.coverage}
        absent = [names for roles, names in _MEASURED_BY if given and not given & set(roles)]
        return frozenset(name for names in absent for name in names)

    def measure(self, name: str, part: str = "") -> Optional[float]:
        """A measure as a number; None when it was not measured, is text, or is of a layer that was not given. Never 0 in place of unknown."""
        if name in self.not_given:
            return None
        value = to_python(self.measures.get(part, {}).get(name))
        if value is None or isinstance(value, bool):
            return None
        try:
            number = float(value)
        except (TypeError, ValueError):
            return None
        return number if math.isfinite(number) else None

    def digest(self) -> str:
        """SHA-256 over everything that goes into the package except the rendered maps themselves."""
        content = {item.name: getattr(self, item.name) for item in fields(self) if item.name not in _NOT_IN_DIGEST}
        text = json.dumps(jsonable(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def jsonable(value: Any) -> Any:
    """``value`` in JSON's own types, the same for equal content: geometry as WKB, paths as their names."""
    if isinstance(value, BaseGeometry):
        return shapely.to_wkb(value, hex=True)
    value = to_python(value)
    if isinstance(value, Mapping):
        return {str(key): jsonable(entry) for key, entry in value.items()}
    if isinstance(value, Path):
        return value.name
    if hasattr(value, "__dataclass_fields__"):
        return {item.name: jsonable(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, (list, tuple)):
        return [jsonable(entry) for entry in value]
    if isinstance(value, (set, frozenset)):
        return sorted(jsonable(entry) for entry in value)
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    return str(value)


def history_of(case: ParcelCase) -> tuple[MapFile, ...]:
    """The pages of 历史影像对比 in their order."""
    return tuple(file for file in case.maps if file.kind == HISTORY)


def wants_history(case: ParcelCase) -> bool:
    """Whether a dated image is the proof: something was marked first seen on images, or the ground is said to be unchanged (实地未变化,
    伪变化)."""
    message = case.decision or case.proposal
    words = f"{message.category} {message.subtype}" if message else ""
    return bool(case.parcel.first_seen) or "未变化" in words or "伪变化" in words
