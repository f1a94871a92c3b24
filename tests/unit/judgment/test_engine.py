"""What the engine proposes with the shipped profiles, and how it explains itself."""

from __future__ import annotations

import pytest

from tests.unit.judgment.frames import TODAY, Cover, Plot, Tables, every, profile_called, some, tables
from weipian_plugin.judgment import MeasuredTables, judge
from weipian_plugin.model.feedback import Silent
from weipian_plugin.model.messages import render
from weipian_plugin.model.records import Proposal


def judged(made: Tables, profile: str = "national-2023") -> dict[tuple[str, str], Proposal]:
    found = judge(
        MeasuredTables(made.parcels, made.coverage, made.measures, made.evidence, made.parts),
        profile_called(profile),
        Silent(),
        as_of=TODAY,
    )
    return {(proposal.parcel, proposal.part): proposal for proposal in found}


def one(plot: Plot, profile: str = "national-2023") -> Proposal:
    return judged(tables(plot), profile)[plot.number, ""]


CONVERSION = "farmland_conversion"


@pytest.mark.parametrize(
    ("plot", "category", "subtype"),
    [
        (Plot("A", covers=(Cover(CONVERSION, every()),)), "合法", "农用地转用批准"),
        (Plot("A", covers=(Cover("linkage", every()),)), "合法", "城乡建设用地增减挂钩"),
        (
            Plot("A", covers=(Cover(CONVERSION, some(0, 1, 2, 3, 4, 5)), Cover("linkage", some(5, 6, 7, 8, 9)))),
            "合法",
            "农用地转用批准",
        ),
        (Plot("A", covers=(Cover(CONVERSION, every(), "late"),)), "违法", "补办手续"),
        (Plot("A", covers=(Cover(CONVERSION, every(), "undated"),)), "存疑", "批准日期不明"),
        (Plot("A", covers=(Cover(CONVERSION, every(), "expired"),)), "存疑", "批文失效待核"),
        (Plot("A", covers=(Cover("land_supply", every()),)), "存疑", "缺农转用批文"),
        (Plot("A", covers=(Cover("registration", every()),)), "存疑", "缺农转用批文"),
        (
            Plot("A", covers=(Cover("land_supply", every()),), values={"construction_previous": 2000.0}),
            "合法",
            "供地（原有建设用地）",
        ),
        (Plot("A", covers=(Cover("temporary_land", every(), until="2024-07-04"),)), "其他", "临时用地"),
        (Plot("A", covers=(Cover("temporary_land", every(), until=None),)), "存疑", "临时用地待核"),
        (Plot("A", covers=(Cover("temporary_land", every(), "expired"),)), "违法", "临时用地逾期"),
        (Plot("A", covers=(Cover("facility_agriculture", every()),)), "其他", "设施农用地"),
        (Plot("A", covers=(Cover("homestead", every()),)), "其他", "农村宅基地"),
        (Plot("A", values={"construction_previous": 2000.0}, photos=1), "其他", "实地未变化"),
        (Plot("A", values={"construction_previous": 2000.0}), "存疑", "原有建设用地待核"),
        (Plot("A"), "违法", "未报即用"),
        (Plot("A", roles=()), "存疑", "图层不全"),
    ],
)
def test_each_ground_leads_to_its_own_outcome(plot: Plot, category: str, subtype: str) -> None:
    proposal = one(plot)
    assert (proposal.category, proposal.subtype) == (category, subtype)


def test_every_reason_can_be_read_in_both_languages() -> None:
    proposal = one(Plot("A", covers=(Cover(CONVERSION, some(0, 1)),), values={"basic_farmland": 12.0}))
    texts = [
        render(reason, language) for reason in (*proposal.reasons, *proposal.would_change) for language in ("zh", "en")
    ]
    assert texts and not any("‹" in text or "{" in text for text in texts)


def test_a_parcel_that_was_not_overlaid_is_doubtful_and_says_so() -> None:
    made = tables(Plot("A"))
    made.measures.drop(made.measures.index, inplace=True)
    proposal = judged(made)["A", ""]
    assert (proposal.category, proposal.rule, [reason.code for reason in proposal.reasons]) == (
        "存疑",
        "not_overlaid",
        ["judgment.not_overlaid"],
    )
