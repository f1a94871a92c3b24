"""Pairs of a photo and a parcel within its range: how far, how far off the view axis, and how likely the photo shows the parcel.

A pair has two weights: ``sure`` as measured, ``benefit`` with the benefit of the position's and the compass's usual error, as a rival is
given it. Sources of the limits: ``resources/evidence.yaml``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd

from ..model.records import DateSpan
from ..model.tables import Flags, Floats, Objects, Places, column, floats, has, values
from .records import PARCEL, PHOTO
from .settings import Settings
from .view import Plane, bands, bearing_differences, chord_inside, depth_inside, pairs_within

#: Only photos this near to the edge inside may look out of their parcel (more than any sensible share of ``position_tolerance_m``).
SHALLOW_M = 20.0


@dataclass(frozen=True)
class Pairs:
    """Arrays of one length, one place a pair: positions of photo and parcel, metres between them, degrees between the view axis and the
    parcel (NaN without a direction), metres inside the parcel, metres of the view axis inside it."""

    photo: Places
    parcel: Places
    distance: Floats
    bearing: Floats
    depth: Floats
    chord: Floats


@dataclass(frozen=True)
class Candidates:
    """Pairs with their weights (0-1 and above, where a name claims the parcel), and what speaks for each: ``in_view`` even with the usual
    errors; ``possible``: not surely out of the picture; ``named``: the parcel that the photo claims."""

    photo: Places
    parcel: Places
    distance: Floats
    bearing: Floats
    sure: Floats
    benefit: Floats
    in_view: Flags
    possible: Flags
    named: Flags

    def __len__(self) -> int:
        return len(self.photo)

    def take(self, rows: Places | Flags) -> Candidates:
        """Some of the pairs, in the order of ``rows``."""
        return Candidates(*(getattr(self, entry.name)[rows] for entry in fields(self)))


def candidates(photos: pd.DataFrame, parcels: Any, named: Places, reach: float, settings: Settings) -> Candidates:
    """All pairs within ``reach`` metres. ``named``: position of the parcel that each photo claims, -1 for none."""
    azimuth = floats(photos, PHOTO.azimuth).copy()
    if has(photos, PHOTO.pitch):  # a camera that looks straight down has no direction
        azimuth[floats(photos, PHOTO.pitch) <= settings.limit("nadir_pitch_deg")] = np.nan
    polygons = np.asarray(parcels.geometry.to_numpy(), dtype=object)
    pairs = _all_pairs(photos, polygons, azimuth, reach)
    view = column(photos, PHOTO.field_of_view).fillna(settings.limit("default_field_of_view_deg")).to_numpy(float)
    half = view[pairs.photo] / 2
    tolerance, compass = settings.limit("position_tolerance_m"), settings.limit("compass_tolerance_deg")
    claimed = named[pairs.photo] == pairs.parcel
    time, claim = _time_weights(photos, parcels, pairs), np.where(claimed, settings.limit("claim_weight"), 1.0)
    decay = settings.limit("distance_decay_m")
    sure = _view_weight(pairs.bearing, half) * np.exp(-pairs.distance / decay) * time * claim
    # A rival may really be nearer and more in the middle than it seems.
    benefit = _view_weight(np.maximum(pairs.bearing - compass, 0), half)
    benefit = benefit * np.exp(-np.maximum(pairs.distance - tolerance, 0) / decay)
    # Who stands at a parcel's edge may have meant it, whatever the compass says: the nearer the edge, the likelier.
    beside = settings.limit("beside_weight") * np.maximum(1.0 - pairs.distance / tolerance, 0.0)
    return Candidates(
        pairs.photo,
        pairs.parcel,
        pairs.distance,
        pairs.bearing,
        sure,
        np.maximum(benefit, beside) * time * claim,
        _in_view(pairs, half, reach, settings),
        # A photo none of whose neighbours could be in the picture looks away from all of them.
        ~(pairs.bearing > half + compass),
        claimed,
    )


def _in_view(pairs: Pairs, half: Floats, reach: float, settings: Settings) -> Flags:
    """Sure only when it would hold with the usual errors too: the axis meets the parcel or nearly so, the parcel is not at the end of the
    range, and a photographer who seems to stand just inside does not look out of it."""
    tolerance, compass = settings.limit("position_tolerance_m"), settings.limit("compass_tolerance_deg")
    near = pairs.distance <= 2 * settings.limit("near_m")
    aimed = ~(pairs.bearing > np.where(near, np.maximum(half - compass, 1.0), compass / 2))
    looks_out = (pairs.distance == 0) & (pairs.depth < 0.4 * tolerance) & (pairs.chord < 0.8 * tolerance)
    found: Flags = aimed & (pairs.distance <= reach - tolerance) & ~looks_out
    return found


def _all_pairs(photos: pd.DataFrame, polygons: Objects, azimuth: Floats, reach: float) -> Pairs:
    lon, lat = floats(photos, PHOTO.lon), floats(photos, PHOTO.lat)
    found = [_pairs_of(plane, azimuth, reach) for plane in bands(lon, lat, polygons, reach)]
    if not found:
        nowhere, nothing = np.empty(0, dtype=np.intp), np.empty(0)
        return Pairs(nowhere, nowhere, nothing, nothing, nothing, nothing)
    return Pairs(*(np.concatenate([getattr(one, entry.name) for one in found]) for entry in fields(Pairs)))


def _pairs_of(plane: Plane, azimuth: Floats, reach: float) -> Pairs:
    photo, parcel, distance = pairs_within(plane, reach)
    here = azimuth[plane.photos][photo]
    bearing = bearing_differences(plane, photo, parcel, distance, here)
    depth = depth_inside(plane, photo, parcel, distance)
    shallow = np.flatnonzero((distance == 0) & (depth < SHALLOW_M))
    chord = np.full(len(photo), reach)
    chord[shallow] = chord_inside(plane, photo[shallow], parcel[shallow], here[shallow], reach)
    return Pairs(plane.photos[photo], plane.parcels[parcel], distance, bearing, depth, chord)


def _view_weight(bearing: Floats, half: Floats) -> Floats:
    """1 where the axis meets the parcel, a half near the middle of the half picture, little at its rim: people aim at what they photograph.
    0.5 where there is no direction."""
    return np.where(np.isfinite(bearing), np.exp(-((bearing / (0.6 * half)) ** 2)), 0.5)


def _days(texts: Sequence[Any], last: bool) -> Any:
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


def _time_weights(photos: pd.DataFrame, parcels: Any, pairs: Pairs) -> Floats:
    """1 after the later image or unknown, 0.9 before it, 0.5 before the earlier image."""
    taken = _days(values(photos, PHOTO.taken_at), last=True)[pairs.photo]
    weight = np.ones(len(pairs.photo))
    for name, factor in ((PARCEL.later_image, 0.9), (PARCEL.earlier_image, 0.5)):
        if has(parcels, name):
            weight[taken < _days(values(parcels, name), last=False)[pairs.parcel]] = factor
    return weight
