"""Polygons that nobody made for us: a city's buildings against its land use, as it was drawn by hand."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely

from weipian_plugin.geodesy import zone as zones
from weipian_plugin.model.records import LayerSource

from .county import measure


def test_covered_and_uncovered_are_the_parcel_on_real_geometry(shared_data: Path, tmp_path: Path) -> None:
    extract = shared_data / "helsinki.osm.pbf"
    if not extract.is_file():
        pytest.skip("no helsinki.osm.pbf")
    polygons = pyogrio.read_dataframe(extract, layer="multipolygons", on_invalid="ignore")
    polygons = polygons[~shapely.is_missing(polygons.geometry.to_numpy()) & ~polygons.geometry.is_empty]
    buildings = polygons[polygons["building"].notna()]
    land = polygons[polygons["landuse"].notna() | polygons["leisure"].notna()].reset_index(drop=True)
    parcels = geopandas.GeoDataFrame(
        {
            "number": [f"B{k}" for k in range(len(buildings))],
            "earlier_image": "2022-06-01",
            "later_image": "2023-04-01",
        },
        geometry=buildings.geometry.to_numpy(),
        crs="EPSG:4490",
    )
    attributes = {"PZWH": [f"批{k}" for k in range(len(land))], "PZRQ": "20210101", "DLBM": "0701"}
    geopandas.GeoDataFrame(attributes, geometry=land.geometry.to_numpy(), crs="EPSG:4490").to_file(
        tmp_path / "用地.gpkg", engine="pyogrio"
    )
    layers = [
        LayerSource(role, str(tmp_path / "用地.gpkg"), crs="EPSG:4490")
        for role in ("farmland_conversion", "land_survey")
    ]
    result = measure(parcels, layers, threads=2, shapes=False)
    table = result.measures[result.measures["part"] == ""].pivot(index="parcel", columns="measure", values="value")
    rejected = {rejection.feature for rejection in result.rejected if rejection.code == "overlay.parcel_without_area"}
    assert len(table) + len(rejected) == len(parcels) and not [
        r for r in result.rejected if r.code == "overlay.parcel_failed"
    ]
    numbers = table.drop(columns="main_class").astype(float)
    assert (numbers["approved"] > 0).sum() > 100 and (numbers["uncovered"] > 0).sum() > 20
    assert np.abs(numbers["approved"] + numbers["uncovered"] - numbers["area"]).max() < 1e-6
    groups = numbers[["farmland", "other_agricultural", "construction", "unused", "unsurveyed"]].sum(axis=1)
    assert np.abs(groups - numbers["area"]).max() < 1e-6
    assert (numbers >= 0).all().all()
    # The areas of the regions themselves say the same: covered and uncovered geometry fill the parcel and do not overlap.
    regions = result.regions[result.regions["part"] == ""]
    zone = int(zones.zones_of(parcels.geometry.to_numpy())[0])
    planar = regions.assign(planar=shapely.area(zones.project(regions.geometry.to_numpy(), zone)))
    sizes = planar.pivot_table(index="parcel", columns="region", values="planar", aggfunc="sum", fill_value=0.0)
    valid = shapely.make_valid(parcels.geometry.to_numpy(), method="structure", keep_collapsed=False)
    whole = dict(zip(parcels["number"], shapely.area(zones.project(valid, zone))))
    expected = np.array([whole[number] for number in sizes.index])
    assert np.abs(sizes["approved"] + sizes["uncovered"] - expected).max() < 0.01
    parts = result.parts.groupby("parcel")["area_m2"].sum()
    assert len(parts) > 3 and np.abs(parts - numbers["area"][parts.index]).max() < 1e-6
