"""What the columns of a layer say about its documents, end to end: out of force, doubtful, or sound."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.overlay.county import layer, measure, parcels

SOUND = {"PZWH": "渝府地〔2022〕1号", "PZRQ": "2022-06-15", "PZMJ": "1.0"}


@pytest.mark.parametrize(
    ("columns", "timing", "doubt"),
    [
        ({}, "before", ""),
        ({"BZ": "已撤销"}, "void", ""),
        ({"BZ": "抵押已注销"}, "before", ""),
        ({"状态": "待批"}, "void", ""),
        ({"SFYX": "0"}, "void", ""),
        ({"SFYX": "1"}, "before", ""),
        ({"注销日期": "2023-01-01"}, "void", ""),
        ({"PZWH": "渝府地〔2022〕1号（作废）"}, "void", ""),
        ({"PZWH": "渝府地〔2024〕1号"}, "undated", "number_year"),
        ({"YXQX": "2023-01-01"}, "expired", ""),
        ({"YXQX": "5年"}, "before", ""),
        ({"PZMJ": "10000"}, "before", ""),  # m²
        ({"PZMJ": "15"}, "before", ""),  # 亩
        ({"PZMJ": "3"}, "before", "area"),  # neither m², 亩 nor ha
        ({"PZMJ": "-1"}, "before", "area"),
        ({"PZMJ": "约一公顷"}, "before", "area"),
        ({"PZMJ": "1公顷"}, "before", ""),
        ({"PZMJ": "6000"}, "before", "area"),  # the parcel uses more than was approved
        ({"PZMJ": ""}, "before", ""),
    ],
)
def test_what_a_document_is_worth(tmp_path: Path, columns: dict[str, Any], timing: str, doubt: str) -> None:
    source = layer(tmp_path, "farmland_conversion", [((0, 0, 100, 100), {**SOUND, **columns})])
    result = measure(parcels({"A": (0, 0, 100, 100)}, "2022-09-18", "2023-04-26"), [source], shapes=False)
    row = result.coverage[(result.coverage["group"] != "") & (result.coverage["part"] == "")].iloc[0]
    assert (row["timing"], row["doubt"]) == (timing, doubt)
    assert bool(row["status"]) is (timing == "void")
