"""What a photo shows: a plain drawing in perspective, so that a person sees at once what stands there.

The camera stands 1.6 m (or, for a drone, tens of metres) above flat ground and looks at a parcel; the ground, the
buildings and the trees are put where they really are, seen from there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Callable, Optional, Union

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from shapely import affinity
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

Colour = tuple[int, int, int]
Point3 = tuple[float, float, float]

_SOIL: Colour = (168, 122, 88)
_CONCRETE: Colour = (192, 188, 180)
_GRASS: Colour = (112, 140, 74)


@dataclass(frozen=True)
class Camera:
    """Where the camera is (metres, x east, y north, z up), where it looks (degrees, grid bearing) and how wide."""

    x: float
    y: float
    z: float
    bearing: float
    width: int
    height: int
    field_of_view: float = 69.0
    pitch: float = 0.0

    @property
    def focal(self) -> float:
        """Focal length in pixels."""
        return self.width / 2 / math.tan(math.radians(self.field_of_view / 2))

    def local(self, point: Point3) -> Point3:
        """Right, forward and up of the camera."""
        turn = math.radians(self.bearing)
        dx, dy, dz = point[0] - self.x, point[1] - self.y, point[2] - self.z
        right = dx * math.cos(turn) - dy * math.sin(turn)
        ahead = dx * math.sin(turn) + dy * math.cos(turn)
        tilt = math.radians(self.pitch)
        return (right, ahead * math.cos(tilt) + dz * math.sin(tilt), dz * math.cos(tilt) - ahead * math.sin(tilt))

    def screen(self, local: Point3) -> tuple[float, float]:
        """Pixels from the upper left corner of a point in metres right of, ahead of and above the camera."""
        return (self.width / 2 + self.focal * local[0] / local[1], self.height * 0.5 - self.focal * local[2] / local[1])

    @property
    def horizon(self) -> float:
        """Height of the horizon in pixels from the top."""
        return self.height * 0.5 + self.focal * math.tan(math.radians(self.pitch))


class View:
    """A picture being drawn through a camera."""

    def __init__(self, camera: Camera, generator: np.random.Generator, sky: Colour) -> None:
        self.camera, self.generator = camera, generator
        self.image = _backdrop(camera, generator, sky)
        self.draw = ImageDraw.Draw(self.image)

    def face(self, corners: Sequence[Point3], colour: Colour) -> None:
        """A plane polygon, cut off half a metre before the camera."""
        local = [self.camera.local(corner) for corner in corners]
        shown: list[Point3] = []
        near = 0.5
        for here, there in zip(local, local[1:] + local[:1]):
            if here[1] >= near:
                shown.append(here)
            if (here[1] >= near) != (there[1] >= near):
                at = (near - here[1]) / (there[1] - here[1])
                shown.append((here[0] + (there[0] - here[0]) * at, near, here[2] + (there[2] - here[2]) * at))
        if len(shown) >= 3:
            self.draw.polygon([_bounded(self.camera.screen(point)) for point in shown], fill=colour)

    def ground(self, shape: BaseGeometry, colour: Colour) -> None:
        for part in getattr(shape, "geoms", [shape]):
            if part.geom_type == "Polygon" and not part.is_empty:
                self.face([(x, y, 0.0) for x, y in list(part.exterior.coords)[:-1]], colour)

    def distance(self, x: float, y: float) -> float:
        """Metres from the camera."""
        return math.hypot(x - self.camera.x, y - self.camera.y)

    def block(self, footprint: Polygon, height: float, wall: Colour, roof: Colour, gable: float = 0.0) -> None:
        """A house or shed: walls from far to near with windows' bands, then the roof."""
        ring = list(footprint.exterior.coords)[:-1]
        walls = sorted(
            zip(ring, ring[1:] + ring[:1]),
            key=lambda w: -self.distance((w[0][0] + w[1][0]) / 2, (w[0][1] + w[1][1]) / 2),
        )
        for a, b in walls:
            light = 0.72 + 0.28 * abs(math.cos(math.atan2(b[1] - a[1], b[0] - a[0]) - 0.6))
            self.face([(*a, 0.0), (*b, 0.0), (*b, height), (*a, height)], _lit(wall, light))
        if gable and len(ring) == 4:
            self._gable(ring, height, gable, roof)
        elif self.camera.z > height:
            self.face([(x, y, height) for x, y in ring], roof)
        for a, b in walls[-2:]:
            self._windows(a, b, height)

    def _gable(self, ring: list[tuple[float, float]], height: float, gable: float, roof: Colour) -> None:
        if math.dist(ring[0], ring[1]) < math.dist(ring[1], ring[2]):
            ring = ring[1:] + ring[:1]
        a, b, c, d = ring
        start = ((a[0] + d[0]) / 2, (a[1] + d[1]) / 2, height + gable)
        stop = ((b[0] + c[0]) / 2, (b[1] + c[1]) / 2, height + gable)
        slopes = [
            ((a, b), [(*a, height), (*b, height), stop, start]),
            ((d, c), [(*d, height), (*c, height), stop, start]),
        ]
        ends = [[(*a, height), (*d, height), start], [(*b, height), (*c, height), stop]]
        for end in ends:
            self.face(end, _lit(roof, 0.62))
        slopes.sort(key=lambda s: -self.distance((s[0][0][0] + s[0][1][0]) / 2, (s[0][0][1] + s[0][1][1]) / 2))
        for light, (_, corners) in zip((0.8, 1.05), slopes):
            self.face(corners, _lit(roof, light))

    def _windows(self, a: tuple[float, float], b: tuple[float, float], height: float) -> None:
        length = math.dist(a, b)
        count = int(length / 4.5)
        for index in range(count):
            for sill in [1.1, 4.2][: 1 + (height > 6)]:
                lo, hi = (index + 0.3) / count, (index + 0.68) / count
                p = (a[0] + (b[0] - a[0]) * lo, a[1] + (b[1] - a[1]) * lo)
                q = (a[0] + (b[0] - a[0]) * hi, a[1] + (b[1] - a[1]) * hi)
                self.face([(*p, sill), (*q, sill), (*q, sill + 1.4), (*p, sill + 1.4)], (64, 84, 104))

    def tree(self, x: float, y: float, size: float) -> None:
        """Draw a tree of ``size`` metres; one behind the camera or far outside the picture is left out."""
        foot = self.camera.local((x, y, 0.0))
        if foot[1] < 2.0:
            return
        (sx, sy), scale = self.camera.screen(foot), self.camera.focal / foot[1]
        if not -200 < sx < self.camera.width + 200:
            return
        self.draw.line((sx, sy, sx, sy - size * 0.6 * scale), fill=(84, 66, 46), width=max(1, int(0.25 * scale)))
        for dx, dy, r, tone in ((-0.22, 0.62, 0.3, 0.82), (0.2, 0.58, 0.3, 0.9), (0.0, 0.82, 0.34, 1.05)):
            cx, cy, reach = sx + dx * size * scale, sy - dy * size * scale, r * size * scale
            self.draw.ellipse((cx - reach, cy - reach, cx + reach, cy + reach), fill=_lit((64, 96, 46), tone))

    def heap(self, x: float, y: float, radius: float, height: float, colour: Colour) -> None:
        """Draw a heap of earth or rubble, ``radius`` and ``height`` in metres; one behind the camera is left out."""
        base = self.camera.local((x, y, 0.0))
        if base[1] < 2.0:
            return
        (sx, sy), scale = self.camera.screen(base), self.camera.focal / base[1]
        points = []
        for index in range(13):
            turn = math.pi * index / 12
            wobble = 1.0 + 0.14 * float(self.generator.uniform(-1, 1))
            points.append(
                _bounded((sx - radius * math.cos(turn) * scale, sy - height * math.sin(turn) * wobble * scale))
            )
        self.draw.polygon(points, fill=colour)
        self.draw.polygon([*points[:6], _bounded((sx, sy))], fill=_lit(colour, 0.82))


def _bounded(point: tuple[float, float]) -> tuple[float, float]:
    return (max(-20000.0, min(20000.0, point[0])), max(-20000.0, min(20000.0, point[1])))


def _lit(colour: Colour, factor: float) -> Colour:
    r, g, b = (max(0, min(255, int(c * factor))) for c in colour)
    return (r, g, b)


@lru_cache(maxsize=1)
def _grain() -> NDArray[np.float32]:
    """Film grain for all photos, a little larger than the largest of them."""
    return np.random.default_rng(17).normal(0, 1, (1024, 1344)).astype(np.float32)


def _backdrop(camera: Camera, generator: np.random.Generator, sky: Colour) -> Image.Image:
    """Sky, distant hills and meadow, with furrows that close up towards the horizon."""
    width, height = camera.width, camera.height
    horizon = int(max(2, min(height - 2, camera.horizon)))
    rows = np.arange(height, dtype=np.float32)
    up = np.clip(1 - rows / max(horizon, 1), 0, 1)[:, None]
    colours = np.array(sky, dtype=np.float32) * (1 - 0.35 * up) + np.array((226, 232, 236), dtype=np.float32) * (
        0.35 * (1 - up)
    )
    colours = np.minimum(colours, 250)
    down = np.clip((rows - horizon) / max(height - horizon, 1), 0, 1)[:, None]
    meadow = np.array((134, 152, 96), dtype=np.float32) * (1 - down) + np.array((98, 124, 62), dtype=np.float32) * down
    base = np.where(rows[:, None] < horizon, colours, meadow)
    canvas = np.repeat(base[:, None, :].astype(np.float32), width, axis=1)
    left, top = (int(n) for n in generator.integers(0, 64, 2))
    grain = _grain()[top : top + height, left : left + width]
    canvas += (grain * (1.2 + 3.5 * down))[:, :, None]
    image = Image.fromarray(np.clip(canvas, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    for _ in range(4 if horizon > height * 0.25 else 0):
        cx, cy = generator.uniform(0, width), generator.uniform(0.1, 0.7) * horizon
        for _ in range(6):
            dx, dy, r = generator.normal(0, 50), generator.normal(0, 7), generator.uniform(12, 34)
            pen.ellipse((cx + dx - 2 * r, cy + dy - r * 0.6, cx + dx + 2 * r, cy + dy + r * 0.6), fill=(238, 241, 243))
    if horizon > 8:  # soft clouds: blurred on a quarter of the size
        sky_part = image.crop((0, 0, width, horizon))
        soft = sky_part.resize((width // 4, horizon // 4 + 1), Image.Resampling.BOX).filter(
            ImageFilter.GaussianBlur(2.2)
        )
        image.paste(soft.resize(sky_part.size, Image.Resampling.BICUBIC), (0, 0))
    pen = ImageDraw.Draw(image)
    for tone, reach in (((150, 168, 164), 0.11), ((116, 140, 118), 0.06)):
        phase = generator.uniform(0, 6, 3)
        xs = np.linspace(0, width, 40)
        ys = horizon - height * reach * (0.6 + 0.25 * np.sin(xs / 170 + phase[0]) + 0.2 * np.sin(xs / 61 + phase[1]))
        pen.polygon([(0, horizon), *zip(xs.tolist(), ys.tolist()), (width, horizon)], fill=tone)
    _grass(pen, camera, generator, horizon)
    return image


def _grass(pen: ImageDraw.ImageDraw, camera: Camera, generator: np.random.Generator, horizon: int) -> None:
    """Tufts and bare patches, smaller towards the horizon; from a drone only patches."""
    depth = camera.height - horizon
    for closeness, across, lot in zip(
        np.sort(generator.random(420) ** 1.6), generator.random(420), generator.random(420)
    ):
        y, x = horizon + closeness * depth, across * camera.width
        size = 1.0 + 15.0 * float(closeness)
        if lot < 0.16:
            pen.ellipse((x - 2.6 * size, y - 0.4 * size, x + 2.6 * size, y + 0.4 * size), fill=(132, 134, 82))
        elif camera.z < 10:
            tone = ((84, 112, 52), (112, 138, 66), (128, 144, 78))[int(lot * 97) % 3]
            for lean in (-0.35, 0.0, 0.4):
                pen.line((x, y, x + lean * size, y - 0.9 * size), fill=tone, width=max(1, int(size / 7)))


@dataclass(frozen=True)
class Site:
    """What stands on a parcel: its shape and turn, and which scene."""

    shape: BaseGeometry
    angle: float
    scene: str

    def frame_box(self, x0: float, y0: float, x1: float, y1: float) -> Polygon:
        """A rectangle given in fractions of the parcel's own width and height, in the parcel's frame."""
        centre = self.shape.centroid
        frame = affinity.rotate(self.shape, -self.angle, origin=centre)
        a, b, c, d = frame.bounds
        w, h = c - a, d - b
        part = box(a + w * x0, b + h * y0, a + w * x1, b + h * y1)
        turned: Polygon = affinity.rotate(part, self.angle, origin=centre)
        return turned


def _factory(view: View, site: Site) -> None:
    view.ground(site.shape, _CONCRETE)
    tint = int(site.shape.area) % 3
    roof = ((70, 112, 166), (152, 62, 52), (150, 158, 166))[tint]
    blocks = [
        site.frame_box(0.1, 0.55, 0.62, 0.9),
        site.frame_box(0.1, 0.1, 0.62, 0.42),
        site.frame_box(0.7, 0.15, 0.92, 0.8),
    ]
    for block in _far_first(view, blocks):
        view.block(block, 7.5, (206, 208, 208), roof, gable=2.2)


def _houses(view: View, site: Site) -> None:
    view.ground(site.shape, (176, 170, 156))
    blocks = [site.frame_box(x, y, x + 0.16, y + 0.24) for x in (0.06, 0.3, 0.54, 0.78) for y in (0.1, 0.6)]
    for block in _far_first(view, blocks):
        view.block(block, 6.4, (226, 222, 210), (128, 92, 76), gable=1.8)


def _house(view: View, site: Site) -> None:
    view.ground(site.shape, (178, 172, 160))
    view.block(site.frame_box(0.1, 0.15, 0.8, 0.85), 6.6, (228, 224, 212), (134, 84, 68), gable=1.8)


def _hardened(view: View, site: Site) -> None:
    view.ground(site.shape, (198, 195, 188))
    for fraction in (0.2, 0.4, 0.6, 0.8):
        view.ground(site.frame_box(fraction, 0.02, fraction + 0.004, 0.98), (172, 168, 162))
    centre = site.shape.centroid
    for dx, dy, tone in ((-12, 4, (158, 134, 104)), (6, -6, (128, 126, 122)), (14, 8, (182, 164, 130))):
        view.heap(centre.x + dx, centre.y + dy, 4.5, 2.6, tone)


def _bare(view: View, site: Site) -> None:
    view.ground(site.shape, _SOIL)
    for fraction in (0.15, 0.35, 0.5, 0.72, 0.88):
        view.ground(site.frame_box(0.03, fraction, 0.97, fraction + 0.015), (142, 100, 70))
    centre = site.shape.centroid
    view.heap(centre.x + 8, centre.y + 3, 6.0, 2.4, (156, 108, 76))
    view.block(site.frame_box(0.3, 0.4, 0.36, 0.46), 2.8, (224, 176, 42), (198, 150, 36))


def _road(view: View, site: Site) -> None:
    view.ground(site.shape.buffer(1.0), (150, 142, 112))
    view.ground(site.shape, (186, 184, 178))


def _greenhouse(view: View, site: Site) -> None:
    view.ground(site.shape, (150, 136, 100))
    for block in _far_first(
        view, [site.frame_box(0.06, y, 0.94, y + 0.11) for y in (0.06, 0.22, 0.38, 0.54, 0.7, 0.84)]
    ):
        view.block(block, 1.6, (214, 222, 222), (232, 238, 238), gable=1.2)


def _photovoltaic(view: View, site: Site) -> None:
    view.ground(site.shape, (150, 140, 104))
    rows = [(y, site.frame_box(0.05, y, 0.95, y + 0.06)) for y in np.linspace(0.06, 0.88, 8)]
    for _, row in sorted(rows, key=lambda item: -view.distance(item[1].centroid.x, item[1].centroid.y)):
        a, b, c, d = list(row.exterior.coords)[:4]
        view.face([(*a, 2.2), (*b, 0.8), (*c, 0.8), (*d, 2.2)], (44, 62, 110))
        view.face([(*a, 0.0), (*d, 0.0), (*d, 0.3), (*a, 0.3)], (120, 120, 120))


def _pit(view: View, site: Site) -> None:
    for index, tone in enumerate(((206, 190, 156), (188, 170, 138), (172, 154, 122), (156, 138, 108))):
        view.ground(site.shape.buffer(-5.0 * index), tone)
    centre = site.shape.centroid
    far = 18.0
    turn = math.radians(view.camera.bearing)
    ahead = (centre.x + far * math.sin(turn), centre.y + far * math.cos(turn))
    for step in (-22, -8, 7, 21):
        view.heap(ahead[0] + step * math.cos(turn), ahead[1] - step * math.sin(turn), 11.0, 8.0, (198, 182, 150))
    view.block(site.frame_box(0.45, 0.45, 0.51, 0.52), 3.0, (224, 176, 42), (198, 150, 36))


def _restored(view: View, site: Site) -> None:
    view.ground(site.shape, (134, 146, 86))
    spots = [
        site.frame_box(x, y, x + 0.01, y + 0.01).centroid
        for x in np.linspace(0.08, 0.92, 8)
        for y in np.linspace(0.1, 0.9, 5)
    ]
    for spot in sorted(spots, key=lambda p: -view.distance(p.x, p.y)):
        view.tree(spot.x, spot.y, 1.8)


def _field(view: View, site: Site) -> None:
    view.ground(site.shape, (142, 152, 78))
    for fraction in np.linspace(0.03, 0.95, 16):
        view.ground(site.frame_box(0.01, float(fraction), 0.99, float(fraction) + 0.025), (112, 132, 60))


def _demolished(view: View, site: Site) -> None:
    view.ground(site.shape, (172, 158, 138))
    view.block(site.frame_box(0.62, 0.5, 0.88, 0.82), 2.6, (196, 192, 186), (150, 150, 150))
    for x, y in ((0.2, 0.3), (0.38, 0.62), (0.5, 0.28), (0.7, 0.3), (0.28, 0.78)):
        spot = site.frame_box(x, y, x + 0.01, y + 0.01).centroid
        view.heap(spot.x, spot.y, 5.0, 2.2, ((166, 150, 136), (146, 120, 104), (178, 172, 164))[int(x * 100) % 3])
    view.block(site.frame_box(0.08, 0.46, 0.15, 0.54), 3.0, (224, 176, 42), (198, 150, 36))


def _recultivated(view: View, site: Site) -> None:
    view.ground(site.shape, (150, 112, 78))
    for fraction in np.linspace(0.03, 0.95, 14):
        view.ground(site.frame_box(0.01, float(fraction), 0.99, float(fraction) + 0.03), (112, 84, 58))
        view.ground(site.frame_box(0.01, float(fraction) + 0.012, 0.99, float(fraction) + 0.02), (96, 140, 60))


SCENES: dict[str, Callable[[View, Site], None]] = {
    "factory": _factory, "houses": _houses, "house": _house, "hardened": _hardened, "bare": _bare, "road": _road,
    "greenhouse": _greenhouse, "photovoltaic": _photovoltaic, "pit": _pit, "restored": _restored, "field": _field,
    "demolished": _demolished, "recultivated": _recultivated,
}  # fmt: skip


def _far_first(view: View, blocks: Sequence[Polygon]) -> list[Polygon]:
    return sorted(blocks, key=lambda block: -view.distance(block.centroid.x, block.centroid.y))


def draw_photo(camera: Camera, site: Site, caption: Sequence[str], generator: np.random.Generator) -> Image.Image:
    """One photo: the site as the camera sees it, trees around, and a board with the caption."""
    sky = ((150, 182, 216), (172, 190, 206), (134, 172, 214))[int(generator.integers(3))]
    view = View(camera, generator, sky)
    reach = site.shape.buffer(38.0)
    spots = []
    x0, y0, x1, y1 = reach.bounds
    for _ in range(34):
        x, y = generator.uniform(x0, x1), generator.uniform(y0, y1)
        spot = box(x - 3, y - 3, x + 3, y + 3)
        if not site.shape.intersects(spot) and view.distance(x, y) > 14:
            spots.append((float(x), float(y), float(generator.uniform(3.5, 7.5))))
    spots.sort(key=lambda spot: -view.distance(spot[0], spot[1]))
    centre = site.shape.centroid
    middle = view.distance(centre.x, centre.y)
    # Ground first, then what stands behind the site, the site itself, and what stands before it.
    for x, y, size in spots:
        if view.distance(x, y) >= middle:
            view.tree(x, y, size)
    SCENES[site.scene](view, site)
    for x, y, size in spots:
        if view.distance(x, y) < middle:
            view.tree(x, y, size)
    _board(view.image, caption)
    return view.image


FONTS = ("msyh.ttc", "simhei.ttf", "simsun.ttc", "NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "wqy-zenhei.ttc",
         "wqy-microhei.ttc", "PingFang.ttc", "STHeiti Light.ttc")  # fmt: skip
Font = Union[ImageFont.FreeTypeFont, ImageFont.ImageFont]


@lru_cache(maxsize=8)
def chinese_font(size: int) -> Optional[Font]:
    """A font with Chinese characters, or None on a machine that has none of the usual ones."""
    for name in FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return None


def _board(image: Image.Image, caption: Sequence[str]) -> None:
    """A board in the lower left corner, as evidence cameras stamp it."""
    size = max(14, image.height // 36)
    font = chinese_font(size)
    lines = list(caption) if font is not None else [line for line in caption if line.isascii()]
    if not lines:
        return
    font = font or ImageFont.load_default()
    pen = ImageDraw.Draw(image, "RGBA")
    widest = max(pen.textlength(line, font=font) for line in lines)
    step = int(size * 1.4)
    top = image.height - step * len(lines) - 14
    pen.rectangle((8, top - 6, 24 + widest, image.height - 8), fill=(20, 60, 120, 200))
    for index, line in enumerate(lines):
        pen.text((16, top + index * step), line, font=font, fill=(255, 255, 255, 255))
