"""The columns of a table keep their own values, whatever order the library gives them in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import pyogrio
import pytest
import shapely

from weipian_plugin.formats.vector import open_table


def test_columns_keep_their_values_with_a_pyogrio_that_sorts_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pyogrio before 0.12.1 returns the columns in the order of the file only sometimes; the names it returns are right."""
    frame = geopandas.GeoDataFrame(
        {"ZZ": ["z"], "AA": ["a"], "MM": ["m"]}, geometry=[shapely.box(105.9, 29.3, 105.91, 29.31)], crs=4326
    )
    frame.to_file(tmp_path / "a.geojson", driver="GeoJSON")
    read = pyogrio.raw.read

    def old(*places: Any, **options: Any) -> Any:
        meta, keys, shapes, values = read(*places, **options)
        order = sorted(range(len(values)), key=lambda place: str(meta["fields"][place]))
        return {**meta, "fields": [meta["fields"][place] for place in order]}, keys, shapes, [values[i] for i in order]

    monkeypatch.setattr(pyogrio.raw, "read", old)
    reader = open_table(str(tmp_path / "a.geojson"))
    table, _ = reader.read(["MM", "ZZ", "AA"], None)
    assert table.iloc[0].to_dict() == {"MM": "m", "ZZ": "z", "AA": "a"}
