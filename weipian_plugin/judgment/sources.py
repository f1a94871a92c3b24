"""What the short names of sources in the rules stand for (``C8``, ``S22``, ``practice 71623190847``)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..model.paths import resource
from ..model.typed_yaml import read

_SHORT = re.compile(r"(?<![A-Za-z0-9])(?:[CS][0-9]{1,2}|practice)(?![A-Za-z0-9])")


@dataclass(frozen=True)
class _Title:
    zh: str
    en: str


@dataclass(frozen=True)
class _SourceFile:
    sources: Mapping[str, _Title]


def short_names(source: str) -> tuple[str, ...]:
    """The short names in the source of a rule, each once."""
    return tuple(dict.fromkeys(_SHORT.findall(source)))


def explained(source: str, language: str) -> str:
    """The source of a rule, and below it a line for each short name in it; a name that is not listed has none."""
    known = read(resource("sources.yaml"), _SourceFile).sources
    lines = [f"{name}: {getattr(known[name], language)}" for name in short_names(source) if name in known]
    return "\n".join([source, *lines])
