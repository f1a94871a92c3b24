"""Cells of foreign tables are seen through as a person sees through them."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import geopandas
import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weipian_plugin import intake
from weipian_plugin.model.cells import cell_text, clean_text, code_text, is_rounded, local_day, number_text
from weipian_plugin.model.records import DateSpan

from .intake import builder as b

DATES = {
    "2023-04-26T16:00:00Z": "2023-04-27",
    "2023-04-26T16:00:00.000Z": "2023-04-27",
    "2023-04-26T15:59:59Z": "2023-04-26",
    "2023/04/26 16:00:00+00": "2023-04-27",
    "2023-04-27T00:00:00+08:00": "2023-04-27",
    "2023-04-27 00:00:00+0800": "2023-04-27",
    "2023-04-26T12:00:00-05:00": "2023-04-27",
    "2023-04-27T00:00:00": "2023-04-27",
    "2023-04-27 23:59:59": "2023-04-27",
    "1682524800000": "2023-04-27",
    "1682524800000.0": "2023-04-27",
    "1.682524800000e+12": "2023-04-27",
    "２０２３０４２７": "2023-04-27",
    "２０２３年４月２７日": "2023-04-27",
    "'20230427": "2023-04-27",
    '="20230427"': "2023-04-27",
    "20230427.0": "2023-04-27",
    "2.02304270000e+007": "2023-04-27",
    "2023\u200b0427": "2023-04-27",
    "2023.0": "2023",
    "202304.00": "2023-04",
}


@pytest.mark.parametrize(("text", "day"), DATES.items())
def test_a_date_is_its_day_in_china_however_it_is_written(text: str, day: str) -> None:
    span = DateSpan.parse(text)
    assert span is not None and span.isoformat() == day


NO_DATES = ["", "0", "00000000", "0000-00-00", "1899-12-30", "1899-12-30T00:00:00Z", "1900-01-01", "0000/00/00 00:00:00",
            "********", "1970-01-01T00:00:00Z", "2023-13-45T25:00:00Z", "99999999999999"]  # fmt: skip


@pytest.mark.parametrize("text", NO_DATES)
def test_zeros_of_null_dates_and_overflow_signs_are_nothing(text: str) -> None:
    assert DateSpan.parse(text) is None


TEXTS = [
    (101.0, "101"), ("1.01000000000e+002", "101"), ("500118.000000", "500118"), ("0101.0", "0101"), (np.float64(7), "7"), (3.25, "3.25"),
    (float("nan"), ""), (None, ""), (pd.NaT, ""), ("****", ""), ('="0101"', "0101"), ("'0101", "0101"), ("\u200b渝府\ufeff地", "渝府地"),
    ("渝府地〔2020〕1号", "渝府地〔2020〕1号"), ("2.0.1", "2.0.1"), ("1.5e+000", "1.5e+000"), ("E10", "E10"), ("'十四五'规划", "'十四五'规划"),
    (pd.Timestamp("2023-04-26 16:00", tz="UTC"), "2023-04-27"), (datetime(2023, 4, 26, 16, tzinfo=timezone.utc), "2023-04-27"),
    (True, "True"), (123456789012345678, "123456789012345678"), (5.00118e18, "5.00118000000000E+18"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "text"), TEXTS)
def test_a_cell_says_what_a_person_reads(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_numbers_and_codes_are_read_in_both_widths() -> None:
    assert code_text("５００１１８ＳＪＢＧ２３２１０００１") == "500118SJBG23210001"
    assert code_text(" 500118 SJBG\u200b23210001 ") == "500118SJBG23210001"
    assert number_text("１，２３４．５") == "1234.5" and number_text("12,34") == "12,34"


def test_a_rounded_number_is_recognised() -> None:
    assert is_rounded("5.00118E+18") and is_rounded(cell_text(5.00118e18)) and not is_rounded("500118SJBG23210001")
    assert not is_rounded("5.5E+2")


@given(st.text(max_size=40))
def test_cleaning_never_fails_and_is_done_once(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) in (once, clean_text(once)) and isinstance(local_day(text), str)


DOUBLES = tuple(("HSX", "C", 20, 0) if column[0] == "HSX" else column for column in b.COLUMNS)


def test_doubles_of_arcgis_are_codes_and_areas_again(tmp_path: Path) -> None:
    columns = (
        ("JCBH", "F", 19, 11),
        ("XZQDM", "F", 19, 11),
        *b.COLUMNS[2:6],
        ("JCMJ", "F", 19, 11),
        ("BZ", "C", 40, 0),
    )
    rows = [
        {**row, "JCBH": f"1.01{serial:010d}e+012"[:19], "XZQDM": "5.00118000000e+005", "JCMJ": "1.61500000000e+001"}
        for serial, row in enumerate(b.parcels(2), start=1)
    ]
    taken = intake.read_delivery(b.write_shapefile(tmp_path / "a.shp", rows, columns))
    assert taken.parcels["number"].tolist() == ["1010000000001", "1010000000002"]
    assert (
        taken.parcels["county_code"].tolist() == ["500118"] * 2
        and taken.parcels["delivered_area"].tolist() == [16.15] * 2
    )


def test_overflow_signs_and_null_dates_are_nothing_in_a_delivery(tmp_path: Path) -> None:
    columns = (*b.COLUMNS[:4], ("QSX", "D", 8, 0), ("HSX", "D", 8, 0), *b.COLUMNS[6:])
    rows = [{**b.parcel(1), "QSX": "00000000", "JCMJ": "*" * 15}]
    taken = intake.read_delivery(b.write_shapefile(tmp_path / "a.shp", rows, columns))
    one = taken.parcels.iloc[0]
    assert one["earlier_image"] == "" and one["later_image"] == "2023-04-26" and "area_missing" in one["flags"]
    assert one["delivered"]["QSX"] is None and one["delivered"]["JCMJ"] is None


def test_a_number_that_a_spreadsheet_rounded_is_said(tmp_path: Path) -> None:
    b.write_shapefile(
        tmp_path / "图斑.shp", [b.parcel(1, JCBH="5001180000000000123"), b.parcel(2, JCBH="5001180000000000456")]
    )
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in (["图斑编号", "项目名称"], [5001180000000000000, "甲"], [5.00118e18, "乙"], ["5.00118E+18", "丙"],
                ['="5001180000000000456"', "丁"], ["'5001180000000000123", "戊"]):  # fmt: skip
        page.append(row)
        for cell in page[page.max_row]:
            cell.data_type = "s" if isinstance(cell.value, str) else "n"
    book.save(tmp_path / "台账.xlsx")
    taken = intake.read_delivery(tmp_path)
    assert [rejection.code for rejection in taken.rejected] == ["intake.register_number_rounded"] * 3
    assert [claims["project"] for claims in taken.parcels["claims"]] == ["戊", "丁"]


def test_parcels_whose_number_is_a_rounded_float_are_refused_with_the_reason(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame(
        {"JCBH": [5.0011800001e18, 500118232100.0], "geometry": [b.square(1), b.square(2)]}, crs=4490
    )
    frame.to_file(tmp_path / "a.gpkg", layer="图斑")
    taken = intake.read_delivery(tmp_path / "a.gpkg", intake.IntakeOptions(county_code="500118"))
    assert taken.parcels["number"].tolist() == ["500118232100"]
    assert [rejection.code for rejection in taken.rejected] == ["intake.number_rounded"]
