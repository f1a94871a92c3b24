"""A split parcel counts once: by its child rows where it has them, else by its decided parts."""

from __future__ import annotations

import pandas as pd
import pytest

from weipian_plugin.oversight.items import _counted


@pytest.mark.parametrize(
    ("numbers", "split", "parents", "decided", "counted"),
    [
        (["A"], [""], [None], [], [True]),
        (["A"], ["被拆分"], [None], [], [False]),
        (["A"], ["被拆分"], [None], [("A", "_1"), ("A", "_2")], [True]),
        (["A", "A_1", "A_2"], ["被拆分", "拆分", "拆分"], [None, "A", "A"], [("A_1", "")], [False, True, True]),
        (["A", "A_1"], ["被拆分", "拆分"], [None, "A"], [("A", "_1")], [False, True]),
    ],
)
def test_which_rows_count(numbers, split, parents, decided, counted) -> None:  # type: ignore[no-untyped-def]
    parcels = pd.DataFrame({"number": numbers, "split_state": split, "parent": parents})
    decisions = pd.DataFrame(decided, columns=["parcel", "part"])
    assert _counted(parcels, decisions).tolist() == counted
