"""Leads for a transfer (移送线索): violations that reach a threshold of ``resources/enforcement.yaml``; people and authorities decide.

The areas of one case, or of one project (并宗), or of the parts of one parcel are added before they are compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from ..geodesy.units import half_up
from ..model.messages import Message
from ..model.paths import resource
from . import items as verified_items
from . import records
from .building import Prepared, listing
from .data import load
from .entries import Threshold, ThresholdsFile
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
        Lead(tuple(rows["item"]), rule, total)
        for rule in thresholds()
        for _, rows, total in _sums(prepared.items, rule)
        if total >= rule.mu
    )


def items_of(found: Iterable[Lead]) -> frozenset[str]:
    """The items of leads."""
    return frozenset(item for lead in found for item in lead.items)


def _sums(items: pd.DataFrame, rule: Threshold) -> list[tuple[str, pd.DataFrame, float]]:
    """Illegal items of the rule's kind by case, project or parcel, with the sum of what is known of their areas."""
    illegal = items[(items["nonagri"] | items["nongrain"]) & (items["kind"] == rule.kind)]
    group = illegal["case_id"].where(illegal["case_id"] != "", illegal["project_of"])
    return [
        (str(name), rows, float(_measure(rows, rule.measure).sum())) for name, rows in illegal.groupby(group, sort=True)
    ]


def _measure(rows: pd.DataFrame, measure: str) -> pd.Series:
    if measure == "farmland_only":
        return _illegal(rows, "farmland") - _illegal(rows, "basic_farmland").fillna(0.0)
    return _illegal(rows, measure)


def _illegal(rows: pd.DataFrame, area: str) -> pd.Series:
    """An illegal area of each row, 非农 and 非粮 together (a row is one or the other)."""
    both: pd.Series = rows[[f"{kind}_{area}" for kind in verified_items.ILLEGAL]].sum(axis=1, min_count=1)
    return both


def table(prepared: Prepared) -> Table:
    """移送线索清单: a row an item, with the threshold it (or its case) reaches, and how far its case is."""
    found = leads(prepared)
    by_item: dict[str, list[Lead]] = {}
    for lead in found:
        for item in lead.items:
            by_item.setdefault(item, []).append(lead)
    items = prepared.items
    frame = items[items["item"].isin(by_item)].reset_index(drop=True)
    frame = frame.assign(
        name=prepared.names(frame),
        number=frame["item"].map(records.shown),
        illegal_area=_illegal(frame, "area"),
        illegal_farmland=_illegal(frame, "farmland"),
        illegal_basic_farmland=_illegal(frame, "basic_farmland"),
        reached=["；".join(map(_reached, by_item[item])) for item in frame["item"]],
        target=["、".join(dict.fromkeys(lead.threshold.target for lead in by_item[item])) for item in frame["item"]],
    )
    # Without a sum below: land and mining are never added up.
    return _noted(prepared, listing(prepared, "transfer_leads", frame, ()))


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
    illegal = items[items["nonagri"] | items["nongrain"]]
    unknown = illegal[_illegal(illegal, "farmland").isna()]
    if len(unknown):
        names = "、".join(map(records.shown, unknown["item"]))
        notes.append(Message("oversight.enforcement.unknown", {"count": len(unknown), "items": names}))
    return replace(made, footnotes=(*notes, *made.footnotes))
