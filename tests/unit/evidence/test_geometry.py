"""Wedges, distances and bearings on the ellipsoid; GCJ-02 there and back."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from weipian_plugin import evidence
from weipian_plugin.evidence import gcj02
from weipian_plugin.evidence.checks import measure_pairs
from weipian_plugin.evidence.reading import photo_table
from weipian_plugin.evidence.records import ReadPhoto
from weipian_plugin.evidence.summary import distinct_directions, ring_sides
from weipian_plugin.evidence.view_cone import ELLIPSOID
from weipian_plugin.model.messages import Message

from .countryside import make

places = st.tuples(st.floats(-179, 179), st.floats(-80, 80))


@given(place=places, azimuth=st.floats(0, 359.99), view=st.floats(5, 150), distance=st.floats(10, 500))
def test_a_wedge_reaches_as_far_as_it_should_in_every_direction(
    place: tuple[float, float], azimuth: float, view: float, distance: float
) -> None:
    corners = shapely.get_coordinates(evidence.view_cone(*place, azimuth, view, distance))[1:-1]
    bearing, _, away = ELLIPSOID.inv(
        np.full(len(corners), place[0]), np.full(len(corners), place[1]), corners[:, 0], corners[:, 1]
    )
    assert np.allclose(away, distance, atol=1e-4)
    off = (bearing - azimuth + 180) % 360 - 180
    assert off.min() == pytest.approx(-view / 2, abs=1e-3) and off.max() == pytest.approx(view / 2, abs=1e-3)


@given(place=st.tuples(st.floats(-170, 170), st.floats(-70, 70)), azimuth=st.floats(0, 359.99), view=st.floats(10, 150))
def test_a_wedge_is_a_valid_polygon_of_the_right_area(place: tuple[float, float], azimuth: float, view: float) -> None:
    polygon = evidence.view_cone(*place, azimuth, view, 100.0)
    area = abs(ELLIPSOID.geometry_area_perimeter(polygon)[0])
    assert polygon.is_valid and area == pytest.approx(np.pi * 100**2 * view / 360, rel=0.02)


def test_wedges_without_azimuth_are_circles_and_without_position_empty() -> None:
    circle, nothing = evidence.view_cone([120.0, np.nan], [31.0, 31.0], [np.nan, 10.0], 60.0, 100.0)
    assert abs(ELLIPSOID.geometry_area_perimeter(circle)[0]) == pytest.approx(np.pi * 100**2, rel=0.02)
    assert nothing.is_empty


def at(lon: float, lat: float, azimuth: float, away: float) -> tuple[float, float]:
    east, north, _ = ELLIPSOID.fwd(lon, lat, azimuth, away)
    return east, north


def square(lon: float, lat: float, half: float = 10.0) -> shapely.Polygon:
    return shapely.Polygon([at(lon, lat, turn, half * 2**0.5) for turn in (45, 135, 225, 315)])


def one_photo(lon: float, lat: float, azimuth: float | None, **more: object) -> pd.DataFrame:
    row = {"file": "a.jpg", "sha256": "a" * 64, "lon": lon, "lat": lat, "azimuth": azimuth, "field_of_view": 60.0, "status": "read",
           "notes": (), "purpose": "核查", "taken_at": "2023-08-01T10:00:00+08:00", **more}  # fmt: skip
    return photo_table([ReadPhoto(**row)])


def parcels_of(*polygons: shapely.Polygon, **columns: object) -> geopandas.GeoDataFrame:
    numbers = [f"32058300{index}" for index in range(len(polygons))]
    return geopandas.GeoDataFrame({"number": numbers, **columns}, geometry=list(polygons), crs="EPSG:4490")


@pytest.mark.parametrize(
    ("lon", "lat"), [(120.9, 31.6), (100.4, 25.1), (124.51, 53.0), (76.49, 39.5), (-120.0, -35.0), (1.4, -60.0)]
)
@pytest.mark.parametrize("azimuth", [0.0, 0.4, 90.0, 179.9, 225.0, 359.6])
def test_distance_and_bearing_are_those_of_the_ellipsoid(lon: float, lat: float, azimuth: float) -> None:
    photo, parcels = one_photo(lon, lat, azimuth), parcels_of(square(*at(lon, lat, azimuth, 100.0), 0.05))
    distance, bearing = measure_pairs(photo, parcels, np.array([0]), np.array([0]))
    assert distance[0] == pytest.approx(100.0, abs=0.15) and bearing[0] == 0.0
    turned = photo.assign(azimuth=(azimuth + 50) % 360)
    assert measure_pairs(turned, parcels, np.array([0]), np.array([0]))[1][0] == pytest.approx(50.0, abs=0.1)


@pytest.mark.parametrize(("recorded", "off"), [(355.0, 0.0), (5.0, 0.0), (340.0, 9.0), (20.0, 9.0), (180.0, 169.0)])
def test_bearings_are_compared_across_north(recorded: float, off: float) -> None:
    """A parcel that spans 349° to 11° as seen from the photo."""
    photo, parcels = one_photo(120.9, 31.6, recorded), parcels_of(square(*at(120.9, 31.6, 0.0, 60.0)))
    assert measure_pairs(photo, parcels, np.array([0]), np.array([0]))[1][0] == pytest.approx(off, abs=2.5)


def test_a_photo_inside_of_a_parcel_has_no_distance_and_no_difference() -> None:
    distance, bearing = measure_pairs(
        one_photo(120.9, 31.6, 77.0), parcels_of(square(120.9, 31.6, 30)), np.array([0]), np.array([0])
    )
    assert (distance[0], bearing[0]) == (0.0, 0.0)


def test_a_concave_parcel_behind_the_photographer_is_not_met() -> None:
    """A horseshoe around the photo, open to the north where the photo looks."""
    here = (120.9, 31.6)
    outer = [at(*here, turn, 60) for turn in range(20, 341, 8)]
    inner = [at(*here, turn, 40) for turn in range(340, 19, -8)]
    parcels = parcels_of(shapely.Polygon(outer + inner))
    distance, bearing = measure_pairs(one_photo(*here, 0.0), parcels, np.array([0]), np.array([0]))
    assert distance[0] == pytest.approx(40, abs=1) and bearing[0] == pytest.approx(20, abs=0.5)


def tie_of(photo: pd.DataFrame, parcels: geopandas.GeoDataFrame) -> list[tuple[str, str]]:
    links = evidence.match_photos(photo, parcels)
    return list(zip(links["parcel"], links["status"]))


HERE = (120.9, 31.6)
AHEAD, BESIDE = square(*at(*HERE, 0.0, 40)), square(*at(*HERE, 25.0, 45))


def test_two_parcels_in_the_picture_are_listed_and_not_guessed() -> None:
    found = tie_of(one_photo(*HERE, 12.0), parcels_of(AHEAD, BESIDE))
    assert {status for _, status in found} == {"ambiguous"} and len(found) == 2


def test_a_number_in_the_folder_decides_between_two_parcels() -> None:
    found = tie_of(one_photo(*HERE, 12.0, file="320583001/IMG_1.jpg"), parcels_of(AHEAD, BESIDE))
    assert found == [("320583001", "attached")]


def test_a_number_that_the_picture_contradicts_is_listed_with_it() -> None:
    far = square(*at(*HERE, 180.0, 3000))
    found = tie_of(one_photo(*HERE, 0.0, file="320583001_1.jpg"), parcels_of(AHEAD, far))
    assert sorted(found) == [("320583000", "ambiguous"), ("320583001", "ambiguous")]


def test_a_short_number_in_a_file_name_is_no_claim() -> None:
    parcels = parcels_of(AHEAD, BESIDE).assign(number=["12", "13"])
    assert len(tie_of(one_photo(*HERE, 12.0, file="IMG_12.jpg"), parcels)) == 2
    assert tie_of(one_photo(*HERE, 12.0, file="12/IMG_1.jpg"), parcels) == [("12", "attached")]


@pytest.mark.parametrize(
    ("azimuth", "more", "expected"),
    [
        (0.0, {}, "attached"),
        (180.0, {}, "refused"),
        (None, {}, "ambiguous"),  # 30 m away without a direction: a person has to say
        (
            0.0,
            {
                "status": "refused",
                "lon": float("nan"),
                "lat": float("nan"),
                "notes": [(Message("evidence.empty", {"file": "a.jpg"}),)],
            },
            "refused",
        ),
        (180.0, {"pitch": -89.0}, "ambiguous"),  # straight down: the azimuth is that of the picture's upper edge
    ],
)
def test_a_lone_parcel(azimuth: float | None, more: dict[str, object], expected: str) -> None:
    photo = one_photo(*HERE, azimuth).assign(**more)
    assert tie_of(photo, parcels_of(square(*at(*HERE, 0.0, 60))))[0][1] == expected


def test_of_two_parcels_on_one_place_neither_is_guessed() -> None:
    parcels = parcels_of(AHEAD, AHEAD, later_image=["2023-01", "2023-12"], earlier_image=["2022-01", "2022-12"])
    assert {status for _, status in tie_of(one_photo(*HERE, 0.0), parcels)} == {"ambiguous"}


@pytest.mark.parametrize(("behind", "expected"), [(3.0, "ambiguous"), (12.0, "attached")])
def test_who_stands_at_the_edge_of_one_parcel_and_looks_at_another_has_to_say_which(
    behind: float, expected: str
) -> None:
    parcels = parcels_of(square(*at(*HERE, 0.0, 70)), square(*at(*HERE, 180.0, 10.0 + behind)))
    assert {status for _, status in tie_of(one_photo(*HERE, 0.0), parcels)} == {expected}


def test_every_photo_has_a_row_and_statuses_add_up() -> None:
    country = make(photos=400, parcels=100, side=4000.0)
    links = evidence.match_photos(country.photos, country.parcels)
    assert set(links["file"]) == set(country.photos["file"])
    assert (links.groupby("file")["status"].nunique() == 1).all()
    assert (links[links["status"] == "attached"].groupby("file").size() == 1).all()


def test_no_parcels_and_no_photos_give_empty_tables() -> None:
    photo, parcels = one_photo(*HERE, 0.0), parcels_of(AHEAD)
    assert evidence.match_photos(photo, parcels.iloc[:0])["status"].tolist() == ["refused"]
    assert evidence.match_photos(photo.iloc[:0], parcels).empty
    assert evidence.check(photo.iloc[:0], evidence.match_photos(photo.iloc[:0], parcels), parcels).empty


def test_what_a_person_attached_or_detached_stays_when_ties_are_computed_again() -> None:
    photos = pd.concat([one_photo(*HERE, 0.0), one_photo(*HERE, 0.0, file="b.jpg", sha256="b" * 64)], ignore_index=True)
    parcels = parcels_of(AHEAD, square(*at(*HERE, 180.0, 3000)))
    manual = pd.DataFrame(
        [
            {"photo": "a" * 64, "parcel": "320583001", "status": "attached", "by": "张三"},
            {"photo": "b" * 64, "parcel": "320583000", "status": "detached", "by": "张三"},
        ]
    )
    links = evidence.match_photos(photos, parcels)
    for _ in range(2):
        links = evidence.merge_manual(links, manual)
    assert sorted(zip(links["file"], links["parcel"], links["status"])) == [
        ("a.jpg", "320583001", "attached"),
        ("b.jpg", "", "refused"),
    ]


@given(lon=st.floats(73, 135), lat=st.floats(4, 53))
def test_gcj02_comes_back(lon: float, lat: float) -> None:
    there = gcj02.to_gcj02(lon, lat)
    back = gcj02.from_gcj02(*there)
    assert abs(back[0] - lon) < 1e-9 and abs(back[1] - lat) < 1e-9
    assert 10 < ELLIPSOID.inv(lon, lat, float(there[0]), float(there[1]))[2] < 2000


def test_gcj02_is_nothing_outside_of_china_and_known_inside() -> None:
    assert tuple(map(float, gcj02.to_gcj02(2.35, 48.85))) == (2.35, 48.85)
    lon, lat = gcj02.to_gcj02(116.397428, 39.90923)  # a published pair for the middle of Beijing
    assert (float(lon), float(lat)) == (pytest.approx(116.403674, abs=2e-5), pytest.approx(39.910634, abs=2e-5))


def test_gcj02_is_proposed_with_figures_and_never_applied_silently() -> None:
    country = make(photos=60, parcels=40, side=6000.0, seed=3)
    lon, lat = gcj02.to_gcj02(country.photos["lon"], country.photos["lat"])
    shifted = country.photos.assign(lon=lon, lat=lat)
    settings = evidence.load_settings()
    assert gcj02.suspicion(country.photos, country.parcels, settings) is None
    found = gcj02.suspicion(shifted, country.parcels, settings)
    assert (
        found is not None
        and found.details["after"] > 2 * found.details["before"]
        and 300 < found.details["offset"] < 800
    )
    findings = evidence.check(shifted, evidence.match_photos(shifted, country.parcels), country.parcels)
    assert "gcj02_suspected" in set(findings["code"]) and (shifted["lon"] == lon).all()
    assert np.allclose(gcj02.corrected(shifted)["lon"], country.photos["lon"], atol=1e-9)


@pytest.mark.parametrize(
    ("where", "proposed"),
    [("under the photos as delivered", False), ("under the photos moved back", True), ("far away", True)],
)
def test_roads_under_the_photos_say_that_nothing_is_shifted(where: str, proposed: bool) -> None:
    country = make(photos=60, parcels=40, side=6000.0, seed=3)
    lon, lat = gcj02.to_gcj02(country.photos["lon"], country.photos["lat"])
    shifted = country.photos.assign(lon=lon, lat=lat)
    east, north = {"under the photos as delivered": (lon, lat), "far away": (lon + 0.2, lat)}.get(
        where, (country.photos["lon"], country.photos["lat"])
    )
    lines = shapely.linestrings([[(x - 5e-4, y), (x + 5e-4, y)] for x, y in zip(east, north)])
    roads = geopandas.GeoDataFrame(geometry=lines, crs="EPSG:4490")
    findings = evidence.check(shifted, evidence.match_photos(shifted, country.parcels), country.parcels, roads=roads)
    assert ("gcj02_suspected" in set(findings["code"])) == proposed


@pytest.mark.parametrize(
    ("azimuths", "expected"),
    [
        ([], 0),
        ([10], 1),
        ([350, 10], 1),
        ([350, 30], 2),
        ([0, 90, 180, 270], 4),
        ([0, 15, 30, 45], 2),
        ([0, 20, 40, 345], 2),
    ],
)
def test_distinct_directions_are_counted_on_the_circle(azimuths: list[float], expected: int) -> None:
    assert distinct_directions(azimuths, 30) == expected


def test_the_ring_tells_from_where_the_parcel_was_taken() -> None:
    assert ring_sides([180.0, 183.0, 270.0, 359.0]) == ["北", "东", "南"]
