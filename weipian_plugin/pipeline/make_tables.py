"""台账与统计 as of a day, into the report folder; a table returned by the filing system is taken back first."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Optional

import pandas as pd

from .. import oversight
from ..filing import load_rules
from ..filing.placeholder import Value
from ..filing.returned_table import Difference, returned_table
from ..filing.tables import register, upload_table, write_table
from ..model.errors import WeipianError
from ..model.feedback import Feedback
from ..model.messages import Message, render
from ..workspace import Workspace, checkpoints
from ..workspace.places import Place
from . import layer_state, report
from .command import Result, Step, count, given, of_run, optional
from .parameters import AS_OF, COUNTY, FAMILY, PACKAGES, REPORT, RETURNED, WORKSPACE, YEAR
from .stored import cases_of

#: Columns of a returned table that the workspace takes over, by the parcel's own column.
_RETURNED_STATES = {"图斑状态": "split_state", "拆分状态": "review_stage", "审核阶段(系统)": "review_stage"}


@dataclass(frozen=True)
class ReviewState:
    """A review state (``column`` of the parcel: ``split_state``, ``review_stage``) that the returned table changed."""

    parcel: str
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Returned:
    """What a returned table brought: its rows, the review states taken over, and where it differs from what was handed in."""

    rows: int
    taken: tuple[ReviewState, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class TablesResult(Result):
    """Counts of the tables written; ``returned``: a table of the filing system that was compared."""

    parcels: int = count("PARCELS")
    tables: int = count("TABLES")
    overdue: int = count("OVERDUE")
    returned: Optional[Returned] = None


@dataclass(frozen=True)
class MakeTables(Step):
    """台账与统计: registers, upload tables, statistics and the summary."""

    ID: ClassVar[str] = "tables"
    TITLE: ClassVar[str] = "台账与统计"
    RESULT: ClassVar[type[Result]] = TablesResult
    SHARE: ClassVar[float] = 0.05
    NEEDS: ClassVar[tuple[Any, ...]] = (PACKAGES, REPORT)

    workspace: Place = given(WORKSPACE)
    report: Path = given(REPORT)
    as_of: Optional[str] = optional(AS_OF)
    returned: Optional[Path] = optional(RETURNED)
    year: Optional[int] = optional(YEAR)
    county: Optional[Path] = optional(COUNTY)
    family: str = optional(FAMILY, str)  # of the returned table, where its columns do not tell: A or B
    packages: Optional[Path] = of_run(PACKAGES)
    checkpoints: str = ""  # the folder outside for the journal's end, "" for none
    who: str = field(default_factory=getpass.getuser)

    def run(self, store: Workspace, feedback: Feedback) -> TablesResult:
        """Raises ``run.no_parcels`` and what a returned table that cannot be read raises."""
        day = date.fromisoformat(report.today_or(self.as_of))
        snapshot = store.snapshot()
        if snapshot["parcel"].empty:
            raise WeipianError("run.no_parcels", path=store.name)
        returned = None
        if self.returned:
            returned = self._take_back(store, snapshot, self.returned, feedback)
            snapshot = store.snapshot()
        changed = layer_state.reported(store, feedback)
        found = [*store.audit(), *([] if changed is None else [changed])]
        doubts = pd.DataFrame({"text": [render(doubt) for doubt in found]}, dtype=object)
        snapshot = {**snapshot, "doubt": doubts}
        checkpoint = checkpoints.of(store)
        options = oversight.ReportOptions(year=self.year, packages=self.packages, journal=checkpoint.text)
        written = oversight.write_all(snapshot, day, self.report, feedback, options)
        of_year = oversight.snapshot_of_year(snapshot, day, self.year)
        _hand_in(of_year, store, self.report, checkpoint.text, day)
        checkpoints.write(self.report / checkpoints.NAME, checkpoint)
        # The tables for scripts are of the whole workspace, unless a year was asked for.
        numbers = None if self.year is None else set(of_year["parcel"]["number"])
        report.write(store, self.report, report.COLUMNS, parcels=numbers)
        feedback.report(Message("run.summary_tables", {"path": str(self.report)}))
        unkept = checkpoints.keep_where_wanted(store, self.checkpoints)
        if unkept is not None:
            feedback.report(unkept, "warning")
        feedback.progress(1.0)
        return TablesResult(len(snapshot["parcel"]), len(written.files), written.overdue, returned)

    def _take_back(
        self, store: Workspace, snapshot: Mapping[str, pd.DataFrame], file: Path, feedback: Feedback
    ) -> Returned:
        """回传表: its review states go into the workspace, every difference from what we handed in into ``returned.csv``."""
        cases = cases_of(snapshot, snapshot["parcel"]["number"].tolist(), store.path.parent, {})
        table = returned_table(file, cases, self.family)
        states = {
            number: {_RETURNED_STATES[column]: text for column, text in stated.items() if column in _RETURNED_STATES}
            for number, stated in table.states.items()
        }
        taken = _take_states(store, {number: new for number, new in states.items() if new}, self.who)
        rows = [[item.parcel, item.column, item.kind, item.ours or "", item.theirs or ""] for item in table.differences]
        report.write_csv(self.report / "returned.csv", ["parcel", "column", "kind", "ours", "theirs"], rows)
        feedback.report(Message("run.summary_returned", {"rows": table.rows, "differences": len(rows)}))
        return Returned(table.rows, taken, table.differences)


def _take_states(store: Workspace, states: Mapping[str, Mapping[str, str]], who: str) -> tuple[ReviewState, ...]:
    """Write the review states; those that differ from what was there."""
    with store.transaction():
        before = store.columns("parcel", ["number", "split_state", "review_stage"], number=list(states))
        store.update_rows("parcel", states, who, "回传表")
    return tuple(
        ReviewState(str(row["number"]), column, str(row[column] or ""), text)
        for row in before.to_dict("records")
        for column, text in states[str(row["number"])].items()
        if str(row[column] or "") != text
    )


def _hand_in(snapshot: Mapping[str, pd.DataFrame], store: Workspace, folder: Path, foot: str, day: date) -> None:
    """台账 and the tables of the filing system in both families, so that nobody types twice."""
    numbers = snapshot["parcel"]["number"].tolist()
    signed, rules = oversight.signature(snapshot, day), load_rules()
    listed: list[dict[str, Value]] = []
    uploads: dict[str, list[dict[str, Value]]] = {"A": [], "B": []}
    for case in cases_of(
        snapshot, numbers, store.path.parent, {}
    ):  # one at a time: all of a county would fill the memory
        listed.extend(register([case], rules=rules, first=len(listed) + 1))
        for family, rows in uploads.items():
            rows.extend(upload_table([case], family, rules))
    write_table(folder / "台账.xlsx", "台账", listed, foot=foot, signed=signed)
    for family, title in (("A", "卫片检索明细表"), ("B", "图斑列表")):
        write_table(folder / f"上报表{family}_{title}.xlsx", title, uploads.pop(family), foot=foot)
