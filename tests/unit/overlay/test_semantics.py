"""What a square metre counts as: worked out by hand on rectangles."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from weipian_plugin.filing.areas import Figures, area_rows
from weipian_plugin.filing.case import ParcelCase
from weipian_plugin.geodesy.area import ellipsoidal_area
from weipian_plugin.model.records import Coverage, Parcel
from weipian_plugin.overlay.classes import DIVIDING, load_classes
from weipian_plugin.workspace.mapping import records_of

from .county import covered, layer, measure, parcels, plane, region, values

SURVEY = [
    ((-500, -500, 50, 500), {"DLBM": "0101", "KCXS": 0.1, "SJNF": 2022}),
    ((50, -500, 500, 500), {"DLBM": "0702", "KCXS": 0.0, "SJNF": 2022}),
]


def test_a_parcel_that_hits_nothing_has_a_row_of_zeros_for_every_role(tmp_path: Path) -> None:
    layers = [
        layer(tmp_path, role, [((0, 0, 10, 10), {"PZWH": "甲"})])
        for role in ("land_survey", "farmland_conversion", "land_supply", "ecological_redline")
    ]
    result = measure(parcels({"A": (500, 500, 600, 600)}), layers)
    assert result.coverage["role"].tolist() == [source.role for source in layers]
    assert (result.coverage[["area_m2", "area_mu", "share", "projected_m2"]] == 0).all().all()
    found = values(result, "A")
    assert found["uncovered"] == found["area"] == found["unsupplied"] == found["unsurveyed"] > 9990
    assert found["approved"] == found["farmland"] == 0
    assert not len(result.parts)


def test_nothing_is_counted_twice_and_the_overlap_is_shown(tmp_path: Path) -> None:
    approvals = layer(
        tmp_path,
        "farmland_conversion",
        [
            ((0, 0, 60, 100), {"PZWH": "渝府地〔2022〕1号", "PZRQ": "20220501"}),
            ((40, 0, 70, 100), {"PZWH": "渝府地〔2022〕2号", "PZRQ": "20220601"}),
        ],
    )
    result = measure(parcels({"A": (0, 0, 100, 100)}), [approvals])
    total = values(result, "A")["area"]
    areas = covered(result, "A", "farmland_conversion")
    assert areas[""] == pytest.approx(total * 0.7, abs=0.006)
    assert areas["渝府地〔2022〕1号"] == pytest.approx(total * 0.6, abs=0.006)
    assert areas["渝府地〔2022〕2号"] == pytest.approx(total * 0.3, abs=0.006)
    shared = result.overlaps[result.overlaps["part"] == ""]
    assert shared["area_m2"].tolist() == pytest.approx([total * 0.2], abs=0.006)


def test_approved_and_uncovered_add_up_and_are_never_negative(tmp_path: Path) -> None:
    approvals = layer(tmp_path, "farmland_conversion", [((-10, -10, 200, 200), {"PZWH": "甲", "PZRQ": "20200101"})])
    linkage = layer(tmp_path, "linkage", [((250, 0, 333.333, 100), {"PZWH": "乙", "PZRQ": "20200101"})])
    result = measure(parcels({"A": (0, 0, 100, 100), "B": (200, 0, 300, 100)}), [approvals, linkage])
    whole, part = values(result, "A"), values(result, "B")
    assert whole["approved"] == whole["area"] and whole["uncovered"] == 0 and whole["approved_share"] == 100
    assert part["approved"] + part["uncovered"] == pytest.approx(part["area"], abs=1e-9)
    assert part["approved"] == pytest.approx(part["area"] * 0.5, abs=0.006)
    assert region(result, "A", "uncovered").is_empty
    assert region(result, "B", "uncovered").area == pytest.approx(5000, abs=1e-3)
    assert region(result, "B", "approved").area == pytest.approx(5000, abs=1e-3)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["0101", "0102", "0103", "0204", "0301", "0702", "1001", "1107", "1204"]),
            st.floats(0.4, 60.0),
        ),
        min_size=2,
        max_size=9,
    )
)
def test_figures_of_land_classes_add_up_to_their_kind_of_land_in_lists_and_forms_alike(
    strips: list[tuple[str, float]],
) -> None:
    ends = np.cumsum([0.0, *(round(width, 3) for _, width in strips)])
    rows = [
        ((float(west), -10, float(east), 60), {"DLBM": code, "SJNF": 2022})
        for (code, _), west, east in zip(strips, ends[:-1], ends[1:])
    ]
    with tempfile.TemporaryDirectory() as folder:
        result = measure(parcels({"A": (0, 0, float(ends[-1]), 50)}), [layer(Path(folder), "land_survey", rows)])
    own = {name: value for name, value in values(result, "A").items() if isinstance(value, (int, float))}
    found = ParcelCase(
        Parcel("A", area_m2=own["area"]), tuple(records_of(Coverage, result.coverage.to_dict("records"))), {"": own}
    )
    areas = area_rows(found)
    figures = Figures(found, areas)
    classes = result.coverage[(result.coverage["group"] != "") & (result.coverage["part"] == "")]
    summed: dict[str, Decimal] = {}
    for code, area, listed in zip(classes["group"], classes["area_m2"], classes["area_mu"]):
        printed = figures.of_class(code, area)
        assert printed == Decimal(str(listed)) and abs(float(printed) - area * 0.0015) <= 0.02
        kind = DIVIDING[load_classes().group(code)]
        summed[kind] = summed.get(kind, Decimal(0)) + printed
    assert all(areas[0][f"{kind}_mu"] == figure for kind, figure in summed.items())
    assert sum(summed.values()) + areas[0]["unsurveyed_mu"] == areas[0]["total_mu"]


def test_survey_composition_closes_and_overlays_are_not_part_of_the_sum(tmp_path: Path) -> None:
    survey = layer(tmp_path, "land_survey", SURVEY)
    basic = layer(tmp_path, "basic_farmland", [((0, 50, 100, 100), {"DLBM": "0101"})])
    redline = layer(tmp_path, "ecological_redline", [((-5, -5, 110, 110), {"HXMC": "某红线"})])
    approvals = layer(tmp_path, "farmland_conversion", [((0, 0, 30, 100), {"PZWH": "甲", "PZRQ": "20200101"})])
    found = values(measure(parcels({"A": (0, 0, 100.003, 100)}), [survey, basic, redline, approvals]), "A")
    groups = [found[name] for name in ("farmland", "other_agricultural", "construction", "unused", "unsurveyed")]
    assert sum(groups) == pytest.approx(found["area"], abs=1e-9)
    assert found["agricultural"] == found["farmland"] + found["other_agricultural"]
    assert found["farmland"] == pytest.approx(found["area"] * 50 / 100.003, abs=0.01)
    assert found["uncovered_farmland"] == pytest.approx(found["area"] * 20 / 100.003, abs=0.01)
    assert found["uncovered_basic_farmland"] == pytest.approx(found["area"] * 35 / 100.003, abs=0.01)
    assert found["uncovered_ecological_redline"] == found["uncovered"]
    assert found["ecological_redline"] == found["area"]
    assert found["main_class"] == "0702" and found["main_class_share"] == pytest.approx(50.0015, abs=1e-3)


@pytest.mark.parametrize("deduct", [False, True])
def test_ridges_are_deducted_only_on_request_and_the_sum_still_closes(tmp_path: Path, deduct: bool) -> None:
    survey = layer(tmp_path, "land_survey", SURVEY)
    approvals = layer(tmp_path, "farmland_conversion", [((0, 0, 20, 100), {"PZWH": "甲", "PZRQ": "20200101"})])
    result = measure(parcels({"A": (0, 0, 100, 100)}), [survey, approvals], deduct_ridges=deduct)
    found, classes = values(result, "A"), covered(result, "A", "land_survey")
    ridge = found["area"] * 0.5 * 0.1
    assert found["ridge"] == pytest.approx(ridge, abs=0.006)
    gross = found["area"] * 0.5
    assert found["farmland"] == pytest.approx(gross - ridge if deduct else gross, abs=0.01)
    assert found["agricultural"] == pytest.approx(gross, abs=0.01)
    assert ("1203" in classes) == deduct
    net = 0.9 if deduct else 1
    assert found["uncovered_farmland"] == pytest.approx(found["area"] * 0.3 * net, abs=0.01)
    assert sum(area for group, area in classes.items() if group) == pytest.approx(found["area"], abs=1e-9)


def test_overlapping_survey_polygons_go_to_farmland_first_and_are_reported(tmp_path: Path) -> None:
    survey = layer(
        tmp_path,
        "land_survey",
        [
            ((0, 0, 60, 100), {"DLBM": "0101"}),
            ((40, 0, 100, 100), {"DLBM": "0702"}),
        ],
    )
    found = values(measure(parcels({"A": (0, 0, 100, 100)}), [survey]), "A")
    assert found["farmland"] == pytest.approx(found["area"] * 0.6, abs=0.01)
    assert found["construction"] == pytest.approx(found["area"] * 0.4, abs=0.01)
    assert found["farmland"] + found["construction"] == pytest.approx(found["area"], abs=1e-9)
    assert found["survey_overlap"] == pytest.approx(2000, abs=0.01)


@pytest.mark.parametrize(
    ("date", "until", "earlier", "later", "expected"),
    [
        ("20230619", None, "2023-06-20", "2024-01-15", "before"),
        ("20230620", None, "2023-06-20", "2024-01-15", "before"),
        ("20230621", None, "2023-06-20", "2024-01-15", "between"),
        ("20240115", None, "2023-06-20", "2024-01-15", "between"),
        ("20240116", None, "2023-06-20", "2024-01-15", "late"),
        ("2022", None, "2023-06-20", "2024-01-15", "before"),
        ("2023", None, "2023-06-20", "2024-01-15", "between"),
        ("2024", None, "2023-06-20", "2024-01-15", "undated"),  # may be late: not believed
        ("2024", None, "2023-06", "2024-03", "undated"),
        ("202403", None, "2023-06", "2024-03", "undated"),  # the image may be of the first of the month
        ("202402", None, "2023-06", "2024-03", "between"),
        ("2024-03-28", None, "2023-06", "2024", "undated"),
        ("2022年5月1日上报，待批", None, "2023-06-20", "2024-01-15", "void"),
        ("2022-05-01 撤销", None, "2023-06-20", "2024-01-15", "void"),
        ("2022-05-01至2023-05-01", None, "2023-06-20", "2024-01-15", "undated"),
        ("20220101", "2年", "2023-06-20", "2024-01-15", "expired"),
        ("20220101", "五年", "2023-06-20", "2024-01-15", "before"),
        (
            "20220101",
            "20220101-20261231",
            "2023-06-20",
            "2024-01-15",
            "undated",
        ),  # neither a date nor a range as people write it
        ("20220101", "2022-01-01至2026-12-31", "2023-06-20", "2024-01-15", "before"),
        ("20220101", "长期", "2023-06-20", "2024-01-15", "before"),
        ("20220101", "见合同", "2023-06-20", "2024-01-15", "undated"),
        ("20220101", "已到期", "2023-06-20", "2024-01-15", "void"),
        ("20220101", "2030-01-01", "2023-06-20", None, "undated"),
        ("", None, "2023-06-20", "2024-01-15", "undated"),
        ("待定", None, "2023-06-20", "2024-01-15", "undated"),
        ("20220101", "20240114", "2023-06-20", "2024-01-15", "expired"),
        ("20220101", "20240115", "2023-06-20", "2024-01-15", "before"),
        ("20220101", "2024", "2023-06-20", "2024-01-15", "undated"),  # may have ended
        ("20220101", "2023", "2023-06-20", "2024-01-15", "expired"),
        ("20220101", None, None, "2024-01-15", "between"),
        ("20220101", None, "2023-06-20", None, "before"),
        ("20230701", None, "2023-06-20", None, "undated"),
        ("20220101", None, None, None, "undated"),
    ],
)
def test_timing_is_against_the_parcels_own_images_and_doubt_is_undated(
    tmp_path: Path, date: str, until: str | None, earlier: str | None, later: str | None, expected: str
) -> None:
    source = layer(tmp_path, "temporary_land", [((0, 0, 100, 100), {"PZWH": "甲", "PZSJ": date, "ZZSJ": until or ""})])
    result = measure(parcels({"A": (0, 0, 100, 100)}, earlier, later), [source], shapes=False)
    found = values(result, "A")
    areas = {
        name: found[f"temporary_land_{name}"] for name in ("before", "between", "late", "expired", "undated", "void")
    }
    assert {name for name, area in areas.items() if area} == {expected}
    assert areas[expected] == found["area"]
    assert found["temporary_land_in_time"] == (found["area"] if expected in ("before", "between") else 0)
    row = result.coverage[result.coverage["group"] == "甲"].iloc[0]
    assert row["timing"] == expected


def test_parts_give_each_metre_to_one_ground_in_the_stated_order(tmp_path: Path) -> None:
    layers = [
        layer(tmp_path, "temporary_land", [((40, 0, 80, 100), {"PZWH": "临", "PZSJ": "20230101", "ZZSJ": "20260101"})]),
        layer(
            tmp_path,
            "farmland_conversion",
            [
                ((0, 0, 50, 100), {"PZWH": "批", "PZRQ": "20220101"}),
                ((90, 0, 100, 100), {"PZWH": "补", "PZRQ": "20250101"}),
            ],
        ),
    ]
    result = measure(parcels({"A": (0, 0, 100, 100), "B": (300, 0, 400, 100)}), layers)
    parts = result.parts
    assert parts["parcel"].tolist() == ["A"] * 3
    assert parts["part"].tolist() == ["_1", "_2", "_3"]
    assert parts["basis"].tolist() == ["farmland_conversion", "temporary_land", ""]
    assert parts["group"].tolist() == ["批", "临", ""]
    total = values(result, "A")["area"]
    assert parts["area_m2"].sum() == pytest.approx(total, abs=1e-9)
    assert parts["area_m2"].to_numpy() == pytest.approx(np.array([0.5, 0.3, 0.2]) * total, abs=0.01)
    rest = values(result, "A", "_3")
    assert rest["area"] == parts["area_m2"].iloc[2]
    assert rest["approved_late"] == pytest.approx(rest["area"] / 2, abs=0.01) and rest["approved_in_time"] == 0
    assert covered(result, "A", "temporary_land", "_1")[""] == pytest.approx(total * 0.1, abs=0.01)


@pytest.mark.parametrize(("edge", "expected"), [(99.5, False), (99.99, False), (98.5, True), (60, True)])
def test_a_sliver_does_not_make_a_split(tmp_path: Path, edge: float, expected: bool) -> None:
    source = layer(tmp_path, "farmland_conversion", [((0, 0, edge, 100), {"PZWH": "批", "PZRQ": "20220101"})])
    result = measure(parcels({"A": (0, 0, 100, 100)}), [source])
    assert bool(len(result.parts)) == expected
    found = values(result, "A")
    assert found["uncovered"] == pytest.approx((100 - edge) * 100 * found["area"] / 1e4, abs=0.011)
    assert found["uncovered_width"] == pytest.approx(100 - edge, abs=0.03 if edge > 90 else 0.6)


def test_a_named_sliver_keeps_its_row_so_that_the_areas_add_up(tmp_path: Path) -> None:
    layers = [
        layer(tmp_path, "farmland_conversion", [((0, 0, 50, 100), {"PZWH": "批", "PZRQ": "20220101"})]),
        layer(tmp_path, "land_supply", [((0, 0, 50.4, 100), {"PFWH": "供", "PZRQ": "20220101"})]),
    ]
    result = measure(parcels({"A": (0, 0, 100, 100)}), layers)
    assert result.parts["basis"].tolist() == ["farmland_conversion", "", "land_supply"]
    assert result.parts["sliver"].tolist() == [False, False, True]
    assert result.parts["area_m2"].sum() == pytest.approx(values(result, "A")["area"], abs=1e-9)


def test_supply_facility_and_temporary_land_are_net_of_approvals(tmp_path: Path) -> None:
    layers = [
        layer(tmp_path, "farmland_conversion", [((0, 0, 30, 100), {"PZWH": "批", "PZRQ": "20220101"})]),
        layer(tmp_path, "land_supply", [((0, 0, 20, 100), {"PFWH": "供", "PZRQ": "20220101"})]),
        layer(tmp_path, "facility_agriculture", [((10, 0, 50, 100), {"BABH": "设", "BASJ": "20220101"})]),
        layer(tmp_path, "temporary_land", [((60, 0, 80, 100), {"PZWH": "临", "PZSJ": "20220101"})]),
    ]
    found = values(measure(parcels({"A": (0, 0, 100, 100)}), layers), "A")
    area = found["area"]
    assert found["unsupplied"] == pytest.approx(area * 0.8, abs=0.01)
    assert found["facility_net"] == pytest.approx(area * 0.2, abs=0.01)
    assert found["temporary_net"] == pytest.approx(area * 0.2, abs=0.01)
    assert found["cover_best"] == pytest.approx(40, abs=0.001)


def test_classes_of_the_survey_before_the_image_count_and_the_year_before_serves_for_unchanged(tmp_path: Path) -> None:
    years = {2021: "0101", 2022: "0702", 2023: "1202", 2024: "0601"}
    layers = [
        layer(tmp_path, "land_survey", [((-500, -500, 500, 500), {"DLBM": code, "SJNF": year})], name=f"DLTB_{year}")
        for year, code in years.items()
    ]
    table = parcels({"A": (0, 0, 100, 100)}, "2023-06-20", "2024-06-15")
    result = measure(table, layers)
    found = values(result, "A")
    assert found["main_class"] == "1202"  # 2024's own survey may already show what was built
    assert found["construction_previous"] == found["area"]  # 2022, the last before 前时相
    assert covered(result, "A", "land_survey") == {"": found["area"], "1202": found["area"]}
    assert not result.rejected


def test_a_survey_of_the_images_own_year_is_used_only_for_want_of_another_and_said(tmp_path: Path) -> None:
    source = layer(tmp_path, "land_survey", [((-500, -500, 500, 500), {"DLBM": "0702"})], name="地类图斑2024")
    result = measure(parcels({"A": (0, 0, 100, 100)}, "2023-06-20", "2024-06-15"), [source])
    assert values(result, "A")["construction"] == values(result, "A")["area"]
    assert [rejection.code for rejection in result.rejected] == ["overlay.no_survey_year"]
    assert "2024" in result.rejected[0].reason.details.values() or 2024 in result.rejected[0].reason.details.values()


def test_village_attributes_are_counted_by_their_code(tmp_path: Path) -> None:
    source = layer(
        tmp_path,
        "land_survey",
        [
            ((0, 0, 30, 100), {"DLBM": "0702", "CZCSXM": "203"}),
            ((30, 0, 50, 100), {"DLBM": "0601", "CZCSXM": "203A"}),
            ((50, 0, 60, 100), {"DLBM": "0602", "CZCSXM": "204"}),
            ((60, 0, 100, 100), {"DLBM": "0101", "CZCSXM": ""}),
        ],
    )
    found = values(measure(parcels({"A": (0, 0, 100, 100)}), [source]), "A")
    assert found["village_203"] == pytest.approx(found["area"] * 0.5, abs=0.01)
    assert found["village_land"] == pytest.approx(found["area"] * 0.6, abs=0.01)


def test_road_lines_touch_without_having_an_area(tmp_path: Path) -> None:
    middle = plane(0, 40, 1, 60).centroid
    line = shapely.LineString([(middle.x - 300, middle.y), (middle.x + 300, middle.y)])
    source = layer(tmp_path, "road_network", [(line, {"LXMC": "国道"})])
    result = measure(parcels({"A": (0, 0, 100, 100), "B": (0, 200, 100, 300)}), [source])
    assert values(result, "A")["road_network_touch"] == 1 and values(result, "B")["road_network_touch"] == 0
    assert values(result, "A")["road_network"] == 0


def test_width_along_the_axis_of_a_road(tmp_path: Path) -> None:
    axis = shapely.LineString([(0, 0), (200, 30), (400, 0), (700, 120)])
    road = shapely.buffer(axis, 3.5, cap_style="flat", join_style="mitre")
    moved = shapely.transform(road, lambda xy: xy + (590_000.0, 3_248_000.0))
    source = layer(tmp_path, "villages", [((0, 0, 10, 10), {"XZQMC": "某村"})])
    found = values(measure(parcels({"A": moved, "B": (0, 500, 60, 600)}), [source]), "A")
    assert found["road_width"] == pytest.approx(7.0, abs=0.05)
    assert found["road_width_maximum"] == pytest.approx(7.0, abs=0.3)
    assert found["elongation"] > 90
    square = values(measure(parcels({"B": (0, 500, 60, 600)}), [source]), "B")
    assert square["road_width"] == pytest.approx(60, abs=0.1) and square["elongation"] == pytest.approx(1.667, abs=0.01)


def test_the_total_is_the_official_area_given_or_computed(tmp_path: Path) -> None:
    source = layer(tmp_path, "farmland_conversion", [((0, 0, 50, 100), {"PZWH": "批", "PZRQ": "20220101"})])
    table = parcels({"A": (0, 0, 100, 100)})
    official = ellipsoidal_area(table.geometry.to_numpy())[0]
    assert values(measure(table, [source]), "A")["area"] == round(official, 2)
    given = values(measure(table.assign(area_m2=9_000.0), [source]), "A")
    assert given["area"] == 9_000.0 and given["approved"] == 4_500.0 and given["uncovered"] == 4_500.0


def test_mining_parcels_are_measured_by_the_mining_right_in_the_same_way(tmp_path: Path) -> None:
    source = layer(
        tmp_path,
        "mining_right",
        [
            ((0, 0, 50, 100), {"XKZH": "C500", "YXQQ": "20200101", "YXQZ": "20301231", "KSMC": "某矿"}),
            ((50, 0, 70, 100), {"XKZH": "C400", "YXQQ": "20100101", "YXQZ": "20201231", "KSMC": "旧矿"}),
        ],
    )
    result = measure(parcels({"A": (0, 0, 100, 100)}, kind="mining"), [source])
    found = values(result, "A")
    assert found["mining_right_in_time"] == pytest.approx(found["area"] * 0.5, abs=0.01)
    assert found["mining_right_expired"] == pytest.approx(found["area"] * 0.2, abs=0.01)
    assert result.parts["basis"].tolist() == ["mining_right", ""]
