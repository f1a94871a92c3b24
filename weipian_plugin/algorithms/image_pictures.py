"""Small pictures of a parcel on dated images, read windowed (with overviews) by GDAL: no layer, no main thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from shapely.geometry.base import BaseGeometry

from ..evidence.change import ChangeHint, change_hint
from ..formats.catalogue import is_service
from ..geodesy import zone as zones
from ..model.messages import Message
from ..model.records import LayerSource
from .raster_window import Window, read_window, window_around

Pixels = NDArray[np.uint8]  # rows, columns, red green blue
Read = tuple[NDArray[np.float32], NDArray[np.bool_]]

_ROOM = 1.8  # sides of a thumbnail by the parcel's longer side
_LEAST_SIDE = 80.0  # metres
_OUTLINE, _HALO = (0, 229, 255), (0, 0, 0)


@dataclass(frozen=True)
class Thumbnail:
    """``pixels`` with the outline; ``seen``: share of the parcel that the image has, 0 for an image that lies elsewhere."""

    pixels: Optional[Pixels]
    seen: float = 0.0


@dataclass(frozen=True)
class Heat:
    """The pair of a parcel and where it differs: earlier image, later image, differences, side by side; None without a score."""

    hint: ChangeHint
    pixels: Optional[Pixels] = None


def thumbnail(geometry: BaseGeometry, sources: Sequence[LayerSource], side: int) -> Thumbnail:
    """The parcel (EPSG:4490) in the middle of ``side`` × ``side`` pixels. A service has no picture here."""
    zone = int(zones.zone_of(shapely.centroid(geometry).x))
    plane = zones.project([geometry], zone)[0]
    window = _square(plane, zone, side)
    read = first_read(sources, window)
    if read is None:
        return Thumbnail(None)
    image, valid = read
    inside = shapely.contains_xy(plane, *window.centres())
    seen = float(valid[inside].mean()) if inside.any() else float(valid.mean())
    return Thumbnail(with_outline(np.where(valid[..., None], shown(image), 64).astype(np.uint8), plane, window), seen)


def heat_of(geometry: BaseGeometry, before: Sequence[LayerSource], after: Sequence[LayerSource]) -> Heat:
    """The change hint of a parcel (EPSG:4490) between two images, with its picture."""
    zone = int(zones.zone_of(shapely.centroid(geometry).x))
    plane = zones.project([geometry], zone)[0]
    window = window_around(plane, zone)
    first, second = first_read(before, window), first_read(after, window)
    if first is None or second is None:
        return Heat(ChangeHint(None, reason=Message("evidence.change_unseen", {"share": "0"})))
    inside = shapely.contains_xy(plane, *window.centres())
    hint = change_hint(first[0], second[0], inside, first[1] & second[1])
    if hint.heat is None:
        return Heat(hint)
    panes = [shown(first[0]), shown(second[0]), heat_colours(hint.heat)]
    return Heat(hint, np.concatenate([with_outline(pane, plane, window) for pane in panes], axis=1))


def first_read(sources: Sequence[LayerSource], window: Window) -> Optional[Read]:
    """The image of a date that shows most of the window; where scenes meet, the others fill what it lacks."""
    result = [
        image
        for source in sources
        if not is_service(source.source) and (image := read_window(source, window)) is not None
    ]
    result.sort(key=lambda image: -int(image[1].sum()))
    if not result:
        return None
    whole, seen = result[0]
    for other, valid in result[1:]:
        gaps = valid & ~seen
        if other.shape == whole.shape and gaps.any():
            whole, seen = np.where(gaps[..., None], other, whole), seen | gaps
    return whole, seen


def shown(image: NDArray[np.float32]) -> Pixels:
    """Eight bits and three bands, stretched between the 2nd and 98th percentile where the file has other numbers."""
    bands = image if image.shape[2] == 3 else np.repeat(image[..., :1], 3, axis=2)
    if bands.max() > 255 or bands.max() <= 1:
        low, high = np.percentile(bands, (2, 98))
        bands = 255 * np.clip((bands - low) / max(high - low, 1e-9), 0, 1)
    return bands.astype(np.uint8)


def heat_colours(heat: NDArray[np.float32]) -> Pixels:
    """Blue (like the surroundings) over grey to red (larger than nearly all of them)."""
    grey = (255 * np.nan_to_num(heat)).astype(np.uint8)
    return np.stack([grey, np.where(grey > 128, 255 - grey, grey), 255 - grey], axis=2)


def with_outline(pixels: Pixels, plane: BaseGeometry, window: Window) -> Pixels:
    """The parcel's rings drawn on a picture of the window, light on dark so that they are seen on every ground."""
    picture = Image.fromarray(pixels)
    pen = ImageDraw.Draw(picture)
    for colour, width in ((_HALO, 4), (_OUTLINE, 2)):
        for ring in _rings(plane):
            x, y = window.pixels_of(*np.asarray(ring.coords)[:, :2].T)
            pen.line([(float(column), float(row)) for column, row in zip(x, y)], fill=colour, width=width)
    return np.asarray(picture, dtype=np.uint8)


def _rings(plane: BaseGeometry) -> list[Any]:
    return [ring for polygon in shapely.get_parts(plane) for ring in (polygon.exterior, *polygon.interiors)]


def _square(plane: BaseGeometry, zone: int, side: int) -> Window:
    west, south, east, north = plane.bounds
    length = max(_LEAST_SIDE, _ROOM * max(east - west, north - south))
    metres = length / side
    epsg = zones.epsg(zone, prefix=False)
    return Window(epsg, (west + east - length) / 2, (south + north + length) / 2, metres, (side, side))
