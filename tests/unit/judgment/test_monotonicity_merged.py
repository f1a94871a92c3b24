"""In doubt against 合法, for parcels that are one project (并宗): what speaks against a document or a member never improves the proposal of the
project, nor that of a member by itself. Through real deliveries and layers; rank and bounds as in :mod:`test_monotonicity`.

A few files an example, some projects a file: 120 projects in a deep run (WEIPIAN_DEEP=1).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.judgment.frames import TODAY, profile_called
from tests.unit.judgment.real_files import AROUND, LEFT, RIGHT, Case, Cover, measured_files, otherwise, sound
from tests.unit.judgment.test_monotonicity import DEEP, PROFILES, RANK
from weipian_plugin.judgment import judge
from weipian_plugin.model.feedback import Silent
from weipian_plugin.overlay import OverlayOptions
from weipian_plugin.pipeline.merged import Basis, with_projects

EXAMPLES = 40 if DEEP else 1
#: Columns of number and date by role.
NAMES = {
    "farmland_conversion": ("PZWH", "PZRQ"),
    "linkage": ("PZWH", "PZRQ"),
    "land_supply": ("PFWH", "PZRQ"),
    "registration": ("BDCQZH", "DJSJ"),
    "temporary_land": ("PZWH", "PZSJ"),
    "facility_agriculture": ("BABH", "BASJ"),
    "homestead": ("PZWH", "PZRQ"),
}
#: The land of the second member lies beside that of the first; every case is placed in a cell of its own, 600 m further east.
FIRST, SECOND = shapely.box(0, 0, 25, 40), shapely.box(-575, 0, -550, 40)


@dataclass(frozen=True)
class Project:
    """Two neighbouring parcels, the documents over them, and the columns of each."""

    covers: tuple[Cover, ...]
    first: dict[str, Any]
    second: dict[str, Any]
    photos: int = 1
    later: str = "20230426"


def cases(project: Project, name: str) -> tuple[Case, Case]:
    whole = Case(f"{name}甲", project.covers, project.first, FIRST, photos=project.photos)
    return whole, Case(f"{name}乙", (), project.second, SECOND, photos=project.photos, later=project.later)


def without_document(project: Project) -> Project:
    return replace(project, covers=project.covers[1:])


def with_column(place: int, text: str) -> Callable[[Project], Project]:
    """Another number (0) or date (1) of the first document."""

    def changed(project: Project) -> Project:
        cover, *others = project.covers
        name = NAMES[cover.role][place]
        return replace(project, covers=(otherwise(cover, columns={**cover.columns, name: text}), *others))

    return changed


def with_status(column: str, text: str) -> Callable[[Project], Project]:
    def changed(project: Project) -> Project:
        cover, *others = project.covers
        return replace(project, covers=(otherwise(cover, columns={**cover.columns, column: text}), *others))

    return changed


def with_second(**columns: Any) -> Callable[[Project], Project]:
    return lambda project: replace(project, second={**columns, **project.second})


AGAINST_THE_DOCUMENT: tuple[Callable[[Project], Project], ...] = (
    *(with_status(*pair) for pair in (("ZT", "已撤销"), ("BZ", "批文作废"), ("SCBZ", "1"), ("BZ", "有争议"), ("ZT", "2"))),
    *(with_column(0, text) for text in ("待批", "/")),
    *(with_column(1, text) for text in ("2023-06-30", "待批", "2023")),
)  # fmt: skip
AGAINST_A_MEMBER: tuple[Callable[[Project], Project], ...] = (
    with_second(JCMJ=30.0),
    with_second(建设时间="2019年前"),
    lambda project: replace(project, later="20330101"),
    lambda project: replace(project, later=""),
    lambda project: replace(project, photos=0),
)
documents = st.builds(
    sound, st.sampled_from(("farmland_conversion", *NAMES)), st.sampled_from((AROUND, AROUND, LEFT, RIGHT))
)
filled = st.sampled_from(({}, {}, {"用途分类细化": "厂房类"}, {"建设时间": "2022"}))
projects = st.builds(Project, st.lists(documents, min_size=1, max_size=2).map(tuple), filled, filled)


def ranks(found: Sequence[Project], profile: str) -> list[dict[str, int]]:
    """Of each project the rank of its proposal (``joint``) and of its members by themselves."""
    laid = [case for place, project in enumerate(found) for case in cases(project, str(place))]
    with tempfile.TemporaryDirectory() as folder:
        tables, layers, numbers = measured_files(Path(folder) / "县", laid)
        groups = [(numbers[f"{place}甲"], numbers[f"{place}乙"]) for place in range(len(found))]
        rules = profile_called(profile)
        alone = judge(tables, rules, Silent(), as_of=TODAY)
        basis = Basis(layers, OverlayOptions(threads=1), tables.evidence, rules, TODAY)
        joint = with_projects(alone, tables.parcels, groups, basis, Silent())
    by_number = {one.parcel: RANK[one.category] for one in alone if not one.part}
    together = {one.parcel: RANK[one.category] for one in joint if not one.part}
    return [{"joint": together[a], "甲": by_number[a], "乙": by_number[b]} for a, b in groups]


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=not DEEP)
@given(drawn=st.lists(projects, min_size=3, max_size=3), profile=st.sampled_from(PROFILES))
def test_what_speaks_against_a_project_never_improves_it(drawn: list[Project], profile: str) -> None:
    changes = [*AGAINST_THE_DOCUMENT, *AGAINST_A_MEMBER]
    variants = [(project, without_document(project), *(change(project) for change in changes)) for project in drawn]
    found = ranks([one for variant in variants for one in variant], profile)
    for place, variant in enumerate(variants):
        before, absent, *after = found[place * len(variant) : (place + 1) * len(variant)]
        for index, (change, new) in enumerate(zip(variant[2:], after)):
            of_document = index < len(AGAINST_THE_DOCUMENT)
            most = {name: max(rank, absent[name]) if of_document else rank for name, rank in before.items()}
            assert not [name for name in most if new[name] > most[name]], (profile, before, absent, new, change)


def test_a_project_under_one_sound_conversion_is_legal_and_under_half_of_it_is_not() -> None:
    covered = Project((sound(),), {}, {})
    half = Project((sound(shape=LEFT),), {}, {})
    for profile in PROFILES:
        assert ranks([covered, half], profile) == [{"joint": 2, "甲": 2, "乙": 2}, {"joint": 0, "甲": 2, "乙": 0}]
