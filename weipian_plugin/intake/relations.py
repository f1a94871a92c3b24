"""Parcels against each other and against earlier ones: one number twice, overlaps, parents and children."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ..model.messages import Message
from .fields import schema
from .geometry import square_degree
from .settings import Tolerances

Geometries = NDArray[np.object_]


def parents(numbers: Sequence[str]) -> list[str]:
    """The parent's number of each child (``…_1``), "" for a parcel that is none."""
    child = re.compile(schema().child)
    return [match.group(1) if (match := child.match(number)) else "" for number in numbers]


def repeated(
    numbers: Sequence[str], geometries: Geometries, tolerances: Tolerances
) -> tuple[dict[int, Message], list[int]]:
    """What to refuse where a number stands more than once, and which of them is kept.

    Same shape: the first is kept, the others are rejected as repeated. Other shape: nobody can tell which parcel bears the
    number, so all are refused (or only the later ones under the rule ``keep_first``).
    """
    rejected: dict[int, Message] = {}
    kept: list[int] = []
    series = pd.Series(list(numbers))
    twice = series.duplicated(keep=False)
    for number, rows in series[twice].groupby(series[twice]).groups.items():
        first, *others = (int(row) for row in rows)
        alike = [same_shape(geometries[first], geometries[row], tolerances) for row in others]
        if tolerances.duplicate_rule == "keep_first" or (tolerances.duplicate_rule == "by_geometry" and all(alike)):
            kept.append(first)
            for row, same in zip(others, alike):
                code = "intake.duplicate_same" if same else "intake.duplicate_later"
                rejected[row] = Message(code, {"number": str(number), "count": len(rows)})
        else:
            for row in (first, *others):
                rejected[row] = Message("intake.duplicate_number", {"number": str(number), "count": len(rows)})
    return rejected, kept


def same_shape(first: object, second: object, tolerances: Tolerances) -> bool:
    """Whether two shapes (EPSG:4490) are equal within the tolerance of ``checks.yaml``."""
    if first is None or second is None:
        return first is second
    if shapely.equals_exact(first, second, tolerance=0.0):
        return True
    try:
        difference = shapely.area(shapely.symmetric_difference(first, second))
    except shapely.GEOSException:
        return False
    scale = square_degree(shapely.bounds(first)[1])
    allowed = max(tolerances.duplicate_m2, tolerances.duplicate_share * float(shapely.area(first)) * scale)
    return bool(difference * scale <= allowed)


@dataclass(frozen=True)
class Overlap:
    """Two shapes on the same ground; ``area_m2`` for reporting (accurate to a thousandth)."""

    first: int
    second: int
    area_m2: float


def overlaps(geometries: Geometries, others: Geometries | None, tolerances: Tolerances) -> list[Overlap]:
    """Overlaps beyond the tolerance inside ``geometries``, or with ``others`` when they are given (all EPSG:4490, valid)."""
    against = geometries if others is None else others
    if not len(geometries) or not len(against):
        return []
    tree = shapely.STRtree(against)
    left, right = tree.query(geometries)
    if others is None:
        once = left < right
        left, right = left[once], right[once]
    meet = shapely.intersects(geometries[left], against[right])
    left, right = left[meet], right[meet]
    if not len(left):
        return []
    common = _areas_in_common(geometries[left], against[right])
    areas = common * square_degree(shapely.bounds(geometries[left])[:, 1])
    large = areas > tolerances.overlap_m2
    return [Overlap(int(a), int(b), float(m2)) for a, b, m2 in zip(left[large], right[large], areas[large])]


def _areas_in_common(first: Geometries, second: Geometries) -> NDArray[np.float64]:
    try:
        return np.asarray(shapely.area(shapely.intersection(first, second)), dtype=np.float64)
    except shapely.GEOSException:
        return np.array([_area_in_common(a, b) for a, b in zip(first, second)], dtype=np.float64)


def _area_in_common(first: object, second: object) -> float:
    try:
        return float(shapely.area(shapely.intersection(first, second)))
    except shapely.GEOSException:
        return float(shapely.area(shapely.intersection(shapely.buffer(first, 0), shapely.buffer(second, 0))))
