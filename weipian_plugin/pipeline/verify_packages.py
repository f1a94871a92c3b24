"""校验卷宗: every package in a folder is held against its manifest and, with a workspace, against its figures."""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar, Optional

from .. import filing
from ..filing.inventory import Inventory, take_inventory
from ..filing.package import packages_in
from ..filing.verify import Finding
from ..model.errors import WeipianError
from ..model.feedback import Feedback, stop_if_cancelled
from ..model.messages import Message
from ..model.paths import county_data
from ..workspace import Workspace, checkpoints
from ..workspace.journal import now
from ..workspace.places import Place
from . import layer_state, report
from .command import Result, Step, count, given, optional
from .parameters import COUNTY, PACKAGES, REPORT, WORKSPACE
from .stored import cases_of


def _folder_there(folder: Path) -> None:
    if not folder.is_dir():
        raise WeipianError("run.file_missing", path=str(folder))


_PACKAGES = replace(PACKAGES, check=_folder_there, prepared=False)


@dataclass(frozen=True)
class VerifyResult(Result):
    """Counts of packages checked and faulty, and what was found."""

    packages: int = count("PACKAGES_CHECKED")
    faulty: int = count("FAULTY")
    found: int = count("FINDINGS")
    findings: tuple[tuple[str, Finding], ...] = ()  # with the package each is about


@dataclass(frozen=True)
class VerifyPackages(Step):
    """校验卷宗: packages are held against their manifests and the workspace."""

    ID: ClassVar[str] = "verify"
    TITLE: ClassVar[str] = "校验卷宗"
    RESULT: ClassVar[type[Result]] = VerifyResult

    packages: Path = given(_PACKAGES)
    workspace: Optional[Place] = optional(WORKSPACE)
    report: Optional[Path] = optional(REPORT)
    county: Optional[Path] = optional(COUNTY)
    options: filing.PackageOptions = field(default_factory=filing.PackageOptions)
    checkpoints: str = ""  # the folder outside for the journal's end, "" for none
    signer: str = field(default_factory=getpass.getuser)

    def start(self, feedback: Feedback) -> VerifyResult:
        """With the workspace where there is one. Raises ``run.file_missing``, ``run.no_packages``."""
        self.check()
        self.prepare()
        opening = Workspace.open(self.workspace) if self.workspace else nullcontext(None)
        with county_data(self.county), opening as store:
            return self._verify(store, feedback)

    def run(self, store: Workspace, feedback: Feedback) -> VerifyResult:
        return self._verify(store, feedback)

    def _verify(self, store: Optional[Workspace], feedback: Feedback) -> VerifyResult:
        known = _known(store, self.packages) if store else _Known(Inventory(tuple(packages_in(self.packages))))
        if not known.inventory.folders and not known.inventory.findings:
            raise WeipianError("run.no_packages", path=str(self.packages))
        findings = [*known.inventory.findings]
        if store is not None:
            doubts = [*store.audit(), *self._contradictions(store)]
            findings += [(store.path.name, Finding(doubt.code, store.path.name, doubt)) for doubt in doubts]
        for position, package in enumerate(known.inventory.folders):
            stop_if_cancelled(feedback)
            case, manifest_sha256 = known.of(package)
            found = filing.verify(package, case, self.options, manifest_sha256)
            findings.extend((package.name, finding) for finding in (*found, *_history(store, package)))
            feedback.progress((position + 1) / len(known.inventory.folders))
        if store is not None:
            _mark_verified(store, known, {name for name, _ in findings}, self.signer, feedback)
        return self._report(len(known.inventory.folders), tuple(findings), feedback)

    def _contradictions(self, store: Workspace) -> Iterator[Message]:
        """What the checkpoints kept outside say against the workspace."""
        for folder in (self.checkpoints, self.report):
            if folder and Path(folder).is_dir():
                yield from checkpoints.contradictions(store, Path(folder))

    def _report(self, packages: int, findings: tuple[tuple[str, Finding], ...], feedback: Feedback) -> VerifyResult:
        """Say and write down what was found."""
        for _, finding in findings:
            feedback.report(finding.message, "error")
        if self.report:
            rows = [[name, finding.message.code, finding.message.as_record()["text"]] for name, finding in findings]
            report.write_csv(self.report / "verification.csv", ["package", "code", "reason"], rows)
        faulty = len({name for name, _ in findings})
        feedback.report(Message("run.summary_verify", {"packages": packages, "faulty": faulty}))
        return VerifyResult(packages, faulty, len(findings), findings)


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
    layers = layer_state.told(layer_state.changes(store))
    cases = {
        case.number: replace(case, layers_changed=layers) for case in cases_of(snapshot, wanted, store.path.parent, {})
    }
    return _Known(inventory, cases, {str(row["parcel"]): str(row["manifest_sha256"] or "") for row in rows})


def _history(store: Optional[Workspace], package: Path) -> list[Finding]:
    """Whether the journal still has the row that was its last when the package was made."""
    ended = filing.journal_end(package) if store else None
    if store is None or ended is None:
        return []
    found = checkpoints.contradiction(store, *ended, package.name)
    return [] if found is None else [Finding(found.code, "manifest.json", found)]


def _mark_verified(store: Workspace, known: _Known, faulty: set[str], who: str, feedback: Feedback) -> None:
    """Note when each sound package was verified, so that 区级验收 can tell; a faulty one loses its note."""
    at = now()
    changes = {
        parcel: {"verified_at": None if package.name in faulty else at}
        for package, parcel in known.inventory.parcels.items()
        if parcel in known.cases
    }
    try:
        store.update_rows("package", changes, who, "校验卷宗")
    except WeipianError as error:  # a workspace that may only be read is verified all the same
        feedback.report(error.message, "warning")
