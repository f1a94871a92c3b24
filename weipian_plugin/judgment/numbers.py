"""Exact numbers for comparisons: a threshold is never decided by binary rounding."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from math import isfinite
from typing import Optional

from ..geodesy.units import MU_PER_M2, half_up_decimal, mu_exact

MU = MU_PER_M2
ZERO = Decimal(0)
HUNDRED = Decimal(100)

#: Numbers are compared with a threshold to seven decimals: 1e-7 亩 is less than 0.0001 m².
NOISE = Decimal("1e-7")


def exact(value: object) -> Optional[Decimal]:
    """``value`` as the decimal a person would read; None for blank, unreadable, not-a-number and infinite values."""
    if type(value) is float:  # by far the most frequent, and written shortest by repr
        return Decimal(repr(value)) if isfinite(value) else None
    if value is None or isinstance(value, bool):
        return None
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value).strip().replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def rounded(value: Decimal, places: int) -> str:
    """``value`` with ``places`` decimals, rounded half up, as text."""
    return str(half_up_decimal(value, places))


def without_noise(value: Decimal) -> Decimal:
    """``value`` as it is compared: half up to :data:`NOISE`."""
    return value.quantize(NOISE, rounding=ROUND_HALF_UP)


def in_mu(square_metres: Decimal) -> Decimal:
    """亩 of an area in m² (1 m² = 0.0015 亩, exact)."""
    return mu_exact(square_metres)
