"""Areas of the parts of a parcel as the lists print them: the figures of the forms, which add up (:mod:`..geodesy.figures`).

Tables add up unrounded areas and round once; so the areas stay as they are measured, and the figure to be printed stands beside each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Optional

import pandas as pd

from ..geodesy.figures import closed, division, figure, part_figures
from ..model.values import is_blank
from . import records
from .columns import series

#: What divides an area without overlap or rest.
CLASSES = ("farmland", "other_agricultural", "construction", "unused", "unsurveyed")
#: Ending of the column that holds the figure of an area.
FIGURE = "_figure"

#: What is asked of the overlay.
MEASURES = ("area", "basic_farmland", *CLASSES, "main_class")

#: A parcel's number and the name of a part of it, "" for the whole.
Key = tuple[str, str]
#: Measure → parcel or part → value as stored (m², a class code).
Measured = Mapping[str, Mapping[Key, object]]
Figures = dict[str, dict[str, Optional[Decimal]]]


def measured(snapshot: records.Snapshot) -> Measured:
    """The needed measures; the area of a proposed part that was not measured is its own."""
    table = records.table(snapshot, "measure")
    table = records.plain(table[table["measure"].isin(MEASURES)])
    parts = ["" if is_blank(part) else str(part) for part in table["part"]]
    result: dict[str, dict[Key, object]] = {name: {} for name in MEASURES}
    for parcel, part, measure, value in zip(table["parcel"], parts, table["measure"], table["value"]):
        result[measure][(parcel, part)] = value
    proposed = records.table(snapshot, "part")
    for parcel, part, area in zip(proposed["parcel"], records.first_text(proposed["part"]), proposed["area_m2"]):
        if not is_blank(area):
            result["area"].setdefault((str(parcel), part), area)
    return result


def figures(keys: Sequence[Key], measured: Measured) -> dict[str, pd.Series]:
    """Columns ``<area>_figure`` (亩, Decimal; None: the area rounded by itself) of parcels and parts, figures only of parts."""
    parts: dict[str, list[str]] = {}
    for parcel, part in keys:
        if part:
            parts.setdefault(parcel, []).append(part)
    known = {parcel: _of_parcel(parcel, names, measured) for parcel, names in parts.items()}
    return {
        name + FIGURE: series(known.get(parcel, {}).get(name, {}).get(part) for parcel, part in keys)
        for name in ("area", "basic_farmland", *CLASSES)
    }


def _of_parcel(parcel: str, parts: list[str], measured: Measured) -> Figures:
    """Figures by area, then by part; areas that do not add up are left out."""

    def size(name: str, part: str) -> Optional[float]:
        value = measured[name].get((parcel, part))
        return None if is_blank(value) else float(str(value))

    def sizes(name: str) -> dict[str, Optional[float]]:
        return {part: size(name, part) for part in parts}

    whole = size("area", "")
    totals = part_figures(sizes("area"), whole)
    found: Figures = {"area": totals}
    basic = sizes("basic_farmland")
    if None not in basic.values():
        found["basic_farmland"] = part_figures(basic, size("basic_farmland", ""))
    pieces = {part: {name: size(name, part) for name in CLASSES} for part in parts}
    margins = closed({name: size(name, "") for name in CLASSES}, whole, figure(whole))
    for part, figures in (division(pieces, totals, margins) or {}).items():
        for name, value in figures.items():
            found.setdefault(name, {})[part] = value
    return found
