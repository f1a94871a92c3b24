"""Pages as png files, packed quickly: zlib does not hold the other threads."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from qgis.PyQt.QtGui import QImage

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TRUE_COLOUR = 2
_STRIP = 64  # rows that are packed together
_UP = 2  # filter of a row: each pixel less the one above it; rows of a page are much alike


def write_png(image: QImage, path: Path) -> None:
    """An opaque page as a 24-bit png with its resolution; packed a strip at a time, so that no second copy of the page is in memory."""
    packer = zlib.compressobj(1)
    packed = b"".join([*(packer.compress(strip) for strip in _strips(image)), packer.flush()])
    header = struct.pack(">IIBBBBB", image.width(), image.height(), 8, _TRUE_COLOUR, 0, 0, 0)
    resolution = struct.pack(">IIB", image.dotsPerMeterX(), image.dotsPerMeterY(), 1)
    chunks = ((b"IHDR", header), (b"pHYs", resolution), (b"IDAT", packed), (b"IEND", b""))
    with path.open("wb") as stream:
        stream.write(_SIGNATURE)
        for kind, content in chunks:
            stream.write(_chunk(kind, content))


def _strips(image: QImage) -> Iterator[bytes]:
    """The filtered rows of the page from the top, some at a time."""
    width = image.width()
    above = np.zeros(3 * width, np.uint8)  # of the first row everything is written
    for top in range(0, image.height(), _STRIP):
        strip = image.copy(0, top, width, min(_STRIP, image.height() - top)).convertToFormat(
            QImage.Format.Format_RGB888
        )
        height, stride = strip.height(), strip.bytesPerLine()
        bits = strip.constBits()
        bits.setsize(stride * height)
        rows = np.frombuffer(bits, np.uint8).reshape(height, stride)[:, : 3 * width]
        lines = np.empty((height, 1 + 3 * width), np.uint8)
        lines[:, 0] = _UP
        np.subtract(rows[0], above, out=lines[0, 1:])
        np.subtract(rows[1:], rows[:-1], out=lines[1:, 1:])
        above = rows[-1].copy()
        yield lines.tobytes()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(content, zlib.crc32(kind)))
