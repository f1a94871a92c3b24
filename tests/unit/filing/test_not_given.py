"""A layer that was not given is not a layer that is not touched: in the proposal, on papers, and in tables of numbers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.unit.judgment.real_files import CELL, Case, judged, sound
from weipian_plugin.filing.areas import NOT_GIVEN, area_rows, numbers
from weipian_plugin.filing.fields import PackageFacts, values_of
from weipian_plugin.filing.settings import load_rules
from weipian_plugin.filing.tables import upload_table
from weipian_plugin.model.messages import render
from weipian_plugin.model.records import Proposal

from . import cases

PROFILES = ("national-2023", "hebei-2026")
TITLES = {"basic_farmland": "永久基本农田", "ecological_redline": "生态保护红线", "land_survey": "地类图斑"}
#: Areas of papers that a layer stands behind.
AREAS = {
    "basic_farmland": ("basic_farmland_mu", "uncovered_basic_farmland_mu"),
    "ecological_redline": ("redline_mu",),
    "land_survey": ("farmland_mu", "other_agricultural_mu", "construction_mu", "unused_mu", "uncovered_farmland_mu"),
}
SITUATIONS = {
    "批文": ((sound(),), {}),
    "设施": ((sound("facility_agriculture"),), {}),
    "无依据": ((), {}),
    "无号批文": ((sound(PZWH="/"),), {}),
    "采矿": ((sound("mining_right"),), {"kind": "mining"}),
    "供地": ((sound("land_supply"),), {"survey": ((CELL, "0601"),)}),
}


def made(folder: Path, *without: str) -> dict[tuple[str, str, str], Proposal]:
    situations = [Case(name, covers, **more) for name, (covers, more) in SITUATIONS.items()]
    return judged(folder, situations, PROFILES, without)


def not_loaded(proposal: Proposal) -> list[str]:
    return [str(reason.details["layers"]) for reason in proposal.reasons if reason.code == "judgment.not_loaded"]


@pytest.mark.parametrize("missing", [(), *((role,) for role in TITLES), tuple(TITLES)])
def test_every_proposal_says_which_layers_of_control_were_not_given(missing: tuple[str, ...], tmp_path: Path) -> None:
    for (name, part, profile), proposal in made(tmp_path / "县", *missing).items():
        where = (name, part, profile)
        said = not_loaded(proposal)
        assert bool(said) is bool(missing), where
        assert all(TITLES[role] in said[0] for role in missing), where
        favourable = proposal.category == "合法" or "设施农用地" in (proposal.category, proposal.subtype)
        evidence = [entry for entry in proposal.missing if entry.evidence == "control_layers"]
        assert bool(evidence) is bool(missing and favourable), where
        if missing and favourable:
            assert proposal.confidence == "low" and all(TITLES[role] in render(evidence[0].reason) for role in missing)


def test_what_is_touched_of_a_layer_not_given_is_no_figure_in_a_sentence(tmp_path: Path) -> None:
    found = made(tmp_path / "县", "basic_farmland", "ecological_redline")
    sentences = [render(reason) for proposal in found.values() for reason in proposal.reasons]
    assert not [text for text in sentences if "永久基本农田 0.000 亩" in text or "生态保护红线 0.000 亩" in text]


def paper(folder: Path, without: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields of the papers of a case whose catalogue lacked some layers, and its row of the areas."""
    coverage = cases.coverage()
    case = cases.case(folder, photos=0, coverage=tuple(row for row in coverage if row.role not in without))
    return dict(values_of(case, load_rules(), PackageFacts()).fields), dict(area_rows(case)[0])


@pytest.mark.parametrize("missing", list(AREAS))
def test_papers_tell_not_given_from_not_touched(missing: str, tmp_path: Path) -> None:
    given, _ = paper(tmp_path / "一", ())
    fields, row = paper(tmp_path / "二", (missing,))
    for role, names in AREAS.items():
        for name in names:
            if name in given:
                assert isinstance(given[name], Decimal), name
                assert fields[name] == (NOT_GIVEN if role == missing else given[name]), name
            if name in row:
                assert (numbers(fields)[name] is None) is (role == missing), name
    assert given["redline_mu"] == Decimal("0.00"), "a layer that was given and is not touched is zero, not blank"


def test_the_upload_table_leaves_blank_what_was_not_given_and_keeps_zero(tmp_path: Path) -> None:
    coverage = cases.coverage()
    with_it = cases.case(tmp_path / "一", photos=0)
    without = cases.case(
        tmp_path / "二", photos=0, coverage=tuple(row for row in coverage if row.role != "ecological_redline")
    )
    (given,), (lacking,) = upload_table([with_it], "B"), upload_table([without], "B")
    assert (given["占生态红线面积"], lacking["占生态红线面积"]) == (Decimal("0.00"), None)
