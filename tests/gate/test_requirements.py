"""What the plugin imports, what is locked and what the metadata tells people to install are the same packages."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

#: Names under which a package is imported, where they differ from the name it is installed under.
INSTALLED_AS = {"PIL": "pillow", "docx": "python-docx", "yaml": "pyyaml", "dateutil": "python-dateutil"}
WITH_QGIS = {"qgis", "osgeo", "processing", "psycopg2"}
#: Only where a team or a county wants it; imported inside a function, with a sentence when it is missing.
OPTIONAL = {"dask", "distributed"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names_in(path: Path) -> set[str]:
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return {normal(re.split(r"[<>=!;\[ ]", line)[0]) for line in lines if line and not line.startswith("#")}


def imported(package: Path) -> set[str]:
    found = set()
    for file in package.rglob("*.py"):
        if file.relative_to(package).parts[0] == "vendor":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"), filename=str(file))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                found.add(node.module.split(".")[0])
    outside = found - set(sys.stdlib_module_names) - WITH_QGIS - {"weipian_plugin"}
    return {normal(INSTALLED_AS.get(name, name)) for name in outside}


def test_every_imported_package_is_a_requirement(repository: Path) -> None:
    wanted = names_in(repository / "requirements" / "runtime.in")
    assert imported(repository / "weipian_plugin") - OPTIONAL - wanted == set()


def test_every_requirement_is_locked_for_both_versions_of_qgis(repository: Path) -> None:
    folder = repository / "requirements"
    assert names_in(folder / "runtime.in") | names_in(folder / "develop.in") <= names_in(folder / "locked.txt")
    assert names_in(folder / "runtime.in") <= names_in(folder / "locked-344.txt")


def test_the_set_of_the_windows_installer_holds_what_it_names_and_nothing_the_plugin_carries_itself(
    repository: Path,
) -> None:
    folder = repository / "requirements" / "sets"
    asked = (folder / "windows-3.44.8.in").read_text(encoding="utf-8").lower().splitlines()
    stock = (folder / "windows-3.44.8.txt").read_text(encoding="utf-8").lower().partition("# tools")[0].splitlines()
    assert {line for line in asked if "==" in line} <= set(stock)
    names = {normal(line.partition("==")[0]) for line in stock}
    assert (
        names
        & {"fiona", "imagehash", "scipy", "exifread", "docxtpl", "python-docx", "pygeomag", "pillow-heif", "defusedxml"}
        == set()
    )
    assert imported(repository / "weipian_plugin") - OPTIONAL - names == set()


def test_locks_name_exact_versions_and_no_addresses(repository: Path) -> None:
    for name in ("locked.txt", "locked-344.txt", "sets/windows-3.44.8.txt"):
        lines = (repository / "requirements" / name).read_text(encoding="utf-8").splitlines()
        wrong = [
            line for line in lines if line and not line.startswith("#") and not re.fullmatch(r"[\w.-]+==[\w.]+", line)
        ]
        assert not wrong, name
