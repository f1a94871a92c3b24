"""A small office to drill on: a delivery, a catalogue of layers, a workspace with proposals, people who decide. No QGIS."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import shapely

from tests.unit.intake import builder as b
from weipian_plugin import filing
from weipian_plugin.filing import PackageOptions
from weipian_plugin.judgment import decisions as judge
from weipian_plugin.judgment import load_profile
from weipian_plugin.judgment.recording import Act, marks, record
from weipian_plugin.judgment.standing import ordered
from weipian_plugin.model.feedback import Silent
from weipian_plugin.model.records import Proposal
from weipian_plugin.pipeline import stored
from weipian_plugin.pipeline.cases import read_cases
from weipian_plugin.pipeline.command import Step, opened
from weipian_plugin.pipeline.import_delivery import ImportDelivery
from weipian_plugin.pipeline.make_tables import MakeTables
from weipian_plugin.pipeline.measure import MeasureParcels
from weipian_plugin.pipeline.propose import ProposeJudgments
from weipian_plugin.workspace import Workspace
from weipian_plugin.workspace.repository import Repository
from weipian_plugin.workspace.working_copy import working_on_copy

PROFILE = load_profile("national-2023")
OPTIONS = PackageOptions(made_at="2026-03-01T08:00:00+08:00")
STEPS: tuple[type[Step], ...] = (ImportDelivery, MeasureParcels, ProposeJudgments)


@dataclass(frozen=True)
class Job:
    """The work on one county, as a person asks for it."""

    delivery: Path
    catalogue: Path
    workspace: Path
    report: Path

    def take(self, step: type[Step], store: Workspace, feedback: Silent | None = None) -> None:
        """Run a step on an open workspace."""
        texts = {
            "DELIVERY": str(self.delivery), "CATALOGUE": str(self.catalogue), "WORKSPACE": str(self.workspace),
            "REPORT": str(self.report), "AS_OF": "2026-03-01",
        }  # fmt: skip
        step.of(texts, who="张三").run(store, feedback or Silent())


def delivery(folder: Path, count: int) -> Path:
    """A shapefile of the ministry with ``count`` parcels."""
    return b.write_shapefile(folder / "下发" / "图斑.shp", b.parcels(count))


def catalogue(folder: Path, count: int) -> Path:
    """Survey below every parcel, an approval over every second one."""
    shapes = [b.square(serial) for serial in range(count + 2)]
    return catalogue_over(folder, shapes, shapes[2 : count + 1 : 2])


def catalogue_over(folder: Path, shapes: Sequence[Any], approved: Sequence[Any]) -> Path:
    """Survey below all ``shapes``, an approval over each of ``approved``."""
    west, south, east, north = shapely.total_bounds(shapes)
    ground = shapely.box(west - 0.01, south - 0.01, east + 0.01, north + 0.01)
    survey = [{"DLBM": "0103", "geometry": shapely.Polygon(list(ground.exterior.coords)[::-1])}]
    approvals = [
        {
            "PZWH": f"渝府地〔2022〕{serial}号",
            "PZRQ": "20220501",
            "PZJG": "重庆市人民政府",
            "geometry": shape,
        }
        for serial, shape in enumerate(approved, start=1)
    ]
    text = ("C", 30, 0)
    b.write_shapefile(folder / "图层" / "地类图斑.shp", survey, [("DLBM", *text)])
    columns = [(name, *text) for name in ("PZWH", "PZRQ", "PZJG")]
    b.write_shapefile(folder / "图层" / "农转用.shp", approvals, columns)
    path = folder / "图层清单.yaml"
    path.write_text(
        "version: 1\nlayers:\n- {role: land_survey, source: 图层/地类图斑.shp}\n- {role: farmland_conversion, source: 图层/农转用.shp}\n",
        encoding="utf-8",
    )
    return path


def plan_of(folder: Path, count: int) -> Job:
    """The work on a fresh county below ``folder``."""
    return Job(delivery(folder, count), catalogue(folder, count), folder / "工作库.gpkg", folder / "报表")


def judged(folder: Path, count: int) -> Job:
    """A county whose workspace has parcels, measures and proposals."""
    plan = plan_of(folder, count)
    with opened(plan.workspace, create=True) as store:
        for step in STEPS:
            plan.take(step, store)
    return plan


def whole_run(plan: Job) -> None:
    """What ``weipian:run`` does to a workspace, on a copy of it, brought back at the end."""
    with opened(plan.workspace, create=True) as store, working_on_copy(store) as copy:
        for step in STEPS:
            plan.take(step, copy.store)
        copy.bring_back()


def parcels_of(store: Workspace) -> Any:
    """The parcels as the overlay takes them."""
    return stored.parcels_of(store)


def take_in(plan: Job) -> None:
    with opened(plan.workspace, create=True) as store:
        plan.take(ImportDelivery, store)


def measure(plan: Job, feedback: Silent | None = None) -> None:
    with opened(plan.workspace) as store:
        plan.take(MeasureParcels, store, feedback)


def tabulate(plan: Job) -> None:
    with opened(plan.workspace) as store:
        plan.take(MakeTables, store)


def tables(store: Workspace, workspace: Path, report: Path) -> None:
    """All tables of an open workspace, as of a day of the drill's year."""
    texts = {"WORKSPACE": str(workspace), "REPORT": str(report), "AS_OF": "2026-03-01"}
    MakeTables.of(texts, who="张三").run(store, Silent())


def export(workspace: Path, folder: Path, numbers: Sequence[str]) -> Iterator[object]:
    """Packages without maps (those need QGIS); a record or a refusal each."""
    with Workspace.open(workspace) as store:
        yield from filing.write_packages(read_cases(store, numbers, {}), folder, OPTIONS, total=len(numbers))


def numbers_of(workspace: Path) -> list[str]:
    with Workspace.open(workspace) as store:
        return [str(number) for (number,) in store.values("parcel", ("number",))]


def decide(store: Workspace, number: str, who: str, reason: str, seen: bool = True) -> None:
    """A person decides against the proposal. Raises ``workspace.conflict`` where a colleague was faster."""
    own = [act for act in ordered(Repository(store).decisions(number)) if act.part == ""]
    actor = judge.Actor(who, "经办", "2026-03-01T09:00:00+08:00")
    proposal = Proposal(number, "", "合法", "", "A", 1000.0, "high")

    def make(history: judge.History) -> judge.Change:
        return judge.override(history, proposal, actor, PROFILE, judge.Outcome("违法", "", reason, "现场核查"))

    record(store, Act(number, "", "override", who, make, marks(own) if seen else None))


def reasons(workspace: Path) -> list[str]:
    """The reasons of all decisions, each of which was given once."""
    with Workspace.open(workspace) as store:
        return [str(row["reason"]) for row in store.records("decision") if row["action"] == "override"]


def with_workspace(plan: Job, workspace: Path) -> Job:
    return replace(plan, workspace=workspace, report=workspace.parent / "报表")


def copied(plan: Job, folder: Path) -> Job:
    """The same work on a copy of the workspace, in an empty ``folder``."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return with_workspace(plan, Path(shutil.copy(str(plan.workspace), folder / "工作库.gpkg")))


def doubts(workspace: Path) -> str:
    """What speaks against a workspace: damage, a broken journal, tables changed past it ("" for nothing)."""
    with Workspace.open(workspace) as store:
        store.check()
        found = store.audit()
    return json.dumps([doubt.as_record() for doubt in found], ensure_ascii=False) if found else ""
