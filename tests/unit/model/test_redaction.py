"""What a text for support must not hold is taken out, and what helps stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weipian_plugin.model.redaction import redacted


@pytest.mark.parametrize(
    ("text", "gone", "stays"),
    [
        (r"文件 D:\卫片 数据\永川区\图斑.shp 打不开", ("永川", "图斑.shp", "D:"), ("文件", "打不开")),
        (r"\\server\共享\工作库.gpkg 被占用", ("server", "共享"), ("被占用",)),
        ("/home/zhang san/库.gpkg：没有这一行", ("zhang", "库.gpkg"), ("没有这一行",)),
        ("500118SJBG23210001_2 未接收", ("500118", "SJBG"), ("未接收",)),
        ("位置 105.912345, 29.351234 之外", ("105.9", "29.3"), ("之外",)),
        ("大安街道没有村界", ("大安",), ("没有村界",)),
        ("身份证 51022519800101123X", ("510225",), ("身份证",)),
        ("PG:host=10.0.0.1 user=wp password=GEHEIM4711", ("GEHEIM",), ("PG:",)),
        ("[intake.archive_damaged] 下发.zip 已损坏（ZIP）", ("下发",), ("[intake.archive_damaged]", "已损坏（ZIP）")),
        ("共 67 个图斑，未接收 3 个，用时 12.5 秒", (), ("67", "3 个", "12.5 秒")),
    ],
)
def test_what_names_something_is_taken_out(text: str, gone: tuple[str, ...], stays: tuple[str, ...]) -> None:
    found = redacted(text)
    assert [word for word in gone if word in found] == []
    assert [word for word in stays if word not in found] == []


def test_the_names_of_the_people_who_work_here_are_taken_out() -> None:
    assert redacted("张三丰判定，李四复核", "张三丰", "李四", "") == "‹姓名›判定，‹姓名›复核"


@given(st.text(alphabet="ab /\\:.，张区0123456789\n", max_size=80))
def test_a_second_time_changes_nothing_more(text: str) -> None:
    once = redacted(text)
    assert redacted(once) == once
