"""导出卷宗: chosen parcels become packages, written one by one; one that fails is reported by its number, the others go on."""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Optional

import pandas as pd

from .. import filing
from ..filing import handover
from ..filing.archive import WITH_DRAFTS, ArchiveEntry, archive, target_of
from ..filing.handover import HandedOver
from ..judgment.recording import standings
from ..model.columns import Use, names_for
from ..model.errors import WeipianError
from ..model.feedback import Feedback, stop_if_cancelled
from ..model.messages import Message
from ..model.records import Parcel, Rejection
from ..office.dates import chinese_day
from ..workspace import Workspace, checkpoints, office_settings
from ..workspace.journal import now
from ..workspace.places import Place
from . import layer_state, report
from .cases import read_cases
from .command import Result, Step, count, given, optional
from .exported import record_export
from .host import Beside, Host, PlainHost, is_number_list
from .parameters import ARCHIVE, CATALOGUE, COUNTY, FILTER, HISTORY, JOBS, PACKAGES, PROFILE, REPORT, WORKSPACE
from .stored import layers_of

#: Columns of the parcel table that a filter may ask for, beside the outcome.
PARCEL_COLUMNS = names_for(Parcel, Use.FILTER)


@dataclass(frozen=True)
class PackagesResult(Result):
    """Counts of an export: parcels asked for, packages written, complete and failed."""

    parcels: int = count("PARCELS")
    written: int = count("WRITTEN")
    complete: int = count("COMPLETE")
    failed: int = count("FAILED", in_run="PACKAGES_FAILED")


@dataclass(frozen=True)
class ExportPackages(Step):
    """导出卷宗: the packages of chosen parcels, a few at a time."""

    ID: ClassVar[str] = "file"
    TITLE: ClassVar[str] = "导出卷宗"
    RESULT: ClassVar[type[Result]] = PackagesResult
    SHARE: ClassVar[float] = 0.45
    NEEDS: ClassVar[tuple[Any, ...]] = (PACKAGES,)
    READS_FIRST: ClassVar[bool] = True

    workspace: Place = given(WORKSPACE)
    packages: Path = given(PACKAGES)
    catalogue: Optional[Path] = optional(CATALOGUE)
    profile: Optional[str] = optional(PROFILE)
    filter: Optional[str] = optional(FILTER)
    report: Optional[Path] = optional(REPORT)
    archive: Optional[str] = optional(ARCHIVE)
    county: Optional[Path] = optional(COUNTY)
    history: bool = optional(HISTORY, bool)
    jobs: Optional[str] = optional(JOBS)
    checkpoints: str = ""  # the folder outside for the journal's end, "" for none
    host: Host = field(default_factory=PlainHost)
    options: filing.PackageOptions = field(default_factory=filing.PackageOptions)
    who: str = field(default_factory=getpass.getuser)

    def check(self) -> None:
        super().check()
        if self.filter:
            self.host.check_filter(self.filter)

    def run(self, store: Workspace, feedback: Feedback) -> PackagesResult:
        """Raises ``run.no_parcels``, ``run.filter_unknown``, ``run.filter_invalid``."""
        report.prepare_folder(self.packages)
        numbers = self.host.choose(_asked_of(store, self.filter), self.filter)
        if not numbers:
            raise WeipianError("run.no_parcels", path=store.name)
        beside = self.host.export_beside(Beside(self.jobs, self._shared()), numbers, feedback)
        if beside is not None:  # each of the programs has recorded what it wrote
            known = {name: beside.get(name.upper(), 0) for name in ("written", "complete", "failed")}
            return self._conclude(store, feedback, PackagesResult(parcels=len(numbers), **known), numbers)
        written: list[filing.PackageRecord] = []
        failed: list[Rejection] = []
        try:
            self._write(store, numbers, (written, failed), feedback)
        finally:
            # What was written is known to the workspace even if the run was stopped half way.
            record_export(store, written, failed, self.who)
        unkept = checkpoints.keep_where_wanted(store, self.checkpoints)
        if unkept is not None:
            feedback.report(unkept, "warning")
        complete = sum(1 for record in written if record.complete)
        result = PackagesResult(len(numbers), len(written), complete, len(failed))
        return self._conclude(store, feedback, result, [record.parcel for record in written])

    def _conclude(
        self, store: Workspace, feedback: Feedback, result: PackagesResult, written: Sequence[str]
    ) -> PackagesResult:
        """Archive, summary and tables, once the packages are there."""
        if self.archive:
            _archive(store, written, self.packages / "归档", self.archive, feedback)
        summary = {"written": result.written, "complete": result.complete, "failed": result.failed}
        feedback.report(Message("run.summary_file", {**summary, "path": str(self.packages)}))
        if self.report:
            report.write(store, self.report, ["packages", "refused"])
        return result

    def _shared(self) -> tuple[str, ...]:
        """What programs beside this one are asked, too: all but filter, archive and report."""
        texts = {WORKSPACE: self.workspace, PACKAGES: self.packages, CATALOGUE: self.catalogue, PROFILE: self.profile}
        known = [f"{parameter.name}={value}" for parameter, value in {**texts, COUNTY: self.county}.items() if value]
        return (*known, f"{HISTORY.name}={str(self.history).lower()}")

    def _write(
        self,
        store: Workspace,
        numbers: Sequence[str],
        outcomes: tuple[list[filing.PackageRecord], list[Rejection]],
        feedback: Feedback,
    ) -> None:
        """Write package after package; ``outcomes`` (written, failed) are filled as they come, for a run that is stopped."""
        options = replace(self.options, made_at=now())
        written, failed = outcomes
        with self.host.maps(layers_of(store, self.catalogue), self.history) as maps:
            changed = layer_state.changes(store)
            layer_state.reported(store, feedback, changed)
            for doubt in store.doubts:  # the journal's chain, as far as it was not checked before
                feedback.report(doubt, "warning")
            cases = read_cases(store, numbers, maps.inputs, layer_state.told(changed))
            for outcome in filing.write_packages(
                _of_sound(store, cases),
                self.packages,
                replace(options, at_once=maps.at_once),
                feedback,
                total=len(numbers),
                render_maps=maps.render,
            ):
                if isinstance(outcome, Rejection):
                    failed.append(outcome)
                else:
                    written.append(outcome)
            stop_if_cancelled(feedback)
            # Behind the packages: it reads every row of the workspace, and the first package shall not wait for that.
            for doubt in store.audit():
                if doubt not in store.doubts:
                    feedback.report(doubt, "warning")
            for remark in maps.remarks():
                feedback.report(remark, "warning")


def _archive(store: Workspace, written: Sequence[str], folder: Path, asked: str, feedback: Feedback) -> None:
    """Zips for handing in, a parcel or a township each, beside the packages, with the list to sign; drafts only where asked."""
    by, drafts = asked.removesuffix(WITH_DRAFTS), asked.endswith(WITH_DRAFTS)
    parcels = store.columns("parcel", ["number", "township"]).set_index("number")["township"]
    columns = ["parcel", "path", "complete", "files", "manifest_sha256"]
    recorded = store.values("package", columns, parcel=list(written))  # also of what programs beside this one wrote
    entries = [ArchiveEntry(str(row[0]), Path(row[1]), str(parcels.get(row[0]) or "")) for row in recorded]
    made = archive(entries, folder, by, drafts)
    known = standings(store)
    rows = []
    for entry, (parcel, _, complete, files, sha256) in zip(entries, recorded):
        target = target_of(entry, folder, by)
        category = "、".join(dict.fromkeys(unit.category for unit in known.of(parcel).units if unit.category))
        name = "" if target is None else target.name
        rows.append(HandedOver(parcel, entry.township, category, bool(complete), files, name, sha256))
    if rows:
        unit, day = office_settings.read(store).unit, chinese_day(date.today())
        handover.write(folder / handover.NAME, rows, unit, day)
    left = sum(1 for row in rows if not row.archive)
    feedback.report(Message("run.summary_archive", {"archives": len(made), "drafts": left, "path": str(folder)}))


def _of_sound(store: Workspace, cases: Iterator[filing.ParcelCase]) -> Iterator[filing.ParcelCase]:
    """``cases``, none of them before the workspace is known to be sound: nothing that was read of a damaged one becomes a paper."""
    for case in cases:
        store.sound()
        yield case


def _asked_of(store: Workspace, text: Optional[str]) -> pd.DataFrame:
    """What a filter has to know of the parcels: a list of numbers, and no filter, ask for nothing else. Raises ``run.no_parcels``."""
    if text and not is_number_list(text):
        return parcels_with_outcome(store)
    parcels = store.columns("parcel", ["number"])
    if parcels.empty:
        raise WeipianError("run.no_parcels", path=store.name)
    return parcels


def parcels_with_outcome(store: Workspace) -> pd.DataFrame:
    """The parcel table with what was proposed and what was decided, for filters. Raises ``run.no_parcels``."""
    parcels = store.columns("parcel", PARCEL_COLUMNS)
    if parcels.empty:
        raise WeipianError("run.no_parcels", path=store.name)
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
