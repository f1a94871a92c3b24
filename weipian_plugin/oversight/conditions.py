"""Named conditions on parcels that error rates, assessment, units and acceptance share: overdue, rejudged, case closed, …"""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import items as verified_items
from . import problem_lists, records
from .building import Prepared, by_parcel, categories, with_due

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
    changed = changed_by_reviewer(records.as_of(snapshot, "decision", prepared.as_of))
    rejudged = []
    for parcel, state in zip(frame["parcel"], frame["state"]):
        final = finals.get(parcel)
        other = (
            not records.blank(final)
            and bool(decided[parcel])
            and not _same(verified_items.group_of(final)[0], decided[parcel])
        )
        rejudged.append(state == "改判" or other)
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


def changed_by_reviewer(decisions: pd.DataFrame) -> set[str]:
    """Parcels where a 复核 decision gave another group of categories than the latest 经办 decision before it."""
    changed = set()
    ordered = decisions[records.first_text(decisions["status"]).to_numpy() != "undone"].sort_values(
        "decided_at", kind="stable"
    )
    last: dict[tuple[str, str], str] = {}
    for parcel, part, category, role in zip(
        ordered["parcel"], records.first_text(ordered["part"]), ordered["category"], ordered["role"]
    ):
        group = verified_items.group_of(category)[0]
        if role == "复核" and last.get((parcel, part), group) != group:
            changed.add(str(parcel))
        if role == "经办":
            last[(parcel, part)] = group
    return changed


def _same(final: str, decided: set[str]) -> bool:
    """A plain 违法 of the reviewers agrees with any kind of illegal."""
    if final.endswith("_illegal"):
        return any(group.endswith("_illegal") for group in decided)
    return final in decided
