"""Acts of people on photos of a workspace: a photo is taken out, and comes back."""

from __future__ import annotations

from typing import Any

from .. import evidence
from ..model.errors import WeipianError
from ..workspace import Workspace
from ..workspace.journal import now


def remove(store: Workspace, file: str, who: str) -> None:
    """A person takes a photo out: it stays in the store and in the journal, is tied to nothing, and no run brings it back."""
    with store.transaction():
        row = _one(store, file)
        store.update("photo", {"file": file}, {"status": evidence.REMOVED}, who, "移除照片")
        for link in store.records("photo_parcel", photo=row["sha256"] or file):
            key = {"photo": link["photo"], "parcel": link["parcel"]}
            if link["parcel"] and link["status"] != "detached":
                values = {"status": "detached", "manual": 1, "by": who, "at": now()}
                store.update("photo_parcel", key, values, who, "移除照片")


def restore(store: Workspace, file: str, who: str) -> None:
    """Undo of :func:`remove`: the photo and its ties are what they were."""
    with store.transaction():
        row = _one(store, file)
        key = row["sha256"] or file
        before = {
            entry["key"]: entry["before"]
            for entry in store.journal_of("移除照片")
            if (entry["what"] == "photo" and entry["key"] == file) or entry["key"].startswith(f"{key}/")
        }
        store.update("photo", {"file": file}, {"status": before[file]["status"]}, who, "恢复照片")
        for name, values in before.items():
            if name != file and values:
                link = {"photo": key, "parcel": name[len(key) + 1 :]}
                store.update("photo_parcel", link, dict(values), who, "恢复照片")


def _one(store: Workspace, file: str) -> dict[str, Any]:
    rows = store.records("photo", file=file)
    if len(rows) != 1:
        raise WeipianError("workspace.no_row", table="照片", key=file)
    return rows[0]
