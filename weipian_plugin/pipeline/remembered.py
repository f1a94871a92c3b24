"""Paths that a workspace remembers, relative to its own folder, so that folder and catalogue move together."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Optional

from ..workspace import Workspace

CATALOGUE, COUNTY = "catalogue", "county_folder"


def remember(store: Workspace, name: str, path: Path, who: str, why: str) -> None:
    """Keep ``path`` under ``name``: relative to the workspace's folder with ``/`` where both are on one drive."""
    place = path.absolute()
    try:
        kept = Path(os.path.relpath(place, store.path.parent.absolute())).as_posix()
    except ValueError:  # another drive
        kept = str(place)
    if store.setting(name) != kept:
        store.set_setting(name, kept, who, why)


def remembered(store: Workspace, name: str) -> Optional[Path]:
    """The path kept under ``name`` (absolute), whether or not it is still there; None where nothing is kept."""
    kept = store.setting(name)
    return Path(os.path.normpath(store.path.parent.absolute() / kept)) if kept else None
