"""Packages of others under our own name: they load where nothing else has them, and beside another plugin's copy."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import tomllib

REPOSITORY = Path(__file__).resolve().parents[2]
VENDOR = REPOSITORY / "weipian_plugin" / "vendor"
TABLE = tomllib.loads((REPOSITORY / "requirements" / "vendor.toml").read_text(encoding="utf-8"))["package"]
ROOTS = {package["module"].removesuffix(".py") for package in TABLE}

#: Work that reaches every vendored package, done while another plugin's copy of each stands in the way.
WORK = """
import io, sys, types
from datetime import date
for name in {roots!r}:
    stranger = types.ModuleType(name)
    stranger.__getattr__ = lambda attribute: 1 / 0
    sys.modules[name] = {stand_in}
from weipian_plugin.evidence.declination import declination
from weipian_plugin.evidence import tags
from weipian_plugin.vendor.docx import Document
from weipian_plugin.vendor.docxtpl import DocxTemplate
document = Document()
document.add_paragraph("{{{{ 编号 }}}}")
first, second = io.BytesIO(), io.BytesIO()
document.save(first)
template = DocxTemplate(first)
template.render({{"编号": "JC001"}})
template.save(second)
print(Document(second).paragraphs[0].text, round(declination(106.0, 29.3, date(2023, 5, 20)).degrees, 1), tags.ExifHeader.__module__)
"""


@pytest.mark.parametrize("stand_in", ["None", "stranger"], ids=["nowhere installed", "another plugin's copy loaded"])
def test_the_vendored_packages_work_whatever_else_is_loaded(stand_in: str) -> None:
    code = WORK.format(roots=sorted(ROOTS), stand_in=stand_in)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, cwd=REPOSITORY, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == ["JC001", "-2.8", "weipian_plugin.vendor.exifread.core.exif_header"]


def absolute_imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_no_file_of_the_plugin_takes_a_vendored_package_from_elsewhere() -> None:
    wrong = {
        file.relative_to(REPOSITORY).as_posix(): sorted(absolute_imports(file) & ROOTS)
        for file in (REPOSITORY / "weipian_plugin").rglob("*.py")
        if absolute_imports(file) & ROOTS
    }
    assert wrong == {}


def test_the_vendored_packages_need_nothing_but_what_every_qgis_has() -> None:
    needed = set().union(*(absolute_imports(file) for file in VENDOR.rglob("*.py"))) - {
        *sys.stdlib_module_names,
        "annotationlib",
        "cgi",
        "importlib_metadata",
    }
    assert needed <= {"lxml", "jinja2"}


def test_the_vendored_packages_hold_no_compiled_code() -> None:
    assert {file.suffix for file in VENDOR.rglob("*") if file.is_file() and "__pycache__" not in file.parts} <= {
        ".py", ".md", ".txt", ".docx", ".xml", ".typed",
    }  # fmt: skip


def test_the_vendored_source_parses_as_python_39() -> None:
    for file in VENDOR.rglob("*.py"):
        ast.parse(file.read_text(encoding="utf-8"), filename=str(file), feature_version=(3, 9))


def test_the_table_says_version_licence_and_hash_of_each() -> None:
    text = (VENDOR / "README.md").read_text(encoding="utf-8")
    for package in TABLE:
        row = next(line for line in text.splitlines() if line.startswith(f"| {package['name']} |"))
        assert all(package[key] in row for key in ("version", "licence", "wheel", "sha256"))
