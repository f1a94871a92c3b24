"""What a person records beside the judgment: documents (证明材料) and rectification (整改). Plain functions, no widgets."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Optional

import pandas as pd

from ..model.errors import WeipianError
from ..office.files import discard, replace
from ..workspace import Workspace
from ..workspace.journal import now

_UNSAFE = re.compile(r"[^\w-]+")
_BLOCK = 1 << 20


def folder_of_documents(workspace: Path, parcel: str) -> Path:
    """``<workspace stem>-材料/<parcel>`` beside the workspace; characters that a file system refuses become ``_``."""
    return workspace.parent / (workspace.stem + "-材料") / _UNSAFE.sub("_", parcel)


def copy_document(workspace: Path, parcel: str, original: Path) -> dict[str, Any]:
    """Copy a file beside the workspace under a generated name; what it was called stays in ``source``.

    Returns the columns ``file`` (relative to the workspace's folder), ``sha256``, ``size``, ``source``. The name comes from the
    contents, so the same file copied twice is one file. A copy that fails leaves nothing behind. Raises OSError.
    """
    folder = folder_of_documents(workspace, parcel)
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / (uuid.uuid4().hex + ".part")
    found, size = hashlib.sha256(), 0
    try:
        with original.open("rb") as source, aside.open("wb") as target:
            for block in iter(lambda: source.read(_BLOCK), b""):
                found.update(block)
                size += len(block)
                target.write(block)
        sha256 = found.hexdigest()
        suffix = _UNSAFE.sub("", original.suffix.lower())
        target_path = folder / (sha256[:16] + ("." + suffix if suffix else ""))
        replace(aside, target_path)
    finally:
        discard(aside)
    file = target_path.relative_to(workspace.parent).as_posix()
    return {"file": file, "sha256": sha256, "size": size, "source": original.name}


def add_documents(
    store: Workspace, parcel: str, copies: Sequence[Mapping[str, Any]], about: Mapping[str, str], who: str
) -> list[str]:
    """Rows for copied files, ``about``: kind, number, title, date, authority. A blank title is the file's own name.

    One transaction. A file that the parcel already has is passed over. Returns the ids of the new rows.
    """
    with store.transaction():
        known = set(store.read("document", parcel=parcel)["sha256"])
        rows: list[dict[str, Any]] = []
        for copy in copies:
            if copy["sha256"] in known:
                continue
            known.add(copy["sha256"])
            title = about.get("title") or Path(str(copy["source"])).stem
            rows.append(
                {**about, **copy, "id": uuid.uuid4().hex, "parcel": parcel, "title": title, "added_by": who,
                 "added_at": now()}
            )  # fmt: skip
        if rows:
            store.insert("document", pd.DataFrame(rows), who, "登记证明材料", each=True)
    return [str(row["id"]) for row in rows]


def remove_document(store: Workspace, document: str, who: str) -> None:
    """Take the row away (the journal keeps its values); the file stays."""
    store.delete("document", who, "移除证明材料", id=document)


def record_rectification(
    store: Workspace,
    parcel: str,
    part: str,
    values: Mapping[str, Any],
    who: str,
    seen: Optional[Mapping[str, Any]] = None,
) -> None:
    """Insert or change the rectification of a parcel or part. ``seen``: the row the person was shown.

    Raises ``workspace.conflict`` when a colleague has written it since.
    """
    with store.transaction():
        rows = store.read("rectification", parcel=parcel, part=part).to_dict("records")
        if _plain(rows[0] if rows else None) != _plain(seen):
            raise WeipianError("workspace.conflict", table="整改", key=parcel + part)
        if rows:
            store.update("rectification", {"parcel": parcel, "part": part}, dict(values), who, "修改整改情况")
        else:
            row = {"parcel": parcel, "part": part, **values}
            store.insert("rectification", pd.DataFrame([row]), who, "登记整改情况", each=True)


def _plain(row: Optional[Mapping[str, Any]]) -> dict[str, str]:
    """A row for comparing; NULL and NaN are the same."""
    known = {} if row is None else row
    return {name: "" if value is None or value != value else str(value) for name, value in known.items()}
