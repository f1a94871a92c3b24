"""Every sentence exists in both languages with the same placeholders, and every code that the program uses has one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.messages import LANGUAGES, Message, catalogue, placeholders, render

PACKAGE = Path(__file__).resolve().parents[2] / "weipian_plugin"


def used_codes() -> dict[str, str]:
    """Codes given as a literal to ``Message(...)`` or ``WeipianError(...)``, with the place of the call."""
    found: dict[str, str] = {}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            if name in ("Message", "WeipianError") and isinstance(first, ast.Constant) and isinstance(first.value, str):
                found[first.value] = f"{path.relative_to(PACKAGE)}:{node.lineno}"
    return found


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_a_sentence_stands_in_both_languages_with_the_same_placeholders(code: str) -> None:
    texts = catalogue()[code]
    assert set(LANGUAGES) <= set(texts)
    assert placeholders(texts["zh"]) == placeholders(texts["en"])


def test_every_code_in_the_program_has_a_sentence() -> None:
    missing = {code: place for code, place in used_codes().items() if code not in catalogue()}
    assert not missing


def test_a_missing_detail_stays_visible() -> None:
    assert "‹path›" in render(Message("run.file_missing"))


def test_an_error_speaks_both_languages() -> None:
    error = WeipianError("run.file_missing", path="甲.shp")
    assert "甲.shp" in error.text("zh")
    assert error.text("zh") != error.text("en")


def test_a_stored_message_keeps_the_sentence_as_it_was_written() -> None:
    kept = {"code": "run.file_missing", "details": {"path": "甲.shp"}, "text": "找不到甲（旧版本的句子）"}
    message = Message.of_record(kept)
    assert message.text == kept["text"] and message.as_record() == kept
    assert message == Message("run.file_missing", {"path": "甲.shp"}), "the same reason, whatever release wrote it"
    assert Message.of_record({"code": "run.file_missing"}).text == ""
