"""影像首见: a person marks since which image something stands on a parcel; that bounds when building began (建设时间).

Not there on one image, there on a later one: it was begun between the first day the one may show and the last day the other may show. The
marks of a parcel only grow: a new one replaces the one before, which counts again when the new one is taken back. What counts stands in
the parcel's column ``first_seen``, from which rules and papers take it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Optional

import pandas as pd

from ..model.dates import EARLIEST, DateSpan
from ..model.errors import WeipianError
from ..workspace import Workspace
from ..workspace.journal import now
from .timeline import DatedImage

CURRENT, REPLACED, WITHDRAWN = "current", "replaced", "withdrawn"
_WHY, _BACK = "标记影像首见", "撤销影像首见"


def begun_between(absent: Optional[DatedImage], seen: DatedImage) -> DateSpan:
    """The days on which building may have begun. ``absent``: the last image without it, None where every earlier image is missing.

    Raises ``evidence.first_seen_undated`` for an image without a date, ``evidence.first_seen_order`` where the image without it may be of
    the same day as the one with it, or later.
    """
    undated = next((image for image in (absent, seen) if image is not None and image.span is None), None)
    if seen.span is None or undated is not None:
        raise WeipianError("evidence.first_seen_undated", image=(undated or seen).title)
    if absent is None or absent.span is None:
        return DateSpan(EARLIEST, seen.span.last)
    if absent.span.last >= seen.span.first:
        raise WeipianError("evidence.first_seen_order", absent=absent.date_text, seen=seen.date_text)
    return DateSpan(absent.span.first, seen.span.last)


def mark(store: Workspace, parcel: str, absent: Optional[DatedImage], seen: DatedImage, who: str) -> DateSpan:
    """Keep that a person did not see it on ``absent`` and saw it on ``seen``; the days in which building began."""
    span = begun_between(absent, seen)
    with store.transaction():
        before = _current(store, parcel)
        if before is not None:
            store.update("first_seen", {"id": before["id"]}, {"status": REPLACED}, who, _WHY)
        row = {
            "id": uuid.uuid4().hex,
            "parcel": parcel,
            **_of_image("absent", absent),
            **_of_image("seen", seen),
            "person": who,
            "marked_at": now(),
            "status": CURRENT,
            "previous": before["id"] if before else None,
        }
        store.insert("first_seen", pd.DataFrame([row], dtype=object), who, _WHY, each=True)
        _show(store, parcel, span, who, _WHY)
    return span


def take_back(store: Workspace, parcel: str, who: str) -> Optional[DateSpan]:
    """Take back the mark that counts; the one before it counts again. What counts now, None for nothing.

    Raises ``evidence.first_seen_none`` where nothing is marked.
    """
    with store.transaction():
        row = _current(store, parcel)
        if row is None:
            raise WeipianError("evidence.first_seen_none", parcel=parcel)
        store.update("first_seen", {"id": row["id"]}, {"status": WITHDRAWN}, who, _BACK)
        if row["previous"]:
            store.update("first_seen", {"id": row["previous"]}, {"status": CURRENT}, who, _BACK)
        span = marked(store, parcel)
        _show(store, parcel, span, who, _BACK)
    return span


def marked(store: Workspace, parcel: str) -> Optional[DateSpan]:
    """The days in which building began, by the mark that counts; None without one."""
    row = _current(store, parcel)
    if row is None:
        return None
    first = DateSpan.parse(row["absent_first"])
    last = DateSpan.parse(row["seen_last"])
    return None if last is None else DateSpan(first.first if first else EARLIEST, last.last)


def current_mark(store: Workspace, parcel: str) -> Optional[Mapping[str, Any]]:
    """The row of the mark that counts, as the strip shows it."""
    return _current(store, parcel)


def _current(store: Workspace, parcel: str) -> Optional[dict[str, Any]]:
    rows = store.records("first_seen", parcel=parcel, status=CURRENT)
    return rows[-1] if rows else None


def _show(store: Workspace, parcel: str, span: Optional[DateSpan], who: str, why: str) -> None:
    text = None if span is None else f"{span.first.isoformat()}/{span.last.isoformat()}"
    store.update("parcel", {"number": parcel}, {"first_seen": text, "updated_at": now()}, who, why)


def _of_image(name: str, image: Optional[DatedImage]) -> dict[str, Optional[str]]:
    span = None if image is None else image.span
    return {
        f"{name}_image": None if image is None else image.key,
        f"{name}_first": None if span is None else span.first.isoformat(),
        f"{name}_last": None if span is None else span.last.isoformat(),
    }
