"""盘点: which packages lie in a folder, which the workspace has on record, and what does not match."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

from ..model.errors import WeipianError
from ..model.messages import Message
from . import manifest, replacement
from .package import package_folder, packages_in
from .verify import Finding


@dataclass(frozen=True)
class Inventory:
    """``parcels``: package folder that lies there -> the parcel the workspace knows it by; ``findings``: name of a folder -> what is wrong."""

    folders: tuple[Path, ...] = ()
    parcels: Mapping[Path, str] = field(default_factory=dict)
    findings: tuple[tuple[str, Finding], ...] = ()


def take_inventory(folder: Path, recorded: Mapping[str, str], numbers: Iterable[str]) -> Inventory:
    """Hold the packages of ``folder`` against a workspace.

    ``recorded``: parcel -> path of its package as recorded; ``numbers``: all parcels of the workspace. A package is recognised by the
    name of its folder, as folders move between machines. One that was exported elsewhere and still lies there is no finding.
    """
    folders = packages_in(folder)
    known, by_name = list(numbers), {_name(path): parcel for parcel, path in recorded.items()}
    inside = {path: _parcel_in(path) for path in folders}
    parcels = {path: by_name[path.name] for path in folders if path.name in by_name}
    result = [
        *_not_there(folder, recorded, inside),
        *_not_recorded(inside, parcels, recorded, set(known)),
        *_without_manifest(folder, {package_folder(folder, number).name for number in known} | set(by_name), folders),
    ]
    return Inventory(tuple(folders), parcels, tuple(result))


def _not_there(
    folder: Path, recorded: Mapping[str, str], inside: Mapping[Path, Optional[str]]
) -> Iterator[tuple[str, Finding]]:
    names = {path.name for path in inside}
    moved = {parcel for parcel in inside.values() if parcel}
    for parcel, path in recorded.items():
        name = _name(path)
        if name in names or parcel in moved or (folder / name).is_dir() or _lies_elsewhere(folder, path):
            continue
        yield name, _finding("filing.verify_gone", name, parcel=parcel, recorded=path)


def _not_recorded(
    inside: Mapping[Path, Optional[str]],
    parcels: Mapping[Path, str],
    recorded: Mapping[str, str],
    known: set[str],
) -> Iterator[tuple[str, Finding]]:
    for path, parcel in inside.items():
        if path in parcels or parcel is None:
            continue
        if parcel in recorded and _name(recorded[parcel]) not in {other.name for other in parcels}:
            yield path.name, _finding("filing.verify_renamed", path.name, parcel=parcel, recorded=recorded[parcel])
        elif parcel in known:
            yield path.name, _finding("filing.verify_unrecorded", path.name, parcel=parcel)
        else:
            yield path.name, _finding("filing.verify_unknown", path.name, parcel=parcel)


def _without_manifest(folder: Path, names: set[str], folders: Iterable[Path]) -> Iterator[tuple[str, Finding]]:
    """Folders with the name of a package that have no manifest: half deleted, or never made by an export."""
    there = {path.name for path in folders}
    for name in sorted(names - there):
        if (folder / name).is_dir():
            yield name, _finding("filing.manifest_missing", str(folder / name))


def _lies_elsewhere(folder: Path, path: str) -> bool:
    try:
        return Path(path).is_dir() and Path(path).parent.resolve() != folder.resolve()
    except OSError:
        return False


def _parcel_in(path: Path) -> Optional[str]:
    """The parcel that a package's own manifest names; None where it cannot be read (the package's check says so)."""
    try:
        return manifest.read(replacement.current(path)).parcel
    except WeipianError:
        return None


def _name(path: str) -> str:
    """The last word of a recorded path, whichever system wrote it."""
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _finding(code: str, path: str, **details: object) -> Finding:
    return Finding(code, path, Message(code, {"path": path, **details}))
