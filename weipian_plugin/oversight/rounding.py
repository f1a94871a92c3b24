"""Raw sums are rounded once, decimal half-up; 亩 with two decimals, ratios with four (two of a percentage)."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

MU_PER_SQUARE_METRE = 0.0015

_NOISE = 8  # decimals kept of a raw sum: binary noise of sums up to 10⁷ 亩 stays below, data of six decimals above


def half_up(value: float | None, decimals: int = 2) -> Decimal | None:
    """``value`` rounded half-up in decimal, free of binary noise (2.675 gives 2.68); None and NaN give None."""
    if value is None or math.isnan(value):
        return None
    exact = Decimal(repr(round(float(value), _NOISE)))
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def rate(numerator: float, denominator: float) -> Decimal | None:
    """``numerator / denominator`` to four decimals; None where the denominator is 0."""
    return None if not denominator else half_up(numerator / denominator, 4)


def exact_zero(value: float) -> float:
    """Binary noise of a difference of sums becomes 0; a real difference stays."""
    return 0.0 if abs(value) < 10.0**-_NOISE else value
