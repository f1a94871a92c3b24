"""Limits, levels and word lists of the photo step, read from ``resources/evidence.yaml`` or a county's own file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..model.errors import WeipianError
from ..model.paths import resource
from ..model.typed_yaml import key, read
from ..model.words import FindingLevel
from ..model.yaml_files import YamlError


@dataclass(frozen=True)
class Settings:
    """The content of one evidence file. ``limits`` are numbers by name, ``levels`` the level of each check."""

    limits: Mapping[str, float]
    levels: Mapping[str, FindingLevel]
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

    @property
    def fingerprint(self) -> str:
        """The content as one text, the same in every process and wherever the file lies: sets and mappings in a fixed order."""
        told = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "source"}
        return repr([(name, _in_order(value)) for name, value in told.items()])

    def limit(self, name: str) -> float:
        """A limit by name; a missing one is an error of the file. Raises ``evidence.settings_incomplete``."""
        if name not in self.limits:
            raise WeipianError("evidence.settings_incomplete", path=self.source, entry=f"limits.{name}")
        return self.limits[name]

    def level(self, check: str) -> FindingLevel:
        """How grave what a check finds is. Raises ``evidence.settings_incomplete``."""
        if check not in self.levels:
            raise WeipianError("evidence.settings_incomplete", path=self.source, entry=f"checks.{check}")
        return self.levels[check]


@dataclass(frozen=True)
class _Limit:
    value: float


@dataclass(frozen=True)
class _Check:
    level: FindingLevel


@dataclass(frozen=True)
class _Purpose:
    purpose: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class _Kind:
    kind: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class _EvidenceFile:
    version: int
    limits: Mapping[str, _Limit]
    checks: Mapping[str, _Check]
    purposes: tuple[_Purpose, ...]
    default_purpose: str
    kinds: tuple[_Kind, ...]
    drone_makes: tuple[str, ...]
    extensions: tuple[str, ...]
    ignored_files: tuple[str, ...] = key("clutter")
    editors: tuple[str, ...] = key("editors")
    screenshot_words: tuple[str, ...] = key("screenshot_words")
    screen_sizes: frozenset[tuple[int, int]] = key("screen_sizes")
    columns: Mapping[str, tuple[str, ...]] = key("columns")


def load_settings(path: Path | None = None) -> Settings:
    """Read ``path`` (default: the county's file or the shipped one); one saved again is read again.

    Raises
    ------
    WeipianError
        ``evidence.settings_unreadable``; ``evidence.settings_incomplete`` with the line and the entry that is missing or wrong.
    """
    source = Path(path) if path else resource("evidence.yaml")
    try:
        return _loaded(source, source.stat().st_mtime_ns)
    except OSError as error:
        raise WeipianError("evidence.settings_unreadable", path=str(source), reason=error) from error


@lru_cache(maxsize=4)
def _loaded(source: Path, changed: int) -> Settings:
    del changed  # part of the key
    try:
        file = read(source, _EvidenceFile)
    except YamlError as error:
        if error.code not in ("model.yaml_missing", "model.yaml_value"):
            raise WeipianError("evidence.settings_unreadable", path=str(source), reason=error) from error
        place = f"{source}:{error.details['line']}"
        raise WeipianError("evidence.settings_incomplete", path=place, entry=error.details["key"]) from error
    if file.version != 1:
        raise WeipianError("evidence.settings_incomplete", path=str(source), entry="version")
    return Settings(
        limits={name: one.value for name, one in file.limits.items()},
        levels={name: one.level for name, one in file.checks.items()},
        purposes=tuple((one.purpose, one.words) for one in file.purposes),
        default_purpose=file.default_purpose,
        kinds=tuple((one.kind, one.words) for one in file.kinds),
        drone_makes=_lower(file.drone_makes),
        extensions=frozenset(_lower(file.extensions)),
        ignored_files=frozenset(_lower(file.ignored_files)),
        editors=_lower(file.editors),
        screenshot_words=_lower(file.screenshot_words),
        screen_sizes=file.screen_sizes,
        columns=file.columns,
        source=str(source),
    )


def _in_order(value: Any) -> Any:
    if isinstance(value, Mapping):
        return sorted((name, str(one) if isinstance(one, FindingLevel) else one) for name, one in value.items())
    return sorted(value) if isinstance(value, frozenset) else value


def _lower(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.lower() for word in words)
