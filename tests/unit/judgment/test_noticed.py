"""Small things of the proposals that a fault in the code would change: each was once changed by `scripts/mutation.py` without notice."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from tests.unit.judgment.frames import GROUNDS, OTHER_ROLES, TODAY, Cover, Plot, every, profile_called, tables
from weipian_plugin.judgment import judge
from weipian_plugin.judgment.claims import Alias, Filled, VerdictRules, filled, verdict
from weipian_plugin.judgment.conditions import Test as Condition
from weipian_plugin.judgment.engine import described
from weipian_plugin.judgment.facts import MeasuredTables, Unit, as_list, gather
from weipian_plugin.judgment.numbers import exact
from weipian_plugin.judgment.safeguards import holds_of_bare_land
from weipian_plugin.judgment.uses import groups_of, is_farming
from weipian_plugin.model.feedback import Silent
from weipian_plugin.model.messages import Message
from weipian_plugin.model.records import Proposal

CONVERSION = "farmland_conversion"
ROLES = (*GROUNDS, *OTHER_ROLES, "land_survey")


def measured(*plots: Plot) -> MeasuredTables:
    made = tables(*plots)
    return MeasuredTables(made.parcels, made.coverage, made.measures, made.evidence, made.parts)


def proposed(plot: Plot, profile: str = "national-2023") -> Proposal:
    return judge(measured(plot), profile_called(profile), Silent(), as_of=TODAY)[0]


def unit(plot: Plot) -> Unit:
    profile = profile_called("national-2023")
    return gather(measured(plot), profile.columns, TODAY)[0]


@pytest.mark.parametrize("value", [None, float("nan"), pd.NaT, "", "  "])
def test_nothing_is_no_entry_of_a_list(value: Any) -> None:
    assert as_list(value) == ()


@pytest.mark.parametrize(
    ("value", "number"),
    [(None, None), (True, None), (False, None), ("", None), ("三", None), (2, Decimal(2)), ("2.50", Decimal("2.50"))],
)
def test_only_a_number_is_a_number(value: Any, number: Decimal | None) -> None:
    assert exact(value) == number


def test_a_whole_parcel_is_known_to_be_no_sliver_and_no_part() -> None:
    whole = unit(Plot("A", covers=(Cover(CONVERSION, every()),))).whole
    assert whole.value("sliver") is False and whole.value("is_part") is False and whole.value("parts") == 0


def test_the_earliest_and_the_latest_document_are_told_apart() -> None:
    first = Cover(CONVERSION, every(), date="2021-03-01", document="渝府地〔2021〕1号")
    whole = unit(Plot("A", covers=(replace(first, date="2022-06-15", document="渝府地〔2022〕2号"), first))).whole
    assert whole.value("approvals_earliest").isoformat() == "2021-03-01"
    assert whole.value("approvals_latest").isoformat() == "2022-06-15"


@pytest.mark.parametrize(
    ("filled_start", "seen", "earlier", "since"),
    [
        ("2010-05", None, "2022-09-18", False),
        ("2022-12", None, "2022-09-18", True),
        ("2022", None, "2022-09-18", True),
        ("2010-05", None, None, True),
        (None, None, "2022-09-18", False),
        (None, None, None, False),
        ("2019年前", None, "2022-09-18", True),
        ("2022-12", "1949-10-01/2010-05-01", "2022-09-18", True),
        ("2010-05", "2021-06-14/2023-01-01", "2022-09-18", True),
        ("2010-05", "1949-10-01/2010-05-01", "2022-09-18", False),
    ],
)
def test_built_since_the_earlier_image_is_read_to_the_latest_day(
    filled_start: str | None, seen: str | None, earlier: str | None, since: bool
) -> None:
    delivered = {"建设时间": filled_start} if filled_start else {}
    plot = Plot("A", delivered=delivered, attributes={"first_seen": seen, "earlier_image": earlier})
    assert unit(plot).whole.value("built_since_earlier") is since


@pytest.mark.parametrize(
    ("filled_start", "seen", "start"),
    [
        ("2022-12-05", "2021-06-14/2022-07-01", "2021-06-14/2022-07-01"),
        ("2020-03-04", "2021-06-14/2022-07-01", "2020-03-04"),
        (None, "2021-06-14/2022-07-01", "2021-06-14/2022-07-01"),
        ("2020-03-04", None, "2020-03-04"),
    ],
)
def test_of_a_filled_and_a_seen_start_the_earlier_day_counts_against_documents(
    filled_start: str | None, seen: str | None, start: str
) -> None:
    delivered = {"建设时间": filled_start} if filled_start else {}
    whole = unit(Plot("A", delivered=delivered, attributes={"first_seen": seen})).whole
    assert whole.value("claim_construction_date").isoformat() == start


def test_a_filled_category_is_told_with_its_subtype() -> None:
    _, (message,) = verdict(Filled("其他", "203范围"), "违法", "未报即用", False, {}, VerdictRules())
    assert message.details == {"filled": "其他·203范围", "proposed": "违法·未报即用"}
    _, (message,) = verdict(Filled("其他"), "违法", "", False, {}, VerdictRules())
    assert message.details == {"filled": "其他", "proposed": "违法"}


def test_an_alias_of_a_category_without_subtypes_keeps_what_was_filled() -> None:
    assert filled({"category": "实地为设施", "subtype": "大棚"}, {}, (Alias("实地为设施", "设施农用地"),)) == Filled(
        "设施农用地", "大棚"
    )


@pytest.mark.parametrize("profile", ["national-2023", "hebei-2026"])
@pytest.mark.parametrize("role", ["facility_agriculture", CONVERSION])
def test_a_favourable_proposal_lacks_the_layers_of_control_under_both_profiles(profile: str, role: str) -> None:
    roles = tuple(name for name in ROLES if name != "ecological_redline")
    proposal = proposed(Plot("A", covers=(Cover(role, every()),), roles=roles, photos=2), profile)
    assert "control_layers" in [entry.evidence for entry in proposal.missing] and proposal.confidence == "low"
    other = proposed(Plot("A", roles=roles), profile)
    assert "control_layers" not in [entry.evidence for entry in other.missing]


def test_a_long_list_of_a_condition_is_cut_in_a_sentence_and_whole_in_the_record() -> None:
    test = Condition("main_class", "in", tuple(f"010{place}" for place in range(9)))
    assert "等 9 项" in described(test, 6) and described(test, 6).count("、") == 5
    assert described(test).count("、") == 8 and "等" not in described(test)
    plot = Plot("A", delivered={"实地地类": "0601"}, values={"agricultural": 2000.0}, photos=1, roles=ROLES)
    near = [message for message in proposed(plot).would_change if message.details.get("rule") == "N50_AGRICULTURE"]
    assert near and " 项" in near[0].details["condition"]


@pytest.mark.parametrize(
    ("fact", "operator", "limit", "holds"),
    [
        ("rural_road", "above", Decimal(0), False),
        ("rural_road", "at_most", Decimal(0), True),
        ("approvals_documents", "at_least", Decimal(1), False),
        ("village_203_share", "above", Decimal(0), False),
        ("road_network_touch", "is", False, True),
        ("documents", "includes", "批", False),
        ("whole_approved", "above", Decimal(0), False),
        ("farmland", "above", Decimal(0), True),
    ],
)
def test_bare_farmland_has_nothing_on_it(fact: str, operator: str, limit: Any, holds: bool) -> None:
    assert holds_of_bare_land(Condition(fact, operator, limit)) is holds


@pytest.mark.parametrize(
    "flag", ["area_mismatch", "repaired", "geometry_changed", "outside_county", "kind_unsure", "withdrawn"]
)
@pytest.mark.parametrize("role", ["temporary_land", "facility_agriculture", "homestead", "restoration"])
def test_nothing_favourable_is_proposed_of_a_doubtful_parcel(role: str, flag: str) -> None:
    sound = Plot("A", covers=(Cover(role, every(), until="2024-05-31"),), photos=1, roles=ROLES)
    assert proposed(sound).category == "其他"
    doubtful = proposed(replace(sound, attributes={"flags": (flag,)}))
    assert doubtful.category == "存疑"
    assert {"judgment.guard_flag", "judgment.flagged"} & {reason.code for reason in doubtful.reasons}
    assert proposed(replace(sound, attributes={"flags": ("overlap_earlier",)})).category == "其他"


@pytest.mark.parametrize("role", ["temporary_land", "facility_agriculture", "homestead", "restoration", CONVERSION])
def test_nothing_favourable_stays_proposed_from_layers_that_are_others_now(role: str) -> None:
    sound = measured(Plot("A", covers=(Cover(role, every(), until="2024-05-31"),), photos=1, roles=ROLES))
    profile = profile_called("national-2023")
    (before,) = judge(sound, profile, Silent(), as_of=TODAY)
    assert before.category in ("其他", "合法")
    changed = Message("judgment.overlay_again", {})
    (after,) = judge(sound, profile, Silent(), as_of=TODAY, layers_changed=changed)
    assert (after.category, after.confidence) == ("存疑", "low") and changed in after.reasons


@pytest.mark.parametrize("use", ["非农业建设", "非农业建设用地", "非农用", "非农用地", "非农业用地"])
def test_a_use_that_is_not_farming_is_no_farming(use: str) -> None:
    assert "agricultural" not in groups_of(use) and not is_farming(use)


@pytest.mark.parametrize("use", ["农业生产", "农业用地", "农用地", "设施农业", "农业"])
def test_a_use_of_farming_is_farming(use: str) -> None:
    assert is_farming(use)


@pytest.mark.parametrize("again", ["渝府地〔2022〕5号", "渝府地[2022]5号", "渝府地（2022）5号", "渝府地 2022-5 号"])
def test_a_number_withdrawn_elsewhere_is_doubtful_however_it_is_spelled(again: str) -> None:
    kept = Cover(CONVERSION, every(), document="渝府地〔2022〕5号", date="2022-05-01")
    gone = Cover(CONVERSION, every(), timing="void", document=again, date="2022-05-01", status="已撤销")
    proposal = proposed(Plot("A", covers=(kept, gone), photos=1, roles=ROLES))
    assert proposal.category == "存疑"
