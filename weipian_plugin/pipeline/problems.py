"""接收问题图斑清单: a list of 区级核查 or 督导 is taken into the workspace, and what became of each row is written down."""

from __future__ import annotations

import getpass
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import ClassVar, Optional

from ..model.feedback import Feedback
from ..model.messages import Message
from ..oversight import problem_lists
from ..workspace import Workspace
from ..workspace.places import Place
from . import report
from .command import Result, Step, count, given, optional
from .parameters import AS_OF, COLUMNS, COUNTY, PROBLEMS, REPORT, SOURCE, WORKSPACE

_SOURCE = "区级核查"


@dataclass(frozen=True)
class ProblemsResult(Result):
    """Counts of a list of problems: rows taken, parcels sent back, noted, known before and unknown."""

    problems: int = count("PROBLEMS")
    returned: int = count("RETURNED_PARCELS")
    noted: int = count("NOTED")
    known: int = count("KNOWN")
    unknown: int = count("UNKNOWN")


@dataclass(frozen=True)
class TakeProblems(Step):
    """接收问题图斑清单: what an inspection found is noted, and sends parcels back."""

    ID: ClassVar[str] = "problems"
    TITLE: ClassVar[str] = "接收问题图斑清单"
    RESULT: ClassVar[type[Result]] = ProblemsResult

    workspace: Place = given(WORKSPACE)
    problems: Path = given(PROBLEMS)
    source: Optional[str] = optional(SOURCE)
    columns: Optional[str] = optional(COLUMNS)
    as_of: Optional[str] = optional(AS_OF)  # the day on which the list came
    report: Optional[Path] = optional(REPORT)
    county: Optional[Path] = optional(COUNTY)
    who: str = field(default_factory=getpass.getuser)

    def run(self, store: Workspace, feedback: Feedback) -> ProblemsResult:
        """Raises ``oversight.problem_columns``, ``intake.register_*``."""
        pairs = (entry.partition("=") for entry in (self.columns or "").replace("；", ";").split(";"))
        given_columns = {name.strip(): column.strip() for name, mark, column in pairs if mark}
        source = (self.source or "").strip() or _SOURCE
        found = problem_lists.read_list(self.problems, given_columns, store)
        received = date.fromisoformat(report.today_or(self.as_of))
        outcome = problem_lists.take(store, found, source, received, self.who)
        for number in outcome.unknown:
            feedback.report(
                Message("oversight.problem_unknown", {"parcel": number, "path": self.problems.name}), "warning"
            )
        if self.report is not None:
            kinds = {"returned": outcome.returned, "noted": outcome.noted, "unknown": outcome.unknown}
            rows = [[number, kind] for kind, numbers in kinds.items() for number in numbers]
            report.write_csv(self.report / "problems.csv", ["parcel", "outcome"], rows)
        result = ProblemsResult(
            len(found.rows), len(outcome.returned), len(outcome.noted), outcome.known, len(outcome.unknown)
        )
        counts = {name.lower(): number for name, number in result.outputs().items()}
        feedback.report(Message("oversight.problems.taken", {**counts, "source": source}))
        return result
