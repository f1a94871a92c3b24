"""Scores of the change hint where the truth is known: parcels of the sample county, and places of the same shapes where nothing was built."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image

from weipian_plugin import intake
from weipian_plugin.evidence.change import change_hint
from weipian_plugin.geodesy import zone as zones
from weipian_plugin.sample import write_sample_county

QUIET_PLACES = 60
Floats = NDArray[np.float64]


def county_scores(folder: Path) -> tuple[Floats, Floats]:
    """Scores of the parcels of a sample county that is made in ``folder`` (three of them are unchanged on purpose), and of quiet places
    (another season, other light, nothing built)."""
    county = write_sample_county(folder)
    images = sorted((county.folder / "影像").glob("*.tif"))
    before, after = (np.asarray(Image.open(path), np.float32) for path in images)
    world = [float(line) for line in images[0].with_suffix(".tfw").read_text().split()]
    parcels = intake.read_delivery(county.delivery).parcels
    shapes = _in_pixels(zones.project(parcels.geometry.to_numpy(), 35), world)
    frame = shapely.box(0, 0, before.shape[1], before.shape[0])
    shapes = [shape for shape in shapes if frame.contains(shape)]
    occupied = shapely.union_all([shape.buffer(15) for shape in shapes])
    generator = np.random.default_rng(1)
    quiet: list[float] = []
    while len(quiet) < QUIET_PLACES:
        shape = shapes[generator.integers(len(shapes))]
        goal = np.array([generator.uniform(0, before.shape[1]), generator.uniform(0, before.shape[0])])
        moved = shapely.transform(shape, lambda xy, s=shape, g=goal: xy - [s.centroid.x, s.centroid.y] + g)
        if frame.contains(moved.buffer(20)) and not moved.intersects(occupied):
            quiet.append(_score(moved, before, after))
    return np.array([_score(shape, before, after) for shape in shapes]), np.array(quiet)


def area_under_curve(changed: Floats, quiet: Floats) -> float:
    """Area under the ROC curve: how often a changed place has more than a quiet one."""
    return float((changed[:, None] > quiet).mean())


def _in_pixels(plane: NDArray[np.object_], world: list[float]) -> list[shapely.Geometry]:
    offset = 35_000_000 if world[4] > 1e7 else 0

    def to_pixels(xy: Floats) -> Floats:
        east = xy[:, 0] if xy[:, 0].min() > 1e7 else xy[:, 0] + offset
        return np.column_stack([(east - world[4]) / world[0], (xy[:, 1] - world[5]) / world[3]])

    return [shapely.transform(shape, to_pixels) for shape in plane]


def _score(shape: shapely.Geometry, before: NDArray[np.float32], after: NDArray[np.float32]) -> float:
    west, north, east, south = shape.bounds
    margin = max(40, int(max(east - west, south - north)))
    rows = slice(max(0, int(north - margin)), min(int(south + margin), before.shape[0]))
    columns = slice(max(0, int(west - margin)), min(int(east + margin), before.shape[1]))
    y, x = np.mgrid[rows, columns]
    inside = shapely.contains_xy(shape, x + 0.5, y + 0.5)
    return change_hint(before[rows, columns], after[rows, columns], inside).score or 0.0
