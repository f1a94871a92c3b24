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
from . import items as verified_items
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
from .data import figures as figures_file
from .data import review
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
    issued = grouped(whole, prepared.names(whole), _triple("original", whole, np.ones(len(whole), bool), ""))
    figures = _triple("verified", items, np.ones(len(items), bool), "")
    for kind in verified_items.ILLEGAL:
        figures += _triple(kind, items, items[kind], f"{kind}_")
    verified = grouped(items, prepared.names(items), figures)
    notes = [counted(len(items)), *unknown_areas(items, items["nonagri"], "nonagri_farmland"), *_undecided(items)]
    return build(prepared, "county_statistics", merge(issued, verified), notes)


def violation_statistics(prepared: Prepared, kind: str) -> Table:
    """违法线索统计 of ``nonagri`` (非农) or ``nongrain`` (非粮); by 未整改耕地 descending; non-zero checks are shown."""
    prepared = prepared.land()
    frame = rectification.illegal(prepared.items, kind).reset_index(drop=True)
    area, farmland = frame[f"{kind}_area"], frame[f"{kind}_farmland"]
    everything, done = np.ones(len(frame), bool), frame["finished"].to_numpy(bool)
    figures: list[Figure] = []
    for key, mask, first, second in (
        ("all", everything, area, farmland),
        ("done", done, area, farmland),
        ("removed", frame["by_removal"], frame["removed"], frame["removed_farmland"]),
        ("regularised", frame["by_regularising"], frame["regularised"], frame["regularised_farmland"]),
        ("open", ~done, area, farmland),
    ):
        figures += [
            Figure(f"{key}_count", mask),
            Figure(f"{key}_area", mask, first),
            Figure(f"{key}_farmland", mask, second),
        ]
    figures += [Figure(f"check_all_{suffix}", everything) for suffix in ("count", "area", "farmland")]
    figures += [Figure("check_ways_count", frame["finished"] & (frame["by_removal"] == frame["by_regularising"]))]
    result = grouped(frame, prepared.names(frame), figures)

    def derive(raw: Mapping[str, float]) -> Mapping[str, float | None]:
        checks: dict[str, float | None] = {
            f"check_all_{suffix}": raw[f"all_{suffix}"] - raw[f"done_{suffix}"] - raw[f"open_{suffix}"]
            for suffix in ("count", "area", "farmland")
        }
        checks["check_ways_count"] = raw["done_count"] - raw["removed_count"] - raw["regularised_count"]
        return checks

    identities = rectification.identities(prepared.items, kind)
    notes = [
        checked("oversight.tables.checks", len(frame)),
        *unknown_areas(frame, everything, f"{kind}_area"),
        *unknown_areas(frame, everything, f"{kind}_farmland"),
        *_identity_notes(identities),
    ]
    return build(prepared, f"violation_statistics_{kind}", result, notes, derive)


def violation_list(prepared: Prepared, kind: str) -> Table:
    """违法图斑清单, one row an item; county ascending, then 耕地 descending."""
    prepared = prepared.land()
    frame = rectification.illegal(prepared.items, kind)
    frame = frame.assign(
        name=prepared.names(frame),
        area=frame[f"{kind}_area"],
        farmland=frame[f"{kind}_farmland"],
        basic_farmland=frame[f"{kind}_basic_farmland"],
        number=frame["item"].map(records.shown),
        done=frame["finished"].map({True: "是", False: "否"}),
    )
    sortable = zip(
        frame["name"], frame["farmland"].fillna(0.0).mul(-1), map(batches.sort_key, frame["batch"]), frame["number"]
    )
    frame = frame.iloc[_order(sortable)].drop(columns="finished").rename(columns={"done": "finished"})
    return listing(prepared, f"violation_list_{kind}", frame, ("area", "farmland", "basic_farmland"))


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
    frame = _to_file(prepared)
    figures = [Figure("all_count", np.ones(len(frame), bool)), Figure("area", np.ones(len(frame), bool), frame["area"])]
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
        figures.append(Figure(key, frame[f"review_{key}"]))
    for key, code in (("untouched", "1"), ("unsubmitted", "2"), ("submitted", "4")):
        figures.append(Figure(key, frame["review_to_fill"] & (frame["review_state_code"] == code)))
    result = grouped(frame, prepared.names(frame), figures)
    return build(prepared, "progress", result, [Message("oversight.tables.review_sets"), *_review_notes(frame)])


def progress_detail(prepared: Prepared) -> Table:
    """流程进度图斑明细, in the order of county, batch, number."""
    frame = _to_file(prepared)
    returns, sets = review().returns, review().sets
    frame = frame.assign(
        name=prepared.names(frame),
        number=frame["parcel"],
        stage=frame["review_stage_name"],
        state=frame["review_state_name"],
        returned=[returns.get(code, code) for code in frame["review_returned_code"]],
        category=_decided(prepared, frame),
        sets=["、".join(entry.title for key, entry in sets.items() if row[key]) for row in _set_rows(frame, sets)],
    )
    return listing(prepared, "progress_detail", _in_batch_order(frame), ("area",))


def daily(prepared: Prepared) -> Table:
    """变更调查日报逐县汇总; by 未填报 descending. 填报率 = 已填报 / 总线索, 差错率 = 已打回 / 已填报, blank where the denominator is 0."""
    frame = _to_file(prepared)
    everything = np.ones(len(frame), bool)
    figures = [Figure("all_count", everything), Figure("not_filed", ~frame["review_filed"])]
    figures += [
        Figure(key, frame[f"review_{key}"])
        for key in ("finished", "returned", "city_waiting", "province_waiting", "filed")
    ]
    figures += [Figure("filed_rate", everything), Figure("error_rate", frame["review_filed"])]
    result = grouped(frame, prepared.names(frame), figures)

    def derive(raw: Mapping[str, float]) -> Mapping[str, float | None]:
        return {"filed_rate": ratio(raw["filed"], raw["all_count"]), "error_rate": ratio(raw["returned"], raw["filed"])}

    return build(prepared, "daily", result, [Message("oversight.tables.daily_rates"), *_review_notes(frame)], derive)


def daily_detail(prepared: Prepared) -> Table:
    """变更调查日报明细."""
    frame = _to_file(prepared)
    given = prepared.delivered
    at = {number: position for position, number in enumerate(prepared.parcels["number"])}
    chosen = given.iloc[[at[number] for number in frame["parcel"]]].reset_index(drop=True)
    returns = review().returns
    frame = frame.assign(
        name=prepared.names(frame),
        number=frame["parcel"],
        parcel_number=chosen["parcel_number"],
        type=records.first_text(chosen["kind"]),
        feature=chosen["feature"],
        base_class=chosen["base_class"],
        rectification=frame["method"].where(frame["nonagri"] | frame["nongrain"], ""),
        category=_decided(prepared, frame),
        stage=frame["review_stage_name"],
        state=frame["review_state_name"],
        returned=[returns.get(code, code) for code in frame["review_returned_code"]],
    )
    return listing(prepared, "daily_detail", _in_batch_order(frame), ("area",))


def classes(prepared: Prepared) -> tuple[Table, Table, Table, Table]:
    """地类: summary by class, county × class counts, county × class areas, and the main four classes of each county.

    A blank class is a row of its own, （未认定）, always last.
    """
    prepared = prepared.land()
    frame = prepared.items
    names = prepared.names(frame)
    class_of = records.first_text(frame["class"]).replace("", NO_CLASS)
    class_of.index = frame.index
    everything = np.ones(len(frame), bool)
    by_class = grouped(frame, class_of, [Figure("count", everything), Figure("area", everything, frame["area"])])
    order = sorted(by_class.names, key=lambda name: (name == NO_CLASS, -by_class.value("count", name), name))
    summary = _class_summary(prepared, by_class, order, pd.crosstab(class_of, names))
    sheets = []
    for suffix, kind, values in (("counts", "count", None), ("areas", "area", frame["area"])):
        figures = [Figure(name, class_of == name, values) for name in order] + [Figure("all", everything, values)]
        drawn = layout(f"classes_{suffix}")
        spread = (
            *drawn.columns,
            *(Column(name, name, kind, width=9) for name in order),
            Column("all", "合计", kind, width=11),
        )
        drawn = replace(drawn, columns=spread, entry=replace(drawn.entry, sort=("all",)))
        table = build(prepared, drawn, grouped(frame, names, figures), [])
        sheets.append(table)
    return summary, sheets[0], sheets[1], _class_lines(prepared, sheets[0], sheets[1], order)


def province(prepared: Prepared) -> Table:
    """总体情况: count, 监测面积, 耕地 of all verified items and of the 百亩 ones (耕地 at or above the threshold in the data)."""
    prepared = prepared.land()
    frame = prepared.items
    large = is_large(frame)
    everything = np.ones(len(frame), bool)
    figures = []
    for prefix, mask in (("", everything), ("large_", large)):
        figures += [
            Figure(f"{prefix}count", mask),
            Figure(f"{prefix}area", mask, frame["area"]),
            Figure(f"{prefix}farmland", mask, frame["farmland"]),
        ]
    rule = figures_file().large_farmland
    notes = [Message("oversight.tables.large", {"mu": rule.mu}), *unknown_areas(frame, everything, "farmland")]
    return build(prepared, "province", grouped(frame, prepared.names(frame), figures), notes)


def is_large(frame: pd.DataFrame) -> np.ndarray[Any, Any]:
    """百亩: 耕地 of at least 100 亩."""
    rule = figures_file().large_farmland
    return np.asarray(frame[rule.measure] >= float(rule.mu), dtype=bool)


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


def _triple(prefix: str, frame: pd.DataFrame, mask: Any, source: str) -> list[Figure]:
    return [
        Figure(f"{prefix}_count", mask),
        Figure(f"{prefix}_farmland", mask, frame[f"{source}farmland"]),
        Figure(f"{prefix}_basic_farmland", mask, frame[f"{source}basic_farmland"]),
    ]


def _to_file(prepared: Prepared) -> pd.DataFrame:
    """The parcels that walk through the review: undivided ones and children, one row a parcel (parts share their parcel's state)."""
    frame = by_parcel(prepared)
    parts = dict(zip(prepared.items["parcel"], prepared.items["part"] != ""))
    area = dict(zip(prepared.originals["parcel"], prepared.originals["area"]))
    known = frame["parcel"].map(area)
    divided = frame["parcel"].map(parts).astype(bool)
    return frame.assign(area=known.where(known.notna() & divided, frame["area"]))


def _decided(prepared: Prepared, frame: pd.DataFrame) -> list[str]:
    """Categories of a parcel, of its parts joined."""
    found = categories(prepared)
    return ["、".join(found[parcel]) for parcel in frame["parcel"]]


def _in_batch_order(frame: pd.DataFrame) -> pd.DataFrame:
    sortable = zip(frame["name"], map(batches.sort_key, frame["batch"]), frame["parcel"])
    return frame.iloc[_order(sortable)].reset_index(drop=True)


def _order(keys: Iterable[tuple[Any, ...]]) -> list[int]:
    """Positions in the order of their keys."""
    listed = list(keys)
    return sorted(range(len(listed)), key=listed.__getitem__)


def _set_rows(frame: pd.DataFrame, sets: Mapping[str, Any]) -> list[dict[Any, Any]]:
    return (
        frame[[f"review_{key}" for key in sets]].rename(columns=lambda name: name[len("review_") :]).to_dict("records")
    )


def _undecided(items: pd.DataFrame) -> list[Message]:
    found = []
    for group, code in (("undecided", "undecided"), ("unknown", "unknown_category"), ("doubtful", "doubtful")):
        count = int((items["group"] == group).sum())
        if count:
            found.append(Message(f"oversight.tables.{code}", {"count": count}))
    return found


def _identity_notes(identities: Iterable[rectification.Identity]) -> list[Message]:
    broken = [identity for identity in identities if identity.value or identity.items]
    return [Message("oversight.tables.identity", {"name": each.name, "count": len(each.items)}) for each in broken]


def _review_notes(frame: pd.DataFrame) -> list[Message]:
    """The identity 总线索 = 101 + 90 + 95 + 97 + 未填报, where an unknown stage breaks it."""
    unknown = [name for name in frame["review_stage_name"] if name.startswith("未知(")]
    notes = [checked("oversight.tables.items", len(frame))]
    if unknown:
        notes.append(
            Message(
                "oversight.tables.unknown_stage", {"count": len(unknown), "stages": "、".join(sorted(set(unknown)))}
            )
        )
    return notes
