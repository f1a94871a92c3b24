"""单位设置: what an office says once, who said it, and that nothing stands in for what nobody said."""

from __future__ import annotations

import getpass
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from weipian_plugin.model.office_settings import OfficeSettings, ReviewRule, of_stored, review_rule
from weipian_plugin.oversight.office import signature
from weipian_plugin.workspace import Workspace, office_settings

SAID = OfficeSettings("大安街道办事处", "张三", "李四", "区规划自然资源局", "大安街道办事处工作专班", True)


@pytest.fixture
def store(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "工作库.gpkg")


def test_what_is_written_is_read_and_each_line_has_its_row_in_the_journal(store: Workspace) -> None:
    with store:
        changed = office_settings.save(store, OfficeSettings(), SAID, "王五")
        assert set(changed) == {"填报单位", "制表人", "审核人", "主送单位", "落款", "四眼原则"}
        assert office_settings.read(store) == SAID
        rows = [row for row in store.records("journal") if row["what"] == "setting" and row["who"] == "王五"]
        assert {row["key"] for row in rows} == set(changed) and {row["why"] for row in rows} == {"单位设置"}
        assert office_settings.save(store, SAID, SAID, "王五") == ()
        office_settings.save(store, SAID, replace(SAID, maker="", four_eyes=None), "王五")
        assert office_settings.read(store) == replace(SAID, maker="", four_eyes=None)


def test_a_colleagues_change_of_another_line_stays(store: Workspace) -> None:
    with store:
        office_settings.save(store, OfficeSettings(), replace(OfficeSettings(), checker="李四"), "同事")
        office_settings.save(store, OfficeSettings(), replace(OfficeSettings(), maker="张三"), "王五")
        assert office_settings.read(store) == OfficeSettings(maker="张三", checker="李四")


@pytest.mark.parametrize(("stored", "told"), [("是", True), ("否", False), ("", None), ("也许", None), (None, None)])
def test_only_a_plain_answer_counts_for_four_eyes(stored: object, told: object) -> None:
    assert of_stored({"四眼原则": stored}).four_eyes is told


@pytest.mark.parametrize(
    ("told", "here", "stops", "level", "undecided"),
    [
        (True, False, True, "error", False),
        (False, False, False, "warning", False),
        (None, False, False, "error", True),  # work goes on, the package stays a draft and says why
        (True, True, True, "error", False),
        (False, True, True, "warning", False),  # the computer's own option holds in its window only
        (None, True, True, "error", True),
    ],
)
def test_four_eyes_are_read_in_one_way(told: bool | None, here: bool, stops: bool, level: str, undecided: bool) -> None:
    assert review_rule(told, here) == ReviewRule(stops, level, undecided)


def test_where_nothing_is_said_papers_have_a_line_to_fill_and_no_account(store: Workspace) -> None:
    with store:
        blank = signature(store.snapshot(), date(2023, 8, 20))
        office_settings.save(store, OfficeSettings(), SAID, "王五")
        filled = signature(store.snapshot(), date(2023, 8, 20))
    assert getpass.getuser() not in blank and "制表人：　　　　" in blank and "填报单位（盖章）：　　　　" in blank
    assert "填报单位（盖章）：大安街道办事处" in filled and "审核人：李四" in filled and "日期：2023年8月20日" in filled
    assert of_stored({"填报单位": "甲"}).signature == "甲" and of_stored({}).signature == ""
