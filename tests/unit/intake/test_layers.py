"""Layers of the catalogue: found, understood, and never read further than the parcels reach."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

from weipian_plugin.formats.catalogue import read_catalogue, resolve_fields, roles
from weipian_plugin.formats.readers import meets
from weipian_plugin.intake import county_outline
from weipian_plugin.intake.layers import describe, read_layer
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.records import LayerSource

from . import builder as b

COLUMNS = (("PZWH", "C", 40, 0), ("PZRQ", "C", 10, 0), ("PZMJ", "N", 14, 4), ("DLBM", "C", 5, 0))


def approvals(count: int) -> list[dict]:
    return [
        {
            "PZWH": f"渝地〔2022〕{i}号",
            "PZRQ": "2022-06-15",
            "PZMJ": i / 7,
            "DLBM": f"0{i % 10}0{i % 3}K",
            "geometry": b.square(i % 30, i // 30),
        }
        for i in range(count)
    ]


def write(tmp_path: Path, kind: str, count: int = 200) -> LayerSource:
    rows = approvals(count)
    path = tmp_path / "审批 文件" / f"农转用.{kind}"
    if kind == "shp":
        b.write_shapefile(path, rows, COLUMNS)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        driver = {"gpkg": "GPKG", "gdb": "OpenFileGDB", "fgb": "FlatGeobuf", "geojson": "GeoJSON"}[kind]
        frame = geopandas.GeoDataFrame(rows, geometry="geometry", crs=4490)
        (frame.set_crs(4326, allow_override=True) if kind == "geojson" else frame).to_file(path, driver=driver)
    return LayerSource("farmland_conversion", str(path))


@pytest.mark.parametrize("kind", ["shp", "gpkg", "gdb", "fgb", "geojson"])
def test_every_format_gives_the_same_features(kind: str, tmp_path: Path) -> None:
    source = write(tmp_path, kind)
    told = describe(source)
    assert told.count == 200 and set(told.columns) >= {"PZWH", "PZRQ", "PZMJ", "DLBM"} and len(told.sha256) == 64
    assert told.crs in ("EPSG:4490", "EPSG:4326")
    everything = read_layer(source, ["PZWH", "PZMJ"])
    assert sorted(everything["PZWH"]) == sorted(row["PZWH"] for row in approvals(200))
    assert list(everything.columns) == ["PZWH", "PZMJ", "geometry"]
    assert everything.set_index("PZWH").loc["渝地〔2022〕7号", "PZMJ"] == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("kind", ["shp", "gpkg", "gdb", "fgb"])
def test_only_what_the_boxes_touch_is_read(kind: str, tmp_path: Path) -> None:
    source = write(tmp_path, kind)
    boxes = np.array([b.square(3, 1).bounds, b.square(20, 5).bounds])
    some = read_layer(source, ["PZWH"], boxes)
    assert set(some["PZWH"]) == {"渝地〔2022〕33号", "渝地〔2022〕170号"}
    one = read_layer(source, ["PZWH"], b.square(3, 1).bounds)
    assert set(one["PZWH"]) == {"渝地〔2022〕33号"}
    assert len(read_layer(source, ["PZWH"], (80.0, 40.0, 80.1, 40.1))) == 0


def test_a_tenth_of_a_shapefile_is_not_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from weipian_plugin.formats import shapefile

    source = write(tmp_path, "shp", 600)
    asked: list[int] = []
    original = shapefile.read_shapes

    def counting(files: object, rows: np.ndarray | None = None, multi: bool = False) -> object:
        asked.append(len(rows) if rows is not None else -1)
        return original(files, rows, multi)  # type: ignore[arg-type]

    monkeypatch.setattr("weipian_plugin.formats.readers.shapefile.read_shapes", counting)
    touched = np.array([b.square(i % 30, i // 30).bounds for i in range(0, 600, 10)])
    assert len(read_layer(source, ["PZWH"], touched)) == 60 and asked == [60]


@pytest.mark.parametrize("epsg", [4523, 4544, 4547])
def test_boxes_in_degrees_reach_projected_layers_and_their_own_system_stays(epsg: int, tmp_path: Path) -> None:
    path = b.write_shapefile(tmp_path / "a.shp", approvals(60), COLUMNS, prj=b.prj_of(epsg), epsg=epsg)
    some = read_layer(LayerSource("linkage", str(path)), ["PZWH"], b.square(3, 1).bounds)
    assert "渝地〔2022〕33号" in set(some["PZWH"]) and len(some) <= 2
    assert some.crs.to_epsg() == epsg


def test_a_layer_without_prj_is_placed_by_the_parcels_around_it(tmp_path: Path) -> None:
    path = b.write_shapefile(tmp_path / "a.shp", approvals(60), COLUMNS, prj=None, epsg=4523)
    some = read_layer(LayerSource("linkage", str(path)), ["PZWH"], b.square(3, 1).bounds)
    assert some.crs.to_epsg() == 4523 and len(some) >= 1
    plain = b.write_shapefile(tmp_path / "b.shp", approvals(60), COLUMNS, prj=None)
    with pytest.raises(WeipianError) as caught:
        read_layer(LayerSource("linkage", str(plain)))
    assert caught.value.code == "intake.crs_unknown"


def test_a_layer_on_an_old_datum_needs_parameters(tmp_path: Path) -> None:
    path = b.write_shapefile(tmp_path / "a.shp", approvals(5), COLUMNS, prj=b.prj_of(2359), epsg=4523)
    with pytest.raises(WeipianError) as caught:
        read_layer(LayerSource("linkage", str(path)))
    assert caught.value.code == "intake.datum_shift_unknown"
    told = "+proj=tmerc +lat_0=0 +lon_0=105 +k=1 +x_0=35500000 +a=6378140 +rf=298.257 +towgs84=24,-123,-94,-0.02,0.25,0.13,1.1 +units=m +type=crs"
    moved = read_layer(LayerSource("linkage", str(path), crs=told))
    assert moved.crs.to_epsg() == 4490 and len(moved) == 5


def test_lines_are_layers_too(tmp_path: Path) -> None:
    road = shapely.multilinestrings([[(105.9, 29.3), (105.91, 29.31)], [(105.92, 29.31), (105.93, 29.3)]])
    frame = geopandas.GeoDataFrame({"LXMC": ["国道Ｇ85"]}, geometry=[road], crs=4490)
    frame.to_file(tmp_path / "road.shp", encoding="GBK")
    (tmp_path / "road.cpg").unlink()
    read = read_layer(LayerSource("road_network", str(tmp_path / "road.shp")))
    assert read["LXMC"].tolist() == ["国道Ｇ85"] and shapely.equals(read.geometry.iloc[0], road)


def test_points_are_layers_too(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame(
        {"MC": ["甲", "乙"]}, geometry=shapely.points([[105.9, 29.3], [105.91, 29.31]]), crs=4490
    )
    frame.to_file(tmp_path / "p.shp", encoding="UTF-8")
    read = read_layer(LayerSource("villages", str(tmp_path / "p.shp")), None, (105.905, 29.305, 105.95, 29.35))
    assert read["MC"].tolist() == ["乙"]


def test_a_geopackage_is_read_without_a_second_sqlite_and_unlocked(tmp_path: Path) -> None:
    source = write(tmp_path, "gpkg", 40)
    writer = sqlite3.connect(source.source)
    writer.execute("BEGIN IMMEDIATE")
    try:
        assert len(read_layer(source, ["PZWH"])) == 40
        other = sqlite3.connect(source.source, timeout=0.1)
        with pytest.raises(sqlite3.OperationalError):
            other.execute("BEGIN IMMEDIATE")
        other.close()
    finally:
        writer.rollback()
        writer.close()


def test_a_geopackage_with_several_layers_asks_which(tmp_path: Path) -> None:
    source = write(tmp_path, "gpkg", 4)
    geopandas.GeoDataFrame(approvals(2), geometry="geometry", crs=4490).to_file(
        source.source, layer="second layer", mode="a"
    )
    with pytest.raises(WeipianError) as caught:
        read_layer(source)
    assert caught.value.code == "intake.layer_unknown" and "second layer" in str(caught.value)
    assert len(read_layer(LayerSource("linkage", source.source, layer="second layer"))) == 2


@pytest.mark.parametrize("content", [b"", b"not a database" * 50], ids=["empty", "text"])
def test_a_broken_geopackage_is_one_clear_error(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.gpkg").write_bytes(content)
    with pytest.raises(WeipianError) as caught:
        read_layer(LayerSource("linkage", str(tmp_path / "a.gpkg")))
    assert caught.value.code in ("intake.gpkg_unreadable", "intake.layer_unknown")


def test_the_outline_of_the_county_comes_from_the_villages(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame(
        {"XZQMC": ["甲村", "乙村"]}, geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], crs=4490
    )
    frame.geometry = frame.translate(105.0, 29.0)
    frame.to_file(tmp_path / "村界.gpkg")
    outline = county_outline([LayerSource("villages", str(tmp_path / "村界.gpkg")), LayerSource("linkage", "nowhere")])
    assert shapely.equals(outline, shapely.box(105, 29, 107, 30))
    assert county_outline([]) is None


def test_boxes_meet_as_rectangles_do() -> None:
    boxes = np.array([[0, 0, 1, 1], [5, 5, 6, 6], [np.nan] * 4, [2, 2, 3, 3.0]])
    assert meets(boxes, np.array([[0.5, 0.5, 0.6, 0.6], [3, 3, 4, 4.0]])).tolist() == [0, 3]
    assert meets(boxes, np.array([[-9, -9, 9, 9.0]])).tolist() == [0, 1, 3]
    assert meets(boxes[:0], boxes).tolist() == [] and meets(boxes, boxes[:0]).tolist() == []


# ---- the catalogue ----


def catalogue(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    b.write_shapefile(tmp_path / "审批" / "农转用.shp", approvals(2), COLUMNS)
    path = tmp_path / "图层清单.yaml"
    path.write_bytes(text.encode(encoding))
    return path


def test_sources_are_found_beside_the_catalogue(tmp_path: Path) -> None:
    text = "version: 1\nlayers:\n  - role: farmland_conversion\n    source: 审批/农转用.shp\n    layer: null\n    fields: {document: PZWH}\n"
    (source,) = read_catalogue(catalogue(tmp_path, text, "utf-8-sig"))
    assert Path(source.source) == (tmp_path / "审批" / "农转用.shp").resolve()
    assert source.title == roles()["farmland_conversion"].title
    assert resolve_fields(source, describe(source).columns) == {"document": "PZWH", "date": "PZRQ", "area": "PZMJ"}


def test_windows_separators_and_database_sources_are_understood(tmp_path: Path) -> None:
    text = 'version: 1\nlayers:\n  - {role: linkage, source: "审批\\\\农转用.shp"}\n  - {role: land_supply, source: "PG:dbname=x", layer: gd}\n'
    first, second = read_catalogue(catalogue(tmp_path, text))
    assert Path(first.source).name == "农转用.shp" and (second.source, second.layer) == ("PG:dbname=x", "gd")


GOOD = "version: 1\nlayers:\n  - role: linkage\n    source: 审批/农转用.shp\n"
WRONG = {
    "an unknown role": (f"{GOOD}  - role: nonsense\n    source: x\n", "intake.catalogue_role", 2, 5),
    "an unknown field key": (f"{GOOD}    fields: {{dokument: PZWH}}\n", "intake.catalogue_field", 1, 3),
    "a missing file": (
        "version: 1\nlayers:\n\n\n  - role: linkage\n    source: nowhere.shp\n",
        "intake.catalogue_source",
        1,
        5,
    ),
    "no source": ("version: 1\nlayers:\n  - role: linkage\n", "intake.catalogue_shape", 1, 3),
    "an unknown key": (
        "version: 1\nlayers:\n  - {role: linkage, source: x, colour: red}\n",
        "intake.catalogue_shape",
        1,
        3,
    ),
    "another version": ("version: 2\nlayers: []\n", "intake.catalogue_shape", 0, 1),
    "no list": ("version: 1\nlayers: {a: b}\n", "intake.catalogue_shape", 0, 1),
    "a text": ("hello", "intake.catalogue_shape", 0, 1),
}


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_catalogue_is_named_with_layer_and_line(case: tuple[str, str, int, int], tmp_path: Path) -> None:
    text, code, number, line = case
    with pytest.raises(WeipianError) as caught:
        read_catalogue(catalogue(tmp_path, text))
    assert (caught.value.code, caught.value.message.details["number"], caught.value.message.details["line"]) == (
        code,
        number,
        line,
    )


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe\x00", b"a: [1, 2", "版本".encode("gbk")], ids=["bytes", "broken yaml", "gbk"]
)
def test_an_unreadable_catalogue_is_one_clear_error(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_bytes(raw)
    with pytest.raises(WeipianError) as caught:
        read_catalogue(tmp_path / "c.yaml")
    assert caught.value.code in ("intake.catalogue_unreadable", "intake.catalogue_shape")


def test_a_column_that_the_catalogue_names_must_be_there(tmp_path: Path) -> None:
    source = LayerSource("linkage", "x", fields={"document": "NOPE"})
    with pytest.raises(WeipianError) as caught:
        resolve_fields(source, ["PZWH"])
    assert caught.value.code == "intake.layer_field_missing" and "NOPE" in str(caught.value)
