"""Photos are read: every file given in becomes a row, with what its metadata say or the reason why it says nothing.

``read_photo`` is total: whatever a file holds, it returns a row. The time for one photo is bounded twice. By what it may cost: bytes read
(``file_megabytes``, ``header_kilobytes``), reads of the metadata parser (``header_reads``), pixels and scans decoded (``pixels_millions``,
``scan_pixels_millions``); crafted files end here, without a stuck thread. And by the clock (``photo_seconds``, see ``time_limit``): what
comes from a drive that has gone silent ends there.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..formats.heif import read_heif
from ..formats.pictures import Container, open_container
from ..model.causes import cause_of
from ..model.errors import WeipianError
from ..model.feedback import Feedback, Silent, stop_if_cancelled
from ..model.messages import Message, render
from ..model.records import DateSpan, Rejection
from .declination import declination
from .fingerprint import PictureFingerprint, TooCostly, fingerprint_of
from .gcj02 import corrected
from .options import PhotoOptions
from .photo_file import Archives, PhotoFile
from .registers import register_number
from .settings import Settings
from .sources import find_files
from .tags import HeaderTooCostly, Values, normal_azimuth, parse_exif, parse_time, read_values, valid_position
from .time_limit import each_within

#: Columns of a photo table, in this order. ``status`` read / refused; ``reason`` the Chinese sentence, "" if there is nothing to say.
COLUMNS = (
    "file", "sha256", "lon", "lat", "azimuth", "reference", "taken_at", "altitude", "accuracy", "declination", "azimuth_delivered",
    "zone_offset", "device", "software", "width", "height", "orientation", "size", "kind", "phash", "field_of_view", "purpose", "status",
    "reason", "pitch", "claimed", "person", "notes", "path", "member",
)  # fmt: skip

_FIRST_READ = 1 << 13  # holds the tags; a thumbnail beyond it is read on demand
#: So many photos in a row that take too long are no bad photos: the drive they lie on does not answer.
_GONE = 9
_NUMBERS = (
    "lon",
    "lat",
    "azimuth",
    "altitude",
    "accuracy",
    "declination",
    "azimuth_delivered",
    "field_of_view",
    "pitch",
)
_WHOLE = ("width", "height", "orientation", "size")


@dataclass(frozen=True)
class PhotoReading:
    """``photos``: one row per file given in (columns :data:`COLUMNS`); ``refused``: those that could not be taken."""

    photos: pd.DataFrame
    rejected: list[Rejection]


def read_photos(
    paths: Iterable[Path], options: PhotoOptions | None = None, feedback: Feedback | None = None
) -> PhotoReading:
    """Read folders, photo files, zips, registers (CSV, workbook, point layer) and evidence databases.

    Raises ``evidence.path_missing``, ``evidence.register_*``, ``evidence.settings_*``, ``evidence.drive_silent`` (no photo comes back from
    the drive) and :class:`~..errors.Cancelled`; a bad file never raises.
    """
    options = options or PhotoOptions()
    return read_files(find_files(paths, options.settings), options, feedback)


def read_files(
    files: Sequence[PhotoFile], options: PhotoOptions | None = None, feedback: Feedback | None = None
) -> PhotoReading:
    """The same for files that were found before (:func:`~.sources.find_files`), a row each in their order."""
    options, feedback = options or PhotoOptions(), feedback or Silent()
    settings = options.settings
    rows: list[dict[str, Any]] = []
    for row in _read_all(files, options, settings, feedback):
        rows.append(row)
    photos = corrected(photo_table(rows)) if options.gcj02 else photo_table(rows)
    rejected = [
        Rejection(str(row["path"]), row["file"], row["notes"][0])
        for row in rows
        if row["status"] == "refused" and row["notes"]
    ]
    return PhotoReading(photos, rejected)


def photo_table(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows as a table with the agreed columns and kinds; absent numbers are NaN / NA, never 0."""
    return pd.DataFrame({name: _column(name, [row.get(name) for row in rows]) for name in COLUMNS})


def _column(name: str, values: list[Any]) -> Any:
    if name in _NUMBERS:
        return np.array(values, dtype="float64")
    if name in _WHOLE:
        numbers = np.array(values, dtype="float64")
        absent = np.isnan(numbers)
        return pd.arrays.IntegerArray(np.where(absent, 0, numbers).astype("int64"), absent)
    return pd.Series(values, dtype=object)


def _read_all(
    files: Sequence[PhotoFile], options: PhotoOptions, settings: Settings, feedback: Feedback
) -> Iterator[dict[str, Any]]:
    """Rows in the order of ``files``; a photo that takes too long gets its row as well."""
    archives = Archives()
    seconds = settings.limit("photo_seconds")
    threads = options.threads or min(os.cpu_count() or 1, 4)
    # Whole files: one thread more, for one of them waits for the disk. Headers: Python's own lock lets more than two only queue.
    workers = threads + 1 if options.hash or options.fingerprint else min(threads, 2)
    done = silent = 0

    def heartbeat() -> None:
        feedback.progress(done / max(len(files), 1))
        stop_if_cancelled(feedback)

    try:
        for rows in each_within(
            seconds, lambda file: read_photo(file, options, settings, archives), files, workers, heartbeat
        ):
            for row in rows:
                silent = silent + 1 if row is None else 0
                if silent == _GONE:
                    raise WeipianError(
                        "evidence.drive_silent", file=files[done].name, count=silent, seconds=round(seconds, 1)
                    )
                yield row if row is not None else _too_slow(files[done], seconds)
                done += 1
    finally:
        archives.close()


def _too_slow(file: PhotoFile, seconds: float) -> dict[str, Any]:
    return _rejected(_blank(file), Message("evidence.too_slow", {"file": file.name, "seconds": round(seconds, 1)}))


def read_photo(
    file: PhotoFile, options: PhotoOptions, settings: Settings, archives: Archives | None = None
) -> dict[str, Any]:
    """One row, whatever the file holds."""
    row = _blank(file)
    if file.rejection is not None:
        return _rejected(row, file.rejection)
    try:
        return _read(file, row, options, settings, archives)
    except HeaderTooCostly:
        return _rejected(row, Message("evidence.header_too_costly", {"file": file.name}))
    except FileNotFoundError:
        return _from_register_only(file, row, settings)
    except Exception as error:  # noqa: BLE001 - the one border: a crafted file may break any parser in any way
        return _rejected(row, Message("evidence.unreadable", {"file": file.name, "reason": cause_of(error)}))


def _blank(file: PhotoFile) -> dict[str, Any]:
    return {
        "file": file.name,
        "size": file.size,
        "path": str(file.path),
        "member": file.member,
        "status": "read",
        "reason": "",
        "notes": (),
    }


def _rejected(row: dict[str, Any], why: Message) -> dict[str, Any]:
    row.update(status="refused", reason=render(why), notes=(why, *row["notes"]))
    return row


def _from_register_only(file: PhotoFile, row: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """The register names a picture that is not there: what the register says is kept, and the absence is said."""
    _understand(file, row, Values(), settings)
    return _rejected(row, Message("evidence.file_missing", {"file": file.name}))


def _read(
    file: PhotoFile, row: dict[str, Any], options: PhotoOptions, settings: Settings, archives: Archives | None
) -> dict[str, Any]:
    whole = options.hash or options.fingerprint
    largest = int(settings.limit("file_megabytes") * 1e6)
    if whole:
        content = file.read(largest + 1, archives)
        head: Container | None = open_container(content)
    else:
        content, head = _read_header(file, settings, archives)
    row["size"] = file.size if file.size is not None else len(content)
    if not content:
        return _rejected(row, Message("evidence.empty", {"file": file.name}))
    if whole and len(content) > largest:
        return _rejected(row, Message("evidence.file_too_large", {"file": file.name}))
    if options.hash:
        row["sha256"] = hashlib.sha256(content).hexdigest()
    if head is None:
        return _rejected(row, Message("evidence.not_a_picture", {"file": file.name}))
    head = _with_exif(head, content, settings)
    values = _metadata(head, settings)
    _understand(file, row, values, settings)
    row["width"], row["height"] = head.width or values.width, head.height or values.height
    _signs(file, row, head, values, settings)
    if options.fingerprint and head.kind == "heif":
        row["notes"] = (*row["notes"], Message("evidence.look_not_decoded", {"file": file.name}))
    elif options.fingerprint:
        fingerprint = _fingerprint(file, row, content, head, values, settings)
        if fingerprint is None and row["status"] == "refused":
            return row
    elif head.kind == "jpeg" and not (head.width and head.height):
        return _rejected(row, Message("evidence.unreadable", {"file": file.name, "reason": "no picture data"}))
    row["reason"] = "；".join(render(note).rstrip("。") for note in row["notes"])
    return row


def _read_header(file: PhotoFile, settings: Settings, archives: Archives | None) -> tuple[bytes, Container | None]:
    """Read on only as long as the metadata go on."""
    content = file.read(_FIRST_READ, archives)
    head = open_container(content)
    most = int(settings.limit("header_kilobytes") * 1024)
    length = _FIRST_READ
    if head is not None and head.kind in ("heif", "tiff"):
        return file.read(int(settings.limit("file_megabytes") * 1e6), archives), head
    while head is not None and not head.complete and len(content) == length and length < most:
        length = min(length * 8, most)
        content = file.read(length, archives)
        head = open_container(content)
    return content, head


def _with_exif(head: Container, content: bytes, settings: Settings) -> Container:
    """HEIC and TIFF: find the EXIF block where the container walk does not."""
    if head.kind == "tiff":
        return Container("tiff", exif=content[: int(settings.limit("header_kilobytes") * 1024)])
    if head.kind == "heif":
        return _heif(content)
    return head


def _heif(content: bytes) -> Container:
    found = read_heif(content)
    return Container("heif", found.width, found.height, found.exif, found.xmp)


def _metadata(head: Container, settings: Settings) -> Values:
    reads = int(settings.limit("header_reads"))
    parsed = parse_exif(head.exif, reads) if head.exif and head.exif[:2] in (b"II", b"MM") else {}
    portrait = head.height > head.width if head.width and head.height else None
    return read_values(parsed, head.xmp, portrait, head.exif)


def _understand(file: PhotoFile, row: dict[str, Any], values: Values, settings: Settings) -> None:
    """Fill the row from the metadata; what they leave out may come from the register."""
    notes = list(values.notes)
    lon, lat = values.lon, values.lat
    if lon is None:
        lon, lat = valid_position(register_number(file.register, "lon"), register_number(file.register, "lat"))
    azimuth, reference = values.azimuth_delivered, values.reference
    if azimuth is None:
        azimuth = normal_azimuth(register_number(file.register, "azimuth"))
    taken_at = values.taken_at
    if taken_at is None:
        taken_at = _register_time(str(file.register.get("taken_at") or ""))
    day = datetime.fromisoformat(taken_at) if taken_at else None
    true_azimuth, turn = _to_true_north(azimuth, reference, lon, lat, day, notes)
    if azimuth is not None and reference is None:
        notes.append(Message("evidence.azimuth_reference_unknown", {"file": file.name}))
    kind = _kind(file, values, settings)
    purpose, words = settings.default_purpose, file.name
    for candidate in reversed(words.split("/")):
        found = next((name for name, terms in settings.purposes if any(term in candidate for term in terms)), None)
        if found:
            purpose = found
            break
    default_view = settings.limit("drone_field_of_view_deg" if kind == "无人机" else "default_field_of_view_deg")
    view = values.field_of_view or default_view
    row.update(
        lon=lon, lat=lat, azimuth=true_azimuth, reference=reference, taken_at=taken_at, altitude=values.altitude, accuracy=values.accuracy,
        declination=turn, azimuth_delivered=azimuth, zone_offset=values.zone_offset, device=values.device, software=values.software,
        width=values.width, height=values.height, orientation=values.orientation, kind=kind, purpose=purpose, pitch=values.pitch,
        field_of_view=min(max(view, settings.limit("smallest_field_of_view_deg")), settings.limit("largest_field_of_view_deg")),
        claimed=_text(file.register.get("number")), person=_text(file.register.get("person")),
    )  # fmt: skip
    for name, absent in (("no_position", lon is None), ("no_azimuth", azimuth is None), ("no_time", taken_at is None)):
        if absent:
            notes.append(Message(f"evidence.{name}", {"file": file.name}))
    if day is not None and _impossible(day, settings):
        notes.append(Message("evidence.time_impossible", {"file": file.name, "time": taken_at}))
    row["notes"] = tuple(notes)


def _text(value: Any) -> str | None:
    text = str(value).strip() if value is not None else ""
    return (text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text) or None


def _register_time(text: str) -> str | None:
    """Time of a register as ISO text; a register may know the day only."""
    moment = parse_time(text)
    if moment is not None:
        return moment.isoformat()
    day = DateSpan.parse(text)
    return day.first.isoformat() if day is not None and day.first == day.last else None


def _impossible(day: datetime, settings: Settings) -> bool:
    now = datetime.now(timezone.utc).astimezone(day.tzinfo) if day.tzinfo else datetime.now()
    return day.year < settings.limit("earliest_year") or day > now + timedelta(
        hours=settings.limit("latest_ahead_hours")
    )


def _to_true_north(
    azimuth: float | None,
    reference: str | None,
    lon: float | None,
    lat: float | None,
    day: datetime | None,
    notes: list[Message],
) -> tuple[float | None, float | None]:
    """True azimuth and the declination that was used. A magnetic azimuth without place or date stays as delivered, and that is said."""
    if azimuth is None or reference != "M":
        return azimuth, None
    if lon is None or lat is None or day is None:
        notes.append(Message("evidence.declination_unknown"))
        return azimuth, None
    found = declination(lon, lat, day.date())
    if not found.in_range:
        notes.append(Message("evidence.declination_out_of_range", {"year": day.year, "model": found.model}))
    return normal_azimuth(azimuth + found.degrees), found.degrees


def _kind(file: PhotoFile, values: Values, settings: Settings) -> str:
    """人工 or 无人机: by the picture's own signs first, then by folder and file name."""
    if values.drone or values.make.lower() in settings.drone_makes:
        return "无人机"
    for part in reversed(file.name.split("/")):
        for kind, words in settings.kinds:
            if any(word.lower() in part.lower() for word in words):
                return kind
    return "人工"


def _signs(file: PhotoFile, row: dict[str, Any], head: Container, values: Values, settings: Settings) -> None:
    """Signs of an editor or a screenshot; missing optional tags alone are no sign."""
    notes = list(row["notes"])
    software = values.software.lower()
    editor = next((name for name in settings.editors if name in software), None)
    if editor or head.photoshop:
        notes.append(Message("evidence.edited", {"file": file.name, "software": values.software or "Photoshop"}))
    name = file.name.rsplit("/", 1)[-1].lower()
    bare = not (values.make or values.sensor or values.taken_at or values.lon is not None)
    size = (min(row["width"] or 0, row["height"] or 0), max(row["width"] or 0, row["height"] or 0))
    if (
        values.screenshot
        or any(word in name for word in settings.screenshot_words)
        or (bare and size in settings.screen_sizes)
    ):
        notes.append(Message("evidence.screenshot", {"file": file.name}))
    row["notes"] = tuple(notes)


def _fingerprint(
    file: PhotoFile, row: dict[str, Any], content: bytes, head: Container, values: Values, settings: Settings
) -> PictureFingerprint | None:
    try:
        fingerprint = fingerprint_of(
            content, settings.limit("pixels_millions") * 1e6, settings.limit("scan_pixels_millions") * 1e6, values.thumbnail,
            pattern=not values.sensor,  # what a camera's own tags come with is no photographed screen
        )  # fmt: skip
    except TooCostly:
        row["notes"] = (*row["notes"], Message("evidence.look_skipped", {"file": file.name}))
        return None
    except Exception as error:  # noqa: BLE001 - decoders fail in many ways; the metadata that were read stay
        _rejected(row, Message("evidence.unreadable", {"file": file.name, "reason": cause_of(error)}))
        return None
    row.update(phash=fingerprint.phash, width=fingerprint.width, height=fingerprint.height)
    notes = list(row["notes"])
    if fingerprint.thumbnail_bits is not None and fingerprint.thumbnail_bits > settings.limit("thumbnail_bits"):
        notes.append(Message("evidence.thumbnail_differs", {"file": file.name, "bits": fingerprint.thumbnail_bits}))
    if fingerprint.moire > settings.limit("moire_peak"):
        notes.append(Message("evidence.screen", {"file": file.name, "peak": round(fingerprint.moire, 1)}))
    row["notes"] = tuple(notes)
    return fingerprint
