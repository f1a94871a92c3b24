"""A bad photo is caught before the district catches it: findings with a code, a level, a sentence and a remedy.

Levels and limits are data (``resources/evidence.yaml``). A finding says what should be looked at; none states that material is false.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

import numpy as np
import pandas as pd
import shapely

from ..model.messages import Message
from ..model.records import DateSpan
from .gcj02 import suspicion
from .matching import ATTACHED, photo_keys
from .rows import present
from .rows import records as rows_of
from .settings import Settings, load_settings
from .similar import similar_pairs
from .summary import circular_difference
from .view import bands, bearing_differences
from .view_cone import ELLIPSOID

#: Stands for the file in a finding about all photos together.
WHOLE_DELIVERY = "（整批照片）"
FINDING_COLUMNS = ("photo", "file", "parcel", "code", "level", "details", "message")


#: Reasons why a photo was not attached that are findings as well.
_TELLING = ("evidence.claim_contradicted", "evidence.parcel_outside_view", "evidence.too_far")


def check(
    photos: pd.DataFrame, links: pd.DataFrame, parcels: Any, settings: Settings | None = None, roads: Any = None
) -> pd.DataFrame:
    """Findings of all checks (columns :data:`FINDING_COLUMNS`; ``code`` is the name in the settings, ``message`` its sentence,
    ``message.code + ".remedy"`` what to do). ``roads``: GeoDataFrame EPSG:4490 for the test of shifted positions, if there is one."""
    settings = settings or load_settings()
    found: list[tuple[Any, ...]] = []
    keys = photo_keys(photos)
    records = rows_of(photos)
    parcels_of = _attached_parcels(photos, links, keys)
    for row, record in enumerate(records):
        for note in record["notes"]:
            _add(found, settings, keys[row], record, "", note)
    for row, parcel, message in _of_links(photos, records, parcels_of, parcels, settings):
        _add(found, settings, keys[row], records[row], parcel, message)
    for link in rows_of(links[links["status"] != ATTACHED]):
        for reason in link["reasons"]:
            if reason.code in _TELLING:
                _add(found, settings, link["photo"], {"file": link["file"]}, link["parcel"], reason)
    for row, parcel, message in _before_demolition(records, parcels_of, settings):
        _add(found, settings, keys[row], records[row], parcel, message)
    for row, message in _same_bytes(records, parcels_of):
        _add(found, settings, keys[row], records[row], "", message)
    for row, message in _similar_pictures(photos, records, parcels_of, settings):
        _add(found, settings, keys[row], records[row], "", message)
    for row, message in _device_tracks(records, settings):
        _add(found, settings, keys[row], records[row], "", message)
    for row, message in _same_positions(records, settings):
        _add(found, settings, keys[row], records[row], "", message)
    shifted = suspicion(photos, parcels, settings, roads)
    if shifted is not None:
        _add(found, settings, "", {"file": WHOLE_DELIVERY}, "", shifted)
    table = pd.DataFrame(found, columns=list(FINDING_COLUMNS))
    return table.drop_duplicates(["file", "parcel", "code"]).reset_index(drop=True)


def _add(
    found: list[tuple[Any, ...]], settings: Settings, key: Any, record: Mapping[str, Any], parcel: str, message: Message
) -> None:
    name = message.code.split(".", 1)[1]
    if name not in settings.levels:
        if record.get("status") != "refused" or name == "not_a_photo":  # no check, such as an assumed hemisphere
            return
        name = "unreadable"  # whatever the reason why it was not taken
    found.append((key, record["file"], parcel, name, settings.level(name), dict(message.details), message))


def _attached_parcels(photos: pd.DataFrame, links: pd.DataFrame, keys: Any) -> list[list[tuple[str, Any]]]:
    """Per photo row the parcels it is attached to, with the purpose. Files of the same bytes keep the parcel of their own name."""
    by_file: dict[Any, list[tuple[str, Any]]] = {}
    by_key: dict[Any, list[tuple[str, Any]]] = {}
    for link in rows_of(links[links["status"] == ATTACHED]):
        entry = (link["parcel"], link.get("purpose"))
        by_file.setdefault(link.get("file"), []).append(entry)
        by_key.setdefault(link["photo"], []).append(entry)
    return [by_file.get(file) or by_key.get(key) or [] for file, key in zip(photos["file"], keys)]


# --- photo against parcel ------------------------------------------------------------------------------------------------


def _of_links(
    photos: pd.DataFrame,
    records: list[dict[str, Any]],
    parcels_of: list[list[tuple[str, Any]]],
    parcels: Any,
    settings: Settings,
) -> Iterator[tuple[int, str, Message]]:
    numbers = {str(number): index for index, number in enumerate(parcels["number"])}
    pairs = [
        (row, numbers[parcel]) for row, attached in enumerate(parcels_of) for parcel, _ in attached if parcel in numbers
    ]
    if not pairs:
        return
    rows, targets = np.array(pairs, dtype=int).T
    distance, bearing = measure_pairs(photos, parcels, rows, targets)
    later = list(parcels["later_image"]) if "later_image" in parcels else [None] * len(parcels)
    names = list(parcels["number"])
    tolerance, compass = settings.limit("position_tolerance_m"), settings.limit("compass_tolerance_deg")
    for index, (row, target) in enumerate(zip(rows.tolist(), targets.tolist())):
        record, number = records[row], str(names[target])
        away, off = float(distance[index]), float(bearing[index])
        half = (
            float(record["field_of_view"]) / 2
            if present(record["field_of_view"])
            else settings.limit("default_field_of_view_deg") / 2
        )
        if away == away and away > settings.limit("too_far_m"):
            yield (
                row,
                number,
                Message("evidence.too_far", {"file": record["file"], "parcel": number, "distance": round(away)}),
            )
        if off == off and off > half + compass and away > tolerance:
            details = {"file": record["file"], "parcel": number, "bearing": round(off), "distance": round(away)}
            yield row, number, Message("evidence.parcel_outside_view", details)
        purpose = next((use for parcel, use in parcels_of[row] if parcel == number), None) or record.get("purpose")
        if purpose != "整改前" and _certainly_before(record["taken_at"], later[target]):
            details = {
                "file": record["file"],
                "parcel": number,
                "time": record["taken_at"],
                "image": str(later[target]),
            }
            yield row, number, Message("evidence.before_later_image", details)


def measure_pairs(photos: pd.DataFrame, parcels: Any, rows: Any, targets: Any) -> tuple[Any, Any]:
    """Distance (m) and bearing difference (degrees) of given pairs of photo row and parcel row, however far apart; NaN where unknown."""
    lon, lat = photos["lon"].to_numpy(float)[rows], photos["lat"].to_numpy(float)[rows]
    azimuth = photos["azimuth"].to_numpy(float)[rows]
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


def _certainly_before(taken_at: Any, image: Any) -> bool:
    taken = DateSpan.parse(str(taken_at)[:10]) if present(taken_at) else None
    span = DateSpan.parse(str(image)) if present(image) else None
    return taken is not None and span is not None and taken.last < span.first


def moment(taken_at: Any) -> datetime | None:
    """The time of a photo for comparison; without a zone it is taken as China's (UTC+8)."""
    if not present(taken_at):
        return None
    try:
        read = datetime.fromisoformat(str(taken_at))
    except ValueError:
        return None
    if read.tzinfo is None:
        return datetime.fromisoformat(read.isoformat() + "+08:00").astimezone(timezone.utc)
    return read.astimezone(timezone.utc)


def _before_demolition(
    records: list[dict[str, Any]], parcels_of: list[list[tuple[str, Any]]], settings: Settings
) -> Iterator[tuple[int, str, Message]]:
    """整改后 must be later than the last 整改前 or 整改中 of the same parcel."""
    last: dict[str, tuple[datetime, str]] = {}
    after: list[tuple[int, str, datetime]] = []
    for row, attached in enumerate(parcels_of):
        taken = moment(records[row]["taken_at"])
        if taken is None:
            continue
        for parcel, purpose in attached:
            use = purpose or records[row].get("purpose")
            if use in ("整改前", "整改中") and (parcel not in last or taken > last[parcel][0]):
                last[parcel] = (taken, str(records[row]["taken_at"]))
            elif use in ("整改后", "复耕验收"):
                after.append((row, parcel, taken))
    for row, parcel, taken in after:
        if parcel in last and taken <= last[parcel][0]:
            details = {
                "file": records[row]["file"],
                "parcel": parcel,
                "time": str(records[row]["taken_at"]),
                "before": last[parcel][1],
            }
            yield row, parcel, Message("evidence.before_demolition", details)


# --- photo against photo -------------------------------------------------------------------------------------------------


def _same_bytes(
    records: list[dict[str, Any]], parcels_of: list[list[tuple[str, Any]]]
) -> Iterator[tuple[int, Message]]:
    rows: dict[str, list[int]] = {}
    for row, record in enumerate(records):
        if present(record["sha256"]):
            rows.setdefault(record["sha256"], []).append(row)
    for same in rows.values():
        used = {row: {parcel for parcel, _ in parcels_of[row]} for row in same}
        everything = set().union(*used.values())
        for row in same:
            others = sorted(everything - used[row]) or sorted(used[row])[1:]
            other = next((records[one]["file"] for one in same if one != row and used[one] - used[row]), None)
            if others:
                details = {"file": records[row]["file"], "other": other or records[row]["file"],
                           "parcel": "、".join(sorted(used[row])[:1]) or "—", "other_parcel": "、".join(others)}  # fmt: skip
                yield row, Message("evidence.same_bytes_two_parcels", details)
            elif len(same) > 1:
                twin = next(records[one]["file"] for one in same if one != row)
                yield row, Message("evidence.same_bytes_twice", {"file": records[row]["file"], "other": twin})


def _similar_pictures(
    photos: pd.DataFrame, records: list[dict[str, Any]], parcels_of: list[list[tuple[str, Any]]], settings: Settings
) -> Iterator[tuple[int, Message]]:
    """Nearly the same picture for two parcels, two places or two directions; other bytes (same bytes are another finding)."""
    first, second, bits = similar_pairs(photos["phash"].tolist(), int(settings.limit("look_alike_bits")))
    for one, other, apart in zip(first.tolist(), second.tolist(), bits.tolist()):
        left, right = records[one], records[other]
        if _same_file(left, right):
            continue
        difference = _difference(left, right, parcels_of[one], parcels_of[other], settings)
        if difference:
            for row, twin in ((one, right), (other, left)):
                details = {"file": records[row]["file"], "other": twin["file"], "bits": apart, "difference": difference}
                yield row, Message("evidence.look_alike", details)


def _difference(
    left: Mapping[str, Any],
    right: Mapping[str, Any],
    parcels: list[tuple[str, Any]],
    others: list[tuple[str, Any]],
    settings: Settings,
) -> str:
    """In what two look-alike photos differ although they should not: 图斑, 位置, 方位角."""
    found = []
    mine, theirs = {parcel for parcel, _ in parcels}, {parcel for parcel, _ in others}
    if mine and theirs and not mine & theirs:
        found.append("图斑不同")
    placed = all(present(photo[name]) for photo in (left, right) for name in ("lon", "lat"))
    if placed and _metres(left, right) > settings.limit("look_alike_same_place_m"):
        found.append("位置不同")
    turned = all(present(photo["azimuth"]) for photo in (left, right))
    if turned and circular_difference(left["azimuth"], right["azimuth"]) > settings.limit(
        "look_alike_same_azimuth_deg"
    ):
        found.append("方位角不同")
    return "、".join(found)


def _same_file(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    """Whether two rows are of the same bytes: that is a finding of its own (see :func:`_same_bytes`)."""
    return present(left["sha256"]) and bool(left["sha256"] == right["sha256"])


def _azimuths(record: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Details of a finding about two photos and the directions they claim."""
    return {"file": record["file"], "other": other["file"], "azimuth": round(float(record["azimuth"]), 1),
            "other_azimuth": round(float(other["azimuth"]), 1)}  # fmt: skip


def _metres(left: Mapping[str, Any], right: Mapping[str, Any]) -> float:
    return float(ELLIPSOID.inv(left["lon"], left["lat"], right["lon"], right["lat"])[2])


def _device_tracks(records: list[dict[str, Any]], settings: Settings) -> Iterator[tuple[int, Message]]:
    """Shots of one device in the order of time: no jumps, and no turn without time."""
    tracks: dict[str, list[tuple[datetime, int]]] = {}
    for row, record in enumerate(records):
        taken = moment(record["taken_at"])
        if taken is not None and present(record["lon"]) and record["device"]:
            tracks.setdefault(f"{record['device']}|{record.get('person') or ''}", []).append((taken, row))
    for track in tracks.values():
        track.sort()
        for (before, one), (after, other) in zip(track, track[1:]):
            left, right = records[one], records[other]
            if _same_file(left, right):
                continue
            seconds, away = (after - before).total_seconds(), _metres(left, right)
            if away > settings.limit("jump_least_m") and away / max(seconds, 1.0) * 3.6 > settings.limit("fastest_kmh"):
                details = {
                    "file": right["file"],
                    "other": left["file"],
                    "distance": round(away),
                    "seconds": round(seconds),
                }
                yield other, Message("evidence.jumps", details)
            turned = present(left["azimuth"]) and present(right["azimuth"])
            if (
                not turned
                or away > settings.limit("same_position_m")
                or seconds > settings.limit("same_position_turn_seconds")
            ):
                continue
            if circular_difference(left["azimuth"], right["azimuth"]) > settings.limit("same_position_azimuth_deg"):
                yield (
                    other,
                    Message(
                        "evidence.same_position_other_azimuth", {**_azimuths(right, left), "seconds": round(seconds)}
                    ),
                )


#: Photos of one position that are compared with each other; a register that gives thousands the same one is seen from these as well.
_MOST_OF_ONE_POSITION = 100


def _same_positions(records: list[dict[str, Any]], settings: Settings) -> Iterator[tuple[int, Message]]:
    """Equal coordinates with different azimuth claims, one finding per photo, the weightiest: of two devices, of one device that came back,
    of one that turned on the spot. The last is what an honest photographer does: a hint. Which two shots follow too fast upon each other
    for that is told by :func:`_device_tracks`."""
    places: dict[tuple[float, float], list[int]] = {}
    for row, record in enumerate(records):
        if present(record["lon"]) and present(record["azimuth"]):
            places.setdefault((round(float(record["lon"]), 7), round(float(record["lat"]), 7)), []).append(row)
    for place, rows in places.items():
        if len(rows) < settings.limit("same_position_photos"):
            continue
        fine = not any(_coarse(value) for value in place)
        rows = rows[:_MOST_OF_ONE_POSITION]
        for row in rows:
            told = [_same_position(records[row], records[one], fine, settings) for one in rows if one != row]
            weightiest = min((claim for claim in told if claim), default=None, key=lambda claim: claim[0])
            if weightiest:
                yield row, weightiest[1]


def _coarse(degrees: float) -> bool:
    """Written in steps of a metre or more (five decimals of a degree, tenths of a second): being equal then says little."""
    return any(abs(degrees * steps - round(degrees * steps)) < 1e-7 * steps for steps in (1e5, 36e3))


def _same_position(
    record: Mapping[str, Any], other: Mapping[str, Any], fine: bool, settings: Settings
) -> tuple[int, Message] | None:
    """The claim of two photos of one position with its rank (0 the weightiest), None where there is nothing to tell."""
    if circular_difference(record["azimuth"], other["azimuth"]) <= settings.limit("same_position_azimuth_deg"):
        return None
    if _same_file(record, other):
        return None
    details = _azimuths(record, other)
    if fine and record["device"] and other["device"] and record["device"] != other["device"]:
        return 0, Message("evidence.same_position_two_devices", details)
    taken, before = moment(record["taken_at"]), moment(other["taken_at"])
    if taken is not None and before is not None:
        apart = abs((taken - before).total_seconds())
        if (
            record["device"]
            and record["device"] == other["device"]
            and apart <= settings.limit("same_position_turn_seconds")
        ):
            return None
        if fine and apart > settings.limit("same_position_stay_minutes") * 60:
            return 1, Message("evidence.same_position_again", {**details, "minutes": round(apart / 60)})
    return 2, Message("evidence.same_position_turned", details)
