"""An image is placed by the same decision as vectors, or named with the reason."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import CRS, Transformer

from weipian_plugin.formats.images import drawing_system, place_image
from weipian_plugin.formats.systems import from_lon_lat, parse_crs, to_stored
from weipian_plugin.geodesy.extents import Extent

LON, LAT = 105.9, 29.35
AROUND = Extent((104.9, 28.35, 106.9, 30.35), "图斑周边", "given")
OLD = "+proj=tmerc +lat_0=0 +lon_0=105 +k=1 +x_0=35500000 +y_0=0 +a=6378140 +b=6356755.288157528 +units=m +no_defs"


def corners(epsg: int, size: float = 400.0) -> list[tuple[float, float]]:
    x, y = Transformer.from_crs(4490, epsg, always_xy=True).transform(LON, LAT)
    return [(x + a, y + b) for a in (0, size) for b in (0, size)]


def wkt(epsg: int) -> str:
    return str(CRS.from_epsg(epsg).to_wkt())


METRES = corners(4523)
PLACED = {
    "declared": (wkt(4523), METRES, None, "EPSG:4523"),
    "a bare code": ("", METRES, "4523", "EPSG:4523"),
    "a name": ("", METRES, "CGCS2000 / 3-degree Gauss-Kruger zone 35", "EPSG:4523"),
    "PROJ text": ("", METRES, "+proj=tmerc +lat_0=0 +lon_0=105 +k=1 +x_0=35500000 +ellps=GRS80", "EPSG:4523"),
    "the catalogue against the file": (wkt(4543), METRES, "EPSG:4523", "EPSG:4523"),
    "nothing but eight figures": ("", METRES, None, "EPSG:4523"),
    "nothing but six figures and the parcels": ("", corners(4544), None, "EPSG:4544"),
}


@pytest.mark.parametrize("case", PLACED.values(), ids=PLACED.keys())
def test_an_image_is_placed_by_what_is_known_of_it(case: tuple) -> None:
    declared, box, chosen, code = case
    place = place_image("前.tif", declared, box, chosen, AROUND)
    assert place.placed and place.crs == code and not place.datum
    inferred = [note.code for note in place.notes]
    assert inferred == ([] if declared or chosen else ["filing.image_inferred"])


UNPLACED = {
    "no world file": (wkt(4523), [(0, 0), (0, 400), (400, 0), (400, 400)], "filing.image_no_position"),
    "no world file, counted downwards": ("", [(0, -400), (0, 0), (400, -400), (400, 0)], "filing.image_no_position"),
    "not a number": (wkt(4523), [(np.nan, 0), (1, 1)], "filing.image_no_position"),
    "a zone before the easting": (wkt(4543), METRES, "filing.image_contradicts"),
    "axes exchanged": (wkt(4523), [(y, x) for x, y in METRES], "filing.image_contradicts"),
    "metres taken for degrees": (wkt(4490), METRES, "filing.image_contradicts"),
    "axes exchanged and no system": ("", [(y, x) for x, y in METRES], "filing.image_contradicts"),
    "coordinates of nowhere": ("", [(1.5, 2.5), (3.5, 4.5)], "filing.image_crs_unknown"),
    "a system nobody knows": ("PROJCS[,,", METRES, "filing.image_crs_unreadable"),
}


@pytest.mark.parametrize("case", UNPLACED.values(), ids=UNPLACED.keys())
def test_an_image_that_cannot_be_placed_is_named_with_the_reason(case: tuple) -> None:
    declared, box, code = case
    place = place_image("前.tif", declared, box, None, AROUND)
    assert not place.placed and place.problem is not None and place.problem.code == code
    assert place.problem.details["path"] == "前.tif"


def test_an_image_in_an_old_datum_says_so() -> None:
    place = place_image("前.tif", wkt(2359), METRES, None, AROUND)
    assert place.datum == "EPSG:2359" and [note.code for note in place.notes] == ["filing.image_old_datum"]
    assert drawing_system(place, LON, LAT) == "EPSG:2359"


def test_an_old_datum_with_parameters_is_drawn_where_they_put_it() -> None:
    place = place_image("前.tif", "", METRES, OLD + " +towgs84=100,20,30,1,-2,3,4", AROUND)
    assert place.placed and not place.datum and not place.notes
    there = parse_crs(drawing_system(place, LON, LAT))
    for dx, dy in ((0.0, 0.0), (1500.0, -2000.0)):
        point = np.array([[METRES[0][0] + dx, METRES[0][1] + dy]])
        lon, lat = shapely.get_coordinates(
            to_stored(np.array([shapely.Point(*point[0])], dtype=object), parse_crs(place.crs))
        )[0]
        drawn = np.column_stack(from_lon_lat(np.array([lon]), np.array([lat]), there))
        assert np.abs(drawn - point).max() < 0.2, "metres, some kilometres away from the middle of the map"
