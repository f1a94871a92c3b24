"""Limits, levels and word lists of the photo step, read from ``resources/evidence.yaml`` or a county's own file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from ..model import yaml_files
from ..model.errors import WeipianError
from ..model.paths import resource

LEVELS = ("error", "warning", "hint")


@dataclass(frozen=True)
class Settings:
    """The content of one evidence file. ``limits`` are numbers by name, ``levels`` the level of each check."""

    limits: Mapping[str, float]
    levels: Mapping[str, str]
    purposes: tuple[tuple[str, tuple[str, ...]], ...]
    default_purpose: str
    kinds: tuple[tuple[str, tuple[str, ...]], ...]
    drone_makes: tuple[str, ...]
    extensions: frozenset[str]
    ignored_files: frozenset[str]
    editors: tuple[str, ...]
    screenshot_words: tuple[str, ...]
    screen_sizes: frozenset[tuple[int, int]]
    columns: Mapping[str, tuple[str, ...]]
    source: str

    def limit(self, name: str) -> float:
        """A limit by name; a missing one is an error of the file."""
        if name not in self.limits:
            raise WeipianError("evidence.settings_incomplete", path=self.source, entry=f"limits.{name}")
        return self.limits[name]

    def level(self, check: str) -> str:
        """``error``, ``warning`` or ``hint``."""
        if check not in self.levels:
            raise WeipianError("evidence.settings_incomplete", path=self.source, entry=f"checks.{check}")
        return self.levels[check]


@lru_cache(maxsize=4)
def load_settings(path: Path | None = None) -> Settings:
    """Read ``path`` (default: the shipped file). Raises ``evidence.settings_*`` with the entry that is wrong."""
    source = Path(path) if path else resource("evidence.yaml")
    try:
        with source.open(encoding="utf-8") as stream:
            content = yaml_files.load(stream)
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise WeipianError("evidence.settings_unreadable", path=str(source), reason=str(error)) from error
    if not isinstance(content, dict) or content.get("version") != 1:
        raise WeipianError("evidence.settings_incomplete", path=str(source), entry="version")
    return _understood(content, str(source))


def _understood(content: Mapping[str, Any], source: str) -> Settings:
    def part(name: str, kind: type) -> Any:
        value = content.get(name)
        if not isinstance(value, kind):
            raise WeipianError("evidence.settings_incomplete", path=source, entry=name)
        return value

    limits = {name: _number(entry, f"limits.{name}", source) for name, entry in part("limits", dict).items()}
    levels = {name: _level(entry, f"checks.{name}", source) for name, entry in part("checks", dict).items()}
    return Settings(
        limits=limits,
        levels=levels,
        purposes=tuple((entry["purpose"], tuple(entry["words"])) for entry in part("purposes", list)),
        default_purpose=part("default_purpose", str),
        kinds=tuple((entry["kind"], tuple(entry["words"])) for entry in part("kinds", list)),
        drone_makes=tuple(str(word).lower() for word in part("drone_makes", list)),
        extensions=frozenset(str(word).lower() for word in part("extensions", list)),
        ignored_files=frozenset(str(word).lower() for word in part("clutter", list)),
        editors=tuple(str(word).lower() for word in part("editors", list)),
        screenshot_words=tuple(str(word).lower() for word in part("screenshot_words", list)),
        screen_sizes=frozenset((int(width), int(height)) for width, height in part("screen_sizes", list)),
        columns={key: tuple(names) for key, names in part("columns", dict).items()},
        source=source,
    )


def _number(entry: Any, name: str, source: str) -> float:
    value = entry.get("value") if isinstance(entry, dict) else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise WeipianError("evidence.settings_incomplete", path=source, entry=name)
    return float(value)


def _level(entry: Any, name: str, source: str) -> str:
    level = entry.get("level") if isinstance(entry, dict) else None
    if level not in LEVELS:
        raise WeipianError("evidence.settings_incomplete", path=source, entry=name)
    return str(level)
