"""Packages for chosen parcels: cases from the workspace, maps on the main thread, packages written one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

import pandas as pd

from .. import filing
from ..filing.archive import ArchiveEntry, archive
from ..filing.inventory import Inventory, take_inventory
from ..filing.package import packages_in
from ..filing.verify import Finding
from ..judgment.recording import standings
from ..model.errors import WeipianError
from ..model.feedback import Feedback, stop_if_cancelled
from ..model.messages import Message
from ..model.records import Rejection
from ..pipeline import chain, report
from ..pipeline.cases import read_cases
from ..toolbelt.settings import Settings
from ..toolbelt.settings import read as read_settings
from ..workspace import Workspace, checkpoints
from ..workspace.journal import now
from .map_pictures import map_maker
from .selection import PARCEL_COLUMNS, choose


def export(
    store: Workspace, plan: chain.Plan, settings: Settings, feedback: Feedback, history: bool = False
) -> dict[str, Any]:
    """导出卷宗 of the chosen parcels. One that fails is reported by its number; the others go on. ``history``: with 历史影像对比."""
    if plan.packages is None:
        raise WeipianError("run.parameter_missing", name="PACKAGES", title="卷宗输出文件夹")
    report.prepare_folder(plan.packages)
    numbers = choose(parcels_with_outcome(store), plan.filter)
    if not numbers:
        raise WeipianError("run.no_parcels", path=str(store.path))
    options = filing.PackageOptions(
        vector_encoding=settings.vector_encoding, short_names=settings.short_names == "1", made_at=now()
    )
    written: list[filing.PackageRecord] = []
    failed: list[Rejection] = []
    try:
        with map_maker(chain.layers_of(store, plan), settings, history) as maps:
            for doubt in store.audit():
                feedback.report(doubt, "warning")
            cases = read_cases(store, numbers, maps.inputs)
            for outcome in filing.write_packages(
                cases, plan.packages, options, feedback, total=len(numbers), render_maps=maps.render
            ):
                stop_if_cancelled(feedback)
                if isinstance(outcome, Rejection):
                    failed.append(outcome)
                else:
                    written.append(outcome)
            for remark in maps.remarks():
                feedback.report(remark, "warning")
    finally:
        # What was written is known to the workspace even if the run was stopped half way.
        _record(store, written, failed, plan)
    unkept = checkpoints.keep_where_wanted(store, settings.checkpoints)
    if unkept is not None:
        feedback.report(unkept, "warning")
    if plan.archive:
        _archive(store, written, plan)
    complete = sum(1 for record in written if record.complete)
    feedback.report(
        Message(
            "run.summary_file",
            {"written": len(written), "complete": complete, "failed": len(failed), "path": str(plan.packages)},
        )
    )
    if plan.report:
        report.write(store, plan.report, ["packages", "refused"])
    return {"PARCELS": len(numbers), "WRITTEN": len(written), "COMPLETE": complete, "FAILED": len(failed)}


def _archive(store: Workspace, written: list[filing.PackageRecord], plan: chain.Plan) -> None:
    """Zips for handing in, a parcel or a township each, beside the packages."""
    parcels = store.columns("parcel", ["number", "township"]).set_index("number")["township"]
    entries = [ArchiveEntry(record.parcel, record.path, str(parcels.get(record.parcel) or "")) for record in written]
    archive(entries, Path(str(plan.packages)) / "归档", by=str(plan.archive))


def _record(store: Workspace, written: list[filing.PackageRecord], failed: list[Rejection], plan: chain.Plan) -> None:
    rows = [
        {
            "parcel": record.parcel,
            "path": str(record.path),
            "complete": int(record.complete),
            "missing": [check.as_record() for check in record.missing],
            "files": record.files,
            "bytes": record.bytes,
            "manifest_sha256": record.manifest_sha256,
            "made_at": now(),
        }
        for record in written
    ]
    with store.transaction():
        if rows:
            store.replace("package", pd.DataFrame(rows), plan.who, "导出卷宗", parcel=[row["parcel"] for row in rows])
        # Failures of parcels that this run did not touch stay.
        tried = {*(record.parcel for record in written), *(rejection.feature for rejection in failed)}
        earlier = store.read("refusal", step="file").drop(columns=["fid"])
        kept = earlier[~earlier["feature"].isin(tried)]
        if failed or len(kept) < len(earlier):
            rows_now = pd.concat([kept, chain.rejection_rows(failed, "file")], ignore_index=True)
            store.replace("refusal", rows_now, plan.who, "导出卷宗", step="file")


def parcels_with_outcome(store: Workspace) -> pd.DataFrame:
    """The parcel table with what was proposed and what was decided, for filters."""
    parcels = store.columns("parcel", PARCEL_COLUMNS)
    if parcels.empty:
        raise WeipianError("run.no_parcels", path=str(store.path))
    proposals = store.columns("proposal", ["parcel", "part", "category", "subtype"])
    whole = proposals[proposals["part"].fillna("") == ""].set_index("parcel")
    known = standings(store)
    stored = list(zip(parcels["number"], parcels["state"]))
    return parcels.assign(
        category=parcels["number"].map(whole["category"]),
        subtype=parcels["number"].map(whole["subtype"]),
        state=[known.of(number).state.value if known.of(number).stated else state for number, state in stored],
        decided=["、".join(dict.fromkeys(unit.category for unit in known.of(number).units)) for number, _ in stored],
    )


def check(values: dict[str, Any], feedback: Feedback) -> dict[str, Any]:
    """校验卷宗: every package in the folder against its manifest and, with a workspace, against its figures."""
    folder = Path(values["PACKAGES"])
    if not folder.is_dir():
        raise WeipianError("run.file_missing", path=str(folder))
    stored = read_settings()
    options = filing.PackageOptions(vector_encoding=stored.vector_encoding, short_names=stored.short_names == "1")
    store = Workspace.open(Path(values["WORKSPACE"])) if values.get("WORKSPACE") else None
    try:
        known = _known(store, folder) if store else _Known(Inventory(tuple(packages_in(folder))))
        if not known.inventory.folders and not known.inventory.findings:
            raise WeipianError("run.no_packages", path=str(folder))
        findings = [*known.inventory.findings, *(_doubt(store, doubt) for doubt in _doubts(store, values, stored))]
        for position, package in enumerate(known.inventory.folders):
            stop_if_cancelled(feedback)
            case, manifest_sha256 = known.of(package)
            found = filing.verify(package, case, options, manifest_sha256)
            findings.extend((package.name, finding) for finding in (*found, *_history(store, package)))
            feedback.progress((position + 1) / len(known.inventory.folders))
        faulty = {name for name, _ in findings}
        if store is not None:
            _mark_verified(store, known, faulty, feedback)
    finally:
        if store is not None:
            store.close()
    for _, finding in findings:
        feedback.report(finding.message, "error")
    if values.get("REPORT"):
        report.prepare_folder(Path(values["REPORT"]))
        rows = [[name, finding.message.code, finding.message.as_record()["text"]] for name, finding in findings]
        report.write_csv(Path(values["REPORT"]) / "verification.csv", ["package", "code", "reason"], rows)
    checked = len(known.inventory.folders)
    feedback.report(Message("run.summary_verify", {"packages": checked, "faulty": len(faulty)}))
    return {"PACKAGES_CHECKED": checked, "FAULTY": len(faulty), "FINDINGS": len(findings)}


def _doubts(store: Workspace | None, values: dict[str, Any], settings: Settings) -> list[Message]:
    """What the journal and the checkpoints kept outside say against the workspace."""
    if store is None:
        return []
    folders = [
        Path(folder) for folder in (settings.checkpoints, values.get("REPORT")) if folder and Path(folder).is_dir()
    ]
    return [*store.audit(), *(found for folder in folders for found in checkpoints.contradictions(store, folder))]


def _history(store: Workspace | None, package: Path) -> list[Finding]:
    """Whether the journal still has the row that was its last when the package was made."""
    ended = filing.journal_end(package) if store else None
    if store is None or ended is None:
        return []
    found = checkpoints.contradiction(store, *ended, package.name)
    return [] if found is None else [Finding(found.code, "manifest.json", found)]


def _doubt(store: Workspace | None, doubt: Message) -> tuple[str, Finding]:
    """What speaks against the workspace itself, beside the findings about packages."""
    name = store.path.name if store else ""
    return name, Finding(doubt.code, name, doubt)


@dataclass(frozen=True)
class _Known:
    """What lies in the folder, and what the workspace knows of it by parcel."""

    inventory: Inventory
    cases: Mapping[str, filing.ParcelCase] = field(default_factory=dict)
    manifests: Mapping[str, str] = field(default_factory=dict)

    def of(self, package: Path) -> tuple[Optional[filing.ParcelCase], str]:
        parcel = self.inventory.parcels.get(package, "")
        return self.cases.get(parcel), self.manifests.get(parcel, "")


def _known(store: Workspace, folder: Path) -> _Known:
    snapshot = store.snapshot()
    rows = snapshot["package"].to_dict("records")
    numbers = set(snapshot["parcel"]["number"])
    inventory = take_inventory(folder, {str(row["parcel"]): str(row["path"] or "") for row in rows}, sorted(numbers))
    wanted = [parcel for parcel in inventory.parcels.values() if parcel in numbers]
    cases = {case.number: case for case in chain.cases_of(snapshot, wanted, store.path.parent, {})}
    return _Known(inventory, cases, {str(row["parcel"]): str(row["manifest_sha256"] or "") for row in rows})


def _mark_verified(store: Workspace, known: _Known, faulty: set[str], feedback: Feedback) -> None:
    """Note when each sound package was verified, so that 区级验收 can tell; a faulty one loses its note."""
    at = now()
    changes = {
        parcel: {"verified_at": None if package.name in faulty else at}
        for package, parcel in known.inventory.parcels.items()
        if parcel in known.cases
    }
    try:
        store.update_rows("package", changes, read_settings().signer, "校验卷宗")
    except WeipianError as error:  # a workspace that may only be read is verified all the same
        feedback.report(error.message, "warning")
