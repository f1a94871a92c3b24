"""From which sides a parcel is still to be photographed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...model.records import PhotoLink
from ...model.words import PhotoStatus
from ...workspace.repository import Repository
from ...workspace.store import Workspace
from .records import FieldParcel

#: Sides by the bearing from the parcel to the camera, clockwise from north.
SIDES = ("北侧", "东侧", "南侧", "西侧")
_LOOKING = {"北侧": "向南拍", "东侧": "向西拍", "南侧": "向北拍", "西侧": "向东拍"}


def wanted_sides(store: Workspace, places: Mapping[str, tuple[float, float]]) -> dict[str, tuple[str, ...]]:
    """Parcel number → sides without an attached photo that has position and azimuth. ``places``: number → (lon, lat), degrees."""
    numbers = list(places)
    repository = Repository(store)
    links = repository.all(PhotoLink, parcel=numbers)
    attached = [link for link in links if link.status is PhotoStatus.ATTACHED]
    photos = repository.photos_by_key([link.photo for link in attached])
    found: dict[str, set[str]] = {number: set() for number in numbers}
    for link in attached:
        photo = photos.get(link.photo)
        if photo is not None and photo.lon is not None and photo.lat is not None and photo.azimuth is not None:
            found[link.parcel].add(side_of(places[link.parcel], (photo.lon, photo.lat)))
    return {number: tuple(side for side in SIDES if side not in found[number]) for number in numbers}


def side_of(parcel: tuple[float, float], camera: tuple[float, float]) -> str:
    """The side on which a camera stands; both as (lon, lat) in degrees."""
    east = (camera[0] - parcel[0]) * np.cos(np.radians(parcel[1]))
    bearing = np.degrees(np.arctan2(east, camera[1] - parcel[1])) % 360
    return SIDES[int(((bearing + 45) % 360) // 90)]


def sentences(sides: Sequence[str]) -> tuple[str, ...]:
    """What a verifier is asked for: 「在北侧向南拍」."""
    return tuple(f"在{side}{_LOOKING[side]}" for side in sides)


def as_rows(parcels: Sequence[FieldParcel], sides: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Parcel number → the sentences joined, for a column or a page."""
    return {parcel.number: "；".join(sentences(sides.get(parcel.number, ()))) for parcel in parcels}
