"""Areas against figures found in the field, a dense reference in high precision, and their own parts."""

from __future__ import annotations

import mpmath
import numpy as np
import pyproj
import pytest
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st

from weipian_plugin.geodesy import zone as zones
from weipian_plugin.geodesy.area import ellipsoidal_area, plane_area, series_area
from weipian_plugin.model.errors import WeipianError


def reference(plane: shapely.Polygon, step: float = 2.0) -> float:
    """Area on the ellipsoid of a polygon with straight edges in the plane of zone 35: edges cut every ``step`` metres,
    points to degrees by PROJ, bands in closed form with 40 digits."""
    mpmath.mp.dps = 40
    f = 1 / mpmath.mpf("298.257222101")
    e2 = f * (2 - f)
    e = mpmath.sqrt(e2)
    proj = pyproj.Transformer.from_crs("EPSG:4544", "EPSG:4490", always_xy=True)

    def band(lat: float) -> mpmath.mpf:
        s = mpmath.sin(mpmath.radians(mpmath.mpf(lat)))
        return (1 - e2) * (s / (1 - e2 * s * s) + mpmath.atanh(e * s) / e)

    total = mpmath.mpf(0)
    for ring, sign in [(plane.exterior, 1)] + [(hole, -1) for hole in plane.interiors]:
        xy = shapely.get_coordinates(shapely.segmentize(ring, step))
        lon, lat = proj.transform(xy[:, 0], xy[:, 1])
        bands = [band(value) for value in lat]
        radians = [mpmath.radians(mpmath.mpf(value)) for value in lon]
        area = sum((radians[k] + radians[k + 1]) / 2 * (bands[k + 1] - bands[k]) for k in range(len(bands) - 1))
        total += sign * abs(area)
    return float(total * mpmath.mpf(6378137) ** 2 / 2)


def rotated_square(side: float, east: float, north: float = 3_386_000.0) -> shapely.Polygon:
    angle = 0.3
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) - 0.5
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return shapely.Polygon(corners @ turn * side + [east, north])


@pytest.mark.parametrize(
    ("box", "expected", "tolerance"),
    [((0, 30, 0.01, 30.01), 1_069_521.173, 0.0006), ((0, 49, 1, 50), 8_056_245_437.27, 0.06)],
)
def test_the_series_gives_the_published_values(box: tuple[float, ...], expected: float, tolerance: float) -> None:
    assert series_area([shapely.box(*box)])[0] == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize("east", [500_000.0, 580_000.0, 640_000.0])
@pytest.mark.parametrize("side", [50.0, 100.0, 141.0])
def test_official_area_is_within_a_hundredth_of_the_dense_reference(side: float, east: float) -> None:
    square = rotated_square(side, east)
    degrees = zones.unproject(square, 35)
    assert ellipsoidal_area([degrees])[0] == pytest.approx(reference(square), abs=0.011 * max(1, side**2 / 1e4))


@pytest.mark.parametrize("east", [500_000.0, 640_000.0, 360_000.0])
@pytest.mark.parametrize("side", [100.0, 1000.0])
def test_plane_area_is_the_dense_reference(side: float, east: float) -> None:
    square = rotated_square(side, east)
    assert plane_area([square])[0] == pytest.approx(reference(square, 5.0), rel=2e-9, abs=1e-4)


def test_a_hole_counts_once_and_a_multipolygon_is_the_sum() -> None:
    whole = shapely.box(105.9, 29.3, 105.905, 29.304)
    hole = shapely.box(105.901, 29.301, 105.902, 29.302)
    other = shapely.box(105.91, 29.3, 105.911, 29.301)
    ring = shapely.Polygon(whole.exterior.coords, [hole.exterior.coords[::-1]])
    areas = ellipsoidal_area([whole, hole, ring, other, shapely.MultiPolygon([ring, other]), None, shapely.Polygon()])
    assert areas[2] == pytest.approx(areas[0] - areas[1], abs=1e-6)
    assert areas[4] == pytest.approx(areas[2] + areas[3], abs=1e-6)
    assert areas[5] == areas[6] == 0


def test_the_70_m_rule_matters_where_one_long_side_is_plain() -> None:
    # A strip of 1 km x 10 m, one side plain, the other cut every 20 m: without the rule some 8.6 m² are wrong.
    east = np.linspace(621_000, 620_000, 51)
    plain = [[620_000, 3_386_000], [621_000, 3_386_000]]
    strip = shapely.affinity.rotate(shapely.Polygon([*plain, *np.column_stack([east, np.full(51, 3_386_010.0)])]), 17)
    degrees = zones.unproject(strip, 35)
    truth = reference(strip)
    assert abs(series_area([degrees])[0] - truth) > 5
    assert abs(ellipsoidal_area([degrees])[0] - truth) < 0.1


def test_direction_and_start_of_a_ring_do_not_matter() -> None:
    square = zones.unproject(rotated_square(300, 600_000), 35)
    points = list(square.exterior.coords)[:-1]
    for k in range(4):
        turned = shapely.Polygon(points[k:] + points[:k])
        assert ellipsoidal_area([turned, turned.reverse()]) == pytest.approx(ellipsoidal_area([square])[0], abs=2e-4)


def test_a_line_is_refused_by_its_place() -> None:
    with pytest.raises(WeipianError) as rejected:
        ellipsoidal_area([shapely.box(105, 29, 105.1, 29.1), shapely.LineString([(105, 29), (106, 30)])])
    assert rejected.value.code == "geodesy.not_polygon"
    assert rejected.value.message.details["feature"] == 1


@settings(max_examples=60, deadline=None)
@given(st.floats(360_000, 640_000), st.floats(2_200_000, 5_500_000), st.floats(20, 2000), st.floats(0.1, 0.9))
def test_parts_in_the_plane_add_up_to_the_whole(east: float, north: float, side: float, at: float) -> None:
    square = rotated_square(side, east, north)
    west, south, right, top = square.bounds
    knife = west + (right - west) * at
    left = shapely.intersection(square, shapely.box(west - 1, south - 1, knife, top + 1))
    rest = shapely.difference(square, shapely.box(west - 1, south - 1, knife, top + 1))
    areas = plane_area([square, left, rest])
    assert abs(areas[0] - areas[1] - areas[2]) < 1e-9 * areas[0] + 2e-5
