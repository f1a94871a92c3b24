"""geopandas as its handbook has it: overlay, then dissolve."""

from __future__ import annotations

import warnings
from pathlib import Path

import geopandas
import numpy as np

from tests.bench.peers.common import CLASS, Clock, arguments, hand_in


def main() -> None:
    a = arguments()
    warnings.filterwarnings("ignore")
    clock = Clock()

    def read(name: str, column: str) -> geopandas.GeoDataFrame:
        return geopandas.read_file(Path(a.data) / f"{name}.shp", engine="pyogrio", columns=[column])

    parcels, approvals, survey = (
        read("parcels", "RID")[["RID", "geometry"]],
        read("approvals", "RID"),
        read("dltb", "DLBM"),
    )
    survey["CLASS"] = survey["DLBM"].str[:2].map(CLASS)
    clock.lap("read")
    taken = geopandas.overlay(parcels, approvals[["geometry"]], how="intersection", keep_geom_type=True).dissolve("RID")
    left = geopandas.overlay(parcels, approvals[["geometry"]], how="difference", keep_geom_type=True).dissolve("RID")
    clock.lap("approvals")
    by_class = geopandas.overlay(parcels, survey[["CLASS", "geometry"]], how="intersection", keep_geom_type=True)
    by_class = by_class.dissolve(["RID", "CLASS"])
    count = len(parcels)
    approved, rest, classes = np.zeros(count), np.zeros(count), np.zeros((count, 12))
    approved[taken.index.astype(int)], rest[left.index.astype(int)] = taken.area, left.area
    classes[by_class.index.get_level_values(0).astype(int), by_class.index.get_level_values(1).astype(int)] = (
        by_class.area
    )
    clock.lap("classes")
    hand_in(a.out, clock, approved, rest, classes)


if __name__ == "__main__":
    main()
