"""What the workspace keeps of a parcel's papers: documents, rectification, packages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional


@dataclass(frozen=True)
class Document:
    """证明材料 of a parcel: table ``document``."""

    id: str
    parcel: str = ""
    kind: str = ""
    number: str = ""
    title: str = ""
    date: str = ""
    authority: str = ""
    file: str = ""
    sha256: str = ""
    size: Optional[int] = None
    source: str = ""
    added_by: str = ""
    added_at: str = ""


@dataclass(frozen=True)
class Rectification:
    """整改 of a parcel or part: table ``rectification``. Areas in m²; None was not entered."""

    parcel: str
    part: str = ""
    method: str = ""
    unit: str = ""
    area_m2: Optional[float] = None
    farmland_m2: Optional[float] = None
    basic_farmland_m2: Optional[float] = None
    removed_m2: Optional[float] = None
    removed_farmland_m2: Optional[float] = None
    removed_basic_farmland_m2: Optional[float] = None
    regularised_m2: Optional[float] = None
    regularised_farmland_m2: Optional[float] = None
    regularised_basic_farmland_m2: Optional[float] = None
    remaining_m2: Optional[float] = None
    before_photos: Optional[int] = None
    during_photos: Optional[int] = None
    after_photos: Optional[int] = None
    accepted_by: Optional[str] = None
    accepted_on: Optional[str] = None
    accepted_area_m2: Optional[float] = None
    closed: Optional[bool] = None
    closed_on: Optional[str] = None
    removed_on: Optional[str] = None
    note: Optional[str] = None


@dataclass(frozen=True)
class Package:
    """卷宗 of a parcel: table ``package``."""

    parcel: str
    path: str = ""
    complete: bool = False
    missing: tuple[Any, ...] = ()
    files: Optional[int] = None
    bytes: Optional[int] = None
    manifest_sha256: Optional[str] = None
    made_at: str = ""
    verified_at: Optional[str] = None
    fingerprint: Optional[str] = None
