"""What a file is, by its first bytes; the name it came with proves nothing."""

from __future__ import annotations

import zipfile
from pathlib import Path

from ..formats.pictures import extension_of

_STARTS = ((b"%PDF-", "pdf"), (b"Rar!\x1a\x07", "rar"), (b"7z\xbc\xaf\x27\x1c", "7z"))
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def extension(path: Path) -> str:
    """The extension without dot that fits the content; ``bin`` when it is none of the known kinds."""
    with path.open("rb") as stream:
        head = stream.read(16)
    picture = extension_of(head)
    if picture is not None:
        return picture
    for start, name in _STARTS:
        if head.startswith(start):
            return name
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
