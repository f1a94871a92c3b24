"""The records that travel between the steps. Their table forms are in ``docs/contracts.md`` and ``workspace/schema.py``.

Areas are m² on the CGCS2000 ellipsoid unless a name says otherwise; 亩 = m² × 0.0015. Stored geometry is EPSG:4490
(CGCS2000 degrees, longitude first). Dates are ISO text, possibly partial (``2023``, ``2023-04``): see :class:`DateSpan`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from .cells import local_day
from .messages import Message

STORED_CRS = "EPSG:4490"

#: 图斑 kinds: a land parcel (土地) or a mining parcel (矿产).
KINDS = ("land", "mining")

#: States of a parcel in this workspace, in the order of the work.
STATES = ("未提报", "已判定", "已复核", "已填报", "退回", "改判")


#: No document, image or building of this field is dated before the People's Republic; what is, is a zero of Excel, Access or SQL Server
#: (1899-12-30, 1900-01-01) or a typing error.
_EARLIEST = date(1949, 10, 1)
#: The zero of Unix clocks, and of databases filled from them.
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class DateSpan:
    """A date as precise as it was delivered: the first and the last day it may mean."""

    first: date
    last: date

    @classmethod
    def parse(cls, text: str | None) -> DateSpan | None:
        """Read ``2023``, ``202304``, ``2023-04``, ``20230415``, ``2023-04-15``, ``2023/4/15``, ``2023年4月15日``.

        An instant with a zone is its day in China, as are the milliseconds that services give. Blank or unreadable text gives
        None; a date is never guessed. Nor is what programs write where there is no date (1900-01-01 and 1970-01-01, see
        ``_EARLIEST``) a date: as one it would make any approval come in time.
        """
        numbers = _date_numbers(local_day(str(text or "")))
        if not numbers:
            return None
        year, month, day = ([*list(numbers), 0, 0])[:3]
        try:
            if not month:
                span = cls(date(year, 1, 1), date(year, 12, 31))
            elif not day:
                span = cls(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
            else:
                span = cls(date(year, month, day), date(year, month, day))
        except ValueError:
            return None
        return None if span.last < _EARLIEST or span == cls(_EPOCH, _EPOCH) else span

    def isoformat(self) -> str:
        """ISO text of the same precision as was read."""
        if self.first == self.last:
            return self.first.isoformat()
        same_month = (self.first.year, self.first.month) == (self.last.year, self.last.month)
        return self.first.strftime("%Y-%m") if same_month else f"{self.first.year:04d}"


def _date_numbers(text: str) -> list[int]:
    compact = re.fullmatch(r"((?:19|20)\d{2})(\d{2})?(\d{2})?(?:\.0|[T ].*)?", text)
    if compact:
        return [int(part) for part in compact.groups() if part]
    spaced = re.match(r"((?:19|20)\d{2})[-/.年](\d{1,2})(?:[-/.月](\d{1,2}))?(?!\d)", text)
    return [int(part) for part in spaced.groups() if part] if spaced else []


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
class Refusal:
    """A feature, photo or file that could not be taken, and why (a row of ``refused.csv``)."""

    source: str
    feature: str
    reason: Message

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
    """A source as it was used: path and SHA-256, so that every figure can be traced."""

    role: str
    path: Path
    sha256: str
