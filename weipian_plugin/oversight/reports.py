"""Everything oversight writes for a day, into one folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..feedback import Feedback, Silent, stop_if_cancelled
from . import acceptance, assessment, deadlines, error_rates, records, registers, tables, units, workbook
from .building import Prepared, prepare
from .table import Table


@dataclass(frozen=True)
class Written:
    """``files`` as written; ``overdue`` parcels that should have been filed by ``as_of`` and were not."""

    files: tuple[Path, ...]
    overdue: int


def write_all(
    snapshot: records.Snapshot, as_of: date, folder: Path, feedback: Feedback | None = None, by: str | None = None
) -> Written:
    """Write every report as of a day.

    ``by`` is what the rows stand for: county, township or village; without it the coarsest level that has more than one name.
    Raises ``oversight.unwritable``, ``run.cancelled``.
    """
    feedback = feedback or Silent()
    folder = Path(folder)
    calendar = deadlines.load_calendar()
    prepared = prepare(snapshot, as_of, by)
    files: list[Path] = []

    def step(fraction: float) -> None:
        feedback.progress(fraction)
        stop_if_cancelled(feedback)

    stamp = f"{as_of:%Y%m%d}"
    files.append(workbook.write(tables.prepared_tables(prepared), folder / f"统计表_{stamp}.xlsx"))
    step(0.3)
    files.append(workbook.write(oversight_tables(snapshot, prepared, calendar), folder / f"督导考核表_{stamp}.xlsx"))
    step(0.5)
    files.append(workbook.write(acceptance.tables(snapshot, prepared, folder), folder / f"区级验收清单_{stamp}.xlsx"))
    step(0.6)
    files += units.write(prepared, units.assign(snapshot, prepared, calendar), folder)
    step(0.8)
    due = deadlines.frame(snapshot, as_of, calendar)
    feedback.progress(1.0)
    return Written(tuple(files), int((due["status"] == "overdue").sum()))


def oversight_tables(snapshot: records.Snapshot, prepared: Prepared, calendar: deadlines.Calendar) -> tuple[Table, ...]:
    """期限, 整改, 差错率, 综合评估 and 排名."""
    return (
        *assessment.tables(snapshot, prepared, calendar),
        *error_rates.tables(snapshot, prepared, calendar),
        *registers.deadline_tables(snapshot, prepared, calendar),
        registers.rectification_ledger(snapshot, prepared),
    )
