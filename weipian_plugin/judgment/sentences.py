"""Reasons as messages: placeholders of a sentence are names of facts, filled with values as people write them.

``{<area>_mu}`` gives an area in 亩 with three decimals, ``{<area>_m2}`` in m² with two; other facts stand under their own name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ..model.messages import Message, catalogue, placeholders
from ..model.records import DateSpan
from .facts import Facts
from .numbers import in_mu, rounded
from .uses import titles
from .vocabulary import vocabulary

#: Details the engine gives itself.
CONTEXT = ("parcel", "part", "outcomes", "text")
UNKNOWN = "—"
NOT_GIVEN = "（未提供）"
#: Layers of control whose area stands in sentences.
_AREA_ROLES = ("basic_farmland", "ecological_redline")
_PLACES: Mapping[str, int] = {"m2": 2, "percent": 2, "m": 2, "ratio": 2, "count": 0, "days": 0, "mu": 2}


@lru_cache(maxsize=512)
def _names(code: str) -> tuple[str, ...]:
    texts = catalogue().get(code, {})
    return tuple(sorted(frozenset().union(*(placeholders(text) for text in texts.values()))))


def unknown_placeholders(code: str) -> tuple[str, ...]:
    """Placeholders of a sentence that no fact can fill."""
    return tuple(name for name in _names(code) if name not in CONTEXT and not _fact_name(name))


@lru_cache(maxsize=2048)
def _fact_name(placeholder: str) -> str:
    if placeholder in vocabulary():
        return placeholder
    stem = placeholder.rsplit("_", 1)[0]
    return stem if placeholder.endswith(("_mu", "_m2")) and stem in vocabulary() else ""


def sentence(code: str, facts: Facts, context: Mapping[str, object]) -> Message:
    """The message ``code`` with its placeholders filled from the facts."""
    details: dict[str, Any] = {}
    for name in _names(code):
        if name in context:
            details[name] = context[name]
        else:
            details[name] = NOT_GIVEN if _not_given(facts, name) else written(_shown(facts, name), _unit(name))
    return Message(code, details)


def _not_given(facts: Facts, name: str) -> bool:
    """Whether an area is that of a layer which was not given: unknown, and never written as 0."""
    fact = vocabulary()[_fact_name(name)]
    role = next((role for role in _AREA_ROLES if fact.of in (role, f"uncovered_{role}")), None)
    return fact.source == "measure" and role is not None and role not in facts.parcel.loaded


def _shown(facts: Facts, name: str) -> Any:
    value = facts.value(_fact_name(name))
    if name == "use_groups" and value:
        return (titles(frozenset(value)),)
    return tuple(flag_title(flag) for flag in value) if name == "flags" and value else value


def flag_title(flag: str) -> str:
    """A parcel's flag as people read it: the first clause of intake's own sentence, or the code where there is none."""
    sentence_of_intake = catalogue().get(f"intake.flag_{flag}", {}).get("zh", flag)
    return re.split("[；。，]", sentence_of_intake)[0]


def _unit(placeholder: str) -> str:
    fact = vocabulary()[_fact_name(placeholder)]
    return "as_mu" if placeholder != fact.name and placeholder.endswith("_mu") else fact.unit


def written(value: object, unit: str) -> str:
    """A value as people read it; ``—`` when it is not known."""
    if value is None:
        return UNKNOWN
    if isinstance(value, Decimal):
        return rounded(in_mu(value), 3) if unit == "as_mu" else rounded(value, _PLACES.get(unit, 2))
    if isinstance(value, DateSpan):
        return value.isoformat()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(value) or UNKNOWN
    return str(value)
