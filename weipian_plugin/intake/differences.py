"""A later delivery against what is already there: new, unchanged, changed, withdrawn, shown before anything is taken in."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from .delivery import Intake
from .relations import same_shape
from .settings import Tolerances, standard_tolerances

#: Attributes whose change is reported; computed columns follow the geometry and files the batch.
COMPARED = (
    "kind", "parent", "county_code", "county", "township", "village", "level", "type", "earlier_image", "later_image",
    "issued", "delivered_area", "delivered_unit",
)  # fmt: skip


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
    before = earlier.set_index(earlier["number"].astype(str)) if len(earlier) else earlier
    known = set(before.index) if len(earlier) else set()
    new, unchanged, reshaped, altered, changes = [], [], [], [], []
    for row, number in enumerate(numbers):
        if number not in known:
            new.append(number)
            continue
        old, now = before.loc[number], parcels.iloc[row]
        moved = not same_shape(old["geometry"], now["geometry"], allowed)
        found = _attribute_changes(number, old, now)
        if moved:
            reshaped.append(number)
            changes.append(Change(number, "geometry", _number(old.get("area_m2")), _number(now["area_m2"])))
        if found:
            altered.append(number)
            changes.extend(found)
        if not moved and not found:
            unchanged.append(number)
    everything = known | set(numbers)
    parent = {number: one for number, one in zip(numbers, parcels["parent"]) if one}
    return Differences(
        tuple(new), tuple(unchanged), tuple(reshaped), tuple(altered), _withdrawn(numbers, earlier, batch),
        {child: one for child, one in parent.items() if one in everything},
        tuple(child for child, one in parent.items() if one not in everything), tuple(changes),
    )


def _attribute_changes(number: str, old: pd.Series[Any], now: pd.Series[Any]) -> list[Change]:
    pairs = [(column, old.get(column), now.get(column)) for column in COMPARED if column in old.index and column in now.index]
    delivered_before, delivered_now = old.get("delivered"), now.get("delivered")
    if isinstance(delivered_before, Mapping) and isinstance(delivered_now, Mapping):
        for column in dict.fromkeys([*delivered_before, *delivered_now]):
            pairs.append((column, delivered_before.get(column), delivered_now.get(column)))
    return [Change(number, column, _plain(a), _plain(b)) for column, a, b in pairs if not _equal(a, b)]


def _plain(value: Any) -> Any:
    if value is None or (isinstance(value, float) and not np.isfinite(value)) or (isinstance(value, str) and not value.strip()):
        return None
    return value


def _equal(first: Any, second: Any) -> bool:
    a, b = _plain(first), _plain(second)
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return abs(float(a) - float(b)) <= 1e-9 * max(1.0, abs(float(a)), abs(float(b)))
    return bool(a == b)


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


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
    own = [not (parent and parent in present) for parent in gone.get("parent", pd.Series([""] * len(gone), index=gone.index)).fillna("")]
    return tuple(str(number) for number, its_own in zip(gone["number"], own) if its_own)
