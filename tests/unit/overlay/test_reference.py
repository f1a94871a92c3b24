"""The engine against the plainest possible overlay, on random countries with overlaps, holes, slivers and shared borders."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from weipian_plugin.geodesy import zone as zones
from weipian_plugin.geodesy.area import plane_area

from .county import EAST, NORTH, ZONE, covered, layer, measure, parcels, region, values


def blobs(rng: np.random.Generator, count: int, size: float, spread: float) -> np.ndarray:
    """Irregular valid polygons, some with a hole, coordinates at a tenth of a millimetre."""
    shapes = []
    for _ in range(count):
        corners = int(rng.integers(5, 25))
        angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
        radius = size * rng.uniform(0.4, 1.3, corners)
        centre = rng.uniform(0, spread, 2) + (EAST, NORTH)
        shape = shapely.Polygon(np.round(np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None] + centre, 4))
        shape = shapely.make_valid(shape, method="structure", keep_collapsed=False)
        if rng.random() < 0.3:
            shape = shape.difference(shapely.Point(centre).buffer(size * 0.2))
        shapes.append(max(shapely.get_parts(shape), key=lambda part: part.area))
    return np.array(shapes, object)


def cells(rng: np.random.Generator, count: int, spread: float) -> np.ndarray:
    """A tessellation without gap or overlap."""
    points = shapely.MultiPoint(np.round(rng.uniform(-200, spread + 200, (count, 2)), 1) + (EAST, NORTH))
    return shapely.get_parts(shapely.voronoi_polygons(points))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("threads", [1, 2])
def test_every_area_is_the_plain_union_of_plain_intersections(tmp_path: Path, seed: int, threads: int) -> None:
    rng = np.random.default_rng(seed)
    survey, approvals = cells(rng, 60, 900), blobs(rng, 40, 70, 900)
    shapes = blobs(rng, 30, 80, 900)
    shapes[0] = approvals[0]  # shared border
    shapes[1] = survey[3]
    codes = rng.choice(["0101", "0301", "0702", "1206"], len(survey))
    layers = [
        layer(tmp_path, "land_survey", [(shape, {"DLBM": code, "SJNF": 2022}) for shape, code in zip(survey, codes)]),
        layer(
            tmp_path,
            "farmland_conversion",
            [
                (shape, {"PZWH": f"批{k % 9}", "PZRQ": "20220101" if k % 3 else "20240601"})
                for k, shape in enumerate(approvals)
            ],
        ),
    ]
    table = parcels({f"P{k:02d}": shape for k, shape in enumerate(shapes)})
    result = measure(table, layers, threads=threads, batch=7)
    plane = zones.project(table.geometry.to_numpy(), ZONE)
    late = np.array([k % 3 == 0 for k in range(len(approvals))])
    for number, shape in zip(table["number"], plane):
        found, classes = values(result, number), covered(result, number, "land_survey")
        scale = found["area"] / plane_area([shape])[0]

        def area(geometry: Any, scale: float = scale) -> float:
            # Where shapes only touch, what GEOS keeps of an intersection may be a line; a line has no area.
            pieces = [piece for piece in shapely.get_parts(geometry) if shapely.get_dimensions(piece) == 2]
            return float(plane_area(pieces).sum() * scale) if pieces else 0.0

        union = shapely.union_all(approvals)
        assert found["approved"] == pytest.approx(area(shape & union), abs=0.011)
        assert found["approved_in_time"] == pytest.approx(area(shape & shapely.union_all(approvals[~late])), abs=0.011)
        assert found["uncovered"] == pytest.approx(area(shape - union), abs=0.011)
        assert found["approved"] + found["uncovered"] == pytest.approx(found["area"], abs=1e-9)
        for code in np.unique(codes):
            expected = area(shape & shapely.union_all(survey[codes == code]))
            assert classes.get(code, 0.0) == pytest.approx(expected, abs=0.011)
        assert sum(size for code, size in classes.items() if code) + found["unsurveyed"] == pytest.approx(
            found["area"], abs=1e-9
        )
        farmland = shapely.union_all(survey[codes == "0101"])
        assert found["uncovered_farmland"] == pytest.approx(area((shape - union) & farmland), abs=0.011)
        left, taken = region(result, number, "uncovered"), region(result, number, "approved")
        assert left.area + taken.area == pytest.approx(shape.area, abs=2e-3)
        parts = result.parts[result.parts["parcel"] == number]
        if len(parts):
            assert parts["area_m2"].sum() == pytest.approx(found["area"], abs=1e-9)
            planar = shapely.area(zones.project(parts.geometry.to_numpy(), ZONE))
            assert planar.sum() == pytest.approx(shape.area, abs=2e-3)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6))
def test_batches_threads_and_order_change_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shapes, approvals = blobs(rng, 12, 60, 400), blobs(rng, 15, 60, 400)
    with tempfile.TemporaryDirectory() as folder:
        source = layer(
            Path(folder),
            "farmland_conversion",
            [(shape, {"PZWH": f"批{k}", "PZRQ": "2022"}) for k, shape in enumerate(approvals)],
        )
        table = parcels({f"P{k}": shape for k, shape in enumerate(shapes)})
        one = measure(table, [source])
        other = measure(table, [source], threads=2, batch=5)
        turned = measure(table.iloc[::-1], [source])
    plain = ["parcel", "part", "role", "group", "area_m2", "share", "timing", "document"]
    assert one.coverage[plain].to_csv() == other.coverage[plain].to_csv()
    assert one.measures.to_csv() == other.measures.to_csv()
    mine, theirs = (table.measures.sort_values(["parcel", "part", "measure"]) for table in (one, turned))
    assert mine.to_csv(index=False) == theirs.to_csv(index=False)


def test_a_piece_far_from_the_middle_of_a_wide_parcel_has_its_own_scale(tmp_path: Path) -> None:
    """A parcel of 3 km x 1 km, 90 km from the meridian: one factor for all would be wrong by some 0.07 m² per hectare."""
    source = layer(tmp_path, "farmland_conversion", [((2900, 0, 3000, 100), {"PZWH": "批", "PZRQ": "20220101"})])
    table = parcels({"A": (0, 0, 3000, 1000)})
    dense = _dense_area(EAST + 2900, NORTH, EAST + 3000, NORTH + 100)
    whole = _dense_area(EAST, NORTH, EAST + 3000, NORTH + 1000)
    found = values(measure(table.assign(area_m2=whole), [source]), "A")
    assert found["approved"] == pytest.approx(dense, abs=0.0101)
    naive = 10_000 * whole / 3e6
    assert abs(naive - dense) > 0.05


def _dense_area(west: float, south: float, east: float, north: float) -> float:
    """∬ 1/m² over the rectangle by Gauss-Legendre in 30 digits, m by the closed series of the projection."""
    mpmath.mp.dps = 30
    a, f = mpmath.mpf(6378137), 1 / mpmath.mpf("298.257222101")
    e2 = f * (2 - f)
    middle = math.radians(29.346)  # radius of curvature hardly changes over a kilometre
    w = 1 - e2 * mpmath.sin(middle) ** 2
    r2 = a**2 * (1 - e2) / w**2
    ep2 = e2 / (1 - e2) * mpmath.cos(middle) ** 2

    def inverse_square(x: Any) -> Any:
        u = (x - 500_000) ** 2 / r2
        return 1 / (1 + u / 2 + u * u / 24 * (1 + 4 * ep2)) ** 2

    return float(mpmath.quad(inverse_square, [west, east]) * (north - south))
