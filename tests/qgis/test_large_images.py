"""A county's mosaic of 20 GB opens and is shown from the few blocks around the parcel; overviews that are missing are built beside it."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
import shapely
from osgeo import gdal, osr
from qgis.core import QgsProcessingException

from tests.qgis.running import run
from weipian_plugin.algorithms.image_pictures import thumbnail
from weipian_plugin.algorithms.imagery import open_image
from weipian_plugin.algorithms.overviews import lacks_overviews
from weipian_plugin.evidence.timeline import timeline
from weipian_plugin.geodesy.extents import Extent
from weipian_plugin.model.records import LayerSource

LON, LAT, STEP = 106.0, 29.5, 5e-6
SIDE = 85_000  # 3 bands: 21.7 GB, of which some blocks are there
#: Processor time: all of it would take minutes even where nothing is on the disk.
PATIENCE_SECONDS = 20.0


def sparse(path: Path, side: int = SIDE, kind: int = gdal.GDT_Byte) -> Path:
    options = ["TILED=YES", "SPARSE_OK=TRUE", "BIGTIFF=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512"]
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), side, side, 3, kind, options)
    dataset.SetGeoTransform((LON, STEP, 0, LAT, 0, -STEP))
    system = osr.SpatialReference()
    system.ImportFromEPSG(4490)
    dataset.SetProjection(system.ExportToWkt())
    for band in (1, 2, 3):
        dataset.GetRasterBand(band).WriteArray(
            np.full((1024, 1024), 60 * band, np.uint8), side // 2 - 512, side // 2 - 512
        )
    return path


def parcel(side: int = SIDE) -> shapely.Geometry:
    x, y = LON + side / 2 * STEP, LAT - side / 2 * STEP
    return shapely.box(x - 2e-4, y - 2e-4, x + 2e-4, y + 2e-4)


@pytest.mark.parametrize("kind", [gdal.GDT_Byte, gdal.GDT_UInt16])
def test_a_mosaic_of_twenty_gigabytes_is_opened_and_shown_at_once(tmp_path: Path, kind: int) -> None:
    path = sparse(tmp_path / "全县_20210614.tif", kind=kind)
    assert path.stat().st_size < 40_000_000 and SIDE * SIDE * 3 > 20 * 2**30
    source = LayerSource("imagery", str(path))
    x, y = parcel().centroid.x, parcel().centroid.y
    begun = time.process_time()
    (image,) = timeline([source]).images
    found = thumbnail(parcel(), image.sources, 128)
    opened = open_image(source, Extent((x - 1, y - 1, x + 1, y + 1), "图斑周边", "given"))
    assert opened.drawable and opened.shows(parcel())
    assert time.process_time() - begun < PATIENCE_SECONDS
    assert found.seen == 1.0 and found.pixels is not None
    if kind == gdal.GDT_Byte:
        assert found.pixels[5, 5].tolist() == [60, 120, 180]


def test_missing_overviews_are_told_and_built_beside_the_image(tmp_path: Path) -> None:
    path = sparse(tmp_path / "20210614.tif", 6000)
    before = path.read_bytes()
    small = sparse(tmp_path / "20220614.tif", 600 + 1024)
    catalogue = tmp_path / "图层清单.yaml"
    lines = [f"  - {{role: imagery, source: {name.name}}}" for name in (path, small)]
    catalogue.write_text("\n".join(["version: 1", "layers:", *lines]), encoding="utf-8")
    told = run("overviews", CATALOGUE=catalogue, PREVIEW="true")
    assert (told["IMAGES"], told["LACKING"], told["BUILT"]) == (2, 1, 0) and lacks_overviews(path)
    assert run("overviews", CATALOGUE=catalogue)["BUILT"] == 1
    assert not lacks_overviews(path) and path.read_bytes() == before
    assert [file.name for file in tmp_path.glob("*.ovr")] == ["20210614.tif.ovr"]
    assert run("overviews", CATALOGUE=catalogue)["LACKING"] == 0


def test_a_catalogue_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException):
        run("overviews", CATALOGUE=tmp_path / "无.yaml")
