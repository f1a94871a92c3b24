"""The office's settings of a workspace, read and written with a journal row for each that changed."""

from __future__ import annotations

from ..model.office_settings import NAMES, OfficeSettings, of_stored
from .store import Workspace

WHY = "单位设置"


def read(store: Workspace) -> OfficeSettings:
    """What the office says of itself."""
    return of_stored(dict(store.values("setting", ("name", "value"), name=list(NAMES.values()))))


def save(store: Workspace, shown: OfficeSettings, wanted: OfficeSettings, who: str) -> tuple[str, ...]:
    """Write what a person changed of what was ``shown`` to them, so that a colleague's change of another line stays. The names written."""
    before, after = shown.stored(), wanted.stored()
    changed = tuple(name for name in after if after[name] != before[name])
    with store.transaction():
        for name in changed:
            store.set_setting(name, after[name], who, WHY)
    return changed
