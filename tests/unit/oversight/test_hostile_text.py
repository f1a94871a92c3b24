"""Text that came from outside stays text in every paper: no formula, no placeholder, no tag is ever run."""

from __future__ import annotations

import csv
import re
from datetime import date
from itertools import cycle
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from docx import Document

from tests.unit.oversight.county import snapshot as county
from weipian_plugin import oversight
from weipian_plugin.filing import gather_cases, register, upload_table, write_table
from weipian_plugin.filing.fields import PackageFacts, values_of
from weipian_plugin.filing.forms import Filling, fill, load_forms
from weipian_plugin.filing.settings import load_rules
from weipian_plugin.office.sheet import SheetTable, write_sheets
from weipian_plugin.office.text import text_of_csv
from weipian_plugin.pipeline import report
from weipian_plugin.workspace import Workspace

HOSTILE = (
    "=1+1",
    '=HYPERLINK("http://x.invalid","点这里")',
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "＝1＋1",
    "{{ number }}",
    "{{area_mu}}",
    "{% raw %}{{ f.issued }}",
    "[% @project_home %]",
    "<script>alert(1)</script>",
    "'=1",
    "${jndi:x}",
)


@pytest.fixture(scope="module")
def hostile() -> dict[str, pd.DataFrame]:
    """A county in which every text that people or deliveries give is hostile, one way each."""
    tables = county(60, one_town=True)
    words = cycle(HOSTILE)
    parcels = tables["parcel"]
    for name in ("county", "township", "village", "batch"):
        parcels[name] = [next(words) for _ in range(len(parcels))]
    parcels["number"] = renamed = [
        f"={number}" if position % 3 else number for position, number in enumerate(parcels["number"])
    ]
    names = dict(zip(county(60, one_town=True)["parcel"]["number"], renamed))
    parcels["parent"] = parcels["parent"].map(lambda number: names.get(number, number))
    parcels["delivered"] = [
        {**row, "项目名称": next(words), "备注": next(words), "实地地类": next(words)} for row in parcels["delivered"]
    ]
    for frame in tables.values():
        if "parcel" in frame:
            frame["parcel"] = frame["parcel"].map(lambda number: names.get(number, number))
        for name in ("person", "reason", "basis", "accepted_by", "note", "title"):
            if name in frame:
                frame[name] = [next(words) if value == value else value for value in frame[name]]
    return tables


def cells_of(path: Path) -> list[openpyxl.cell.Cell]:
    book = openpyxl.load_workbook(path)
    return [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_no_workbook_of_the_reports_holds_a_formula(hostile: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    written = oversight.write_all(hostile, date(2024, 2, 20), tmp_path)
    books = [path for path in written.files if path.suffix == ".xlsx"]
    assert len(books) >= 3
    cases = list(gather_cases(hostile, hostile["parcel"]["number"].tolist(), workspace_folder=tmp_path))
    for name, rows in (("台账", register(cases)), ("A", upload_table(cases, "A")), ("B", upload_table(cases, "B"))):
        write_table(tmp_path / f"{name}.xlsx", "=表", rows)
        books.append(tmp_path / f"{name}.xlsx")
    books.append(write_sheets(tmp_path / "报告.xlsx", [SheetTable("表", HOSTILE, [HOSTILE, HOSTILE])]))
    found = set()
    for path in books:
        cells = cells_of(path)
        assert not [cell.value for cell in cells if cell.data_type == "f"], path.name
        found |= {cell.value for cell in cells} & set(HOSTILE)
    assert found == set(HOSTILE), "each hostile text stands somewhere, as it was given"


def test_no_placeholder_or_tag_in_a_text_is_run_by_pages_and_documents(
    hostile: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    written = oversight.write_all(hostile, date(2024, 2, 20), tmp_path)
    page = next(path for path in written.files if path.suffix == ".html").read_text(encoding="utf-8")
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    letter = Document(str(next(path for path in written.files if path.suffix == ".docx")))
    words = "\n".join(cell.text for table in letter.tables for row in table.rows for cell in row.cells)
    assert "{{ number }}" in words and "{{area_mu}}" in words


def test_no_form_runs_what_stands_in_its_values(hostile: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    rules = load_rules()
    numbers = hostile["parcel"]["number"].tolist()[:14]
    for case in gather_cases(hostile, numbers, workspace_folder=tmp_path):
        values = values_of(case, rules, PackageFacts())
        for form in load_forms(rules, case.profile, None, None):
            path = tmp_path / form.entry.template
            path.write_bytes(fill(form, Filling(values, rules), ()))
            if path.suffix == ".xlsx":
                assert not [cell.value for cell in cells_of(path) if cell.data_type == "f"]


def test_no_csv_begins_a_cell_with_a_formula_and_each_gives_its_text_back(tmp_path: Path) -> None:
    numbers = [f"{text}{position}" for position, text in enumerate(HOSTILE)]
    with Workspace.create(tmp_path / "库.gpkg") as store:
        rows = pd.DataFrame({"number": numbers, "county": HOSTILE, "area_m2": [-1.5e-7] * len(HOSTILE)})
        store.insert("parcel", rows, "张三", "入库")
        report.write(store, tmp_path / "报表", report.COLUMNS)
    with (tmp_path / "报表" / "parcels.csv").open(encoding="utf-8-sig", newline="") as stream:
        read = list(csv.DictReader(stream))
    assert [text_of_csv(row["county"]) for row in read] == list(HOSTILE)
    assert [row["area_m2"] for row in read] == ["-1.5e-07"] * len(HOSTILE)
    for row in read:
        for value in row.values():
            assert not re.match(r"\s*[=@＝]", value) and not re.match(r"\s*[+-](?![\d.]+(e|$))", value), value
