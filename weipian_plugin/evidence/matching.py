"""Every photo finds its parcel (照片挂接): a score with reasons, and no guess where two parcels are equally likely.

For each photo the parcels within range get a weight: how well the view axis meets them, how near they are, whether the time fits, and
whether the parcel's number stands in the folder or file name. The confidence of the best one is its weight against those of its rivals,
where a rival is given the benefit of the position's and the compass's usual error. Below ``attach_score`` the photo is listed as ambiguous.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import shapely

from ..model.messages import Message
from ..model.tables import (
    Flags,
    Floats,
    Objects,
    Places,
    column,
    columns_of,
    floats,
    frame_of,
    has,
    objects,
    table_of,
    values,
    with_columns,
)
from ..model.words import PhotoStatus
from .candidates import Candidates, candidates
from .claims import claimed_parcels
from .options import MatchOptions
from .records import MATCH, PARCEL, PHOTO, PhotoMatch
from .settings import Settings
from .view import bands, bearing_differences

#: Columns of a table of links.
LINK_COLUMNS = columns_of(PhotoMatch)
#: Words of :class:`~..model.words.PhotoStatus` as tables have them.
ATTACHED, AMBIGUOUS, REJECTED = (
    str(status) for status in (PhotoStatus.ATTACHED, PhotoStatus.AMBIGUOUS, PhotoStatus.REJECTED)
)
#: Ambiguous photos list at most this many parcels.
MOST_CANDIDATES = 5
#: How far from a photo that sees no parcel the nearest one is still worth telling.
NEAREST_M = 2000.0
#: Confidence of a photo without position whose name or register tells its parcel: a person's word, not a measurement.
NAME_ALONE = 0.5


def photo_keys(photos: pd.DataFrame) -> Objects:
    """The key of each photo in links: SHA-256, or its file name where it was not hashed. ``photos``: with ``sha256`` and ``file``."""
    digests = column(photos, PHOTO.sha256)
    return digests.where(digests.notna(), column(photos, PHOTO.file)).astype(object).to_numpy()


def match_photos(photos: pd.DataFrame, parcels: Any, options: MatchOptions | None = None) -> pd.DataFrame:
    """Match ``photos`` (as read) with ``parcels`` (GeoDataFrame EPSG:4490 with ``number``, perhaps ``earlier_image``, ``later_image``).

    Returns a :class:`~.records.PhotoMatch` a row: every photo has at least one: ``attached`` (one parcel), ``ambiguous`` (each candidate with
    its share) or ``refused`` (parcel "", with the reason). Distances in metres, bearings in degrees, ``score`` 0-1.
    """
    options = options or MatchOptions()
    settings = options.settings
    photos = _without_unreadable(photos)
    reach = options.range_m if options.range_m is not None else settings.limit("view_range_m")
    numbers = [str(number) for number in values(parcels, PARCEL.number)]
    polygons = np.asarray(parcels.geometry.to_numpy(), dtype=object)
    named = claimed_parcels(photos, numbers) if options.numbers else np.full(len(photos), -1, dtype=np.intp)
    case = _Case(photos, numbers, polygons, named, reach)
    choice = _decide(case, candidates(photos, parcels, named, reach, settings), settings)
    table = _with_others(_candidate_rows(case, choice), _unheard(case, choice), case, choice)
    # The same bytes filed twice for the same parcel are one link; for two parcels they are two, and a finding.
    one_link: list[str] = [MATCH.photo, MATCH.parcel]
    return table.drop_duplicates(one_link).reset_index(drop=True)


@dataclass(frozen=True)
class _Case:
    """What is matched: photos as read, numbers and polygons (degrees) of the parcels, the parcel each photo claims by name
    (position, -1 for none), and how far a photo reaches in metres."""

    photos: pd.DataFrame
    numbers: list[str]
    polygons: Objects
    named: Places
    reach: float

    @property
    def keys(self) -> Objects:
        """The key of each photo."""
        return photo_keys(self.photos)

    @property
    def files(self) -> Objects:
        """The file of each photo."""
        return objects(self.photos, PHOTO.file)

    def blanks(self, rows: Places) -> list[PhotoMatch]:
        """Links of photos with nothing but the photo."""
        keys, files, purposes = self.keys, self.files, self.purposes
        return [PhotoMatch(keys[row], score=0.0, file=files[row], purpose=purposes[row]) for row in rows.tolist()]

    @property
    def purposes(self) -> Objects:
        """The purpose of each photo as it came."""
        if has(self.photos, PHOTO.purpose):
            return objects(self.photos, PHOTO.purpose)
        return np.full(len(self.photos), None)


@dataclass(frozen=True)
class _Choice:
    """Candidate pairs, best first within each photo, with their ``score``. Per photo that has any: ``first`` of its pairs, ``safe``: it is
    attached to that."""

    pairs: Candidates
    score: Floats
    first: Places
    safe: Flags

    @property
    def ends(self) -> Places:
        """Where the pairs of each photo end."""
        return np.append(self.first[1:], len(self.pairs)).astype(np.intp)

    @property
    def owners(self) -> Places:
        """The photo of each group of pairs."""
        return self.pairs.photo[self.first]

    @property
    def listed(self) -> tuple[Places, Places]:
        """Rows that are written (the best alone where it is safe, else the first candidates), and the photo group of each."""
        group = np.repeat(np.arange(len(self.first)), self.ends - self.first)
        rank = np.arange(len(self.pairs)) - self.first[group]
        rows = np.flatnonzero(rank < np.where(self.safe, 1, MOST_CANDIDATES)[group])
        return rows, group[rows]


def _without_unreadable(photos: pd.DataFrame) -> pd.DataFrame:
    """A picture that cannot be opened proves nothing, whatever its header says: it loses its place here and is refused with its reason."""
    if not has(photos, PHOTO.status):
        return photos
    readable = column(photos, PHOTO.status) != REJECTED
    if readable.all():
        return photos
    places = {name: column(photos, name).where(readable) for name in (PHOTO.lon, PHOTO.lat)}
    return with_columns(photos, places)


# --- decision ------------------------------------------------------------------------------------------------------------


def _decide(case: _Case, pairs: Candidates, settings: Settings) -> _Choice:
    """Score the candidates of each photo and say which photos are safely of their best one."""
    hopeful = np.bincount(pairs.photo, weights=pairs.possible, minlength=len(case.photos)) > 0
    pairs = pairs.take(hopeful[pairs.photo] & ((pairs.benefit > 1e-6) | pairs.named))
    pairs = pairs.take(np.lexsort((pairs.parcel, -pairs.sure, pairs.photo)))
    photo = pairs.photo
    first = np.flatnonzero(np.append(True, photo[1:] != photo[:-1])) if len(pairs) else np.empty(0, dtype=np.intp)
    group = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(photo))))
    everyone = np.bincount(group, weights=pairs.benefit, minlength=len(first))
    rivals = everyone[group] - pairs.benefit
    score = pairs.sure / (pairs.sure + rivals + settings.limit("none_weight"))
    best = pairs.take(first)
    claim = case.named[best.photo]
    near_enough = np.isfinite(best.bearing) | (best.distance <= settings.limit("near_m"))
    honest = (claim < 0) | (claim == best.parcel)
    safe = (score[first] >= settings.limit("attach_score")) & best.in_view & near_enough & honest
    return _Choice(pairs, score, first, safe)


@dataclass(frozen=True)
class _Nearest:
    """The nearest parcel (its position) of a photo that sees none: metres away, degrees past it (NaN without a direction)."""

    parcel: int
    distance: float
    bearing: float


def _nearest(case: _Case, rows: Places) -> dict[int, _Nearest]:
    """The nearest parcels of photos that see none, by the position of the photo."""
    if not len(case.polygons) or not len(rows):
        return {}
    lon, lat, azimuth = (floats(case.photos, name)[rows] for name in (PHOTO.lon, PHOTO.lat, PHOTO.azimuth))
    found: dict[int, _Nearest] = {}
    for plane in bands(lon, lat, case.polygons, NEAREST_M):
        if not len(plane.parcels):
            continue
        parcel = shapely.STRtree(plane.polygons).nearest(plane.points)
        distance = shapely.distance(plane.points, plane.polygons[parcel])
        photo = np.flatnonzero(distance <= NEAREST_M)
        parcel, distance = parcel[photo], distance[photo]
        bearing = bearing_differences(plane, photo, parcel, distance, azimuth[plane.photos][photo])
        originals = rows[plane.photos[photo]].tolist()
        places = zip(plane.parcels[parcel].tolist(), distance.tolist(), bearing.tolist())
        found.update(zip(originals, (_Nearest(*place) for place in places)))
    return found


# --- links ---------------------------------------------------------------------------------------------------------------


def _candidate_rows(case: _Case, choice: _Choice) -> pd.DataFrame:
    """A link a written pair."""
    listed, group = choice.listed
    pairs = choice.pairs.take(listed)
    counts = np.where(choice.safe, 0, choice.ends - choice.first)[group]
    return table_of(
        {
            MATCH.photo: case.keys[pairs.photo],
            MATCH.parcel: np.array(case.numbers, dtype=object)[pairs.parcel] if len(pairs) else [],
            MATCH.status: np.where(choice.safe[group], ATTACHED, AMBIGUOUS).astype(object),
            MATCH.score: np.round(choice.score[listed], 4),
            MATCH.distance_m: np.round(pairs.distance, 4),
            MATCH.bearing_difference: np.round(pairs.bearing, 4),
            MATCH.reasons: _reasons(pairs, counts, case.numbers),
            MATCH.file: case.files[pairs.photo],
            MATCH.manual: False,
            MATCH.purpose: case.purposes[pairs.photo],
        },
        PhotoMatch,
    )


def _unheard(case: _Case, choice: _Choice) -> Places:
    """Groups of photos whose claim is not among their written candidates (and that are not safe)."""
    listed, group = choice.listed
    photo, parcel = choice.pairs.photo[listed], choice.pairs.parcel[listed]
    heard = np.bincount(group, weights=parcel == case.named[photo], minlength=len(choice.first)) > 0
    return np.flatnonzero(~choice.safe & ~heard & (case.named[choice.owners] >= 0))


def _with_others(table: pd.DataFrame, unheard: Places, case: _Case, choice: _Choice) -> pd.DataFrame:
    """A claim that is not among the candidates of a photo comes behind them, and photos without any candidate at the end."""
    listed, group = choice.listed
    owners = choice.owners[unheard]
    rows = [
        _contradicted(blank, case.numbers[claim])
        for blank, claim in zip(case.blanks(owners), case.named[owners].tolist())
    ]
    unseen = np.setdiff1d(np.arange(len(case.photos)), choice.pairs.photo[listed])
    rows += _unseen_rows(case, unseen)
    if not rows:
        return table
    order = np.concatenate([group, unheard, np.full(len(unseen), len(choice.first))]).argsort(kind="stable")
    others = frame_of(rows, PhotoMatch)
    numbers = (MATCH.score, MATCH.distance_m, MATCH.bearing_difference)
    others = with_columns(others, {name: floats(others, name) for name in numbers})
    return pd.concat([table, others], ignore_index=True).iloc[order] if len(table) else others


def _unseen_rows(case: _Case, unseen: Places) -> list[PhotoMatch]:
    """Links of the photos that no parcel is a candidate for: rejected by the reading, without position, or away from all parcels."""
    photos = case.photos
    nearest = _nearest(case, unseen)
    rejected = (
        (column(photos, PHOTO.status) == REJECTED).tolist() if has(photos, PHOTO.status) else [False] * len(photos)
    )
    placed = column(photos, PHOTO.lon).notna().tolist()
    notes = values(photos, PHOTO.notes) if has(photos, PHOTO.notes) else [()] * len(photos)
    rows = []
    for row, blank in zip(unseen.tolist(), case.blanks(unseen)):
        claimed = case.numbers[case.named[row]] if case.named[row] >= 0 else None
        if rejected[row]:
            rows.append(replace(blank, reasons=tuple(notes[row][:1])))
        elif claimed is not None:
            rows.append(_claimed_unseen(blank, claimed, placed[row]))
        else:
            rows.append(_unseen(blank, placed[row], nearest.get(row), case))
    return rows


def _reasons(pairs: Candidates, counts: Places, numbers: Sequence[str]) -> Objects:
    """Why each pair is listed. ``counts``: how many candidates there are where the photo is ambiguous, else 0. Equal reasons are one object."""
    distance, bearing = np.round(pairs.distance, 1).tolist(), np.round(pairs.bearing, 1).tolist()
    named = np.where(pairs.named, pairs.parcel, -1).tolist()
    known: dict[tuple[float, float, int, int], tuple[Message, ...]] = {}
    found = np.empty(len(pairs), dtype=object)
    for index, key in enumerate(zip(distance, bearing, named, counts.tolist())):
        reasons = known.get(key)
        if reasons is None:
            reasons = (_geometry_reason(key[0], key[1]),)
            if key[2] >= 0:
                reasons += (Message("evidence.tie_named", {"parcel": numbers[key[2]]}),)
            if key[3]:
                reasons += (Message("evidence.tie_unsure", {"candidates": key[3]}),)
            known[key] = reasons
        found[index] = reasons
    return found


def _geometry_reason(distance: float, bearing: float) -> Message:
    if bearing != bearing:
        return Message("evidence.tie_near", {"distance": distance})
    return Message("evidence.tie_seen", {"distance": distance, "bearing": bearing})


def _contradicted(blank: PhotoMatch, number: str) -> PhotoMatch:
    """A parcel that the photo's name claims and its place speaks against."""
    reason = Message("evidence.claim_contradicted", {"file": blank.file, "parcel": number})
    return replace(blank, parcel=number, status=PhotoStatus.AMBIGUOUS, reasons=(reason,))


def _claimed_unseen(blank: PhotoMatch, number: str, placed: bool) -> PhotoMatch:
    """A photo without any candidate whose name claims a parcel: without position the name tells, else the position speaks against it."""
    if placed:
        return _contradicted(blank, number)
    reasons = (
        Message("evidence.tie_named", {"parcel": number}),
        Message("evidence.no_position", {"file": blank.file}),
    )
    return replace(blank, parcel=number, status=PhotoStatus.ATTACHED, score=NAME_ALONE, reasons=reasons)


def _unseen(blank: PhotoMatch, placed: bool, nearest: _Nearest | None, case: _Case) -> PhotoMatch:
    """A photo without any candidate and without a claim: without position, away from all parcels, or looking past the nearest."""
    if nearest is None:
        why = Message("evidence.tie_nothing_near" if placed else "evidence.no_position", {"file": blank.file})
        return replace(blank, reasons=(why,))
    bearing = round(nearest.bearing, 2) if nearest.bearing == nearest.bearing else None
    details = {
        "file": blank.file,
        "parcel": case.numbers[nearest.parcel],
        "distance": round(round(nearest.distance, 2)),
    }
    if round(nearest.distance, 2) > case.reach:
        why = Message("evidence.too_far", details)
    elif bearing is not None:
        why = Message("evidence.parcel_outside_view", {**details, "bearing": round(bearing)})
    else:
        why = Message("evidence.tie_nothing_near", {"file": blank.file})
    return replace(blank, distance_m=round(nearest.distance, 2), bearing_difference=bearing, reasons=(why,))
