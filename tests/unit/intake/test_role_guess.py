"""Role proposals against descriptions of layers as counties have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from weipian_plugin.formats.catalogue import roles
from weipian_plugin.intake.role_clues import clues
from weipian_plugin.intake.role_guess import Geometry, LayerFacts, propose_role, propose_roles

DESCRIPTIONS = Path(__file__).with_name("role_descriptions.txt")
#: What a layer taken for one of these roles could turn into 合法.
GROUNDS = {
    "farmland_conversion", "linkage", "land_supply", "registration", "advance_use", "temporary_land",
    "facility_agriculture", "homestead", "rural_road", "restoration", "mining_right",
}  # fmt: skip


def described() -> list[tuple[str, LayerFacts]]:
    result = []
    for line in DESCRIPTIONS.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        role, name, container, geometry, columns, samples = (part.strip() for part in line.split("|"))
        values = dict(pair.strip().split("=") for pair in samples.split(";") if pair.strip())
        facts = LayerFacts(
            name,
            container,
            tuple(columns.split()),
            Geometry(geometry),
            {column: tuple(value.split(",")) for column, value in values.items()},
        )
        result.append((role, facts))
    return result


CASES = described()


def test_the_list_holds_two_hundred_descriptions_of_every_role() -> None:
    assert len(CASES) >= 200
    assert {role for role, _ in CASES} == {*roles(), "-"}


def test_at_least_95_of_100_descriptions_get_their_role() -> None:
    wrong = [
        f"{facts.name}: {propose_role(facts).role} instead of {role}"
        for role, facts in CASES
        if (propose_role(facts).role or "-") != role
    ]
    assert len(wrong) <= len(CASES) * 0.05, wrong


@pytest.mark.parametrize(("role", "facts"), CASES, ids=[f"{role}-{facts.name}" for role, facts in CASES])
def test_no_layer_is_taken_for_a_ground_it_is_not(role: str, facts: LayerFacts) -> None:
    proposed = propose_role(facts).role
    assert proposed is None or proposed == role or proposed not in GROUNDS


def test_every_role_of_the_catalogue_has_clues() -> None:
    assert {entry.role for entry in clues().roles} == set(roles())


@pytest.mark.parametrize("role", sorted(roles()))
def test_the_titles_of_the_roles_are_understood(role: str) -> None:
    images = {role: Geometry.RASTER for role, entry in roles().items() if entry.raster}
    geometry = {"road_network": Geometry.LINE, **images}
    title = roles()[role].title
    assert propose_role(LayerFacts(title, geometry=geometry.get(role, Geometry.POLYGON))).role == role


@pytest.mark.parametrize("word", ["拟", "未批", "待批", "申请", "注销", "失效", "预审", "在报"])
@pytest.mark.parametrize("role", sorted(GROUNDS))
def test_a_layer_not_in_force_waits_for_a_person(role: str, word: str) -> None:
    for name in (f"{word}{roles()[role].title}", f"{roles()[role].title}_{word}"):
        proposal = propose_role(LayerFacts(name, geometry=Geometry.POLYGON))
        assert proposal.role is None
        assert proposal.candidates[0].role == role, "it is still offered first"


@pytest.mark.parametrize("geometry", [Geometry.POINT, Geometry.NONE, Geometry.LINE, Geometry.RASTER])
@pytest.mark.parametrize("role", sorted(GROUNDS))
def test_what_has_no_area_is_no_ground(role: str, geometry: Geometry) -> None:
    assert propose_role(LayerFacts(roles()[role].title, geometry=geometry)).role is None


def test_the_reasons_name_word_columns_and_value() -> None:
    facts = LayerFacts(
        "采矿权", "", ("XKZH", "KSMC"), Geometry.POLYGON, {"XKZH": ("C5001182010127120098765",), "KSMC": ("某矿",)}
    )
    proposal = propose_role(facts)
    assert [reason.code for reason in proposal.reasons] == [
        "intake.role_by_name", "intake.role_by_columns", "intake.role_by_values",
    ]  # fmt: skip
    assert proposal.reasons[2].details["value"] == "C5001182010127120098765"
    assert proposal.confidence > 0.9


def test_a_container_counts_only_where_the_layer_itself_is_silent() -> None:
    inside = propose_role(LayerFacts("临时用地", "永久基本农田.gdb", geometry=Geometry.POLYGON))
    assert inside.role == "temporary_land"


def test_of_two_dated_images_the_older_is_the_earlier_one() -> None:
    facts = [LayerFacts(name, geometry=Geometry.RASTER) for name in ("大安_202303_GF2", "大安_20220611")]
    assert [proposal.role for proposal in propose_roles(facts)] == ["imagery_after", "imagery_before"]


@pytest.mark.parametrize("names", [("a_2022", "b_2022"), ("a_2021", "b_2022", "c_2023"), ("DEM_2021", "影像_2022")])
def test_images_that_dates_do_not_tell_apart_wait_for_a_person(names: tuple[str, ...]) -> None:
    facts = [LayerFacts(name, geometry=Geometry.RASTER) for name in names]
    assert all(proposal.role is None for proposal in propose_roles(facts))
