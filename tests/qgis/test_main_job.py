"""The whole chain on the sample county, in one QGIS process, held against what the county planted."""

from __future__ import annotations

import sqlite3
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from qgis.core import QgsProcessingException, QgsProcessingFeedback

from tests import comparer
from tests.qgis.running import run
from weipian_plugin.workspace import Workspace


@dataclass(frozen=True)
class Done:
    """A finished run: where everything is, and what the algorithm answered."""

    county: dict[str, Any]
    folder: Path
    results: dict[str, Any]

    @property
    def workspace(self) -> Path:
        return self.folder / "工作库.gpkg"

    @property
    def report(self) -> Path:
        return self.folder / "报表"

    @property
    def packages(self) -> Path:
        return self.folder / "卷宗"


@pytest.fixture(scope="module")
def county(qgis_app: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return run("sample", FOLDER=tmp_path_factory.mktemp("示例 县") / "县")


@pytest.fixture(scope="module")
def done(county: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Done:
    folder = tmp_path_factory.mktemp("成果")
    results = run(
        "run",
        DELIVERY=county["DELIVERY"],
        CATALOGUE=county["CATALOGUE"],
        PHOTOS=county["PHOTOS"],
        WORKSPACE=folder / "工作库.gpkg",
        PACKAGES=folder / "卷宗",
        REPORT=folder / "报表",
        AS_OF="2023-08-20",
    )
    return Done(county, folder, results)


def test_everything_is_as_planted(done: Done) -> None:
    assert comparer.compare(Path(done.county["TRUTH"]), done.report) == []


def test_the_counts_agree_with_the_tables(done: Done) -> None:
    assert done.results["PARCELS"] == len(comparer.rows(done.report, "parcels"))
    assert done.results["ATTACHED"] == sum(row["status"] == "attached" for row in comparer.rows(done.report, "photos"))
    assert done.results["WRITTEN"] == len(comparer.rows(done.report, "packages")) == done.results["PARCELS"]
    assert done.results["FAILED"] == 0


def test_covered_and_uncovered_add_up_for_every_parcel_and_part(done: Done) -> None:
    measures = pd.DataFrame(comparer.rows(done.report, "measures"))
    wide = measures.pivot(index=["parcel", "part"], columns="measure", values="value")
    areas = wide[["area", "approved", "uncovered"]].astype(float)
    assert ((areas["area"] - areas["approved"] - areas["uncovered"]).abs() < 0.0051).all()


def test_every_report_table_has_the_agreed_columns_first(done: Done) -> None:
    from weipian_plugin.pipeline.report import COLUMNS

    for name, columns in COLUMNS.items():
        path = done.report / f"{name}.csv"
        content = path.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf"), name
        header = content.decode("utf-8-sig").splitlines()[0].split(",")
        assert tuple(header[: len(columns)]) == columns, name


def test_packages_verify_and_a_changed_byte_is_found(done: Done, tmp_path: Path) -> None:
    checked = run("verify", PACKAGES=done.packages, WORKSPACE=done.workspace)
    assert (checked["PACKAGES_CHECKED"], checked["FAULTY"]) == (done.results["PARCELS"], 0)
    victim = next(path for path in sorted(done.packages.rglob("*.xlsx")))
    original = victim.read_bytes()
    try:
        victim.write_bytes(original[:-1] + bytes([original[-1] ^ 1]))
        assert run("verify", PACKAGES=done.packages)["FAULTY"] == 1
    finally:
        victim.write_bytes(original)


def test_the_workspace_is_an_ordinary_geopackage(done: Done) -> None:
    told = subprocess.run(
        ["ogrinfo", "-so", str(done.workspace), "parcel"], capture_output=True, text=True, check=True
    ).stdout
    assert f"Feature Count: {done.results['PARCELS']}" in told
    assert "CGCS2000" in told


def test_the_journal_is_unbroken_and_names_a_person(done: Done) -> None:
    with Workspace.open(done.workspace) as store:
        assert store.journal_break() is None
        assert all(store.read("journal")["who"])


def test_a_second_run_changes_nothing_but_the_journal(done: Done, tmp_path: Path) -> None:
    before = {name: comparer.rows(done.report, name) for name in ("parcels", "coverage", "measures", "proposals")}
    again = run(
        "run",
        DELIVERY=done.county["DELIVERY"],
        CATALOGUE=done.county["CATALOGUE"],
        PHOTOS=done.county["PHOTOS"],
        WORKSPACE=done.workspace,
        PACKAGES=done.packages,
        REPORT=tmp_path,
        AS_OF="2023-08-20",
    )
    assert (again["NEW"], again["CHANGED"], again["WITHDRAWN"]) == (0, 0, 0)
    for name, table in before.items():
        assert comparer.rows(tmp_path, name) == table


def test_a_filter_chooses_parcels(done: Done, tmp_path: Path) -> None:
    number = comparer.rows(done.report, "parcels")[5]["parcel"]
    assert run("file", WORKSPACE=done.workspace, PACKAGES=tmp_path / "一", FILTER=number)["WRITTEN"] == 1
    proposals = comparer.rows(done.report, "proposals")
    legal = sum(row["category"] == "合法" and not row["part"] for row in proposals)
    written = run("file", WORKSPACE=done.workspace, PACKAGES=tmp_path / "合法", FILTER="\"category\" = '合法'")
    assert written["WRITTEN"] == legal


# ---- bad input: one sentence, nothing half-written ----


class StopsSoon(QgsProcessingFeedback):
    """A user who cancels once the given share of the run is done."""

    def __init__(self, percent: float) -> None:
        super().__init__(False)
        self._percent = percent
        self.progressChanged.connect(self._watch)

    def _watch(self, percent: float) -> None:
        if percent >= self._percent:
            self.cancel()


@pytest.mark.parametrize("percent", [2.0, 15.0, 35.0])
def test_a_cancelled_run_leaves_no_workspace_behind(county: dict[str, Any], tmp_path: Path, percent: float) -> None:
    with pytest.raises(QgsProcessingException):
        run(
            "run",
            feedback=StopsSoon(percent),
            DELIVERY=county["DELIVERY"],
            CATALOGUE=county["CATALOGUE"],
            PHOTOS=county["PHOTOS"],
            WORKSPACE=tmp_path / "工作库.gpkg",
            PACKAGES=tmp_path / "卷宗",
            REPORT=tmp_path / "报表",
        )
    assert not (tmp_path / "工作库.gpkg").exists()
    assert not list(tmp_path.rglob("*.part"))


def test_a_cancelled_run_leaves_the_earlier_workspace_as_it_was(
    done: Done, county: dict[str, Any], tmp_path: Path
) -> None:
    copy = tmp_path / "工作库.gpkg"
    with Workspace.open(done.workspace) as store:
        store.backup(copy)
    dump = _dump(copy)
    with pytest.raises(QgsProcessingException):
        run(
            "run",
            feedback=StopsSoon(20.0),
            DELIVERY=county["DELIVERY"],
            CATALOGUE=county["CATALOGUE"],
            WORKSPACE=copy,
            PACKAGES=tmp_path / "卷宗",
            REPORT=tmp_path / "报表",
        )
    assert _dump(copy) == dump


def _dump(path: Path) -> list[str]:
    with sqlite3.connect(path) as connection:
        return [line for line in connection.iterdump() if "gpkg_contents" not in line]


def _empty_delivery(folder: Path) -> Path:
    (folder / "空").mkdir()
    return folder / "空"


def _file_in_the_way(folder: Path) -> Path:
    (folder / "挡路").write_text("x", encoding="utf-8")
    return folder / "挡路" / "报表"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: {"DELIVERY": folder / "没有.zip"}, "没有.zip"),
        (lambda folder: {"DELIVERY": _empty_delivery(folder)}, "空"),
        (lambda folder: {"CATALOGUE": folder / "没有.yaml"}, "没有.yaml"),
        (lambda folder: {"REPORT": _file_in_the_way(folder)}, "挡路"),
        (lambda folder: {"AS_OF": "去年"}, "去年"),
        (lambda folder: {"PHOTOS": folder / "没有照片"}, "没有照片"),
        (lambda folder: {"UNIT": "斤"}, "斤"),
        (lambda folder: {"ENCODING": "没有这种编码"}, "没有这种编码"),
        (lambda folder: {"CRS": "EPSG:没有"}, "EPSG:没有"),
        (lambda folder: {"KIND": "没有这类"}, "没有这类"),
        (lambda folder: {"PROFILE": "没有这种规则"}, "没有这种规则"),
        (lambda folder: {"FILTER": "number = 'x' and ("}, "number = 'x' and ("),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(
    county: dict[str, Any], tmp_path: Path, change: Any, said: str
) -> None:
    parameters = {
        "DELIVERY": county["DELIVERY"],
        "CATALOGUE": county["CATALOGUE"],
        "WORKSPACE": tmp_path / "工作库.gpkg",
        "PACKAGES": tmp_path / "卷宗",
        "REPORT": tmp_path / "报表",
        **change(tmp_path),
    }
    with pytest.raises(QgsProcessingException) as raised:
        run("run", **parameters)
    assert said in str(raised.value)
    assert "Traceback" not in str(raised.value)
    assert not (tmp_path / "工作库.gpkg").exists()
