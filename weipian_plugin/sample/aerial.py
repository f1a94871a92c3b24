"""What stands on a parcel or in a hamlet, as it looks from above.

Each scene is painted on a crop of the image enlarged fourfold and reduced again, so that edges come out smooth.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Callable

import numpy as np
from PIL import Image, ImageDraw
from shapely import affinity
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

ZOOM = 4
Colour = tuple[int, int, int]
Points = list[tuple[float, float]]

ROOFS: tuple[Colour, ...] = ((74, 116, 168), (150, 62, 52), (168, 172, 176), (214, 216, 214), (92, 128, 150))
HOUSE_ROOFS: tuple[Colour, ...] = ((120, 116, 112), (140, 88, 70), (164, 160, 152), (96, 98, 102))


class Canvas:
    """A crop of the image around a shape, `ZOOM` times enlarged; the shape's frame is turned by `angle` degrees."""

    def __init__(self, image: Image.Image, shape: BaseGeometry, angle: float, generator: np.random.Generator) -> None:
        """`shape` is in pixels of `image` (y down)."""
        x0, y0, x1, y1 = shape.bounds
        self.left, self.top = max(0, int(x0) - 24), max(0, int(y0) - 24)
        self.right, self.bottom = min(image.width, int(x1) + 25), min(image.height, int(y1) + 25)
        self.image, self.shape, self.angle, self.generator = image, shape, angle, generator
        crop = image.crop((self.left, self.top, self.right, self.bottom))
        self.crop = crop.resize((crop.width * ZOOM, crop.height * ZOOM), Image.Resampling.BICUBIC)
        self.draw = ImageDraw.Draw(self.crop)
        self.frame = affinity.rotate(shape, angle, origin=shape.centroid)

    def done(self) -> None:
        """Put the enlarged part back into the image, at its own size."""
        size = (self.right - self.left, self.bottom - self.top)
        self.image.paste(self.crop.resize(size, Image.Resampling.BOX), (self.left, self.top))

    def points(self, xy: Sequence[tuple[float, ...]]) -> Points:
        return [((p[0] - self.left) * ZOOM, (p[1] - self.top) * ZOOM) for p in xy]

    def turned(self, geometry: BaseGeometry) -> BaseGeometry:
        """From the parcel's own frame to the image."""
        return affinity.rotate(geometry, -self.angle, origin=self.shape.centroid)

    def fill(self, geometry: BaseGeometry, colour: Colour) -> None:
        for part in getattr(geometry, "geoms", [geometry]):
            if part.geom_type == "Polygon" and not part.is_empty:
                self.draw.polygon(self.points(part.exterior.coords), fill=colour)

    def mask(self, geometry: BaseGeometry) -> Image.Image:
        """Where a geometry (image metres) lies in the enlarged part: 255 inside, 0 outside and in its holes."""
        mask = Image.new("L", self.crop.size, 0)
        pen = ImageDraw.Draw(mask)
        for part in getattr(geometry, "geoms", [geometry]):
            if part.geom_type == "Polygon":
                pen.polygon(self.points(part.exterior.coords), fill=255)
                for hole in part.interiors:
                    pen.polygon(self.points(hole.coords), fill=0)
        return mask

    def ground(self, geometry: BaseGeometry, colour: Colour, grain: float, patches: float) -> None:
        """Fill with a rough surface: fine grain and larger patches around one colour."""
        width, height = self.crop.size
        rough = self.generator.normal(0, grain, (height // ZOOM + 1, width // ZOOM + 1)).astype(np.float32)
        small = self.generator.normal(0, patches, (height // 48 + 2, width // 48 + 2)).astype(np.float32)
        fine = np.asarray(Image.fromarray(rough).resize((width, height), Image.Resampling.BILINEAR))
        large = np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC))
        field = (fine + large)[:, :, None] + np.array(colour, dtype=np.float32)
        surface = Image.fromarray(np.clip(field, 0, 255).astype(np.uint8))
        self.crop.paste(surface, (0, 0), self.mask(geometry))

    def shadow(self, geometry: BaseGeometry, height: float) -> None:
        """Darken where the shadow falls: sun in the south-east, so to the north-west."""
        dx, dy = -0.55 * height, -0.6 * height
        swept = geometry.union(affinity.translate(geometry, dx, dy)).convex_hull
        ring = self.points(swept.exterior.coords)
        xs, ys = [p[0] for p in ring], [p[1] for p in ring]
        corner = (max(0, int(min(xs))), max(0, int(min(ys))))
        end = (min(self.crop.width, int(max(xs)) + 2), min(self.crop.height, int(max(ys)) + 2))
        if end[0] <= corner[0] or end[1] <= corner[1]:
            return
        lit = self.crop.crop((*corner, *end))
        mask = Image.new("L", lit.size, 0)
        ImageDraw.Draw(mask).polygon([(x - corner[0], y - corner[1]) for x, y in ring], fill=255)
        self.crop.paste(lit.point([int(v * 0.46) for v in range(256)] * 3), corner, mask)

    def roof(
        self, bounds: tuple[float, float, float, float], colour: Colour, height: float, ribs: bool = False
    ) -> None:
        """A gabled roof on a rectangle of the parcel's frame, ridge along its long side."""
        x0, y0, x1, y1 = bounds
        whole = self.turned(box(x0, y0, x1, y1))
        self.shadow(whole, height)
        along_x = (x1 - x0) >= (y1 - y0)
        if along_x:
            middle = (y0 + y1) / 2
            sides = (box(x0, y0, x1, middle), box(x0, middle, x1, y1))
        else:
            middle = (x0 + x1) / 2
            sides = (box(x0, y0, middle, y1), box(middle, y0, x1, y1))
        for side, light in zip(sides, (0.86, 1.1)):
            self.fill(self.turned(side), _lit(colour, light))
        if ribs:
            step = 2.2
            count = int(((x1 - x0) if along_x else (y1 - y0)) / step)
            for index in range(1, count):
                at = (x0 if along_x else y0) + index * step
                ends = [(at, y0), (at, y1)] if along_x else [(x0, at), (x1, at)]
                self.stroke(ends, _lit(colour, 0.93), 0.3)
        ridge = [(x0, middle), (x1, middle)] if along_x else [(middle, y0), (middle, y1)]
        self.stroke(ridge, _lit(colour, 1.25), 0.5)

    def stroke(self, ends: Sequence[tuple[float, float]], colour: Colour, width: float) -> None:
        """A line of the parcel's frame, width in pixels of the image."""
        turned = [self.turned_point(x, y) for x, y in ends]
        self.draw.line(self.points(turned), fill=colour, width=max(1, round(width * ZOOM)))

    def turned_point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the parcel's frame where it lies in the image, in metres of the zone."""
        centre = self.shape.centroid
        turn = math.radians(-self.angle)
        dx, dy = x - centre.x, y - centre.y
        return (
            centre.x + dx * math.cos(turn) - dy * math.sin(turn),
            centre.y + dx * math.sin(turn) + dy * math.cos(turn),
        )

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A filled circle at a point of the parcel's frame."""
        ((cx, cy),) = self.points([self.turned_point(x, y)])
        reach = radius * ZOOM
        self.draw.ellipse((cx - reach, cy - reach, cx + reach, cy + reach), fill=colour)

    def inside(self) -> BaseGeometry:
        """The frame without two metres at its edge."""
        return self.frame.buffer(-2.0)


def _lit(colour: Colour, factor: float) -> Colour:
    r, g, b = (min(255, int(c * factor)) for c in colour)
    return (r, g, b)


def _vehicles(canvas: Canvas, count: int) -> None:
    x0, y0, x1, y1 = canvas.frame.bounds
    room = canvas.inside()
    for _ in range(count):
        x, y = canvas.generator.uniform(x0, x1), canvas.generator.uniform(y0, y1)
        long_side = canvas.generator.random() < 0.5
        w, h = (5.5, 2.3) if long_side else (2.3, 5.5)
        body = box(x, y, x + w, y + h)
        colour = ((222, 180, 40), (230, 230, 232), (60, 66, 80), (170, 46, 40))[int(canvas.generator.integers(4))]
        if room.contains(body):
            canvas.fill(canvas.turned(body), colour)


def _factory(canvas: Canvas) -> None:
    canvas.ground(canvas.shape, (178, 174, 166), 5, 7)
    x0, y0, x1, y1 = canvas.frame.bounds
    room = canvas.inside()
    w, h = x1 - x0, y1 - y0
    colour = ROOFS[int(canvas.generator.integers(len(ROOFS)))]
    bays = 2 if h > 44 else 1
    depth = min(26.0, h * (0.34 if bays == 2 else 0.6))
    for bay in range(bays):
        top = y0 + h * (0.1 if bays == 2 else 0.2) + bay * h * 0.46
        for start, stop in ((0.08, 0.62), (0.66, 0.92)) if w > 50 else ((0.1, 0.88),):
            shed = box(x0 + w * start, top, x0 + w * stop, top + depth)
            for _ in range(6):
                if room.contains(shed):
                    canvas.roof(shed.bounds, colour, 9.0, ribs=True)
                    break
                shed = affinity.scale(shed, 0.86, 0.86)
    _vehicles(canvas, 9)
    _wall(canvas, (120, 116, 110))


def _wall(canvas: Canvas, colour: Colour) -> None:
    for part in getattr(canvas.shape, "geoms", [canvas.shape]):
        canvas.draw.line(canvas.points(part.exterior.coords), fill=colour, width=3)


def _houses(canvas: Canvas) -> None:
    canvas.ground(canvas.shape, (166, 160, 148), 6, 9)
    x0, y0, x1, y1 = canvas.frame.bounds
    room = canvas.inside()
    pitch_x, pitch_y = 15.0, 17.0
    y = y0 + 4
    while y < y1 - 9:
        x = x0 + 4
        while x < x1 - 10:
            if canvas.generator.random() < 0.86:
                w, h = canvas.generator.uniform(9, 12), canvas.generator.uniform(8, 10.5)
                house = box(x, y, x + w, y + h)
                if room.contains(house):
                    roof = HOUSE_ROOFS[int(canvas.generator.integers(len(HOUSE_ROOFS)))]
                    canvas.roof(house.bounds, roof, 5.0)
            x += pitch_x
        y += pitch_y


def _house(canvas: Canvas) -> None:
    canvas.ground(canvas.shape, (172, 166, 154), 5, 5)
    x0, y0, x1, y1 = canvas.frame.bounds
    w, h = x1 - x0, y1 - y0
    roof = HOUSE_ROOFS[int(canvas.generator.integers(2))]
    canvas.roof((x0 + w * 0.12, y0 + h * 0.14, x0 + w * 0.78, y0 + h * 0.8), roof, 6.0)


def _hamlet(canvas: Canvas) -> None:
    canvas.ground(canvas.shape, (142, 140, 112), 8, 12)
    x0, y0, x1, y1 = canvas.frame.bounds
    placed: list[Polygon] = []
    room = canvas.inside()
    for _ in range(int((x1 - x0) * (y1 - y0) / 95)):
        w, h = canvas.generator.uniform(8, 16), canvas.generator.uniform(7, 11)
        if canvas.generator.random() < 0.4:
            w, h = h, w
        x, y = canvas.generator.uniform(x0, x1), canvas.generator.uniform(y0, y1)
        house = box(x, y, x + w, y + h)
        if room.contains(house) and all(house.distance(other) > 3.5 for other in placed):
            placed.append(house)
            canvas.roof(house.bounds, HOUSE_ROOFS[int(canvas.generator.integers(len(HOUSE_ROOFS)))], 5.0)
    for _ in range(26):
        x, y = canvas.generator.uniform(x0, x1), canvas.generator.uniform(y0, y1)
        spot = box(x - 2, y - 2, x + 2, y + 2)
        if room.contains(spot) and all(spot.distance(other) > 0.5 for other in placed):
            canvas.disc(x, y, canvas.generator.uniform(1.4, 2.8), (52, 78, 44))


def _hardened(canvas: Canvas) -> None:
    canvas.ground(canvas.shape, (196, 192, 184), 4, 5)
    x0, y0, x1, y1 = canvas.frame.bounds
    step = 9.0
    for index in range(1, int((x1 - x0) / step)):
        canvas.stroke([(x0 + index * step, y0 + 3), (x0 + index * step, y1 - 3)], (180, 176, 168), 0.3)
    for _ in range(5 if min(x1 - x0, y1 - y0) > 20 else 0):
        x, y = canvas.generator.uniform(x0 + 9, x1 - 9), canvas.generator.uniform(y0 + 8, y1 - 8)
        radius = canvas.generator.uniform(3.5, 6.5)
        pile = Polygon([(x + radius * math.cos(t), y + radius * math.sin(t)) for t in np.linspace(0, 2 * math.pi, 14)])
        if canvas.inside().contains(pile):
            canvas.shadow(canvas.turned(pile), 2.5)
            tone = ((150, 128, 100), (120, 118, 114), (176, 160, 128))[int(canvas.generator.integers(3))]
            canvas.disc(x, y, radius, tone)
            canvas.disc(x + radius * 0.25, y + radius * 0.25, radius * 0.5, _lit(tone, 1.18))
    _vehicles(canvas, 7)


def _bare(canvas: Canvas) -> None:
    canvas.ground(canvas.shape, (176, 124, 88), 9, 13)
    x0, y0, x1, y1 = canvas.frame.bounds
    for _ in range(7):
        y = canvas.generator.uniform(y0 + 3, y1 - 3)
        xs = np.linspace(x0 + 3, x1 - 3, 12)
        wave = y + 2.5 * np.sin(xs / 9 + canvas.generator.uniform(0, 6))
        for offset in (0.0, 2.1):
            track = [(float(a), float(b) + offset) for a, b in zip(xs, wave)]
            if canvas.inside().contains(
                Polygon([*track, (track[-1][0], track[-1][1] + 0.1), (track[0][0], track[0][1] + 0.1)])
            ):
                canvas.stroke(track, (152, 102, 70), 0.5)
    _vehicles(canvas, 4)


def _road(canvas: Canvas) -> None:
    canvas.ground(canvas.shape, (190, 188, 182), 3, 3)


def _greenhouse(canvas: Canvas) -> None:
    canvas.ground(canvas.shape, (146, 132, 98), 7, 9)
    x0, y0, x1, y1 = canvas.frame.bounds
    room = canvas.inside()
    y = y0 + 3
    while y < y1 - 7:
        tunnel = box(x0 + 4, y, x1 - 4, y + 6.5)
        inside = tunnel.intersection(room)
        if not inside.is_empty and inside.area > 0.85 * tunnel.area:
            a, b, c, d = inside.bounds
            canvas.shadow(canvas.turned(box(a, b, c, d)), 2.5)
            for index, light in enumerate((0.8, 0.95, 1.08, 1.0, 0.88)):
                height = (d - b) / 5
                canvas.fill(
                    canvas.turned(box(a, b + index * height, c, b + (index + 1) * height)), _lit((214, 220, 220), light)
                )
        y += 9.0


def _photovoltaic(canvas: Canvas) -> None:
    canvas.ground(canvas.shape, (150, 138, 104), 7, 9)
    x0, y0, x1, y1 = canvas.frame.bounds
    room = canvas.inside()
    y = y0 + 3
    while y < y1 - 5:
        x = x0 + 3
        while x < x1 - 12:
            panel = box(x, y, x + 11, y + 3.6)
            if room.contains(panel):
                canvas.shadow(canvas.turned(panel), 1.6)
                canvas.fill(canvas.turned(panel), (44, 62, 108))
                canvas.stroke([(x, y + 1.8), (x + 11, y + 1.8)], (120, 140, 176), 0.25)
            x += 12.2
        y += 6.6


def _pit(canvas: Canvas) -> None:
    canvas.ground(canvas.shape, (198, 182, 150), 9, 10)
    tone = (186, 168, 136)
    for index in range(1, 6):
        step = canvas.shape.buffer(-6.0 * index)
        if step.is_empty:
            break
        canvas.shadow(step, 2.2)
        canvas.ground(step, _lit(tone, 1.06 - 0.06 * index), 9, 6)
    floor = canvas.shape.buffer(-16.0)
    if not floor.is_empty:
        pool = affinity.scale(floor, 0.4, 0.35)
        canvas.ground(pool, (96, 128, 118), 2, 2)
        _vehicles(canvas, 6)


def _restored(canvas: Canvas) -> None:
    canvas.ground(canvas.shape, (142, 138, 88), 8, 10)
    x0, y0, x1, y1 = canvas.frame.bounds
    room = canvas.inside()
    for y in np.arange(y0 + 3, y1 - 2, 5.0):
        for x in np.arange(x0 + 3, x1 - 2, 5.0):
            if room.contains(box(x - 1, y - 1, x + 1, y + 1)):
                canvas.disc(float(x) - 0.5, float(y) - 0.6, 1.3, (74, 72, 50))
                canvas.disc(float(x), float(y), 1.2, (72, 110, 52))


def _yard(canvas: Canvas) -> None:
    canvas.ground(canvas.shape, (158, 142, 108), 7, 9)


SCENES: dict[str, Callable[[Canvas], None]] = {
    "factory": _factory, "houses": _houses, "house": _house, "hamlet": _hamlet, "hardened": _hardened, "bare": _bare,
    "road": _road, "greenhouse": _greenhouse, "photovoltaic": _photovoltaic, "pit": _pit, "restored": _restored, "yard": _yard,
}  # fmt: skip


def paint(image: Image.Image, scene: str, shape: BaseGeometry, angle: float, generator: np.random.Generator) -> None:
    """Paint one scene into the image; `shape` in its pixels, `angle` the shape's turn in degrees, counter-clockwise."""
    painter = SCENES.get(scene)
    if painter is None:
        return
    canvas = Canvas(image, shape, angle, generator)
    if canvas.crop.width < ZOOM or canvas.crop.height < ZOOM:
        return
    painter(canvas)
    canvas.done()
