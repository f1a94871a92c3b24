"""A verification with the workspace finds packages that are gone, renamed, unrecorded, and papers that name another decision or geometry."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
import shapely

from weipian_plugin.filing import PackageOptions, gather_cases, verify, write_package
from weipian_plugin.filing.inventory import take_inventory
from weipian_plugin.judgment import decisions as judge
from weipian_plugin.judgment.recording import Act, record
from weipian_plugin.workspace import Workspace

OLD = Path(__file__).parents[1] / "workspace" / "data" / "version-1.gpkg"


@dataclass
class Office:
    workspace: Path
    packages: Path
    recorded: dict[str, str]

    def stock(self) -> set[tuple[str, str]]:
        with Workspace.open(self.workspace) as store:
            numbers = [number for (number,) in store.values("parcel", ("number",))]
        return {
            (name, finding.code) for name, finding in take_inventory(self.packages, self.recorded, numbers).findings
        }

    def codes(self, number: str) -> set[str]:
        with Workspace.open(self.workspace) as store:
            (case,) = gather_cases(store.snapshot(), [number], workspace_folder=self.workspace.parent)
        return {finding.code for finding in verify(self.packages / number, case)}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    path = Path(shutil.copy(OLD, tmp_path / "工作库.gpkg"))
    with Workspace.open(path) as store:
        numbers = [number for (number,) in store.values("parcel", ("number",))][:5]
        store.delete("package", "张三", "清理")
        cases = gather_cases(store.snapshot(), numbers, workspace_folder=tmp_path)
        made = [write_package(case, tmp_path / "卷宗", PackageOptions()) for case in cases]
        rows = [{"parcel": one.parcel, "path": str(one.path), "manifest_sha256": one.manifest_sha256} for one in made]
        store.insert("package", pd.DataFrame(rows), "张三", "导出卷宗")
    return Office(path, tmp_path / "卷宗", {row["parcel"]: row["path"] for row in rows})


def test_untouched_packages_match_and_verify(office: Office) -> None:
    assert office.stock() == set()
    assert [office.codes(number) for number in office.recorded] == [set()] * 5


def test_gone_renamed_unrecorded_and_unmanifested_packages_are_found(office: Office, tmp_path: Path) -> None:
    gone, renamed, bare, unrecorded, kept = office.recorded
    shutil.rmtree(office.packages / gone)
    (office.packages / renamed).rename(office.packages / "别名")
    (office.packages / bare / "manifest.json").unlink()
    del office.recorded[unrecorded]
    shutil.copytree(office.packages / kept, office.packages / "副本")
    assert office.stock() == {
        (gone, "filing.verify_gone"),
        ("别名", "filing.verify_renamed"),
        (bare, "filing.manifest_missing"),
        (unrecorded, "filing.verify_unrecorded"),
        ("副本", "filing.verify_unrecorded"),
    }


def test_packages_that_moved_with_their_folder_are_found_again(office: Office) -> None:
    office.recorded = {parcel: f"D:\\别处\\卷宗\\{Path(path).name}" for parcel, path in office.recorded.items()}
    assert office.stock() == set()


def test_a_package_exported_elsewhere_that_still_lies_there_is_no_finding(office: Office, tmp_path: Path) -> None:
    first = next(iter(office.recorded))
    (tmp_path / "另存").mkdir()
    shutil.move(office.packages / first, tmp_path / "另存" / first)
    office.recorded[first] = str(tmp_path / "另存" / first)
    assert office.stock() == set()


def test_a_decision_taken_since_the_export_is_a_finding(office: Office) -> None:
    with Workspace.open(office.workspace) as store:
        number = next(row["parcel"] for row in store.records("decision") if row["stale"])
        actor = judge.Actor("王五", "经办", "2020-01-01T00:00:00+08:00")
        record(store, Act(number, "", "undo", "王五", lambda history: judge.undo(history, actor)))
    assert "filing.verify_decision" in office.codes(number)


def test_a_decision_changed_past_the_journal_is_found_though_table_and_papers_agree(office: Office) -> None:
    with Workspace.open(office.workspace) as store:
        number = next(row["parcel"] for row in store.records("decision") if row["stale"])
    connection = sqlite3.connect(str(office.workspace))
    connection.execute("UPDATE decision SET category = '其他' WHERE parcel = ? AND status = 'current'", (number,))
    connection.commit()
    connection.close()
    with Workspace.open(office.workspace) as store:
        (case,) = gather_cases(store.snapshot(), [number], workspace_folder=office.workspace.parent)
        write_package(case, office.packages, PackageOptions())
    assert office.codes(number) == {"filing.verify_journal", "filing.verify_decision"}


def test_a_geometry_of_the_same_size_elsewhere_is_found(office: Office) -> None:
    number = next(iter(office.recorded))
    with Workspace.open(office.workspace) as store:
        shape = store.records("parcel", number=number)[0]["geometry"]
        moved = shapely.transform(shape, lambda points: points + [1e-9, 0.0])
        store.update("parcel", {"number": number}, {"geometry": moved}, "张三", "再次下发")
    assert "filing.verify_geometry" in office.codes(number)
