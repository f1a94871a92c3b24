"""The layer check: what is told of good layers, of bad ones, and of those that are not there."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pandas as pd
import pytest
import shapely

from weipian_plugin.formats.catalogue import FIELD_KEYS, roles
from weipian_plugin.formats.catalogue_file import CatalogueFile, Entry, open_catalogue
from weipian_plugin.model.messages import render
from weipian_plugin.pipeline.field_check import Level, check_fields, keys_of, rules
from weipian_plugin.pipeline.layer_check import CatalogueCheck, check_layers
from weipian_plugin.pipeline.layer_report import CSV, HTML, write_report

SQUARE = shapely.box(105.90, 29.30, 105.91, 29.31)
COUNTY = (105.8, 29.2, 106.1, 29.5)


def checked(
    folder: Path, role: str, shapes: list[object], box: object = COUNTY, **columns: list[object]
) -> CatalogueCheck:
    path = folder / "层.gpkg"
    frame = geopandas.GeoDataFrame(columns or {"PZWH": ["x"] * len(shapes)}, geometry=shapes, crs="EPSG:4490")
    frame.to_file(path, layer="层", driver="GPKG", engine="pyogrio")
    catalogue = CatalogueFile().with_entry(Entry(role, str(path), "层"))
    return check_layers(catalogue.sources(), box)  # type: ignore[arg-type]


def codes(check: CatalogueCheck) -> dict[str, Level]:
    return {one.message.code: one.level for one in check.layers[0].findings}


def test_the_sample_county_is_good_throughout(county_layers: Path) -> None:
    check = check_layers(open_catalogue(county_layers / "图层清单.yaml").sources())
    bad = [(one.source.source, one.findings) for one in check.layers if one.level is Level.ERROR]
    assert not bad
    assert not check.lacking
    assert all(one.count > 0 for one in check.layers if not roles()[one.source.role].raster)
    survey = check.layers[0]
    known = next(one for one in survey.fields if one.key == "class")
    assert (known.column, known.level, known.message.details["share"]) == ("DLBM", Level.GOOD, "100%")  # type: ignore[union-attr]


def test_a_layer_of_another_place_is_told(tmp_path: Path) -> None:
    check = checked(tmp_path, "basic_farmland", [shapely.box(120.0, 30.0, 120.1, 30.1)])
    assert codes(check)["check.layer_outside"] is Level.ERROR


def test_lines_points_and_nothing_are_no_ground(tmp_path: Path) -> None:
    line = shapely.LineString([(105.9, 29.3), (105.95, 29.35)])
    assert codes(checked(tmp_path, "farmland_conversion", [line]))["check.layer_not_areas"] is Level.ERROR
    (tmp_path / "层.gpkg").unlink()
    assert "check.layer_not_areas" not in codes(checked(tmp_path, "road_network", [line]))


def test_a_shape_that_crosses_itself_is_told_with_its_number(tmp_path: Path) -> None:
    bow = shapely.Polygon([(105.9, 29.3), (105.91, 29.31), (105.91, 29.3), (105.9, 29.31)])
    check = checked(tmp_path, "land_supply", [shapely.box(105.95, 29.3, 105.96, 29.31), bow])
    finding = next(one for one in check.layers[0].findings if one.message.code == "check.layer_invalid")
    assert (finding.message.details["count"], finding.message.details["first"]) == (1, 2)


def test_the_same_land_twice_is_told_in_mu(tmp_path: Path) -> None:
    check = checked(tmp_path, "land_supply", [SQUARE, SQUARE, shapely.box(105.91, 29.30, 105.92, 29.31)])
    finding = next(one for one in check.layers[0].findings if one.message.code == "check.layer_overlap")
    assert float(finding.message.details["area"]) == pytest.approx(1_078_000 * 0.0015, rel=0.01)
    (tmp_path / "层.gpkg").unlink()
    assert "check.layer_overlap" not in codes(
        checked(tmp_path, "land_supply", [SQUARE, shapely.box(105.91, 29.30, 105.92, 29.31)])
    )


def test_a_date_in_the_future_is_told(tmp_path: Path) -> None:
    check = checked(
        tmp_path, "farmland_conversion", [SQUARE, SQUARE], PZWH=["a", "b"], PZRQ=["2019-03-01", "2099-01-01"]
    )
    assert codes(check)["check.layer_dates_future"] is Level.WARNING
    assert codes(check)["check.layer_dates"] is Level.GOOD


def test_an_empty_layer_and_a_file_that_is_gone_are_errors(tmp_path: Path) -> None:
    assert codes(checked(tmp_path, "linkage", [], PZWH=[]))["check.layer_empty"] is Level.ERROR
    gone = CatalogueFile().with_entry(Entry("linkage", str(tmp_path / "没有.shp")))
    assert check_layers(gone.sources()).layers[0].level is Level.ERROR


def test_the_same_layer_twice_is_told(county_layers: Path) -> None:
    entry = Entry("villages", str(county_layers / "基础" / "村界.gpkg"), "村界")
    check = check_layers(CatalogueFile(entries=(entry, entry)).sources())
    assert [
        one.message.details["number"]
        for one in check.layers[1].findings
        if one.message.code == "check.layer_same_twice"
    ] == [1]


def test_what_the_catalogue_lacks_is_told_with_what_it_causes(tmp_path: Path) -> None:
    check = checked(tmp_path, "villages", [SQUARE], ZLDWMC=["大安村"])
    said = {one.message.code: one.level for one in check.lacking}
    assert said["check.no_land_survey"] is Level.ERROR
    assert said["check.no_farmland_conversion"] is Level.ERROR
    assert "check.no_villages" not in said


# ---- fields ----


def field(role: str, key: str, values: list[object], **chosen: str) -> object:
    column = chosen.get(key) or roles()[role].fields[key][0]
    rows = pd.DataFrame({column: values})
    return next(one for one in check_fields(role, (column,), rows, chosen) if one.key == key)


DATES = ["2019-03-01", "20210405", "2020年5月6日", "2021/7/8", 2022.0]


@pytest.mark.parametrize(
    ("role", "key", "values", "level"),
    [
        ("farmland_conversion", "date", DATES, Level.GOOD),
        ("farmland_conversion", "date", [*DATES * 9, "未知"], Level.WARNING),
        ("farmland_conversion", "date", ["渝府地1号", "渝府地2号", "2019-01-01"], Level.ERROR),
        ("farmland_conversion", "date", ["", None, float("nan")], Level.WARNING),
        ("farmland_conversion", "document", ["渝府地〔2019〕1号", "渝府地〔2019〕2号"], Level.GOOD),
        ("farmland_conversion", "document", ["渝府地〔2019〕1号", ""], Level.WARNING),
        ("farmland_conversion", "area", ["1.5", 2, "3公顷"], Level.NOTE),
        ("farmland_conversion", "authority", ["", ""], Level.NOTE),
        ("land_survey", "class", ["0101", "0303", "1104A", "0201K"], Level.GOOD),
        ("land_survey", "class", ["0101"] * 20 + ["9999"], Level.WARNING),
        ("land_survey", "class", ["水田", "旱地"], Level.ERROR),
        ("land_survey", "year", [2022, 2022.0, "2022"], Level.GOOD),
        ("land_survey", "village_attribute", ["", "", "", "203"], Level.GOOD),
        ("land_survey", "village_attribute", ["", ""], Level.WARNING),
        ("temporary_land", "until", ["2024-01-01", "长期"], Level.WARNING),
    ],
)  # fmt: skip
def test_a_column_is_told_by_its_values(role: str, key: str, values: list[object], level: Level) -> None:
    assert field(role, key, values).level is level  # type: ignore[attr-defined]


def test_one_wrong_among_many_is_never_all() -> None:
    check = field("farmland_conversion", "date", ["2020-01-01"] * 999 + ["x"])
    assert check.message.details["share"] == ">99%"  # type: ignore[attr-defined]


def test_what_is_missing_says_what_it_causes() -> None:
    found = {one.key: one for one in check_fields("temporary_land", ("XMMC",), pd.DataFrame({"XMMC": ["甲"]}), {})}
    assert found["document"].effect.code == "check.without_document"  # type: ignore[union-attr]
    assert found["date"].effect.code == "check.without_date"  # type: ignore[union-attr]
    assert found["until"].level is Level.WARNING
    assert found["project"].column == "XMMC"


def test_a_chosen_column_that_is_gone_is_an_error() -> None:
    check = next(
        one
        for one in check_fields("villages", ("A",), pd.DataFrame({"A": ["x"]}), {"name": "村名"})
        if one.key == "name"
    )
    assert (check.level, check.column) == (Level.ERROR, "")


def test_a_year_in_the_name_stands_for_the_column() -> None:
    rows = pd.DataFrame({"DLBM": ["0101"]})
    level = {
        named: next(one.level for one in check_fields("land_survey", ("DLBM",), rows, {}, named) if one.key == "year")
        for named in (True, False)
    }
    assert level == {True: Level.GOOD, False: Level.WARNING}


@pytest.mark.parametrize("role", sorted(roles()))
def test_every_key_of_every_role_has_a_title_and_an_effect(role: str) -> None:
    for check in check_fields(role, (), pd.DataFrame(), {}, named_year=False):
        assert check.key in rules().keys
        assert check.effect is not None
        assert render(check.effect)
    assert keys_of("") == ()


def test_every_field_key_of_the_catalogue_has_a_title() -> None:
    assert set(rules().keys) == set(FIELD_KEYS)


def test_the_report_is_a_page_and_a_table(county_layers: Path, tmp_path: Path) -> None:
    check = check_layers(open_catalogue(county_layers / "图层清单.yaml").sources()[:2])
    page = write_report(check, tmp_path).read_text(encoding="utf-8")
    assert "地类图斑" in page and "DLBM" in page and "没有永久基本农田" in page
    assert "Land survey" in write_report(check, tmp_path, "en").read_text(encoding="utf-8")
    table = pd.read_csv(tmp_path / CSV, encoding="utf-8-sig")
    assert list(table["role"]) == ["land_survey", "land_survey"]
    assert (tmp_path / HTML).is_file()
