"""Conditions in an English window: every fact that a rule may test has a name, made of titles that stand in the vocabulary alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from weipian_plugin.gui import fact_names
from weipian_plugin.judgment.vocabulary import vocabulary

CHINESE = re.compile("[\u3400-\u9fff]")
BESIDE = re.compile(r"\([^)]*\)")  # layers have their Chinese title beside the English one
TEXTS = Path(__file__).parents[2] / "resources" / "i18n" / "weipian_en.ts"


def forget() -> None:
    for kept in (fact_names._names, fact_names._piece, fact_names._pattern):
        kept.cache_clear()


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    texts = ElementTree.parse(TEXTS).iter("message")
    known = {entry.findtext("source"): entry.findtext("translation") for entry in texts}
    monkeypatch.setattr(fact_names, "tr", lambda text: known.get(text) or text)
    forget()
    yield
    forget()


def test_every_fact_has_an_english_name(english: None) -> None:
    told = {fact.title: fact_names.fact_name(fact.title) for fact in vocabulary().values()}
    assert (
        len(told) > 500 and {title: name for title, name in told.items() if CHINESE.search(BESIDE.sub("", name))} == {}
    )


def test_a_text_of_something_else_stays_as_it_is(english: None) -> None:
    assert fact_names.fact_name("某县自己的说法") == "某县自己的说法"
