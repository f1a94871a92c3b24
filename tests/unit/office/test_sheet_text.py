"""Room of text in spreadsheets."""

from __future__ import annotations

import pytest

from weipian_plugin.office import sheet_text


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("", 10, 1),
        ("图斑面积", 8, 1),
        ("图斑面积亩", 8, 2),
        ("图斑 500118SJBG23210008 尚无判定", 20, 3),  # the number is not broken and does not fit beside the first word
        ("500118SJBG23210008500118SJBG23210008", 20, 2),  # but a word longer than the line is
    ],
)
def test_lines_are_counted_as_a_spreadsheet_breaks_them(text: str, room: float, lines: int) -> None:
    assert sheet_text.lines(text, room) == lines
