"""Where the plugin's own files are, in a checkout and in an installed plugin alike, and a county's own in their place.

「本县设置」 is one folder whose files stand as those under ``resources/``: a file that is there takes the place of the shipped one.
Which county is worked for belongs to a piece of work, not to the process: :func:`county_data`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Optional

PACKAGE = Path(__file__).resolve().parents[1]


def _beside(name: str) -> Path:
    """``name`` inside the package (installed from the zip) or beside it (a checkout)."""
    inside = PACKAGE / name
    return inside if inside.exists() else PACKAGE.parent / name


#: What a county may have of its own; field names, roles, messages and tolerances of the guard are no county's to change.
COUNTY_FILES = (
    "rules/*.yaml", "filing.yaml", "evidence.yaml", "land_classes.yaml", "oversight/*.yaml", "templates/*.xlsx",
    "templates/*.docx", "templates/*.qpt",
)  # fmt: skip
_COUNTY: ContextVar[Optional[Path]] = ContextVar("weipian_county", default=None)


def resource(*parts: str) -> Path:
    """A file or folder under ``resources/``; the county's own file of that name where there is one."""
    own = county_file("/".join(parts))
    return own if own is not None else shipped(*parts)


def shipped(*parts: str) -> Path:
    """The same without any county."""
    return _beside("resources").joinpath(*parts)


def county_folder() -> Path | None:
    """The folder 「本县设置」 of the work at hand."""
    return _COUNTY.get()


def county_file(name: str) -> Path | None:
    """A file of the county's own (``oversight/calendar.yaml``), None where it has none."""
    folder = _COUNTY.get()
    if folder is None or not any(fnmatchcase(name, pattern) for pattern in COUNTY_FILES):
        return None
    path = folder / name
    return path if path.is_file() else None


@contextmanager
def county_data(folder: Path | None) -> Iterator[None]:
    """Within: the data of a county (None: as before)."""
    if folder is None:
        yield
        return
    token = _COUNTY.set(Path(folder).absolute())
    try:
        yield
    finally:
        _COUNTY.reset(token)


def use_county(folder: Path | None) -> None:
    """From now on in this thread: for a window, whose work has no end."""
    _COUNTY.set(None if folder is None else Path(folder).absolute())


def form(name: str) -> Path:
    """A Qt Designer file under ``forms/``."""
    return _beside("forms") / name


def metadata() -> Path:
    """``metadata.txt``: the one place where name and version stand."""
    return _beside("metadata.txt")
