"""The layer catalogue as something to edit: what nobody changed keeps its text."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from weipian_plugin.formats import yaml_edit
from weipian_plugin.formats.catalogue import read_catalogue, role_of, roles
from weipian_plugin.formats.catalogue_file import CatalogueFile, Entry, open_catalogue, save
from weipian_plugin.intake.role_clues import clues
from weipian_plugin.model.errors import WeipianError

TEXT = """# 本县图层清单，2026 年起用
version: 1

layers:
  # 三调成果，每年 6 月换
  - role: 地类图斑          # 2025 年度
    source: 调查/DLTB.shp   # 国土调查科
    encoding: GBK
  - {role: basic_farmland, source: 规划/永农.gpkg, layer: YN}  # 启用版
  # 批文
  - title: 农转用（2019 年以前）
    role: farmland_conversion
    source: "审批/农转用.shp"
    fields:
      document: PZWH   # 文号
      date: PZRQ
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("调查/DLTB.shp", "规划/永农.gpkg", "审批/农转用.shp", "审批/供地.shp"):
        file = tmp_path / "清单" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"")
    (tmp_path / "清单" / "图层清单.yaml").write_text(TEXT, encoding="utf-8")
    return tmp_path / "清单"


def opened(folder: Path) -> CatalogueFile:
    return open_catalogue(folder / "图层清单.yaml")


def text_of(folder: Path) -> str:
    return (folder / "图层清单.yaml").read_text(encoding="utf-8")


def test_saving_without_a_change_writes_the_same_text(folder: Path) -> None:
    save(opened(folder), folder / "图层清单.yaml")
    assert text_of(folder) == TEXT


def test_a_changed_value_leaves_every_comment(folder: Path) -> None:
    catalogue = opened(folder).changed(0, encoding="UTF-8", fields={"class": "DLBM"})
    save(catalogue.changed(1, layer="永农2022"), folder / "图层清单.yaml")
    text = text_of(folder)
    for comment in (
        "# 本县图层清单，2026 年起用",
        "# 三调成果，每年 6 月换",
        "# 2025 年度",
        "# 国土调查科",
        "# 启用版",
        "# 批文",
        "# 文号",
    ):
        assert comment in text
    assert "role: 地类图斑" in text, "the Chinese title stays where the role was not changed"
    first, second, _ = read_catalogue(folder / "图层清单.yaml")
    assert (first.encoding, dict(first.fields)) == ("UTF-8", {"class": "DLBM"})
    assert second.layer == "永农2022"


def test_a_new_layer_is_written_relative_with_its_chinese_title(folder: Path) -> None:
    entry = Entry("land_supply", str(folder / "审批" / "供地.shp"), fields={"date": "签订 日期"})
    save(opened(folder).with_entry(entry), folder / "图层清单.yaml")
    assert text_of(folder).startswith(TEXT)
    assert "  - role: land_supply  # 供地\n    source: 审批/供地.shp\n" in text_of(folder)
    assert read_catalogue(folder / "图层清单.yaml")[3].fields == {"date": "签订 日期"}


def test_a_removed_layer_takes_only_its_own_lines(folder: Path) -> None:
    save(opened(folder).without(1), folder / "图层清单.yaml")
    assert text_of(folder) == TEXT.replace(
        "  - {role: basic_farmland, source: 规划/永农.gpkg, layer: YN}  # 启用版\n", ""
    )


def test_a_value_that_is_taken_back_leaves_the_file(folder: Path) -> None:
    catalogue = opened(folder).changed(2, fields={}, title="")
    save(catalogue, folder / "图层清单.yaml")
    assert "title" not in text_of(folder)
    assert "PZWH" not in text_of(folder)
    assert read_catalogue(folder / "图层清单.yaml")[2].title == roles()["farmland_conversion"].title


def test_a_moved_folder_keeps_working(folder: Path) -> None:
    save(opened(folder).changed(0, encoding="UTF-8"), folder / "图层清单.yaml")
    other = folder.parent / "移到 D 盘"
    shutil.move(str(folder), str(other))
    assert all(Path(layer.source).is_relative_to(other.resolve()) for layer in read_catalogue(other / "图层清单.yaml"))


def test_saved_elsewhere_the_sources_still_lead_to_their_files(folder: Path) -> None:
    place = folder.parent / "清单副本" / "新清单.yaml"
    save(opened(folder), place)
    assert "../清单/调查/DLTB.shp" in place.read_text(encoding="utf-8")
    assert [layer.source for layer in read_catalogue(place)] == [
        layer.source for layer in read_catalogue(folder / "图层清单.yaml")
    ]


def test_a_layer_without_role_is_kept_in_the_window_and_not_in_the_file(folder: Path) -> None:
    catalogue = opened(folder).with_entry(Entry("", str(folder / "审批" / "供地.shp")))
    kept = save(catalogue, folder / "图层清单.yaml")
    assert text_of(folder) == TEXT
    assert [entry.role for entry in kept.entries] == ["land_survey", "basic_farmland", "farmland_conversion", ""]


def test_saving_twice_writes_what_was_meant(folder: Path) -> None:
    kept = save(opened(folder).without(0), folder / "图层清单.yaml")
    kept = save(kept.changed(0, layer="第二版"), folder / "图层清单.yaml")
    assert [layer.role for layer in read_catalogue(folder / "图层清单.yaml")] == [
        "basic_farmland",
        "farmland_conversion",
    ]
    assert read_catalogue(folder / "图层清单.yaml")[0].layer == "第二版"


def test_a_source_that_is_gone_can_be_edited_out(folder: Path) -> None:
    (folder / "审批" / "农转用.shp").unlink()
    catalogue = opened(folder)
    save(catalogue.without(2), folder / "图层清单.yaml")
    assert len(read_catalogue(folder / "图层清单.yaml")) == 2


def test_the_same_layer_is_taken_once(folder: Path) -> None:
    catalogue = opened(folder)
    assert catalogue.with_entry(Entry("basic_farmland", str(folder / "规划" / "永农.gpkg"), "YN")) == catalogue


def test_windows_line_ends_and_a_mark_at_the_head_are_no_trouble(folder: Path) -> None:
    file = folder / "图层清单.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    entry = Entry("land_supply", str(folder / "审批" / "供地.shp"))
    save(opened(folder).changed(0, encoding="UTF-8").with_entry(entry), file)
    assert [layer.role for layer in read_catalogue(file)][-1] == "land_supply"
    assert b"\n" not in file.read_bytes().replace(b"\r\n", b"")
    assert "# 国土调查科" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "version: 1\nlayers: []\n",
        "# 只有说明\nversion: 1\nlayers: [{role: 永农, source: 规划/永农.gpkg}]\n",
        "version: 1\nlayers:\n- role: 永农\n  source: 规划/永农.gpkg",
        "layers:\n  - &one\n    role: 永农\n    source: 规划/永农.gpkg\n  - {<<: *one, layer: b}\nversion: 1\n",
    ],
)
def test_any_form_of_yaml_gets_one_more_layer(folder: Path, text: str) -> None:
    file = folder / "图层清单.yaml"
    file.write_text(text, encoding="utf-8")
    before = len(open_catalogue(file).entries)
    entry = Entry("land_supply", str(folder / "审批" / "供地.shp"), layer="no", fields={"document": "文号：甲"})
    save(open_catalogue(file).with_entry(entry), file)
    layers = read_catalogue(file)
    assert len(layers) == before + 1
    assert (layers[-1].role, layers[-1].layer, layers[-1].fields["document"]) == ("land_supply", "no", "文号：甲")


def test_a_new_catalogue_reads_back(folder: Path) -> None:
    place = folder / "新.yaml"
    save(CatalogueFile().with_entry(Entry("villages", "PG:host=10.0.0.1 dbname=gt", "public.cj")), place)
    assert read_catalogue(place)[0].source == "PG:host=10.0.0.1 dbname=gt"


# ---- roles by their Chinese names ----


@pytest.mark.parametrize("code", sorted(roles()))
def test_a_role_is_known_by_code_title_and_short_names(code: str) -> None:
    for name in (code, roles()[code].title, *roles()[code].also):
        assert role_of(name) == code
    assert role_of(f" {code.upper()} ") == code


def test_no_name_stands_for_two_roles() -> None:
    names = [name for data in roles().values() for name in {data.title, *data.also}]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", ["", "批次", "耕地", "None", "红线"])
def test_what_is_no_name_of_a_role_is_none(name: str) -> None:
    assert role_of(name) is None


def test_the_words_that_propose_a_role_are_no_names_of_another() -> None:
    for entry in clues().roles:
        assert all(role_of(word) in (None, entry.role) for word in entry.words)


def test_an_unknown_role_is_answered_with_the_titles(folder: Path) -> None:
    file = folder / "图层清单.yaml"
    file.write_text("version: 1\nlayers:\n  - {role: 林地, source: 规划/永农.gpkg}\n", encoding="utf-8")
    with pytest.raises(WeipianError) as caught:
        read_catalogue(file)
    assert "农用地转用/征收批文" in caught.value.text("zh")


# ---- the editing itself ----

TEXTS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)


@settings(max_examples=150, deadline=None)
@given(values=st.dictionaries(st.sampled_from(["a", "b", "c", "新"]), st.one_of(st.none(), TEXTS), max_size=4))
def test_set_values_reads_back_and_keeps_comments(values: dict[str, str | None]) -> None:
    text = "x:\n  - a: 1  # 一\n    b: {k: v}  # 二\n    z: 3\n  # 三\n  - {a: 2, b: 4, z: 5} # 四\n"
    for position, numbers in ((0, "一三四"), (1, "一二三")):
        changed = yaml_edit.set_values(text, ("x", position), values)
        before, after = yaml.safe_load(text)["x"], yaml.safe_load(changed)["x"]
        wanted = {**before[position], **values}
        assert after[position] == {key: value for key, value in wanted.items() if value is not None}
        assert after[1 - position] == before[1 - position]
        assert all(
            f"# {number}" in changed for number in numbers if not (number == "一" and values.get("a", "") is None)
        )


@settings(max_examples=200, deadline=None)
@given(
    value=st.one_of(
        TEXTS, st.sampled_from(["null", "No", "1.0", "0102", "~", "yes", "2021-11-27", "a: b", "#x", "- x"])
    )
)
def test_a_text_written_by_us_is_read_back_as_the_same_text(value: str) -> None:
    assert yaml.safe_load(f"k: {yaml_edit.scalar(value)}") == {"k": value}


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_sequence_of_edits_is_what_the_file_then_says(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("edits")
    for name in ("a.shp", "b.gpkg", "c.shp"):
        (folder / name).write_bytes(b"")
    file = folder / "图层清单.yaml"
    file.write_text(
        "version: 1\nlayers:\n  - {role: 村界, source: a.shp}  # 甲\n  - role: 供地\n    source: b.gpkg\n",
        encoding="utf-8",
    )
    catalogue = open_catalogue(file)
    for _ in range(data.draw(st.integers(1, 5))):
        kind = data.draw(st.sampled_from(["add", "remove", "change", "save"]))
        if kind == "add":
            name = data.draw(st.sampled_from(["a.shp", "b.gpkg", "c.shp"]))
            role = data.draw(st.sampled_from(sorted(roles())))
            catalogue = catalogue.with_entry(Entry(role, str(folder / name), data.draw(st.one_of(st.none(), TEXTS))))
        elif kind == "save":
            catalogue = save(catalogue, file)
        elif catalogue.entries:
            index = data.draw(st.integers(0, len(catalogue.entries) - 1))
            if kind == "remove":
                catalogue = catalogue.without(index)
            else:
                catalogue = catalogue.changed(
                    index, layer=data.draw(st.one_of(st.none(), TEXTS)), title=data.draw(TEXTS)
                )
    kept = save(catalogue, file)
    said = [(entry.role, entry.source, entry.layer, entry.title) for entry in open_catalogue(file).entries]
    assert said == [(entry.role, entry.source, entry.layer, entry.title) for entry in catalogue.entries]
    assert replace(kept, text="").entries == open_catalogue(file).entries
