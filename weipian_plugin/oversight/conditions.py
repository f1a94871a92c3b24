"""Named conditions on parcels that error rates, assessment, units and acceptance share: overdue, rejudged, case closed, …"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ..judgment.decisions import CASE_OFFICER, REVIEWER
from ..judgment.standing import REJUDGED, UNDONE
from ..model.records import Decision
from . import items as verified_items
from . import records
from .building import Prepared, by_parcel, categories, with_due
from .data import load
from .standing import decisions_as_of


def parcels(prepared: Prepared, snapshot: records.Snapshot) -> pd.DataFrame:
    """One row a parcel that walks through the review, with everything the rates ask of it.

    The columns of the verified items of the parcel's first part, and ``rejudged, changed_by_reviewer`` (booleans), ``due,
    days_left, filed, status``.
    """
    frame = with_due(prepared, by_parcel(prepared))
    finals = dict(zip(prepared.parcels["number"], prepared.delivered["final_category"]))
    group = {category: verified_items.group_of(category)[0] for category in prepared.items["category"].unique()}
    decided = {parcel: {group[category] for category in found} for parcel, found in categories(prepared).items()}
    changed = changed_by_reviewer(decisions_as_of(snapshot, prepared.as_of))
    rejudged = []
    for parcel, state in zip(frame["parcel"], frame["state"]):
        final = finals.get(parcel)
        other = (
            not records.blank(final)
            and bool(decided[parcel])
            and not _same(verified_items.group_of(final)[0], decided[parcel])
        )
        rejudged.append(state == REJUDGED or other)
    return frame.assign(
        rejudged=np.array(rejudged, dtype=bool), changed_by_reviewer=frame["parcel"].isin(changed), item=frame["parcel"]
    )


def changed_by_reviewer(decisions: Iterable[Decision]) -> set[str]:
    """Parcels where a 复核 decision gave another group of categories than the latest 经办 decision before it (in the order of acts)."""
    changed = set()
    last: dict[tuple[str, str], str] = {}
    for decision in decisions:
        if decision.status == UNDONE:
            continue
        group = verified_items.group_of(decision.category)[0]
        if decision.role == REVIEWER and last.get((decision.parcel, decision.part), group) != group:
            changed.add(decision.parcel)
        if decision.role == CASE_OFFICER:
            last[(decision.parcel, decision.part)] = group
    return changed


def documents_by_parcel(snapshot: records.Snapshot, as_of: date) -> Mapping[str, tuple[str, ...]]:
    """The kinds (and titles) of the documents of each parcel."""
    table = records.as_of(snapshot, "document", as_of)
    found: dict[str, list[str]] = {}
    for parcel, kind, title in zip(table["parcel"], table["kind"], table["title"]):
        found.setdefault(str(parcel), []).append(f"{kind or ''} {title or ''}")
    return {parcel: tuple(kinds) for parcel, kinds in found.items()}


def case_states(
    prepared: Prepared, documents: Mapping[str, Sequence[str]]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Of each verified item: its case is closed (已结案); it was dealt with without a case (非立案处理)."""
    rules = load("assessment", "duty")["duty"]
    texts = dict(zip(prepared.parcels["number"], records.first_text(prepared.delivered["case"])))

    def holds(parcel: str, rule: Mapping[str, Sequence[str]]) -> bool:
        text = texts.get(parcel, "")
        if any(word in text for word in rule["words"]) and not any(word in text for word in rule["not"]):
            return True
        return any(word in document for document in documents.get(parcel, ()) for word in rule["documents"])

    closed = [holds(parcel, rules["closed"]) for parcel in prepared.items["parcel"]]
    not_filed = [holds(parcel, rules["not_filed"]) for parcel in prepared.items["parcel"]]
    return np.array(closed, dtype=bool), np.array(not_filed, dtype=bool)


def _same(final: str, decided: set[str]) -> bool:
    """A plain 违法 of the reviewers agrees with any kind of illegal."""
    if final.endswith("_illegal"):
        return any(group.endswith("_illegal") for group in decided)
    return final in decided
