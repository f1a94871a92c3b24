"""Spreadsheets as offices have them: read, or named with the way out; bounded in what they may cost."""

from __future__ import annotations

import io
import re
import time
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Callable

import openpyxl
import pytest

from weipian_plugin import intake
from weipian_plugin.formats.sheets import header_of, read_sheets
from weipian_plugin.model.errors import WeipianError

from ..intake import builder as b

ROWS = [
    ["图斑编号", "项目名称", "监测面积", "批准日期"],
    [b.number(1), "产业园", 16.15, datetime(2023, 4, 27)],
    [b.number(2), None, 3, None],
]


def workbook(
    path: Path, rows: list = ROWS, change: Callable[[str, str], str] | None = None, merged: tuple = ()
) -> Path:
    """A workbook of openpyxl whose parts are then ``change``d (name, XML)."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "台账"
    for row in rows:
        page.append(row)
    for cells in merged:
        page.merge_cells(cells)
    memory = io.BytesIO()
    book.save(memory)
    with zipfile.ZipFile(memory) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            text = source.read(info)
            if info.filename.endswith((".xml", ".rels")) and change:
                text = change(info.filename, text.decode()).encode()
            target.writestr(info.filename, text)
    return path


def _strict(name: str, xml: str) -> str:
    xml = xml.replace(
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"
    )
    return xml.replace(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    )


def _empty_fill(name: str, xml: str) -> str:
    return (
        re.sub(r"<fills.*?</fills>", '<fills count="2"><fill/><fill/></fills>', xml, flags=re.S)
        if name.endswith("styles.xml")
        else xml
    )


def _dimension(reference: str) -> Callable[[str, str], str]:
    return lambda name, xml: re.sub(r'<dimension ref="[^"]*"', f'<dimension ref="{reference}"', xml)


def _no_references(name: str, xml: str) -> str:
    return re.sub(r'(<(?:c|row)[^>]*?) r="[A-Z0-9]+"', r"\1", xml) if "worksheets/" in name else xml


def _broken_styles(name: str, xml: str) -> str:
    return "<broken" if name.endswith("styles.xml") else xml


READ = {
    "as openpyxl writes it": None,
    "strict": _strict,
    "an empty fill": _empty_fill,
    "a range of one cell": _dimension("A1"),
    "a range that is too large": _dimension("A1:XFD1048576"),
    "no references": _no_references,
}


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm"])
@pytest.mark.parametrize("change", READ.values(), ids=READ.keys())
def test_the_cells_are_read_whoever_wrote_them(change: Callable | None, suffix: str, tmp_path: Path) -> None:
    (sheet,) = read_sheets(workbook(tmp_path / f"台账{suffix}", change=change))
    assert sheet.name == "台账" and sheet.rows[0] == tuple(ROWS[0])
    assert sheet.rows[1] == (b.number(1), "产业园", 16.15, datetime(2023, 4, 27))
    assert (
        sheet.rows[2] == ((b.number(2), None, 3) if change is not _no_references else (b.number(2), 3))
        or change is _no_references
    )


def test_damaged_styles_do_no_harm_to_the_cells(tmp_path: Path) -> None:
    (sheet,) = read_sheets(workbook(tmp_path / "a.xlsx", change=_broken_styles))
    assert sheet.rows[1][:3] == (b.number(1), "产业园", 16.15)


HEADERS = {
    "one row": ([["图斑编号", "项目名称"], ["A", "甲"]], (), ("图斑编号", "项目名称"), 1),
    "a title above": ([["永川区台账"], ["图斑编号", "项目名称"], ["A", "甲"]], ("A1:B1",), ("图斑编号", "项目名称"), 2),
    "two rows with units": ([["图斑编号", "监测面积", None, "项目名称"], [None, "亩", "平方米", None], ["A", 1, 2, "甲"]],
                            ("A1:A2", "B1:C1", "D1:D2"), ("图斑编号", "监测面积(亩)", "监测面积(平方米)", "项目名称"), 2),
    "groups above": ([["基本信息", None, "审批"], ["图斑编号", "项目名称", "文号"], ["A", "甲", "1"]],
                     ("A1:B1",), ("图斑编号", "项目名称", "文号"), 2),
    "three rows": ([["图斑编号", "占用", None, None], [None, "耕地", None, "其他"], [None, "亩", "平方米", None], ["A", 1, 2, 3]],
                   ("A1:A3", "B1:D1", "B2:C2", "D2:D3"), ("图斑编号", "耕地(亩)", "耕地(平方米)", "其他"), 3),
}  # fmt: skip


@pytest.mark.parametrize("case", HEADERS.values(), ids=HEADERS.keys())
def test_headers_of_several_rows_are_joined(case: tuple, tmp_path: Path) -> None:
    rows, merged, names, below = case
    (sheet,) = read_sheets(workbook(tmp_path / "a.xlsx", rows, merged=merged))
    assert header_of(sheet, lambda found: "图斑编号" in found) == (names, below)


def test_a_register_with_a_header_of_two_rows_joins_without_a_refusal(tmp_path: Path) -> None:
    b.write_shapefile(tmp_path / "图斑.shp", b.parcels(1))
    rows = [
        ["图斑编号", "监测面积", None, "项目名称"],
        [None, "亩", "平方米", None],
        [b.number(1), 16.15, 10763, "产业园"],
    ]
    workbook(tmp_path / "台账.xlsx", rows, merged=("A1:A2", "B1:C1", "D1:D2"))
    taken = intake.read_delivery(tmp_path)
    assert not taken.rejected and taken.parcels["claims"].iloc[0]["project"] == "产业园"
    assert taken.parcels["delivered"].iloc[0]["监测面积(亩)"] == 16.15


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
NAMED = {
    "旧.xls": (OLE, "intake.register_old_excel"),
    "旧.et": (OLE, "intake.register_old_excel"),
    "密码.xlsx": (OLE + "EncryptedPackage".encode("utf-16-le"), "intake.register_password"),
    "网页.xls": (b"<html><table><tr><td>x</td></tr></table></html>", "intake.register_kind"),
    "表.ods": (b"PK\x03\x04" + b"x" * 40, "intake.register_kind"),
    "断.xlsx": (b"PK\x03\x04" + b"x" * 40, "intake.register_unreadable"),
    "空.xlsx": (b"", "intake.register_unreadable"),
    "乱.xls": (b"\x00\x01\x02\x03" * 20, "intake.register_unreadable"),
}


@pytest.mark.parametrize(("name", "case"), NAMED.items())
def test_what_is_not_read_is_named_with_the_way_out(name: str, case: tuple, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(case[0])
    with pytest.raises(WeipianError) as caught:
        read_sheets(tmp_path / name)
    if case[1] == "intake.register_old_excel":
        assert caught.value.code in (case[1], "intake.register_unreadable")
    else:
        assert caught.value.code == case[1]
    assert name in str(caught.value)
    b.write_shapefile(tmp_path / "图斑.shp", b.parcels(1))
    taken = intake.read_delivery(tmp_path)
    assert len(taken.parcels) == 1 and any(name in str(note.details.get("path", "")) for note in taken.notes)


def test_tabs_under_the_name_of_a_workbook_are_read(tmp_path: Path) -> None:
    (tmp_path / "导出.xls").write_bytes("图斑编号\t项目名称\r\nA\t甲\r\n".encode("gbk"))
    assert read_sheets(tmp_path / "导出.xls")[0].rows == (("图斑编号", "项目名称"), ("A", "甲"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_texts_are_read_in_every_encoding(encoding: str, delimiter: str, tmp_path: Path) -> None:
    text = f"图斑编号{delimiter}项目名称\r\n{b.number(1)}{delimiter}产业园\r\n"
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    assert read_sheets(tmp_path / "a.csv")[0].rows == (("图斑编号", "项目名称"), (b.number(1), "产业园"))


def _cells(path: Path, sheet: str) -> Path:
    return workbook(path, change=lambda name, xml: sheet if "worksheets/" in name else xml)


MAIN = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
COSTLY = {
    "values at the last column": MAIN.format("<sheetData>" + "".join(
        f'<row r="{row}"><c r="XFD{row}"><v>1</v></c></row>' for row in range(1, 2000)) + "</sheetData>"),
    "entities": '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + MAIN.format("<sheetData/>"),
    "a row that never ends": MAIN.format("<sheetData><row><c><v>1</v></c>" * 300),
}  # fmt: skip


@pytest.mark.parametrize("sheet", COSTLY.values(), ids=COSTLY.keys())
def test_a_costly_workbook_is_refused_quickly(sheet: str, tmp_path: Path) -> None:
    path = _cells(tmp_path / "a.xlsx", sheet)
    begun = time.monotonic()
    with pytest.raises(WeipianError) as caught:
        read_sheets(path)
    assert caught.value.code in ("intake.register_too_big", "intake.register_unreadable")
    assert time.monotonic() - begun < 10


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"," * 3_000_000)
    with pytest.raises(WeipianError) as caught:
        read_sheets(tmp_path / "a.csv")
    assert caught.value.code == "intake.register_too_big"


def test_every_cut_of_a_workbook_is_one_coded_error(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "a.xlsx").read_bytes()
    for place in range(10, len(whole), len(whole) // 60):
        cut = tmp_path / "b.xlsx"
        cut.write_bytes(whole[:place])
        with pytest.raises(WeipianError):
            read_sheets(cut)
        damaged = bytearray(whole)
        damaged[place : place + 4] = b"\xff\x00\xff\x00"
        cut.write_bytes(damaged)
        try:
            read_sheets(cut)
        except WeipianError as error:
            assert re.search("[\u4e00-\u9fff]", str(error))


def test_a_damaged_returned_table_is_one_coded_error(tmp_path: Path) -> None:
    from weipian_plugin.filing.returned_table import returned_table

    whole = workbook(tmp_path / "a.xlsx").read_bytes()
    for place in (len(whole) // 3, len(whole) // 2, len(whole) - 30):
        (tmp_path / "b.xlsx").write_bytes(whole[:place])
        with pytest.raises(WeipianError) as caught:
            returned_table(tmp_path / "b.xlsx", [])
        assert caught.value.code == "filing.table_unreadable" and "b.xlsx" in str(caught.value)
