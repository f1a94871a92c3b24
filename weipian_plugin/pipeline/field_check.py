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
from ..model import yaml_files
from ..model.messages import Message
from ..model.paths import resource
from ..model.records import DateSpan
from ..overlay.classes import UNKNOWN, load_classes
from ..overlay.settings import load_legal_bases

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


@lru_cache(maxsize=1)
def rules() -> Mapping[str, Any]:
    """The data of ``layer_fields.yaml``."""
    with resource("layer_fields.yaml").open(encoding="utf-8") as stream:
        data: Mapping[str, Any] = yaml_files.load(stream)
    return data


def key_title(key: str, language: str = "zh") -> str:
    """A field key in the words of the field."""
    return str(rules()["keys"][key]["en" if language == "en" else "zh"])


def keys_of(role: str) -> tuple[str, ...]:
    """The field keys that a role can use, in the order of the catalogue."""
    declared = roles()[role].get("fields", {}) if role else {}
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
        names = [wanted] if wanted else roles()[role].get("fields", {}).get(key, ())
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
    return Level(entry["level"]), Message(entry["code"], {})


def _entry(role: str, key: str) -> Mapping[str, Any] | None:
    data = rules()
    own = data["roles"].get(role, {}).get(key)
    if own is None and role in load_legal_bases().legal:
        own = data["grounds"].get(key)
    found: Mapping[str, Any] | None = own
    return found


def _read(role: str, key: str, column: str, chosen: bool, values: Sequence[str]) -> FieldCheck:
    """What a column's values are like."""
    kind = str((_entry(role, key) or {}).get("kind") or rules()["keys"][key]["kind"])
    filled = [value for value in values if value]
    readable = _readable(kind)
    wrong = [value for value in filled if not readable(value)]
    often_blank = bool(rules()["keys"][key].get("often_blank"))
    base = len(values) if kind == "text" and not often_blank else len(filled)
    good = len(filled) - len(wrong)
    share = good / base if base else 1.0
    details = {
        "share": share_words(good, base),
        "count": len(values),
        "blank": len(values) - len(filled),
    }
    samples = tuple(dict.fromkeys(filled))[:_SAMPLES]
    fine = share >= float(rules()["good_from"]) and (filled or not values)
    if fine:
        return FieldCheck(key, column, chosen, samples, Level.GOOD, Message(_MESSAGES[kind][0], details), None)
    needed = _entry(role, key) is not None
    bad = kind != "text" and share < float(rules()["wrong_below"])
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
