"""What a person records beside the judgment: photos, documents (证明材料), rectification (整改), steps of a case (查处). No widgets.

Acts on photos, documents and rectification have one that takes them back: the rows are as they were before, and the journal has both.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from dataclasses import replace as replace_fields
from pathlib import Path
from typing import Any, Optional

import pandas as pd

from ..model.enforcement import CaseStep, EnforcementCase, ordered
from ..model.errors import WeipianError
from ..model.records import Document, PhotoLink, Rectification
from ..model.words import PhotoStatus
from ..office.files import copy_hashed, discard, replace
from ..workspace import Workspace
from ..workspace.enforcement import save_case
from ..workspace.folders import Beside, folder_beside
from ..workspace.journal import now
from ..workspace.mapping import record_of
from ..workspace.repository import Repository

_UNSAFE = re.compile(r"[^\w-]+")


def folder_of_documents(workspace: Path, parcel: str) -> Path:
    """``<workspace stem>-材料/<parcel>`` beside the workspace; characters that a file system refuses become ``_``."""
    return folder_beside(workspace, Beside.DOCUMENTS) / _UNSAFE.sub("_", parcel)


@dataclass(frozen=True)
class CopiedFile:
    """A file beside the workspace: ``file`` relative to the workspace's folder, ``size`` in bytes, ``source`` what it was called."""

    file: str
    sha256: str
    size: int
    source: str


def copy_document(workspace: Path, parcel: str, original: Path) -> CopiedFile:
    """Copy a file beside the workspace under a generated name; what it was called stays in ``source``.

    The name comes from the contents, so the same file copied twice is one file. A copy that fails leaves nothing behind. Raises OSError.
    """
    folder = folder_of_documents(workspace, parcel)
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / (uuid.uuid4().hex + ".part")
    try:
        size, sha256 = copy_hashed(original, aside)
        suffix = _UNSAFE.sub("", original.suffix.lower())
        target_path = folder / (sha256[:16] + ("." + suffix if suffix else ""))
        replace(aside, target_path)
    finally:
        discard(aside)
    file = target_path.relative_to(workspace.parent).as_posix()
    return CopiedFile(file, sha256, size, original.name)


def add_documents(
    store: Workspace, parcel: str, copies: Sequence[CopiedFile], about: Mapping[str, str], who: str
) -> list[str]:
    """Rows for copied files, ``about``: kind, number, title, date, authority. A blank title is the file's own name.

    One transaction. A file that the parcel already has is passed over. Returns the ids of the new rows.
    """
    with store.transaction():
        known = {sha256 for (sha256,) in store.values("document", ("sha256",), parcel=parcel)}
        rows: list[dict[str, Any]] = []
        ids: list[str] = []
        for copy in copies:
            if copy.sha256 in known:
                continue
            known.add(copy.sha256)
            title = about.get("title") or Path(copy.source).stem
            key = {"id": uuid.uuid4().hex, "parcel": parcel, "title": title}
            rows.append({**about, **asdict(copy), **key, "added_by": who, "added_at": now()})
            ids.append(key["id"])
        if rows:
            store.insert("document", pd.DataFrame(rows), who, "登记证明材料", each=True)
    return ids


def remove_document(store: Workspace, document: str, who: str) -> Optional[dict[str, object]]:
    """Take the row away (the journal keeps its values); the file stays. Returns the row, None where there was none."""
    with store.transaction():
        rows = store.records("document", id=document)
        store.delete("document", who, "移除证明材料", id=document)
    return rows[0] if rows else None


def put_back_document(store: Workspace, row: Mapping[str, object], who: str) -> None:
    """The undo of :func:`remove_document`."""
    values = {name: value for name, value in row.items() if name != "fid"}
    store.insert("document", pd.DataFrame([values]), who, "恢复证明材料", each=True)


# ---- photos ----


@dataclass(frozen=True)
class SeenLink:
    """What the person was shown of a photo before acting on it: its link to the parcel (None: none), and whether as attached nowhere."""

    link: Optional[PhotoLink]
    loose: bool = False


def attach(
    store: Workspace, photo: str, parcel: str, attached: bool, who: str, seen: Optional[SeenLink] = None
) -> Optional[dict[str, object]]:
    """A person's word on a photo: it belongs to this parcel, or it does not. Later runs keep it. Returns the row as it was.

    Raises ``workspace.photo_conflict`` where a colleague has acted on the photo since it was ``seen``.
    """
    status, why = (PhotoStatus.ATTACHED, "挂接照片") if attached else (PhotoStatus.DETACHED, "解除挂接")
    values = {"status": status.value, "manual": 1, "by": who, "at": now()}
    return _say_of_photo(store, (photo, parcel), values, who, why, seen)


def set_purpose(
    store: Workspace, photo: str, parcel: str, purpose: str, who: str, seen: Optional[SeenLink] = None
) -> Optional[dict[str, object]]:
    """A person says what a photo shows (整改前, 整改中, 整改后, or blank); later runs keep it. Returns the row as it was.

    Raises ``workspace.photo_conflict`` where a colleague has acted on the photo since it was ``seen``.
    """
    values = {"purpose": purpose, "manual": 1, "by": who, "at": now()}
    return _say_of_photo(store, (photo, parcel), values, who, "改照片用途", seen)


def put_back_photo(store: Workspace, photo: str, parcel: str, before: Optional[Mapping[str, object]], who: str) -> None:
    """The undo of :func:`attach` and :func:`set_purpose`: what the runs and people had said of it before."""
    _put_back(store, "photo_parcel", {"photo": photo, "parcel": parcel}, before, who, "撤销照片操作")


def _say_of_photo(
    store: Workspace,
    link: tuple[str, str],
    values: Mapping[str, object],
    who: str,
    why: str,
    seen: Optional[SeenLink],
) -> Optional[dict[str, object]]:
    key = dict(zip(("photo", "parcel"), link))
    with store.transaction():
        known = store.records("photo_parcel", **key)
        if seen is not None:
            _still_as_seen(store, link, record_of(PhotoLink, known[0]) if known else None, seen)
        if known:
            store.update("photo_parcel", key, dict(values), who, why)
        else:
            store.insert("photo_parcel", pd.DataFrame([{**key, **values}]), who, why, each=True)
    return known[0] if known else None


def _still_as_seen(store: Workspace, link: tuple[str, str], known: Optional[PhotoLink], seen: SeenLink) -> None:
    """Raises ``workspace.photo_conflict`` with who did what meanwhile."""
    photo, parcel = link
    attached = Repository(store).all(PhotoLink, photo=photo, status=PhotoStatus.ATTACHED.value) if seen.loose else []
    if _acts_in(known) == _acts_in(seen.link) and not attached:
        return
    changed = known if _acts_in(known) != _acts_in(seen.link) and known else next(iter(attached), PhotoLink(photo))
    files = store.values("photo", ("file",), sha256=photo)
    raise WeipianError(
        "workspace.photo_conflict",
        photo=str(files[0][0]) if files else photo[:12],
        person=changed.by or "—",
        parcel=changed.parcel or parcel,
    )


def _acts_in(link: Optional[PhotoLink]) -> tuple[str, ...]:
    """What people stated in a link; one that nobody and no run made, and one taken away, state nothing."""
    values = () if link is None else (link.status, link.purpose, link.by, link.at)
    return tuple(str(value or "") for value in values) if any(values) else ()


# ---- rectification ----


def record_rectification(
    store: Workspace,
    parcel: str,
    part: str,
    values: Mapping[str, object],
    who: str,
    seen: Optional[Rectification] = None,
) -> Optional[dict[str, object]]:
    """Insert or change the rectification of a parcel or part. ``seen``: what the person was shown. Returns the row as it was.

    Raises ``workspace.conflict`` when a colleague has written it since.
    """
    with store.transaction():
        read = store.read("rectification", parcel=parcel, part=part).to_dict("records")
        rows = [{str(name): value for name, value in row.items()} for row in read]
        if (record_of(Rectification, rows[0]) if rows else None) != seen:
            raise WeipianError("workspace.conflict", table="整改", key=parcel + part)
        if rows:
            store.update("rectification", {"parcel": parcel, "part": part}, dict(values), who, "修改整改情况")
        else:
            row = {"parcel": parcel, "part": part, **values}
            store.insert("rectification", pd.DataFrame([row]), who, "登记整改情况", each=True)
    return rows[0] if rows else None


def put_back_rectification(
    store: Workspace, parcel: str, part: str, before: Optional[Mapping[str, object]], who: str
) -> None:
    """The undo of :func:`record_rectification`."""
    _put_back(store, "rectification", {"parcel": parcel, "part": part}, before, who, "撤销整改登记")


def _put_back(
    store: Workspace, table: str, key: Mapping[str, str], before: Optional[Mapping[str, object]], who: str, why: str
) -> None:
    """The row of a key as it was, or away where there was none."""
    with store.transaction():
        if before is None:
            store.delete(table, who, why, **key)
        else:
            values = {name: value for name, value in before.items() if name != "fid" and name not in key}
            store.update(table, dict(key), values, who, why)


def record_step(
    store: Workspace, case: EnforcementCase, step: CaseStep, copies: Sequence[CopiedFile], kind: str, who: str
) -> EnforcementCase:
    """Add a step to a case, with its paper (``copies``: copied files, of which the first is the step's) registered for every parcel of it.

    One transaction. A step of the same kind, day and number is replaced. Raises ``workspace.conflict``, ``workspace.case_without_parcel``.
    """
    about = {"kind": kind, "number": step.number, "date": step.day, "authority": step.authority}
    with store.transaction():
        for parcel in dict.fromkeys(member.parcel for member in case.members):
            add_documents(store, parcel, copies, about, who)
        if copies and case.members:
            (registered, *_) = Repository(store).all(Document, parcel=case.members[0].parcel, sha256=copies[0].sha256)
            step = replace_fields(step, document=registered.id)
        mark = (step.step, step.day, step.number)
        others = [entry for entry in case.steps if (entry.step, entry.day, entry.number) != mark]
        return save_case(store, replace_fields(case, steps=ordered((*others, step))), who)
