"""Text and names from outside."""

from __future__ import annotations

import re
from pathlib import PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weipian_plugin.office.text import cell_text, csv_text, file_name, text_of_csv


@pytest.mark.parametrize("name", ["130427SJBG26210310_3", "5001180000000000123", "大安街道 01"])
def test_an_ordinary_number_is_its_own_name(name: str) -> None:
    assert file_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "..",
        ".",
        "",
        " ",
        "CON",
        "nul.txt",
        "com1",
        "a/b",
        "a\\b",
        "..\\..\\x",
        "C:x",
        "a:b",
        "x.",
        "x ",
        "a\u202egpj.exe",
        "a\x00b",
        "长" * 300,
        "a\nb",
        '<>|?*"',
    ],
)
def test_a_hostile_number_becomes_one_safe_name(name: str) -> None:
    made = file_name(name)
    assert made and made != name
    assert len(made) <= 100
    assert PureWindowsPath(made).name == made
    assert not set(made) & set('<>:"/\\|?*\x00\n\u202e')
    assert not made.endswith((".", " "))
    assert made.split(".")[0].upper() not in {"CON", "NUL", "COM1"}


@given(st.text(max_size=80), st.text(max_size=80))
def test_different_numbers_never_share_a_folder(one: str, other: str) -> None:
    if one != other:
        assert file_name(one) != file_name(other)


@given(st.text(max_size=200))
def test_cell_text_holds_only_what_xml_can_hold(text: str) -> None:
    shown = cell_text(text)
    assert all(
        character in "\t\n"
        or 0x20 <= ord(character) <= 0xD7FF
        or 0xE000 <= ord(character) <= 0xFFFD
        or ord(character) > 0xFFFF
        for character in shown
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [("=1", "'=1"), ("-1", "-1"), ("+86.5", "+86.5"), ("-x", "'-x"), ("@a", "'@a"), ("批文", "批文"), ("-3.5e-05", "-3.5e-05"),
     (" =1", "' =1"), ("\t=1", "'\t=1"), ("＝1", "'＝1"), ("'=1", "''=1"), ("'a", "'a"), ("-1+1", "'-1+1"), ("", "")],
)  # fmt: skip
def test_csv_defuses_formulas_but_not_numbers(value: str, shown: str) -> None:
    assert csv_text(value) == shown
    assert text_of_csv(shown) == value


@given(st.text(alphabet="'=+-@＝ \t\r\n1.eE_a，", max_size=6))
def test_a_csv_cell_gives_its_value_back_and_begins_with_no_formula(value: str) -> None:
    shown = csv_text(value)
    assert text_of_csv(shown) == value
    begins = shown.strip()[:1] in ("=", "+", "-", "@", "＝")
    assert not begins or re.fullmatch(r"[+-](\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", shown)
