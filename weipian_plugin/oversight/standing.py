"""Where the parcels stood at the end of a day: the decisions as of it, read by the one function that says what counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from ..judgment.standing import CURRENT, SUPERSEDED, Record, Standings, part_names, part_of
from . import records


def standings_as_of(
    snapshot: records.Snapshot, as_of: date, parts: Mapping[str, Iterable[str]] | None = None
) -> Standings:
    """Where all parcels of a snapshot stood on a day; ``parts``: names of the proposed parts, where the caller knows more of them.

    The journal gives back the acts as they stood; where it does not hold them (a snapshot without journal), an act that was
    superseded by one dated later is the one in force.
    """
    frame = records.plain(records.as_of(snapshot, "decision", as_of))
    rows: list[dict[str, Any]] = [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
    later = _later(snapshot, rows)
    for row in reversed(rows):
        if _key(row) in later and row["status"] in (SUPERSEDED, CURRENT):
            later.discard(_key(row))
            row["status"] = CURRENT
    return Standings(rows, part_names(snapshot) if parts is None else parts)


def parcels_as_of(snapshot: records.Snapshot, as_of: date, standings: Standings | None = None) -> pd.DataFrame:
    """:func:`records.parcels_as_of` with the state that follows from the decisions, where they say one."""
    parcels, standings = records.parcels_as_of(snapshot, as_of), standings or standings_as_of(snapshot, as_of)
    known = [standings.of(number) for number in parcels["number"]]
    states = [stands.state if stands.stated else stored for stands, stored in zip(known, parcels["state"])]
    return parcels.assign(state=pd.Series(states, index=parcels.index, dtype=object))


def _later(snapshot: records.Snapshot, rows: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Parcels and parts that were acted on after the day."""
    known = {str(row["id"]) for row in rows}
    everything = records.table(snapshot, "decision")
    return {
        (str(parcel), "" if records.blank(part) else str(part))
        for identity, parcel, part in zip(everything["id"], everything["parcel"], everything["part"])
        if str(identity) not in known
    }


def _key(row: Record) -> tuple[str, str]:
    return str(row["parcel"]), part_of(row)
