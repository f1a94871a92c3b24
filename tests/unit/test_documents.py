"""The pages keep up with the program: every message, every command, every link and picture they name is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from scripts import house
from weipian_plugin.model.messages import catalogue

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md")])
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
TARGET = re.compile(r"\bmake ([a-z][a-z0-9-]+)")


def targets() -> set[str]:
    text = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9-]+):", text, flags=re.MULTILINE))


def test_every_message_is_on_the_page_of_messages() -> None:
    page = (REPOSITORY / "docs" / "errors.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([a-z0-9_.]+)`", page, flags=re.MULTILINE))
    assert named == set(catalogue()), "make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    local = [link for link in LINK.findall(text) if "://" not in link and not link.startswith("mailto:")]
    missing = [link for link in local if not (page.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_commands_of_the_pages_are_targets_of_the_makefile(page: Path) -> None:
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", page.read_text(encoding="utf-8"), flags=re.DOTALL))
    assert set(TARGET.findall(code)) <= targets()


NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_tests_that_a_page_names_are_there(page: Path) -> None:
    missing = []
    for file, name in NAMED.findall(page.read_text(encoding="utf-8")):
        path = REPOSITORY / file
        if not path.is_file() or (name and f"def {name}(" not in path.read_text(encoding="utf-8")):
            missing.append(f"{file}::{name}")
    assert missing == []


def test_the_pages_for_people_are_in_the_site_and_behind_f1() -> None:
    site = (REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8")
    assert [
        name for name in house.PAGES if f"{name}.md" not in site or not (REPOSITORY / "docs" / f"{name}.md").is_file()
    ] == []


def test_every_closed_list_and_every_record_of_a_table_stands_in_the_glossary() -> None:
    from weipian_plugin.model import words
    from weipian_plugin.workspace.schema import TABLES

    page = (REPOSITORY / "docs" / "glossary.md").read_text(encoding="utf-8")
    lists = [name for name, kind in vars(words).items() if isinstance(kind, type) and issubclass(kind, words.Word)]
    records = [table.record.__name__ for table in TABLES if table.record is not None]
    assert len(records) == len(TABLES), "every table is the table of a record"
    assert [name for name in (*lists, *records) if f"`{name}`" not in page] == []


def test_every_class_of_the_model_stands_in_the_glossary() -> None:
    page = (REPOSITORY / "docs" / "glossary.md").read_text(encoding="utf-8")
    trees = [
        ast.parse(path.read_text(encoding="utf-8")) for path in (REPOSITORY / "weipian_plugin" / "model").glob("*.py")
    ]
    classes = [
        node.name for tree in trees for node in tree.body if isinstance(node, ast.ClassDef) and node.name[0] != "_"
    ]
    assert len(classes) > 50 and [name for name in classes if f"`{name}`" not in page] == []
