"""Dates as offices write them: read as precise as they are, never guessed, and a program's zero is no date."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from weipian_plugin.model.records import DateSpan


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023", (date(2023, 1, 1), date(2023, 12, 31))),
        ("202304", (date(2023, 4, 1), date(2023, 4, 30))),
        ("2024-02", (date(2024, 2, 1), date(2024, 2, 29))),
        ("20230415", (date(2023, 4, 15), date(2023, 4, 15))),
        ("2023/4/5", (date(2023, 4, 5), date(2023, 4, 5))),
        ("2023年4月15日", (date(2023, 4, 15), date(2023, 4, 15))),
        ("2023-04-15 08:00:00", (date(2023, 4, 15), date(2023, 4, 15))),
        ("1987", (date(1987, 1, 1), date(1987, 12, 31))),
        ("1970", (date(1970, 1, 1), date(1970, 12, 31))),  # somebody may mean the year
        ("", None), (None, None), ("不详", None), ("45031", None), ("20231301", None), ("2023-02-30", None),
        ("1899-12-30", None), ("1900-01-01", None), ("1900/1/1 0:00:00", None), ("19000101", None), ("1900", None), ("1901-01-01", None),
        ("1905-03-01", None), ("1970-01-01", None), ("19700101", None), ("1970/1/1 08:00", None), ("0001-01-01", None), ("9999-12-31", None),
    ],
)  # fmt: skip
def test_a_date_is_read_as_precise_as_it_is(text: Any, expected: Any) -> None:
    span = DateSpan.parse(text)
    assert (None if span is None else (span.first, span.last)) == expected
