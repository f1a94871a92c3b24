"""Cases of chosen parcels from a snapshot of the workspace: everything it knows of each, gathered once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Optional

import pandas as pd

from ..formats.catalogue import is_remote
from ..judgment.standing import DECIDING, ParcelStanding, Standing, Standings, action_of, of_tables, standing_of
from ..model.enforcement import EnforcementCase, cases_by_parcel
from ..model.errors import WeipianError
from ..model.fingerprints import is_of, parcel_fingerprint
from ..model.office_settings import NAMES
from ..model.records import Batch, Decision, Document, Measure, Parcel, Photo, PhotoLink, SourceFile, StoredProposal
from ..model.secrets import masked
from ..model.values import to_python
from ..model.words import DecisionAction, PhotoStatus
from ..workspace.geometry import geometry_digest
from ..workspace.repository import Repository, rows_of
from .case import AttachedDocument, Conclusion, Member, ParcelCase, PhotoEvidence
from .ledger import Ledger

#: journal rows about these tables are the packages' own traces; they would make a package out of date by writing it
_OWN_TRACES = ("package",)
#: What table `setting` says of the office: who fills in, and whether two persons must judge (「否」 = one is enough).
_OFFICE_SETTINGS = tuple(NAMES[name] for name in ("unit", "maker", "checker", "four_eyes"))
#: Measures without a fingerprint are taken as the parcel's while their area differs by no more than this (assumed).
_SAME_AREA = 0.005
#: What the workspace itself notes in a decision's ``fields``, beside what a person typed.
_NOTES = {"proposal", "parts", "closed", "returned_by", "undone_by", "undone_at", "undone_why"}
_Rows = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class WholeWorkspace:
    """What cases need of the whole workspace: every decision as the journal records it (None without a journal), the journal's last row and
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
    map_inputs: Optional[Mapping[str, object]] = None,
    whole: Optional[WholeWorkspace] = None,
) -> Iterator[ParcelCase]:
    """Cases of ``numbers`` from a workspace snapshot (table name -> DataFrame as ``Workspace.read`` gives it).

    Each table is grouped once, so that thousands of parcels cost one pass. Relative photo and document paths are taken
    from ``workspace_folder``. ``whole``: what is stated of all parcels, where ``tables`` hold only the rows of these.
    Raises ``filing.parcel_unknown`` for a number the workspace does not have.
    """
    basis = _Basis.of(tables, workspace_folder, plugin_version, map_inputs or {})
    known = whole or _whole_of(tables)
    for number in numbers:
        case, measures = _case(basis, str(number))
        entries = known.ledger.entries(case.number) if known.ledger and known.ledger.known(case.number) else None
        unmeasured = known.measured and not _measured_as_it_is(case, measures)
        yield replace(case, ledger=entries, journal_end=known.journal_end, unmeasured=unmeasured)


@dataclass(frozen=True)
class _Basis:
    """The snapshot that cases are taken from, and what is the same for all of them."""

    records: Repository
    journal: _Rows
    sources: tuple[SourceFile, ...]
    standings: Standings
    office: Mapping[str, Any]
    enforced: Mapping[str, tuple[EnforcementCase, ...]]
    folder: Path
    plugin_version: str
    map_inputs: Mapping[str, Any]

    @staticmethod
    def of(
        tables: Mapping[str, pd.DataFrame], folder: Path, plugin_version: str, map_inputs: Mapping[str, object]
    ) -> _Basis:
        return _Basis(
            records=Repository(tables),
            journal=_journal_by_parcel(_plain_rows(tables.get("journal"))),
            sources=_sources(tables.get("layer")),
            standings=of_tables(tables),
            office=_office(tables.get("setting")),
            enforced=cases_by_parcel(_plain_rows(tables.get("enforcement_case"))),
            folder=folder,
            plugin_version=plugin_version,
            map_inputs=map_inputs,
        )

    def batch(self, name: str) -> Batch:
        """The delivery of a parcel; a blank one where the workspace does not have it."""
        return next(iter(self.records.of(Batch, "name", name)), Batch("")) if name else Batch("")


def _cases_of(
    number: str, merged: Sequence[str], enforced: Mapping[str, tuple[EnforcementCase, ...]]
) -> tuple[EnforcementCase, ...]:
    """The enforcement cases about the parcel; a parcel of a project (并宗) has those of the leading one, too."""
    result = {own.id: own for one in dict.fromkeys((number, *merged[:1])) for own in enforced.get(one, ())}
    return tuple(result.values())


def _whole_of(tables: Mapping[str, pd.DataFrame]) -> WholeWorkspace:
    """The same of a whole snapshot."""
    measured = "measure" in tables and len(tables["measure"]) > 0
    journal = _plain_rows(tables.get("journal"))
    if not journal:
        return WholeWorkspace(None, (0, ""), measured)
    end = (int(journal[-1].get("fid") or 0), str(journal[-1].get("digest") or ""))
    return WholeWorkspace(Ledger(journal), end, measured)


def _measured_as_it_is(case: ParcelCase, measures: Sequence[Measure]) -> bool:
    """Whether the measures are of the parcel as it is now: by their fingerprint, and where an earlier release made them without one, by
    the area."""
    parcel = case.parcel
    marks = {row.fingerprint for row in measures if row.fingerprint}
    if marks:
        values = [parcel.kind, parcel.earlier_image, parcel.later_image]
        now = parcel_fingerprint(geometry_digest(parcel.geometry), values)
        return all(is_of(mark, now) for mark in marks)
    measured, stored = case.measure("area"), parcel.area_m2
    if measured is None or stored is None:
        return bool(measures)
    return abs(measured - stored) <= _SAME_AREA * stored


def _case(basis: _Basis, number: str) -> tuple[ParcelCase, list[Measure]]:
    """The case of a parcel, and the rows that its measures were taken from."""
    records, stands = basis.records, basis.standings.of(number)
    parcel = records.parcel(number)
    if parcel is None:
        raise WeipianError("filing.parcel_unknown", parcel=number)
    history = basis.standings.history(number)
    if stands.lead not in ("", number):
        history = (*history, *basis.standings.history(stands.lead))
    proposals, measures = records.proposals(number), records.measures(number)
    first = proposals[0] if proposals else StoredProposal(number)
    batch = basis.batch(parcel.batch)
    case = ParcelCase(
        parcel=replace(parcel, state=stands.state) if stands.stated else parcel,
        coverage=tuple(records.coverage(number)),
        measures=_values_by_part(measures),
        proposals=tuple(row.proposal for row in proposals),
        decisions=_in_force(stands),
        history=history,
        decided_fields=typed_fields(stands.whole),
        part_fields={part: typed_fields(unit) for part, unit in stands.parts.items()},
        merged=stands.merged,
        project=tuple(_member(records, name) for name in stands.merged),
        office=basis.office,
        photos=_photos(records.photos(number), basis.folder),
        documents=_documents(records, number, stands.lead, basis.folder),
        rectification=tuple(records.rectifications(number)),
        enforcement=_cases_of(number, stands.merged, basis.enforced),
        journal=_history(basis.journal.get(number, ()), batch, records.links(number), records.documents(number)),
        parts=tuple(records.parts(number)),
        sources=basis.sources,
        schema=tuple(tuple(entry) for entry in batch.report.get("schema", ())),
        profile=first.profile,
        profile_sha256=first.profile_sha256,
        plugin_version=basis.plugin_version,
        map_inputs=basis.map_inputs,
    )
    return case, measures


def _values_by_part(rows: Sequence[Measure]) -> dict[str, dict[str, Optional[str]]]:
    measures: dict[str, dict[str, Optional[str]]] = {}
    for row in rows:
        measures.setdefault(row.part, {})[row.measure] = row.value
    return measures


def _history(
    journal: Sequence[Mapping[str, object]], batch: Batch, links: Sequence[PhotoLink], documents: Sequence[Document]
) -> tuple[Mapping[str, Any], ...]:
    """What happened to the parcel, by time: its own journal rows, and what bulk steps left on it.

    Bulk rows of the journal ("800 rows") name no parcel, and a later batch would make every package out of date; times of
    computed results are left out for the same reason.
    """
    result = list(journal)
    stated = {str(row.get("key")) for row in journal if row.get("what") == "document"}
    if batch.received_at:
        result.append({"at": batch.received_at, "why": "图斑入库", "what": "parcel", "after": {"batch": batch.name}})
    result += [
        {"at": link.at, "who": link.by, "why": "照片挂接", "what": "photo_parcel"}
        for link in links
        if link.manual and link.at
    ]
    result += [
        {
            "at": document.added_at,
            "who": document.added_by or None,
            "why": "登记证明材料",
            "what": "document",
            "after": {"kind": document.kind, "title": document.title},
        }
        for document in documents
        if document.added_at and document.id not in stated
    ]
    return tuple(sorted(result, key=lambda row: str(row.get("at") or "")))


def _office(settings: Optional[pd.DataFrame]) -> dict[str, object]:
    return {str(row["name"]): row["value"] for row in _plain_rows(settings) if row.get("name") in _OFFICE_SETTINGS}


def _journal_by_parcel(rows: Iterable[dict[str, object]]) -> dict[str, list[dict[str, Any]]]:
    """Rows of the journal by the parcels they may speak of: they name their row in ``key`` (JSON text or plain), not in a column of its own."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row.get("what") not in _OWN_TRACES:
            for number in _numbers_in(row):
                grouped.setdefault(number, []).append(row)
    return grouped


def _numbers_in(row: Mapping[str, object]) -> tuple[str, ...]:
    """Parcels a journal row may speak of: the words of its key, and the parcel named in what it wrote."""
    result = [str(row.get("key") or ""), *str(row.get("key") or "").split("/")]
    for values in (row.get("before"), row.get("after")):
        result += numbers_named(values)
    return tuple(dict.fromkeys(result))


def numbers_named(values: object) -> tuple[str, ...]:
    """The parcels named in what a journal row holds: its parcel, and all members of an enforcement case."""
    if not isinstance(values, Mapping):
        return ()
    members = [entry for entry in values.get("members") or () if isinstance(entry, Mapping)]
    named = [values.get("parcel"), *(entry.get("parcel") for entry in members)]
    return tuple(dict.fromkeys(str(number) for number in named if number))


def _plain_rows(frame: Optional[pd.DataFrame]) -> list[dict[str, Any]]:
    """Rows of a table that no record describes, without pandas in them."""
    return [{name: to_python(value) for name, value in row.items()} for row in rows_of(frame)]


def _photos(linked: Iterable[tuple[PhotoLink, Photo]], folder: Path) -> tuple[PhotoEvidence, ...]:
    result = [
        PhotoEvidence(
            path=folder / (photo.stored or photo.file),
            sha256=photo.sha256 or "",
            record=photo,
            distance_m=link.distance_m,
            bearing_difference=link.bearing_difference,
            phase=link.purpose or photo.purpose,
        )
        for link, photo in linked
        if link.status == PhotoStatus.ATTACHED
    ]
    return tuple(sorted(result, key=lambda photo: (photo.taken_at, photo.record.file)))


def _documents(records: Repository, number: str, lead: str, folder: Path) -> tuple[AttachedDocument, ...]:
    """The parcel's documents by their date; a parcel of a project (并宗) has those of the leading one, too."""
    known: dict[str, Document] = {}
    for row in sorted(
        (row for one in dict.fromkeys((number, lead or number)) for row in records.documents(one)), key=_document_order
    ):
        known.setdefault(row.sha256 or row.file, row)
    return tuple(
        AttachedDocument(
            folder / row.file, row.kind, row.title, row.number, row.date, row.authority, row.sha256, row.id
        )
        for row in known.values()
    )


def _document_order(row: Document) -> tuple[str, str, str]:
    """By their own date; those without one after them, as they were registered."""
    return row.date or "~", row.added_at, row.file


def _member(records: Repository, number: str) -> Member:
    parcel = records.parcel(number) or Parcel(number)
    return Member(number, parcel.village, parcel.area_m2)


def in_force(history: Sequence[Decision]) -> tuple[Conclusion, ...]:
    """The decisions in force, and the reviews that agree with them, of a parcel that stands alone: of the parcel or of its parts.

    See :mod:`judgment.standing`, which says what counts.
    """
    number = history[0].parcel if history else ""
    return _in_force(standing_of(number, history))


def _in_force(stands: ParcelStanding) -> tuple[Conclusion, ...]:
    result: list[Conclusion] = []
    for unit in stands.units:
        if unit.decided is not None:
            result.append(_conclusion(unit.decided, "经办"))
        if unit.review is not None:
            result.append(_conclusion(unit.review, "复核"))
    return tuple(result)


def typed_fields(unit: Standing) -> dict[str, object]:
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


def _sources(layers: Optional[pd.DataFrame]) -> tuple[SourceFile, ...]:
    result = []
    for row in _plain_rows(layers):
        source = masked(str(row["source"]))
        label = source if is_remote(source) else ""
        result.append(SourceFile(str(row["role"]), Path(source), str(row.get("sha256") or ""), label))
    return tuple(result)
