"""The land survey (地类图斑) of the sample county: an exact tessellation of about 3,000 polygons.

Fields come from cutting the county again and again by nearly parallel lines, smaller near the parcels. Roads, the
river, ponds, hamlets and the beds under the parcels are laid into the same net of lines; the net is noded on a grid of
one millimetre and its faces become the polygons, so that neighbours share their vertices exactly.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from .frame import CORE, HEIGHT, WIDTH
from .plots import PITCH, Plot, highway_y

CLASS_NAMES = {
    "0101": "水田", "0102": "水浇地", "0103": "旱地", "0201": "果园", "0202": "茶园", "0301": "乔木林地", "0302": "竹林地",
    "0305": "灌木林地", "0404": "其他草地", "05H1": "商业服务业设施用地", "0601": "工业用地", "0602": "采矿用地",
    "0701": "城镇住宅用地", "0702": "农村宅基地", "08H1": "机关团体新闻出版用地", "1003": "公路用地", "1006": "农村道路",
    "1101": "河流水面", "1104": "坑塘水面", "1202": "设施农用地", "1206": "裸土地",
}  # fmt: skip
FARMLAND = frozenset({"0101", "0102", "0103"})
CONSTRUCTION = frozenset({"05H1", "0601", "0602", "0701", "0702", "08H1", "1003"})
UNUSED = frozenset({"1101", "1206"})

VILLAGES = (
    ("大安社区", "001", (6900, 3300)), ("铁山村", "201", (1100, 4900)), ("灵猫村", "202", (3300, 5100)),
    ("水碾村", "203", (5500, 5000)), ("高坪村", "204", (1300, 2600)), ("新屋村", "205", (3400, 2900)),
    ("石坝村", "206", (5300, 2700)), ("二郎村", "207", (2400, 900)), ("云雾村", "208", (5600, 800)),
)  # fmt: skip


@dataclass(frozen=True)
class Feature:
    """Something laid over the fields: what class it has, and under which key its faces are put together again."""

    area: BaseGeometry
    land_class: str
    attribute: str
    key: str


@dataclass(frozen=True)
class Survey:
    """The faces in local metres, with parallel arrays of class, village attribute, village index and bed number."""

    faces: NDArray[Any]
    classes: list[str]
    attributes: list[str]
    villages: list[int]
    beds: list[int]

    @property
    def county(self) -> BaseGeometry:
        """The whole county in metres of its zone."""
        return shapely.coverage_union_all(self.faces)


def _boundary(generator: np.random.Generator) -> Polygon:
    """The county's outline: a rectangle whose sides wander by some tens of metres."""
    points: list[tuple[float, float]] = []
    for (ax, ay), (bx, by) in (((0, 0), (WIDTH, 0)), ((WIDTH, 0), (WIDTH, HEIGHT)), ((WIDTH, HEIGHT), (0, HEIGHT)),
                               ((0, HEIGHT), (0, 0))):  # fmt: skip
        for step in range(12):
            at = step / 12
            dx, dy = generator.uniform(20, 160, 2)
            x, y = ax + (bx - ax) * at, ay + (by - ay) * at
            points.append((x + dx if x < WIDTH / 2 else x - dx, y + dy if y < HEIGHT / 2 else y - dy))
    return Polygon(np.round(points, 3))


def _cut(
    ring: list[tuple[float, float]], px: float, py: float, nx: float, ny: float
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Both sides of a convex ring cut by the line through (px, py) with normal (nx, ny)."""
    left: list[tuple[float, float]] = []
    right: list[tuple[float, float]] = []
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1]):
        da, db = (ax - px) * nx + (ay - py) * ny, (bx - px) * nx + (by - py) * ny
        (left if da <= 0 else right).append((ax, ay))
        if (da < 0 < db) or (db < 0 < da):
            at = da / (da - db)
            crossing = (round(ax + (bx - ax) * at, 3), round(ay + (by - ay) * at, 3))
            left.append(crossing)
            right.append(crossing)
    return left, right


def _fields(generator: np.random.Generator) -> list[Polygon]:
    """The county's bounding rectangle cut into field-like convex polygons."""
    done: list[Polygon] = []
    waiting = [[(0.0, 0.0), (WIDTH, 0.0), (WIDTH, HEIGHT), (0.0, HEIGHT)]]
    while waiting:
        ring = waiting.pop()
        cell = Polygon(ring)
        centre = cell.centroid
        near = CORE[0] - 150 < centre.x < CORE[2] + 150 and CORE[1] - 150 < centre.y < CORE[3] + 150
        target = (14500.0 if near else 70000.0) * generator.uniform(0.75, 1.3)
        if cell.area < target:
            done.append(cell)
            continue
        angles = np.array(ring + ring[:1])
        edges = np.diff(angles, axis=0)
        longest = edges[int(np.argmax(np.hypot(edges[:, 0], edges[:, 1])))]
        turn = math.atan2(longest[1], longest[0]) + generator.normal(0, 0.13)
        jitter = math.sqrt(cell.area) * 0.12
        dx, dy = generator.uniform(-jitter, jitter, 2)
        left, right = _cut(ring, centre.x + dx, centre.y + dy, math.cos(turn), math.sin(turn))
        if len(left) < 3 or len(right) < 3:
            done.append(cell)
            continue
        waiting += [left, right]
    return done


def _terrain(x: float, y: float) -> float:
    """A smooth height from 0 (valley) to 1 (hill), the same for every seed."""
    value = (
        math.sin(x / 830.0 + 0.6) * math.cos(y / 710.0 - 0.4)
        + 0.6 * math.sin((x + 1.7 * y) / 620.0)
        + 0.35 * math.cos((2.1 * x - y) / 390.0)
    )
    return 0.5 + value / 3.9


def _class_at(x: float, y: float, generator: np.random.Generator) -> str:
    height = _terrain(x, y) + generator.normal(0, 0.07)
    lot = generator.random()
    if height < 0.42:
        return "0101" if lot < 0.8 else ("0102" if lot < 0.87 else ("1104" if lot < 0.93 else "0103"))
    if height < 0.62:
        return "0103" if lot < 0.72 else ("0101" if lot < 0.82 else ("0201" if lot < 0.9 else "0404"))
    if height < 0.72:
        return "0103" if lot < 0.35 else ("0202" if lot < 0.5 else ("0305" if lot < 0.7 else "0302"))
    return "0301" if lot < 0.75 else ("0302" if lot < 0.85 else ("0305" if lot < 0.95 else "1206"))


def _blob(x: float, y: float, radius: float, generator: np.random.Generator, points: int = 11) -> Polygon:
    turns = np.linspace(0, 2 * math.pi, points, endpoint=False) + generator.uniform(0, 1)
    reach = radius * generator.uniform(0.75, 1.2, points)
    return Polygon(np.round(np.column_stack([x + reach * np.cos(turns), y + reach * np.sin(turns)]), 3))


def _way(points: Sequence[tuple[float, float]], width: float) -> BaseGeometry:
    line = LineString(points)
    return shapely.transform(line.buffer(width / 2, cap_style="flat", join_style="mitre"), lambda xy: np.round(xy, 3))


def road_lines() -> dict[str, tuple[LineString, float, str]]:
    """Centre lines of the county's roads: name -> line, width in metres, land class."""
    xs = np.arange(-50.0, WIDTH + 51, 50.0)
    ys = np.arange(-50.0, HEIGHT + 51, 50.0)
    roads = {"G348": (LineString([(x, highway_y(x)) for x in xs]), 24.0, "1003")}
    middle = CORE[0] + PITCH * 5
    roads["S418"] = (LineString([(middle + 20 * math.sin(y / 500), y) for y in ys]), 13.0, "1003")
    for index, column in enumerate((1, 3, 7, 9)):
        x0 = CORE[0] + PITCH * column
        line = LineString([(x0 + 16 * math.sin(y / 260 + column), y) for y in ys])
        roads[f"Y{101 + index}"] = (line, 5.0 if index % 2 else 6.0, "1006")
    for index, row in enumerate((1, 5)):
        y0 = CORE[1] + PITCH * row
        line = LineString([(x, y0 + 14 * math.sin(x / 240 + row)) for x in xs])
        roads[f"C{301 + index}"] = (line, 4.5, "1006")
    return roads


def _features(plots: Sequence[Plot], generator: np.random.Generator) -> list[Feature]:
    """Everything laid over the fields, the most important first."""
    features: list[Feature] = []
    for index, plot in enumerate(plots):
        if plot.bed is not None:
            features.append(Feature(plot.bed, "", plot.case.village_attribute, f"bed {index}"))
    for name, (line, width, land_class) in road_lines().items():
        features.append(Feature(_way(list(line.coords), width), land_class, "", f"road {name}"))
    xs = np.arange(-50.0, WIDTH + 51, 40.0)
    river_y = CORE[1] + PITCH * 6
    river = [(x, river_y + 30 * math.sin(x / 330) + 12 * math.sin(x / 110)) for x in xs]
    features.append(Feature(_way(river, 24.0), "1101", "", "river"))
    town = Polygon([(6350, 2900), (7250, 2850), (7500, 3200), (7420, 3700), (6900, 3850), (6380, 3620)])
    for index in range(14):
        x, y = generator.uniform(6450, 7350), generator.uniform(2950, 3700)
        spot = _blob(x, y, 110, generator, 6)
        if town.contains(spot):
            land_class = ("0701", "05H1", "0601", "08H1")[index % 4]
            features.append(Feature(spot, land_class, "202", f"town {index}"))
    features.append(Feature(town, "0701", "202", "town"))
    junctions = [(CORE[0] + PITCH * i, CORE[1] + PITCH * j) for i in range(11) for j in range(8)]
    for index, (x, y) in enumerate(junctions):
        lot = generator.random()
        dx, dy = generator.uniform(-45, 45, 2)
        if lot < 0.42:
            features.append(
                Feature(_blob(x + dx, y + dy, generator.uniform(32, 55), generator), "0702", "203", f"hamlet {index}")
            )
        elif lot < 0.8:
            features.append(
                Feature(_blob(x + dx, y + dy, generator.uniform(20, 48), generator), "1104", "", f"pond {index}")
            )
    for index in range(45):
        x, y = generator.uniform(150, WIDTH - 150), generator.uniform(150, HEIGHT - 150)
        if not (CORE[0] - 80 < x < CORE[2] + 80 and CORE[1] - 80 < y < CORE[3] + 80):
            land_class, attribute = (("0702", "203"), ("1104", ""), ("1202", ""))[index % 3]
            features.append(
                Feature(_blob(x, y, generator.uniform(30, 70), generator), land_class, attribute, f"spot {index}")
            )
    return features


def _bed_class(plot: Plot, x: float, y: float) -> str:
    """Beds of two classes are divided across the parcel's short side."""
    if len(plot.case.bed) == 1:
        return plot.case.bed[0]
    cx, cy = plot.centre
    turn = math.radians(plot.angle)
    return plot.case.bed[0 if -(x - cx) * math.sin(turn) + (y - cy) * math.cos(turn) < 0 else 1]


def _bed_divider(plot: Plot) -> LineString:
    cx, cy = plot.centre
    turn = math.radians(plot.angle)
    reach = 400.0
    line = LineString([(cx - reach * math.cos(turn), cy - reach * math.sin(turn)),
                       (cx + reach * math.cos(turn), cy + reach * math.sin(turn))])  # fmt: skip
    return line.intersection(plot.bed)


#: Which bed, land class, attribute and village a face belongs to, with a key that keeps separate features apart.
_Group = tuple[str, str, str, int, int]


def survey(plots: Sequence[Plot], seed: int) -> Survey:
    """Lay out the county around the parcels."""
    generator = np.random.default_rng([seed, 2])
    county = _boundary(generator)
    fields = _fields(generator)
    features = _features(plots, generator)
    lines = [county.boundary, *(cell.exterior for cell in fields), *(f.area.boundary for f in features)]
    lines += [_bed_divider(plot) for plot in plots if plot.bed is not None and len(plot.case.bed) > 1]
    net = shapely.union_all(np.array(lines, dtype=object), grid_size=0.001)
    faces = np.array(shapely.get_parts(shapely.polygonize([net])))
    points = shapely.point_on_surface(faces)
    inside = shapely.contains(county, points)
    faces, points = faces[inside], points[inside]
    owner, cell_of = _located(points, features, fields)
    cell_classes = [_class_at(cell.centroid.x, cell.centroid.y, generator) for cell in fields]
    groups: defaultdict[_Group, list[int]] = defaultdict(list)
    for index, point in enumerate(points):
        cell = int(cell_of[index])
        village = _nearest_village(fields[cell].centroid if cell >= 0 else point)
        land_class, attribute, key, bed = cell_classes[cell], "", f"cell {cell}", -1
        if owner[index] < len(features):
            feature = features[int(owner[index])]
            land_class, attribute, key = feature.land_class, feature.attribute, feature.key
            if key.startswith("bed "):
                bed = int(key[4:])
                land_class = _bed_class(plots[bed], point.x, point.y)
                key = f"{key} {cell}"
        groups[(key, land_class, attribute, village, bed)].append(index)
    return _as_survey(faces, groups)


def _located(
    points: NDArray[np.object_], features: Sequence[Feature], fields: Sequence[BaseGeometry]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of each face the first feature that holds it (their number where none does), and its field (-1 where none does)."""
    owner = np.full(len(points), len(features))
    tree = shapely.STRtree(points)
    areas = np.array([feature.area for feature in features], dtype=object)
    which, hit = tree.query(areas, predicate="contains")
    np.minimum.at(owner, hit, which)
    cell_of = np.full(len(points), -1)
    which, hit = tree.query(np.array(fields, dtype=object), predicate="contains")
    cell_of[hit] = which
    return owner, cell_of


def _nearest_village(at: Point) -> int:
    places = np.array([place for _, _, place in VILLAGES], dtype=float)
    return int(np.argmin(np.hypot(places[:, 0] - at.x, places[:, 1] - at.y)))


def _as_survey(faces: NDArray[np.object_], groups: Mapping[_Group, list[int]]) -> Survey:
    """Faces of one group are one polygon; the smallest go to their neighbours; numbers run by village, then from north to south."""
    merged: list[BaseGeometry] = []
    labels: list[tuple[str, str, int, int]] = []
    for (_, land_class, attribute, village, bed), members in groups.items():
        for part in shapely.get_parts(shapely.coverage_union_all(faces[members])):
            merged.append(part)
            labels.append((land_class, attribute, village, bed))
    kept, kept_labels = _absorb_small(merged, labels, 120.0)
    order = sorted(
        range(len(kept)), key=lambda i: (kept_labels[i][2], -round(kept[i].centroid.y, 3), kept[i].centroid.x)
    )
    chosen = [kept_labels[i] for i in order]
    return Survey(
        np.array([kept[i] for i in order], dtype=object),
        [label[0] for label in chosen],
        [label[1] for label in chosen],
        [label[2] for label in chosen],
        [label[3] for label in chosen],
    )


def _absorb_small(
    polygons: list[BaseGeometry], labels: list[tuple[str, str, int, int]], smallest: float
) -> tuple[list[BaseGeometry], list[tuple[str, str, int, int]]]:
    """Give every polygon below `smallest` m² to the neighbour with which it shares most, one of its own class first."""
    alive = dict(enumerate(polygons))
    for _ in range(3):
        keys = list(alive)
        tree = shapely.STRtree([alive[key] for key in keys])
        small = [key for key in keys if alive[key].area < smallest]
        if not small:
            break
        touched: set[int] = set()
        for key in sorted(small, key=lambda k: alive[k].area):
            if key in touched:
                continue
            best, best_score = None, 0.0
            for position in tree.query(alive[key], predicate="intersects"):
                other = keys[int(position)]
                if other == key or other in touched or other not in alive:
                    continue
                shared = shapely.length(shapely.intersection(alive[key].boundary, alive[other].boundary))
                same_class = labels[other][0] == labels[key][0]
                same_bed = labels[other][3] == labels[key][3]
                score = shared * (1.0 + 20.0 * same_class + 10.0 * same_bed)
                if shared > 0.01 and score > best_score:
                    best, best_score = other, score
            if best is None:
                continue
            joined = shapely.coverage_union_all([alive[best], alive.pop(key)])
            if joined.geom_type == "MultiPolygon" and len(joined.geoms) == 1:
                joined = joined.geoms[0]
            alive[best] = joined
            touched.update((best, key))
    keys = list(alive)
    return [alive[key] for key in keys], [labels[key] for key in keys]


def previous(current: Survey, plots: Sequence[Plot]) -> Survey:
    """The survey of the year before: coarser (neighbouring fields of one class put together), consistent with the current one.

    A few fields that are orchards now were dry land then, so that the two years really differ.
    """
    groups: defaultdict[tuple[str, str, int, tuple[int, int], int], list[int]] = defaultdict(list)
    for index, face in enumerate(current.faces):
        centre: Point = face.centroid
        land_class = current.classes[index]
        if land_class == "0201" and int(centre.x) % 2 == 0:
            land_class = "0103"
        tile = (int(centre.x // 300), int(centre.y // 300))
        groups[(land_class, current.attributes[index], current.villages[index], tile, current.beds[index])].append(
            index
        )
    faces: list[BaseGeometry] = []
    labels: list[tuple[str, str, int, int]] = []
    for (land_class, attribute, village, _, bed), members in groups.items():
        for part in shapely.get_parts(shapely.coverage_union_all(current.faces[members])):
            faces.append(part)
            labels.append((land_class, attribute, village, bed))
    return Survey(np.array(faces, dtype=object), [x[0] for x in labels], [x[1] for x in labels], [x[2] for x in labels],
                  [x[3] for x in labels])  # fmt: skip
