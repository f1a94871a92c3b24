"""Real polygons that nobody made for us: buildings and land use of a city as parcels and survey layer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pyogrio
import pytest

from tests import comparer
from tests.qgis.running import run

SHARED = Path(os.environ.get("WEIPIAN_SHARED", Path(__file__).resolve().parents[3] / "shared"))
EXTRACT = SHARED / "data" / "helsinki.osm.pbf"

pytestmark = pytest.mark.skipif(
    not EXTRACT.is_file(), reason=f"the OpenStreetMap extract {EXTRACT} is not on this machine"
)


def polygons(tag: str) -> geopandas.GeoDataFrame:
    # A ring of two points elsewhere in the extract must not stop the reading.
    frame = pyogrio.read_dataframe(EXTRACT, layer="multipolygons", on_invalid="ignore")
    return frame[frame[tag].notna()].reset_index(drop=True)


@pytest.fixture(scope="module")
def done(
    qgis_app: Any, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any], dict[str, Any], dict[str, Any]]:
    folder = tmp_path_factory.mktemp("真实图形")
    buildings, land = polygons("building"), polygons("landuse")
    delivery = geopandas.GeoDataFrame(
        {
            "JCBH": [f"HEL{number:05d}" for number in range(1, len(buildings) + 1)],
            "QSX": "2022-06-01",
            "HSX": "2023-04-01",
        },
        geometry=buildings.geometry.to_numpy(),
        crs="EPSG:4490",
    )
    delivery.to_file(folder / "建筑物.shp", encoding="GBK", engine="pyogrio")
    survey = geopandas.GeoDataFrame(
        {"DLBM": ["0101" if use in ("grass", "meadow", "forest") else "0701" for use in land["landuse"]]},
        geometry=land.geometry.to_numpy(),
        crs="EPSG:4490",
    )
    survey.to_file(folder / "地类图斑.shp", engine="pyogrio")
    catalogue = folder / "图层清单.yaml"
    catalogue.write_text(
        "version: 1\nlayers:\n  - role: land_survey\n    source: 地类图斑.shp\n    fields: {class: DLBM}\n",
        encoding="utf-8",
    )
    workspace, report = folder / "工作库.gpkg", folder / "报表"
    taken = run("intake", DELIVERY=folder / "建筑物.shp", WORKSPACE=workspace, REPORT=report, CRS="EPSG:4490")
    run("overlay", WORKSPACE=workspace, CATALOGUE=catalogue, REPORT=report)
    judged = run("judge", WORKSPACE=workspace, REPORT=report)
    first = ",".join(row["parcel"] for row in comparer.rows(report, "parcels")[:12])
    filed = run("file", WORKSPACE=workspace, PACKAGES=folder / "卷宗", FILTER=first, REPORT=report)
    return report, taken, judged, filed


def test_no_building_is_lost(done: Any) -> None:
    report, taken, judged, _ = done
    assert taken["PARCELS"] + taken["REFUSED"] == 494
    rejected = [row for row in comparer.rows(report, "refused") if row["step"] == "intake"]
    # The extract really holds rings of two points and figures of eight whose repair would change the area.
    assert len(rejected) == taken["REFUSED"] <= 20
    assert {row["code"] for row in rejected} <= {
        "intake.geometry_missing",
        "intake.ring_too_short",
        "intake.repair_too_large",
    }
    assert judged["JUDGED"] == taken["PARCELS"]
    assert judged["FAILED"] == 0


def test_covered_plus_uncovered_is_the_parcel_for_every_building(done: Any) -> None:
    report = done[0]
    coverage = pd.DataFrame(comparer.rows(report, "coverage"))
    union = (
        coverage[(coverage["role"] == "land_survey") & (coverage["group"] == "")]
        .set_index("parcel")["area_m2"]
        .astype(float)
    )
    measures = pd.DataFrame(comparer.rows(report, "measures"))
    wide = measures[measures["part"] == ""].pivot(index="parcel", columns="measure", values="value")
    area, uncovered = wide["area"].astype(float), wide["unsurveyed"].astype(float)
    assert len(area) == done[1]["PARCELS"]
    assert ((union.loc[area.index] + uncovered - area).abs() <= 0.01).all()
    approved = wide["approved"].astype(float) + wide["uncovered"].astype(float)
    assert ((approved - area).abs() <= 0.01).all()


def test_their_packages_are_written(done: Any) -> None:
    assert (done[3]["WRITTEN"], done[3]["FAILED"]) == (12, 0)
