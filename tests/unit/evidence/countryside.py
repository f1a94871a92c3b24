"""Synthetic truth: parcels in a countryside and photos of which it is known what they show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from weipian_plugin.evidence.reading import photo_table
from weipian_plugin.evidence.records import ReadPhoto

GEOD = Geod(a=6378137.0, rf=298.257222101)
ORIGIN = (120.8, 31.5)
METRES_LAT = 110_870.0
#: Standard deviation of a device's position in each direction.
POSITION_ERROR_M = 4.0


@dataclass(frozen=True)
class Countryside:
    """``truth``: number of the parcel each photo shows, "" for none or several; ``plain``: a person can tell, no other parcel is in the
    true picture; ``pictures``: what each photo really shows (wedges of 200 m), ``polygons``: the parcels, both in metres."""

    parcels: Any
    photos: pd.DataFrame
    truth: Any
    plain: Any
    pictures: Any
    polygons: Any

    def missed(self, chosen: Any) -> Any:
        """How far (m) the parcel of each photo in ``chosen`` (numbers, "" for none) lies outside its true picture; 0 without a choice."""
        rows = np.flatnonzero(chosen != "")
        place = {number: index for index, number in enumerate(self.parcels["number"])}
        apart = np.zeros(len(chosen))
        apart[rows] = shapely.distance(self.pictures[rows], self.polygons[[place[number] for number in chosen[rows]]])
        return apart


def degrees_of(x: Any, y: Any) -> tuple[Any, Any]:
    """Metres east and north of the origin as degrees (plane enough for a test of 30 km)."""
    lat = ORIGIN[1] + np.asarray(y) / METRES_LAT
    return ORIGIN[0] + np.asarray(x) / (111_320.0 * np.cos(np.radians(lat))), lat


def make(photos: int = 10_000, parcels: int = 2_000, seed: int = 7, side: float = 30_000.0) -> Countryside:
    random = np.random.default_rng(seed)
    polygons = _parcels(random, parcels, side)
    numbers = np.array([f"3205{index:06d}" for index in range(len(polygons))])
    kind = random.choice(["outside", "inside", "away", "nowhere"], photos, p=[0.78, 0.12, 0.05, 0.05])
    target = random.integers(0, len(polygons), photos)
    stand, azimuth = _stands(random, polygons, target, kind, side)
    view = random.choice([47.9, 60.0, 67.4], photos)
    pictures = _pictures(stand, azimuth, view)
    truth, plain = _what_is_seen(polygons, numbers, pictures, target, kind)
    noisy = stand + random.normal(0, POSITION_ERROR_M, stand.shape)
    recorded = (azimuth + random.normal(0, 6.0, photos)) % 360
    lon, lat = degrees_of(noisy[:, 0], noisy[:, 1])
    rows = [
        {"file": f"IMG_{index:06d}.jpg", "sha256": f"{index:064x}", "lon": lon[index], "lat": lat[index], "azimuth": recorded[index],
         "reference": "T", "taken_at": "2023-08-01T10:00:00+08:00", "field_of_view": view[index], "status": "read", "notes": (),
         "purpose": "核查", "device": "", "phash": None}
        for index in range(photos)
    ]  # fmt: skip
    in_degrees = shapely.transform(polygons, lambda corners: np.column_stack(degrees_of(corners[:, 0], corners[:, 1])))
    frame = geopandas.GeoDataFrame(
        {"number": numbers, "earlier_image": "2022-06", "later_image": "2023-03"}, geometry=in_degrees, crs="EPSG:4490"
    )
    return Countryside(frame, photo_table([ReadPhoto(**row) for row in rows]), truth, plain, pictures, polygons)


def _parcels(random: Any, count: int, side: float) -> Any:
    """Irregular parcels; a third stand in groups with neighbours across a lane."""
    alone = random.uniform(0, side, (2 * count // 3, 2))
    grouped = np.concatenate(
        [centre + random.uniform(-250, 250, (3, 2)) for centre in random.uniform(0, side, (count // 9, 2))]
    )
    polygons = []
    for x, y in np.concatenate([alone, grouped])[:count]:
        corners = int(random.integers(4, 12))
        angles = np.sort(random.uniform(0, 2 * np.pi, corners))
        radius = random.uniform(10, 70) * random.uniform(0.6, 1.0, corners)
        polygon = shapely.convex_hull(
            shapely.multipoints(np.column_stack([x + radius * np.sin(angles), y + radius * np.cos(angles)]))
        )
        polygons.append(shapely.buffer(polygon, 5, quad_segs=1))
    kept: list[Any] = []
    tree = shapely.STRtree(polygons)
    for index, polygon in enumerate(polygons):  # parcels of one batch do not overlap
        if not any(other < index and shapely.intersects(polygon, polygons[other]) for other in tree.query(polygon)):
            kept.append(polygon)
    return np.array(kept, dtype=object)


def _stands(random: Any, polygons: Any, target: Any, kind: Any, side: float) -> tuple[Any, Any]:
    stand = np.empty((len(target), 2))
    azimuth = random.uniform(0, 360, len(target))
    for index, (parcel, how) in enumerate(zip(target, kind)):
        polygon = polygons[parcel]
        middle = np.array(shapely.get_coordinates(shapely.point_on_surface(polygon))[0])
        if how == "nowhere":
            stand[index] = random.uniform(0, side, 2)
            continue
        if how == "inside":
            stand[index] = middle
            continue
        turn, away = random.uniform(0, 2 * np.pi), random.uniform(2, 90)
        ray = shapely.linestrings([middle, middle + 1000 * np.array([np.sin(turn), np.cos(turn)])])
        edge = shapely.get_coordinates(shapely.intersection(ray, polygon))[-1]
        stand[index] = edge + away * np.array([np.sin(turn), np.cos(turn)])
        aim = middle + random.uniform(-0.3, 0.3, 2) * (shapely.bounds(polygon)[2:] - shapely.bounds(polygon)[:2]) / 2
        looking = np.degrees(np.arctan2(*(aim - stand[index]))) % 360
        azimuth[index] = looking if how == "outside" else (looking + random.uniform(120, 240)) % 360
    return stand, azimuth


def _pictures(stand: Any, azimuth: Any, view: Any) -> Any:
    """What the photos show, without the device's errors."""
    steps = np.linspace(-0.5, 0.5, 13)
    bearings = np.radians(azimuth[:, None] + view[:, None] * steps)
    arc = stand[:, None, :] + 200.0 * np.stack([np.sin(bearings), np.cos(bearings)], axis=2)
    return shapely.polygons(np.concatenate([stand[:, None, :], arc, stand[:, None, :]], axis=1))


def _what_is_seen(polygons: Any, numbers: Any, pictures: Any, target: Any, kind: Any) -> tuple[Any, Any]:
    """By the picture itself: what is in it, and whether it is the only parcel."""
    photo, parcel = shapely.STRtree(polygons).query(pictures, predicate="intersects")
    in_picture = np.bincount(photo, minlength=len(pictures))
    shows_target = np.zeros(len(pictures), dtype=bool)
    shows_target[photo[parcel == target[photo]]] = True
    meant = np.isin(kind, ["outside", "inside"]) & shows_target
    only = np.full(len(pictures), -1)
    only[photo] = parcel
    truth = np.where(meant, numbers[target], np.where(in_picture == 1, numbers[only], ""))
    return truth, meant & (in_picture == 1)
