"""The figures of the summary and of the one-page overview: one collection, taken from the same tables as the workbooks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from ..geodesy.units import half_up
from ..model.messages import Message, render
from ..office.dates import dates_in_words
from . import assessment, charts, deadlines, error_rates, records, rectification, registers, tables
from .building import LEVELS, NO_NAME, Prepared
from .data import assessment as assessment_file
from .data import figures as figures_file
from .item_columns import MINING, Items
from .office import letter, office_of
from .rounding import rate
from .table import TOTAL, Table

#: What a summary shows where there is no figure.
NO_FIGURE = "—"


@dataclass(frozen=True)
class Overview:
    """``figures`` by name as text; ``ids`` the table figure each was taken from; rows for the tables of the text; notes; pictures."""

    area: str
    year: int
    as_of: date
    level: str
    figures: Mapping[str, str]
    ids: Mapping[str, str]
    categories: Sequence[Mapping[str, str]]
    units: Sequence[Mapping[str, str]]
    attention: Sequence[Mapping[str, str]]
    problems: Sequence[str]
    notes: Sequence[str]
    pictures: Mapping[str, bytes]
    addressee: str = ""  # 主送
    signed_by: str = ""  # 落款


#: Name of a figure → table, column of its total row (or "row/column").
_TAKEN = {
    "issued_land": ("county_statistics", "original_count"),
    "issued_farmland": ("county_statistics", "original_farmland"),
    "verified_land": ("county_statistics", "verified_count"),
    "area": ("province", "area"),
    "farmland": ("province", "farmland"),
    "large": ("province", "large_count"),
    "large_farmland": ("province", "large_farmland"),
    "nonagri": ("county_statistics", "nonagri_count"),
    "nonagri_farmland": ("county_statistics", "nonagri_farmland"),
    "nonagri_basic_farmland": ("county_statistics", "nonagri_basic_farmland"),
    "nongrain": ("county_statistics", "nongrain_count"),
    "nongrain_farmland": ("county_statistics", "nongrain_farmland"),
    "nonagri_area": ("violation_statistics_nonagri", "all_area"),
    "nonagri_done": ("violation_statistics_nonagri", "done_count"),
    "nonagri_done_area": ("violation_statistics_nonagri", "done_area"),
    "nonagri_removed": ("violation_statistics_nonagri", "removed_count"),
    "nonagri_removed_area": ("violation_statistics_nonagri", "removed_area"),
    "nonagri_regularised": ("violation_statistics_nonagri", "regularised_count"),
    "nonagri_regularised_area": ("violation_statistics_nonagri", "regularised_area"),
    "nonagri_open": ("violation_statistics_nonagri", "open_count"),
    "nonagri_open_area": ("violation_statistics_nonagri", "open_area"),
    "nonagri_open_farmland": ("violation_statistics_nonagri", "open_farmland"),
    "nongrain_done": ("violation_statistics_nongrain", "done_count"),
    "nongrain_open": ("violation_statistics_nongrain", "open_count"),
    "to_file": ("deadlines", "all_count"),
    "filed": ("deadlines", "done"),
    "overdue": ("deadlines", "overdue"),
    "not_due": ("deadlines", "open"),
    "no_deadline": ("deadlines", "none"),
    "finished": ("daily", "finished"),
    "returned": ("daily", "returned"),
    "filed_rate": ("daily", "filed_rate"),
    "farmland_ratio": ("assessment", "farmland_ratio"),
    "farmland_ratio_after": ("assessment", "farmland_ratio_after"),
    "legal_farmland": ("assessment", "legal_farmland"),
    "illegal_farmland": ("assessment", "illegal_farmland"),
    "deducted": ("assessment", "deducted"),
    "duty_rate": ("assessment", "duty_rate"),
    "rectified_rate": ("assessment", "rectified_rate"),
    "daily_checked": ("error_rates", "daily_checked"),
    "daily_wrong": ("error_rates", "daily_wrong"),
    "daily_rate": ("error_rates", "daily_rate"),
    "annual_checked": ("error_rates", "annual_checked"),
    "annual_wrong": ("error_rates", "annual_wrong"),
    "annual_rate": ("error_rates", "annual_rate"),
}


def collect(
    snapshot: records.Snapshot,
    prepared: Prepared,
    calendar: deadlines.Calendar,
    made: Sequence[Table] = (),
    pictures: bool = True,
) -> Overview:
    """Everything a summary says, as of the day of ``prepared``; ``made`` are tables that were made already."""
    wanted = {table for table, _ in _TAKEN.values()} | {"ranking"}
    found = {table.id: table for table in made}
    if not wanted <= set(found):
        found.update({table.id: table for table in _tables(snapshot, prepared, calendar)})
    figures: dict[str, str] = {}
    ids: dict[str, str] = {}
    for name, (table, column) in _TAKEN.items():
        kind = next(each.kind for each in found[table].columns if each.key == column)
        figures[name] = text(found[table].value(TOTAL, column), kind)
        ids[name] = found[table].figure_id(TOTAL, column)
    figures.update(_counts(prepared))
    figures["line"] = f"{assessment_file().farmland_ratio.line:.0%}"
    figures["large_mu"] = f"{figures_file().large_farmland.mu}"
    assessed, ranking = found["assessment"], found["ranking"]
    notes = [
        dates_in_words(render(message))
        for table in ("county_statistics", "error_rates", "assessment", "ranking")
        for message in found[table].footnotes
        if message.code != "oversight.tables.rounding"
    ]
    notes.append(render(Message("oversight.tables.rounding")))
    return Overview(
        _area_name(prepared), prepared.year, prepared.as_of, LEVELS[prepared.by], figures, ids,
        _categories(prepared), _units(assessed, ranking), _attention(ranking), _problems(prepared),
        tuple(dict.fromkeys(notes)), _pictures(prepared, found) if pictures else {}, *letter(office_of(snapshot)),
    )  # fmt: skip


def _counts(prepared: Prepared) -> dict[str, str]:
    """Parcels, each once: issued (land and mining together and apart), decided, open and doubtful. Decided + open = to be filed."""
    items, kinds = prepared.items, prepared.originals.kind
    parcels, left = items.parcel.nunique(), items.parcel[items.open].nunique()
    return {
        "issued": str(len(prepared.originals)),
        "issued_mining": str(int((kinds == MINING).sum())),
        "verified": str(len(items)),
        "decided": str(parcels - left),
        "undecided": str(left),
        "doubtful": str(items.parcel[items.group == "doubtful"].nunique()),
    }


def text(value: Any, kind: str) -> str:
    """A cell as a sentence shows it."""
    if value is None or value == "":
        return NO_FIGURE
    return f"{value * 100:.2f}%" if kind == "rate" else str(value)


def _tables(snapshot: records.Snapshot, prepared: Prepared, calendar: deadlines.Calendar) -> list[Table]:
    return [
        tables.county_statistics(prepared),
        tables.violation_statistics(prepared, "nonagri"),
        tables.violation_statistics(prepared, "nongrain"),
        tables.daily(prepared),
        tables.province(prepared),
        *assessment.tables(snapshot, prepared, calendar),
        error_rates.tables(snapshot, prepared, calendar)[0],
        registers.deadline_tables(prepared)[0],
    ]


def _area_name(prepared: Prepared) -> str:
    """The place that the summary is about: the one name above the level of the rows."""
    for level, places in (("township", prepared.items.township), ("county", prepared.items.county)):
        names = [name for name in places.unique() if name]
        if len(names) == 1 and (level != "township" or prepared.by == "village"):
            return str(names[0])
    return ""


def _categories(prepared: Prepared) -> tuple[Mapping[str, str], ...]:
    titles = figures_file().group_titles
    items = prepared.land().items
    rows = []
    for group in charts.COLOURS:
        own = items.where(items.group == group)
        if len(own):
            rows.append(_category(titles[group], own, len(items)))
    rows.append(_category("合计", items, len(items)))
    return tuple(rows)


def _category(name: str, own: Items, total: int) -> Mapping[str, str]:
    return {
        "name": name, "count": str(len(own)), "share": text(rate(len(own), total), "rate"),
        "area": text(_sum(own.area), "area"), "farmland": text(_sum(own.farmland), "area"),
        "basic_farmland": text(_sum(own.basic_farmland), "area"),
    }  # fmt: skip


def _sum(values: pd.Series) -> Decimal | None:
    return half_up(float(values.sum())) if values.notna().any() or not len(values) else None


def _units(assessed: Table, ranking: Table) -> tuple[Mapping[str, str], ...]:
    """One row a unit in the order of the ranking, then the total."""
    names = [name for name in ranking.row_keys if name in assessed.row_keys]
    rows = []
    for name in [*names, TOTAL]:
        row = {
            column.key: text(assessed.value(name, column.key), column.kind)
            for column in assessed.columns
            if column.key != "name"
        }
        row["name"] = "合计" if name == TOTAL else name
        row["rank"] = "" if name == TOTAL else text(ranking.value(name, "rank"), "index")
        row["score"] = "" if name == TOTAL else text(ranking.value(name, "score"), "score")
        rows.append(row)
    return tuple(rows)


def _attention(ranking: Table) -> tuple[Mapping[str, str], ...]:
    return tuple(
        {"name": name, "why": str(ranking.value(name, "attention"))}
        for name in ranking.row_keys
        if ranking.value(name, "attention") and name != NO_NAME
    )


def _problems(prepared: Prepared) -> tuple[str, ...]:
    """What the ledger of rectification says most often: counts a writer can start from."""
    words = {
        "remainder_unknown": "没有填写剩余未整改面积", "remainder_negative": "剩余未整改面积为负",
        "areas_do_not_add_up": "违法面积与拆除、补办、剩余之和不一致",
        "part_above_whole": "整改耕地大于整改面积", "photos_missing": "拆除复耕缺少前、中、后影像", "not_accepted": "没有复耕验收意见",
        "closed_unfinished": "已销号但未整改到位", "before_penalty": "已补办手续但没有处罚执行到位记录",
    }  # fmt: skip
    ledger = rectification.ledger(prepared.land().items)
    codes = [code for found in ledger.findings for code in {each.code for each in found}]
    counts = Counter(sorted(code.rpartition(".")[2] for code in codes))
    return tuple(f"{words[code]}的违法图斑 {count} 个" for code, count in counts.most_common())


def _pictures(prepared: Prepared, found: Mapping[str, Table]) -> Mapping[str, bytes]:
    prepared = prepared.land()
    items = prepared.items
    counts = {str(group): int(count) for group, count in items.group.value_counts().items()}
    due = prepared.due
    illegal = [found["violation_statistics_nonagri"], found["violation_statistics_nongrain"]]
    done: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for table in illegal:
        for name in table.row_keys:
            done[name] += int(table.value(name, "done_count"))
            left[name] += int(table.value(name, "open_count"))
    assessed = found["assessment"]
    pictures = {
        "categories": charts.categories(counts),
        "months": charts.months(due),
        "rectification": charts.rectification([(name, done[name], left[name]) for name in done]),
        "ratios": charts.ratios(
            [
                (name, assessed.value(name, "farmland_ratio"), assessed.value(name, "farmland_ratio_after"))
                for name in assessed.row_keys
            ],
            assessment_file().farmland_ratio.line,
        ),
    }
    shapes = dict(zip(prepared.parcels.number, prepared.parcels.geometry))
    whole = items.first_of(items.parcel)
    drawn = charts.area_map(
        [shapes.get(number) for number in whole.parcel], whole.group.tolist(), whole.village.tolist()
    )
    if drawn is not None:
        pictures["map"] = drawn
    return pictures
