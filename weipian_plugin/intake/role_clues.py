"""What gives away the role of a layer, as data (``resources/intake/role_clues.yaml``) read into typed records."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..model import yaml_files
from ..model.paths import resource

#: How far a word, a code or a spelt-out name of each strength carries alone.
_STRENGTH = {"strong": 0.85, "medium": 0.5}
_PINYIN = 0.8
STRONG = _STRENGTH["strong"]


@dataclass(frozen=True)
class ColumnClue:
    """Columns that speak for a role: ``needed`` all of them or ``any_of`` one of them."""

    needed: tuple[str, ...]
    any_of: tuple[str, ...]
    weight: float


@dataclass(frozen=True)
class ValueClue:
    """Values that speak for a role: most of the samples of one of ``columns`` (any column where empty) match ``pattern``."""

    title: str
    columns: tuple[str, ...]
    pattern: re.Pattern[str]
    weight: float


@dataclass(frozen=True)
class RoleClues:
    """Everything that speaks for one role. ``words``, ``codes`` and ``spelt`` map the text to its weight."""

    role: str
    words: Mapping[str, float]
    codes: Mapping[str, float]
    spelt: Mapping[str, float]
    columns: tuple[ColumnClue, ...]
    values: tuple[ValueClue, ...]
    geometry: str


@dataclass(frozen=True)
class Clues:
    """All clues, and how they are weighed against each other."""

    roles: tuple[RoleClues, ...]
    propose_from: float
    margin: float
    container_share: float
    earlier_word_share: float
    not_in_force: tuple[re.Pattern[str], ...]
    not_in_force_codes: frozenset[str]
    without_force: frozenset[str]


@lru_cache(maxsize=1)
def clues() -> Clues:
    """The shipped clues."""
    with resource("intake", "role_clues.yaml").open(encoding="utf-8") as stream:
        data: Mapping[str, Any] = yaml_files.load(stream)
    return Clues(
        tuple(_role(name, entry, data["values"]) for name, entry in data["roles"].items()),
        float(data["propose_from"]),
        float(data["margin"]),
        float(data["container_share"]),
        float(data["earlier_word_share"]),
        tuple(re.compile(str(word)) for word in data["not_in_force"]),
        frozenset(str(code).lower() for code in data["not_in_force_codes"]),
        frozenset(map(str, data["without_force"])),
    )


def _role(name: str, entry: Mapping[str, Any], values: Mapping[str, Any]) -> RoleClues:
    return RoleClues(
        name,
        _weighed(entry["words"]),
        _weighed(entry["codes"]),
        {str(text): _PINYIN for text in entry["pinyin"]},
        tuple(
            ColumnClue(_texts(clue.get("all")), _texts(clue.get("any")), float(clue["weight"]))
            for clue in entry["columns"]
        ),
        tuple(_value(values[key], float(weight)) for key, weight in entry["values"].items()),
        str(entry.get("geometry", "polygon")),
    )


def _value(entry: Mapping[str, Any], weight: float) -> ValueClue:
    return ValueClue(str(entry["zh"]), _texts(entry["columns"]), re.compile(str(entry["pattern"])), weight)


def _weighed(entry: Mapping[str, Sequence[Any]]) -> dict[str, float]:
    return {str(text).lower(): _STRENGTH[strength] for strength, texts in entry.items() for text in texts}


def _texts(values: Sequence[Any] | None) -> tuple[str, ...]:
    return tuple(map(str, values or ()))
