"""Coordinates are put where they belong, or the user is asked; nothing is assumed without saying so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from weipian_plugin import intake
from weipian_plugin.formats.crs import decide_crs, to_lon_lat
from weipian_plugin.geodesy.extents import Extent, extent_of, joint_extent, nation
from weipian_plugin.model.errors import WeipianError

from ..intake import builder as b


def places(lon: float, lat: float, epsg: int, swapped: bool = False) -> np.ndarray:
    """Three points around a place in a system, as a file would hold them."""
    lons, lats = lon + np.array([-0.01, 0.0, 0.01]), lat + np.array([0.005, 0.0, -0.01])
    x, y = (lons, lats) if epsg == 4490 else Transformer.from_crs(4490, epsg, always_xy=True).transform(lons, lats)
    return np.column_stack([y, x] if swapped else [x, y])


def county_around(lon: float, lat: float) -> Extent:
    return Extent((lon - 0.3, lat - 0.3, lon + 0.3, lat + 0.3), "某县", "given")


@given(
    zone=st.integers(25, 45),
    offset=st.floats(-1.45, 1.45),
    lat=st.floats(18.5, 53.0),
    prefix=st.booleans(),
    swapped=st.booleans(),
)
@settings(max_examples=120, deadline=None)
def test_every_three_degree_zone_is_found_without_prj(
    zone: int, offset: float, lat: float, prefix: bool, swapped: bool
) -> None:
    lon = 3 * zone + offset
    if not 73.1 < lon < 135.9:
        return
    epsg = (4513 if prefix else 4534) + zone - 25
    points = places(lon, lat, epsg, swapped)
    try:
        found = decide_crs(None, points, county_around(lon, lat))
    except WeipianError as error:
        # Near a meridian shared by a 3- and a 6-degree zone both readings are the same place: asking is right.
        assert error.code == "intake.crs_unknown" and f"EPSG:{epsg}" in str(error.message.details["candidates"])
        return
    assert not found.certain
    landed = to_lon_lat(points[:, 0], points[:, 1], found.crs, found.swapped)
    assert np.abs(landed - places(lon, lat, 4490)).max() < 1e-7
    assert found.swapped == swapped


@given(zone=st.integers(25, 45), lat=st.floats(18.5, 53.0), prefix=st.booleans())
@settings(max_examples=40, deadline=None)
def test_every_zone_is_believed_when_the_prj_says_it(zone: int, lat: float, prefix: bool) -> None:
    lon = min(max(3.0 * zone + 0.4, 73.5), 135.5)
    epsg = (4513 if prefix else 4534) + zone - 25
    points = places(lon, lat, epsg)
    found = decide_crs(b.prj_of(epsg), points, county_around(lon, lat))
    assert found.certain and found.name == f"EPSG:{epsg}" and not found.swapped


def test_degrees_without_prj_are_taken_only_where_the_county_confirms_them() -> None:
    points = places(105.9, 29.35, 4490)
    found = decide_crs(None, points, extent_of("500118"))
    assert (found.name, found.certain, found.reason.code) == ("EPSG:4490", False, "intake.crs_assumed")
    with pytest.raises(WeipianError) as caught:
        decide_crs(None, points, None)
    assert caught.value.code == "intake.crs_unknown"
    assert "EPSG:4490" in str(caught.value.message.details["candidates"])


def test_metres_without_prj_never_become_degrees(tmp_path: Path) -> None:
    path = b.write_shapefile(tmp_path / "a.shp", b.parcels(3), prj=None, epsg=4523)
    taken = intake.read_delivery(path)
    assert taken.batch.crs == "EPSG:4523" and taken.batch.crs_certain is False
    assert taken.parcels.total_bounds[0] == pytest.approx(105.902, abs=1e-6)


def test_six_digit_eastings_in_a_wide_province_are_asked_about() -> None:
    points = places(114.5, 36.7, 4547)
    with pytest.raises(WeipianError) as caught:
        decide_crs(None, points, Extent((108.0, 35.0, 120.0, 43.0), "某省", "province"))
    assert caught.value.code == "intake.crs_unknown"


def test_centre_points_in_the_attributes_decide_the_zone(tmp_path: Path) -> None:
    columns = (*b.COLUMNS, ("LZB", "N", 14, 8), ("BZB", "N", 14, 8))
    rows = [
        {**row, "XZQDM": "130427", "LZB": row["geometry"].centroid.x, "BZB": row["geometry"].centroid.y}
        for row in b.parcels(4)
    ]
    for row in rows:
        row["geometry"] = shapely.transform(row["geometry"], lambda xy: xy + [8.5, 7.3])
        row["LZB"], row["BZB"] = row["LZB"] + 8.5, row["BZB"] + 7.3
    path = b.write_shapefile(tmp_path / "a.shp", rows, columns, prj=None, epsg=4547)
    taken = intake.read_delivery(path)
    assert taken.batch.crs == "EPSG:4547"


@pytest.mark.parametrize("wrong", [4526, 4549, 4490], ids=["zone 38", "zone 40 without prefix", "degrees"])
def test_a_prj_that_contradicts_the_coordinates_is_refused_with_candidates(wrong: int, tmp_path: Path) -> None:
    path = b.write_shapefile(tmp_path / "a.shp", b.parcels(3), prj=b.prj_of(wrong), epsg=4523)
    with pytest.raises(WeipianError) as caught:
        intake.read_delivery(path)
    assert caught.value.code == "intake.crs_contradicts"
    assert "EPSG:4523" in str(caught.value.message.details["candidates"])


def test_a_metre_prj_over_degrees_is_refused(tmp_path: Path) -> None:
    path = b.write_shapefile(tmp_path / "a.shp", b.parcels(3), prj=b.prj_of(4523), epsg=4490)
    with pytest.raises(WeipianError) as caught:
        intake.read_delivery(path)
    assert caught.value.code == "intake.crs_contradicts"


def test_exchanged_axes_are_put_right_and_it_is_said(tmp_path: Path) -> None:
    rows = [{**row, "geometry": shapely.transform(row["geometry"], lambda xy: xy[:, ::-1])} for row in b.parcels(3)]
    taken = intake.read_delivery(b.write_shapefile(tmp_path / "a.shp", rows))
    assert taken.parcels.total_bounds[:2] == pytest.approx([105.902, 29.35], abs=1e-9)
    assert "intake.crs_swapped" in {note.code for note in taken.notes} and taken.batch.crs_certain is False


def test_a_garbled_prj_is_an_error_that_says_so(tmp_path: Path) -> None:
    path = b.write_shapefile(tmp_path / "a.shp", b.parcels(2), prj="PROJCS[,,,")
    with pytest.raises(WeipianError) as caught:
        intake.read_delivery(path)
    assert caught.value.code == "intake.crs_unreadable"


def test_a_prj_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = b.write_shapefile(tmp_path / "a.shp", b.parcels(2))
    path.with_suffix(".prj").write_bytes(b"\xef\xbb\xbf" + b.DEGREES_PRJ.encode())
    assert intake.read_delivery(path).batch.crs == "EPSG:4490"


@pytest.mark.parametrize("epsg", [2359, 2411], ids=["Xian 1980 zone 35", "Beijing 1954 zone 35"])
def test_an_old_datum_needs_parameters_and_is_never_moved_silently(epsg: int, tmp_path: Path) -> None:
    rows = b.parcels(3)
    for row in rows:
        x, y = Transformer.from_crs(4490, 4523, always_xy=True).transform(*shapely.get_coordinates(row["geometry"]).T)
        row["record"] = b.ring_bytes([np.column_stack([x, y])])
    path = b.write_shapefile(tmp_path / "a.shp", rows, prj=b.prj_of(epsg))
    with pytest.raises(WeipianError) as caught:
        intake.read_delivery(path)
    assert caught.value.code == "intake.datum_shift_unknown"
    moved = intake.read_delivery(path, intake.IntakeOptions(shift="24,-123,-94,-0.02,0.25,0.13,1.1"))
    assert len(moved.parcels) == 3
    with pytest.raises(WeipianError) as caught:
        intake.read_delivery(path, intake.IntakeOptions(shift="24;1"))
    assert caught.value.code == "intake.datum_shift_unreadable"


def test_a_shift_moves_by_what_the_seven_parameters_say() -> None:
    from weipian_plugin.formats.crs import to_stored

    old = CRS.from_epsg(2359)
    point = np.array([shapely.Point(35587400.0, 3248400.0)], dtype=object)
    near = to_stored(point, old, shift="0,0,0")[0]
    far = to_stored(point, old, shift="100,0,0")[0]
    metres = np.hypot((far.x - near.x) * 97_000, (far.y - near.y) * 110_900)
    assert 50 < metres < 105


def test_parcels_outside_the_county_are_flagged_and_kept(tmp_path: Path) -> None:
    rows = [b.parcel(1), b.parcel(2, shapely.transform(b.square(2), lambda xy: xy + [0.0, 1.0]))]
    taken = intake.read_delivery(b.write_shapefile(tmp_path / "a.shp", rows))
    assert taken.parcels["flags"].tolist() == [(), ("outside_county",)]


def test_the_outline_of_the_county_counts_more_than_its_box(tmp_path: Path) -> None:
    path = b.write_shapefile(tmp_path / "a.shp", b.parcels(3))
    outline = shapely.box(105.9, 29.3, 105.9055, 29.4)
    taken = intake.read_delivery(path, intake.IntakeOptions(county=outline))
    assert taken.parcels["flags"].tolist() == [(), (), ("outside_county",)]


def test_a_chosen_system_is_used(tmp_path: Path) -> None:
    path = b.write_shapefile(tmp_path / "a.shp", [b.parcel(1, XZQDM="")], prj=None, epsg=4544)
    taken = intake.read_delivery(path, intake.IntakeOptions(crs="EPSG:4544"))
    assert taken.parcels.total_bounds[0] == pytest.approx(105.902, abs=1e-7)


def test_extents_cover_all_provinces_and_join() -> None:
    for code in ("11", "13", "50", "65", "46"):
        found = extent_of(code + "0000")
        assert found is not None and nation().holds(*found.box[:2]) and nation().holds(*found.box[2:])
    assert extent_of("990000") is None
    joined = joint_extent(["500118", "130427", ""])
    assert (
        joined is not None and joined.level == "province" and joined.holds(105.9, 29.35) and joined.holds(114.5, 36.7)
    )


def test_a_projection_that_nobody_knows_is_named_and_not_a_crash() -> None:
    from weipian_plugin.formats.crs import parse_crs, to_stored

    text = CRS.from_epsg(4523).to_wkt("WKT1_GDAL").replace("Transverse_Mercator", "Transverse_Mercatox")
    with pytest.raises(WeipianError) as raised:
        to_stored(np.array([shapely.box(0, 0, 1, 1)], dtype=object), parse_crs(text))
    assert raised.value.code == "intake.crs_unreadable"
