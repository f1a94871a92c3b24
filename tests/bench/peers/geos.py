"""Bare GEOS: intersection and area of the pairs that really meet, one thread; finding the pairs is not counted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import shapely

from tests.bench.peers.common import Clock, arguments, hand_in


def read(data: str, name: str) -> np.ndarray:
    return shapely.from_wkb(pyogrio.raw.read(Path(data) / f"{name}.shp", columns=[])[2])


def main() -> None:
    a = arguments()
    parcels = read(a.data, "parcels")
    pairs = []
    for name in ("approvals", "dltb"):
        layer = read(a.data, name)
        parcel, feature = shapely.STRtree(layer).query(parcels, predicate="intersects")
        pairs.append((parcels[parcel], layer[feature]))
    clock = Clock()
    for left, right in pairs:
        shapely.area(shapely.intersection(left, right))
    clock.lap("intersection")
    hand_in(a.out, clock, None, None, None, pairs=sum(len(left) for left, _ in pairs))


if __name__ == "__main__":
    main()
