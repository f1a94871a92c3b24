"""Whatever speaks against 合法 is read: one table of kinds for each shipped profile, and no profile can talk the guard out of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.unit.judgment.frames import EARLIER, LATER, Cover, Plot, every, profile_called, some, tables
from weipian_plugin.judgment import MeasuredTables, judge, load_profile
from weipian_plugin.judgment.profile import Profile
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.feedback import Silent
from weipian_plugin.model.messages import render
from weipian_plugin.model.paths import resource
from weipian_plugin.model.records import Proposal

CONVERSION = "farmland_conversion"
PROFILES = ("national-2023", "hebei-2026")
TODAY = date(2026, 11, 27)


def proposed(plot: Plot, profile: str | Profile = "national-2023", **more: Any) -> Proposal:
    made = tables(plot)
    rules = profile_called(profile) if isinstance(profile, str) else profile
    found = judge(
        MeasuredTables(made.parcels, made.coverage, made.measures, made.evidence, made.parts),
        rules,
        Silent(),
        as_of=TODAY,
        **more,
    )
    for proposal in found:
        for reason in proposal.reasons:
            assert "‹" not in render(reason, "zh") and "‹" not in render(reason, "en")
    return found[0]


def codes(proposal: Proposal) -> list[str]:
    return [reason.code for reason in proposal.reasons]


def covered(**more: Any) -> tuple[Cover, ...]:
    return (Cover(CONVERSION, every(), **more),)


BASIC = {"basic_farmland": 500.0}


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    ("plot", "code"),
    [
        (Plot("A", covers=covered(document="待批")), "judgment.guard_no_number"),
        (Plot("A", covers=covered(document="/")), "judgment.guard_no_number"),
        (Plot("A", covers=covered(document="〔〕")), "judgment.guard_no_number"),
        (Plot("A", covers=covered(status="备注：已撤销")), "judgment.guard_status"),
        (Plot("A", covers=covered(doubt="repaired")), "judgment.guard_repaired"),
        (Plot("A", covers=covered(doubt="number_year")), "judgment.guard_number_year"),
        (Plot("A", covers=covered(doubt="area")), "judgment.guard_area"),
        (Plot("A", covers=covered(until="2023")), "judgment.guard_until_open"),
        (Plot("A", covers=covered(use="公路用地"), claims={"use": "厂房类"}), "judgment.guard_use"),
        (Plot("A", covers=covered(use="城镇住宅用地"), claims={"use": "采矿用地"}), "judgment.guard_use"),
        (Plot("A", covers=covered(use="工业用地"), claims={"ground_class": "0701"}), "judgment.guard_use"),
        (Plot("A", covers=covered(), claims={"construction_date": "2022"}), "judgment.guard_started"),
        (Plot("A", covers=covered(), claims={"construction_date": "2022-06"}), "judgment.guard_started"),
        (Plot("A", covers=covered(authority="永川区人民政府"), values=BASIC), "judgment.guard_authority"),
        (Plot("A", covers=covered(authority="邯郸市人民政府"), values=BASIC), "judgment.guard_authority"),
        (Plot("A", covers=covered(), attributes={"later_image": "2022"}), "judgment.guard_date_open"),
        (Plot("A", covers=covered(), attributes={"flags": ("kind_unsure",)}), "judgment.guard_flag"),
        (Plot("A", area=0.6, covers=(Cover(CONVERSION, some(0)),)), "judgment.guard_remainder"),
    ],
)
def test_each_kind_ends_in_doubt_with_its_reason(profile: str, plot: Plot, code: str) -> None:
    proposal = proposed(plot, profile)
    assert proposal.category == "存疑" and code in codes(proposal)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    "plot",
    [
        Plot("A", covers=covered(use="工业用地"), claims={"use": "厂房类"}),
        Plot("A", covers=covered(use="工业用地"), claims={"use": "光伏"}),
        Plot("A", covers=covered(use="建设用地"), claims={"use": "厂房类"}),  # a use that says nothing
        Plot("A", covers=covered(use="公路用地")),  # nothing filled
        Plot("A", covers=covered(), claims={"construction_date": "2022-07"}),
        Plot("A", covers=covered(authority="重庆市人民政府"), values=BASIC),
        Plot("A", covers=covered(authority="永川区人民政府")),  # no permanent basic farmland
        Plot("A", covers=covered(authority="国务院"), values=BASIC),
        Plot("A", covers=(*covered(), Cover(CONVERSION, every(), document="待批"))),  # a sound one covers alone
        Plot("A", covers=(*covered(), Cover(CONVERSION, every(), "late", document="补〔2023〕1号"))),
        Plot("A", covers=(*covered(), Cover(CONVERSION, some(1), "void", document="旧〔2020〕1号"))),
    ],
)
def test_what_agrees_or_says_nothing_stays_legal(profile: str, plot: Plot) -> None:
    assert proposed(plot, profile).category == "合法"


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("status", ["before", "between"])
def test_a_withdrawn_document_is_out_of_force_and_named(profile: str, status: str) -> None:
    proposal = proposed(Plot("A", covers=(Cover(CONVERSION, every(), "void"),)), profile)
    assert proposal.category == "存疑" and "judgment.documents_void" in codes(proposal)
    both = (Cover(CONVERSION, every(), "void"), Cover(CONVERSION, some(0, 1), status))
    assert proposed(Plot("A", covers=both), profile).category != "合法"


def test_building_before_the_approval_is_a_violation_nationally_and_doubt_in_hebei() -> None:
    plot = Plot("A", covers=covered(), claims={"construction_date": "2020-03"})
    assert (proposed(plot).category, proposed(plot).subtype) == ("违法", "补办手续")
    assert proposed(plot, "hebei-2026").category == "存疑"


@pytest.mark.parametrize(
    ("cover", "values", "code"),
    [
        (Cover("registration", every(), "between"), {}, "judgment.guard_title_between"),
        (Cover("registration", every(), kind="土地承包经营权"), {}, "judgment.guard_right"),
        (Cover("registration", every(), use="林地"), {}, "judgment.guard_right"),
        (Cover("registration", every(), kind="宅基地使用权"), {}, "judgment.guard_right"),
        (Cover("registration", every(), document="川林证字(2012)第3号林权证"), {}, "judgment.guard_right"),
        (Cover("land_supply", every()), BASIC, "judgment.guard_basic_farmland"),
        (Cover("registration", every()), BASIC, "judgment.guard_basic_farmland"),
    ],
)
def test_titles_and_supplies_carry_only_what_they_say(cover: Cover, values: dict[str, float], code: str) -> None:
    proposal = proposed(Plot("A", covers=(cover,), values=values), "hebei-2026")
    assert proposal.category == "存疑" and code in codes(proposal)


def test_a_title_between_the_images_on_land_built_on_before_stays_legal() -> None:
    plot = Plot("A", covers=(Cover("registration", every(), "between"),), values={"construction_previous": 2000.0})
    assert proposed(plot, "hebei-2026").category == "合法"


@pytest.mark.parametrize(
    ("cover", "legal"),
    [
        (Cover("mining_right", every(), document="C5001182015", until="2030-01-01"), True),
        (Cover("mining_right", every(), document="T5001182015", until="2030-01-01"), False),
        (Cover("mining_right", every(), document="C5001182015", until="2030-01-01", kind="探矿权"), False),
        (Cover("mining_right", every(), "void", document="C5001182015", until="2030-01-01"), False),
    ],
)
def test_a_licence_of_exploration_is_none_of_mining(cover: Cover, legal: bool) -> None:
    proposal = proposed(Plot("A", covers=(cover,), attributes={"kind": "mining"}))
    assert (proposal.category == "合法") is legal


def test_land_used_for_mining_needs_a_conversion_whatever_mining_right_covers_it() -> None:
    right = Cover("mining_right", every(), document="C5001182015", until="2030-01-01")
    proposal = proposed(Plot("A", covers=(right,), attributes={"type": "采矿用地"}))
    assert (proposal.category, proposal.subtype) == ("违法", "采矿用地未经批准")


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    "attributes",
    [
        {"later_image": "2033-04-26"},
        {"later_image": EARLIER},
        {"earlier_image": "2023-05-01"},
        {"earlier_image": "2023", "later_image": "2023"},
    ],
)
def test_images_that_contradict_each_other_decide_nothing(profile: str, attributes: dict[str, str]) -> None:
    for covers in ((), covered(), (Cover("temporary_land", every(), until="2030-01-01"),)):
        proposal = proposed(Plot("A", covers=covers, attributes=attributes), profile)
        assert proposal.category == "存疑" and "judgment.images_contradict" in codes(proposal)


@pytest.mark.parametrize("use", ["厂房类", "城镇住宅", "光伏", "硬化", "文旅", "公共管理和公共服务", "圈占/堆放压占"])
def test_a_filled_use_that_is_not_agricultural_is_never_a_facility_nor_temporary(use: str) -> None:
    facility = Plot("A", covers=(Cover("facility_agriculture", every()),), claims={"use": use})
    temporary = Plot("A", covers=(Cover("temporary_land", every(), until="2024-05-31"),), claims={"use": use})
    for profile in PROFILES:
        assert proposed(facility, profile).category == "存疑"
        assert proposed(temporary, profile).category == "存疑"


def test_a_facility_on_permanent_basic_farmland_is_doubtful_in_both_profiles() -> None:
    plot = Plot("A", covers=(Cover("facility_agriculture", every()),), values=BASIC)
    assert [proposed(plot, profile).subtype for profile in PROFILES] == ["设施农用地待核"] * 2
    plain = Plot("A", covers=(Cover("facility_agriculture", every()),))
    assert [proposed(plain, profile).category for profile in PROFILES] == ["其他", "设施农用地"]


def test_unchanged_ground_wants_a_photo_or_an_image() -> None:
    built = {"construction_previous": 2000.0}
    assert proposed(Plot("A", values=built)).category == "存疑"
    assert proposed(Plot("A", values=built, documents=("合同",))).category == "存疑"
    for proof in ({"photos": 1}, {"documents": ("2021年影像",)}, {"documents": ("截图",)}):
        assert proposed(Plot("A", values=built, **proof)).subtype == "实地未变化"


@pytest.mark.parametrize("profile", PROFILES)
def test_a_parcel_mostly_in_time_and_a_little_late_is_to_be_split(profile: str) -> None:
    covers = (Cover(CONVERSION, frozenset(range(9))), Cover(CONVERSION, some(9), "late", document="补〔2023〕1号"))
    plot = Plot("A", covers=covers, parts={"_1": frozenset(range(9)), "_2": some(9)})
    assert (proposed(plot, profile).category, proposed(plot, profile).subtype) == ("存疑", "建议拆分")
    late = Plot("A", covers=(Cover(CONVERSION, every(), "late"),))
    assert "违法" in proposed(late, profile).category


def test_a_parcel_measured_with_another_shape_is_not_judged_by_those_measures() -> None:
    plot = Plot("A", covers=covered(), parts={"_1": frozenset(range(5)), "_2": frozenset(range(5, 10))})
    proposal = proposed(plot, outdated={"A"})
    assert (proposal.category, proposal.rule, proposal.confidence) == ("存疑", "measured_otherwise", "low")
    assert codes(proposal) == ["judgment.measured_otherwise"]
    assert proposed(plot, outdated={"B"}).category == "合法"


# ---- the guard cannot be talked out of it


@pytest.mark.parametrize(
    "flag", ["withdrawn", "repaired", "area_mismatch", "geometry_changed", "outside_county", "kind_unsure"]
)
def test_flags_that_always_stand_against_legal_cannot_be_made_harmless(flag: str) -> None:
    profile = replace(profile_called("national-2023"), harmless_flags=(flag,))
    proposal = proposed(Plot("A", covers=covered(), attributes={"flags": (flag,)}), profile)
    assert proposal.category == "存疑"


@pytest.mark.parametrize(("mu", "category"), [("-1", "存疑"), ("50", "违法"), ("0.0001", "违法")])
def test_a_tolerance_written_past_the_reader_is_capped(mu: str, category: str) -> None:
    from decimal import Decimal

    profile = profile_called("national-2023")
    tolerance = replace(profile.thresholds["cover_tolerance"], value=Decimal(mu))
    profile = replace(profile, thresholds={**profile.thresholds, "cover_tolerance": tolerance})
    half = Plot("A", covers=(Cover(CONVERSION, frozenset(range(5))),))
    assert proposed(half, profile).category != "合法"


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = resource("rules", "national-2023.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path = tmp_path / "county.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("cover_tolerance: {value: 0.001,", "cover_tolerance: {value: -0.001,", "不能为负"),
        ("cover_tolerance: {value: 0.001,", "cover_tolerance: {value: 0.2,", "0.1"),
        ("harmless_flags: [area_missing,", "harmless_flags: [withdrawn, area_missing,", "withdrawn"),
        ("harmless_flags: [area_missing,", "harmless_flags: [area_mismatch, area_missing,", "area_mismatch"),
        ("harmless_flags: [area_missing,", "harmless_flags: [repaired, area_missing,", "repaired"),
        ("harmless_flags: [area_missing,", "harmless_flags: [geometry_changed, area_missing,", "geometry_changed"),
        ("    ground: registration\n", "    ground: rural_road\n", "rural_road"),
        ("    ground: land_supply\n", "    ground: facility_agriculture\n", "facility_agriculture"),
        (
            "    when: {fact: restoration_in_time_remainder, at_most: cover_tolerance}",
            "    when: {fact: area, at_least: 0}",
            "没有任何覆盖的耕地",
        ),
        (
            "    when: {fact: restoration_in_time_remainder, at_most: cover_tolerance}",
            "    when: {any: [{fact: photos, at_least: 1}, {not: {fact: photos, at_least: 1}}]}",
            "没有任何覆盖的耕地",
        ),
        (
            "    when: always\n    category: 违法\n    subtype: 未报即用",
            "    when: always\n    category: 其他\n    subtype: 实地未变化",
            "没有任何覆盖的耕地",
        ),
    ],
)
def test_a_profile_that_would_talk_the_guard_out_of_it_is_refused(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    with pytest.raises(WeipianError) as raised:
        load_profile(changed(tmp_path, old, new))
    assert raised.value.code == "judgment.profile_invalid" and code in raised.value.text()


def test_the_dates_of_the_frames_are_in_order() -> None:
    assert EARLIER < LATER
