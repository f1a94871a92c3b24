"""Writing the sample's own vector files: shapefile (fiona keeps field widths), geodatabase and GeoPackage (pyogrio).

Only new files that nothing else holds open are written here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import fiona
import numpy as np
import pyogrio
import pyogrio.raw
import shapely
from shapely.geometry import mapping

from .frame import to_crs
from .registers import Row

# Column name and type as fiona spells it: str:18, float:15.2, int:4, date.
Columns = Sequence[tuple[str, str]]

DBF_DATE = "2023-05-20"  # fixed, so that the same seed gives the same bytes


def write_shapefile(
    path: Path, rows: Sequence[Row], columns: Columns, epsg: int, encoding: str = "GBK", cpg: bool = True
) -> None:
    """Write one shapefile; without `cpg` nothing in it says which encoding its strings have."""
    kind = "LineString" if rows and rows[0].geometry.geom_type == "LineString" else "Polygon"
    geometries = to_crs(np.array([row.geometry for row in rows], dtype=object), epsg)
    with fiona.open(
        str(path), "w", driver="ESRI Shapefile", crs=f"EPSG:{epsg}", encoding=encoding,
        schema={"geometry": kind, "properties": dict(columns)}, DBF_DATE_LAST_UPDATE=DBF_DATE,
    ) as sink:  # fmt: skip
        sink.writerecords(
            {
                "geometry": mapping(geometry),
                "properties": {name: row.values.get(name) for name, _ in columns},
            }
            for geometry, row in zip(geometries, rows)
        )
    if not cpg:
        path.with_suffix(".cpg").unlink(missing_ok=True)
    with path.with_suffix(".dbf").open("r+b") as table:
        table.seek(29)  # the code-page byte of the DBF header
        table.write(b"\x00")


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
    pyogrio.raw.write(
        str(path), np.array(shapely.to_wkb(moved), dtype=object), data, fields, layer=layer, driver=driver,
        geometry_type="LineString" if lines else "MultiPolygon", crs=f"EPSG:{epsg}", append=append,
        dataset_options=options or None,
    )  # fmt: skip
