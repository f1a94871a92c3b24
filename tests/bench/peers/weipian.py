"""Weipian itself: the function the algorithm calls. Only the cache decides whether it is a first or a later run."""
from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import shapely

from tests.bench.peers.common import CLASS, Clock, arguments, hand_in
from weipian_plugin.geodesy import zone as zones
from weipian_plugin.model import LayerSource
from weipian_plugin.overlay import OverlayOptions, measure_parcels


def main() -> None:
    a = arguments()
    clock = Clock()
    _, _, wkb, fields = pyogrio.raw.read(Path(a.data) / "parcels.shp", columns=["RID"])
    plane = shapely.transform(shapely.from_wkb(wkb), lambda xy: xy - (35_000_000.0, 0.0))
    parcels = geopandas.GeoDataFrame(
        {"number": fields[0].astype(str).astype(object), "earlier_image": "2023-06-20", "later_image": "2024-01-15"},
        geometry=zones.unproject(plane, 35), crs="EPSG:4490",
    )
    layers = [
        LayerSource("land_survey", str(Path(a.data) / "dltb.shp")),
        LayerSource("farmland_conversion", str(Path(a.data) / "approvals.shp"), fields={"document": "PWBH", "date": "PZRQ"}),
    ]
    options = OverlayOptions(
        cache=Path(a.cache) if a.cache else None, threads=a.threads, shapes=a.everything, parts=a.everything,
        piece_geometry=a.everything,
    )
    result = measure_parcels(parcels, layers, options)
    clock.lap("all")
    count = len(parcels)
    approved, rest, classes = np.zeros(count), np.zeros(count), np.zeros((count, 12))
    whole = result.coverage[result.coverage["part"] == ""]
    union = whole[(whole["role"] == "farmland_conversion") & (whole["group"] == "")]
    approved[union["parcel"].astype(int)] = union["projected_m2"]
    survey = whole[(whole["role"] == "land_survey") & (whole["group"] != "")]
    np.add.at(classes, (survey["parcel"].astype(int), survey["group"].str[:2].map(CLASS)), survey["projected_m2"])
    left = result.regions[(result.regions["part"] == "") & (result.regions["region"] == "uncovered")]
    rest[left["parcel"].astype(int)] = shapely.area(zones.project(left.geometry.to_numpy(), 35))
    hand_in(a.out, clock, approved, rest, classes, rows=len(result.coverage), refused=len(result.refused))


if __name__ == "__main__":
    main()
