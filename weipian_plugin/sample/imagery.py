"""The two images (前时相 and 后时相): one metre a pixel over the core of the county.

Fields, woods, water, roads and hamlets come from the land survey and look the same on both but for the season;
what differs is what the case plan says stands on the parcels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Callable

import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter
from shapely.geometry.base import BaseGeometry

from .aerial import paint
from .frame import CORE, ORIGIN, ZONE_PREFIXED
from .geotiff import Placement, write_geotiff
from .layers import IMAGERY
from .plots import Plot
from .survey import Survey, road_lines

METRES = 1.0
QUALITY = 72
Floats = NDArray[np.float32]

# Colour in September, colour in late April, how much fields of the class differ, depth and spacing of furrows.
_LOOK: dict[str, tuple[tuple[int, int, int], tuple[int, int, int], float, float, float]] = {
    "0101": ((148, 148, 84), (112, 134, 92), 13, 3.5, 4.0),
    "0102": ((122, 136, 78), (118, 140, 76), 12, 8.0, 4.5),
    "0103": ((146, 128, 88), (140, 134, 84), 15, 9.0, 5.0),
    "0201": ((96, 112, 66), (98, 120, 68), 8, 5.0, 6.0),
    "0202": ((82, 104, 60), (84, 112, 60), 6, 9.0, 4.0),
    "0301": ((58, 80, 50), (58, 84, 48), 5, 0.0, 5.0),
    "0302": ((78, 98, 56), (80, 104, 56), 5, 0.0, 5.0),
    "0305": ((92, 104, 66), (92, 108, 64), 7, 0.0, 5.0),
    "0404": ((128, 130, 82), (122, 134, 78), 8, 0.0, 5.0),
    "1003": ((120, 120, 120), (120, 120, 120), 2, 0.0, 5.0),
    "1006": ((190, 184, 170), (190, 184, 170), 3, 0.0, 5.0),
    "1101": ((92, 108, 92), (86, 104, 88), 0, 0.0, 5.0),
    "1104": ((70, 92, 82), (66, 88, 78), 10, 0.0, 5.0),
    "1202": ((150, 140, 112), (150, 140, 112), 5, 0.0, 5.0),
    "1206": ((164, 142, 108), (162, 142, 110), 7, 0.0, 5.0),
}
_BUILT = ((150, 146, 132), (150, 146, 132), 5.0, 0.0, 5.0)
_WOODS = ("0301", "0302", "0305", "0201")
_WATER = ("1101", "1104")


def _pixels(geometry: BaseGeometry) -> BaseGeometry:
    """Local metres to pixel coordinates of the core (y down)."""
    return shapely.transform(
        geometry, lambda xy: np.column_stack([(xy[:, 0] - CORE[0]) / METRES, (CORE[3] - xy[:, 1]) / METRES])
    )


def _size() -> tuple[int, int]:
    return (int((CORE[2] - CORE[0]) / METRES), int((CORE[3] - CORE[1]) / METRES))


def _noise(generator: np.random.Generator, width: int, height: int, cell: int) -> Floats:
    """Smooth noise around 0 with deviation about 1, features of `cell` pixels."""
    small = generator.normal(0, 1, (height // cell + 3, width // cell + 3)).astype(np.float32)
    enlarged = Image.fromarray(small).resize(
        ((width // cell + 3) * cell, (height // cell + 3) * cell), Image.Resampling.BICUBIC
    )
    return np.asarray(enlarged)[:height, :width]


def _labels(survey: Survey) -> NDArray[np.int32]:
    """Which survey polygon each pixel belongs to."""
    width, height = _size()
    canvas = Image.new("I", (width, height), 0)
    pen = ImageDraw.Draw(canvas)
    frame = shapely.box(0, 0, width, height)
    faces = _pixels(survey.faces)
    seen = np.flatnonzero(shapely.intersects(faces, frame))
    for index in sorted(
        seen, key=lambda i: -float(faces[i].area)
    ):  # what lies inside a hole is smaller and comes later
        pen.polygon(list(faces[index].exterior.coords), fill=int(index))
    return np.asarray(canvas, dtype=np.int32)


class Landscape:
    """What both images share: which polygon is where, noise, furrows, field borders, trees."""

    def __init__(self, survey: Survey, seed: int) -> None:
        self.survey = survey
        self.seed = seed
        generator = np.random.default_rng([seed, 5])
        width, height = _size()
        self.label = _labels(survey)
        count = len(survey.faces)
        looks = [_LOOK.get(land_class, _BUILT) for land_class in survey.classes]
        self.colours = np.array([[look[0], look[1]] for look in looks], dtype=np.float32)
        spread = np.array([look[2] for look in looks], dtype=np.float32)
        hue, light = generator.normal(0, 0.45, (count, 3)), generator.normal(0, 1, (count, 1))
        self.offsets = ((hue + light) * spread[:, None] * 0.75).astype(np.float32)
        self.season = generator.normal(0, 1, (count, 1)).astype(np.float32) * spread[:, None] * 0.25
        turn = np.array([_field_angle(face) for face in survey.faces], dtype=np.float32)
        depth = np.array([look[3] for look in looks], dtype=np.float32) * generator.uniform(0.5, 1.2, count).astype(
            np.float32
        )
        spacing = np.array([look[4] for look in looks], dtype=np.float32)
        ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
        kx, ky = np.cos(turn) * 2 * math.pi / spacing, np.sin(turn) * 2 * math.pi / spacing
        shade = np.sin(xs * kx[self.label] + ys * ky[self.label]) * depth[self.label]
        fine = generator.normal(0, 1, (height, width)).astype(np.float32)
        medium = _noise(generator, width, height, 5)
        coarse = _noise(generator, width, height, 48)
        crowns = medium - np.roll(medium, (2, 2), (0, 1))
        classes = np.array(survey.classes)
        wood = np.isin(classes, _WOODS)[self.label]
        water = np.isin(classes, _WATER)[self.label]
        shade += np.where(water, fine * 0.8, fine * 3.2) + np.where(water, 0, coarse * 4)
        shade += np.where(wood, crowns * 13 + medium * 6, np.where(water, 0, medium * 1.5))
        border = (self.label != np.roll(self.label, 1, 0)) | (self.label != np.roll(self.label, 1, 1))
        border[0, :] = border[:, 0] = False
        open_land = ~(wood | water)
        shade += np.where(border & open_land, 13, 0)
        sprout = border & (generator.random((height, width)) < 0.02 + 0.05 * (coarse > 0.5)) & ~water
        self.trees = _trees(sprout, np.isin(classes, ("1003", "1006"))[self.label])
        self.shade = shade

    def draw(self, season: int) -> Image.Image:
        """The land without the parcels; `season` 0 is the earlier, 1 the later image."""
        table = self.colours[:, season] + self.offsets + (self.season if season else -self.season)
        picture = table[self.label]
        picture += self.shade[:, :, None]
        image = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
        for line, width, land_class in road_lines().values():
            _road_marks(image, line, width, land_class)
        shadow, crown = self.trees
        image.paste((38, 46, 34), (0, 0), shadow)
        image.paste((62, 88, 46), (0, 0), crown)
        return image


def _field_angle(face: BaseGeometry) -> float:
    """Direction across the furrows: they run along the longest side."""
    ring = shapely.get_coordinates(face.exterior)
    edges = np.diff(ring, axis=0)
    longest = edges[int(np.argmax(np.hypot(edges[:, 0], edges[:, 1])))]
    return math.atan2(longest[0], longest[1])


def _trees(sprout: NDArray[np.bool_], roads: NDArray[np.bool_]) -> tuple[Image.Image, Image.Image]:
    """Masks of the trees' shadows and crowns along field borders."""
    dots = Image.fromarray((sprout & ~roads).astype(np.uint8) * 255)
    crown = (
        dots.filter(ImageFilter.MaxFilter(5))
        .filter(ImageFilter.GaussianBlur(1.1))
        .point(lambda v: min(255, int(v * 1.3)))
    )
    shadow = Image.new("L", crown.size, 0)
    shadow.paste(crown, (-2, -2))
    return shadow.point(lambda v: int(v * 0.6)), crown


def _road_marks(image: Image.Image, line: BaseGeometry, width: float, land_class: str) -> None:
    """Kerbs and the middle line of the larger roads, in place of the border pixels of the survey."""
    pen = ImageDraw.Draw(image)
    points = [(float(x), float(y)) for x, y in shapely.get_coordinates(_pixels(shapely.segmentize(line, 8.0)))]
    surface = (132, 132, 134) if land_class == "1003" else (196, 192, 180)
    pen.line(points, fill=(172, 168, 156), width=int(width) + 2, joint="curve")
    pen.line(points, fill=surface, width=max(3, int(width) - 2), joint="curve")
    if land_class == "1003":
        for start in range(0, len(points) - 1, 2):
            pen.line(points[start : start + 2], fill=(208, 204, 186), width=1)


def _settle(image: Image.Image, landscape: Landscape) -> None:
    """Houses in the hamlets and blocks in the town: the same on both images."""
    survey = landscape.survey
    frame = shapely.box(*CORE)
    for index, land_class in enumerate(survey.classes):
        face = survey.faces[index]
        if (
            land_class not in ("0702", "0701", "05H1", "0601", "08H1")
            or survey.beds[index] >= 0
            or not face.intersects(frame)
        ):
            continue
        generator = np.random.default_rng([landscape.seed, 6, index])
        shape = _pixels(face.intersection(frame))
        for part in shapely.get_parts(shape):
            if part.area > 250:
                scene = "hamlet" if land_class in ("0702", "0701") else "factory"
                paint(image, scene, part, float(generator.uniform(-40, 40)), generator)


def draw_images(
    survey: Survey, plots: Sequence[Plot], seed: int, step: Callable[[], None]
) -> tuple[Image.Image, Image.Image]:
    """Both images. A parcel whose scene is the same before and after is painted from the same random numbers."""
    landscape = Landscape(survey, seed)
    step()
    images = []
    for season in (0, 1):
        image = landscape.draw(season)
        _settle(image, landscape)
        for index, plot in enumerate(plots):
            if plot.case.place == "outside":
                continue
            scene = plot.case.scene if season else plot.case.scene_before
            generator = np.random.default_rng([seed, 7, index])
            # Image rows run downwards, so a turn to the left on the ground is one to the right in pixels.
            paint(image, scene, _pixels(plot.valid), plot.angle, generator)
        images.append(image)
        step()
    return images[0], images[1]


def write_imagery(folder: Path, survey: Survey, plots: Sequence[Plot], seed: int, step: Callable[[], None]) -> None:
    """Write both GeoTIFFs below `folder` (EPSG:4523). `step` is called five times."""
    before, after = draw_images(survey, plots, seed, step)
    placement = Placement(CORE[0] + ORIGIN[0], CORE[3] + ORIGIN[1], METRES, ZONE_PREFIXED)
    for role, image in (("imagery_before", before), ("imagery_after", after)):
        path = folder / IMAGERY[role]
        path.parent.mkdir(parents=True, exist_ok=True)
        write_geotiff(path, image, placement, QUALITY)
        step()
