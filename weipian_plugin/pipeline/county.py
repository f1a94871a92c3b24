"""「本县设置」: one folder with what a county has of its own, checked as a whole, handed on as one zip.

It is laid out as ``resources/`` is (``rules/national-2023.yaml``, ``filing.yaml``, ``oversight/calendar.yaml``, ``templates/…``,
``字段对照/…``); what is not in it is as shipped.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from ..evidence import load_settings
from ..filing import load_rules
from ..judgment import load_profile
from ..judgment.profile_files import profile_names
from ..model.errors import WeipianError
from ..model.messages import Message
from ..model.paths import COUNTY_FILES, county_data, shipped
from ..office.files import write_atomic, write_bytes_atomic
from ..overlay.classes import load_classes
from ..oversight import deadlines
from ..oversight.data import check as check_oversight

#: Mappings of deliveries, kept by the window.
MAPPINGS = "字段对照/*.yaml"
_TAKEN = (*COUNTY_FILES, MAPPINGS)
_LARGEST = 20 << 20


@dataclass(frozen=True)
class CountyFile:
    """A file of the folder: its name there, whether it differs from the shipped one, and what is wrong with it."""

    name: str
    shipped: bool  # there is a shipped file of this name
    same: bool  # it is byte for byte the shipped one
    problem: Message | None


def county_files(folder: Path) -> list[CountyFile]:
    """Every file of the folder that counts, in name order, each read by its own reader. Raises nothing."""
    return [_file(folder, name) for name in _names(folder)]


def _names(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        name = path.relative_to(folder).as_posix()
        if path.is_file() and is_taken(name):
            yield name


def is_taken(name: str) -> bool:
    """Whether a file of this name in the folder counts."""
    if any(not part or part.startswith(".") or set(part) & set('\\:*?"<>|') for part in name.split("/")):
        return False  # no way out of the folder on any system
    return any(fnmatchcase(name, pattern) and name.count("/") == pattern.count("/") for pattern in _TAKEN)


def _file(folder: Path, name: str) -> CountyFile:
    original = shipped(*name.split("/"))
    there = original.is_file()
    return CountyFile(
        name, there, there and original.read_bytes() == (folder / name).read_bytes(), _problem(folder, name)
    )


def _problem(folder: Path, name: str) -> Message | None:
    """What is wrong with a file, as its own reader says it."""
    check = _reader(name)
    if check is None:
        return None
    try:
        with county_data(folder):
            check(folder / name)
    except WeipianError as error:
        return error.message
    return None


def _reader(name: str) -> Callable[[Path], object] | None:
    stem = PurePosixPath(name).stem
    readers: Mapping[str, Callable[[Path], object]] = {
        "filing.yaml": load_rules,
        "evidence.yaml": load_settings,
        "land_classes.yaml": load_classes,
        "oversight/calendar.yaml": deadlines.load_calendar,
    }
    if name in readers:
        return readers[name]
    if name.startswith("rules/"):
        return load_profile
    return check_oversight if name.startswith("oversight/") and stem else None


def profile_of(folder: Path | None) -> str:
    """The rule profile of the county: the only one in its folder, "" where there is none or several."""
    own = sorted((folder / "rules").glob("*.yaml")) if folder is not None and folder.is_dir() else []
    if len(own) != 1:
        return ""
    return own[0].stem if own[0].stem in profile_names() else str(own[0])


# ---- handing on ----


def export_county(folder: Path, target: Path) -> list[str]:
    """All files that count as one zip, for the stations of a district. Raises ``run.county_empty`` and what writing raises."""
    names = list(_names(folder))
    if not names:
        raise WeipianError("run.county_empty", path=str(folder))

    def write(aside: Path) -> None:
        with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                # A fixed time: the same settings give the same file.
                info = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, (folder / name).read_bytes())

    write_atomic(target, write)
    return names


def import_county(source: Path, folder: Path) -> list[str]:
    """Take the settings out of a zip into ``folder``; files that are there are replaced, others stay.

    Nothing is written when one of the files cannot be read by its reader. Raises ``run.county_unreadable``,
    ``run.county_empty`` and ``run.county_invalid``.
    """
    contents = _contents(source)
    if not contents:
        raise WeipianError("run.county_empty", path=str(source))
    with tempfile.TemporaryDirectory(prefix="weipian-county-") as scratch:
        for name, content in contents.items():
            write_bytes_atomic(Path(scratch) / name, content)
        bad = [one for one in county_files(Path(scratch)) if one.problem is not None]
        if bad:
            reason = bad[0].problem
            reason_text = "" if reason is None else WeipianError(reason.code, **reason.details).text("zh")
            raise WeipianError("run.county_invalid", path=str(source), file=bad[0].name, problem=reason_text)
    for name, content in contents.items():
        write_bytes_atomic(folder / name, content)
    return list(contents)


def _contents(source: Path) -> dict[str, bytes]:
    """The files of a zip that count; names that leave the folder never do."""
    try:
        with zipfile.ZipFile(source) as archive:
            wanted = [info for info in archive.infolist() if not info.is_dir() and is_taken(info.filename)]
            if sum(info.file_size for info in wanted) > _LARGEST:
                raise WeipianError("run.county_unreadable", path=str(source), reason=f"> {_LARGEST >> 20} MB")
            return {info.filename: archive.read(info) for info in wanted}
    except (OSError, zipfile.BadZipFile, RuntimeError, ValueError, EOFError) as error:
        raise WeipianError("run.county_unreadable", path=str(source), reason=error) from error
