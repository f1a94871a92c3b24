"""Sentences that were stored in Chinese are told in English from the same catalogue, with the same values."""

from __future__ import annotations

import re

import pytest

from weipian_plugin.model.messages import Message, catalogue, placeholders, render, retold

CODES = sorted(code for code in catalogue() if code.startswith("evidence."))


@pytest.mark.parametrize("code", CODES)
def test_every_stored_sentence_of_a_photo_comes_back_in_english(code: str) -> None:
    values = {name: f"值{place}" for place, name in enumerate(sorted(placeholders(catalogue()[code]["zh"])))}
    message = Message(code, values)
    told = retold(render(message), "en", "evidence")
    assert told == render(message, "en") or not re.search("[\u4e00-\u9fff]", re.sub("值[0-9]+", "", told))
    assert retold(render(message), "zh", "evidence") == render(message)


def test_joined_sentences_are_told_one_by_one_and_unknown_words_stay() -> None:
    first = Message("evidence.no_position", {"file": "甲.jpg"})
    assert "evidence.no_position" in CODES
    text = "；".join([render(first), "经办人手写的话"])
    told = retold(text, "en", "evidence")
    assert told.startswith(render(first, "en").rstrip(".")) and told.endswith("经办人手写的话")
    assert retold("", "en", "evidence") == ""
