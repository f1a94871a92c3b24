"""影像变化提示 as people meet it: from which score it is striking, what it speaks against, where its picture lies. It never decides."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from ..office.text import file_name
from ..workspace.folders import Beside, folder_beside

#: From it on the ground has changed strikingly (confidence: assumed; measured on the sample county only).
STRIKING = 0.7
_UNCHANGED = "实地未变化"


def is_striking(score: Optional[float]) -> bool:
    """Whether a change (0–1) is so large that a person should look again."""
    return score is not None and score >= STRIKING


def speaks_against(subtype: str, score: Optional[float]) -> bool:
    """Whether unchanged ground is proposed for a parcel whose images differ strikingly: it is worth a second look."""
    return _UNCHANGED in subtype and is_striking(score)


def picture_of(workspace: Path, parcel: str) -> Path:
    """Both images and their difference, side by side, in a folder beside the workspace."""
    return folder_beside(workspace, Beside.CHANGES) / f"{file_name(parcel)}.png"
