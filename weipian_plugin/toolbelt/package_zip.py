"""A zip of Python packages for a desktop without internet, put into a folder of the plugin's own.

The user site and the folders of QGIS are never written: what one plugin puts there every program with the same Python loads. Of the zip
only those packages are taken that this QGIS lacks or has too old, and never numpy, which QGIS's own modules were built with.
Every wheel is believed only by its SHA-256, which the plugin's own list names. Nothing but Python is needed here.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
import sysconfig
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from importlib import invalidate_caches, metadata
from pathlib import Path, PurePosixPath

from ..model.packages import PACKAGES, lack_of
from ..model.paths import resource

#: Names the folder in use; a new set of packages gets a new folder, because Windows keeps loaded libraries from being replaced.
CURRENT = "current.txt"
NEVER = frozenset({"numpy"})
_WHEEL = re.compile(r"(?P<name>[A-Za-z0-9_.]+)-(?P<version>[^-]+)-[^-]+-[^-]+-[^-]+\.whl")
_BLOCK = 1 << 20


class Fault(Enum):
    """Why a zip is not taken."""

    NO_ZIP = "no zip"
    OTHER_SYSTEM = "for another Python or system"
    NOT_OURS = "not one of the released files"
    UNWRITABLE = "the folder cannot be written"


class RejectedZip(Exception):
    """``fault``, and ``detail``: the file in question, or for which system the zip is."""

    def __init__(self, fault: Fault, detail: str) -> None:
        self.fault, self.detail = fault, detail
        super().__init__(f"{fault.value}: {detail}")


@dataclass(frozen=True)
class Installed:
    """``taken``: names and versions of the packages put into ``folder``; empty when this QGIS lacks none of them."""

    folder: Path
    taken: tuple[str, ...]


def system() -> str:
    """The Python and the system of this process, as the zips are named: ``py312-win_amd64``, ``py312-linux_x86_64``."""
    platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    return f"py{sys.version_info[0]}{sys.version_info[1]}-{platform}"


def released() -> Mapping[tuple[str, str], str]:
    """SHA-256 of every released wheel by system and file name (``resources/packages/wheels.txt``)."""
    lines = resource("packages", "wheels.txt").read_text(encoding="ascii").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return {(where, name): digest for digest, where, name in rows}


def install(archive: Path, top: Path) -> Installed:
    """Unpack what this QGIS lacks into a new folder below ``top`` and make it the one in use. Raises :class:`RefusedZip`."""
    try:
        with zipfile.ZipFile(archive) as opened:
            wheels = checked(opened)
            taken = sorted(name for name in wheels if _lacking_here(name))
            folder = top / hashlib.sha256("\n".join([system(), *taken]).encode()).hexdigest()[:12]
            if taken:
                _unpack(opened, [wheels[name] for name in taken], folder)
                _write_current(top, folder)
    except (zipfile.BadZipFile, EOFError, KeyError) as error:
        raise RejectedZip(Fault.NO_ZIP, archive.name) from error
    except OSError as error:
        raise RejectedZip(Fault.UNWRITABLE, str(top)) from error
    return Installed(folder, tuple(" ".join(_named(name)) for name in taken))


def checked(opened: zipfile.ZipFile) -> dict[str, str]:
    """Members of the zip by wheel name, each with the SHA-256 that the list names for this system. Raises :class:`RefusedZip`."""
    known = released()
    wheels = {PurePosixPath(member).name: member for member in opened.namelist() if member.endswith(".whl")}
    if not wheels:
        raise RejectedZip(Fault.NO_ZIP, str(opened.filename))
    for name, member in wheels.items():
        requested = known.get((system(), name))
        if requested is None:
            others = sorted({where for where, file in known if file == name and where != system()})
            raise RejectedZip(Fault.OTHER_SYSTEM if others else Fault.NOT_OURS, "、".join(others) or name)
        if _digest(opened, member) != requested:
            raise RejectedZip(Fault.NOT_OURS, name)
    return wheels


def _digest(opened: zipfile.ZipFile, member: str) -> str:
    digest = hashlib.sha256()
    with opened.open(member) as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _named(wheel: str) -> tuple[str, str]:
    match = _WHEEL.fullmatch(wheel)
    return (match["name"], match["version"]) if match else (wheel, "")


def _lacking_here(wheel: str) -> bool:
    """Whether this QGIS lacks the package of a wheel: by the table, or, for what the packages of the table need, wholly."""
    name = _plain(_named(wheel)[0])
    if name in NEVER:
        return False
    package = next((package for package in PACKAGES if _plain(package.distribution) == name), None)
    if package is not None:
        return lack_of(package) is not None
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return True
    return False


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _unpack(opened: zipfile.ZipFile, members: list[str], folder: Path) -> None:
    """Each wheel into ``folder``, which gets its name when all of it is there."""
    unfinished = folder.with_name(folder.name + ".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        for member in members:
            with opened.open(member) as stream, zipfile.ZipFile(stream) as wheel:
                for entry in wheel.infolist():
                    place = _place(entry.filename)
                    if place is not None and not entry.is_dir():
                        target = unfinished / place
                        target.parent.mkdir(parents=True, exist_ok=True)
                        with wheel.open(entry) as source, target.open("wb") as sink:
                            shutil.copyfileobj(source, sink)
        if not folder.exists():
            unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _place(name: str) -> PurePosixPath | None:
    """Where a member of a wheel goes below the folder; None for scripts and for names that lead out of it."""
    parts = PurePosixPath(name).parts
    if len(parts) > 2 and parts[0].endswith(".data"):
        parts = parts[2:] if parts[1] in ("purelib", "platlib") else ()
    if not parts or ".." in parts or PurePosixPath(name).is_absolute() or "\\" in name or ":" in name:
        return None
    return PurePosixPath(*parts)


def _write_current(top: Path, folder: Path) -> None:
    aside = top / (CURRENT + ".new")
    aside.write_text(folder.name, encoding="ascii")
    aside.replace(top / CURRENT)


def in_use(top: Path) -> Path | None:
    """The folder of packages that was installed last below ``top``."""
    try:
        name = (top / CURRENT).read_text(encoding="ascii").strip()
    except (OSError, UnicodeError):
        return None
    folder = top / name
    return folder if re.fullmatch(r"[0-9a-f]{12}", name) and folder.is_dir() else None


def use(top: Path) -> Path | None:
    """Let this process find the packages: before those of QGIS, since only what QGIS lacks is in there."""
    folder = in_use(top)
    if folder is not None and str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
        invalidate_caches()
    return folder


def stop_using(top: Path) -> None:
    """Take the folder out of Python's path again, when the plugin is unloaded."""
    sys.path[:] = [entry for entry in sys.path if not entry.startswith(str(top))]
