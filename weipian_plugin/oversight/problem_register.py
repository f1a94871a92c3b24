"""问题图斑台账: every parcel of the problem lists with its day to answer, the answer that was given, and the papers added since."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from ..model.messages import Message
from . import deadlines, problem_lists, records
from .building import Prepared, listing
from .table import Table


def register(snapshot: records.Snapshot, prepared: Prepared) -> Table:
    """The problems of the parcels that are counted: open ones first, the most urgent on top."""
    frame = problem_lists.answers(snapshot, prepared.items, prepared.as_of)
    places = prepared.parcels.set_index("number")[["county", "township", "village"]]
    frame = frame[frame["parcel"].isin(places.index)].reset_index(drop=True)
    for name in ("county", "township", "village"):
        frame[name] = frame["parcel"].map(places[name])
    parts = records.first_text(frame["part"])
    frame = frame.assign(
        item=[records.item_key(parcel, part) for parcel, part in zip(frame["parcel"], parts)],
        number=[f"{parcel}{part}" for parcel, part in zip(frame["parcel"], parts)],
        name=prepared.names(frame),
        days_left=pd.Series(
            [
                deadlines.days_left(due or None, prepared.as_of) if answer == problem_lists.ANSWERS[0] else None
                for due, answer in zip(frame["due"], frame["answer"])
            ],
            dtype=object,
        ),
    )
    frame["status"] = [_status(row, prepared) for row in frame.to_dict("records")]
    keys = list(zip(frame["answer"] != problem_lists.ANSWERS[0], records.first_text(frame["due"]), frame["number"]))
    frame = frame.iloc[sorted(range(len(keys)), key=keys.__getitem__)].reset_index(drop=True)
    made = listing(prepared, "problems", frame, ())
    waiting = int((frame["answer"] == problem_lists.ANSWERS[0]).sum())
    note = Message("oversight.problems.listed", {"count": len(frame), "open": waiting})
    return replace(made, footnotes=(note,))


def _status(row: dict[Any, Any], prepared: Prepared) -> str:
    """On time, late, or how it stands with the day to answer."""
    due = str(row["due"] or "")
    if row["answer"] == problem_lists.ANSWERS[0]:
        return "逾期未答复" if due and due < prepared.as_of.isoformat() else "待答复"
    return "逾期答复" if due and row["answered_on"] > due else "按时答复"
