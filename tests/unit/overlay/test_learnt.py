"""What later runs take from earlier ones: the same answers without opening the tables again, and never longer than it is true."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weipian_plugin.model.records import LayerSource
from weipian_plugin.overlay import cache, learnt
from weipian_plugin.overlay.learnt import Column, Learnt
from weipian_plugin.overlay.stores import PackedContent, ShapefileContent

from .county import layer, measure, parcels, values

#: Three neighbours: approved in time, withdrawn, and approved under an area that cannot be its own.
APPROVALS = [
    ((0, 0, 50, 100), {"PZWH": "渝府地〔2022〕1号", "PZRQ": "20220501", "ZT": "", "PZMJ": "5000"}),
    ((100, 0, 150, 100), {"PZWH": "渝府地〔2022〕2号", "PZRQ": "20220501", "ZT": "已撤销", "PZMJ": "5000"}),
    ((200, 0, 250, 100), {"PZWH": "渝府地〔2022〕3号", "PZRQ": "20220501", "ZT": "", "PZMJ": "99"}),
]
CLASSES = [((0, 0, 130, 100), {"DLBM": "0103"}), ((130, 0, 300, 100), {"DLBM": "0602"})]
NUMBERS = ("A", "B", "C")


def county(folder: Path, suffix: str = ".shp") -> list[LayerSource]:
    return [
        layer(folder, "land_survey", CLASSES, suffix=suffix, title="2022 年变更调查"),
        layer(folder, "farmland_conversion", APPROVALS, suffix=suffix),
    ]


def some(*numbers: str) -> Any:
    return parcels(
        {number: (NUMBERS.index(number) * 100, 0, NUMBERS.index(number) * 100 + 100, 100) for number in numbers}
    )


def tables(result: Any) -> list[pd.DataFrame]:
    plain = [result.coverage, result.measures, result.regions, result.parts, result.overlaps]
    return [pd.DataFrame(table).astype(str) for table in plain]


def unread(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Note every reading of texts from a source."""
    asked: list[Any] = []
    for kind in (ShapefileContent, PackedContent):
        plain = kind.texts

        def texts(self: Any, positions: Any, plain: Any = plain) -> Any:
            asked.append(np.asarray(positions).tolist())
            return plain(self, positions)

        monkeypatch.setattr(kind, "texts", texts)
    return asked


@pytest.mark.parametrize("suffix", [".shp", ".gpkg"])
def test_a_later_run_gives_the_same_without_opening_a_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    layers, place = county(tmp_path, suffix), tmp_path / "cache"
    without = tables(measure(some(*NUMBERS), layers))
    first = tables(measure(some(*NUMBERS), layers, cache=place))
    asked = unread(monkeypatch)
    later = measure(some(*NUMBERS), layers, cache=place)
    assert asked == []
    for one, two, three in zip(without, first, tables(later)):
        pd.testing.assert_frame_equal(one, two)
        pd.testing.assert_frame_equal(one, three)
    assert values(later, "B")["farmland_conversion_void"] > 0 == values(later, "B")["farmland_conversion_in_time"]


def test_other_parcels_of_a_later_run_read_only_what_is_new_to_them_and_that_is_kept_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layers, place = county(tmp_path), tmp_path / "cache"
    measure(some("A"), layers, cache=place)
    asked = unread(monkeypatch)
    mixed = measure(some("A", "B", "C"), layers, cache=place)
    assert asked and max(map(len, asked)) <= 2
    asked.clear()
    again = measure(some("B", "C", "A"), layers, cache=place)
    assert asked == []
    for number in NUMBERS:
        assert values(again, number) == values(mixed, number) == values(measure(some(*NUMBERS), layers), number)


def test_a_changed_word_counts_at_once_although_the_old_one_was_learnt(tmp_path: Path) -> None:
    layers, place = county(tmp_path), tmp_path / "cache"
    for _ in range(2):
        assert values(measure(some("A"), layers, cache=place), "A")["farmland_conversion_in_time"] > 0
    table = Path(layers[1].source).with_suffix(".dbf")
    content = table.read_bytes()
    withdrawn, blank = "已撤销".encode("gbk"), b" " * 6
    at = content.index("渝府地〔2022〕1号".encode("gbk"))
    cell = content.index(blank, at)  # the status of the first record
    table.write_bytes(content[:cell] + withdrawn + content[cell + 6 :])
    assert values(measure(some("A"), layers, cache=place), "A")["farmland_conversion_in_time"] == 0


def test_what_other_code_has_read_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layers, place = county(tmp_path), tmp_path / "cache"
    right = values(measure(some(*NUMBERS), layers, cache=place), "A")
    monkeypatch.setattr(learnt, "readers", lambda: "of another release")
    asked = unread(monkeypatch)
    assert values(measure(some(*NUMBERS), layers, cache=place), "A") == right and asked
    asked.clear()
    assert values(measure(some(*NUMBERS), layers, cache=place), "A") == right and not asked


def test_a_damaged_file_of_learnt_texts_is_no_knowledge_and_no_error(tmp_path: Path) -> None:
    layers, place = county(tmp_path)[1:], tmp_path / "cache"
    right = values(measure(some("B"), layers, cache=place), "B")
    (file,) = place.rglob("learnt.npz")
    content = file.read_bytes()
    for damaged in (None, content[: len(content) // 2], b"PK" + content[9:], b""):
        if damaged is None:
            file.unlink()
        else:
            file.write_bytes(damaged)
        assert values(measure(some("B"), layers, cache=place), "B") == right
        assert file.read_bytes() == content, "learnt anew"


def test_nothing_is_left_beside_the_index_when_it_learns(tmp_path: Path) -> None:
    layers, place = county(tmp_path), tmp_path / "cache"
    for numbers in (("A",), ("B", "C")):
        measure(some(*numbers), layers, cache=place)
    for folder in place.iterdir():
        assert sorted(entry.is_dir() for entry in folder.iterdir()) == [False, True], "the index and one generation"
    assert all(cache.load(place, source) is not None for source in layers)


@settings(max_examples=25, deadline=None)
@given(
    values=st.lists(st.one_of(st.sampled_from(["", "0103", "号"]), st.text(max_size=3)), min_size=1, max_size=12),
    asked=st.lists(st.lists(st.integers(0, 200), max_size=8), max_size=6),
    kept=st.integers(0, 5),
)
def test_a_column_says_what_the_source_says_and_asks_it_once(
    tmp_path_factory: pytest.TempPathFactory, values: list[str], asked: list[list[int]], kept: int
) -> None:
    source = np.array(values, object)
    seen: list[int] = []

    def read(positions: Sequence[int]) -> Any:
        seen.extend(np.asarray(positions).tolist())
        return source[positions]

    known = Learnt(len(values))
    for turn, some_ in enumerate(asked):
        if turn == kept:  # a new run
            file = tmp_path_factory.getbasetemp() / "learnt.npz"
            file.write_bytes(learnt.dump(known))
            known = learnt.load(file, len(values))
            assert not known.grown
        positions = np.unique(np.array(some_, np.int64) % len(values))
        codes, distinct = known.column("class").of(positions, read)
        assert [distinct[code] for code in codes] == source[positions].tolist()
    assert len(seen) == len(set(seen))


def test_rows_of_documents_come_back_as_they_were(tmp_path: Path) -> None:
    row = ("2022-05-01", "", "状态：已撤销", "area", 738276, 738276, 0, -1)
    known = Learnt(2, {"=documents": Column(np.array([-1, 0], np.int32), [row])})
    (tmp_path / "learnt.npz").write_bytes(learnt.dump(known))
    assert learnt.load(tmp_path / "learnt.npz", 2).columns["=documents"].values == [row]
    assert learnt.load(tmp_path / "learnt.npz", 3).columns == {}, "of a layer of another size"
