"""How the engine explains itself, what it does with trouble, and how fast it is."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from tests.unit.judgment.frames import (
    GROUNDS,
    OTHER_ROLES,
    TODAY,
    Cover,
    Plot,
    Tables,
    every,
    profile_called,
    some,
    tables,
)
from tests.unit.judgment.test_engine import CONVERSION, judged, one
from weipian_plugin.judgment import MeasuredTables, judge
from weipian_plugin.judgment import engine as engine_module
from weipian_plugin.judgment.conditions import Test
from weipian_plugin.judgment.profile import Reason
from weipian_plugin.model.errors import Cancelled
from weipian_plugin.model.feedback import Silent
from weipian_plugin.model.messages import Message, render
from weipian_plugin.model.records import Proposal

FULL = (Cover(CONVERSION, every()),)


def codes(messages: Any) -> list[str]:
    return [message.code for message in messages]


def test_a_proposal_shows_the_facts_thresholds_and_sources_of_its_rule() -> None:
    proposal = one(Plot("A", covers=FULL))
    assert proposal.rule == "N10_LEGAL_CONVERSION"
    value = proposal.facts["values"]["approved_in_time_remainder"]
    assert (value["value"], value["unit"], value["mu"]) == ("0", "m2", "0.000")
    threshold = proposal.facts["thresholds"]["cover_tolerance"]
    assert (threshold["value"], threshold["unit"], threshold["confidence"]) == ("0.001", "mu", "assumed")
    assert proposal.facts["rule"]["source"] and "≤ 0.001 亩" in proposal.facts["conditions"][0]


def test_areas_stand_in_mu_with_three_decimals_and_in_square_metres() -> None:
    text = render(one(Plot("A", area=1234.5678)).reasons[0])
    assert "1.852 亩（1234.57 m²）" in text


@pytest.mark.parametrize(
    ("values", "attributes", "code"),
    [
        ({}, {"flags": ("outside_edge_unknown",)}, ""),
        ({}, {"flags": ("repaired",)}, "judgment.guard_flag"),
        ({}, {"flags": ["area_mismatch"]}, "judgment.guard_flag"),
        ({}, {"flags": "duplicate_kept"}, "judgment.guard_flag"),
        ({}, {"later_image": None}, "judgment.guard_image_dates"),
        ({}, {"earlier_image": ""}, "judgment.guard_image_dates"),
        ({"uncovered_in_time": 500.0}, {}, "judgment.guard_remainder"),
        ({"uncovered_in_time": None}, {}, "judgment.guard_not_measured"),
    ],
)
def test_the_guard_turns_legal_into_doubt_and_says_why(
    values: dict[str, Any], attributes: dict[str, Any], code: str
) -> None:
    proposal = one(Plot("A", covers=FULL, values=values, attributes=attributes))
    assert proposal.category == "存疑"
    if code:
        assert code in codes(proposal.reasons)
        assert (proposal.subtype, proposal.confidence, proposal.rule) == ("依据待核", "low", "N10_LEGAL_CONVERSION")
        assert "approval_document" in [missing.evidence for missing in proposal.missing]


@pytest.mark.parametrize("earlier", ["2023-12-01", "2023-04-26"])
def test_images_that_contradict_each_other_end_in_doubt(earlier: str) -> None:
    proposal = one(Plot("A", covers=FULL, attributes={"earlier_image": earlier}))
    assert (proposal.category, proposal.rule) == ("存疑", "N03_IMAGES")


@pytest.mark.parametrize(
    "flag", ["overlap_earlier", "overlap_in_batch", "area_missing", "text_damaged", "parent_missing"]
)
def test_harmless_flags_do_not_stand_against_legal(flag: str) -> None:
    assert one(Plot("A", covers=FULL, attributes={"flags": (flag,)})).category == "合法"


@pytest.mark.parametrize(
    ("cover", "code"),
    [
        (Cover(CONVERSION, every(), document=None), "judgment.guard_no_number"),
        (Cover(CONVERSION, every(), document="  "), "judgment.guard_no_number"),
        (Cover(CONVERSION, every(), date=None), "judgment.guard_no_date"),
        (Cover(CONVERSION, every(), date="去年"), "judgment.guard_no_date"),
        (Cover(CONVERSION, every(), date="2023"), "judgment.guard_date_open"),
        (Cover(CONVERSION, every(), date="2023-04-27"), "judgment.guard_date_open"),
        (Cover(CONVERSION, every(), until="2023-04-25"), "judgment.guard_expired"),
    ],
)
def test_a_document_without_number_date_or_term_does_not_carry_legal(cover: Cover, code: str) -> None:
    proposal = one(Plot("A", covers=(cover,)))
    assert (proposal.category, code in codes(proposal.reasons)) == ("存疑", True)


@pytest.mark.parametrize(
    "cover",
    [
        Cover(CONVERSION, every(), date="2023-04-26"),
        Cover(CONVERSION, every(), until="2023-04-26"),
        Cover(CONVERSION, every(), date="2022"),
    ],
)
def test_documents_on_the_last_possible_day_carry_legal(cover: Cover) -> None:
    assert one(Plot("A", covers=(cover,))).category == "合法"


def test_one_sound_document_that_covers_everything_is_enough_beside_an_unsound_one() -> None:
    unsound = Cover(CONVERSION, some(0, 1), document=None)
    assert one(Plot("A", covers=(*FULL, unsound))).category == "合法"
    halves = (Cover(CONVERSION, some(0, 1, 2, 3, 4)), Cover(CONVERSION, some(5, 6, 7, 8, 9), document=None))
    assert one(Plot("A", covers=halves)).category == "存疑"


def test_measures_without_any_document_behind_them_are_not_legal() -> None:
    values = dict.fromkeys(("approved", "approved_in_time", f"{CONVERSION}_in_time", CONVERSION), 2000.0)
    proposal = one(Plot("A", values={**values, "uncovered": 0.0, "uncovered_in_time": 0.0}))
    assert proposal.category == "存疑" and "judgment.guard_no_document" in codes(proposal.reasons)


@pytest.mark.parametrize(("remainder", "legal"), [(0.6666, True), (0.6667, False), (0.0, True), (0.7, False)])
def test_the_cover_tolerance_on_both_sides(remainder: float, legal: bool) -> None:
    covered = 2000.0 - remainder
    values = dict.fromkeys(("approved", "approved_in_time", f"{CONVERSION}_in_time", CONVERSION), covered)
    proposal = one(Plot("A", covers=FULL, values={**values, "uncovered": remainder, "uncovered_in_time": remainder}))
    assert (proposal.category == "合法") is legal


NATIONAL_BOUNDARIES = [
    # values, covers, attributes and more, rule
    ({"road_width": 2.0, "main_class": "1006"}, "rural_road", "2022-06-15", "N25_ROAD"),
    ({"road_width": 1.99, "main_class": "1006"}, "rural_road", "2022-06-15", "N46_ROAD_OPEN"),
    ({"road_width": 8.0, "main_class": "1006"}, "rural_road", "2022-06-15", "N25_ROAD"),
    ({"road_width": 8.01, "main_class": "1006"}, "rural_road", "2022-06-15", "N99_WITHOUT_APPROVAL"),
    ({"road_width": 5.0, "main_class": "1006"}, "rural_road", "2021-11-26", "N24_ROAD_RENEWED"),
    ({"road_width": 5.0, "main_class": "1006"}, "rural_road", "2021-11-27", "N25_ROAD"),
    ({"road_width": 5.0, "main_class": "1006"}, "rural_road", "2021", "N25_ROAD"),
    ({"road_width": 5.0, "main_class": "1006", "road_network_touch": 1}, "rural_road", "2020-01-01", "N99_WITHOUT_APPROVAL"),
    ({"road_width": 5.0, "main_class": "1006", "basic_farmland": 7.0}, "rural_road", "2022-06-15", "N46_ROAD_OPEN"),
    ({"road_width": 5.0, "main_class": "1006", "basic_farmland": 6.66}, "rural_road", "2022-06-15", "N25_ROAD"),
    ({"main_class": "1006"}, "rural_road", "2022-06-15", "N46_ROAD_OPEN"),
    ({"basic_farmland": 7.0}, "facility_agriculture", "2022-06-15", "N22_FACILITY_ON_BASIC"),
    ({"basic_farmland": 6.66}, "facility_agriculture", "2022-06-15", "N23_FACILITY"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "role", "dated", "rule"), NATIONAL_BOUNDARIES)
def test_national_limits_on_both_sides(values: dict[str, Any], role: str, dated: str, rule: str) -> None:
    assert one(Plot("A", covers=(Cover(role, every(), date=dated),), values=values)).rule == rule


@pytest.mark.parametrize(
    ("until", "rule"),
    [
        ("2026-06-16", "N21_TEMPORARY_VALID"),
        ("2026-06-17", "N20_TEMPORARY_LONG"),
        ("2024-06-15", "N21_TEMPORARY_VALID"),
        (None, "N20_TEMPORARY_LONG"),
    ],
)
def test_the_term_of_temporary_land_on_both_sides(until: str, rule: str) -> None:
    assert one(Plot("A", covers=(Cover("temporary_land", every(), date="2022-06-15", until=until),))).rule == rule


@pytest.mark.parametrize(
    ("plot", "rule"),
    [
        (Plot("A", attributes={"flags": ("outside_county",)}, covers=FULL), "N02_OUTSIDE"),
        (
            Plot("A", covers=(Cover("registration", every()),), values={"construction_previous": 2000.0}),
            "N14_LEGAL_REGISTRATION_ON_CONSTRUCTION",
        ),
        (
            Plot(
                "A",
                covers=(Cover("registration", every(), "between"),),
                values={"construction_previous": 2000.0},
                documents=("影像",),
            ),
            "N28_UNCHANGED",
        ),
        (Plot("A", covers=(Cover("restoration", every()),)), "N27_RESTORATION"),
        (Plot("A", covers=(Cover("advance_use", every(), until="2024-01-01"),)), "N33_ADVANCE"),
        (Plot("A", covers=(Cover("facility_agriculture", every(), "late"),)), "N34_GROUND_UNDATED"),
        (Plot("A", area=66.0, values={"uncovered_width": 2.0}), "N36_REMAINDER_SMALL"),
        (Plot("A", area=66.0, values={"uncovered_width": 2.01}), "N99_WITHOUT_APPROVAL"),
        (Plot("A", values={"uncovered_width": 2.0}), "N99_WITHOUT_APPROVAL"),  # a strip of 3 mu is no sliver
        (Plot("A", area=6.66, values={"uncovered_width": 30.0}), "N36_REMAINDER_SMALL"),
        (Plot("A", area=6.67, values={"uncovered_width": 30.0}), "N99_WITHOUT_APPROVAL"),
        (Plot("A", roles=(*GROUNDS, "land_survey"), values={"unsurveyed": 2000.0}), "N39_NOT_SURVEYED"),
        (Plot("A", claims={"subtype": "JY"}), "N41_SPECIAL"),
        (
            Plot("A", attributes={"type": "光伏用地"}, values={"unused": 2000.0}, documents=("不占用地表说明",)),
            "N42_PV_UNUSED",
        ),
        (Plot("A", attributes={"type": "光伏用地"}, values={"unused": 2000.0}), "N43_PV_OPEN"),
        (
            Plot("A", attributes={"type": "光伏用地", "earlier_image": "2022-01-01", "later_image": "2022-12-31"}),
            "N43_PV_OPEN",
        ),
        (Plot("A", attributes={"type": "光伏用地", "later_image": "2023-01-01"}), "N99_WITHOUT_APPROVAL"),
        (
            Plot(
                "A",
                attributes={"type": "光伏用地", "later_image": "2023-01-01"},
                values={"unused": 2000.0, "ecological_redline": 0.5},
                documents=("不占用",),
            ),
            "N43_PV_OPEN",
        ),
        (Plot("A", attributes={"type": "采矿用地", "later_image": "2023-01-01"}), "N44_MINING_LAND"),
        (Plot("A", attributes={"type": "采矿用地", "later_image": "2022-12-31"}), "N45_MINING_LAND_EARLY"),
        (
            Plot("A", attributes={"type": "采矿用地"}, covers=(Cover("mining_right", every(), until="2030-01-01"),)),
            "N44_MINING_LAND",
        ),
        (Plot("A", values={"main_class": "1202"}), "N47_FACILITY_CLASS"),
        (Plot("A", values={"main_class": "0702"}), "N48_HOMESTEAD_CLASS"),
        (Plot("A", values={"construction_previous": 1000.0}), "N49_CONSTRUCTION_PARTLY"),
        (Plot("A", values={"construction_previous": 999.9}), "N99_WITHOUT_APPROVAL"),
        (Plot("A", values={"construction": 2000.0}), "N49_CONSTRUCTION_PARTLY"),
        (Plot("A", claims={"ground_class": "0201"}, photos=1, values={"agricultural": 2000.0}), "N50_AGRICULTURE"),
        (Plot("A", claims={"ground_class": "0201"}, values={"agricultural": 2000.0}), "N51_AGRICULTURE_OPEN"),
        (Plot("A", covers=(Cover("linkage", every(), "between"),)), "N11_LEGAL_LINKAGE"),
    ],
)
def test_national_rules_apply_where_they_should(plot: Plot, rule: str) -> None:
    proposal = one(plot)
    assert proposal.rule == rule
    expected = next(entry for entry in profile_called("national-2023").rules if entry.id == rule)
    assert (proposal.category, proposal.subtype) == (expected.category, expected.subtype)


MINING = {"kind": "mining"}


@pytest.mark.parametrize(
    ("plot", "rule"),
    [
        (
            Plot("M", attributes=MINING, covers=(Cover("mining_right", every(), until="2030-01-01"),)),
            "M11_LEGAL_INSIDE",
        ),
        (
            Plot("M", attributes=MINING, covers=(Cover("mining_right", every(), until=None),)),
            "M10_LICENCE_WITHOUT_TERM",
        ),
        (Plot("M", attributes=MINING, covers=(Cover("mining_right", every(), "expired"),)), "M14_EXPIRED"),
        (
            Plot(
                "M",
                attributes=MINING,
                covers=(Cover("mining_right", every(), "expired"),),
                documents=("延续受理通知书",),
            ),
            "M12_RENEWAL_ACCEPTED",
        ),
        (Plot("M", attributes=MINING, covers=(Cover("mining_right", every(), "undated"),)), "M13_UNDATED"),
        (Plot("M", attributes=MINING, covers=(Cover("mining_right", every(), "late"),)), "M15_LATE"),
        (Plot("M", attributes=MINING, covers=FULL), "M99_WITHOUT_LICENCE"),
        (Plot("M", attributes=MINING, roles=("farmland_conversion",)), "M22_LAYERS_MISSING"),
        (Plot("M", attributes=MINING, claims={"category": "伪变化"}), "M23_NO_ACTIVITY_CLAIMED"),
        (Plot("M", attributes=MINING, claims={"subtype": "特殊用地"}), "M03_SPECIAL"),
        (Plot("M", attributes=MINING, covers=(Cover("restoration", every()),)), "M24_RESTORATION"),
        (Plot("M", attributes={**MINING, "flags": ("outside_county",)}), "M02_OUTSIDE"),
    ],
)
@pytest.mark.parametrize("profile", ["national-2023", "hebei-2026"])
def test_mining_parcels_are_judged_by_the_mining_profile(plot: Plot, rule: str, profile: str) -> None:
    assert one(plot, profile).rule == rule


@pytest.mark.parametrize(("area", "flagged"), [(6666.66, False), (6666.67, True), (8000.0, True)])
def test_suspected_mining_of_ten_mu_must_be_checked_in_the_field(area: float, flagged: bool) -> None:
    proposal = one(Plot("M", area=area, attributes=MINING))
    assert ("judgment.mining_field_check" in codes(proposal.reasons)) is flagged


def split_plot(**more: Any) -> Plot:
    first, second = some(0, 1, 2, 3), some(4, 5, 6, 7, 8, 9)
    return Plot("S", covers=(Cover(CONVERSION, first),), parts={"_1": first, "_2": second}, **more)


def test_a_partly_covered_parcel_is_proposed_as_a_split_with_each_part_judged() -> None:
    found = judged(tables(split_plot()))
    whole, first, second = found["S", ""], found["S", "_1"], found["S", "_2"]
    assert (whole.category, whole.subtype) == ("存疑", "建议拆分")
    assert (first.category, first.subtype) == ("合法", "农用地转用批准")
    assert (second.category, second.subtype) == ("违法", "超占用地")
    assert first.area_m2 + second.area_m2 == pytest.approx(whole.area_m2, abs=1e-9)
    assert "_1 合法·农用地转用批准 1.20 亩；_2 违法·超占用地 1.80 亩" in render(whole.reasons[0])
    assert (first.verdict, second.verdict) == ("未填报", "未填报")


def test_a_sliver_part_is_named_and_not_dropped() -> None:
    first, second = some(*range(9)), some(9)
    plot = Plot("S", covers=(Cover(CONVERSION, first),), parts={"_1": first, "_2": second}, slivers=("_2",))
    found = judged(tables(plot))
    assert (found["S", "_2"].category, found["S", "_2"].subtype) == ("其他", "边角细缝")
    assert found["S", ""].subtype != "建议拆分"


def test_parts_come_in_their_own_order_after_their_parcel() -> None:
    cells = {f"_{index}": some(index - 1) for index in range(1, 11)}
    made = tables(Plot("S", parts=cells), Plot("A"))
    shuffled = replace(made, measures=made.measures.iloc[::-1].reset_index(drop=True))
    order = list(judged(shuffled))
    assert order == [("A", ""), ("S", ""), *(("S", f"_{index}") for index in range(1, 11))]


def test_notes_are_added_whatever_the_outcome() -> None:
    granted = tuple(replace(cover, authority="重庆市人民政府") for cover in FULL)
    proposal = one(Plot("A", covers=granted, values={"basic_farmland": 10.0, "ecological_redline": 20.0}))
    assert {"judgment.touches_basic_farmland", "judgment.touches_redline"} <= set(codes(proposal.reasons))
    assert proposal.category == "合法"


CONTROLS = ("land_survey", "basic_farmland", "ecological_redline")


@pytest.mark.parametrize("missing", CONTROLS)
def test_a_layer_of_control_that_is_not_given_is_said_and_is_missing_evidence(missing: str) -> None:
    roles = (CONVERSION, *(role for role in CONTROLS if role != missing))
    proposal = one(Plot("A", roles=roles, covers=FULL, photos=2, documents=("批复文件",)))
    assert (proposal.category, proposal.confidence) == ("合法", "low")
    assert [entry.evidence for entry in proposal.missing] == ["control_layers"]
    assert "judgment.not_loaded" in codes(proposal.reasons)
    nothing = one(Plot("A", roles=roles))
    assert nothing.category == "违法" and "judgment.not_loaded" in codes(nothing.reasons)
    assert "control_layers" not in [entry.evidence for entry in nothing.missing]


def test_approval_between_the_images_lowers_the_confidence_and_is_shown() -> None:
    between = one(Plot("A", roles=(CONVERSION, *CONTROLS), covers=(Cover(CONVERSION, every(), "between"),)))
    before = one(Plot("A", roles=(CONVERSION, *CONTROLS), covers=FULL))
    assert (before.confidence, between.confidence) == ("medium", "low")
    assert "judgment.approved_between" in codes(between.reasons)


def test_full_evidence_gives_high_confidence() -> None:
    proposal = one(Plot("A", roles=(CONVERSION, *CONTROLS), covers=FULL, photos=2, documents=("批复文件",)))
    assert (proposal.confidence, proposal.missing) == ("high", ())


def test_missing_supply_is_shown_and_lowers_the_confidence() -> None:
    proposal = one(Plot("A", covers=FULL))
    assert "judgment.supply_unproved" in codes(proposal.reasons) and proposal.confidence == "low"


def test_what_would_change_it_names_the_rule_that_failed_by_one_condition() -> None:
    proposal = one(
        Plot(
            "A",
            covers=(Cover("rural_road", every(), date="2022-06-15"),),
            values={"road_width": 9.0, "main_class": "1006"},
        )
    )
    near = [message for message in proposal.would_change if message.code == "judgment.would_match"]
    assert [message.details["rule"] for message in near] == ["N25_ROAD"]
    assert near[0].details["actual"] == "9.00" and near[0].details["category"] == "其他·农村道路"


def test_no_near_miss_is_told_for_grounds_of_which_there_is_nothing() -> None:
    assert "judgment.would_match" not in codes(one(Plot("A")).would_change)


class Listening(Silent):
    """Remembers what it was told; cancels when asked to."""

    def __init__(self, cancel: bool = False) -> None:
        self.told: list[tuple[Message, str]] = []
        self.fractions: list[float] = []
        self._cancel = cancel

    def progress(self, fraction: float) -> None:
        self.fractions.append(fraction)

    def cancelled(self) -> bool:
        return self._cancel

    def report(self, message: Message, level: str = "info") -> None:
        self.told.append((message, level))


def run(made: Tables, feedback: Silent) -> list[Proposal]:
    return judge(
        MeasuredTables(made.parcels, made.coverage, made.measures, made.evidence, made.parts),
        profile_called("national-2023"),
        feedback,
        as_of=TODAY,
    )


def test_a_rule_that_raises_costs_only_its_parcel(monkeypatch: pytest.MonkeyPatch) -> None:
    real = engine_module._first_match

    def failing(facts: Any, profile: Any) -> Any:
        if facts.parcel.number == "B":
            raise ZeroDivisionError("0")
        return real(facts, profile)

    monkeypatch.setattr(engine_module, "_first_match", failing)
    listening = Listening()
    found = run(tables(Plot("A", covers=FULL), Plot("B", covers=FULL), Plot("C", covers=FULL)), listening)
    assert [(proposal.parcel, proposal.category, proposal.rule) for proposal in found] == [
        ("A", "合法", "N10_LEGAL_CONVERSION"),
        ("B", "存疑", "failed"),
        ("C", "合法", "N10_LEGAL_CONVERSION"),
    ]
    assert codes(found[1].reasons) == ["run.unexpected"]
    assert [(message.details["parcel"], level) for message, level in listening.told] == [("B", "error")]


@pytest.mark.parametrize("broken", [-5.0, float("nan"), "n/a"])
def test_a_broken_measure_is_not_known_and_never_legal(broken: Any) -> None:
    for name in ("approved_in_time", "uncovered_in_time", "area"):
        assert one(Plot("A", covers=FULL, values={name: broken})).category == "存疑"


def test_a_measure_given_twice_with_different_values_is_not_known() -> None:
    made = tables(Plot("A", covers=FULL))
    again = pd.DataFrame([{"parcel": "A", "part": "", "measure": "approved_in_time", "value": 1.0, "unit": "m2"}])
    both = replace(made, measures=pd.concat([made.measures, again], ignore_index=True))
    assert judged(both)["A", ""].category == "存疑"
    same = replace(made, measures=pd.concat([made.measures, made.measures], ignore_index=True))
    assert judged(same)["A", ""].category == "合法"


def test_measures_read_back_as_text_give_the_same_proposals() -> None:
    made = tables(
        Plot("A", covers=FULL), Plot("B"), split_plot(), Plot("R", values={"road_width": 5.0, "main_class": "1006"})
    )
    text = replace(made, measures=made.measures.assign(value=[str(value) for value in made.measures["value"]]))
    left, right = judged(made), judged(text)
    assert {key: (entry.category, entry.rule, entry.area_m2) for key, entry in left.items()} == {
        key: (entry.category, entry.rule, entry.area_m2) for key, entry in right.items()
    }


def test_stopping_raises_and_progress_ends_at_one() -> None:
    made = tables(Plot("A"))
    with pytest.raises(Cancelled):
        run(made, Listening(cancel=True))
    listening = Listening()
    run(made, listening)
    assert listening.fractions == [0.0, 1.0]


def test_no_parcels_give_no_proposals() -> None:
    made = tables(Plot("A"))
    empty = Tables(
        *(frame.iloc[:0] for frame in (made.parcels, made.coverage, made.measures, made.evidence, made.parts))
    )
    assert run(empty, Silent()) == []


def test_the_cost_of_a_parcel_does_not_grow_with_their_number() -> None:
    """Side by side in one run, so that a slow machine does not matter: 5,000 parcels cost no more a parcel than 1,000."""
    timings = ("before", "between", "late", "expired", "undated")
    few = tables(*(
        Plot(f"P{index:04d}", covers=(Cover(CONVERSION, every() if index % 3 else some(0, 1), timings[index % 5]),))
        for index in range(1_000)
    ))  # fmt: skip

    def copies(table: pd.DataFrame, column: str) -> pd.DataFrame:
        return pd.concat([table.assign(**{column: table[column] + f"-{copy}"}) for copy in range(5)], ignore_index=True)

    many = Tables(
        copies(few.parcels, "number"),
        copies(few.coverage, "parcel"),
        copies(few.measures, "parcel"),
        few.evidence,
        few.parts,
    )

    def spent(made: Tables, count: int) -> float:
        begin = time.process_time()
        assert len(run(made, Silent())) == count
        return time.process_time() - begin

    ratios = [spent(many, 5_000) / spent(few, 1_000) for _ in range(3)]
    assert min(ratios) < 8.0, ratios


def test_every_role_of_the_frames_is_one_of_the_measures() -> None:
    made = tables(Plot("A"))
    assert set(GROUNDS + OTHER_ROLES) <= set(made.measures["measure"])


def test_the_record_of_facts_is_complete_and_plain() -> None:
    proposal = one(Plot("A", covers=FULL, documents=("批复",)))
    assert proposal.facts == {
        "values": {
            "area": {"title": "图斑面积", "value": "2000.0", "unit": "m2", "mu": "3.000"},
            "farmland_conversion_in_time_remainder": {
                "title": "农用地转用/征收批文（按时）以外面积",
                "value": "0",
                "unit": "m2",
                "mu": "0.000",
            },
            "approved_in_time_remainder": {"title": "按时已批以外面积", "value": "0", "unit": "m2", "mu": "0.000"},
        },
        "thresholds": {
            "cover_tolerance": {
                "title": "未覆盖余量容差",
                "value": "0.001",
                "unit": "mu",
                "source": "河北 2026 报批套合余量（practice 71623190847）；部规则无公开数值",
                "confidence": "assumed",
            }
        },
        "conditions": ["农用地转用/征收批文（按时）以外面积 ≤ 0.001 亩", "按时已批以外面积 ≤ 0.001 亩"],
        "rule": {"title": "农用地转用（征收）批文按时全部覆盖", "source": "C1、S3、S8", "confidence": "reported"},
    }


def test_facts_of_every_kind_are_stored_as_plain_values() -> None:
    plot = Plot("A", attributes={"type": "光伏用地"}, values={"unused": 2000.0}, documents=("不占用地表说明",))
    values = one(plot).facts["values"]
    assert values["type"] == {"title": "监测类型", "value": "光伏用地", "unit": "text"}
    assert values["later_image"]["value"] == "2023-04-26"
    assert values["documents"]["value"] == ["不占用地表说明"]
    assert values["claim_use"]["value"] is None
    road = Cover("rural_road", every(), date="2020-01-01")
    values = one(Plot("A", covers=(road,), values={"road_width": 5.0, "main_class": "1006"})).facts["values"]
    assert (values["road_width"]["value"], values["road_network_touch"]["value"]) == ("5.0", False)


@pytest.mark.parametrize(
    ("test", "text"),
    [
        (Test("uncovered", "above", Decimal("0.5"), "mu", "x"), "未批面积 > 0.5 亩"),
        (Test("uncovered", "at_most", Decimal(0)), "未批面积 ≤ 0 m²"),
        (Test("road_width", "below", Decimal(8)), "沿轴线宽度 < 8 m"),
        (Test("approved_share", "at_least", Decimal(95)), "已批占比 ≥ 95 %"),
        (Test("temporary_land_term_days", "at_most", Decimal(731)), "临时用地最长期限 ≤ 731 天"),
        (Test("parts", "at_least", Decimal(2)), "拟拆分地块数 ≥ 2"),
        (Test("main_class", "in", ("1006", "1202")), "主要地类 ∈ 1006、1202"),
        (Test("sliver", "is", True), "边角碎块 = 是"),
        (Test("sliver", "is", False), "边角碎块 = 否"),
        (Test("later_image", "known", True), "后时相已知"),
        (Test("later_image", "known", False), "后时相未知"),
    ],
)
def test_a_condition_is_told_in_the_words_of_the_field(test: Test, text: str) -> None:
    assert engine_module.described(test) == text


def test_a_sentence_names_only_the_first_values_of_a_long_list() -> None:
    test = Test("main_class", "in", ("0101", "0102", "0103"))
    assert engine_module.described(test, 2) == "主要地类 ∈ 0101、0102 等 3 项"
    assert engine_module.described(test, 3) == engine_module.described(test)


def test_a_near_miss_tells_the_actual_area_in_both_units() -> None:
    plot = Plot("A", covers=(Cover("homestead", some(0, 1, 2)),))
    near = [message for message in one(plot).would_change if message.code == "judgment.would_match"]
    assert [dict(message.details) for message in near] == [
        {
            "condition": "宅基地审批（按时）以外面积 ≤ 0.001 亩",
            "actual": "2.100 亩（1400.00 m²）",
            "category": "其他·农村宅基地",
            "rule": "N26_HOMESTEAD",
        }
    ]


def test_a_rule_that_fails_by_two_conditions_is_no_near_miss() -> None:
    values = {"road_width": 9.0, "main_class": "1006", "road_network_touch": 1}
    plot = Plot("A", covers=(Cover("rural_road", every(), date="2022-06-15"),), values=values)
    assert "judgment.would_match" not in codes(one(plot).would_change)


def test_doubt_of_the_engine_itself_has_no_subtype_and_low_confidence() -> None:
    made = tables(Plot("A"))
    proposal = judged(replace(made, measures=made.measures.iloc[:0]))["A", ""]
    assert proposal == Proposal(
        "A",
        "",
        "存疑",
        "",
        "not_overlaid",
        2000.0,
        "low",
        reasons=(Message("judgment.not_overlaid", {"parcel": "A"}),),
        would_change=(Message("judgment.overlay_again", {}),),
    )


def test_a_failed_parcel_keeps_its_parts_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(facts: Any, profile: Any) -> Any:
        raise KeyError("x")

    monkeypatch.setattr(engine_module, "_first_match", failing)
    found = run(tables(split_plot()), Silent())
    assert [(entry.part, entry.category, entry.subtype, entry.confidence, round(entry.area_m2)) for entry in found] == [
        ("", "存疑", "", "low", 2000),
        ("_1", "存疑", "", "low", 800),
        ("_2", "存疑", "", "low", 1200),
    ]
    assert "KeyError" in render(found[0].reasons[0]) and "S" in render(found[0].reasons[0])


@pytest.mark.parametrize(("use", "subtype"), [("厂房类", "厂房类"), ("别墅", ""), ("", "")])
def test_the_filled_use_becomes_the_subtype_only_if_it_is_one(use: str, subtype: str) -> None:
    proposal = one(Plot("A", claims={"use": use, "ground_class": "0601"}), "hebei-2026")
    assert (proposal.category, proposal.subtype) == ("非农违法", subtype)


def test_missing_evidence_and_differing_areas_are_told_in_full() -> None:
    proposal = one(Plot("A", claims={"area_mu": "3.50"}))
    details = {"title": "地块面积", "filled": "3.50", "measured": "3.00", "difference": "0.50"}
    assert Message("judgment.claim_area_differs", details) in proposal.reasons
    assert [missing.reason for missing in proposal.missing] == [
        Message("judgment.evidence_missing", {"evidence": "带方位角的现场照片"}),
        Message("judgment.evidence_missing", {"evidence": "立案查处或整改材料"}),
    ]


def test_a_profile_may_bring_its_own_sentences() -> None:
    profile = profile_called("national-2023")
    last = replace(profile.rules[-1], reasons=(Reason("judgment.profile_reason", "县里自己的话"),))
    made = tables(Plot("A"))
    found = judge(
        MeasuredTables(made.parcels, made.coverage, made.measures, made.evidence),
        replace(profile, rules=(last,)),
        Silent(),
        as_of=TODAY,
    )
    assert render(found[0].reasons[0]) == "县里自己的话"
