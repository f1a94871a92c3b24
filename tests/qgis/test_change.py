"""The change hint through the algorithm: real rasters, windows read by QGIS's GDAL, a table and pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from PIL import Image
from qgis.core import QgsProcessingException

from tests.qgis.running import run
from weipian_plugin.workspace import Workspace


def test_every_parcel_has_a_score_or_a_reason(qgis_app: Any, tmp_path: Path) -> None:
    county = run("sample", FOLDER=tmp_path / "县")
    run("intake", DELIVERY=county["DELIVERY"], WORKSPACE=tmp_path / "库.gpkg")
    with pytest.raises(QgsProcessingException, match="影像文件"):
        run("change", WORKSPACE=tmp_path / "库.gpkg")
    result = run(
        "change",
        WORKSPACE=tmp_path / "库.gpkg",
        CATALOGUE=county["CATALOGUE"],
        REPORT=tmp_path / "报表",
        FILTER=",".join(f"500118SJBG2321{n:04d}" for n in (1, 5, 13, 20, 33)),
    )
    table = pd.read_csv(tmp_path / "报表" / "changes.csv", dtype=str, encoding="utf-8-sig")
    assert len(table) == result["PARCELS"] == 5 and result["COMPARED"] >= 3
    scored = table["score"].notna()
    assert table["note"].notna().eq(~scored).all()
    scores = table.set_index("parcel")["score"].astype(float)
    assert scores["500118SJBG23210005"] > 0.7 > scores["500118SJBG23210013"]  # a factory; unchanged ground
    with Workspace.open(tmp_path / "库.gpkg") as store:
        assert store.count("change_hint") == 5
    with Image.open(tmp_path / "报表" / "heat" / "500118SJBG23210005.png") as picture:
        assert picture.width > 2.5 * picture.height / 2
