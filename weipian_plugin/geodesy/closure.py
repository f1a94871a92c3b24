"""Closure (平差): parts made to add up to their whole at a rounding unit.

First the difference is spread over the parts in proportion to their area, then the parts are rounded down and the
missing units go to the largest remainders, so that no part moves by more than one unit in the rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..model.errors import WeipianError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Closure:
    """``values``: the parts, rounded and adding up; ``residue``: total minus the sum of the parts before, per whole."""

    values: Floats
    residue: Floats


def close(values: object, total: float, unit: float = 0.01) -> Floats:
    """Parts of one whole adjusted to ``total`` and rounded to ``unit``; their sum is ``total`` rounded half up.

    :raises WeipianError: ``geodesy.nothing_to_close`` if the parts are all zero and the total is not.
    """
    parts = np.asarray(values, np.float64).reshape(-1)
    if round(float(total) / unit) and not parts.sum() > 0:
        raise WeipianError("geodesy.nothing_to_close", total=float(total))
    return close_groups(parts, np.zeros(len(parts), np.int64), np.asarray([total], np.float64), unit).values


def close_groups(values: Floats, whole: Integers, totals: Floats, unit: float = 0.01) -> Closure:
    """The same for many wholes at once.

    ``values`` (n) are the parts, ``whole`` (n) the index of each part's whole, ``totals`` (m) the wholes' areas.
    Wholes without any area in their parts stay at zero; their residue is the total.
    """
    per_unit = round(1 / unit)
    sums = np.bincount(whole, values, len(totals))
    residue = totals - sums
    wanted = units_half_up(totals, unit)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(sums > 0, wanted / (sums * per_unit), 0.0)
    exact = values * per_unit * factor[whole]
    whole_units = np.floor(exact + 1e-9)
    remainder = exact - whole_units
    missing = np.where(sums > 0, wanted - np.bincount(whole, whole_units, len(totals)), 0).astype(np.int64)
    # Largest remainder first inside each whole; of equal ones the larger part, then the earlier.
    order = np.lexsort((np.arange(len(values)), -values, -remainder, whole))
    ordered = whole[order]
    first = np.searchsorted(ordered, np.arange(len(totals)))
    rank = np.arange(len(order)) - first[ordered] if len(order) else np.zeros(0, np.int64)
    whole_units[order] += rank < missing[ordered]
    # The tolerance above may round one unit too many up: it is taken back from the smallest remainders.
    for index in np.flatnonzero(missing < 0):
        mine = order[ordered == index]
        mine = mine[whole_units[mine] > 0]
        whole_units[mine[missing[index] :]] -= 1
    return Closure(whole_units / per_unit, residue)


def units_half_up(values: Floats, unit: float = 0.01) -> Integers:
    """How many units each value is, half up. Values are read to a ten-thousandth of a unit, so that the noise of binary
    numbers never decides a half."""
    read = np.rint(np.asarray(values, np.float64) * round(1 / unit) * 1e4)
    counted: Integers = ((read + 5000) // 10000).astype(np.int64)
    return counted
