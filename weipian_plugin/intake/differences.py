"""A later delivery against what is already there: new, unchanged, changed, withdrawn, shown before anything is taken in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ..model.columns import Use, names_for
from ..model.records import Parcel
from .delivery import Intake
from .relations import same_shape
from .settings import Tolerances, standard_tolerances

#: Attributes whose change is reported; computed columns follow the geometry and files the batch.
COMPARED = names_for(Parcel, Use.COMPARED)


@dataclass(frozen=True)
class Change:
    """One attribute of one parcel before and after. ``column`` may be ``geometry`` (areas in m²) or a delivered column."""

    number: str
    column: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Differences:
    """Numbers by what happened to them; a parcel may be in both ``changed_geometry`` and ``changed_attributes``.

    ``withdrawn``: earlier parcels of the same counties and kinds that the delivery does not hold any more (their split
    children stay). ``children``: child number → parent that is in this delivery or already there; ``orphans`` have none.
    """

    new: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    changed_geometry: tuple[str, ...] = ()
    changed_attributes: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    children: Mapping[str, str] = field(default_factory=dict)
    orphans: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()


def compare_with_earlier(
    intake: Intake, earlier: pd.DataFrame, batch: str | None = None, tolerances: Tolerances | None = None
) -> Differences:
    """Compare a delivery with the ``parcel`` table of a workspace (``number``, ``geometry`` and the attributes).

    ``batch``: withdrawn are only parcels of this earlier batch; without it a delivery that shares no number with the
    earlier parcels withdraws nothing (it is simply another batch), otherwise the batches it shares numbers with count.
    """
    allowed = tolerances or standard_tolerances()
    parcels = intake.parcels
    numbers = parcels["number"].astype(str).tolist()
    known = {number: row for row, number in enumerate(earlier["number"].astype(str))} if len(earlier) else {}
    before, after = _Side(earlier), _Side(parcels)
    new, unchanged, reshaped, altered, changes = [], [], [], [], []
    for row, number in enumerate(numbers):
        if number not in known:
            new.append(number)
            continue
        old = known[number]
        moved = not same_shape(before.geometry[old], after.geometry[row], allowed)
        result = _attribute_changes(number, before, old, after, row)
        if moved:
            reshaped.append(number)
            changes.append(Change(number, "geometry", before.area(old), after.area(row)))
        if result:
            altered.append(number)
            changes.extend(result)
        if not moved and not result:
            unchanged.append(number)
    # A register without shapes speaks of some parcels; it never says that the others are gone.
    register_only = intake.batch.register_only
    everything = known.keys() | set(numbers)
    parent = {number: one for number, one in zip(numbers, parcels["parent"]) if one}
    return Differences(
        tuple(new),
        tuple(unchanged),
        tuple(reshaped),
        tuple(altered),
        () if register_only else _withdrawn(numbers, earlier, batch),
        {child: one for child, one in parent.items() if one in everything},
        tuple(child for child, one in parent.items() if one not in everything),
        tuple(changes),
    )


class _Side:
    """The columns of one side as lists: a table is slow to ask row by row."""

    def __init__(self, table: pd.DataFrame) -> None:
        self.columns = {name: table[name].tolist() for name in (*COMPARED, "area_m2") if name in table.columns}
        self.geometry = table["geometry"].tolist() if "geometry" in table.columns else []
        self.delivered = table["delivered"].array if "delivered" in table.columns else None

    def area(self, row: int) -> float | None:
        value = self.columns.get("area_m2", [None] * (row + 1))[row]
        return None if value is None or value != value else float(value)

    def record(self, row: int) -> Mapping[str, Any] | None:
        value = None if self.delivered is None else self.delivered[row]
        return value if isinstance(value, Mapping) else None


def _attribute_changes(number: str, before: _Side, old: int, after: _Side, now: int) -> list[Change]:
    shared = [name for name in COMPARED if name in before.columns and name in after.columns]
    pairs = [(name, before.columns[name][old], after.columns[name][now]) for name in shared]
    was, comes = before.record(old), after.record(now)
    if was is not None and comes is not None:
        pairs += [(name, was.get(name), comes.get(name)) for name in dict.fromkeys([*was, *comes])]
    return [Change(number, name, _plain(a), _plain(b)) for name, a, b in pairs if not _equal(a, b)]


def _plain(value: object) -> Any:
    if (
        value is None
        or (isinstance(value, float) and not np.isfinite(value))
        or (isinstance(value, str) and not value.strip())
    ):
        return None
    return value


def _equal(first: object, second: object) -> bool:
    a, b = _plain(first), _plain(second)
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return abs(float(a) - float(b)) <= 1e-9 * max(1.0, abs(float(a)), abs(float(b)))
    return bool(a == b)


def _withdrawn(numbers: list[str], earlier: pd.DataFrame, batch: str | None) -> tuple[str, ...]:
    if not len(earlier):
        return ()
    there = earlier["number"].astype(str)
    present = set(numbers)
    if "batch" in earlier.columns:
        batches = {batch} if batch else set(earlier.loc[there.isin(present), "batch"].dropna())
        in_question = earlier["batch"].isin(batches)
    else:
        in_question = pd.Series(bool(present & set(there)), index=earlier.index)
    gone = earlier[in_question & ~there.isin(present)]
    # A piece that a person split off was never delivered, so it cannot be withdrawn by a delivery.
    own = [
        not (parent and parent in present)
        for parent in gone.get("parent", pd.Series([""] * len(gone), index=gone.index)).fillna("")
    ]
    return tuple(str(number) for number, its_own in zip(gone["number"], own) if its_own)
