"""Filling an office's own xlsx form."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from weipian_plugin.filing.placeholder import KnownFields, Values
from weipian_plugin.filing.spreadsheet import read_template
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.office.text import LONGEST_CELL_TEXT

KNOWN = KnownFields(
    {"number": "number", "图斑编号": "number", "area": "area", "note": "note"},
    {"photos": "photos", "照片": "photos", "papers": "papers"},
    {"photos": {"file": "file", "文件": "file", "size": "size"}, "papers": {"title": "title"}},
)


def template(path: Path, cells: dict[str, Any], **more: Any) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "表"
    for place, value in cells.items():
        sheet[place] = value
    for area in more.get("merge", ()):
        sheet.merge_cells(area)
    if more.get("touch"):
        more["touch"](sheet)
    book.save(path)
    return path


def filled(path: Path, fields: dict[str, Any] | None = None, **tables: list[dict[str, Any]]) -> Any:
    values = Values(
        {"number": "1", "area": None, "note": "", **(fields or {})},
        {"photos": tables.get("photos", []), "papers": tables.get("papers", [])},
    )
    return openpyxl.load_workbook(io.BytesIO(read_template(path, KNOWN).fill(values)))


PHOTOS = [{"file": f"{n}.jpg", "size": n * 100} for n in (1, 2, 3)]


def test_a_lone_placeholder_keeps_numbers_as_numbers_and_ids_as_text(tmp_path: Path) -> None:
    path = template(
        tmp_path / "t.xlsx", {"A1": "{{图斑编号}}", "B1": "{{ area }}", "C1": "编号 {{number}}，{{area}} 亩"}
    )
    sheet = filled(path, {"number": "5001180000000000123", "area": Decimal("12.30")}).active
    assert (sheet["A1"].value, sheet["A1"].data_type) == ("5001180000000000123", "s")
    assert sheet["B1"].value == 12.3
    assert sheet["B1"].data_type == "n"
    assert sheet["C1"].value == "编号 5001180000000000123，12.30 亩"


def test_an_unknown_value_leaves_the_cell_blank_and_never_zero(tmp_path: Path) -> None:
    sheet = filled(template(tmp_path / "t.xlsx", {"A1": "{{area}}", "B1": "x"})).active
    assert sheet["A1"].value is None


def test_rows_repeat_and_everything_below_moves(tmp_path: Path) -> None:
    def touch(sheet: Any) -> None:
        sheet.print_area = "A1:C6"
        sheet.print_title_rows = "1:2"
        sheet.conditional_formatting.add(
            "B3:B3", CellIsRule(operator="greaterThan", formula=["$B$5"], fill=PatternFill("solid", bgColor="FF0000"))
        )
        choice = DataValidation(type="list", formula1='"a,b"')
        choice.add("A6")
        sheet.add_data_validation(choice)

    cells = {
        "A1": "题",
        "A2": "文件",
        "A3": "{{照片.文件}}",
        "B3": "{{photos.size}}",
        "B4": "=SUM(B3:B3)",
        "A5": "签字",
        "A6": "{{note}}",
    }
    path = template(tmp_path / "t.xlsx", cells, merge=["A1:C1", "B5:C5"], touch=touch)
    sheet = filled(path, photos=PHOTOS).active
    assert [sheet[f"A{row}"].value for row in (3, 4, 5)] == ["1.jpg", "2.jpg", "3.jpg"]
    assert [sheet[f"B{row}"].value for row in (3, 4, 5)] == [100, 200, 300]
    assert sheet["B6"].value == "=SUM(B3:B5)"
    assert sheet["A7"].value == "签字"
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:C1", "B7:C7"}
    assert sheet.print_area == "'表'!$A$1:$C$8"
    assert sheet.print_title_rows == "$1:$2"
    assert [str(area) for area in sheet.conditional_formatting] and str(
        next(iter(sheet.conditional_formatting)).sqref
    ) == "B3:B5"
    assert str(sheet.data_validations.dataValidation[0].sqref) == "A8"


def test_cells_merged_within_a_repeated_row_are_merged_in_every_copy(tmp_path: Path) -> None:
    path = template(tmp_path / "t.xlsx", {"A2": "{{photos.file}}", "D2": "x"}, merge=["A2:C2"])
    sheet = filled(path, photos=PHOTOS).active
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A2:C2", "A3:C3", "A4:C4"}
    assert [sheet[f"D{row}"].value for row in (2, 3, 4)] == ["x", "x", "x"]


def test_an_area_merged_across_a_repeated_row_grows_with_it(tmp_path: Path) -> None:
    path = template(tmp_path / "t.xlsx", {"A1": "照片", "B2": "{{photos.file}}"}, merge=["A1:A3"])
    sheet = filled(path, photos=PHOTOS).active
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:A5"}


def test_two_tables_on_a_sheet_each_repeat(tmp_path: Path) -> None:
    path = template(tmp_path / "t.xlsx", {"A1": "{{photos.file}}", "A2": "材料", "A3": "{{papers.title}}", "A4": "完"})
    sheet = filled(path, photos=PHOTOS, papers=[{"title": "甲"}, {"title": "乙"}]).active
    assert [cell.value for cell in sheet["A"]] == ["1.jpg", "2.jpg", "3.jpg", "材料", "甲", "乙", "完"]


def test_an_empty_table_leaves_one_blank_row(tmp_path: Path) -> None:
    sheet = filled(template(tmp_path / "t.xlsx", {"A1": "头", "A2": "{{photos.file}}", "A3": "尾"})).active
    assert [cell.value for cell in sheet["A"]] == ["头", None, "尾"]


@pytest.mark.parametrize(
    ("cells", "code", "place"),
    [
        ({"B7": "{{nubmer}}"}, "filing.template_field_unknown", "表!B7"),
        ({"C3": "{{photos.flie}}"}, "filing.template_field_unknown", "表!C3"),
        ({"C3": "{{pictures.file}}"}, "filing.template_field_unknown", "表!C3"),
        ({"A1": "{{}}"}, "filing.template_field_unknown", "表!A1"),
        ({"D4": "编号 {{number"}, "filing.template_braces", "表!D4"),
        ({"D4": "编号 number}}"}, "filing.template_braces", "表!D4"),
        ({"A2": "{{photos.file}}", "B2": "{{papers.title}}"}, "filing.template_two_tables", "表!B2"),
        ({"E5": '="{{number}}"'}, "filing.template_formula", "表!E5"),
        ({"E5": "{{__class__}}"}, "filing.template_field_unknown", "表!E5"),
    ],
)
def test_a_wrong_template_is_refused_with_its_cell(
    tmp_path: Path, cells: dict[str, str], code: str, place: str
) -> None:
    with pytest.raises(WeipianError) as caught:
        read_template(template(tmp_path / "单位表样.xlsx", cells), KNOWN)
    assert caught.value.code == code
    assert place in caught.value.text() and "单位表样.xlsx" in caught.value.text()
    assert "‹" not in caught.value.text("en")


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(b"not a zip")
    with pytest.raises(WeipianError) as caught:
        read_template(path, KNOWN)
    assert caught.value.code == "filing.template_unreadable"


@pytest.mark.parametrize(
    "text",
    ["=1+1", '=HYPERLINK("http://x")', "+1", "-1", "@sum", "\t=1", "<b>&amp;</b>", "]]>", "{{number}}", "'x", "0012"],
)
def test_hostile_text_ends_as_the_same_text(tmp_path: Path, text: str) -> None:
    sheet = filled(template(tmp_path / "t.xlsx", {"A1": "{{note}}"}), {"note": text}).active
    assert (sheet["A1"].value, sheet["A1"].data_type) == (text, "s")


def test_control_characters_become_visible_and_long_text_says_that_it_was_cut(tmp_path: Path) -> None:
    path = template(tmp_path / "t.xlsx", {"A1": "{{note}}", "A2": "{{number}}"})
    sheet = filled(path, {"note": "a\x00b\x1bc\ud800d\ufffe", "number": "长" * 40_000}).active
    assert (
        sheet["A1"].value
        == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c\N{REPLACEMENT CHARACTER}d\N{REPLACEMENT CHARACTER}"
    )
    assert len(sheet["A2"].value) <= LONGEST_CELL_TEXT
    assert sheet["A2"].value.endswith("字）") and "截去" in sheet["A2"].value


def test_a_row_grows_with_wrapped_text_and_keeps_its_height_otherwise(tmp_path: Path) -> None:
    def touch(sheet: Any) -> None:
        for place in ("A1", "A2"):
            sheet[place].alignment = Alignment(wrap_text=True)
        sheet.row_dimensions[1].height = sheet.row_dimensions[2].height = 20
        sheet.column_dimensions["A"].width = 20

    path = template(tmp_path / "t.xlsx", {"A1": "{{note}}", "A2": "{{number}}"}, touch=touch)
    sheet = filled(path, {"note": "理由" * 60, "number": "短"}).active
    assert sheet.row_dimensions[1].height > 150
    assert sheet.row_dimensions[2].height == 20


def test_equal_values_give_equal_bytes_and_nothing_tells_the_time(tmp_path: Path) -> None:
    path = template(tmp_path / "t.xlsx", {"A1": "{{photos.file}}"})
    values = Values({"number": "1", "area": None, "note": ""}, {"photos": PHOTOS, "papers": []})
    assert read_template(path, KNOWN).fill(values) == read_template(path, KNOWN).fill(values)
    other = template(tmp_path / "later.xlsx", {"A1": "{{photos.file}}"})
    assert read_template(path, KNOWN).fill(values) == read_template(other, KNOWN).fill(values)
