"""The seven statistics tables of practice: 逐县统计, 违法线索统计, 非农违法图斑清单, 流程进度, 变更调查日报, 地类, 总体情况（百亩）.

Columns, titles and order are data (``resources/oversight/tables.yaml``). Sums are taken over raw values and rounded once; rates of the
total row come from the totals; checks are shown as they come out. Each function takes what :func:`prepare` made of a snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ..geodesy.units import half_up
from ..model.messages import Message
from . import batches, records, rectification
from .building import (
    LEVELS,
    Prepared,
    build,
    by_parcel,
    categories,
    checked,
    counted,
    listing,
    merge,
    named,
    prepare,
    ratio,
    subtitle,
    titled,
    unknown_areas,
)
from .columns import Mask, ordered
from .data import figures as figures_file
from .data import review
from .item_columns import AREAS, ILLEGAL, Items
from .rounding import rate
from .table import TOTAL, Column, Figure, Grouped, Table, cell, grouped, layout

NO_CLASS = "（未认定）"


def all_tables(snapshot: records.Snapshot, as_of: date, by: str | None = None) -> tuple[Table, ...]:
    """Every statistics table of a snapshot as of a day, in the order of a workbook; ``by`` as in :func:`prepare`."""
    return prepared_tables(prepare(snapshot, as_of, by))


def prepared_tables(prepared: Prepared) -> tuple[Table, ...]:
    """Every statistics table, in the order of a workbook."""
    return (
        county_statistics(prepared),
        violation_statistics(prepared, "nonagri"),
        violation_statistics(prepared, "nongrain"),
        violation_list(prepared, "nonagri"),
        violation_list(prepared, "nongrain"),
        rectification_checks(prepared, "nonagri"),
        rectification_checks(prepared, "nongrain"),
        progress(prepared),
        progress_detail(prepared),
        daily(prepared),
        daily_detail(prepared),
        *classes(prepared),
        province(prepared),
    )


def county_statistics(prepared: Prepared) -> Table:
    """逐县统计: issued, verified, 非农违法, 非粮违法 × count, 耕地, 基本农田; by 非农违法耕地 descending."""
    prepared = prepared.land()
    whole, items = prepared.originals, prepared.items
    everything = _triple("original", np.ones(len(whole), bool), whole.farmland, whole.basic_farmland)
    issued = grouped(whole.item, prepared.names(whole), everything)
    figures = _triple("verified", np.ones(len(items), bool), items.farmland, items.basic_farmland)
    for kind in ILLEGAL:
        farmland, basic_farmland = items.illegal_of(kind, "farmland"), items.illegal_of(kind, "basic_farmland")
        figures += _triple(kind, items.of_kind(kind), farmland, basic_farmland)
    verified = grouped(items.item, prepared.names(items), figures)
    unknown = unknown_areas(items.nonagri_farmland, items.nonagri, "farmland")
    notes = [counted(len(items)), *unknown, *_undecided(items)]
    return build(prepared, "county_statistics", merge(issued, verified), notes)


def violation_statistics(prepared: Prepared, kind: str) -> Table:
    """违法线索统计 of ``nonagri`` (非农) or ``nongrain`` (非粮); by 未整改耕地 descending; non-zero checks are shown."""
    prepared = prepared.land()
    items = prepared.items.where(prepared.items.of_kind(kind))
    area, farmland = items.illegal_of(kind), items.illegal_of(kind, "farmland")
    everything, done = np.ones(len(items), bool), items.finished
    figures: list[Figure] = []
    for key, mask, first, second in (
        ("all", everything, area, farmland),
        ("done", done, area, farmland),
        ("removed", items.by_removal, items.removed, items.removed_farmland),
        ("regularised", items.by_regularising, items.regularised, items.regularised_farmland),
        ("open", ~done, area, farmland),
    ):
        figures += [
            Figure(f"{key}_count", mask),
            Figure(f"{key}_area", mask, first),
            Figure(f"{key}_farmland", mask, second),
        ]
    figures += [Figure(f"check_all_{suffix}", everything) for suffix in ("count", "area", "farmland")]
    figures += [Figure("check_ways_count", done & (items.by_removal == items.by_regularising))]
    result = grouped(items.item, prepared.names(items), figures)

    def derive(raw: Mapping[str, float]) -> Mapping[str, float | None]:
        checks: dict[str, float | None] = {
            f"check_all_{suffix}": raw[f"all_{suffix}"] - raw[f"done_{suffix}"] - raw[f"open_{suffix}"]
            for suffix in ("count", "area", "farmland")
        }
        checks["check_ways_count"] = raw["done_count"] - raw["removed_count"] - raw["regularised_count"]
        return checks

    identities = rectification.identities(prepared.items, kind)
    notes = [
        checked("oversight.tables.checks", len(items)),
        *unknown_areas(area, everything),
        *unknown_areas(farmland, everything, "farmland"),
        *_identity_notes(identities),
    ]
    return build(prepared, f"violation_statistics_{kind}", result, notes, derive)


def violation_list(prepared: Prepared, kind: str) -> Table:
    """违法图斑清单, one row an item; county ascending, then 耕地 descending."""
    prepared = prepared.land()
    items = prepared.items.where(prepared.items.of_kind(kind))
    numbers = items.item.map(records.shown)
    sizes = items.illegal_of(kind, "farmland").fillna(0.0).mul(-1)
    items = items.take(ordered(zip(prepared.names(items), sizes, map(batches.sort_key, items.batch), numbers)))
    cells = items.cells(
        name=prepared.names(items),
        area=items.illegal_of(kind),
        farmland=items.illegal_of(kind, "farmland"),
        basic_farmland=items.illegal_of(kind, "basic_farmland"),
        number=items.item.map(records.shown),
        finished=items.finished.map({True: "是", False: "否"}),
    )
    return listing(prepared, f"violation_list_{kind}", cells, AREAS)


def rectification_checks(prepared: Prepared, kind: str) -> Table:
    """The identities of rectification with their differences, how many items were checked and skipped, and which explain it."""
    prepared = prepared.land()
    result = rectification.identities(prepared.items, kind)
    drawn = layout("rectification_checks")
    rows: list[tuple[Any, ...]] = []
    keys: dict[str, tuple[str, ...]] = {}
    row_keys: list[str] = []
    for row in result:
        counting = row.code.endswith("count") or row.code == "remainder"
        value = cell("check_count" if counting else "check_area", row.value if row.checked else None)
        note = "0 项被检查！" if not row.checked else ""
        rows.append((row.name, row.checked, row.skipped, value, len(row.items), note))
        row_keys.append(row.code)
        keys[f"rectification_checks_{kind}/{row.code}/value"] = row.items
        keys[f"rectification_checks_{kind}/{row.code}/items"] = row.items
    kind_title = figures_file().group_titles[f"{kind}_illegal"]
    notes = (Message("oversight.tables.identities_not_fixed"),)
    return Table(
        f"rectification_checks_{kind}",
        f"{kind_title}{drawn.title}",
        drawn.columns,
        tuple(rows),
        tuple(row_keys),
        None,
        notes,
        keys,
        subtitle(prepared),
        drawn.entry.source,
    )


def progress(prepared: Prepared) -> Table:
    """流程进度逐县汇总: the sets of the review states (``resources/oversight/review.yaml``) and the area."""
    parcels = _to_file(prepared)
    everything = np.ones(len(parcels), bool)
    figures = [Figure("all_count", everything), Figure("area", everything, parcels.area)]
    for key in (
        "filed",
        "city_reviewed",
        "finished",
        "returned",
        "city_waiting",
        "province_returned",
        "passed",
        "not_passed",
        "to_fill",
    ):
        figures.append(Figure(key, parcels.in_set(key)))
    for key, code in (("untouched", "1"), ("unsubmitted", "2"), ("submitted", "4")):
        figures.append(Figure(key, parcels.review_to_fill & (parcels.review_state_code == code)))
    result = grouped(parcels.item, prepared.names(parcels), figures)
    return build(prepared, "progress", result, [Message("oversight.tables.review_sets"), *_review_notes(parcels)])


def progress_detail(prepared: Prepared) -> Table:
    """流程进度图斑明细, in the order of county, batch, number."""
    parcels = _in_batch_order(prepared, _to_file(prepared))
    sets = review().sets
    inside = [parcels.in_set(key) for key in sets]
    cells = parcels.cells(
        name=prepared.names(parcels),
        number=parcels.parcel,
        stage=parcels.review_stage_name,
        state=parcels.review_state_name,
        returned=_returned(parcels),
        category=_decided(prepared, parcels),
        sets=["、".join(entry.title for entry, one in zip(sets.values(), row) if one) for row in zip(*inside)],
    )
    return listing(prepared, "progress_detail", cells, ("area",))


def daily(prepared: Prepared) -> Table:
    """变更调查日报逐县汇总; by 未填报 descending. 填报率 = 已填报 / 总线索, 差错率 = 已打回 / 已填报, blank where the denominator is 0."""
    parcels = _to_file(prepared)
    everything = np.ones(len(parcels), bool)
    figures = [Figure("all_count", everything), Figure("not_filed", ~parcels.review_filed)]
    figures += [
        Figure(key, parcels.in_set(key))
        for key in ("finished", "returned", "city_waiting", "province_waiting", "filed")
    ]
    figures += [Figure("filed_rate", everything), Figure("error_rate", parcels.review_filed)]
    result = grouped(parcels.item, prepared.names(parcels), figures)

    def derive(raw: Mapping[str, float]) -> Mapping[str, float | None]:
        return {"filed_rate": ratio(raw["filed"], raw["all_count"]), "error_rate": ratio(raw["returned"], raw["filed"])}

    return build(prepared, "daily", result, [Message("oversight.tables.daily_rates"), *_review_notes(parcels)], derive)


def daily_detail(prepared: Prepared) -> Table:
    """变更调查日报明细."""
    parcels = _in_batch_order(prepared, _to_file(prepared))
    at = {number: position for position, number in enumerate(prepared.parcels.number)}
    given = prepared.delivered.take([at[number] for number in parcels.parcel])
    cells = parcels.cells(
        name=prepared.names(parcels),
        number=parcels.parcel,
        parcel_number=given.parcel_number,
        type=records.first_text(given.kind),
        feature=given.feature,
        base_class=given.base_class,
        rectification=parcels.method.where(parcels.illegal, ""),
        category=_decided(prepared, parcels),
        stage=parcels.review_stage_name,
        state=parcels.review_state_name,
        returned=_returned(parcels),
    )
    return listing(prepared, "daily_detail", cells, ("area",))


def classes(prepared: Prepared) -> tuple[Table, Table, Table, Table]:
    """地类: summary by class, county × class counts, county × class areas, and the main four classes of each county.

    A blank class is a row of its own, （未认定）, always last.
    """
    prepared = prepared.land()
    items = prepared.items
    names = prepared.names(items)
    class_of = items.class_.where(items.class_ != "", NO_CLASS)
    everything = np.ones(len(items), bool)
    counted_by = [Figure("count", everything), Figure("area", everything, items.area)]
    by_class = grouped(items.item, class_of, counted_by)
    order = sorted(by_class.names, key=lambda name: (name == NO_CLASS, -by_class.value("count", name), name))
    summary = _class_summary(prepared, by_class, order, pd.crosstab(class_of, names))
    sheets = []
    for suffix, kind, values in (("counts", "count", None), ("areas", "area", items.area)):
        figures = [Figure(name, class_of == name, values) for name in order] + [Figure("all", everything, values)]
        drawn = layout(f"classes_{suffix}")
        spread = (
            *drawn.columns,
            *(Column(name, name, kind, width=9) for name in order),
            Column("all", "合计", kind, width=11),
        )
        drawn = replace(drawn, columns=spread, entry=replace(drawn.entry, sort=("all",)))
        table = build(prepared, drawn, grouped(items.item, names, figures), [])
        sheets.append(table)
    return summary, sheets[0], sheets[1], _class_lines(prepared, sheets[0], sheets[1], order)


def province(prepared: Prepared) -> Table:
    """总体情况: count, 监测面积, 耕地 of all verified items and of the 百亩 ones (耕地 at or above the threshold in the data)."""
    prepared = prepared.land()
    items = prepared.items
    large = is_large(items)
    everything = np.ones(len(items), bool)
    figures = []
    for prefix, mask in (("", everything), ("large_", large)):
        figures += [
            Figure(f"{prefix}count", mask),
            Figure(f"{prefix}area", mask, items.area),
            Figure(f"{prefix}farmland", mask, items.farmland),
        ]
    rule = figures_file().large_farmland
    unknown = unknown_areas(items.farmland, everything, "farmland")
    notes = [Message("oversight.tables.large", {"mu": rule.mu}), *unknown]
    return build(prepared, "province", grouped(items.item, prepared.names(items), figures), notes)


def is_large(items: Items) -> pd.Series:
    """百亩: 耕地 of at least 100 亩."""
    rule = figures_file().large_farmland
    return items.area_of(rule.measure) >= float(rule.mu)


def _class_summary(prepared: Prepared, by_class: Grouped, order: Sequence[str], counties: pd.DataFrame) -> Table:
    drawn = layout("classes")
    keys: dict[str, tuple[str, ...]] = {}
    rows: list[tuple[Any, ...]] = []
    for index, name in enumerate([*order, TOTAL], start=1):
        count, area = by_class.value("count", name), by_class.value("area", name)
        spread = (counties.sum() if name == TOTAL else counties.loc[[name]].sum()).tolist()
        present = {str(county): int(number) for county, number in zip(counties.columns, spread) if number > 0}
        top = sorted(present.items(), key=lambda entry: (-entry[1], entry[0]))[:3]
        values = {
            "index": index if name != TOTAL else "",
            "class": name if name != TOTAL else "合计",
            "count": round(count),
            "count_share": rate(count, by_class.value("count", TOTAL)),
            "area": half_up(area),
            "area_share": rate(area, by_class.value("area", TOTAL)),
            "mean": half_up(area / count) if count else None,
            "counties": len(present),
            "top": "、".join(f"{county}（{number}）" for county, number in top) if name != TOTAL else "",
        }
        rows.append(tuple(values[column.key] for column in drawn.columns))
        for column in drawn.columns:
            if column.kind in ("count", "area", "rate"):
                keys[f"classes/{name}/{column.key}"] = by_class.items["count"].get(name, ())
    columns = tuple(
        replace(column, title=column.title.replace("县", LEVELS[prepared.by][0]))
        if column.key in ("counties", "top")
        else column
        for column in drawn.columns
    )
    return Table(
        "classes",
        drawn.title,
        columns,
        tuple(rows[:-1]),
        tuple(order),
        rows[-1],
        (Message("oversight.tables.rounding"),),
        keys,
        subtitle(prepared),
        drawn.entry.source,
    )


def _class_lines(prepared: Prepared, counts: Table, areas: Table, order: Sequence[str]) -> Table:
    drawn = layout("classes_lines")
    rows, keys = [], {}
    for name in counts.row_keys:
        main = sorted(order, key=lambda each: (-counts.value(name, each), each))[:4]
        line = "；".join(
            f"{each} {counts.value(name, each)} 个 {areas.value(name, each)} 亩"
            for each in main
            if counts.value(name, each)
        )
        rows.append((name, counts.value(name, "all"), areas.value(name, "all"), line))
        keys[f"classes_lines/{name}/count"] = keys[f"classes_lines/{name}/area"] = counts.items(name, "all")
    columns = named(prepared, drawn.columns)
    return Table(
        drawn.id, titled(prepared, drawn.title), columns, tuple(rows), counts.row_keys, None, (), keys, subtitle(prepared),
        drawn.entry.source,
    )  # fmt: skip


def _triple(prefix: str, mask: Mask, farmland: pd.Series, basic_farmland: pd.Series) -> list[Figure]:
    return [
        Figure(f"{prefix}_count", mask),
        Figure(f"{prefix}_farmland", mask, farmland),
        Figure(f"{prefix}_basic_farmland", mask, basic_farmland),
    ]


def _to_file(prepared: Prepared) -> Items:
    """The parcels that walk through the review: undivided ones and children, one row a parcel (parts share their parcel's state)."""
    parcels = by_parcel(prepared)
    divided = set(prepared.items.parcel[prepared.items.part != ""])
    known = parcels.parcel.map(dict(zip(prepared.originals.parcel, prepared.originals.area)))
    return parcels.changed(area=known.where(known.notna() & parcels.parcel.isin(divided), parcels.area))


def _decided(prepared: Prepared, parcels: Items) -> list[str]:
    """Categories of a parcel, of its parts joined."""
    found = categories(prepared)
    return ["、".join(found[parcel]) for parcel in parcels.parcel]


def _returned(parcels: Items) -> list[str]:
    """打回状态 by name; an unknown code as it is."""
    names = review().returns
    return [names.get(code, code) for code in parcels.review_returned_code]


def _in_batch_order(prepared: Prepared, parcels: Items) -> Items:
    keys = zip(prepared.names(parcels), map(batches.sort_key, parcels.batch), parcels.parcel)
    return parcels.take(ordered(keys))


def _undecided(items: Items) -> list[Message]:
    found = []
    for group, code in (("undecided", "undecided"), ("unknown", "unknown_category"), ("doubtful", "doubtful")):
        count = int((items.group == group).sum())
        if count:
            found.append(Message(f"oversight.tables.{code}", {"count": count}))
    return found


def _identity_notes(identities: Iterable[rectification.Identity]) -> list[Message]:
    broken = [identity for identity in identities if identity.value or identity.items]
    return [Message("oversight.tables.identity", {"name": each.name, "count": len(each.items)}) for each in broken]


def _review_notes(parcels: Items) -> list[Message]:
    """The identity 总线索 = 101 + 90 + 95 + 97 + 未填报, where an unknown stage breaks it."""
    unknown = [name for name in parcels.review_stage_name if name.startswith("未知(")]
    notes = [counted(len(parcels))]
    if unknown:
        notes.append(
            Message(
                "oversight.tables.unknown_stage", {"count": len(unknown), "stages": "、".join(sorted(set(unknown)))}
            )
        )
    return notes
