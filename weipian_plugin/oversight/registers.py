"""Registers of single parcels: filing deadlines (期限) and the ledger of rectification (整改台账)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..model.messages import Message
from ..model.values import is_blank
from . import batches, deadlines, records, rectification
from .building import Prepared, build, by_parcel, checked, listing, named, ratio, subtitle, with_due
from .table import Figure, Table, grouped, layout


def on_time_table(prepared: Prepared) -> Table:
    """按时填报率 by group: filed on time, filed late, filed on a day not known here (in the checking system only), overdue, not due yet.

    The rate is on time ÷ (on time + late + overdue); parcels whose day of filing is not known are in neither.
    """
    frame = with_due(prepared, by_parcel(prepared))
    filed = frame["filed"].to_numpy(bool)
    days = [deadlines.as_date(prepared.filed_on.get(parcel) or None) for parcel in frame["parcel"]]
    known = np.array([day is not None and not is_blank(due) for day, due in zip(days, frame["due"])], dtype=bool)
    late = np.array([bool(ok) and day > due for ok, day, due in zip(known, days, frame["due"])], dtype=bool)
    overdue = (frame["status"] == "overdue").to_numpy(bool)
    masks = {
        "all_count": np.ones(len(frame), bool),
        "on_time": filed & known & ~late,
        "late": filed & late,
        "day_unknown": filed & ~known,
        "overdue": overdue,
        "waiting": ~filed & ~overdue,
        "on_time_rate": filed & known & ~late,
    }
    result = grouped(frame, prepared.names(frame), [Figure(key, mask) for key, mask in masks.items()])

    def derive(raw: Mapping[str, float]) -> Mapping[str, float | None]:
        return {"on_time_rate": ratio(raw["on_time"], raw["on_time"] + raw["late"] + raw["overdue"])}

    return build(prepared, "on_time", result, [checked("oversight.tables.items", len(frame))], derive)


def reminders(prepared: Prepared, calendar: deadlines.Calendar | None = None) -> Table:
    """到期提醒清单: what is due today or within ``reminder_days`` of the calendar, by unit, the most urgent first.

    Parcels without a level or a date of issue stand last in their unit: nobody knows when they are due, so they are asked for.
    """
    days = (calendar or deadlines.load_calendar()).reminder_days
    _summary, waiting = deadline_tables(prepared)
    name, left, number, at = (waiting.position(key) for key in ("name", "days_left", "number", "status"))
    unknown = deadlines.STATUSES["none"]
    kept = [
        position
        for position, row in enumerate(waiting.rows)
        if row[at] == unknown or (row[left] is not None and 0 <= row[left] <= days)
    ]
    kept.sort(
        key=lambda position: (
            waiting.rows[position][name],
            10**6 if waiting.rows[position][left] is None else waiting.rows[position][left],
            waiting.rows[position][number],
        )
    )
    rows = tuple((index, *waiting.rows[position][1:]) for index, position in enumerate(kept, start=1))
    keys = tuple(waiting.row_keys[position] for position in kept)
    drawn = layout("reminders")
    note = Message("oversight.tables.listed", {"count": len(rows)})
    return Table(
        drawn.id, drawn.title, named(prepared, drawn.columns), rows, keys, None, (note,), {}, subtitle(prepared), drawn.entry.source
    )  # fmt: skip


def deadline_tables(prepared: Prepared) -> tuple[Table, Table]:
    """填报期限统计表 by group, and the list of parcels not filed yet, the most urgent first."""
    frame = with_due(prepared, by_parcel(prepared))
    figures = [Figure("all_count", np.ones(len(frame), bool))]
    figures += [Figure(status, frame["status"] == status) for status in deadlines.STATUSES]
    notes = [checked("oversight.tables.items", len(frame))]
    summary = build(prepared, "deadlines", grouped(frame, prepared.names(frame), figures), notes)
    waiting = frame[frame["status"] != "done"].reset_index(drop=True)
    keys = [
        (10**6 if is_blank(left) else int(left), batches.sort_key(batch), parcel)
        for left, batch, parcel in zip(waiting["days_left"], waiting["batch"], waiting["parcel"])
    ]
    waiting = waiting.iloc[sorted(range(len(keys)), key=keys.__getitem__)].reset_index(drop=True)
    waiting = waiting.assign(
        name=prepared.names(waiting), number=waiting["parcel"], status=waiting["status"].map(deadlines.STATUSES),
        due=["" if is_blank(day) else day.isoformat() for day in waiting["due"]],
    )  # fmt: skip
    return summary, listing(prepared, "deadline_list", waiting, ())


def rectification_ledger(prepared: Prepared) -> Table:
    """违法图斑整改台账: one row an illegal item; what is missing or does not add up is said in the last column."""
    prepared = prepared.land()
    frame = rectification.ledger(prepared.items)
    frame = frame.assign(
        number=frame["item"].map(records.shown),
        photos=[_photos(row) for row in frame.to_dict("records")],
        acceptance=[_acceptance(row) for row in frame.to_dict("records")],
        closed_text=[
            f"已销号 {on[:10]}".strip() if closed else "" for closed, on in zip(frame["closed"], frame["closed_on"])
        ],
        remarks=[
            "；".join(rectification.remarks(item, found)) for item, found in zip(frame["item"], frame["findings"])
        ],
    )
    order = sorted(
        range(len(frame)),
        key=list(zip(frame["finished"], frame["township"], frame["village"], frame["number"])).__getitem__,
    )
    summed = (
        "to_rectify_area", "to_rectify_farmland", "to_rectify_basic_farmland", "removed", "removed_farmland", "regularised",
        "regularised_farmland", "remaining",
    )  # fmt: skip
    return listing(prepared, "rectification", frame.iloc[order].reset_index(drop=True), summed)


def _photos(row: dict[Any, Any]) -> str:
    counts = [row[f"recorded_{name}_photos"] for name in ("before", "during", "after")]
    return "" if not row["has_record"] else "/".join("—" if pd.isna(count) else str(int(count)) for count in counts)


def _acceptance(row: dict[Any, Any]) -> str:
    if not row["accepted"]:
        return ""
    area = row["recorded_accepted_area_m2"]
    shown = "" if pd.isna(area) else f" {area:.2f} m²"
    return f"{row['accepted_by']} {row['accepted_on'][:10]}{shown}"
