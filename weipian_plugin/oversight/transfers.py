"""Leads for a transfer (移送线索): violations that reach a threshold of ``resources/enforcement.yaml``; people and authorities decide.

The areas of one case, or of one project (并宗), or of the parts of one parcel are added before they are compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..geodesy.units import half_up
from ..model.messages import Message
from ..model.paths import resource
from . import records
from .building import Prepared, listing
from .data import load
from .entries import Threshold, ThresholdsFile
from .item_columns import Items
from .table import Table


@dataclass(frozen=True)
class Lead:
    """The items of one case, project or parcel that together reach a threshold; ``mu`` is their sum."""

    items: tuple[str, ...]
    threshold: Threshold
    mu: float


def thresholds() -> tuple[Threshold, ...]:
    """The thresholds, shipped or a county's own. Raises ``oversight.data_value`` for one that makes no sense."""
    return load(resource("enforcement.yaml"), ThresholdsFile).transfer


def leads(prepared: Prepared) -> tuple[Lead, ...]:
    """Every threshold that is reached, in the order of the items."""
    return tuple(
        Lead(items, rule, total)
        for rule in thresholds()
        for items, total in _sums(prepared.items, rule)
        if total >= rule.mu
    )


def items_of(found: Iterable[Lead]) -> frozenset[str]:
    """The items of leads."""
    return frozenset(item for lead in found for item in lead.items)


def _sums(items: Items, rule: Threshold) -> list[tuple[tuple[str, ...], float]]:
    """Illegal items of the rule's kind by case, project or parcel, with the sum of what is known of their areas (亩)."""
    illegal = items.where(items.illegal & (items.kind == rule.kind))
    group = illegal.case_id.where(illegal.case_id != "", illegal.project_of)
    item, size = illegal.item.tolist(), _measure(illegal, rule.measure).to_numpy()
    together: dict[str, list[int]] = {}
    for position, name in enumerate(group):
        together.setdefault(name, []).append(position)
    return [
        (tuple(item[position] for position in at), float(np.nansum(size[at]))) for _, at in sorted(together.items())
    ]


def _measure(items: Items, measure: str) -> pd.Series:
    if measure == "farmland_only":
        return items.to_rectify("farmland") - items.to_rectify("basic_farmland").fillna(0.0)
    return items.to_rectify(measure)


def table(prepared: Prepared) -> Table:
    """移送线索清单: a row an item, with the threshold it (or its case) reaches, and how far its case is."""
    by_item: dict[str, list[Lead]] = {}
    for lead in leads(prepared):
        for item in lead.items:
            by_item.setdefault(item, []).append(lead)
    items = prepared.items.where(prepared.items.item.isin(by_item))
    reached = [by_item[item] for item in items.item]
    cells = items.cells(
        name=prepared.names(items),
        number=items.item.map(records.shown),
        illegal_area=items.to_rectify(),
        illegal_farmland=items.to_rectify("farmland"),
        illegal_basic_farmland=items.to_rectify("basic_farmland"),
        illegal_area_figure=items.to_rectify_figure(),
        illegal_farmland_figure=items.to_rectify_figure("farmland"),
        illegal_basic_farmland_figure=items.to_rectify_figure("basic_farmland"),
        reached=["；".join(map(_reached, found)) for found in reached],
        target=["、".join(dict.fromkeys(lead.threshold.target for lead in found)) for found in reached],
    )
    # Without a sum below: land and mining are never added up.
    return _noted(prepared, listing(prepared, "transfer_leads", cells))


def _reached(lead: Lead) -> str:
    rule = lead.threshold
    if not rule.mu:
        return rule.title
    together = f"（{len(lead.items)} 个图斑合计）" if len(lead.items) > 1 else ""
    return f"{rule.title} {half_up(lead.mu)} 亩{together}，达到 {half_up(rule.mu, 0)} 亩"


def _noted(prepared: Prepared, made: Table) -> Table:
    rules = "；".join(
        f"{rule.title}{f' {half_up(rule.mu, 0)} 亩以上' if rule.mu else ''}（{rule.source}）" for rule in thresholds()
    )
    notes = [Message("oversight.enforcement.leads", {"rules": rules})]
    items = prepared.land().items
    unknown = items.where(items.illegal & items.to_rectify("farmland").isna())
    if len(unknown):
        names = "、".join(map(records.shown, unknown.item))
        notes.append(Message("oversight.enforcement.unknown", {"count": len(unknown), "items": names}))
    return replace(made, footnotes=(*notes, *made.footnotes))
