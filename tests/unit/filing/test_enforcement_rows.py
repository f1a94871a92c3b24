"""查处情况表: a step and its paper are one row, for the parcel that the case was opened on and for every other one of the case."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from weipian_plugin.filing.case import AttachedDocument
from weipian_plugin.filing.enforcement import enforcement_rows
from weipian_plugin.filing.settings import load_rules
from weipian_plugin.model.enforcement import CaseMember, CaseStep, EnforcementCase
from weipian_plugin.model.words import EnforcementStep

from . import cases

DAY, NUMBER = "2023-09-11", "永规资〔2023〕19号"


def paper(kind: str, key: str, number: str = NUMBER, day: str = DAY) -> AttachedDocument:
    return AttachedDocument(Path(f"{kind}.pdf"), kind, f"{kind}原件", number, day, "街道办", key, key)


@pytest.mark.parametrize(
    ("named", "papers", "titles"),
    [
        ("d1", [paper("处罚决定书", "d1")], ["处罚决定书原件"]),  # the parcel that the case was opened on
        ("d1", [paper("处罚决定书", "d2")], ["处罚决定书原件"]),  # another of the case: its row of the same paper
        ("d1", [], [None]),
        ("", [paper("处罚决定书", "d2")], ["处罚决定书原件"]),  # registered by hand, not by the step
        ("d1", [paper("处罚决定书", "d2", number="另案〔2023〕1号")], [None, "处罚决定书原件"]),
        ("d1", [paper("处罚决定书", "d2", day="2023-10-01")], [None, "处罚决定书原件"]),
        ("d1", [paper("处罚决定书", "d2"), paper("处罚决定书", "d3")], ["处罚决定书原件", "处罚决定书原件"]),
    ],
)
def test_a_step_and_its_paper_are_one_row(
    named: str, papers: list[AttachedDocument], titles: list[str | None], tmp_path: Path
) -> None:
    step = CaseStep(EnforcementStep.PENALISED, DAY, number=NUMBER, fine=12000.0, document=named)
    own = EnforcementCase("案1", (CaseMember("首图斑"), CaseMember(cases.NUMBER)), steps=(step,))
    case = replace(cases.case(tmp_path), enforcement=(own,), documents=tuple(papers))
    rows = [row for row in enforcement_rows(case, load_rules()) if row["step"] == "处罚决定"]
    assert [row.get("title") for row in rows] == titles
    assert sum("罚款 12000 元" in str(row.get("note") or "") for row in rows) == 1
