"""The records that travel between the steps. Their table forms are in ``docs/contracts.md`` and ``workspace/schema.py``.

Areas are m² on the CGCS2000 ellipsoid unless a name says otherwise; 亩 = m² × 0.0015. Stored geometry is EPSG:4490
(CGCS2000 degrees, longitude first). Dates are ISO text, possibly partial (``2023``, ``2023-04``): see :class:`~.dates.DateSpan`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .dates import DateSpan as DateSpan
from .messages import Message
from .secrets import masked
from .words import DecisionState, ParcelKind

STORED_CRS = "EPSG:4490"

#: 图斑 kinds: a land parcel (土地) or a mining parcel (矿产).
KINDS = tuple(kind.value for kind in ParcelKind)

#: States of a parcel in this workspace, in the order of the work.
STATES = tuple(state.value for state in DecisionState)


@dataclass(frozen=True)
class LayerSource:
    """One entry of the layer catalogue (图层清单): where a role's features come from and what their fields mean."""

    role: str
    source: str  # absolute path, or a GDAL / PostGIS source string
    layer: str | None = None
    encoding: str | None = None  # None = detect
    crs: str | None = None  # None = read, or find out from the coordinates
    fields: Mapping[str, str] = field(default_factory=dict)  # field key -> source field name
    title: str = ""


@dataclass(frozen=True)
class Rejection:
    """A feature, photo or file that could not be taken, and why (a row of ``refused.csv``)."""

    source: str
    feature: str
    reason: Message

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", masked(self.source))

    @property
    def code(self) -> str:
        return self.reason.code


@dataclass(frozen=True)
class Missing:
    """A piece of evidence (证明材料) that a category wants and the workspace does not have."""

    evidence: str
    reason: Message


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
class Decision:
    """What a named person decided (判定) on a parcel or part."""

    parcel: str
    part: str
    category: str
    subtype: str
    basis: str
    reason: str
    person: str
    role: str  # 经办 / 复核
    decided_at: str  # ISO, local time with offset


@dataclass(frozen=True)
class Photo:
    """One photo as read: absent is None, zero is a value."""

    file: str
    sha256: str | None = None
    lon: float | None = None
    lat: float | None = None
    azimuth: float | None = None  # degrees clockwise from true north
    reference: str | None = None  # "T" true, "M" magnetic, as the file says
    taken_at: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SourceFile:
    """A source as it was used: path and SHA-256, so that every figure can be traced.

    ``label`` is what people read: a file's name, of a database or service the connection text without passwords and keys.
    """

    role: str
    path: Path
    sha256: str
    label: str = ""

    @property
    def name(self) -> str:
        return self.label or masked(self.path.name)
