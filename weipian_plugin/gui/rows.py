"""What the queue knows of a parcel, read from the workspace in one go (10,000 parcels) or for one number."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Optional

import pandas as pd

from ..evidence.change_hints import speaks_against
from ..judgment import standing
from ..judgment.recording import standings
from ..judgment.standing import ParcelStanding, Standings
from ..model.records import Parcel
from ..model.words import DecisionState
from ..workspace import Workspace
from .required import empty_fields

#: Categories that wait for a person's thought.
DOUBT, ILLEGAL, LEGAL, OTHER = "存疑", "违法", "合法", "其他"
NOT_DECIDED, DECIDED, REVIEWED, FILED, RETURNED, REJUDGED = (state.value for state in DecisionState)
DONE = frozenset(state.value for state in standing.DONE)


@dataclass(frozen=True)
class QueueRow:
    """One parcel of the queue. ``bounds``: degrees (west, south, east, north)."""

    number: str
    kind: str = ""
    township: str = ""
    village: str = ""
    level: str = ""
    type: str = ""
    area_mu: Optional[float] = None
    due: str = ""
    state: str = NOT_DECIDED
    proposal: str = ""
    proposal_subtype: str = ""
    confidence: str = ""
    missing: int = 0
    parts: int = 0
    decision: str = ""
    decision_subtype: str = ""
    person: str = ""
    stale: bool = False
    draft: bool = False  # something is typed and not signed
    change: Optional[float] = None  # 影像变化提示, 0–1; orders and warns, never decides
    photos: int = 0
    photos_with_azimuth: int = 0
    flags: tuple[str, ...] = field(default=())
    bounds: Optional[tuple[float, float, float, float]] = None

    @property
    def second_look(self) -> bool:
        """Unchanged ground is proposed, and the images differ strikingly."""
        return speaks_against(self.proposal_subtype, self.change)

    @property
    def done(self) -> bool:
        return self.state in DONE

    def overdue(self, today: date) -> bool:
        """Past its date and not yet decided."""
        return bool(self.due) and self.due < _iso(today) and not self.done


@lru_cache(maxsize=2)
def _iso(day: date) -> str:
    """20,000 rows are asked about one day."""
    return day.isoformat()


def read_rows(
    store: Workspace, number: Optional[str] = None, standing: Optional[Standings] = None, person: str = ""
) -> list[QueueRow]:
    """Rows in the order of the workspace; ``number``: that parcel only. ``standing``: where the parcels stand, when that is known.

    ``person``: whose drafts are marked.
    """
    only = {} if number is None else {"number": number}
    of = {} if number is None else {"parcel": number}
    proposals = _by_parcel(store.records("proposal", **of))
    known = standing or standings(store, number)
    photos = _photo_counts(store, of)
    changes = {str(parcel): score for parcel, score in store.values("change_hint", ("parcel", "score"), **of)}
    drafted = {str(parcel) for (parcel,) in store.values("draft", ("parcel",), person=person, **of)}
    return [
        _row(record, proposals.get(record["number"], []), known.of(record["number"]), photos, drafted, changes)
        for record in store.records("parcel", **only)
    ]


def _by_parcel(records: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        found.setdefault(record["parcel"], []).append(record)
    return found


def _photo_counts(store: Workspace, of: dict[str, str]) -> dict[str, tuple[int, int]]:
    links = store.records("photo_parcel", status="attached", **of)
    if not links:
        return {}
    only = {} if not of else {"sha256": [link["photo"] for link in links]}
    directed = {row["sha256"] for row in store.records("photo", **only) if not math.isnan(row["azimuth"])}
    counts: dict[str, tuple[int, int]] = {}
    for link in links:
        count, known = counts.get(link["parcel"], (0, 0))
        counts[link["parcel"]] = (count + 1, known + (link["photo"] in directed))
    return counts


def _row(
    record: dict[str, Any], proposals: list[Any], stands: ParcelStanding, photos: dict[str, Any], drafted: set[str],
    changes: dict[str, Optional[float]],
) -> QueueRow:  # fmt: skip
    number = record["number"]
    whole = next((row for row in proposals if not row["part"]), None)
    decided = _decided(stands)
    last = [unit.last for unit in stands.units if unit.last is not None]
    persons = dict.fromkeys(decision.person for decision in last if decision.person)
    count, with_azimuth = photos.get(number, (0, 0))
    shape = record["geometry"]
    return QueueRow(
        number=number,
        kind=record["kind"] or "",
        township=record["township"] or "",
        village=record["village"] or "",
        level=record["level"] or "",
        type=record["type"] or "",
        area_mu=None if pd.isna(record["area_mu"]) else float(record["area_mu"]),
        due=record["due"] or "",
        state=stands.state.value if stands.stated else record["state"] or NOT_DECIDED,
        proposal=whole["category"] if whole else "",
        proposal_subtype=(whole["subtype"] or "") if whole else "",
        confidence=(whole["confidence"] or "") if whole else "",
        missing=(len(whole["missing"] or []) if whole else 0) + len(_empty(record, whole, stands)),
        parts=sum(1 for row in proposals if row["part"]),
        decision=decided[0],
        decision_subtype=decided[1],
        person="、".join(persons),
        stale=any(decision.stale for decision in last),
        draft=number in drafted,
        change=changes.get(number),
        photos=count,
        photos_with_azimuth=with_azimuth,
        flags=tuple(record["flags"] or ()),
        bounds=None if shape is None or shape.is_empty else tuple(shape.bounds),
    )


def _empty(record: dict[str, Any], whole: Any, stands: ParcelStanding) -> tuple[str, ...]:
    """Required fields that nobody has filled, by what was decided, else by what is proposed."""
    category = stands.whole.category or (str(whole["category"] or "") if whole else "")
    stated: dict[str, Any] = {}
    for act in stands.whole.acts:
        stated.update(act.fields)
    parcel = Parcel(
        record["number"],
        claims=record["claims"] or {},
        delivered=record["delivered"] or {},
        first_seen=record["first_seen"],
    )
    return empty_fields(category, stated, parcel)


def _decided(stands: ParcelStanding) -> tuple[str, str]:
    """Category and subtype that were decided last, also of a parcel that is open again: the state stands beside it.

    Of a parcel that is its parts the categories of all of them.
    """
    last = [unit.last for unit in stands.units if unit.last is not None]
    if not stands.divided:
        return (last[0].category, last[0].subtype) if last else ("", "")
    return "、".join(dict.fromkeys(decision.category for decision in last if decision.category)), ""
