"""A legal ground whose shape had to be repaired, through real files: more than 1 % of its area, or a hole that was filled."""

from __future__ import annotations

from typing import Any

import pytest
import shapely

from tests.unit.judgment.real_files import CELL, Case, Cover, judged, sound
from tests.unit.judgment.test_real_attacks import MEANING, PROFILES
from weipian_plugin.model.records import Proposal

BUILT = ((CELL, "0601"),)
RING = [(-5, -5), (55, -5), (55, 45), (-5, 45)]
#: 3,000 m². Names, and whether the repair is small: less than 1 % of the area and no hole.
SHAPES: dict[str, tuple[Any, bool]] = {
    "有效": (shapely.Polygon(RING), True),
    "打结 2 m²": (shapely.Polygon([*RING[:2], (55, 20), (57, 22), (55, 22), (57, 20), *RING[2:]]), True),
    "打结 100 m²": (shapely.Polygon([*RING[:2], (55, 10), (75, 20), (55, 20), (75, 10), *RING[2:]]), False),
    "洞出界": (shapely.Polygon(RING, [[(50, 40), (60, 40), (60, 50), (50, 50)]]), False),
    "洞重叠": (
        shapely.Polygon(RING, [[(52, 10), (54, 10), (54, 30), (52, 30)], [(52, 20), (54, 20), (54, 40), (52, 40)]]),
        False,
    ),
    "洞在外": (shapely.Polygon(RING, [[(100, 0), (110, 0), (110, 10), (100, 10)]]), False),
    "两块重叠": (shapely.MultiPolygon([shapely.box(-5, -5, 55, 45), shapely.box(20, -5, 80, 45)]), False),
    "两块相邻": (shapely.MultiPolygon([shapely.box(-5, -5, 25, 45), shapely.box(25, -5, 55, 45)]), True),
}
#: role, what of its sound document is legal or favourable under both profiles, more of the case
ROLES: dict[str, tuple[str, dict[str, Any]]] = {
    "farmland_conversion": ("合合", {}),
    "linkage": ("合合", {}),
    "land_supply": ("合合", {"survey": BUILT}),
    "registration": ("合合", {"survey": BUILT}),
    "mining_right": ("合合", {"kind": "mining"}),
    "facility_agriculture": ("他他", {}),
    "temporary_land": ("他疑", {}),
    "homestead": ("他他", {}),
    "restoration": ("他他", {}),
}
CASES = [(role, name) for role in ROLES for name in SHAPES]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, str], Proposal]:
    cases = []
    for role, name in CASES:
        cover = sound(role, SHAPES[name][0])
        cases.append(Case(f"{role} {name}", (cover,), **ROLES[role][1]))
    whole = shapely.Polygon(RING)
    for name, (shape, _) in SHAPES.items():
        other = Cover("farmland_conversion", {**sound().columns, "PZWH": "渝府地〔2022〕7号"}, whole)
        cases.append(Case(f"另有完好的批文 {name}", (sound(shape=shape), other)))
    return judged(tmp_path_factory.mktemp("修复") / "县", cases, PROFILES)


@pytest.mark.parametrize("place", [0, 1], ids=PROFILES)
@pytest.mark.parametrize(("role", "name"), CASES)
def test_a_ground_whose_shape_was_repaired_much_is_doubtful(
    outcomes: dict[tuple[str, str, str], Proposal], role: str, name: str, place: int
) -> None:
    proposal = outcomes[f"{role} {name}", "", PROFILES[place]]
    expected = ROLES[role][0][place] if SHAPES[name][1] else "疑"
    assert proposal.category in MEANING[expected], (proposal.rule, proposal.reasons)
    told = any(reason.code == "judgment.guard_repaired" for reason in proposal.reasons)
    assert not (told and SHAPES[name][1])
    if role == "farmland_conversion" and not SHAPES[name][1]:
        assert told


@pytest.mark.parametrize("place", [0, 1], ids=PROFILES)
@pytest.mark.parametrize("name", SHAPES)
def test_a_sound_document_beside_a_repaired_one_is_enough(
    outcomes: dict[tuple[str, str, str], Proposal], name: str, place: int
) -> None:
    assert outcomes[f"另有完好的批文 {name}", "", PROFILES[place]].category == "合法"
