"""The folders that belong to a workspace and lie beside it, named by it: all of them are listed here, and go along where it moves."""

from __future__ import annotations

from enum import Enum
from pathlib import Path


class Beside(Enum):
    """``PHOTOS`` copies of photos, ``DOCUMENTS`` papers by parcel, ``CHANGES`` pictures of 影像变化提示, ``COPIES`` daily copies of the file.

    Photos and papers are found by the path that their row keeps, pictures and copies by the name of the workspace.
    """

    PHOTOS = "照片"
    DOCUMENTS = "材料"
    CHANGES = "影像变化"
    COPIES = "备份"


#: What is found by the name of the workspace and goes along under its new name. Copies are of the file, and stay with it.
NAMED_ANEW = (Beside.CHANGES,)


def folder_beside(workspace: Path, what: Beside) -> Path:
    """``<stem>-…`` beside the workspace, so that both are moved together by hand as well."""
    return workspace.with_name(f"{workspace.stem}-{what.value}")
