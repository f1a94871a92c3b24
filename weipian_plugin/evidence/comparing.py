"""Photo against photo: the same bytes, nearly the same picture, one device that jumps or turns too fast, equal positions.

Each search yields the position of a photo in what it was given, and the message of what was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timezone

from ..model.messages import Message
from .records import Attached, ReadPhoto
from .settings import Settings
from .similar import similar_pairs
from .summary import circular_difference
from .view_cone import ELLIPSOID

Found = Iterator[tuple[int, Message]]
#: Photos of one position that are compared with each other; a register that gives thousands the same one is seen from these as well.
_MOST_OF_ONE_POSITION = 100


def moment(taken_at: str | None) -> datetime | None:
    """The time of a photo for comparison; without a zone it is taken as China's (UTC+8)."""
    if taken_at is None:
        return None
    try:
        read = datetime.fromisoformat(taken_at)
    except ValueError:
        return None
    if read.tzinfo is None:
        return datetime.fromisoformat(read.isoformat() + "+08:00").astimezone(timezone.utc)
    return read.astimezone(timezone.utc)


def same_bytes(photos: Sequence[ReadPhoto], attached: Sequence[Sequence[Attached]]) -> Found:
    """Files of the same bytes: for two parcels, or twice for one. ``attached``: the parcels of each photo."""
    rows: dict[str, list[int]] = {}
    for row, photo in enumerate(photos):
        if photo.sha256 is not None:
            rows.setdefault(photo.sha256, []).append(row)
    for same in rows.values():
        used = {row: {link.parcel for link in attached[row]} for row in same}
        everything = set().union(*used.values())
        for row in same:
            file = photos[row].file
            others = sorted(everything - used[row]) or sorted(used[row])[1:]
            other = next((photos[one].file for one in same if one != row and used[one] - used[row]), None)
            if others:
                details = {"file": file, "other": other or file,
                           "parcel": "、".join(sorted(used[row])[:1]) or "—", "other_parcel": "、".join(others)}  # fmt: skip
                yield row, Message("evidence.same_bytes_two_parcels", details)
            elif len(same) > 1:
                twin = next(photos[one].file for one in same if one != row)
                yield row, Message("evidence.same_bytes_twice", {"file": file, "other": twin})


def similar_pictures(photos: Sequence[ReadPhoto], attached: Sequence[Sequence[Attached]], settings: Settings) -> Found:
    """Nearly the same picture for two parcels, two places or two directions; other bytes (same bytes are another finding)."""
    first, second, bits = similar_pairs([photo.phash for photo in photos], int(settings.limit("look_alike_bits")))
    for one, other, apart in zip(first.tolist(), second.tolist(), bits.tolist()):
        left, right = photos[one], photos[other]
        if _same_file(left, right):
            continue
        mine, theirs = ({link.parcel for link in attached[row]} for row in (one, other))
        difference = _difference(left, right, bool(mine and theirs and not mine & theirs), settings)
        if difference:
            for row, twin in ((one, right), (other, left)):
                details = {"file": photos[row].file, "other": twin.file, "bits": apart, "difference": difference}
                yield row, Message("evidence.look_alike", details)


def _difference(left: ReadPhoto, right: ReadPhoto, other_parcel: bool, settings: Settings) -> str:
    """In what two look-alike photos differ although they should not: 图斑, 位置, 方位角."""
    found = ["图斑不同"] if other_parcel else []
    if left.placed and right.placed and _metres(left, right) > settings.limit("look_alike_same_place_m"):
        found.append("位置不同")
    if _turn(left, right) > settings.limit("look_alike_same_azimuth_deg"):
        found.append("方位角不同")
    return "、".join(found)


def _same_file(left: ReadPhoto, right: ReadPhoto) -> bool:
    """Whether two rows are of the same bytes: that is a finding of its own (see :func:`same_bytes`)."""
    return left.sha256 is not None and left.sha256 == right.sha256


def _turn(left: ReadPhoto, right: ReadPhoto) -> float:
    """Degrees between the directions of two photos; 0 where one has none."""
    if left.azimuth is None or right.azimuth is None:
        return 0.0
    return float(circular_difference(left.azimuth, right.azimuth))


def _azimuths(photo: ReadPhoto, other: ReadPhoto) -> dict[str, str | float | None]:
    """Details of a finding about two photos and the directions they claim."""
    return {"file": photo.file, "other": other.file, "azimuth": round(photo.azimuth or 0.0, 1),
            "other_azimuth": round(other.azimuth or 0.0, 1)}  # fmt: skip


def _metres(left: ReadPhoto, right: ReadPhoto) -> float:
    return float(ELLIPSOID.inv(left.lon, left.lat, right.lon, right.lat)[2])


def device_tracks(photos: Sequence[ReadPhoto], settings: Settings) -> Found:
    """Shots of one device in the order of time: no jumps, and no turn without time."""
    tracks: dict[str, list[tuple[datetime, int]]] = {}
    for row, photo in enumerate(photos):
        taken = moment(photo.taken_at)
        if taken is not None and photo.placed and photo.device:
            tracks.setdefault(f"{photo.device}|{photo.person or ''}", []).append((taken, row))
    for track in tracks.values():
        track.sort()
        for (before, one), (after, other) in zip(track, track[1:]):
            if not _same_file(photos[one], photos[other]):
                seconds = (after - before).total_seconds()
                for message in _of_two_shots(photos[one], photos[other], seconds, settings):
                    yield other, message


def _of_two_shots(left: ReadPhoto, right: ReadPhoto, seconds: float, settings: Settings) -> Iterator[Message]:
    """What speaks against two shots of one device so many seconds apart; the findings are about the later one."""
    away = _metres(left, right)
    if away > settings.limit("jump_least_m") and away / max(seconds, 1.0) * 3.6 > settings.limit("fastest_kmh"):
        details = {"file": right.file, "other": left.file, "distance": round(away), "seconds": round(seconds)}
        yield Message("evidence.jumps", details)
    if away > settings.limit("same_position_m") or seconds > settings.limit("same_position_turn_seconds"):
        return
    if _turn(left, right) > settings.limit("same_position_azimuth_deg"):
        turned = {**_azimuths(right, left), "seconds": round(seconds)}
        yield Message("evidence.same_position_other_azimuth", turned)


def same_positions(photos: Sequence[ReadPhoto], settings: Settings) -> Found:
    """Equal coordinates with different azimuth claims, one finding per photo, the weightiest: of two devices, of one device that came back,
    of one that turned on the spot. The last is what an honest photographer does: a hint. Which two shots follow too fast upon each other
    for that is told by :func:`device_tracks`."""
    places: dict[tuple[float, float], list[int]] = {}
    for row, photo in enumerate(photos):
        if photo.lon is not None and photo.lat is not None and photo.azimuth is not None:
            places.setdefault((round(photo.lon, 7), round(photo.lat, 7)), []).append(row)
    for place, rows in places.items():
        if len(rows) < settings.limit("same_position_photos"):
            continue
        fine = not any(_coarse(value) for value in place)
        rows = rows[:_MOST_OF_ONE_POSITION]
        for row in rows:
            told = [_same_position(photos[row], photos[one], fine, settings) for one in rows if one != row]
            weightiest = min((claim for claim in told if claim), default=None, key=lambda claim: claim[0])
            if weightiest:
                yield row, weightiest[1]


def _coarse(degrees: float) -> bool:
    """Written in steps of a metre or more (five decimals of a degree, tenths of a second): being equal then says little."""
    return any(abs(degrees * steps - round(degrees * steps)) < 1e-7 * steps for steps in (1e5, 36e3))


def _same_position(photo: ReadPhoto, other: ReadPhoto, fine: bool, settings: Settings) -> tuple[int, Message] | None:
    """The claim of two photos of one position with its rank (0 the weightiest), None where there is nothing to tell."""
    if _turn(photo, other) <= settings.limit("same_position_azimuth_deg") or _same_file(photo, other):
        return None
    details = _azimuths(photo, other)
    if fine and photo.device and other.device and photo.device != other.device:
        return 0, Message("evidence.same_position_two_devices", details)
    taken, before = moment(photo.taken_at), moment(other.taken_at)
    if taken is not None and before is not None:
        apart = abs((taken - before).total_seconds())
        one_device = photo.device and photo.device == other.device
        if one_device and apart <= settings.limit("same_position_turn_seconds"):
            return None
        if fine and apart > settings.limit("same_position_stay_minutes") * 60:
            return 1, Message("evidence.same_position_again", {**details, "minutes": round(apart / 60)})
    return 2, Message("evidence.same_position_turned", details)
