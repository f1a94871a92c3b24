"""Acts of people on photos of a workspace: a photo is taken out, and comes back."""

from __future__ import annotations

from typing import Any

from ..model.columns import names_of
from ..model.errors import WeipianError
from ..model.records import Photo, PhotoLink
from ..model.registers import JournalRow
from ..model.words import PhotoStatus
from ..workspace import Workspace
from ..workspace.journal import now
from ..workspace.mapping import record_of
from ..workspace.repository import Repository

STORED_PHOTO, STORED_LINK = names_of(Photo), names_of(PhotoLink)
_STATUS = str(STORED_PHOTO.status)
_REMOVED, _RESTORED = "移除照片", "恢复照片"
#: What a person says of a link.
_SAID: tuple[Any, ...] = (STORED_LINK.status, STORED_LINK.manual, STORED_LINK.by, STORED_LINK.at)


def remove(store: Workspace, file: str, who: str) -> None:
    """A person takes a photo out: it stays in the store and in the journal, is tied to nothing, and no run brings it back."""
    with store.transaction():
        repository, photo = Repository(store), _one(store, file)
        repository.change(photo, {_STATUS: PhotoStatus.REMOVED.value}, who, _REMOVED)
        for link in repository.all(PhotoLink, photo=photo.key):
            if link.parcel and link.status is not PhotoStatus.DETACHED:
                detached = (PhotoStatus.DETACHED.value, 1, who, now())
                repository.change(link, dict(zip(_SAID, detached)), who, _REMOVED)


def restore(store: Workspace, file: str, who: str) -> None:
    """Undo of :func:`remove`: the photo and its ties are what they were."""
    with store.transaction():
        repository, photo = Repository(store), _one(store, file)
        taken = [record_of(JournalRow, entry) for entry in store.journal_of(_REMOVED)]
        before = {(row.what, row.key): row.before for row in taken}  # of several times the last
        repository.change(photo, {_STATUS: before["photo", file].get(_STATUS)}, who, _RESTORED)
        for link in repository.all(PhotoLink, photo=photo.key):
            was = before.get(("photo_parcel", f"{link.photo}/{link.parcel}"))
            if was:
                repository.change(link, was, who, _RESTORED)


def _one(store: Workspace, file: str) -> Photo:
    """The photo of a file. Raises ``workspace.no_row``."""
    photos = Repository(store).all(Photo, file=file)
    if len(photos) != 1:
        raise WeipianError("workspace.no_row", table="照片", key=file)
    return photos[0]
