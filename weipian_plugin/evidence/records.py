"""What the photo step knows, one record a thing: what a file says, which parcel it may show, what was found, what a parcel's photos come to.

Tables of the step have the fields of a record as columns (:func:`..model.columns.names_of`). Angles in degrees, azimuths clockwise from
true north; positions in CGCS2000 degrees, longitude first; lengths in metres; what is absent is None, zero is a value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field
from typing import Any, Optional

from ..model.columns import names_of
from ..model.messages import Message
from ..model.photos import PhotoFacts, tells_its_view
from ..model.records import Parcel, Photo
from ..model.words import FindingLevel, PhotoStatus

TITLE, WIDTH = "title", "width"


def cell(title: str, width: int = 12, default: Any = MISSING) -> Any:
    """A field that is a cell of a report: the title of its column, and how many characters wide that is."""
    return field(default=default, metadata={TITLE: title, WIDTH: width})


@dataclass(frozen=True)
class ReadPhoto(PhotoFacts):
    """A photo file that was given in, with its register. ``path`` and ``member`` find its bytes again; ``notes`` are signs worth a finding."""

    purpose: Optional[str] = None
    status: PhotoStatus = PhotoStatus.READ
    reason: str = ""
    pitch: Optional[float] = None  # of the camera: 0 level, -90 straight down
    claimed: Optional[str] = None  # number of a parcel, by the register
    person: Optional[str] = None
    notes: tuple[Message, ...] = ()
    path: Optional[str] = None
    member: Optional[str] = None


@dataclass(frozen=True)
class PhotoMatch:
    """照片挂接: a photo and a parcel that it shows, may show or does not show. ``photo``: SHA-256, or the file's name where it was not hashed."""

    photo: str
    parcel: str = ""
    status: PhotoStatus = PhotoStatus.REJECTED
    score: Optional[float] = None  # 0-1
    distance_m: Optional[float] = None
    bearing_difference: Optional[float] = None
    reasons: tuple[Message, ...] = ()
    file: Optional[str] = None
    manual: bool = False  # a person's word
    purpose: Optional[str] = None


@dataclass(frozen=True)
class Attached:
    """A parcel that a photo is attached to, with the purpose that a person has stated there."""

    parcel: str
    purpose: Optional[str] = None


@dataclass(frozen=True)
class Finding:
    """What was found in checking a photo (at a parcel, or at none in particular). ``code``: the check's name in the settings."""

    photo: str
    file: str
    parcel: str
    code: str
    level: FindingLevel
    details: Mapping[str, Any]
    message: Message

    def stored(self) -> dict[str, Any]:
        """For the photo's row of the workspace."""
        return StoredFinding(self.code, self.level, self.parcel, self.message).as_record()


@dataclass(frozen=True)
class StoredFinding:
    """A finding as the photo's row of the workspace keeps it."""

    check: str
    level: FindingLevel
    parcel: str
    message: Message

    @classmethod
    def of_record(cls, entry: Mapping[str, Any]) -> StoredFinding:
        """From the JSON column ``findings``."""
        check, level, parcel = (entry.get(name) for name in (STORED.check, STORED.level, STORED.parcel))
        return cls(str(check or ""), FindingLevel(level), str(parcel or ""), Message.of_record(entry))

    def as_record(self) -> dict[str, Any]:
        """For the JSON column ``findings``."""
        own = {STORED.check: self.check, STORED.level: self.level.value, STORED.parcel: self.parcel}
        return {**own, **self.message.as_record()}


@dataclass(frozen=True)
class ConcludedPhoto(ReadPhoto):
    """A photo with what became of it: the parcels it is attached to or may show (joined by ``;``), and what was found."""

    parcel: str = ""
    findings: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class ProofPhoto:
    """What tells whether a photo proves something, of one just read (``findings`` None) or of one in the workspace."""

    file: str = ""
    lon: Optional[float] = None
    lat: Optional[float] = None
    azimuth: Optional[float] = None
    taken_at: Optional[str] = None
    purpose: Optional[str] = None
    status: Optional[PhotoStatus] = None
    findings: Optional[Sequence[Mapping[str, Any]]] = None

    @property
    def opens(self) -> bool:
        """As read, ``status`` says it; in a register it says whether the photo is attached, and the findings tell."""
        if self.findings is not None:
            return not any(finding.get(STORED.check) in NO_PICTURE for finding in self.findings)
        return self.status is not PhotoStatus.REJECTED

    @property
    def proves(self) -> bool:
        """A photo proves something with position, azimuth and time, and a picture that opens."""
        return tells_its_view(self.lon, self.lat, self.azimuth, self.taken_at) and self.opens


@dataclass(frozen=True)
class ParcelSummary:
    """What the photos of a parcel add up to. ``photos_with_azimuth`` counts those that prove something, ``photos_after`` those of them that
    were certainly taken after the later image; ``coverage_ring``: the sides from which it was taken, such as 北 东南."""

    parcel: str = cell("图斑编号", 22)
    photos: int = cell("照片数", default=0)
    photos_with_azimuth: int = cell("有坐标方位角时间", 18, default=0)
    photos_after: int = cell("后时相之后", default=0)
    directions: int = cell("不同方向", default=0)
    near: int = cell("近景", default=0)
    far: int = cell("远景", default=0)
    coverage_ring: str = cell("举证方位", default="")
    before_photos: int = cell("整改前", default=0)
    during_photos: int = cell("整改中", default=0)
    after_photos: int = cell("整改后", default=0)


#: Findings that say that there is no picture.
NO_PICTURE = ("unreadable", "file_missing")
PHOTO = names_of(ReadPhoto)
CONCLUDED = names_of(ConcludedPhoto)
MATCH = names_of(PhotoMatch)
FINDING = names_of(Finding)
STORED = names_of(StoredFinding)
STORED_PHOTO = names_of(Photo)
PARCEL = names_of(Parcel)
