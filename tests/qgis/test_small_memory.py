"""An export takes little memory: pages are packed strip by strip, parcels looked at in strips, and GDAL keeps few rasters meanwhile."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import pytest
import shapely
from osgeo import gdal
from PIL import Image
from qgis.PyQt.QtGui import QImage

from weipian_plugin.algorithms import history_sheet, map_pictures
from weipian_plugin.algorithms.map_pictures import map_maker
from weipian_plugin.algorithms.png import write_png
from weipian_plugin.algorithms.raster_window import Window
from weipian_plugin.toolbelt.settings import Settings

MEBIBYTE = 1 << 20


@pytest.mark.parametrize("size", [(1, 1), (5, 63), (7, 64), (9, 65), (1240, 200)])
def test_a_page_packed_in_strips_is_the_page(qgis_app: object, tmp_path: Path, size: tuple[int, int]) -> None:
    width, height = size
    pixels = np.random.default_rng(width).integers(0, 256, (height, width, 4), np.uint8)
    pixels[..., 3] = 255
    image = QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGB32)
    image.setDotsPerMeterX(5905)
    image.setDotsPerMeterY(5905)
    write_png(image, tmp_path / "page.png")
    found = Image.open(tmp_path / "page.png")
    assert (np.asarray(found) == pixels[..., 2::-1]).all() and round(found.info["dpi"][0]) == 150
    content = (tmp_path / "page.png").read_bytes()
    rows = pixels[..., 2::-1].reshape(height, -1)
    lines = np.column_stack([np.full(height, 2, np.uint8), np.diff(rows, axis=0, prepend=np.zeros_like(rows[:1]))])
    assert zlib.compress(lines.tobytes(), 1) in content, "the same bytes as packed at once: packages stay what they are"


@pytest.mark.parametrize("corner", [(0.0, 0.0), (-60.0, 30.0), (90.0, 90.0), (500.0, 500.0)])
def test_the_share_of_a_parcel_that_is_seen_is_that_of_all_its_pixels(corner: tuple[float, float]) -> None:
    east, north = corner
    ring = np.array([(0, 0), (90, 10), (70, 120), (30, 60)]) + (500_000 + east, 3_000_000 + north)
    plane = shapely.Polygon(ring)
    window = Window(4544, 500_000, 3_000_150, 0.9, (170, 190))
    valid = np.random.default_rng(3).random(window.size) < 0.7
    inside = shapely.contains_xy(plane, *window.centres())
    expected = float(valid[inside].mean()) if inside.any() else 1.0
    assert history_sheet._share_seen(plane, window, valid) == pytest.approx(expected, abs=1e-12)


def test_gdal_keeps_few_rasters_during_an_export_and_as_many_as_before_behind_it(qgis_app: object) -> None:
    map_pictures._usual_raster_cache.cache_clear()
    before = gdal.GetCacheMax()
    try:
        gdal.SetCacheMax(200 * MEBIBYTE)
        with map_maker([], Settings()), map_maker([], Settings()):
            assert gdal.GetCacheMax() == map_pictures._RASTER_CACHE <= 32 * MEBIBYTE
        assert gdal.GetCacheMax() == 200 * MEBIBYTE, "also behind two exports beside each other"
        with pytest.raises(RuntimeError), map_maker([], Settings()):
            raise RuntimeError("stopped")
        assert gdal.GetCacheMax() == 200 * MEBIBYTE
    finally:
        gdal.SetCacheMax(before)
        map_pictures._usual_raster_cache.cache_clear()
