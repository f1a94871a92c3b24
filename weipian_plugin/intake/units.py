"""The unit of the delivered area (监测面积 JCMJ): 亩 in old systems, m² in newer ones, never written into the file.

Decided per file from the ratio to the ellipsoidal area: 1 is m², 0.0015 is 亩, 0.0001 is ha.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..geodesy.units import M2_PER_MU
from ..model.messages import Message
from .settings import Tolerances, checks

UNKNOWN = "unknown"
TITLES = {"mu": "亩", "m2": "平方米", "ha": "公顷", UNKNOWN: "未知"}


@dataclass(frozen=True)
class UnitDecision:
    """The unit of a file (``mu``, ``m2``, ``ha``, ``unknown``), the median ratio (NaN without evidence) and the reason."""

    unit: str
    ratio: float
    reason: Message


def decide_unit(
    delivered: NDArray[np.float64], area_m2: NDArray[np.float64], named: str | None = None, chosen: str | None = None
) -> UnitDecision:
    """Decide the unit of a file; ``named`` is the unit in the column's name, ``chosen`` the user's."""
    usable = np.isfinite(delivered) & (delivered > 0) & (area_m2 > 0)
    ratio = float(np.median(delivered[usable] / area_m2[usable])) if usable.any() else float("nan")
    details = {"ratio": f"{ratio:.6g}", "count": int(usable.sum())}
    if chosen:
        return UnitDecision(chosen, ratio, Message("intake.unit_chosen", {"unit": TITLES.get(chosen, chosen)}))
    rule = checks().unit
    fitting = [unit for unit, value in rule.ratios.items() if value / rule.factor <= ratio <= value * rule.factor]
    if fitting:
        unit = str(fitting[0])
        if named and named != unit:
            return UnitDecision(
                unit,
                ratio,
                Message("intake.unit_contradicts", {**details, "named": TITLES[named], "unit": TITLES[unit]}),
            )
        return UnitDecision(unit, ratio, Message("intake.unit_found", {**details, "unit": TITLES[unit]}))
    if named:
        return UnitDecision(named, ratio, Message("intake.unit_named", {**details, "unit": TITLES[named]}))
    return UnitDecision(UNKNOWN, ratio, Message("intake.unit_unknown", details))


def in_square_metres(delivered: NDArray[np.float64], unit: str) -> NDArray[np.float64]:
    """Delivered areas in m²; NaN for an unknown unit."""
    ratio = checks().unit.ratios.get(unit)
    return delivered / ratio if ratio else np.full(len(delivered), np.nan)


def mismatched(
    delivered: NDArray[np.float64], area_m2: NDArray[np.float64], unit: str, tolerances: Tolerances
) -> NDArray[np.bool_]:
    """Parcels whose delivered area is stale or wrong: off by more than the larger of a share and some 亩.

    A negative area, one that cannot be read (infinite), and every area of a file whose unit nobody can tell are wrong, too.
    """
    stated = in_square_metres(delivered, unit)
    allowed = np.maximum(tolerances.mismatch_share * area_m2, tolerances.mismatch_mu * M2_PER_MU)
    with np.errstate(invalid="ignore"):
        wrong: NDArray[np.bool_] = (stated > 0) & ~(np.abs(stated - area_m2) <= allowed)
        wrong |= (delivered < 0) | (np.isnan(stated) & (delivered > 0)) | np.isinf(delivered)
    return wrong
