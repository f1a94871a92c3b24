"""Every photo finds its parcel (照片挂接): a score with reasons, and no guess where two parcels are equally likely.

For each photo the parcels within range get a weight: how well the view axis meets them, how near they are, whether the time fits, and
whether the parcel's number stands in the folder or file name. The confidence of the best one is its weight against those of its rivals,
where a rival is given the benefit of the position's and the compass's usual error. Below ``attach_score`` the photo is listed as ambiguous.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely

from ..model.messages import Message
from ..model.records import DateSpan
from ..model.words import PhotoStatus
from .options import MatchOptions
from .rows import records as rows_of
from .settings import Settings
from .view import Plane, bands, bearing_differences, chord_inside, depth_inside, pairs_within

LINK_COLUMNS = (
    "photo",
    "parcel",
    "status",
    "score",
    "distance_m",
    "bearing_difference",
    "reasons",
    "file",
    "manual",
    "purpose",
)
ATTACHED, AMBIGUOUS, REJECTED = (
    str(status) for status in (PhotoStatus.ATTACHED, PhotoStatus.AMBIGUOUS, PhotoStatus.REJECTED)
)
#: Ambiguous photos list at most this many parcels.
MOST_CANDIDATES = 5
#: How far from a photo that sees no parcel the nearest one is still worth telling.
NEAREST_M = 2000.0
#: Only photos this near to the edge inside may look out of their parcel (more than any sensible share of ``position_tolerance_m``).
SHALLOW_M = 20.0
#: Confidence of a photo without position whose name or register tells its parcel: a person's word, not a measurement.
NAME_ALONE = 0.5


def photo_keys(photos: pd.DataFrame) -> Any:
    """The key of a photo in ties: SHA-256, or its file name where it was not hashed."""
    return photos["sha256"].where(photos["sha256"].notna(), photos["file"]).astype(object).to_numpy()


def match_photos(photos: pd.DataFrame, parcels: Any, options: MatchOptions | None = None) -> pd.DataFrame:
    """Match ``photos`` (as read) with ``parcels`` (GeoDataFrame EPSG:4490 with ``number``, optionally ``earlier_image``, ``later_image``).

    Returns columns :data:`LINK_COLUMNS`: every photo has at least one row: ``attached`` (one parcel), ``ambiguous`` (each candidate with its
    share) or ``refused`` (parcel "", with the reason). Distances in metres, bearings in degrees, ``score`` 0-1.
    """
    options = options or MatchOptions()
    settings = options.settings
    photos = _without_unreadable(photos)
    reach = options.range_m if options.range_m is not None else settings.limit("view_range_m")
    numbers = [str(number) for number in parcels["number"]]
    polygons = np.asarray(parcels.geometry.to_numpy(), dtype=object)
    named = claimed_parcels(photos, numbers) if options.numbers else np.full(len(photos), -1)
    candidates = _candidates(photos, parcels, polygons, named, reach, settings)
    case = _Case(photos, numbers, polygons, named, reach)
    choice = _decide(case, candidates, settings)
    table = _with_others(_candidate_rows(case, choice), _unheard(case, choice), case, choice)
    # The same bytes filed twice for the same parcel are one link; for two parcels they are two, and a finding.
    return table.drop_duplicates(["photo", "parcel"]).reset_index(drop=True)


@dataclass(frozen=True)
class _Case:
    """What is matched: photos as read, numbers and polygons (degrees) of the parcels, the parcel each photo claims by name
    (position, -1 for none), and how far a photo reaches in metres."""

    photos: pd.DataFrame
    numbers: list[str]
    polygons: Any
    named: Any
    reach: float

    @property
    def keys(self) -> Any:
        return photo_keys(self.photos)

    @property
    def files(self) -> Any:
        return self.photos["file"].to_numpy(object)

    @property
    def purposes(self) -> Any:
        if "purpose" in self.photos:
            return self.photos["purpose"].to_numpy(object)
        return np.full(len(self.photos), None)


@dataclass(frozen=True)
class _Choice:
    """Candidate pairs, best first within each photo. Per photo that has any: ``first`` row of ``pairs``, ``safe``: attached to it."""

    pairs: pd.DataFrame
    first: Any
    safe: Any

    @property
    def ends(self) -> Any:
        return np.append(self.first[1:], len(self.pairs)).astype(int)

    @property
    def listed(self) -> tuple[Any, Any]:
        """Rows that are written (the best alone where it is safe, else the first candidates), and the photo group of each."""
        group = np.repeat(np.arange(len(self.first)), self.ends - self.first)
        rank = np.arange(len(self.pairs)) - self.first[group] if len(self.pairs) else np.empty(0, dtype=int)
        rows = np.flatnonzero(rank < np.where(self.safe, 1, MOST_CANDIDATES)[group])
        return rows, group[rows]


def _without_unreadable(photos: pd.DataFrame) -> pd.DataFrame:
    """A picture that cannot be opened proves nothing, whatever its header says: it loses its place here and is refused with its reason."""
    if "status" not in photos or not (photos["status"] == REJECTED).any():
        return photos
    readable = photos["status"] != REJECTED
    return photos.assign(lon=photos["lon"].where(readable), lat=photos["lat"].where(readable))


# --- numbers in names ----------------------------------------------------------------------------------------------------

_WORD = re.compile(r"[0-9A-Za-z]+(?:-[0-9A-Za-z]+)*")


def claimed_parcels(photos: pd.DataFrame, numbers: list[str]) -> Any:
    """Position of the parcel each photo claims by register, file or folder name (the innermost counts), -1 for none.

    A short number (under 5 characters) counts only as the whole name of a folder: ``IMG_12.jpg`` is not of parcel 12.
    """
    by_number = {number.upper(): index for index, number in enumerate(numbers)}
    result = np.full(len(photos), -1)
    registered = photos["claimed"] if "claimed" in photos else pd.Series([None] * len(photos))
    shortest = max(5, min(map(len, by_number), default=5))
    known: dict[str, int] = {}
    for row, (file, claim) in enumerate(zip(photos["file"].tolist(), registered.tolist())):
        if claim is not None and str(claim).upper() in by_number:
            result[row] = by_number[str(claim).upper()]
            continue
        folder, _, name = str(file).rpartition("/")
        found = _number_in(name.upper(), by_number, shortest)
        for part in reversed(folder.split("/")) if found < 0 and folder else ():
            if part not in known:
                upper = part.upper()
                known[part] = by_number.get(upper.strip(), -1)
                if known[part] < 0:
                    known[part] = _number_in(upper, by_number, shortest)
            found = known[part]
            if found >= 0:
                break
        result[row] = found
    return result


def _number_in(upper: str, by_number: Mapping[str, int], shortest: int) -> int:
    """The one number of at least ``shortest`` characters that stands in a name in capitals, -1 for none or several."""
    if len(upper) < shortest:
        return -1
    found = -1
    for word in _WORD.findall(upper):
        if len(word) < shortest:
            continue
        for piece in (word, *word.split("-")) if "-" in word else (word,):
            if len(piece) >= shortest and piece in by_number:
                if found not in (-1, by_number[piece]):
                    return -1
                found = by_number[piece]
                break
    return found


# --- candidates ----------------------------------------------------------------------------------------------------------


_PAIR_COLUMNS = ("photo", "parcel", "distance", "bearing", "depth", "chord")


def _candidates(
    photos: pd.DataFrame, parcels: Any, polygons: Any, named: Any, reach: float, settings: Settings
) -> pd.DataFrame:
    """Pairs of photo and parcel row numbers with distance, bearing difference and the weights ``sure`` and ``benefit``."""
    lon, lat = photos["lon"].to_numpy(float), photos["lat"].to_numpy(float)
    azimuth = photos["azimuth"].to_numpy(float).copy()
    if "pitch" in photos:  # a camera that looks straight down has no direction
        azimuth[photos["pitch"].to_numpy(float) <= settings.limit("nadir_pitch_deg")] = np.nan
    half = photos["field_of_view"].fillna(settings.limit("default_field_of_view_deg")).to_numpy(float) / 2
    tables = [_pairs_of(plane, azimuth, reach) for plane in bands(lon, lat, polygons, reach)]
    pairs = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame({name: [] for name in _PAIR_COLUMNS})
    photo, parcel = pairs["photo"].to_numpy(int), pairs["parcel"].to_numpy(int)
    distance, bearing, depth = (pairs[name].to_numpy(float) for name in ("distance", "bearing", "depth"))
    tolerance, compass = settings.limit("position_tolerance_m"), settings.limit("compass_tolerance_deg")
    time = _time_weights(photos, parcels, photo, parcel)
    claim = np.where(named[photo] == parcel, settings.limit("claim_weight"), 1.0) if len(photo) else np.empty(0)
    decay = settings.limit("distance_decay_m")
    pairs["sure"] = _view_weight(bearing, half[photo]) * np.exp(-distance / decay) * time * claim
    # A rival may really be nearer and more in the middle than it seems.
    benefit = _view_weight(np.maximum(bearing - compass, 0), half[photo]) * np.exp(
        -np.maximum(distance - tolerance, 0) / decay
    )
    # Who stands at a parcel's edge may have meant it, whatever the compass says: the nearer the edge, the likelier.
    beside = settings.limit("beside_weight") * np.maximum(1.0 - distance / tolerance, 0.0)
    pairs["benefit"] = np.maximum(benefit, beside) * time * claim
    # Sure only when it would hold with the usual errors too: the axis meets the parcel or nearly so, the parcel is not at the end of the
    # range, and a photographer who seems to stand just inside does not look out of it.
    aimed = ~(
        bearing
        > np.where(distance <= 2 * settings.limit("near_m"), np.maximum(half[photo] - compass, 1.0), compass / 2)
    )
    looks_out = (distance == 0) & (depth < 0.4 * tolerance) & (pairs["chord"].to_numpy(float) < 0.8 * tolerance)
    pairs["in_view"] = aimed & (distance <= reach - tolerance) & ~looks_out
    pairs["known_bearing"] = np.isfinite(bearing)
    # A photo none of whose neighbours could be in the picture looks away from all of them.
    pairs["possible"] = ~(bearing > half[photo] + compass)
    pairs["named"] = named[photo] == parcel
    return pairs


def _pairs_of(plane: Plane, azimuth: Any, reach: float) -> pd.DataFrame:
    photo, parcel, distance = pairs_within(plane, reach)
    here = azimuth[plane.photos][photo]
    bearing = bearing_differences(plane, photo, parcel, distance, here)
    depth = depth_inside(plane, photo, parcel, distance)
    shallow = np.flatnonzero((distance == 0) & (depth < SHALLOW_M))
    chord = np.full(len(photo), reach)
    chord[shallow] = chord_inside(plane, photo[shallow], parcel[shallow], here[shallow], reach)
    return pd.DataFrame(
        {
            "photo": plane.photos[photo],
            "parcel": plane.parcels[parcel],
            "distance": distance,
            "bearing": bearing,
            "depth": depth,
            "chord": chord,
        }
    )


def _view_weight(bearing: Any, half: Any) -> Any:
    """1 where the axis meets the parcel, a half near the middle of the half picture, little at its rim: people aim at what they photograph.
    0.5 where there is no direction."""
    return np.where(np.isfinite(bearing), np.exp(-((bearing / (0.6 * half)) ** 2)), 0.5)


def _days(texts: Any, last: bool) -> Any:
    """First or last day that partial dates may mean, NaT where unknown."""
    known: dict[str, Any] = {}
    days = np.full(len(texts), np.datetime64("NaT"), dtype="datetime64[D]")
    for row, text in enumerate(texts):
        key = str(text or "")[:10]
        if key not in known:
            span = DateSpan.parse(key)
            known[key] = np.datetime64("NaT") if span is None else np.datetime64(span.last if last else span.first)
        days[row] = known[key]
    return days


def _time_weights(photos: pd.DataFrame, parcels: Any, photo: Any, parcel: Any) -> Any:
    """1 after the later image or unknown, 0.9 before it, 0.5 before the earlier image."""
    taken = _days(photos["taken_at"], last=True)[photo]
    weight = np.ones(len(photo))
    if "later_image" in parcels:
        weight[taken < _days(parcels["later_image"], last=False)[parcel]] = 0.9
    if "earlier_image" in parcels:
        weight[taken < _days(parcels["earlier_image"], last=False)[parcel]] = 0.5
    return weight


# --- decision ------------------------------------------------------------------------------------------------------------


def _decide(case: _Case, pairs: pd.DataFrame, settings: Settings) -> _Choice:
    """Score the candidates of each photo and say which photos are safely of their best one."""
    pairs = pairs[pairs.groupby("photo")["possible"].transform("any") & ((pairs["benefit"] > 1e-6) | pairs["named"])]
    pairs = pairs.sort_values(["photo", "sure", "parcel"], ascending=[True, False, True], kind="stable").reset_index(
        drop=True
    )
    photo = pairs["photo"].to_numpy(int)
    sure, benefit = pairs["sure"].to_numpy(float), pairs["benefit"].to_numpy(float)
    first = np.flatnonzero(np.append(True, photo[1:] != photo[:-1])) if len(photo) else np.empty(0, dtype=int)
    group = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(photo))))
    everyone = np.bincount(group, weights=benefit, minlength=len(first))
    rivals = everyone[group] - benefit
    pairs["score"] = sure / (sure + rivals + settings.limit("none_weight"))
    best = pairs.iloc[first]
    claim = case.named[best["photo"].to_numpy(int)] if len(best) else np.empty(0, dtype=int)
    near_enough = best["known_bearing"].to_numpy(bool) | (best["distance"].to_numpy(float) <= settings.limit("near_m"))
    honest = (claim < 0) | (claim == best["parcel"].to_numpy(int))
    safe = (
        (best["score"].to_numpy(float) >= settings.limit("attach_score"))
        & best["in_view"].to_numpy(bool)
        & near_enough
        & honest
    )
    return _Choice(pairs, first, safe)


def _nearest(photos: pd.DataFrame, polygons: Any, rows: Any) -> dict[int, tuple[int, float, float]]:
    """For photos that see no parcel: the nearest one, its distance in metres and the bearing difference."""
    if not len(polygons) or not len(rows):
        return {}
    lon, lat = photos["lon"].to_numpy(float)[rows], photos["lat"].to_numpy(float)[rows]
    azimuth = photos["azimuth"].to_numpy(float)[rows]
    found: dict[int, tuple[int, float, float]] = {}
    for plane in bands(lon, lat, polygons, NEAREST_M):
        if not len(plane.parcels):
            continue
        parcel = shapely.STRtree(plane.polygons).nearest(plane.points)
        distance = shapely.distance(plane.points, plane.polygons[parcel])
        photo = np.flatnonzero(distance <= NEAREST_M)
        parcel, distance = parcel[photo], distance[photo]
        bearing = bearing_differences(plane, photo, parcel, distance, azimuth[plane.photos][photo])
        originals = rows[plane.photos[photo]].tolist()
        found.update(zip(originals, zip(plane.parcels[parcel].tolist(), distance.tolist(), bearing.tolist())))
    return found


def _candidate_rows(case: _Case, choice: _Choice) -> pd.DataFrame:
    """One row a written pair, in the columns of :data:`LINK_COLUMNS`."""
    listed, group = choice.listed
    pairs = choice.pairs.iloc[listed]
    photo, parcel = pairs["photo"].to_numpy(int), pairs["parcel"].to_numpy(int)
    score, distance, bearing = (np.round(pairs[name].to_numpy(float), 4) for name in ("score", "distance", "bearing"))
    candidates = np.where(choice.safe, 0, choice.ends - choice.first)[group]
    return pd.DataFrame(
        {
            "photo": case.keys[photo],
            "parcel": np.array(case.numbers, dtype=object)[parcel] if len(parcel) else [],
            "status": np.where(choice.safe[group], ATTACHED, AMBIGUOUS).astype(object),
            "score": score,
            "distance_m": distance,
            "bearing_difference": bearing,
            "reasons": _reasons(pairs, candidates, case.numbers),
            "file": case.files[photo],
            "manual": False,
            "purpose": case.purposes[photo],
        },
        columns=list(LINK_COLUMNS),
    )


def _unheard(case: _Case, choice: _Choice) -> Any:
    """Groups of photos whose claim is not among their written candidates (and that are not safe)."""
    listed, group = choice.listed
    photo, parcel = (choice.pairs[name].to_numpy(int)[listed] for name in ("photo", "parcel"))
    heard = np.bincount(group, weights=parcel == case.named[photo], minlength=len(choice.first)) > 0
    owner = choice.pairs["photo"].to_numpy(int)[choice.first]
    return np.flatnonzero(~choice.safe & ~heard & (case.named[owner] >= 0))


def _with_others(table: pd.DataFrame, unheard: Any, case: _Case, choice: _Choice) -> pd.DataFrame:
    """A claim that is not among the candidates of a photo comes behind them, and photos without any candidate at the end."""
    listed, group = choice.listed
    keys, files, purposes, named = case.keys, case.files, case.purposes, case.named
    owner = choice.pairs["photo"].to_numpy(int)[choice.first]
    rows: list[tuple[Any, ...]] = [
        _contradicted(keys[row], case.numbers[named[row]], files[row], purposes[row]) for row in owner[unheard].tolist()
    ]
    unseen = np.setdiff1d(np.arange(len(case.photos)), choice.pairs["photo"].to_numpy(int)[listed])
    rows += _unseen_rows(case, unseen)
    if not rows:
        return table
    order = np.concatenate([group, unheard, np.full(len(unseen), len(choice.first))]).argsort(kind="stable")
    others = pd.DataFrame(rows, columns=list(LINK_COLUMNS)).astype(
        {"score": float, "distance_m": float, "bearing_difference": float}
    )
    return pd.concat([table, others], ignore_index=True).iloc[order] if len(table) else others


def _unseen_rows(case: _Case, unseen: Any) -> list[tuple[Any, ...]]:
    """Rows of the photos that no parcel is a candidate for: rejected by the reading, without position, or away from all parcels."""
    photos, named = case.photos, case.named
    nearest = _nearest(photos, case.polygons, unseen)
    rejected = (photos["status"] == REJECTED).tolist() if "status" in photos else [False] * len(photos)
    placed = photos["lon"].notna().tolist()
    notes = photos["notes"].tolist() if "notes" in photos else [()] * len(photos)
    keys, files, purposes = case.keys, case.files, case.purposes
    rows = []
    for row in unseen.tolist():
        head = (keys[row], files[row], purposes[row])
        claimed = case.numbers[named[row]] if named[row] >= 0 else None
        rows.append(
            _rejected(head, notes[row])
            if rejected[row]
            else _unseen(head, claimed, placed[row], nearest.get(row), case.numbers, case.reach)
        )
    return rows


def _reasons(pairs: pd.DataFrame, candidates: Any, numbers: list[str]) -> Any:
    """Why each pair is listed. ``candidates``: how many there are where the photo is ambiguous, else 0. Equal reasons are one object."""
    distance, bearing = (np.round(pairs[name].to_numpy(float), 1).tolist() for name in ("distance", "bearing"))
    named = np.where(pairs["named"].to_numpy(bool), pairs["parcel"].to_numpy(int), -1).tolist()
    known: dict[Any, tuple[Message, ...]] = {}
    found = np.empty(len(pairs), dtype=object)
    for index, key in enumerate(zip(distance, bearing, named, candidates.tolist())):
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


def _rounded(value: float) -> float | None:
    return round(value, 2) if value == value else None


def _geometry_reason(distance: float, bearing: float) -> Message:
    if bearing != bearing:
        return Message("evidence.tie_near", {"distance": distance})
    return Message("evidence.tie_seen", {"distance": distance, "bearing": bearing})


def _contradicted(key: Any, number: str, file: str, purpose: Any) -> tuple[Any, ...]:
    reason = Message("evidence.claim_contradicted", {"file": file, "parcel": number})
    return (key, number, AMBIGUOUS, 0.0, None, None, (reason,), file, False, purpose)


def _rejected(head: tuple[Any, str, Any], notes: tuple[Message, ...]) -> tuple[Any, ...]:
    return (head[0], "", REJECTED, 0.0, None, None, tuple(notes[:1]), head[1], False, head[2])


def _unseen(
    head: tuple[Any, str, Any],
    claim: str | None,
    placed: bool,
    nearest: tuple[int, float, float] | None,
    numbers: list[str],
    reach: float,
) -> tuple[Any, ...]:
    """A photo without any candidate (``head``: key, file, purpose): without position (then its name may still tell), or away from all parcels."""
    key, file, purpose = head
    if claim is not None and not placed:
        reason = (Message("evidence.tie_named", {"parcel": claim}), Message("evidence.no_position", {"file": file}))
        return (key, claim, ATTACHED, NAME_ALONE, None, None, reason, file, False, purpose)
    if claim is not None:
        return _contradicted(key, claim, file, purpose)
    why = Message("evidence.tie_nothing_near" if placed else "evidence.no_position", {"file": file})
    distance, bearing = None, None
    if nearest is not None:
        parcel, distance, bearing = nearest[0], round(nearest[1], 2), _rounded(nearest[2])
        details = {"file": file, "parcel": numbers[parcel], "distance": round(distance)}
        if distance > reach:
            why = Message("evidence.too_far", details)
        elif bearing is not None:
            why = Message("evidence.parcel_outside_view", {**details, "bearing": round(bearing)})
    return (key, "", REJECTED, 0.0, distance, bearing, (why,), file, False, purpose)


def merge_manual(links: pd.DataFrame, manual: pd.DataFrame) -> pd.DataFrame:
    """Recomputed ``ties`` with a person's choices (``photo, parcel, status`` attached / detached, optionally purpose, reasons) kept.

    A photo that a person attached is attached to just those parcels; a parcel that a person detached is never attached again.
    """
    if manual is None or manual.empty:
        return links
    attached = manual[manual["status"] == ATTACHED]
    detached = set(zip(*(manual.loc[manual["status"] != ATTACHED, name] for name in ("photo", "parcel"))))
    by_hand = set(attached["photo"])
    rejected = [pair in detached for pair in zip(links["photo"], links["parcel"])]
    kept = links[~links["photo"].isin(by_hand) & ~np.asarray(rejected, dtype=bool)]
    measured = links.drop_duplicates(["photo", "parcel"]).set_index(["photo", "parcel"])
    files = links.drop_duplicates("photo").set_index("photo")["file"]
    rows = []
    for choice in rows_of(attached):
        pair = (choice["photo"], choice["parcel"])
        known = (
            measured.loc[pair].to_dict()
            if pair in measured.index
            else {"score": 1.0, "distance_m": None, "bearing_difference": None}
        )
        person = Message("evidence.tie_by_hand", {"person": str(choice.get("by") or "")})
        rows.append({**known, "photo": pair[0], "parcel": pair[1], "status": ATTACHED, "manual": True, "file": files.get(pair[0], choice.get("file")),
                     "reasons": (person,), "purpose": choice.get("purpose") or known.get("purpose")})  # fmt: skip
    rows += [
        {"photo": photo, "parcel": "", "status": REJECTED, "score": 0.0, "file": files[photo], "manual": True,
         "reasons": (Message("evidence.tie_detached", {}),)}
        for photo in sorted({photo for photo, _ in detached} - by_hand - set(kept["photo"])) if photo in files.index
    ]  # fmt: skip
    if not rows:
        return kept.reset_index(drop=True)
    added = pd.DataFrame(rows, columns=list(LINK_COLUMNS))
    return pd.concat([kept.astype(object), added.astype(object)], ignore_index=True)
