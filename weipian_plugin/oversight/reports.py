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
from ..model.office_settings import OfficeSettings, of_stored
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
from .table import Table

T = TypeVar("T")


@dataclass(frozen=True)
class Written:
    """``files`` as written; ``overdue`` parcels that should have been filed by ``as_of`` and were not."""

    files: tuple[Path, ...]
    overdue: int


def write_all(
    snapshot: records.Snapshot,
    as_of: date,
    folder: Path,
    feedback: Feedback | None = None,
    by: str | None = None,
    template: Path | None = None,
    packages: Path | None = None,
    year: int | None = None,
    journal: str = "",
) -> Written:
    """Write every report as of a day.

    ``by`` is what the rows stand for: county, township or village; without it the coarsest level that has more than one name.
    ``year``: of the parcels that are counted (:func:`years.chosen_year` without it); parcels of other years stand in no table.
    ``template`` is an office's own summary template; ``packages`` where relative paths of packages start (``folder`` without it).
    ``journal``: up to where the journal was, a line for every report (:class:`..workspace.checkpoints.Checkpoint`).
    What lacks a package is left out and said so. Raises ``office.unwritable``, ``office.file_held``, ``oversight.template``, ``run.cancelled``.
    """
    feedback = feedback or Silent()
    folder = Path(folder)
    calendar = deadlines.load_calendar()
    prepared = prepare(snapshot, as_of, by, calendar, year)
    snapshot = years.of_year(snapshot, prepared.year)
    files: list[Path] = []

    def step(fraction: float) -> None:
        feedback.progress(fraction)
        stop_if_cancelled(feedback)

    stamp = f"{as_of:%Y%m%d}"
    signed = _Foot(signature(snapshot, as_of), journal)
    statistics = (*tables.prepared_tables(prepared), *mining.tables(snapshot, prepared))
    files.append(workbook.write(_signed(statistics, signed), folder / f"统计表_{stamp}.xlsx"))
    step(0.3)
    judged = oversight_tables(snapshot, prepared, calendar)
    files.append(workbook.write(_signed(judged, signed), folder / f"督导考核表_{stamp}.xlsx"))
    step(0.5)
    accepted = acceptance.tables(snapshot, prepared, packages or folder)
    files.append(workbook.write(_signed(accepted, signed), folder / f"区级验收清单_{stamp}.xlsx"))
    step(0.6)
    files += units.write(prepared, units.assign(snapshot, prepared), folder, journal)
    step(0.7)
    for made in _possible(feedback, lambda: overviews.collect(snapshot, prepared, calendar, (*statistics, *judged))):
        made = replace(made, notes=(*made.notes, *([journal] if journal else [])))
        if charts.chinese_font() is None:
            feedback.report(Message("oversight.no_cjk_font"), "warning")
        step(0.9)
        files += _possible(
            feedback,
            partial(summaries.write_overview, made, template, folder / f"卫片执法工作总结_{stamp}.docx"),
            partial(summaries.write_html, made, folder / f"情况一览_{stamp}.html"),
        )
    feedback.progress(1.0)
    return Written(tuple(files), int((prepared.due["status"] == "overdue").sum()))


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


def office_of(snapshot: records.Snapshot) -> OfficeSettings:
    """What the workspace says of the office (table ``setting``)."""
    rows = records.table(snapshot, "setting")
    return of_stored(dict(zip(records.first_text(rows["name"]), records.first_text(rows["value"]))))


def signature(snapshot: records.Snapshot, as_of: date) -> str:
    """填报单位（盖章）, 制表人, 审核人 (table ``setting`` of the workspace, else room to write) and the day."""
    office, blank = office_of(snapshot), "　" * 8
    named = (("填报单位（盖章）", office.unit), ("制表人", office.maker), ("审核人", office.checker))
    parts = [f"{title}：{value or blank}" for title, value in named]
    return "　　".join((*parts, f"日期：{as_of.year}年{as_of.month}月{as_of.day}日"))


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
