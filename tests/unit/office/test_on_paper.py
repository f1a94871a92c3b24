"""Every form, every oversight workbook, 移交清单 and the summary are turned into pdf by LibreOffice and measured on paper."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests import paper
from tests.paper import Paper
from tests.unit.filing import cases
from tests.unit.oversight import county
from weipian_plugin import oversight
from weipian_plugin.filing import PackageOptions, handover, write_package, write_table
from weipian_plugin.filing.case import Member, ParcelCase
from weipian_plugin.filing.handover import HandedOver
from weipian_plugin.filing.tables import register, upload_table
from weipian_plugin.model.enforcement import CaseMember, CaseStep, EnforcementCase
from weipian_plugin.model.records import Rectification
from weipian_plugin.model.words import EnforcementStep, ParcelKind

pytestmark = [
    pytest.mark.skipif(paper.OFFICE is None, reason="LibreOffice is not installed"),
    pytest.mark.skipif(shutil.which("pdftohtml") is None, reason="poppler-utils is not installed"),
]
MINE = "500118KCBG23210001"
A4, A3 = (210, 297), (297, 420)
OFFICE = {"填报单位": "大安街道办事处", "制表人": "张三", "审核人": "李四", "主送单位": "区规划自然资源局"}


def everything(folder: Path) -> ParcelCase:
    """A violation in two parts that leads a project, has a case, was demolished and has photos of all stages."""
    base = cases.split(cases.case(folder))
    photos = tuple(
        cases.photo(cases.jpeg(folder / "整改" / f"{stage}{n}.jpg", 7 * n + at), 87.0 + at, stage)
        for n in range(4)
        for at, stage in enumerate(("整改前", "整改中", "整改后"))
    )
    steps = tuple(
        CaseStep(step, f"2026-0{month}-01", f"永规资〔2026〕{month}号", "永川区规划和自然资源局")
        for month, step in enumerate(
            (EnforcementStep.OPENED, EnforcementStep.PENALISED, EnforcementStep.CLOSED), start=3
        )
    )
    case = EnforcementCase(
        "1", (CaseMember(cases.NUMBER), CaseMember("8")), "某公司违法占地案", "某公司", "综合行政执法大队", steps
    )
    rectification = Rectification(
        cases.NUMBER, method="拆除复耕", unit="铁山村村民委员会", removed_m2=1333.335, removed_farmland_m2=800.1,
        remaining_m2=0.0, removed_on="2026-06-01", accepted_by="王五", accepted_on="2026-07-01", closed_on="2026-07-02",
    )  # fmt: skip
    members = '[{"parcel": "5001180000000000123", "part": ""}, {"parcel": "8", "part": ""}]'
    opened = {"at": "2026-03-01T09:00:00+08:00", "who": "张三", "why": "登记查处案件", "what": "enforcement_case", "action": "insert",
              "after": {"members": members, "name": "某公司违法占地案", "party": "某公司"}}  # fmt: skip
    return replace(
        base, photos=photos, journal=(*base.journal, opened), enforcement=(case,), rectification=(rectification,), office=OFFICE,
        merged=(cases.NUMBER, "8"),
        decisions=(cases.decision(category="违法"), cases.decision("复核", "王五", "违法")),
        project=(Member(cases.NUMBER, "铁山村", 1333.335), Member("8", "铁山村", 500.0)),
    )  # fmt: skip


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Paper]:
    folder = tmp_path_factory.mktemp("纸")
    whole = everything(folder)
    mine = replace(cases.case(folder), parcel=cases.parcel(number=MINE, kind=ParcelKind.MINING), office=OFFICE)
    files: list[Path] = []
    for case in (whole, mine):
        record = write_package(case, folder / "卷宗", PackageOptions())
        files += sorted(record.path.rglob("*.xlsx"))
    rows = [HandedOver(cases.NUMBER, "大安街道", "违法", True, 31, "大安街道.zip", "ab" * 32)]
    files.append(handover.write(folder / "移交清单.xlsx", rows, "大安街道办事处", "2026年8月1日"))
    signed = "填报单位（盖章）：大安街道办事处　　制表人：张三　　审核人：李四　　日期：2026年8月1日"
    write_table(folder / "台账.xlsx", "台账", register([whole, mine]), signed=signed)
    for family in "AB":
        write_table(folder / f"上报表{family}.xlsx", family, upload_table([whole, mine], family))
    files += [folder / "台账.xlsx", folder / "上报表A.xlsx", folder / "上报表B.xlsx"]
    settings = pd.DataFrame([{"name": name, "value": value} for name, value in OFFICE.items()])
    snapshot = {**county.snapshot(60, one_town=True), "setting": settings}
    made = oversight.write_all(snapshot, date(2024, 2, 20), folder / "报表")
    files += [file for file in made.files if file.suffix in (".xlsx", ".docx")]
    return {found.source.name: found for found in paper.printed(files, folder)}


def books(papers: dict[str, Paper]) -> Iterator[Paper]:
    return (found for found in papers.values() if found.source.suffix == ".xlsx")


def test_every_form_that_there_is_is_measured(papers: dict[str, Paper]) -> None:
    numbers = {found[1] for name in papers for found in [re.search(r"_(\d\d)\D", name)] if found}
    assert numbers == {f"{number:02d}" for number in range(13)}, "00 to 12"
    for title in (
        "移交清单",
        "台账",
        "统计表",
        "督导考核表",
        "区级验收清单",
        "任务清单",
        "总结",
        "整改前后对比",
        "照片一览",
    ):
        assert any(title in name for name in papers), title


def test_nothing_is_smaller_than_eight_points(papers: dict[str, Paper]) -> None:
    assert {name: size for name, found in papers.items() if (size := found.smallest_font()) < paper.SMALLEST} == {}


def test_pages_are_a4_forms_and_at_most_a3_tables(papers: dict[str, Paper]) -> None:
    for name, found in papers.items():
        form = name.startswith((cases.NUMBER, MINE)) or name.endswith(".docx") or name == "移交清单.xlsx"
        assert found.sizes() <= ({A4} if form else {A4, A3}), name


def test_forms_take_the_pages_they_are_meant_for(papers: dict[str, Paper]) -> None:
    meant = {"01": 1, "07": 1, "08": 1, "10": 1, "12": 1, "09": 1}
    for name, found in papers.items():
        number = re.search(r"_(\d\d)\D", name)
        if number and number[1] in meant:
            assert len(found.pages()) == meant[number[1]], name


def test_every_page_says_whose_it_is_and_which_of_how_many(papers: dict[str, Paper]) -> None:
    for found in books(papers):
        pages = found.pages()
        for at, page in enumerate(pages, start=1):
            assert re.search(rf"第{at}页/?共{len(pages)}页", page), f"{found.source.name} page {at}"
            if found.source.name.startswith((cases.NUMBER, MINE)):
                assert f"图斑编号：{found.source.name.split('_')[0]}" in page, f"{found.source.name} page {at}"


def test_lists_repeat_their_head_on_every_page(papers: dict[str, Paper]) -> None:
    for found in books(papers):
        for sheet in openpyxl.load_workbook(found.source).worksheets:
            if sheet.sheet_state == "visible" and sheet.title != "封面":
                assert sheet.print_title_rows, f"{found.source.name} {sheet.title}"


def test_no_text_is_cut(papers: dict[str, Paper]) -> None:
    assert {found.source.name: cut[:3] for found in books(papers) if (cut := found.cut())} == {}


def test_no_text_lies_on_other_text(papers: dict[str, Paper]) -> None:
    assert {name: lying[:3] for name, found in papers.items() if (lying := found.overlaps())} == {}


def test_who_signs_stands_below_every_table(papers: dict[str, Paper]) -> None:
    for title in ("统计表_20240220.xlsx", "督导考核表_20240220.xlsx", "区级验收清单_20240220.xlsx", "台账.xlsx"):
        text = papers[title].text()
        assert "填报单位（盖章）：大安街道办事处" in text and "制表人：张三" in text and "审核人：李四" in text, title
    for number in ("07", "09", "10", "12"):
        name = next(name for name in papers if f"_{number}" in name and name.startswith(cases.NUMBER))
        assert "填报单位（盖章）：大安街道办事处" in papers[name].text() and "（签字）" in papers[name].text(), name


def test_no_paper_has_codes_or_raw_data(papers: dict[str, Paper]) -> None:
    for found in papers.values():
        if found.source.name.startswith("上报表"):
            continue  # as the platform has it
        text = found.text()
        assert not re.search(
            r"\{[\"']|\.yaml|\d{2}:\d{2}\+\d{2}:\d{2}|T\d{2}:\d{2}:\d{2}|\bNone\b|\bnan\b|national-2023", text
        ), found.source.name


def test_the_measures_find_what_they_are_for(tmp_path: Path) -> None:
    """A row that is too low, and a text that its cell cuts off."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.column_dimensions["A"].width = 12
    for row in (1, 2):
        sheet.cell(row, 1).value = "这一段文字比它的格子长得多，需要好几行才写得下，行高却只有一行"
        sheet.cell(row, 1).alignment = openpyxl.styles.Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[row].height = 14
    sheet["A4"], sheet["B4"] = "不换行的一段长文字会被右边的格子挡住", "挡"
    book.save(tmp_path / "坏.xlsx")
    (found,) = paper.printed([tmp_path / "坏.xlsx"], tmp_path)
    assert found.overlaps() or found.cut()
