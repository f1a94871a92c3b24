"""What the county has filled in: said of the parcel, compared, added up – and never more than a claim."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.judgment.frames import GROUNDS, OTHER_ROLES, TODAY, Cover, Plot, every, profile_called, some, tables
from weipian_plugin.judgment import MeasuredTables, judge
from weipian_plugin.judgment.claims import area_differences
from weipian_plugin.judgment.uses import same_project
from weipian_plugin.model.feedback import Silent
from weipian_plugin.model.messages import Message, render
from weipian_plugin.model.records import Proposal

CONVERSION = "farmland_conversion"
PROFILES = ("national-2023", "hebei-2026")


@dataclass
class Heard(Silent):
    """Keeps what a run says."""

    messages: list[tuple[Message, str]] = field(default_factory=list)

    def report(self, message: Message, level: str = "info") -> None:
        self.messages.append((message, level))


def proposed(plot: Plot, profile: str = "hebei-2026", feedback: Silent | None = None) -> Proposal:
    made = tables(plot)
    found = judge(
        MeasuredTables(made.parcels, made.coverage, made.measures, made.evidence, made.parts),
        profile_called(profile),
        feedback or Silent(),
        as_of=TODAY,
    )
    for reason in found[0].reasons:
        assert "‹" not in render(reason, "zh") and "‹" not in render(reason, "en")
    return found[0]


def codes(proposal: Proposal) -> list[str]:
    return [reason.code for reason in proposal.reasons]


@pytest.mark.parametrize("fill", ["其他", "其它", "其他用地", "其他·其他"])
@pytest.mark.parametrize("ground_class", ["0601", "0102", "0701"])
def test_a_bare_other_says_nothing_and_changes_nothing(fill: str, ground_class: str) -> None:
    blank = proposed(Plot("A", delivered={"实地地类": ground_class}))
    filled = proposed(Plot("A", delivered={"实地地类": ground_class, "核实认定意见": fill}))
    assert (blank.category, filled.category, filled.verdict) == ("非农违法", "非农违法", "不一致")
    assert filled.rule == blank.rule


@pytest.mark.parametrize(
    "delivered",
    [
        {"核实认定意见": "其他", "分类": "边坡治理地块"},
        {"核实认定意见": "其他·灾毁地块", "分类": ""},
        {"核实认定意见": "其他", "分类": "电力设施"},
    ],
)
def test_a_named_circumstance_stays_a_claim_to_be_checked(delivered: dict[str, str]) -> None:
    proposal = proposed(Plot("A", delivered={"实地地类": "0601", **delivered}))
    assert (proposal.category, proposal.subtype, proposal.verdict) == ("存疑", "其他待核", "存疑")


def nearly(remainder: float, width: float = 30.0, **more: Any) -> Plot:
    """A parcel of 3 亩 whose approval in time leaves ``remainder`` m² of ``width`` m."""
    covers = more.pop("covers", (Cover(CONVERSION, every()),))
    left = {
        "approved": 2000.0 - remainder,
        "approved_in_time": 2000.0 - remainder,
        "farmland_conversion_in_time": 2000.0 - remainder,
        "uncovered": remainder,
        "uncovered_in_time": remainder,
        "uncovered_width": width,
    }
    fill = more.pop("fill", {"核实认定意见": "其他", "分类": "边角细缝"})
    return Plot(
        "A",
        covers=covers,
        values={**left, **more.pop("values", {})},
        delivered={"实地地类": "0601", **fill},
        **more,
    )


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    "plot",
    [
        nearly(2.7),  # 0.004 亩
        nearly(6.6),  # just below 0.01 亩
        nearly(60.0, 1.4),  # 0.09 亩, narrow
        nearly(2.7, fill={"核实认定意见": "其他·边角细缝"}),
        nearly(2.7, fill={"核实认定意见": "其他", "分类": " 边角细缝 "}),
    ],
)
def test_a_sliver_filled_rightly_is_supported_by_the_remainder(profile: str, plot: Plot) -> None:
    proposal = proposed(plot, profile)
    assert (proposal.category, proposal.subtype, proposal.confidence) == ("其他", "边角细缝", "low")
    assert proposal.verdict == "一致" and "judgment.sliver_filled" in codes(proposal)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    "plot",
    [
        nearly(80.0, 1.4),  # 0.12 亩: a strip, but no sliver
        nearly(60.0, 2.5),  # 0.09 亩, wide
        nearly(493.0, 1.9),  # 0.74 亩
        nearly(2.7, covers=(Cover(CONVERSION, every(), document="待批"),)),
        nearly(2.7, covers=(Cover(CONVERSION, every(), date=None),)),
        nearly(2.7, covers=(Cover(CONVERSION, every(), doubt="repaired"),)),
        nearly(2.7, covers=(Cover(CONVERSION, every()), Cover(CONVERSION, some(1), "void"))),
        nearly(2.7, values={"approved_late": 2.7}),
        nearly(7.0, values={"uncovered_basic_farmland": 7.0}),
        nearly(6.6, values={"approved_undated": 6.6}),
        nearly(2.7, fill={}),
        nearly(2.7, fill={"核实认定意见": "其他"}),
        Plot(
            "A", delivered={"实地地类": "0601", "核实认定意见": "其他", "分类": "边角细缝"}
        ),  # nothing approved beside it
    ],
)
def test_a_sliver_that_the_remainder_does_not_support_is_not_taken(profile: str, plot: Plot) -> None:
    proposal = proposed(plot, profile)
    assert (proposal.category, proposal.subtype) != ("其他", "边角细缝")
    assert proposal.category in ("存疑", "违法", "非农违法")


@pytest.mark.parametrize(
    ("filled", "measured", "differs"),
    [
        ("0.22", "0.2349", False),  # 0.23 at two decimals: exactly the tolerance
        ("0.22", "0.2350", True),  # 0.24
        ("0.2", "0.2149", False),
        ("0.2", "0.2151", True),
        ("3", "3.0149", False),
        ("3", "3.0151", True),
        ("0.220", "0.2349", False),  # a zero more is no more exact
        ("0.2201", "0.2349", True),  # four decimals are compared as they are
        ("0.2250", "0.2349", False),
        ("0", "0.0149", False),
    ],
)
def test_what_is_filled_with_two_decimals_is_compared_at_two(filled: str, measured: str, differs: bool) -> None:
    found = area_differences({"farmland_mu": Decimal(filled)}, {"farmland": Decimal(measured)}, Decimal("0.01"))
    assert bool(found) is differs


SUM = {
    "地块面积（亩）": "3.00",
    "占耕地面积": "1.00",
    "占非耕农用地面积": "0.50",
    "占未利用地面积": "0.50",
    "建设用地面积（亩）": "1.00",
}


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ({}, None),
        ({"建设用地面积（亩）": "1.01"}, None),  # exactly the tolerance
        ({"建设用地面积（亩）": "1.02"}, "-0.02"),
        ({"占耕地面积": "0.90"}, "0.10"),
        ({"建设用地面积（亩）": ""}, None),  # blank: nothing was checked
    ],
)
def test_filled_areas_that_do_not_add_up_are_told(change: dict[str, str], difference: str | None) -> None:
    proposal = proposed(Plot("A", delivered={**SUM, **change}))
    found = [reason.details["difference"] for reason in proposal.reasons if reason.code == "judgment.claim_sum_differs"]
    assert found == ([] if difference is None else [difference])


def test_the_run_says_how_many_sums_were_checked_and_that_none_was() -> None:
    def said(*plots: Plot) -> list[tuple[dict[str, Any], str]]:
        heard = Heard()
        made = tables(*plots)
        judge(
            MeasuredTables(made.parcels, made.coverage, made.measures, made.evidence),
            profile_called("hebei-2026"),
            heard,
            as_of=TODAY,
        )
        return [(dict(m.details), level) for m, level in heard.messages if m.code == "judgment.sums_checked"]

    blank = {**SUM, "建设用地面积（亩）": ""}
    assert said(Plot("A"), Plot("B", delivered={"实地地类": "0601"})) == []
    assert said(Plot("A", delivered=SUM), Plot("B", delivered=blank), Plot("C")) == [
        ({"filled": 2, "checked": 1, "skipped": 1, "failed": 0}, "info")
    ]
    assert said(Plot("A", delivered=blank)) == [({"filled": 1, "checked": 0, "skipped": 1, "failed": 0}, "warning")]
    assert said(Plot("A", delivered={**SUM, "占耕地面积": "9"})) == [
        ({"filled": 1, "checked": 1, "skipped": 0, "failed": 1}, "warning")
    ]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("渝西高速公路", "渝西高速公路项目", True),
        ("渝西高速公路建设工程", "渝西高速公路", True),
        ("大安工业园（一期）", "大安工业园(一期)标准厂房", True),
        ("ＡＢＣ产业园", "abc产业园", True),
        ("项目", "任何", True),  # a name that says nothing
        ("渝西高速公路", "大安工业园", False),
        ("大安工业园一期", "大安工业园二期", False),
    ],
)
def test_names_of_a_project_are_held_against_each_other(first: str, second: str, same: bool) -> None:
    assert same_project(first, second) is same
    assert same_project(second, first) is same


def conversion(project: str | None, timing: str = "before", **more: Any) -> Cover:
    return Cover(CONVERSION, more.pop("cells", every()), timing, project=project, **more)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    ("covers", "filled", "told"),
    [
        ((conversion("渝西高速公路"),), "大安工业园", True),
        ((conversion("渝西高速公路"),), "渝西高速公路项目", False),
        ((conversion("渝西高速公路"),), "", False),
        ((conversion(None),), "大安工业园", False),
        ((conversion("渝西高速公路"), conversion("大安工业园", document="渝府地〔2022〕7号")), "大安工业园", False),
        (
            (conversion(None), conversion("大安工业园", "late", date="2024-01-01", document="渝府地〔2024〕7号")),
            "别的项目",
            False,
        ),
    ],
)
def test_another_project_is_a_remark_and_lowers_the_confidence(
    profile: str, covers: tuple[Cover, ...], filled: str, told: bool
) -> None:
    supplied = (*covers, Cover("land_supply", every(), document="永规资供〔2022〕5号"))
    roles = (*GROUNDS, *OTHER_ROLES, "land_survey")
    proposal = proposed(Plot("A", covers=supplied, delivered={"项目名称": filled}, roles=roles, photos=1), profile)
    assert proposal.category == "合法"
    assert ("judgment.project_differs" in codes(proposal)) is told
    assert (proposal.confidence == "low") is told


def test_another_project_of_the_supply_is_told_as_well() -> None:
    cover = Cover("land_supply", every(), project="某某路桥")
    proposal = proposed(Plot("A", covers=(cover,), delivered={"项目名称": "大安工业园"}))
    assert "judgment.supply_project_differs" in codes(proposal) and proposal.confidence == "low"
    assert "某某路桥" in next(render(r) for r in proposal.reasons if r.code == "judgment.supply_project_differs")
