"""Weipian itself: the function the algorithm calls. Only the cache decides whether it is a first or a later run."""

from __future__ import annotations

import cProfile
import pstats
import time
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
import shapely

from tests.bench.peers.common import CLASS, Clock, arguments, hand_in
from weipian_plugin.geodesy import zone as zones
from weipian_plugin.model.records import LayerSource
from weipian_plugin.overlay import OverlayOptions, engine, measure_parcels


def profiled() -> list[cProfile.Profile]:
    """Profile every batch on its own thread, by the thread's processor time."""
    found: list[cProfile.Profile] = []
    plain = engine._Run._one

    def one(self: engine._Run, rows: np.ndarray) -> engine.Batch:
        profile = cProfile.Profile(time.thread_time)
        batch = profile.runcall(plain, self, rows)
        found.append(profile)
        return batch

    engine._Run._one = one  # type: ignore[method-assign]
    return found


def timed(names: tuple[str, ...]) -> dict[str, list[float]]:
    """Seconds by the clock and of the processor that the batches spend in functions of the engine, summed over threads."""
    spent = {name: [0.0, 0.0] for name in names}

    def measured(plain: Any, own: list[float]) -> Any:
        def call(*given: Any) -> Any:
            clock, processor = time.perf_counter(), time.thread_time()
            answer = plain(*given)
            own[0] += time.perf_counter() - clock
            own[1] += time.thread_time() - processor
            return answer

        return call

    for name in names:
        setattr(engine, name, measured(getattr(engine, name), spent[name]))
    return spent


def shares(profiles: list[cProfile.Profile]) -> dict[str, float]:
    """Seconds of the batches by what they are spent in."""
    names = {
        "set_operations": "GEOS: intersection, difference, union",
        "predicates": "GEOS: predicates, validity",
        "constructive": "GEOS: centroids, clipping, circles",
        "creation": "building geometry",
        "strtree": "trees of boxes",
    }
    sums: dict[str, float] = {}
    for profile in profiles:
        for (file, _, function), (_, _, own, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
            part = names.get(Path(file).stem) if "shapely" in file else None
            if part is None and "coordinates" in function:
                part = "moving coordinates"
            elif part is None:
                part = "the plugin's own lines and numpy"
            sums[part] = sums.get(part, 0.0) + own
    return sums


def main() -> None:
    a = arguments()
    profiles = profiled() if a.profile else []
    steps = timed(("gather", "intersect", "measure"))
    clock = Clock()
    _, _, wkb, fields = pyogrio.raw.read(Path(a.data) / "parcels.shp", columns=["RID"])
    plane = shapely.transform(shapely.from_wkb(wkb), lambda xy: xy - (35_000_000.0, 0.0))
    parcels = geopandas.GeoDataFrame(
        {"number": fields[0].astype(str).astype(object), "earlier_image": "2023-06-20", "later_image": "2024-01-15"},
        geometry=zones.unproject(plane, 35),
        crs="EPSG:4490",
    )
    layers = [
        LayerSource("land_survey", str(Path(a.data) / "dltb.shp")),
        LayerSource(
            "farmland_conversion", str(Path(a.data) / "approvals.shp"), fields={"document": "PWBH", "date": "PZRQ"}
        ),
    ]
    options = OverlayOptions(
        cache=Path(a.cache) if a.cache else None,
        threads=1 if a.profile else a.threads,
        shapes=a.everything,
        parts=a.everything,
        intersection_geometry=a.everything,
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
    hand_in(
        a.out,
        clock,
        approved,
        rest,
        classes,
        rows=len(result.coverage),
        rejected=len(result.rejected),
        steps=steps,
        threads=a.threads,
        **({"profile": shares(profiles)} if a.profile else {}),
    )


if __name__ == "__main__":
    main()
