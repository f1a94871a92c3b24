"""What the queue knows of a parcel, read from the workspace in one go (10,000 parcels) or for one number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Optional

from ..evidence.change_hints import speaks_against
from ..judgment import standing
from ..judgment.recording import standings
from ..judgment.standing import ParcelStanding, Standings
from ..model.columns import column
from ..model.records import Parcel
from ..model.words import DecisionState, PhotoStatus
from ..workspace import Workspace
from ..workspace.mapping import records_of
from .required import empty_fields

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

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
    proposals = _by_parcel(records_of(ListedProposal, store.records("proposal", **of)))
    known = standing or standings(store, number)
    beside = _Beside(
        _photo_counts(store, of),
        frozenset(str(parcel) for (parcel,) in store.values("draft", ("parcel",), person=person, **of)),
        {str(parcel): score for parcel, score in store.values("change_hint", ("parcel", "score"), **of)},
    )
    return [
        _row(parcel, proposals.get(parcel.number, []), known.of(parcel.number), beside)
        for parcel in records_of(ListedParcel, store.records("parcel", **only))
    ]


@dataclass(frozen=True)
class ListedParcel:
    """The columns of table ``parcel`` that the queue shows. Words are text here: one that this release does not know hides no queue."""

    number: str
    kind: str = ""
    township: str = ""
    village: str = ""
    level: str = ""
    type: str = ""
    area_mu: Optional[float] = None
    due: str = ""
    state: str = ""
    flags: tuple[str, ...] = ()
    claims: Mapping[str, Any] = column(factory=dict)
    delivered: Mapping[str, Any] = column(factory=dict)
    first_seen: Optional[str] = None
    geometry: Optional[BaseGeometry] = None  # EPSG:4490


@dataclass(frozen=True)
class ListedProposal:
    """The columns of table ``proposal`` that the queue shows."""

    parcel: str
    part: str = ""
    category: str = ""
    subtype: str = ""
    confidence: str = ""
    missing: tuple[object, ...] = ()


@dataclass(frozen=True)
class _ListedLink:
    photo: str
    parcel: str = ""


@dataclass(frozen=True)
class _ListedPhoto:
    sha256: str
    azimuth: Optional[float] = None


@dataclass(frozen=True)
class _Beside:
    """What other tables say, by parcel: (photos, those with an azimuth); drafts of the person; scores of 影像变化提示."""

    photos: Mapping[str, tuple[int, int]]
    drafted: frozenset[str]
    changes: Mapping[str, Optional[float]]


#: The records that are read of each table.
LISTED: Mapping[str, type[Any]] = {
    "parcel": ListedParcel, "proposal": ListedProposal, "photo_parcel": _ListedLink, "photo": _ListedPhoto,
}  # fmt: skip


def _by_parcel(proposals: Iterable[ListedProposal]) -> dict[str, list[ListedProposal]]:
    result: dict[str, list[ListedProposal]] = {}
    for proposal in proposals:
        result.setdefault(proposal.parcel, []).append(proposal)
    return result


def _photo_counts(store: Workspace, of: dict[str, str]) -> dict[str, tuple[int, int]]:
    links = records_of(_ListedLink, store.records("photo_parcel", status=PhotoStatus.ATTACHED.value, **of))
    if not links:
        return {}
    only = {} if not of else {"sha256": [link.photo for link in links]}
    photos = records_of(_ListedPhoto, store.records("photo", **only))
    directed = {photo.sha256 for photo in photos if photo.azimuth is not None}
    counts: dict[str, tuple[int, int]] = {}
    for link in links:
        count, known = counts.get(link.parcel, (0, 0))
        counts[link.parcel] = (count + 1, known + (link.photo in directed))
    return counts


def _row(parcel: ListedParcel, proposals: list[ListedProposal], stands: ParcelStanding, beside: _Beside) -> QueueRow:
    whole = next((proposal for proposal in proposals if not proposal.part), None)
    decided = _decided(stands)
    last = [unit.last for unit in stands.units if unit.last is not None]
    persons = dict.fromkeys(decision.person for decision in last if decision.person)
    count, with_azimuth = beside.photos.get(parcel.number, (0, 0))
    shape = parcel.geometry
    return QueueRow(
        number=parcel.number,
        kind=parcel.kind,
        township=parcel.township,
        village=parcel.village,
        level=parcel.level,
        type=parcel.type,
        area_mu=parcel.area_mu,
        due=parcel.due,
        state=stands.state.value if stands.stated else parcel.state or NOT_DECIDED,
        proposal=whole.category if whole else "",
        proposal_subtype=whole.subtype if whole else "",
        confidence=whole.confidence if whole else "",
        missing=(len(whole.missing) if whole else 0) + len(_empty(parcel, whole, stands)),
        parts=sum(1 for proposal in proposals if proposal.part),
        decision=decided[0],
        decision_subtype=decided[1],
        person="、".join(persons),
        stale=any(decision.stale for decision in last),
        draft=parcel.number in beside.drafted,
        change=beside.changes.get(parcel.number),
        photos=count,
        photos_with_azimuth=with_azimuth,
        flags=parcel.flags,
        bounds=None if shape is None or shape.is_empty else tuple(shape.bounds),
    )


def _empty(parcel: ListedParcel, whole: Optional[ListedProposal], stands: ParcelStanding) -> tuple[str, ...]:
    """Required fields that nobody has filled, by what was decided, else by what is proposed."""
    category = stands.whole.category or (whole.category if whole else "")
    stated: dict[str, Any] = {}
    for act in stands.whole.acts:
        stated.update(act.fields)
    about = Parcel(parcel.number, claims=parcel.claims, delivered=parcel.delivered, first_seen=parcel.first_seen)
    return empty_fields(category, stated, about)


def _decided(stands: ParcelStanding) -> tuple[str, str]:
    """Category and subtype that were decided last, also of a parcel that is open again: the state stands beside it.

    Of a parcel that is its parts the categories of all of them.
    """
    last = [unit.last for unit in stands.units if unit.last is not None]
    if not stands.divided:
        return (last[0].category, last[0].subtype) if last else ("", "")
    return "、".join(dict.fromkeys(decision.category for decision in last if decision.category)), ""
