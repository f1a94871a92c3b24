"""The report: counts that add up, each refused or changed feature with its reason, and nothing a delivery can inject."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from weipian_plugin import intake
from weipian_plugin.intake.checks import FAILED, PASSED, SKIPPED, delivery_checks
from weipian_plugin.model.errors import WeipianError

from . import builder as b

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def taken(tmp_path: Path) -> intake.Intake:
    bow = [(105.9, 29.35), (105.901, 29.351), (105.901, 29.35), (105.9, 29.351), (105.9, 29.35)]
    rows = [
        *b.parcels(4), b.parcel(5, geometry=None), b.parcel(6), b.parcel(6, b.square(20)), b.parcel(7, JCMJ=99.0), b.parcel(8, JCBH=EVIL),
        {**b.parcel(9, JCMJ=77.0), "record": b.ring_bytes([bow])}, b.parcel(10, JCBH="=1+1"),
    ]  # fmt: skip
    return intake.read_delivery(b.write_shapefile(tmp_path / "图斑.shp", rows))


def test_html_workbook_and_map_are_written(taken: intake.Intake, tmp_path: Path) -> None:
    written = intake.report.write_reports(taken, tmp_path / "报告 文件夹")
    assert [path.name for path in written] == ["intake-report.html", "intake-report.xlsx", "intake-map.png"]
    with Image.open(written[2]) as picture:
        assert picture.width > 300 and len(set(picture.convert("L").tobytes())) > 20
    text = written[0].read_text(encoding="utf-8")
    assert "读入 11 ＝ 接收 7 ＋ 未接收 4" in text
    for rejection in taken.rejected:
        assert rejection.feature.replace("<", "&lt;").replace(">", "&gt;") in text


def test_delivered_text_is_never_markup(taken: intake.Intake) -> None:
    text = intake.report.html_text(intake.report.build_report(taken))
    assert EVIL not in text and "&lt;script&gt;" in text


def test_every_row_has_a_reason_and_a_link_where_the_place_is_known(taken: intake.Intake) -> None:
    rows = intake.report.build_report(taken).rows
    assert all(row.reason and "‹" not in row.reason and not row.reason.startswith("intake.") for row in rows)
    by_number = {(row.number, row.status): row for row in rows}
    assert by_number[(b.number(5), "未接收")].link == ""
    link = by_number[(b.number(7), "有标记")].link
    assert re.fullmatch(r"weipian:zoom\?number=\w+&bounds=105\.\d+,29\.\d+,105\.\d+,29\.\d+", link)
    assert by_number[(b.number(9), "未接收")].bounds is not None


def test_the_english_report_is_in_english(taken: intake.Intake) -> None:
    rows = intake.report.build_report(taken, language="en").rows
    assert any("delivered area" in row.reason for row in rows)


def test_the_workbook_keeps_numbers_as_text_and_runs_no_formula(taken: intake.Intake, tmp_path: Path) -> None:
    path = intake.report.write_reports(taken, tmp_path)[1]
    book = openpyxl.load_workbook(path)
    assert {"概况", "检查", "未接收与标记", "变化", "文件", "字段对照"} == set(book.sheetnames)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    reasons = {row[0].value: row[3].value for row in book["未接收与标记"].iter_rows(min_row=2)}
    assert "两个图斑用同一编号" in reasons[b.number(6)]


def test_the_checks_of_a_delivery_are_all_there(taken: intake.Intake) -> None:
    checks = {check.code: check for check in delivery_checks(taken)}
    assert set(checks) == {
        "opens", "crs", "fields", "codes", "unique", "mandatory", "geometry", "overlap", "earlier", "county", "area", "parent", "text",
        "counts", "sheets",
    }  # fmt: skip
    assert (
        checks["crs"].outcome == PASSED and checks["earlier"].outcome == SKIPPED and checks["counts"].outcome == PASSED
    )
    assert checks["unique"].outcome == FAILED and set(checks["unique"].numbers) == {b.number(6)}
    assert checks["area"].numbers == (b.number(7),)
    assert set(checks["codes"].numbers) == {EVIL, "=1+1"}


def test_projected_and_assumed_systems_fail_the_check(tmp_path: Path) -> None:
    projected = intake.read_delivery(b.write_shapefile(tmp_path / "a.shp", b.parcels(2), prj=b.prj_of(4523), epsg=4523))
    assert next(c for c in delivery_checks(projected) if c.code == "crs").outcome == FAILED


def test_differences_stand_in_the_report(tmp_path: Path) -> None:
    first = intake.read_delivery(b.write_shapefile(tmp_path / "a.shp", b.parcels(3)))
    later = intake.read_delivery(b.write_shapefile(tmp_path / "b.shp", [b.parcel(1, TBLX="建筑物"), b.parcel(2)]))
    found = intake.compare_with_earlier(later, first.parcels.assign(batch="一"))
    report = intake.report.build_report(later, found)
    assert ("与已入库图斑相比", "新增 0，未变 1，图形变化 0，属性变化 1，撤回 1") in report.facts
    assert {row.code for row in report.rows} >= {"intake.changed_attributes", "intake.withdrawn"}
    assert "建筑物" in intake.report.html_text(report)


def test_a_delivery_without_parcels_still_has_a_report(tmp_path: Path) -> None:
    taken = intake.read_delivery(b.write_shapefile(tmp_path / "a.shp", []))
    assert [path.name for path in intake.report.write_reports(taken, tmp_path / "r")] == [
        "intake-report.html",
        "intake-report.xlsx",
    ]


def test_a_folder_that_cannot_be_written_is_named(taken: intake.Intake, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(WeipianError) as caught:
        intake.report.write_reports(taken, tmp_path / "file")
    assert caught.value.code == "run.folder_unwritable"
