"""A bad photo is caught before the district catches it: findings with a code, a level, a sentence and a remedy.

Levels and limits are data (``resources/evidence.yaml``). A finding says what should be looked at; none states that material is false.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import shapely

from ..model.messages import Message
from ..model.records import DateSpan
from ..model.tables import Floats, Places, column, columns_of, floats, frame_of, has, records, values
from ..model.values import is_missing
from ..model.words import PhotoStatus
from . import comparing
from .gcj02 import Roads, suspicion
from .matching import ATTACHED, photo_keys
from .records import FINDING, MATCH, PARCEL, PHOTO, Attached, Finding, PhotoMatch, ReadPhoto
from .settings import Settings, load_settings
from .summary import AFTER, BEFORE, DURING
from .view import bands, bearing_differences

#: Stands for the file in a finding about all photos together.
WHOLE_DELIVERY = "（整批照片）"
FINDING_COLUMNS = columns_of(Finding)
#: One of them is told once for a file and a parcel.
ONE_FINDING: tuple[str, ...] = (FINDING.file, FINDING.parcel, FINDING.code)
_UNREADABLE, _NO_PHOTO = "unreadable", "not_a_photo"


#: Reasons why a photo was not attached that are findings as well.
_TELLING = ("evidence.claim_contradicted", "evidence.parcel_outside_view", "evidence.too_far")


def check(
    photos: pd.DataFrame, links: pd.DataFrame, parcels: Any, settings: Settings | None = None, roads: Roads = None
) -> pd.DataFrame:
    """Findings of all checks, a :class:`~.records.Finding` a row (``message.code + ".remedy"`` says what to do).

    ``photos``: columns of :class:`~.records.ReadPhoto`; ``links``: of :class:`~.records.PhotoMatch`; ``parcels``: GeoDataFrame EPSG:4490
    with ``number`` and perhaps ``later_image``; ``roads``: GeoDataFrame EPSG:4490, or what reads it, for the test of shifted positions.
    """
    settings = settings or load_settings()
    read = records(photos, ReadPhoto)
    attached = _attached_parcels(photos, links)
    found = _Findings(settings, read, photo_keys(photos).tolist())
    for row, photo in enumerate(read):
        for note in photo.notes:
            found.add(row, note)
    for row, parcel, message in _of_links(photos, read, attached, parcels, settings):
        found.add(row, message, parcel)
    for link in records(links[column(links, MATCH.status) != ATTACHED], PhotoMatch):
        for reason in link.reasons:
            if reason.code in _TELLING:
                found.add_known(link.photo, str(link.file), link.parcel, reason)
    for row, parcel, message in _before_demolition(read, attached):
        found.add(row, message, parcel)
    for search in (
        comparing.same_bytes(read, attached),
        comparing.similar_pictures(read, attached, settings),
        comparing.device_tracks(read, settings),
        comparing.same_positions(read, settings),
    ):
        for row, message in search:
            found.add(row, message)
    shifted = suspicion(photos, parcels, settings, roads)
    if shifted is not None:
        found.add_known("", WHOLE_DELIVERY, "", shifted)
    table = frame_of(found.all, Finding)
    return table.drop_duplicates(list(ONE_FINDING)).reset_index(drop=True)


class _Findings:
    """What was found so far. ``photos`` with their keys: what the rows given to :meth:`add` mean."""

    def __init__(self, settings: Settings, photos: Sequence[ReadPhoto], keys: Sequence[str]) -> None:
        self.all: list[Finding] = []
        self._settings, self._photos, self._keys = settings, photos, keys

    def add(self, row: int, message: Message, parcel: str = "") -> None:
        """Something about the photo at ``row``, at a parcel or at none in particular."""
        photo, code = self._photos[row], _name(message)
        if code not in self._settings.levels:
            if photo.status is not PhotoStatus.REJECTED or code == _NO_PHOTO:  # no check, such as an assumed hemisphere
                return
            code = _UNREADABLE  # whatever the reason why it was not taken
        self._put(self._keys[row], photo.file, parcel, code, message)

    def add_known(self, key: str, file: str, parcel: str, message: Message) -> None:
        """Something about a photo by its key; what is no check is left out."""
        if _name(message) in self._settings.levels:
            self._put(key, file, parcel, _name(message), message)

    def _put(self, key: str, file: str, parcel: str, code: str, message: Message) -> None:
        level = self._settings.level(code)
        self.all.append(Finding(key, file, parcel, code, level, dict(message.details), message))


def _name(message: Message) -> str:
    """The name of a check in the settings."""
    return message.code.split(".", 1)[1]


def _attached_parcels(photos: pd.DataFrame, links: pd.DataFrame) -> list[list[Attached]]:
    """Per photo the parcels it is attached to. Files of the same bytes keep the parcel of their own name."""
    by_file: dict[str | None, list[Attached]] = {}
    by_key: dict[str, list[Attached]] = {}
    for link in records(links[column(links, MATCH.status) == ATTACHED], PhotoMatch):
        entry = Attached(link.parcel, link.purpose)
        by_file.setdefault(link.file, []).append(entry)
        by_key.setdefault(link.photo, []).append(entry)
    files, keys = values(photos, PHOTO.file), photo_keys(photos).tolist()
    return [by_file.get(file) or by_key.get(key) or [] for file, key in zip(files, keys)]


# --- photo against parcel ------------------------------------------------------------------------------------------------


def _of_links(
    photos: pd.DataFrame,
    read: Sequence[ReadPhoto],
    attached: Sequence[Sequence[Attached]],
    parcels: Any,
    settings: Settings,
) -> Iterator[tuple[int, str, Message]]:
    """Too far, outside the view, before the later image: the position of the photo, the parcel's number, what was found."""
    names = [str(number) for number in values(parcels, PARCEL.number)]
    numbers = {number: place for place, number in enumerate(names)}
    pairs = [(row, numbers[link.parcel]) for row, own in enumerate(attached) for link in own if link.parcel in numbers]
    if not pairs:
        return
    place = _PlaceCheck.by(settings)
    rows, targets = np.array(pairs, dtype=int).T
    distance, bearing = measure_pairs(photos, parcels, rows, targets)
    later = values(parcels, PARCEL.later_image) if has(parcels, PARCEL.later_image) else [None] * len(parcels)
    for (row, target), away, off in zip(pairs, distance.tolist(), bearing.tolist()):
        photo, number = read[row], names[target]
        for message in place.of(photo, number, away, off):
            yield row, number, message
        purpose = next((link.purpose for link in attached[row] if link.parcel == number), None) or photo.purpose
        if purpose != BEFORE and _certainly_before(photo.taken_at, later[target]):
            details = {"file": photo.file, "parcel": number, "time": photo.taken_at, "image": str(later[target])}
            yield row, number, Message("evidence.before_later_image", details)


@dataclass(frozen=True)
class _PlaceCheck:
    """Whether a photo is near its parcel and looks at it. Limits in metres and degrees."""

    too_far: float
    tolerance: float
    compass: float
    usual_view: float

    @classmethod
    def by(cls, settings: Settings) -> _PlaceCheck:
        """With the limits of the settings."""
        names = ("too_far_m", "position_tolerance_m", "compass_tolerance_deg", "default_field_of_view_deg")
        return cls(*map(settings.limit, names))

    def of(self, photo: ReadPhoto, number: str, away: float, off: float) -> Iterator[Message]:
        """What speaks against a photo ``away`` metres from its parcel that looks ``off`` degrees past it; NaN where that is not known."""
        if away > self.too_far:  # NaN is not
            yield Message("evidence.too_far", {"file": photo.file, "parcel": number, "distance": round(away)})
        view = photo.field_of_view if photo.field_of_view is not None else self.usual_view
        if off > view / 2 + self.compass and away > self.tolerance:
            details = {"file": photo.file, "parcel": number, "bearing": round(off), "distance": round(away)}
            yield Message("evidence.parcel_outside_view", details)


def measure_pairs(photos: pd.DataFrame, parcels: Any, rows: Places, targets: Places) -> tuple[Floats, Floats]:
    """Distance (m) and bearing difference (degrees) of given pairs of photo row and parcel row, however far apart; NaN where unknown."""
    lon, lat, azimuth = (floats(photos, name)[rows] for name in (PHOTO.lon, PHOTO.lat, PHOTO.azimuth))
    polygons = np.asarray(parcels.geometry.to_numpy(), dtype=object)[targets]
    distance, bearing = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    for plane in bands(lon, lat, polygons, 2e6):
        position = {int(original): place for place, original in enumerate(plane.parcels)}
        mine = np.array([index for index, original in enumerate(plane.photos) if int(original) in position], dtype=int)
        if not len(mine):
            continue
        pair = plane.photos[mine]
        target = np.array([position[int(original)] for original in pair], dtype=int)
        distance[pair] = shapely.distance(plane.points[mine], plane.polygons[target])
        bearing[pair] = bearing_differences(plane, mine, target, distance[pair], azimuth[pair])
    return distance, bearing


def _certainly_before(taken_at: str | None, image: Any) -> bool:
    """Whether a photo was taken on a day before the image; ``image``: a date, perhaps a partial one, as delivered."""
    taken = None if taken_at is None else DateSpan.parse(taken_at[:10])
    span = None if is_missing(image) else DateSpan.parse(str(image))
    return taken is not None and span is not None and taken.last < span.first


def _before_demolition(
    photos: Sequence[ReadPhoto], attached: Sequence[Sequence[Attached]]
) -> Iterator[tuple[int, str, Message]]:
    """整改后 must be later than the last 整改前 or 整改中 of the same parcel."""
    last: dict[str, tuple[datetime, str | None]] = {}
    after: list[tuple[int, str, datetime]] = []
    for row, (photo, own) in enumerate(zip(photos, attached)):
        taken = comparing.moment(photo.taken_at)
        if taken is None:
            continue
        for link in own:
            use = link.purpose or photo.purpose
            if use in (BEFORE, DURING) and (link.parcel not in last or taken > last[link.parcel][0]):
                last[link.parcel] = (taken, photo.taken_at)
            elif use in AFTER:
                after.append((row, link.parcel, taken))
    for row, parcel, taken in after:
        if parcel in last and taken <= last[parcel][0]:
            photo = photos[row]
            details = {"file": photo.file, "parcel": parcel, "time": photo.taken_at, "before": last[parcel][1]}
            yield row, parcel, Message("evidence.before_demolition", details)
