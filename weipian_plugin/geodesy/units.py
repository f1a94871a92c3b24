"""Units of area: the only place that turns m² into 亩, rounds figures and formats shares.

1 m² = 0.0015 亩, exactly. Figures for people have two decimals, rounded half up (四舍五入),
as the registers of this field are. Binary noise never decides a half: before a value is rounded it is read to
1e-9 of its unit, so that 9.999999999999998 m² and 10 m² are both 0.02 亩, and half an 亩 measured as 333.3333333333333 m² is 0.50 亩.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Optional, Union, overload

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MU_PER_M2 = Decimal("0.0015")
M2_PER_MU = 1 / 0.0015
#: Values are read to this before a half is decided: below the last digit of any stored area, above the noise of binary numbers.
NOISE = Decimal("1e-9")

_NOISE_PLACES = 9
_STEPS_PER_M2 = 1_500_000.0  # 0.0015 亩 in steps of 1e-9 亩
_STEPS_PER_HUNDREDTH = 10_000_000
_EXACT = 2.0**53 / _STEPS_PER_M2  # larger areas lose whole steps in a double: read as decimals


@overload
def mu(area_m2: float) -> float: ...
@overload
def mu(area_m2: Floats) -> Floats: ...
def mu(area_m2: Union[float, Floats]) -> Union[float, Floats]:
    """亩 with two decimals of m², half up; a number or an array of any shape. NaN stays NaN."""
    if np.ndim(area_m2) == 0:
        value = float(area_m2)
        return float(mu_decimal(value)) if math.isfinite(value) else float("nan")
    values = np.asarray(area_m2, np.float64)
    usable = np.isfinite(values) & (np.abs(values) < _EXACT)
    steps = np.rint(np.abs(np.where(usable, values, 0.0)) * _STEPS_PER_M2).astype(np.int64)
    hundredths = (steps + _STEPS_PER_HUNDREDTH // 2) // _STEPS_PER_HUNDREDTH
    result: Floats = np.where(np.isfinite(values), np.sign(values) * hundredths / 100, np.nan) + 0.0  # no negative zero
    for index in zip(*np.nonzero(np.isfinite(values) & ~usable)):
        result[index] = float(mu_decimal(float(values[index])))
    return result


def mu_decimal(area_m2: float) -> Decimal:
    """亩 with two decimals of a finite area in m², as a decimal number; the rule of :func:`mu`."""
    value = float(area_m2)
    if abs(value) >= _EXACT:
        return half_up_decimal(mu_exact(Decimal(repr(value))))
    steps = int(np.rint(abs(value) * _STEPS_PER_M2))
    hundredths = (steps + _STEPS_PER_HUNDREDTH // 2) // _STEPS_PER_HUNDREDTH
    return Decimal(hundredths if value >= 0 or not hundredths else -hundredths).scaleb(-2)


def mu_exact(area_m2: Decimal) -> Decimal:
    """亩 of m² without any rounding: for comparisons with a threshold."""
    return area_m2 * MU_PER_M2


def mu_unrounded(area_m2: Floats) -> Floats:
    """亩 of many areas in m² without any rounding: for sums, which are rounded once at their end. NaN stays NaN."""
    result: Floats = area_m2 * float(MU_PER_M2)
    return result


def mu_text(area_m2: Any) -> str:
    """亩 with two decimals as text; blank for None, NaN and infinite values."""
    return "" if _missing(area_m2) else str(mu_decimal(float(area_m2)))


def m2_of_mu(area_mu: float) -> float:
    """m² of 亩."""
    return float(area_mu) * M2_PER_MU


def half_up(value: Optional[float], decimals: int = 2) -> Optional[Decimal]:
    """``value`` rounded half up, free of binary noise (2.675 gives 2.68); None, NaN and infinite values give None."""
    return None if _missing(value) or value is None else half_up_decimal(Decimal(repr(float(value))), decimals)


def half_up_decimal(value: Decimal, decimals: int = 2) -> Decimal:
    """The same for a decimal number; never a negative zero."""
    read = value.quantize(NOISE, ROUND_HALF_UP) if decimals < _NOISE_PLACES else value
    rounded = read.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def number_text(value: Any, decimals: int = 2) -> str:
    """A figure with fixed decimals, half up; blank for None, NaN and infinite values."""
    return "" if _missing(value) else str(half_up_decimal(Decimal(repr(float(value))), decimals))


def share(part: float, whole: float) -> Optional[float]:
    """``part`` of ``whole`` as a percentage (0–100); None where the whole is nothing."""
    return None if not whole else 100.0 * part / whole


def percent_text(percentage: object, decimals: int = 1) -> str:
    """``0.8%`` of the percentage 0.8. The argument is always a percentage, as ``coverage.share`` holds it."""
    return "" if _missing(percentage) else f"{number_text(percentage, decimals)}%"


def _missing(value: Any) -> bool:
    return value is None or not math.isfinite(float(value))
