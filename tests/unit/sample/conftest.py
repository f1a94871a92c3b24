"""One sample county for all tests of this folder."""

from __future__ import annotations

import json
import zipfile
from typing import Any

import fiona
import pytest
from shapely.geometry import shape

from weipian_plugin.sample import SampleCounty, write_sample_county


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> SampleCounty:
    return write_sample_county(tmp_path_factory.mktemp("含 空格 的目录") / "示例县")


@pytest.fixture(scope="session")
def truth(county: SampleCounty) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(county.truth.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="session")
def delivered(county: SampleCounty, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """The features of both shapefiles as they come out of the zip: properties and geometry."""
    folder = tmp_path_factory.mktemp("解压")
    found: dict[str, list[dict[str, Any]]] = {}
    with zipfile.ZipFile(county.delivery) as archive:
        for entry in archive.infolist():
            name = entry.filename.encode("cp437").decode("gbk").rsplit("/", 1)[-1]
            (folder / name).write_bytes(archive.read(entry))
    for path in sorted(folder.glob("*.shp")):
        with fiona.open(str(path), encoding="GBK") as source:
            found[path.stem] = [{**f.properties, "shape": shape(f.geometry)} for f in source]
    return found
