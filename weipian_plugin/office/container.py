"""The same content, the same bytes: zip containers (xlsx, docx, archives) without the clock in them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

#: the first date a zip entry can carry
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
OFFICE_DATE = "2000-01-01T00:00:00Z"


def zip_entry(name: str, compressed: bool = True) -> zipfile.ZipInfo:
    """An entry without clock and machine in it; its name is UTF-8."""
    entry = zipfile.ZipInfo(name, ZIP_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    entry.create_system = 0  # the same on Windows and Linux
    entry.external_attr = 0
    return entry


def office_zip(parts: Mapping[str, bytes]) -> bytes:
    """An Open Packaging container: ``[Content_Types].xml`` first as readers expect, the rest by name."""
    order = sorted(parts, key=lambda name: (name != "[Content_Types].xml", name != "_rels/.rels", name))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in order:
            archive.writestr(zip_entry(name), parts[name])
    return buffer.getvalue()


def office_parts(content: bytes) -> dict[str, bytes]:
    """The parts of an xlsx or docx, with the dates in its properties fixed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    core = "docProps/core.xml"
    if core in parts:
        parts[core] = re.sub(
            rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)", rb"\g<1>" + OFFICE_DATE.encode() + rb"\g<2>", parts[core]
        )
    return parts


def write_zip(path: Path, entries: Iterable[tuple[str, Path]]) -> None:
    """A zip of files under given names, in the given order. Pictures and PDFs are stored: they do not shrink."""
    with zipfile.ZipFile(path, "w", allowZip64=True) as archive:
        for name, file in entries:
            entry = zip_entry(
                name, compressed=file.suffix.lower() not in (".jpg", ".jpeg", ".png", ".zip", ".pdf", ".heic")
            )
            entry.file_size = file.stat().st_size
            with file.open("rb") as source, archive.open(entry, "w") as target:
                while block := source.read(1 << 20):
                    target.write(block)
