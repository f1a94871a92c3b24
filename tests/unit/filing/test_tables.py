"""台账, upload tables of both families, and the table that comes back."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from weipian_plugin.filing import ParcelCase, load_rules, register, returned_table, upload_table, write_table
from weipian_plugin.model.errors import WeipianError

from . import cases

A_COLUMNS = ["县级行政区名称", "监测批次", "线索编号", "项目名称", "项目主体", "图斑状态", "拆分状态", "核实认定意见"]
A_COLUMNS += ["耕地面积（亩）", "永久基本农田面积（亩）", "非农违法面积（亩）"]


def sheet_of(path: Path, rows: list[dict[str, Any]], **changes: Any) -> Path:
    """A returned workbook: the rows with single cells changed."""
    for key, value in changes.items():
        rows[0][key] = value
    write_table(path, "图斑列表", rows)
    return path


def test_family_a_has_the_columns_of_the_detail_table_in_order(legal_case: ParcelCase) -> None:
    (row,) = upload_table([legal_case], "A")
    assert list(row)[: len(A_COLUMNS)] == A_COLUMNS and len(row) == 24
    assert row["线索编号"] == cases.NUMBER and row["核实认定意见"] == "合法" and row["项目名称"] == "工业园一期"
    assert row["耕地面积（亩）"] == Decimal("1.20")
    assert row["非农违法面积（亩）"] is None, "a legal parcel has no violating area, not even zero"


def test_family_b_has_the_filing_page_and_the_grounds(legal_case: ParcelCase) -> None:
    (row,) = upload_table([legal_case], "B")
    names = list(row)
    page = ["核实认定意见", "分类", "用途分类细化", "项目名称"]
    assert [names.index(name) for name in page] == list(
        range(names.index("核实认定意见"), names.index("核实认定意见") + 4)
    )
    assert (row["用地审批批准文号"], row["用地审批占比（%）"]) == ("渝府地〔2025〕12号", Decimal("90.00"))
    assert row["土地供应占比（%）"] == Decimal("0.00") and row["土地供应批准文号"] is None
    assert row["状态(系统)"] is None, "the system's own columns are not ours to fill"


def test_an_undecided_parcel_hands_in_no_finding_even_if_one_is_proposed(legal_case: ParcelCase) -> None:
    for family in "AB":
        (row,) = upload_table([replace(legal_case, decisions=())], family)
        assert row["核实认定意见"] is None


def test_a_violation_gives_its_areas_and_use(legal_case: ParcelCase) -> None:
    case = replace(
        legal_case, decisions=(cases.decision(category="非农违法"),), decided_fields={"用途分类细化": "厂房类"}
    )
    (row,) = upload_table([case], "A")
    assert (row["非农违法面积（亩）"], row["非农违法耕地面积（亩）"], row["非农违法土地用途"]) == (
        Decimal("2.00"),
        Decimal("1.20"),
        "厂房类",
    )
    assert row["非粮违法面积（亩）"] is None


def test_a_split_parcel_is_a_parent_and_its_parts(legal_case: ParcelCase) -> None:
    split = cases.split(legal_case)
    case = replace(
        split, decisions=(*split.decisions, cases.decision(part="_1"), cases.decision(part="_2", category="非农违法"))
    )
    parent, one, two = upload_table([case], "A")
    assert [row["图斑状态"] for row in (parent, one, two)] == ["被拆分", "拆分", "拆分"]
    assert [row["线索编号"] for row in (parent, one, two)] == [cases.NUMBER, f"{cases.NUMBER}_1", f"{cases.NUMBER}_2"]
    assert [row["核实认定意见"] for row in (parent, one, two)] == [None, "合法", "非农违法"]
    assert (one["非农违法面积（亩）"], two["非农违法面积（亩）"]) == (None, Decimal("0.50"))


def test_written_tables_keep_long_numbers_and_formulas_as_text(tmp_path: Path, legal_case: ParcelCase) -> None:
    evil = replace(legal_case, decided_fields={"项目名称": '=HYPERLINK("http://x")', "项目主体": "\x07甲"})
    one, other = (tmp_path / f"{n}" / "上传 表.xlsx" for n in (1, 2))
    for path in (one, other):
        write_table(path, "图斑列表", upload_table([evil], "A"))
    assert one.read_bytes() == other.read_bytes()
    sheet = openpyxl.load_workbook(one).active
    cells = {sheet.cell(1, column).value: sheet.cell(2, column) for column in range(1, sheet.max_column + 1)}
    assert (cells["线索编号"].value, cells["线索编号"].data_type) == (cases.NUMBER, "s")
    assert (cells["项目名称"].value, cells["项目名称"].data_type) == ('=HYPERLINK("http://x")', "s")
    assert cells["耕地面积（亩）"].value == 1.2


def test_the_register_counts_photos_and_says_what_is_missing(legal_case: ParcelCase) -> None:
    complete, draft = register([legal_case, replace(legal_case, decisions=(), photos=())])
    assert list(complete) == list(load_rules().register)
    assert (complete["序号"], complete["照片"], complete["带方位角"], complete["卷宗"]) == (1, 2, 2, "完整")
    assert (draft["序号"], draft["经办人判定"], draft["建议"], draft["卷宗"]) == (2, None, "合法", "草稿")
    assert "尚无经办人判定" in str(draft["缺失"])


@pytest.mark.parametrize("family", ["A", "B"])
def test_a_table_that_comes_back_as_it_went_has_no_differences(
    tmp_path: Path, legal_case: ParcelCase, family: str
) -> None:
    path = sheet_of(tmp_path / "返回.xlsx", upload_table([legal_case], family))
    back = returned_table(path, [legal_case])
    assert (back.family, back.rows, back.differences) == (family, 1, ())


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"核实认定意见": "非农违法"}, "value"),
        ({"核实认定意见": None}, "blank_there"),
        ({"非农违法面积（亩）": Decimal("0.50")}, "blank_here"),
        ({"耕地面积（亩）": Decimal("1.22")}, "area"),
        ({"耕地面积（亩）": Decimal("1.21")}, ""),
        ({"耕地面积（亩）": "1.20"}, ""),
        ({"项目名称": " 工业园一期 "}, ""),
        ({"监测批次": "２０２６年一季度"}, ""),
    ],
)
def test_differences_are_told_by_kind(
    tmp_path: Path, legal_case: ParcelCase, change: dict[str, Any], kind: str
) -> None:
    path = sheet_of(tmp_path / "返回.xlsx", upload_table([legal_case], "A"), **change)
    found = returned_table(path, [legal_case]).differences
    assert [difference.kind for difference in found] == ([kind] if kind else [])
    if kind:
        assert (found[0].parcel, found[0].column) == (cases.NUMBER, next(iter(change)))


def test_the_systems_own_states_are_read_and_are_no_differences(tmp_path: Path, legal_case: ParcelCase) -> None:
    path = sheet_of(
        tmp_path / "返回.xlsx",
        upload_table([legal_case], "B"),
        **{"状态(系统)": "已审核", "审核阶段(系统)": "审核结束"},
    )
    back = returned_table(path, [legal_case])
    assert back.differences == ()
    assert back.states[cases.NUMBER]["审核阶段(系统)"] == "审核结束"


def test_parcels_that_are_new_gone_or_twice_are_named(tmp_path: Path, legal_case: ParcelCase) -> None:
    other = replace(legal_case, parcel=cases.parcel(number="130403SJBG26210183"))
    rows = upload_table([legal_case], "A")
    unknown = {**rows[0], "线索编号": "130403SJBG26210999"}
    path = sheet_of(tmp_path / "返回.xlsx", [*rows, rows[0], unknown])
    kinds = {(entry.parcel, entry.kind) for entry in returned_table(path, [legal_case, other]).differences}
    assert kinds == {
        (cases.NUMBER, "duplicate"),
        ("130403SJBG26210999", "not_here"),
        ("130403SJBG26210183", "not_returned"),
    }


@pytest.mark.parametrize("number", [5001180000000000123, 5.00118e18, "5.00118E+18"])
def test_a_number_that_a_spreadsheet_rounded_is_said_and_never_matched(
    tmp_path: Path, legal_case: ParcelCase, number: Any
) -> None:
    other = replace(legal_case, parcel=cases.parcel(number="500118"))
    book = openpyxl.Workbook()
    book.active.append(["线索编号", "图斑状态", "拆分状态"])
    book.active.append([number, None, None])
    book.save(tmp_path / "返回.xlsx")
    kinds = {entry.kind for entry in returned_table(tmp_path / "返回.xlsx", [other]).differences}
    assert "number_damaged" in kinds and "not_here" not in kinds


def test_the_family_is_told_by_columns_whatever_their_width_sheet_or_position(
    tmp_path: Path, legal_case: ParcelCase
) -> None:
    (row,) = upload_table([legal_case], "B")
    book = openpyxl.Workbook()
    book.active.title = "说明"
    sheet = book.create_sheet("卫片检索明细表")
    sheet.append(["河北省某系统导出"])
    sheet.append([name.replace("(", "（").replace(")", "）") + " " for name in row])
    sheet.append([str(value) if value is not None else None for value in row.values()])
    book.save(tmp_path / "返回.xlsx")
    back = returned_table(tmp_path / "返回.xlsx", [legal_case])
    assert (back.family, back.differences) == ("B", ())


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_a_csv_comes_back_too(tmp_path: Path, legal_case: ParcelCase, encoding: str) -> None:
    rows = upload_table([legal_case], "A")
    with (tmp_path / "返回.csv").open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert returned_table(tmp_path / "返回.csv", [legal_case]).differences == ()


def test_a_table_of_neither_family_is_asked_about(tmp_path: Path, legal_case: ParcelCase) -> None:
    book = openpyxl.Workbook()
    book.active.append(["线索编号", "核实认定意见"])
    book.active.append([cases.NUMBER, "违法"])
    book.save(tmp_path / "返回.xlsx")
    with pytest.raises(WeipianError) as caught:
        returned_table(tmp_path / "返回.xlsx", [legal_case])
    assert caught.value.code == "filing.family_unknown"
    (difference,) = returned_table(tmp_path / "返回.xlsx", [legal_case], family="A").differences
    assert (difference.ours, difference.theirs) == ("合法", "违法")


def test_a_damaged_table_is_refused(tmp_path: Path, legal_case: ParcelCase) -> None:
    (tmp_path / "返回.xlsx").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(WeipianError) as caught:
        returned_table(tmp_path / "返回.xlsx", [legal_case])
    assert caught.value.code == "filing.table_unreadable"
