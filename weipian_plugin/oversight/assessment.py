"""How units stand: 违法占耕比 before and after deductions, 履职到位率, 整改到位率, 百亩 parcels, and the ranking.

Rules, deductions, weights and the 15 % line are data (``resources/oversight/assessment.yaml``), each with source and confidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from ..geodesy.units import half_up
from ..model.messages import Message
from . import deadlines, error_rates, records
from .building import Prepared, build, checked, merge, named, ratio, subtitle, unknown_areas
from .columns import Columns, F, N, O, T, joined
from .data import assessment
from .entries import AssessmentFile, Indicator
from .item_columns import UNDECIDED, ItemFields
from .table import TOTAL, Figure, Grouped, Table, cell, grouped, layout
from .tables import is_large


def farmland_ratio(illegal: float, legal: float) -> float | None:
    """违法占耕比 = illegal / (legal + illegal) cropland of new construction; None where nothing was built on cropland."""
    return illegal / (legal + illegal) if legal + illegal > 0 else None


@dataclass(frozen=True)
class FactFields(ItemFields[T, N, F, O]):
    """A verified item with what the assessment asks of it; areas in 亩."""

    legal: F  # new construction that is legal
    unlawful: F  # new construction that is not
    illegal_area: N
    illegal_farmland: N
    deducted: N  # of the illegal cropland
    deducted_below: N  # of the cropland below the line of the ratio


class Facts(FactFields[pd.Series, pd.Series, pd.Series, pd.Series], Columns):
    """The verified items as the assessment sees them."""


@dataclass(frozen=True)
class Sums:
    """What is counted and summed of a unit: items, areas in 亩, parcels; a sum of which nothing is known is 0, as the footnotes say."""

    legal_farmland: float
    legal_area: float
    decided_count: float
    illegal_count: float
    illegal_area: float
    illegal_farmland: float
    open_area: float
    open_farmland: float
    deducted: float
    deducted_below: float
    case_closed: float
    case_not_filed: float
    dutiful: float
    rectified_count: float
    settled: float
    large_count: float
    typical_count: float
    construction: float
    due_count: float
    overdue: float
    error_checked: float
    error_wrong: float


@dataclass(frozen=True)
class Rates(Sums):
    """A unit's sums and the rates of them; None where there is nothing to divide by."""

    farmland_ratio: float | None
    farmland_after: float
    farmland_ratio_after: float | None
    area_ratio: float | None
    open_area_ratio: float | None
    open_farmland_ratio: float | None
    duty_rate: float | None
    rectified_rate: float | None
    filed_rate: float | None
    error_rate: float | None
    at_line: None = None  # said in words


@dataclass(frozen=True)
class Assessed:
    """The verified items with everything the assessment asks of them, and the raw figures by group and in total."""

    facts: Facts
    result: Grouped
    rates: Mapping[str, Rates]  # by group name or TOTAL


def assess(
    snapshot: records.Snapshot,
    prepared: Prepared,
    calendar: deadlines.Calendar,
    errors: error_rates.Computed | None = None,
) -> Assessed:
    """Assess every group of ``prepared`` (county, township or village) as of its day."""
    land = prepared.land()
    facts = _facts(land)
    by_item = grouped(facts.item, prepared.names(facts), _figures(facts, is_large(land.items)))
    found, checks = errors or error_rates.compute(snapshot, prepared, calendar)
    annual = next(rate for rate in found if rate.key == "annual")
    reached = pd.Series([left is not None and left < 0 for left in checks.due.days_left], dtype=bool)
    by_parcel = grouped(
        checks.parcels.item,
        prepared.names(checks.parcels),
        [
            Figure("due_count", reached),
            Figure("overdue", checks.due.status == "overdue"),
            Figure("error_checked", annual.is_checked),
            Figure("error_wrong", annual.is_wrong),
        ],
    )
    result = merge(by_item, by_parcel)
    rates = {
        name: _rates({key: result.raw[key].get(name, 0.0) for key in result.raw}) for name in (*result.names, TOTAL)
    }
    return Assessed(facts, result, rates)


def _figures(facts: Facts, large: pd.Series) -> list[Figure]:
    """What is counted and summed of the verified items; ``large``: which are 百亩."""
    illegal, finished, not_filed = facts.unlawful, facts.finished, facts.case_not_filed
    return [
        Figure("legal_farmland", facts.legal, facts.farmland),
        Figure("legal_area", facts.legal, facts.area),
        Figure("decided_count", ~facts.group.isin(UNDECIDED)),
        Figure("illegal_count", illegal),
        Figure("illegal_area", illegal, facts.illegal_area),
        Figure("illegal_farmland", illegal, facts.illegal_farmland),
        Figure("open_area", illegal & ~finished, facts.illegal_area),
        Figure("open_farmland", illegal & ~finished, facts.illegal_farmland),
        Figure("deducted", facts.deducted > 0, facts.deducted),
        Figure("deducted_below", facts.deducted_below > 0, facts.deducted_below),
        Figure("case_closed", illegal & facts.case_closed),
        Figure("case_not_filed", illegal & not_filed),
        Figure("dutiful", illegal & (facts.case_closed | not_filed)),
        Figure("rectified_count", illegal & finished),
        Figure("settled", illegal & (finished | not_filed)),
        Figure("large_count", large),
        Figure("typical_count", illegal & facts.typical.isin(["是", "1", "Y", "true", "True"])),
        Figure("construction", facts.legal | illegal),
    ]


def tables(
    snapshot: records.Snapshot,
    prepared: Prepared,
    calendar: deadlines.Calendar,
    errors: error_rates.Computed | None = None,
) -> tuple[Table, Table]:
    """综合评估表 and 排名表; ``errors`` are error rates that were computed already."""
    assessed = assess(snapshot, prepared, calendar, errors)
    return _assessment(prepared, assessed), _ranking(prepared, assessed)


def _assessment(prepared: Prepared, assessed: Assessed) -> Table:
    rules = assessment()
    rule = rules.farmland_ratio
    items = dict(assessed.result.items)
    behind = {
        "farmland_ratio": "construction", "farmland_ratio_after": "construction", "area_ratio": "construction",
        "at_line": "construction", "duty_rate": "dutiful", "rectified_rate": "settled", "open_area_ratio": "open_area",
        "open_farmland_ratio": "open_farmland",
    }  # fmt: skip
    items.update({key: items[source] for key, source in behind.items()})
    result = Grouped(assessed.result.names, assessed.result.raw, items)
    in_force = [entry for entry in rules.deductions if entry.enabled]
    notes = [
        checked("oversight.assessment.counted", int(assessed.facts.unlawful.sum())),
        Message("oversight.assessment.ratio", {"line": _percent(rule.line), "source": rule.line_source}),
        Message("oversight.assessment.deductions", {"names": "、".join(entry.title for entry in in_force) or "无"}),
        Message("oversight.assessment.duty"),
        *unknown_areas(assessed.facts.illegal_farmland, assessed.facts.unlawful, "farmland", "违法"),
        *unknown_areas(assessed.facts.farmland, assessed.facts.legal, "farmland", "合法"),
    ]
    table = build(prepared, "assessment", result, notes, lambda raw: vars(_rates(raw)))
    return _with_lines(table, assessed, float(rule.line))


def _with_lines(table: Table, assessed: Assessed, line: float) -> Table:
    """The column that says in words on which side of the line a unit is."""
    at = table.position("at_line")

    def marked(row: tuple[Any, ...], name: str) -> tuple[Any, ...]:
        value = assessed.rates[name].farmland_ratio
        text = "" if value is None else "达到" if value >= line else "未达到"
        return (*row[:at], text, *row[at + 1 :])

    rows = tuple(marked(row, name) for row, name in zip(table.rows, table.row_keys))
    total = marked(table.total, TOTAL) if table.total else None
    return replace(table, rows=rows, total=total)


def _ranking(prepared: Prepared, assessed: Assessed) -> Table:
    """Points by weight, best first; equal points share a rank. A unit without a decided parcel is not ranked: it stands apart, below."""
    data = assessment()
    rules = data.ranking
    drawn = layout("ranking")
    judged = {name: bool(assessed.rates[name].decided_count) for name in assessed.result.names}
    scored = {
        name: score(vars(assessed.rates[name]), rules.indicators) if judged[name] else None
        for name in assessed.result.names
    }
    order = sorted(scored, key=lambda name: (scored[name] is None, -(scored[name] or 0), name))
    points = [half_up(scored[name]) for name in order]
    rows, keys = [], {}
    for position, name in enumerate(order):
        rank = None if points[position] is None else points.index(points[position]) + 1
        rates = assessed.rates[name]
        values: dict[str, Any] = {"rank": "—" if rank is None else rank, "name": name, "score": points[position]}
        values["attention"] = "；".join(
            ([] if judged[name] else ["尚无已判定图斑，不参加排名"]) + attention(rates, data)
        )
        for column in drawn.columns:
            if column.key not in values:
                values[column.key] = cell(column.kind, vars(rates)[column.key])
                keys[f"ranking/{name}/{column.key}"] = assessed.result.items[_BEHIND[column.key]].get(name, ())
        rows.append(tuple(values[column.key] for column in drawn.columns))
    weights = "，".join(f"{each.title} {each.weight}" for each in rules.indicators)
    notes = (Message("oversight.assessment.ranking", {"weights": weights}), Message("oversight.assessment.attention"))
    return Table(
        drawn.id, drawn.title, named(prepared, drawn.columns), tuple(rows), tuple(order), None, notes, keys, subtitle(prepared),
        rules.source,
    )  # fmt: skip


#: The items behind a ranked figure.
_BEHIND = {
    "farmland_ratio_after": "construction", "rectified_rate": "settled", "duty_rate": "dutiful", "filed_rate": "overdue",
    "error_rate": "error_wrong", "overdue": "overdue", "illegal_count": "illegal_count", "large_count": "large_count",
}  # fmt: skip


def score(figures: Mapping[str, float | None], indicators: Sequence[Indicator]) -> float | None:
    """Points out of 100 by weight; figures that are None are left out and the others' weights scaled up; None without any."""
    total = weights = 0.0
    for each in indicators:
        value = figures[each.key]
        if value is None:
            continue
        share = 1 - value / float(each.worst) if each.better == "lower" else value
        total += float(each.weight) * min(1.0, max(0.0, share))
        weights += float(each.weight)
    return 100 * total / weights if weights else None


def attention(rates: Rates, data: AssessmentFile) -> list[str]:
    """Why a unit may be put before the people who decide on a 约谈; empty when there is no reason."""
    rules, found = data.ranking.attention, []
    value, line = rates.farmland_ratio, data.farmland_ratio.line
    if rules.farmland_ratio and value is not None and value >= line:
        found.append(f"违法占耕比 {_percent(value)}，达到 {_percent(line)}")
    if rules.overdue and rates.overdue:
        found.append(f"逾期未填报 {round(rates.overdue)} 个")
    if rules.typical and rates.typical_count:
        found.append(f"重大典型问题 {round(rates.typical_count)} 个")
    return found


def _facts(prepared: Prepared) -> Facts:
    """Verified items with what of them is new construction, its areas and deductions."""
    rules = assessment()
    rule = rules.farmland_ratio
    items = prepared.items
    illegal = pd.Series(np.logical_or.reduce([items.of_kind(kind) for kind in rule.illegal]), dtype=bool)
    other = [any(word in text for word in rule.not_construction.subtypes) for text in items.subtype]
    areas = [
        pd.DataFrame({kind: items.illegal_of(kind, area) for kind in rule.illegal}).sum(axis=1, min_count=1)
        for area in ("area", "farmland")
    ]
    deducted, below = _deductions(prepared, illegal, areas[1])
    return joined(
        Facts,
        items,
        legal=items.group.isin(rule.legal_groups) & ~pd.Series(other, dtype=bool),
        unlawful=illegal,
        illegal_area=areas[0],
        illegal_farmland=areas[1],
        deducted=deducted,
        deducted_below=below,
    )


def _deductions(prepared: Prepared, illegal: pd.Series, farmland: pd.Series) -> tuple[pd.Series, pd.Series]:
    """What is deducted of the illegal cropland of each item above and below the line of the ratio, at most all of it (亩)."""
    rules, items = assessment(), prepared.items
    projects = dict(zip(prepared.parcels.number, records.first_text(prepared.delivered.project_type)))
    key_project = [any(word in projects.get(parcel, "") for word in rules.key_project_words) for parcel in items.parcel]
    holds = {"finished": items.finished, "key_project": pd.Series(key_project, dtype=bool)}
    above, below = np.zeros(len(items)), np.zeros(len(items))
    most = farmland.fillna(0).to_numpy()
    for entry in rules.deductions:
        if not entry.enabled:
            continue
        area = items.area_of(entry.area).fillna(0).clip(lower=0).to_numpy()
        given = np.minimum(np.where(illegal & holds[entry.condition], area, 0.0), most - above)
        above += given
        if entry.taken_from == "both":
            below += given
    return pd.Series(above), pd.Series(below)


def _rates(raw: Mapping[str, float]) -> Rates:
    """All rates of a group from its raw figures."""
    sums = Sums(**{key: float(np.nan_to_num(value)) for key, value in raw.items()})
    illegal, legal = sums.illegal_farmland, sums.legal_farmland
    after = illegal - sums.deducted
    cropland = legal + illegal - sums.deducted_below
    return Rates(
        **vars(sums),
        farmland_ratio=farmland_ratio(illegal, legal),
        farmland_after=after,
        farmland_ratio_after=ratio(after, cropland) if cropland > 1e-9 else (0.0 if illegal else None),
        area_ratio=ratio(sums.illegal_area, sums.legal_area + sums.illegal_area),
        open_area_ratio=ratio(sums.open_area, sums.illegal_area),
        open_farmland_ratio=ratio(sums.open_farmland, sums.illegal_farmland),
        duty_rate=ratio(sums.dutiful, sums.illegal_count),
        rectified_rate=ratio(sums.settled, sums.illegal_count),
        filed_rate=ratio(sums.due_count - sums.overdue, sums.due_count),
        error_rate=ratio(sums.error_wrong, sums.error_checked),
    )


def _percent(value: float) -> str:
    shown: Decimal | None = half_up(value * 100)
    return f"{shown}%".replace(".00%", "%")
