"""The queue reads some columns of four tables: each is a column of its table, NULL counts as nothing, and a foreign word hides no row."""

from __future__ import annotations

import math
from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest

from weipian_plugin.gui import rows
from weipian_plugin.gui.rows import LISTED, read_rows
from weipian_plugin.workspace import Workspace
from weipian_plugin.workspace.schema import TABLES

HERE, THERE = "500118SJBG24010001", "500118SJBG24010002"


@pytest.mark.parametrize("name", sorted(LISTED))
def test_every_field_that_the_queue_reads_is_a_column(name: str) -> None:
    known = {column.name for table in TABLES if table.name == name for column in table.columns} | {"geometry"}
    assert {entry.name for entry in fields(LISTED[name])} <= known


def test_a_row_of_nulls_is_a_parcel_that_nobody_has_decided(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "区.gpkg") as store:
        store.insert("parcel", pd.DataFrame([{"number": HERE}, {"number": THERE, "state": "别的词"}]), "系统", "入库")
        first, second = read_rows(store)
        assert (first.state, first.kind, first.area_mu, first.flags, first.bounds) == ("未提报", "", None, (), None)
        assert second.state == "别的词", "the card says what is wrong with it; the queue goes on"
        assert read_rows(store, THERE) == [second]


def test_photos_and_proposals_are_counted_by_parcel(tmp_path: Path) -> None:
    photos = [
        {"file": f"{key}.jpg", "sha256": key * 64, "azimuth": angle} for key, angle in (("a", 0.0), ("b", math.nan))
    ]
    links = [
        {"photo": "a" * 64, "parcel": HERE, "status": "attached"}, {"photo": "b" * 64, "parcel": HERE, "status": "attached"},
        {"photo": "b" * 64, "parcel": THERE, "status": "detached"},
    ]  # fmt: skip
    proposals = [
        {"parcel": HERE, "part": "", "category": "违法", "subtype": "甲", "missing": [{"evidence": "photo"}]},
        {"parcel": HERE, "part": "_1", "category": "合法"}, {"parcel": HERE, "part": "_2", "category": "违法"},
    ]  # fmt: skip
    with Workspace.create(tmp_path / "区.gpkg") as store:
        store.insert("parcel", pd.DataFrame([{"number": HERE}, {"number": THERE}]), "系统", "入库")
        store.insert("photo", pd.DataFrame(photos), "系统", "照片挂接")
        store.insert("photo_parcel", pd.DataFrame(links), "系统", "照片挂接")
        store.insert("proposal", pd.DataFrame(proposals), "系统", "判定建议")
        here, there = read_rows(store)
        assert (here.photos, here.photos_with_azimuth, here.parts) == (2, 1, 2), "north is a direction, NULL is none"
        assert (here.proposal, here.proposal_subtype, here.confidence) == ("违法", "甲", "")
        assert here.missing >= 1 and (there.photos, there.parts, there.proposal) == (0, 0, "")
        assert read_rows(store, HERE) == [here]


def test_a_misspelt_column_is_an_error() -> None:
    with pytest.raises(AttributeError):
        getattr(rows.ListedParcel(HERE), "townshp")  # noqa: B009
