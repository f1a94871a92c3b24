"""What came back from the field: compared first, merged afterwards, never in place of the workspace.

Rows are told apart by uuid. A value that only the phone changed is taken; one that the office changed meanwhile, too, is a conflict: both
stay, the office's counts, and the list names it. Photos go through the evidence checks like any other; those that are missing, empty or lie
outside the package are rejected by name. Taking the same folder twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePosixPath
from typing import Any

from ...model.messages import Message
from ...model.registers import FieldResult
from ...model.values import text_of
from ...office.files import sha256_of
from ...workspace.repository import Repository
from ...workspace.store import Workspace
from ..records import PARCEL, STORED_PHOTO
from . import container
from .container import Exported, FieldPhoto, ReturnedParcel
from .records import FILLED_IN, read_field_parcels


class EditStatus(str, Enum):
    """What becomes of a value filled in outside."""

    NEW = "new"  # nothing was known
    CHANGED = "changed"  # another value than was exported
    CONFLICT = "conflict"  # the office changed it meanwhile
    KNOWN = "known"  # taken at an earlier return


class FilmStatus(str, Enum):
    """What becomes of a photo that came back."""

    GOOD = "good"
    KNOWN = "known"
    REJECTED = "rejected"


@dataclass(frozen=True)
class ReturnedEdit:
    """A value of one column of :data:`.records.FILLED_IN`: as exported, as the workspace has it now, as the phone has it."""

    parcel: str
    column: str
    exported: str
    now: str
    value: str
    verifier: str
    visited_at: str
    status: EditStatus


@dataclass(frozen=True)
class ReturnedPhoto:
    """A photo of the child table. ``file`` is absolute; None where it was rejected before it could be found."""

    parcel: str
    name: str
    file: Path | None
    purpose: str
    status: FilmStatus
    reason: Message | None = None


@dataclass(frozen=True)
class ReturnPreview:
    """The comparison of a field package with the workspace; nothing has been written."""

    folder: Path
    edits: tuple[ReturnedEdit, ...]
    photos: tuple[ReturnedPhoto, ...]
    notes: tuple[Message, ...]

    def count(self, status: EditStatus | FilmStatus) -> int:
        """How many entries, or photos, came out so."""
        entries: tuple[Any, ...] = self.edits if isinstance(status, EditStatus) else self.photos
        return sum(entry.status is status for entry in entries)


def read_return(store: Workspace, folder: Path) -> ReturnPreview:
    """Compare what came back in ``folder`` with the workspace.

    Raises ``run.file_missing``, ``evidence.field_foreign``.
    """
    contents = container.read(folder / container.FILE)
    notes: list[Message] = []
    numbers = {uuid: one.number for uuid, one in contents.exported.items()}
    held = store.values("parcel", [str(PARCEL.number)], number=list(numbers.values())) if numbers else []
    stored = {row[0] for row in held}
    gone = sorted(number for number in numbers.values() if number not in stored)
    if gone:
        notes.append(Message("evidence.field_gone", {"parcels": "、".join(gone[:10]), "count": len(gone)}))
    added = sum(row.uuid not in numbers for row in contents.parcels)
    if added:
        notes.append(Message("evidence.field_added", {"count": added}))
    present = [number for number in numbers.values() if number in stored]
    known = {parcel.number: parcel.filled for parcel in read_field_parcels(store, present)} if present else {}
    results = _results(store, present)
    edits = [
        edit
        for row in contents.parcels
        if numbers.get(row.uuid, "") in stored
        for edit in _edits(row, contents.exported[row.uuid], known[numbers[row.uuid]], results)
    ]
    digests = {row[0] for row in store.values("photo", [str(STORED_PHOTO.sha256)]) if row[0]}
    photos = [_photo(row, folder, numbers, digests) for row in contents.photos]
    return ReturnPreview(folder, tuple(edits), tuple(photos), tuple(notes))


@dataclass(frozen=True)
class _Results:
    """Values of earlier returns: ``latest``: number → column → value that counts; ``taken``: every value ever taken."""

    latest: Mapping[str, Mapping[str, str]]
    taken: frozenset[tuple[str, str, str, str, str]]


def _results(store: Workspace, numbers: list[str]) -> _Results:
    latest: dict[str, dict[str, str]] = {}
    taken = set()
    for row in Repository(store).all(FieldResult, parcel=numbers) if numbers else []:
        taken.add((row.parcel, row.name, text_of(row.value), text_of(row.verifier), text_of(row.visited_at)))
        if row.status != EditStatus.CONFLICT.value:
            latest.setdefault(row.parcel, {})[row.name] = text_of(row.value)
    return _Results(latest, frozenset(taken))


def _edits(row: ReturnedParcel, exported: Exported, filled: Mapping[str, str], results: _Results) -> list[ReturnedEdit]:
    """What the phone has otherwise than it went out. ``filled``: what the workspace knew of the parcel before any return."""
    number, verifier, visited = exported.number, row.verifier, row.visited_at
    now = {**filled, **results.latest.get(number, {})}
    found = []
    for column in FILLED_IN:
        value, before = row.filled[column], exported.filled.get(column, "")
        if value == before:
            continue
        current = now.get(column, "")
        if (number, column, value, verifier, visited) in results.taken:
            status = EditStatus.KNOWN
        elif current not in (before, value):
            status = EditStatus.CONFLICT
        else:
            status = EditStatus.CHANGED if before else EditStatus.NEW
        found.append(ReturnedEdit(number, column, before, current, value, verifier, visited, status))
    return found


def _photo(row: FieldPhoto, folder: Path, numbers: Mapping[str, str], digests: set[str]) -> ReturnedPhoto:
    """What becomes of a photo that came back. ``digests``: SHA-256 of those that the workspace has."""
    name, purpose, number = row.path, row.purpose, numbers.get(row.parcel_uuid, "")

    def rejected(code: str) -> ReturnedPhoto:
        reason = Message(code, {"file": name or "—", "parcel": number or "—"})
        return ReturnedPhoto(number, name, None, purpose, FilmStatus.REJECTED, reason)

    if not name:
        return rejected("evidence.field_photo_none")
    inside = PurePosixPath(name.replace("\\", "/"))
    if inside.is_absolute() or ".." in inside.parts or ":" in name.split("/")[0]:
        return rejected("evidence.field_photo_outside")
    file = folder.joinpath(*inside.parts)
    if not file.is_file() or file.is_symlink():
        return rejected("evidence.field_photo_missing")
    if not file.stat().st_size:
        return rejected("evidence.field_photo_empty")
    if not number:
        return rejected("evidence.field_photo_orphan")
    known = sha256_of(file) in digests
    return ReturnedPhoto(number, name, file, purpose, FilmStatus.KNOWN if known else FilmStatus.GOOD)
