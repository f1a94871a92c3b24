"""SedonaDB (wheel sedonadb)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import sedonadb

from tests.bench.peers.common import Clock, arguments, hand_in

REST = """WITH u AS (SELECT p."RID", ST_UnaryUnion(ST_Collect_Agg(a.geom)) AS ag FROM parcels p JOIN approvals a
  ON ST_Intersects(p.geom, a.geom) GROUP BY p."RID"),
v AS (SELECT p."RID", ST_Intersection(p.geom, u.ag) AS x, ST_Difference(p.geom, u.ag) AS d FROM parcels p JOIN u ON p."RID" = u."RID")
SELECT "RID", ST_Area(x) AS approved, ST_Area(d) AS rest, ST_AsBinary(d) AS wkb FROM v"""
CLASSES = """SELECT "RID", c, ST_Area(ST_UnaryUnion(ST_Collect_Agg(x))) AS area FROM (
  SELECT p."RID", d.c, ST_Intersection(p.geom, d.geom) AS x FROM parcels p JOIN dltb d ON ST_Intersects(p.geom, d.geom))
GROUP BY "RID", c"""


def main() -> None:
    a = arguments()
    engine = sedonadb.connect()
    engine.sql(f"SET datafusion.execution.target_partitions = {a.threads}").execute()
    clock = Clock()
    for name, column in (("parcels", "RID"), ("approvals", "RID"), ("dltb", "DLBM")):
        source = engine.read_pyogrio(str(Path(a.data) / f"{name}.shp"), options={"columns": [column]})
        source.to_memtable().to_view(f"{name}_source")
        if column == "RID":
            engine.sql(f'SELECT "RID", wkb_geometry AS geom FROM {name}_source').to_view(name)
    codes = engine.sql('SELECT DISTINCT "DLBM" FROM dltb_source').to_pandas()["DLBM"].tolist()
    table = pd.DataFrame({"code": codes, "c": [int(code[:2]) - 1 for code in codes]})
    engine.create_data_frame(table).to_view("codes")
    engine.sql(
        'SELECT k.c, d.wkb_geometry AS geom FROM dltb_source d JOIN codes k ON d."DLBM" = k.code'
    ).to_memtable().to_view("dltb")
    clock.lap("read")
    found = engine.sql(REST).to_pandas()
    whole = engine.sql('SELECT "RID", ST_Area(geom) AS area FROM parcels ORDER BY "RID"').to_pandas()
    count = len(whole)
    approved, rest, classes = np.zeros(count), whole["area"].to_numpy(float).copy(), np.zeros((count, 12))
    approved[found["RID"].to_numpy(int)], rest[found["RID"].to_numpy(int)] = found["approved"], found["rest"]
    clock.lap("approvals")
    rows = engine.sql(CLASSES).to_pandas()
    classes[rows.iloc[:, 0].to_numpy(int), rows.iloc[:, 1].to_numpy(int)] = rows.iloc[:, 2].fillna(0).to_numpy()
    clock.lap("classes")
    hand_in(a.out, clock, approved, rest, classes)


if __name__ == "__main__":
    main()
