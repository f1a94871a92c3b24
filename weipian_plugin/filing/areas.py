"""The areas of a parcel and its parts in 亩 and m², closed (平差) so that every row of the form adds up to the last digit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Optional

from ..geodesy.closure import close
from ..geodesy.units import half_up, mu_decimal
from .case import ParcelCase
from .placeholder import Value
from .vocabulary import role_titles

#: survey groups that divide a parcel without overlap or rest
DIVIDING = ("farmland", "other_agricultural", "construction", "unused", "unsurveyed")
#: layers laid over the parcel: they are part of the parcel, not of its division
OVERLAID = {
    "basic_farmland": "basic_farmland",
    "redline": "ecological_redline",
    "approved": "approved",
    "uncovered": "uncovered",
    "approved_in_time": "approved_in_time",
    "uncovered_in_time": "uncovered_in_time",
}
#: what the survey groups may miss of the parcel, m²; beyond it nothing is forced to add up
CLOSING_TOLERANCE_M2 = 0.05
#: measures that together are the whole parcel or part: what is covered by an approval (已批) and what is not (未批), whenever it was
#: given, and the same for approvals that came in time (按时已批, 按时未批), which is what the rules judge by
COMPLEMENTS = (("approved", "uncovered"), ("approved_in_time", "uncovered_in_time"))
#: how far two measured areas may differ and still be the same thing, m²
SAME_M2 = 0.005


def two_decimals(value: Optional[float]) -> Optional[Decimal]:
    """Half up in decimal arithmetic; None stays None."""
    return half_up(value)


def as_mu(square_metres: Optional[float]) -> Optional[Decimal]:
    """m² to 亩 (× 0.0015), two decimals, half up."""
    return None if square_metres is None else mu_decimal(square_metres)


def closed(
    pieces: Mapping[str, Optional[float]], total_m2: Optional[float], total: Optional[Decimal]
) -> dict[str, Optional[Decimal]]:
    """Figures in 亩 of the pieces of a whole (m²), adding up to the whole's figure ``total`` to the last digit.

    Only where all pieces are known and are the whole within :data:`CLOSING_TOLERANCE_M2`; else each is rounded by itself.
    """
    known = {name: value for name, value in pieces.items() if value is not None}
    summed = sum(known.values())
    fits = len(known) == len(pieces) and total_m2 is not None and abs(summed - total_m2) <= CLOSING_TOLERANCE_M2
    if not fits or total is None or not summed > 0:
        return {name: as_mu(value) for name, value in pieces.items()}
    figures = close(list(known.values()), float(total))
    return {name: half_up(float(figure)) for name, figure in zip(known, figures)}


def part_figures(sizes: Mapping[str, Optional[float]], whole_m2: Optional[float]) -> dict[str, Optional[Decimal]]:
    """The figures in 亩 of the parts of a parcel: the same in every paper, adding up to the parcel's."""
    return closed(sizes, whole_m2, as_mu(whole_m2))


def area_rows(case: ParcelCase) -> list[dict[str, Value]]:
    """One row for the parcel and one for each proposed part: the rows of 套合面积表.

    ``closed`` is 是 when the survey groups divide the area within :data:`CLOSING_TOLERANCE_M2` (then they are closed by largest
    remainder in 亩 and in m²), 否 when they do not (then each is only rounded), and blank when they were not measured.
    """
    whole = _total(case, "")
    rows = [_row(case, "", whole, as_mu(whole))]
    totals = {part.part: _total(case, part.part) for part in case.parts}
    figures = part_figures(totals, whole)
    rows += [_row(case, part.part, totals[part.part], figures[part.part], part.basis) for part in case.parts]
    return rows


class Figures:
    """The figure of every area of a case: what is measured as one thing is written as one figure, wherever it stands."""

    def __init__(self, case: ParcelCase, rows: Sequence[Mapping[str, Value]]) -> None:
        self._figures: dict[str, list[tuple[float, Optional[Decimal]]]] = {}
        for part, row in zip(["", *(part.part for part in case.parts)], rows):
            measures = {"total": _total(case, part), **{name: case.measure(name, part) for name in DIVIDING}}
            measures.update({name: case.measure(measure, part) for name, measure in OVERLAID.items()})
            entries = [(value, row.get(f"{name}_mu")) for name, value in measures.items() if value is not None]
            self._figures[part] = [(value, figure) for value, figure in entries if isinstance(figure, Decimal)]

    def mu(self, square_metres: Optional[float], part: str = "") -> Optional[Decimal]:
        """亩 of an area of the parcel or a part of it."""
        if square_metres is None:
            return None
        same = (figure for value, figure in self._figures.get(part, ()) if abs(value - float(square_metres)) <= SAME_M2)
        return next(same, as_mu(square_metres))


def _total(case: ParcelCase, part: str) -> Optional[float]:
    measured = case.measure("area", part)
    if measured is not None:
        return measured
    if part:
        return next(entry.area_m2 for entry in case.parts if entry.part == part)
    value = case.parcel.get("area_m2")
    return None if value is None else float(value)


def _row(
    case: ParcelCase, part: str, total: Optional[float], total_mu: Optional[Decimal], basis: str = ""
) -> dict[str, Value]:
    row: dict[str, Value] = {
        "part": part or "整个图斑",
        "basis": role_titles().get(basis, basis),
        "total_mu": total_mu,
        "total_m2": two_decimals(total),
    }
    row.update(_division({name: case.measure(name, part) for name in DIVIDING}, total, total_mu))
    for name, measure in OVERLAID.items():
        row[f"{name}_mu"] = as_mu(case.measure(measure, part))
    for pair in COMPLEMENTS:
        complements = closed({name: case.measure(OVERLAID[name], part) for name in pair}, total, total_mu)
        row.update({f"{name}_mu": figure for name, figure in complements.items()})
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
            row[f"{name}_{unit}"] = half_up(float(value))
    row["closed"] = "是"
    return row
