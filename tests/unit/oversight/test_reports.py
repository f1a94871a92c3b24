"""What is written: workbooks in the layout habit, tasks of units, the acceptance list, the summary and the overview."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from docx import Document
from openpyxl import load_workbook

from tests.unit.oversight import county
from weipian_plugin import oversight
from weipian_plugin.model.errors import Cancelled, WeipianError
from weipian_plugin.model.feedback import Silent
from weipian_plugin.model.paths import resource
from weipian_plugin.oversight import acceptance, charts, overview, reports, summary, units, workbook
from weipian_plugin.oversight.data import FILES, load
from weipian_plugin.oversight.table import TOTAL, Column, Table

AS_OF = date(2024, 2, 20)
CALENDAR = oversight.deadlines.load_calendar()


@pytest.fixture(scope="module")
def snapshot() -> dict[str, pd.DataFrame]:
    return county.snapshot(150, one_town=True)


@pytest.fixture(scope="module")
def prepared(snapshot: dict[str, pd.DataFrame]) -> oversight.Prepared:
    return oversight.prepare(snapshot, AS_OF)


@pytest.fixture(scope="module")
def collected(snapshot: dict[str, pd.DataFrame], prepared: oversight.Prepared) -> overview.Overview:
    return overview.collect(snapshot, prepared, CALENDAR)


@pytest.fixture(scope="module")
def written(
    snapshot: dict[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, oversight.Written]:
    folder = tmp_path_factory.mktemp("报表 2024")
    return folder, oversight.write_all(snapshot, AS_OF, folder)


def test_a_sub_districts_tables_speak_of_its_villages(prepared: oversight.Prepared) -> None:
    assert prepared.by == "village"
    table = oversight.tables.county_statistics(prepared)
    assert table.title == "逐村统计表" and table.columns[0].title == "村（居）"


def test_everything_is_written_and_opens(written: tuple[Path, oversight.Written], prepared: oversight.Prepared) -> None:
    folder, made = written
    assert {path.name for path in made.files if path.parent == folder} == {
        "统计表_20240220.xlsx", "督导考核表_20240220.xlsx", "区级验收清单_20240220.xlsx", "任务清单_20240220.xlsx",
        "卫片执法工作总结_20240220.docx", "情况一览_20240220.html",
    }  # fmt: skip
    assert all(path.is_file() for path in made.files)
    assert made.overdue == int((prepared.due.status == "overdue").sum()) > 0
    assert not list(folder.rglob("*.part"))


def test_a_workbook_has_the_layout_habit_and_finds_the_parcels_of_a_figure(
    written: tuple[Path, oversight.Written], prepared: oversight.Prepared
) -> None:
    book = load_workbook(written[0] / "统计表_20240220.xlsx")
    sheet = book.worksheets[0]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == (
        9,
        "landscape",
        1,
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet["A1"].value == "逐村统计表" and sheet["A1"].font.name == "微软雅黑"
    assert sheet["B3"].value == "原始下发" and sheet["B3"].fill.start_color.rgb.endswith("4472C4")
    total = next(row for row in sheet.iter_rows() if row[0].value == "合计")
    assert total[1].fill.start_color.rgb.endswith("FFF2CC")
    table = oversight.tables.county_statistics(prepared)
    assert total[1].value == table.value(TOTAL, "original_count")
    hidden = [book[name] for name in (workbook.FIGURES_SHEET, workbook.SETS_SHEET)]
    assert all(each.sheet_state == "hidden" for each in hidden)
    figures = {row[0]: row for row in hidden[0].iter_rows(min_row=2, values_only=True)}
    sets: dict[int, list[str]] = {}
    for number, _part, text in hidden[1].iter_rows(min_row=2, values_only=True):
        sets.setdefault(number, []).extend(text.split("、"))
    row = figures[table.figure_id(TOTAL, "nonagri_count")]
    assert tuple(sets[row[5]]) == table.items(TOTAL, "nonagri_count")
    assert row[6] == row[4] == table.value(TOTAL, "nonagri_count")


def test_a_check_that_is_not_zero_is_red_and_one_that_is_zero_is_not(tmp_path: Path) -> None:
    columns = (Column("name", "县"), Column("check", "校核", "check_area"))
    table = Table("t", "表/一:二", columns, (("甲", Decimal("0.01")), ("乙", Decimal("0.00"))), ("甲", "乙"))
    sheet = load_workbook(workbook.write([table], tmp_path / "校核.xlsx")).worksheets[0]
    assert sheet.title == "表-一-二"
    assert sheet["B4"].fill.start_color.rgb.endswith("FF0000")
    assert sheet["B5"].fill.fill_type is None


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    table = Table("t", "表", (Column("name", "项目"),), (("=HYPERLINK(1)",), ("=1+1",), ("坏\x0b字",)), ("a", "b", "c"))
    sheet = load_workbook(workbook.write([table], tmp_path / "a.xlsx")).worksheets[0]
    assert [(sheet[f"A{row}"].value, sheet[f"A{row}"].data_type) for row in (4, 5)] == [
        ("=HYPERLINK(1)", "s"),
        ("=1+1", "s"),
    ]
    assert sheet["A6"].value == "坏\N{REPLACEMENT CHARACTER}字"


def test_a_workbook_that_is_open_elsewhere_is_reported(tmp_path: Path) -> None:
    (tmp_path / "占用.xlsx").mkdir()
    table = Table("t", "表", (Column("name", "项目"),), (), ())
    with pytest.raises(WeipianError) as caught:
        workbook.write([table], tmp_path / "占用.xlsx")
    assert caught.value.code == "office.unwritable"
    assert [each.name for each in tmp_path.iterdir()] == ["占用.xlsx"]


def unit_tasks(**facts: Any) -> dict[str, list[str]]:
    """The units and tasks of one parcel of the notice's sub-district."""
    row = {"number": "P", "village": "红河村", "county": "永川区", "area_m2": 1000.0, "kind": facts.pop("kind", "land")}
    row["delivered"] = facts.pop("delivered", {})
    category = facts.pop("category", "违法")
    tables = {
        "parcel": pd.DataFrame([row]),
        "decision": pd.DataFrame([{"id": "1", "parcel": "P", "part": "", "category": category, "status": "current", "decided_at": "2023-05-01"}]),
        "rectification": pd.DataFrame([{"parcel": "P", "part": "", "method": facts.pop("method", ""), "remaining_m2": 1000.0}]),
    }  # fmt: skip
    tasks = units.assign(tables, oversight.prepare(tables, AS_OF))
    return {unit: [task.task for task in own] for unit, own in units.by_unit(tasks).items()}


@pytest.mark.parametrize(
    ("facts", "unit", "has"),
    [
        ({}, "红河村", True),
        ({}, "经发办", True),
        ({}, "新城规资所", True),
        ({"category": "合法"}, "红河村", False),
        ({"category": "合法"}, "新城规资所", True),  # still to be filed
        ({"delivered": {"项目名称": "某公路改建"}}, "规环办（交通）", True),
        ({}, "规环办（交通）", False),
        ({"delivered": {"用途分类细化": "农房"}}, "农业服务中心", True),
        ({"delivered": {"实地地类": "0301"}}, "农业服务中心", True),
        ({"kind": "mining"}, "应急办", True),
        ({}, "应急办", False),
        ({"delivered": {"项目主体": "某某公司"}}, "大安市场监管所", True),
        ({"method": "拆除复耕"}, "大安派出所", True),
        ({}, "大安派出所", False),
        ({"category": ""}, "综合行政执法大队（专班办公室）", True),
    ],
)
def test_units_get_the_tasks_of_the_notice(facts: dict[str, Any], unit: str, has: bool) -> None:
    assert (unit in unit_tasks(**facts)) is has


def test_units_have_lists_files_and_filters(tmp_path: Path) -> None:
    snapshot = county.snapshot(25, one_town=True)
    prepared = oversight.prepare(snapshot, AS_OF)
    tasks = units.assign(snapshot, prepared)
    chosen = units.filters(tasks)
    own = [task.item for task in tasks if task.unit == "经发办"]
    assert chosen["经发办"] == tuple(dict.fromkeys(item.parcel for item in own))
    files = units.write(prepared, tasks, tmp_path)
    assert len(files) == 1 + len({task.unit for task in tasks})
    sheet = load_workbook(tmp_path / "任务清单" / "经发办.xlsx").worksheets[0]
    numbers = {row[2] for row in sheet.iter_rows(min_row=4, values_only=True) if isinstance(row[0], int)}
    assert numbers == {item.item.replace("#", "") for item in own}


def test_units_whose_names_differ_in_a_sign_no_file_can_have_get_a_file_each(tmp_path: Path) -> None:
    snapshot = county.snapshot(25, one_town=True)
    prepared = oversight.prepare(snapshot, AS_OF)
    tasks = units.assign(snapshot, prepared)
    hostile = ["东/村", "东:村", "CON"]
    tasks = tuple(replace(task, unit=hostile[position % 3]) for position, task in enumerate(tasks))
    files = units.write(prepared, tasks, tmp_path)
    assert len({file.name.casefold() for file in files}) == 4
    for file in files[1:]:
        assert "任务清单" in str(load_workbook(file).worksheets[0]["A1"].value)


def test_an_unknown_condition_of_a_countys_rules_is_refused(prepared: oversight.Prepared, tmp_path: Path) -> None:
    own = tmp_path / "本县分工.yaml"
    own.write_text(
        "version: 1\ndate: 2024-01-01\nsource: 本县\nconfidence: official\nunits:\n"
        "  - unit: 甲所\n    tasks: [{task: 查, lead: true, when: {moon: full}}]\n",
        encoding="utf-8",
    )
    with pytest.raises(WeipianError, match="moon"):
        units.assign({}, prepared, own)


def acceptance_case(**changes: Any) -> dict[str, pd.DataFrame]:
    """One parcel that passes every check; ``changes`` replace columns as ``table__column``."""
    rows: dict[str, list[dict[str, Any]]] = {
        "parcel": [{"number": "P", "county": "永川区", "area_m2": 1000.0}],
        "decision": [
            {"id": str(place), "parcel": "P", "part": "", "category": "合法", "person": person, "role": role, "status": "current",
             "decided_at": f"2023-05-0{place}"}
            for place, (person, role) in enumerate([("张三", "经办"), ("李四", "复核")], start=1)
        ],
        "measure": [
            {"parcel": "P", "part": "", "measure": name, "value": value}
            for name, value in {"area": 1000, "farmland": 400, "other_agricultural": 100, "construction": 300, "unused": 200}.items()
        ],
        "package": [{"parcel": "P", "path": "卷宗/P", "complete": 1, "made_at": "2024-01-01", "verified_at": "2024-01-02"}],
        "photo": [{"file": "a.jpg", "sha256": "x", "lon": 105.9, "lat": 29.3, "azimuth": 0.0, "taken_at": "2023-05-01", "findings": []}],
        "photo_parcel": [{"photo": "x", "parcel": "P", "status": "attached"}],
    }  # fmt: skip
    for name, value in changes.items():
        table, _, column = name.partition("__")
        rows[table][-1][column] = value
    return {name: pd.DataFrame(entries) for name, entries in rows.items()}


@pytest.mark.parametrize(
    ("changes", "key", "outcome"),
    [
        ({}, "decided", "通过"),
        ({"decision__category": "存疑"}, "decided", "不通过"),
        ({}, "signed", "通过"),
        ({"decision__person": "张三"}, "signed", "不通过"),
        ({"decision__status": "undone"}, "signed", "不通过"),
        ({}, "package", "通过"),
        ({"package__complete": 0}, "package", "不通过"),
        ({"package__path": None}, "package", "不通过"),
        ({}, "verified", "通过"),
        ({"package__verified_at": None}, "verified", "未能检查"),
        ({"package__verified_at": "2023-12-31"}, "verified", "不通过"),
        ({}, "photos", "通过"),
        ({"photo__azimuth": None}, "photos", "不通过"),
        ({"photo_parcel__status": "ambiguous"}, "photos", "不通过"),
        ({}, "photos_true", "通过"),
        ({"photo_parcel__status": "ambiguous"}, "photos_true", "未能检查"),
        (
            {"photo__findings": [{"level": "error", "text": "拍摄时间早于后时相。", "parcel": "P"}]},
            "photos_true",
            "不通过",
        ),
        ({"photo__findings": [{"level": "warning", "text": "可能编辑过。", "parcel": "P"}]}, "photos_true", "通过"),
        ({}, "areas", "通过"),
        ({"measure__value": 210}, "areas", "不通过"),
        ({"measure__measure": "main_class"}, "areas", "未能检查"),
        ({}, "parts", "不适用"),
        ({}, "rectified", "不适用"),
        ({"decision__category": "违法"}, "rectified", "不通过"),
    ],
)
def test_each_check_of_the_acceptance_can_fail(changes: dict[str, Any], key: str, outcome: str) -> None:
    data = acceptance_case(**changes)
    checked = acceptance.check_parcels(data, oversight.prepare(data, AS_OF))
    assert checked["P"][key].outcome == outcome
    assert bool(checked["P"][key].why) is (outcome in ("不通过", "未能检查"))


def test_a_package_that_is_gone_fails_and_one_that_is_there_is_linked(tmp_path: Path) -> None:
    data = acceptance_case()
    prepared = oversight.prepare(data, AS_OF)
    assert acceptance.check_parcels(data, prepared, tmp_path)["P"]["package"].outcome == "不通过"
    (tmp_path / "卷宗" / "P").mkdir(parents=True)
    tables = acceptance.tables(data, prepared, tmp_path)
    assert tables[0].value("package", "passed") == 1
    book = load_workbook(workbook.write(tables, tmp_path / "报 表" / "验收.xlsx"))
    linked = book["区级验收清单"]["C4"]
    assert (linked.value, linked.data_type, linked.hyperlink.target) == ("P", "s", "../卷宗/P")


def test_an_empty_batch_is_not_accepted_by_silence() -> None:
    table = acceptance.tables({}, oversight.prepare({}, AS_OF))[0]
    assert all("0 项被检查" in row[table.position("said")] for row in table.rows)


def test_split_areas_must_close() -> None:
    rows = [{"number": "X", "area_m2": 1000.0, "split_state": "被拆分"}, {"number": "X_1", "area_m2": 400.0, "split_state": "拆分"},
            {"number": "X_2", "area_m2": 600.0, "split_state": "拆分"}]  # fmt: skip
    for last, outcome in ((600.0, "通过"), (620.0, "不通过"), (None, "未能检查")):
        rows[2]["area_m2"] = last
        data = {"parcel": pd.DataFrame(rows)}
        assert acceptance.check_parcels(data, oversight.prepare(data, AS_OF))["X_1"]["parts"].outcome == outcome


def test_the_journal_is_whole_until_a_row_is_changed_or_removed(snapshot: dict[str, pd.DataFrame]) -> None:
    assert acceptance.journal_check(snapshot).outcome == "通过"
    changed = snapshot["journal"].copy()
    changed.loc[2, "who"] = "别人"
    assert "第 3 行" in acceptance.journal_check({"journal": changed}).why
    removed = snapshot["journal"].drop(index=1)
    assert acceptance.journal_check({"journal": removed}).outcome == "不通过"
    assert acceptance.journal_check({"journal": snapshot["journal"].iloc[:3]}).outcome == "通过", (
        "a cut end cannot be seen from the chain"
    )
    assert acceptance.journal_check({}).outcome == "未能检查"


def test_the_summary_has_the_figures_of_the_tables_and_real_pictures(
    written: tuple[Path, oversight.Written], snapshot: dict[str, pd.DataFrame], prepared: oversight.Prepared
) -> None:
    path = written[0] / "卫片执法工作总结_20240220.docx"
    words = "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)
    table = oversight.tables.county_statistics(prepared)
    assert "大安街道2023年卫片执法工作总结" in words and "2024年2月20日" in words
    assert f"非农违法 {table.value(TOTAL, 'nonagri_count')} 宗" in words
    assert f"逾期未填报 {written[1].overdue} 个" in words
    assert "由本单位补充" in words and "{{" not in words and "{%" not in words and "‹" not in words
    with zipfile.ZipFile(path) as archive:
        pictures = [archive.getinfo(name).file_size for name in archive.namelist() if name.startswith("word/media/")]
    assert len(pictures) == 5 and min(pictures) > 5000
    ratio = oversight.assessment.tables(snapshot, prepared, CALENDAR)[0].value(TOTAL, "farmland_ratio")
    assert f"违法占耕比 {ratio * 100:.2f}%" in words


def test_the_overview_says_the_same_as_the_summary_and_needs_no_other_file(
    collected: overview.Overview, tmp_path: Path
) -> None:
    made = collected
    page = summary.write_html(made, tmp_path / "一览.html").read_text(encoding="utf-8")
    assert not re.findall(r'(?:src|href)="(?!data:)', page)
    for name in ("issued", "overdue", "nonagri", "nonagri_open_farmland", "farmland_ratio", "rectified_rate"):
        assert made.figures[name] in page
    assert page.count("data:image/png;base64,") == 5


def test_each_figure_of_the_summary_names_the_table_it_was_taken_from(
    snapshot: dict[str, pd.DataFrame], prepared: oversight.Prepared
) -> None:
    tables = {
        table.id: table
        for table in (
            *oversight.tables.prepared_tables(prepared),
            *reports.oversight_tables(snapshot, prepared, CALENDAR),
        )
    }
    made = overview.collect(snapshot, prepared, CALENDAR, tuple(tables.values()), pictures=False)
    for name, figure in made.ids.items():
        table, row, column = figure.split("/")
        kind = tables[table].columns[tables[table].position(column)].kind
        assert overview.text(tables[table].value(row, column), kind) == made.figures[name]


def test_names_from_outside_cannot_break_the_documents(tmp_path: Path) -> None:
    data = county.snapshot(20, one_town=True)
    data["parcel"]["village"] = "<b>&{{ 7*7 }}村"
    made = overview.collect(data, oversight.prepare(data, AS_OF, "village"), CALENDAR, pictures=False)
    page = summary.write_html(made, tmp_path / "a.html").read_text(encoding="utf-8")
    assert "<b>&{{" not in page and "&lt;b&gt;&amp;{{ 7*7 }}村" in page
    document = Document(str(summary.write_overview(made, None, tmp_path / "a.docx")))
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert "<b>&{{ 7*7 }}村" in cells


def test_a_template_with_a_wrong_tag_is_reported(
    snapshot: dict[str, pd.DataFrame], prepared: oversight.Prepared, tmp_path: Path
) -> None:
    document = Document()
    document.add_paragraph("共 {{ f.issued }} 个，{{ no_such_name }}")
    document.save(str(tmp_path / "模板.docx"))
    made = overview.collect(snapshot, prepared, CALENDAR, pictures=False)
    with pytest.raises(WeipianError, match="no_such_name") as caught:
        summary.write_overview(made, tmp_path / "模板.docx", tmp_path / "总结.docx")
    assert caught.value.code == "oversight.template"
    assert not (tmp_path / "总结.docx").exists()


def test_a_summary_of_nothing_is_still_written(tmp_path: Path) -> None:
    path = summary.write({}, AS_OF, None, tmp_path / "空.docx")
    words = "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)
    assert "下发卫片图斑 0 个" in words and "违法占耕比 —" in words


def test_charts_use_a_chinese_font_and_leave_the_defaults_alone() -> None:
    import matplotlib

    before = list(matplotlib.rcParams["font.family"])
    assert charts.chinese_font() in charts.FONTS
    assert charts.categories({"legal": 3}).startswith(b"\x89PNG")
    assert list(matplotlib.rcParams["font.family"]) == before
    assert charts.area_map([None], ["legal"], [""]) is None


def test_a_run_can_be_stopped(tmp_path: Path) -> None:
    class Stopped(Silent):
        def cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        oversight.write_all(county.snapshot(3), AS_OF, tmp_path, Stopped())
    assert not list(tmp_path.glob("*.docx"))


@pytest.mark.parametrize("name", sorted(path.stem for path in resource("oversight").glob("*.yaml")))
def test_all_data_names_its_version_date_source_and_confidence(name: str) -> None:
    data = load(name, FILES[name])
    assert data.version and data.date and data.source and data.confidence
