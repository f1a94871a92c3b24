"""No rule cites a source that nobody can look up."""

from __future__ import annotations

import re

import pytest

from weipian_plugin.judgment.sources import explained, short_names
from weipian_plugin.model.paths import PACKAGE, resource


@pytest.mark.parametrize("path", sorted(resource().rglob("*.yaml")), ids=lambda path: path.name)
def test_every_short_name_of_a_source_is_explained(path) -> None:  # type: ignore[no-untyped-def]
    for stated in re.findall(r"source: *([^,}\n]*)", path.read_text(encoding="utf-8")):
        told = explained(stated, "zh").split("\n")[1:]
        assert len(told) == len(short_names(stated)), stated


def test_the_page_of_the_rules_has_the_same_short_names() -> None:
    page = (PACKAGE.parent / "docs" / "rules.md").read_text(encoding="utf-8")
    rows = page.partition("## Sources")[2].partition("\n## ")[0]
    listed = set(
        re.findall(
            r"\b[CS][0-9]{1,2}\b", "".join(line.split("|")[1] for line in rows.split("\n") if line.startswith("|"))
        )
    )
    known = set(short_names((resource("sources.yaml")).read_text(encoding="utf-8"))) - {"practice"}
    assert listed == known


def test_a_source_is_explained_in_the_language_of_the_window() -> None:
    assert explained("C8、S22", "zh").split("\n") == [
        "C8、S22",
        "C8: 较早的土地核查登记系统（公开代码，只取事实）",
        "S22: 2009 年某县检查实例（转载）",
    ]
    assert "county example" in explained("S22", "en")
    assert explained("文件、会议纪要或实测", "zh") == "文件、会议纪要或实测"
