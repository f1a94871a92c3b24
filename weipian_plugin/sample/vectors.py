"""Writing the sample's own vector files: shapefile (own writer), geodatabase and GeoPackage (pyogrio).

Only new files that nothing else holds open are written here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from ..formats import shapefile_writing
from ..model import packages
from .frame import to_crs
from .registers import Row

# Column name and type: str:18, float:15.2, int:4, date.
Columns = Sequence[tuple[str, str]]

DBF_DATE = date(2023, 5, 20)  # fixed, so that the same seed gives the same bytes


def write_shapefile(
    path: Path, rows: Sequence[Row], columns: Columns, epsg: int, encoding: str = "GBK", cpg: bool = True
) -> None:
    """Write one shapefile; without `cpg` nothing in it says which encoding its strings have."""
    geometries = to_crs(np.array([row.geometry for row in rows], dtype=object), epsg)
    text = shapefile_writing.TableText(encoding, cpg=cpg, code_page=False, written_on=DBF_DATE)
    fields = [shapefile_writing.column(name, kind) for name, kind in columns]
    shapefile_writing.write(path, list(geometries), [row.values for row in rows], fields, f"EPSG:{epsg}", text)


def _column(rows: Sequence[Row], name: str, kind: str) -> np.ndarray[Any, Any]:
    values = [row.values.get(name) for row in rows]
    if kind.startswith("float"):
        return np.array(values, dtype=np.float64)
    if kind.startswith("int"):
        return np.array(values, dtype=np.int32)
    return np.array(values, dtype=object)


def write_database_layer(
    path: Path, layer: str, rows: Sequence[Row], columns: Columns, epsg: int, append: bool = False
) -> None:
    """Write one layer of a file geodatabase (.gdb) or GeoPackage (.gpkg), UTF-8 as both formats demand."""
    geometries = np.array([row.geometry for row in rows], dtype=object)
    lines = bool(rows) and rows[0].geometry.geom_type == "LineString"
    options: dict[str, Any] = {}
    if path.suffix == ".gpkg":
        driver, options["VERSION"] = "GPKG", "1.2"  # newer ones make GDAL 3.6 warn
    else:
        driver = "OpenFileGDB"
    if not lines:
        geometries = np.array([shapely.MultiPolygon(shapely.get_parts(g).tolist()) for g in geometries], dtype=object)
    moved = to_crs(geometries, epsg)
    fields: list[str] = [name for name, _ in columns]
    data = [_column(rows, name, kind) for name, kind in columns]
    packages.load("pyogrio.raw").write(
        str(path), np.array(shapely.to_wkb(moved), dtype=object), data, fields, layer=layer, driver=driver,
        geometry_type="LineString" if lines else "MultiPolygon", crs=f"EPSG:{epsg}", append=append,
        dataset_options=options or None,
    )  # fmt: skip
