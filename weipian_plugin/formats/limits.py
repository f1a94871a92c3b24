"""What a foreign file may cost, as data (``resources/formats/limits.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from ..model import yaml_files
from ..model.paths import resource


@cache
def limits(section: str) -> Mapping[str, Any]:
    """The numbers of one section, such as ``archive``."""
    with resource("formats", "limits.yaml").open(encoding="utf-8") as stream:
        data: Mapping[str, Any] = yaml_files.load(stream)[section]
    return data
