"""Which packages are lacking, told by version and not by mere presence."""

from __future__ import annotations

import ast
import importlib.metadata
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from weipian_plugin.model import packages
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.packages import PACKAGES, Need, Package, found_version, lack_of, lacking, older

PLUGIN = Path(packages.__file__).resolve().parents[1]


def made(folder: Path, version: str | None, said: str | None = None) -> Package:
    """A package in a folder on Python's path, with or without metadata."""
    (folder / "weipian_probe.py").write_text(f"__version__ = {said!r}\n" if said else "", encoding="utf-8")
    if version:
        info = folder / f"weipian_probe-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: weipian-probe\nVersion: {version}\n", encoding="utf-8"
        )
    return Package("weipian_probe", "weipian-probe", "2.1", "试验")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    sys.modules.pop("weipian_probe", None)


@pytest.mark.parametrize(
    ("version", "lowest", "is_older"),
    [
        ("2.0.6", "2.1", True),
        ("2.1", "2.1", False),
        ("2.1.0", "2.1", False),
        ("2.1", "2.1.0", False),
        ("2.10", "2.9", False),
        ("10.3.0", "9.99", False),
        ("1.26.4", "1.26", False),
        ("2.1rc1", "2.1", False),
        ("", "0.1", True),
    ],
)
def test_versions_are_compared_by_their_numbers(version: str, lowest: str, is_older: bool) -> None:
    assert older(version, lowest) is is_older


@pytest.mark.parametrize(("version", "lacks"), [("2.0.6", True), ("2.1.2", False), ("3.0", False)])
def test_a_package_that_is_there_but_too_old_is_lacking(place: Path, version: str, lacks: bool) -> None:
    lack = lack_of(made(place, version))
    assert (lack is not None) is lacks
    if lack:
        assert (lack.found, lack.in_use) == (version, False)


def test_a_package_without_metadata_is_asked_itself(place: Path) -> None:
    assert found_version(made(place, None, said="2.0.1")) == "2.0.1"


def test_a_package_that_is_nowhere_is_lacking_without_a_version() -> None:
    lack = lack_of(Package("weipian_nowhere", "weipian-nowhere", "1", "试验"))
    assert lack is not None and lack.found is None


def test_what_another_plugin_loaded_counts_more_than_what_is_installed(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = made(place, "2.1.2")
    loaded = types.ModuleType("weipian_probe")
    loaded.__version__ = "2.0.6"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "weipian_probe", loaded)
    lack = lack_of(package)
    assert lack is not None and (lack.found, lack.in_use) == ("2.0.6", True)


def test_a_module_that_may_not_be_imported_is_lacking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shapely", None)
    assert "shapely" in {lack.package.module for lack in lacking(Need.CORE)}


def test_shapely_of_an_older_qgis_stops_the_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """QGIS 3.34 to 3.44.7 bring shapely 2.0, which has no make_valid(method=...) and no maximum_inscribed_circle."""
    monkeypatch.delitem(sys.modules, "shapely", raising=False)
    real = importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "2.0.6" if name == "shapely" else real(name))
    assert [(lack.package.module, lack.found) for lack in lacking(Need.CORE)] == [("shapely", "2.0.6")]


def test_everything_the_tests_run_with_is_enough() -> None:
    assert lacking(Need.CORE) == ()


def test_an_output_that_lacks_its_package_says_which_version_it_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pyogrio", raising=False)
    real = importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "0.7.2" if name == "pyogrio" else real(name))
    with pytest.raises(WeipianError) as caught:
        packages.load("pyogrio.raw")
    text = caught.value.text()
    assert caught.value.code == "run.package_missing"
    assert all(part in text for part in ("pyogrio", "0.7.2", "0.9", "3.44.8"))


def imports_at_the_top(tree: ast.Module) -> set[str]:
    found = set()
    for node in tree.body:
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize(
    "module", [package.module for package in PACKAGES if package.need is not Need.CORE], ids=lambda name: name
)
def test_only_core_packages_are_imported_before_they_are_needed(module: str) -> None:
    """An import at the top of a file would take the whole plugin down with it."""
    wrong = [
        file.relative_to(PLUGIN).as_posix()
        for file in PLUGIN.rglob("*.py")
        if file.relative_to(PLUGIN).parts[0] != "vendor"
        and module in imports_at_the_top(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert wrong == []


def test_every_package_that_is_imported_stands_in_the_table() -> None:
    known = (
        {package.module for package in PACKAGES}
        | {"qgis", "osgeo", "processing", "dask"}
        | set(sys.stdlib_module_names)
    )
    found: dict[str, str] = {}
    for file in PLUGIN.rglob("*.py"):
        if file.relative_to(PLUGIN).parts[0] == "vendor":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and not node.level and node.module else []
            found.update({name.split(".")[0]: file.name for name in names if name.split(".")[0] not in known})
    assert found == {}


def test_every_package_but_the_optional_ones_is_in_the_windows_installer() -> None:
    """The stock set of QGIS 3.44.8 satisfies the table; psycopg2 comes with the installer too and is not part of the tests' set."""
    text = (PLUGIN.parent / "requirements" / "sets" / "windows-3.44.8.txt").read_text(encoding="utf-8")
    stock = dict(line.lower().split("==") for line in text.partition("# tools")[0].splitlines() if "==" in line)
    for package in PACKAGES:
        if package.need is Need.OPTIONAL or package.module == "psycopg2":
            continue
        assert not older(stock[package.distribution.lower()], package.lowest), package.distribution


def test_the_lowest_versions_are_those_that_the_defects_need() -> None:
    """Measured: photos of the sample need Pillow 11.1, polygons shapely 2.1, charts matplotlib 3.6, columns and layers pyogrio 0.9."""
    lowest = {package.module: package.lowest for package in PACKAGES}
    needed = {"PIL": "11.1", "shapely": "2.1", "matplotlib": "3.6", "pyogrio": "0.9"}
    assert [name for name, version in needed.items() if older(lowest[name], version)] == []
