"""Three parcels and two layers, made on the spot: enough for every step, and quick."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import geopandas
import shapely
import yaml

NUMBERS = ("500118SJBG23210001", "500118SJBG23210002", "500118SJBG23210003")
WEST, SOUTH = 105.90, 29.30


def box(place: int, moved: float = 0.0) -> shapely.Polygon:
    """The shape of the parcel at a place, ``moved`` degrees to the east."""
    west = WEST + place * 0.002 + moved
    return shapely.box(west, SOUTH, west + 0.001, SOUTH + 0.001)


def delivery(path: Path, parcels: Iterable[tuple[str, shapely.Polygon]]) -> Path:
    numbers, shapes = zip(*parcels)
    path.parent.mkdir(parents=True, exist_ok=True)
    frame = geopandas.GeoDataFrame(
        {"JCBH": numbers, "XZQDM": "500118", "QSX": "2022-09-18", "HSX": "2023-04-26"},
        geometry=list(shapes),
        crs="EPSG:4490",
    )
    frame.to_file(path, encoding="UTF-8")
    return path


def write(folder: Path) -> dict[str, str]:
    """The small county; what a run is asked, by parameter name."""
    land = shapely.box(WEST - 0.01, SOUTH - 0.01, WEST + 0.02, SOUTH + 0.01)
    layers = folder / "图层"
    layers.mkdir(parents=True)
    survey = geopandas.GeoDataFrame({"DLBM": ["0101"], "ZLDWMC": ["某村"]}, geometry=[land], crs="EPSG:4490")
    survey.to_file(layers / "地类图斑.shp", encoding="UTF-8")
    approved = geopandas.GeoDataFrame(
        {"PZWH": ["渝府地〔2022〕1号"], "PZRQ": ["2022-01-05"]}, geometry=[box(0)], crs="EPSG:4490"
    )
    approved.to_file(layers / "农转用.shp", encoding="UTF-8")
    catalogue = folder / "图层清单.yaml"
    entries = [
        {"role": "land_survey", "source": "图层/地类图斑.shp", "fields": {"class": "DLBM"}},
        {"role": "farmland_conversion", "source": "图层/农转用.shp", "fields": {"document": "PZWH", "date": "PZRQ"}},
    ]
    catalogue.write_text(yaml.safe_dump({"version": 1, "layers": entries}, allow_unicode=True), encoding="utf-8")
    shapes = [(number, box(place)) for place, number in enumerate(NUMBERS)]
    return {
        "DELIVERY": str(delivery(folder / "下发" / "土地图斑.shp", shapes)),
        "CATALOGUE": str(catalogue),
        "WORKSPACE": str(folder / "工作库.gpkg"),
    }
