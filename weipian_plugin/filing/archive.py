"""Zip archives of packages, one for each parcel or one for each township, in the order of the archive; equal input, equal bytes.

Complete packages and drafts (草稿) never lie in one archive: drafts are archived only where asked, in a folder of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ..model.errors import WeipianError
from ..office.container import write_zip
from ..office.files import write_atomic
from ..office.text import file_name
from . import manifest

GROUPINGS = ("parcel", "township")
#: Behind a grouping: drafts are archived, too.
WITH_DRAFTS = "+draft"
#: The folder of drafts beside the archives that are handed over.
DRAFTS = "草稿"


@dataclass(frozen=True)
class ArchiveEntry:
    """A package to put into an archive. ``township`` is the group when archives are made by township (乡镇)."""

    number: str
    path: Path
    township: str = ""


def archive(entries: Iterable[ArchiveEntry], folder: Path, by: str = "parcel", drafts: bool = False) -> list[Path]:
    """Write the archives of complete packages into ``folder``; their paths by name. With ``drafts`` those of drafts into 草稿 in it.

    Inside, each package is a folder of its parcel's number with ``manifest.json`` first and the files as the manifest lists them;
    packages follow each other by number. An archive is written under another name and renamed when it is whole.
    Raises ``filing.grouping_unknown``, ``filing.manifest_*``, ``office.unwritable``, ``office.file_held``.
    """
    if by not in GROUPINGS:
        raise WeipianError("filing.grouping_unknown", grouping=by, known="、".join(GROUPINGS))
    groups: dict[Path, list[ArchiveEntry]] = {}
    for entry in entries:
        target = target_of(entry, folder, by, drafts)
        if target is not None:
            groups.setdefault(target, []).append(entry)
    written = []
    for target, members in sorted(groups.items()):
        ordered = tuple(sorted(members, key=lambda member: member.number))
        written.append(write_atomic(target, partial(_write, ordered)))
    return written


def target_of(entry: ArchiveEntry, folder: Path, by: str, drafts: bool = False) -> Path | None:
    """The archive that a package belongs into; None for a draft that nobody asked for. Raises ``filing.manifest_*``."""
    draft = not manifest.read(entry.path).complete
    if draft and not drafts:
        return None
    name = entry.number if by == "parcel" else entry.township or "未分乡镇"
    return (folder / DRAFTS if draft else folder) / f"{file_name(name, 60)}.zip"


def _write(members: Sequence[ArchiveEntry], path: Path) -> None:
    write_zip(path, _files(members))


def _files(members: Sequence[ArchiveEntry]) -> Iterator[tuple[str, Path]]:
    for member in members:
        content = manifest.read(member.path)
        inside = member.path.name
        yield f"{inside}/{manifest.NAME}", member.path / manifest.NAME
        for file in content.files:
            yield f"{inside}/{file.path}", member.path / file.path
