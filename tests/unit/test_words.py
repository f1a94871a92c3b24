"""Every word of a closed list has a title in both languages, and is written as its word."""

from __future__ import annotations

import json

import pytest

from weipian_plugin.judgment.decisions import ALLOWED
from weipian_plugin.model import words
from weipian_plugin.model.records import STATES

LISTS = [
    entry
    for entry in vars(words).values()
    if isinstance(entry, type) and issubclass(entry, words.Word) and entry is not words.Word
]


@pytest.mark.parametrize(
    "word", [word for entry in LISTS for word in entry], ids=lambda word: f"{type(word).__name__}.{word.name}"
)
def test_a_word_has_titles_and_is_text(word: words.Word) -> None:
    assert word.title() and word.title("en") and word.title("en").isascii()
    assert f"{word}" == str(word) == word.value == json.loads(json.dumps(word))


def test_the_lists_are_those_of_the_rules() -> None:
    assert tuple(words.DecisionState) == STATES
    assert {action.value for action in words.DecisionAction} == {*ALLOWED, "undo"}
    assert set(words._titles()) == {entry.__name__ for entry in LISTS}
    for entry in LISTS:
        assert set(words._titles()[entry.__name__]) == {word.value for word in entry}
