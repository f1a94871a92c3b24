"""Columns are understood by code and by name, however they are written; the unknown is suggested, never guessed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weipian_plugin.formats.names import best_column, plain, without_unit
from weipian_plugin.intake.fields import map_fields, schema
from weipian_plugin.intake.units import decide_unit
from weipian_plugin.model.errors import WeipianError

ALIASES = [(key, name) for key, entry in schema().fields.items() for name in entry.names]


def full_width(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


SPELLINGS = [
    str.upper,
    str.lower,
    full_width,
    lambda text: f" {text} ",
    lambda text: "\ufeff" + text,
    lambda text: text + "\x00",
]


@given(
    alias=st.sampled_from(ALIASES),
    change=st.lists(st.sampled_from(SPELLINGS), max_size=3),
    unit=st.sampled_from(["", "(亩)", "（亩）", " (平方米)", "（公顷）"]),
)
@settings(max_examples=300, deadline=None)
def test_a_known_name_is_found_in_any_spelling(alias: tuple[str, str], change: list, unit: str) -> None:
    key, name = alias
    column = name
    for one in change:
        column = one(column)
    column += unit if key == "delivered_area" else ""
    mapping = map_fields([column, "无关列"])
    assert mapping.columns.get(key) == column
    if key == "delivered_area" and unit:
        assert mapping.area_unit == {"亩": "mu", "平": "m2", "公": "ha"}[unit.strip(" (（")[0]]


@given(st.text(max_size=12))
@settings(max_examples=200, deadline=None)
def test_normalising_is_stable_and_never_raises(name: str) -> None:
    assert plain(plain(name)) == plain(name)
    without_unit(name)
    map_fields([name, name + "x"])


@pytest.mark.parametrize(
    ("column", "alias"),
    [
        ("行政区名", "行政区名称"),
        ("乡镇名\ufffd", "乡镇名称"),
        ("县级行政区", "县级行政区名称"),
        ("图斑面积(", "图斑面积(亩)"),
    ],
)
def test_a_name_cut_by_ten_bytes_is_found(column: str, alias: str) -> None:
    assert best_column([alias], [column, "别的"]) == (
        column if len(column.encode("gbk", "replace")) >= 9 or "\ufffd" in column else None
    )


def test_a_short_name_is_not_taken_for_a_longer_one() -> None:
    assert best_column(["乡镇名称"], ["乡", "乡镇"]) is None


def test_the_export_families_are_told_by_columns_only() -> None:
    a = map_fields(["线索编号", "图斑状态", "拆分状态", "核实认定意见", "耕地面积（亩）"])
    assert (a.family, a.columns["number"], a.claims["category"]) == ("A", "线索编号", "核实认定意见")
    b_table = map_fields(
        ["线索编号", "图斑编号", "状态(系统)", "审核阶段（系统）", "图斑面积(亩)", "建设用地面积（亩）"]
    )
    assert (b_table.family, b_table.area_unit) == ("B", "mu")
    assert b_table.claims["construction_mu"] == "建设用地面积（亩）"
    neither = map_fields(["图斑编号", "状态(系统)"])
    assert neither.family == ""


@pytest.mark.parametrize(
    ("columns", "profile"),
    [
        (["XZQDM", "XMC", "JCBH", "TBLX", "QSX", "HSX", "JCMJ"], "ministry"),
        (["JCBH", "JCMJ", "QSX", "HSX", "TBLX", "XMC", "XZQDM", "XZB", "YZB"], "ministry"),
        (["TBBH", "TBMJ", "TBLX", "TFH", "BGQDLBM", "DLBM", "DLMC"], "survey_2012"),
        (["TBBH", "XZQHMC", "XZQHDM", "TBMJ", "X", "Y", "QSX", "HSX", "YEAR", "TIME"], "district"),
        (["图斑标识", "地块总面积(亩)", "耕地面积(亩)"], "overlay_table"),
        (["监测编号", "监测面积"], "monitoring"),
    ],
)
def test_known_schemas_are_recognised(columns: list[str], profile: str) -> None:
    mapping = map_fields(columns)
    assert (mapping.profile, mapping.recognised, "delivered_area" in mapping.columns) == (profile, True, True)


def test_a_survey_layer_is_not_taken_for_parcels() -> None:
    assert not map_fields(["BSM", "YSDM", "TBBH", "DLBM", "DLMC", "TBMJ", "KCXS"]).recognised


def test_an_unknown_schema_brings_suggestions() -> None:
    mapping = map_fields(["图斑号码", "监测面积亩数", "foo"])
    assert not mapping.recognised
    assert ("number", "图斑号码") in {(one.key, one.column) for one in mapping.suggestions}


def test_a_chosen_mapping_wins() -> None:
    columns = ["编码甲", "TBMJ"]
    chosen = {"number": "编码甲", "delivered_area": "TBMJ"}
    assert map_fields(columns, chosen).columns["number"] == "编码甲"
    assert map_fields(columns, chosen).recognised


@pytest.mark.parametrize(
    ("chosen", "code"),
    [({"numbr": "a"}, "intake.field_key_unknown"), ({"number": "缺"}, "intake.field_column_missing")],
)
def test_a_wrong_choice_is_named(chosen: dict[str, str], code: str) -> None:
    with pytest.raises(WeipianError) as caught:
        map_fields(["a", "b"], chosen)
    assert caught.value.code == code


@given(
    ratio=st.sampled_from([("m2", 1.0), ("mu", 0.0015), ("ha", 0.0001)]),
    noise=st.floats(0.9, 1.1),
    stale=st.integers(0, 3),
)
@settings(max_examples=60, deadline=None)
def test_the_unit_is_found_by_the_median_even_with_stale_values(
    ratio: tuple[str, float], noise: float, stale: int
) -> None:
    area = np.array([500.0, 1200.0, 7300.0, 25_000.0, 810.0, 99_000.0, 4444.0, 3210.0])
    delivered = area * ratio[1] * noise
    delivered[:stale] = [0.0, np.nan, 123456.0][:stale]
    assert decide_unit(delivered, area).unit == ratio[0]


def test_a_unit_that_nothing_supports_stays_unknown() -> None:
    area = np.array([500.0, 1200.0])
    assert decide_unit(area * 0.03, area).unit == "unknown"
    assert decide_unit(np.array([np.nan, np.nan]), area).unit == "unknown"
    assert decide_unit(area * 0.0015, area, named="m2").reason.code == "intake.unit_contradicts"
    assert decide_unit(area * 0.03, area, named="mu").unit == "mu"
    assert decide_unit(area, area, chosen="ha").unit == "ha"
