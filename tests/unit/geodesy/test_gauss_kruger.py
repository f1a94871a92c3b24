"""The own projection against PROJ, which shares no code with it."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from weipian_plugin.geodesy import zone as zones
from weipian_plugin.geodesy.gauss_kruger import areal_scale, forward, inverse
from weipian_plugin.model.errors import WeipianError


@pytest.mark.parametrize("zone", [25, 35, 38, 45])
@pytest.mark.parametrize("prefix", [True, False])
def test_projection_equals_proj_to_a_micrometre(zone: int, prefix: bool) -> None:
    rng = np.random.default_rng(zone)
    lon = rng.uniform(3 * zone - 3, 3 * zone + 3, 2000)
    lat = rng.uniform(3, 54, 2000)
    proj = pyproj.Transformer.from_crs("EPSG:4490", f"EPSG:{zones.epsg(zone, prefix)}", always_xy=True)
    expected = np.column_stack(proj.transform(lon, lat))
    points = shapely.points(lon, lat)
    planar = shapely.get_coordinates(zones.project(points, zone, prefix))
    assert np.abs(planar - expected).max() < 2e-6
    back = shapely.get_coordinates(zones.unproject(shapely.points(planar), zone, prefix))
    assert np.abs(back - np.column_stack([lon, lat])).max() < 1e-11


@settings(max_examples=200, deadline=None)
@given(st.floats(73.5, 136.0), st.floats(3.0, 54.0), st.floats(-3.0, 3.0))
def test_there_and_back_is_the_same_point(meridian: float, lat: float, off: float) -> None:
    lon = np.array([meridian + off])
    x, y = forward(lon, np.array([lat]), meridian)
    lon2, lat2 = inverse(x, y, meridian)
    assert abs(lon2[0] - lon[0]) < 1e-11 and abs(lat2[0] - lat) < 1e-11


def test_areal_scale_equals_proj_factors() -> None:
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(103.5, 106.5, 500), rng.uniform(18, 50, 500)
    x, y = forward(lon, lat, 105.0)
    factors = pyproj.Proj("+proj=tmerc +lon_0=105 +x_0=500000 +a=6378137 +rf=298.257222101").get_factors(lon, lat)
    assert np.abs(areal_scale(x, y) * factors.areal_scale - 1).max() < 2e-9


@pytest.mark.parametrize(
    ("lon", "zone"), [(105.9, 35), (114.5, 38), (103.4999, 34), (103.5, 35), (106.5, 36), (73.6, 25), (135.1, 45)]
)
def test_zone_is_the_one_with_the_nearest_meridian(lon: float, zone: int) -> None:
    assert zones.zone_of(lon) == zone
    assert zones.zone_of(np.array([lon, lon])).tolist() == [zone, zone]


@pytest.mark.parametrize(
    ("zone", "prefix", "code"),
    [
        (35, True, 4523),
        (35, False, 4544),
        (38, True, 4526),
        (25, True, 4513),
        (45, True, 4533),
        (25, False, 4534),
        (45, False, 4554),
    ],
)
def test_codes_of_zones(zone: int, prefix: bool, code: int) -> None:
    assert zones.epsg(zone, prefix) == code
    assert zones.of_epsg(code) == (zone, prefix)


def test_a_zone_outside_china_is_refused_with_its_number() -> None:
    with pytest.raises(WeipianError) as rejected:
        zones.epsg(46, True)
    assert rejected.value.code == "geodesy.zone_unknown"
    assert "46" in rejected.value.text("zh") and "46" in rejected.value.text("en")
    assert zones.of_epsg(4490) is None and zones.of_epsg(4555) is None


def test_handan_lies_where_the_2026_audit_found_it() -> None:
    point = zones.project(shapely.Point(114.5, 36.7), 38, prefix=True)
    assert 38_500_000 < point.x < 38_600_000 and 4_000_000 < point.y < 4_100_000


def test_zones_of_geometry_go_by_the_middle_of_the_box() -> None:
    boxes = [shapely.box(105.9, 29, 106.0, 29.1), shapely.box(106.49, 29, 106.53, 29.1), shapely.Polygon(), None]
    assert zones.zones_of(boxes).tolist() == [35, 36, -1, -1]
