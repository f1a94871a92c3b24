"""Layers in every form and state: systems, formats, broken polygons, indexes that must never be trusted too long."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely

from weipian_plugin.geodesy import zone as zones
from weipian_plugin.model.errors import Cancelled, WeipianError
from weipian_plugin.model.feedback import Silent
from weipian_plugin.model.messages import Message
from weipian_plugin.model.records import LayerSource
from weipian_plugin.overlay import OverlayOptions, cache, engine, measure_parcels
from weipian_plugin.overlay.boxes import block_boxes, morton_order, near
from weipian_plugin.overlay.classes import load_classes

from .county import EAST, NORTH, covered, layer, measure, parcels, plane, values

APPROVED = [((0, 0, 50, 100), {"PZWH": "渝府地〔2022〕1号", "PZRQ": "20220501"})]


@pytest.mark.parametrize("suffix", [".shp", ".gpkg", ".geojson", ".fgb", ".parquet"])
@pytest.mark.parametrize("crs", ["EPSG:4523", "EPSG:4544", "EPSG:4490", "EPSG:4524", "EPSG:32648"])
def test_the_answer_does_not_depend_on_format_and_system(tmp_path: Path, suffix: str, crs: str) -> None:
    if suffix == ".geojson" and crs not in ("EPSG:4490",):
        pytest.skip("GeoJSON has degrees only")
    if suffix == ".parquet":
        source = layer(tmp_path, "farmland_conversion", APPROVED, crs=crs)
        geopandas.read_file(source.source).to_parquet(tmp_path / "批文.parquet")
        source = LayerSource("farmland_conversion", str(tmp_path / "批文.parquet"))
    else:
        source = layer(tmp_path, "farmland_conversion", APPROVED, "批 文", crs, suffix)
    table = parcels({"A": (0, 0, 100, 100)})
    for folder in (None, tmp_path / "cache", tmp_path / "cache"):
        result = measure(table, [source], cache=folder)
        found = values(result, "A")
        assert found["approved"] == pytest.approx(found["area"] / 2, abs=0.02 if crs == "EPSG:32648" else 0.006)
        assert set(covered(result, "A", "farmland_conversion")) == {"", "渝府地〔2022〕1号"}
        assert len(result.sources[0].sha256) == 64


def bow_tie(west: float, south: float, size: float) -> shapely.Polygon:
    corners = [(0, 0), (size, size), (size, 0), (0, size)]
    return shapely.Polygon(np.array(corners) + (EAST + west, NORTH + south))


@pytest.mark.parametrize("folder", [None, "cache"])
def test_one_bad_polygon_costs_only_itself_and_is_named(tmp_path: Path, folder: str | None) -> None:
    source = layer(
        tmp_path,
        "farmland_conversion",
        [
            ((0, 0, 30, 100), {"PZWH": "甲", "PZRQ": "2020", "XMBH": "X1"}),
            (bow_tie(40, 0, 20), {"PZWH": "乙", "PZRQ": "2020", "XMBH": "X2"}),
            ((200, 0, 230, 100), {"PZWH": "丙", "PZRQ": "2020", "XMBH": "X3"}),
        ],
    )
    place = tmp_path / folder if folder else None
    for _ in range(2 if folder else 1):  # the second run takes what is known from the index
        result = measure(parcels({"A": (0, 0, 100, 100), "B": (200, 0, 300, 100)}), [source], cache=place)
        assert [(rejection.code, rejection.feature) for rejection in result.rejected] == [
            ("overlay.feature_repaired", "X2")
        ]
        assert "X2" in str(result.rejected[0].reason.as_record()["text"])
        areas = covered(result, "A", "farmland_conversion")
        assert areas["乙"] == pytest.approx(200 * values(result, "A")["area"] / 1e4, abs=0.01)
        assert values(result, "B")["approved"] == pytest.approx(values(result, "B")["area"] * 0.3, abs=0.01)


def line(*ends: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(EAST + x, NORTH + y) for x, y in ends])


@pytest.mark.parametrize("suffix", [".shp", ".gpkg", ".fgb"])
@pytest.mark.parametrize("shape", [line((-10, 50), (110, 50)), shapely.Point(EAST + 50, NORTH + 50)])
def test_a_redline_drawn_as_a_line_is_refused_and_never_measured_as_nothing(
    tmp_path: Path, suffix: str, shape: Any
) -> None:
    source = layer(tmp_path, "ecological_redline", [(shape, {"HXMC": "某红线"})], suffix=suffix, title="红线")
    for folder in (None, tmp_path / "cache", tmp_path / "cache"):
        with pytest.raises(WeipianError) as caught:
            measure(parcels({"A": (0, 0, 100, 100)}), [source], cache=folder)
        assert caught.value.code == "overlay.layer_not_polygons"
        sentence = str(caught.value)
        assert "红线" in sentence and shape.geom_type in sentence and source.source in sentence


def test_an_index_of_lines_made_for_a_road_network_is_no_way_around_that(tmp_path: Path) -> None:
    road = layer(tmp_path, "road_network", [(line((-10, 50), (110, 50)), {"MC": "国道"})])
    assert (
        values(measure(parcels({"A": (0, 0, 100, 100)}), [road], cache=tmp_path / "cache"), "A")["road_network_touch"]
        == 1
    )
    with pytest.raises(WeipianError) as caught:
        measure(
            parcels({"A": (0, 0, 100, 100)}), [LayerSource("basic_farmland", road.source)], cache=tmp_path / "cache"
        )
    assert caught.value.code == "overlay.layer_not_polygons"


@pytest.mark.parametrize("role", ["farmland_conversion", "ecological_redline", "land_survey"])
@pytest.mark.parametrize(
    ("crs", "name"), [(2359, "Xian 1980"), (2411, "Beijing 1954"), (4610, "Xian 1980"), (4214, "Beijing 1954")]
)
@pytest.mark.parametrize("suffix", [".shp", ".gpkg"])
def test_a_layer_of_an_old_datum_stops_the_overlay_once_with_the_way_out(
    tmp_path: Path, role: str, crs: int, name: str, suffix: str
) -> None:
    own = "EPSG:4490" if crs in (4610, 4214) else "EPSG:4523"
    source = layer(tmp_path, role, [((-10, -10, 110, 110), {"PZWH": "某号"})], crs=own, suffix=suffix, title="老图层")
    table = geopandas.read_file(source.source, engine="pyogrio")
    table.set_crs(crs, allow_override=True).to_file(source.source, engine="pyogrio")
    for folder in (None, tmp_path / "cache"):
        with pytest.raises(WeipianError) as caught:
            measure(parcels({"A": (0, 0, 100, 100), "B": (200, 0, 300, 100)}), [source], cache=folder)
        sentence = str(caught.value)
        assert caught.value.code == "overlay.layer_old_datum"
        assert "老图层" in sentence and source.source in sentence and name in sentence and "towgs84" in sentence


def test_an_old_datum_with_parameters_is_measured(tmp_path: Path) -> None:
    source = layer(tmp_path, "farmland_conversion", [((-10, -10, 110, 110), {"PZWH": "某号"})])
    text = "+proj=tmerc +lat_0=0 +lon_0=105 +k=1 +x_0=35500000 +a=6378140 +rf=298.257 +towgs84=1,1,1,0,0,0,0 +units=m"
    found = measure(parcels({"A": (0, 0, 100, 100)}), [LayerSource("farmland_conversion", source.source, crs=text)])
    assert values(found, "A")["approved"] > 0


@pytest.mark.parametrize("crs", ["EPSG:4523", "EPSG:4490", "EPSG:32648"])
def test_a_redline_of_another_place_is_refused_and_one_of_the_neighbours_is_not(tmp_path: Path, crs: str) -> None:
    table = parcels({"A": (0, 0, 100, 100), "B": (500, 0, 600, 100)})
    elsewhere = layer(
        tmp_path, "ecological_redline", [((150_000, 0, 150_100, 100), {"HXMC": "外省"})], crs=crs, title="红线"
    )
    for folder in (None, tmp_path / "cache", tmp_path / "cache"):
        with pytest.raises(WeipianError) as caught:
            measure(table, [elsewhere], cache=folder)
        assert caught.value.code == "overlay.layer_elsewhere" and re.search(" 1(49|50) 千米", str(caught.value))
        assert "红线" in str(caught.value)
    near_by = layer(tmp_path, "basic_farmland", [((40_000, 0, 40_100, 100), {"TBBH": "邻县"})], crs=crs)
    assert values(measure(table, [near_by]), "A")["basic_farmland"] == 0
    both_sides = [((-300_000, 0, -299_900, 100), {"MC": "甲"}), ((300_000, 0, 300_100, 100), {"MC": "乙"})]
    around = layer(tmp_path, "road_network", both_sides, crs="EPSG:4490")
    assert values(measure(table, [around]), "A")["road_network"] == 0  # a layer of the whole country


@pytest.mark.parametrize("folder", [None, "cache"])
def test_a_stray_line_among_polygons_is_named_and_a_collection_counts_by_its_polygons(
    tmp_path: Path, folder: str | None
) -> None:
    whole = shapely.GeometryCollection([plane(0, 0, 30, 100), plane(40, 0, 50, 100), line((0, 0), (100, 100))])
    source = layer(tmp_path, "basic_farmland", [
        (whole, {"TBBH": "J1"}), (line((0, 10), (90, 10)), {"TBBH": "J2"}), (shapely.GeometryCollection([line((0, 5), (5, 5))]), {"TBBH": "J3"}),
    ], suffix=".gpkg")  # fmt: skip
    for _ in range(2):
        result = measure(parcels({"A": (0, 0, 100, 100)}), [source], cache=tmp_path / folder if folder else None)
        found = values(result, "A")
        assert found["basic_farmland"] == pytest.approx(found["area"] * 0.4, abs=0.02)
        assert sorted((rejection.code, rejection.feature) for rejection in result.rejected) == [
            ("overlay.feature_not_polygon", "J2"), ("overlay.feature_not_polygon", "J3")
        ]  # fmt: skip


@pytest.mark.parametrize("suffix", [".shp", ".gpkg"])
def test_features_without_shape_are_told_in_every_run(tmp_path: Path, suffix: str) -> None:
    source = layer(tmp_path, "basic_farmland", [((0, 0, 30, 100), {"TBBH": "J1"})] * 2, suffix=suffix)
    table = geopandas.read_file(source.source)
    table.loc[1, "geometry"] = None
    table.to_file(source.source)
    for _ in range(2):
        result = measure(parcels({"A": (0, 0, 100, 100)}), [source], cache=tmp_path / "cache")
        assert [(rejection.code, rejection.reason.details["features"]) for rejection in result.rejected] == [
            ("overlay.features_without_shape", "#2")
        ]


@pytest.mark.parametrize("suffix", [".shp", ".gpkg"])
def test_an_empty_layer_is_told_because_nothing_and_not_there_look_alike(tmp_path: Path, suffix: str) -> None:
    source = layer(tmp_path, "ecological_redline", [((0, 0, 30, 100), {"HXMC": "红线"})], suffix=suffix)
    geopandas.read_file(source.source).iloc[:0].to_file(source.source, geometry_type="Polygon")
    for _ in range(2):
        result = measure(parcels({"A": (0, 0, 100, 100)}), [source], cache=tmp_path / "cache")
        assert [rejection.code for rejection in result.rejected] == ["overlay.layer_empty"] and values(result, "A")[
            "ecological_redline"
        ] == 0


@pytest.mark.parametrize("zero", ["1900-01-01", "1900/1/1", "18991230", "19700101", "19050101"])
def test_an_approval_dated_with_a_programs_zero_is_undated_and_not_the_earliest_of_all(
    tmp_path: Path, zero: str
) -> None:
    source = layer(tmp_path, "farmland_conversion", [((0, 0, 100, 100), {"PZWH": "甲", "PZRQ": zero})])
    found = values(measure(parcels({"A": (0, 0, 100, 100)}), [source]), "A")
    assert found["approved"] == found["approved_undated"] == found["area"] and found["approved_in_time"] == 0


def test_a_land_class_that_the_table_does_not_have_is_named_and_counts_as_no_class(tmp_path: Path) -> None:
    source = layer(tmp_path, "land_survey", [
        ((0, 0, 40, 100), {"DLBM": "0101"}), ((40, 0, 70, 100), {"DLBM": "9901"}), ((70, 0, 100, 100), {"DLBM": ""}),
        ((300, 0, 310, 9), {"DLBM": "88"}),
    ])  # fmt: skip
    result = measure(parcels({"A": (0, 0, 100, 100)}), [source], batch=1)
    assert sorted((rejection.code, rejection.feature) for rejection in result.rejected) == [
        ("overlay.class_unknown", "9901"), ("overlay.class_unknown", "（空）")
    ]  # fmt: skip
    found = values(result, "A")
    assert found["unsurveyed"] == pytest.approx(found["area"] * 0.6, abs=0.02)


def test_a_parcel_without_polygon_is_refused_by_number_and_the_rest_go_on(tmp_path: Path) -> None:
    source = layer(tmp_path, "farmland_conversion", APPROVED)
    table = parcels({"A": (0, 0, 100, 100), "B": (0, 0, 1, 1), "C": (200, 0, 300, 100)})
    table.loc[1, "geometry"] = None
    result = measure(table, [source])
    assert [(rejection.code, rejection.feature) for rejection in result.rejected] == [
        ("overlay.parcel_without_area", "B")
    ]
    assert result.coverage["parcel"].unique().tolist() == ["A", "C"]


def test_no_parcels_and_no_layers_give_empty_tables_with_their_columns(tmp_path: Path) -> None:
    source = layer(tmp_path, "farmland_conversion", APPROVED)
    empty = measure(parcels({"A": (0, 0, 1, 1)}).iloc[:0], [source])
    assert not len(empty.coverage) and list(empty.coverage.columns)[:4] == ["parcel", "part", "role", "group"]
    assert empty.regions.crs == empty.parts.crs == "EPSG:4490"
    bare = measure(parcels({"A": (0, 0, 100, 100)}), [])
    assert not len(bare.coverage) and values(bare, "A")["uncovered"] == values(bare, "A")["area"]


def test_parcels_of_two_zones_are_each_measured_in_their_own(tmp_path: Path) -> None:
    shapes = {"W": shapely.box(106.40, 29.3, 106.401, 29.301), "E": shapely.box(106.60, 29.3, 106.601, 29.301)}
    table = parcels({"A": (0, 0, 1, 1), "B": (0, 0, 1, 1)}).assign(number=list(shapes))
    table = table.set_geometry(np.array(list(shapes.values()), object), crs="EPSG:4490")
    halves = [
        shapely.box(*(shape.bounds[0], shape.bounds[1], shape.bounds[0] + 0.0005, shape.bounds[3]))
        for shape in shapes.values()
    ]
    source = layer(
        tmp_path, "farmland_conversion", [(zones.project(half, 35), {"PZWH": "批", "PZRQ": "2020"}) for half in halves]
    )
    result = measure(table, [source])
    for number in shapes:
        found = values(result, number)
        assert found["approved"] == pytest.approx(found["area"] / 2, abs=0.02)


def _files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_an_index_is_used_rebuilt_when_the_source_changes_and_deletable(tmp_path: Path) -> None:
    place, table = tmp_path / "索引 缓存", parcels({"A": (0, 0, 100, 100)})
    source = layer(tmp_path, "farmland_conversion", APPROVED)
    first = measure(table, [source], cache=place)
    assert cache.size(place) > 1000
    seen = _files(place)
    again = measure(table, [source], cache=place)
    assert _files(place) == seen and again.coverage.drop(columns="geometry").equals(
        first.coverage.drop(columns="geometry")
    )
    os.utime(Path(source.source))  # touched, same content: the hash decides, the index stays
    measure(table, [source], cache=place)
    assert _files(place) == seen
    layer(tmp_path, "farmland_conversion", [((0, 0, 20, 100), APPROVED[0][1])])
    changed = measure(table, [source], cache=place)
    assert values(changed, "A")["approved"] == pytest.approx(values(changed, "A")["area"] * 0.2, abs=0.01)
    assert changed.sources[0].sha256 != first.sources[0].sha256
    freed = cache.clear(place)
    assert freed > 1000 and cache.size(place) == 0
    assert values(measure(table, [source], cache=place), "A")["approved"] == values(changed, "A")["approved"]


def test_a_damaged_index_is_built_again(tmp_path: Path) -> None:
    place, table = tmp_path / "cache", parcels({"A": (0, 0, 100, 100)})
    source = layer(tmp_path, "farmland_conversion", APPROVED, suffix=".gpkg")
    right = values(measure(table, [source], cache=place), "A")
    for name in sorted({Path(file).name for file in _files(place)}):
        for content in (b"", b"{}", b"\x93NUMPY nonsense"):
            (damaged,) = place.rglob(name)
            damaged.write_bytes(content)
            assert values(measure(table, [source], cache=place), "A") == right, name


def test_a_cache_that_cannot_be_written_is_told_and_costs_nothing(tmp_path: Path) -> None:
    class Told(Silent):
        def __init__(self) -> None:
            self.codes: list[str] = []

        def report(self, message: Message, level: str = "info") -> None:
            self.codes.append(message.code)

    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    source = layer(tmp_path, "farmland_conversion", APPROVED)
    said = Told()
    options = OverlayOptions(cache=tmp_path / "file" / "cache", threads=1)
    result = measure_parcels(parcels({"A": (0, 0, 100, 100)}), [source], options, said)
    assert "overlay.cache_unwritable" in said.codes and values(result, "A")["approved"] > 0


def test_cancel_stops_and_leaves_no_index_half_written(tmp_path: Path) -> None:
    class Impatient(Silent):
        def cancelled(self) -> bool:
            return True

    source = layer(tmp_path, "farmland_conversion", APPROVED)
    with pytest.raises(Cancelled):
        measure_parcels(parcels({"A": (0, 0, 100, 100)}), [source], OverlayOptions(cache=tmp_path / "c"), Impatient())
    assert cache.size(tmp_path / "c") == 0


def test_cancel_in_the_middle_is_heard_within_half_a_second(tmp_path: Path) -> None:
    class Late(Silent):
        """Says stop as soon as the first batch is measured."""

        said = 0.0

        def progress(self, fraction: float) -> None:
            if fraction > 0.05:
                self.said = self.said or time.monotonic()

        def cancelled(self) -> bool:
            return self.said > 0

    rng = np.random.default_rng(5)
    low = rng.uniform(0, 5000, (1500, 2))
    table = parcels({f"P{k}": (x, y, x + 40, y + 40) for k, (x, y) in enumerate(low.tolist())})
    source = layer(
        tmp_path,
        "farmland_conversion",
        [((x, y, x + 25, y + 25), {"PZWH": f"批{k}", "PZRQ": "2022"}) for k, (x, y) in enumerate((low + 10).tolist())],
    )
    feedback = Late()
    with pytest.raises(Cancelled):
        measure_parcels(table, [source], OverlayOptions(threads=2), feedback)
    assert time.monotonic() - feedback.said < 10


def test_slow_batches_never_run_on_more_threads_than_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = [0], [0]
    guard = threading.Lock()
    plain = engine._Run._one

    def slow(self: engine._Run, rows: Any) -> engine.Batch:
        with guard:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(2.5 * engine._STEP)  # longer than the looks at the cancel button
        try:
            return plain(self, rows)
        finally:
            with guard:
                running[0] -= 1

    monkeypatch.setattr(engine._Run, "_one", slow)
    table = parcels({f"P{k}": (k * 50, 0, k * 50 + 40, 40) for k in range(6)})
    source = layer(tmp_path, "farmland_conversion", APPROVED)
    result = measure_parcels(table, [source], OverlayOptions(threads=2, batch=1))
    assert most[0] == 2 and result.measures["parcel"].nunique() == 6


@pytest.mark.parametrize("swapped", [False, True])
def test_holes_stay_holes_however_the_coordinates_come(tmp_path: Path, swapped: bool) -> None:
    ring = shapely.Polygon(plane(0, 0, 80, 100).exterior, [plane(20, 20, 60, 60).exterior])
    source = layer(tmp_path, "farmland_conversion", [(ring, {"PZWH": "批1", "PZRQ": "2022"})])
    if swapped:  # northing first, as some offices deliver
        frame = geopandas.read_file(source.source)
        turned = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
        frame.set_geometry(turned, crs=frame.crs).to_file(source.source, engine="pyogrio", encoding="GBK")
    result = measure(parcels({"A": (0, 0, 100, 100)}), [source])
    assert values(result, "A")["approved"] / values(result, "A")["area"] == pytest.approx(0.64, abs=1e-5)


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="only Linux lists the files a process has mapped")
def test_no_shapefile_stays_open_after_a_run(tmp_path: Path) -> None:
    source = layer(tmp_path, "farmland_conversion", APPROVED)
    for _ in range(2):  # indexed now, taken from the index then
        measure(parcels({"A": (0, 0, 100, 100)}), [source], cache=tmp_path / "c")
        assert source.source not in Path("/proc/self/maps").read_text()


def test_a_layer_that_goes_away_ends_the_run_and_says_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = layer(tmp_path, "farmland_conversion", APPROVED)
    plain = engine.gather

    def gone(*given: Any) -> Any:
        Path(source.source).unlink(missing_ok=True)
        return plain(*given)

    monkeypatch.setattr(engine, "gather", gone)
    with pytest.raises(WeipianError) as raised:
        measure(parcels({"A": (0, 0, 100, 100)}), [source])
    assert raised.value.code == "intake.file_unreadable" and source.source in str(raised.value)


def test_a_source_that_is_not_there_is_an_error_that_says_which(tmp_path: Path) -> None:
    with pytest.raises(WeipianError) as raised:
        measure(parcels({"A": (0, 0, 1, 1)}), [LayerSource("land_supply", str(tmp_path / "没有.shp"))])
    assert raised.value.code.startswith("intake.") and "没有.shp" in str(raised.value)


@pytest.mark.parametrize("count", [0, 1, 64, 65, 5000])
def test_near_finds_exactly_the_pairs_whose_boxes_meet(count: int) -> None:
    rng = np.random.default_rng(count)
    low = rng.uniform(0, 1000, (count, 2))
    boxes = np.column_stack([low, low + rng.exponential(8, (count, 2))])
    boxes = boxes[morton_order(boxes)]
    corner = rng.uniform(0, 1000, (40, 2))
    ours = np.column_stack([corner, corner + rng.exponential(20, (40, 2))])
    if count:
        ours[0] = boxes[0]  # the same box
        ours[1] = [boxes[0, 2], boxes[0, 1], boxes[0, 2] + 1, boxes[0, 3]]  # touching
    found = set(zip(*(ids.tolist() for ids in near(ours, block_boxes(boxes), boxes))))
    meet = (
        (ours[:, None, 0] <= boxes[None, :, 2])
        & (ours[:, None, 2] >= boxes[None, :, 0])
        & (ours[:, None, 1] <= boxes[None, :, 3])
        & (ours[:, None, 3] >= boxes[None, :, 1])
    )
    assert found == set(zip(*(ids.tolist() for ids in np.nonzero(meet))))


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ("0101", "farmland"),
        ("0103", "farmland"),
        ("01", "farmland"),
        ("0201K", "agricultural"),
        ("0404", "agricultural"),
        ("1006", "agricultural"),
        ("1203", "agricultural"),
        ("1107A", "agricultural"),
        ("0602C", "construction"),
        ("08H2A", "construction"),
        ("05H1", "construction"),
        ("0810A", "construction"),
        ("09", "construction"),
        ("1206", "unused"),
        ("1003", "construction"),
        ("11", "unknown"),
        ("12", "unknown"),
        ("", "unknown"),
        ("9999", "unknown"),
    ],
)
def test_groups_of_classes(code: str, group: str) -> None:
    assert load_classes().group(code) == group


def test_a_county_may_keep_its_own_class_table(tmp_path: Path) -> None:
    from weipian_plugin.model.paths import resource

    text = resource("land_classes.yaml").read_text(encoding="utf-8")
    own = (
        text.replace('"0403", "0404",', '"0403",')
        .replace('unused: ["1101",', 'unused: ["0404", "1101",')
        .replace("taken: agricultural", "taken: unused")
    )
    file = tmp_path / "县地类表.yaml"
    file.write_text(own, encoding="utf-8")
    source = layer(tmp_path, "land_survey", [((0, 0, 100, 100), {"DLBM": "0404"})])
    table = parcels({"A": (0, 0, 100, 100)})
    assert values(measure(table, [source]), "A")["agricultural"] > 0
    assert values(measure(table, [source], classes=file), "A")["unused"] > 0
    for wrong, said in (
        (text.replace('"0404",', "0404,", 1), "没有加引号"),
        (text.replace('unused: ["1101",', 'unused: ["0404", "1101",'), "同时列在「agricultural」和「unused」"),
        ("version: 1\ntables: []\n", "缺少「tables」"),
    ):
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(WeipianError) as raised:
            measure(table, [source], classes=file)
        assert raised.value.code == "overlay.class_table_invalid"
        assert "县地类表.yaml" in str(raised.value) and said in str(raised.value)


def test_an_unknown_class_counts_as_without_class(tmp_path: Path) -> None:
    source = layer(
        tmp_path, "land_survey", [((0, 0, 40, 100), {"DLBM": "9999"}), ((40, 0, 100, 100), {"DLBM": "0101"})]
    )
    found = values(measure(parcels({"A": (0, 0, 100, 100)}), [source]), "A")
    assert found["unsurveyed"] == pytest.approx(found["area"] * 0.4, abs=0.01)
    groups: Sequence[Any] = [
        found[name] for name in ("farmland", "other_agricultural", "construction", "unused", "unsurveyed")
    ]
    assert sum(groups) == pytest.approx(found["area"], abs=1e-9)


def test_plane_helper_is_where_the_layers_are() -> None:
    assert plane(0, 0, 1, 1).bounds[0] == EAST
