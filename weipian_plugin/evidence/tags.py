"""From the EXIF block and the XMP packet of a photo to values: position, azimuth, time, device, field of view.

EXIF 2.32 (JEITA CP-3451): absent is None and zero is a value; a rational with denominator zero is absent; 360° is 0°.
exifread parses the block (``details=False``); its reads are counted, because a crafted block can send it round billions of values,
and a thread cannot be stopped from outside. Numbers are cut from the block in memory instead of by seek and read (half its time).
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from ..model.messages import Message
from ..vendor.exifread.core.exif_header import ExifHeader

#: EXIF's 35 mm frame: width and height in mm.
FRAME = (36.0, 24.0)


class HeaderTooCostly(Exception):
    """The metadata block asks for more reads than any honest one."""


class CountedBytes(io.BytesIO):
    """Bytes that may be read only so many times."""

    def __init__(self, content: bytes, reads: int) -> None:
        super().__init__(content)
        self._left = reads

    def read(self, size: int | None = -1) -> bytes:
        """As a stream does. Raises :class:`HeaderTooCostly` after too many reads."""
        found = super().read(size)
        self._left -= 1 if found else 20  # an honest block does not point beyond its end
        if self._left < 0:
            raise HeaderTooCostly
        return found


@dataclass(frozen=True)
class Values:
    """What the metadata say; every field may be absent. ``notes`` are signs worth a finding."""

    lon: float | None = None
    lat: float | None = None
    azimuth_delivered: float | None = None
    reference: str | None = None  # T true, M magnetic
    pitch: float | None = None  # of the camera, 0 level, -90 straight down
    taken_at: str | None = None  # ISO, with offset where known
    zone_offset: str | None = None
    altitude: float | None = None
    accuracy: float | None = None
    make: str = ""
    device: str = ""
    software: str = ""
    orientation: int | None = None
    width: int | None = None
    height: int | None = None
    field_of_view: float | None = None
    sensor: bool = False  # exposure, aperture or sensitivity is there
    drone: bool = False
    screenshot: bool = False
    thumbnail: bytes | None = None
    notes: tuple[Message, ...] = ()


class CountedHeader(ExifHeader):  # type: ignore[misc]
    """exifread's header over a TIFF block in memory, whose numbers may be read only so many times."""

    def __init__(self, block: bytes, reads: int) -> None:
        super().__init__(CountedBytes(block, reads), chr(block[0]), 0, 0, strict=False, detailed=False)
        self._block = block
        self._order: Literal["little", "big"] = "little" if self.endian == "I" else "big"
        self._left = reads

    def s2n(self, offset: int, length: int, signed: bool = False) -> int:
        """The number at ``offset``; 0 beyond the end, as exifread has it."""
        if offset < 0:
            raise ValueError(offset)
        found = self._block[offset : offset + length]
        if len(found) == length:
            self._left -= 1
        else:  # an honest block does not point beyond its end
            self._left -= 20
            found = b""
        if self._left < 0:
            raise HeaderTooCostly
        return int.from_bytes(found, self._order, signed=signed)


def parse_exif(block: bytes, reads: int) -> dict[str, Any]:
    """The tags of a TIFF block by exifread's names, without maker notes and thumbnail.

    Raises :class:`HeaderTooCostly`, or whatever exifread lets through.
    """
    if block[:2] not in (b"II", b"MM"):
        return {}
    header = CountedHeader(block, reads)
    for index, ifd in enumerate(header.list_ifd()):
        header.dump_ifd(ifd, ("Image", "Thumbnail")[index] if index < 2 else f"IFD {index}")
    inner = header.tags.get("Image ExifOffset")
    if inner:
        header.dump_ifd(inner.values[0], "EXIF")
    tags: dict[str, Any] = header.tags
    return tags


def read_values(
    tags: Mapping[str, Any], xmp: bytes | None = None, portrait: bool | None = None, block: bytes | None = None
) -> Values:
    """Understand the tags. ``portrait``: stored higher than wide; ``block``: the EXIF block itself, for the thumbnail."""
    packet = _without_unfilled(parse_xmp(xmp)) if xmp else {}
    notes: list[Message] = []
    lon, lat = _position(tags, packet, notes)
    azimuth, reference = _azimuth(tags, packet)
    taken_at, zone = _time(tags)
    orientation = _whole(tags, "Image Orientation")
    if orientation is not None and not 1 <= orientation <= 8:
        orientation = None
    make, model = _text(tags, "Image Make"), _text(tags, "Image Model")
    width, height = _whole(tags, "EXIF ExifImageWidth"), _whole(tags, "EXIF ExifImageLength")
    return Values(
        lon=lon,
        lat=lat,
        azimuth_delivered=azimuth,
        reference=reference,
        pitch=_within(_decimal(packet.get("GimbalPitchDegree")), -180.0, 180.0),
        taken_at=taken_at,
        zone_offset=zone,
        altitude=_altitude(tags, packet),
        accuracy=_within(_number(tags, "GPS Tag 0x001F", "GPS GPSHPositioningError"), 0.0, 1e6),
        make=make,
        device=model if model.lower().startswith(make.lower()) else f"{make} {model}".strip(),
        software=_text(tags, "Image Software")
        or _text(tags, "Image ProcessingSoftware")
        or packet.get("CreatorTool", ""),
        orientation=orientation,
        width=width,
        height=height,
        field_of_view=_field_of_view(tags, orientation, portrait),
        sensor=any(
            tag in tags for tag in ("EXIF ExposureTime", "EXIF FNumber", "EXIF ISOSpeedRatings", "EXIF ExposureProgram")
        ),
        drone="GimbalYawDegree" in packet or "FlightYawDegree" in packet,
        screenshot="screenshot" in packet.get("UserComment", "").lower()
        or (block is not None and _SCREENSHOT in block),
        thumbnail=_thumbnail(tags, block),
        notes=tuple(notes),
    )


_GIMBAL = ("GimbalYawDegree", "GimbalPitchDegree", "GimbalRollDegree")


def _without_unfilled(packet: dict[str, str]) -> dict[str, str]:
    """The packet without gimbal angles that nobody filled in: all of them exactly zero is a form, not a direction."""
    angles = [_decimal(packet[name]) for name in _GIMBAL if name in packet]
    if len(angles) < 2 or any(angles):
        return packet
    return {name: value for name, value in packet.items() if name not in ("GimbalYawDegree", "GimbalPitchDegree")} | {
        "FlightYawDegree": packet.get("FlightYawDegree", "")
    }


#: How iOS marks its screenshots, in UserComment (which exifread skips with ``details=False``).
_SCREENSHOT = b"ASCII\x00\x00\x00Screenshot"


def _thumbnail(tags: Mapping[str, Any], block: bytes | None) -> bytes | None:
    start, length = (
        _whole(tags, "Thumbnail JPEGInterchangeFormat"),
        _whole(tags, "Thumbnail JPEGInterchangeFormatLength"),
    )
    if block is None or start is None or not length:
        return None
    thumbnail = block[start : start + length]
    return thumbnail if thumbnail[:2] == b"\xff\xd8" else None


# --- numbers -------------------------------------------------------------------------------------------------------------


def number(value: Any) -> float | None:
    """One EXIF value as a float: rational, integer, float in exifread's tuple, or text. Denominator zero, NaN: None."""
    if isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    if hasattr(value, "den"):
        return value.num / value.den if value.den else None
    if isinstance(value, str):
        return _decimal(value)
    if isinstance(value, (int, float)) and math.isfinite(value):
        return float(value)
    return None


def _decimal(text: str | None) -> float | None:
    if text is None:
        return None
    match = re.fullmatch(r"\s*([+-]?\d{1,12}(?:\.\d{1,15})?)\s*(?:/\s*(\d{1,12}))?\s*", text)
    if not match:
        return None
    denominator = float(match.group(2) or 1)
    return float(match.group(1)) / denominator if denominator else None


def _values(tags: Mapping[str, Any], name: str) -> Sequence[Any]:
    tag = tags.get(name)
    values = getattr(tag, "values", None)
    return values if isinstance(values, (list, str)) else ()


def _number(tags: Mapping[str, Any], *names: str) -> float | None:
    for name in names:
        values = _values(tags, name)
        found = number(values if isinstance(values, str) else values[0]) if values else None
        if found is not None:
            return found
    return None


def _whole(tags: Mapping[str, Any], name: str) -> int | None:
    found = _within(_number(tags, name), 0, 1e7)
    return int(found) if found is not None else None


def _within(value: float | None, least: float, most: float) -> float | None:
    return value if value is not None and least <= value <= most else None


def _text(tags: Mapping[str, Any], name: str) -> str:
    values = _values(tags, name)
    if not isinstance(values, str):
        values = bytes(value for value in values if isinstance(value, int) and 0 < value < 256).decode(
            "utf-8", "replace"
        )
    if not values.isprintable():
        values = "".join(character for character in values if character.isprintable())
    return values.strip()[:200]


# --- position ------------------------------------------------------------------------------------------------------------


def degrees(values: Any, reference: str) -> float | None:
    """Degrees from degree/minute/second values of any EXIF spelling: three rationals, decimal degrees or minutes, text.

    ``0/0`` for minutes or seconds is "not given"; for degrees, or any other zero denominator, the position is absent.
    """
    if isinstance(values, str):
        return _degrees_of_text(values, reference)
    parts: list[float] = []
    for index, value in enumerate(list(values)[:3]):
        part = number(value)
        if part is None:
            if index == 0 or getattr(value, "num", None) != 0:
                return None
            part = 0.0
        parts.append(part)
    if not parts:
        return None
    return _signed(parts, reference)


def _degrees_of_text(text: str, reference: str) -> float | None:
    """``31,30.5N`` (XMP), ``31°30'15.2"N``, ``31.5043``, ``31/1 30/1 152/10``."""
    letter = re.search(r"[NSEWnsew]", text)
    parts: list[float] = []
    for match in re.finditer(r"(-?\d{1,9}(?:\.\d{1,12})?)(?:/(\d{1,9}))?", text):
        denominator = float(match.group(2) or 1)
        if not denominator:
            return None
        parts.append(float(match.group(1)) / denominator)
    if not 1 <= len(parts) <= 3:
        return None
    return _signed(parts, letter.group(0) if letter else reference)


def _signed(parts: list[float], reference: str) -> float | None:
    degree, minute, second = [*parts, 0.0, 0.0][:3]
    if not all(map(math.isfinite, parts)) or not (0 <= minute <= 60 and 0 <= second <= 60):
        return None
    value = abs(degree) + minute / 60 + second / 3600
    south_or_west = reference.strip()[:1].upper() in ("S", "W")
    return -value if south_or_west or degree < 0 else value


def _position(
    tags: Mapping[str, Any], packet: Mapping[str, str], notes: list[Message]
) -> tuple[float | None, float | None]:
    latitude_reference, longitude_reference = _text(tags, "GPS GPSLatitudeRef"), _text(tags, "GPS GPSLongitudeRef")
    lat = degrees(_values(tags, "GPS GPSLatitude"), latitude_reference)
    lon = degrees(_values(tags, "GPS GPSLongitude"), longitude_reference)
    if lat is None or lon is None:
        lat = degrees(packet.get("GpsLatitude") or packet.get("GPSLatitude") or "", "")
        lon = degrees(packet.get("GpsLongitude") or packet.get("GPSLongitude") or packet.get("GpsLongtitude") or "", "")
    elif not latitude_reference or not longitude_reference:
        notes.append(Message("evidence.hemisphere_assumed"))
    return valid_position(lon, lat)


def valid_position(lon: float | None, lat: float | None) -> tuple[float | None, float | None]:
    """The position, or (None, None) where it is absent, out of range or the devices' (0, 0)."""
    if lon is None or lat is None or not (abs(lon) <= 180 and abs(lat) <= 90):  # NaN fails the comparison
        return None, None
    if abs(lon) < 1e-6 and abs(lat) < 1e-6:
        return None, None
    return lon, lat


def _altitude(tags: Mapping[str, Any], packet: Mapping[str, str]) -> float | None:
    altitude = _within(_number(tags, "GPS GPSAltitude"), -12000.0, 100000.0)
    if altitude is None:
        return _within(_decimal(packet.get("AbsoluteAltitude")), -12000.0, 100000.0)
    return -altitude if _number(tags, "GPS GPSAltitudeRef") == 1 else altitude


# --- azimuth and field of view -------------------------------------------------------------------------------------------


def normal_azimuth(value: float | None) -> float | None:
    """0 ≤ azimuth < 360. One turn too few or too many is normal for some devices; anything else (-999999) is absent."""
    if value is None or not -360 <= value <= 720:
        return None
    return value % 360.0 % 360.0  # the second: -1e-20 % 360 is 360.0


def _azimuth(tags: Mapping[str, Any], packet: Mapping[str, str]) -> tuple[float | None, str | None]:
    azimuth = normal_azimuth(_number(tags, "GPS GPSImgDirection"))
    letter = _text(tags, "GPS GPSImgDirectionRef").upper()[:1]
    if azimuth is None:
        azimuth = normal_azimuth(_decimal(packet.get("GPSImgDirection")))
        letter = packet.get("GPSImgDirectionRef", "").upper()[:1]
    if azimuth is None:
        azimuth, letter = normal_azimuth(_decimal(packet.get("GimbalYawDegree") or packet.get("Yaw"))), ""
    if azimuth is None:
        return None, None
    return azimuth, letter if letter in ("T", "M") else None


def _field_of_view(tags: Mapping[str, Any], orientation: int | None, portrait: bool | None) -> float | None:
    """Horizontal angle of the picture as it is looked at, degrees, from the 35 mm equivalent focal length."""
    focal = _within(_number(tags, "EXIF FocalLengthIn35mmFilm"), 4.0, 2000.0)
    if focal is None:
        return None
    turned = orientation in (5, 6, 7, 8)
    side = FRAME[1] if turned != bool(portrait) else FRAME[0]
    return math.degrees(2 * math.atan(side / (2 * focal)))


# --- time ----------------------------------------------------------------------------------------------------------------


def parse_time(text: str) -> datetime | None:
    """``2023:05:06 10:20:30``, also with ``-``, ``/``, ``T``, fractions and without seconds; zeros and blanks are None."""
    match = re.match(
        r"\s*(\d{4})[:\-/.年](\d{1,2})[:\-/.月](\d{1,2})日?[ T]+(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2}))?", text
    )
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        # Some phones count the first hour of a day as 24 and have the new day's date already.
        return datetime(
            year, month, day, 0 if hour == 24 else hour, min(minute, 59) if minute == 60 else minute, min(second, 59)
        )
    except ValueError:
        return None


def _offset(text: str) -> str | None:
    match = re.fullmatch(r"\s*([+-])(\d{1,2}):?(\d{2})\s*", text)
    if not match or int(match.group(2)) > 14 or int(match.group(3)) > 59:
        return "+00:00" if text.strip().upper() == "Z" else None
    return f"{match.group(1)}{int(match.group(2)):02d}:{match.group(3)}"


def _gps_time(tags: Mapping[str, Any]) -> datetime | None:
    """UTC by the satellites."""
    day = re.match(
        r"(\d{4})[:\-/](\d{1,2})[:\-/](\d{1,2})", _text(tags, "GPS GPSDate") or _text(tags, "GPS GPSDateStamp")
    )
    clock = [number(value) for value in list(_values(tags, "GPS GPSTimeStamp"))[:3]]
    if not day or len(clock) != 3:
        return None
    hour, minute, second = (part if part is not None else -1.0 for part in clock)
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 62):
        return None
    try:
        start = datetime(int(day.group(1)), int(day.group(2)), int(day.group(3)))
    except ValueError:
        return None
    return start + timedelta(hours=hour, minutes=minute, seconds=int(second))


def _time(tags: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """When the photo was taken and the offset from UTC. The satellites' time tells the offset where no tag does."""
    for name, offset_name in (
        ("EXIF DateTimeOriginal", "EXIF OffsetTimeOriginal"),
        ("EXIF DateTimeDigitized", "EXIF OffsetTimeDigitized"),
    ):
        taken = parse_time(_text(tags, name))
        if taken:
            zone = _offset(_text(tags, offset_name)) or _offset(_text(tags, "EXIF OffsetTime"))
            zone = zone or _offset_between(taken, _gps_time(tags))
            return taken.isoformat() + (zone or ""), zone
    satellites = _gps_time(tags)
    if satellites:
        return satellites.isoformat() + "+00:00", "+00:00"
    changed = parse_time(_text(tags, "Image DateTime"))
    return (changed.isoformat(), None) if changed else (None, None)


def _offset_between(local: datetime, satellites: datetime | None) -> str | None:
    """The zone in which both clocks agree: within 10 minutes of a quarter hour, at most 14 hours."""
    if satellites is None:
        return None
    minutes = (local - satellites).total_seconds() / 60
    quarter = round(minutes / 15) * 15
    if abs(quarter) > 14 * 60 or abs(minutes - quarter) > 5:
        return None
    return f"{'-' if quarter < 0 else '+'}{abs(quarter) // 60:02d}:{abs(quarter) % 60:02d}"


# --- XMP -----------------------------------------------------------------------------------------------------------------

_XMP_NAMES = (
    "GimbalYawDegree|GimbalPitchDegree|FlightYawDegree|GpsLatitude|GpsLongitude|GpsLongtitude|AbsoluteAltitude|Yaw|GPSImgDirectionRef|"
    "GPSImgDirection|GPSLatitude|GPSLongitude|CreatorTool|UserComment"
)
_XMP_VALUE = re.compile(
    rf"[\w-]{{1,40}}:({_XMP_NAMES})(?:\s{{0,5}}=\s{{0,5}}[\"']([^\"'<>]{{0,200}})[\"']|>([^<>]{{1,200}})<)"
)


def parse_xmp(packet: bytes) -> dict[str, str]:
    """The few XMP properties that matter, as attribute or element. No XML parser: the packets of drones are often not XML."""
    text = packet[: 1 << 20].decode("utf-8", "replace")
    found: dict[str, str] = {}
    for match in _XMP_VALUE.finditer(text):
        found.setdefault(match.group(1), (match.group(2) or match.group(3) or "").strip())
    return found
