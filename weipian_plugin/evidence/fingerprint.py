"""What a picture looks like: a perceptual hash, whether its thumbnail shows the same, and signs of a photographed screen.

The picture is decoded once at a fraction of its size (libjpeg scales while it decodes), which is enough for all three tests.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image

from ..formats.decoding import open_picture
from ..formats.picture_hash import bits_apart, picture_hash, to_hex

#: Edge of the scaled picture that is decoded at least, in pixels.
WORKING_EDGE = 256
#: A thumbnail this near to the picture needs no further look.
_SURELY_ALIKE = 10


class TooCostly(Exception):
    """Decoding would take too long or too much memory; the picture is not looked at."""


@dataclass(frozen=True)
class PictureFingerprint:
    """``phash`` 16 hex digits (64 bits); ``thumbnail_bits`` distance of the EXIF thumbnail; ``moire`` strength of a periodic pattern."""

    phash: str
    width: int
    height: int
    thumbnail_bits: int | None = None
    moire: float = 0.0


def fingerprint_of(
    content: bytes,
    pixels: float,
    scan_pixels: float,
    thumbnail: bytes | None = None,
    pattern: bool = True,
) -> PictureFingerprint:
    """Decode ``content`` scaled. ``pixels``: most pixels of a picture; ``scan_pixels``: pixels × scans of a JPEG;
    ``pattern`` False: do not look for a periodic pattern (``moire`` stays 0).

    Raises :class:`TooCostly`, and OSError, SyntaxError, ValueError and others for what Pillow cannot read.
    """
    with open_picture(io.BytesIO(content)) as picture:
        width, height = picture.size
        scans = content.count(b"\xff\xda") if picture.format == "JPEG" and "progression" in picture.info else 1
        if width * height > pixels or width * height * scans > scan_pixels:
            raise TooCostly
        picture.draft("L", (WORKING_EDGE, WORKING_EDGE))
        grey = picture.convert("L")
    while min(grey.size) > 4 * WORKING_EDGE:
        grey = grey.reduce(2)
    bits = picture_hash(grey)
    return PictureFingerprint(
        phash=to_hex(bits),
        width=width,
        height=height,
        thumbnail_bits=_thumbnail_distance(grey, bits, thumbnail),
        moire=periodic_pattern(np.asarray(grey, dtype=np.float32)) if pattern else 0.0,
    )


def _thumbnail_distance(grey: Image.Image, bits: Any, thumbnail: bytes | None) -> int | None:
    """Bits in which the thumbnail's hash differs from the picture's ``bits``. Cameras letterbox or crop thumbnails: the first fit that is
    surely alike counts, else the best of the usual ones."""
    if not thumbnail:
        return None
    try:
        with open_picture(io.BytesIO(thumbnail)) as opened:
            if opened.width * opened.height > 4_000_000:
                return None
            small = opened.convert("L")
    except (OSError, SyntaxError, ValueError, ZeroDivisionError, IndexError, TypeError, Image.DecompressionBombError):
        return None
    if min(small.size) < 32:
        return None
    small = _without_bars(small)
    wanted = picture_hash(small)
    distance = bits_apart(bits, wanted)
    if distance <= _SURELY_ALIKE:
        return distance
    fits = [_fitted(grey, small.width / small.height), grey]
    distance = min(distance, _bits_between(fits[0], wanted))
    if distance > _SURELY_ALIKE:  # a thumbnail may have been turned with the picture or not
        turned = [
            fit.transpose(turn) for fit in fits for turn in (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270)
        ]
        distance = min(distance, *(_bits_between(fit, wanted) for fit in turned))
    return distance


def _bits_between(picture: Image.Image, wanted: Any) -> int:
    return bits_apart(picture_hash(picture), wanted)


def _without_bars(small: Image.Image) -> Image.Image:
    """Cut black bars above and below or left and right (a 3:2 picture in a 4:3 thumbnail)."""
    bright = np.asarray(small) > 16
    rows, columns = np.flatnonzero(bright.mean(axis=1) > 0.05), np.flatnonzero(bright.mean(axis=0) > 0.05)
    if len(rows) < 16 or len(columns) < 16:
        return small
    return small.crop((int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1))


def _fitted(grey: Image.Image, ratio: float) -> Image.Image:
    """The middle of the picture with the thumbnail's proportions."""
    width, height = grey.size
    if width / height > ratio:
        kept = max(int(height * ratio), 1)
        return grey.crop(((width - kept) // 2, 0, (width - kept) // 2 + kept, height))
    kept = max(int(width / ratio), 1)
    return grey.crop((0, (height - kept) // 2, width, (height - kept) // 2 + kept))


def periodic_pattern(grey: Any) -> float:
    """How far the strongest lone peak of the spectrum stands above its surroundings (log units of the median there).

    A screen photographed by a camera beats with the sensor's grid and gives such peaks; roofs and furrows sometimes do so too,
    which is why this is a hint only. ``grey``: 2-D array; the middle 256 × 256 is used, smaller pictures give 0.
    """
    edge = WORKING_EDGE
    height, width = grey.shape
    if min(height, width) < edge:
        return 0.0
    top, left = (height - edge) // 2, (width - edge) // 2
    patch = grey[top : top + edge, left : left + edge]
    window, rings = _spectrum_parts()
    logarithm = np.log(np.abs(np.fft.rfft2((patch - patch.mean()) * window)) + 1e-3).ravel()
    strongest = 0.0
    for ring in rings:
        values = logarithm[ring]
        median = np.median(values)
        spread = max(float(np.median(np.abs(values - median))), 0.2)
        strongest = max(strongest, float((values.max() - median) / spread))
    return strongest


@lru_cache(maxsize=1)
def _spectrum_parts() -> tuple[Any, tuple[Any, ...]]:
    """The window, and the cells of the spectrum's rings (8 wide, middle to high frequencies).

    Straight edges of buildings fill the two axes; the lone peaks of a grid are looked for beside them.
    """
    edge = WORKING_EDGE
    window = np.hanning(edge).astype(np.float32)
    rows = np.minimum(np.arange(edge), edge - np.arange(edge))[:, None]
    columns = np.arange(edge // 2 + 1)[None, :]
    radius = np.hypot(rows, columns)
    beside = (rows > 3) & (columns > 3)
    rings = [
        np.flatnonzero(((radius >= low) & (radius < low + 8) & beside).ravel())
        for low in range(edge // 8, edge // 2, 8)
    ]
    return window[:, None] * window[None, :], tuple(rings)
