"""Packages for chosen parcels: cases from the workspace, maps on the main thread, packages written one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from .. import filing
from ..filing.archive import ArchiveEntry, archive
from ..filing.package import packages_in
from ..judgment.recording import standings
from ..model.errors import WeipianError
from ..model.feedback import Feedback, stop_if_cancelled
from ..model.messages import Message
from ..model.records import Refusal
from ..pipeline import chain, report
from ..toolbelt.settings import Settings
from ..toolbelt.settings import read as read_settings
from ..workspace import Workspace
from ..workspace.journal import now
from .map_pictures import map_maker
from .selection import choose


def export(store: Workspace, plan: chain.Plan, settings: Settings, feedback: Feedback) -> dict[str, Any]:
    """导出卷宗 of the chosen parcels. One that fails is reported by its number; the others go on."""
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
    failed: list[Refusal] = []
    try:
        with map_maker(chain.layers_of(store, plan), settings) as maps:
            cases = chain.cases_of(store.snapshot(), numbers, store.path.parent, maps.inputs)
            for outcome in filing.write_packages(
                cases, plan.packages, options, feedback, total=len(numbers), render_maps=maps.render
            ):
                stop_if_cancelled(feedback)
                if isinstance(outcome, Refusal):
                    failed.append(outcome)
                else:
                    written.append(outcome)
            for remark in maps.remarks():
                feedback.tell(remark, "warning")
    finally:
        # What was written is known to the workspace even if the run was stopped half way.
        _record(store, written, failed, plan)
    if plan.archive:
        _archive(store, written, plan)
    complete = sum(1 for record in written if record.complete)
    feedback.tell(
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
    parcels = store.read("parcel").set_index("number")["township"]
    entries = [ArchiveEntry(record.parcel, record.path, str(parcels.get(record.parcel) or "")) for record in written]
    archive(entries, Path(str(plan.packages)) / "归档", by=str(plan.archive))


def _record(store: Workspace, written: list[filing.PackageRecord], failed: list[Refusal], plan: chain.Plan) -> None:
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
        store.replace("refusal", chain.refusal_rows(failed, "file"), plan.who, "导出卷宗", step="file")


def parcels_with_outcome(store: Workspace) -> pd.DataFrame:
    """The parcel table with what was proposed and what was decided, for filters."""
    parcels = store.read("parcel").drop(columns=["geometry"])
    if parcels.empty:
        raise WeipianError("run.no_parcels", path=str(store.path))
    proposals = store.read("proposal")
    whole = proposals[proposals["part"].fillna("") == ""].set_index("parcel")
    known = standings(store)
    stored = list(zip(parcels["number"], parcels["state"]))
    return parcels.assign(
        category=parcels["number"].map(whole["category"]),
        subtype=parcels["number"].map(whole["subtype"]),
        state=[known.of(number).state if known.of(number).stated else state for number, state in stored],
        decided=["、".join(dict.fromkeys(unit.category for unit in known.of(number).units)) for number, _ in stored],
    )


def check(values: dict[str, Any], feedback: Feedback) -> dict[str, Any]:
    """校验卷宗: every package in the folder against its manifest and, with a workspace, against its figures."""
    folder = Path(values["PACKAGES"])
    if not folder.is_dir():
        raise WeipianError("run.file_missing", path=str(folder))
    packages = packages_in(folder)
    if not packages:
        raise WeipianError("run.no_packages", path=str(folder))
    findings: list[Any] = []
    faulty = 0
    stored = read_settings()
    options = filing.PackageOptions(vector_encoding=stored.vector_encoding, short_names=stored.short_names == "1")
    store = Workspace.open(Path(values["WORKSPACE"])) if values.get("WORKSPACE") else None
    try:
        known = _by_folder(store) if store else {}
        for position, package in enumerate(packages):
            stop_if_cancelled(feedback)
            case, manifest_sha256 = known.get(package.name, (None, ""))
            found = filing.verify(package, case, options, manifest_sha256)
            faulty += bool(found)
            for finding in found:
                feedback.tell(finding.message, "error")
            findings.extend((package.name, finding) for finding in found)
            feedback.progress((position + 1) / len(packages))
    finally:
        if store is not None:
            store.close()
    if values.get("REPORT"):
        report.prepare_folder(Path(values["REPORT"]))
        rows = [[name, finding.message.code, finding.message.as_record()["text"]] for name, finding in findings]
        report.write_csv(Path(values["REPORT"]) / "verification.csv", ["package", "code", "reason"], rows)
    feedback.tell(Message("run.summary_verify", {"packages": len(packages), "faulty": faulty}))
    return {"PACKAGES_CHECKED": len(packages), "FAULTY": faulty, "FINDINGS": len(findings)}


def _by_folder(store: Workspace) -> dict[str, tuple[filing.ParcelCase, str]]:
    """What the workspace knows of each package it has written, by the name of the package's folder."""
    packages = store.read("package")
    cases = {
        case.number: case
        for case in chain.cases_of(store.snapshot(), packages["parcel"].tolist(), store.path.parent, {})
    }
    return {
        Path(row["path"]).name: (cases[row["parcel"]], str(row["manifest_sha256"] or ""))
        for row in packages.to_dict("records")
    }
