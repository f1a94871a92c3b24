"""Registers of single parcels: filing deadlines (期限) and the ledger of rectification (整改台账)."""

from __future__ import annotations

from collections.abc import Mapping

from ..model.messages import Message
from ..model.values import is_blank, is_missing
from . import batches, deadlines, records, rectification
from .building import Prepared, build, by_parcel, counted, listing, named, ratio, subtitle
from .columns import flags, ordered, rows
from .item_columns import Items
from .table import Figure, Table, grouped, layout

_LAST = 10**6  # for ordering by days left: what is due on no known day


def on_time_table(prepared: Prepared) -> Table:
    """按时填报率 by group: filed on time, filed late, filed on a day not known here (in the checking system only), overdue, not due yet.

    The rate is on time ÷ (on time + late + overdue); parcels whose day of filing is not known are in neither.
    """
    parcels = by_parcel(prepared)
    due = prepared.due.of(parcels.parcel)
    days = [deadlines.as_date(prepared.filed_on.get(parcel) or None) for parcel in parcels.parcel]
    known = flags(day is not None and not is_blank(limit) for day, limit in zip(days, due.due))
    late = flags(bool(ok) and day > limit for ok, day, limit in zip(known, days, due.due))
    overdue = due.status == "overdue"
    on_time = due.filed & known & ~late
    masks = {
        "all_count": flags(True for _ in days),
        "on_time": on_time,
        "late": due.filed & late,
        "day_unknown": due.filed & ~known,
        "overdue": overdue,
        "waiting": ~due.filed & ~overdue,
        "on_time_rate": on_time,
    }
    figures = [Figure(key, mask) for key, mask in masks.items()]
    result = grouped(parcels.item, prepared.names(parcels), figures)

    def derive(raw: Mapping[str, float]) -> Mapping[str, float | None]:
        return {"on_time_rate": ratio(raw["on_time"], raw["on_time"] + raw["late"] + raw["overdue"])}

    return build(prepared, "on_time", result, [counted(len(parcels))], derive)


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
            _LAST if waiting.rows[position][left] is None else waiting.rows[position][left],
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
    parcels = by_parcel(prepared)
    due = prepared.due.of(parcels.parcel)
    figures = [Figure("all_count", flags(True for _ in range(len(parcels))))]
    figures += [Figure(status, due.status == status) for status in deadlines.STATUSES]
    result = grouped(parcels.item, prepared.names(parcels), figures)
    summary = build(prepared, "deadlines", result, [counted(len(parcels))])
    open_ones = due.status != "done"
    return summary, _deadline_list(prepared, parcels.where(open_ones), due.where(open_ones))


def _deadline_list(prepared: Prepared, waiting: Items, due: deadlines.Dues) -> Table:
    keys = zip(
        (_LAST if is_blank(left) else int(left) for left in due.days_left),
        map(batches.sort_key, waiting.batch),
        waiting.parcel,
    )
    order = ordered(keys)
    waiting, due = waiting.take(order), due.take(order)
    cells = waiting.cells(
        name=prepared.names(waiting),
        number=waiting.parcel,
        status=due.status.map(deadlines.STATUSES),
        days_left=due.days_left,
        due=["" if is_blank(day) else day.isoformat() for day in due.due],
    )
    return listing(prepared, "deadline_list", cells)


def rectification_ledger(prepared: Prepared) -> Table:
    """违法图斑整改台账: one row an illegal item; what is missing or does not add up is said in the last column."""
    prepared = prepared.land()
    ledger = rectification.ledger(prepared.items)
    numbers = ledger.item.map(records.shown)
    ledger = ledger.take(ordered(zip(ledger.finished, ledger.township, ledger.village, numbers)))
    found = rows(rectification.LedgerRow, ledger)
    cells = ledger.cells(
        number=[records.shown(row.item) for row in found],
        photos=[_photos(row) for row in found],
        acceptance=[_acceptance(row) for row in found],
        closed_text=[f"已销号 {row.closed_on[:10]}".strip() if row.closed else "" for row in found],
        remarks=["；".join(rectification.remarks(row.item, row.findings)) for row in found],
    )
    summed = (
        "to_rectify_area", "to_rectify_farmland", "to_rectify_basic_farmland", "removed", "removed_farmland", "regularised",
        "regularised_farmland", "remaining",
    )  # fmt: skip
    return listing(prepared, "rectification", cells, summed)


def _photos(row: rectification.LedgerRow) -> str:
    counts = (row.before_photos, row.during_photos, row.after_photos)
    return "/".join("—" if is_missing(count) else str(int(count)) for count in counts) if row.has_record else ""


def _acceptance(row: rectification.LedgerRow) -> str:
    if not row.accepted:
        return ""
    area = row.accepted_area_m2
    return f"{row.accepted_by} {row.accepted_on[:10]}" + ("" if is_missing(area) else f" {area:.2f} m²")
