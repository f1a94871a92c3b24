"""What gives away the role of a layer, as data (``resources/intake/role_clues.yaml``) read into typed records."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from ..model.paths import resource
from ..model.typed_yaml import key, read


#: How far a word, a code or a spelt-out name of each strength carries alone.
class _Strength(Enum):
    STRONG = "strong"
    MEDIUM = "medium"


_CARRIES = {_Strength.STRONG: 0.85, _Strength.MEDIUM: 0.5}
_PINYIN = 0.8
STRONG = _CARRIES[_Strength.STRONG]


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


@dataclass(frozen=True)
class _ColumnEntry:
    weight: float
    needed: tuple[str, ...] = key("all", default=())
    any_of: tuple[str, ...] = key("any", default=())


@dataclass(frozen=True)
class _ValueEntry:
    columns: tuple[str, ...]
    pattern: re.Pattern[str]
    title: str = key("zh")


@dataclass(frozen=True)
class _RoleEntry:
    words: Mapping[_Strength, tuple[str, ...]]
    codes: Mapping[_Strength, tuple[str, ...]]
    pinyin: tuple[str, ...]
    columns: tuple[_ColumnEntry, ...]
    values: Mapping[str, float]
    geometry: str = "polygon"


@dataclass(frozen=True)
class _ClueFile:
    roles: Mapping[str, _RoleEntry]
    values: Mapping[str, _ValueEntry]
    propose_from: float
    margin: float
    container_share: float
    earlier_word_share: float
    not_in_force: tuple[re.Pattern[str], ...]
    not_in_force_codes: tuple[str, ...]
    without_force: frozenset[str]


@lru_cache(maxsize=1)
def clues() -> Clues:
    """The shipped clues."""
    file = read(resource("intake", "role_clues.yaml"), _ClueFile)
    return Clues(
        tuple(_role(name, entry, file.values) for name, entry in file.roles.items()),
        file.propose_from,
        file.margin,
        file.container_share,
        file.earlier_word_share,
        file.not_in_force,
        frozenset(code.lower() for code in file.not_in_force_codes),
        file.without_force,
    )


def _role(name: str, entry: _RoleEntry, values: Mapping[str, _ValueEntry]) -> RoleClues:
    return RoleClues(
        name,
        _weighed(entry.words),
        _weighed(entry.codes),
        dict.fromkeys(entry.pinyin, _PINYIN),
        tuple(ColumnClue(clue.needed, clue.any_of, clue.weight) for clue in entry.columns),
        tuple(
            ValueClue(values[each].title, values[each].columns, values[each].pattern, weight)
            for each, weight in entry.values.items()
        ),
        entry.geometry,
    )


def _weighed(entry: Mapping[_Strength, Sequence[str]]) -> dict[str, float]:
    return {text.lower(): _CARRIES[strength] for strength, texts in entry.items() for text in texts}
