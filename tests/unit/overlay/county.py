"""Small counties made of rectangles in the plane of zone 35, so that every area can be worked out by hand.

A rectangle is (west, south, east, north) in metres from a corner near Yongchuan; written as shapefile, GeoPackage or GeoJSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely

from weipian_plugin.geodesy import zone as zones
from weipian_plugin.model.records import LayerSource
from weipian_plugin.overlay import OverlayOptions, OverlayResult, measure_parcels

ZONE = 35
EAST, NORTH = 590_000.0, 3_248_000.0  # some 90 km east of the meridian: plane and ellipsoid differ by 200 ppm
CRS = "EPSG:4523"


def plane(*rectangle: float) -> shapely.Polygon:
    """A rectangle in the zone's plane without prefix."""
    west, south, east, north = rectangle
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def parcels(
    shapes: Mapping[str, Any], earlier: str | None = "2023-06-20", later: str | None = "2024-01-15", **columns: Any
) -> geopandas.GeoDataFrame:
    """Parcels by number: rectangles as tuples, or plane polygons."""
    geometry = [plane(*shape) if isinstance(shape, tuple) else shape for shape in shapes.values()]
    table = {"number": list(shapes), "kind": "land", "earlier_image": earlier, "later_image": later, **columns}
    return geopandas.GeoDataFrame(table, geometry=zones.unproject(np.array(geometry, object), ZONE), crs="EPSG:4490")


def layer(
    folder: Path,
    role: str,
    rows: Sequence[tuple[Any, Mapping[str, Any]]],
    name: str | None = None,
    crs: str = CRS,
    suffix: str = ".shp",
    encoding: str = "GBK",
    **entry: Any,
) -> LayerSource:
    """Write a layer of rectangles (or plane shapes) with attributes and give its catalogue entry."""
    geometry = [plane(*shape) if isinstance(shape, tuple) else shape for shape, _ in rows]
    shapes = np.array(geometry, object)
    stored = zones.unproject(shapes, ZONE)
    frame = geopandas.GeoDataFrame(pd.DataFrame([dict(row) for _, row in rows]), geometry=stored, crs="EPSG:4490")
    if crs == CRS:  # exact: no way through degrees
        frame = frame.set_geometry(shapely.transform(shapes, lambda xy: xy + (35_000_000.0, 0.0)), crs=CRS)
    elif crs != "EPSG:4490":
        frame = frame.to_crs(crs)
    path = folder / f"{name or role}{suffix}"
    if suffix == ".shp":
        frame.to_file(path, encoding=encoding, engine="pyogrio")
    else:
        frame.to_file(path, engine="pyogrio")
    return LayerSource(role, str(path), **entry)


def measure(table: geopandas.GeoDataFrame, layers: Sequence[LayerSource], **options: Any) -> OverlayResult:
    return measure_parcels(table, layers, OverlayOptions(**{"threads": 1, **options}))


def values(result: OverlayResult, parcel: str, part: str = "") -> dict[str, Any]:
    """Measures of a parcel or part by name."""
    rows = result.measures[(result.measures["parcel"] == parcel) & (result.measures["part"] == part)]
    return dict(zip(rows["measure"], rows["value"]))


def covered(result: OverlayResult, parcel: str, role: str, part: str = "") -> dict[str, float]:
    """Area by group of a role inside a parcel; "" is the union."""
    rows = result.coverage
    rows = rows[(rows["parcel"] == parcel) & (rows["part"] == part) & (rows["role"] == role)]
    return dict(zip(rows["group"], rows["area_m2"]))


def region(result: OverlayResult, parcel: str, name: str, part: str = "") -> Any:
    """A region's geometry in the plane, empty if there is none."""
    rows = result.regions
    rows = rows[(rows["parcel"] == parcel) & (rows["part"] == part) & (rows["region"] == name)]
    return zones.project(rows.geometry.iloc[0], ZONE) if len(rows) else shapely.Polygon()
