"""Photos of every kind a person may give, through the program qgis_process: it stays alive, and reads what they say."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
import shapely
from PIL import features

from scripts.house import run_algorithm
from tests.unit.evidence.pictures import LAT, LON, exif, scene
from weipian_plugin.workspace import Workspace

#: Pillow's name of the format by the file's extension; HEIC and AVIF are written by libheif.
_FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "tif": "TIFF"}


def photo_folder(folder: Path) -> Path:
    """A photo of every format that is looked for, each another scene, taken at the parcel's southern edge towards it."""
    pillow_heif = pytest.importorskip("pillow_heif")
    folder.mkdir()
    for seed, (extension, name) in enumerate(_FORMATS.items()):
        stream = io.BytesIO()
        scene(seed + 1).save(stream, name, exif=exif())
        (folder / f"IMG_{extension}.{extension}").write_bytes(stream.getvalue())
    try:
        pillow_heif.from_pillow(scene(8)).save(str(folder / "IMG_heic.heic"), exif=exif())
    except RuntimeError as error:  # a build without encoder
        pytest.skip(str(error))
    if "avif" in features.get_supported():
        scene(9).save(folder / "IMG_avif.avif", "AVIF", exif=exif())
    return folder


def workspace_with_one_parcel(path: Path) -> Path:
    shape = shapely.MultiPolygon([shapely.box(LON + 0.0001, LAT - 0.0004, LON + 0.0011, LAT + 0.0004)])
    row = {
        "number": "320500SJBG0001", "batch": "一", "kind": "land", "county_code": "320500", "county": "某县", "township": "某镇", "village": "某村",
        "level": "部级", "earlier_image": "2022-03-01", "later_image": "2023-03-01", "area_m2": 8400.0, "area_mu": 12.6, "zone": 40,
        "state": "未提报", "flags": [], "claims": {}, "delivered": {}, "version": 0, "geometry": shape,
    }  # fmt: skip
    with Workspace.create(path) as store:
        store.insert("parcel", pd.DataFrame([row]), "张三", "图斑入库")
    return path


def test_photos_of_every_format_are_read_and_filed_without_ending_the_program(tmp_path: Path) -> None:
    photos, workspace = photo_folder(tmp_path / "照片"), workspace_with_one_parcel(tmp_path / "库.gpkg")
    read = run_algorithm(
        "weipian:photos", {"WORKSPACE": str(workspace), "PHOTOS": str(photos), "REPORT": str(tmp_path / "报表")}
    )
    assert read.returncode == 0, read.stderr[-2000:] + read.stdout[-2000:]
    with Workspace.open(workspace) as store:
        taken = store.read("photo").set_index("file")
    assert set(taken.index) == {path.name for path in photos.iterdir()}
    assert taken["azimuth"].tolist() == [90.0] * len(taken)
    assert taken["width"].tolist() == [480] * len(taken)
    assert taken.loc["IMG_heic.heic", "phash"] is None
    assert "未解码" in taken.loc["IMG_heic.heic", "reason"]
    filed = run_algorithm("weipian:file", {"WORKSPACE": str(workspace), "PACKAGES": str(tmp_path / "卷宗")})
    assert filed.returncode == 0, filed.stderr[-2000:] + filed.stdout[-2000:]
    names = {path.suffix for path in (tmp_path / "卷宗" / "320500SJBG0001").rglob("*") if "照片" in str(path.parent)}
    assert {".jpg", ".png", ".webp", ".tif", ".heic"} <= names
