"""Every error of the system or a library is told in our own words, in both languages."""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib

import pytest
import yaml

from weipian_plugin.model.causes import cause_of
from weipian_plugin.model.errors import WeipianError, text_of
from weipian_plugin.model.messages import Message, render


def yaml_error() -> yaml.YAMLError:
    try:
        yaml.safe_load("layers:\n  - role: [x\n")
    except yaml.YAMLError as error:
        return error
    raise RuntimeError("that was to fail")


ERRORS = [
    PermissionError(13, "Permission denied", "x"),
    FileNotFoundError(2, "No such file or directory", "x"),
    OSError(28, "No space left on device"),
    OSError(36, "File name too long"),
    OSError("image file is truncated (11 bytes not processed)"),
    UnicodeDecodeError("utf-8", b"\x89", 0, 1, "invalid start byte"),
    zipfile.BadZipFile("File is not a zip file"),
    zlib.error("Error -3 while decompressing data"),
    lzma.LZMAError("Corrupt input data"),
    EOFError("Compressed file ended"),
    RecursionError("maximum recursion depth exceeded"),
    MemoryError(),
    ValueError("could not convert string to float: 'x'"),
    KeyError("x"),
    yaml_error(),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_no_english_of_a_library_stands_in_a_chinese_sentence(error: Exception) -> None:
    text = WeipianError("office.unwritable", path="台账", reason=error).text()
    assert not re.search(r"[A-Za-z]{3,}", text), text
    assert re.search(r"[\u4e00-\u9fff]", render(cause_of(error)))
    assert not re.search(r"[\u4e00-\u9fff]", render(cause_of(error), "en"))


def test_a_cause_is_told_in_the_language_of_its_sentence_and_stored_as_text() -> None:
    message = WeipianError("office.unwritable", path="x", reason=OSError(28, "full")).message
    assert "磁盘已满" in render(message) and "disk is full" in render(message, "en")
    record = message.as_record()
    assert record["details"]["reason"] == "磁盘已满或超出配额" and "磁盘已满" in record["text"]


def test_where_yaml_is_wrong_is_said_by_line() -> None:
    assert cause_of(yaml_error()) == Message("run.cause_yaml", {"line": 3, "column": 1})


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_a_window_shows_no_english_of_a_library_either(error: Exception) -> None:
    assert text_of(error) == render(cause_of(error)) and not re.search(r"[A-Za-z]{3,}", text_of(error))
    coded = WeipianError("run.file_missing", path="甲")
    assert text_of(coded) == coded.text() and text_of(coded, "en") == coded.text("en")
