"""What a package is made of: one parcel with everything the workspace knows of it, gathered once and never changed.

A :class:`ParcelCase` holds no open files and no layers; it can be made on any thread, and its digest decides whether a
package that already lies in the folder is still current.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Optional

import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from ..formats.catalogue import is_remote
from ..judgment.standing import DECIDING, ParcelStanding, Standing, Standings, action_of, of_tables, standing_of
from ..judgment.stored import proposal_of
from ..model.enforcement import EnforcementCase, cases_by_parcel
from ..model.errors import WeipianError
from ..model.fingerprints import is_of, parcel_fingerprint
from ..model.office_settings import NAMES
from ..model.records import Decision, Proposal, SourceFile
from ..model.secrets import masked
from ..model.words import DecisionAction
from ..workspace.geometry import geometry_digest
from .ledger import Entry, Ledger

#: journal rows about these tables are the packages' own traces; they would make a package out of date by writing it
OWN_TRACES = ("package",)
#: Rendered later, listed otherwise, or the journal's own account, which grows with every export.
_NOT_IN_DIGEST = ("maps", "coverage", "ledger", "journal_end", "unmeasured")
#: What table `setting` says of the office: who fills in, and whether two persons must judge (「否」 = one is enough).
OFFICE_SETTINGS = tuple(NAMES[name] for name in ("unit", "maker", "checker", "four_eyes"))
#: Measures without a fingerprint are taken as the parcel's while their area differs by no more than this (assumed).
_SAME_AREA = 0.005
#: What the workspace itself notes in a decision's ``fields``, beside what a person typed.
_NOTES = {"proposal", "parts", "closed", "returned_by", "undone_by", "undone_at", "undone_why"}


#: Layers, and what nothing can be said of where none of them is given.
_MEASURED_BY = (
    (("basic_farmland",), ("basic_farmland", "uncovered_basic_farmland")),
    (("ecological_redline",), ("ecological_redline", "uncovered_ecological_redline")),
    (
        ("land_survey",),
        ("farmland", "other_agricultural", "agricultural", "construction", "unused", "uncovered_farmland"),
    ),
    (("farmland_conversion", "linkage"), ("approved", "approved_in_time", "approved_share")),
    *(((role,), (role,)) for role in ("land_supply", "registration", "temporary_land", "facility_agriculture")),
)


@dataclass(frozen=True)
class PhotoEvidence:
    """A photo tied to the parcel: where it lies, what was read from it, and how it looks at the parcel."""

    path: Path
    sha256: str
    record: Mapping[str, Any] = field(default_factory=dict)  # a row of table `photo`
    distance_m: Optional[float] = None
    bearing_difference: Optional[float] = None
    phase: str = ""  # before, during, after (拆除复耕), or "" when nobody said

    @property
    def azimuth(self) -> Optional[float]:
        """Degrees clockwise from true north, 0 <= azimuth < 360; None when the photo has none. Zero is a value."""
        value = plain(self.record.get("azimuth"))
        return None if value is None else float(value) % 360.0

    @property
    def position(self) -> Optional[tuple[float, float]]:
        """Longitude and latitude, or None."""
        lon, lat = plain(self.record.get("lon")), plain(self.record.get("lat"))
        return None if lon is None or lat is None else (float(lon), float(lat))

    @property
    def taken_at(self) -> str:
        return str(plain(self.record.get("taken_at")) or "")


@dataclass(frozen=True)
class AttachedDocument:
    """A document (证明材料) the office attached to the parcel."""

    path: Path
    kind: str
    title: str = ""
    number: str = ""
    date: str = ""
    authority: str = ""
    sha256: str = ""
    id: str = ""


@dataclass(frozen=True)
class MapFile:
    """A rendered map (位置图): made by the QGIS layout on the main thread, passed on as a file."""

    path: Path
    kind: str = "location"
    lacks: tuple[str, ...] = ()  # imagery that could not be shown


#: ``kind`` of a page of 历史影像对比.
HISTORY = "history"


@dataclass(frozen=True)
class Part:
    """A proposed split (拆分地块) with its geometry in EPSG:4490."""

    part: str
    basis: str
    group: str
    area_m2: float
    geometry: Optional[BaseGeometry]
    sliver: bool = False  # 边角: part of the parcel's area, and of its division only where a person split it off


@dataclass(frozen=True)
class Conclusion:
    """What counts as decided, or as reviewed (``role`` 复核), for a parcel or one of its parts."""

    parcel: str
    part: str
    category: str
    subtype: str
    basis: str
    reason: str
    person: str
    role: str  # 经办 / 复核
    decided_at: str  # ISO, local time with offset


@dataclass(frozen=True)
class Member:
    """A parcel of a project of several (并宗)."""

    number: str
    village: str
    area_m2: Optional[float]


@dataclass(frozen=True)
class ParcelCase:
    """One parcel as the forms need it. Column names are those of ``docs/contracts.md`` and ``workspace/schema.py``.

    ``measures`` maps part ("" = whole parcel) to measure name to value (m² unless the measure says otherwise).
    ``decisions`` are those in force: of the person in charge (经办) and, after it, of the reviewer (复核), for the parcel and its parts.
    ``map_inputs`` says what the map would be made from (template digest, imagery, resolution), so that a resumed run can tell
    whether a package is current without rendering.
    """

    parcel: Mapping[str, Any]
    coverage: pd.DataFrame
    measures: Mapping[str, Mapping[str, Any]]
    proposals: tuple[Proposal, ...] = ()
    decisions: tuple[Conclusion, ...] = ()
    history: tuple[Decision, ...] = ()  # every act, oldest first, those taken back among them; () = as `decisions`
    decided_fields: Mapping[str, Any] = field(default_factory=dict)  # 项目名称 etc. as typed by the person who decided
    part_fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # the same of each part
    merged: tuple[str, ...] = ()  # 并宗: all parcels of the project, the leading one first
    project: tuple[Member, ...] = ()  # the same with place and area
    office: Mapping[str, Any] = field(default_factory=dict)  # table `setting`: 填报单位, 制表人, 审核人
    photos: tuple[PhotoEvidence, ...] = ()
    documents: tuple[AttachedDocument, ...] = ()
    rectification: tuple[Mapping[str, Any], ...] = ()
    enforcement: tuple[EnforcementCase, ...] = ()
    journal: tuple[Mapping[str, Any], ...] = ()
    parts: tuple[Part, ...] = ()
    sources: tuple[SourceFile, ...] = ()
    schema: tuple[tuple[str, str], ...] = ()  # delivered fields and their fiona types; () = inferred
    profile: str = ""
    profile_sha256: str = ""
    plugin_version: str = ""
    map_inputs: Mapping[str, Any] = field(default_factory=dict)
    maps: tuple[MapFile, ...] = ()
    ledger: Optional[Mapping[str, Entry]] = None  # what the journal says was decided; None = it does not tell
    layers_changed: str = ""  # layers that are others now than those measured, as people read them
    unmeasured: bool = False  # others of the workspace are measured, this one (new, or delivered again) is not
    journal_end: tuple[int, str] = (0, "")  # number and digest of the journal's last row

    @property
    def number(self) -> str:
        return str(self.parcel["number"])

    @property
    def geometry(self) -> Optional[BaseGeometry]:
        """MultiPolygon in EPSG:4490."""
        found = self.parcel.get("geometry")
        return found if isinstance(found, BaseGeometry) else None

    @property
    def decision(self) -> Optional[Conclusion]:
        """The last decision on the whole parcel by the person in charge (经办), or None."""
        return self._last("经办")

    @property
    def review(self) -> Optional[Conclusion]:
        """The last review (复核), where it came after the decision: by the order of acts, not by the clock."""
        review, decision = self._last("复核"), self.decision
        if review is None or (decision is not None and self.decisions.index(review) < self.decisions.index(decision)):
            return None
        return review

    def _last(self, role: str) -> Optional[Conclusion]:
        found = [decision for decision in self.decisions if decision.role == role and decision.part == ""]
        return found[-1] if found else None

    @property
    def proposal(self) -> Optional[Proposal]:
        """What the rules propose for the whole parcel."""
        return next((proposal for proposal in self.proposals if proposal.part == ""), None)

    def coverage_rows(self) -> list[dict[str, Any]]:
        """The overlay's rows as plain dicts."""
        return list(self._coverage)

    @cached_property
    def not_given(self) -> frozenset[str]:
        """Measures of layers that were not among those of the overlay: unknown, although the overlay has written a zero for them."""
        given = {str(row.get("role")) for row in self._coverage}
        absent = [names for roles, names in _MEASURED_BY if given and not given & set(roles)]
        return frozenset(name for names in absent for name in names)

    @cached_property
    def _coverage(self) -> tuple[dict[str, Any], ...]:
        return tuple(_records(self.coverage))

    def measure(self, name: str, part: str = "") -> Optional[float]:
        """A measure as a number; None when it was not measured, is text, or is of a layer that was not given. Never 0 in place of unknown."""
        if name in self.not_given:
            return None
        value = plain(self.measures.get(part, {}).get(name))
        if value is None or isinstance(value, bool):
            return None
        try:
            number = float(value)
        except (TypeError, ValueError):
            return None
        return number if math.isfinite(number) else None

    def digest(self) -> str:
        """SHA-256 over everything that goes into the package except the rendered maps themselves."""
        content = {item.name: getattr(self, item.name) for item in fields(self) if item.name not in _NOT_IN_DIGEST}
        content["coverage"] = self._coverage
        text = json.dumps(jsonable(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def plain(value: Any) -> Any:
    """A table value as plain Python: NaN, NaT and pandas' NA become None, NumPy scalars become numbers."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if hasattr(value, "item") and not hasattr(value, "__len__"):
        return plain(value.item())
    return value


def jsonable(value: Any) -> Any:
    """``value`` in JSON's own types, the same for equal content: geometry as WKB, paths as their names."""
    value = plain(value)
    if isinstance(value, BaseGeometry):
        return shapely.to_wkb(value, hex=True)
    if isinstance(value, Mapping):
        return {str(key): jsonable(entry) for key, entry in value.items()}
    if isinstance(value, Path):
        return value.name
    if hasattr(value, "__dataclass_fields__"):
        return {item.name: jsonable(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, (list, tuple)):
        return [jsonable(entry) for entry in value]
    if isinstance(value, (set, frozenset)):
        return sorted(jsonable(entry) for entry in value)
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    return str(value)


@dataclass(frozen=True)
class WholeWorkspace:
    """What cases need of the whole workspace: every decision as the journal tells it (None without a journal), the journal's last row and
    digest, and whether anything has been measured."""

    ledger: Optional[Ledger]
    journal_end: tuple[int, str]
    measured: bool


def gather_cases(
    tables: Mapping[str, pd.DataFrame],
    numbers: Sequence[str],
    *,
    workspace_folder: Path,
    plugin_version: str = "",
    map_inputs: Optional[Mapping[str, Any]] = None,
    whole: Optional[WholeWorkspace] = None,
) -> Iterator[ParcelCase]:
    """Cases of ``numbers`` from a workspace snapshot (table name -> DataFrame as ``Workspace.read`` gives it).

    Each table is grouped once, so that thousands of parcels cost one pass. Relative photo and document paths are taken
    from ``workspace_folder``. ``whole``: what is told of all parcels, where ``tables`` hold only the rows of these.
    Raises ``filing.parcel_unknown`` for a number the workspace does not have.
    """
    basis = _Basis.of(tables, workspace_folder, plugin_version, map_inputs or {})
    known = whole or _whole_of(tables)
    for number in numbers:
        case = _case(basis, str(number))
        entries = known.ledger.entries(case.number) if known.ledger and known.ledger.known(case.number) else None
        unmeasured = known.measured and not _measured_as_it_is(case, basis.rows("measure", case.number))
        yield replace(case, ledger=entries, journal_end=known.journal_end, unmeasured=unmeasured)


@dataclass(frozen=True)
class _Basis:
    """The tables that cases are taken from, each grouped once, and what is the same for all of them."""

    grouped: Mapping[str, Mapping[str, list[dict[str, Any]]]]
    parcels: Mapping[str, Mapping[str, Any]]
    photos: Mapping[str, Mapping[str, Any]]
    batches: Mapping[str, Mapping[str, Any]]
    sources: tuple[SourceFile, ...]
    standings: Standings
    office: Mapping[str, Any]
    enforced: Mapping[str, tuple[EnforcementCase, ...]]
    folder: Path
    plugin_version: str
    map_inputs: Mapping[str, Any]

    @staticmethod
    def of(
        tables: Mapping[str, pd.DataFrame], folder: Path, plugin_version: str, map_inputs: Mapping[str, Any]
    ) -> _Basis:
        cases = _records(tables["enforcement_case"]) if "enforcement_case" in tables else []
        return _Basis(
            grouped={name: _by_parcel(frame) for name, frame in tables.items()},
            parcels=_by_key(tables["parcel"], "number"),
            photos=_photo_index(tables),
            batches=_by_key(tables["batch"], "name") if "batch" in tables else {},
            sources=_sources(tables.get("layer")),
            standings=of_tables(tables),
            office=_office(tables),
            enforced=cases_by_parcel(cases),
            folder=folder,
            plugin_version=plugin_version,
            map_inputs=map_inputs,
        )

    def rows(self, table: str, number: str) -> list[dict[str, Any]]:
        return self.grouped.get(table, {}).get(number, [])


def _cases_of(
    number: str, merged: Sequence[str], enforced: Mapping[str, tuple[EnforcementCase, ...]]
) -> tuple[EnforcementCase, ...]:
    """The enforcement cases about the parcel; a parcel of a project (并宗) has those of the leading one, too."""
    found = {own.id: own for one in dict.fromkeys((number, *merged[:1])) for own in enforced.get(one, ())}
    return tuple(found.values())


def _whole_of(tables: Mapping[str, pd.DataFrame]) -> WholeWorkspace:
    """The same of a whole snapshot."""
    measured = "measure" in tables and len(tables["measure"]) > 0
    journal = _records(tables["journal"]) if "journal" in tables else []
    if not journal:
        return WholeWorkspace(None, (0, ""), measured)
    end = (int(journal[-1].get("fid") or 0), str(journal[-1].get("digest") or ""))
    return WholeWorkspace(Ledger(journal), end, measured)


def _measured_as_it_is(case: ParcelCase, measures: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the measures are of the parcel as it is now: by their fingerprint, and where an earlier release made them without one, by
    the area."""
    marks = {str(row["fingerprint"]) for row in measures if row.get("fingerprint")}
    if marks:
        values = [case.parcel.get(name) for name in ("kind", "earlier_image", "later_image")]
        now = parcel_fingerprint(geometry_digest(case.geometry), values)
        return all(is_of(mark, now) for mark in marks)
    measured, stored = case.measure("area"), plain(case.parcel.get("area_m2"))
    if measured is None or stored is None:
        return bool(measures)
    return abs(measured - float(stored)) <= _SAME_AREA * float(stored)


def _case(basis: _Basis, number: str) -> ParcelCase:
    record = basis.parcels.get(number)
    if record is None:
        raise WeipianError("filing.parcel_unknown", parcel=number)

    def rows(table: str) -> list[dict[str, Any]]:
        return basis.rows(table, number)

    proposals, stands = rows("proposal"), basis.standings.of(number)
    history = basis.standings.history(number)
    if stands.lead not in ("", number):
        history = (*history, *basis.standings.history(stands.lead))
    batch = basis.batches.get(str(record.get("batch") or ""), {})
    return ParcelCase(
        parcel={**record, "state": stands.state.value} if stands.stated else record,
        coverage=pd.DataFrame(rows("coverage")),
        measures=_values_by_part(rows("measure")),
        proposals=tuple(proposal_of(row) for row in proposals),
        decisions=_in_force(stands),
        history=history,
        decided_fields=typed_fields(stands.whole),
        part_fields={part: typed_fields(unit) for part, unit in stands.parts.items()},
        merged=stands.merged,
        project=tuple(_member(name, basis.parcels.get(name, {})) for name in stands.merged),
        office=basis.office,
        photos=_photos(rows("photo_parcel"), basis.photos, basis.folder),
        documents=_documents(basis.grouped.get("document", {}), number, stands.lead, basis.folder),
        rectification=tuple(rows("rectification")),
        enforcement=_cases_of(number, stands.merged, basis.enforced),
        journal=_history(number, rows("journal"), batch, rows("photo_parcel"), rows("document")),
        parts=tuple(_part(row) for row in rows("part")),
        sources=basis.sources,
        schema=tuple(tuple(entry) for entry in (batch.get("report") or {}).get("schema", ())),
        profile=str(proposals[0].get("profile") or "") if proposals else "",
        profile_sha256=str(proposals[0].get("profile_sha256") or "") if proposals else "",
        plugin_version=basis.plugin_version,
        map_inputs=basis.map_inputs,
    )


def _values_by_part(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    measures: dict[str, dict[str, Any]] = {}
    for row in rows:
        measures.setdefault(str(row.get("part") or ""), {})[str(row["measure"])] = row.get("value")
    return measures


def _history(
    number: str,
    journal: Sequence[Mapping[str, Any]],
    batch: Mapping[str, Any],
    links: Sequence[Mapping[str, Any]],
    documents: Sequence[Mapping[str, Any]],
) -> tuple[Mapping[str, Any], ...]:
    """What happened to the parcel, by time: its own journal rows, and what bulk steps left on it.

    Bulk rows of the journal ("800 rows") name no parcel, and a later batch would make every package out of date; times of
    computed results are left out for the same reason.
    """
    found = list(journal)
    told = {str(row.get("key")) for row in journal if row.get("what") == "document"}
    if batch.get("received_at"):
        found.append(
            {"at": batch["received_at"], "why": "图斑入库", "what": "parcel", "after": {"batch": batch.get("name")}}
        )
    for link in links:
        if link.get("manual") and link.get("at"):
            found.append({"at": link["at"], "who": link.get("by"), "why": "照片挂接", "what": "photo_parcel"})
    for document in documents:
        if document.get("added_at") and str(document.get("id")) not in told:
            after = {"kind": document.get("kind"), "title": document.get("title")}
            found.append(
                {
                    "at": document["added_at"],
                    "who": document.get("added_by"),
                    "why": "登记证明材料",
                    "what": "document",
                    "after": after,
                }
            )
    return tuple(sorted(found, key=lambda row: str(row.get("at") or "")))


def _office(tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    rows = _records(tables["setting"]) if "setting" in tables else []
    return {str(row["name"]): row["value"] for row in rows if row.get("name") in OFFICE_SETTINGS}


def _by_key(frame: pd.DataFrame, key: str) -> dict[str, dict[str, Any]]:
    return {str(row[key]): row for row in _records(frame)}


def _by_parcel(frame: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Rows by parcel. The journal names its row in ``key`` (JSON text or plain), not in a column of its own."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    journal = "parcel" not in frame.columns and "key" in frame.columns
    if "parcel" not in frame.columns and not journal:
        return grouped
    for row in _records(frame):
        if journal:
            if row.get("what") not in OWN_TRACES:
                for number in _numbers_in(row):
                    grouped.setdefault(number, []).append(row)
        else:
            grouped.setdefault(str(row["parcel"]), []).append(row)
    return grouped


def _numbers_in(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Parcels a journal row may speak of: the words of its key, and the parcel named in what it wrote."""
    found = [str(row.get("key") or ""), *str(row.get("key") or "").split("/")]
    for values in (row.get("before"), row.get("after")):
        found += numbers_named(values)
    return tuple(dict.fromkeys(found))


def numbers_named(values: Any) -> tuple[str, ...]:
    """The parcels named in what a journal row holds: its parcel, and all members of an enforcement case."""
    if not isinstance(values, Mapping):
        return ()
    members = [entry for entry in values.get("members") or () if isinstance(entry, Mapping)]
    named = [values.get("parcel"), *(entry.get("parcel") for entry in members)]
    return tuple(dict.fromkeys(str(number) for number in named if number))


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    names = list(frame.columns)
    columns = [frame[name].tolist() for name in names]
    return [{name: plain(value) for name, value in zip(names, row)} for row in zip(*columns)] if names else []


def _photo_index(tables: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, Any]]:
    """Photos by digest and by file: ties name either."""
    index: dict[str, dict[str, Any]] = {}
    for row in _records(tables["photo"]) if "photo" in tables else []:
        index[str(row.get("file"))] = row
        if row.get("sha256"):
            index.setdefault(str(row["sha256"]), row)
    return index


def _photos(
    links: Sequence[Mapping[str, Any]], photos: Mapping[str, Mapping[str, Any]], folder: Path
) -> tuple[PhotoEvidence, ...]:
    found = []
    for link in links:
        record = photos.get(str(link["photo"]))
        if record is None or link.get("status") != "attached":
            continue
        found.append(
            PhotoEvidence(
                path=folder / str(record.get("stored") or record["file"]),
                sha256=str(record.get("sha256") or ""),
                record=record,
                distance_m=plain(link.get("distance_m")),
                bearing_difference=plain(link.get("bearing_difference")),
                phase=str(link.get("purpose") or record.get("purpose") or ""),
            )
        )
    return tuple(sorted(found, key=lambda photo: (photo.taken_at, str(photo.record.get("file")))))


def _document(row: Mapping[str, Any], folder: Path) -> AttachedDocument:
    def text(name: str) -> str:
        return str(row.get(name) or "")

    return AttachedDocument(
        folder / text("file"),
        text("kind"),
        text("title"),
        text("number"),
        text("date"),
        text("authority"),
        text("sha256"),
        text("id"),
    )


def _documents(
    by_parcel: Mapping[str, Sequence[Mapping[str, Any]]], number: str, lead: str, folder: Path
) -> tuple[AttachedDocument, ...]:
    """The parcel's documents by their date; a parcel of a project (并宗) has those of the leading one, too."""
    rows = [*by_parcel.get(number, ()), *(by_parcel.get(lead, ()) if lead != number else ())]
    known: dict[str, Mapping[str, Any]] = {}
    for row in sorted(rows, key=_document_order):
        known.setdefault(str(row.get("sha256") or row.get("file")), row)
    return tuple(_document(row, folder) for row in known.values())


def _member(number: str, row: Mapping[str, Any]) -> Member:
    area = row.get("area_m2")
    return Member(number, str(row.get("village") or ""), None if area is None else float(area))


def _document_order(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """By their own date; those without one after them, as they were registered."""
    return str(row.get("date") or "~"), str(row.get("added_at") or ""), str(row.get("file") or "")


def _part(row: Mapping[str, Any]) -> Part:
    return Part(
        str(row["part"]),
        str(row.get("basis") or ""),
        str(row.get("group") or ""),
        float(row.get("area_m2") or 0.0),
        row.get("geometry"),
        bool(row.get("sliver")),
    )


def in_force(history: Sequence[Decision]) -> tuple[Conclusion, ...]:
    """The decisions in force, and the reviews that agree with them, of a parcel that stands alone: of the parcel or of its parts.

    See :mod:`judgment.standing`, which says what counts.
    """
    number = history[0].parcel if history else ""
    return _in_force(standing_of(number, history))


def _in_force(stands: ParcelStanding) -> tuple[Conclusion, ...]:
    found: list[Conclusion] = []
    for unit in stands.units:
        if unit.decided is not None:
            found.append(_conclusion(unit.decided, "经办"))
        if unit.review is not None:
            found.append(_conclusion(unit.review, "复核"))
    return tuple(found)


def typed_fields(unit: Standing) -> dict[str, Any]:
    """What the person who judged last typed (项目名称 …), and over it what reviewers typed since.

    Nothing of an earlier judgment: what was emptied since stays empty.
    """
    place = next((at for at in reversed(range(len(unit.acts))) if action_of(unit.acts[at]) in DECIDING), None)
    if place is None:
        return {}
    acts = [unit.acts[place], *(row for row in unit.acts[place + 1 :] if action_of(row) == DecisionAction.REVIEW)]
    return {name: value for row in acts for name, value in row.fields.items() if name not in _NOTES}


def _conclusion(decision: Decision, role: str) -> Conclusion:
    names = [item.name for item in fields(Conclusion) if item.name != "role"]
    return Conclusion(**{name: getattr(decision, name) for name in names}, role=role)


def _sources(frame: Optional[pd.DataFrame]) -> tuple[SourceFile, ...]:
    if frame is None:
        return ()
    rows = ((str(row["role"]), masked(str(row["source"])), str(row.get("sha256") or "")) for row in _records(frame))
    return tuple(
        SourceFile(role, Path(source), sha256, source if is_remote(source) else "") for role, source, sha256 in rows
    )


def history_of(case: ParcelCase) -> tuple[MapFile, ...]:
    """The pages of 历史影像对比 in their order."""
    return tuple(file for file in case.maps if file.kind == HISTORY)


def wants_history(case: ParcelCase) -> bool:
    """Whether a dated image is the proof: something was marked first seen on images, or the ground is said to be unchanged (实地未变化,
    伪变化)."""
    message = case.decision or case.proposal
    words = f"{message.category} {message.subtype}" if message else ""
    return bool(case.parcel.get("first_seen")) or "未变化" in words or "伪变化" in words
