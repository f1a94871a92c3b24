"""Paths that a workspace remembers: relative to its own folder, so that both move together, and absolute, for a workspace that moves alone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Optional

from ..workspace import Workspace

CATALOGUE, COUNTY = "catalogue", "county_folder"
_BESIDE = "_beside"


def remember(store: Workspace, name: str, path: Path, who: str, why: str) -> None:
    """Keep ``path`` under ``name``."""
    place = path.absolute()
    try:
        beside = Path(os.path.relpath(place, store.path.parent.absolute())).as_posix()
    except ValueError:  # another drive
        beside = ""
    for key, value in ((name, str(place)), (name + _BESIDE, beside)):
        if store.setting(key) != value:
            store.set_setting(key, value, who, why)


def remembered(store: Workspace, name: str) -> Optional[Path]:
    """The path kept under ``name``, whether or not it is still there; None where nothing is kept."""
    kept, beside = store.setting(name), store.setting(name + _BESIDE)
    if beside:
        near = Path(os.path.normpath(store.path.parent.absolute() / beside))
        if near.exists() or not kept:
            return near
    return Path(kept) if kept else None
