"""What a delivery becomes: numbers, kinds, parents, repeated numbers, overlaps, registers, and counts that close."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import geopandas
import openpyxl
import pandas as pd
import pytest
import shapely

from weipian_plugin import intake
from weipian_plugin.intake.delivery import COLUMNS
from weipian_plugin.intake.records import RecordArray
from weipian_plugin.model.errors import Cancelled, WeipianError
from weipian_plugin.model.feedback import Silent

from . import builder as b


def read(tmp_path: Path, rows: list, name: str = "图斑.shp", **options: object) -> intake.Intake:
    return intake.read_delivery(b.write_shapefile(tmp_path / name, rows), intake.IntakeOptions(**options))  # type: ignore[arg-type]


def closes(taken: intake.Intake) -> bool:
    counts = taken.batch.counts
    return bool(counts.features == counts.accepted + counts.refused and counts.accepted == len(taken.parcels))


def test_the_parcels_have_the_columns_of_the_contract(tmp_path: Path) -> None:
    taken = read(tmp_path, b.parcels(2), issued="2023-05-20")
    assert tuple(taken.parcels.columns) == (*COLUMNS, "geometry")
    row = taken.parcels.iloc[0]
    assert (row["earlier_image"], row["later_image"], row["issued"]) == ("2022-09-18", "2023-04-26", "2023-05-20")
    assert (row["kind"], row["county_code"], row["county"], row["zone"], row["delivered_unit"]) == (
        "land",
        "500118",
        "永川区",
        35,
        "mu",
    )
    assert row["area_m2"] == pytest.approx(b.square_metres(b.square(1)), rel=2e-6)
    assert row["projected_area_m2"] == pytest.approx(shapely.area(b.moved(b.square(1), 4544)), rel=3e-6)
    assert row["geometry"].geom_type == "MultiPolygon" and taken.parcels.crs.to_epsg() == 4490
    assert json.loads(json.dumps(row["delivered"]))["JCBH"] == b.number(1)


@pytest.mark.parametrize(("factor", "unit"), [(0.0015, "mu"), (1.0, "m2"), (0.0001, "ha")])
def test_the_unit_of_the_delivered_area_is_found(factor: float, unit: str, tmp_path: Path) -> None:
    columns = tuple(("JCMJ", "N", 15, 4) if column[0] == "JCMJ" else column for column in b.COLUMNS)
    rows = [b.parcel(i, JCMJ=b.square_metres(b.square(i)) * factor) for i in range(1, 6)]
    rows[2]["JCMJ"] *= 1.5
    rows[3]["JCMJ"] = 0.0
    taken = intake.read_delivery(b.write_shapefile(tmp_path / "a.shp", rows, columns))
    assert taken.batch.unit == unit
    assert taken.parcels["flags"].tolist() == [(), (), ("area_mismatch",), ("area_missing",), ()]


def test_each_file_has_its_own_unit(tmp_path: Path) -> None:
    b.write_shapefile(tmp_path / "a.shp", b.parcels(3))
    b.write_shapefile(tmp_path / "b.shp", [b.parcel(i, JCMJ=round(b.square_metres(b.square(i)), 2)) for i in (7, 8, 9)])
    taken = intake.read_delivery(tmp_path)
    assert taken.parcels.groupby("source")["delivered_unit"].first().to_dict() == {"a.shp": "mu", "b.shp": "m2"}


def test_the_same_feature_twice_is_taken_once(tmp_path: Path) -> None:
    taken = read(tmp_path, [b.parcel(1), b.parcel(1), b.parcel(2)])
    assert taken.parcels["number"].tolist() == [b.number(1), b.number(2)]
    assert [(r.feature, r.code) for r in taken.rejected] == [(b.number(1), "intake.duplicate_same")]
    assert taken.parcels["flags"].tolist() == [("duplicate_kept",), ()] and closes(taken)


def test_one_number_on_two_shapes_refuses_both(tmp_path: Path) -> None:
    taken = read(tmp_path, [b.parcel(1), b.parcel(1, b.square(5)), b.parcel(2)])
    assert taken.parcels["number"].tolist() == [b.number(2)]
    assert [r.code for r in taken.rejected] == ["intake.duplicate_number"] * 2
    assert "两个图斑用同一编号" in intake.report.build_report(taken).rows[0].reason and closes(taken)


@pytest.mark.parametrize(("rule", "same", "other"), [("keep_first", 1, 1), ("refuse_both", 0, 0)])
def test_the_rule_for_repeated_numbers_is_data(rule: str, same: int, other: int, tmp_path: Path) -> None:
    tolerances = replace(intake.standard_tolerances(), duplicate_rule=rule)
    alike = read(tmp_path, [b.parcel(1), b.parcel(1)], "a.shp", tolerances=tolerances)
    unlike = read(tmp_path, [b.parcel(1), b.parcel(1, b.square(5))], "b.shp", tolerances=tolerances)
    assert (len(alike.parcels), len(unlike.parcels)) == (same, other) and closes(alike) and closes(unlike)


def test_a_number_repeated_across_files_is_found(tmp_path: Path) -> None:
    b.write_shapefile(tmp_path / "a.shp", [b.parcel(1)])
    b.write_shapefile(tmp_path / "b.shp", [b.parcel(1, b.square(5))])
    with_both = intake.read_delivery(tmp_path)
    assert len(with_both.parcels) == 0 and {r.source for r in with_both.rejected} == {"a.shp", "b.shp"}


def test_a_missing_number_is_refused_by_its_record(tmp_path: Path) -> None:
    taken = read(tmp_path, [b.parcel(1), b.parcel(2, JCBH="")])
    assert [(r.feature, r.code) for r in taken.rejected] == [("第2条", "intake.number_missing")] and closes(taken)


def test_overlaps_in_the_batch_and_with_earlier_parcels_are_flagged(tmp_path: Path) -> None:
    half = shapely.transform(b.square(1), lambda xy: xy + [0.0005, 0.0])
    first = read(tmp_path, [b.parcel(1), b.parcel(2, half), b.parcel(3)], "a.shp")
    assert first.parcels["flags"].tolist() == [("overlap_in_batch",), ("overlap_in_batch",), ()]
    later = read(tmp_path, [b.parcel(7, half), b.parcel(3)], "b.shp", earlier=first.parcels)
    assert later.parcels["flags"].tolist() == [("overlap_earlier",), ()]


def test_neighbours_that_share_a_side_do_not_overlap(tmp_path: Path) -> None:
    beside = shapely.transform(b.square(1), lambda xy: xy + [0.001, 0.0])
    assert read(tmp_path, [b.parcel(1), b.parcel(2, beside)]).parcels["flags"].tolist() == [(), ()]


def test_children_find_their_parent_and_do_not_count_as_overlaps(tmp_path: Path) -> None:
    child = b.parcel(
        1,
        shapely.box(*b.square(1).bounds[:2], b.square(1).bounds[0] + 0.0004, b.square(1).bounds[3]),
        JCBH=b.number(1) + "_1",
    )
    orphan = b.parcel(4, JCBH=b.number(99) + "_2")
    taken = read(tmp_path, [b.parcel(1), child, orphan])
    assert taken.parcels["parent"].tolist() == ["", b.number(1), b.number(99)]
    assert taken.parcels["flags"].tolist() == [(), (), ("parent_missing",)]


@pytest.mark.parametrize(
    ("name", "values", "options", "kind"),
    [
        ("2023矿产图斑.shp", {}, {}, "mining"),
        ("土地图斑.shp", {"TBLX": "采矿用地"}, {}, "land"),
        ("图斑.shp", {"TBLX": "露天采矿"}, {}, "mining"),
        ("图斑.shp", {}, {}, "land"),
        ("矿产.shp", {}, {"kind": "land"}, "land"),
    ],
)
def test_land_and_mining_are_told_apart(name: str, values: dict, options: dict, kind: str, tmp_path: Path) -> None:
    assert read(tmp_path, [b.parcel(1, **values)], name, **options).parcels["kind"].tolist() == [kind]


def test_a_folder_with_land_and_mining_is_one_batch(tmp_path: Path) -> None:
    b.write_shapefile(tmp_path / "土地图斑.shp", b.parcels(2))
    b.write_shapefile(tmp_path / "矿产图斑.shp", [b.parcel(8)])
    taken = intake.read_delivery(tmp_path)
    assert taken.batch.kind == "land+mining" and taken.batch.counts.features == 3


def test_other_layers_in_the_delivery_are_named_and_left(tmp_path: Path) -> None:
    b.write_shapefile(tmp_path / "图斑.shp", b.parcels(2))
    columns = (("BSM", "C", 18, 0), ("DLBM", "C", 5, 0), ("DLMC", "C", 60, 0))
    b.write_shapefile(
        tmp_path / "DLTB.shp", [{"BSM": "1", "DLBM": "0103", "DLMC": "旱地", "geometry": b.square(3)}], columns
    )
    taken = intake.read_delivery(tmp_path)
    assert len(taken.parcels) == 2
    assert [n.details["path"] for n in taken.notes if n.code == "intake.file_set_aside"] == ["DLTB.shp"]


def test_an_unknown_schema_opens_with_suggestions(tmp_path: Path) -> None:
    columns = (("TBHM", "C", 30, 0), ("MJ", "N", 10, 2))
    path = b.write_shapefile(tmp_path / "a.shp", [{"TBHM": "A1", "MJ": 3.2, "geometry": b.square(1)}], columns)
    with pytest.raises(WeipianError) as caught:
        intake.read_delivery(path)
    assert caught.value.code == "intake.fields_unknown" and "TBHM" in str(caught.value)
    options = intake.IntakeOptions(fields={"number": "TBHM", "delivered_area": "MJ"}, county_code="500118")
    assert intake.read_delivery(path, options).parcels["number"].tolist() == ["A1"]


def _workbook(path: Path, rows: list[list[object]], title_rows: int = 0, sheet: str = "图斑列表") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for _ in range(title_rows):
        page.append(["永川区图斑台账"])
    for row in rows:
        page.append(row)
    book.save(path)
    return path


def test_a_register_joins_by_number_and_reports_what_it_cannot(tmp_path: Path) -> None:
    b.write_shapefile(tmp_path / "图斑.shp", b.parcels(3))
    _workbook(
        tmp_path / "台账.xlsx",
        [["线索编号", "图斑状态", "拆分状态", "核实认定意见", "项目名称", "基础库地类编码"],
         [b.number(1), None, "审核结束", "合法", "产业园", "0102"], [b.number(2), "被拆分", None, "其他", None, 101.0],
         ["500118SJBG23219999", None, None, "违法", None, None], [b.number(1), None, None, "违法", "重复", None],
         [None, None, None, "x", None, None]],
        title_rows=2,
    )  # fmt: skip
    taken = intake.read_delivery(tmp_path)
    claims = list(taken.parcels["claims"])
    assert (
        claims[0]["category"] == "合法" and claims[0]["project"] == "产业园" and claims[0]["split_state"] == "审核结束"
    )
    assert claims[1]["parcel_state"] == "被拆分" and claims[2] == {}
    assert taken.parcels["delivered"].iloc[0]["基础库地类编码"] == "0102"
    counts = taken.batch.counts
    assert (counts.register_rows, counts.register_joined, counts.register_refused) == (5, 2, 3)
    assert taken.batch.family == "A" and closes(taken)
    assert {r.code for r in taken.rejected} == {
        "intake.register_unmatched",
        "intake.register_repeated",
        "intake.register_number_missing",
    }


@pytest.mark.parametrize(
    ("header", "asked"),
    [
        (["JCBH", "项目名称", "某列"], True),
        (["线索编号", "项目名称", "图斑状态"], True),
        (["线索编号", "图斑状态", "拆分状态"], False),
        (["图斑编号", "状态(系统)", "审核阶段(系统)"], False),
    ],
)
def test_a_register_of_neither_export_is_asked_about(header: list[str], asked: bool, tmp_path: Path) -> None:
    b.write_shapefile(tmp_path / "图斑.shp", b.parcels(2))
    _workbook(tmp_path / "台账.xlsx", [header, [b.number(1), "甲", "乙"], [b.number(2), "丙", "丁"]])
    taken = intake.read_delivery(tmp_path)
    notes = [note for note in taken.notes if note.code == "intake.register_family_unknown"]
    assert bool(notes) is asked and closes(taken)
    if asked:
        assert notes[0].details["path"] and header[0] in notes[0].details["known"]
    if "某列" in header:
        assert "某列" in notes[0].details["unknown"]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig", "utf-16"])
def test_csv_registers_are_read_in_any_encoding(encoding: str, tmp_path: Path) -> None:
    b.write_shapefile(tmp_path / "图斑.shp", b.parcels(1))
    text = f"线索编号,状态(系统),审核阶段（系统）,核实认定意见\r\n{b.number(1)},10,101,合法\r\n"
    (tmp_path / "导出.csv").write_bytes(text.encode(encoding))
    taken = intake.read_delivery(tmp_path)
    assert taken.parcels["claims"].iloc[0]["category"] == "合法" and taken.batch.family == "B"


def test_a_register_alone_speaks_of_parcels_taken_in_before(tmp_path: Path) -> None:
    earlier = read(tmp_path, b.parcels(3)).parcels.assign(batch="一")
    head = ["线索编号", "图斑状态", "拆分状态", "核实认定意见"]
    path = _workbook(tmp_path / "台账.xlsx", [head, [b.number(2), None, None, "合法"], ["X9", 1, 1, 1]])
    taken = intake.read_delivery(path, intake.IntakeOptions(earlier=earlier))
    assert taken.parcels["number"].tolist() == [b.number(2)] and taken.parcels["flags"].tolist() == [()]
    assert taken.parcels["claims"].iloc[0]["category"] == "合法" and taken.parcels["delivered"].iloc[0][
        "JCBH"
    ] == b.number(2)
    assert [r.code for r in taken.rejected] == ["intake.register_unmatched"] and closes(taken)
    found = intake.compare_with_earlier(taken, earlier)
    assert found.changed_attributes == (b.number(2),) and found.withdrawn == () and not found.changed_geometry
    assert "核实认定意见" in {change.column for change in found.changes}


def test_metres_among_degrees_are_refused_one_by_one(tmp_path: Path) -> None:
    rows = [b.parcel(1), {**b.parcel(2), "record": b.record_bytes(b.moved(b.square(2), 4523))}, b.parcel(3)]
    taken = read(tmp_path, rows)
    assert [(r.feature, r.code) for r in taken.rejected] == [(b.number(2), "intake.coordinates_impossible")]
    metres = [{**b.parcel(4), "record": b.record_bytes(b.square(4))}, b.parcel(5), b.parcel(6), b.parcel(7)]
    mixed = intake.read_delivery(b.write_shapefile(tmp_path / "m.shp", metres, prj=b.prj_of(4523), epsg=4523))
    assert [r.feature for r in mixed.rejected] == [b.number(4)]
    assert mixed.rejected[0].code in ("intake.coordinates_impossible", "intake.geometry_not_finite")


def test_a_register_alone_is_not_a_delivery_of_parcels(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "台账.xlsx", [["图斑编号", "监测面积"], ["A1", 3]])
    with pytest.raises(WeipianError) as caught:
        intake.read_delivery(path)
    assert caught.value.code == "intake.register_only"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("a.xls", b"\xd0\xcf\x11\xe0", "intake.register_old_excel"), ("a.xlsx", b"PK", "intake.register_unreadable")],
)
def test_unreadable_registers_are_named(name: str, content: bytes, code: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(WeipianError) as caught:
        intake.read_delivery(tmp_path / name)
    assert caught.value.code == code


FORMATS = {"a.gpkg": "GPKG", "a.geojson": "GeoJSON", "a.gdb": "OpenFileGDB", "a.kml": "KML"}


@pytest.mark.parametrize(("name", "driver"), FORMATS.items())
def test_other_formats_give_the_same_parcels(name: str, driver: str, tmp_path: Path) -> None:
    rows = b.parcels(3)
    if driver == "KML":
        for row in rows:
            row["Name"] = row["JCBH"]
    frame = geopandas.GeoDataFrame(rows, geometry="geometry", crs=4490)
    if driver in ("GeoJSON", "KML"):
        frame = frame.set_crs(4326, allow_override=True)
    frame.to_file(tmp_path / name, driver=driver)
    fields = {"number": "Name"} if driver == "KML" else {}
    taken = intake.read_delivery(tmp_path / name, intake.IntakeOptions(fields=fields, county_code="500118"))
    assert taken.parcels["number"].tolist() == [b.number(i) for i in (1, 2, 3)]
    expected = [b.square_metres(b.square(i)) for i in (1, 2, 3)]
    assert taken.parcels["area_m2"].tolist() == pytest.approx(expected, rel=1e-5)
    if driver != "KML":
        assert taken.parcels["delivered"].iloc[0]["BZ"] == "疑似新增建设用地" and taken.batch.unit == "mu"


def test_a_geodatabase_in_a_zip_is_read(tmp_path: Path) -> None:
    geopandas.GeoDataFrame(b.parcels(3), geometry="geometry", crs=4490).to_file(
        tmp_path / "下发.gdb", driver="OpenFileGDB", layer="YGJCTB"
    )
    entries = {f"下发/下发.gdb/{part.name}": part.read_bytes() for part in (tmp_path / "下发.gdb").iterdir()}
    taken = intake.read_delivery(b.zip_of(tmp_path / "x.zip", entries))
    assert len(taken.parcels) == 3


def test_a_geopackage_with_several_layers_takes_the_parcels_only(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame(b.parcels(2), geometry="geometry", crs=4490)
    frame.to_file(tmp_path / "a.gpkg", layer="图斑")
    frame[["BZ", "geometry"]].to_file(tmp_path / "a.gpkg", layer="村界", mode="a")
    taken = intake.read_delivery(tmp_path / "a.gpkg")
    assert len(taken.parcels) == 2 and any(n.code == "intake.file_set_aside" for n in taken.notes)


def test_a_personal_geodatabase_without_driver_says_what_to_do(tmp_path: Path) -> None:
    import pyogrio

    if "PGeo" in pyogrio.list_drivers():
        pytest.skip("this GDAL reads .mdb")
    (tmp_path / "500118.mdb").write_bytes(b"\x00\x01\x00\x00Standard Jet DB")
    with pytest.raises(WeipianError) as caught:
        intake.read_delivery(tmp_path / "500118.mdb")
    assert caught.value.code == "intake.driver_missing" and "gdb" in str(caught.value)


def test_a_cancelled_run_stops_with_nothing(tmp_path: Path) -> None:
    class Stopping(Silent):
        def cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        intake.read_delivery(b.write_shapefile(tmp_path / "a.shp", b.parcels(2)), None, Stopping())


@pytest.mark.parametrize("name", ["missing.shp", "missing.zip", "missing"])
def test_a_missing_delivery_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(WeipianError) as caught:
        intake.read_delivery(tmp_path / name)
    assert caught.value.code == "intake.file_missing"


def test_records_survive_every_way_a_table_is_handled(tmp_path: Path) -> None:
    parcels = read(tmp_path, b.parcels(4)).parcels
    wanted = [b.number(i) for i in (1, 2, 3, 4)]
    for frame in (parcels.copy(), parcels[parcels["number"] != ""], parcels.iloc[::-1].iloc[::-1], pd.concat([parcels[:2], parcels[2:]]),
                  parcels.sort_values("number").reset_index(drop=True), pd.DataFrame(parcels.drop(columns="geometry"))):  # fmt: skip
        assert [record["JCBH"] for record in frame["delivered"]] == wanted
        assert [row["delivered"]["JCBH"] for row in frame.to_dict("records")] == wanted
    assert parcels.reindex([0, 9])["delivered"].isna().tolist() == [False, True]
    assert parcels["delivered"].map(json.dumps).str.contains("JCBH").all()


def test_what_is_no_record_is_never_taken_for_a_missing_one() -> None:
    """A pandas that asks the column whether texts worked out from it are records must not get an empty column back."""
    assert list(RecordArray.from_records([{"a": 1}, None])) == [{"a": 1}, None]
    for values in (["{}"], [1], [{"a": 1}, "x"]):
        with pytest.raises(TypeError):
            RecordArray._from_sequence(values)


def test_an_empty_delivery_has_no_parcels_and_closes(tmp_path: Path) -> None:
    taken = read(tmp_path, [])
    assert len(taken.parcels) == 0 and closes(taken)
