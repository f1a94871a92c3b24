"""判定建议 for every parcel and part; decisions stay, those whose ground has changed are marked 依据已变."""

from __future__ import annotations

import getpass
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar, Optional

import pandas as pd

from .. import judgment, overlay
from ..judgment.decisions import stale
from ..judgment.stored import rows_of
from ..model.cells import CHINA
from ..model.errors import WeipianError
from ..model.feedback import Feedback, stop_if_cancelled
from ..model.messages import Message
from ..model.paths import county_folder
from ..model.records import Decision, Proposal
from ..model.words import DecisionStatus
from ..workspace import Workspace
from ..workspace.places import Place
from ..workspace.repository import Repository
from ..workspace.schema import table
from . import layer_state, merged, renewal, report
from .after_others import merges_of, propose_again
from .command import Result, Step, count, given, of_run, optional
from .county import profile_of
from .parameters import AS_OF, CATALOGUE, COUNTY, PROFILE, REPORT, WORKSPACE
from .settling import Making, settle
from .stored import cache_folder, evidence_of, layers_of, parcels_of

DEFAULT_PROFILE = "national-2023"
_WHY = "判定建议"
_CHANGED, _AGAIN = "依据已变", "依据恢复"
#: Tables that a proposal is made from, beside the parcels.
_MADE_FROM = ("coverage", "measure", "part", "photo", "photo_parcel", "document")
#: What a decision changes in the row of its parcel; no rule looks at it.
_OF_DECISIONS = frozenset({"state", "updated_at", "version"})


def default_profile() -> str:
    """The county's own profile, else the national one."""
    return profile_of(county_folder()) or DEFAULT_PROFILE


def today() -> date:
    """The day on China's clocks: no image was taken later."""
    return datetime.now(CHINA).date()


@dataclass(frozen=True)
class ProposeResult(Result):
    """Counts of proposals made and failed, and of decisions whose basis changed."""

    parcels: int = count("PARCELS")
    judged: int = count("JUDGED")
    failed: int = count("FAILED")
    stale: int = count("STALE")


@dataclass(frozen=True)
class _Proposed:
    parcels: int
    proposals: tuple[Proposal, ...]
    rows: pd.DataFrame


@dataclass(frozen=True)
class ProposeJudgments(Step):
    """合法性判定建议: measurements become proposals under a profile."""

    ID: ClassVar[str] = "judge"
    TITLE: ClassVar[str] = "合法性判定建议"
    RESULT: ClassVar[type[Result]] = ProposeResult
    SHARE: ClassVar[float] = 0.05
    NEEDS: ClassVar[tuple[Any, ...]] = (CATALOGUE,)
    ASIDE: ClassVar[bool] = True

    workspace: Place = given(WORKSPACE)
    profile: Optional[str] = optional(PROFILE)
    report: Optional[Path] = optional(REPORT)
    county: Optional[Path] = optional(COUNTY)
    as_of: Optional[str] = of_run(AS_OF)
    who: str = field(default_factory=getpass.getuser)

    def run(self, store: Workspace, feedback: Feedback) -> ProposeResult:
        """Raises ``run.no_parcels``, ``run.not_measured``."""
        marked: list[int] = []

        def write(target: Workspace, made: _Proposed) -> None:
            target.replace("proposal", made.rows, self.who, _WHY)
            marked.append(_mark_stale(target, made.proposals, self.who))

        making: Making[_Proposed] = Making(
            lambda: _basis(store),
            lambda outdated: self._judge(store, feedback),
            write,
            lambda made: len(made.rows),
        )
        settled = settle(store, feedback, making)
        made = settled.result
        if settled.brought.touched:
            propose_again(self, store, settled.brought, feedback)
        whole = [proposal for proposal in made.proposals if not proposal.part]
        counts = Counter(proposal.category for proposal in whole)
        text = "、".join(f"{category} {number}" for category, number in sorted(counts.items(), key=lambda one: -one[1]))
        feedback.report(Message("run.summary_judge", {"counts": text}))
        if self.report:
            report.write(store, self.report, ["parcels", "proposals"])
        feedback.progress(1.0)
        failed = {proposal.parcel for proposal in made.proposals if proposal.rule == "failed"}
        return ProposeResult(made.parcels, len(whole), len(failed), marked[-1])

    def renew(self, store: Workspace, numbers: Sequence[str], feedback: Feedback) -> None:
        """The same for a few parcels that belong to no project, each by itself: quick, and written in a short transaction."""

        def write(target: Workspace, made: _Proposed) -> None:
            target.replace("proposal", made.rows, self.who, _WHY, parcel=list(numbers))
            _mark_stale(target, made.proposals, self.who, parcel=list(numbers))

        settle(
            store,
            feedback,
            Making(lambda: _basis(store, numbers), lambda outdated: self._judge(store, feedback, numbers), write),
        )

    def _judge(self, store: Workspace, feedback: Feedback, numbers: Optional[Sequence[str]] = None) -> _Proposed:
        """``numbers``: of these parcels only."""
        only = {} if numbers is None else {"parcel": list(numbers)}
        parcels = parcels_of(store, numbers)
        measures = store.read("measure", **only)
        if measures.empty and numbers is None:
            raise WeipianError("run.not_measured", path=store.name)
        profile = judgment.load_profile(self.profile or default_profile())
        layers_changed = layer_state.reported(store, feedback)
        proofs, day = evidence_of(store, numbers), max(date.fromisoformat(report.today_or(self.as_of)), today())
        proposals = judgment.judge(
            judgment.MeasuredTables(
                parcels, store.read("coverage", **only), measures, proofs, store.read("part", **only)
            ),
            profile,
            feedback,
            as_of=day,
            outdated=renewal.measured_otherwise(measures, renewal.fingerprints(parcels)),
            layers_changed=layers_changed,
        )
        groups = merged.projects(merges_of(store), parcels["number"].tolist())
        if groups:
            options = overlay.OverlayOptions(cache=cache_folder(store))
            basis = merged.Basis(layers_of(store), options, proofs, profile, day, layers_changed)
            proposals = merged.with_projects(proposals, parcels, groups, basis, feedback)
        stop_if_cancelled(feedback)
        rows = pd.DataFrame(rows_of(proposals, profile))
        made_of = measures.drop_duplicates("parcel").set_index("parcel")["fingerprint"]
        return _Proposed(len(parcels), tuple(proposals), rows.assign(fingerprint=rows["parcel"].map(made_of)))


def _basis(store: Workspace, numbers: Optional[Sequence[str]] = None) -> Any:
    """What proposals are made from. A decision by itself is not: in a team somebody decides all the time; a merge (并宗) is."""
    columns = [column.name for column in table("parcel").columns if column.name not in _OF_DECISIONS]
    only = {} if numbers is None else {"number": list(numbers)}
    return store.last_change(_MADE_FROM), store.values("parcel", columns, **only), merges_of(store)


def _mark_stale(store: Workspace, proposals: tuple[Proposal, ...], who: str, **only: list[str]) -> int:
    """Decisions whose proposal has changed since: marked 依据已变 with the difference, never overwritten. ``only``: some of them."""
    current = {(proposal.parcel, proposal.part): proposal for proposal in proposals}
    marked, changes = 0, {_CHANGED: dict[str, Any](), _AGAIN: dict[str, Any]()}
    for decision in Repository(store).all(Decision, status=DecisionStatus.CURRENT.value, **only):
        difference = stale(decision, current.get((decision.parcel, decision.part)))
        marked += difference is not None
        if decision.stale != difference:
            changes[_CHANGED if difference else _AGAIN][decision.id] = {"stale": difference}
    for why, rows in changes.items():
        if rows:  # a new layer changes thousands at once, and colleagues wait until they are written
            store.update_rows("decision", rows, who, why)
    return marked
