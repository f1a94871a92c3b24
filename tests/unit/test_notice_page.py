"""docs/notice.md: every test that it names is there, every part of the notice has a row, and the page is in the site."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PAGE = (REPOSITORY / "docs" / "notice.md").read_text(encoding="utf-8")
ROWS = [line.strip("|").split("|") for line in PAGE.splitlines() if line.startswith("| ") and "---" not in line][1:]
NAMED = re.findall(r"`((?:unit|gui|qgis)/[\w/]+\.py)::(\w+)`", PAGE)


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((REPOSITORY / "tests" / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED)))
def test_a_named_test_exists(file: str, name: str) -> None:
    assert name.startswith("test_") and name in names_in(file)


def test_every_row_says_where_and_by_which_test() -> None:
    assert len(ROWS) >= 20
    for row in ROWS:
        assert len(row) == 4 and all(cell.strip() for cell in row), row
        assert re.search(r"`[\w/]+\.py::test_\w+`", row[3]), row
        assert len(re.findall(r"::", row[3])) == len(re.findall(r"`(?:unit|gui|qgis)/[\w/]+\.py::test_\w+`", row[3])), (
            row
        )


def test_every_part_of_the_notice_has_a_row() -> None:
    parts = {row[0].strip() for row in ROWS}
    assert parts >= {"一", "二", "三", *(f"四（{n}）" for n in "一二三四"), *(f"五（{n}）" for n in "一二三四五")}


def test_the_page_is_in_the_site() -> None:
    assert "notice.md" in (REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8")
    assert "notice.md" in (REPOSITORY / "docs" / "index.md").read_text(encoding="utf-8")
