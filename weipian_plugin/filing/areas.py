"""The areas of a parcel and its parts in 亩 and m², closed (平差) so that every row and every column of the form adds up to the last digit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Optional

from ..geodesy.closure import close
from ..geodesy.figures import IN_M2, IN_MU, closed, division, part_figures
from ..geodesy.figures import TOLERANCE_M2 as CLOSING_TOLERANCE_M2
from ..geodesy.figures import figure as as_mu
from ..geodesy.units import half_up
from ..model.vocabulary import role_title
from ..overlay import classes
from ..overlay.features import SURVEY
from .case import ParcelCase
from .placeholder import Value

#: measures of the survey that divide a parcel
DIVIDING = tuple(classes.DIVIDING.values())
#: layers laid over the parcel: they are part of the parcel, not of its division
OVERLAID = {
    "basic_farmland": "basic_farmland",
    "redline": "ecological_redline",
    "approved": "approved",
    "uncovered": "uncovered",
    "approved_in_time": "approved_in_time",
    "uncovered_in_time": "uncovered_in_time",
}
#: What stands in a paper where the layer of an area was not given (a parcel that keeps clear of a layer has 0.00).
NOT_GIVEN = "未提供"
#: measures that together are the whole parcel or part: what is covered by an approval (已批) and what is not (未批), whenever it was
#: given, and the same for approvals that came in time (按时已批, 按时未批), which is what the rules judge by
COMPLEMENTS = (("approved", "uncovered"), ("approved_in_time", "uncovered_in_time"))
#: how far two measured areas may differ and still be the same thing, m²
SAME_M2 = 0.005


def two_decimals(value: Optional[float]) -> Optional[Decimal]:
    """Half up in decimal arithmetic; None stays None."""
    return half_up(value)


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
    if len(rows) > 1:
        _close_over_parts(case, rows)
    return rows


def with_not_given(case: ParcelCase, row: Mapping[str, Value]) -> dict[str, Value]:
    """A row of areas (``<name>_mu``, ``<name>_m2``) as forms show it: 未提供 where its layer was not given."""
    measures = {name: name for name in (*DIVIDING, *OVERLAID.values())}
    measures.update(
        OVERLAID, uncovered_farmland="uncovered_farmland", uncovered_basic_farmland="uncovered_basic_farmland"
    )
    absent = {name for name, measure in measures.items() if measure in case.not_given}
    result = dict(row)
    for name in row:
        stem, _, unit = name.rpartition("_")
        if stem in absent and unit in ("mu", "m2"):
            result[name] = NOT_GIVEN
    return result


def numbers(row: Mapping[str, Value]) -> dict[str, Value]:
    """The same for tables of numbers, which have a blank there."""
    return {name: None if value == NOT_GIVEN else value for name, value in row.items()}


def _close_over_parts(case: ParcelCase, rows: Sequence[dict[str, Value]]) -> None:
    """Over the parts, too, each kind of land, 已批, 未批 and each layer laid over the parcel adds up to the parcel's figure."""
    names = [part.part for part in case.parts]
    whole, own = rows[0], dict(zip(names, rows[1:]))
    for group in (DIVIDING, *COMPLEMENTS):
        measures = {column: OVERLAID.get(column, column) for column in group}
        if any(case.measure(measure, name) is None for name in names for measure in measures.values()):
            continue
        pieces = {name: {column: case.measure(measure, name) for column, measure in measures.items()} for name in names}
        if not _fills(pieces, {name: _total(case, name) for name in names}):
            continue
        for unit, hundredths in (("mu", IN_MU), ("m2", IN_M2)):
            totals = {name: _decimal(row[f"total_{unit}"]) for name, row in own.items()}
            margins = {column: _decimal(whole.get(f"{column}_{unit}")) for column in group}
            for name, figures in (division(pieces, totals, margins, hundredths) or {}).items():
                own[name].update({f"{column}_{unit}": figure for column, figure in figures.items()})
    for column, measure in OVERLAID.items():
        if not any(column in pair for pair in COMPLEMENTS):
            sizes = {name: case.measure(measure, name) for name in names}
            for name, figure in closed(sizes, case.measure(measure), _decimal(whole[f"{column}_mu"])).items():
                own[name][f"{column}_mu"] = figure


def _fills(pieces: Mapping[str, Mapping[str, Optional[float]]], totals: Mapping[str, Optional[float]]) -> bool:
    """Whether the pieces of every part are the part."""
    sums = {name: sum(value or 0.0 for value in result.values()) for name, result in pieces.items()}
    return all(abs(sums[name] - (total or 0.0)) <= CLOSING_TOLERANCE_M2 for name, total in totals.items())


def _decimal(value: Value) -> Optional[Decimal]:
    return value if isinstance(value, Decimal) else None


class Figures:
    """The figure of every area of a case: what is measured as one thing is written as one figure, wherever it stands."""

    def __init__(self, case: ParcelCase, rows: Sequence[Mapping[str, Value]]) -> None:
        by_part = dict(zip(["", *(part.part for part in case.parts)], rows))
        totals = {part: (_total(case, part), _decimal(row["total_mu"])) for part, row in by_part.items()}
        self._figures: dict[str, list[tuple[float, Decimal]]] = {}
        for part, row in by_part.items():
            measures = {name: case.measure(name, part) for name in DIVIDING}
            measures.update({name: case.measure(measure, part) for name, measure in OVERLAID.items()})
            entries = [totals[part], *((value, _decimal(row.get(f"{name}_mu"))) for name, value in measures.items())]
            if (
                not part
            ):  # what a layer covers of the parcel may be just what one part is: then it has the part's figure
                entries.extend(totals[name] for name in by_part if name)
            self._figures[part] = [
                (value, figure) for value, figure in entries if value is not None and figure is not None
            ]
        self._classes: dict[tuple[str, str], Optional[Decimal]] = {}
        for (part, name), pieces in _classes(case).items():
            figure = _decimal(by_part.get(part, {}).get(f"{name}_mu"))
            result = closed(pieces, case.measure(name, part), figure)
            self._classes.update({(part, code): figure for code, figure in result.items()})

    def of_class(self, code: str, square_metres: Optional[float], part: str = "") -> Optional[Decimal]:
        """亩 of a land class within the parcel or a part of it; the classes of a kind of land add up to the figure of that kind."""
        known = self._classes.get((part, code))
        return self.mu(square_metres, part) if known is None else known

    def mu(self, square_metres: Optional[float], part: str = "") -> Optional[Decimal]:
        """亩 of an area of the parcel or a part of it."""
        if square_metres is None:
            return None
        same = (figure for value, figure in self._figures.get(part, ()) if abs(value - float(square_metres)) <= SAME_M2)
        return next(same, as_mu(square_metres))


def _classes(case: ParcelCase) -> dict[tuple[str, str], dict[str, Optional[float]]]:
    """Areas (m²) of the land classes: by part and measure of :data:`DIVIDING`, then by code."""
    table = classes.load_classes()
    result: dict[tuple[str, str], dict[str, Optional[float]]] = {}
    for row in case.coverage:
        if row.role == SURVEY and row.group:
            place = (row.part, classes.DIVIDING[table.group(row.group)])
            result.setdefault(place, {})[row.group] = row.area_m2 or 0.0
    return result


def _total(case: ParcelCase, part: str) -> Optional[float]:
    measured = case.measure("area", part)
    if measured is not None:
        return measured
    if part:
        return next(entry.area_m2 for entry in case.parts if entry.part == part)
    return case.parcel.area_m2


def _row(
    case: ParcelCase, part: str, total: Optional[float], total_mu: Optional[Decimal], basis: str = ""
) -> dict[str, Value]:
    row: dict[str, Value] = {
        "part": part or "整个图斑",
        "basis": role_title(basis),
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
