"""Photos are read: every file given in becomes a row, with what its metadata say or the reason why it says nothing.

``read_photo`` is total: whatever a file holds, it returns a row. The time for one photo is bounded twice. By what it may cost: bytes read
(``file_megabytes``, ``header_kilobytes``), reads of the metadata parser (``header_reads``), pixels and scans decoded (``pixels_millions``,
``scan_pixels_millions``); crafted files end here, without a stuck thread. And by the clock (``photo_seconds``, see ``time_limit``): what
comes from a drive that has gone silent ends there.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Union

import numpy as np
import pandas as pd

from ..formats.heif import read_heif
from ..formats.pictures import Container, open_container
from ..model.causes import cause_of
from ..model.errors import WeipianError
from ..model.feedback import Feedback, Silent, stop_if_cancelled
from ..model.messages import Message, render
from ..model.records import DateSpan, Rejection
from ..model.tables import columns_of, plain
from ..model.words import PhotoStatus
from .declination import declination
from .fingerprint import TooCostly, fingerprint_of
from .gcj02 import corrected
from .options import PhotoOptions
from .photo_file import Archives, PhotoFile
from .records import PHOTO, ReadPhoto
from .registers import missing_picture, register_number
from .settings import Settings
from .sources import find_files
from .tags import HeaderTooCostly, Values, normal_azimuth, parse_exif, parse_time, read_values, valid_position
from .time_limit import each_within

#: Columns of a photo table, in this order.
COLUMNS = columns_of(ReadPhoto)

_FIRST_READ = 1 << 13  # holds the tags; a thumbnail beyond it is read on demand
#: So many photos in a row that take too long are no bad photos: the drive they lie on does not answer.
_GONE = 9
_BY_HAND, _DRONE = "人工", "无人机"
_NUMBERS: frozenset[object] = frozenset(
    (PHOTO.lon, PHOTO.lat, PHOTO.azimuth, PHOTO.altitude, PHOTO.accuracy, PHOTO.declination, PHOTO.azimuth_delivered)
    + (PHOTO.field_of_view, PHOTO.pitch)
)
_WHOLE: frozenset[object] = frozenset((PHOTO.width, PHOTO.height, PHOTO.orientation, PHOTO.size))


@dataclass(frozen=True)
class PhotoReading:
    """``photos``: one row per file given in (columns :data:`COLUMNS`); ``rejected``: those that could not be taken."""

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
    read = list(_read_all(files, options, settings, feedback))
    photos = corrected(photo_table(read)) if options.gcj02 else photo_table(read)
    rejected = [
        Rejection(str(photo.path), photo.file, photo.notes[0])
        for photo in read
        if photo.status is PhotoStatus.REJECTED and photo.notes
    ]
    return PhotoReading(photos, rejected)


def photo_table(photos: Sequence[ReadPhoto]) -> pd.DataFrame:
    """Photos as a table with the agreed columns and kinds; absent numbers are NaN / NA, never 0."""
    return pd.DataFrame({name: _column(name, [getattr(photo, name) for photo in photos]) for name in COLUMNS})


def _column(name: str, values: list[Any]) -> Any:
    if name in _NUMBERS:
        return np.array(values, dtype="float64")
    if name in _WHOLE:
        numbers = np.array(values, dtype="float64")
        absent = np.isnan(numbers)
        return pd.arrays.IntegerArray(np.where(absent, 0, numbers).astype("int64"), absent)
    return pd.Series([plain(value) for value in values] if name == PHOTO.status else values, dtype=object)


def _read_all(
    files: Sequence[PhotoFile], options: PhotoOptions, settings: Settings, feedback: Feedback
) -> Iterator[ReadPhoto]:
    """Photos in the order of ``files``; one that takes too long is there as well."""
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
        for photos in each_within(
            seconds, lambda file: read_photo(file, options, settings, archives), files, workers, heartbeat
        ):
            for photo in photos:
                silent = silent + 1 if photo is None else 0
                if silent == _GONE:
                    raise WeipianError(
                        "evidence.drive_silent", file=files[done].name, count=silent, seconds=round(seconds, 1)
                    )
                yield photo if photo is not None else _too_slow(files[done], settings, seconds)
                done += 1
    finally:
        archives.close()


def _too_slow(file: PhotoFile, settings: Settings, seconds: float) -> ReadPhoto:
    why = Message("evidence.too_slow", {"file": file.name, "seconds": round(seconds, 1)})
    return _Reader(file, settings).rejected(why)


def read_photo(
    file: PhotoFile, options: PhotoOptions, settings: Settings, archives: Archives | None = None
) -> ReadPhoto:
    """What ``file`` says, whatever it holds: without a picture in it ``status`` is refused, with the reason."""
    reader = _Reader(file, settings)
    if file.rejection is not None:
        return reader.rejected(file.rejection)
    try:
        return reader.read(options, archives)
    except HeaderTooCostly:
        return reader.rejected(Message("evidence.header_too_costly", {"file": file.name}))
    except FileNotFoundError:
        return reader.register_only()
    except Exception as error:  # noqa: BLE001 - the one border: a crafted file may break any parser in any way
        return reader.rejected(Message("evidence.unreadable", {"file": file.name, "reason": cause_of(error)}))


_Place = tuple[Union[float, None], Union[float, None]]


@dataclass(frozen=True)
class _Said:
    """What the metadata and the register say of a photo, understood together. ``azimuth``: from true north, as delivered beside it."""

    values: Values
    place: _Place = (None, None)
    azimuth: float | None = None
    azimuth_delivered: float | None = None
    declination: float | None = None
    taken_at: str | None = None
    kind: str | None = None
    purpose: str | None = None
    field_of_view: float | None = None
    device: str | None = None
    software: str | None = None
    claimed: str | None = None
    person: str | None = None


#: Of a file whose metadata were not reached.
_NOTHING_SAID = _Said(Values())


class _Reader:
    """One file as far as it has been read; when the rest of it breaks, that much is kept."""

    def __init__(self, file: PhotoFile, settings: Settings) -> None:
        self.file, self.settings = file, settings
        self._said: _Said | None = None
        self._size = file.size
        self._sha256: str | None = None
        self._width: int | None = None
        self._height: int | None = None
        self._phash: str | None = None
        self._notes: tuple[Message, ...] = ()

    def read(self, options: PhotoOptions, archives: Archives | None) -> ReadPhoto:
        """Everything that the file says. Raises whatever reading and parsing raise."""
        file, settings = self.file, self.settings
        whole = options.hash or options.fingerprint
        largest = int(settings.limit("file_megabytes") * 1e6)
        if whole:
            content = file.read(largest + 1, archives)
            head: Container | None = open_container(content)
        else:
            content, head = _read_header(file, settings, archives)
        self._size = file.size if file.size is not None else len(content)
        if not content:
            return self.rejected(self._about("evidence.empty"))
        if whole and len(content) > largest:
            return self.rejected(self._about("evidence.file_too_large"))
        if options.hash:
            self._sha256 = hashlib.sha256(content).hexdigest()
        if head is None:
            return self.rejected(self._about("evidence.not_a_picture"))
        head = _with_exif(head, content, settings)
        values = _metadata(head, settings)
        self._understand(values)
        self._width, self._height = head.width or values.width, head.height or values.height
        self._signs(head, values)
        why = self._look(options, content, head, values)
        if why is not None:
            return self.rejected(why)
        return self._photo(PhotoStatus.READ, "；".join(render(note).rstrip("。") for note in self._notes))

    def rejected(self, why: Message) -> ReadPhoto:
        """What is known of a file that could not be taken, and why it could not."""
        self._notes = (why, *self._notes)
        return self._photo(PhotoStatus.REJECTED, render(why))

    def register_only(self) -> ReadPhoto:
        """The register names a picture that is not there: what the register says is kept, and the absence is said."""
        self._understand(Values())
        return self.rejected(missing_picture(self.file.name))

    def _photo(self, status: PhotoStatus, reason: str) -> ReadPhoto:
        file, said = self.file, self._said or _NOTHING_SAID
        lon, lat = said.place
        values = said.values
        return ReadPhoto(
            file.name, self._sha256, lon, lat, said.azimuth, values.reference, said.taken_at, values.altitude, values.accuracy,
            said.declination, said.azimuth_delivered, values.zone_offset, said.device, said.software, self._width, self._height,
            values.orientation, self._size, said.kind, self._phash, said.field_of_view, said.purpose, status, reason, values.pitch,
            said.claimed, said.person, self._notes, str(file.path), file.member,
        )  # fmt: skip

    def _about(self, code: str) -> Message:
        return Message(code, {"file": self.file.name})

    def _understand(self, values: Values) -> None:
        """What the metadata say; what they leave out may come from the register."""
        file, settings, notes = self.file, self.settings, list(values.notes)
        place, azimuth, taken_at = _from_register(file, values)
        day = datetime.fromisoformat(taken_at) if taken_at else None
        true_azimuth, turn = _to_true_north(azimuth, values.reference, place, day, notes)
        if azimuth is not None and values.reference is None:
            notes.append(self._about("evidence.azimuth_reference_unknown"))
        kind = _kind(file, values, settings)
        absent_view = settings.limit("drone_field_of_view_deg" if kind == _DRONE else "default_field_of_view_deg")
        least, most = settings.limit("smallest_field_of_view_deg"), settings.limit("largest_field_of_view_deg")
        self._said = _Said(
            values, place, true_azimuth, azimuth, turn, taken_at, kind, _purpose(file.name, settings),
            min(max(values.field_of_view or absent_view, least), most), values.device, values.software,
            _text(file.register.get("number")), _text(file.register.get("person")),
        )  # fmt: skip
        self._width, self._height = values.width, values.height
        for code, absent in (
            ("evidence.no_position", place[0] is None),
            ("evidence.no_azimuth", azimuth is None),
            ("evidence.no_time", taken_at is None),
        ):
            if absent:
                notes.append(self._about(code))
        if day is not None and _impossible(day, settings):
            notes.append(Message("evidence.time_impossible", {"file": file.name, "time": taken_at}))
        self._notes = tuple(notes)

    def _signs(self, head: Container, values: Values) -> None:
        """Signs of an editor or a screenshot; missing optional tags alone are no sign."""
        file, settings = self.file, self.settings
        software = values.software.lower()
        editor = next((name for name in settings.editors if name in software), None)
        if editor or head.photoshop:
            shown = {"file": file.name, "software": values.software or "Photoshop"}
            self._note(Message("evidence.edited", shown))
        name = file.name.rsplit("/", 1)[-1].lower()
        bare = not (values.make or values.sensor or values.taken_at or values.lon is not None)
        short, long = sorted((self._width or 0, self._height or 0))
        named = any(word in name for word in settings.screenshot_words)
        if values.screenshot or named or (bare and (short, long) in settings.screen_sizes):
            self._note(self._about("evidence.screenshot"))

    def _note(self, *found: Message) -> None:
        self._notes = (*self._notes, *found)

    def _look(self, options: PhotoOptions, content: bytes, head: Container, values: Values) -> Message | None:
        """Look at the picture itself, where that is asked for; why it cannot be taken."""
        if options.fingerprint and head.kind == "heif":
            self._note(self._about("evidence.look_not_decoded"))
        elif options.fingerprint:
            return self._fingerprint(content, values)
        elif head.kind == "jpeg" and not (head.width and head.height):
            return Message("evidence.unreadable", {"file": self.file.name, "reason": "no picture data"})
        return None

    def _fingerprint(self, content: bytes, values: Values) -> Message | None:
        """Decode the picture and compare it with its thumbnail; why it cannot be taken."""
        settings = self.settings
        try:
            found = fingerprint_of(
                content, settings.limit("pixels_millions") * 1e6, settings.limit("scan_pixels_millions") * 1e6, values.thumbnail,
                pattern=not values.sensor,  # what a camera's own tags come with is no photographed screen
            )  # fmt: skip
        except TooCostly:
            self._note(self._about("evidence.look_skipped"))
            return None
        except Exception as error:  # noqa: BLE001 - decoders fail in many ways; the metadata that were read stay
            return Message("evidence.unreadable", {"file": self.file.name, "reason": cause_of(error)})
        self._phash, self._width, self._height = found.phash, found.width, found.height
        if found.thumbnail_bits is not None and found.thumbnail_bits > settings.limit("thumbnail_bits"):
            bits = {"file": self.file.name, "bits": found.thumbnail_bits}
            self._note(Message("evidence.thumbnail_differs", bits))
        if found.moire > settings.limit("moire_peak"):
            self._note(Message("evidence.screen", {"file": self.file.name, "peak": round(found.moire, 1)}))
        return None


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


def _from_register(file: PhotoFile, values: Values) -> tuple[_Place, float | None, str | None]:
    """Place, azimuth and time by the metadata, each by the register where they leave it out."""
    register = file.register
    place = values.lon, values.lat
    if values.lon is None:
        place = valid_position(register_number(register, "lon"), register_number(register, "lat"))
    azimuth = values.azimuth_delivered
    if azimuth is None:
        azimuth = normal_azimuth(register_number(register, "azimuth"))
    taken_at = values.taken_at
    if taken_at is None:
        taken_at = _register_time(str(register.get("taken_at") or ""))
    return place, azimuth, taken_at


def _purpose(name: str, settings: Settings) -> str:
    """The purpose that the innermost part of a name speaks of."""
    for part in reversed(name.split("/")):
        for purpose, words in settings.purposes:
            if any(word in part for word in words):
                return purpose
    return settings.default_purpose


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
    place: _Place,
    day: datetime | None,
    notes: list[Message],
) -> tuple[float | None, float | None]:
    """True azimuth and the declination that was used. A magnetic azimuth without place or date stays as delivered, and that is said."""
    if azimuth is None or reference != "M":
        return azimuth, None
    lon, lat = place
    if lon is None or lat is None or day is None:
        notes.append(Message("evidence.declination_unknown"))
        return azimuth, None
    found = declination(lon, lat, day.date())
    if not found.in_range:
        notes.append(Message("evidence.declination_out_of_range", {"year": day.year, "model": found.model}))
    return normal_azimuth(azimuth + found.degrees), found.degrees


def _kind(file: PhotoFile, values: Values, settings: Settings) -> str:
    """人工 or 无人机, or what the settings name: by the picture's own signs first, then by folder and file name."""
    if values.drone or values.make.lower() in settings.drone_makes:
        return _DRONE
    for part in reversed(file.name.split("/")):
        for kind, words in settings.kinds:
            if any(word.lower() in part.lower() for word in words):
                return kind
    return _BY_HAND
