"""Parcels and the approvals over them, planted slot by slot as the case plan says."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from . import cases
from .cases import Case, Cover
from .frame import CORE, COUNTY_CODE

PITCH = 400.0
HIGHWAY_ROW = 3  # the national road runs along the lower edge of this row of slots


@dataclass(frozen=True)
class Planted:
    """A cover as it lies on the ground, in local metres, with what its layer will say about it."""

    role: str
    geometry: BaseGeometry
    cover: Cover
    document: str
    project: str
    holder: str


@dataclass(frozen=True)
class Plot:
    """One delivered feature: its number, its shape as delivered and as a valid geometry, and what lies over it."""

    number: str
    case: Case
    shape: BaseGeometry
    valid: BaseGeometry
    angle: float
    level: str
    planted: tuple[Planted, ...] = ()
    bed: Polygon | None = None

    @property
    def centre(self) -> tuple[float, float]:
        """The centroid in metres of the county's zone."""
        return (self.valid.centroid.x, self.valid.centroid.y)


def highway_y(x: float) -> float:
    """Centre line of the national road G348, local metres."""
    return CORE[1] + PITCH * HIGHWAY_ROW + 22.0 * math.sin(x / 900.0)


def _millimetres(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.transform(geometry, lambda xy: np.round(xy, 3))


def _outline(case: Case, generator: np.random.Generator) -> BaseGeometry:
    """The parcel around (0, 0), long side along x."""
    width, height = case.size
    if case.size == Case.size and case.shape == "plot":  # sizes nobody asked for vary as they do in a real batch
        width, height = width * generator.uniform(0.7, 1.25), height * generator.uniform(0.7, 1.25)
    w, h = width / 2, height / 2
    if case.shape == "rectangle":
        return box(-w, -h, w, h)
    if case.shape == "strip":
        bend = 0.3 if case.place == "highway" else width * 0.03
        xs = np.linspace(-w, w, 9)
        ys = bend * np.sin(xs / width * math.pi * 1.6)
        line = shapely.linestrings(np.column_stack([xs, ys]))
        return shapely.buffer(line, h, cap_style="flat", join_style="mitre")
    if case.shape == "bowtie":
        # The last two corners are swapped by hand, as careless digitising does: a small crossing near one corner.
        return Polygon([(-w, -h), (w, -h), (w - 1.6, h), (w, h), (-w, h * 0.7)])
    if case.shape == "multipart":
        left = _jittered(-w, -h, -w * 0.12, h, generator)
        return MultiPolygon([left, _jittered(w * 0.1, -h * 0.8, w, h, generator)])
    if case.shape == "hole":
        outer = _jittered(-w, -h, w, h, generator)
        return Polygon(
            outer.exterior, [list(_jittered(-w * 0.3, -h * 0.35, w * 0.25, h * 0.3, generator).exterior.coords)]
        )
    return _jittered(-w, -h, w, h, generator)


def _jittered(x0: float, y0: float, x1: float, y1: float, generator: np.random.Generator) -> Polygon:
    """A field-like polygon: a rectangle with moved corners and a few further vertices on its sides."""
    reach = min(x1 - x0, y1 - y0) * 0.09
    corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    points = []
    for here, there in zip(corners, corners[1:] + corners[:1]):
        dx, dy = generator.uniform(-reach, reach, 2)
        points.append((here[0] + dx, here[1] + dy))
        if generator.random() < 0.6:
            at = generator.uniform(0.35, 0.65)
            ex, ey = generator.uniform(-reach, reach, 2) * 0.5
            points.append((here[0] + (there[0] - here[0]) * at + ex, here[1] + (there[1] - here[1]) * at + ey))
    return Polygon(points)


def _cover_area(cover: Cover, outline: BaseGeometry) -> BaseGeometry:
    """The cover around (0, 0): the parcel, widened by the margin, cut by `start`, `stop` and `trim`."""
    x0, _y0, x1, _y1 = outline.bounds
    far = 5000.0
    low = -far if cover.start is None else x0 + (x1 - x0) * cover.start
    high = far if cover.stop is None else x0 + (x1 - x0) * cover.stop
    if cover.trim:
        high = x1 - cover.trim
    wide = outline if cover.margin == 0 else outline.buffer(cover.margin, join_style="mitre")
    if len(getattr(outline, "geoms", ())) > 1 and cover.margin:
        wide = wide.convex_hull
    if wide.geom_type == "Polygon" and cover.margin:
        wide = Polygon(wide.exterior)
    return wide.intersection(box(low, -far, high, far))


def _slots() -> list[tuple[float, float]]:
    """Places for parcels: the middles of a grid of 400 m over the core, north-west first."""
    columns = int((CORE[2] - CORE[0]) / PITCH)
    rows = int((CORE[3] - CORE[1]) / PITCH)
    return [
        (CORE[0] + PITCH * (column + 0.5), CORE[1] + PITCH * (row + 0.5))
        for row in reversed(range(rows))
        for column in range(columns)
    ]


def _document(role: str, date: str | None, serial: int) -> str:
    year = (date or cases.BEFORE)[:4]
    patterns = {
        "farmland_conversion": f"渝府地〔{year}〕{300 + serial}号",
        "land_supply": f"永规资供〔{year}〕{40 + serial}号",
        "linkage": f"渝规资增减挂〔{year}〕{10 + serial}号",
        "registration": f"渝({year})永川区不动产权第{int(120000 + serial * 37):09d}号",
        "advance_use": f"渝规资先行〔{year}〕{serial}号",
        "temporary_land": f"永规资临〔{year}〕{serial}号",
        "facility_agriculture": f"SSNYD{COUNTY_CODE}{year}{serial:04d}",
        "homestead": f"永大安宅批〔{year}〕{serial:03d}号",
        "rural_road": f"Y{200 + serial}",
        "restoration": f"永规资整治〔{year}〕{serial}号",
        "mining_right": f"C{COUNTY_CODE}{year}0971300{serial:05d}",
        "previous_batch": f"{COUNTY_CODE}SJBG2221{serial:04d}",
    }
    return patterns.get(role, f"{role}-{serial:03d}")


_PROJECTS = (
    "大安工业园标准厂房",
    "永川港桥仓储中心",
    "大安农产品加工厂",
    "凤凰湖配套产业园",
    "渝西机械加工基地",
    "大安冷链物流园",
    "永荣建材加工项目",
    "大安汽车零部件项目",
    "茶山竹海旅游集散点",
    "大安街道场镇改造",
)
_HOLDERS = (
    "重庆安和机械有限公司",
    "重庆市永川区大安建设开发有限公司",
    "重庆茶山农业发展有限公司",
    "永川区恒丰种养殖专业合作社",
    "重庆渝西石材有限公司",
    "大安街道铁山村村民委员会",
    "周某某",
    "李某某",
)
_LEVELS = ("一级", "一级", "一级", "二级", "二级", "三级")


#: Where a case stands: metres east and north, and the case.
Site = tuple[tuple[float, float], Case]


def plant(seed: int) -> tuple[Plot, ...]:
    """All delivered features in the order of their numbers: the land parcels, then the mining parcels.

    The feature that repeats a number already used stands directly after the one it repeats.
    """
    generator = np.random.default_rng([seed, 1])
    plots: list[Plot] = []
    serials: dict[str, int] = {}
    counters = {"land": 0, "mining": 0}
    for site in _sites(generator):
        case = site[1]
        counters[case.kind] += 1
        prefix = "SJBG2321" if case.kind == "land" else "KCBG2321"
        plot = _plot(f"{COUNTY_CODE}{prefix}{counters[case.kind]:04d}", site, serials, generator)
        plots.append(plot)
        if case.code == "duplicate_number":
            moved = _millimetres(affinity.translate(plot.shape, 11.0, -7.0))
            plots.append(replace(plot, shape=moved, valid=moved))
    return tuple(plots)


def _sites(generator: np.random.Generator) -> list[Site]:
    """Every case on its place, from north to south as deliveries run, so that the cases are mixed."""
    slots = _slots()
    order = [int(i) for i in generator.permutation(len(slots))]
    sites: list[Site] = []
    for case in cases.plan():
        if case.place == "highway":
            x = CORE[0] + PITCH * 6.5
            sites.append(((x, highway_y(x)), case))
        elif case.place == "outside":
            sites.append(((-900.0, 5200.0), case))
        else:
            x, y = slots[order.pop()]
            dx, dy = generator.uniform(-28, 28, 2)
            sites.append(((float(np.round(x + dx)), float(np.round(y + dy))), case))
    return sorted(sites, key=lambda item: (item[1].kind != "land", -round(item[0][1] / PITCH), item[0][0]))


def _plot(number: str, site: Site, serials: dict[str, int], generator: np.random.Generator) -> Plot:
    """The parcel of a case. ``serials`` counts the documents of each role and is carried on."""
    (x, y), case = site
    outline = _outline(case, generator)
    angle = float(generator.uniform(-35, 35))
    if case.place == "highway":
        angle = math.degrees(math.atan2(highway_y(x + 40) - highway_y(x - 40), 80.0))

    def move(geometry: BaseGeometry) -> BaseGeometry:
        return affinity.translate(affinity.rotate(geometry, angle, origin=(0, 0)), x, y)

    shape = _millimetres(move(outline))
    valid = shape if shape.is_valid else shapely.make_valid(shape)
    # Covers that must end exactly on the parcel's edge are cut from the rounded shape, in the parcel's own frame.
    own = affinity.rotate(affinity.translate(valid, -x, -y), -angle, origin=(0, 0))
    planted = []
    for cover in case.covers:
        serials[cover.role] = serials.get(cover.role, 0) + 1
        planted.append(
            Planted(
                cover.role,
                move(_cover_area(cover, own)),
                cover,
                _document(cover.role, cover.date, serials[cover.role]),
                _PROJECTS[int(generator.integers(len(_PROJECTS)))],
                _HOLDERS[int(generator.integers(len(_HOLDERS)))],
            )
        )
    bed = None
    if case.bed:
        core = own.convex_hull if case.shape != "strip" else own
        bed = _millimetres(move(core.buffer(case.bed_margin, join_style="mitre")))
    level = _LEVELS[int(generator.integers(len(_LEVELS)))]
    return Plot(number, case, shape, valid, angle, level, tuple(planted), bed)
