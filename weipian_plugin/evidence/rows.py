"""Rows of a table as plain dictionaries, and what "absent" means in them."""

from __future__ import annotations

from typing import Any

import pandas as pd


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of ``table`` by column name."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def present(value: Any) -> bool:
    """Whether a value is there at all: zero and "" are, None, NaN and NA are not."""
    return value is not None and value is not pd.NA and value == value
