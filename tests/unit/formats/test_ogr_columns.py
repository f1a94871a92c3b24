"""Attributes stand under their own names whatever order pyogrio gives them in: before 0.12.1 it sorted them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio.raw
import pytest
import shapely

from weipian_plugin.formats.readers import OgrReader

COLUMNS = {"XMMC": ["工业园"], "PZWH": ["渝府地〔2022〕1号"], "PZRQ": ["20220501"], "BZ": ["备注"]}


@pytest.mark.parametrize("asked", [list(COLUMNS), ["PZRQ", "PZWH"], ["BZ"]])
def test_a_pyogrio_that_sorts_its_columns_exchanges_no_attributes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    path = tmp_path / "批文.fgb"
    geopandas.GeoDataFrame(COLUMNS, geometry=[shapely.box(107, 29, 107.1, 29.1)], crs=4490).to_file(
        path, engine="pyogrio"
    )
    real = pyogrio.raw.read

    def sorting(*arguments: Any, **options: Any) -> Any:
        meta, keys, shapes, values = real(*arguments, **options)
        order = np.argsort([str(name) for name in meta["fields"]])
        meta["fields"] = np.array(meta["fields"])[order]
        return meta, keys, shapes, [values[position] for position in order]

    monkeypatch.setattr(pyogrio.raw, "read", sorting)
    table, _ = OgrReader.open(str(path), None, None).read(asked, None)
    assert {name: list(table[name]) for name in table} == {name: COLUMNS[name] for name in asked}
