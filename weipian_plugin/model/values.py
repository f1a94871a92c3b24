"""Values of foreign tables as plain Python: what is nothing, and what a number is.

Tables spell "nothing" in many ways (None, NaN, NaT, pandas' NA, blank text); these functions are the only place that knows them.
"""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any


def is_missing(value: object) -> bool:
    """None, NaN, NaT and NA are missing; zero, False and text (blank text too) are values."""
    if value is None:
        return True
    if isinstance(value, (str, bytes, int, list, tuple, dict, set, frozenset)):
        return False
    try:
        return bool(value != value)  # NaN and NaT differ from themselves
    except (TypeError, ValueError):
        return type(value).__name__ == "NAType"  # pandas' NA refuses the question; arrays are values


def is_blank(value: object) -> bool:
    """Missing, or text of nothing but white space."""
    return not value.strip() if isinstance(value, str) else is_missing(value)


def to_python(value: object) -> Any:
    """``value`` without numpy and pandas: scalars become numbers, dates of pandas become datetimes, missing values None.

    Infinite numbers are no figures and become None, too.
    """
    if is_missing(value):
        return None
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, (str, bytes, int, date, datetime)):
        return value.to_pydatetime() if hasattr(value, "to_pydatetime") else value
    if hasattr(value, "item") and not hasattr(value, "__len__"):
        return to_python(value.item())
    return value


def text_of(value: object) -> str:
    """``value`` as text without white space around it; blank for what is missing."""
    return "" if is_missing(value) else str(value).strip()


def one_line(text: object, most: int = 200) -> str:
    """A text in one line of at most ``most`` characters."""
    return " ".join(str(text).split())[:most]
