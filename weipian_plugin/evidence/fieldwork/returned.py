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
from ...model.values import text_of
from ...office.files import sha256_of
from ...workspace.store import Workspace
from . import container
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
    numbers = {uuid: str(row["number"]) for uuid, row in contents.exported.items()}
    stored = {row["number"] for row in store.records("parcel", number=list(numbers.values()))} if numbers else set()
    gone = sorted(number for number in numbers.values() if number not in stored)
    if gone:
        notes.append(Message("evidence.field_gone", {"parcels": "、".join(gone[:10]), "count": len(gone)}))
    added = sum(text_of(row.get("uuid")) not in numbers for row in contents.parcels)
    if added:
        notes.append(Message("evidence.field_added", {"count": added}))
    present = [number for number in numbers.values() if number in stored]
    known = {parcel.number: parcel.filled for parcel in read_field_parcels(store, present)} if present else {}
    results = _results(store, present)
    edits = [
        edit
        for row in contents.parcels
        if (number := numbers.get(text_of(row.get("uuid")), "")) in stored
        for edit in _edits(
            row,
            number,
            contents.exported[text_of(row["uuid"])],
            {**known[number], **results.latest.get(number, {})},
            results,
        )
    ]
    digests = {row["sha256"] for row in store.records("photo") if row["sha256"]}
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
    for row in store.records("field_result", parcel=numbers) if numbers else []:
        taken.add(
            (row["parcel"], row["name"], text_of(row["value"]), text_of(row["verifier"]), text_of(row["visited_at"]))
        )
        if row["status"] != EditStatus.CONFLICT.value:
            latest.setdefault(row["parcel"], {})[row["name"]] = text_of(row["value"])
    return _Results(latest, frozenset(taken))


def _edits(
    row: Mapping[str, Any], number: str, exported: Mapping[str, Any], now: Mapping[str, str], results: _Results
) -> list[ReturnedEdit]:
    verifier, visited = text_of(row.get("verifier")), text_of(row.get("visited_at"))[:10]
    found = []
    for column in FILLED_IN:
        value, before = text_of(row.get(column)), text_of(exported["filled"].get(column))
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


def _photo(row: Mapping[str, Any], folder: Path, numbers: Mapping[str, str], digests: set[str]) -> ReturnedPhoto:
    name, purpose = text_of(row.get("path")), text_of(row.get("purpose"))
    number = numbers.get(text_of(row.get("parcel_uuid")), "")

    def rejected(code: str) -> ReturnedPhoto:
        reason = Message(code, {"file": name or "—", "parcel": number or "—"})
        return ReturnedPhoto(number, name, None, purpose, FilmStatus.REJECTED, reason)

    if not name:
        return rejected("evidence.field_photo_none")
    inside = PurePosixPath(name.replace("\\", "/"))
    if inside.is_absolute() or ".." in inside.parts or ":" in inside.parts[0]:
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
