"""Which working year a parcel belongs to: figures of different years are never mixed.

The year is that of the issue date (下发时间), else a year written in the batch (「2023年一季度」); a parcel that names neither belongs to the
latest year of the workspace.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date

import pandas as pd

from ..model.records import DateSpan
from . import records
from .deadlines import load_calendar

_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")


def years(parcels: pd.DataFrame) -> pd.Series:
    """The year of each parcel of table ``parcel``; 0 for all where none names a year."""
    named = [
        _issued(issued) or _written(batch)
        for issued, batch in zip(records.first_text(parcels["issued"]), records.first_text(parcels["batch"]))
    ]
    latest = max((year for year in named if year), default=0)
    return pd.Series([year or latest for year in named], index=parcels.index, dtype=int)


def chosen_year(parcels: pd.DataFrame, as_of: date, working_year: int, asked: int | None = None) -> int:
    """The year that tables are for: the one asked for, else the working year of the day where it has parcels, else the latest before it."""
    if asked is not None:
        return asked
    present = sorted({int(year) for year in years(parcels) if year})
    if not present or working_year in present:
        return working_year
    earlier = [year for year in present if year <= as_of.year]
    return earlier[-1] if earlier else present[0]


def of_year(snapshot: records.Snapshot, year: int) -> dict[str, pd.DataFrame]:
    """The snapshot with the parcels of one year only; what hangs on other parcels is never asked for."""
    parcels = records.table(snapshot, "parcel")
    known = years(parcels)
    return {**snapshot, "parcel": parcels[(known == year) | (known == 0)].reset_index(drop=True)}


def snapshot_of_year(snapshot: records.Snapshot, as_of: date, asked: int | None = None) -> dict[str, pd.DataFrame]:
    """The snapshot with the parcels that the tables of a day are for."""
    working_year = load_calendar().working_year(as_of)
    return of_year(snapshot, chosen_year(records.table(snapshot, "parcel"), as_of, working_year, asked))


def others(snapshot: records.Snapshot, year: int) -> Mapping[int, int]:
    """How many parcels of the snapshot belong to each other year."""
    counts = Counter(int(found) for found in years(records.table(snapshot, "parcel")))
    return {found: count for found, count in sorted(counts.items()) if found not in (0, year)}


def _issued(text: str) -> int:
    span = DateSpan.parse(text) if text else None
    return span.first.year if span else 0


def _written(text: str) -> int:
    found = _YEAR.search(text)
    return int(found[1]) if found else 0
