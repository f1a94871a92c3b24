"""The fields of a layer held against what the steps need of them: which column, what its values are like, what is lacking.

The same function serves the editor (on the first rows) and ``weipian:check`` (on all).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

import pandas as pd

from ..formats.catalogue import FIELD_KEYS, roles
from ..formats.names import best_column
from ..geodesy.units import percent_text
from ..intake.layer_facts import plain_text
from ..model.messages import Message
from ..model.paths import resource
from ..model.records import DateSpan
from ..model.typed_yaml import key as key_
from ..model.typed_yaml import read
from ..model.vocabulary import legal_bases
from ..overlay.classes import UNKNOWN, load_classes

_SAMPLES = 3


class Level(Enum):
    """How bad a finding is, best first."""

    GOOD = "good"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


_ORDER = list(Level)


def worst(levels: Sequence[Level]) -> Level:
    """The worst of some levels; GOOD for none."""
    return max(levels, key=_ORDER.index, default=Level.GOOD)


@dataclass(frozen=True)
class FieldCheck:
    """One field key of a layer. ``column`` is "" where nothing was found; ``chosen``: a person named it.

    ``said``: what the values are like; ``effect``: what is lacking because of it (None for nothing).
    """

    key: str
    column: str
    chosen: bool
    samples: tuple[str, ...]
    level: Level
    message: Message | None
    effect: Message | None


@dataclass(frozen=True)
class FieldKey:
    """A field key: its titles, what its values must be (:data:`_MESSAGES`), and whether blank is a value of its own."""

    title: str = key_("zh")
    title_en: str = key_("en")
    kind: str = "text"
    often_blank: bool = False


@dataclass(frozen=True)
class Lacking:
    """What the proposals lack without something, and how bad that is; ``kind``: what values must be in this role, where not as usual."""

    code: str
    level: Level
    kind: str = ""


@dataclass(frozen=True)
class CheckRules:
    """``layer_fields.yaml``."""

    keys: Mapping[str, FieldKey]
    legal_bases: Mapping[str, Lacking] = key_("grounds")
    roles: Mapping[str, Mapping[str, Lacking]] = key_("roles")
    absent: Mapping[str, Lacking] = key_("absent")
    good_from: float = 0.98
    wrong_below: float = 0.5


@lru_cache(maxsize=1)
def rules() -> CheckRules:
    """The data of ``layer_fields.yaml``."""
    return read(resource("layer_fields.yaml"), CheckRules)


def key_title(key: str, language: str = "zh") -> str:
    """A field key in the words of the field."""
    known = rules().keys[key]
    return known.title_en if language == "en" else known.title


def keys_of(role: str) -> tuple[str, ...]:
    """The field keys that a role can use, in the order of the catalogue."""
    declared = roles()[role].fields if role else {}
    return tuple(key for key in FIELD_KEYS if key in declared)


def check_fields(
    role: str, columns: Sequence[str], rows: pd.DataFrame, chosen: Mapping[str, str], named_year: bool = False
) -> list[FieldCheck]:
    """Every field key of a role: the chosen column, else the usual one, and how its values in ``rows`` are.

    ``named_year``: the layer's name holds a year, so the survey year needs no column.
    """
    checks = []
    for key in dict.fromkeys((*keys_of(role), *chosen)):
        wanted = chosen.get(key)
        names = [wanted] if wanted else roles()[role].fields.get(key, ())
        column = best_column(names, columns)
        if column is None:
            gone = Message("check.column_gone", {"column": wanted}) if wanted else None
            level, effect = _lacking(role, key, named_year)
            checks.append(FieldCheck(key, "", bool(wanted), (), Level.ERROR if wanted else level, gone, effect))
        else:
            values = [plain_text(value) for value in rows[column]] if column in rows else []
            checks.append(_read(role, key, column, bool(wanted), values))
    return checks


def _lacking(role: str, key: str, named_year: bool) -> tuple[Level, Message | None]:
    """How bad it is that a role has no column for a key, and what it causes."""
    if key == "year" and named_year:
        return Level.GOOD, None
    entry = _entry(role, key)
    if entry is None:
        return Level.NOTE, Message("check.blank_in_papers", {})
    return entry.level, Message(entry.code, {})


def _entry(role: str, key: str) -> Lacking | None:
    own = rules().roles.get(role, {}).get(key)
    return rules().legal_bases.get(key) if own is None and role in legal_bases().legal else own


def _read(role: str, key: str, column: str, chosen: bool, values: Sequence[str]) -> FieldCheck:
    """What a column's values are like."""
    entry, usual = _entry(role, key), rules().keys[key]
    kind = (entry.kind if entry else "") or usual.kind
    filled = [value for value in values if value]
    readable = _readable(kind)
    wrong = [value for value in filled if not readable(value)]
    base = len(values) if kind == "text" and not usual.often_blank else len(filled)
    good = len(filled) - len(wrong)
    share = good / base if base else 1.0
    details = {
        "share": share_words(good, base),
        "count": len(values),
        "blank": len(values) - len(filled),
    }
    samples = tuple(dict.fromkeys(filled))[:_SAMPLES]
    fine = share >= rules().good_from and (filled or not values)
    if fine:
        return FieldCheck(key, column, chosen, samples, Level.GOOD, Message(_MESSAGES[kind][0], details), None)
    needed = entry is not None
    bad = kind != "text" and share < rules().wrong_below
    level = (Level.ERROR if bad else Level.WARNING) if needed else (Level.WARNING if bad else Level.NOTE)
    message = Message(_MESSAGES[kind][1], {**details, "example": wrong[0] if wrong else ""})
    effect = _lacking(role, key, False)[1] if needed and (bad or not filled) else None
    if not filled:
        message = Message(_MESSAGES["text"][1], {**details, "share": share_words(0, 1)})
    return FieldCheck(key, column, chosen, samples, level, message, effect)


_MESSAGES = {
    "date": ("check.dates", "check.dates_unreadable"),
    "number": ("check.numbers", "check.numbers_unreadable"),
    "year": ("check.numbers", "check.numbers_unreadable"),
    "class": ("check.classes", "check.classes_unknown"),
    "text": ("check.texts", "check.texts_blank"),
}


def share_words(part: int, whole: int) -> str:
    """A share of rows as words: never 100 % while one is missing."""
    if not whole:
        return "—"
    text = percent_text(100.0 * part / whole, 0)
    return ">99%" if text == "100%" and part < whole else text


def _readable(kind: str) -> Any:
    """Whether a value is what its kind wants."""
    if kind == "date":
        return lambda value: DateSpan.parse(value) is not None
    if kind == "number":
        return _is_number
    if kind == "year":
        return lambda value: _is_number(value) and 1949 <= float(value) <= 2100
    if kind == "class":
        table = load_classes()
        return lambda value: table.group(value) != UNKNOWN
    return bool


def _is_number(value: str) -> bool:
    try:
        return abs(float(value)) < float("inf")
    except ValueError:
        return False
