"""巡查: the register of patrols, and how often each village and grid was looked at (notice 五(四): 早发现、早制止)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ..model.messages import Message
from . import records
from .building import NO_NAME, Prepared, listing
from .table import Table


def tables(snapshot: records.Snapshot, prepared: Prepared) -> tuple[Table, ...]:
    """巡查统计表 and 巡查登记表 of the year that is counted; none where nothing was recorded."""
    frame = records.plain(records.as_of(snapshot, "patrol", prepared.as_of))
    days = records.first_text(frame["day"])
    kept = [day[:4] == str(prepared.year) and day <= prepared.as_of.isoformat() for day in days]
    frame = frame[np.array(kept, dtype=bool)].reset_index(drop=True)
    if not len(frame):
        return ()
    for name in ("day", "person", "village", "grid", "place", "finding", "handled", "parcel"):
        frame[name] = records.first_text(frame[name])
    frame = frame.assign(
        item=frame["id"],
        village=frame["village"].replace("", NO_NAME),
        photo_count=[len(found) if isinstance(found, list) else 0 for found in frame["photos"]],
        position=[
            "" if pd.isna(lon) or pd.isna(lat) else f"{lon:.6f}, {lat:.6f}"
            for lon, lat in zip(frame["lon"], frame["lat"])
        ],
    )
    return _summary(prepared, frame), _register(prepared, frame)


def _register(prepared: Prepared, frame: pd.DataFrame) -> Table:
    keys = list(zip(frame["day"], frame["village"], frame["grid"], frame["id"]))
    return _noted(
        prepared, "patrols", frame.iloc[sorted(range(len(keys)), key=keys.__getitem__)].reset_index(drop=True)
    )


def _summary(prepared: Prepared, frame: pd.DataFrame) -> Table:
    """One row a village and grid: patrols, days, findings, 自查图斑, the last day."""
    found = frame.assign(found=frame["finding"] != "", made=frame["parcel"] != "")
    grouped = found.groupby(["village", "grid"], sort=True)
    counts = grouped.agg(
        patrols=("id", "size"),
        days=("day", "nunique"),
        findings=("found", "sum"),
        parcels=("made", "sum"),
        last=("day", "max"),
    ).reset_index()
    return _noted(prepared, "patrol_summary", counts.assign(item=counts["village"] + "/" + counts["grid"]))


def _noted(prepared: Prepared, table_id: str, frame: pd.DataFrame) -> Table:
    made = listing(prepared, table_id, frame, ())
    return replace(made, footnotes=(Message("oversight.patrols.listed", {"count": len(frame)}),))
