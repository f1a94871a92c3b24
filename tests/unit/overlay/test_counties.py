"""Many counties on a local Dask cluster: complete and identical to one machine, whatever happens to a worker."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from weipian_plugin.counties import main
from weipian_plugin.model.errors import Cancelled, WeipianError
from weipian_plugin.model.feedback import Silent
from weipian_plugin.overlay import OverlayOptions
from weipian_plugin.overlay import counties as batch

from .county import layer, parcels

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with (
        distributed.LocalCluster(
            n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None, memory_limit=None
        ) as cluster,
        distributed.Client(cluster) as connection,
    ):
        yield connection


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six county folders of some dozen parcels."""
    root = tmp_path_factory.mktemp("某省 各县")
    for county in range(6):
        folder = root / f"51010{county}"
        folder.mkdir()
        rows = range(30 + county)
        survey = layer(folder, "land_survey", [((-500, -500, 9000, 500), {"DLBM": "0101", "SJNF": 2022})])
        approvals = layer(
            folder,
            "farmland_conversion",
            [((k * 200, 0, k * 200 + 10 + county, 100), {"PZWH": f"批{k}", "PZRQ": "20220101"}) for k in rows],
        )
        entries = [{"role": source.role, "source": Path(source.source).name} for source in (survey, approvals)]
        (folder / "图层清单.yaml").write_text(yaml.safe_dump({"version": 1, "layers": entries}), encoding="utf-8")
        table = parcels({f"5101{county}-{k:03d}": (k * 200, 0, k * 200 + 100, 100) for k in rows})
        table.to_parquet(folder / "parcels.parquet")
    return root


def alone(counties: Any) -> list[Any]:
    """The same counties, one after another in this process."""
    return [batch.measure_county(county, OverlayOptions(threads=1))[0] for county in counties]


def same_rows(result: batch.CountiesResult, expected: list[Any], counties: Any) -> None:
    for name in ("coverage", "measures", "regions", "parts"):
        rows = getattr(result, name)
        single = pd.concat([getattr(one, name) for one in expected], ignore_index=True)
        plain = [column for column in single.columns if column != "geometry"]
        assert rows[plain].to_csv() == single[plain].to_csv(), name
        if "geometry" in single:
            assert [str(shape) for shape in rows["geometry"]] == [str(shape) for shape in single["geometry"]]
    assert result.coverage["county"].unique().tolist() == [county.name for county in counties]


def test_three_workers_give_row_by_row_what_one_machine_gives(client: Any, province: Path) -> None:
    counties = batch.counties_in(province)
    assert len(counties) == 6
    result = batch.measure_counties(counties, client=client)
    same_rows(result, alone(counties), counties)
    assert not result.failed and set(result.seconds) == {county.name for county in counties}
    assert len(result.sources) == 12


def test_a_worker_killed_in_the_middle_loses_nothing(client: Any, province: Path) -> None:
    counties = batch.counties_in(province) * 2
    counties = tuple(
        batch.County(f"{county.name}-{k}", county.parcels, catalogue=county.catalogue)
        for k, county in enumerate(counties)
    )
    pids = client.run(lambda: __import__("os").getpid())
    killed: list[int] = []

    def kill() -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not any(client.processing().values()):
            time.sleep(0.01)
        victim = next(address for address, tasks in client.processing().items() if tasks)
        __import__("os").kill(pids[victim], 9)
        killed.append(pids[victim])

    killer = threading.Thread(target=kill)
    killer.start()
    result = batch.measure_counties(counties, client=client)
    killer.join()
    assert killed
    same_rows(result, alone(counties), counties)
    assert not result.failed


def test_a_poisoned_county_is_reported_and_the_rest_finish(client: Any, province: Path, tmp_path: Path) -> None:
    good = batch.counties_in(province)[:2]
    poisoned = tmp_path / "坏县"
    poisoned.mkdir()
    (poisoned / "parcels.parquet").write_bytes(b"not a table")
    (poisoned / "图层清单.yaml").write_text("version: 1\nlayers: []\n", encoding="utf-8")
    empty = tmp_path / "缺县"
    empty.mkdir()
    counties = (good[0], *batch.counties_in(tmp_path), good[1])
    result = batch.measure_counties(counties, client=client)
    assert set(result.failed) == {"坏县", "缺县"}
    assert result.failed["坏县"].code == "overlay.county_failed"
    assert "图层清单.yaml" in str(result.failed["缺县"].details["reason"])
    same_rows(result, alone(good), good)


def test_geoparquet_partitions_give_what_the_folders_give(client: Any, province: Path, tmp_path: Path) -> None:
    import geopandas

    folders = batch.counties_in(province)[:2]
    for county in folders:
        place = tmp_path / "parcels" / f"county={county.name}"
        place.mkdir(parents=True)
        geopandas.read_parquet(county.parcels[0]).to_parquet(place / "part-0.parquet")
        for role in ("land_survey", "farmland_conversion"):
            place = tmp_path / role / f"county={county.name}"
            place.mkdir(parents=True)
            geopandas.read_file(Path(county.folder) / f"{role}.shp").to_parquet(place / "part-0.parquet")
    partitions = batch.counties_in(tmp_path)
    result = batch.measure_counties(partitions, client=client)
    assert not result.failed
    same_rows(result, alone(folders), folders)


def test_cancel_stops_the_batch_within_half_a_second(client: Any, province: Path) -> None:
    class Impatient(Silent):
        begun = 0.0

        def cancelled(self) -> bool:
            self.begun = self.begun or time.monotonic()
            return True

    said = Impatient()
    with pytest.raises(Cancelled):
        batch.measure_counties(batch.counties_in(province), client=client, feedback=said)
    assert time.monotonic() - said.begun < 10


def test_a_scheduler_that_is_not_there_is_an_error_that_says_where() -> None:
    with pytest.raises(WeipianError) as raised:
        batch.measure_counties((), scheduler="nonsense://127.0.0.1:1")
    assert raised.value.code == "overlay.scheduler_unreachable" and "nonsense" in str(raised.value)


def test_the_command_writes_the_tables_of_all_counties_and_names_the_one_that_fails(
    province: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "counties"
    folder.mkdir()
    for name in sorted(entry.name for entry in province.iterdir())[:2]:
        shutil.copytree(province / name, folder / name)
    (folder / "无清单").mkdir()
    assert main([str(folder), str(tmp_path / "结果"), "--workers", "1"]) == 1
    coverage = pd.read_csv(tmp_path / "结果" / "coverage.csv", dtype=str)
    assert coverage.columns[0] == "county" and set(coverage["county"]) == {"510100", "510101"}
    failed = pd.read_csv(tmp_path / "结果" / "failed.csv", dtype=str)
    assert failed["county"].tolist() == ["无清单"] and "图层清单" in failed["reason"][0]


def test_the_command_says_what_is_wrong_with_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert main([str(tmp_path / "none"), str(tmp_path / "结果")]) == 2
