"""The judge cases of the field practice, by their numbers (docs/rules.md, "Cases").

T = asserted by a published test, E = follows from a published engine, R = from rule text, W = where we differ on purpose,
L = legacy profile. 61 and 63 belong to geodesy, 75 to intake, 77–83 and 91 to oversight.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.unit.judgment.frames import TODAY, Cover, Plot, every, profile_called, tables
from weipian_plugin.judgment import MeasuredTables, judge
from weipian_plugin.judgment.claims import area_differences, impossible_areas, sum_check
from weipian_plugin.judgment.decisions import Actor, accept, apply, review
from weipian_plugin.judgment.numbers import exact
from weipian_plugin.judgment.review import review_state
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.feedback import Silent
from weipian_plugin.model.messages import render
from weipian_plugin.model.records import Proposal

CONVERSION = "farmland_conversion"
MU = 2000 / 3  # m² of one 亩


def propose(plot: Plot, profile: str = "hebei-2026") -> Proposal:
    made = tables(plot)
    found = judge(
        MeasuredTables(made.parcels, made.coverage, made.measures, made.evidence, made.parts),
        profile_called(profile),
        Silent(),
        as_of=TODAY,
    )
    return next(proposal for proposal in found if not proposal.part)


def plot(ground_class: str = "", fill: str = "", subtype: str = "", **more: Any) -> Plot:
    """A parcel as the county's table has it: 实地地类, 核实认定意见, 分类, and what else is given as delivered columns."""
    columns = {"实地地类": ground_class, "核实认定意见": fill, "分类": subtype, **more.pop("columns", {})}
    values = {"main_class": None, **more.pop("values", {})}
    return Plot("130427SJBG26210310", delivered=columns, values=values, **more)


def codes(proposal: Proposal) -> set[str]:
    return {reason.code for reason in proposal.reasons}


ROAD = {"road_width": 5.0}

CLASS_CASES = [
    # number, parcel, category, subtype, verdict
    (1, plot("1006"), "农村道路", "", "未填报"),
    (3, plot("0702"), "其他", "农村宅基地", "未填报"),
    (5, plot("0601", columns={"城镇村属性": "203", "城镇村属性码": ""}), "其他", "203范围及开天窗", "未填报"),
    (7, plot("0601"), "非农违法", "", "未填报"),
    (9, plot("1006", "农村道路"), "农村道路", "", "一致"),
    (11, plot("0601", "其他", "203范围", columns={"城镇村属性": "203"}), "其他", "203范围及开天窗", "一致"),
    (13, plot("0601", "合法"), "非农违法", "", "存疑"),
    (15, plot("", "伪变化"), "存疑", "地类待核", "存疑"),
    (17, plot("1202", covers=(Cover(CONVERSION, every()),)), "合法", "批文", "未填报"),
    (19, plot("1202", columns={"城镇村属性": "203"}), "设施农用地", "", "未填报"),
    (21, plot("0702", "其他", "农村宅基地", columns={"城镇村属性": "203"}), "其他", "农村宅基地", "一致"),
    (23, plot("0601", "非农违法"), "非农违法", "", "一致"),
    (25, plot("0601", "农村道路"), "非农违法", "", "不一致"),
    (27, plot("0601", "设施农用地"), "非农违法", "", "存疑"),
    (29, plot("0601", "合法", columns={"用地审批批准文号": "", "用地审批占比（%）": 0}), "非农违法", "", "存疑"),
    (31, plot("0602C"), "非农违法", "", "未填报"),
    (33, plot("0404"), "存疑", "地类待核", "未填报"),
]


@pytest.mark.parametrize(("number", "parcel", "category", "subtype", "verdict"), CLASS_CASES)
def test_class_case(number: int, parcel: Plot, category: str, subtype: str, verdict: str) -> None:
    proposal = propose(parcel)
    assert (proposal.category, proposal.subtype, proposal.verdict) == (category, subtype, verdict)


def test_case_1_names_its_rule() -> None:
    proposal = propose(plot("1006"))
    assert proposal.rule == "FARMLAND_ROAD"
    assert "宽" in proposal.facts["rule"]["title"]


def test_case_7_lists_the_blank_required_fields() -> None:
    wanted = {"project_name", "project_holder", "construction_date", "use_group"}
    assert wanted <= {missing.evidence for missing in propose(plot("0601")).missing}


def test_case_13_note_names_the_evidence_that_is_wanted() -> None:
    note = next(
        reason for reason in propose(plot("0601", "合法")).reasons if reason.code == "judgment.claim_without_evidence"
    )
    assert "举证" in render(note) and "用地审批批准文号" in render(note)


def test_case_29_differs_from_the_county_once_a_share_above_zero_is_filled() -> None:
    assert propose(plot("0601", "合法", columns={"用地审批占比（%）": 35})).verdict == "不一致"


def test_case_17_a_number_without_geometry_is_not_legal() -> None:
    proposal = propose(plot("0601", columns={"用地审批批准文号": "冀政转征函〔2022〕12号"}))
    assert proposal.category == "非农违法" and "judgment.claimed_number_only" in codes(proposal)


def test_case_31_flags_the_mining_right() -> None:
    assert "judgment.check_mining_right" in codes(propose(plot("0602C")))


def test_case_35_a_parcel_outside_the_overlay_table_is_to_be_exported_again() -> None:
    made = tables(plot("0601", "合法"))
    proposal = judge(
        MeasuredTables(made.parcels, made.coverage, made.measures.iloc[:0], made.evidence),
        profile_called("hebei-2026"),
        Silent(),
        as_of=TODAY,
    )[0]
    assert proposal.verdict == "存疑" and "judgment.not_overlaid" in codes(proposal)
    assert [message.code for message in proposal.would_change] == ["judgment.overlay_again"]


def test_case_37_an_area_difference_of_0_02_mu_is_reported() -> None:
    tolerance = profile_called("hebei-2026").thresholds["area_tolerance"].value
    assert isinstance(tolerance, Decimal)
    found = area_differences({"area_mu": Decimal("1.02")}, {"area": Decimal("1.00")}, tolerance)
    assert [(entry.title, entry.difference) for entry in found] == [("地块面积", Decimal("0.02"))]
    assert "judgment.claim_area_differs" in codes(propose(plot("0601", "非农违法", columns={"地块面积（亩）": "3.02"})))
    assert "judgment.claim_area_differs" not in codes(
        propose(plot("0601", "非农违法", columns={"地块面积（亩）": "3.01"}))
    )


def test_case_39_a_blank_ground_class_is_a_reason() -> None:
    assert "judgment.ground_class_blank" in codes(propose(plot("", "农村道路")))


ENTRANCE_CASES = [
    # number, 亩, covered 亩, uncovered farmland 亩, main building %, allowed
    (41, "2.50", "2.375", "0.49", None, True),
    (42, "2.50", "2.3749", "0.49", None, False),
    (43, "2.50", "2.40", "0.50", None, False),
    (44, "2.00", "1.00", "0.10", 90, True),
    (45, "2.01", "1.8492", "0.10", 100, False),
    (46, "2.00", "1.00", "0.10", 89.99, False),
]


@pytest.mark.parametrize(("number", "area", "covered", "farmland", "building", "allowed"), ENTRANCE_CASES)
def test_entrance_case(
    number: int, area: str, covered: str, farmland: str, building: float | None, allowed: bool
) -> None:
    def square_metres(mu: str) -> float:
        return float(mu) / 0.0015

    parcel = plot(
        "0601",
        "其他",
        "出入口",
        area=square_metres(area),
        columns={"主体建筑套合占比（%）": building},
        documents=("主体建筑套合图",),
        values={
            "area": Decimal(area) / Decimal("0.0015"),
            "approved_in_time": Decimal(covered) / Decimal("0.0015"),
            "uncovered_in_time": (Decimal(area) - Decimal(covered)) / Decimal("0.0015"),
            "uncovered_farmland": square_metres(farmland),
        },
    )
    proposal = propose(parcel)
    assert ((proposal.category, proposal.subtype) == ("其他", "出入口")) is allowed
    assert proposal.category in ("其他", "存疑")


ROAD_CASES = [
    (47, 2.0, 0, True),
    (47, 1.99, 0, False),
    (48, 8.0, 0, True),
    (49, 8.1, 0, False),
    (49, 8.01, 0, False),
    (51, 5.0, 1, False),
    (52, 5.0, 0, True),
]


@pytest.mark.parametrize(("number", "width", "network", "allowed"), ROAD_CASES)
def test_road_case(number: int, width: float, network: int, allowed: bool) -> None:
    proposal = propose(plot("1006", values={"road_width": width, "road_network_touch": network}))
    assert (proposal.category == "农村道路") is allowed


def test_case_53_a_violation_that_is_not_rectified_cannot_pass() -> None:
    profile = profile_called("hebei-2026")
    history = apply([], accept([], propose(plot("0601")), Actor("张三", "经办", "2026-09-14T09:00:00+08:00"), profile))
    reviewer = Actor("李四", "复核", "2026-09-15T09:00:00+08:00")
    with pytest.raises(WeipianError) as error:
        review(history, reviewer, profile, rectified=False)
    assert error.value.code == "judgment.decision_not_rectified"
    assert review(history, reviewer, profile, rectified=True).parcels["130427SJBG26210310"]["state"] == "已复核"


RELAXED = ("县级说明", "承包流转合同", "采购合同", "发票")


def test_case_54_the_relaxed_facility_with_all_four_proofs_is_followed_up() -> None:
    proposal = propose(plot("0305", covers=(Cover("facility_agriculture", every()),), documents=RELAXED))
    assert proposal.category == "设施农用地" and "judgment.follow_up" in codes(proposal)


def test_case_55_without_the_invoice_the_invoice_is_missing() -> None:
    proposal = propose(plot("0305", covers=(Cover("facility_agriculture", every()),), documents=RELAXED[:3]))
    assert proposal.category == "存疑"
    assert {missing.evidence for missing in proposal.missing} >= {"invoice"}
    assert not {missing.evidence for missing in proposal.missing} & {"county_statement", "lease", "purchase"}


@pytest.mark.parametrize("profile", ["hebei-2026", "national-2023"])
def test_case_57_all_but_0_004_mu_is_not_fully_covered_but_perhaps_a_sliver(profile: str) -> None:
    remainder = 0.004 / 0.0015
    values = {"approved_in_time": 2000.0 - remainder, "uncovered_in_time": remainder, "uncovered_width": 0.4}
    values["farmland_conversion_in_time"] = values["approved"] = values["approved_in_time"]
    values["uncovered"] = remainder
    proposal = propose(plot("0601", covers=(Cover(CONVERSION, every()),), values=values), profile)
    assert (proposal.category, proposal.subtype) == ("存疑", "边角待核")
    assert "judgment.remainder_look_for_sliver" in codes(proposal)


def test_case_59_approvals_beyond_the_parcel_leave_nothing_uncovered() -> None:
    values = {"approved": 2400.0, "approved_in_time": 2400.0, "uncovered": 0.0, "uncovered_in_time": 0.0}
    proposal = propose(plot("0601", covers=(Cover(CONVERSION, every()),), values=values))
    assert (proposal.category, proposal.subtype) == ("合法", "批文")
    assert proposal.facts["values"]["approved_in_time_remainder"]["value"] == "0"


TOLERANCE = Decimal("0.01")


def test_case_65_a_filled_area_of_0_50_against_0_23_differs_by_0_27_under_its_field() -> None:
    found = area_differences({"area_mu": Decimal("0.50")}, {"area": Decimal("0.23")}, TOLERANCE)
    assert [(entry.title, entry.difference) for entry in found] == [("地块面积", Decimal("0.27"))]


def test_case_66_a_difference_of_exactly_the_tolerance_is_none() -> None:
    assert not area_differences({"area_mu": Decimal("0.23")}, {"area": Decimal("0.22")}, TOLERANCE)


def test_case_67_a_parcel_that_is_not_measured_has_no_difference() -> None:
    assert area_differences({"area_mu": Decimal("0.50")}, {"area": None}, TOLERANCE) == ()


def test_case_69_parts_that_do_not_add_up_fail_with_their_difference() -> None:
    parts = {"farmland_mu": "0.50", "other_agricultural_mu": "0.20", "unused_mu": "0.10", "construction_mu": "0.20"}
    claims = {"area_mu": Decimal("1.02"), **{key: exact(value) for key, value in parts.items()}}
    outcome = sum_check(claims, TOLERANCE)
    assert (outcome.checked, outcome.holds, outcome.difference) == (True, False, Decimal("0.02"))
    assert sum_check({**claims, "area_mu": Decimal("1.01")}, TOLERANCE).holds


def test_case_70_a_blank_area_means_nothing_was_checked() -> None:
    outcome = sum_check({"area_mu": Decimal(1)}, TOLERANCE)
    assert not outcome.checked and "建设用地面积" in outcome.blank


def test_case_71_a_row_with_only_a_number_is_judged_without_a_crash() -> None:
    made = tables(plot())
    bare = made.parcels[["number"]]
    found = judge(
        MeasuredTables(bare, made.coverage.iloc[:0], made.measures.iloc[:0], made.evidence),
        profile_called("hebei-2026"),
        Silent(),
        as_of=TODAY,
    )
    assert [(proposal.category, proposal.area_m2, proposal.rule) for proposal in found] == [
        ("存疑", 0.0, "not_overlaid")
    ]


def test_case_73_more_farmland_than_agricultural_land_or_parcel_is_an_error() -> None:
    found = impossible_areas({"area_mu": Decimal("1.0"), "farmland_mu": Decimal("1.2"), "unused_mu": Decimal("-0.1")})
    assert [message.code for message in found] == ["judgment.claim_area_exceeds", "judgment.claim_area_negative"]


def test_case_85_stage_101_is_finished_filed_reviewed_passed_and_disposed() -> None:
    for code in (101, "101", 101.0, "101.0", "审核结束"):
        found = review_state(code)
        assert (found.stage, found.filed, found.city_reviewed, found.passed, found.disposed) == (
            "审核结束",
            True,
            True,
            True,
            True,
        )
        assert not (found.in_transit or found.not_passed or found.returned_by_province)


def test_case_87_stage_95_with_return_1_is_returned_by_the_province_in_transit_and_not_passed() -> None:
    found = review_state(95, None, 1)
    assert (found.stage, found.returned_by_province, found.in_transit, found.not_passed) == (
        "市级待审核",
        True,
        True,
        True,
    )
    assert not found.city_reviewed and found.filed


def test_case_89_a_blank_stage_with_status_4_is_submitted_but_not_filed() -> None:
    found = review_state(None, 4)
    assert (found.stage, found.filed, found.waiting_to_be_filed) == ("已提交", False, True)


LEGACY_CASES = [
    (93, 0.71, 0.71, "合法清单"),
    (94, 0.71, 0.69, "疑似违法"),
    (95, 0.0, 0.90, "疑似违法"),
    (96, 0.0, 0.0, "未批未供"),
    (97, 0.70, 0.70, "疑似违法"),
]


@pytest.mark.parametrize(("number", "approved", "supplied", "listed"), LEGACY_CASES)
def test_legacy_case(number: int, approved: float, supplied: float, listed: str) -> None:
    values = {"approved": approved * 2000, "approved_share": approved * 100, "land_supply": supplied * 2000}
    assert propose(plot("0601", values=values), "legacy-70").category == listed
