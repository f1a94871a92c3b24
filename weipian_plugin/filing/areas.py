"""The areas of a parcel and its parts in 亩 and m², closed (平差) so that every row of the form adds up to the last digit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Optional

from ..geodesy.closure import close
from ..geodesy.units import half_up, mu_decimal
from .case import ParcelCase
from .placeholder import Value

#: survey groups that divide a parcel without overlap or rest
DIVIDING = ("farmland", "other_agricultural", "construction", "unused", "unsurveyed")
#: layers laid over the parcel: they are part of the parcel, not of its division
OVERLAID = {
    "basic_farmland": "basic_farmland",
    "redline": "ecological_redline",
    "approved": "approved",
    "uncovered": "uncovered",
}
#: what the survey groups may miss of the parcel, m²; beyond it nothing is forced to add up
CLOSING_TOLERANCE_M2 = 0.05
_CENT = Decimal("0.01")


def two_decimals(value: Optional[float]) -> Optional[Decimal]:
    """Half up in decimal arithmetic; None stays None."""
    return half_up(value)


def as_mu(square_metres: Optional[float]) -> Optional[Decimal]:
    """m² to 亩 (× 0.0015), two decimals, half up."""
    return None if square_metres is None else mu_decimal(square_metres)


def area_rows(case: ParcelCase) -> list[dict[str, Value]]:
    """One row for the parcel and one for each proposed part: the rows of 套合面积表.

    ``closed`` is 是 when the survey groups divide the area within :data:`CLOSING_TOLERANCE_M2` (then they are closed by largest
    remainder in 亩 and in m²), 否 when they do not (then each is only rounded), and blank when they were not measured.
    """
    rows = [_row(case, "", total) for total in [_total(case, "")]]
    totals = [_total(case, part.part) for part in case.parts]
    if totals and None not in totals and rows[0]["total_mu"] is not None:
        sizes = [float(total or 0.0) for total in totals]
        closed = [Decimal(str(round(value, 2))).quantize(_CENT) for value in close(sizes, float(rows[0]["total_mu"]))]
        fits = abs(sum(sizes) - float(_total(case, "") or 0.0)) <= CLOSING_TOLERANCE_M2
        for part, total, mu in zip(case.parts, totals, closed):
            rows.append(_row(case, part.part, total, mu if fits else None, part.basis))
    else:
        rows.extend(_row(case, part.part, total, None, part.basis) for part, total in zip(case.parts, totals))
    return rows


def _total(case: ParcelCase, part: str) -> Optional[float]:
    measured = case.measure("area", part)
    if measured is not None:
        return measured
    if part:
        return next(entry.area_m2 for entry in case.parts if entry.part == part)
    value = case.parcel.get("area_m2")
    return None if value is None else float(value)


def _row(
    case: ParcelCase, part: str, total: Optional[float], total_mu: Optional[Decimal] = None, basis: str = ""
) -> dict[str, Value]:
    total_mu = as_mu(total) if total_mu is None else total_mu
    row: dict[str, Value] = {
        "part": part or "整个图斑",
        "basis": basis,
        "total_mu": total_mu,
        "total_m2": two_decimals(total),
    }
    pieces = {name: case.measure(name, part) for name in DIVIDING}
    row.update(_division(pieces, total, total_mu))
    for name, measure in OVERLAID.items():
        row[f"{name}_mu"] = as_mu(case.measure(measure, part))
    return row


def _division(
    pieces: Mapping[str, Optional[float]], total: Optional[float], total_mu: Optional[Decimal]
) -> dict[str, Value]:
    known = {name: value for name, value in pieces.items() if value is not None}
    row: dict[str, Value] = {}
    for name in DIVIDING:
        row[f"{name}_mu"] = as_mu(known.get(name))
        row[f"{name}_m2"] = two_decimals(known.get(name))
    if not known or total is None or total_mu is None:
        row["closed"] = ""
        return row
    if abs(sum(known.values()) - total) > CLOSING_TOLERANCE_M2 or not sum(known.values()) > 0:
        row["closed"] = "否"
        return row
    for unit, whole in (("mu", float(total_mu)), ("m2", float(two_decimals(total) or 0))):
        for name, value in zip(known, close(list(known.values()), whole)):
            row[f"{name}_{unit}"] = Decimal(str(round(float(value), 2))).quantize(_CENT)
    row["closed"] = "是"
    return row
