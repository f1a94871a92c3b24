"""What kind of picture a file is, and what it holds besides pixels: size, EXIF block, XMP packet and signs of an editor.

The one place that recognises pictures by their bytes; the name a file came with proves nothing. Total functions over bytes: a broken file
gives what could be found. Formats: JPEG (ITU T.81, EXIF 2.32 segment APP1), PNG (third edition, ``eXIf``), WebP container,
HEIC / AVIF (see :mod:`.heif`), TIFF; GIF and BMP by their kind only.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

EXIF_PREFIX = b"Exif\x00\x00"
XMP_PREFIX = b"http://ns.adobe.com/xap/1.0/\x00"
PHOTOSHOP_PREFIX = b"Photoshop 3.0\x00"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_AVIF_BRANDS = (b"avif", b"avis")
HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1", *_AVIF_BRANDS)

#: File name extension by sniffed kind.
_EXTENSIONS = {"jpeg": "jpg", "png": "png", "heif": "heic", "webp": "webp", "tiff": "tif", "gif": "gif", "bmp": "bmp"}
#: Kinds that may be evidence: photos; a GIF or BMP has no metadata and proves nothing.
PHOTO_KINDS = frozenset({"jpeg", "png", "heif", "webp", "tiff"})

_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset(range(0xD0, 0xD8)) | {0x01}


@dataclass(frozen=True)
class Container:
    """``kind`` jpeg, png, heif, webp, tiff; ``complete`` False: the header goes on beyond the bytes that were given."""

    kind: str
    width: int | None = None
    height: int | None = None
    exif: bytes | None = None  # a TIFF block: starts with II or MM
    xmp: bytes | None = None
    photoshop: bool = False
    progressive: bool = False
    complete: bool = True


def sniff(head: bytes) -> str | None:
    """The kind of picture by its first bytes (at least 12), or None."""
    if head[:3] == b"\xff\xd8\xff":
        return "jpeg"
    if head[:8] == PNG_SIGNATURE:
        return "png"
    if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS:
        return "heif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[:4] in (b"II*\x00", b"MM\x00*"):
        return "tiff"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    if head[:2] == b"BM" and head[6:10] == b"\x00\x00\x00\x00":
        return "bmp"
    return None


def extension_of(head: bytes) -> str | None:
    """The file name extension (no dot) that fits the first bytes, None for what is no picture."""
    kind = sniff(head)
    if kind == "heif" and head[8:12] in _AVIF_BRANDS:
        return "avif"
    return _EXTENSIONS[kind] if kind else None


def is_photo(head: bytes) -> bool:
    """Whether the first bytes are those of a picture that may carry evidence."""
    return sniff(head) in PHOTO_KINDS


def open_container(head: bytes) -> Container | None:
    """Read the structure of a photo from its first bytes; of HEIC and TIFF only the kind (they are read whole). None: no photo."""
    kind = sniff(head)
    if kind not in PHOTO_KINDS:
        return None
    if kind == "jpeg":
        return _jpeg(head)
    if kind == "png":
        return _png(head)
    if kind == "webp":
        return _webp(head)
    return Container(kind)


def _jpeg(head: bytes) -> Container:
    exif = xmp = width = height = None
    photoshop = progressive = False
    position, end, complete = 2, len(head), False
    while position + 4 <= end:
        if head[position] != 0xFF:  # lost between segments: look for the next marker
            position = head.find(b"\xff", position)
            if position < 0:
                break
            continue
        marker = head[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if marker in _WITHOUT_LENGTH or marker == 0x00:
            position += 2
            continue
        if marker in (0xDA, 0xD9):  # scan data or end of image: no metadata behind
            complete = True
            break
        length = (head[position + 2] << 8) | head[position + 3]
        start, stop = position + 4, position + 2 + max(length, 2)
        if marker == 0xE1 and stop <= end:
            if exif is None and head.startswith(EXIF_PREFIX, start):
                exif = head[start + 6 : stop]
            elif xmp is None and head.startswith(XMP_PREFIX, start):
                xmp = head[start + len(XMP_PREFIX) : stop]
        elif marker == 0xED and head.startswith(PHOTOSHOP_PREFIX, start):
            photoshop = True
        elif marker in _START_OF_FRAME and start + 5 <= end:
            height, width = (head[start + 1] << 8) | head[start + 2], (head[start + 3] << 8) | head[start + 4]
            progressive = marker in (0xC2, 0xC6, 0xCA, 0xCE)
        position = stop
    return Container("jpeg", width, height, exif, xmp, photoshop, progressive, complete)


def _chunks(head: bytes, start: int, big_endian: bool) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and stop of the chunks of a PNG (length first, CRC behind) or RIFF (name first, padded to even)."""
    position = start
    while position + 8 <= len(head):
        if big_endian:
            length, name = struct.unpack_from(">I4s", head, position)
            following = position + 12 + length
        else:
            name, length = struct.unpack_from("<4sI", head, position)
            following = position + 8 + length + (length & 1)
        yield name, position + 8, position + 8 + length
        position = following


def _png(head: bytes) -> Container:
    width = height = exif = xmp = None
    complete = False
    for name, start, stop in _chunks(head, 8, big_endian=True):
        if name == b"IEND":
            complete = True
            break
        if stop > len(head):
            break
        if name == b"IHDR" and stop - start >= 8:
            width, height = struct.unpack_from(">II", head, start)
        elif name == b"eXIf" and exif is None:
            exif = head[start:stop].removeprefix(EXIF_PREFIX)
        elif name in (b"tEXt", b"zTXt", b"iTXt") and exif is None and head.startswith(b"Raw profile type ", start):
            exif = _raw_profile(name, head[start:stop])
        elif name == b"iTXt" and head.startswith(b"XML:com.adobe.xmp", start):
            xmp = head[start:stop]
    return Container("png", width, height, exif, xmp, complete=complete)


_PROFILE_BYTES = 4 << 20


def _raw_profile(chunk: bytes, content: bytes) -> bytes | None:
    """The EXIF that ImageMagick and older exiftool keep as hexadecimal text of a PNG: a name, the length, and the figures.

    Source: ImageMagick, coders/png.c (Raw profile type exif, APP1).
    """
    keyword, _, rest = content.partition(b"\x00")
    if keyword.split()[-1].lower() not in (b"exif", b"app1"):
        return None
    packed = chunk == b"zTXt" or (chunk == b"iTXt" and rest[:1] == b"\x01")
    text = rest[1:] if chunk == b"zTXt" else rest[2:].split(b"\x00", 2)[-1] if chunk == b"iTXt" else rest
    try:
        text = zlib.decompressobj().decompress(text, _PROFILE_BYTES) if packed else text
        figures = b"".join(text.split()[2:])
        block = bytes.fromhex(figures[: len(figures) // 2 * 2].decode("ascii"))
    except (zlib.error, ValueError):
        return None
    return block.removeprefix(EXIF_PREFIX) or None


def _webp(head: bytes) -> Container:
    width = height = exif = xmp = None
    complete = True
    for name, start, stop in _chunks(head, 12, big_endian=False):
        if stop > len(head):
            complete = False
            break
        if name == b"VP8X" and stop - start >= 10:
            width = 1 + int.from_bytes(head[start + 4 : start + 7], "little")
            height = 1 + int.from_bytes(head[start + 7 : start + 10], "little")
        elif name == b"EXIF":
            exif = head[start:stop].removeprefix(EXIF_PREFIX)
        elif name == b"XMP ":
            xmp = head[start:stop]
    return Container("webp", width, height, exif, xmp, complete=complete)
