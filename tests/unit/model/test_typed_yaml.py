"""A file of settings becomes records, and whatever does not fit is named by its line and key."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weipian_plugin.model.causes import cause_of
from weipian_plugin.model.messages import render
from weipian_plugin.model.typed_yaml import key, parse, read
from weipian_plugin.model.yaml_files import YamlError


class Level(Enum):
    HIGH = "high"
    LOW = "low"


@dataclass(frozen=True)
class Check:
    level: Level
    after: Optional[date] = None


@dataclass(frozen=True)
class File:
    limit: float
    title: str = key("zh")
    count: int = 3
    share: Optional[Decimal] = None
    on: bool = False
    words: tuple[str, ...] = ()
    box: tuple[float, float] = (0.0, 0.0)
    pairs: frozenset[frozenset[str]] = frozenset()
    pattern: Optional[re.Pattern[str]] = None
    checks: Mapping[str, Check] = key("checks", default_factory=dict)
    anything: Any = None

    def __post_init__(self) -> None:
        if self.limit < 0:
            raise ValueError("limit below 0")


GOOD = """
version: 1
limit: 2
zh: 名称
share: 0.10
on: yes
words: [NO, 0101, 1.50, 是]
box: [1, 2.5]
pairs: [[a, b], [b, a]]
pattern: '^a+$'
checks:
  first: &usual {level: high, after: 2024-02-29}
  second: {<<: *usual, level: low}
anything: {a: [1, 2.5, null]}
"""


def test_a_file_becomes_a_record() -> None:
    made = parse(GOOD, File)
    assert made.title == "名称" and made.limit == 2.0 and isinstance(made.limit, float) and made.count == 3
    assert made.share == Decimal("0.10") and str(made.share) == "0.10" and made.on is True
    assert made.words == ("NO", "0101", "1.50", "是"), "text as it is written, whatever YAML takes it for"
    assert made.box == (1.0, 2.5) and made.pairs == frozenset({frozenset("ab")})
    assert made.pattern is not None and made.pattern.match("aaa")
    assert made.checks["first"] == Check(Level.HIGH, date(2024, 2, 29))
    assert made.checks["second"] == Check(Level.LOW, date(2024, 2, 29)), "merged keys come before a mapping's own"
    assert made.anything == {"a": [1, 2.5, None]}


WRONG = {
    "a key is missing": ("version: 1\nzh: a\n", "model.yaml_missing", 1, "limit"),
    "a key is missing inside": ("limit: 1\nzh: a\nchecks:\n  one:\n    after: 2024-01-01\n", "model.yaml_missing", 5, "checks.one.level"),
    "text for a number": ("limit: 1\nzh: a\ncount: viele\n", "model.yaml_value", 3, "count"),
    "a number with a fraction for a count": ("limit: 1\nzh: a\ncount: 1.5\n", "model.yaml_value", 3, "count"),
    "yes for a number": ("limit: yes\nzh: a\n", "model.yaml_value", 1, "limit"),
    "no number at all": ("limit: .nan\nzh: a\n", "model.yaml_value", 1, "limit"),
    "infinity": ("limit: .inf\nzh: a\n", "model.yaml_value", 1, "limit"),
    "nothing where text must be": ("limit: 1\nzh:\n", "model.yaml_value", 2, "zh"),
    "a list for text": ("limit: 1\nzh: [a]\n", "model.yaml_value", 2, "zh"),
    "text for a list": ("limit: 1\nzh: a\nwords: abc\n", "model.yaml_value", 3, "words"),
    "one number too many": ("limit: 1\nzh: a\nbox: [1, 2, 3]\n", "model.yaml_value", 3, "box"),
    "a wrong one of several": ("limit: 1\nzh: a\nbox:\n- 1\n- x\n", "model.yaml_value", 5, "box[1]"),
    "a word of no list": ("limit: 1\nzh: a\nchecks: {one: {level: top}}\n", "model.yaml_value", 3, "checks.one.level"),
    "no day": ("limit: 1\nzh: a\nchecks: {one: {level: low, after: 2024-02-30}}\n", "model.yaml_value", 3, "checks.one.after"),
    "no pattern": ("limit: 1\nzh: a\npattern: '('\n", "model.yaml_value", 3, "pattern"),
    "a rule of the record": ("zh: a\nlimit: -1\n", "model.yaml_value", 1, ""),
    "a list for the whole": ("- limit: 1\n", "model.yaml_value", 1, ""),
    "text for the whole": ("limit\n", "model.yaml_value", 1, ""),
    "a key twice": ("limit: 1\nzh: a\nlimit: 2\n", "model.yaml_key_twice", None, "limit"),
    "a key twice inside": ("limit: 1\nzh: a\nchecks: {one: {level: low, level: high}}\n", "model.yaml_key_twice", None, "level"),
    "a tag of Python": ("limit: 1\nzh: !!python/name:os.system x\n", "model.yaml_value", 2, "zh"),
    "a tag of Python where anything may stand": ("limit: 1\nzh: a\nanything: !!python/name:os.system x\n", "model.yaml_tag", 3, None),
    "nesting that ends the process": ("[" * 100_000, "model.yaml_deep", None, None),
    "a node inside of itself": ("limit: 1\nzh: a\nanything: &a [*a]\n", "model.yaml_aliases", 3, None),
    "nothing": ("", "model.yaml_mapping", None, None),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG.keys())
def test_what_does_not_fit_is_named_by_line_and_key(case: tuple[str, str, Optional[int], Optional[str]]) -> None:
    text, code, line, name = case
    with pytest.raises(YamlError) as caught:
        parse(text, File)
    error = caught.value
    assert error.code == code
    assert line is None or error.details["line"] == line
    assert name is None or error.details["key"] == name
    assert "‹" not in render(cause_of(error))


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["limit", "zh", "checks", "level", "box", "x"]), inner, max_size=4),
    max_leaves=12,
))  # fmt: skip
def test_whatever_a_file_holds_it_is_a_record_or_one_sentence(content: object) -> None:
    import yaml

    text = yaml.safe_dump(content, allow_unicode=True)
    try:
        assert isinstance(parse(text, File), File)
    except YamlError as error:
        assert "‹" not in render(cause_of(error))


def test_a_file_saved_again_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "设置.yaml"
    path.write_text("limit: 1\nzh: a\n", encoding="utf-8")
    first = read(path, File)
    assert read(path, File) is first
    path.write_text("limit: 25\nzh: a\n", encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert read(path, File).limit == 25.0
