"""DuckDB with its spatial extension (from the wheel duckdb-extension-spatial, so that no download is needed)."""

from __future__ import annotations

from pathlib import Path

import duckdb
import duckdb_extension_spatial
import numpy as np

from tests.bench.peers.common import Clock, arguments, hand_in

REST = """CREATE TABLE rest AS WITH u AS (
  SELECT p.RID, any_value(p.geom) AS pg, ST_Union_Agg(a.geom) AS ag FROM parcels p JOIN approvals a ON ST_Intersects(p.geom, a.geom)
  GROUP BY p.RID)
SELECT p.RID, coalesce(ST_Area(ST_Intersection(u.pg, u.ag)), 0) AS approved,
  CASE WHEN u.RID IS NULL THEN p.geom ELSE ST_Difference(u.pg, u.ag) END AS geom FROM parcels p LEFT JOIN u USING (RID)"""
CLASSES = """SELECT RID, c, ST_Area(ST_Union_Agg(x)) AS area FROM (
  SELECT p.RID, d.c, ST_Intersection(p.geom, d.geom) AS x FROM parcels p JOIN dltb d ON ST_Intersects(p.geom, d.geom)) GROUP BY ALL"""


def main() -> None:
    a = arguments()
    extension = next(Path(duckdb_extension_spatial.__file__).parent.rglob("spatial.duckdb_extension"))
    connection = duckdb.connect(config={"threads": a.threads, "allow_unsigned_extensions": True})
    connection.execute(f"LOAD '{extension}'")
    clock = Clock()
    for name, column in (("parcels", "RID"), ("approvals", "RID"), ("dltb", "substr(DLBM, 1, 2)::int - 1 AS c")):
        connection.execute(f"CREATE TABLE {name} AS SELECT {column}, geom FROM ST_Read('{Path(a.data) / name}.shp')")
    clock.lap("read")
    count = connection.execute("SELECT count(*) FROM parcels").fetchone()[0]
    connection.execute(REST)
    areas = connection.execute("SELECT approved, ST_Area(geom) AS rest FROM rest ORDER BY RID").fetchnumpy()
    clock.lap("approvals")
    rows = connection.execute(CLASSES).fetchnumpy()
    classes = np.zeros((count, 12))
    classes[np.asarray(rows["RID"], int), np.asarray(rows["c"], int)] = np.ma.filled(rows["area"], 0)
    clock.lap("classes")
    hand_in(a.out, clock, np.ma.filled(areas["approved"], 0), np.ma.filled(areas["rest"], 0), classes)


if __name__ == "__main__":
    main()
