"""亩 and shares: one rule for every paper, whatever the size and whatever binary numbers make of a half."""

from __future__ import annotations

from decimal import Decimal
from typing import Optional

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weipian_plugin.geodesy.units import (
    half_up,
    half_up_decimal,
    m2_of_mu,
    mu,
    mu_decimal,
    mu_exact,
    mu_text,
    number_text,
    percent_text,
    share,
)


@pytest.mark.parametrize(
    ("m2", "expected"),
    [
        (3.33, "0.00"),
        (3.34, "0.01"),
        (10.0, "0.02"),
        (16.666666, "0.02"),
        (16.67, "0.03"),
        (543.33, "0.81"),
        (543.34, "0.82"),
        (210.0, "0.32"),
        (0.0, "0.00"),
        (666.67, "1.00"),
        (-10.0, "-0.02"),
        (30.0, "0.05"),
        (70.0, "0.11"),
        (9.999999999999998, "0.02"),
        (1003.3333333333334, "1.51"),
        (333.3333333333333, "0.50"),
        (1e13, "15000000000.00"),
    ],
)
def test_mu_is_rounded_half_up_in_decimals(m2: float, expected: str) -> None:
    assert mu_decimal(m2) == Decimal(expected)
    assert mu(m2) == float(expected)
    assert mu(np.array([m2, m2])).tolist() == [float(expected)] * 2


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**13))
def test_mu_of_an_array_equals_mu_of_each_number(hundredths: int) -> None:
    area = hundredths / 100
    assert mu(np.array([area]))[0] == float(mu_decimal(area))


def test_mu_keeps_what_is_not_known() -> None:
    assert np.isnan(mu(float("nan"))) and np.isnan(mu(np.array([float("nan")]))[0])


def test_half_up_differs_from_the_built_in_round() -> None:
    assert half_up(0.125) == Decimal("0.13") and round(0.125, 2) == 0.12
    assert half_up(2.675) == Decimal("2.68")
    assert half_up(-0.001) == 0 and str(half_up(-0.001)) == "0.00"


def test_every_way_to_write_an_area_in_mu_gives_the_same_figure() -> None:
    """100,000 areas as they are measured, and every odd multiple of 10 m² up to 10 km², where a half must be decided."""
    measured = np.random.default_rng(20261127).uniform(0, 2e6, 100_000)
    ties = np.arange(10.0, 1e7, 20.0)
    for areas in (measured, ties, np.nextafter(ties, 0), np.nextafter(ties, 1e9)):
        expected = [half_up_decimal(mu_exact(Decimal(repr(float(area))))) for area in areas]
        assert mu(areas).tolist() == [float(value) for value in expected]
        sample = range(0, len(areas), 37)
        assert [mu_decimal(float(areas[index])) for index in sample] == [expected[index] for index in sample]
        assert [mu_text(areas[index]) for index in sample] == [str(expected[index]) for index in sample]


@pytest.mark.parametrize("nothing", [None, float("nan"), float("inf")])
def test_what_is_not_known_is_blank(nothing: Optional[float]) -> None:
    assert mu_text(nothing) == number_text(nothing) == percent_text(nothing) == "" and half_up(nothing) is None


@pytest.mark.parametrize(
    ("percentage", "text"), [(0.8, "0.8%"), (1.0, "1.0%"), (1.5, "1.5%"), (0.05, "0.1%"), (100.0, "100.0%")]
)
def test_a_share_is_a_percentage_whatever_its_size(percentage: float, text: str) -> None:
    assert percent_text(percentage) == text


def test_the_share_of_nothing_is_not_known() -> None:
    assert share(1.0, 0.0) is None and share(1.0, 4.0) == 25.0 and m2_of_mu(1.5) == pytest.approx(1000.0)
