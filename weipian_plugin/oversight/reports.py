"""Everything oversight writes for a day, into one folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..feedback import Feedback, Silent, stop_if_cancelled
from . import deadlines, records, tables, workbook


@dataclass(frozen=True)
class Written:
    """``files`` as written; ``overdue`` parcels that should have been filed by ``as_of`` and were not."""

    files: tuple[Path, ...]
    overdue: int


def write_all(
    snapshot: records.Snapshot, as_of: date, folder: Path, feedback: Feedback | None = None, by: str = "county"
) -> Written:
    """Write every report as of a day. ``by`` is what the rows of the statistics stand for: county, township or village."""
    feedback = feedback or Silent()
    folder = Path(folder)
    files = [workbook.write(tables.all_tables(snapshot, as_of, by), folder / f"统计表_{as_of:%Y%m%d}.xlsx")]
    stop_if_cancelled(feedback)
    due = deadlines.frame(snapshot, as_of)
    return Written(tuple(files), int((due["status"] == "overdue").sum()))
