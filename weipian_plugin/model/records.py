"""The records that travel between the steps, and those that the workspace keeps: one class a table, its fields the columns.

Areas are m² on the CGCS2000 ellipsoid unless a name says otherwise; 亩 = m² × 0.0015. Stored geometry is EPSG:4490
(CGCS2000 degrees, longitude first). Dates are ISO text, possibly partial (``2023``, ``2023-04``): see :class:`~.dates.DateSpan`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .case_files import Document as Document
from .case_files import Package as Package
from .case_files import Rectification as Rectification
from .dates import DateSpan as DateSpan
from .decisions import Decision as Decision
from .decisions import Draft as Draft
from .decisions import Missing as Missing
from .decisions import Proposal as Proposal
from .decisions import StoredProposal as StoredProposal
from .messages import Message
from .parcels import Batch as Batch
from .parcels import Coverage as Coverage
from .parcels import FirstSeen as FirstSeen
from .parcels import Measure as Measure
from .parcels import Parcel as Parcel
from .parcels import Part as Part
from .parcels import Region as Region
from .photos import Photo as Photo
from .photos import PhotoLink as PhotoLink
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
