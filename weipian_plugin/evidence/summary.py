"""What the photos of each parcel add up to, and what became of each photo."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..model.messages import render
from ..model.records import DateSpan
from ..model.tables import Floats, column, columns_of, frame_of, has, records, series, values, with_columns
from ..model.values import is_missing
from ..model.words import PhotoStatus
from .matching import ATTACHED, photo_keys
from .records import CONCLUDED, MATCH, PARCEL, PHOTO, Finding, ParcelSummary, PhotoMatch, ProofPhoto
from .settings import Settings, load_settings

SUMMARY_COLUMNS = columns_of(ParcelSummary)
#: Words of the purpose, as the shipped settings spell it.
BEFORE, DURING, AFTER = "整改前", "整改中", ("整改后", "复耕验收")
#: The eight sides of the coverage ring (举证方位圈): where the photographers stood, seen from the parcel.
SIDES = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")


def summary(
    links: pd.DataFrame, photos: pd.DataFrame, parcels: Any = None, settings: Settings | None = None
) -> pd.DataFrame:
    """Per parcel: photos attached, those with position, azimuth and time, those after the later image, distinct directions, near and far
    ones, the sides from which it was taken (``coverage_ring``, such as ``北 东南``), and the before / during / after triple of a rectification.

    ``photos_with_azimuth`` counts only what proves something: position, azimuth and time are all there, and the file was readable.
    ``photos_after`` is NaN-free: without ``parcels`` (or without a later image) it counts none. With ``parcels`` every parcel has a row.
    """
    settings = settings or load_settings()
    by_key = dict(zip(photo_keys(photos).tolist(), records(photos, ProofPhoto)))
    later: dict[Any, Any] = {}
    if parcels is not None and has(parcels, PARCEL.later_image):
        later = dict(zip(values(parcels, PARCEL.number), values(parcels, PARCEL.later_image)))
    chosen = records(links[column(links, MATCH.status) == ATTACHED], PhotoMatch) if len(links) else []
    numbers = values(parcels, PARCEL.number) if parcels is not None else sorted({link.parcel for link in chosen})
    attached: dict[str, list[_Shot]] = {str(number): [] for number in numbers}
    for link in chosen:
        photo = by_key.get(link.photo)
        if photo is not None and link.parcel in attached:
            attached[link.parcel].append(_Shot(photo, link.distance_m, link.purpose or photo.purpose))
    rows = [_of_parcel(number, shots, later.get(number), settings) for number, shots in attached.items()]
    return frame_of(rows, ParcelSummary)


@dataclass(frozen=True)
class _Shot:
    """A photo as it is attached to a parcel, ``distance_m`` metres away."""

    photo: ProofPhoto
    distance_m: float | None
    purpose: str | None


def _of_parcel(number: str, shots: Sequence[_Shot], later_image: Any, settings: Settings) -> ParcelSummary:
    proving = [shot.photo for shot in shots if shot.photo.proves]
    azimuths = [photo.azimuth for photo in proving if photo.azimuth is not None]
    distances = [shot.distance_m for shot in shots if shot.distance_m is not None]
    near = settings.limit("near_m")
    purposes = [shot.purpose for shot in shots]
    return ParcelSummary(
        number,
        photos=len(shots),
        photos_with_azimuth=len(proving),
        photos_after=sum(taken_after(photo.taken_at, later_image) for photo in proving),
        directions=distinct_directions(azimuths, settings.limit("distinct_direction_deg")),
        near=sum(distance <= near for distance in distances),
        far=sum(distance > near for distance in distances),
        coverage_ring=" ".join(ring_sides(azimuths)),
        before_photos=purposes.count(BEFORE),
        during_photos=purposes.count(DURING),
        after_photos=sum(purposes.count(word) for word in AFTER),
    )


def taken_after(taken_at: str | None, later_image: Any) -> bool:
    """Whether a photo is certainly of a day after the later image (后时相, a date as delivered); unknown dates are not."""
    taken = None if taken_at is None else DateSpan.parse(taken_at[:10])
    image = None if is_missing(later_image) else DateSpan.parse(str(later_image))
    return taken is not None and image is not None and taken.first > image.last


def distinct_directions(azimuths: Sequence[float], apart: float) -> int:
    """How many directions at least ``apart`` degrees from each other can be picked from ``azimuths`` (the most; exact on the circle)."""
    order = sorted(azimuth % 360 for azimuth in azimuths)
    most = 0
    for start in range(len(order)):
        turned = [(azimuth - order[start]) % 360 for azimuth in order[start:] + order[:start]]
        count, last = 1, 0.0
        for azimuth in turned[1:]:
            if azimuth - last >= apart and 360 - azimuth >= apart:
                count, last = count + 1, azimuth
        most = max(most, count)
    return most


def ring_sides(azimuths: Sequence[float]) -> list[str]:
    """The sides on which the photographers stood: opposite to where they looked, in the order of :data:`SIDES`."""
    sides = {round(((azimuth + 180) % 360) / 45) % 8 for azimuth in azimuths}
    return [SIDES[side] for side in sorted(sides)]


def conclude(photos: pd.DataFrame, links: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """The photo register (``photos.csv``): each file with ``parcel`` (attached ones, or the candidates of an ambiguous one, joined by ``;``),
    ``status`` attached / ambiguous / refused, ``reason`` as a sentence, and ``findings`` as records for the workspace."""
    by_photo = LinksOfPhotos(links)
    found: dict[str, list[Finding]] = {}
    for finding in records(findings, Finding):
        found.setdefault(finding.file, []).append(finding)
    parcels, statuses, reasons, stored = [], [], [], []
    for key, file in zip(photo_keys(photos).tolist(), values(photos, PHOTO.file)):
        own, mine = by_photo.of(file, key), found.get(file, [])
        status = _outcome(own)
        chosen = [link for link in own if link.status is status]
        parcels.append(";".join(sorted({link.parcel for link in chosen if link.parcel})))
        statuses.append(status.value)
        sentences = [render(reason) for link in chosen[:1] for reason in link.reasons]
        sentences += [render(finding.message) for finding in mine]
        reasons.append("；".join(dict.fromkeys(sentence.rstrip("。") for sentence in sentences)))
        stored.append([finding.stored() for finding in mine])
    outcome = {CONCLUDED.status: statuses, CONCLUDED.reason: reasons, CONCLUDED.findings: series(photos, stored)}
    concluded = with_columns(photos, outcome)
    concluded.insert(list(concluded.columns).index(str(PHOTO.taken_at)) + 1, CONCLUDED.parcel, parcels)
    return concluded


class LinksOfPhotos:
    """The links of each photo. Files of the same bytes keep those of their own name."""

    def __init__(self, links: pd.DataFrame) -> None:
        self._by_file: dict[str | None, list[PhotoMatch]] = {}
        self._by_key: dict[str, list[PhotoMatch]] = {}
        for link in records(links, PhotoMatch):
            self._by_file.setdefault(link.file, []).append(link)
            self._by_key.setdefault(link.photo, []).append(link)

    def of(self, file: str, key: str | None) -> Sequence[PhotoMatch]:
        """Those of a file, else of its bytes."""
        return self._by_file.get(file) or self._by_key.get(key or "") or ()


def _outcome(links: Sequence[PhotoMatch]) -> PhotoStatus:
    """What becomes of a photo: attached, where one of its links is; ambiguous; else refused."""
    known = {link.status for link in links}
    return next((word for word in (PhotoStatus.ATTACHED, PhotoStatus.AMBIGUOUS) if word in known), PhotoStatus.REJECTED)


def circular_difference(one: ArrayLike, other: ArrayLike) -> Floats:
    """Smallest angle between two azimuths, 0-180 degrees."""
    apart: Floats = np.abs((np.asarray(one, float) - np.asarray(other, float) + 180.0) % 360.0 - 180.0)
    return apart


def mean_azimuth(azimuths: Sequence[float]) -> float:
    """Mean direction on the circle."""
    east = math.fsum(math.sin(math.radians(azimuth)) for azimuth in azimuths)
    north = math.fsum(math.cos(math.radians(azimuth)) for azimuth in azimuths)
    return math.degrees(math.atan2(east, north)) % 360
