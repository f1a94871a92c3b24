"""The oversight data under ``resources/oversight``: read once, checked, with clear errors; a county can give its own file."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from ..model.errors import WeipianError
from ..model.paths import county_folder, resource
from ..model.typed_yaml import read
from ..model.yaml_files import YamlError
from . import entries
from .entries import Head

_File = TypeVar("_File", bound=Head)

#: What stands in the shipped files, by name.
FILES: dict[str, type[Head]] = {
    "acceptance": entries.AcceptanceFile,
    "assessment": entries.AssessmentFile,
    "calendar": entries.CalendarFile,
    "error_rates": entries.ErrorRatesFile,
    "figures": entries.FiguresFile,
    "problems": entries.ProblemsFile,
    "review": entries.ReviewFile,
    "tables": entries.TablesFile,
    "units": entries.UnitsFile,
}


def load(source: str | Path, cls: type[_File]) -> _File:
    """Data by the name of a shipped file (``"calendar"``) or by the path of a county's own.

    Raises
    ------
    WeipianError
        ``run.file_missing``, ``oversight.data_unreadable``, ``oversight.data_incomplete`` and ``oversight.data_value`` with the line.
    """
    path = _found(source, county_folder())
    try:
        return read(path, cls)
    except FileNotFoundError as error:
        raise WeipianError("run.file_missing", path=str(path)) from error
    except OSError as error:
        raise WeipianError("oversight.data_unreadable", path=str(path), reason=error) from error
    except YamlError as error:
        place = f"{path}:{error.details.get('line', 1)}"
        if error.code == "model.yaml_missing":
            raise WeipianError("oversight.data_incomplete", path=place, key=error.details["key"]) from error
        if error.code == "model.yaml_value" and error.details["key"]:
            raise WeipianError("oversight.data_value", path=place, **_without_line(error)) from error
        raise WeipianError("oversight.data_unreadable", path=str(path), reason=error) from error


def check(path: Path) -> None:
    """Raise what :func:`load` raises for a county's file of the name of a shipped one."""
    load(path, FILES.get(path.stem, Head))


def _without_line(error: YamlError) -> dict[str, object]:
    return {"key": error.details["key"], "value": error.details["value"]}


@lru_cache(maxsize=64)
def _found(source: str | Path, county: Path | None) -> Path:
    del county  # part of the key: a county may have its own
    named = isinstance(source, str) and not Path(source).suffix
    return resource("oversight", f"{source}.yaml") if named else Path(source)


def figures() -> entries.FiguresFile:
    """``figures.yaml``."""
    return load("figures", entries.FiguresFile)


def assessment() -> entries.AssessmentFile:
    """``assessment.yaml``."""
    return load("assessment", entries.AssessmentFile)


def review() -> entries.ReviewFile:
    """``review.yaml``."""
    return load("review", entries.ReviewFile)


def tables() -> entries.TablesFile:
    """``tables.yaml``."""
    return load("tables", entries.TablesFile)


def acceptance() -> entries.AcceptanceFile:
    """``acceptance.yaml``."""
    return load("acceptance", entries.AcceptanceFile)


def problems() -> entries.ProblemsFile:
    """``problems.yaml``."""
    return load("problems", entries.ProblemsFile)
