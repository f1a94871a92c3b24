"""Drafts (草稿): what a person has typed on a parcel and not decided yet. Kept per person in the workspace, cleared by decision or by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..model.words import DecisionAction
from ..workspace import Workspace
from ..workspace.journal import now

#: Acts that make a draft of the one who acts into a decision.
CLEARED_BY = (DecisionAction.ACCEPT, DecisionAction.OVERRIDE)


def save(store: Workspace, person: str, parcel: str, part: str, fields: Mapping[str, str]) -> None:
    """Keep what ``person`` has typed, in place of their earlier draft; nothing is written when it is the same.

    ``fields``: the form's entries by name, blank ones too (an emptied field is typed). Without entries the draft is cleared.
    """
    if not fields:
        clear(store, person, parcel, part)
        return
    key = {"person": person, "parcel": parcel, "part": part}
    with store.transaction():
        known = store.records("draft", **key)
        if known and known[0]["fields"] == dict(fields):
            return
        values: dict[str, Any] = {"fields": dict(fields), "updated_at": now()}
        if known:
            store.update("draft", key, values, person, "保存草稿")
        else:
            store.insert("draft", pd.DataFrame([{**key, **values}]), person, "保存草稿", each=True)


def read(store: Workspace, person: str, parcel: str, part: str = "") -> dict[str, str]:
    """The draft of ``person`` on a parcel or part; empty where there is none."""
    result = store.records("draft", person=person, parcel=parcel, part=part)
    return dict(result[0]["fields"]) if result else {}


def waiting(store: Workspace, person: str) -> tuple[tuple[str, str], ...]:
    """The parcels and parts on which ``person`` has a draft: what the queue marks."""
    return tuple(
        (str(parcel), str(part or "")) for parcel, part in store.values("draft", ("parcel", "part"), person=person)
    )


def clear(store: Workspace, person: str, parcel: str, part: str = "") -> None:
    """Drop a draft by hand, or because it was decided; the journal keeps what it said."""
    key = {"person": person, "parcel": parcel, "part": part}
    if store.values("draft", ("part",), **key):
        store.delete("draft", person, "清除草稿", **key)
