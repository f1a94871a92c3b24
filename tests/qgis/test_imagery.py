"""Imagery as people have it: what cannot be placed is named, what shows nothing is lacking, what is drawn is seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, osr
from PIL import Image as Picture

from tests.unit.filing import cases
from weipian_plugin.algorithms.imagery import open_image
from weipian_plugin.algorithms.maps import MapMaker
from weipian_plugin.filing import ParcelCase
from weipian_plugin.model.records import LayerSource

SIZE, STEP = 300, 0.004 / 300


def written(path: Path, bands: list[np.ndarray], kind: int = gdal.GDT_Byte, placed: bool = True, nodata: float | None = None,
            options: tuple[str, ...] = ()) -> Path:  # fmt: skip
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), SIZE, SIZE, len(bands), kind, options=list(options))
    if placed:
        dataset.SetGeoTransform((cases.LON + 0.0002 - 0.002, STEP, 0, cases.LAT + 0.00015 + 0.002, 0, -STEP))
    system = osr.SpatialReference()
    system.ImportFromEPSG(4490)
    dataset.SetProjection(system.ExportToWkt())
    for number, band in enumerate(bands, start=1):
        found = dataset.GetRasterBand(number)
        found.WriteRaster(0, 0, SIZE, SIZE, np.ascontiguousarray(band).tobytes(), buf_type=kind)
        if nodata is not None:
            found.SetNoDataValue(nodata)
    dataset.FlushCache()
    return path


def ramp(kind: type = np.uint8, top: int = 255) -> np.ndarray:
    return np.tile(np.linspace(top // 4, top, SIZE), (SIZE, 1)).astype(kind)


def maps_of(path: Path, case: ParcelCase, folder: Path) -> tuple[MapMaker, tuple[str, ...], Path]:
    maker = MapMaker([LayerSource("imagery_after", str(path), title="后")], dpi=60)
    files = maker.render(case, folder)
    return maker, files[0].lacks, files[1].path


@pytest.fixture
def case(tmp_path: Path) -> ParcelCase:
    return cases.case(tmp_path)


def test_an_image_that_cannot_be_placed_or_opened_is_named_and_the_map_is_made(
    qgis_app: object, case: ParcelCase, tmp_path: Path
) -> None:
    nowhere = written(tmp_path / "无坐标.tif", [ramp()] * 3, placed=False)
    broken = tmp_path / "坏.tif"
    broken.write_bytes(b"II*\x00 cut")
    layers = [LayerSource("imagery_before", str(nowhere)), LayerSource("imagery_after", str(broken))]
    maker = MapMaker(layers, dpi=60)
    files = maker.render(case, tmp_path)
    assert files[0].path.exists()
    assert files[0].lacks == ("前时相影像（无坐标.tif 没有坐标）", "后时相影像（坏.tif 打不开）")
    assert [message.code for message in maker.remarks()] == ["filing.image_no_position", "filing.image_damaged"]
    maker.close()


@pytest.mark.parametrize("border", ["nodata", "black"])
def test_an_image_without_a_pixel_at_the_parcel_is_lacking(
    qgis_app: object, case: ParcelCase, border: str, tmp_path: Path
) -> None:
    picture = ramp()
    picture[60:240, 60:240] = 0
    path = written(tmp_path / "a.tif", [picture] * 3, nodata=0 if border == "nodata" else None)
    maker, lacks, _ = maps_of(path, case, tmp_path)
    assert "后时相影像" in lacks
    maker.close()


def test_an_image_in_an_old_datum_says_so_on_map_and_run(qgis_app: object, case: ParcelCase, tmp_path: Path) -> None:
    path = written(tmp_path / "a.tif", [ramp()] * 3)
    maker = MapMaker([LayerSource("imagery_after", str(path), title="后", crs="EPSG:4610")], dpi=60)
    maker.render(case, tmp_path)
    assert [message.code for message in maker.remarks()] == ["filing.image_old_datum"]
    labels = [item.text() for item, _ in maker._labels]
    assert any("EPSG:4610" in text and "未作转换" in text for text in labels)
    maker.close()


def test_a_fourth_band_is_opacity_only_where_it_is_a_mask(qgis_app: object, tmp_path: Path) -> None:
    mask = np.full((SIZE, SIZE), 255, np.uint8)
    mask[:40] = 0
    for name, band, drawn in (("nir", ramp(), -1), ("mask", mask, 4)):
        path = written(tmp_path / f"{name}.tif", [ramp()] * 3 + [band], options=("PHOTOMETRIC=RGB", "ALPHA=YES"))
        image = open_image(LayerSource("imagery_after", str(path)))
        assert image.layer is not None and image.layer.renderer().alphaBand() == drawn


@pytest.mark.parametrize("bands", [1, 3])
@pytest.mark.parametrize(
    "kind", [(gdal.GDT_UInt16, np.uint16, 900), (gdal.GDT_Byte, np.uint8, 60)], ids=["16 bit", "8 bit dark"]
)
def test_more_than_eight_bits_and_single_bands_are_stretched(
    qgis_app: object, case: ParcelCase, bands: int, kind: tuple, tmp_path: Path
) -> None:
    if bands == 3 and kind[1] is np.uint8:
        pytest.skip("a photograph of three bands is drawn as it is")
    path = written(tmp_path / "a.tif", [ramp(kind[1], kind[2])] * bands, kind[0])
    maker, lacks, png = maps_of(path, case, tmp_path)
    assert lacks == ("前时相影像",)
    with Picture.open(png) as picture:
        grey = np.asarray(picture.convert("L"), float)
    right = grey[grey.shape[0] // 4 : grey.shape[0] // 2, grey.shape[1] * 6 // 10 : grey.shape[1] * 9 // 10]
    assert np.percentile(right, 95) - np.percentile(right, 5) > 35, "light and dark can be told apart"
    maker.close()
