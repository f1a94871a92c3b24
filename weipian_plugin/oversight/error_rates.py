"""日常差错率 and 年度差错率: numerator, denominator and window are data; the definition in use is written below the table.

Their official definition is not public (``resources/oversight/error_rates.yaml``, confidence assumed).
"""

from __future__ import annotations

import calendar as months
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from ..judgment.standing import REJUDGED
from ..model.errors import WeipianError
from ..model.messages import Message
from . import deadlines, records, review_states
from .building import Prepared, build, listing, ratio
from .conditions import NAMED, Conditions, conditions
from .data import load, review
from .entries import ErrorRatesFile, RateRule
from .table import Figure, Table, grouped

WINDOWS = ("month", "working_year", "all")


@dataclass(frozen=True)
class ErrorRate:
    """One rate over one day's window: the checked and the wrong parcels, and how many had no date to place them by."""

    key: str
    title: str
    first: date | None
    last: date | None
    checked: tuple[str, ...]
    wrong: tuple[str, ...]
    undated: int
    definition: Message
    is_checked: pd.Series  # which of the parcels they were counted from
    is_wrong: pd.Series

    @property
    def value(self) -> float | None:
        """wrong / checked; None where nothing was checked."""
        return len(self.wrong) / len(self.checked) if self.checked else None


#: The rates, and the parcels they were counted from.
Computed = tuple[tuple[ErrorRate, ...], Conditions]


def compute(
    snapshot: records.Snapshot, prepared: Prepared, calendar: deadlines.Calendar, source: str | Path = "error_rates"
) -> Computed:
    """The rates of the data for ``prepared.as_of``, and the parcels they were counted from. Raises ``oversight.data_value``."""
    found = conditions(prepared, snapshot)
    rules = load(source, ErrorRatesFile).rates
    return tuple(_rate(rule, found, prepared, calendar, source) for rule in rules), found


def _rate(
    rule: RateRule, found: Conditions, prepared: Prepared, calendar: deadlines.Calendar, source: str | Path
) -> ErrorRate:
    first, last = window(rule.window, prepared.as_of, calendar)
    dates = _dates(found, rule.dates)
    inside = [first is None or (day is not None and first <= day <= (last or day)) for day in dates]
    checked = pd.Series(inside, dtype=bool) & _any(found, rule.checked, source)
    wrong = checked & _any(found, rule.wrong, source)
    number = found.parcels.parcel
    return ErrorRate(
        rule.key,
        rule.title,
        first,
        last,
        tuple(number[checked]),
        tuple(number[wrong]),
        sum(day is None for day in dates) if first else 0,
        _definition(rule, first, last),
        checked,
        wrong,
    )


def tables(
    snapshot: records.Snapshot, prepared: Prepared, calendar: deadlines.Calendar, computed: Computed | None = None
) -> tuple[Table, Table]:
    """差错率统计表 by group, and the list of wrong parcels behind it; ``computed`` if that was done already."""
    rates, found = computed or compute(snapshot, prepared, calendar)
    figures = [
        figure
        for rate in rates
        for figure in (
            Figure(f"{rate.key}_checked", rate.is_checked),
            Figure(f"{rate.key}_wrong", rate.is_wrong),
            Figure(f"{rate.key}_rate", rate.is_checked),
        )
    ]
    result = grouped(found.parcels.item, prepared.names(found.parcels), figures)

    def derive(raw: Mapping[str, float]) -> Mapping[str, float | None]:
        return {f"{rate.key}_rate": ratio(raw[f"{rate.key}_wrong"], raw[f"{rate.key}_checked"]) for rate in rates}

    notes = [note for rate in rates for note in _notes(rate)]
    return build(prepared, "error_rates", result, notes, derive), _wrong_parcels(prepared, rates, found)


def _wrong_parcels(prepared: Prepared, rates: Sequence[ErrorRate], found: Conditions) -> Table:
    wrong = np.flatnonzero(np.logical_or.reduce([rate.is_wrong for rate in rates]))
    parcels = found.parcels.take(wrong)
    titles = [[rate.title for rate in rates if rate.is_wrong.iat[position]] for position in wrong]
    cells = parcels.cells(
        name=prepared.names(parcels),
        number=parcels.parcel,
        stage=parcels.review_stage_name,
        rates=["、".join(each) for each in titles],
        why=["、".join(_reasons(found, position)) for position in wrong],
    )
    return listing(prepared, "error_list", cells, ("area",))


def window(kind: str, as_of: date, calendar: deadlines.Calendar) -> tuple[date | None, date | None]:
    """First and last day of a window: the calendar month of ``as_of``, its working year (from 1 January), or no limits.

    Raises ``oversight.data_value``.
    """
    if kind == "month":
        return as_of.replace(day=1), as_of.replace(day=months.monthrange(as_of.year, as_of.month)[1])
    if kind == "working_year":
        year = calendar.working_year(as_of)
        return date(year, 1, 1), date(year + 1, 1, 1) - timedelta(days=1)
    if kind == "all":
        return None, None
    raise WeipianError("oversight.data_value", path="error_rates.yaml", key="window", value=str(kind))


def _notes(rate: ErrorRate) -> list[Message]:
    found = [rate.definition]
    if not rate.checked:
        found.append(Message("oversight.errors.zero_checked", {"title": rate.title}))
    if rate.undated:
        found.append(Message("oversight.errors.undated", {"title": rate.title, "count": rate.undated}))
    return found


def _definition(rule: RateRule, first: date | None, last: date | None) -> Message:
    names = {key: entry.title for key, entry in review().sets.items()}
    names.update({key: entry.title for key, entry in load("error_rates", ErrorRatesFile).conditions.items()})
    shown = f"{first:%Y-%m-%d} 至 {last:%Y-%m-%d}" if first and last else "全部"
    return Message(
        "oversight.errors.definition",
        {
            "title": rule.title,
            "wrong": "、".join(names[key] for key in rule.wrong),
            "checked": "、".join(names[key] for key in rule.checked),
            "window": shown,
            "dates": "、".join(
                {"issued": "下发时间", "decided_at": "判定时间", "due": "期限"}[name] for name in rule.dates
            ),
        },
    )


def _reasons(found: Conditions, position: int) -> list[str]:
    sets = review().sets
    names = [sets[key].title for key in ("returned", "province_returned") if found.holds(key).iat[position]]
    if found.rejudged.iat[position] or found.problem_changed.iat[position]:
        names.append(REJUDGED.title())
    return [*names, "问题清单未答复"] if found.problem_open.iat[position] else names


def _any(found: Conditions, names: Sequence[str], source: str | Path) -> pd.Series:
    """Which parcels one of the conditions holds of."""
    for name in names:
        if name not in NAMED and name not in review_states.SETS:
            raise WeipianError("oversight.data_value", path=str(source), key="rates", value=name)
    return pd.Series(np.logical_or.reduce([found.holds(name) for name in names]), dtype=bool)


def _dates(found: Conditions, names: Sequence[str]) -> list[date | None]:
    """The day that places each parcel: the first of these that can be read."""
    known = {"issued": found.parcels.issued, "decided_at": found.parcels.decided_at, "due": found.due.due}
    rows = zip(*(known[name] for name in names))
    return [next((day for day in map(deadlines.as_date, row) if day is not None), None) for row in rows]
