"""Conditions of a rule: tests of measured facts, combined with all / any / not.

A fact that is not known makes a test neither true nor false (Kleene's three-valued logic): a rule matches only when its
condition is certainly true, so missing data can never be the reason for 合法.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any, Optional, Protocol, Union

from ..model.records import DateSpan
from .numbers import MU, without_noise


class Values(Protocol):
    """What a condition asks: the value of a fact by its name, None when it is not known."""

    def value(self, name: str) -> Any: ...


@dataclass(frozen=True)
class Always:
    """True of every parcel: the condition of the fallback rule."""

    def holds(self, facts: Values) -> Optional[bool]:
        return True


@dataclass(frozen=True)
class Test:
    """One fact against one limit. ``limit`` is a number (in ``unit``), text, tuple of texts, flag or date.

    Areas are compared in the unit of the limit: 亩 limits multiply the m² of the fact, which is exact, instead of dividing.
    """

    __test__ = False  # not a test class for pytest

    fact: str
    operator: str
    limit: Any
    unit: str = ""
    threshold: str = ""  # its name in the profile, when the limit is a named threshold

    def holds(self, facts: Values) -> Optional[bool]:
        """None where the fact is not known."""
        value = facts.value(self.fact)
        if self.operator == "known":
            return (value is not None) is self.limit
        if value is None:
            return None
        return _compare(self.operator, self.scaled(value), self.limit)

    def scaled(self, value: object) -> object:
        """``value`` in the unit of the limit, without the noise of binary arithmetic."""
        if isinstance(value, Decimal) and value:  # zero is zero in every unit, and by far the most frequent
            return without_noise(value * MU if self.unit == "mu" else value)
        return value


@dataclass(frozen=True)
class Not:
    """True where its part is false; unknown stays unknown."""

    part: Condition

    def holds(self, facts: Values) -> Optional[bool]:
        """None where the part cannot be decided."""
        outcome = self.part.holds(facts)
        return None if outcome is None else not outcome


@dataclass(frozen=True)
class All:
    """Every part holds (Kleene): false as soon as one is, unknown where one is and none is false."""

    parts: tuple[Condition, ...]

    def holds(self, facts: Values) -> Optional[bool]:
        """False as soon as one part is, None where none is and one cannot be decided."""
        unknown = False
        for part in self.parts:
            outcome = part.holds(facts)
            if outcome is False:
                return False
            unknown = unknown or outcome is None
        return None if unknown else True


@dataclass(frozen=True)
class AnyOf:
    """One part holds (Kleene): true as soon as one is, unknown where one is and none is true."""

    parts: tuple[Condition, ...]

    def holds(self, facts: Values) -> Optional[bool]:
        """True as soon as one part is, None where none is and one cannot be decided."""
        unknown = False
        for part in self.parts:
            outcome = part.holds(facts)
            if outcome is True:
                return True
            unknown = unknown or outcome is None
        return None if unknown else False


Condition = Union[Always, Test, Not, All, AnyOf]

#: Operators by the kind of value they compare.
_NUMBERS: Mapping[str, Callable[[Any, Any], Any]] = {"at_most": le, "below": lt, "at_least": ge, "above": gt}
NUMBER_OPERATORS = ("at_most", "below", "at_least", "above")
DATE_OPERATORS = ("before", "from")
TEXT_OPERATORS = ("equals", "in", "starts_with", "contains")
LIST_OPERATORS = ("includes",)
FLAG_OPERATORS = ("is",)
OPERATORS = (*NUMBER_OPERATORS, *DATE_OPERATORS, *TEXT_OPERATORS, *LIST_OPERATORS, *FLAG_OPERATORS, "known")
SIGNS = {
    "at_most": "≤",
    "below": "<",
    "at_least": "≥",
    "above": ">",
    "before": "<",
    "from": "≥",
    "equals": "=",
    "in": "∈",
    "starts_with": "^",
    "contains": "∋",
    "includes": "∋",
    "is": "=",
    "known": "?",
}


def operators_for(unit: str) -> tuple[str, ...]:
    """The operators that make sense for facts of ``unit``."""
    special = {"text": TEXT_OPERATORS, "date": DATE_OPERATORS, "list": LIST_OPERATORS, "flag": FLAG_OPERATORS}
    return (*special.get(unit, NUMBER_OPERATORS), "known")


def _compare(operator: str, value: Any, limit: Any) -> Optional[bool]:
    if operator in _NUMBERS:
        return bool(_NUMBERS[operator](value, limit))
    if operator in DATE_OPERATORS:
        return _compare_dates(operator, value, limit)
    if operator == "is":
        return bool(value is limit)
    if operator == "equals":
        return bool(value == limit)
    if operator == "in":
        return value in limit
    if operator == "starts_with":
        return bool(value.startswith(limit))
    if operator == "contains":
        return limit in value
    if operator == "includes":
        return any(limit in element for element in value)
    raise ValueError(f"operator {operator}")


def _compare_dates(operator: str, value: DateSpan, limit: date) -> Optional[bool]:
    """A partial date that may lie on either side of the limit is unknown, not guessed."""
    if value.last < limit:
        return operator == "before"
    if value.first >= limit:
        return operator == "from"
    return None


def tests_of(condition: Condition) -> Iterator[Test]:
    """Every test in a condition, in reading order."""
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, Not):
        yield from tests_of(condition.part)
    elif isinstance(condition, (All, AnyOf)):
        for part in condition.parts:
            yield from tests_of(part)
