"""What a file is, by its first bytes; the name it came with proves nothing."""

from __future__ import annotations

import zipfile
from pathlib import Path

_STARTS = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
    (b"%PDF-", "pdf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
)
_HEIF_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"heis")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def extension(path: Path) -> str:
    """The extension without dot that fits the content; ``bin`` when it is none of the known kinds."""
    with path.open("rb") as stream:
        head = stream.read(16)
    for start, name in _STARTS:
        if head.startswith(start):
            return name
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return "heic"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"PK"):
        return _zip_kind(path)
    if head.startswith(_OLE):
        return "xls" if path.suffix.lower() == ".xls" else "doc"
    return "bin"


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return "zip"
    if "[Content_Types].xml" in names:
        if any(name.startswith("word/") for name in names):
            return "docx"
        if any(name.startswith("xl/") for name in names):
            return "xlsx"
    return "zip"
