"""When a parcel is due (月清 / 季清), and how many days are left on a given day."""

from __future__ import annotations

import calendar as months
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Generic, Optional, TypeVar, Union

import pandas as pd

from ..judgment.standing import FILED, REJUDGED, RETURNED
from ..model.errors import WeipianError
from ..model.records import DateSpan
from ..model.values import is_blank
from . import records
from .columns import Columns, F, T, table_of
from .data import load
from .entries import CalendarFile, LevelRule, Rhythm, Shift
from .item_columns import Reviews

Day = Union[str, date, None]

D = TypeVar("D")
W = TypeVar("W")

#: 办理状态 by the days left; ``done`` is a parcel that has been filed.
STATUSES = {
    "done": "已填报",
    "overdue": "逾期",
    "today": "今日到期",
    "soon": "临近到期",
    "open": "未到期",
    "none": "待补级别或下发时间",  # without them no day can be told; never "no deadline"
}
#: States in which what was filed counts no longer.
OPEN_AGAIN = (RETURNED, REJUDGED)


@dataclass(frozen=True)
class Calendar:
    """The filing calendar: rules by level, days off, and the day a working year is judged by."""

    rules: Mapping[str, LevelRule]
    level_when_blank: str | None
    shift: Shift
    days_off: frozenset[date]
    workdays: frozenset[date]
    year_closes: tuple[int, int]
    soon_days: int
    reminder_days: int  # how far ahead the list of reminders looks
    answer_days: int = 0  # in which what was sent back is to be answered

    def is_day_off(self, day: date) -> bool:
        """Weekends and holidays, except weekend days that are worked (调休)."""
        return day not in self.workdays and (day in self.days_off or day.weekday() >= 5)

    def working_year(self, as_of: date) -> int:
        """The year that figures of ``as_of`` belong to: until the closing day (20 February) still the year before."""
        return as_of.year - 1 if (as_of.month, as_of.day) <= self.year_closes else as_of.year


def load_calendar(source: str | Path = "calendar") -> Calendar:
    """The calendar, shipped or a county's own. Raises ``oversight.data_value`` for a rule that makes no sense."""
    data = load(source, CalendarFile)
    days_off: set[date] = set()
    workdays: set[date] = set()
    for year in data.holidays:
        days_off.update(day for text in year.days_off for day in _days(text, source))
        workdays.update(day for text in year.workdays for day in _days(text, source))
    return Calendar(
        data.levels,
        data.level_when_blank,
        data.shift,
        frozenset(days_off),
        frozenset(workdays),
        (data.year_closes.month, data.year_closes.day),
        data.soon_days.value,
        data.reminder_days.value,
        data.answer_days.value,
    )


def answer_due(returned_on: Day, due: Day, calendar: Calendar) -> date | None:
    """The last day for answering a return (退回) of ``returned_on``: some days after it, and never before the parcel's filing is ``due``."""
    day, filing = as_date(returned_on), as_date(None if is_blank(due) else due)
    if day is None:
        return filing
    answered = day + timedelta(days=calendar.answer_days)
    return answered if filing is None else max(answered, filing)


def due_date(level: str | None, issued: Day, calendar: Calendar) -> date | None:
    """The last day for filing a parcel of ``level`` (一级/二级/三级) issued on ``issued``.

    None where there is no rule for the level or no readable date. A date known only to the month or the year is read as its
    first day, which gives the earlier due date.
    """
    rule = calendar.rules.get(records.level(level) or calendar.level_when_blank or "")
    issued_on = as_date(issued)
    if rule is None or issued_on is None:
        return None
    year, month = issued_on.year, issued_on.month
    if rule.rule is Rhythm.QUARTERLY:
        month = (month - 1) // 3 * 3 + 3
        length = 3
    else:
        length = 1
    if rule.cutoff_day is not None and issued_on.month == month and issued_on.day > rule.cutoff_day:
        month += length
    year, month = _month(year, month + rule.months_after)
    due = date(year, month, min(rule.due_day, months.monthrange(year, month)[1]))
    step = {Shift.NONE: 0, Shift.NEXT: 1, Shift.PREVIOUS: -1}[calendar.shift]
    while step and calendar.is_day_off(due):
        due += timedelta(days=step)
    return due


def days_left(due: Day, as_of: Day) -> int | None:
    """Days from ``as_of`` until ``due``: 0 on the day itself, negative when overdue, None where nothing is due."""
    last, today = as_date(due), as_date(as_of)
    return None if last is None or today is None else (last - today).days


def status(left: int | None, filed: bool, calendar: Calendar) -> str:
    """A key of :data:`STATUSES`."""
    if filed:
        return "done"
    if left is None:
        return "none"
    if left < 0:
        return "overdue"
    if left == 0:
        return "today"
    return "soon" if left <= calendar.soon_days else "open"


@dataclass(frozen=True)
class DueFields(Generic[T, F, D, W]):
    """When a parcel has to be filed; ``status`` is a key of :data:`STATUSES`."""

    parcel: T
    level: T
    issued: T
    due: D  # a day, None where there is none
    days_left: W  # whole days, None where nothing is due
    filed: F
    status: T


class Due(DueFields[str, bool, Optional[date], Optional[int]]):
    """When one parcel has to be filed."""


class Dues(DueFields[pd.Series, pd.Series, pd.Series, pd.Series], Columns):
    """When each parcel has to be filed."""

    def of(self, parcels: pd.Series) -> Dues:
        """The rows of these parcels, in their order."""
        at = {number: position for position, number in enumerate(self.parcel)}
        return self.take([at[number] for number in parcels])


def filed(parcels: records.StoredParcels, reviews: Reviews) -> pd.Series:
    """Which parcels count as filed (已填报): those the checking system has, or that were filed here.

    One that was sent back (退回, 已打回) or is to be judged anew (改判) is open until it is decided and filed again.
    """
    own = parcels.state
    in_system = reviews.review_filed & ~reviews.review_returned
    return ((own == FILED) | in_system) & ~own.isin(OPEN_AGAIN)


def of_parcels(parcels: records.StoredParcels, done: pd.Series, as_of: date, calendar: Calendar) -> Dues:
    """One row a parcel that has to be filed.

    A split parcel (被拆分) whose pieces stand in rows of their own is filed by them and has no row; any other has one.
    A due date stored with the parcel wins over the calendar's. ``done``: as :func:`filed`.
    """
    rows = []
    known: dict[tuple[str | None, Day, Day], date | None] = {}
    for number, level, issued, stored, finished, in_pieces in zip(
        parcels.number,
        parcels.level,
        parcels.issued,
        parcels.due,
        done,
        parcels.stand_in_pieces(),
    ):
        if in_pieces:
            continue
        key = (level, issued, stored)
        if key not in known:
            known[key] = as_date(stored) or due_date(level, issued, calendar)
        left, is_filed = days_left(known[key], as_of), bool(finished)
        found = status(left, is_filed, calendar)
        rows.append(Due(number, records.level(level), issued, known[key], left, is_filed, found))
    return table_of(Dues, rows)


def as_date(value: Day) -> date | None:
    """A date, or the first day that an ISO or otherwise readable text may mean."""
    if value is None or isinstance(value, date):
        return value
    span = DateSpan.parse(value)
    return span.first if span else None


def _days(text: str, source: str | Path) -> list[date]:
    """The days of ``2026-10-01`` or ``2026-10-01/2026-10-07``; raises ``oversight.data_value``."""
    first, _, last = str(text).partition("/")
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError as error:
        raise WeipianError("oversight.data_value", path=str(source), key="holidays", value=text) from error
    return [start + timedelta(days=offset) for offset in range((end - start).days + 1)]


def _month(year: int, month: int) -> tuple[int, int]:
    """``month`` may run past December."""
    return year + (month - 1) // 12, (month - 1) % 12 + 1
