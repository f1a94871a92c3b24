"""Named conditions on parcels that error rates, assessment, units and acceptance share: overdue, rejudged, case closed, …"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ..judgment.decisions import CASE_OFFICER, REVIEWER
from ..judgment.standing import REJUDGED, UNDONE
from ..model.records import Decision
from ..model.values import is_blank
from . import items as verified_items
from . import problem_lists, records
from .building import Prepared, by_parcel, categories, with_due
from .standing import decisions_as_of

#: Conditions on parcels that the error rates may name, beside the sets of the review.
NAMED = ("rejudged", "changed_by_reviewer", "problem_found", "problem_changed", "problem_open")


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
            not is_blank(final)
            and bool(decided[parcel])
            and not _same(verified_items.group_of(final)[0], decided[parcel])
        )
        rejudged.append(state == REJUDGED or other)
    problems = problem_lists.answers(snapshot, prepared.items, prepared.as_of)
    asked = {answer: set(rows["parcel"]) for answer, rows in problems.groupby("answer")}
    still_open, changed_since = (asked.get(problem_lists.ANSWERS[place], set()) for place in (0, 2))
    frame = frame.assign(
        problem_found=frame["parcel"].isin(set(problems["parcel"])),
        problem_open=frame["parcel"].isin(still_open),
        problem_changed=frame["parcel"].isin(changed_since),
    )
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


def _same(final: str, decided: set[str]) -> bool:
    """A plain 违法 of the reviewers agrees with any kind of illegal."""
    if final.endswith("_illegal"):
        return any(group.endswith("_illegal") for group in decided)
    return final in decided
