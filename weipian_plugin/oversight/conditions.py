"""Named conditions on parcels that error rates, assessment, units and acceptance share: overdue, rejudged, case closed, …"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from ..judgment.decisions import CASE_OFFICER, REVIEWER
from ..judgment.meaning import group_of
from ..judgment.standing import REJUDGED, UNDONE
from ..model.records import Decision
from ..model.values import is_blank
from . import problem_lists, records
from .building import Prepared, by_parcel, categories
from .deadlines import Dues
from .item_columns import Items
from .standing import decisions_as_of

#: Conditions on parcels that the error rates may name, beside the sets of the review.
NAMED = ("rejudged", "changed_by_reviewer", "problem_found", "problem_changed", "problem_open")


@dataclass(frozen=True)
class Conditions:
    """One row a parcel that walks through the review, with everything the rates ask of it."""

    parcels: Items  # as :func:`.building.by_parcel`
    due: Dues
    rejudged: pd.Series
    changed_by_reviewer: pd.Series
    problem_found: pd.Series
    problem_changed: pd.Series
    problem_open: pd.Series

    def holds(self, name: str) -> pd.Series:
        """Which parcels a condition of :data:`NAMED` or a set of the review holds of."""
        found: pd.Series = getattr(self, name) if name in NAMED else self.parcels.in_set(name)
        return found


def conditions(prepared: Prepared, snapshot: records.Snapshot) -> Conditions:
    """The conditions of the parcels that are counted."""
    parcels = by_parcel(prepared)
    number = parcels.parcel
    problems = problem_lists.answers(snapshot, prepared.items, prepared.as_of)
    asked: dict[str, set[str]] = {}
    for each in problems:
        asked.setdefault(each.answer, set()).add(each.problem.parcel)
    still_open, changed_since = (asked.get(problem_lists.ANSWERS[place], set()) for place in (0, 2))
    return Conditions(
        parcels,
        prepared.due.of(number),
        rejudged=_rejudged(prepared, parcels),
        changed_by_reviewer=number.isin(changed_by_reviewer(decisions_as_of(snapshot, prepared.as_of))),
        problem_found=number.isin({each.problem.parcel for each in problems}),
        problem_changed=number.isin(changed_since),
        problem_open=number.isin(still_open),
    )


def _rejudged(prepared: Prepared, parcels: Items) -> pd.Series:
    """Which are to be judged anew (改判), or were finally judged otherwise than here."""
    finals = dict(zip(prepared.parcels.number, prepared.delivered.final_category))
    group = {category: group_of(category)[0] for category in prepared.items.category.unique()}
    decided = {parcel: {group[category] for category in found} for parcel, found in categories(prepared).items()}
    rejudged = []
    for parcel, state in zip(parcels.parcel, parcels.state):
        final = finals.get(parcel)
        other = not is_blank(final) and bool(decided[parcel]) and not _same(group_of(final)[0], decided[parcel])
        rejudged.append(state == REJUDGED or other)
    return pd.Series(rejudged, dtype=bool)


def changed_by_reviewer(decisions: Iterable[Decision]) -> set[str]:
    """Parcels where a 复核 decision gave another group of categories than the latest 经办 decision before it (in the order of acts)."""
    changed = set()
    last: dict[tuple[str, str], str] = {}
    for decision in decisions:
        if decision.status == UNDONE:
            continue
        group = group_of(decision.category)[0]
        if decision.role == REVIEWER and last.get((decision.parcel, decision.part), group) != group:
            changed.add(decision.parcel)
        if decision.role == CASE_OFFICER:
            last[(decision.parcel, decision.part)] = group
    return changed


def _same(final: str, decided: set[str]) -> bool:
    """A plain 违法 of the reviewers agrees with any kind of illegal."""
    if final.endswith("_illegal"):
        return any(group.endswith("_illegal") for group in decided)
    return final in decided
