"""年度总结 as an office letter: 主送, 落款, date and seal from the settings, and every figure equal to the workbook's."""

from __future__ import annotations

import re
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
from weipian_plugin.model.paths import county_data, resource
from weipian_plugin.oversight import overview, workbook

AS_OF = date(2024, 2, 20)
SAID = {"填报单位": "大安街道办事处", "主送单位": "永川区规划自然资源局", "落款": "大安街道卫片执法工作专班办公室"}
_TAG = re.compile(r"\{\{ ?([a-z_.]+) ?\}\}")


def with_settings(snapshot: dict[str, pd.DataFrame], **values: str) -> dict[str, pd.DataFrame]:
    rows = [{"name": name, "value": value} for name, value in values.items()]
    return {**snapshot, "setting": pd.DataFrame(rows, columns=["name", "value"])}


@pytest.fixture(scope="module")
def snapshot() -> dict[str, pd.DataFrame]:
    return county.snapshot(120, one_town=True)


@pytest.fixture(scope="module")
def folder(snapshot: dict[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("报表")
    oversight.write_all(with_settings(snapshot, **SAID), AS_OF, target)
    return target


def paragraphs(path: Path) -> list[str]:
    return [paragraph.text for paragraph in Document(str(path)).paragraphs]


def read_figures(folder: Path) -> dict[str, Any]:
    """Figure id → value, from the hidden sheets of the workbooks as anybody reads them."""
    found: dict[str, Any] = {}
    for path in sorted(folder.glob("*.xlsx")):
        sheet = load_workbook(path, read_only=True)[workbook.FIGURES_SHEET]
        found.update({str(row[0]): row[4] for row in sheet.iter_rows(min_row=2, values_only=True)})
    return found


def said_in(template: Path, texts: list[str]) -> dict[str, str]:
    """What the letter says for each tag: every paragraph of the template, as a pattern, is found among the letter's."""
    said: dict[str, str] = {}
    for line in paragraphs(template):
        names = _TAG.findall(line)
        if not any(name.startswith("f.") for name in names) or "{%" in line:
            continue
        pieces = _TAG.split(line)
        pattern = "".join(re.escape(text) if at % 2 == 0 else r"(\S+?)" for at, text in enumerate(pieces))
        (found,) = [match for match in (re.fullmatch(pattern, text) for text in texts) if match]
        for name, value in zip(names, found.groups()):
            assert said.setdefault(name, value) == value, f"{name} is said twice, differently"
    return said


def test_every_figure_of_the_letter_is_the_one_of_the_workbooks(
    folder: Path, snapshot: dict[str, pd.DataFrame]
) -> None:
    said = said_in(resource("templates", "summary.docx"), paragraphs(next(folder.glob("*总结*.docx"))))
    ids = overview.collect(
        snapshot, oversight.prepare(snapshot, AS_OF), oversight.deadlines.load_calendar(), pictures=False
    ).ids
    figures = read_figures(folder)
    compared = 0
    for name, figure in ids.items():
        if f"f.{name}" not in said:
            continue
        text, value = said[f"f.{name}"], figures.get(figure)
        shown = None if text == overview.NO_FIGURE else Decimal(text.rstrip("%")) / (100 if text.endswith("%") else 1)
        if value is None:
            assert shown is None, (name, text)
        else:
            assert shown == Decimal(str(value)).quantize(Decimal("0.0001")) or shown == Decimal(str(value)), (
                name,
                text,
                value,
            )
        compared += 1
    assert compared >= 35, "the letter says most of the figures"
    decided, left = int(said["f.decided"]), int(said["f.undecided"])
    assert decided + left == int(said["f.to_file"]) > 0


def test_the_tables_of_the_letter_are_the_workbooks(folder: Path) -> None:
    document = Document(str(next(folder.glob("*总结*.docx"))))
    categories, units = ([[cell.text for cell in row.cells] for row in table.rows] for table in document.tables)
    assert sum(int(row[1]) for row in categories[1:-1]) == int(categories[-1][1])
    for column in (3, 4, 5):
        rows = [Decimal(row[column]) for row in categories[1:-1] if row[column] != overview.NO_FIGURE]
        total = Decimal(categories[-1][column])
        assert abs(sum(rows) - total) <= Decimal("0.005") * len(rows), "each is rounded once"
    figures = read_figures(folder)
    columns = ("illegal_count", "illegal_farmland", "farmland_ratio", "farmland_ratio_after", "rectified_rate")
    assert units[-1][1] == "合计" and len(units) > 3
    for row in units[1:]:
        for column, text in zip(columns, row[2:7]):
            value = figures.get(f"assessment/{'total' if row[1] == '合计' else row[1]}/{column}")
            share = 100 if text.endswith("%") else 1
            told = None if text == overview.NO_FIGURE else Decimal(text.rstrip("%")) / share
            assert told == (None if value is None else Decimal(str(value))), (row[1], column, text, value)


def test_it_is_a_letter(folder: Path) -> None:
    texts = [text.strip() for text in paragraphs(next(folder.glob("*总结*.docx")))]
    assert texts[0].endswith("年卫片执法工作总结")
    at = texts.index("永川区规划自然资源局：")
    assert at < texts.index("一、总体情况")
    signed = texts.index("大安街道卫片执法工作专班办公室")
    assert texts[signed - 1] == "（印　章）" and texts[signed + 1] == "2024年2月20日"
    assert signed < next(place for place, text in enumerate(texts) if text.startswith("附注"))
    assert not any("{{" in text or "{%" in text for text in texts)
    assert not any(re.search(r"\d{4}-\d{2}-\d{2}", text) for text in texts), "Chinese dates only"


def test_the_year_is_the_parcels(snapshot: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    """Made years later, the letter still names the year of what it counts."""
    oversight.write_all(snapshot, date(2026, 11, 27), tmp_path)
    issued = {str(day)[:4] for day in snapshot["parcel"]["issued"].dropna()}
    title = paragraphs(next(tmp_path.glob("*总结*.docx")))[0]
    assert re.search(r"(\d{4})年", title)[1] in issued  # type: ignore[index]


def test_without_settings_there_is_room_to_write_and_no_account(
    snapshot: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    made = overview.collect(
        snapshot, oversight.prepare(snapshot, AS_OF), oversight.deadlines.load_calendar(), pictures=False
    )
    assert made.addressee.strip("　") == "" and made.signed_by.strip("　") == "" and made.signed_by
    only_unit = with_settings(snapshot, 填报单位="大安街道办事处")
    made = overview.collect(
        only_unit, oversight.prepare(only_unit, AS_OF), oversight.deadlines.load_calendar(), pictures=False
    )
    assert made.signed_by == "大安街道办事处"


def test_an_office_can_have_a_template_of_its_own(snapshot: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    """In 「本县设置」, as templates/summary.docx."""
    own = Document()
    own.add_paragraph("致 {{ addressee }}：{{ year }}年度应填报 {{ f.to_file }} 个。{{ signed_by }} {{ as_of }}")
    (tmp_path / "本县" / "templates").mkdir(parents=True)
    own.save(str(tmp_path / "本县" / "templates" / "summary.docx"))
    with county_data(tmp_path / "本县"):
        oversight.write_all(with_settings(snapshot, **SAID), AS_OF, tmp_path / "报表")
    (text,) = paragraphs(next((tmp_path / "报表").glob("*总结*.docx")))
    assert text.startswith("致 永川区规划自然资源局：") and text.endswith(
        "大安街道卫片执法工作专班办公室 2024年2月20日"
    )
    assert f"应填报 {len(oversight.prepare(snapshot, AS_OF).due)} 个" in text
