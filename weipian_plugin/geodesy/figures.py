"""Figures in 亩 of one thing: the whole, its parts and what they consist of add up to the last digit, in every paper.

A parcel has a figure; its parts add up to it; what divides the parcel (land classes; 已批 and 未批) adds up to it, too, and that of each
part to the part's figure; and each class over the parts adds up to the class of the parcel. Rounding each by itself breaks one or the
other by 0.01 亩 (4.15 beside 4.16); here the cells of such a table are rounded together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Optional

from .closure import close
from .units import half_up, mu_decimal

Areas = Mapping[str, Optional[float]]
Figures = dict[str, Optional[Decimal]]

#: what pieces may miss of their whole, m²; beyond it nothing is forced to add up
TOLERANCE_M2 = 0.05


def figure(square_metres: Optional[float]) -> Optional[Decimal]:
    """亩 of m² (× 0.0015), two decimals, half up; None stays None."""
    return None if square_metres is None else mu_decimal(square_metres)


def closed(pieces: Areas, total_m2: Optional[float], total: Optional[Decimal]) -> Figures:
    """Figures in 亩 of the pieces of a whole (m²), adding up to the whole's figure ``total`` to the last digit.

    Only where all pieces are known and are the whole within :data:`TOLERANCE_M2`; else each is rounded by itself.
    """
    if not _is_whole(pieces, total_m2) or total is None:
        return {name: figure(value) for name, value in pieces.items()}
    known = [value for value in pieces.values() if value is not None]
    return {name: half_up(float(value)) for name, value in zip(pieces, close(known, float(total)))}


def part_figures(sizes: Areas, whole_m2: Optional[float]) -> Figures:
    """The figures in 亩 of the parts of a parcel: the same in every paper, adding up to the parcel's."""
    return closed(sizes, whole_m2, figure(whole_m2))


#: Hundredths of a 亩, and of a m², in one m².
IN_MU, IN_M2 = 0.15, 100.0


def division(
    parts: Mapping[str, Areas],
    totals: Mapping[str, Optional[Decimal]],
    whole: Mapping[str, Optional[Decimal]],
    hundredths: float = IN_MU,
) -> Optional[dict[str, dict[str, Decimal]]]:
    """What divides each part (m², by part, then by name), as figures adding up both ways: to the part's figure and to the whole's by name.

    ``totals``: figure of each part; ``whole``: figure of each name over the whole parcel; ``hundredths``: of their unit in one m². None
    where a figure is not known or the sums of ``totals`` and ``whole`` differ (parts are missing, areas do not fill them).
    """
    names = list(whole)
    rows = [[parts[part].get(name) for name in names] for part in parts]
    known = [value for row in rows for value in row if value is not None]
    margins = [*totals.values(), *whole.values()]
    if not rows or len(known) < len(parts) * len(names) or any(value is None for value in margins):
        return None
    across, down = _hundredths(totals[part] for part in parts), _hundredths(whole.values())
    cells = _controlled([[float(value or 0.0) * hundredths for value in row] for row in rows], across, down)
    if cells is None:
        return None
    return {part: {name: Decimal(cell).scaleb(-2) for name, cell in zip(names, row)} for part, row in zip(parts, cells)}


def _is_whole(pieces: Areas, total_m2: Optional[float]) -> bool:
    known = [value for value in pieces.values() if value is not None]
    summed = sum(known)
    complete = len(known) == len(pieces) and total_m2 is not None
    return complete and abs(summed - float(total_m2 or 0.0)) <= TOLERANCE_M2 and summed > 0


def _hundredths(figures: Iterable[Optional[Decimal]]) -> list[int]:
    return [int(value.scaleb(2)) for value in figures if value is not None]


# ---- rounding a table to its margins ----


@dataclass
class _Cell:
    """``exact`` hundredths of a 亩, and the whole number it has for now."""

    exact: float
    units: int

    @property
    def cost_of_more(self) -> float:
        return (self.units + 1 - self.exact) ** 2 - (self.units - self.exact) ** 2

    @property
    def cost_of_less(self) -> float:
        if self.units <= 0:
            return math.inf
        return (self.units - 1 - self.exact) ** 2 - (self.units - self.exact) ** 2


def _controlled(exact: list[list[float]], across: list[int], down: list[int]) -> Optional[list[list[int]]]:
    """Whole numbers near ``exact`` with the given sums of rows and columns; None where the sums cannot be had.

    The cells begin rounded down. Units that a row lacks and a column lacks are brought in along the cheapest way through the table (a
    cell up, one of its column down, one of that row up …), cost being the square of what a cell is moved: a flow of least cost, so
    that no cell is moved further than the sums demand.
    """
    if sum(across) != sum(down):
        return None
    cells = [[_Cell(value, math.floor(value + 1e-9)) for value in row] for row in exact]
    missing_across = [want - sum(cell.units for cell in row) for want, row in zip(across, cells)]
    missing_down = [want - sum(row[column].units for row in cells) for column, want in enumerate(down)]
    for _ in range(10 * len(across) * len(down) + sum(map(abs, missing_across))):
        if not any(missing_across):
            return [[cell.units for cell in row] for row in cells] if not any(missing_down) else None
        if not _bring_one(cells, missing_across, missing_down):
            return None
    return None


def _bring_one(cells: list[list[_Cell]], across: list[int], down: list[int]) -> bool:
    """One unit from a row that lacks (or has too much) to a column that does; False where there is no way."""
    more = any(missing > 0 for missing in across)
    sign = 1 if more else -1
    starts = [row for row, missing in enumerate(across) if missing * sign > 0]
    ends = [column for column, missing in enumerate(down) if missing * sign > 0]
    way = _cheapest(cells, starts, ends, sign)
    if way is None:
        return False
    for row, column, step in way:
        cells[row][column].units += step
    across[way[0][0]] -= sign
    down[way[-1][1]] -= sign
    return True


def _cheapest(
    cells: list[list[_Cell]], starts: list[int], ends: list[int], sign: int
) -> Optional[list[tuple[int, int, int]]]:
    """The cheapest way from one of the rows to one of the columns (Bellman–Ford): steps (row, column, ±1)."""
    rows, columns = len(cells), len(cells[0])
    to_row: list[tuple[float, list[tuple[int, int, int]]]] = [
        (0.0, []) if row in starts else (math.inf, []) for row in range(rows)
    ]
    to_column: list[tuple[float, list[tuple[int, int, int]]]] = [(math.inf, []) for _ in range(columns)]
    for _ in range(rows + columns):
        changed = False
        for row in range(rows):
            for column in range(columns):
                cell = cells[row][column]
                there, back = (
                    (cell.cost_of_more, cell.cost_of_less) if sign > 0 else (cell.cost_of_less, cell.cost_of_more)
                )
                if to_row[row][0] + there < to_column[column][0] - 1e-12:
                    to_column[column] = (to_row[row][0] + there, [*to_row[row][1], (row, column, sign)])
                    changed = True
                if to_column[column][0] + back < to_row[row][0] - 1e-12:
                    to_row[row] = (to_column[column][0] + back, [*to_column[column][1], (row, column, -sign)])
                    changed = True
        if not changed:
            break
    found = [to_column[column] for column in ends if to_column[column][0] < math.inf]
    return min(found, key=lambda way: way[0])[1] if found else None
