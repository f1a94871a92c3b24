"""What a use in a sentence says the land is for: names of places and of things hold 原 and 非 without calling a use former or denied."""

from __future__ import annotations

import pytest

from weipian_plugin.judgment.uses import denied_groups, groups_of, no_conversion, no_supply, uses


@pytest.mark.parametrize(
    ("text", "named", "denied"),
    [
        ("太原市工业园标准厂房", "industrial", ""),
        ("太原住宅小区", "residential", ""),
        ("平原新区住宅", "residential", ""),
        ("原平市采矿用地", "mining", ""),
        ("高原养殖场", "facility", ""),
        ("原址重建住宅", "residential", ""),
        ("原料厂房", "industrial", ""),
        ("非金属矿开采", "mining", ""),
        ("非营利性养老用地", "public", ""),
        ("非经营性教育用地", "public", ""),
        ("非标准厂房", "industrial", ""),
        ("非遗传承商业街", "commercial", ""),
        ("原为工业用地，现住宅", "residential", ""),
        ("原工业用地改住宅", "residential", ""),
        ("住宅（原工业用地变更）", "residential", ""),
        ("该地系原工业用地，现住宅", "residential", ""),
        ("工业用地（非住宅）", "industrial", "residential"),
        ("非住宅类商业用地", "commercial", "residential"),
        ("非工业用地", "", "industrial"),
        ("教育用地，严禁用于工业", "public", "industrial"),
        ("不得用于工业", "", "industrial"),
    ],
)
def test_only_what_a_sentence_denies_or_calls_former_is_no_use(text: str, named: str, denied: str) -> None:
    assert groups_of(text) == frozenset(named.split())
    assert denied_groups(text) == frozenset(denied.split())


@pytest.mark.parametrize(
    "paper", ["卫片整改通知", "动态巡查记录", "先行用地批复", "行政处罚", "占补平衡方案", "用地预审意见"]
)
def test_a_paper_that_approves_nothing_is_neither_conversion_nor_supply(paper: str) -> None:
    assert no_conversion(paper, None) and no_supply(paper, None) and no_supply("渝地合字1号", paper)


def test_no_word_against_documents_stands_in_two_lists() -> None:
    for words in (uses().not_conversion, uses().not_supply):
        assert len(words) == len(set(words))
