"""The perceptual hash of a picture (64 bits), which says whether two pictures look alike.

The lowest 8 × 8 frequencies of the cosine transform of a 32 × 32 grey picture, each compared with their median.
Source: the ``phash`` of the ImageHash library, whose bits these are wherever a picture has texture; where it is flat, the median
lies in rounding noise and the bits mean nothing in either.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_EDGE, _LOW = 32, 8
Bits = NDArray[np.bool_]


def picture_hash(picture: Image.Image) -> Bits:
    """Bits of ``picture``, shape (8, 8), True where the frequency exceeds the median."""
    grey = picture.convert("L").resize((_EDGE, _EDGE), Image.Resampling.LANCZOS)
    waves = _waves()
    low = waves @ np.asarray(grey, dtype=np.float64) @ waves.T
    bits: Bits = low > np.median(low)
    return bits


def bits_apart(first: Bits, second: Bits) -> int:
    """In how many of the 64 bits two hashes differ."""
    return int(np.count_nonzero(first != second))


def to_hex(bits: Bits) -> str:
    """The hash as 16 hex digits, row by row, the first bit highest."""
    return bytes(np.packbits(bits.ravel())).hex()


def from_hex(text: str) -> Bits:
    """The bits of 16 hex digits. Raises ValueError for anything else."""
    raw = bytes.fromhex(text)
    if len(raw) != _LOW * _LOW // 8:
        raise ValueError(text)
    return np.unpackbits(np.frombuffer(raw, np.uint8)).astype(np.bool_).reshape(_LOW, _LOW)


@lru_cache(maxsize=1)
def _waves() -> NDArray[Any]:
    """The first eight cosines of the transform of 32 values (DCT-II, not normalised), shape (8, 32)."""
    frequencies, places = np.arange(_LOW)[:, None], np.arange(_EDGE)[None, :]
    return np.asarray(2.0 * np.cos(np.pi * frequencies * (2 * places + 1) / (2 * _EDGE)))
