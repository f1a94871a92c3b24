"""GeoPackages and photo databases on a share or a mapped drive are opened."""

from __future__ import annotations

import ast
import sqlite3
from contextlib import closing
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from weipian_plugin.formats import sqlite_uri as module
from weipian_plugin.formats.sqlite_uri import sqlite_uri


@pytest.mark.parametrize(
    ("path", "address"),
    [
        (PureWindowsPath(r"\\server\share\图斑 1.gpkg"), "file:////server/share/%E5%9B%BE%E6%96%91%201.gpkg?mode=ro"),
        (PureWindowsPath(r"Z:\卫片\a#b?.gpkg"), "file:///Z:/%E5%8D%AB%E7%89%87/a%23b%3F.gpkg?mode=ro"),
        (PurePosixPath("/home/张三/a%20b.gpkg"), "file:///home/%E5%BC%A0%E4%B8%89/a%2520b.gpkg?mode=ro"),
    ],
)
def test_the_address_has_no_authority(path: PurePath, address: str) -> None:
    assert sqlite_uri(path, mode="ro") == address


def test_sqlite_accepts_the_address_of_a_share() -> None:
    with pytest.raises(
        sqlite3.OperationalError
    ) as caught:  # no such server here; with as_uri() it would be the authority
        sqlite3.connect(sqlite_uri(PureWindowsPath(r"\\server\share\x.gpkg"), mode="ro"), uri=True)
    assert "authority" not in str(caught.value)


def test_a_file_with_every_awkward_letter_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "张三 #1 100% a&b=c?.gpkg"
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("CREATE TABLE a (b)")
    with closing(sqlite3.connect(sqlite_uri(path, mode="ro"), uri=True)) as opened:
        assert opened.execute("SELECT count(*) FROM a").fetchone() == (0,)


def test_no_module_hands_sqlite_an_address_of_its_own() -> None:
    package = Path(module.__file__).resolve().parents[1]
    wrong = [
        f"{file.relative_to(package).as_posix()}:{node.lineno}"
        for file in sorted(package.rglob("*.py"))
        if file.relative_to(package).parts[0] != "vendor"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and any(keyword.arg == "uri" for keyword in node.keywords)
        and not (isinstance(node.args[0], ast.Call) and getattr(node.args[0].func, "id", "") == "sqlite_uri")
    ]
    assert wrong == []
