"""The one writer of workbooks: what is asked of a sheet stands in the file, and nothing in a cell is ever run."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from tests.unit.test_house_rules import PACKAGE
from weipian_plugin.office.book import Band, Cell, Look, Margins, Page, Row, Sheet, plain, sheet_name, sized
from weipian_plugin.office.book_writer import book_bytes, write_book

HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "007", "1e5", "\x07铃")


def reopened(*sheets: Sheet) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(book_bytes(sheets)))


@pytest.mark.parametrize("look", [Look(), Look(form="General"), Look(form="0.00")])
def test_text_is_never_a_formula_nor_a_number(look: Look) -> None:
    sheet = reopened(Sheet("甲", [Row([Cell(text, look) for text in HOSTILE])])).active
    assert [cell.value for cell in sheet[1]] == [text.replace("\x07", "\ufffd") for text in HOSTILE]
    assert {cell.data_type for cell in sheet[1]} == {"s"}


def test_numbers_and_days_stay_what_they_are() -> None:
    cells = [Cell(Decimal("1.20"), Look(form="0.00")), Cell(7), Cell(None), Cell(True), Cell(date(2024, 1, 2))]
    sheet = reopened(Sheet("甲", [Row(cells)])).active
    assert [cell.value for cell in sheet[1]][:4] == [1.2, 7, None, True]
    assert sheet["E1"].is_date and sheet["A1"].number_format == "0.00"


def test_looks_merges_links_and_heights_are_as_asked() -> None:
    loud = Look("宋体", 12, bold=True, colour="C00000", underlined=True, fill="FFFF00", edge="808080", wraps=True)
    rows = [
        Row([Cell("头", loud, across=2), Cell("", loud), Cell("下", down=2)], 30),
        Row([Cell("去", link="a%20b/c.xlsx"), Cell("x")]),
    ]
    sheet = reopened(Sheet("甲", rows, (20, 10, 8), frozen="A2", filtered=True)).active
    assert {str(merged) for merged in sheet.merged_cells.ranges} == {"A1:B1", "C1:C2"}
    font = sheet["A1"].font
    assert (font.name, font.sz, font.b, font.u, font.color.rgb) == ("宋体", 12, True, "single", "00C00000")
    assert sheet["A1"].fill.fgColor.rgb == "00FFFF00" and sheet["A1"].border.top.style == "thin"
    assert sheet["A2"].font.name == "Calibri", "a look of one cell is not that of the next"
    assert sheet["A2"].hyperlink.target == "a%20b/c.xlsx"
    assert (sheet.row_dimensions[1].height, sheet.row_dimensions[2].height) == (30, None)
    assert (sheet.column_dimensions["A"].width, sheet.freeze_panes, sheet.auto_filter.ref) == (20, "A2", "A1:C2")


def test_a_sheet_is_printed_as_asked() -> None:
    page = Page(a3=True, upright=True, centred=True, margins=Margins(left=0.2), head_rows="1:2", head_columns="A:B",
                header=Band(center=sized(plain("甲&乙"), 16)), footer=Band(right="&P"))  # fmt: skip
    rows = [Row([Cell(n)], new_page=n in (0, 2)) for n in range(4)]
    sheet = reopened(Sheet("甲", rows, page=page)).active
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (8, "portrait")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$2", "$A:$B")
    assert (sheet.oddHeader.center.text, sheet.oddHeader.center.size) == ("甲&&乙", 16)
    assert [each.id for each in sheet.row_breaks.brk] == [2], "no page is empty"
    scaled = reopened(Sheet("甲", [], page=Page(scale=85))).active
    assert scaled.page_setup.scale == 85 and not scaled.sheet_properties.pageSetUpPr.fitToPage


def test_a_picture_stands_on_its_cell() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30)).save(buffer, "JPEG")
    sheet = reopened(Sheet("甲", [Row([]), Row([Cell(), Cell(picture=buffer.getvalue())], 140)])).active
    [image] = sheet._images
    assert (image.anchor._from.row, image.anchor._from.col) == (1, 1)


def test_equal_sheets_give_equal_bytes_and_a_hidden_sheet_stays_hidden(tmp_path: Path) -> None:
    def sheets() -> list[Sheet]:
        return [Sheet("甲", [Row([Cell("a")])]), Sheet("乙", [], hidden=True)]

    assert book_bytes(sheets()) == book_bytes(sheets())
    path = write_book(tmp_path / "新" / "册.xlsx", sheets())
    assert [sheet.sheet_state for sheet in openpyxl.load_workbook(path).worksheets] == ["visible", "hidden"]
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None


def test_names_of_sheets_are_such_as_excel_takes_each_once() -> None:
    taken: set[str] = set()
    names = [sheet_name(title, taken) for title in ("a/b", "A/B", "长" * 40, "长" * 40, "", "x:y")]
    assert names == ["a-b", "A-B(2)", "长" * 31, "长" * 28 + "(2)", "Sheet", "x-y"]


def test_nothing_else_in_the_package_writes_workbooks() -> None:
    """Templates are filled by filing/spreadsheet and opened again by filing/verify; whatever makes a workbook goes through office/book."""
    makers = {
        str(path.relative_to(PACKAGE).as_posix())
        for path in PACKAGE.rglob("*.py")
        if "vendor" not in path.parts and ("openpyxl.Workbook" in (text := path.read_text()) or "openpyxl import Workbook" in text)
    }  # fmt: skip
    assert makers == {"office/book_writer.py"}
