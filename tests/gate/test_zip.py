"""What the plugin repository checks of an upload, as far as it can be checked without asking it."""

from __future__ import annotations

import configparser
import importlib
import os
import re
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path

import pytest
import tomllib

from tests.gate.conftest import build_zip

REQUIRED = ("name", "description", "version", "qgisMinimumVersion", "author", "email", "about", "tracker", "repository")
PROGRAMS = (".dll", ".so", ".pyd", ".dylib", ".exe", ".bat", ".cmd", ".sh", ".msi", ".jar", ".ps1")


@pytest.fixture(scope="module")
def names(plugin_zip: Path) -> list[str]:
    with zipfile.ZipFile(plugin_zip) as archive:
        return archive.namelist()


@pytest.fixture(scope="module")
def metadata(unpacked: Path) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(unpacked / "metadata.txt", encoding="utf-8")
    return parser["general"]


def test_the_zip_holds_one_folder_with_what_qgis_needs(names: list[str]) -> None:
    assert {name.split("/")[0] for name in names} == {"weipian_plugin"}
    assert {f"weipian_plugin/{name}" for name in ("__init__.py", "metadata.txt", "LICENSE")} <= set(names)


def test_names_are_safe_on_every_system(names: list[str]) -> None:
    wrong = [
        name
        for name in names
        if ".." in name or name.startswith("/") or "\\" in name or re.match(r"[A-Za-z]:", name)
        or re.search(r'[<>:"|?*\x00-\x1f\u202a-\u202e]', name) or unicodedata.normalize("NFC", name) != name
        or (not name.isascii() and not name.startswith("weipian_plugin/resources/"))  # texts for people may be Chinese
    ]  # fmt: skip
    assert not wrong
    assert len({name.casefold() for name in names}) == len(names)
    assert max(map(len, names)) < 120


def test_chinese_names_are_marked_as_utf8(plugin_zip: Path) -> None:
    with zipfile.ZipFile(plugin_zip) as archive:
        wrong = [i.filename for i in archive.infolist() if not i.filename.isascii() and not i.flag_bits & 0x800]
    assert not wrong


def test_nothing_is_packed_that_only_a_checkout_needs(names: list[str]) -> None:
    wrong = [
        name
        for name in names
        if re.search(r"\.py[co]$|__pycache__|(^|/)\.(?!bandit$)[^/]+|__MACOSX|(^|/)tests?/|\.ts~|Thumbs\.db", name)
        or name.lower().endswith(PROGRAMS)
    ]
    assert not wrong


def test_every_module_and_resource_of_the_checkout_is_packed(names: list[str], repository: Path) -> None:
    wanted = {f"weipian_plugin/{p.relative_to(repository / 'weipian_plugin').as_posix()}"
              for p in (repository / "weipian_plugin").rglob("*.py")}  # fmt: skip
    wanted |= {
        f"weipian_plugin/{p.relative_to(repository).as_posix()}" for p in (repository / "resources").rglob("*.yaml")
    }
    wanted |= {f"weipian_plugin/{p.relative_to(repository).as_posix()}" for p in (repository / "forms").rglob("*.ui")}
    assert wanted <= set(names)


def test_every_translation_source_is_packed_compiled(names: list[str], repository: Path) -> None:
    sources = [
        p.relative_to(repository).with_suffix(".qm").as_posix() for p in (repository / "resources").rglob("*.ts")
    ]
    assert {f"weipian_plugin/{name}" for name in sources} <= set(names)


def test_the_zip_is_small_enough(plugin_zip: Path) -> None:
    """The repository takes 25 MB; an office passes it on by hand, on a stick or by mail."""
    assert plugin_zip.stat().st_size < 6_000_000


def test_packages_of_others_come_with_their_licences(names: list[str], repository: Path) -> None:
    table = tomllib.loads((repository / "requirements" / "vendor.toml").read_text(encoding="utf-8"))["package"]
    for package in table:
        root = package["module"].removesuffix(".py")
        assert f"weipian_plugin/vendor/licences/{root}.txt" in names
        assert any(name.startswith(f"weipian_plugin/vendor/{root}") for name in names)
    assert "weipian_plugin/vendor/README.md" in names


def test_the_same_sources_give_the_same_bytes(repository: Path, tmp_path: Path) -> None:
    first = build_zip(repository, tmp_path / "first")
    touched = repository / "weipian_plugin" / "__init__.py"
    before = touched.stat()
    os.utime(touched)
    try:
        second = build_zip(repository, tmp_path / "second")
    finally:
        os.utime(touched, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert first.name == second.name
    assert first.read_bytes() == second.read_bytes()


def test_the_metadata_is_complete(metadata: configparser.SectionProxy) -> None:
    assert [key for key in REQUIRED if not metadata.get(key, "").strip()] == []
    assert re.fullmatch(r"\d+\.\d+\.\d+", metadata["version"]), "the feed sorts versions as text: x.y.z"
    assert "/" not in metadata["author"]
    assert re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", metadata["email"])
    assert all(metadata[key].startswith("https://") for key in ("tracker", "repository", "homepage"))
    assert metadata.getboolean("hasProcessingProvider"), "qgis_process finds no algorithm without it"
    assert "plugin" not in metadata["name"].lower()


def test_the_metadata_claims_only_the_qgis_versions_that_were_run(metadata: configparser.SectionProxy) -> None:
    assert metadata["qgisMinimumVersion"] == "3.22"
    assert metadata["qgisMaximumVersion"] == "4.99"
    assert metadata.getboolean("supportsQt6"), "the QGIS 3.x compiled on Qt 6 still ask for it; QGIS 4 does not"


def test_the_addresses_come_from_one_place(metadata: configparser.SectionProxy, repository: Path) -> None:
    settings = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["weipian"]
    assert {key: metadata[key] for key in settings} == settings
    written = (repository / "metadata.txt").read_text(encoding="utf-8")
    assert not re.search(r"^(email|homepage|tracker|repository)=|https?://", written, re.M)


def test_a_zip_with_placeholders_for_addresses_is_only_built_for_trying_out(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(repository / "scripts"))
    package = importlib.import_module("package")
    own = {
        "email": "a@weipian.cn",
        **{key: f"https://weipian.cn/{key}" for key in ("homepage", "tracker", "repository")},
    }
    assert package.placeholders(own) == []
    for address in (
        "https://example.org/x",
        "https://www.example.com",
        "",
        "https://localhost:80/",
        "https://a.invalid/",
    ):
        assert package.placeholders({**own, "tracker": address}) == ["tracker"], address
    assert package.placeholders({**own, "email": "weipian@example.org"}) == ["email"]
    done = subprocess.run(
        [sys.executable, str(repository / "scripts" / "package.py"), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    expected = bool(package.placeholders(package.addresses()))
    assert done.returncode == int(expected)
    assert bool(list(tmp_path.glob("*.zip"))) is not expected


def test_the_icon_named_in_the_metadata_is_there(metadata: configparser.SectionProxy, unpacked: Path) -> None:
    assert (unpacked / metadata["icon"]).is_file()


def test_the_licence_is_gpl_2_or_later(unpacked: Path, metadata: configparser.SectionProxy) -> None:
    text = (unpacked / "LICENSE").read_text(encoding="utf-8")
    assert "GNU GENERAL PUBLIC LICENSE" in text
    assert "Version 2, June 1991" in text
    assert "any later" in text
    assert metadata["license"] == "GPL-2.0-or-later"
