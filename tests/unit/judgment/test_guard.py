"""The guard of 合法 by itself: each objection in its exact words, each limit on its exact border."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.judgment.frames import EARLIER, LATER, TODAY, Cover, Plot, every, profile_called, some, tables
from weipian_plugin.judgment.facts import Facts, MeasuredTables, gather
from weipian_plugin.judgment.guard import objections, uncovered_in_time
from weipian_plugin.judgment.profile import Profile
from weipian_plugin.model.messages import render

CONVERSION = "farmland_conversion"


def facts_of(plot: Plot) -> Facts:
    made = tables(plot)
    columns = profile_called("national-2023").columns
    return gather(
        MeasuredTables(made.parcels, made.coverage, made.measures, made.evidence, made.parts), columns, TODAY
    )[0].whole


def with_tolerance(mu: str) -> Profile:
    """The national profile with another cover tolerance."""
    profile = profile_called("national-2023")
    tolerance = replace(profile.thresholds["cover_tolerance"], value=Decimal(mu))
    return replace(profile, thresholds={**profile.thresholds, "cover_tolerance": tolerance})


def said(plot: Plot, profile: Profile | None = None, ground: str = "approvals") -> list[tuple[str, dict[str, Any]]]:
    found = objections(ground, facts_of(plot), profile or profile_called("national-2023"))
    assert all("‹" not in render(message, language) for message in found for language in ("zh", "en"))
    return [(message.code, dict(message.details)) for message in found]


def plot(cover: Cover | None = None, **more: Any) -> Plot:
    return Plot("A", covers=(cover or Cover(CONVERSION, every()),), **more)


def test_a_sound_cover_meets_no_objection() -> None:
    assert said(plot()) == []


def test_flags_are_named_one_by_one() -> None:
    assert said(plot(attributes={"flags": ("repaired", "overlap_earlier", "area_mismatch")})) == [
        ("judgment.guard_flag", {"flag": "监测面积与图形的椭球面积不一致"}),
        ("judgment.guard_flag", {"flag": "图形已修复"}),
    ]


def test_images_must_be_dated_and_in_order() -> None:
    assert said(plot(attributes={"later_image": "?"}))[0] == ("judgment.guard_image_dates", {})
    assert said(plot(attributes={"earlier_image": None}))[0] == ("judgment.guard_image_dates", {})
    assert said(plot(attributes={"earlier_image": "2023-04-27"})) == [
        ("judgment.guard_image_order", {"earlier": "2023-04-27", "later": LATER}),
    ]
    assert said(plot(attributes={"earlier_image": LATER})) == [
        ("judgment.guard_image_order", {"earlier": LATER, "later": LATER}),
    ]


def test_an_earlier_image_of_unknown_day_is_in_order_if_it_may_be() -> None:
    assert said(plot(attributes={"earlier_image": "2023"})) == []
    assert EARLIER < LATER


@pytest.mark.parametrize(("remainder", "objects"), [(2.0, False), (2.0001, True), (1.9999, False)])
def test_the_tolerance_is_met_at_exactly_its_value(remainder: float, objects: bool) -> None:
    covered = 2000.0 - remainder
    values = {"approved_in_time": covered, "uncovered_in_time": remainder}
    found = said(plot(values=values), with_tolerance("0.003"))
    assert bool(found) is objects
    if objects:
        assert found == [("judgment.guard_remainder", {"area_mu": "0.003", "area_m2": "2.00", "tolerance": "0.003"})]


def test_a_remainder_is_told_in_mu_and_square_metres() -> None:
    found = said(plot(values={"approved_in_time": 1234.567, "uncovered_in_time": 765.433}))
    assert found == [("judgment.guard_remainder", {"area_mu": "1.148", "area_m2": "765.43", "tolerance": "0.001"})]


@pytest.mark.parametrize(
    ("values", "remainder"),
    [
        ({"approved_in_time": 1500.0, "uncovered_in_time": 0.0}, "500.0"),
        ({"approved_in_time": 2000.0, "uncovered_in_time": 500.0}, "500.0"),
        ({"approved_in_time": 2400.0, "uncovered_in_time": 0.0}, "0"),
        ({"approved_in_time": None}, None),
        ({"uncovered_in_time": None}, None),
        ({"area": None}, None),
        ({"area": 0.0, "approved_in_time": 0.0, "uncovered_in_time": 0.0}, None),
    ],
)
def test_the_larger_of_two_remainders_counts(values: dict[str, Any], remainder: str | None) -> None:
    found = uncovered_in_time("approvals", facts_of(plot(values=values)))
    assert found == (None if remainder is None else Decimal(remainder))


def test_another_ground_is_measured_by_its_own_role() -> None:
    supplied = facts_of(plot(Cover("land_supply", every())))
    assert uncovered_in_time("land_supply", supplied) == 0
    assert uncovered_in_time("approvals", supplied) == 2000
    assert said(plot(Cover("land_supply", every())), ground="land_supply") == []


def test_what_was_not_measured_is_an_objection() -> None:
    assert said(plot(values={"approved_in_time": None})) == [("judgment.guard_not_measured", {})]


def test_measures_need_a_document_in_time_behind_them() -> None:
    covered = {"approved_in_time": 2000.0, "uncovered_in_time": 0.0}
    assert said(Plot("A", values=covered)) == [("judgment.guard_no_document", {})]
    assert said(plot(Cover(CONVERSION, every(), "late"), values=covered)) == [("judgment.guard_no_document", {})]


@pytest.mark.parametrize(
    ("cover", "expected"),
    [
        (
            Cover(CONVERSION, every(), document=None),
            ("judgment.guard_no_number", {"document": "—", "area_m2": "2000.00"}),
        ),
        (
            Cover(CONVERSION, every(), date="?"),
            ("judgment.guard_no_date", {"document": "渝府地〔2022〕100号", "area_m2": "2000.00"}),
        ),
        (
            Cover(CONVERSION, every(), date="2023-04-27"),
            ("judgment.guard_date_open", {"document": "渝府地〔2022〕100号", "area_m2": "2000.00"}),
        ),
        (
            Cover(CONVERSION, every(), until="2023-04-25"),
            ("judgment.guard_expired", {"document": "渝府地〔2022〕100号", "area_m2": "2000.00"}),
        ),
    ],
)
def test_each_fault_of_a_document_is_told(cover: Cover, expected: tuple[str, dict[str, str]]) -> None:
    assert said(plot(cover)) == [expected]


@pytest.mark.parametrize(("cells", "objects"), [(9, True), (10, False)])
def test_a_sound_document_must_cover_alone_if_another_is_unsound(cells: int, objects: bool) -> None:
    covers = (Cover(CONVERSION, frozenset(range(cells)), document="甲1号"), Cover(CONVERSION, some(9), document=None))
    assert bool(said(Plot("A", covers=covers))) is objects


def test_a_sound_document_may_leave_exactly_the_tolerance() -> None:
    covers = (Cover(CONVERSION, frozenset(range(99)), document="甲1号"), Cover(CONVERSION, some(99), document=None))
    assert said(Plot("A", area=200.0, count=100, covers=covers), with_tolerance("0.003")) == []
    assert said(Plot("A", area=200.1, count=100, covers=covers), with_tolerance("0.003")) != []
