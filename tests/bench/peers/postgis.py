"""PostGIS: loaded with ogr2ogr (COPY), GiST, ANALYZE, two plain join queries. The server is named by PGHOST and PGUSER."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import psycopg2

from tests.bench.peers.common import Clock, arguments, hand_in

REST = """WITH j AS MATERIALIZED (SELECT p.rid, ST_Intersection(p.geom, a.geom) AS x FROM parcels p JOIN approvals a
  ON ST_Intersects(p.geom, a.geom)), u AS MATERIALIZED (SELECT rid, ST_Union(x) AS g FROM j GROUP BY rid)
SELECT rid, ar, ST_Area(d), ST_AsBinary(d) FROM (SELECT p.rid, coalesce(ST_Area(u.g), 0) AS ar,
  CASE WHEN u.g IS NULL THEN p.geom ELSE ST_Difference(p.geom, u.g) END AS d FROM parcels p LEFT JOIN u USING (rid) OFFSET 0) z"""
CLASSES = """WITH j AS MATERIALIZED (SELECT p.rid, substr(d.dlbm, 1, 2)::int - 1 AS c, ST_Intersection(p.geom, d.geom) AS x
  FROM parcels p JOIN dltb d ON ST_Intersects(p.geom, d.geom)) SELECT rid, c, ST_Area(ST_Union(x)) FROM j GROUP BY 1, 2"""


def main() -> None:
    a = arguments()
    connection = psycopg2.connect("")
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    clock = Clock()
    for name, column in (("parcels", "RID"), ("approvals", "RID"), ("dltb", "DLBM")):
        cursor.execute(f"DROP TABLE IF EXISTS {name} CASCADE")
        subprocess.run(
            [
                "ogr2ogr",
                "-f",
                "PostgreSQL",
                "PG:",
                str(Path(a.data) / f"{name}.shp"),
                "-nln",
                name,
                "-select",
                column,
                "-nlt",
                "GEOMETRY",
                "-lco",
                "SPATIAL_INDEX=NONE",
                "-lco",
                "GEOMETRY_NAME=geom",
                "-lco",
                "UNLOGGED=ON",
                "--config",
                "PG_USE_COPY",
                "YES",
            ],
            check=True,
            stderr=subprocess.DEVNULL,
        )
        cursor.execute(f"CREATE INDEX ON {name} USING gist(geom)")
        cursor.execute(f"ANALYZE {name}")
    for setting in (
        f"max_parallel_workers_per_gather={a.threads}",
        "parallel_setup_cost=0",
        "parallel_tuple_cost=0.0001",
        "min_parallel_table_scan_size=0",
        "work_mem='256MB'",
        "jit=off",
    ):
        cursor.execute(f"SET {setting}")
    cursor.execute(f"ALTER TABLE parcels SET (parallel_workers={max(a.threads, 1)})")
    clock.lap("load and index")
    cursor.execute(REST)
    rest_rows = cursor.fetchall()
    clock.lap("approvals")
    cursor.execute(CLASSES)
    class_rows = cursor.fetchall()
    count = len(rest_rows)
    approved, rest, classes = np.zeros(count), np.zeros(count), np.zeros((count, 12))
    for row, area, left, _ in rest_rows:
        approved[int(row)], rest[int(row)] = area, left
    for row, code, area in class_rows:
        classes[int(row), code] = area
    clock.lap("classes")
    connection.close()
    hand_in(a.out, clock, approved, rest, classes)


if __name__ == "__main__":
    main()
