"""Which papers answer a piece of evidence by themselves, and which rest on something else, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from weipian_plugin.judgment.lacking import is_answered
from weipian_plugin.judgment.profile_files import load_profile, profile_if_known
from weipian_plugin.model.paths import county_data, shipped


@pytest.mark.parametrize(
    ("evidence", "papers", "answered"),
    [
        ("supply_document", ["合同 国有建设用地出让"], True),
        ("supply_document", ["照片 现场"], False),
        ("supply_document", [], False),
        ("temporary_approval", ["批复 临时用地"], True),
        ("construction_start", ["证明 动工"], True),
        ("photo_azimuth", ["照片 带方位角"], False),  # no paper: only a photo answers it
        ("approval_number", ["批文 渝府地〔2022〕1号"], False),  # the register must have it
        ("nothing_of_the_kind", ["批文"], False),
    ],
)
def test_a_paper_answers_what_asks_for_papers(evidence: str, papers: list[str], answered: bool) -> None:
    assert is_answered(evidence, load_profile("national-2023"), papers) is answered
    assert not is_answered(evidence, None, papers)


def test_evidence_that_wants_a_paper_and_something_else_stays(tmp_path: Path) -> None:
    text = shipped("rules", "national-2023.yaml").read_text(encoding="utf-8")
    wanted = "{fact: documents, includes: 说明}"
    assert text.count(wanted) == 1
    both = text.replace(wanted, "{all: [{fact: photos, at_least: 1}, {fact: documents, includes: 说明}]}")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "own-2026.yaml").write_text(both, encoding="utf-8")
    with county_data(tmp_path):
        own = profile_if_known("own-2026")  # a county's own, by the name that proposals keep
    assert own is not None and not is_answered("road_statement", own, ["说明 道路"])
    assert is_answered("road_statement", load_profile("national-2023"), ["说明 道路"])
    assert profile_if_known("own-2026") is None
