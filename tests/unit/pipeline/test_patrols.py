"""Patrols are recorded by village and grid; a finding becomes a parcel that the rules can measure and never call 合法 by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from weipian_plugin import oversight
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.patrol import PatrolRecord
from weipian_plugin.oversight import deadlines, patrols
from weipian_plugin.pipeline.patrols import make_parcel, read_patrols, save_patrol
from weipian_plugin.workspace import Workspace
from weipian_plugin.workspace.mapping import record_of, row_of

SEEN = PatrolRecord("", "2026-10-08", "张三", "青山村", "一网格", "村委会东", 105.9, 29.35, "新建围墙", "当场制止")


@pytest.fixture
def store(tmp_path: Path):
    with Workspace.create(tmp_path / "库.gpkg") as opened:
        row = {"number": "A1", "kind": "land", "county": "永川区", "township": "大安街道", "village": "青山村", "issued": "2026-03-01",
               "level": "一级", "state": "未提报", "area_m2": 1000.0, "geometry": shapely.box(105.9, 29.3, 105.91, 29.31)}  # fmt: skip
        opened.insert("parcel", pd.DataFrame([row]), "系统", "入库")
        yield opened


texts = st.text(alphabet="甲乙 1-", max_size=6).map(str.strip)


@given(st.builds(PatrolRecord, texts, texts, texts, texts, texts, texts, st.none() | st.floats(70, 140), st.none() | st.floats(3, 54),
                 texts, texts, st.lists(texts, max_size=3).map(tuple), texts))  # fmt: skip
def test_a_record_comes_back_as_it_was_written(record: PatrolRecord) -> None:
    assert record_of(PatrolRecord, row_of(record)) == record


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"person": " "}, "model.patrol_blank"),
        ({"village": ""}, "model.patrol_blank"),
        ({"day": "2026-13-01"}, "model.patrol_day"),
        ({"day": ""}, "model.patrol_day"),
        ({"day": "2999-01-01"}, "model.patrol_ahead"),
        ({"lat": None}, "model.patrol_place"),
    ],
)
def test_a_record_that_says_too_little_is_not_kept(store: Workspace, changes: dict[str, object], code: str) -> None:
    with pytest.raises(WeipianError) as caught:
        save_patrol(store, replace(SEEN, **changes), "张三")  # type: ignore[arg-type]
    assert caught.value.code == code and len(store.read("patrol")) == 0


def test_a_finding_becomes_a_parcel_of_its_own(store: Workspace) -> None:
    made = make_parcel(store, save_patrol(store, SEEN, "张三"), 2.0, "李四")
    (row,) = store.records("parcel", number=made.parcel)
    assert made.parcel == "ZC20261008001" and row["area_mu"] == pytest.approx(2.0, abs=0.02)
    assert row["geometry"].contains(shapely.Point(105.9, 29.35)) and (row["county"], row["village"]) == (
        "永川区",
        "青山村",
    )
    assert (row["earlier_image"], row["level"], row["state"]) == (None, None, "未提报")
    assert deadlines.due_date(row["level"], row["issued"], deadlines.load_calendar()) is None, "its level is asked for"
    with pytest.raises(WeipianError) as caught:
        make_parcel(store, made, 2.0, "李四")
    assert caught.value.code == "run.patrol_is_parcel"
    second = make_parcel(store, save_patrol(store, SEEN, "张三"), 1.0, "李四")
    assert second.parcel == "ZC20261008002" and store.audit() == []
    for changes, area, code in (
        ({"lon": None, "lat": None}, 1.0, "run.patrol_no_place"),
        ({}, 0.0, "run.patrol_area"),
        ({}, float("nan"), "run.patrol_area"),
    ):
        with pytest.raises(WeipianError) as caught:
            make_parcel(store, replace(SEEN, **changes), area, "李四")
        assert caught.value.code == code


def test_the_tables_count_patrols_by_village_and_grid(store: Workspace) -> None:
    for changes in ({}, {"day": "2026-10-09"}, {"grid": "二网格", "finding": ""}, {"day": "2025-01-01"}):
        save_patrol(store, replace(SEEN, **changes), "张三")
    make_parcel(store, read_patrols(store)[0], 1.0, "张三")
    snapshot = store.snapshot()
    prepared = oversight.prepare(snapshot, date.today(), year=2026)
    summary, register = patrols.tables(snapshot, prepared)
    assert [row[1:] for row in summary.rows] == [
        ("青山村", "一网格", 2, 2, 2, 1, "2026-10-09"),
        ("青山村", "二网格", 1, 1, 0, 0, "2026-10-08"),
    ]
    assert len(register.rows) == 3, "the year before is not counted"
    assert patrols.tables({**snapshot, "patrol": snapshot["patrol"].iloc[:0]}, prepared) == ()
