"""影像首见: marks only grow, the last one counts, taking back brings the one before; rules and papers take the range, its worse side first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas
import pandas as pd
import pytest
import shapely

from tests.unit.judgment.frames import Cover, Plot, every, profile_called, tables
from weipian_plugin.evidence.first_seen import begun_between, current_mark, mark, marked, take_back
from weipian_plugin.evidence.timeline import DatedImage
from weipian_plugin.filing.settings import load_rules
from weipian_plugin.filing.typed import delivered_text
from weipian_plugin.judgment import MeasuredTables, judge
from weipian_plugin.model.dates import DateSpan, span_text
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.feedback import Silent
from weipian_plugin.model.records import LayerSource, Parcel, Proposal
from weipian_plugin.workspace import Workspace


def image(date: str) -> DatedImage:
    return DatedImage((LayerSource(role="imagery", source=f"/影像/{date}.tif", title=""),), DateSpan.parse(date))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "工作库.gpkg") as opened:
        row = {"number": "A", "version": 1, "geometry": shapely.box(106, 29, 106.001, 29.001)}
        opened.insert("parcel", geopandas.GeoDataFrame(pd.DataFrame([row]), geometry="geometry"), "张三", "入库")
        yield opened


@pytest.mark.parametrize(
    ("absent", "seen", "range_"),
    [
        ("2021-06-14", "2022-09-18", "2021-06-14/2022-09-18"),
        ("2021-06", "2022", "2021-06-01/2022-12-31"),  # partial dates keep all their days
        (None, "2022-09-18", "1949-10-01/2022-09-18"),  # nobody knows since when
    ],
)
def test_the_range_goes_from_the_first_day_without_to_the_last_day_with(absent: str, seen: str, range_: str) -> None:
    assert begun_between(image(absent) if absent else None, image(seen)) == DateSpan.of_interval(range_)


@pytest.mark.parametrize(
    ("absent", "seen", "code"),
    [
        ("2022-09-18", "2021-06-14", "first_seen_order"),
        ("2022", "2022-09-18", "first_seen_order"),  # the year may lie after
        ("2022-09-18", "2022-09-18", "first_seen_order"),
        ("2021", "无日期", "first_seen_undated"),
        ("无日期", "2021", "first_seen_undated"),
    ],
)
def test_what_bounds_nothing_is_refused(store: Workspace, absent: str, seen: str, code: str) -> None:
    with pytest.raises(WeipianError) as caught:
        mark(store, "A", image(absent), image(seen), "张三")
    assert caught.value.code == f"evidence.{code}"
    assert store.count("first_seen") == 0 and not store.records("parcel")[0]["first_seen"]


def test_marks_grow_are_journaled_and_taken_back_one_by_one(store: Workspace) -> None:
    first = mark(store, "A", image("2021-06-14"), image("2022-09-18"), "张三")
    mark(store, "A", image("2020-01-01"), image("2021-06-14"), "李四")
    assert store.records("parcel")[0]["first_seen"] == "2020-01-01/2021-06-14"
    assert take_back(store, "A", "李四") == first == marked(store, "A")
    assert store.records("parcel")[0]["first_seen"] == "2021-06-14/2022-09-18"
    assert take_back(store, "A", "张三") is None and current_mark(store, "A") is None
    assert not store.records("parcel")[0]["first_seen"]
    assert [row["status"] for row in store.records("first_seen")] == ["withdrawn", "withdrawn"]
    with pytest.raises(WeipianError) as caught:
        take_back(store, "A", "张三")
    assert caught.value.code == "evidence.first_seen_none"
    assert len(store.journal_of("标记影像首见")) >= 4 and store.audit() == []


def one(plot: Plot) -> Proposal:
    made = tables(plot)
    proposals = judge(
        MeasuredTables(made.parcels, made.coverage, made.measures, made.evidence, made.parts),
        profile_called("national-2023"),
        Silent(),
        as_of=TODAY,
    )
    return next(proposal for proposal in proposals if not proposal.part)


TODAY = date(2026, 11, 27)
COVERED = (Cover("farmland_conversion", every(), date="2022-06-15"),)


@pytest.mark.parametrize(
    ("seen", "filled", "category"),
    [
        (None, None, "合法"),
        ("2022-06-15/2023-01-01", None, "合法"),  # not there on the day of the approval
        ("2022-06-14/2023-01-01", None, "存疑"),  # may have been begun the day before
        ("2021-01-01/2022-06-14", None, "违法"),  # surely begun before
        ("1949-10-01/2022-06-14", None, "违法"),
        ("2021-01-01/2022-06-14", "2022-08-01", "违法"),  # what was filled does not help against the images
        ("2022-08-01/2023-01-01", "2022-05-01", "违法"),  # nor do the images against what was filled
        ("2022-08-01/2023-01-01", "2022", "存疑"),
    ],
)
def test_a_building_seen_before_its_approval_is_not_legal(seen: str, filled: str, category: str) -> None:
    claims = {"construction_date": filled} if filled else {}
    assert one(Plot("A", covers=COVERED, claims=claims, attributes={"first_seen": seen})).category == category


@pytest.mark.parametrize(
    ("seen", "rule"),
    [
        (None, "N28_UNCHANGED"),
        ("2019-01-01/2022-09-17", "N28_UNCHANGED"),  # stood there before the earlier image
        (
            "2022-09-18/2023-04-26",
            "N28_UNCHANGED_BUILT",
        ),  # a building time after the earlier image is asked first; in doubt too
        ("2019-01-01/2022-09-18", "N28_SEEN_SINCE"),
    ],
)
def test_ground_on_which_something_appeared_is_not_unchanged(seen: str, rule: str) -> None:
    plot = Plot("A", values={"construction_previous": 2000.0}, documents=("影像",), attributes={"first_seen": seen})
    assert one(plot).rule == rule


@pytest.mark.parametrize(
    ("seen", "rule"),
    [
        (None, "N24_ROAD_RENEWED"),
        ("2019-01-01/2021-11-26", "N24_ROAD_RENEWED"),
        ("2021-06-14/2021-11-27", "N25_ROAD"),  # may be of the day itself
        ("2021-12-01/2022-09-18", "N25_ROAD"),
    ],
)
def test_a_road_seen_first_after_the_day_was_not_there_before_it(seen: str, rule: str) -> None:
    covers = (Cover("rural_road", every(), date="2021-11-26"),)
    plot = Plot("A", covers=covers, values={"road_width": 5.0, "main_class": "1006"}, attributes={"first_seen": seen})
    assert one(plot).rule == rule


def test_the_range_fills_the_time_of_building_where_nobody_filled_it() -> None:
    rules = load_rules()
    seen = Parcel("1", first_seen="2021-06-14/2022-09-18")
    assert delivered_text(seen, "built", rules) == "2021-06-14 至 2022-09-18"
    assert delivered_text(replace(seen, claims={"construction_date": "2022-01"}), "built", rules) == "2022-01"
    assert delivered_text(Parcel("1"), "built", rules) is None


def test_days_that_are_no_month_and_no_year_are_written_as_an_interval() -> None:
    span = DateSpan.of_interval("2021-06-14/2022-09-18")
    assert (
        span is not None
        and span.isoformat() == "2021-06-14/2022-09-18"
        and span_text(span) == "2021-06-14 至 2022-09-18"
    )
    assert DateSpan.of_interval("2022-09-18/2021-06-14") is None
    assert DateSpan.parse("2021-06-14/2022-09-18") is None, "delivered text is never read so"
