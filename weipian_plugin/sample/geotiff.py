"""A GeoTIFF with Pillow alone: JPEG-compressed RGB, placed by the tags of the GeoTIFF 1.1 standard (OGC 19-008r4)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, TiffImagePlugin

_PIXEL_SCALE, _TIE_POINT, _KEY_DIRECTORY, _ASCII_PARAMETERS = 33550, 33922, 34735, 34737
_SHORT, _DOUBLE, _ASCII = 3, 12, 2


@dataclass(frozen=True)
class Placement:
    """Upper left corner in a projected system and the size of a pixel, metres."""

    left: float
    top: float
    metres: float
    epsg: int


def write_geotiff(path: Path, image: Image.Image, placement: Placement, quality: int) -> None:
    """Write `image`. A world file is written beside it for programs that read no GeoTIFF tags."""
    left, top, metres, epsg = placement.left, placement.top, placement.metres, placement.epsg
    citation = f"EPSG:{epsg}|"
    keys = [
        (1, 1, 1, 4),  # version 1.1, four keys
        (1024, 0, 1, 1),  # GTModelType: projected
        (1025, 0, 1, 1),  # GTRasterType: pixel is area
        (1026, _ASCII_PARAMETERS, len(citation), 0),  # GTCitation
        (3072, 0, 1, epsg),  # ProjectedCRS
    ]
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    for tag, kind, value in (
        (_PIXEL_SCALE, _DOUBLE, (metres, metres, 0.0)),
        (_TIE_POINT, _DOUBLE, (0.0, 0.0, 0.0, left, top, 0.0)),
        (_KEY_DIRECTORY, _SHORT, tuple(number for key in keys for number in key)),
        (_ASCII_PARAMETERS, _ASCII, citation),
    ):
        tags.tagtype[tag] = kind
        tags[tag] = value
    image.save(path, "TIFF", compression="jpeg", quality=quality, tiffinfo=tags)
    world = f"{metres:.10f}\n0.0\n0.0\n{-metres:.10f}\n{left + metres / 2:.4f}\n{top - metres / 2:.4f}\n"
    path.with_suffix(".tfw").write_text(world, encoding="ascii")
