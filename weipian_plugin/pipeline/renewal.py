"""What belongs to which parcel: a number that stands on other land is not taken in, a measure of another shape is not judged by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Optional

import geopandas
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from ..intake.delivery import Intake
from ..model.columns import names_of
from ..model.errors import WeipianError
from ..model.fingerprints import is_of, parcel_fingerprint
from ..model.messages import Message
from ..model.records import Measure, Parcel, Rejection
from ..model.tables import chosen, has, records, values
from ..workspace.geometry import geometry_digest


@dataclass(frozen=True)
class _Land:
    """A parcel as far as it tells which land a number stands for. ``geometry``: EPSG:4490."""

    number: str
    county_code: str = ""
    batch: str = ""
    geometry: Optional[BaseGeometry] = None

    @property
    def shown_code(self) -> str:
        """The code of the county for a sentence."""
        return self.county_code or "—"


PARCEL, MEASURE = names_of(Parcel), names_of(Measure)
#: Where a delivered parcel comes from.
_SOURCE = "source"
#: What a person may choose for numbers that stand for other land: the new parcel gets its batch behind its number.
RENAME = "rename"
_CHOICES = {"": None, RENAME: RENAME, "改编号": RENAME}

#: Two shapes of one number meet when they share more of the smaller one than this (assumed: a corrected outline keeps most of its land).
_SHARED = 0.01


def reused_numbers(taken: Intake, earlier: pd.DataFrame) -> tuple[str, ...]:
    """The delivered numbers that stand in the workspace for other land, in the order of the delivery."""
    known = _by_number(earlier)
    return tuple(
        land.number
        for land in records(taken.parcels, _Land)
        for before in [known.get(land.number)]
        if before is not None and _other_land(before, land)
    )


def _by_number(parcels: pd.DataFrame) -> dict[str, _Land]:
    return {land.number: land for land in records(parcels, _Land)}


def without_reused_numbers(taken: Intake, earlier: pd.DataFrame) -> Intake:
    """The delivery without parcels whose number stands in the workspace for other land: refused with the question what to do.

    Numbers repeat between batches and counties: such a parcel is another one, and never takes over what was decided before.
    """
    if not len(earlier) or not len(taken.parcels):
        return taken
    known = _by_number(earlier)
    sources = values(taken.parcels, _SOURCE)
    rejected, keep = [], np.ones(len(taken.parcels), bool)
    for place, land in enumerate(records(taken.parcels, _Land)):
        before = known.get(land.number)
        if before is None or not _other_land(before, land):
            continue
        keep[place] = False
        details = {
            "number": land.number,
            "batch": before.batch or "—",
            "earlier": before.shown_code,
            "county": land.shown_code,
        }
        rejected.append(Rejection(str(sources[place]), land.number, Message("intake.number_reused", details)))
    if keep.all():
        return taken
    parcels = geopandas.GeoDataFrame(taken.parcels[keep].reset_index(drop=True))
    counts = replace(taken.batch.counts, accepted=len(parcels), refused=taken.batch.counts.refused + len(rejected))
    return replace(
        taken,
        parcels=parcels,
        rejected=[*taken.rejected, *rejected],
        rejected_bounds=[*taken.rejected_bounds, *[None] * len(rejected)],
        batch=replace(taken.batch, counts=counts),
    )


def reused_choice(text: Optional[str]) -> Optional[str]:
    """The parameter REUSED: :data:`RENAME`, or None for the question. Raises ``intake.reused_choice``."""
    chosen = (text or "").strip().lower()
    if chosen not in _CHOICES:
        raise WeipianError("intake.reused_choice", text=str(text))
    return _CHOICES[chosen]


def with_reused_numbers_renamed(taken: Intake, earlier: pd.DataFrame) -> Intake:
    """The delivery with the batch behind every number that stands in the workspace for other land (``1`` → ``1-七月一批``).

    The same delivery taken in again gets the same numbers, and so meets its own parcels. ``batch.renamed``: new number → delivered one.
    """
    known = _by_number(earlier)
    mark = re.sub(r"\W+", "", taken.batch.name) or "批次"
    delivered = records(taken.parcels, _Land)
    numbers = [land.number for land in delivered]
    taken_numbers = {*known, *numbers}
    renamed: dict[str, str] = {}
    for place, land in enumerate(delivered):
        before = known.get(land.number)
        if before is not None and _other_land(before, land):
            numbers[place] = _free(f"{land.number}-{mark}", land, known, taken_numbers)
            renamed[numbers[place]] = land.number
            taken_numbers.add(numbers[place])
    if not renamed:
        return taken
    first, old = next(iter(renamed.items()))
    note = Message("intake.number_renamed", {"count": len(renamed), "number": old, "renamed": first})
    parcels = geopandas.GeoDataFrame(taken.parcels.assign(number=numbers))
    return replace(taken, parcels=parcels, notes=[*taken.notes, note], batch=replace(taken.batch, renamed=renamed))


def _free(name: str, land: _Land, known: Mapping[str, _Land], taken: set[str]) -> str:
    """``name``, unless it is another parcel's: then with the first running letter that is free or this parcel's own."""
    found, letter = name, 1
    while found in taken and (found not in known or _other_land(known[found], land)):
        letter += 1
        found = f"{name}-{letter}"
    return found


def truly_withdrawn(withdrawn: Sequence[str], taken: Intake) -> list[str]:
    """Withdrawn numbers without those that the delivery holds for other land: of these it says nothing."""
    reused = {rejection.feature for rejection in taken.rejected if rejection.code == "intake.number_reused"}
    reused |= set(taken.batch.renamed.values())
    return [number for number in withdrawn if number not in reused]


def _other_land(before: _Land, now_: _Land) -> bool:
    """Whether two parcels of one number are of two counties, or lie apart; where a code or a shape is missing, that tells nothing."""
    if before.county_code and now_.county_code and before.county_code != now_.county_code:
        return True
    shapes = before.geometry, now_.geometry
    if shapes[0] is None or shapes[1] is None:
        return False
    try:
        shared = shapely.area(shapely.intersection(*shapes))
    except shapely.errors.GEOSException:
        shared = 0.0
    return bool(shared <= _SHARED * min(shapely.area(shape) for shape in shapes))


def fingerprints(parcels: pd.DataFrame) -> dict[str, str]:
    """Number → what the parcel is now: geometry, kind and image dates."""
    wanted = (PARCEL.number, PARCEL.kind, PARCEL.earlier_image, PARCEL.later_image, PARCEL.geometry)
    columns = [values(parcels, name) if has(parcels, name) else [None] * len(parcels) for name in wanted]
    return {
        str(number): parcel_fingerprint(geometry_digest(shape), [kind, earlier, later])
        for number, kind, earlier, later, shape in zip(*columns)
    }


def measured_otherwise(measures: pd.DataFrame, now_: Mapping[str, str]) -> frozenset[str]:
    """Parcels whose measures were made of another shape, of other images, or before fingerprints were kept."""
    if not has(measures, MEASURE.fingerprint):
        return frozenset(map(str, values(measures, MEASURE.parcel)))
    made = measures.drop_duplicates(chosen(MEASURE.parcel, MEASURE.fingerprint))
    return frozenset(
        str(number)
        for number, text in zip(values(made, MEASURE.parcel), values(made, MEASURE.fingerprint))
        if not is_of(text, now_.get(str(number), ""))
    )
