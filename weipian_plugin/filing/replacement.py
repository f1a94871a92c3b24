"""An old package stays whole until the new one has its name; whatever a kill leaves behind is put right at the next start.

Folders cannot be replaced in one step on Windows, so the order is: build ``.<name>.new``, verify it, rename the old one to
``.<name>.old``, rename the new one to ``<name>``, rename the old one to ``.<name>.gone`` and delete that. ``.old`` is therefore
always whole, and ``<name>`` is only ever missing between two renames.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..model.errors import WeipianError
from ..office.files import holder, rename_folder
from ..office.locks import holding
from .files import flush_folder, remove_tree

Checkpoint = Callable[[str], None]


def no_checkpoint(step: str) -> None:
    """For callers that do not watch the steps (a test ends the process in one)."""


@dataclass(frozen=True)
class Places:
    """The folders of one package during its exchange."""

    target: Path
    new: Path
    old: Path
    removed: Path


def places(target: Path) -> Places:
    """Where the new, the old and the removed package of a target lie while one takes the place of the other."""
    return Places(target, *(target.with_name(f".{target.name}.{word}") for word in ("new", "old", "gone")))


def current(target: Path) -> Path:
    """Where the package of that name is to be read: under its name, or aside while an exchange is unfinished.

    For readers, who rename and delete nothing: another process may be exporting here.
    """
    place = places(target)
    return place.old if place.old.exists() and not place.target.exists() else place.target


def recover(target: Path) -> bool:
    """Put right what a killed export left; True when the old package had to be given its name back. For the one who writes."""
    place = places(target)
    restored = False
    if place.old.exists() and not place.target.exists():
        _rename(place.old, place.target)
        restored = True
    for leftover in (place.new, place.removed):
        _remove(leftover)
    if place.old.exists():
        _rename(place.old, place.removed)
        _remove(place.removed)
    return restored


def lock_of(target: Path) -> Path:
    """The lock file of whoever writes the package ``target``."""
    return target.with_name(f".{target.name}.lock")


def recover_all(folder: Path) -> list[Path]:
    """:func:`recover` for every package of a folder that nobody is writing; the packages that got their name back."""
    names = {
        path.name[1:].rpartition(".")[0]
        for path in folder.glob(".*.*")
        if path.name.endswith((".new", ".old", ".gone", ".lock"))
    }
    return [folder / name for name in sorted(names) if name and _recovered_alone(folder / name)]


def _recovered_alone(target: Path) -> bool:
    with holding(lock_of(target)) as other:
        return other is None and recover(target)


def exchange(target: Path, checkpoint: Checkpoint = no_checkpoint) -> None:
    """Give the finished ``.new`` folder its name; raises ``filing.package_in_use`` and leaves the old one when it cannot."""
    place = places(target)
    had_old = place.target.exists()
    if had_old:
        _rename(place.target, place.old)
        checkpoint("old aside")
    try:
        _rename(place.new, place.target)
    except WeipianError:
        if had_old:
            _rename(place.old, place.target)
        raise
    checkpoint("new in place")
    flush_folder(target.parent)
    if had_old:
        _rename(place.old, place.removed)
        checkpoint("old marked")
        _remove(place.removed)


def _rename(source: Path, target: Path) -> None:
    try:
        rename_folder(source, target)
    except WeipianError as error:
        raise WeipianError("filing.package_in_use", path=str(source), reason=holder(source)) from error
    except OSError as error:
        raise WeipianError("filing.package_in_use", path=str(source), reason=error) from error


def _remove(folder: Path) -> None:
    try:
        remove_tree(folder)
    except OSError as error:
        raise WeipianError("filing.package_in_use", path=str(folder), reason=error) from error
