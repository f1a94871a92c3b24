"""A system is computed as it is defined; a code is its name only where both give the same coordinates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import CRS, Transformer

from weipian_plugin import intake
from weipian_plugin.formats import coordinates_txt
from weipian_plugin.formats.catalogue import read_catalogue
from weipian_plugin.formats.crs import CrsDecision, decide_crs
from weipian_plugin.formats.systems import code_of, crs_text, is_near_cgcs2000, parse_crs, to_stored
from weipian_plugin.geodesy.extents import Extent
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.messages import Message
from weipian_plugin.overlay.frames import DEGREES, OTHER, ZONE, Frame

from ..intake import builder as b

COUNTY = Extent((105.5, 29.0, 106.5, 29.7), "某县", "given")
SPHEROID = 'SPHEROID["CGCS2000",{a},298.257222101]'


def esri(name: str = "CGCS2000_3_Degree_GK_CM_105E", meridian: float = 105.0, east: float = 500000.0,
         scale: float = 1.0, a: float = 6378137.0) -> str:  # fmt: skip
    geographic = (
        f'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",{SPHEROID.format(a=a)}],'
        'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
    )
    parameters = {"False_Easting": east, "False_Northing": 0.0, "Central_Meridian": meridian, "Scale_Factor": scale,
                  "Latitude_Of_Origin": 0.0}  # fmt: skip
    listed = ",".join(f'PARAMETER["{key}",{value}]' for key, value in parameters.items())
    return f'PROJCS["{name}",{geographic},PROJECTION["Gauss_Kruger"],{listed},UNIT["Meter",1.0]]'


def tmerc(meridian: float = 105.0, east: float = 500000.0, scale: float = 1.0, a: float = 6378137.0) -> str:
    return f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k={scale} +x_0={east} +y_0=0 +a={a} +rf=298.257222101 +units=m +no_defs"


OWN = {
    "a scale": {"scale": 1.00005},
    "a meridian": {"meridian": 106.5, "name": "CGCS2000_自定义"},
    "a false easting": {"east": 40000.0, "name": "某市独立坐标系"},
    "an ellipsoid raised by 500 m": {"a": 6378637.0},
    "an ellipsoid raised by 3 m": {"a": 6378140.0},
    "an ellipsoid raised by 4 500 m": {"a": 6382637.0},
    "a raised meridian of a city": {"meridian": 105.8333333, "east": 50000.0, "a": 6378737.0, "name": "城建坐标系"},
}


def plane_of(lon: np.ndarray, lat: np.ndarray, values: dict) -> np.ndarray:
    """The plane by PROJ's own transverse Mercator from the same degrees, independent of any datum."""
    values = {key: value for key, value in values.items() if key != "name"}
    pipeline = f"+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step {tmerc(**values)}"
    return np.column_stack(Transformer.from_pipeline(pipeline.replace("+units=m +no_defs", "")).transform(lon, lat))


@pytest.mark.parametrize("written", ["wkt", "proj"])
@pytest.mark.parametrize("values", OWN.values(), ids=OWN.keys())
def test_a_projection_of_its_own_is_computed_as_it_is_defined(values: dict, written: str) -> None:
    ring = shapely.get_coordinates(b.square(1))
    text = esri(**values) if written == "wkt" else tmerc(**{k: v for k, v in values.items() if k != "name"})
    shape = shapely.polygons(plane_of(*ring.T, values))
    crs = parse_crs(text)
    moved = to_stored(np.array([shape], dtype=object), crs)
    assert np.abs(shapely.get_coordinates(moved) - ring).max() < 1e-9
    assert code_of(crs) == "" and is_near_cgcs2000(crs)
    decision = decide_crs(text, shapely.get_coordinates(shape), COUNTY)
    assert decision.certain and decision.name == (
        values.get("name", "CGCS2000_3_Degree_GK_CM_105E") if written == "wkt" else text[:80]
    )


@pytest.mark.parametrize("values", OWN.values(), ids=OWN.keys())
def test_parcels_in_a_projection_of_its_own_have_their_own_area_and_name(values: dict, tmp_path: Path) -> None:
    rows = [
        {**row, "record": b.ring_bytes([plane_of(*shapely.get_coordinates(row["geometry"]).T, values)])}
        for row in b.parcels(2)
    ]
    taken = intake.read_delivery(b.write_shapefile(tmp_path / "a.shp", rows, prj=esri(**values)))
    assert taken.parcels["area_m2"].iloc[0] == pytest.approx(b.square_metres(b.square(1)), rel=1e-6)
    assert taken.batch.crs == values.get("name", "CGCS2000_3_Degree_GK_CM_105E")


SAME = {
    "EPSG:4523": ["4523", "EPSG:4523", "epsg:4523", "CGCS2000 / 3-degree Gauss-Kruger zone 35", "CGCS2000_3_Degree_GK_Zone_35",
                  esri("CGCS2000_3_Degree_GK_Zone_35", east=35500000.0), CRS.from_epsg(4523).to_wkt(),
                  tmerc(east=35500000.0), "+proj=tmerc +lat_0=0 +lon_0=105 +k=1 +x_0=35500000 +ellps=GRS80", "国家2000 3度带 35带"],
    "EPSG:4544": ["4544", esri(), esri("某某坐标系"), "CGCS2000 中央经线105"],
    "EPSG:4490": ["EPSG:4490", "4490", b.DEGREES_PRJ, "2000国家大地坐标系", "+proj=longlat +ellps=GRS80"],
    "EPSG:4326": ["EPSG:4326", "OGC:CRS84", "WGS 84"],
    "EPSG:2359": ["2359", b.prj_of(2359), "西安80 3度带35带"],
    "EPSG:4214": ["4214", "1954北京坐标系"],
}  # fmt: skip


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in SAME.items() for text in texts])
def test_every_way_of_writing_a_system_is_the_same_system(code: str, text: str) -> None:
    assert crs_text(parse_crs(text)) == code


@pytest.mark.parametrize(
    "text", ["乱写的", "EPSG:999999", "高斯投影", "EPSG:5773", "EPSG:4479", "", "PROJCS[,,", "zone 35", "12"]
)
def test_a_text_that_is_no_system_is_an_error(text: str) -> None:
    with pytest.raises(WeipianError) as caught:
        parse_crs(text)
    assert caught.value.code == "intake.crs_unreadable"


def test_a_code_that_stands_in_a_definition_of_its_own_proves_nothing() -> None:
    text = CRS.from_epsg(4544).to_wkt("WKT1_GDAL").replace('"scale_factor",1]', '"scale_factor",1.0001]')
    assert 'AUTHORITY["EPSG","4544"]' in text and "1.0001" in text
    assert code_of(parse_crs(text)) == ""


def frame_of(text: str) -> Frame:
    return Frame.of(CrsDecision(parse_crs(text), False, True, Message("intake.crs_chosen", {})))


def test_the_overlay_computes_by_a_code_only_where_it_is_that_system() -> None:
    assert frame_of(esri()).kind == ZONE and frame_of(b.DEGREES_PRJ).kind == DEGREES
    own = frame_of(esri(scale=1.00005))
    assert own.kind == OTHER and "1.00005" in own.crs
    ring = shapely.get_coordinates(b.square(1))
    there = np.array([shapely.polygons(plane_of(*ring.T, {"scale": 1.00005}))], dtype=object)
    here = np.array([shapely.polygons(plane_of(*ring.T, {}))], dtype=object)
    assert np.abs(shapely.get_coordinates(own.to_plane(there, 35, 6)) - shapely.get_coordinates(here)).max() < 1e-3


OLD = {
    "Beijing 1954": b.prj_of(2411),
    "Xian 1980": b.prj_of(2359),
    "Krassowsky without a name": "+proj=tmerc +lat_0=0 +lon_0=105 +k=1 +x_0=35500000 +ellps=krass",
    "IAG 1975 without a name": "+proj=tmerc +lat_0=0 +lon_0=105 +k=1 +x_0=35500000 +a=6378140 +b=6356755.288157528",
    "parameters that are all zero": "+proj=tmerc +lat_0=0 +lon_0=105 +k=1 +x_0=35500000 +ellps=krass +towgs84=0,0,0,0,0,0,0",
    "Xian 1980 raised to a plane": esri("Xian_1980_自定义", a=6378440.0).replace("D_China_2000", "D_Xian_1980"),
    "CGCS2000 by name on the ellipsoid of Xian": esri(a=6378140.0).replace("298.257222101", "298.257"),
}


@pytest.mark.parametrize("text", OLD.values(), ids=OLD.keys())
def test_an_old_datum_is_never_taken_for_cgcs2000(text: str) -> None:
    shape = np.array([shapely.box(35587400, 3248400, 35587500, 3248500)], dtype=object)
    with pytest.raises(WeipianError) as caught:
        to_stored(shape, parse_crs(text))
    assert caught.value.code == "intake.datum_shift_unknown" and "+towgs84" in str(caught.value)


def test_the_parameters_of_a_proj_text_move_an_old_datum() -> None:
    near = (
        "+proj=tmerc +lat_0=0 +lon_0=105 +k=1 +x_0=35500000 +a=6378140 +b=6356755.288157528 +towgs84={},20,30 +units=m"
    )
    point = np.array([shapely.Point(35587400.0, 3248400.0)], dtype=object)
    first, second = (to_stored(point, parse_crs(near.format(dx)))[0] for dx in (0.001, 100))
    assert 50 < np.hypot((second.x - first.x) * 97_000, (second.y - first.y) * 110_900) < 105


POINTS = "J1,1,3248402.335,35587594.117\nJ2,1,3248513.184,35587593.261\nJ3,1,3248513.934,35587690.376\nJ1,1,3248402.335,35587594.117"
TEXT = (
    "[属性描述]\n坐标系={datum}\n几度分带=3\n带号={zone}\n转换参数={shift}\n[地块坐标]\n4,1.0,500118SJBG23210001,某,面,,工业,,@\n"
    + POINTS
)


@pytest.mark.parametrize("datum", ["1980西安坐标系", "80国家大地坐标系", "西安80", "1954北京坐标系", "北京54"])
@pytest.mark.parametrize("zone", ["35", ""], ids=["zone", "zone in the eastings"])
def test_an_old_datum_in_the_header_of_a_coordinate_text_is_refused_like_that_of_a_shapefile(
    datum: str, zone: str, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(TEXT.format(datum=datum, zone=zone, shift=",,,,,,"), encoding="gbk")
    with pytest.raises(WeipianError) as caught:
        intake.read_delivery(tmp_path / "a.txt")
    assert caught.value.code == "intake.datum_shift_unknown"
    assert caught.value.message.details["crs"] == ("EPSG:2411" if "54" in datum else "EPSG:2359")


def test_translations_of_the_header_are_applied_and_rotations_refused(tmp_path: Path) -> None:
    def read(shift: str) -> intake.Intake:
        (tmp_path / "a.txt").write_text(TEXT.format(datum="1980西安坐标系", zone="35", shift=shift), encoding="gbk")
        return intake.read_delivery(tmp_path / "a.txt")

    near, far = (read(shift).parcels.geometry.iloc[0].centroid for shift in ("0.001,0,0,,,,", "100,0,0,0,0,0,0"))
    assert 50 < np.hypot((far.x - near.x) * 97_000, (far.y - near.y) * 110_900) < 105
    with pytest.raises(WeipianError) as caught:
        read("-116.5,-45.2,-77.1,0.5,0.6,0.7,0.9")
    assert caught.value.code == "intake.datum_shift_unknown"


def test_a_datum_nobody_knows_is_asked_about() -> None:
    with pytest.raises(WeipianError) as caught:
        coordinates_txt.read_text(TEXT.format(datum="某城市坐标系", zone="35", shift=""), "a.txt")
    assert caught.value.code == "intake.txt_datum"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "gbk"])
def test_coordinate_texts_are_read_in_the_encodings_of_notepad(encoding: str, tmp_path: Path) -> None:
    text = TEXT.format(datum="2000国家大地坐标系", zone="35", shift=",,,,,,").replace("\n", "\r\n")
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    taken = intake.read_delivery(tmp_path / "a.txt")
    assert taken.parcels["number"].tolist() == ["500118SJBG23210001"] and taken.batch.crs == "EPSG:4523"


def test_an_unknown_crs_is_an_error_of_the_catalogue_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(b"x")
    path = tmp_path / "图层清单.yaml"
    path.write_text("version: 1\nlayers:\n- {role: imagery_before, source: a.tif, crs: 乱写的}\n", encoding="utf-8")
    with pytest.raises(WeipianError) as caught:
        read_catalogue(path)
    assert caught.value.code == "intake.catalogue_crs" and caught.value.message.details["line"] == 3
