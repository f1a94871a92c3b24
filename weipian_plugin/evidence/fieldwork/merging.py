"""Taking a field return into the workspace: values as rows that only grow, photos into a folder for the photo step."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ...model.errors import WeipianError
from ...model.messages import render
from ...office.text import file_name
from ...workspace.journal import now
from ...workspace.store import Workspace
from .records import FILLED_IN
from .returned import EditStatus, FilmStatus, ReturnedEdit, ReturnPreview


def take_values(store: Workspace, preview: ReturnPreview, who: str) -> int:
    """Store the values of a return, conflicts marked as such; how many are new. One transaction, journaled."""
    fresh = [edit for edit in preview.edits if edit.status is not EditStatus.KNOWN]
    if not fresh:
        return 0
    at = now()
    rows = pd.DataFrame([_row(edit, preview.folder.name, at) for edit in fresh])
    store.insert("field_result", rows, who, "外业回收", each=True)
    return len(fresh)


def _row(edit: ReturnedEdit, package: str, at: str) -> dict[str, str]:
    return {
        "parcel": edit.parcel,
        "name": edit.column,
        "value": edit.value,
        "exported": edit.exported,
        "verifier": edit.verifier,
        "visited_at": edit.visited_at,
        "returned_at": at,
        "package": package,
        "status": edit.status.value,
    }


def gather_photos(preview: ReturnPreview, folder: Path) -> Path | None:
    """Copy the good photos into ``folder``/parcel number/, where the photo step takes the number from the folder; None for no photo.

    Raises ``run.folder_unwritable``.
    """
    good = [photo for photo in preview.photos if photo.status is FilmStatus.GOOD and photo.file is not None]
    try:
        for photo in good:
            place = (
                folder / file_name(photo.parcel) / photo.purpose if photo.purpose else folder / file_name(photo.parcel)
            )
            place.mkdir(parents=True, exist_ok=True)
            if photo.file is not None and not (place / photo.file.name).exists():
                shutil.copy2(photo.file, place / photo.file.name)
    except OSError as error:
        raise WeipianError("run.folder_unwritable", path=str(folder), reason=error) from error
    return folder if good else None


Rows = tuple[Sequence[str], Sequence[Sequence[str]]]


def rows_of(preview: ReturnPreview) -> Rows:
    """Head and rows of the comparison for a report."""
    head = ("图斑", "内容", "结果", "导出时", "工作库现值", "外业填写", "核查人", "核查日期")
    titles = {
        EditStatus.NEW: "新增",
        EditStatus.CHANGED: "已更新",
        EditStatus.CONFLICT: "冲突（保留工作库现值）",
        EditStatus.KNOWN: "已回收过",
    }
    rows = [
        (
            edit.parcel,
            FILLED_IN[edit.column],
            titles[edit.status],
            edit.exported,
            edit.now,
            edit.value,
            edit.verifier,
            edit.visited_at,
        )
        for edit in preview.edits
    ]
    return head, rows


def photo_rows(preview: ReturnPreview) -> Rows:
    """Head and rows of the photos for a report."""
    titles = {FilmStatus.GOOD: "可挂接", FilmStatus.KNOWN: "已在工作库", FilmStatus.REJECTED: "未接收"}
    rows = [
        (photo.parcel, photo.name, photo.purpose, titles[photo.status], render(photo.reason) if photo.reason else "")
        for photo in preview.photos
    ]
    return ("图斑", "照片", "用途", "结果", "说明"), rows
