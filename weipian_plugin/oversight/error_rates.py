"""日常差错率 and 年度差错率: numerator, denominator and window are data; the definition in use is written below the table.

Their official definition is not public (``resources/oversight/error_rates.yaml``, confidence assumed).
"""

from __future__ import annotations

import calendar as months
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..judgment.standing import REJUDGED
from ..model.errors import WeipianError
from ..model.messages import Message
from . import conditions, deadlines, records, review_states
from .building import Prepared, build, listing
from .data import load, review
from .entries import ErrorRatesFile, RateRule
from .table import Figure, Grouped, Table, grouped

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

    @property
    def value(self) -> float | None:
        """wrong / checked; None where nothing was checked."""
        return len(self.wrong) / len(self.checked) if self.checked else None


#: The rates, and the frame of parcels they were counted from.
Computed = tuple[tuple[ErrorRate, ...], pd.DataFrame]


def compute(
    snapshot: records.Snapshot, prepared: Prepared, calendar: deadlines.Calendar, source: str | Path = "error_rates"
) -> Computed:
    """The rates of the data for ``prepared.as_of``, and the frame of parcels with ``<key>_checked`` and ``<key>_wrong``."""
    frame = conditions.parcels(prepared, snapshot)
    rates = []
    for rule in load(source, ErrorRatesFile).rates:
        first, last = window(rule.window, prepared.as_of, calendar)
        dates = _dates(frame, rule.dates)
        inside = np.array(
            [first is None or (day is not None and first <= day <= (last or day)) for day in dates], dtype=bool
        )
        checked = inside & _any(frame, rule.checked, source)
        wrong = checked & _any(frame, rule.wrong, source)
        undated = sum(day is None for day in dates) if first else 0
        frame[f"{rule.key}_checked"], frame[f"{rule.key}_wrong"] = checked, wrong
        rates.append(
            ErrorRate(
                rule.key,
                rule.title,
                first,
                last,
                tuple(frame["parcel"][checked]),
                tuple(frame["parcel"][wrong]),
                undated,
                _definition(rule, first, last),
            )
        )
    return tuple(rates), frame


def tables(
    snapshot: records.Snapshot, prepared: Prepared, calendar: deadlines.Calendar, computed: Computed | None = None
) -> tuple[Table, Table]:
    """差错率统计表 by group, and the list of wrong parcels behind it; ``computed`` if that was done already."""
    rates, frame = computed or compute(snapshot, prepared, calendar)
    figures = [
        figure
        for rate in rates
        for figure in (
            Figure(f"{rate.key}_checked", frame[f"{rate.key}_checked"]),
            Figure(f"{rate.key}_wrong", frame[f"{rate.key}_wrong"]),
            Figure(f"{rate.key}_rate", frame[f"{rate.key}_checked"]),
        )
    ]
    result: Grouped = grouped(frame, prepared.names(frame), figures)

    def derive(raw: Mapping[str, float]) -> Mapping[str, float | None]:
        return {
            f"{rate.key}_rate": raw[f"{rate.key}_wrong"] / raw[f"{rate.key}_checked"]
            if raw[f"{rate.key}_checked"]
            else None
            for rate in rates
        }

    notes = [note for rate in rates for note in _notes(rate)]
    summary = build(prepared, "error_rates", result, notes, derive)
    wrong = frame[np.logical_or.reduce([frame[f"{rate.key}_wrong"] for rate in rates])].reset_index(drop=True)
    reasons = [_reasons(row, rates) for row in wrong.to_dict("records")]
    detail = wrong.assign(
        name=prepared.names(wrong),
        number=wrong["parcel"],
        stage=wrong["review_stage_name"],
        rates=["、".join(rate.title for rate in rates if row[f"{rate.key}_wrong"]) for row in wrong.to_dict("records")],
        why=reasons,
    )
    return summary, listing(prepared, "error_list", detail, ("area",))


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


def _reasons(row: Mapping[Any, Any], rates: tuple[ErrorRate, ...]) -> str:
    sets = review().sets
    found = [sets[key].title for key in ("returned", "province_returned") if row[f"review_{key}"]]
    found += [REJUDGED.title()] if row["rejudged"] or row["problem_changed"] else []
    found += ["问题清单未答复"] if row["problem_open"] else []
    return "、".join(found)


def _any(frame: pd.DataFrame, names: Sequence[str], source: str | Path) -> np.ndarray[Any, Any]:
    columns = []
    for name in names:
        column = f"review_{name}" if name in review_states.SETS else name
        if name not in conditions.NAMED and name not in review_states.SETS:
            raise WeipianError("oversight.data_value", path=str(source), key="rates", value=name)
        columns.append(frame[column].to_numpy(dtype=bool))
    return np.asarray(np.logical_or.reduce(columns), dtype=bool)


def _dates(frame: pd.DataFrame, names: Sequence[str]) -> list[date | None]:
    rows = zip(*(frame[name] for name in names))
    return [next((day for day in map(deadlines.as_date, row) if day is not None), None) for row in rows]
