"""In doubt against 合法: what speaks against a parcel never improves its proposal, nor does taking evidence away.

Rank: 合法 before the favourable categories (其他, 设施农用地, 农村道路, 伪变化) before doubt and violation, which are not ranked against
each other: a layer that is missing may turn a violation into doubt, never into anything better.

More than 20,000 changed parcels by each profile in a deep run (WEIPIAN_DEEP=1), a share of them otherwise.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.judgment.frames import DATES, GROUNDS, OTHER_ROLES, Cover, Plot, every, profile_called, tables
from weipian_plugin.judgment import MeasuredTables, judge
from weipian_plugin.model.feedback import Silent
from weipian_plugin.overlay.timing import TIMINGS, day_spans, timing_of

DEEP = bool(os.environ.get("WEIPIAN_DEEP"))
PROFILES = ("national-2023", "hebei-2026")
#: Parcels for each property and profile; each is judged with every change (some 20), so that a deep run compares some 160,000 pairs.
EXAMPLES = 2_000 if DEEP else 15
TODAY = date(2026, 11, 27)
CELLS = 4
RANK = {"合法": 2, "其他": 1, "设施农用地": 1, "农村道路": 1, "伪变化": 1, "存疑": 0, "违法": 0, "非农违法": 0}

USES = (None, "工业用地", "公路用地", "城镇住宅用地", "林地", "设施农用地")
FILLED = ("", "厂房类", "光伏", "城镇住宅", "采矿用地", "农村道路")
DOCUMENTS = ("渝府地〔2022〕100号", "永规资供〔2021〕5号", "待批", "/", None)
AUTHORITIES = (None, "重庆市人民政府", "永川区人民政府", "国务院")
ROLES = GROUNDS + OTHER_ROLES + ("land_survey",)
CONTROLS = ("basic_farmland", "ecological_redline", "road_network")

cover = st.builds(
    Cover,
    role=st.sampled_from(("farmland_conversion", "farmland_conversion", *GROUNDS)),
    cells=st.sampled_from((every(CELLS), every(CELLS), frozenset((0, 1)), frozenset((0,)), frozenset((1, 2, 3)))),
    timing=st.sampled_from(("before", "before", "before", "between", "late", "expired", "undated", "void")),
    document=st.sampled_from(DOCUMENTS),
    use=st.sampled_from(USES),
    authority=st.sampled_from(AUTHORITIES),
    kind=st.sampled_from((None, None, "土地承包经营权", "国有建设用地使用权")),
    project=st.sampled_from((None, "渝西高速公路")),
    until=st.sampled_from((None, "2030-01-01", "")),
)
claims = st.fixed_dictionaries(
    {},
    optional={
        "use": st.sampled_from(FILLED),
        "ground_class": st.sampled_from(("0601", "1006", "1202", "0702", "0103")),
        "construction_date": st.sampled_from(("2020-03", "2022", "2023-01-05")),
        "category": st.sampled_from(("合法", "其他", "违法")),
        "subtype": st.sampled_from(("边角细缝", "其他", "农村宅基地")),
        "project": st.sampled_from(("某某园区", "渝西高速公路")),
        "village_attribute": st.just("203"),
    },
)
measured = st.fixed_dictionaries(
    {},
    optional={
        "basic_farmland": st.sampled_from((0.0, 500.0)),
        "construction_previous": st.sampled_from((0.0, 1000.0, 2000.0)),
        "village_203": st.sampled_from((0.0, 2000.0)),
        "main_class": st.sampled_from(("0103", "1006", "1202", "0702", "0601")),
        "road_width": st.sampled_from((5.0, 9.0)),
        "uncovered_width": st.sampled_from((1.0, 30.0)),
    },
)
plots = st.builds(
    Plot,
    number=st.just("A"),
    count=st.just(CELLS),
    area=st.sampled_from((2000.0, 2000.0, 20.0)),
    covers=st.lists(cover, max_size=3).map(tuple),
    roles=st.just(ROLES),
    values=measured,
    claims=claims,
    attributes=st.fixed_dictionaries({}, optional={"kind": st.sampled_from(("land", "land", "mining"))}),
    photos=st.sampled_from((0, 1)),
    documents=st.sampled_from(((), ("影像",), ("批复", "备案"))),
)


def with_cover(plot: Plot, place: int, **changes: Any) -> Plot:
    covers = list(plot.covers)
    covers[place] = replace(covers[place], **changes)
    return replace(plot, covers=tuple(covers))


def without_cover(plot: Plot, place: int) -> Plot:
    return replace(plot, covers=(*plot.covers[:place], *plot.covers[place + 1 :]))


def with_attributes(**changes: Any) -> Callable[[Plot], Plot]:
    return lambda plot: replace(plot, attributes={**plot.attributes, **changes})


def with_values(**changes: Any) -> Callable[[Plot], Plot]:
    return lambda plot: replace(plot, values={**plot.values, **changes})


def with_claims(**changes: Any) -> Callable[[Plot], Plot]:
    """Said where nothing was said: one date in place of another may well agree better with an unchanged ground."""
    return lambda plot: replace(plot, claims={**changes, **plot.claims})


def with_more(*covers: Cover) -> Callable[[Plot], Plot]:
    return lambda plot: replace(plot, covers=(*plot.covers, *covers))


#: What may be said against one document. Taken for worse than it was, it does at most what no document does: where it contradicted
#: another ground or the county's own entries, the doubt was about it, and goes with it.
AGAINST_A_DOCUMENT: tuple[dict[str, Any], ...] = (
    {"timing": "void", "status": "已撤销"},
    *({"timing": timing, "date": DATES[timing]} for timing in ("late", "undated", "expired")),
    *({"document": text} for text in ("待批", None, "立项批复〔2022〕3号", "渝府地〔2022〕 号", "征地公告〔2022〕5号")),
    *({"doubt": code} for code in ("repaired", "number_year", "area", "status_code")),
    {"authority": "永川区人民政府"},
    {"authority": None},
    {"use": "耕地"},
    {"date": None},
)
#: What may be said against a parcel, or taken away of what speaks for it.
AGAINST_A_PARCEL: tuple[Callable[[Plot], Plot], ...] = (
    with_more(Cover("farmland_conversion", every(CELLS), "void", document="旧〔2020〕1号", status="已撤销")),
    with_more(Cover("farmland_conversion", every(CELLS), "late", document="补〔2023〕9号")),
    with_more(Cover("facility_agriculture", every(CELLS), "void", document="永设〔2020〕1号", status="已撤销")),
    *(with_attributes(flags=(flag,)) for flag in ("area_mismatch", "kind_unsure", "withdrawn", "repaired", "outside_county")),
    with_attributes(later_image="2033-01-01"),
    lambda plot: replace(
        plot, attributes={**plot.attributes, "later_image": plot.attributes.get("earlier_image", "2022-09-18")}
    ),
    *(with_claims(construction_date=text) for text in ("2010-01-01", "2019年前")),
    *(
        with_attributes(first_seen=text)
        for text in ("1949-10-01/2010-05-01", "2022-09-18/2023-04-26", "2021-06-14/2022-07-01")
    ),
    with_values(uncovered_basic_farmland=20.0, basic_farmland=20.0),
    with_values(basic_farmland=2000.0),
    with_values(road_width_maximum=40.0),
    lambda plot: replace(plot, photos=0),
    lambda plot: replace(plot, documents=()),
    with_attributes(later_image=None),
    with_attributes(earlier_image=None),
    with_values(approved_in_time=None, uncovered_in_time=None),
    with_values(construction_previous=None),
    lambda plot: replace(plot, roles=tuple(role for role in plot.roles if role not in CONTROLS)),
)  # fmt: skip

#: Claims that a document may contradict: with one of them, a document may speak against the parcel, and taking it away improve it.
CONTRADICTED = frozenset(("use", "ground_class", "construction_date", "category", "subtype"))
FOR_BUILDING = ("farmland_conversion", "linkage", "land_supply", "registration")
#: Documents that lead to doubt only, because a person decides (合法·其他): they support no proposal.
FOR_PERSONS = {"national-2023": ("advance_use",), "hebei-2026": ("advance_use", "temporary_land")}


def supports(plot: Plot, cover: Cover, profile: str) -> bool:
    """A sound document in time that nothing contradicts: numbered, for building, of an authority that may convert what is touched, on
    land that no other document of doubtful force lies on."""
    able = cover.authority in ("重庆市人民政府", "国务院") or not plot.values.get("basic_farmland")
    return (
        cover.timing in ("before", "between")
        and cover.document in DOCUMENTS[:2]
        and cover.role not in FOR_PERSONS[profile]
        and not CONTRADICTED & set(plot.claims)
        and cover.use not in ("林地", "设施农用地")
        and cover.kind != "土地承包经营权"
        and able
    )


def against(cover: Cover) -> list[dict[str, Any]]:
    """What makes this document worse: another paper's number than a sound one (not than none), a farming use than one for building."""
    numbered, for_building = cover.document in DOCUMENTS[:2], cover.role in FOR_BUILDING
    return [
        change
        for change in AGAINST_A_DOCUMENT
        if (numbered or not change.get("document")) and (for_building or "use" not in change)
    ]


def ranks(profile: str, *cases: Plot) -> list[int]:
    """The rank of each of some parcels, judged together."""
    made = tables(*(replace(plot, number=f"{place:04d}") for place, plot in enumerate(cases)))
    measured = MeasuredTables(made.parcels, made.coverage, made.measures, made.evidence, made.parts)
    proposals = judge(measured, profile_called(profile), Silent(), as_of=TODAY)
    return [RANK[proposal.category] for proposal in proposals]


common = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("profile", PROFILES)
@common
@given(plot=plots)
def test_what_speaks_against_a_parcel_never_improves_its_proposal(profile: str, plot: Plot) -> None:
    worse = [change(plot) for change in AGAINST_A_PARCEL]
    before, *after = ranks(profile, plot, *worse)
    assert max(after) <= before, (before, [case for case, rank in zip(worse, after) if rank > before])


@pytest.mark.parametrize("profile", PROFILES)
@common
@given(plot=plots.filter(lambda plot: bool(plot.covers)), place=st.integers(0, 2))
def test_what_speaks_against_a_document_never_improves_a_proposal(profile: str, plot: Plot, place: int) -> None:
    place %= len(plot.covers)
    numbered = (
        plot.covers[place].document in DOCUMENTS[:2]
    )  # another paper's number is worse than a sound one, not than none
    changes = [change for change in AGAINST_A_DOCUMENT if numbered or not change.get("document")]
    worse = [with_cover(plot, place, **change) for change in changes]
    before, absent, *after = ranks(profile, plot, without_cover(plot, place), *worse)
    most = before if supports(plot, plot.covers[place], profile) else max(before, absent)
    assert max(after) <= most, (before, absent, [case for case, rank in zip(worse, after) if rank > most])
    if supports(plot, plot.covers[place], profile):
        assert absent <= before


#: Favourable timings first: a date or image that is known less well, or an end that comes earlier, never moves a piece forward.
_ORDER = {"before": 2, "between": 1, "late": 0, "expired": 0, "undated": 0, "void": 0}
days = st.sampled_from(
    ("2021", "2022", "2022-09", "2022-09-17", "2022-09-18", "2023-04", "2023-04-26", "2023-04-27", "2023", "2024")
)
images = st.tuples(
    st.sampled_from(("2022-09-18", "2022-09", "2022", None)), st.sampled_from(("2023-04-26", "2023-04", "2023", None))
)


def timing(date_: str | None, until: str | None, pair: tuple[str | None, str | None]) -> int:
    first, last = day_spans([date_])
    until_first, until_last = day_spans([until])
    earlier, later = day_spans([pair[0]]), day_spans([pair[1]])

    found = timing_of(first, last, until_first, until_last, np.array([earlier[0], later[0], later[1]]))
    return _ORDER[TIMINGS[int(found[0])]]


@settings(max_examples=10_000 if DEEP else 300, deadline=None)
@given(date_=st.one_of(st.none(), days), until=st.one_of(st.none(), days), pair=images, cut=st.sampled_from((4, 7)))
def test_knowing_less_of_a_date_never_makes_it_timely(
    date_: str | None, until: str | None, pair: tuple[str | None, str | None], cut: int
) -> None:
    known = timing(date_, until, pair)
    assert timing(None, until, pair) <= known
    assert timing(date_, until, (pair[0], None)) <= known
    if date_:
        assert timing(date_[:cut], until, pair) <= known
    if pair[1]:
        assert timing(date_, until, (pair[0], pair[1][:cut])) <= known
    if until:
        assert known <= timing(date_, None, pair)
