"""PostGIS tables as layers, on a server of the test's own, or on the one that PGHOST names."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import shapely

from tests import postgres
from weipian_plugin.intake.layers import describe, read_layer
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.records import LayerSource

from ..intake import builder as b

pytestmark = pytest.mark.postgis
SCHEMA = "weipian_intake_test"
CIRCLE = (
    "CURVEPOLYGON(CIRCULARSTRING(35500010 3200000,35500000 3200010,35499990 3200000,35500000 3199990,35500010 3200000))"
)


@pytest.fixture(scope="module")
def server() -> Iterator[None]:
    pytest.importorskip("psycopg2")
    if "PGHOST" in os.environ:
        yield
        return
    with postgres.team_server_or_skip() as found, pytest.MonkeyPatch.context() as patch:
        for name, value in found.variables.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="module")
def table(server: None) -> Iterator[str]:
    import psycopg2

    connection = psycopg2.connect("")
    connection.autocommit = True
    cursor: Any = connection.cursor()
    cursor.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    cursor.execute(f"CREATE SCHEMA {SCHEMA}")
    cursor.execute(
        f'CREATE TABLE {SCHEMA}."农转用" (id serial, "PZWH" text, "PZRQ" date, geom geometry(Polygon, 4523))'
    )
    for i in range(60):
        shape = b.moved(b.square(i % 30, i // 30), 4523)
        cursor.execute(
            f'INSERT INTO {SCHEMA}."农转用" ("PZWH", "PZRQ", geom) VALUES (%s, %s, ST_GeomFromText(%s, 4523))',
            (f"渝地〔2022〕{i}号", "2022-06-15", shapely.to_wkt(shape, rounding_precision=4)),
        )
    cursor.execute(f"CREATE TABLE {SCHEMA}.redline (id serial, geom geometry(CurvePolygon, 4523))")
    cursor.execute(f"INSERT INTO {SCHEMA}.redline (geom) VALUES (ST_GeomFromText(%s, 4523)), (NULL)", (CIRCLE,))
    yield f"{SCHEMA}.农转用"
    cursor.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
    connection.close()


def test_a_table_is_described_and_read_where_the_parcels_are(table: str) -> None:
    source = LayerSource("farmland_conversion", "PG:", layer=table)
    told = describe(source)
    assert (told.count, told.crs, told.driver) == (60, "EPSG:4523", "PostgreSQL") and {"PZWH", "PZRQ"} <= set(
        told.columns
    )
    assert len(read_layer(source)) == 60
    boxes = np.array([b.square(3, 1).bounds, b.square(20, 0).bounds])
    some = read_layer(source, ["PZWH"], boxes)
    assert set(some["PZWH"]) == {"渝地〔2022〕33号", "渝地〔2022〕20号"} and some.crs.to_epsg() == 4523


def test_a_gdal_source_string_with_its_table_is_understood(table: str) -> None:
    assert len(read_layer(LayerSource("linkage", f"PG:tables={table}"), ["PZWH"])) == 60


def test_arcs_come_as_short_lines(table: str) -> None:
    circle, nothing = read_layer(LayerSource("ecological_redline", "PG:", layer=f"{SCHEMA}.redline")).geometry
    assert circle.geom_type == "Polygon" and circle.area == pytest.approx(math.pi * 100, rel=1e-4) and nothing is None


def test_an_unknown_table_and_an_unreachable_server_are_clear_errors(table: str) -> None:
    with pytest.raises(WeipianError) as caught:
        read_layer(LayerSource("linkage", "PG:", layer="nothing_there"))
    assert caught.value.code == "intake.layer_unknown"
    with pytest.raises(WeipianError) as caught:
        read_layer(LayerSource("linkage", "PG:host=127.0.0.1 port=1 password=geheim", layer="x"))
    assert caught.value.code == "intake.postgis_failed" and "geheim" not in str(caught.value)
