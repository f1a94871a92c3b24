"""Arcs, as ArcGIS and CAD write them, are read as short lines; damaged shapes are None, whatever they are."""

from __future__ import annotations

import math
import sqlite3
import struct
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from weipian_plugin.formats import arcs
from weipian_plugin.intake.layers import read_layer
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.records import LayerSource

E, N = 35_500_000.0, 3_200_000.0
SQUARE = shapely.box(E, N, E + 5, N + 5)


def circle(dimensions: int = 0) -> bytes:
    """A CURVEPOLYGON of one closed arc with radius 10; ``dimensions`` 1000 adds heights."""
    points = [(10, 0), (0, 10), (-10, 0), (0, -10), (10, 0)]
    tail = (7.0,) if dimensions else ()
    body = b"".join(struct.pack(f"<{2 + len(tail)}d", E + x, N + y, *tail) for x, y in points)
    ring = struct.pack("<BII", 1, 8 + dimensions, 5) + body
    return struct.pack("<BII", 1, 10 + dimensions, 1) + ring


def inside(kind: int, wkb: bytes) -> bytes:
    return struct.pack("<BII", 1, kind, 1) + wkb


def geopackage(path: Path, *shapes: bytes) -> LayerSource:
    """A GeoPackage whose features have these very bytes."""
    table = geopandas.GeoDataFrame(
        {"HXMC": [f"红线{index}" for index in range(len(shapes))]}, geometry=[SQUARE] * len(shapes), crs="EPSG:4523"
    )
    table.to_file(path, layer="redline", engine="pyogrio", geometry_type="Unknown")
    with sqlite3.connect(path) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')  # they call functions that only GDAL has
        for key, wkb in enumerate(shapes, start=1):
            head = b"GP\x00\x01" + struct.pack("<i", 4523)
            connection.execute("UPDATE redline SET geom = ? WHERE fid = ?", (head + wkb, key))
    connection.close()
    return LayerSource("ecological_redline", str(path))


@pytest.mark.parametrize("shape", [circle(), circle(1000), inside(12, circle())])
def test_a_geopackage_with_arcs_is_read_whole(tmp_path: Path, shape: bytes) -> None:
    source = geopackage(tmp_path / "红线.gpkg", SQUARE.wkb, shape, SQUARE.wkb)
    table = read_layer(source)
    assert shapely.area(np.asarray(table.geometry, object)).tolist() == pytest.approx([25, math.pi * 100, 25], rel=1e-4)
    assert (
        table["HXMC"].tolist() == ["红线0", "红线1", "红线2"]
        and not shapely.has_z(np.asarray(table.geometry, object)).any()
    )


def test_a_damaged_arc_is_none_and_costs_no_other(tmp_path: Path) -> None:
    shapes = read_layer(geopackage(tmp_path / "红线.gpkg", circle()[:60], circle(), circle()[:9], SQUARE.wkb)).geometry
    assert [shape is not None for shape in shapes] == [False, True, False, True]


def test_arcs_in_a_collection_are_a_clear_error(tmp_path: Path) -> None:
    source = geopackage(tmp_path / "红线.gpkg", inside(7, circle()))
    with pytest.raises(WeipianError) as caught:
        read_layer(source)
    assert caught.value.code == "intake.arcs_unreadable" and "红线.gpkg" in str(caught.value)


def test_the_step_of_arcs_is_given_back() -> None:
    with arcs.finely_drawn():
        assert pyogrio.get_gdal_config_option("OGR_ARC_STEPSIZE") == 1
    assert pyogrio.get_gdal_config_option("OGR_ARC_STEPSIZE") is None


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=120),
    st.sampled_from(["<", ">"]),
    st.integers(0, 7),
    st.sampled_from([0, 1000, 2000, 0x20000000, 0x80000000]),
)
def test_no_bytes_do_any_harm(body: bytes, order: str, kind: int, more: int) -> None:
    blob = struct.pack(f"{order}BI", 1 if order == "<" else 0, kind + more) + body
    try:
        shapes = arcs.shapes_of([blob, shapely.Point(1, 2).wkb, None], "x.gpkg")
    except WeipianError as error:
        assert error.code == "intake.arcs_unreadable"
        return
    assert len(shapes) == 3 and shapes[1].equals(shapely.Point(1, 2)) and shapes[2] is None
    assert not arcs.has_arcs(blob)
