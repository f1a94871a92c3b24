"""The facts of one parcel or part, gathered from the tables of the earlier steps and converted when a rule asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Optional

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..model.cells import CHINA
from ..model.dates import DateSpan
from ..model.documents import document_number
from ..model.vocabulary import legal_bases
from .claims import UNREAD_START, ClaimColumns, claim_values, normalised
from .numbers import HUNDRED, ZERO, exact
from .uses import contradict, filled_groups, group_of_class, is_another_use, is_filled_otherwise, is_unfit, same_project
from .vocabulary import APPROVALS, Fact, plain, vocabulary

Codes = npt.NDArray[np.int64]
IN_TIME = ("before", "between")
VOID = "void"


@dataclass(frozen=True)
class Intersection:
    """The part of a parcel that one document (批文, 备案, 许可证) of a role covers. ``area`` in m².

    ``document`` is None for what is no number (待批, /); ``status``: what takes it out of force; ``doubts``: codes of the overlay.
    """

    role: str
    area: Decimal
    timing: str
    document: Optional[str]
    date: Optional[DateSpan]
    until: Optional[DateSpan]
    use: Optional[str] = None
    project: Optional[str] = None
    authority: Optional[str] = None
    kind: Optional[str] = None
    status: Optional[str] = None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Parcel:
    """What judgment knows of a parcel beside its measures."""

    number: str
    attributes: Mapping[str, Any]
    claims: Mapping[str, Any]
    evidence: Mapping[str, Any]
    loaded: frozenset[str]
    delivered_area_m2: Optional[Decimal] = None


class Facts:
    """Answers :class:`~.conditions.Test` for one unit (a parcel or one of its parts).

    Values: Decimal (m², m, percent, counts), text, bool, :class:`DateSpan`, tuple of texts; None = not known.
    """

    def __init__(
        self,
        parcel: Parcel,
        part: str,
        raw: Mapping[str, object],
        intersections: Sequence[Intersection],
        extra: Mapping[str, object],
        whole: Optional[Facts] = None,
    ) -> None:
        self.parcel, self.part, self.intersections = parcel, part, tuple(intersections)
        self._raw, self._extra, self._whole = raw, extra, whole
        self._known: dict[str, Any] = {}
        self._vocabulary = vocabulary()

    def value(self, name: str) -> Any:
        """The value of the fact ``name``; KeyError for a name outside the vocabulary."""
        if name not in self._known:
            self._known[name] = self._find(self._vocabulary[name])
        return self._known[name]

    def area(self) -> Optional[Decimal]:
        """Area in m² as measured; None when the unit was not overlaid."""
        area: Optional[Decimal] = self.value("area")
        return area

    def _find(self, fact: Fact) -> Any:
        if fact.source == "measure":
            # A road network that was not given is not one that is not touched.
            given = fact.of != "road_network_touch" or "road_network" in self.parcel.loaded
            return _measure(self._raw.get(fact.of), fact.unit) if given else None
        if fact.source in ("remainder", "share"):
            return self._relation(fact)
        if fact.source == "document":
            return self._document_fact(fact.of, fact.aspect)
        if fact.source == "whole":
            return (self._whole or self).value(fact.of)
        if fact.source == "claim":
            return self.parcel.claims.get(fact.of)
        if fact.source == "evidence":
            return self.parcel.evidence.get(fact.of)
        if fact.name == "use_groups":
            return filled_groups(self.parcel.claims, self.value("type"))
        if fact.name == "non_agricultural_use":
            return is_filled_otherwise(self.parcel.claims, frozenset(self.value("use_groups")))
        if fact.name == "use_against_survey":
            return contradict(group_of_class(self.value("main_class")), frozenset(self.value("use_groups")))
        if fact.name == "built_since_earlier":
            claims, earlier = self.parcel.claims, self.value("earlier_image")
            start = claims.get(_LATEST_START) or claims.get("construction_date")
            if self.parcel.claims.get(UNREAD_START):
                return True  # no single date: it may be
            return start is not None and (earlier is None or bool(start.last > earlier.first))
        if fact.name == "class":
            return self.parcel.claims.get("ground_class") or self.value("main_class")
        return self._extra[fact.of] if fact.of in self._extra else self.parcel.attributes.get(fact.of)

    def _relation(self, fact: Fact) -> Optional[Decimal]:
        area, value = self.area(), self.value(fact.of)
        if area is None or value is None:
            return None
        if fact.source == "remainder":
            return max(ZERO, Decimal(area - value))
        return Decimal(value * HUNDRED / area) if area > ZERO else None

    def of_roles(self, role: str) -> tuple[Intersection, ...]:
        """The pieces of a role; ``approvals`` stands for all approval roles."""
        if not self.intersections:
            return ()
        roles = legal_bases().approvals if role == APPROVALS else (role,)
        return tuple(intersection for intersection in self.intersections if intersection.role in roles)

    def _document_fact(self, role: str, aspect: str) -> Any:
        if aspect == "loaded":
            roles = legal_bases().approvals if role == APPROVALS else (role,)
            return any(name in self.parcel.loaded for name in roles)
        known = self.of_roles(role)
        if aspect == "void_pieces":
            return Decimal(sum(intersection.timing == VOID for intersection in known))
        intersections = tuple(intersection for intersection in known if intersection.timing != VOID)
        if aspect == "started_before":
            return self._started_before(intersections)
        if aspect == "unfit_use_pieces":
            return Decimal(sum(is_unfit(intersection.role, intersection.use) for intersection in intersections))
        if aspect in ("projects", "project_differs"):
            return self._projects(intersections) if aspect == "projects" else self._project_differs(intersections)
        if aspect == "doubtful_pieces":
            return Decimal(sum(bool(intersection.doubts) for intersection in intersections))
        if aspect == "use_conflicts":
            filled = frozenset(self.value("use_groups"))
            return Decimal(
                sum(is_another_use(intersection.use, intersection.project, filled) for intersection in intersections)
            )
        if aspect == "documents":
            return Decimal(len({intersection.document for intersection in intersections if intersection.document}))
        if aspect == "unnumbered_pieces":
            return Decimal(sum(intersection.document is None for intersection in intersections))
        if aspect == "undated_pieces":
            return Decimal(sum(intersection.date is None for intersection in intersections))
        if aspect == "pieces_without_until":
            return Decimal(sum(intersection.until is None for intersection in intersections))
        if aspect == "term_days":
            terms = [
                (intersection.until.last - intersection.date.first).days
                for intersection in intersections
                if intersection.date and intersection.until
            ]
            return Decimal(max(terms)) if terms else None
        spans = [
            span
            for intersection in intersections
            for span in [intersection.until if aspect == "until" else intersection.date]
            if span
        ]
        if not spans:
            return None
        return max(spans, key=lambda span: span.last) if aspect == "latest" else min(spans, key=lambda span: span.first)

    def _started_before(self, intersections: Sequence[Intersection]) -> bool:
        """Whether the filled start of building surely lies before every document in time."""
        start = self.parcel.claims.get("construction_date")
        dates = [
            intersection.date for intersection in intersections if intersection.timing in IN_TIME and intersection.date
        ]
        return start is not None and bool(dates) and all(start.last < dated.first for dated in dates)

    def _projects(self, intersections: Sequence[Intersection]) -> tuple[str, ...]:
        """Names of the projects of the documents in time."""
        return tuple(
            sorted(
                {
                    intersection.project
                    for intersection in intersections
                    if intersection.project and intersection.timing in IN_TIME
                }
            )
        )

    def _project_differs(self, intersections: Sequence[Intersection]) -> bool:
        """Whether documents in time name projects, the county has filled one, and none of them may be that."""
        filled, named = self.parcel.claims.get("project"), self._projects(intersections)
        return bool(filled and named) and not any(same_project(str(filled), project) for project in named)


def _measure(value: object, unit: str) -> Any:
    if unit == "text":
        value = plain(value)
        return None if value is None else str(value)
    if unit == "flag":
        number = exact(value)
        return value if isinstance(value, (bool, np.bool_)) else None if number is None else number != ZERO
    number = exact(value)
    # A negative area or share is a broken measurement: unknown, never a small number.
    return number if number is not None and number >= ZERO else None


@dataclass(frozen=True)
class Unit:
    """A parcel with its facts and those of its parts, parts in their own order."""

    number: str
    whole: Facts
    parts: tuple[Facts, ...]


@dataclass(frozen=True)
class MeasuredTables:
    """What is judged: parcels and what was measured and received of them, tables as in ``docs/contracts.md``.

    ``parts`` (``parcel, part, sliver``) says which parts are slivers; None where none was measured.
    """

    parcels: pd.DataFrame
    coverage: pd.DataFrame
    measures: pd.DataFrame
    evidence: pd.DataFrame
    parts: Optional[pd.DataFrame] = None


def gather(tables: MeasuredTables, columns: ClaimColumns, as_of: date) -> list[Unit]:
    """Units in the order of their numbers, whatever the order of the rows that came in.

    ``as_of``: the day of the judgment; an image of a later day contradicts itself.
    """
    values = _measures_by_unit(tables.measures)
    intersections = _intersections_by_unit(tables.coverage)
    loaded = _loaded_roles(tables.coverage)
    proofs = _evidence_by_parcel(tables.evidence)
    slivers = _slivers(tables.parts)
    part_names: dict[str, list[str]] = {}
    for number, part in values:
        if part:
            part_names.setdefault(number, []).append(part)
    units = []
    for number, row in sorted(_rows(tables.parcels)):
        parcel = Parcel(
            number,
            _attributes(row, as_of),
            _with_first_seen(claim_values(row, columns), row),
            proofs.get(number, NO_EVIDENCE),
            loaded.get(number, frozenset()),
            exact(plain(row.get("area_m2"))),
        )
        names = sorted(part_names.get(number, ()), key=part_order)
        count = sum(not slivers.get((number, name), False) for name in names)
        state = {"is_part": False, "sliver": False, "parts": Decimal(count)}
        whole = Facts(parcel, "", values.get((number, ""), {}), intersections.get((number, ""), ()), state)
        divided = []
        for name in names:
            state = {"is_part": True, "sliver": slivers.get((number, name)), "parts": ZERO}
            divided.append(
                Facts(parcel, name, values[number, name], intersections.get((number, name), ()), state, whole)
            )
        units.append(Unit(number, whole, tuple(divided)))
    return units


def part_order(part: str) -> tuple[int, str]:
    """``_2`` before ``_10``."""
    digits = part.lstrip("_")
    return (int(digits) if digits.isdecimal() else 10**9, part)


#: Attributes the rules may ask for; dates are read as spans.
_DATES = ("earlier_image", "later_image", "issued")


def _rows(parcels: pd.DataFrame) -> list[tuple[str, dict[str, Any]]]:
    requested = [
        name
        for name in (
            "number",
            "kind",
            "level",
            "type",
            *_DATES,
            "first_seen",
            "flags",
            "claims",
            "delivered",
            "area_m2",
        )
        if name in parcels.columns
    ]
    columns = [list(parcels[name]) for name in requested]
    rows = [dict(zip(requested, row)) for row in zip(*columns)]
    return sorted(((str(row["number"]), row) for row in rows), key=lambda pair: pair[0])


def _attributes(row: Mapping[str, object], as_of: date) -> Mapping[str, Any]:
    attributes: dict[str, Any] = {name: as_date(row.get(name)) for name in _DATES}
    attributes["first_seen"] = DateSpan.of_interval(plain(row.get("first_seen")))
    attributes["first_seen_since"] = _appeared_since(attributes["first_seen"], attributes["earlier_image"])
    attributes["images_contradict"] = _contradict(attributes["earlier_image"], attributes["later_image"], as_of)
    for name in ("kind", "level", "type"):
        value = plain(row.get(name))
        attributes[name] = None if value is None else str(value)
    attributes["flags"] = as_list(row.get("flags"))
    return attributes


def _with_first_seen(claims: Mapping[str, Any], row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The start of building as filled and as a person saw it on dated images: of the two the earlier day at either end.

    A start that may be earlier than a document speaks against it (the first days count), one that surely is earlier makes it 先建后批
    (the last days count): the earlier day is the worse one for 合法 both times.
    """
    seen = DateSpan.of_interval(plain(row.get("first_seen")))
    if seen is None:
        return claims
    filled = claims.get("construction_date") or seen
    start = DateSpan(min(filled.first, seen.first), min(filled.last, seen.last))
    return {**claims, "construction_date": start, _LATEST_START: DateSpan(filled.first, max(filled.last, seen.last))}


#: Key of the start of building where the filled one and what was seen differ, read to its latest: unchanged ground asks for it.
_LATEST_START = "construction_date_latest"


def _appeared_since(seen: Optional[DateSpan], earlier: Optional[DateSpan]) -> bool:
    """Whether what stands there may have appeared after the earlier image: then the ground is not unchanged."""
    return seen is not None and (earlier is None or seen.last >= earlier.first)


def _contradict(earlier: Optional[DateSpan], later: Optional[DateSpan], as_of: date) -> bool:
    """Whether the two images are of one day, in the wrong order, or not taken yet."""
    if later is not None and later.first > as_of:
        return True
    return earlier is not None and later is not None and (earlier == later or earlier.first >= later.last)


def as_date(value: object) -> Optional[DateSpan]:
    """A date as delivered (text, :class:`datetime.date` or timestamp) as a span; None when it cannot be read."""
    value = plain(value)
    if value is None:
        return None
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(CHINA)
    if isinstance(value, date):  # pandas timestamps and datetimes are dates too
        day = date(value.year, value.month, value.day)
        return DateSpan(day, day)
    return DateSpan.parse(str(value))


def as_list(value: object) -> tuple[str, ...]:
    """Flags or document kinds as a tuple; a text counts as one entry."""
    if isinstance(value, (list, tuple, set, frozenset, np.ndarray)):
        return tuple(sorted(str(entry) for entry in value))
    value = plain(value)
    return () if value is None else (str(value),)


def _bounds(keys: Codes) -> Iterable[tuple[int, int]]:
    """Start and end of every run of equal values."""
    if not len(keys):
        return ()
    cuts = np.flatnonzero(keys[1:] != keys[:-1]) + 1
    return zip([0, *cuts.tolist()], [*cuts.tolist(), len(keys)])


def _unit_codes(table: pd.DataFrame) -> tuple[Codes, list[str], list[str]]:
    parcels, parcel_names = pd.factorize(table["parcel"].astype(str))
    texts = (
        table["part"].where(table["part"].notna(), "").astype(str)
        if "part" in table.columns
        else pd.Series([""] * len(table))
    )
    parts, part_names = pd.factorize(texts)
    return parcels.astype(np.int64) * (len(part_names) + 1) + parts, list(parcel_names), list(part_names)


def _measures_by_unit(table: pd.DataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    """``(parcel, part) -> {measure: value}``. A measure given twice with different values is not known."""
    if not len(table):
        return {}
    codes, parcels, parts = _unit_codes(table)
    order = np.argsort(codes, kind="stable")
    names = table["measure"].to_numpy(dtype=object)[order].tolist()
    values = table["value"].to_numpy(dtype=object)[order].tolist()
    codes = codes[order]
    result: dict[tuple[str, str], dict[str, Any]] = {}
    for start, end in _bounds(codes):
        parcel, part = divmod(int(codes[start]), len(parts) + 1)
        unit = dict(zip(names[start:end], values[start:end]))
        if len(unit) < end - start:
            unit = _without_contradictions(names[start:end], values[start:end])
        result[parcels[parcel], parts[part]] = unit
    return result


def _without_contradictions(names: Sequence[str], values: Sequence[object]) -> dict[str, object]:
    unit: dict[str, Any] = {}
    for name, value in zip(names, values):
        unit[name] = value if name not in unit or unit[name] == value else None
    return unit


def _loaded_roles(table: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Roles of the catalogue by parcel: overlay writes a row, of zeros if need be, for every role it measured."""
    if not len(table):
        return {}
    parcels, numbers = pd.factorize(table["parcel"])
    roles, names = pd.factorize(table["role"])
    pairs = np.unique(parcels.astype(np.int64) * len(names) + roles)
    sets: dict[bytes, frozenset[str]] = {}  # most parcels were measured against the same layers
    result: dict[str, frozenset[str]] = {}
    for start, end in _bounds(pairs // len(names)):
        own = (pairs[start:end] % len(names)).tobytes()
        if own not in sets:
            sets[own] = frozenset(str(names[role]) for role in pairs[start:end] % len(names))
        result[str(numbers[pairs[start] // len(names)])] = sets[own]
    return result


_INTERSECTION_COLUMNS = (
    "role", "area_m2", "timing", "document", "date", "until", "use", "project", "authority", "kind", "status", "doubt",
)  # fmt: skip


def _intersections_by_unit(table: pd.DataFrame) -> dict[tuple[str, str], tuple[Intersection, ...]]:
    """Documents by unit. The union row of a role (no group and no timing) is not a document."""
    if not len(table):
        return {}
    by_law = table["role"].isin(legal_bases().legal)
    timings = table["timing"] if "timing" in table.columns else pd.Series([""] * len(table), index=table.index)
    named = table["group"].notna() & (table["group"].astype(str) != "")
    timed = timings.notna() & (timings.astype(str) != "")
    chosen = table[by_law & (named | timed) & (pd.to_numeric(table["area_m2"], errors="coerce") > 0)]
    if not len(chosen):
        return {}
    codes, parcels, parts = _unit_codes(chosen)
    columns = [
        chosen[name].tolist() if name in chosen.columns else [None] * len(chosen) for name in _INTERSECTION_COLUMNS
    ]
    found: dict[int, list[Intersection]] = {}
    for code, row in zip(codes.tolist(), zip(*columns)):
        found.setdefault(code, []).append(_intersection(row))
    result = {}
    for code, intersections in found.items():
        parcel, part = divmod(code, len(parts) + 1)
        result[parcels[parcel], parts[part]] = tuple(sorted(_with_same_number(intersections), key=repr))
    return result


#: Doubt about a document that another record calls withdrawn or, where a document has one date only, late. A record that has ended
#: says nothing: licences and temporary land are prolonged under their number.
SAME_NUMBER = "same_number"
_ONE_DATE = legal_bases().approvals
_LEAST_AGAINST = Decimal("0.67")  # m², 0.001 亩: less is the border of the polygon beside


def _with_same_number(intersections: Sequence[Intersection]) -> list[Intersection]:
    """One number recorded twice, in time and otherwise: the record in time is doubtful."""
    against = {
        _identity(one)
        for one in intersections
        if one.document and one.area > _LEAST_AGAINST and (one.timing == VOID or _is_late(one))
    }
    return [
        replace(one, doubts=(*one.doubts, SAME_NUMBER)) if one.timing in IN_TIME and _identity(one) in against else one
        for one in intersections
    ]


def _identity(one: Intersection) -> tuple[str, str]:
    """Which document a record is of: approvals are numbered in one series, in whichever layer they stand."""
    return APPROVALS if one.role in _ONE_DATE else one.role, _spelled(one.document)


def _spelled(number: Optional[str]) -> str:
    """A document's number however its brackets and dashes are written; registers spell one number in several ways."""
    return re.sub(r"[\W_]+", "", normalised(number or "")).casefold()


def _is_late(one: Intersection) -> bool:
    return one.timing == "late" and one.role in _ONE_DATE


def _intersection(row: Sequence[object]) -> Intersection:
    role, area, timing, document, dated, until, *texts = (plain(value) for value in row)
    use, project, authority, kind, status, doubts = (None if text is None else str(text) for text in texts)
    return Intersection(
        str(role),
        exact(area) or ZERO,
        str(timing or ""),
        _number(str(role), document),
        as_date(dated),
        as_date(until),
        use,
        project,
        authority,
        kind,
        status,
        tuple((doubts or "").split()),
    )


#: Roles whose documents have a 文号: a bare running number is none.
_NUMBERED = (*legal_bases().approvals, "land_supply")
_BARE = re.compile(r"[-+]?(\d{1,4})(?:\.0*)?")


def _number(role: str, document: object) -> Optional[str]:
    """The number of a document; None for what is none, and for the running number of a row (1, 100) in place of a 文号."""
    result = None if document is None else document_number(str(document))
    bare = result is not None and role in _NUMBERED and _BARE.fullmatch(result)
    return None if bare else result


NO_EVIDENCE: Mapping[str, Any] = {
    "photos": ZERO,
    "photos_with_azimuth": ZERO,
    "photos_after": ZERO,
    "directions": ZERO,
    "documents": (),
}


def _evidence_by_parcel(table: pd.DataFrame) -> dict[str, Mapping[str, Any]]:
    if not len(table):
        return {}
    names = [name for name in NO_EVIDENCE if name in table.columns]
    result: dict[str, Mapping[str, Any]] = {}
    for row in zip(table["parcel"].tolist(), *(table[name].tolist() for name in names)):
        proofs = dict(NO_EVIDENCE)
        for name, value in zip(names, row[1:]):
            proofs[name] = as_list(value) if name == "documents" else exact(plain(value)) or ZERO
        result[str(row[0])] = proofs
    return result


def _slivers(parts: Optional[pd.DataFrame]) -> dict[tuple[str, str], bool]:
    if parts is None or not len(parts):
        return {}
    return {
        (str(parcel), str(part)): bool(sliver)
        for parcel, part, sliver in zip(parts["parcel"], parts["part"], parts["sliver"])
    }
