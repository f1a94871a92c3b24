"""Photos for the tests, made on the spot: JPEGs with the EXIF blocks that devices of many makes write."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import Any

import numpy as np
import piexif
from PIL import Image

LON, LAT = 120.9, 31.6


def scene(seed: int = 1, width: int = 480, height: int = 360) -> Image.Image:
    """A picture with structure on many scales, different for every seed."""
    random = np.random.default_rng(seed)
    total = np.zeros((height, width, 3))
    for cells, strength in ((3, 90), (7, 50), (19, 25), (61, 12)):
        coarse = random.random((cells, cells, 3)) * 255
        layer = Image.fromarray(coarse.astype(np.uint8)).resize((width, height), Image.Resampling.BICUBIC)
        total += np.asarray(layer, dtype=float) * strength / 177
    return Image.fromarray(np.clip(total, 0, 255).astype(np.uint8))


def rational(value: float, denominator: int = 10000) -> tuple[int, int]:
    fraction = Fraction(round(value * denominator), denominator)
    return fraction.numerator, fraction.denominator


def dms(value: float) -> tuple[tuple[int, int], ...]:
    value = abs(value)
    degree = int(value)
    minute = int((value - degree) * 60)
    second = (value - degree - minute / 60) * 3600
    return (degree, 1), (minute, 1), rational(second)


def gps(
    lon: float | None = LON, lat: float | None = LAT, azimuth: float | None = 90.0, reference: str | None = "T"
) -> dict[int, Any]:
    block: dict[int, Any] = {}
    if lon is not None and lat is not None:
        block[piexif.GPSIFD.GPSLatitudeRef] = "S" if lat < 0 else "N"
        block[piexif.GPSIFD.GPSLatitude] = dms(lat)
        block[piexif.GPSIFD.GPSLongitudeRef] = "W" if lon < 0 else "E"
        block[piexif.GPSIFD.GPSLongitude] = dms(lon)
    if azimuth is not None:
        block[piexif.GPSIFD.GPSImgDirection] = rational(azimuth, 100)
    if reference is not None:
        block[piexif.GPSIFD.GPSImgDirectionRef] = reference
    return block


def exif(
    gps_block: dict[int, Any] | None = None, time: str | None = "2023:05:06 10:20:30", offset: str | None = "+08:00",
    make: str | None = "HUAWEI", model: str | None = "ELS-AN00", software: str | None = None, focal: int | None = 27,
    orientation: int | None = 1, sensor: bool = True, thumbnail: bytes | None = None,
) -> bytes:  # fmt: skip
    """An EXIF block as piexif writes it (with the ``Exif`` prefix)."""
    zeroth: dict[int, Any] = {}
    inner: dict[int, Any] = {}
    for target, tag, value in (
        (zeroth, piexif.ImageIFD.Make, make),
        (zeroth, piexif.ImageIFD.Model, model),
        (zeroth, piexif.ImageIFD.Software, software),
        (zeroth, piexif.ImageIFD.Orientation, orientation),
        (inner, piexif.ExifIFD.DateTimeOriginal, time),
        (inner, piexif.ExifIFD.OffsetTimeOriginal, offset),
        (inner, piexif.ExifIFD.FocalLengthIn35mmFilm, focal),
        (inner, piexif.ExifIFD.ExposureTime, (1, 250) if sensor else None),
    ):
        if value is not None:
            target[tag] = value.encode("utf-8") if isinstance(value, str) else value
    blocks = {
        "0th": zeroth,
        "Exif": inner,
        "GPS": gps() if gps_block is None else gps_block,
        "Interop": {},
        "1st": {},
        "thumbnail": thumbnail,
    }
    if thumbnail:
        blocks["1st"] = {piexif.ImageIFD.Compression: 6}
    return bytes(piexif.dump(blocks))


def jpeg(
    block: bytes | None = None, picture: Image.Image | None = None, quality: int = 85, xmp: bytes | None = None
) -> bytes:
    """A JPEG; ``block`` None: no metadata at all."""
    stream = io.BytesIO()
    options: dict[str, Any] = {"exif": block} if block else {}
    if xmp:
        options["xmp"] = xmp
    (picture or scene(1, 320, 240)).save(stream, "JPEG", quality=quality, **options)
    return stream.getvalue()


def thumbnail_of(picture: Image.Image, size: tuple[int, int] = (160, 120)) -> bytes:
    stream = io.BytesIO()
    picture.resize(size).save(stream, "JPEG", quality=70)
    return stream.getvalue()
