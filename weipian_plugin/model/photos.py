"""What the workspace keeps of photos: as read and checked, and which parcel they show. Absent is None, zero is a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Optional

from .values import is_blank
from .words import PhotoStatus

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Notes = tuple[Mapping[str, Any], ...]


def tells_its_view(
    lon: Optional[float], lat: Optional[float], azimuth: Optional[float], taken_at: Optional[str]
) -> bool:
    """Whether position, azimuth and time of a photo are all there: without one of them it proves nothing (offices' practice)."""
    return None not in (lon, lat, azimuth) and not is_blank(taken_at)


@dataclass(frozen=True)
class PhotoFacts:
    """What a photo file says, as read and as stored. Angles in degrees clockwise from north; lengths in metres; sizes in pixels and bytes."""

    file: str
    sha256: Optional[str] = None
    lon: Optional[float] = None
    lat: Optional[float] = None
    azimuth: Optional[float] = None  # from true north
    reference: Optional[str] = None  # "T" true, "M" magnetic, as the file says
    taken_at: Optional[str] = None  # ISO, with offset where known
    altitude: Optional[float] = None
    accuracy: Optional[float] = None
    declination: Optional[float] = None  # that was added to a magnetic azimuth
    azimuth_delivered: Optional[float] = None
    zone_offset: Optional[str] = None
    device: Optional[str] = None
    software: Optional[str] = None
    width: Optional[int] = None
    height: Optional[int] = None
    orientation: Optional[int] = None  # of EXIF, 1-8
    size: Optional[int] = None
    kind: Optional[str] = None  # 人工 or 无人机
    phash: Optional[str] = None  # 16 hex digits
    field_of_view: Optional[float] = None

    @property
    def placed(self) -> bool:
        """Whether it is known where the photo was taken."""
        return self.lon is not None and self.lat is not None

    @property
    def tells_its_view(self) -> bool:
        """Whether it is known where, into which direction and when the photo was taken."""
        return tells_its_view(self.lon, self.lat, self.azimuth, self.taken_at)

    @property
    def key(self) -> str:
        """What links name the photo by: its SHA-256, or its file name where it was not hashed."""
        return self.sha256 or self.file


@dataclass(frozen=True)
class Photo(PhotoFacts):
    """举证照片: table ``photo``."""

    purpose: str = ""  # a word of Purpose, or blank
    status: Optional[PhotoStatus] = None
    reason: str = ""
    stored: Optional[str] = None
    findings: Optional[Notes] = None
    readable: Optional[bool] = None
    pitch: Optional[float] = None
    claimed: Optional[str] = None
    person: Optional[str] = None
    notes: Optional[Notes] = None
    geometry: Optional[BaseGeometry] = None


@dataclass(frozen=True)
class PhotoLink:
    """照片挂接: table ``photo_parcel``. ``photo`` is the SHA-256 of the photo, or its file name where it was not hashed."""

    photo: str
    parcel: str = ""
    status: Optional[PhotoStatus] = None
    score: Optional[float] = None
    distance_m: Optional[float] = None
    bearing_difference: Optional[float] = None
    reasons: Optional[Notes] = None
    purpose: str = ""
    by: Optional[str] = None
    at: Optional[str] = None
    manual: bool = False
