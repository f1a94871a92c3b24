"""Claims of the delivered table: read by column, compared with the proposal, never taken as proof."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from tests.unit.judgment.frames import profile_called
from weipian_plugin.judgment.claims import Filled, claim_values, filled, is_evidence, verdict
from weipian_plugin.judgment.review import review_counts, review_state
from weipian_plugin.model.records import DateSpan

PROFILE = profile_called("hebei-2026")
NAMES = {category.name: tuple(subtype.name for subtype in category.subtypes) for category in PROFILE.categories}


def read(delivered: dict[str, Any], claims: Any = None) -> dict[str, Any]:
    return dict(claim_values({"delivered": delivered, "claims": claims}, PROFILE.columns))


@pytest.mark.parametrize(
    ("delivered", "key", "value"),
    [
        ({"地块面积(亩)": "1.20"}, "area_mu", Decimal("1.20")),
        ({"地块面积（亩）": 1.2}, "area_mu", Decimal("1.2")),
        ({"地块 面积（亩）": "1,234.50"}, "area_mu", Decimal("1234.50")),
        ({"用地审批占比(%)": "35%"}, "approval_share", Decimal("35")),
        ({"城镇村属性": "203", "城镇村属性码": ""}, "village_attribute", "203"),
        ({"城镇村属性": np.nan, "城镇村属性码": 203.0}, "village_attribute", "203"),
        ({"实地地类": "0102"}, "ground_class", "0102"),
        ({"建设时间": "2022-05"}, "construction_date", DateSpan.parse("2022-05")),
    ],
)
def test_a_claim_is_found_by_its_column(delivered: dict[str, Any], key: str, value: Any) -> None:
    assert read(delivered) == {key: value}


@pytest.mark.parametrize("nothing", [None, float("nan"), "", "  "])
def test_blank_cells_claim_nothing(nothing: Any) -> None:
    assert read({"核实认定意见": nothing, "实地地类": nothing}) == {}


def test_understood_claims_come_before_delivered_columns_and_json_text_is_read() -> None:
    assert read({"核实认定意见": "合法"}, {"category": "其他"})["category"] == "其他"
    assert claim_values({"claims": '{"category": "合法"}', "delivered": None}, PROFILE.columns) == {"category": "合法"}
    assert claim_values({}, PROFILE.columns) == {}


@pytest.mark.parametrize(
    ("category", "subtype", "expected"),
    [
        ("", "", Filled()),
        ("合法", "批文", Filled("合法", "批文")),
        ("合法·批文", "", Filled("合法", "批文")),
        ("其他-203范围", "", Filled("其他", "203范围及开天窗")),
        ("其他", "203范围", Filled("其他", "203范围及开天窗")),
        ("203范围", "", Filled("其他", "203范围及开天窗")),
        ("其他", "边坡治理地块", Filled("其他", "边坡治理")),
        ("实地为设施", "", Filled("设施农用地")),
        ("经核实为非农违法，已立案", "", Filled("非农违法")),
        ("其他", "地下管廊(网)", Filled("其他", "地下管廊（网）")),
        ("说不清", "", Filled("说不清")),
        (" 合法 ", "", Filled("合法")),
    ],
)
def test_a_fill_is_brought_into_the_words_of_the_profile(category: str, subtype: str, expected: Filled) -> None:
    assert filled({"category": category, "subtype": subtype}, NAMES, PROFILE.aliases) == expected


@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        (Decimal(0), False),
        (Decimal("0.01"), True),
        ("0", False),
        ("0%", False),
        ("", False),
        ("文号", True),
        ("12", True),
        (None, False),
        (Decimal(-1), False),
    ],
)
def test_nothing_and_zero_per_cent_are_no_evidence(value: Any, outcome: bool) -> None:
    assert is_evidence(value) is outcome


@pytest.mark.parametrize(
    ("fill", "category", "subtype", "uncertain", "claims", "outcome", "code"),
    [
        (Filled(), "合法", "批文", False, {}, "未填报", ""),
        (Filled("合法", "批文"), "合法", "批文", False, {}, "一致", ""),
        (Filled("合法"), "合法", "批文", False, {}, "一致", ""),
        (Filled("合法", "登记发证"), "合法", "批文", False, {}, "存疑", "judgment.claim_subtype_open"),
        (Filled("伪变化"), "非农违法", "", False, {}, "存疑", "judgment.claim_unverifiable"),
        (Filled("合法"), "存疑", "", True, {"approval_number": "x"}, "存疑", "judgment.claim_proposal_uncertain"),
        (Filled("合法"), "非农违法", "", False, {}, "存疑", "judgment.claim_without_evidence"),
        (
            Filled("合法"),
            "非农违法",
            "",
            False,
            {"approval_share": Decimal(0)},
            "存疑",
            "judgment.claim_without_evidence",
        ),
        (
            Filled("合法"),
            "非农违法",
            "",
            False,
            {"temporary_share": Decimal(1)},
            "不一致",
            "judgment.claim_contradicted",
        ),
        (
            Filled("设施农用地"),
            "非农违法",
            "",
            False,
            {"approval_number": "x"},
            "存疑",
            "judgment.claim_without_evidence",
        ),
        (
            Filled("设施农用地"),
            "非农违法",
            "",
            False,
            {"facility_number": "x"},
            "不一致",
            "judgment.claim_contradicted",
        ),
        (Filled("农村道路"), "非农违法", "", False, {}, "不一致", "judgment.claim_contradicted"),
    ],
)
def test_the_verdict_separates_contradiction_from_doubt(
    fill: Filled, category: str, subtype: str, uncertain: bool, claims: dict[str, Any], outcome: str, code: str
) -> None:
    found, notes = verdict(fill, category, subtype, uncertain, claims, PROFILE.verdicts)
    assert found == outcome
    assert [note.code for note in notes] == ([code] if code else [])


@pytest.mark.parametrize(
    ("stage", "status", "returned", "shown", "state"),
    [
        (90, 10, None, "已打回", "退回"),
        (95, None, 0, "市级待审核", "已填报"),
        (95, None, "1", "市级待审核", "退回"),
        (97.0, None, None, "省级待审核", "已填报"),
        ("审核结束", None, None, "审核结束", "已填报"),
        (None, 1.0, None, "未处理", "未提报"),
        ("", "2", None, "未提交", "未提报"),
        (None, 10, None, "已审核", "未提报"),
        (None, None, None, "", "未提报"),
        (None, 77, None, "未知(77)", "未提报"),
        (99.0, 4, None, "未知(99)", "未提报"),
        ("退件", 4, None, "未知(退件)", "未提报"),
    ],
)
def test_review_codes_come_in_any_spelling(stage: Any, status: Any, returned: Any, shown: str, state: str) -> None:
    found = review_state(stage, status, returned)
    assert (found.stage, found.state) == (shown, state)


@pytest.mark.parametrize(
    ("stage", "filed", "city", "passed", "disposed", "transit", "waiting"),
    [
        (101, True, True, True, True, False, False),
        (97, True, True, True, False, False, False),
        (95, True, False, False, False, True, False),
        (90, True, True, False, False, True, False),
        (None, False, False, False, False, False, True),
    ],
)
def test_the_sets_of_the_statistics(
    stage: Any, filed: bool, city: bool, passed: bool, disposed: bool, transit: bool, waiting: bool
) -> None:
    found = review_state(stage)
    assert (found.filed, found.city_reviewed, found.passed, found.disposed, found.in_transit, found.waiting_to_be_filed) == (
        filed, city, passed, disposed, transit, waiting,
    )  # fmt: skip
    assert found.not_passed == (not passed and not waiting)


def test_the_counts_add_up() -> None:
    counts = review_counts(review_state(stage) for stage in (101, 101, 90, 95, 97, None, None, 55))
    assert (counts.total, counts.finished, counts.returned, counts.at_city, counts.at_province, counts.not_filed) == (
        8,
        2,
        1,
        1,
        1,
        3,
    )
    assert counts.total == counts.finished + counts.returned + counts.at_city + counts.at_province + counts.not_filed
    assert (counts.filing_rate, counts.error_rate) == (Decimal("0.625"), Decimal("0.2"))
    empty = review_counts([])
    assert (empty.filing_rate, empty.error_rate) == (None, None)
    assert review_counts([review_state(None)]).error_rate is None
