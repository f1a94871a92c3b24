"""What the algorithms do with a workspace: read what a step needs, run the step, store its results in one transaction.

No QGIS here: the same functions serve the Processing algorithms, the tests and worker processes.
"""

from __future__ import annotations

import getpass
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Optional

import geopandas
import pandas as pd

from .. import evidence, filing, intake, judgment, overlay, oversight
from ..filing.returned_table import family_choice, returned_table
from ..filing.tables import register, upload_table, write_table
from ..formats.catalogue import read_catalogue, resolve_fields
from ..geodesy.units import mu
from ..intake.corrections import corrected
from ..intake.export_states import review_stage_of, split_state_of
from ..intake.layers import describe, read_layer
from ..judgment.decisions import stale
from ..judgment.stored import row_of as proposal_row
from ..model.cells import CHINA
from ..model.columns import Use, names_for
from ..model.errors import WeipianError
from ..model.feedback import Feedback, stop_if_cancelled
from ..model.fingerprints import joined, layers_fingerprint
from ..model.messages import Message, render
from ..model.paths import county_folder
from ..model.records import STORED_CRS, Decision, LayerSource, Parcel, Proposal
from ..model.secrets import masked, masked_values
from ..model.version import plugin_version
from ..model.words import DecisionState, DecisionStatus
from ..workspace import Workspace, checkpoints, copies
from ..workspace.geometry import geometry_digest
from ..workspace.journal import now
from ..workspace.repository import Repository
from ..workspace.schema import table
from . import redelivery, renewal, report
from .county import profile_of
from .photos import match_photos as match_photos
from .photos import photo_store as photo_store
from .rejections import rejection_rows
from .remembered import CATALOGUE, remember, remembered

DEFAULT_PROFILE = "national-2023"


@dataclass(frozen=True)
class Plan:
    """What one run was asked to do; None where a parameter was left blank."""

    delivery: Optional[str] = None
    catalogue: Optional[Path] = None
    photos: tuple[str, ...] = ()
    profile: str = DEFAULT_PROFILE
    workspace: Optional[Path] = None
    packages: Optional[Path] = None
    report: Optional[Path] = None
    filter: Optional[str] = None
    as_of: Optional[str] = None
    year: Optional[int] = None
    returned: Optional[Path] = None
    archive: Optional[str] = None
    encoding: Optional[str] = None
    crs: Optional[str] = None
    unit: Optional[str] = None
    fields: Optional[str] = None
    kind: Optional[str] = None
    reused: Optional[str] = None  # what becomes of numbers that stand for other land: renewal.RENAME, None = refused
    family: str = ""  # of the returned table, where its columns do not tell: A or B
    photo_range: Optional[float] = None
    who: str = ""

    @classmethod
    def of(cls, values: dict[str, Any], who: str = "") -> Plan:
        """From the parameters of an algorithm. Raises ``run.date_unreadable``."""

        def path(name: str) -> Optional[Path]:
            return Path(values[name]) if values.get(name) else None

        return cls(
            delivery=values.get("DELIVERY"),
            catalogue=path("CATALOGUE"),
            photos=tuple(part.strip() for part in (values.get("PHOTOS") or "").split(";") if part.strip()),
            profile=values.get("PROFILE") or profile_of(county_folder()) or DEFAULT_PROFILE,
            workspace=path("WORKSPACE"),
            packages=path("PACKAGES"),
            report=path("REPORT"),
            filter=values.get("FILTER"),
            as_of=report.today_or(values["AS_OF"]) if values.get("AS_OF") else None,
            year=report.year_of(values.get("YEAR")),
            returned=path("RETURNED"),
            archive=values.get("ARCHIVE"),
            encoding=values.get("ENCODING"),
            crs=values.get("CRS"),
            unit=values.get("UNIT"),
            fields=values.get("FIELDS"),
            kind=values.get("KIND"),
            reused=renewal.reused_choice(values.get("REUSED")),
            family=family_choice(values.get("FAMILY")),
            who=who or getpass.getuser(),
        )

    @property
    def day(self) -> date:
        return date.fromisoformat(report.today_or(self.as_of))


@contextmanager
def opened(plan: Plan, create: bool = False) -> Iterator[Workspace]:
    """The workspace of a plan. One that a failed run made and never wrote to is removed; REPORT is tried before any work."""
    path = plan.workspace
    if path is None:
        raise WeipianError("run.parameter_missing", name="WORKSPACE", title="工作库")
    if plan.report:
        report.prepare_folder(plan.report)
    made = create and not path.exists()
    store = Workspace.create(path) if made else Workspace.open(path)
    if not made:
        copies.keep_daily(path)
    try:
        yield store
    finally:
        unused = made and store.count("journal") == 0
        store.close()
        if unused:
            path.unlink(missing_ok=True)


# ---- intake ----


def take_in(store: Workspace, plan: Plan, feedback: Feedback) -> dict[str, Any]:
    """图斑入库. A parcel that comes again is updated where it changed; one that is withdrawn stays and is flagged."""
    earlier = store.read("parcel")
    options = intake.IntakeOptions(encoding=plan.encoding, crs=plan.crs, unit=plan.unit, **_surroundings(plan, earlier))
    options = corrected(options, plan.fields, plan.kind)
    taken = intake.read_delivery(Path(str(plan.delivery)), options, feedback)
    taken = replace(taken, parcels=_with_known_places(taken.parcels, earlier))
    if plan.reused == renewal.RENAME:
        taken = renewal.with_reused_numbers_renamed(taken, earlier)
    taken = renewal.without_reused_numbers(taken, earlier)
    differences = intake.compare_with_earlier(taken, earlier)
    parcels = _dated(taken.parcels, plan)
    with store.transaction():
        stop_if_cancelled(feedback)
        name = _store_batch(store, taken, plan)
        parcels = parcels.assign(batch=name)
        fresh = parcels[parcels["number"].isin(differences.new)]
        store.insert("parcel", _parcel_rows(fresh), plan.who, "图斑入库")
        changed = [*differences.changed_geometry, *differences.changed_attributes]
        anew = redelivery.other_questions(parcels, earlier, differences)
        for row in parcels[parcels["number"].isin(changed)].to_dict("records"):
            _update_parcel(store, row, plan)
        redelivery.start_anew(store, anew, plan.who)
        _flag(store, renewal.truly_withdrawn(differences.withdrawn, taken), "withdrawn", plan)
        store.replace(
            "refusal", rejection_rows(taken.rejected, "intake", name), plan.who, "图斑入库", step="intake", batch=name
        )
    feedback.report(Message("run.summary_intake", {"accepted": len(parcels), "refused": len(taken.rejected)}))
    if plan.report:
        intake.report.write_reports(taken, plan.report, differences)
        report.write(store, plan.report, ["parcels", "refused"])
    feedback.progress(1.0)
    return {
        "PARCELS": len(parcels),
        "REFUSED": len(taken.rejected),
        "NEW": len(fresh),
        "CHANGED": len(set(changed)),
        "WITHDRAWN": len(differences.withdrawn),
    }


def _surroundings(plan: Plan, earlier: pd.DataFrame) -> dict[str, Any]:
    """What a delivery is held against: the county's outline and the parcels of earlier batches, from catalogue and workspace."""
    layers = read_catalogue(plan.catalogue) if plan.catalogue else ()
    known = [earlier[["number", "geometry"]]]
    for layer in layers:
        if layer.role == "previous_batch":
            known.append(_numbered_shapes(layer))
    together = pd.concat([frame for frame in known if len(frame)], ignore_index=True) if any(map(len, known)) else None
    return {
        "county": intake.county_outline(layers) if layers else None,
        "earlier": None if together is None else geopandas.GeoDataFrame(together, geometry="geometry", crs=STORED_CRS),
    }


def _numbered_shapes(layer: LayerSource) -> pd.DataFrame:
    """Number and shape (EPSG:4490) of an earlier batch."""
    columns = resolve_fields(layer, describe(layer).columns)
    number = columns.get("number")
    frame = read_layer(layer, [number] if number else []).to_crs(STORED_CRS)
    frame = frame[frame.geometry.notna() & frame.geometry.is_valid]
    names = frame[number].astype(str) if number else pd.Series([f"{layer.title}#{index}" for index in frame.index])
    return pd.DataFrame({"number": names.to_numpy(), "geometry": frame.geometry.to_numpy()})


def _with_known_places(parcels: geopandas.GeoDataFrame, earlier: pd.DataFrame) -> geopandas.GeoDataFrame:
    """Village and township that the boundary layer gave earlier, where the delivery is silent: silence is no change."""
    known = earlier.set_index("number")
    filled = {}
    for column in ("township", "village"):
        before = parcels["number"].map(known[column])
        blank = parcels[column].isna() | (parcels[column] == "")
        filled[column] = parcels[column].mask(blank & before.notna(), before)
    return parcels.assign(**filled)


def _dated(parcels: geopandas.GeoDataFrame, plan: Plan) -> geopandas.GeoDataFrame:
    """The due date by level and date of issue."""
    calendar = oversight.deadlines.load_calendar()
    due = [
        oversight.deadlines.due_date(level, issued, calendar)
        for level, issued in zip(parcels["level"], parcels["issued"])
    ]
    return parcels.assign(due=[day.isoformat() if day else None for day in due])


_PARCEL_COLUMNS = (*names_for(Parcel, Use.DELIVERED), "batch", "due", "geometry")
#: What a later delivery of the same number may change; state and people's work stay.
_DELIVERED_COLUMNS = tuple(column for column in _PARCEL_COLUMNS if column != "number")


def _parcel_rows(parcels: geopandas.GeoDataFrame) -> pd.DataFrame:
    frame = pd.DataFrame({column: parcels[column] for column in _PARCEL_COLUMNS if column in parcels.columns})
    claims = frame["claims"].tolist() if "claims" in frame else [{}] * len(frame)
    return frame.assign(
        area_mu=mu(frame["area_m2"].to_numpy(float)),
        state=DecisionState.NOT_DECIDED.value,
        split_state=[split_state_of(claim) for claim in claims],
        review_stage=[review_stage_of(claim) for claim in claims],
        geometry_digest=[geometry_digest(shape) for shape in frame["geometry"]],
        version=0,
        updated_at=now(),
    )


def _store_batch(store: Workspace, taken: Any, plan: Plan) -> str:
    """The batch row; the same file again keeps its name, another file of the same name gets a running number."""
    batch = dict(taken.batch)
    known = store.read("batch")
    same = known[known["sha256"] == batch["sha256"]]
    name = same.iloc[0]["name"] if len(same) else _free_name(str(batch["name"]), set(known["name"]))
    row = {
        "name": name,
        **{
            key: masked_values(batch.get(key))
            for key in ("kind", "source", "sha256", "encoding", "crs", "unit", "family")
        },
        "received_at": now(),
        "accepted": len(taken.parcels),
        "refused": len(taken.rejected),
        "report": {"counts": batch.get("counts"), "notes": [note.as_record() for note in taken.notes]},
    }
    store.replace("batch", pd.DataFrame([row]), plan.who, "图斑入库", name=name)
    return str(name)


def _free_name(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"


def _update_parcel(store: Workspace, row: dict[str, Any], plan: Plan) -> None:
    changes = {column: row[column] for column in _DELIVERED_COLUMNS if column in row}
    changes["area_mu"] = mu(row["area_m2"])
    changes["geometry_digest"] = geometry_digest(row["geometry"])
    store.update("parcel", {"number": row["number"]}, changes, plan.who, "再次下发")


def _flag(store: Workspace, numbers: Sequence[str], flag: str, plan: Plan) -> None:
    """Add a flag to parcels; one that has it already is not journaled again."""
    flags = store.read("parcel", number=list(numbers))[["number", "flags"]].to_dict("records")
    changes = {
        str(row["number"]): {"flags": [*(row["flags"] or []), flag]}
        for row in flags
        if flag not in (row["flags"] or [])
    }
    store.update_rows("parcel", changes, plan.who, _FLAGS[flag])


#: Why a flag was set, for the journal.
_FLAGS = {"withdrawn": "再次下发时未包含", "outside_county": "不在村界范围内"}


# ---- overlay ----


def parcels_of(store: Workspace) -> geopandas.GeoDataFrame:
    """All parcels of a workspace as the steps want them. Raises ``run.no_parcels``."""
    frame = store.read("parcel")
    if frame.empty:
        raise WeipianError("run.no_parcels", path=str(store.path))
    return geopandas.GeoDataFrame(frame, geometry="geometry", crs=STORED_CRS)


#: Sentences about single features in the log of a run; the table has all of them.
_MOST_REPORTED = 10


def measure(store: Workspace, plan: Plan, feedback: Feedback) -> dict[str, Any]:
    """套合分析 of every parcel against the whole catalogue."""
    parcels = parcels_of(store)
    layers = read_catalogue(Path(str(plan.catalogue)))
    options = overlay.OverlayOptions(cache=store.path.parent / ".weipian-cache")
    result = overlay.measure_parcels(parcels, layers, options, feedback)
    stop_if_cancelled(feedback)
    made_of = _fingerprints(parcels, result)
    with store.transaction():
        for name, frame in (
            ("coverage", result.coverage),
            ("measure", result.measures),
            ("region", result.regions),
            ("part", result.parts),
        ):
            marked = frame.assign(fingerprint=frame["parcel"].map(made_of))
            store.replace(name, _known_columns(name, marked), plan.who, "套合分析")
        store.replace("layer", _layer_rows(layers, result), plan.who, "套合分析")
        store.replace("refusal", rejection_rows(result.rejected, "overlay"), plan.who, "套合分析", step="overlay")
        remember(store, CATALOGUE, Path(str(plan.catalogue)), plan.who, "套合分析")
        _name_villages(store, parcels, result.coverage, plan)
        _flag_outside(store, result.coverage, plan)
    summary = {
        "parcels": len(parcels),
        "layers": len(layers),
        "rows": len(result.coverage),
        "refused": len(result.rejected),
    }
    for rejection in result.rejected[:_MOST_REPORTED]:
        feedback.report(rejection.reason, "warning")
    if len(result.rejected) > _MOST_REPORTED:
        feedback.report(Message("run.more_set_aside", {"count": len(result.rejected) - _MOST_REPORTED}), "warning")
    feedback.report(Message("run.summary_overlay", summary))
    if plan.report:
        report.write(store, plan.report, ["parcels", "coverage", "measures", "refused"])
    feedback.progress(1.0)
    return {
        "PARCELS": len(parcels),
        "ROWS": len(result.coverage),
        "LAYERS": len(layers),
        "REFUSED": len(result.rejected),
    }


def _fingerprints(parcels: pd.DataFrame, result: Any) -> dict[str, str]:
    """Number → what its results were made from: the parcel as it is, and the layers of the run."""
    layers = layers_fingerprint((source.role, source.sha256) for source in result.sources)
    return {number: joined(made_of, layers) for number, made_of in renewal.fingerprints(parcels).items()}


def _known_columns(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """A step's table in the columns the workspace stores."""
    known = {*table(name).kinds(), "geometry"}
    return pd.DataFrame({column: frame[column] for column in frame.columns if column in known})


def _layer_rows(layers: Any, result: Any) -> pd.DataFrame:
    hashes = {source.role + "\n" + str(source.path): source.sha256 for source in result.sources}
    rows = [
        {
            "role": layer.role,
            "source": masked(layer.source),  # the catalogue, read again, has the real one
            "layer": layer.layer,
            "title": layer.title,
            "sha256": hashes.get(layer.role + "\n" + str(layer.source)),
            "crs": layer.crs,
            "encoding": layer.encoding,
            "fields": dict(layer.fields),
            "used_at": now(),
        }
        for layer in layers
    ]
    frame = pd.DataFrame(
        rows, columns=["role", "source", "layer", "title", "sha256", "crs", "encoding", "fields", "used_at"]
    )
    return frame.drop_duplicates(["role", "source"], keep="last")


def _name_villages(store: Workspace, parcels: pd.DataFrame, coverage: pd.DataFrame, plan: Plan) -> None:
    """Village and township from the boundary layer, where the delivery left them blank."""
    inside = coverage[
        (coverage["role"] == "villages") & (coverage["part"].fillna("") == "") & (coverage["group"] != "")
    ]
    largest = inside[inside["area_m2"] > 0].sort_values("area_m2", ascending=False).drop_duplicates("parcel")
    found = {row["parcel"]: row for row in largest.to_dict("records")}
    changes: dict[str, dict[str, Any]] = {}
    for parcel in parcels[["number", "township", "village"]].to_dict("records"):
        place = found.get(parcel["number"])
        named = {"village": place["group"], "township": place["unit"]} if place else {}
        new = {column: name for column, name in named.items() if name and not parcel[column]}
        if new:
            changes[str(parcel["number"])] = new
    store.update_rows("parcel", changes, plan.who, "按村界补充")


def _flag_outside(store: Workspace, coverage: pd.DataFrame, plan: Plan) -> None:
    """A parcel that no village of the boundary layer touches lies outside the county's own boundary."""
    whole = coverage[(coverage["role"] == "villages") & (coverage["part"].fillna("") == "") & (coverage["group"] == "")]
    _flag(store, whole.loc[whole["area_m2"] == 0, "parcel"].tolist(), "outside_county", plan)


def layers_of(store: Workspace, plan: Plan) -> tuple[LayerSource, ...]:
    """The catalogue of a plan, else the one the workspace was measured with; none is no error (a map without background)."""
    named = plan.catalogue or remembered(store, CATALOGUE)
    if named is None or (plan.catalogue is None and not named.exists()):
        return ()
    return read_catalogue(named)


# ---- judgment ----


def today() -> date:
    """The day on China's clocks: no image was taken later."""
    return datetime.now(CHINA).date()


def propose(store: Workspace, plan: Plan, feedback: Feedback) -> dict[str, Any]:
    """判定建议 for every parcel and part; decisions stay, those whose ground has changed are marked 依据已变."""
    parcels = parcels_of(store)
    measures = store.read("measure")
    if measures.empty:
        raise WeipianError("run.not_measured", path=str(store.path))
    profile = judgment.load_profile(plan.profile)
    outdated_measures = renewal.measured_otherwise(measures, renewal.fingerprints(parcels))
    proposals = judgment.judge(
        parcels,
        store.read("coverage"),
        measures,
        evidence_of(store),
        profile,
        feedback,
        parts=store.read("part"),
        as_of=max(plan.day, today()),
        outdated=outdated_measures,
    )
    stop_if_cancelled(feedback)
    rows = pd.DataFrame([proposal_row(proposal, profile) for proposal in proposals])
    rows["fingerprint"] = rows["parcel"].map(measures.drop_duplicates("parcel").set_index("parcel")["fingerprint"])
    failed = sorted({proposal.parcel for proposal in proposals if proposal.rule == "failed"})
    with store.transaction():
        store.replace("proposal", rows, plan.who, "判定建议")
        outdated = _mark_stale(store, proposals, plan)
    whole = [proposal for proposal in proposals if not proposal.part]
    counts = Counter(proposal.category for proposal in whole)
    text = "、".join(f"{category} {count}" for category, count in sorted(counts.items(), key=lambda item: -item[1]))
    feedback.report(Message("run.summary_judge", {"counts": text}))
    if plan.report:
        report.write(store, plan.report, ["parcels", "proposals"])
    feedback.progress(1.0)
    return {"PARCELS": len(parcels), "JUDGED": len(whole), "FAILED": len(failed), "STALE": outdated}


def _mark_stale(store: Workspace, proposals: list[Proposal], plan: Plan) -> int:
    """Decisions whose proposal has changed since: marked 依据已变 with the difference, never overwritten."""
    current = {(proposal.parcel, proposal.part): proposal for proposal in proposals}
    marked = 0
    repository = Repository(store)
    for decision in repository.all(Decision, status=DecisionStatus.CURRENT.value):
        difference = stale(decision, current.get((decision.parcel, decision.part)))
        marked += difference is not None
        if decision.stale != difference:
            repository.change(decision, {"stale": difference}, plan.who, "依据已变" if difference else "依据恢复")
    return marked


def evidence_of(store: Workspace) -> pd.DataFrame:
    """Per parcel what the rules may ask of photos and documents."""
    photos, links = store.read("photo"), store.read("photo_parcel")
    parcels = store.read("parcel")
    summary = evidence.summary(links, photos, parcels)
    documents = store.read("document").groupby("parcel")["kind"].agg(list)
    kinds = pd.Series([documents.get(number, []) for number in summary["parcel"]], index=summary.index, dtype=object)
    return summary.assign(documents=kinds)


# ---- oversight ----


def tabulate(store: Workspace, plan: Plan, feedback: Feedback) -> dict[str, Any]:
    """台账与统计 as of a day, into REPORT."""
    if plan.report is None:
        raise WeipianError("run.parameter_missing", name="REPORT", title="报表输出文件夹")
    snapshot = store.snapshot()
    if snapshot["parcel"].empty:
        raise WeipianError("run.no_parcels", path=str(store.path))
    if plan.returned:
        _take_back(store, snapshot, plan, feedback)
        snapshot = store.snapshot()
    snapshot = {**snapshot, "doubt": pd.DataFrame({"text": [render(doubt) for doubt in store.audit()]}, dtype=object)}
    checkpoint = checkpoints.of(store)
    written = oversight.write_all(
        snapshot, plan.day, plan.report, feedback, packages=plan.packages, year=plan.year, journal=checkpoint.text
    )
    _hand_in(oversight.snapshot_of_year(snapshot, plan.day, plan.year), store, plan.report, checkpoint.text)
    checkpoints.write(plan.report / checkpoints.NAME, checkpoint)
    report.write(store, plan.report, report.COLUMNS)
    feedback.report(Message("run.summary_tables", {"path": str(plan.report)}))
    feedback.progress(1.0)
    return {"PARCELS": len(snapshot["parcel"]), "TABLES": len(written.files), "OVERDUE": written.overdue}


def cases_of(
    snapshot: Mapping[str, pd.DataFrame], numbers: Sequence[str], folder: Path, map_inputs: Mapping[str, Any]
) -> Iterator[filing.ParcelCase]:
    """Everything a snapshot knows of the parcels, as filing wants it; ``folder`` holds the workspace."""
    return filing.gather_cases(
        snapshot, numbers, workspace_folder=folder, plugin_version=plugin_version(), map_inputs=map_inputs
    )


def _hand_in(snapshot: Mapping[str, pd.DataFrame], store: Workspace, folder: Path, foot: str) -> None:
    """台账 and the tables of the filing system in both families, so that nobody types twice."""
    numbers = snapshot["parcel"]["number"].tolist()
    cases = list(cases_of(snapshot, numbers, store.path.parent, {}))
    write_table(folder / "台账.xlsx", "台账", register(cases), foot=foot)
    for family, title in (("A", "卫片检索明细表"), ("B", "图斑列表")):
        write_table(folder / f"上报表{family}_{title}.xlsx", title, upload_table(cases, family), foot=foot)


#: Columns of a returned table that the workspace takes over, by the parcel's own column.
_RETURNED_STATES = {"图斑状态": "split_state", "拆分状态": "review_stage", "审核阶段(系统)": "review_stage"}


def _take_back(store: Workspace, snapshot: Mapping[str, pd.DataFrame], plan: Plan, feedback: Feedback) -> None:
    """回传表: its review states go into the workspace, every difference from what we handed in into ``returned.csv``."""
    cases = cases_of(snapshot, snapshot["parcel"]["number"].tolist(), store.path.parent, {})
    table = returned_table(Path(str(plan.returned)), cases, plan.family)
    changes = {
        number: {_RETURNED_STATES[column]: text for column, text in states.items() if column in _RETURNED_STATES}
        for number, states in table.states.items()
    }
    store.update_rows("parcel", {number: new for number, new in changes.items() if new}, plan.who, "回传表")
    rows = [[item.parcel, item.column, item.kind, item.ours or "", item.theirs or ""] for item in table.differences]
    report.write_csv(Path(str(plan.report)) / "returned.csv", ["parcel", "column", "kind", "ours", "theirs"], rows)
    feedback.report(Message("run.summary_returned", {"rows": table.rows, "differences": len(rows)}))
