"""拆分状态 is a state of splitting in one export and a stage of review in another: the value decides."""

from __future__ import annotations

import pytest

from weipian_plugin.intake.export_states import review_stage_of, split_state_of


@pytest.mark.parametrize(
    ("claims", "split", "stage"),
    [
        (None, "", ""),
        ({}, "", ""),
        ({"parcel_state": "被拆分", "split_state": "审核结束"}, "被拆分", "审核结束"),
        ({"parcel_state": "拆分", "split_state": "市级待审核"}, "拆分", "市级待审核"),
        ({"parcel_state": "", "split_state": "省级待审核"}, "", "省级待审核"),
        ({"parcel_state": None, "split_state": float("nan")}, "", ""),
        ({"split_state": " 拆分 "}, "拆分", ""),
        ({"split_state": "被拆分", "review_stage": "95"}, "被拆分", "95"),
        ({"split_state": "审核结束", "review_stage": 101.0}, "", "101.0"),
        ({"review_stage": "已打回"}, "", "已打回"),
        ({"parcel_state": "未处理"}, "", ""),  # another state: neither split nor a stage
    ],
)
def test_the_value_says_which_state_it_is(claims: dict[str, object] | None, split: str, stage: str) -> None:
    assert (split_state_of(claims), review_stage_of(claims)) == (split, stage)
