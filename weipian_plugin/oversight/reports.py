"""Everything oversight writes for a day, into one folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

from ..model.errors import WeipianError
from ..model.feedback import Feedback, Silent, stop_if_cancelled
from ..model.messages import Message
from . import (
    acceptance,
    assessment,
    charts,
    deadlines,
    enforcement,
    error_rates,
    mining,
    patrols,
    problem_register,
    records,
    registers,
    returned,
    tables,
    transfers,
    units,
    workbook,
    years,
)
from . import overview as overviews
from . import summary as summaries
from .building import Prepared, prepare
from .office import signature
from .table import Table

T = TypeVar("T")


@dataclass(frozen=True)
class Written:
    """``files`` as written; ``overdue`` parcels that should have been filed by ``as_of`` and were not."""

    files: tuple[Path, ...]
    overdue: int


@dataclass(frozen=True)
class ReportOptions:
    """Choices of the reports.

    ``by`` is what the rows stand for: county, township or village; without it the coarsest level that has more than one name.
    ``year``: of the parcels that are counted (:func:`years.chosen_year` without it); parcels of other years stand in no table.
    ``template`` is an office's own summary template; ``packages`` where relative paths of packages start (the reports' folder without it).
    ``journal``: up to where the journal was, a line for every report (:class:`..workspace.checkpoints.Checkpoint`).
    """

    by: str | None = None
    year: int | None = None
    template: Path | None = None
    packages: Path | None = None
    journal: str = ""


def write_all(
    snapshot: records.Snapshot,
    as_of: date,
    folder: Path,
    feedback: Feedback | None = None,
    options: ReportOptions | None = None,
) -> Written:
    """Write every report as of a day.

    What lacks a package is left out and said so. Raises ``office.unwritable``, ``office.file_held``, ``oversight.template``, ``run.cancelled``.
    """
    feedback, options, folder = feedback or Silent(), options or ReportOptions(), Path(folder)
    calendar = deadlines.load_calendar()
    prepared = prepare(snapshot, as_of, options.by, calendar, options.year)
    snapshot = years.of_year(snapshot, prepared.year)
    stamp, signed = f"{as_of:%Y%m%d}", _Foot(signature(snapshot, as_of), options.journal)

    def step(fraction: float) -> None:
        feedback.progress(fraction)
        stop_if_cancelled(feedback)

    def book(title: str, tables_of_it: Sequence[Table]) -> Path:
        return workbook.write(_signed(tables_of_it, signed), folder / f"{title}_{stamp}.xlsx")

    statistics = (*tables.prepared_tables(prepared), *mining.tables(snapshot, prepared))
    files = [book("统计表", statistics)]
    step(0.3)
    judged = oversight_tables(snapshot, prepared, calendar)
    files.append(book("督导考核表", judged))
    step(0.5)
    files.append(book("区级验收清单", acceptance.tables(snapshot, prepared, options.packages or folder)))
    step(0.6)
    files += units.write(prepared, units.assign(snapshot, prepared), folder, options.journal)
    step(0.7)
    for made in _possible(feedback, lambda: overviews.collect(snapshot, prepared, calendar, (*statistics, *judged))):
        made = replace(made, notes=(*made.notes, *([options.journal] if options.journal else [])))
        if charts.chinese_font() is None:
            feedback.report(Message("oversight.no_cjk_font"), "warning")
        step(0.9)
        files += _possible(
            feedback,
            partial(summaries.write_overview, made, options.template, folder / f"卫片执法工作总结_{stamp}.docx"),
            partial(summaries.write_html, made, folder / f"情况一览_{stamp}.html"),
        )
    feedback.progress(1.0)
    return Written(tuple(files), int((prepared.due.status == "overdue").sum()))


def _possible(feedback: Feedback, *works: Callable[[], T]) -> list[T]:
    """Results of what can be done here; what lacks a package is left out with its sentence, the rest is not stopped by it."""
    done = []
    for work in works:
        try:
            done.append(work())
        except WeipianError as error:
            if error.code != "run.package_missing":
                raise
            feedback.report(error.message, "warning")
    return done


@dataclass(frozen=True)
class _Foot:
    """What stands below every table."""

    signed: str
    journal: str


def _signed(made: Sequence[Table], foot: _Foot) -> tuple[Table, ...]:
    return tuple(replace(table, signed=foot.signed, journal=foot.journal) for table in made)


def oversight_tables(snapshot: records.Snapshot, prepared: Prepared, calendar: deadlines.Calendar) -> tuple[Table, ...]:
    """期限, 整改, 查处, 移送线索, 差错率, 综合评估 and 排名."""
    errors = error_rates.compute(snapshot, prepared, calendar)
    return (
        *assessment.tables(snapshot, prepared, calendar, errors),
        *error_rates.tables(snapshot, prepared, calendar, errors),
        *registers.deadline_tables(prepared),
        registers.on_time_table(prepared),
        registers.reminders(prepared, calendar),
        returned.table(prepared, calendar),
        registers.rectification_ledger(prepared),
        enforcement.register(snapshot, prepared),
        transfers.table(prepared),
        problem_register.register(snapshot, prepared),
        *patrols.tables(snapshot, prepared),
    )
