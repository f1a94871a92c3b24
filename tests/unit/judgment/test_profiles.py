"""Rule profiles: the shipped ones say what the facts say, and mistakes are told with line and key."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from weipian_plugin.judgment import check_profile, load_profile, problem_text, profile_names
from weipian_plugin.judgment.conditions import tests_of as conditions_of
from weipian_plugin.judgment.profile import Profile
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.paths import resource

NAMES = ("hebei-2026", "legacy-70", "mineral-2023", "national-2023")


def copy_of(tmp_path: Path, name: str, *changes: tuple[str, str]) -> Path:
    text = resource("rules", f"{name}.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "县 方案.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def line_of(path: Path, text: str) -> int:
    return next(number for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if text in line)


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_profile_has_no_mistake_and_keeps_its_hash(name: str) -> None:
    assert name in profile_names()
    assert check_profile(name) == ()
    profile = load_profile(name)
    assert profile.name == name
    assert profile.sha256 == hashlib.sha256(resource("rules", f"{name}.yaml").read_bytes()).hexdigest()


@pytest.mark.parametrize("name", NAMES)
def test_every_entry_has_source_and_confidence_and_is_used(name: str) -> None:
    profile = load_profile(name)
    for rule in profile.rules:
        assert rule.source and rule.source_confidence and rule.reasons, rule.id
    for threshold in profile.thresholds.values():
        assert threshold.source and threshold.title
    used = {test.threshold for rule in profile.rules for test in conditions_of(rule.when)}
    used |= {test.threshold for note in profile.notes for test in conditions_of(note.when)}
    assert set(profile.thresholds) - used <= {"cover_tolerance", "area_tolerance"}
    wanted = {name for category in profile.categories for name in category.evidence}
    wanted |= {name for category in profile.categories for subtype in category.subtypes for name in subtype.evidence}
    assert set(profile.evidence) - wanted <= {"construction_start", "supply_document", "field_opinion", "photo_azimuth"}


def names_of(profile: Profile, category: str) -> list[str]:
    found = profile.category(category)
    assert found is not None
    return [subtype.name for subtype in found.subtypes]


def test_hebei_has_the_five_values_in_their_order() -> None:
    profile = load_profile("hebei-2026")
    assert {category.name for category in profile.categories if category.official} == {
        "合法",
        "其他",
        "非农违法",
        "农村道路",
        "设施农用地",
    }
    assert [category.name for category in profile.categories if category.official] == [
        "合法",
        "其他",
        "非农违法",
        "农村道路",
        "设施农用地",
    ]


def test_hebei_has_4_and_18_and_13_subtypes_exactly() -> None:
    profile = load_profile("hebei-2026")
    assert names_of(profile, "合法") == ["批文", "供地手续", "登记发证", "其他"]
    assert names_of(profile, "其他") == [
        "边角细缝", "边坡治理", "地下管廊（网）", "农村宅基地", "直接服务于河道的水工建筑/涉海用地", "JY", "农村土坟", "203范围及开天窗", "SM",
        "省外飞地", "出入口", "紧急用地", "合法矿区内的矿山修复治理", "生态修复用地", "电力设施", "灾毁地块", "水面高架桥", "其他",
    ]  # fmt: skip
    illegal = profile.category("非农违法")
    assert illegal is not None
    groups: dict[str, list[str]] = {}
    for subtype in illegal.subtypes:
        groups.setdefault(subtype.group, []).append(subtype.name)
    assert groups == {
        "工矿商服": ["厂房类", "光伏", "硬化", "文旅", "采矿用地", "挖湖造景"],
        "民生公益": ["公共管理和公共服务", "城镇住宅", "特殊用地"],
        "道路交通": ["高速高铁", "国省干道", "地方城镇道路"],
        "圈占堆放等其他用地": ["圈占/堆放压占"],
    }
    assert sum(map(len, groups.values())) == 13


def test_hebei_decides_in_the_order_of_the_practice() -> None:
    order = [rule.id for rule in load_profile("hebei-2026").rules]
    wanted = [
        "LEGAL_PIWEN",
        "LEGAL_SUPPLY",
        "LEGAL_REGISTRATION",
        "FACILITY",
        "FARMLAND_ROAD",
        "OTHER_203",
        "OTHER_HOMESTEAD",
        "VIOLATION",
    ]
    assert [rule for rule in order if rule in wanted] == wanted
    assert order[-1] == "VIOLATION"


def test_hebei_never_proposes_other_legal_or_pseudo_change() -> None:
    outcomes = {(rule.category, rule.subtype) for rule in load_profile("hebei-2026").rules}
    assert ("合法", "其他") not in outcomes and "伪变化" not in {category for category, _ in outcomes}


@pytest.mark.parametrize(
    ("profile", "name", "value", "unit"),
    [
        ("hebei-2026", "entrance_cover", Decimal("95"), "percent"),
        ("hebei-2026", "entrance_building_cover", Decimal("90"), "percent"),
        ("hebei-2026", "entrance_farmland", Decimal("0.5"), "mu"),
        ("hebei-2026", "entrance_size", Decimal("2"), "mu"),
        ("hebei-2026", "road_width_minimum", Decimal("2.0"), "m"),
        ("hebei-2026", "road_width_maximum", Decimal("8.0"), "m"),
        ("hebei-2026", "area_tolerance", Decimal("0.01"), "mu"),
        ("hebei-2026", "cover_tolerance", Decimal("0.001"), "mu"),
        ("national-2023", "road_renewal_before", date(2021, 11, 27), "date"),
        ("mineral-2023", "field_check", Decimal("10"), "mu"),
        ("legacy-70", "list_share", Decimal("70"), "percent"),
    ],
)
def test_thresholds_equal_the_facts(profile: str, name: str, value: object, unit: str) -> None:
    threshold = load_profile(profile).thresholds[name]
    assert (threshold.value, threshold.unit) == (value, unit)


def test_national_has_the_three_categories_and_doubt() -> None:
    profile = load_profile("national-2023")
    assert [category.name for category in profile.categories] == ["合法", "违法", "其他", "存疑"]
    assert profile.uncertain.name == "存疑" and profile.mining is not None and profile.mining.name == "mineral-2023"
    others = names_of(profile, "其他")
    for name in (
        "实地未变化",
        "临时用地",
        "设施农用地",
        "农村道路",
        "农村宅基地",
        "边角细缝",
        "生态修复用地",
        "农业结构调整",
    ):
        assert name in others
    for category in profile.categories:
        assert "photo_azimuth" in category.evidence


def test_mineral_has_its_three_values_and_pseudo_change_is_never_automatic() -> None:
    profile = load_profile("mineral-2023")
    assert [category.name for category in profile.categories] == ["合法", "违法", "伪变化", "存疑"]
    assert "伪变化" not in {rule.category for rule in profile.rules}


def test_a_county_copy_with_another_name_loads(tmp_path: Path) -> None:
    path = copy_of(
        tmp_path,
        "national-2023",
        ("profile: national-2023", "profile: yongchuan-2024"),
        ("value: 0.001", "value: 0.002"),
    )
    profile = load_profile(path)
    assert (profile.name, profile.thresholds["cover_tolerance"].value) == ("yongchuan-2024", Decimal("0.002"))
    assert profile.sha256 != load_profile("national-2023").sha256


MISTAKES = [
    # what is changed, into what, the code, and the text of the line it is reported at
    ("subtype: 未报即用", "subtype: 未批先建", "judgment.profile_unknown_subtype", "未批先建"),
    ("category: 违法\n    subtype: 补办手续", "category: 非法\n    subtype: 补办手续", "judgment.profile_unknown_category", "category: 非法"),
    ("{fact: sliver, is: true}", "{fact: slivers, is: true}", "judgment.profile_unknown_fact", "slivers"),
    ("{fact: sliver, is: true}", "{fact: sliver, above: 0}", "judgment.profile_operator", "fact: sliver"),
    ("{fact: sliver, is: true}", "{fact: sliver}", "judgment.profile_operator", "fact: sliver"),
    ("{fact: sliver, is: true}", "{fact: sliver, is: 7}", "judgment.profile_kind", "is: 7"),
    ("{fact: sliver, is: true}", "{neither: []}", "judgment.profile_no_condition", "neither"),
    ("{fact: sliver, is: true}", "{all: []}", "judgment.profile_no_condition", "all: []"),
    ("{fact: sliver, is: true}", "sometimes", "judgment.profile_no_condition", "sometimes"),
    ("{fact: sliver, is: true}", "always", "judgment.profile_no_fallback", "- id: N01"),
    ("at_least: hundred_mu", "at_least: thousand_mu", "judgment.profile_unknown_threshold", "thousand_mu"),
    ("at_least: hundred_mu", "at_least: 100", "judgment.profile_bare_number", "at_least: 100"),
    ("at_least: hundred_mu", "at_least: sliver_width", "judgment.profile_unit", "at_least: sliver_width"),
    ("reasons: [judgment.excess]", "reasons: [judgment.nothing]", "judgment.profile_unknown_message", "judgment.nothing"),
    ("in: rural_road_classes", "in: paths", "judgment.profile_unknown_list", "in: paths"),
    ("[\"1006\"]", "[1006]", "judgment.profile_quote", "[1006]"),
    ("[\"1006\"]", "\"1006\"", "judgment.profile_kind", "rural_road_classes"),
    ("evidence: [photo_azimuth, penalty_file]", "evidence: [selfie]", "judgment.profile_unknown_evidence", "selfie"),
    ("    ground: approvals\n", "", "judgment.profile_legal_without_ground", "- id: N10"),
    ("ground: land_supply", "ground: basic_farmland", "judgment.profile_unknown_ground", "ground: basic_farmland"),
    ("    legal: true\n", "", "judgment.profile_legal_unmarked", "- name: 合法"),
    ("    uncertain: true\n", "", "judgment.profile_one_uncertain", "- name: 合法"),
    ("cover_tolerance: {value: 0.001", "cover_tolerance: {value: 0.11", "judgment.profile_tolerance_large", "value: 0.11"),
    ("cover_tolerance: {value: 0.001, unit: mu", "cover_tolerance: {value: 0.001, unit: m2", "judgment.profile_tolerance_large", "unit: m2"),
    ("id: N99_WITHOUT_APPROVAL", "id: N60_EXCESS", "judgment.profile_twice", "zh: 未见合法依据"),
    ("confidence: high\n", "confidence: sure\n", "judgment.profile_value", "confidence: sure"),
    ("scope: part", "scope: piece", "judgment.profile_value", "scope: piece"),
    ("    zh: 未见合法依据\n", "", "judgment.profile_key_missing", "- id: N99"),
    ("    zh: 未见合法依据\n", "    zh: 未见\n    colour: 红\n", "judgment.profile_key_unknown", "colour"),
    ("    zh: 未见合法依据\n", "    zh: 未见\n    zh: 再见\n", "judgment.profile_key_twice", "再见"),
    ("title: 全国", "title: [全国", "judgment.profile_not_yaml", ""),
    ("lists:\n", "lists:\n  other: &x [\"1\"]\n  same: *x\n", "judgment.profile_alias", "other: &x"),
    ("mining_profile: mineral-2023", "mining_profile: nothing", "judgment.profile_mining_broken", "mining_profile"),
    ("mining_profile: mineral-2023", "mining_profile: national-2023", "judgment.profile_mining_broken", "mining_profile"),
    ("category: 其他, subtype: 农村道路}", "category: 道路}", "judgment.profile_unknown_category", "category: 道路"),
    ("    合法: [approval_number", "    合法: [stamp, approval_number", "judgment.profile_unknown_claim", "stamp"),
    ("    holder: [", "    owner: [", "judgment.profile_unknown_claim", "owner"),
    ("date: 2026-11-22", "date: soon", "judgment.profile_kind", "date: soon"),
    ("subtype: 未报即用", "subtype: 骗取批准", "judgment.profile_manual_subtype", "subtype: 骗取批准"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "place"), MISTAKES)
def test_a_mistake_is_told_with_its_line(old: str, new: str, code: str, place: str, tmp_path: Path) -> None:
    path = copy_of(tmp_path, "national-2023", (old, new))
    problems = check_profile(path)
    found = [problem for problem in problems if problem.message.code == code]
    assert found, [problem.message.code for problem in problems]
    if place and code not in (
        "judgment.profile_one_uncertain",
        "judgment.profile_no_fallback",
        "judgment.profile_twice",
    ):
        assert abs(found[0].line - line_of(path, place)) <= 1
    with pytest.raises(WeipianError) as error:
        load_profile(path)
    assert error.value.code == "judgment.profile_invalid"
    for problem in problems:
        for language in ("zh", "en"):
            text = problem_text(problem, language)
            assert "‹" not in text and str(problem.line) in text
            assert not text.startswith("judgment.")


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines(tmp_path: Path) -> None:
    path = copy_of(
        tmp_path,
        "national-2023",
        ("scope: part", "scope: piece"),
        ("confidence: high\n", "confidence: sure\n"),
        ("at_least: hundred_mu", "at_least: 100"),
    )
    problems = check_profile(path)
    assert len(problems) == 3 and [problem.line for problem in problems] == sorted(problem.line for problem in problems)


def test_an_unknown_profile_names_the_known_ones() -> None:
    with pytest.raises(WeipianError) as error:
        load_profile("nowhere")
    assert error.value.code == "judgment.profile_missing" and "hebei-2026" in str(error.value)


def test_a_profile_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "gbk.yaml"
    path.write_bytes("profile: x\ntitle: 全国\n".encode("gbk"))
    problem = check_profile(path)[0]
    assert (problem.line, problem.message.code) == (2, "judgment.profile_not_utf8")


@pytest.mark.parametrize("text", ["", "just text", "- a\n- b\n", "profile: x\n"])
def test_something_that_is_no_profile_is_told(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    assert check_profile(path)
