"""项目名称, 项目主体, 用途, 建设时间 in every paper: as people typed them, never as they were delivered; what was emptied stays empty.

All papers of a year and a package are written and read back, cell by cell.
"""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.unit.pipeline.test_duties import cases, decide, split
from tests.unit.small_office import MINE, SmallOffice, number
from weipian_plugin import filing

FIELDS = ("项目名称", "项目主体", "用途分类细化", "建设时间")
DELIVERED = {
    "项目名称": "下发项目",
    "项目主体": "下发主体",
    "用途分类细化": "下发用途",
    "非农违法土地用途": "下发用途",
    "建设时间": "1999-01",
}
CLAIMED = {"project": "下发项目", "holder": "下发主体", "use": "下发用途", "construction_date": "1999-01"}
TYPED = {"项目名称": "人填项目", "项目主体": "人填主体", "用途分类细化": "人填用途", "建设时间": "2021-05"}
EMPTIED = {"项目名称": "人填二号", "项目主体": "", "用途分类细化": "", "建设时间": ""}
PART = {"项目名称": "地块项目", "项目主体": "地块主体", "用途分类细化": "地块用途", "建设时间": "2022-06"}


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Every cell of every paper, by file: 1 typed, 2 emptied, 3 split with typed parts, the mine typed."""
    folder = tmp_path_factory.mktemp("papers")
    office = SmallOffice(folder)
    office.deliver((1, 2, 3, MINE))
    for serial in (1, 2, 3, MINE):
        office.store.update(
            "parcel", {"number": number(serial)}, {"claims": CLAIMED, "delivered": DELIVERED}, "系统", "下发"
        )
    office.measure()
    decide(office, 1, "违法", **TYPED)
    decide(office, 2, "违法", **TYPED)
    decide(office, 2, "违法", **EMPTIED)
    split(office, 3)
    decide(office, 3, "违法", "_1", **PART)
    decide(office, 3, "违法", "_2", **PART)
    decide(office, MINE, "违法", **TYPED)
    report = folder / "报表"
    office.tabulate(report, "2099-01-01", 2026)
    every = cases(office)
    written = [every[number(serial)] for serial in (1, 2, 3, MINE)]
    for outcome in filing.write_packages(written, folder / "卷宗", filing.PackageOptions()):
        assert isinstance(outcome, filing.PackageRecord), outcome
    office.store.close()
    found = {}
    for path in sorted([*report.rglob("*"), *(folder / "卷宗").rglob("*")]):
        if path.is_file():
            found[path.relative_to(folder).as_posix()] = list(_cells(path))
    return found


def _cells(path: Path) -> Iterator[str]:
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, read_only=True)
        for sheet in book:
            for row in sheet.iter_rows(values_only=True):
                yield from (str(value) for value in row if value is not None)
        book.close()
    elif path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for line in csv.reader(stream):
                yield from line
    elif path.name == "manifest.json":
        for name, value in json.loads(path.read_text(encoding="utf-8"))["figures"].items():
            yield "" if name.startswith("proposal") else str(value)
    elif path.suffix in (".html", ".json", ".geojson", ".txt"):
        raw = path.read_bytes()
        yield raw.decode("utf-8" if path.suffix != ".txt" else "gb18030", "replace")
    elif path.suffix == ".docx":
        with zipfile.ZipFile(path) as archive:
            yield re.sub(r"<[^>]+>", "\n", archive.read("word/document.xml").decode("utf-8"))
    elif path.suffix == ".dbf":
        yield path.read_bytes().decode("gbk", "replace")


def told(papers: dict[str, list[str]], text: str) -> set[str]:
    return {name for name, cells in papers.items() if any(text in cell for cell in cells)}


#: A parcel that was split stands in the upload tables once as it was delivered (被拆分, without a finding), before its parts; proposals
#: and their facts tell what they were made from; the journal of a package tells what was delivered and changed.
_AS_DELIVERED = re.compile(r"上报表[AB]_|操作记录|proposals\.csv|02合法性判定表")


@pytest.mark.parametrize("text", ["下发项目", "下发主体", "下发用途", "1999-01"])
def test_nothing_delivered_stands_where_somebody_typed(papers: dict[str, list[str]], text: str) -> None:
    assert {name for name in told(papers, text) if not _AS_DELIVERED.search(name)} == set()


@pytest.mark.parametrize(
    ("paper", "texts"),
    [
        ("上报表A", ("人填项目", "人填主体", "人填用途", "地块项目", "地块主体", "地块用途", "人填二号")),
        ("上报表B", ("人填项目", "人填主体", "人填用途", "2021-05", "地块项目", "地块主体", "2022-06", "人填二号")),
        ("统计表", ("人填项目", "人填主体", "人填用途", "地块项目", "地块主体", "地块用途", "人填二号")),
    ],
)
def test_what_was_typed_stands_in_the_papers_of_the_year(
    papers: dict[str, list[str]], paper: str, texts: tuple[str, ...]
) -> None:
    (name,) = [name for name in papers if name.startswith("报表/" + paper)]
    assert [text for text in texts if not any(text in cell for cell in papers[name])] == []


@pytest.mark.parametrize(("serial", "texts"), [(1, TYPED), (3, PART), (MINE, TYPED)])
def test_what_was_typed_stands_in_the_forms_and_shapes_of_a_package(
    papers: dict[str, list[str]], serial: int, texts: dict[str, str]
) -> None:
    own = {name: cells for name, cells in papers.items() if name.startswith("卷宗/") and number(serial) in name}
    for text in texts.values():
        shown = {"2021-05": "2021年5月", "2022-06": "2022年6月"}.get(text, text)
        assert {name for name in told(own, shown) if name.endswith(".xlsx")}, text
    shapes = {name for name in told(own, texts["项目名称"]) if name.endswith(".dbf")}
    assert shapes, "the shape handed in names the project as typed"


def test_what_was_emptied_is_empty_in_the_package(papers: dict[str, list[str]]) -> None:
    own = {name: cells for name, cells in papers.items() if name.startswith("卷宗/") and number(2) in name}
    assert told(own, "人填二号") and {name for name in told(own, "人填主体") if "操作记录" not in name} == set()
