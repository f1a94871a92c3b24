"""并宗 and layers that changed: what is proposed belongs to the land and the layers it was made from, through real files and a workspace."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
import yaml
from shapely.affinity import translate

from weipian_plugin import filing
from weipian_plugin.filing.verify import verify
from weipian_plugin.judgment import decisions, recording
from weipian_plugin.judgment.stored import proposal_of
from weipian_plugin.model.feedback import Silent
from weipian_plugin.model.messages import render
from weipian_plugin.model.records import Proposal
from weipian_plugin.pipeline import layer_state
from weipian_plugin.pipeline.cases import read_cases
from weipian_plugin.pipeline.command import Step, opened
from weipian_plugin.pipeline.import_delivery import ImportDelivery
from weipian_plugin.pipeline.make_tables import MakeTables
from weipian_plugin.pipeline.measure import MeasureParcels
from weipian_plugin.pipeline.propose import ProposeJudgments
from weipian_plugin.workspace import Workspace, journal

EAST, NORTH = 35_590_000.0, 3_248_000.0
SOUND = {"PZWH": "渝府地〔2022〕100号", "PZRQ": "2022-06-15", "PZJG": "重庆市人民政府"}
A, B, C = (f"500118SJBG2321{place:04d}" for place in (1, 2, 3))


def square(west: float, south: float, width: float = 50, height: float = 40) -> Any:
    return translate(shapely.box(0, 0, width, height), EAST + west, NORTH + south)


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    geopandas.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4523").to_file(path, engine="pyogrio", encoding="UTF-8")
    return path


def approvals(folder: Path, *shapes: Any, **columns: Any) -> Path:
    return write(folder / "农转用.shp", [{**SOUND, **columns, "geometry": shape} for shape in shapes])


Asked = dict[str, str]  # texts by parameter name


def take(step: type[Step], store: Workspace, asked: Asked, feedback: Silent | None = None) -> None:
    """Run a step on an open workspace."""
    step.of(asked, who="张三").run(store, feedback or Silent())


def plan_of(folder: Path, *shapes: Any, parcels: list[dict[str, Any]] | None = None) -> Asked:
    """Two neighbouring parcels A and B and C far off; the approval covers ``shapes``."""
    folder.mkdir(parents=True, exist_ok=True)
    images = {"XZQDM": "500118", "QSX": "20220918", "HSX": "20230426"}
    rows = parcels or [
        {"JCBH": A, "geometry": square(0, 0)},
        {"JCBH": B, "geometry": square(50, 0)},
        {"JCBH": C, "geometry": square(500, 500)},
    ]
    write(folder / "土地图斑.gpkg", [{**images, **row} for row in rows])
    approvals(folder, *shapes)
    write(folder / "地类.shp", [{"DLBM": "0103", "SJNF": 2021, "geometry": square(-500, -500, 2000, 2000)}])
    for name in ("永农", "红线"):
        write(folder / f"{name}.shp", [{"BSM": "1", "geometry": square(-900, -900, 5, 5)}])
    layers = [
        {"role": role, "source": f"{name}.shp", "encoding": "UTF-8"}
        for role, name in (
            ("farmland_conversion", "农转用"), ("land_survey", "地类"), ("basic_farmland", "永农"), ("ecological_redline", "红线"),
        )
    ]  # fmt: skip
    catalogue = folder / "图层清单.yaml"
    catalogue.write_text(yaml.safe_dump({"version": 1, "layers": layers}, allow_unicode=True), encoding="utf-8")
    return {
        "DELIVERY": str(folder / "土地图斑.gpkg"),
        "CATALOGUE": str(catalogue),
        "WORKSPACE": str(folder / "库.gpkg"),
    }


def prepare(plan: Asked) -> None:
    with opened(Path(plan["WORKSPACE"]), create=True) as store:
        take(ImportDelivery, store, plan)
        take(MeasureParcels, store, plan)
        take(ProposeJudgments, store, plan)


def proposals(plan: Asked) -> dict[str, Proposal]:
    with opened(Path(plan["WORKSPACE"])) as store:
        take(ProposeJudgments, store, plan)
        rows = store.records("proposal")
    return {str(row["parcel"]) + str(row["part"] or ""): proposal_of(row) for row in rows}


def codes(proposal: Proposal) -> list[str]:
    return [reason.code for reason in proposal.reasons]


def merge(plan: Asked, lead: str, *members: str) -> None:
    officer = decisions.Actor("李四", "经办", journal.now())
    with opened(Path(plan["WORKSPACE"])) as store:
        histories = {number: store.records("decision", parcel=number) for number in members}
        make = lambda history: decisions.merge(  # noqa: E731
            history, lead, decisions.Merger(members, histories, split_state="", reason="一个项目"), officer
        )
        recording.record(store, recording.Act(lead, "", "merge", "李四", make))


def test_a_project_is_judged_by_the_land_of_all_its_parcels(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, square(-5, -5, 60, 50))  # A wholly, of B a strip
    prepare(plan)
    assert proposals(plan)[A].category == "合法"
    merge(plan, A, B)
    found = proposals(plan)
    for number in (A, B):
        assert found[number].category == "存疑" and "judgment.merged" in codes(found[number])
        assert (found[number].category, found[number].subtype, found[number].rule) == (
            found[A].category, found[A].subtype, found[A].rule,
        )  # fmt: skip
        said = next(render(reason) for reason in found[number].reasons if reason.code == "judgment.merged")
        assert A in said and B in said and "6.00 亩" in said
    assert found[A].area_m2 == pytest.approx(4000, rel=1e-3) and found[B].area_m2 == pytest.approx(2000, rel=1e-3)
    assert found[C].category == "违法" and "judgment.merged" not in codes(found[C])
    assert not {name for name in found if name.startswith((A, B)) and "_" in name}  # splits of single parcels are gone


def test_a_project_that_is_covered_is_legal_and_ends_with_its_merge(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, square(-5, -5, 60, 50), square(50, -5, 60, 50))
    prepare(plan)
    merge(plan, A, B)
    found = proposals(plan)
    assert [found[number].category for number in (A, B)] == ["合法", "合法"]
    with opened(Path(plan["WORKSPACE"])) as store:
        approvals(tmp_path, square(-5, -5, 60, 50))
        take(MeasureParcels, store, plan)
    assert proposals(plan)[A].category != "合法"  # A by itself still is covered


@pytest.mark.parametrize(
    "other",
    [
        {"HSX": "20220101"},  # its own images contradict each other
        {"HSX": ""},
        {"用途分类细化": "城镇住宅"},  # its own use is another than the approved
        {"建设时间": "2019-01"},
        {"JCMJ": 30.0},
    ],
)
def test_a_project_is_not_legal_where_one_of_its_parcels_is_not(tmp_path: Path, other: dict[str, Any]) -> None:
    rows = [{"JCBH": A, "geometry": square(0, 0)}, {"JCBH": B, "geometry": square(50, 0), **other}]
    plan = plan_of(tmp_path, square(-5, -5, 160, 50), parcels=rows)
    approvals(tmp_path, square(-5, -5, 160, 50), TDYT="工业用地")
    prepare(plan)
    assert proposals(plan)[A].category == "合法"
    merge(plan, A, B)
    found = proposals(plan)
    assert found[A].category == found[B].category != "合法"


def test_a_project_without_layers_at_hand_is_doubtful(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, square(-5, -5, 160, 50))
    prepare(plan)
    merge(plan, A, B)
    (tmp_path / "图层清单.yaml").unlink()
    found = proposals({name: text for name, text in plan.items() if name != "CATALOGUE"})
    assert (found[A].category, found[A].rule) == ("存疑", "merged_not_measured")
    assert "judgment.merged_not_measured" in codes(found[B])


def withdrawn(folder: Path) -> None:
    approvals(folder, square(-5, -5, 160, 50), ZT="已撤销")


def gone(folder: Path) -> None:
    for file in folder.glob("农转用.*"):
        file.unlink()


def rewritten_in_the_catalogue(folder: Path, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> None:
    path = folder / "图层清单.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump({**data, "layers": change(data["layers"])}, allow_unicode=True), encoding="utf-8")


def dropped(folder: Path) -> None:
    rewritten_in_the_catalogue(folder, lambda layers: [one for one in layers if one["role"] != "farmland_conversion"])


def added(folder: Path) -> None:
    shutil.copy(folder / "红线.shp", folder / "别.shp")
    for suffix in (".shx", ".dbf", ".prj"):
        shutil.copy(folder / f"红线{suffix}", folder / f"别{suffix}")
    rewritten_in_the_catalogue(folder, lambda layers: [*layers, {"role": "development_boundary", "source": "别.shp"}])


CHANGES = [
    (withdrawn, "农用地转用/征收批文（内容已变）"),
    (gone, "农用地转用/征收批文（已移除或找不到）"),
    (dropped, "农用地转用/征收批文（已移除或找不到）"),
    (added, "城镇开发边界（新加入）"),
]


@pytest.mark.parametrize(("change", "said"), CHANGES)
def test_proposals_of_other_layers_are_marked_and_never_legal(
    tmp_path: Path, change: Callable[[Path], None], said: str
) -> None:
    plan = plan_of(tmp_path, square(-5, -5, 160, 50))
    prepare(plan)
    found = proposals(plan)
    assert (found[A].category, found[C].category) == ("合法", "违法")
    assert all("judgment.layers_changed" not in codes(proposal) for proposal in found.values())
    change(tmp_path)
    marked = proposals(plan)
    assert (marked[A].category, marked[C].category) == ("存疑", "违法")
    for proposal in marked.values():
        assert proposal.confidence == "low"
        assert said in next(render(reason) for reason in proposal.reasons if reason.code == "judgment.layers_changed")
        assert "judgment.overlay_again" in [entry.code for entry in proposal.would_change]


def changes_of(store: Workspace) -> list[str]:
    return [change.text() for change in layer_state.changes(store)]


def test_a_layer_that_only_moved_with_its_workspace_has_not_changed(tmp_path: Path) -> None:
    plan = plan_of(tmp_path / "旧", square(-5, -5, 160, 50))
    prepare(plan)
    shutil.move(str(tmp_path / "旧"), str(tmp_path / "新"))
    with opened(tmp_path / "新" / "库.gpkg") as store:
        assert changes_of(store) == []
        withdrawn(tmp_path / "新")
        assert changes_of(store) == ["农用地转用/征收批文（内容已变）"]
        (tmp_path / "新" / "图层清单.yaml").unlink()
        assert changes_of(store) == []  # nothing at hand to compare


def test_touching_a_layer_changes_nothing_and_measuring_again_ends_it(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, square(-5, -5, 160, 50))
    prepare(plan)
    (tmp_path / "农转用.shp").touch()
    with opened(Path(plan["WORKSPACE"])) as store:
        assert changes_of(store) == []
        withdrawn(tmp_path)
        assert changes_of(store) != []
        take(MeasureParcels, store, plan)
        assert changes_of(store) == []


def test_packages_tables_and_verification_say_that_the_layers_changed(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, square(-5, -5, 160, 50))
    prepare(plan)
    with opened(Path(plan["WORKSPACE"])) as store:
        (before,) = read_cases(store, [A], {})
        withdrawn(tmp_path)
        (after,) = read_cases(store, [A], {})
        heard: list[str] = []

        class Listening(Silent):
            def report(self, message: Any, level: str = "info") -> None:
                heard.append(render(message))

        take(MakeTables, store, {**plan, "REPORT": str(tmp_path / "报表")}, Listening())
    assert before.layers_changed == "" and "内容已变" in after.layers_changed
    assert before.digest() != after.digest()  # a package made before is not current any more
    assert "layers_changed" not in [check.code for check in filing.completeness(before)]
    assert "layers_changed" in [check.code for check in filing.completeness(after)]
    assert any("套合之后图层已变" in text for text in heard)
    (record,) = filing.write_packages(
        [before], tmp_path / "卷宗", filing.PackageOptions(made_at=journal.now()), Silent()
    )
    assert "filing.verify_layers" in [finding.code for finding in verify(Path(record.path), after)]
    assert "filing.verify_layers" not in [finding.code for finding in verify(Path(record.path), before)]
