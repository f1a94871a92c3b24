"""Photos that a workspace has already: stored rows as they were read, what is new among those given, and which old ones it touches.

Photos only accumulate. The same bytes are the same photo, whatever they are called; another photo of a known name gets its folder's
name in front. Nothing here removes a photo.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import numpy as np
import pandas as pd

from ..model.columns import names_of
from ..model.messages import Message
from ..model.tables import Flags, column, columns_of, floats, records, series, values, with_columns
from ..model.words import PhotoStatus
from .claims import claimed_parcels
from .matching import photo_keys
from .records import MATCH, NO_PICTURE, PHOTO, STORED
from .settings import Settings
from .similar import distance, hash_values

#: A photo that a person has taken out of the workspace; it stays known, so that the next run does not bring it back.
REMOVED = PhotoStatus.REMOVED.value


@dataclass(frozen=True)
class KnownPhoto:
    """What the search for related photos needs of every stored one."""

    file: str
    sha256: Optional[str] = None
    status: Optional[PhotoStatus] = None
    phash: Optional[str] = None
    device: Optional[str] = None
    person: Optional[str] = None
    taken_at: Optional[str] = None
    lon: Optional[float] = None
    lat: Optional[float] = None
    claimed: Optional[str] = None

    @property
    def camera(self) -> str:
        """The device in the hands of a person; blank where no device is known."""
        return _camera(self.device, self.person)


@dataclass(frozen=True)
class _Given:
    """A file that was given in: what it is called, where its bytes are."""

    file: str
    path: Optional[str] = None
    member: Optional[str] = None


@dataclass(frozen=True)
class _Stored:
    """What a stored photo still says of its reading. Notes and findings as JSON has them."""

    kind: Optional[str] = None
    readable: Optional[bool] = None
    notes: Optional[Sequence[Mapping[str, Any]]] = None
    findings: Optional[Sequence[Mapping[str, Any]]] = None

    @property
    def messages(self) -> tuple[Message, ...]:
        """The notes of the reading; of a photo taken in before notes were stored those that were findings."""
        if self.notes is not None:
            return tuple(Message.of_record(note) for note in self.notes)
        return tuple(Message.of_record(one) for one in self.findings or () if one.get(STORED.check) not in _COMPARED)

    @property
    def opened(self) -> bool:
        """Whether the picture could be opened."""
        if self.readable is not None:
            return self.readable
        return self.kind is not None and not any(one.get(STORED.check) in NO_PICTURE for one in self.findings or ())


KNOWN = names_of(KnownPhoto)
LIGHT_COLUMNS = columns_of(KnownPhoto)
#: Findings that come from comparing photos with parcels and each other; all others were notes of the reading.
_COMPARED = frozenset(
    {"parcel_outside_view", "too_far", "before_later_image", "before_demolition", "claim_contradicted", "same_bytes_two_parcels",
     "same_bytes_twice", "look_alike", "jumps", "same_position_other_azimuth", "same_position_two_devices", "same_position_again",
     "same_position_turned", "original_missing", "original_changed"}
)  # fmt: skip


@dataclass(frozen=True)
class Sorted:
    """What was read, held against what is known. ``new``: to be taken in, under names of their own; ``again``: bytes that are known;
    ``replaced``: stored names of unreadable files that were read anew."""

    new: pd.DataFrame
    again: pd.DataFrame
    replaced: tuple[str, ...]


def as_read(stored: pd.DataFrame) -> pd.DataFrame:
    """Rows of the workspace as the reading gave them: ``status`` read / refused, ``notes`` as messages."""
    rows = stored.drop(columns=[name for name in ("fid", "geometry") if name in stored])
    held = records(rows, _Stored)
    status = [(PhotoStatus.READ if one.opened else PhotoStatus.REJECTED).value for one in held]
    again = {
        PHOTO.notes: series(rows, [one.messages for one in held]),
        PHOTO.status: series(rows, status),
        PHOTO.reason: "",
        PHOTO.path: None,
        PHOTO.member: None,
    }
    return with_columns(rows, again)


def files_of_links(links: pd.DataFrame, photos: pd.DataFrame, numbers: list[str]) -> list[Optional[str]]:
    """The photo that each stored link is of, by file. A link names bytes: of several files of the same bytes it is of the one that claims
    its parcel (register, name or folder), and of none in particular where none does. ``photos``: with ``file``, ``sha256``, ``claimed``."""
    keys = series(photos, photo_keys(photos))
    several = keys.duplicated(keep=False)
    files = dict(zip(keys[~several].tolist(), values(photos[~several], PHOTO.file)))
    twins = photos[several]
    claims = claimed_parcels(twins, numbers).tolist()
    claiming = {
        (key, numbers[claim]): file
        for key, file, claim in zip(keys[several].tolist(), values(twins, PHOTO.file), claims)
        if claim >= 0
    }
    pairs = zip(values(links, MATCH.photo), values(links, MATCH.parcel))
    return [files.get(photo) or claiming.get((photo, parcel)) for photo, parcel in pairs]


def known_again(given: pd.DataFrame, known: pd.DataFrame, numbers: list[str]) -> Flags:
    """Mask of ``given`` (columns ``file, sha256, claimed``): bytes that ``known`` has.

    Bytes that are now filed for another parcel than before are not among them: that is a finding, and needs its row.
    """
    stored = column(known, KNOWN.sha256)
    digests = column(given, KNOWN.sha256)
    again: Flags = digests.notna().to_numpy(bool) & digests.isin(set(stored.dropna())).to_numpy(bool)
    pairs = set(zip(values(known, KNOWN.file), stored.tolist()))
    of = list(zip(values(given, KNOWN.file), digests.tolist()))
    renamed = [row for row in np.flatnonzero(again).tolist() if of[row] not in pairs]
    if not renamed:
        return again
    of_these = known[stored.isin({of[row][1] for row in renamed})]
    before: dict[str, set[int]] = {}
    for sha256, claim in zip(values(of_these, KNOWN.sha256), claimed_parcels(of_these, numbers).tolist()):
        before.setdefault(sha256, set()).add(claim)
    claims = claimed_parcels(given.iloc[renamed], numbers).tolist()
    for row, claim in zip(renamed, claims):
        again[row] = claim < 0 or claim in before[of[row][1]]
    return again


def separate(read: pd.DataFrame, known: pd.DataFrame, numbers: list[str]) -> Sorted:
    """``read`` (a photo table) against ``known`` (columns ``file, sha256, claimed``)."""
    again = known_again(read, known, numbers)
    unread = set(values(known[column(known, KNOWN.sha256).isna()], KNOWN.file))
    names, replaced, files = set(values(known, KNOWN.file)), [], []
    for photo in records(read[~again], _Given):
        if photo.file in unread:
            replaced.append(photo.file)
            unread.discard(photo.file)
            files.append(photo.file)
            continue
        files.append(_free_name(photo, names))
        names.add(files[-1])
    new = read[~again]
    new = with_columns(new, {PHOTO.file: series(new, files)})
    return Sorted(new.reset_index(drop=True), read[again], tuple(replaced))


def _free_name(photo: _Given, taken: set[str]) -> str:
    """The name of a file, with its folder's name in front where another photo has it."""
    found, turn, path = photo.file, 1, Path(str(photo.path))
    folder = path.parent.name if photo.member is None else path.stem
    while found in taken:
        found = f"{folder}/{photo.file}" if turn == 1 else f"{folder}({turn})/{photo.file}"
        turn += 1
    return found


def related(new: pd.DataFrame, known: pd.DataFrame, settings: Settings) -> list[str]:
    """Files of ``known`` (columns :data:`LIGHT_COLUMNS`) that a new photo must be compared with: pictures that look alike, equal
    positions, and the shots of the same device just before and after."""
    found = set(_similar_pictures(new, known, int(settings.limit("look_alike_bits"))))
    places = set(_places(new))
    found.update(position for position, place in enumerate(_places(known)) if place in places and place is not None)
    found.update(_neighbours_in_time(new, known))
    files = values(known, KNOWN.file)
    return [files[position] for position in sorted(found)]


def _places(photos: pd.DataFrame) -> list[Optional[tuple[float, float]]]:
    pairs = zip(floats(photos, KNOWN.lon).tolist(), floats(photos, KNOWN.lat).tolist())
    return [(round(x, 7), round(y, 7)) if x == x and y == y else None for x, y in pairs]


def _similar_pictures(new: pd.DataFrame, known: pd.DataFrame, most_bits: int) -> list[int]:
    old_rows, old = hash_values(values(known, KNOWN.phash))
    _, fresh = hash_values(values(new, KNOWN.phash))
    alike = np.zeros(len(old), dtype=bool)
    for value in fresh:
        alike |= distance(old, value) <= most_bits
    return [int(position) for position in old_rows[alike]]


def _neighbours_in_time(new: pd.DataFrame, known: pd.DataFrame) -> set[int]:
    """Of each device the old shots next to a new one, by the time as it is written (zones hardly ever change within a device)."""
    shots = records(new, KnownPhoto)
    wanted = {shot.camera for shot in shots if shot.camera}
    times: dict[str, list[tuple[str, int]]] = {}
    devices, people, taken = (values(known, name) for name in (KNOWN.device, KNOWN.person, KNOWN.taken_at))
    for position, (device, person, moment) in enumerate(zip(devices, people, taken)):
        camera = _camera(device, person)
        if camera in wanted and isinstance(moment, str):
            times.setdefault(camera, []).append((moment[:19], position))
    found: set[int] = set()
    for track in times.values():
        track.sort()
    for shot in shots:
        if shot.camera in times and shot.taken_at is not None:
            track = times[shot.camera]
            place = bisect_left(track, (shot.taken_at[:19], -1))
            found.update(position for _, position in track[max(place - 1, 0) : place + 2])
    return found


def _camera(device: Optional[str], person: Optional[str]) -> str:
    """The device in the hands of a person; blank where no device is known."""
    return f"{device}|{person or ''}" if device else ""
