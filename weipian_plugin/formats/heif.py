"""What a HEIC or AVIF file says of itself: size in pixels, EXIF block and XMP packet, by its boxes alone (ISO/IEC 14496-12, 23008-12).

No native code: the library that decodes such pictures comes with QGIS too, and two of them in one process end it. Total functions
over bytes: a broken or crafted file gives what could be found, in time that grows with the file's size only.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Optional

#: Items of a file that are looked at; a phone's burst or grid has fewer than a hundred.
_MOST_ITEMS = 4096
_MOST_EXTENTS = 64
_MOST_BOXES = 10_000


@dataclass(frozen=True)
class HeifMetadata:
    """Size in pixels as shown (turned by ``irot``); ``exif`` a TIFF block, ``xmp`` a packet. None for what is not there."""

    width: Optional[int] = None
    height: Optional[int] = None
    exif: Optional[bytes] = None
    xmp: Optional[bytes] = None


@dataclass(frozen=True)
class _Box:
    kind: bytes
    start: int  # of the content
    stop: int


@dataclass(frozen=True)
class _Extents:
    """Where an item lies: in the file (method 0) or in the ``idat`` box (method 1)."""

    method: int
    pieces: tuple[tuple[int, int], ...]  # offset, length (0: to the end)


@dataclass
class _Items:
    kinds: dict[int, bytes] = field(default_factory=dict)
    extents: dict[int, _Extents] = field(default_factory=dict)


def read_heif(content: bytes) -> HeifMetadata:
    """Metadata of a HEIC or AVIF picture given whole."""
    meta = next((box for box in _boxes(content, 0, len(content)) if box.kind == b"meta"), None)
    if meta is None:
        return HeifMetadata()
    boxes = {box.kind: box for box in _boxes(content, meta.start + 4, meta.stop)}
    try:
        items = _Items(_item_kinds(content, boxes.get(b"iinf")), _locations(content, boxes.get(b"iloc")))
        idat = boxes.get(b"idat")
        exif = _tiff_block(_first(content, items, b"Exif", idat))
        width, height = _size(content, boxes.get(b"iprp"), _primary(content, boxes.get(b"pitm")))
        return HeifMetadata(width, height, exif, _first(content, items, b"mime", idat) or None)
    except struct.error:  # boxes that end before they should
        return HeifMetadata()


def _boxes(content: bytes, start: int, stop: int) -> Iterator[_Box]:
    for _ in range(_MOST_BOXES):
        if start + 8 > stop:
            return
        length, kind = struct.unpack_from(">I4s", content, start)
        head = 8
        if length == 1 and start + 16 <= stop:
            (length,) = struct.unpack_from(">Q", content, start + 8)
            head = 16
        elif length == 0:
            length = stop - start
        if length < head or start + length > stop:
            return
        yield _Box(kind, start + head, start + length)
        start += length


def _number(content: bytes, position: int, size: int) -> int:
    return int.from_bytes(content[position : position + size], "big")


def _item_kinds(content: bytes, box: Optional[_Box]) -> dict[int, bytes]:
    """Item type by id; of the ``mime`` items only those that hold XMP."""
    if box is None:
        return {}
    wide = content[box.start] > 0
    kinds: dict[int, bytes] = {}
    for entry in _boxes(content, box.start + (8 if wide else 6), box.stop):
        version = content[entry.start] if entry.start < entry.stop else 0
        if entry.kind != b"infe" or version < 2 or len(kinds) >= _MOST_ITEMS:
            continue
        size = 4 if version == 3 else 2
        item = _number(content, entry.start + 4, size)
        at = entry.start + 4 + size + 2
        kind = content[at : at + 4]
        if kind != b"mime" or b"application/rdf+xml" in content[at + 4 : entry.stop]:
            kinds.setdefault(item, kind)
    return kinds


def _locations(content: bytes, box: Optional[_Box]) -> dict[int, _Extents]:
    """``iloc``, versions 0 to 2."""
    if box is None:
        return {}
    version = content[box.start]
    sizes = _number(content, box.start + 4, 2)
    offset_size, length_size, base_size = sizes >> 12 & 15, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version else 0
    wide = 4 if version == 2 else 2
    count = min(_number(content, box.start + 6, wide), _MOST_ITEMS)
    at = box.start + 6 + wide
    result: dict[int, _Extents] = {}
    for _ in range(count):
        if at + wide + 4 > box.stop:
            break
        item, at = _number(content, at, wide), at + wide
        method = 0
        if version:
            method, at = _number(content, at, 2) & 15, at + 2
        base, at = _number(content, at + 2, base_size), at + 2 + base_size
        pieces, at = _pieces(content, at, (index_size, offset_size, length_size), box.stop)
        result[item] = _Extents(method, tuple((base + offset, length) for offset, length in pieces))
    return result


def _pieces(content: bytes, at: int, sizes: tuple[int, int, int], stop: int) -> tuple[list[tuple[int, int]], int]:
    """The extents of one item as (offset, length), and where the next item begins."""
    index_size, offset_size, length_size = sizes
    count, at = _number(content, at, 2), at + 2
    pieces = []
    for _ in range(min(count, _MOST_EXTENTS)):
        if at > stop:
            break
        at += index_size
        pieces.append((_number(content, at, offset_size), _number(content, at + offset_size, length_size)))
        at += offset_size + length_size
    at += max(count - _MOST_EXTENTS, 0) * (index_size + offset_size + length_size)
    return pieces, at


def _first(content: bytes, items: _Items, kind: bytes, idat: Optional[_Box]) -> bytes:
    """The bytes of the first item of a kind; nothing where they lie outside of the file."""
    item = next((number for number, name in items.kinds.items() if name == kind and number in items.extents), None)
    if item is None:
        return b""
    place = items.extents[item]
    if place.method > 1 or (place.method == 1 and idat is None):
        return b""
    start, stop = (idat.start, idat.stop) if place.method == 1 and idat is not None else (0, len(content))
    parts = []
    for offset, length in place.pieces:
        end = stop if length == 0 else start + offset + length
        parts.append(content[start + offset : min(end, stop)])
    return b"".join(parts)[: len(content)]


def _tiff_block(item: bytes) -> Optional[bytes]:
    """The EXIF item begins with the distance to its TIFF header (23008-12, annex A)."""
    if len(item) < 8:
        return None
    block = item[4 + _number(item, 0, 4) :]
    if block[:2] in (b"II", b"MM"):
        return block
    start = item.find(b"Exif\x00\x00", 0, 32)  # writers that leave the distance at 0
    block = item[start + 6 :] if start >= 0 else b""
    return block if block[:2] in (b"II", b"MM") else None


def _primary(content: bytes, box: Optional[_Box]) -> Optional[int]:
    if box is None:
        return None
    return _number(content, box.start + 4, 4 if content[box.start] else 2)


def _size(content: bytes, box: Optional[_Box], primary: Optional[int]) -> tuple[Optional[int], Optional[int]]:
    """Pixels of the primary item (``ispe``), turned by a quarter where ``irot`` says so."""
    if box is None or primary is None:
        return None, None
    parts = {part.kind: part for part in _boxes(content, box.start, box.stop)}
    if b"ipco" not in parts or b"ipma" not in parts:
        return None, None
    properties = list(_boxes(content, parts[b"ipco"].start, parts[b"ipco"].stop))
    own = [properties[at - 1] for at in _associated(content, parts[b"ipma"], primary) if 0 < at <= len(properties)]
    extent = next((one for one in own if one.kind == b"ispe" and one.stop - one.start >= 12), None)
    if extent is None:
        return None, None
    width, height = struct.unpack_from(">II", content, extent.start + 4)
    turned = any(one.kind == b"irot" and content[one.start] & 1 for one in own if one.stop > one.start)
    return (height, width) if turned else (width, height)


def _associated(content: bytes, box: _Box, item: int) -> list[int]:
    """Numbers of the properties of an item (``ipma``), from 1."""
    version, wide_index = content[box.start], content[box.start + 3] & 1
    size = 4 if version else 2
    at = box.start + 8
    for _ in range(min(_number(content, box.start + 4, 4), _MOST_ITEMS)):
        if at + size + 1 > box.stop:
            break
        number, count, at = _number(content, at, size), content[at + size], at + size + 1
        step = 2 if wide_index else 1
        if number == item:
            mask = 0x7FFF if wide_index else 0x7F
            return [_number(content, at + place * step, step) & mask for place in range(count)]
        at += count * step
    return []
