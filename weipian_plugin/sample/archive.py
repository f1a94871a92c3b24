"""A zip as Windows Explorer makes it on a Chinese machine: entry names in GBK, without the UTF-8 flag.

Python's own zip writer always stores names that are not ASCII as UTF-8, hence these few lines.
Format: PKWARE APPNOTE 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (end record).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from pathlib import Path

# 2023-05-20 09:00, in DOS form: the same input must give the same bytes.
_TIME = 9 << 11
_DATE = ((2023 - 1980) << 9) | (5 << 5) | 20


def write_gbk_zip(path: Path, entries: Mapping[str, bytes]) -> None:
    """Write `entries` (name inside the zip -> content) to `path`, names encoded in GBK, content deflated."""
    body: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for name, content in entries.items():
        raw_name = name.encode("gbk")
        squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = squeezer.compress(content) + squeezer.flush()
        common = struct.pack(
            "<HHHHHIIIHH", 20, 0, 8, _TIME, _DATE, zlib.crc32(content), len(packed), len(content), len(raw_name), 0
        )
        local = b"PK\x03\x04" + common + raw_name + packed
        directory.append(
            b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 32, offset) + raw_name
        )
        body.append(local)
        offset += len(local)
    central = b"".join(directory)
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(directory), len(directory), len(central), offset, 0)
    path.write_bytes(b"".join(body) + central + end)
