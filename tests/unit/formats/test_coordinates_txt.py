"""The five TXT variants, read and written; whatever the order of the axes, the parcel lands in its county."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from weipian_plugin import intake
from weipian_plugin.formats import coordinates_txt as txt
from weipian_plugin.geodesy.zone import epsg, project
from weipian_plugin.model.errors import WeipianError

from ..intake import builder as b

VARIANTS = list(txt.VARIANTS)


@st.composite
def plots(draw: st.DrawFn) -> txt.PlotToWrite:
    """A star-shaped parcel anywhere in a zone, with or without a hole and a second part."""
    zone = draw(st.integers(25, 44))
    lon, lat = 3 * zone + draw(st.floats(-1.2, 1.2)), draw(st.floats(20.0, 50.0))
    corners = draw(st.integers(3, 12))
    radii = draw(st.lists(st.floats(0.5, 1.0), min_size=corners, max_size=corners))
    turn = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    ring = np.column_stack([lon + 0.001 * np.cos(turn) * radii, lat + 0.001 * np.sin(turn) * radii])
    shape = shapely.polygons(ring)
    if corners >= 5 and draw(st.booleans()):
        small = shapely.transform(shape, lambda xy: (xy - [lon, lat]) * 0.2 + [lon, lat])
        if shapely.contains_properly(shape, small):
            shape = shapely.difference(shape, small)
    if draw(st.booleans()):
        shape = shapely.union(shape, shapely.box(lon + 0.005, lat, lon + 0.006, lat + 0.001))
    name = draw(st.text(st.sampled_from("永川区图斑ABC123-（）"), min_size=1, max_size=8))
    return txt.PlotToWrite(f"N{draw(st.integers(1, 999))}", shape, name, "住宅用地", "0702", "H48G", area_m2=1234.5)


@given(plot=plots(), variant=st.sampled_from(VARIANTS), encoding=st.sampled_from(["gb18030", "utf-8"]))
@settings(max_examples=250, deadline=None)
def test_every_variant_survives_the_round_trip(plot: txt.PlotToWrite, variant: str, encoding: str) -> None:
    zone = int((shapely.centroid(plot.geometry).x + 1.5) // 3)
    text = txt.write_text([plot], variant, zone).encode(encoding).decode(encoding)
    found = txt.read_text(text)
    assert found.variant == variant and not found.exchanged and len(found.plots) == 1
    read = found.plots[0]
    assert read.problem is None
    dialect = txt.VARIANTS[variant]
    assert read.number == (plot.number if "number" in dialect.head else plot.name)
    expected = plot.geometry if dialect.degrees else project(plot.geometry, zone, prefix=True)
    assert found.crs == (None if dialect.degrees else f"EPSG:{epsg(zone, True)}")
    assert shapely.hausdorff_distance(read.geometry, expected) < (2e-9 if dialect.degrees else 1.1e-3)
    assert len(shapely.get_rings(read.geometry)) == len(shapely.get_rings(expected))


def test_points_run_clockwise_from_the_north_west_and_numbers_go_on() -> None:
    hole = shapely.box(105.9002, 29.3502, 105.9004, 29.3504)
    text = txt.write_text([txt.PlotToWrite("A", shapely.difference(b.square(0), hole))], "approval", 35)
    lines = [line.split(",") for line in text.splitlines() if line.startswith("J")]
    assert [line[0] for line in lines] == ["J1", "J2", "J3", "J4", "J1", "J5", "J6", "J7", "J8", "J5"]
    assert [line[1] for line in lines] == ["1"] * 5 + ["2"] * 5
    first = [float(value) for value in lines[0][2:4]]
    assert first[0] > float(lines[2][2]) and first[1] < float(lines[2][3]), "the first corner is the north-western one"
    assert 35_500_000 < first[1] < 35_600_000, "the easting carries its zone and stands second"


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_file_written_the_other_way_round_is_put_right_and_it_is_said(variant: str, tmp_path: Path) -> None:
    text = txt.write_text([txt.PlotToWrite(b.number(1), b.square(1), b.number(1))], variant, 35)
    first = txt.VARIANTS[variant].first
    lines = []
    for line in text.splitlines():
        items = line.split(",")
        if line.startswith("J"):
            items[first], items[first + 1] = items[first + 1], items[first]
        lines.append(",".join(items))
    path = tmp_path / "图斑.txt"
    path.write_bytes("\r\n".join(lines).encode("gbk"))
    taken = intake.read_delivery(path)
    assert "intake.txt_exchanged" in {note.code for note in taken.notes}
    assert shapely.hausdorff_distance(taken.parcels.geometry.iloc[0], shapely.multipolygons([b.square(1)])) < 2e-8


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_is_a_delivery(variant: str, tmp_path: Path) -> None:
    plots_to_write = [txt.PlotToWrite(b.number(i), b.square(i), b.number(i)) for i in (1, 2, 3)]
    txt.write_file(tmp_path / "坐标.txt", plots_to_write, variant)
    taken = intake.read_delivery(tmp_path / "坐标.txt")
    assert taken.parcels["number"].tolist() == [b.number(i) for i in (1, 2, 3)]
    assert taken.parcels["area_m2"].tolist() == pytest.approx(
        [b.square_metres(b.square(i)) for i in (1, 2, 3)], rel=1e-4
    )


REPORT = """[属性描述]
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=35
精度=0.001
转换参数=,,,,,,
[地块坐标]
{count},0.9600,1,大安街道一号地,面,,工业用地,0601,@
{points}
"""
POINTS = [
    "J1,1,3248400.000,35587400.000", "J2,1,3248400.000,35587500.000", "J3,1,3248304.000,35587500.000", "J4,1,3248304.000,35587400.000",
    "J1,1,3248400.000,35587400.000",
]  # fmt: skip


@pytest.mark.parametrize("count", [4, 5, ""])
def test_the_count_may_include_the_closing_point_or_not(count: object) -> None:
    found = txt.read_text(REPORT.format(count=count, points="\n".join(POINTS)))
    assert found.plots[0].problem is None and shapely.area(found.plots[0].geometry) == pytest.approx(9600)


def test_a_wrong_count_means_lost_points_and_is_refused() -> None:
    found = txt.read_text(REPORT.format(count=9, points="\n".join(POINTS)))
    assert found.plots[0].problem is not None and found.plots[0].problem.code == "intake.txt_count"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("J", ""),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace(",", "，"),
        lambda text: text.rstrip() + "\n\n\n",
        lambda text: text.replace("\n" + POINTS[-1] + "\n", "\n", 1) + POINTS[-1] + "\n",
    ],
    ids=["without J", "CRLF", "full-width commas", "blank lines", "first point at the end"],
)
def test_spellings_of_the_same_plot(change: object) -> None:
    found = txt.read_text(change(REPORT.format(count="", points="\n".join(POINTS))))  # type: ignore[operator]
    assert shapely.area(found.plots[0].geometry) == pytest.approx(9600)


def test_a_ring_inside_is_a_hole_and_a_ring_beside_is_a_part() -> None:
    def ring(x: float, y: float, side: float) -> np.ndarray:
        return np.array([(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)])

    shape = txt.nested([ring(0, 0, 10), ring(2, 2, 5), ring(3, 3, 1), ring(20, 0, 2)])
    assert shape.area == 100 - 25 + 1 + 4 and shapely.is_valid(shape)


def test_axes_that_nothing_tells_apart_are_asked_about() -> None:
    with pytest.raises(WeipianError) as caught:
        txt.read_text("4,甲,面,住宅,@\nJ1,1,500,600\nJ2,1,500,700\nJ3,1,600,700\n")
    assert caught.value.code == "intake.txt_axes"
    said = txt.read_text("4,甲,面,住宅,@\nJ1,1,500,600\nJ2,1,500,700\nJ3,1,600,700\n", swapped=True)
    assert shapely.get_coordinates(said.plots[0].geometry)[0].tolist() == [600, 500]


def test_an_unreadable_point_refuses_the_plot_only(tmp_path: Path) -> None:
    text = txt.write_text([txt.PlotToWrite(b.number(i), b.square(i)) for i in (1, 2)], "enforcement")
    broken = text.replace("J2,1,", "J2,1,x", 1)
    (tmp_path / "a.txt").write_bytes(broken.encode("gbk"))
    taken = intake.read_delivery(tmp_path / "a.txt")
    assert [r.code for r in taken.rejected] == ["intake.txt_point_unreadable"] and len(taken.parcels) == 1


def test_a_strange_zone_is_an_error_that_says_so() -> None:
    with pytest.raises(WeipianError) as caught:
        txt.read_text(REPORT.format(count=4, points="\n".join(POINTS)).replace("带号=35", "带号=99"))
    assert caught.value.code == "intake.txt_zone"


def test_commas_in_names_cannot_move_the_items() -> None:
    text = txt.write_text([txt.PlotToWrite("A,1\n@", b.square(0), "甲，乙", "住宅@")], "approval", 35)
    head = next(line for line in text.splitlines() if line.endswith("@"))
    assert head.count(",") == 8 and txt.read_text(text).plots[0].number == "A 1"


@pytest.mark.parametrize("text", ["", "说明文字", "J1,1,2,3", "@\n@", "4,a,面,用途,@"])
def test_a_covering_letter_is_no_coordinate_file(text: str, tmp_path: Path) -> None:
    (tmp_path / "说明.txt").write_bytes(text.encode("gbk"))
    assert txt.read_file(tmp_path / "说明.txt") is None


@given(st.text(st.sampled_from("J0123456789,.@-[]=\n面 带号坐标"), max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_text_ends_in_plots_or_one_error(text: str) -> None:
    try:
        found = txt.read_text(text)
    except WeipianError:
        return
    assert all(plot.geometry is not None or plot.problem is not None for plot in found.plots)


def test_an_unknown_variant_is_named() -> None:
    with pytest.raises(WeipianError) as caught:
        txt.write_text([], "nonsense")
    assert caught.value.code == "intake.txt_variant_unknown"
