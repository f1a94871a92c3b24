"""Every damage that GDAL, fiona or QGIS swallow silently ends here in a right reading or in one clear error."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Callable

import numpy as np
import pytest
import shapely

from weipian_plugin import intake
from weipian_plugin.model.errors import WeipianError

from . import builder as b


def names_of(taken: intake.Intake) -> list[str]:
    return [record["BZ"] for record in taken.parcels["delivered"]]


def codes(taken: intake.Intake) -> set[str]:
    return {note.code for note in taken.notes}


ENCODINGS = {
    # title: bytes in, .cpg, code-page byte, the note that must be given
    "GBK with .cpg GBK": ("gbk", "GBK", 0, "intake.encoding_declared"),
    "GBK without .cpg and with code-page byte 0": ("gbk", None, 0, "intake.encoding_found"),
    "GBK without .cpg and with code-page byte 0x4D": ("gbk", None, 0x4D, "intake.encoding_found"),
    "GBK although .cpg says UTF-8": ("gbk", "UTF-8", 0, "intake.encoding_contradicts"),
    "UTF-8 although .cpg says GBK": ("utf-8", "GBK", 0, "intake.encoding_contradicts"),
    "UTF-8 without .cpg": ("utf-8", None, 0, "intake.encoding_found"),
    "UTF-8 with .cpg UTF-8": ("utf-8", "UTF-8", 0, "intake.encoding_declared"),
    "GBK with .cpg OEM 936": ("gbk", "OEM 936", 0, "intake.encoding_declared"),
    "GBK with a nonsense .cpg": ("gbk", "中文", 0, "intake.encoding_contradicts"),
    "GBK with .cpg gb18030": ("gbk", "gb18030", 0, "intake.encoding_declared"),
    "GBK with .cpg 936": ("gbk", "936", 0, "intake.encoding_declared"),
    "GBK with an empty .cpg": ("gbk", "", 0, "intake.encoding_found"),
    "GBK although the code-page byte says Latin-1": ("gbk", None, 0x57, "intake.encoding_found"),
}


@pytest.mark.parametrize("case", ENCODINGS.values(), ids=ENCODINGS.keys())
def test_chinese_text_is_right_whatever_the_declaration_says(
    case: tuple[str, str | None, int, str], tmp_path: Path
) -> None:
    written, cpg, code_page, note = case
    path = b.write_shapefile(tmp_path / "图斑.shp", b.parcels(3), encoding=written, cpg=cpg, code_page=code_page)
    taken = intake.read_delivery(path)
    assert names_of(taken) == ["疑似新增建设用地"] * 3
    assert taken.parcels["county"].tolist() == ["永川区"] * 3
    assert note in codes(taken)


def test_the_note_on_the_encoding_shows_a_preview(tmp_path: Path) -> None:
    taken = intake.read_delivery(b.write_shapefile(tmp_path / "a.shp", b.parcels(2)))
    note = next(note for note in taken.notes if note.code == "intake.encoding_found")
    assert "永川区" in note.details["preview"]


def test_a_chosen_encoding_wins_over_all_evidence(tmp_path: Path) -> None:
    path = b.write_shapefile(tmp_path / "a.shp", b.parcels(1), encoding="utf-8", cpg="UTF-8")
    taken = intake.read_delivery(path, intake.IntakeOptions(encoding="GBK"))
    assert names_of(taken)[0] != "疑似新增建设用地"
    assert "intake.encoding_chosen" in codes(taken)


def test_a_character_cut_by_the_field_width_is_kept_and_marked(tmp_path: Path) -> None:
    cut = ("疑似新增建设用地" * 3).encode("gbk")[:39]
    path = b.write_shapefile(tmp_path / "a.shp", [b.parcel(1, BZ=cut), *b.parcels(6)[1:]])
    taken = intake.read_delivery(path)
    first = taken.parcels.iloc[0]
    assert first["delivered"]["BZ"].startswith("疑似新增建设用地疑似新增建设用地")
    assert first["delivered"]["BZ"].endswith("\ufffd")
    assert bytes.fromhex(first["delivered"]["BZ#bytes"]) == cut
    assert first["flags"] == ("text_damaged",)
    assert not any("text_damaged" in flags for flags in taken.parcels["flags"][1:])
    assert any(note.code == "intake.text_damaged" and note.details["column"] == "BZ" for note in taken.notes)


def test_utf8_field_names_cut_inside_a_character_are_still_matched(tmp_path: Path) -> None:
    columns = tuple(("乡镇名称" if name == "XMC" else name, *rest) for name, *rest in b.COLUMNS)
    rows = [{**row, "乡镇名称": "大安街道"} for row in b.parcels(2)]
    taken = intake.read_delivery(b.write_shapefile(tmp_path / "a.shp", rows, columns, encoding="utf-8"))
    assert taken.parcels["township"].tolist() == ["大安街道"] * 2


def test_without_shx_the_records_are_walked_and_it_is_said(tmp_path: Path) -> None:
    path = b.write_shapefile(tmp_path / "a.shp", b.parcels(4))
    before = {part.name for part in tmp_path.iterdir()} - {"a.shx"}
    path.with_suffix(".shx").unlink()
    taken = intake.read_delivery(path)
    assert len(taken.parcels) == 4
    assert "intake.shx_missing" in codes(taken)
    assert {part.name for part in tmp_path.iterdir()} == before, "nothing may be written beside a delivery"


def _cut(path: Path, suffix: str, keep: Callable[[int], int]) -> None:
    part = path.with_suffix(suffix)
    raw = part.read_bytes()
    part.write_bytes(raw[: keep(len(raw))])


def _header_count(path: Path) -> None:
    raw = bytearray(path.with_suffix(".dbf").read_bytes())
    raw[4:8] = (2).to_bytes(4, "little")
    path.with_suffix(".dbf").write_bytes(raw)


def _other_magic(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[0:4] = b"PK\x03\x04"
    path.write_bytes(raw)


def _cut_without_index(path: Path) -> None:
    path.with_suffix(".shx").unlink()
    _cut(path, ".shp", lambda size: size - 60)


REJECTED = {
    "no .dbf": (lambda path: path.with_suffix(".dbf").unlink(), "intake.part_missing", {"part": ".dbf"}),
    ".shp cut by 60 bytes": (
        lambda path: _cut(path, ".shp", lambda size: size - 60),
        "intake.shp_cut",
        {"readable": 3, "expected": 4},
    ),
    ".shp cut by 60 bytes and no .shx": (_cut_without_index, "intake.shp_cut", {"readable": 3}),
    ".dbf cut in half": (
        lambda path: _cut(path, ".dbf", lambda size: size // 2),
        "intake.dbf_cut",
        {"readable": 1, "expected": 4},
    ),
    ".dbf cut inside its header": (lambda path: _cut(path, ".dbf", lambda size: 40), "intake.dbf_header", {}),
    ".dbf empty": (lambda path: _cut(path, ".dbf", lambda size: 0), "intake.dbf_header", {}),
    ".shp empty": (lambda path: _cut(path, ".shp", lambda size: 0), "intake.shp_header", {"size": 0}),
    ".shp is something else": (_other_magic, "intake.shp_header", {}),
    ".shx cut": (
        lambda path: _cut(path, ".shx", lambda size: size - 8),
        "intake.shx_cut",
        {"readable": 3, "expected": 4},
    ),
    "fewer attribute records than shapes": (_header_count, "intake.counts_differ", {"shapes": 4, "records": 2}),
}


@pytest.mark.parametrize("case", REJECTED.values(), ids=REJECTED.keys())
def test_a_damaged_set_is_refused_as_a_whole_with_what_can_be_read(
    case: tuple[Callable[[Path], None], str, dict[str, int]], tmp_path: Path
) -> None:
    damage, code, details = case
    path = b.write_shapefile(tmp_path / "图斑.shp", b.parcels(4))
    damage(path)
    with pytest.raises(WeipianError) as caught:
        intake.read_delivery(path)
    assert caught.value.code == code
    for key, value in details.items():
        assert caught.value.message.details[key] == value
    assert "‹" not in caught.value.text("zh") and "‹" not in caught.value.text("en")


def test_an_absurd_record_length_in_the_shp_is_harmless_with_an_index(tmp_path: Path) -> None:
    path = b.write_shapefile(tmp_path / "a.shp", b.parcels(2))
    raw = bytearray(path.read_bytes())
    raw[104:108] = struct.pack(">i", 2**30)
    path.write_bytes(raw)
    taken = intake.read_delivery(path)
    assert taken.parcels["number"].tolist() == [b.number(1), b.number(2)]


def test_a_record_whose_counts_do_not_fit_its_length_is_refused_alone(tmp_path: Path) -> None:
    broken = bytearray(b.record_bytes(b.square(2)))
    broken[40:44] = struct.pack("<i", 10**6)
    rows = [b.parcel(1), {**b.parcel(2), "record": bytes(broken)}, b.parcel(3)]
    taken = intake.read_delivery(b.write_shapefile(tmp_path / "a.shp", rows))
    assert taken.parcels["number"].tolist() == [b.number(1), b.number(3)]
    assert [(rejection.feature, rejection.code) for rejection in taken.rejected] == [
        (b.number(2), "intake.record_damaged")
    ]


def _one(rows: list[dict[str, object]], tmp_path: Path) -> intake.Intake:
    return intake.read_delivery(b.write_shapefile(tmp_path / "a.shp", [b.parcel(9), *rows]))


BAD_SHAPES = {
    "missing": ({"geometry": None}, "intake.geometry_missing"),
    "a ring of two points": ({"record": b.ring_bytes([[(105.9, 29.3), (105.91, 29.3)]])}, "intake.ring_too_short"),
    "a ring that goes and comes back": (
        {"record": b.ring_bytes([[(105.9, 29.3), (105.91, 29.3), (105.9, 29.3)]])},
        "intake.ring_too_short",
    ),
    "NaN": (
        {"record": b.ring_bytes([[(105.9, 29.3), (np.nan, 29.31), (105.91, 29.31), (105.91, 29.3), (105.9, 29.3)]])},
        "intake.geometry_not_finite",
    ),
    "infinite": (
        {"record": b.ring_bytes([[(105.9, 29.3), (np.inf, 29.31), (105.91, 29.31), (105.91, 29.3), (105.9, 29.3)]])},
        "intake.geometry_not_finite",
    ),
    "collapsed to a line": (
        {"record": b.ring_bytes([[(105.9, 29.3), (105.91, 29.3), (105.92, 29.3), (105.9, 29.3)]])},
        "intake.geometry_unrepairable",
    ),
    "a foreign shape type": ({"record": struct.pack("<i2d", 1, 105.9, 29.3)}, "intake.record_kind"),
    "no rings": ({"record": struct.pack("<i4d2i", 5, 0, 0, 0, 0, 0, 0)}, "intake.geometry_empty"),
}


@pytest.mark.parametrize("case", BAD_SHAPES.values(), ids=BAD_SHAPES.keys())
def test_a_bad_shape_is_refused_by_number_and_the_rest_go_on(
    case: tuple[dict[str, object], str], tmp_path: Path
) -> None:
    values, code = case
    taken = _one([{**b.parcel(1), **values}], tmp_path)
    assert taken.parcels["number"].tolist() == [b.number(9)]
    assert [(rejection.feature, rejection.code) for rejection in taken.rejected] == [(b.number(1), code)]
    counts = taken.batch.counts
    assert counts.features == counts.accepted + counts.refused == 2


def test_an_unclosed_ring_is_closed_with_a_record(tmp_path: Path) -> None:
    ring = shapely.get_coordinates(b.square(1))[:-1]
    taken = _one([{**b.parcel(1), "record": b.ring_bytes([ring])}], tmp_path)
    repair = taken.parcels.set_index("number").loc[b.number(1), "repair"]
    assert repair["code"] == "intake.ring_closed"
    assert repair["before_m2"] == repair["after_m2"]


BOW = [(105.9, 29.35), (105.901, 29.351), (105.901, 29.35), (105.9, 29.351), (105.9, 29.35)]


def test_a_crossing_ring_is_refused_when_its_repair_changes_the_area_and_nothing_bears_it_out(tmp_path: Path) -> None:
    taken = _one([{**b.parcel(1, JCMJ=99.0), "record": b.ring_bytes([BOW])}], tmp_path)
    assert [rejection.code for rejection in taken.rejected] == ["intake.repair_too_large"]
    assert taken.rejected_bounds[0] == pytest.approx((105.9, 29.35, 105.901, 29.351))


def test_a_crossing_ring_is_repaired_when_the_delivered_area_bears_the_repair_out(tmp_path: Path) -> None:
    valid = shapely.make_valid(shapely.polygons(BOW))
    mu = sum(b.square_metres(part) for part in valid.geoms) * 0.0015
    taken = _one([{**b.parcel(1, JCMJ=mu), "record": b.ring_bytes([BOW])}, b.parcel(5), b.parcel(6)], tmp_path)
    row = taken.parcels.set_index("number").loc[b.number(1)]
    assert row["repair"]["code"] == "intake.ring_repaired"
    assert row["area_m2"] == pytest.approx(mu / 0.0015, rel=1e-4)
    assert shapely.equals_exact(
        shapely.from_wkb(row["repair"]["original"]), shapely.multipolygons([shapely.polygons(BOW)]), 0.0
    )
    assert "repaired" in row["flags"]


def test_a_small_spike_is_repaired_within_the_tolerance(tmp_path: Path) -> None:
    x, y = b.LON, b.LAT + 0.01
    ring = [
        (x, y),
        (x, y + 0.001),
        (x + 0.0005, y + 0.001),
        (x + 0.0005, y + 0.002),
        (x + 0.0005, y + 0.001),
        (x + 0.001, y + 0.001),
    ]
    ring += [(x + 0.001, y), (x, y)]
    taken = _one([{**b.parcel(1, JCMJ=0), "record": b.ring_bytes([ring])}], tmp_path)
    row = taken.parcels.set_index("number").loc[b.number(1)]
    assert row["geometry"].is_valid and row["repair"]["after_m2"] == pytest.approx(row["repair"]["before_m2"], abs=0.01)


def test_holes_and_parts_survive_in_any_record_order(tmp_path: Path) -> None:
    shell = b.square(0, 0, 0.0018)
    hole = shapely.get_coordinates(
        shapely.polygons([(105.9005, 29.3505), (105.901, 29.3505), (105.901, 29.351), (105.9005, 29.351)])
    )
    island = shapely.get_coordinates(b.square(3))
    rings = [hole, island, shapely.get_coordinates(shell)]
    taken = intake.read_delivery(
        b.write_shapefile(tmp_path / "a.shp", [{**b.parcel(1), "record": b.ring_bytes(rings)}])
    )
    expected = shapely.multipolygons([shapely.polygons(shapely.get_coordinates(shell), [hole]), b.square(3)])
    assert shapely.equals(taken.parcels.geometry.iloc[0], expected)


def test_rings_written_the_wrong_way_round_are_the_same_parcel(tmp_path: Path) -> None:
    ring = shapely.get_coordinates(b.square(1))[::-1]
    taken = intake.read_delivery(
        b.write_shapefile(tmp_path / "a.shp", [{**b.parcel(1), "record": b.ring_bytes([ring])}])
    )
    assert shapely.equals(taken.parcels.geometry.iloc[0], b.square(1))
    assert not taken.rejected


def test_polygons_with_heights_are_read_without_them(tmp_path: Path) -> None:
    taken = intake.read_delivery(b.write_shapefile(tmp_path / "a.shp", b.parcels(2), kind=15))
    assert len(taken.parcels) == 2 and not taken.parcels.geometry.has_z.any()


def test_a_record_marked_as_deleted_is_not_lost_without_a_word(tmp_path: Path) -> None:
    rows = [b.parcel(1), {**b.parcel(2), "deleted": True}]
    taken = intake.read_delivery(b.write_shapefile(tmp_path / "a.shp", rows))
    assert taken.parcels["number"].tolist() == [b.number(1)]
    assert [rejection.code for rejection in taken.rejected] == ["intake.record_deleted"]


def test_a_point_file_is_named_for_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.shp"
    rows = [{**b.parcel(1), "record": struct.pack("<i2d", 1, 105.9, 29.3)}]
    b.write_shapefile(path, rows, kind=1)
    with pytest.raises(WeipianError) as caught:
        intake.read_delivery(path)
    assert caught.value.code == "intake.not_polygons"


def test_codes_stay_text_with_leading_zeros_and_letters(tmp_path: Path) -> None:
    columns = (*b.COLUMNS, ("DLBM", "C", 5, 0), ("BH", "N", 8, 0))
    rows = [{**b.parcel(1), "DLBM": "0602K", "BH": "00012"}, {**b.parcel(2), "DLBM": "0103", "BH": "13"}]
    taken = intake.read_delivery(b.write_shapefile(tmp_path / "a.shp", rows, columns))
    delivered = list(taken.parcels["delivered"])
    assert [record["DLBM"] for record in delivered] == ["0602K", "0103"]
    assert [record["BH"] for record in delivered] == ["00012", 13]


def test_a_numeric_parcel_number_keeps_its_digits(tmp_path: Path) -> None:
    columns = (("JCBH", "N", 18, 0), *b.COLUMNS[1:])
    rows = [{**b.parcel(1), "JCBH": "007"}, {**b.parcel(2), "JCBH": "123456789012345678"}]
    taken = intake.read_delivery(b.write_shapefile(tmp_path / "a.shp", rows, columns))
    assert taken.parcels["number"].tolist() == ["007", "123456789012345678"]


def test_upper_case_suffixes_are_parts_of_the_same_set(tmp_path: Path) -> None:
    path = b.write_shapefile(tmp_path / "a.shp", b.parcels(2))
    for part in list(tmp_path.iterdir()):
        part.rename(part.with_suffix(part.suffix.upper()))
    taken = intake.read_delivery(path.with_suffix(".SHP"))
    assert len(taken.parcels) == 2 and taken.batch.crs == "EPSG:4490"
