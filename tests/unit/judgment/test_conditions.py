"""Conditions: three-valued, in decimal arithmetic, with partial dates that are never guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any, Optional

import pytest

from weipian_plugin.judgment.conditions import All, Always, AnyOf, Condition, Not, Test, operators_for
from weipian_plugin.judgment.conditions import tests_of as listed
from weipian_plugin.judgment.numbers import exact, in_mu, rounded, without_noise
from weipian_plugin.model.records import DateSpan


class Given:
    """Facts as given by name."""

    def __init__(self, **values: Any) -> None:
        self._values = values

    def value(self, name: str) -> Any:
        return self._values.get(name)


def holds(operator: str, value: Any, limit: Any, unit: str = "") -> Optional[bool]:
    return Test("x", operator, limit, unit).holds(Given(x=value))


@pytest.mark.parametrize(
    ("operator", "below", "equal", "over"),
    [
        ("at_most", True, True, False),
        ("below", True, False, False),
        ("at_least", False, True, True),
        ("above", False, False, True),
    ],
)
def test_each_comparison_on_both_sides_of_its_limit(operator: str, below: bool, equal: bool, over: bool) -> None:
    limit = Decimal("95")
    values = (Decimal("94.9999999"), Decimal("95.0"), Decimal("95.0000001"))
    assert tuple(holds(operator, value, limit) for value in values) == (below, equal, over)


@pytest.mark.parametrize(
    ("square_metres", "outcome"),
    [("0.6666", True), ("0.66666666666666667", True), ("0.6668", False), ("333.3333333333333", False), ("0", True)],
)
def test_a_limit_in_mu_is_compared_without_binary_noise(square_metres: str, outcome: bool) -> None:
    assert holds("at_most", Decimal(square_metres), Decimal("0.001"), "mu") is outcome


def test_half_a_mu_measured_in_binary_is_half_a_mu() -> None:
    half = exact(333.3333333333333)
    assert half is not None
    assert holds("below", half, Decimal("0.5"), "mu") is False
    assert holds("at_least", half, Decimal("0.5"), "mu") is True
    assert holds("below", Decimal("333.33"), Decimal("0.5"), "mu") is True


def span(first: str, last: str) -> DateSpan:
    return DateSpan(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("value", "before"),
    [
        (span("2021-11-26", "2021-11-26"), True),
        (span("2021-11-27", "2021-11-27"), False),
        (span("2021-01-01", "2021-12-31"), None),
        (span("2020-01-01", "2020-12-31"), True),
        (span("2021-11-01", "2021-11-27"), None),
        (span("2021-11-27", "2021-12-31"), False),
    ],
)
def test_a_partial_date_on_both_sides_of_a_limit_is_not_known(value: DateSpan, before: Optional[bool]) -> None:
    limit = date(2021, 11, 27)
    assert holds("before", value, limit) is before
    assert holds("from", value, limit) is (None if before is None else not before)


@pytest.mark.parametrize(
    ("operator", "value", "limit", "outcome"),
    [
        ("equals", "0702", "0702", True),
        ("equals", "0702", "702", False),
        ("in", "0602C", ("0602", "0602C"), True),
        ("in", "0602", ("0602C",), False),
        ("starts_with", "203A", "203", True),
        ("starts_with", "1203", "203", False),
        ("contains", "光伏用地", "光伏", True),
        ("contains", "光", "光伏", False),
        ("includes", ("县级说明", "发票"), "说明", True),
        ("includes", ("发票",), "说明", False),
        ("includes", (), "说明", False),
        ("is", True, True, True),
        ("is", False, True, False),
        ("is", False, False, True),
    ],
)
def test_text_lists_and_flags(operator: str, value: Any, limit: Any, outcome: bool) -> None:
    assert holds(operator, value, limit) is outcome


@pytest.mark.parametrize(
    "operator",
    [
        "at_most",
        "below",
        "at_least",
        "above",
        "before",
        "from",
        "equals",
        "in",
        "starts_with",
        "contains",
        "includes",
        "is",
    ],
)
def test_what_is_not_known_is_neither_true_nor_false(operator: str) -> None:
    assert holds(operator, None, Decimal(0)) is None


@pytest.mark.parametrize(
    ("value", "limit", "outcome"), [(None, True, False), (None, False, True), (0, True, True), ("", False, False)]
)
def test_known_asks_whether_there_is_a_value(value: Any, limit: bool, outcome: bool) -> None:
    assert holds("known", value, limit) is outcome


def test_an_unknown_operator_is_an_error() -> None:
    with pytest.raises(ValueError, match="resembles"):
        holds("resembles", "a", "b")


FLAGS: dict[Optional[bool], Condition] = {
    flag: Test("t" if flag else "f" if flag is False else "u", "is", True) for flag in (True, False, None)
}
FACTS = Given(t=True, f=False)


@pytest.mark.parametrize("flags", list(product((True, False, None), repeat=3)))
def test_all_any_and_not_follow_kleene(flags: tuple[Optional[bool], ...]) -> None:
    parts = tuple(FLAGS[flag] for flag in flags)
    every = False if False in flags else None if None in flags else True
    some = True if True in flags else None if None in flags else False
    assert All(parts).holds(FACTS) is every
    assert AnyOf(parts).holds(FACTS) is some
    assert Not(All(parts)).holds(FACTS) is (None if every is None else not every)


def test_always_holds_and_has_no_tests() -> None:
    assert Always().holds(FACTS) is True
    assert list(listed(Always())) == []


def test_tests_are_listed_in_reading_order() -> None:
    first, second, third = (Test(name, "known", True) for name in "abc")
    assert [test.fact for test in listed(All((first, Not(AnyOf((second, third))))))] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("unit", "operators"),
    [
        ("text", ("equals", "in", "starts_with", "contains", "known")),
        ("date", ("before", "from", "known")),
        ("list", ("includes", "known")),
        ("flag", ("is", "known")),
        ("m2", ("at_most", "below", "at_least", "above", "known")),
    ],
)
def test_each_kind_of_fact_has_its_operators(unit: str, operators: tuple[str, ...]) -> None:
    assert operators_for(unit) == operators


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (1.1, "1.1"),
        ("0", "0"),
        (" 1,234.5 ", "1234.5"),
        (None, None),
        ("", None),
        ("x", None),
        (float("nan"), None),
        (float("inf"), None),
        (True, None),
    ],
)
def test_numbers_are_read_as_people_write_them(value: Any, number: Optional[str]) -> None:
    assert exact(value) == (None if number is None else Decimal(number))


def test_rounding_is_half_up_and_mu_is_exact() -> None:
    assert (rounded(Decimal("0.125"), 2), rounded(Decimal("2.5"), 0), rounded(Decimal("-0.125"), 2)) == (
        "0.13",
        "3",
        "-0.13",
    )
    assert in_mu(Decimal("2000")) == Decimal(3)
    assert without_noise(Decimal("0.00000005")) == Decimal("0.0000001")
    assert without_noise(Decimal("0.00000004")) == 0
