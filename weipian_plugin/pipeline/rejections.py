"""What a step could not take, as rows of the workspace."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ..model.records import Rejection


def rejection_rows(rejected: Iterable[Rejection], step: str, batch: str = "") -> pd.DataFrame:
    """Rows of the table ``refusal``, with the reason as a Chinese sentence."""
    rows = [
        {
            "source": item.source,
            "feature": item.feature,
            "code": item.code,
            "reason": item.reason.as_record()["text"],
            "step": step,
            "batch": batch,
        }
        for item in rejected
    ]
    return pd.DataFrame(rows, columns=["source", "feature", "code", "reason", "step", "batch"])
