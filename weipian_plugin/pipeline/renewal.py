"""A parcel that comes again: what was made of its earlier shape goes, what people decided on it is opened again, and a number that
stands on other land is not taken in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely

from ..intake.delivery import Intake
from ..intake.differences import Change, Differences
from ..judgment import decisions, standing
from ..judgment.recording import Act, record, standings
from ..model.fingerprints import geometry_digest, parcel_fingerprint
from ..model.messages import Message
from ..model.records import Refusal
from ..workspace import Workspace
from ..workspace.journal import now

Record = Mapping[Any, Any]

#: Tables of results, by parcel.
RESULTS = ("coverage", "measure", "region", "part", "proposal")
#: Attributes whose change makes a measure one of another case.
_MATTERS = ("geometry", "kind", "earlier_image", "later_image")
#: Two shapes of one number meet when they share more of the smaller one than this (assumed: a corrected outline keeps most of its land).
_SHARED = 0.01
#: Who opens a decision again when a delivery changes its parcel.
_OFFICE = "再次下发"


def without_reused_numbers(taken: Intake, earlier: pd.DataFrame) -> Intake:
    """The delivery without parcels whose number stands in the workspace for other land: refused with the question what to do.

    Numbers repeat between batches and counties: such a parcel is another one, and never takes over what was decided before.
    """
    if not len(earlier) or not len(taken.parcels):
        return taken
    known = {str(row["number"]): row for row in earlier.to_dict("records")}
    refused, keep = [], np.ones(len(taken.parcels), bool)
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
        refused.append(
            Refusal(str(taken.parcels["source"].iloc[place]), number, Message("intake.number_reused", details))
        )
    if keep.all():
        return taken
    parcels = geopandas.GeoDataFrame(taken.parcels[keep].reset_index(drop=True))
    counts = dict(taken.batch["counts"])
    counts["accepted"], counts["refused"] = len(parcels), counts["refused"] + len(refused)
    return replace(
        taken,
        parcels=parcels,
        refused=[*taken.refused, *refused],
        refused_bounds=[*taken.refused_bounds, *[None] * len(refused)],
        batch={**taken.batch, "counts": counts},
    )


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


@dataclass(frozen=True)
class Renewal:
    """Parcels whose results no longer hold, each with what changed (column, before, after)."""

    changes: Mapping[str, tuple[Change, ...]]

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(self.changes)


def renewal_of(differences: Differences) -> Renewal:
    """What of a delivery's differences makes earlier results another parcel's."""
    found: dict[str, list[Change]] = {}
    for change in differences.changes:
        if change.column in _MATTERS:
            found.setdefault(change.number, []).append(change)
    return Renewal({number: tuple(changes) for number, changes in found.items()})


def renew(store: Workspace, renewal: Renewal, who: str) -> None:
    """Drop the results of changed parcels and open what was decided on them, with the difference as the reason.

    In one transaction with the delivery; the journal keeps what the results were, the history keeps every decision.
    """
    if not renewal.changes:
        return
    numbers = list(renewal.numbers)
    for name in RESULTS:
        store.replace(name, pd.DataFrame(), who, "图斑图形或时相已变", parcel=numbers)
    where = standings(store)
    for number, changes in renewal.changes.items():
        reason = "再次下发：" + "；".join(_said(change) for change in changes)
        parcel = where.of(number)
        if parcel.merged and parcel.lead != number:
            continue  # a member stands by its leading parcel, which is opened when it changes itself
        _open(store, number, "", parcel.whole.state, reason, who)
        for part, unit in parcel.parts.items():
            _open(store, number, part, unit.state, reason, who)


def _open(store: Workspace, number: str, part: str, state: str, reason: str, who: str) -> None:
    actor = decisions.Actor(_OFFICE, "复核", now())
    if state == standing.DECIDED:
        record(store, Act(number, part, "reject", who, lambda history: decisions.reject(history, actor, reason)))
    elif state in (standing.REVIEWED, standing.FILED):
        record(store, Act(number, part, "send_back", who, lambda history: decisions.send_back(history, actor, reason)))


_TITLES = {"geometry": "图形面积（m²）", "kind": "图斑种类", "earlier_image": "前时相", "later_image": "后时相"}


def _said(change: Change) -> str:
    def text(value: Any) -> str:
        return "—" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)

    return f"{_TITLES[change.column]}由 {text(change.before)} 改为 {text(change.after)}"


def digests(parcels: pd.DataFrame) -> list[str]:
    """The digest of every parcel's geometry as it is stored."""
    return [geometry_digest(shape) for shape in parcels["geometry"]]


def fingerprints(parcels: pd.DataFrame) -> dict[str, str]:
    """Number → what the parcel is now: geometry, kind and image dates."""
    wanted = ["number", "kind", "earlier_image", "later_image", "geometry"]
    columns = [parcels[name].tolist() if name in parcels.columns else [None] * len(parcels) for name in wanted]
    return {str(row[0]): parcel_fingerprint(dict(zip(wanted[1:], row[1:]))) for row in zip(*columns)}


def measured_otherwise(measures: pd.DataFrame, now_: Mapping[str, str]) -> frozenset[str]:
    """Parcels whose measures were made of another shape, of other images, or before fingerprints were kept."""
    if "fingerprint" not in measures.columns:
        return frozenset(str(number) for number in measures["parcel"].unique())
    made = measures.drop_duplicates(["parcel", "fingerprint"])
    return frozenset(
        str(number)
        for number, text in zip(made["parcel"], made["fingerprint"])
        if not isinstance(text, str) or text.partition("-")[0] != now_.get(str(number))
    )
