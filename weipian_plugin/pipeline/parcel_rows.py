"""Parcels as rows of the workspace, wherever they come from: a delivery, or a finding of a patrol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas
import pandas as pd

from .. import oversight
from ..geodesy.units import mu
from ..intake.export_states import review_stage_of, split_state_of
from ..model.columns import Use, names_for
from ..model.records import Parcel
from ..model.words import DecisionState
from ..workspace.geometry import geometry_digest
from ..workspace.journal import now

PARCEL_COLUMNS = (*names_for(Parcel, Use.DELIVERED), "batch", "due", "geometry")
#: What a later delivery of the same number may change.
REDELIVERED_COLUMNS = tuple(column for column in PARCEL_COLUMNS if column != "number")


def dated(parcels: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """The due date by level and date of issue."""
    calendar = oversight.deadlines.load_calendar()
    due = [
        oversight.deadlines.due_date(level, issued, calendar)
        for level, issued in zip(parcels["level"], parcels["issued"])
    ]
    return parcels.assign(due=[day.isoformat() if day else None for day in due])


def parcel_rows(parcels: geopandas.GeoDataFrame) -> pd.DataFrame:
    """New rows of table ``parcel``, not decided; ``parcels`` (EPSG:4490) have the delivered columns that are known."""
    frame = pd.DataFrame({column: parcels[column] for column in PARCEL_COLUMNS if column in parcels.columns})
    claims = frame["claims"].tolist() if "claims" in frame else [{}] * len(frame)
    return frame.assign(
        area_mu=mu(frame["area_m2"].to_numpy(float)),
        state=DecisionState.NOT_DECIDED.value,
        split_state=[split_state_of(claim) for claim in claims],
        review_stage=[review_stage_of(claim) for claim in claims],
        geometry_digest=[geometry_digest(shape) for shape in frame["geometry"]],
        version=0,
        updated_at=now(),
    )


def delivered_again(row: Mapping[Any, Any]) -> dict[str, Any]:
    """What a later delivery of the same number changes; state and people's work stay."""
    changes = {column: row[column] for column in REDELIVERED_COLUMNS if column in row}
    return {**changes, "area_mu": mu(row["area_m2"]), "geometry_digest": geometry_digest(row["geometry"])}
