"""What the tables are built with: a snapshot prepared for a day, grouped tables, listings, and their notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import pandas as pd

from ..geodesy.units import half_up
from ..judgment.returns import Return, returns
from ..judgment.standing import ParcelStanding, action_of
from ..model.messages import Message
from ..model.values import is_blank
from ..model.words import DecisionAction
from ..office.dates import chinese_day
from . import deadlines, part_areas, records, years
from . import items as verified_items
from .columns import Mask, series
from .data import tables
from .item_columns import LAND, Items, Originals
from .table import TOTAL, Column, Grouped, Layout, Table, cell, layout

#: What the rows of a grouped table stand for.
LEVELS = {"county": "县（市、区）", "township": "乡镇（街道）", "village": "村（居）"}
NO_NAME = "（未填）"


class Placed(Protocol):
    """A table that says of each row where it lies."""

    @property
    def county(self) -> pd.Series:
        """District."""

    @property
    def township(self) -> pd.Series:
        """Street or township."""

    @property
    def village(self) -> pd.Series:
        """Village or neighbourhood."""


@dataclass(frozen=True)
class Prepared:
    """A snapshot as of a day, read once for all tables. ``by`` is one of :data:`LEVELS`."""

    as_of: date
    originals: Originals
    items: Items
    parcels: records.StoredParcels
    delivered: records.Delivered
    due: deadlines.Dues
    by: str
    year: int
    filed_on: Mapping[str, str] = field(default_factory=dict)  # parcel → day on which all of it was filed here (ISO)
    returns: Mapping[str, Sequence[Return]] = field(default_factory=dict)  # parcel → its returns (退回), oldest first
    other_years: Mapping[int, int] = field(
        default_factory=dict
    )  # year → parcels of the workspace that are not counted here

    def of_kind(self, kind: str) -> Prepared:
        """The same for land (``land``) or mining (``mining``) parcels only."""
        originals = self.originals.where(self.originals.kind == kind)
        return replace(self, originals=originals, items=self.items.where(self.items.kind == kind))

    def land(self) -> Prepared:
        """Land parcels only: mining is counted apart from land in every statistic."""
        return self._land

    @cached_property
    def one_a_parcel(self) -> Items:
        """As :func:`by_parcel`."""
        return _parts_joined(self)

    @cached_property
    def _land(self) -> Prepared:
        return self.of_kind(LAND)

    def names(self, table: Placed) -> pd.Series:
        """The group of each row of a table; a blank name is a group of its own."""
        names = self.places(table)
        return names.where(names != "", NO_NAME)

    def places(self, table: Placed) -> pd.Series:
        """The name of the place of each row, on the level that the rows of tables stand for; blank where it is not known."""
        found: pd.Series = getattr(table, self.by)
        return found


def prepare(
    snapshot: records.Snapshot,
    as_of: date,
    by: str | None = None,
    calendar: deadlines.Calendar | None = None,
    year: int | None = None,
) -> Prepared:
    """Read the parcels of one year (``year``, or as :func:`years.chosen_year` says) of a snapshot, grouped by county, township or village.

    Without ``by``: the coarsest of the three that has more than one name, so that a sub-district's workspace shows its villages.
    """
    calendar = calendar or deadlines.load_calendar()
    everything = snapshot
    year = years.chosen_year(records.table(snapshot, "parcel"), as_of, calendar.working_year(as_of), year)
    snapshot = years.of_year(snapshot, year)
    base = verified_items.read(snapshot, as_of)
    items = verified_items.verified(snapshot, as_of, base)
    due = deadlines.of_parcels(base.parcels, deadlines.filed(base.parcels, base.reviews), as_of, calendar)
    whole = verified_items.originals(base)
    left_out = years.others(everything, year)
    stands = {number: base.standings.of(number) for number in base.parcels.number}
    filed_on = {number: _filed_on(standing) for number, standing in stands.items()}
    sent_back = {number: tuple(returns(base.standings.history(number))) for number in stands}
    level = by or _coarsest(items)
    return Prepared(as_of, whole, items, base.parcels, base.delivered, due, level, year, filed_on, sent_back, left_out)


def _coarsest(items: Items) -> str:
    """The coarsest level that has more than one name."""
    names = {"county": items.county, "township": items.township, "village": items.village}
    return next((level for level, found in names.items() if found[found != ""].nunique() > 1), "county")


def _filed_on(stands: ParcelStanding) -> str:
    """The day of the last act that filed the parcel or its last part; "" where that was not done here."""
    days = [
        [act.decided_at[:10] for act in unit.acts if action_of(act) == DecisionAction.FILE] for unit in stands.units
    ]
    return max(each[-1] for each in days) if all(days) else ""


#: Columns of an item that its parts may fill differently: a list of parcels shows them all.
_JOINED = (
    "project",
    "owner",
    "use",
    "built",
    "typical",
    "remark",
    "parcel_name",
    "village_attribute",
    "class_",
    "subtype",
)


def by_parcel(prepared: Prepared) -> Items:
    """One row a parcel, from its items: texts that its parts fill differently are joined, ``item`` is the parcel."""
    return prepared.one_a_parcel


def _parts_joined(prepared: Prepared) -> Items:
    items = prepared.items
    first = items.first_of(items.parcel)
    changes: dict[str, pd.Series] = {}
    for name in _JOINED if (items.part != "").any() else ():
        texts: dict[str, dict[str, None]] = {}
        for parcel, text in zip(items.parcel, vars(items)[name]):
            texts.setdefault(parcel, {})[text] = None
        changes[name] = series("、".join(text for text in texts[parcel] if text) for parcel in first.parcel)
    figures = [entry.name for entry in fields(Items) if entry.name.endswith(part_areas.FIGURE)]
    changes.update(dict.fromkeys(figures, series([None] * len(first))))
    states = dict(zip(prepared.parcels.number, prepared.parcels.state))
    return first.changed(item=first.parcel, part=series([""] * len(first)), state=first.parcel.map(states), **changes)


def categories(prepared: Prepared) -> dict[str, tuple[str, ...]]:
    """The categories of each parcel, of its parts in their order; blank ones left out."""
    found: dict[str, dict[str, None]] = {}
    for parcel, category in zip(prepared.items.parcel, prepared.items.category):
        found.setdefault(parcel, {})
        if category:
            found[parcel][category] = None
    return {parcel: tuple(each) for parcel, each in found.items()}


def named(prepared: Prepared, columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns with the name column titled for the level the rows stand for; the level's own column, which would say the same again,
    is left out."""
    if not any(column.key == "name" and column.title.startswith("县") for column in columns):
        return tuple(columns)
    kept = [column for column in columns if column.key != prepared.by]
    return tuple(replace(column, title=LEVELS[prepared.by]) if column.key == "name" else column for column in kept)


def titled(prepared: Prepared, title: str) -> str:
    """A title that says 县 for the level the rows stand for."""
    word = {"county": "县", "township": "乡镇", "village": "村"}[prepared.by]
    return title.replace("逐县", f"逐{word}").replace("各县", f"各{word}")


def build(
    prepared: Prepared,
    drawn: str | Layout,
    result: Grouped,
    notes: Iterable[Message],
    derive: Callable[[Mapping[str, float]], Mapping[str, float | None]] | None = None,
) -> Table:
    """Rows of a grouped result in the layout's columns (``drawn``: a layout or the id of one), sorted by its figure (descending), then
    by name; the total last."""
    drawn = drawn if isinstance(drawn, Layout) else layout(drawn)
    table_id, title, entry = drawn.id, drawn.title, drawn.entry
    columns = named(prepared, drawn.columns)
    figure = entry.sort[0] if entry.sort else None
    figures: dict[str, Mapping[str, float | None]] = {}
    for name in (*result.names, TOTAL):
        raw = {key: result.raw[key].get(name, 0.0) for key in result.raw}
        figures[name] = {**raw, **(derive(raw) if derive else {})}
    names = sorted(
        result.names, key=lambda name: (name == NO_NAME, -_known(figures[name][figure]) if figure else 0, name)
    )
    keys: dict[str, tuple[str, ...]] = {}

    def row(name: str, index: Any, label: str) -> tuple[Any, ...]:
        cells: list[Any] = []
        for column in columns:
            if column.key in ("name", "index"):
                cells.append(label if column.key == "name" else index)
                continue
            cells.append(cell(column.kind, figures[name][column.key]))
            keys[f"{table_id}/{name}/{column.key}"] = result.items[column.key].get(name, ())
        return tuple(cells)

    rows = tuple(row(name, index, name) for index, name in enumerate(names, start=1))
    total = row(TOTAL, "", "合计")
    return Table(
        table_id,
        titled(prepared, title),
        columns,
        rows,
        tuple(names),
        total,
        (*notes, Message("oversight.tables.rounding")),
        keys,
        subtitle(prepared),
        entry.source or tables().source,
    )


def _known(value: float | None) -> float:
    """For ordering: what is not known stands last."""
    return -1.0 if value is None or value != value else value


def listing(prepared: Prepared, table_id: str, cells: Mapping[str, Iterable[Any]], summed: Sequence[str] = ()) -> Table:
    """One row an item, with sums of the ``summed`` columns below. ``cells``: the columns that the layout asks for, and ``item``."""
    drawn = layout(table_id)
    columns = named(prepared, drawn.columns)
    everything = tuple(cells["item"])
    total: list[Any] = []
    keys: dict[str, tuple[str, ...]] = {}
    for column in columns:
        if column.key in summed:
            total.append(half_up(float(pd.Series(cells[column.key]).sum())))
            keys[f"{table_id}/{TOTAL}/{column.key}"] = everything
            keys.update({f"{table_id}/{item}/{column.key}": (item,) for item in everything})
        else:
            total.append("合计" if column.key == "name" else "")
    notes = (Message("oversight.tables.listed", {"count": len(set(everything))}), Message("oversight.tables.rounding"))
    return Table(
        table_id,
        drawn.title,
        columns,
        tuple(zip(*(_cells(column, cells, len(everything)) for column in columns))),
        everything,
        tuple(total) if summed else None,
        notes,
        keys,
        subtitle(prepared),
        drawn.entry.source,
    )


def _cells(column: Column, cells: Mapping[str, Iterable[Any]], count: int) -> list[object]:
    """A column as a table shows it: whole counts, areas rounded once (of parts as the forms print them), text."""
    if column.key == "index":
        return list(range(1, count + 1))
    values = cells[column.key]
    if column.kind in ("count", "days", "check_count"):
        return [None if is_blank(value) else int(value) for value in values]
    if column.kind in ("area", "rate"):
        figures = cells.get(column.key + part_areas.FIGURE, [None] * count)
        return [half_up(value) if is_blank(own) else own for own, value in zip(figures, values)]
    return ["" if is_blank(value) else str(value) for value in values]


def merge(first: Grouped, second: Grouped) -> Grouped:
    """Two groupings as one: the names of both, the first ones first, and the figures of both (those of the second win)."""
    names = tuple(dict.fromkeys((*first.names, *second.names)))
    return Grouped(names, {**first.raw, **second.raw}, {**first.items, **second.items})


def ratio(numerator: float, denominator: float) -> float | None:
    """A quotient; None where there is nothing to divide by."""
    return numerator / denominator if denominator else None


# ---- notes ----


def subtitle(prepared: Prepared) -> str:
    """The line below a title: year, day and unit, and what of other years is left out."""
    left = "、".join(f"{year} 年 {count} 个" for year, count in prepared.other_years.items())
    return f"{prepared.year}年度　截至 {chinese_day(prepared.as_of)}　面积单位：亩" + (
        f"（另有{left}图斑，不计入本表）" if left else ""
    )


def counted(count: int) -> Message:
    """The footnote that says how many items a table counts."""
    return checked("oversight.tables.items", count)


def checked(code: str, count: int) -> Message:
    """Zero is said loudly: a check over nothing must not look like a check that passed."""
    return Message("oversight.tables.zero_checked") if not count else Message(code, {"count": count})


def unknown_areas(areas: pd.Series, mask: Mask, area: str = "area", of: str = "") -> list[Message]:
    """A note on how many of the rows in ``mask`` have no figure in ``areas``; ``area`` says which it is, ``of`` names these rows."""
    missing = int((areas.isna() & np.asarray(mask, bool)).sum())
    name = {"area": "面积", "farmland": "耕地面积", "basic_farmland": "基本农田面积"}[area]
    return [Message("oversight.tables.unknown_area", {"count": missing, "area": name, "of": of})] if missing else []
