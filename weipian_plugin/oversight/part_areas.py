"""Areas of the parts of a parcel as the lists print them: the figures of the forms, which add up (:mod:`..geodesy.figures`).

Tables add up unrounded areas and round once; so the areas stay as they are measured, and the figure to be printed stands beside each.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Optional

import pandas as pd

from ..geodesy.figures import closed, division, figure, part_figures
from ..model.values import is_blank

#: What divides an area without overlap or rest.
CLASSES = ("farmland", "other_agricultural", "construction", "unused", "unsurveyed")
#: Ending of the column that holds the figure of an area.
FIGURE = "_figure"

Measured = Mapping[str, Mapping[tuple[str, str], Any]]
Figures = dict[str, dict[str, Optional[Decimal]]]


def add_figures(frame: pd.DataFrame, measured: Measured) -> None:
    """Columns ``<area>_figure`` (亩, Decimal; None: the area rounded by itself) for the parts in ``frame`` (``parcel``, ``part``)."""
    keys = [(parcel, part) for parcel, part in zip(frame["parcel"], frame["part"])]
    parts: dict[str, list[str]] = {}
    for parcel, part in keys:
        if part:
            parts.setdefault(parcel, []).append(part)
    known = {parcel: _of_parcel(parcel, names, measured) for parcel, names in parts.items()}
    for name in ("area", "basic_farmland", *CLASSES):
        found = [known.get(parcel, {}).get(name, {}).get(part) for parcel, part in keys]
        frame[name + FIGURE] = pd.Series(found, index=frame.index, dtype=object)


def _of_parcel(parcel: str, parts: list[str], measured: Measured) -> Figures:
    """Figures by area, then by part; areas that do not add up are left out."""

    def size(name: str, part: str) -> Optional[float]:
        value: Any = measured[name].get((parcel, part))
        return None if is_blank(value) else float(value)

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
