"""Photos that a workspace has already: stored rows as they were read, what is new among those given, and which old ones it touches.

Photos only accumulate. The same bytes are the same photo, whatever they are called; another photo of a known name gets its folder's
name in front. Nothing here removes a photo.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..model.messages import Message
from ..model.values import is_missing
from ..model.words import PhotoStatus
from .matching import REJECTED, claimed_parcels
from .rows import present
from .rows import records as rows_of
from .settings import Settings
from .similar import distance

#: A photo that a person has taken out of the workspace; it stays known, so that the next run does not bring it back.
REMOVED = PhotoStatus.REMOVED.value
#: What the search for related photos needs of every stored one.
LIGHT_COLUMNS = ("file", "sha256", "status", "phash", "device", "person", "taken_at", "lon", "lat", "claimed")
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
    notes = [_notes(row) for row in rows_of(rows)]
    status = ["read" if _readable(row) else REJECTED for row in rows_of(rows)]
    return rows.assign(
        notes=pd.Series(notes, index=rows.index, dtype=object),
        status=pd.Series(status, index=rows.index, dtype=object),
        reason="",
        path=None,
        member=None,
    )


def _notes(row: Mapping[str, Any]) -> tuple[Message, ...]:
    held = row.get("notes")
    if isinstance(held, list):
        return tuple(message_of(note) for note in held)
    # Taken in before notes were stored: those that were findings are known from there.
    findings = row.get("findings") if isinstance(row.get("findings"), list) else []
    return tuple(message_of(finding) for finding in findings or () if finding.get("check") not in _COMPARED)


def message_of(record: Mapping[str, Any]) -> Message:
    """A stored message."""
    return Message(str(record.get("code") or ""), dict(record.get("details") or {}))


def _readable(row: Mapping[str, Any]) -> bool:
    if not is_missing(row.get("readable")):
        return bool(row["readable"])
    findings = row.get("findings") if isinstance(row.get("findings"), list) else []
    return row.get("kind") is not None and not any(
        finding.get("check") in ("unreadable", "file_missing") for finding in findings or ()
    )


def known_again(given: pd.DataFrame, known: pd.DataFrame, numbers: list[str]) -> Any:
    """Mask of ``given`` (columns ``file, sha256, claimed``): bytes that ``known`` has.

    Bytes that are now filed for another parcel than before are not among them: that is a finding, and needs its row.
    """
    again = given["sha256"].notna().to_numpy(bool) & given["sha256"].isin(set(known["sha256"].dropna())).to_numpy(bool)
    stored = set(zip(known["file"], known["sha256"]))
    renamed = [
        row
        for row in np.flatnonzero(again).tolist()
        if (given["file"].iloc[row], given["sha256"].iloc[row]) not in stored
    ]
    if not renamed:
        return again
    of_these = known[known["sha256"].isin(set(given["sha256"].iloc[renamed]))]
    before: dict[str, set[int]] = {}
    for sha256, claim in zip(of_these["sha256"], claimed_parcels(of_these, numbers).tolist()):
        before.setdefault(sha256, set()).add(claim)
    claims = claimed_parcels(given.iloc[renamed], numbers).tolist()
    for row, claim in zip(renamed, claims):
        again[row] = claim < 0 or claim in before[given["sha256"].iloc[row]]
    return again


def separate(read: pd.DataFrame, known: pd.DataFrame, numbers: list[str]) -> Sorted:
    """``read`` (a photo table) against ``known`` (columns ``file, sha256, claimed``)."""
    again = known_again(read, known, numbers)
    unread = set(known.loc[known["sha256"].isna(), "file"])
    names, replaced, files = set(known["file"]), [], []
    for row in rows_of(read.loc[~again, ["file", "path", "member"]]):
        if row["file"] in unread:
            replaced.append(row["file"])
            unread.discard(row["file"])
            files.append(row["file"])
            continue
        files.append(_free_name(row["file"], row["path"], row["member"], names))
        names.add(files[-1])
    new = read[~again].assign(file=pd.Series(files, index=read.index[~again], dtype=object))
    return Sorted(new.reset_index(drop=True), read[again], tuple(replaced))


def _free_name(name: str, path: Any, member: Any, taken: set[str]) -> str:
    found, turn = name, 1
    while found in taken:
        folder = Path(str(path)).parent.name if member is None else Path(str(path)).stem
        found = f"{folder}/{name}" if turn == 1 else f"{folder}({turn})/{name}"
        turn += 1
    return found


def related(new: pd.DataFrame, known: pd.DataFrame, settings: Settings) -> list[str]:
    """Files of ``known`` (columns :data:`LIGHT_COLUMNS`) that a new photo must be compared with: pictures that look alike, equal
    positions, and the shots of the same device just before and after."""
    found: set[int] = set()
    found.update(_similar_pictures(new, known, int(settings.limit("look_alike_bits"))))
    places = set(_places(new))
    found.update(position for position, place in enumerate(_places(known)) if place in places and place is not None)
    found.update(_neighbours_in_time(new, known))
    return [known["file"].iloc[position] for position in sorted(found)]


def _places(photos: pd.DataFrame) -> list[Any]:
    lon, lat = photos["lon"].to_numpy(float), photos["lat"].to_numpy(float)
    return [(round(x, 7), round(y, 7)) if x == x and y == y else None for x, y in zip(lon.tolist(), lat.tolist())]


def _similar_pictures(new: pd.DataFrame, known: pd.DataFrame, most_bits: int) -> list[int]:
    old_rows, old = _hashes(known["phash"].tolist())
    _, fresh = _hashes(new["phash"].tolist())
    alike = np.zeros(len(old), dtype=bool)
    for value in fresh:
        alike |= distance(old, value) <= most_bits
    return [int(position) for position in old_rows[alike]]


def _hashes(texts: Sequence[Any]) -> tuple[Any, Any]:
    rows = [row for row, text in enumerate(texts) if isinstance(text, str) and len(text) == 16]
    return np.array(rows, dtype=np.intp), np.array([int(texts[row], 16) for row in rows], dtype=np.uint64)


def _neighbours_in_time(new: pd.DataFrame, known: pd.DataFrame) -> set[int]:
    """Of each device the old shots next to a new one, by the time as it is written (zones hardly ever change within a device)."""
    wanted = {name for name in map(_device, rows_of(new[["device", "person"]])) if name}
    times: dict[str, list[tuple[str, int]]] = {}
    devices, people, taken = known["device"].tolist(), known["person"].tolist(), known["taken_at"].tolist()
    for position, (device, person, moment) in enumerate(zip(devices, people, taken)):
        if not device:
            continue
        name = _device({"device": device, "person": person})
        if name in wanted and present(moment):
            times.setdefault(str(name), []).append((str(moment)[:19], position))
    found: set[int] = set()
    for track in times.values():
        track.sort()
    for row in rows_of(new[["device", "person", "taken_at"]]):
        name = _device(row)
        if name in times and present(row["taken_at"]):
            track = times[str(name)]
            place = bisect_left(track, (str(row["taken_at"])[:19], -1))
            found.update(position for _, position in track[max(place - 1, 0) : place + 2])
    return found


def _device(row: Mapping[str, Any]) -> str | None:
    return f"{row['device']}|{row['person'] or ''}" if present(row["device"]) and row["device"] else None
