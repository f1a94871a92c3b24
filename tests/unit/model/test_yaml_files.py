"""A file of settings is read safely, and what is wrong with it is one sentence with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from weipian_plugin.formats.catalogue import read_catalogue
from weipian_plugin.judgment.profile_files import check_profile
from weipian_plugin.model import yaml_files
from weipian_plugin.model.causes import cause_of
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.messages import render
from weipian_plugin.model.paths import resource

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdefghi", "bcdefghij")
)
WRONG = {
    "a key twice": ("version: 1\nlayers: []\n# 又一份\nlayers: []\n", "model.yaml_key_twice", ("第 2 行", "第 4 行", "layers")),
    "a key twice inside": ("layers:\n- {role: a, role: b}\n", "model.yaml_key_twice", ("第 2 行", "role")),
    "a Windows path in double quotes": ('layers:\n- {source: "D:\\数据\\批文.shp"}\n', "model.yaml_backslash", ("第 2 行",)),
    "a Windows path that begins a hex escape": ('source: "D:\\user\\x.shp"\n', "model.yaml_backslash", ("第 1 行",)),
    "tabs": ("layers:\n\t- {role: a}\n", "model.yaml_tab", ("第 2 行",)),
    "GBK": ("version: 1 # 图层清单".encode("gbk"), "model.yaml_encoding", ("GBK", "UTF-8")),
    "a bracket that is not closed": ("layers: [a, b\nx: 1\n", "model.yaml_shape", ("第",)),
    "a tag of Python": ("a: !!python/object/apply:os.system [x]\n", "model.yaml_tag", ("第 1 行",)),
    "billions of values by aliases": (LAUGHS, "model.yaml_aliases", ("别名",)),
    "aliases as a key": ("a: &a [1, 2]\n? *a\n: 1\n", "model.yaml_key", ("第",)),
    "a node inside of itself": ("a: &a [*a]\n", "model.yaml_aliases", ("别名",)),
    "nesting that ends the process": ("[" * 100_000, "model.yaml_deep", ("40",)),
    "nesting in blocks": ("- " * 100_000 + "a", "model.yaml_deep", ("40",)),
    "no date": ("a: 2023-13-45\n", "model.yaml_shape", ("第",)),
    "zero bytes": ("a: \x00\n", "model.yaml_shape", ("第",)),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_one_sentence_with_its_line(case: tuple) -> None:
    content, code, words = case
    with pytest.raises(yaml_files.YamlError) as caught:
        yaml_files.load(content)
    assert caught.value.code == code
    text = render(cause_of(caught.value))
    assert all(word in text for word in words)


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG.keys())
def test_a_catalogue_and_a_profile_say_the_same(case: tuple, tmp_path: Path) -> None:
    path = tmp_path / "图层清单.yaml"
    path.write_bytes(case[0] if isinstance(case[0], bytes) else case[0].encode())
    with pytest.raises(WeipianError) as caught:
        read_catalogue(path)
    assert caught.value.code == "intake.catalogue_unreadable" and "图层清单.yaml" in str(caught.value)
    if case[1] != "model.yaml_encoding":
        assert check_profile(path), "a profile lists it among its mistakes"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_files_of_notepad_are_read(encoding: str) -> None:
    assert yaml_files.load("版本: 1\n".encode(encoding)) == {"版本": 1}


def test_merge_keys_and_aliases_in_measure_stay_allowed() -> None:
    assert yaml_files.load("a: &a {x: 1}\nb: {<<: *a, y: 2}\nc: *a\n") == {
        "a": {"x": 1},
        "b": {"x": 1, "y": 2},
        "c": {"x": 1},
    }


@pytest.mark.parametrize("path", sorted(resource("roles.yaml").parent.rglob("*.yaml")), ids=lambda path: path.name)
def test_no_key_stands_twice_in_what_is_shipped(path: Path) -> None:
    assert yaml_files.load(path.read_bytes())


SOURCES = {
    "QGIS": ("a.gpkg|layername=批文", "a.gpkg", "批文"),
    "QGIS with a number": ("a.shp|layerid=0", "a.shp", None),
    "ArcGIS": ("x.gdb/批文", "x.gdb", "批文"),
    "ArcGIS with a group": ("x.gdb\\要素集\\批文", "x.gdb", "批文"),
}


@pytest.mark.parametrize("case", SOURCES.values(), ids=SOURCES.keys())
def test_the_layer_in_a_source_is_understood(case: tuple, tmp_path: Path) -> None:
    written, name, layer = case
    for made in ("a.gpkg", "a.shp"):
        (tmp_path / made).write_bytes(b"")
    (tmp_path / "x.gdb").mkdir()
    path = tmp_path / "c.yaml"
    path.write_text(f"version: 1\nlayers:\n- {{role: farmland_conversion, source: '{written}'}}\n", encoding="utf-8")
    (source,) = read_catalogue(path)
    assert Path(source.source).name == name and source.layer == layer


def test_a_filter_of_qgis_is_not_left_out_in_silence(tmp_path: Path) -> None:
    (tmp_path / "a.gpkg").write_bytes(b"")
    path = tmp_path / "c.yaml"
    path.write_text(
        "version: 1\nlayers:\n- {role: farmland_conversion, source: 'a.gpkg|layername=x|subset=a=1'}\n",
        encoding="utf-8",
    )
    with pytest.raises(WeipianError) as caught:
        read_catalogue(path)
    assert caught.value.code == "intake.catalogue_shape" and "subset" in str(caught.value)
