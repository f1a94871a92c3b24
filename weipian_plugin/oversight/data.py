"""The oversight data under ``resources/oversight``: read once, checked, with clear errors; a county can give its own file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from ..model import yaml_files
from ..model.errors import WeipianError
from ..model.paths import county_folder, resource

HEAD = ("version", "date", "source", "confidence")
CONFIDENCES = ("official", "practice", "assumed")


def _read(path: Path) -> Mapping[str, Any]:
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise WeipianError("run.file_missing", path=str(path)) from error
    return _parsed(path, changed)


@lru_cache(maxsize=32)
def _parsed(path: Path, changed: int) -> Mapping[str, Any]:
    del changed  # part of the key: a file saved again is read again
    try:
        with path.open(encoding="utf-8") as stream:
            data = yaml_files.load(stream)
    except FileNotFoundError as error:
        raise WeipianError("run.file_missing", path=str(path)) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise WeipianError("oversight.data_unreadable", path=str(path), reason=str(error)) from error
    if not isinstance(data, dict):
        raise WeipianError("oversight.data_unreadable", path=str(path), reason="not a mapping")
    for key in HEAD:
        if key not in data:
            raise WeipianError("oversight.data_incomplete", path=str(path), key=key)
    if data["confidence"] not in CONFIDENCES:
        raise WeipianError("oversight.data_value", path=str(path), key="confidence", value=str(data["confidence"]))
    return data


def _located(source: str | Path) -> Path:
    return _found(source, county_folder())


@lru_cache(maxsize=64)
def _found(source: str | Path, county: Path | None) -> Path:
    del county  # part of the key: a county may have its own
    named = isinstance(source, str) and not Path(source).suffix
    return resource("oversight", f"{source}.yaml") if named else Path(source)


def load(source: str | Path, *needed: str) -> Mapping[str, Any]:
    """Data by the name of a shipped file (``"calendar"``) or by the path of a county's own.

    ``needed`` are the keys that must be there. Raises ``run.file_missing``, ``oversight.data_unreadable``,
    ``oversight.data_incomplete``, ``oversight.data_value``.
    """
    path = _located(source)
    data = _read(path)
    for key in needed:
        if key not in data:
            raise WeipianError("oversight.data_incomplete", path=str(path), key=key)
    return data
