"""Foreign GeoPackages: on shares, with views that never end, and stopped on request."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import geopandas
import pytest

from weipian_plugin import intake
from weipian_plugin.formats import geopackage
from weipian_plugin.model.errors import Cancelled, WeipianError
from weipian_plugin.model.sqlite_uri import address, read_only

from ..intake import builder as b

ADDRESSES = {
    r"\\server\share\数据 一\a.gpkg": "file:////server/share/%E6%95%B0%E6%8D%AE%20%E4%B8%80/a.gpkg?mode=ro",
    r"\\?\UNC\server\share\a.gpkg": "file:////server/share/a.gpkg?mode=ro",
    r"\\?\D:\数据\a.gpkg": "file:///D:/%E6%95%B0%E6%8D%AE/a.gpkg?mode=ro",
    r"Z:\a#1?.gpkg": "file:///Z:/a%231%3F.gpkg?mode=ro",
    "/home/a b/c.gpkg": "file:///home/a%20b/c.gpkg?mode=ro",
    "//server/share/a.gpkg": "file:////server/share/a.gpkg?mode=ro",
}


@pytest.mark.parametrize(("path", "uri"), ADDRESSES.items())
def test_a_share_has_no_server_in_the_address_that_sqlite_refuses(path: str, uri: str) -> None:
    assert address(path) == uri


def test_sqlite_takes_an_address_with_two_slashes_in_front_of_the_path(tmp_path: Path) -> None:
    path = tmp_path / "图 斑#1.gpkg"
    geopandas.GeoDataFrame(b.parcels(1), geometry="geometry", crs=4490).to_file(tmp_path / "a.gpkg", layer="图斑")
    (tmp_path / "a.gpkg").rename(path)
    doubled = address("/" + str(path))
    assert doubled.startswith("file:////")
    with sqlite3.connect(doubled, uri=True) as connection:
        assert connection.execute("SELECT count(*) FROM 图斑").fetchone() == (1,)
    connection.close()
    assert len(intake.read_delivery(path).parcels) == 1
    with pytest.raises(sqlite3.OperationalError):
        sqlite3.connect(read_only(path).replace("file:///", "file://server/"), uri=True)


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """A GeoPackage whose layer is a view that never ends."""
    path = tmp_path / "a.gpkg"
    geopandas.GeoDataFrame(b.parcels(1), geometry="geometry", crs=4490).to_file(path, layer="图斑")
    connection = sqlite3.connect(path)
    for name in ("rtree_图斑_geom",):
        connection.execute(f'DROP TABLE IF EXISTS "{name}"')
    for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{trigger}"')
    connection.execute("ALTER TABLE 图斑 RENAME TO t")
    connection.execute(
        "CREATE VIEW 图斑 AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT n.i AS fid, t.geom, t.JCBH FROM n, t"
    )
    connection.execute("UPDATE gpkg_geometry_columns SET table_name = '图斑'")
    connection.commit()
    connection.close()
    return path


def test_a_view_that_never_ends_stops_on_request(endless: Path) -> None:
    wanted = threading.Event()
    threading.Timer(0.5, wanted.set).start()
    begun = time.monotonic()
    with pytest.raises(Cancelled):
        geopackage.read(endless, "图斑", ["JCBH"], cancelled=wanted.is_set)
    assert time.monotonic() - begun < 20


def test_a_view_that_never_ends_gives_up_after_its_time(endless: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geopackage, "limits", lambda: SimpleNamespace(query=SimpleNamespace(seconds=0.3)))
    with pytest.raises(WeipianError) as caught:
        geopackage.layers(endless)  # quick
        geopackage.read(endless, "图斑", ["JCBH"])
    assert caught.value.code == "intake.gpkg_slow"


@pytest.mark.parametrize("name", ["zip", "hex", "idna", "undefined", "rot13", "unicode_escape", "base64", "punycode"])
def test_a_codec_that_is_no_encoding_of_texts_is_not_taken(name: str, tmp_path: Path) -> None:
    path = b.write_shapefile(tmp_path / "a.shp", b.parcels(2), cpg=name)
    assert intake.read_delivery(path).parcels["county"].tolist() == ["永川区"] * 2
    with pytest.raises(WeipianError) as caught:
        intake.read_delivery(path, intake.IntakeOptions(encoding=name))
    assert caught.value.code == "intake.encoding_unknown"
