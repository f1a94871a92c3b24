"""What the tables are built with: a snapshot prepared for a day, grouped tables, listings, and their notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ..geodesy.units import half_up
from ..judgment.returns import Return, returns
from ..judgment.standing import ParcelStanding, action_of
from ..model.messages import Message
from ..model.values import is_blank
from ..model.words import DecisionAction
from ..office.dates import chinese_day
from . import deadlines, part_areas, records, rectification, years
from . import items as verified_items
from .data import tables
from .table import TOTAL, Column, Grouped, Layout, Table, cell, layout

#: What the rows of a grouped table stand for.
LEVELS = {"county": "县（市、区）", "township": "乡镇（街道）", "village": "村（居）"}
NO_NAME = "（未填）"


@dataclass(frozen=True)
class Prepared:
    """A snapshot as of a day, read once for all tables. ``by`` is one of :data:`LEVELS`."""

    as_of: date
    originals: pd.DataFrame
    items: pd.DataFrame
    parcels: pd.DataFrame
    delivered: pd.DataFrame
    due: pd.DataFrame  # as deadlines.frame
    by: str
    year: int
    filed_on: Mapping[str, str] = field(default_factory=dict)  # parcel → day on which all of it was filed here (ISO)
    returns: Mapping[str, Sequence[Return]] = field(default_factory=dict)  # parcel → its returns (退回), oldest first
    other_years: Mapping[int, int] = field(
        default_factory=dict
    )  # year → parcels of the workspace that are not counted here

    def of_kind(self, kind: str) -> Prepared:
        """The same for land (``land``) or mining (``mining``) parcels only."""

        def chosen(frame: pd.DataFrame) -> pd.DataFrame:
            return frame[frame["kind"] == kind].reset_index(drop=True)

        return replace(self, originals=chosen(self.originals), items=chosen(self.items))

    def land(self) -> Prepared:
        """Land parcels only: mining is counted apart from land in every statistic."""
        return self.of_kind(verified_items.LAND)

    def names(self, frame: pd.DataFrame) -> pd.Series:
        """The group of each row; a blank name is a group of its own."""
        return frame[self.by].where(frame[self.by] != "", NO_NAME)


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
    items = rectification.add_states(verified_items.verified(snapshot, as_of, base))
    due = deadlines.of_parcels(base.parcels, deadlines.filed(base.parcels, base.states), as_of, calendar)
    if by is None:
        by = next((level for level in LEVELS if items.loc[items[level] != "", level].nunique() > 1), "county")
    whole = verified_items.originals(base)
    left_out = years.others(everything, year)
    filed_on = {number: _filed_on(base.standings.of(number)) for number in base.parcels["number"]}
    sent_back = {number: tuple(returns(base.standings.history(number))) for number in base.parcels["number"]}
    return Prepared(as_of, whole, items, base.parcels, base.delivered, due, by, year, filed_on, sent_back, left_out)


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
    "class",
    "subtype",
)


def by_parcel(prepared: Prepared) -> pd.DataFrame:
    """One row a parcel, from its items: texts that its parts fill differently are joined, ``item`` is the parcel."""
    items = prepared.items
    frame = items.drop_duplicates("parcel").reset_index(drop=True)
    frame = frame.drop(columns=[name for name in frame.columns if name.endswith(part_areas.FIGURE)])
    divided = set(items.loc[items["part"] != "", "parcel"])
    for column in _JOINED if divided else ():
        texts: dict[str, dict[str, None]] = {}
        for parcel, text in zip(items["parcel"], items[column]):
            texts.setdefault(parcel, {})[text] = None
        frame[column] = ["、".join(text for text in texts[parcel] if text) for parcel in frame["parcel"]]
    states = dict(zip(prepared.parcels["number"], prepared.parcels["state"]))
    return frame.assign(item=frame["parcel"], part="", state=frame["parcel"].map(states))


def with_due(prepared: Prepared, frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` (one row a parcel) with ``due, days_left, filed, status``; every parcel that is counted has a due row."""
    columns = prepared.due[["parcel", "due", "days_left", "filed", "status"]]
    return frame.merge(columns, on="parcel", how="inner", validate="one_to_one")


def categories(prepared: Prepared) -> dict[str, tuple[str, ...]]:
    """The categories of each parcel, of its parts in their order; blank ones left out."""
    found: dict[str, dict[str, None]] = {}
    for parcel, category in zip(prepared.items["parcel"], prepared.items["category"]):
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


def listing(prepared: Prepared, table_id: str, frame: pd.DataFrame, summed: Sequence[str]) -> Table:
    """One row an item, with sums of the ``summed`` columns below."""
    frame = records.plain(frame)
    drawn = layout(table_id)
    columns = named(prepared, drawn.columns)
    values: list[list[Any]] = []
    for column in columns:
        if column.key == "index":
            values.append(list(range(1, len(frame) + 1)))
        elif column.kind in ("count", "days", "check_count"):
            values.append([None if is_blank(value) else int(value) for value in frame[column.key]])
        elif column.kind in ("area", "rate"):
            figures = frame.get(column.key + part_areas.FIGURE, [None] * len(frame))
            values.append([half_up(value) if is_blank(own) else own for own, value in zip(figures, frame[column.key])])
        else:
            values.append(["" if is_blank(value) else str(value) for value in frame[column.key]])
    total: list[Any] = []
    keys: dict[str, tuple[str, ...]] = {}
    everything = tuple(frame["item"])
    for column in columns:
        total.append(
            half_up(float(frame[column.key].sum())) if column.key in summed else "合计" if column.key == "name" else ""
        )
        if column.key in summed:
            keys[f"{table_id}/{TOTAL}/{column.key}"] = everything
            keys.update({f"{table_id}/{item}/{column.key}": (item,) for item in everything})
    return Table(
        table_id,
        drawn.title,
        columns,
        tuple(zip(*values)) if len(frame) else (),
        everything,
        tuple(total) if summed else None,
        (
            Message("oversight.tables.listed", {"count": int(frame["item"].nunique())}),
            Message("oversight.tables.rounding"),
        ),
        keys,
        subtitle(prepared),
        drawn.entry.source,
    )


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


def unknown_areas(frame: pd.DataFrame, mask: Any, column: str, of: str = "") -> list[Message]:
    """A note on how many of the rows in ``mask`` have no figure in ``column``; ``of`` names these rows."""
    missing = int((frame[column].isna() & np.asarray(mask, bool)).sum())
    titles = {"area": "面积", "farmland": "耕地面积", "basic_farmland": "基本农田面积"}
    name = next(
        title for key, title in sorted(titles.items(), key=lambda entry: -len(entry[0])) if column.endswith(key)
    )
    return [Message("oversight.tables.unknown_area", {"count": missing, "area": name, "of": of})] if missing else []
