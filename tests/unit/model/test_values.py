"""Every spelling of "nothing" is recognised, and nothing that is a value is lost."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from weipian_plugin.model.values import is_blank, is_missing, one_line, text_of, to_python

NOTHING = [None, float("nan"), np.float64("nan"), np.datetime64("NaT"), pd.NaT, pd.NA]
VALUES: list[Any] = [0, 0.0, False, "", "x", "NaN", [], {}, np.int64(0), np.bool_(False), np.array([1.0, np.nan])]


@pytest.mark.parametrize("value", NOTHING, ids=repr)
def test_nothing_is_missing_in_every_spelling(value: Any) -> None:
    assert is_missing(value) and is_blank(value) and to_python(value) is None and text_of(value) == ""


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_is_not_missing(value: Any) -> None:
    assert not is_missing(value)


def test_blank_text_is_blank_but_not_missing() -> None:
    assert is_blank(" \t　") and not is_missing(" ") and not is_blank("0")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.int64(7), 7),
        (np.float64(1.5), 1.5),
        (np.bool_(True), True),
        (float("inf"), None),
        (np.float64("-inf"), None),
        (pd.Timestamp("2024-05-06 07:08"), datetime(2024, 5, 6, 7, 8)),
        ("图斑", "图斑"),
    ],
)
def test_scalars_of_libraries_become_plain_python(value: Any, expected: Any) -> None:
    found = to_python(value)
    assert found == expected and type(found) is type(expected)


def test_an_error_of_a_library_becomes_one_short_line() -> None:
    assert one_line(ValueError("first\n  second"), 9) == "first sec"
