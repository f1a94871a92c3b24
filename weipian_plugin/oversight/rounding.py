"""Rates of sums, and what of a difference of sums is binary noise. Rounding itself is :mod:`..geodesy.units`."""

from __future__ import annotations

from decimal import Decimal

from ..geodesy.units import NOISE, half_up


def rate(numerator: float, denominator: float) -> Decimal | None:
    """``numerator / denominator`` to four decimals; None where the denominator is 0."""
    return None if not denominator else half_up(numerator / denominator, 4)


def exact_zero(value: float) -> float:
    """Binary noise of a difference of sums becomes 0; a real difference stays."""
    return 0.0 if abs(value) < float(NOISE) else value
