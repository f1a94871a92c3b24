"""What belongs to which parcel: a number that stands on other land is not taken in, a measure of another shape is not judged by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Optional

import geopandas
import numpy as np
import pandas as pd
import shapely

from ..intake.delivery import Intake
from ..model.errors import WeipianError
from ..model.fingerprints import is_of, parcel_fingerprint
from ..model.messages import Message
from ..model.records import Rejection
from ..workspace.geometry import geometry_digest

Record = Mapping[Any, Any]

#: What a person may choose for numbers that stand for other land: the new parcel gets its batch behind its number.
RENAME = "rename"
_CHOICES = {"": None, RENAME: RENAME, "改编号": RENAME}

#: Two shapes of one number meet when they share more of the smaller one than this (assumed: a corrected outline keeps most of its land).
_SHARED = 0.01


def reused_numbers(taken: Intake, earlier: pd.DataFrame) -> tuple[str, ...]:
    """The delivered numbers that stand in the workspace for other land, in the order of the delivery."""
    known = {str(row["number"]): row for row in earlier.to_dict("records")}
    rows = taken.parcels[["number", "county_code", "geometry"]].to_dict("records")
    return tuple(
        str(row["number"])
        for row in rows
        for before in [known.get(str(row["number"]))]
        if before is not None and _other_land(before, row)
    )


def without_reused_numbers(taken: Intake, earlier: pd.DataFrame) -> Intake:
    """The delivery without parcels whose number stands in the workspace for other land: refused with the question what to do.

    Numbers repeat between batches and counties: such a parcel is another one, and never takes over what was decided before.
    """
    if not len(earlier) or not len(taken.parcels):
        return taken
    known = {str(row["number"]): row for row in earlier.to_dict("records")}
    rejected, keep = [], np.ones(len(taken.parcels), bool)
    for place, row in enumerate(taken.parcels[["number", "county_code", "geometry"]].to_dict("records")):
        before = known.get(str(row["number"]))
        if before is None or not _other_land(before, row):
            continue
        keep[place] = False
        number = str(row["number"])
        details = {
            "number": number,
            "batch": str(before.get("batch") or "—"),
            "earlier": _code(before),
            "county": _code(row),
        }
        rejected.append(
            Rejection(str(taken.parcels["source"].iloc[place]), number, Message("intake.number_reused", details))
        )
    if keep.all():
        return taken
    parcels = geopandas.GeoDataFrame(taken.parcels[keep].reset_index(drop=True))
    counts = dict(taken.batch["counts"])
    counts["accepted"], counts["refused"] = len(parcels), counts["refused"] + len(rejected)
    return replace(
        taken,
        parcels=parcels,
        rejected=[*taken.rejected, *rejected],
        rejected_bounds=[*taken.rejected_bounds, *[None] * len(rejected)],
        batch={**taken.batch, "counts": counts},
    )


def reused_choice(text: Optional[str]) -> Optional[str]:
    """The parameter REUSED: :data:`RENAME`, or None for the question. Raises ``intake.reused_choice``."""
    chosen = (text or "").strip().lower()
    if chosen not in _CHOICES:
        raise WeipianError("intake.reused_choice", text=str(text))
    return _CHOICES[chosen]


def with_reused_numbers_renamed(taken: Intake, earlier: pd.DataFrame) -> Intake:
    """The delivery with the batch behind every number that stands in the workspace for other land (``1`` → ``1-七月一批``).

    The same delivery taken in again gets the same numbers, and so meets its own parcels. ``batch["renamed"]``: new number → delivered one.
    """
    known = {str(row["number"]): row for row in earlier.to_dict("records")}
    mark = re.sub(r"\W+", "", str(taken.batch.get("name") or "")) or "批次"
    taken_numbers = set(known) | {str(number) for number in taken.parcels["number"]}
    renamed: dict[str, str] = {}
    numbers = taken.parcels["number"].astype(str).tolist()
    for place, row in enumerate(taken.parcels[["number", "county_code", "geometry"]].to_dict("records")):
        before = known.get(str(row["number"]))
        if before is not None and _other_land(before, row):
            numbers[place] = _free(f"{row['number']}-{mark}", row, known, taken_numbers)
            renamed[numbers[place]] = str(row["number"])
            taken_numbers.add(numbers[place])
    if not renamed:
        return taken
    first, old = next(iter(renamed.items()))
    note = Message("intake.number_renamed", {"count": len(renamed), "number": old, "renamed": first})
    parcels = geopandas.GeoDataFrame(taken.parcels.assign(number=numbers))
    return replace(taken, parcels=parcels, notes=[*taken.notes, note], batch={**taken.batch, "renamed": renamed})


def _free(name: str, row: Record, known: Mapping[str, Record], taken: set[str]) -> str:
    """``name``, unless it is another parcel's: then with the first running letter that is free or this parcel's own."""
    found, letter = name, 1
    while found in taken and (found not in known or _other_land(known[found], row)):
        letter += 1
        found = f"{name}-{letter}"
    return found


def truly_withdrawn(withdrawn: Sequence[str], taken: Intake) -> list[str]:
    """Withdrawn numbers without those that the delivery holds for other land: of these it says nothing."""
    reused = {rejection.feature for rejection in taken.rejected if rejection.code == "intake.number_reused"}
    reused |= set((taken.batch.get("renamed") or {}).values())
    return [number for number in withdrawn if number not in reused]


def _code(row: Record) -> str:
    return str(row.get("county_code") or "—")


def _other_land(before: Record, now_: Record) -> bool:
    codes = [str(row.get("county_code") or "") for row in (before, now_)]
    if all(codes) and codes[0] != codes[1]:
        return True
    shapes = [row.get("geometry") for row in (before, now_)]
    if any(shape is None or not isinstance(shape, shapely.Geometry) for shape in shapes):
        return False
    try:
        shared = shapely.area(shapely.intersection(*shapes))
    except shapely.errors.GEOSException:
        shared = 0.0
    return bool(shared <= _SHARED * min(shapely.area(shape) for shape in shapes))


def fingerprints(parcels: pd.DataFrame) -> dict[str, str]:
    """Number → what the parcel is now: geometry, kind and image dates."""
    wanted = ["number", "kind", "earlier_image", "later_image", "geometry"]
    columns = [parcels[name].tolist() if name in parcels.columns else [None] * len(parcels) for name in wanted]
    return {
        str(number): parcel_fingerprint(geometry_digest(shape), [kind, earlier, later])
        for number, kind, earlier, later, shape in zip(*columns)
    }


def measured_otherwise(measures: pd.DataFrame, now_: Mapping[str, str]) -> frozenset[str]:
    """Parcels whose measures were made of another shape, of other images, or before fingerprints were kept."""
    if "fingerprint" not in measures.columns:
        return frozenset(str(number) for number in measures["parcel"].unique())
    made = measures.drop_duplicates(["parcel", "fingerprint"])
    return frozenset(
        str(number)
        for number, text in zip(made["parcel"], made["fingerprint"])
        if not is_of(text, now_.get(str(number), ""))
    )
