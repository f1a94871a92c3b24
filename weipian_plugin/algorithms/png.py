"""Pages as png files, packed quickly: zlib does not hold the other threads."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
from qgis.PyQt.QtGui import QImage

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TRUE_COLOUR = 2
_UP = 2  # filter of a row: each pixel less the one above it; rows of a page are much alike


def write_png(image: QImage, path: Path) -> None:
    """An opaque page as a 24-bit png with its resolution."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    width, height, stride = plain.width(), plain.height(), plain.bytesPerLine()
    bits = plain.constBits()
    bits.setsize(stride * height)
    rows = np.frombuffer(bits, np.uint8).reshape(height, stride)[:, : 3 * width]
    lines = np.empty((height, 1 + 3 * width), np.uint8)
    lines[:, 0] = _UP
    lines[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=lines[1:, 1:])
    packed = zlib.compress(lines.tobytes(), 1)
    header = struct.pack(">IIBBBBB", width, height, 8, _TRUE_COLOUR, 0, 0, 0)
    resolution = struct.pack(">IIB", image.dotsPerMeterX(), image.dotsPerMeterY(), 1)
    chunks = ((b"IHDR", header), (b"pHYs", resolution), (b"IDAT", packed), (b"IEND", b""))
    path.write_bytes(_SIGNATURE + b"".join(_chunk(kind, content) for kind, content in chunks))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(content, zlib.crc32(kind)))
