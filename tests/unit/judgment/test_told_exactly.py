"""What judgment says and reads, word by word and border by border: sentences with all they name, entries of tables as programs write them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from tests.unit.judgment.frames import EARLIER, LATER, TODAY, Cover, Plot, Tables, every, profile_called, some, tables
from tests.unit.judgment.test_guard import facts_of, said, with_tolerance
from weipian_plugin.judgment import MeasuredTables, Profile, judge
from weipian_plugin.judgment.claims import (
    UNREAD_START,
    ClaimColumns,
    Filled,
    area_differences,
    claim_values,
    filled,
    impossible_areas,
    is_evidence,
)
from weipian_plugin.judgment.conditions import Test
from weipian_plugin.judgment.engine import CONTROL_LAYERS
from weipian_plugin.judgment.facts import Facts, gather, part_order
from weipian_plugin.judgment.guard import ground_objections, tolerance_of
from weipian_plugin.judgment.safeguards import fits_legal_basis, holds_of_bare_land, is_violating
from weipian_plugin.judgment.uses import (
    approved_groups,
    denied_groups,
    filled_groups,
    grants_nothing,
    group_of_class,
    groups_of,
    is_another_use,
    is_farming,
    is_filled_otherwise,
    is_unfit,
    no_building_right,
    no_conversion,
    no_mining_licence,
    no_supply,
    stated_groups,
    titles,
)
from weipian_plugin.model.dates import DateSpan
from weipian_plugin.model.feedback import Silent
from weipian_plugin.model.messages import Message
from weipian_plugin.model.records import Missing, Proposal

CONVERSION = "farmland_conversion"
NATIONAL, HEBEI = "national-2023", "hebei-2026"
WHOLE = {"document": "渝府地〔2022〕100号", "area_m2": "2000.00"}
FACTORY = {"use": "厂房类"}


def on(role: str = CONVERSION, **columns: Any) -> tuple[Cover, ...]:
    return (Cover(role, every(), **columns),)


def measured(made: Tables) -> MeasuredTables:
    return MeasuredTables(made.parcels, made.coverage, made.measures, made.evidence, made.parts)


def proposed(plot: Plot, profile: str | Profile = NATIONAL, **more: Any) -> Proposal:
    rules = profile_called(profile) if isinstance(profile, str) else profile
    return judge(measured(tables(plot)), rules, Silent(), as_of=TODAY, **more)[0]


def with_overlap(mu: str) -> Profile:
    profile = profile_called(NATIONAL)
    tolerance = replace(profile.thresholds["overlap_tolerance"], value=Decimal(mu))
    return replace(profile, thresholds={**profile.thresholds, "overlap_tolerance": tolerance})


# -- the guard


@pytest.mark.parametrize(
    ("covers", "more", "ground", "code", "details"),
    [
        (
            on(authority="永川区人民政府"),
            {"values": {"basic_farmland": 20.0}},
            "approvals",
            "guard_authority",
            {"authority": "永川区人民政府", "basic_mu": "0.030"},
        ),
        (
            on(authority=None),
            {"values": {"basic_farmland": 20.0}},
            "approvals",
            "guard_authority_unknown",
            {"authority": "—", "basic_mu": "0.030"},
        ),
        (
            on(authority="某指挥部"),
            {"values": {"basic_farmland": 20.0}},
            "approvals",
            "guard_authority_unknown",
            {"authority": "某指挥部", "basic_mu": "0.030"},
        ),
        (
            on(project="渝西高速公路"),
            {"claims": FACTORY},
            "approvals",
            "guard_use",
            {"use": "渝西高速公路", "filled": "工业仓储"},
        ),
        (on(use="住宅用地"), {"claims": FACTORY}, "approvals", "guard_use", {"use": "住宅用地", "filled": "工业仓储"}),
        (
            on(use="科研，不得用于工业"),
            {"claims": FACTORY},
            "approvals",
            "guard_use",
            {"use": "科研，不得用于工业", "filled": "工业仓储"},
        ),
        (on(use="耕地"), {}, "approvals", "guard_farming", {"use": "耕地"}),
        (
            on(document="立项批复〔2022〕3号"),
            {},
            "approvals",
            "guard_not_approval",
            {"word": "立项", "document": "立项批复〔2022〕3号"},
        ),
        (on(kind="请示"), {}, "approvals", "guard_not_approval", {"word": "请示"}),
        (on("linkage", kind="会议纪要"), {}, "approvals", "guard_not_approval", {"word": "会议纪要"}),
        (on(), {"claims": {"construction_date": "2019年前"}}, "approvals", "guard_start_unread", {"start": "2019年前"}),
        (
            on(),
            {"claims": {"construction_date": "2022"}},
            "approvals",
            "guard_started",
            {"start": "2022", "date": "2022-06-15"},
        ),
        (on(doubt="questioned area"), {}, "approvals", "guard_questioned", {}),
        (
            on("registration", document="购房合同2022-1"),
            {},
            "registration",
            "guard_not_granted",
            {"word": "合同", "document": "购房合同2022-1"},
        ),
        (
            on("mining_right", document="受理2022-5"),
            {},
            "mining_right",
            "guard_not_granted",
            {"word": "受理", "document": "受理2022-5"},
        ),
        (on(status="已撤销"), {}, "approvals", "guard_status", {"status": "已撤销"}),
        (on(until="2023-04"), {}, "approvals", "guard_until_open", {"until": "2023-04"}),
        (on(until="2023-03"), {}, "approvals", "guard_expired", {}),
        (
            on("land_supply", document="征地公告〔2022〕5号"),
            {},
            "land_supply",
            "guard_not_supply",
            {"word": "征地公告", "document": "征地公告〔2022〕5号"},
        ),
        (on("land_supply", use="林地"), {}, "land_supply", "guard_farming", {"use": "林地"}),
        (on("registration", kind="林权"), {}, "registration", "guard_right", {"right": "林权"}),
        (on("registration", kind="9"), {}, "registration", "guard_right", {"right": "9"}),
        (on("registration", use="耕地"), {}, "registration", "guard_farming", {"use": "耕地"}),
        (on("registration", timing="between"), {}, "registration", "guard_title_between", {"date": "2022-12-08"}),
        (on("mining_right", kind="探矿权"), {}, "mining_right", "guard_exploration", {}),
        (on("mining_right", document="Ｔ5001"), {}, "mining_right", "guard_exploration", {"document": "Ｔ5001"}),
    ],
)
def test_each_fault_of_a_document_is_told_with_all_it_names(
    covers: tuple[Cover, ...], more: dict[str, Any], ground: str, code: str, details: dict[str, str]
) -> None:
    assert said(Plot("A", covers=covers, **more), ground=ground) == [(f"judgment.{code}", {**WHOLE, **details})]


@pytest.mark.parametrize(
    ("covers", "more", "ground"),
    [
        (on("mining_right"), {"claims": {"construction_date": "2010"}}, "mining_right"),
        (on("mining_right"), {"claims": {"construction_date": "2019年前"}}, "mining_right"),
        (on("mining_right", use="耕地"), {}, "mining_right"),
        (on("registration", timing="between"), {"values": {"construction_previous": 2000.0}}, "registration"),
        (on("registration", kind="3"), {}, "registration"),
        (on("registration", kind="国有建设用地使用权"), {}, "registration"),
        (on("land_supply", document="出让合同2022-15"), {}, "land_supply"),
        (on(kind="单独选址"), {}, "approvals"),
        (on(until="2023-04-26"), {}, "approvals"),
        (on(), {"claims": {"construction_date": "2022-06-15"}}, "approvals"),
        (on(use="工业用地", project="渝西高速公路"), {"claims": FACTORY}, "approvals"),
    ],
)
def test_what_says_nothing_against_a_document_is_not_told(
    covers: tuple[Cover, ...], more: dict[str, Any], ground: str
) -> None:
    assert said(Plot("A", covers=covers, **more), ground=ground) == []


def test_basic_farmland_counts_from_above_the_tolerance_only() -> None:
    touched = {"basic_farmland": 20.0}  # exactly 0.03 亩
    county = Plot("A", covers=on(authority="永川区人民政府"), values=touched)
    title = Plot("A", covers=on("registration"), values=touched)
    for plot, ground in ((county, "approvals"), (title, "registration")):
        assert said(plot, with_overlap("0.03"), ground) == []
        assert len(said(plot, with_overlap("0.0299"), ground)) == 1
    assert said(title, ground="registration") == [
        ("judgment.guard_basic_farmland", {"area_mu": "0.030", "area_m2": "20.00"})
    ]


def test_a_title_on_basic_farmland_wants_a_conversion_that_covers() -> None:
    cells = frozenset(range(99))
    for covered, tolerance, count in ((every(100), "0.001", 0), (cells, "0.03", 0), (cells, "0.0299", 1)):
        covers = (Cover("registration", every(100)), Cover(CONVERSION, covered))
        plot = Plot("A", covers=covers, count=100, values={"basic_farmland": 500.0})
        assert len(said(plot, with_tolerance(tolerance), "registration")) == count


def test_a_tolerance_of_a_small_parcel_is_told_in_six_decimals() -> None:
    assert said(Plot("A", area=33.333, covers=(Cover(CONVERSION, some(0, 1)),))) == [
        ("judgment.guard_remainder", {"area_mu": "0.040", "area_m2": "26.67", "tolerance": "0.000500"})
    ]


@pytest.mark.parametrize("role", ["temporary_land", "facility_agriculture", "homestead", "restoration"])
def test_faults_of_other_grounds_are_told(role: str) -> None:
    profile = profile_called(NATIONAL)

    def against(**columns: Any) -> list[tuple[str, dict[str, Any]]]:
        facts = facts_of(Plot("A", covers=on(role, **columns), claims=FACTORY))
        return [(one.code, dict(one.details)) for one in ground_objections(role, facts, profile)]

    assert against() == []
    assert against(document=None) == [("judgment.guard_no_number", {**WHOLE, "document": "—"})]
    assert against(doubt="repaired") == [("judgment.guard_repaired", WHOLE)]
    assert against(use="住宅用地") == [("judgment.guard_use", {**WHOLE, "use": "住宅用地", "filled": "工业仓储"})]
    assert against(timing="late") == []


def test_an_approval_as_ground_of_another_category_is_held_against_every_check() -> None:
    facts = facts_of(Plot("A", covers=on(use="耕地")))
    assert [one.code for one in ground_objections("approvals", facts, profile_called(NATIONAL))] == [
        "judgment.guard_farming"
    ]


# -- the engine


CHANGED = Message("judgment.layers_changed", {"layers": "农转用.shp"})
AGAIN = Message("judgment.overlay_again", {})


@pytest.mark.parametrize(("claims", "verdict"), [({}, "未填报"), ({"category": "合法"}, "存疑")])
@pytest.mark.parametrize("kind", ["land", "mining"])
def test_a_favourable_proposal_from_other_layers_becomes_doubt_and_says_so(
    kind: str, claims: dict[str, str], verdict: str
) -> None:
    role = CONVERSION if kind == "land" else "mining_right"
    plot = Plot("A", covers=on(role, until="2030-01-01"), claims=claims, attributes={"kind": kind})
    before, after = proposed(plot), proposed(plot, layers_changed=CHANGED)
    rules = profile_called(NATIONAL)
    rules = rules if kind == "land" else rules.mining or rules
    assert before.category == "合法"
    assert (after.category, after.subtype, after.confidence) == (rules.uncertain.name, rules.guard_subtype, "low")
    assert (after.reasons[-1], after.would_change[-1], after.verdict) == (CHANGED, AGAIN, verdict)


def test_a_violation_from_other_layers_stays_one_with_low_confidence() -> None:
    after = proposed(Plot("A"), layers_changed=CHANGED)
    assert (after.category, after.confidence, after.reasons[-1], after.would_change[-1]) == (
        "违法",
        "low",
        CHANGED,
        AGAIN,
    )
    assert after.subtype == proposed(Plot("A")).subtype


def test_a_parcel_measured_otherwise_says_what_to_do() -> None:
    plot = Plot("A", covers=on())
    found = proposed(plot, outdated=("A",))
    assert (found.rule, found.area_m2, found.confidence) == ("measured_otherwise", 2000.0, "low")
    assert found.reasons == (Message("judgment.measured_otherwise", {"parcel": "A"}),)
    assert found.would_change == (AGAIN,)


def test_a_parcel_that_was_not_overlaid_says_so() -> None:
    found = proposed(Plot("A", values={"area": None}))
    assert (found.rule, found.area_m2) == ("not_overlaid", 2000.0)
    assert found.reasons == (Message("judgment.not_overlaid", {"parcel": "A"}),)
    assert found.would_change == (AGAIN,)


def test_layers_of_control_that_were_not_given_are_missing_evidence_by_name() -> None:
    found = proposed(Plot("A", covers=on(), roles=(CONVERSION, "basic_farmland")))
    layers = found.reasons[-1].details["layers"]
    assert found.reasons[-1].code == "judgment.not_loaded" and "生态保护红线" in layers and "永久基本农田" not in layers
    assert found.missing[-1] == Missing(CONTROL_LAYERS, Message("judgment.evidence_missing", {"evidence": layers}))
    assert found.confidence == "low"


def test_a_profile_without_a_rule_that_matches_fails_with_its_reason() -> None:
    found = proposed(Plot("A"), replace(profile_called(NATIONAL), rules=()))
    assert (found.category, found.rule, found.confidence) == ("存疑", "failed", "low")
    assert found.reasons == (Message("run.unexpected", {"parcel": "A", "reason": "LookupError: no rule matched"}),)


# -- the facts


def known(made: Tables) -> Facts:
    return gather(measured(made), profile_called(NATIONAL).columns, TODAY)[0].whole


def coverage_with(**changes: Any) -> Tables:
    """One conversion over all, its row changed."""
    made = tables(Plot("A", covers=on()))
    rows = made.coverage.copy().astype(object)
    place = rows.index[rows["timing"] != ""][0]
    for name, value in changes.items():
        rows.loc[place, name] = value
    return replace(made, coverage=rows)


def test_a_document_is_a_row_with_a_group_or_a_timing_and_an_area() -> None:
    def pieces(made: Tables) -> tuple[Any, Any]:
        facts = known(made)
        return len(facts.of_roles("approvals")), facts.value("approvals_unnumbered_pieces")

    assert pieces(coverage_with()) == (1, 0)
    assert pieces(coverage_with(group="", document=None)) == (1, 1)
    assert pieces(coverage_with(group="", timing="")) == (0, 0)
    assert pieces(coverage_with(group=None, timing=None)) == (0, 0)
    assert pieces(coverage_with(timing="")) == (1, 0)
    assert pieces(coverage_with(area_m2="?")) == (0, 0)
    assert pieces(coverage_with(area_m2=0.0)) == (0, 0)
    made = coverage_with()
    assert pieces(replace(made, coverage=made.coverage.drop(columns=["timing"]))) == (1, 0)
    assert pieces(replace(made, coverage=made.coverage.drop(columns=["kind", "status", "doubt"]))) == (1, 0)


@pytest.mark.parametrize(
    ("role", "timing", "doubtful"), [(CONVERSION, "late", 1), ("mining_right", "late", 0), ("mining_right", "void", 1)]
)
def test_one_number_recorded_twice_is_doubtful_where_a_document_has_one_date(
    role: str, timing: str, doubtful: int
) -> None:
    covers = (Cover(role, every()), Cover(role, every(), timing))
    facts = facts_of(Plot("A", covers=covers))
    assert [one.doubts for one in facts.of_roles(role) if one.timing == "before"] == [("same_number",) * doubtful]


def test_conversion_and_linkage_are_numbered_in_one_series_and_supply_is_not() -> None:
    for role, doubts in (("linkage", ("same_number",)), ("land_supply", ())):
        facts = facts_of(Plot("A", covers=(Cover(CONVERSION, every()), Cover(role, every(), "void"))))
        assert facts.of_roles(CONVERSION)[0].doubts == doubts


def test_images_as_programs_keep_them_are_days_in_china() -> None:
    images = {"earlier_image": pd.Timestamp("2022-09-17T17:00:00Z"), "later_image": pd.Timestamp("2023-04-26 18:00")}
    facts = facts_of(Plot("A", attributes=images))
    assert facts.value("earlier_image") == DateSpan(date(2022, 9, 18), date(2022, 9, 18))
    assert facts.value("later_image") == DateSpan(date(2023, 4, 26), date(2023, 4, 26))
    assert facts.value("level") == "一级" and facts.value("kind") == "land" and facts.value("type") == "建筑物"


@pytest.mark.parametrize(
    ("earlier", "later", "contradict"),
    [
        ("2023-04", "2023-04-01", True),
        ("2023-03", "2023-04-01", False),
        ("2023-04", "2023-04", True),
        (EARLIER, LATER, False),
        (None, LATER, False),
        (None, "2033-01-01", True),
        (EARLIER, "2026-11-27", False),
        (EARLIER, "2026-11-28", True),
    ],
)
def test_images_contradict_each_other_or_the_day_of_the_run(earlier: str | None, later: str, contradict: bool) -> None:
    facts = facts_of(Plot("A", attributes={"earlier_image": earlier, "later_image": later}))
    assert facts.value("images_contradict") is contradict


@pytest.mark.parametrize(
    ("seen", "earlier", "since"),
    [
        ("2010-01-01/2022-09-18", EARLIER, True),
        ("2010-01-01/2022-09-17", EARLIER, False),
        ("2010-01-01/2010-02-01", None, True),
        (None, None, False),
        (None, EARLIER, False),
    ],
)
def test_what_was_first_seen_on_or_after_the_earlier_image_may_be_new(
    seen: str | None, earlier: str | None, since: bool
) -> None:
    facts = facts_of(Plot("A", attributes={"first_seen": seen, "earlier_image": earlier}))
    assert facts.value("first_seen_since") is since


@pytest.mark.parametrize(
    ("start", "since"), [("2022-09-18", False), ("2022-09-19", True), ("2022-09", True), ("2022-08", False)]
)
def test_building_after_the_earlier_image_is_no_unchanged_ground(start: str, since: bool) -> None:
    assert facts_of(Plot("A", claims={"construction_date": start})).value("built_since_earlier") is since


def test_parts_know_that_they_are_parts_and_come_in_their_order() -> None:
    parts = {"_10": some(0), "_2": some(1), "_1": some(2), "x": some(3), "X5": some(4), "_100": some(5)}
    made = tables(Plot("A", parts=parts, slivers=("_10",)))
    unit = gather(measured(made), ClaimColumns(), TODAY)[0]
    assert [part.part for part in unit.parts] == ["_1", "_2", "_10", "_100", "X5", "x"]
    assert [part_order(name)[1] for name in sorted(parts, key=part_order)] == ["_1", "_2", "_10", "_100", "X5", "x"]
    assert [part.value("sliver") for part in unit.parts] == [False, False, True, False, False, False]
    assert {(part.value("is_part"), part.value("parts")) for part in unit.parts} == {(True, Decimal(0))}
    assert (unit.whole.value("is_part"), unit.whole.value("parts"), unit.whole.value("sliver")) == (
        False,
        Decimal(5),
        False,
    )
    assert unit.parts[0].value("whole_area") == unit.whole.value("area") == Decimal(2000)
    assert unit.whole.value("whole_area") == Decimal(2000)


@pytest.mark.parametrize("blank", [None, float("nan"), ""])
def test_a_blank_part_is_the_whole(blank: Any) -> None:
    made = tables(Plot("A", covers=on()))
    measures, coverage = made.measures.astype(object), made.coverage.astype(object)
    measures["part"], coverage["part"] = blank, blank
    facts = known(replace(made, measures=measures, coverage=coverage))
    assert facts.area() == Decimal(2000) and len(facts.of_roles("approvals")) == 1
    facts = known(replace(made, measures=measures.drop(columns=["part"]), coverage=coverage.drop(columns=["part"])))
    assert facts.area() == Decimal(2000) and len(facts.of_roles("approvals")) == 1


def test_uses_of_documents_are_counted() -> None:
    facility = facts_of(Plot("A", covers=on("facility_agriculture", use="工业厂房"), claims=FACTORY))
    assert facility.value("facility_agriculture_unfit_use_pieces") == 1
    assert facility.value("facility_agriculture_use_conflicts") == 0
    for columns, conflicts in (
        ({"use": "住宅用地"}, 1),
        ({"project": "渝西高速公路"}, 1),
        ({"use": "工业用地", "project": "渝西高速公路"}, 0),
        ({}, 0),
    ):
        facts = facts_of(Plot("A", covers=on(**columns), claims=FACTORY))  # type: ignore[arg-type]
        assert facts.value("approvals_use_conflicts") == conflicts
        assert facts.value("approvals_unfit_use_pieces") == 0


@pytest.mark.parametrize(
    ("timings", "start", "before"),
    [
        (("before",), "2020-03", True),
        (("late",), "2020-03", False),
        (("before", "late"), "2023-05", False),
        (("before",), "2022-06-15", False),
        (("before",), "2022-06-14", True),
        (("before", "between"), "2022-09", False),
        (("undated",), "2020-03", False),
    ],
)
def test_building_before_every_document_in_time(timings: tuple[str, ...], start: str, before: bool) -> None:
    covers = tuple(
        Cover(CONVERSION, every(), timing, document=f"渝府地〔2022〕{place}号")
        for place, timing in enumerate(timings, 100)
    )
    facts = facts_of(Plot("A", covers=covers, claims={"construction_date": start}))
    assert facts.value("approvals_started_before") is before


def test_projects_are_of_documents_in_time() -> None:
    covers = (
        Cover(CONVERSION, every(), project="甲项目"),
        Cover("linkage", every(), "between", project="乙"),
        Cover(CONVERSION, every(), "late", project="丙"),
        Cover(CONVERSION, every()),
    )
    facts = facts_of(Plot("A", covers=covers, claims={"project": "丙"}))
    assert facts.value("approvals_projects") == ("乙", "甲项目")
    assert facts.value("approvals_project_differs") is True
    assert facts_of(Plot("A", covers=covers, claims={"project": "甲"})).value("approvals_project_differs") is False
    assert facts_of(Plot("A", covers=covers)).value("approvals_project_differs") is False


def test_what_was_not_measured_or_given_is_not_known() -> None:
    facts = facts_of(Plot("A", values={"area": None}))
    assert facts.value("approved_remainder") is None and facts.value("farmland_share") is None
    touching = {"road_network_touch": 1}
    assert facts_of(Plot("A", values=touching)).value("road_network_touch") is True
    assert facts_of(Plot("A", values=touching, roles=(CONVERSION,))).value("road_network_touch") is None
    assert facts_of(Plot("A", values={"farmland": -1.0})).value("farmland") is None
    assert facts_of(Plot("A", values={"farmland": 500.0})).value("farmland_share") == 25
    assert facts_of(Plot("A", values={"farmland": 500.0})).value("farmland_remainder") == 1500
    assert facts_of(Plot("A", values={"farmland": 2500.0})).value("farmland_remainder") == 0


def test_dates_and_terms_of_documents_are_told_by_their_ends() -> None:
    covers = (
        Cover("temporary_land", every(), date="2022-06", until="2023-05-31"),
        Cover("temporary_land", every(), document="永临〔2022〕4号", date="2022-07-01", until="2024-07"),
        Cover("temporary_land", every(), document=None, date=None, until=None),
    )
    facts = facts_of(Plot("A", covers=covers))
    assert facts.value("temporary_land_documents") == 2
    assert facts.value("temporary_land_undated_pieces") == facts.value("temporary_land_pieces_without_until") == 1
    assert facts.value("temporary_land_earliest") == DateSpan.parse("2022-06")
    assert facts.value("temporary_land_latest") == DateSpan.parse("2022-07-01")
    assert facts.value("temporary_land_until") == DateSpan.parse("2023-05-31")
    assert facts.value("temporary_land_term_days") == (date(2024, 7, 31) - date(2022, 7, 1)).days
    assert facts.value("homestead_term_days") is None and facts.value("homestead_earliest") is None


# -- what no profile may say


@pytest.mark.parametrize(
    ("subtype", "ground", "fits"),
    [
        ("其他说明", CONVERSION, True),
        ("其他说明", "rural_road", False),
        ("合法采矿", "mining_right", True),
        ("合法采矿", "approvals", False),
        ("农转用", "approvals", True),
        ("供地手续", "approvals", False),
        ("供地手续", "land_supply", True),
        ("登记发证", "registration", True),
        ("发证", "registration", True),
        ("增减挂钩", "linkage", True),
        ("增减挂钩", CONVERSION, False),
        ("批文", "linkage", True),
        ("已批准", "linkage", True),
        ("转用", "linkage", False),
    ],
)
def test_grounds_fit_what_a_legal_subtype_says(subtype: str, ground: str, fits: bool) -> None:
    assert fits_legal_basis(subtype, ground) is fits


@pytest.mark.parametrize(
    ("category", "violating"),
    [("违法", True), ("未批先建", True), ("未供即用", True), ("其他", False), ("合法", False)],
)
def test_a_category_that_finds_something_wrong_is_no_favourable_one(category: str, violating: bool) -> None:
    assert is_violating(category) is violating


@pytest.mark.parametrize(
    ("fact", "operator", "limit"),
    [
        ("farmland_remainder", "at_most", Decimal(0)),
        ("approved_remainder", "at_least", Decimal(2000)),
        ("farmland_share", "at_least", Decimal(100)),
        ("farmland_share", "at_most", Decimal(100)),
        ("approved_share", "at_most", Decimal(0)),
        ("claim_approval_share", "at_most", Decimal(0)),
        ("approvals_documents", "at_most", Decimal(0)),
        ("approvals_loaded", "is", True),
        ("approvals_started_before", "is", False),
        ("photos", "at_most", Decimal(0)),
        ("whole_farmland", "at_least", Decimal(2000)),
        ("sliver", "is", False),
        ("road_width", "above", Decimal(8)),
        ("approvals_project_differs", "is", False),
        ("temporary_land_earliest", "known", False),
    ],
)
def test_bare_farmland_is_farmland_with_nothing_on_it(fact: str, operator: str, limit: Any) -> None:
    assert holds_of_bare_land(Test(fact, operator, limit))


# -- uses


def test_words_and_codes_of_uses() -> None:
    assert approved_groups("06类") == approved_groups("0601") == {"industrial"}
    assert approved_groups("公路1003") == {"road"} and approved_groups(None) == approved_groups("X06") == frozenset()
    assert (
        group_of_class("0602C") == {"mining"} and group_of_class("0601") == {"industrial"} and not group_of_class(None)
    )
    assert groups_of("农村道路用地") == {"rural_road"} and groups_of("工矿仓储") == {"industrial", "mining"}
    assert groups_of("非工业用地") == groups_of("原工业用地") == frozenset() and groups_of("住宅（原工业用地）") == {
        "residential"
    }
    assert denied_groups("科研，不得用于工业、商业；住宅") == {"industrial"} | denied_groups(
        "严禁用于商业"
    ) and not denied_groups("工业")
    assert filled_groups({}, "厂房") == ("industrial",) and filled_groups({}, "道路") == filled_groups({}) == ()
    assert filled_groups({"ground_class": "0702"}, "厂房") == ("rural_residential",)
    assert filled_groups({"use": "光伏", "ground_class": "0601"}) == ("solar",)
    assert stated_groups(None, "某农业园") == stated_groups("", "") == frozenset() and stated_groups(
        None, "渝西高速公路"
    ) == {"road"}
    assert stated_groups("其他", "渝西高速公路") == frozenset()
    assert is_farming("耕地") and not is_farming("耕地及工业") and not is_farming(None)
    assert titles(frozenset(("road", "industrial"))) == "工业仓储、公路铁路"


@pytest.mark.parametrize(
    ("role", "use", "unfit"),
    [
        ("facility_agriculture", "工业厂房", True),
        ("facility_agriculture", "畜禽养殖", False),
        ("facility_agriculture", "养殖、餐饮", True),
        ("facility_agriculture", "粪污处理", False),
        ("facility_agriculture", "学校", True),
        ("facility_agriculture", None, False),
        ("temporary_land", "厂房", True),
        ("temporary_land", "施工便道", False),
        ("temporary_land", None, False),
        ("homestead", "工业厂房", False),
    ],
)
def test_a_use_that_is_none_of_its_role(role: str, use: str | None, unfit: bool) -> None:
    assert is_unfit(role, use) is unfit


def test_rights_papers_and_licences() -> None:
    assert [no_building_right(kind) for kind in ("3", "4.0", "07", "8", None)] == [None] * 5
    assert [no_building_right(kind) for kind in ("9", "5.0", "A", "12")] == ["9", "5.0", "A", "12"]
    assert (
        no_building_right(None, "林地", None) == "林地"
        and no_building_right("国有建设用地使用权", "工业", None) is None
    )
    assert no_conversion("立项〔2022〕3号", None) == "立项" and no_conversion(None, "征而未转") == "征而未转"
    assert no_conversion("渝府地〔2022〕1号", "单独选址") is None and no_conversion(None, None) is None
    assert grants_nothing("temporary_land", "申请2022-3") == "申请" and grants_nothing("temporary_land", None) is None
    assert (
        grants_nothing("farmland_conversion", "申请2022-3") is None
        and grants_nothing("homestead", "永宅〔2022〕8号") is None
    )
    assert is_filled_otherwise({"use": "非农建设"}, frozenset()) and is_filled_otherwise({}, frozenset(("industrial",)))
    assert not is_filled_otherwise({"use": "养殖"}, frozenset(("facility",))) and not is_filled_otherwise(
        {}, frozenset()
    )
    assert no_supply("施工许可2022-3", None) == "施工许可"
    assert no_supply("出让合同2022-3", "出让") is None and no_supply(None, None) is None
    assert no_mining_licence("探矿权", None) and no_mining_licence(None, "t5001") and no_mining_licence(None, "Ｔ5001")
    assert not no_mining_licence(None, None) and not no_mining_licence("采矿权", "C5001")
    filled_use = frozenset(("industrial",))
    assert is_another_use("住宅", None, filled_use) and is_another_use(None, "渝西高速公路", filled_use)
    assert is_another_use("不得用于工业", None, filled_use) and not is_another_use("不得用于商业", None, filled_use)
    assert not is_another_use(None, None, filled_use) and not is_another_use("住宅", None, frozenset())


# -- what was filled


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("/", None),
        ("—", None),
        ("0", None),
        ("000", None),
        ("不详", None),
        ("无", None),
        ("2019年前", "2019年前"),
        ("90年代", "90年代"),
        ("0年", "0年"),
    ],
)
def test_a_start_that_cannot_be_read_is_kept_where_it_says_something(text: str, unread: str | None) -> None:
    found = claim_values({"claims": {"construction_date": text}}, ClaimColumns())
    assert found.get(UNREAD_START) == unread and found.get("construction_date") is None


CATEGORIES = {"其他": ("203范围", "农村·道路"), "违法": (), "非农违法": ()}


@pytest.mark.parametrize(
    ("written", "category", "subtype"),
    [
        ("其他·203范围", "其他", "203范围"),
        ("其他-203范围", "其他", "203范围"),
        ("其他—203范围", "其他", "203范围"),
        ("其他/203范围", "其他", "203范围"),
        ("其他·农村·道路", "其他", "农村·道路"),
        ("疑似非农违法用地", "非农违法", ""),
        ("违法", "违法", ""),
        ("不知", "不知", ""),
        ("", "", ""),
        ("某·203范围", "某·203范围", ""),
    ],
)
def test_a_filled_category_is_found_in_one_field(written: str, category: str, subtype: str) -> None:
    assert filled({"category": written}, CATEGORIES, ()) == Filled(category, subtype)


def test_areas_that_cannot_be_are_told_with_their_figures() -> None:
    claims = {
        "area_mu": Decimal("3"),
        "farmland_mu": Decimal("-1.005"),
        "basic_farmland_mu": Decimal("3.5"),
        "unused_mu": Decimal("3"),
    }
    assert impossible_areas(claims) == (
        Message("judgment.claim_area_negative", {"title": "占耕地面积", "value": "-1.01"}),
        Message("judgment.claim_area_exceeds", {"title": "占基本农田面积", "value": "3.50", "total": "3.00"}),
    )
    assert impossible_areas({"farmland_mu": Decimal("9")}) == ()


@pytest.mark.parametrize(
    ("role", "number", "kept"),
    [
        (CONVERSION, "100", None),
        (CONVERSION, "-1", None),
        (CONVERSION, "12.0", None),
        (CONVERSION, "12345", "12345"),
        ("land_supply", "7", None),
        ("homestead", "8", "8"),
        (CONVERSION, "待批", None),
        (CONVERSION, None, None),
    ],
)
def test_the_running_number_of_a_row_is_no_number_of_an_approval(
    role: str, number: str | None, kept: str | None
) -> None:
    assert facts_of(Plot("A", covers=on(role, document=number))).of_roles(role)[0].document == kept


def test_parts_of_which_nothing_is_said_are_no_slivers() -> None:
    made = tables(Plot("A", parts={"_1": some(0), "_2": some(1)}))
    without = MeasuredTables(made.parcels, made.coverage, made.measures, made.evidence)
    unit = gather(without, ClaimColumns(), TODAY)[0]
    assert unit.whole.value("parts") == Decimal(2) and [part.value("sliver") for part in unit.parts] == [None, None]


def test_a_profile_without_a_tolerance_tolerates_nothing() -> None:
    profile, facts = profile_called(NATIONAL), facts_of(Plot("A"))
    assert tolerance_of(facts, profile) == Decimal("0.001")
    others = {name: one for name, one in profile.thresholds.items() if name != "cover_tolerance"}
    assert tolerance_of(facts, replace(profile, thresholds=others)) == 0
    dated = replace(profile.thresholds["cover_tolerance"], value=date(2023, 1, 1))
    assert tolerance_of(facts, replace(profile, thresholds={**others, "cover_tolerance": dated})) == 0


def test_filled_areas_are_held_against_what_was_measured_only() -> None:
    claims = {"farmland_mu": Decimal("3"), "unused_mu": Decimal("1")}
    found = proposed(Plot("A", claims=claims, values={"farmland": None, "unused": 0.0}))
    differing = [dict(one.details) for one in found.reasons if one.code == "judgment.claim_area_differs"]
    assert found.rule != "failed"
    assert differing == [{"title": "占未利用地面积", "filled": "1.00", "measured": "0.00", "difference": "1.00"}]
    (difference,) = area_differences(claims, {"unused": Decimal(0)}, Decimal("0.01"))
    assert (difference.claim, difference.filled, difference.measured, difference.difference) == ("unused_mu", 1, 0, 1)


def test_layers_of_control_are_named_one_after_the_other() -> None:
    found = proposed(Plot("A", roles=(CONVERSION,)))
    assert [one.details["layers"] for one in found.reasons if one.code == "judgment.not_loaded"] == [
        "地类图斑、永久基本农田、生态保护红线"
    ]


def test_a_profile_without_an_overlap_takes_a_hundredth() -> None:
    profile = profile_called(NATIONAL)
    others = {name: one for name, one in profile.thresholds.items() if name != "overlap_tolerance"}
    without = replace(profile, thresholds=others)
    for touched, objections in ((6.66, 0), (6.67, 1)):  # 0.00999 and 0.010005 亩
        plot = Plot("A", covers=on(authority="永川区人民政府"), values={"basic_farmland": touched})
        assert len(said(plot, without)) == objections


@pytest.mark.parametrize(
    ("value", "counts"), [("0%", False), ("0.0％", False), ("5%", True), ("0X", True), ("", False), (Decimal(0), False)]
)
def test_a_share_of_nothing_is_no_evidence(value: Any, counts: bool) -> None:
    assert is_evidence(value) is counts
