"""What lies beside the parcels is named and left; only where nothing else reads it is the error of the delivery."""

from __future__ import annotations

import json
import shutil
import struct
import zipfile
from pathlib import Path

import pytest
import shapely

from weipian_plugin import intake
from weipian_plugin.model.errors import WeipianError

from . import builder as b

POINTS = [{**b.parcel(1), "record": struct.pack("<i2d", 1, 105.9, 29.3)}]


def _points(folder: Path) -> None:
    b.write_shapefile(folder / "举证照片点.shp", POINTS, kind=1)


def _damaged_points(folder: Path) -> None:
    b.write_shapefile(folder / "举证照片点.shp", POINTS, kind=1).with_suffix(".dbf").write_bytes(b"")


def _lines(folder: Path) -> None:
    line = struct.pack("<i4d2i", 3, 105.9, 29.3, 105.91, 29.31, 1, 2) + struct.pack(
        "<i4d", 0, 105.9, 29.3, 105.91, 29.31
    )
    b.write_shapefile(folder / "界线.shp", [{**b.parcel(1), "record": line}], kind=3)


def _style(folder: Path) -> None:
    (folder / "说明.json").write_text('{"title": "图斑下发说明", "count": 2}', encoding="utf-8")


def _geojson_points(folder: Path) -> None:
    point = (
        '{"type": "Feature", "properties": {"JCBH": "x"}, "geometry": {"type": "Point", "coordinates": [105.9, 29.3]}}'
    )
    (folder / "点.geojson").write_text(f'{{"type": "FeatureCollection", "features": [{point}]}}', encoding="utf-8")


def _workbook(folder: Path) -> None:
    (folder / "台账.xlsx").write_bytes(b"PK\x03\x04 cut off")


def _rar(folder: Path) -> None:
    (folder / "照片.rar").write_bytes(b"Rar!\x1a\x07\x01\x00")


def _seven(folder: Path) -> None:
    (folder / "照片.7z").write_bytes(b"7z\xbc\xaf\x27\x1c")


def _documents(folder: Path) -> None:
    for name in ("现场.jpg", "通知.docx", "图件.pdf"):
        (folder / name).write_bytes(b"x")


SIDE_FILES = {
    "points": (_points, "举证照片点.shp"),
    "points whose table is damaged": (_damaged_points, "举证照片点.shp"),
    "lines": (_lines, "界线.shp"),
    "a description in json": (_style, "说明.json"),
    "points in GeoJSON": (_geojson_points, "点.geojson"),
    "a damaged workbook": (_workbook, "台账.xlsx"),
    "a RAR archive": (_rar, "照片.rar"),
    "a 7z archive": (_seven, "照片.7z"),
    "pictures and documents": (_documents, "通知.docx"),
}


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize("case", SIDE_FILES.values(), ids=SIDE_FILES.keys())
def test_a_file_beside_the_parcels_is_named_and_left(case: tuple, packed: bool, tmp_path: Path) -> None:
    write, name = case
    folder = tmp_path / "交付"
    b.write_shapefile(folder / "图斑.shp", b.parcels(2))
    write(folder)
    delivery = Path(shutil.make_archive(str(tmp_path / "交付"), "zip", folder)) if packed else folder
    taken = intake.read_delivery(delivery)
    assert taken.parcels["number"].tolist() == [b.number(1), b.number(2)]
    told = [str(value) for note in taken.notes for value in note.details.values()]
    assert any(name in text for text in told)
    assert not any("weipian-" in text for text in told), "the place where it was unpacked is nobody's business"


@pytest.mark.parametrize("case", [SIDE_FILES["points"], SIDE_FILES["a damaged workbook"], SIDE_FILES["a RAR archive"]])
def test_alone_it_is_the_error_of_the_delivery(case: tuple, tmp_path: Path) -> None:
    write, name = case
    write(tmp_path)
    with pytest.raises(WeipianError) as caught:
        intake.read_delivery(tmp_path)
    assert name in str(caught.value)
    assert caught.value.code in ("intake.not_polygons", "intake.register_unreadable", "intake.archive_kind")


def test_a_damaged_layer_of_parcels_still_refuses_the_delivery(tmp_path: Path) -> None:
    b.write_shapefile(tmp_path / "甲.shp", b.parcels(2))
    b.write_shapefile(tmp_path / "乙.shp", [b.parcel(7)]).with_suffix(".dbf").unlink()
    with pytest.raises(WeipianError) as caught:
        intake.read_delivery(tmp_path)
    assert caught.value.code == "intake.part_missing" and "乙.shp" in str(caught.value)


def test_what_macs_and_servers_leave_in_a_zip_is_no_file_of_the_delivery(tmp_path: Path) -> None:
    shapefile = b.write_shapefile(tmp_path / "a" / "图斑.shp", b.parcels(2))
    entries = {f"下发/{part.name}": part.read_bytes() for part in shapefile.parent.iterdir()}
    ignored_files = {f"__MACOSX/下发/._{name.split('/')[1]}": b"\x00\x05\x16\x07" for name in entries}
    ignored_files.update(
        {
            "下发/._图斑.shp": b"\x00\x05\x16\x07",
            "下发/.DS_Store": b"x",
            "下发/Thumbs.db": b"x",
            "@eaDir/图斑.shp": b"x",
        }
    )
    taken = intake.read_delivery(b.zip_of(tmp_path / "x.zip", {**entries, **ignored_files}))
    assert len(taken.parcels) == 2 and not any("._" in str(note.details) for note in taken.notes)


def test_a_split_archive_and_another_method_say_what_to_do(tmp_path: Path) -> None:
    b.zip_of(tmp_path / "x.zip", {"a.shp": b"x" * 100})
    raw = bytearray((tmp_path / "x.zip").read_bytes())
    split = bytearray(raw[-40:])
    place = split.rindex(b"PK\x05\x06")
    split[place + 4 : place + 8] = b"\x02\x00\x02\x00"
    (tmp_path / "split.zip").write_bytes(split)
    for marker, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        place = raw.index(marker) + offset
        raw[place : place + 2] = struct.pack("<H", 9)
    (tmp_path / "d64.zip").write_bytes(raw)
    (tmp_path / "x.7z").write_bytes(b"7z\xbc\xaf\x27\x1c")
    (tmp_path / "really.zip").write_bytes(b"Rar!\x1a\x07\x01\x00" + b"x" * 50)
    told = {"split.zip": "intake.archive_split", "d64.zip": "intake.archive_method", "x.7z": "intake.archive_kind",
            "really.zip": "intake.archive_kind"}  # fmt: skip
    for name, code in told.items():
        with pytest.raises(WeipianError) as caught:
            intake.read_delivery(tmp_path / name)
        assert caught.value.code == code


def _kml(names: list[str], attributes: bool) -> str:
    marks = ""
    for serial, name in enumerate(names, start=1):
        points = " ".join(f"{x},{y},0" for x, y in shapely.get_coordinates(b.square(serial)))
        data = f'<ExtendedData><Data name="JCBH"><value>{name}</value></Data></ExtendedData>' if attributes else ""
        named = f"<name>图斑{serial}</name>" if attributes else f"<name>{name}</name>"
        ring = f"<outerBoundaryIs><LinearRing><coordinates>{points}</coordinates></LinearRing></outerBoundaryIs>"
        marks += f"<Placemark>{named}{data}<Polygon>{ring}</Polygon></Placemark>"
    return f'<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{marks}</Document></kml>'


@pytest.mark.parametrize("attributes", [True, False], ids=["attributes", "names only"])
@pytest.mark.parametrize("wrapped", [False, True], ids=["kml", "kmz"])
def test_kml_and_kmz_give_the_same_parcels(wrapped: bool, attributes: bool, tmp_path: Path) -> None:
    text = _kml([b.number(1), b.number(2)], attributes)
    path = tmp_path / "图 斑.kml"
    path.write_text(text, encoding="utf-8")
    if wrapped:
        path = tmp_path / "图 斑.kmz"
        with zipfile.ZipFile(path, "w") as target:
            target.writestr("doc.kml", text)
    taken = intake.read_delivery(path)
    assert taken.parcels["number"].tolist() == [b.number(1), b.number(2)]
    assert any(note.code == "intake.number_from_name" for note in taken.notes) is not attributes


def test_names_that_are_no_parcel_numbers_are_not_taken_for_them(tmp_path: Path) -> None:
    (tmp_path / "a.kml").write_text(_kml(["地块1", "地块2"], attributes=False), encoding="utf-8")
    with pytest.raises(WeipianError) as caught:
        intake.read_delivery(tmp_path / "a.kml")
    assert caught.value.code == "intake.fields_unknown"


FLAT = {
    "there and back": [(105.95, 29.3), (105.96, 29.31), (105.95, 29.3)],
    "two points": [(105.95, 29.3), (105.96, 29.31)],
}


@pytest.mark.parametrize("ring", FLAT.values(), ids=FLAT.keys())
def test_a_ring_that_encloses_nothing_is_left_out_and_its_feature_kept(ring: list, tmp_path: Path) -> None:
    good = shapely.get_coordinates(b.square(1))
    rows = [{**b.parcel(1), "record": b.ring_bytes([good, ring])}, {**b.parcel(2), "record": b.ring_bytes([ring])}]
    taken = intake.read_delivery(b.write_shapefile(tmp_path / "a.shp", [*rows, b.parcel(3)]))
    assert taken.parcels["number"].tolist() == [b.number(1), b.number(3)]
    assert taken.parcels["area_m2"].iloc[0] == pytest.approx(b.square_metres(b.square(1)), rel=1e-6)
    assert [rejection.code for rejection in taken.rejected] == ["intake.ring_too_short"]
    assert [note.details["rows"] for note in taken.notes if note.code == "intake.rings_dropped"] == ["1"]


LINE = [(105.95, 29.3), (105.96, 29.31), (105.97, 29.32), (105.95, 29.3)]
COLLAPSED = {
    "there and back in GeoJSON": [(105.95, 29.3), (105.96, 29.31), (105.95, 29.3)],
    "a line of four points": LINE,
}


@pytest.mark.parametrize("as_hole", [False, True], ids=["part", "hole"])
@pytest.mark.parametrize("ring", COLLAPSED.values(), ids=COLLAPSED.keys())
def test_a_collapsed_ring_adds_no_area_in_any_format(ring: list, as_hole: bool, tmp_path: Path) -> None:
    good = shapely.get_coordinates(b.square(1)).tolist()
    shape = (
        {"type": "Polygon", "coordinates": [good, ring]}
        if as_hole
        else {"type": "MultiPolygon", "coordinates": [[good], [ring]]}
    )
    feature = {"type": "Feature", "properties": {"JCBH": b.number(1), "XZQDM": b.COUNTY}, "geometry": shape}
    (tmp_path / "a.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8"
    )
    taken = intake.read_delivery(tmp_path / "a.geojson")
    assert taken.parcels["area_m2"].iloc[0] == pytest.approx(b.square_metres(b.square(1)), rel=1e-6)
    assert taken.parcels["repair"].iloc[0]["code"] == "intake.ring_repaired" and not taken.rejected
