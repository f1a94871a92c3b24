"""The vector files of a package."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from pathlib import Path

import fiona
import pytest
import shapely

from weipian_plugin.filing import PackageOptions, ParcelCase, write_package
from weipian_plugin.filing.vectors import _cut, _short_names
from weipian_plugin.formats import coordinates_txt
from weipian_plugin.model.errors import WeipianError

from . import cases


def shape(
    case: ParcelCase, folder: Path, name: str = cases.NUMBER, **options: object
) -> tuple[Path, list[dict[str, object]], list[object]]:
    record = write_package(case, folder / "out", PackageOptions(**options))
    path = record.path / "矢量" / f"{name}.shp"
    with fiona.open(path) as layer:
        features = list(layer)
    return (
        path,
        [dict(feature["properties"]) for feature in features],
        [shapely.geometry.shape(feature["geometry"]) for feature in features],
    )


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_the_delivered_fields_come_first_and_the_decided_ones_are_filled(
    legal_case: ParcelCase, tmp_path: Path, encoding: str
) -> None:
    path, (row,), (geometry,) = shape(legal_case, tmp_path, vector_encoding=encoding)
    assert path.with_suffix(".cpg").read_text() == encoding
    assert list(row)[:5] == list(legal_case.parcel.delivered)
    assert (row["JCBH"], row["XMC"], row["BZ"]) == (cases.NUMBER, "永川区", "=1+1")
    values = set(row.values())
    assert {"合法", "批文", "工业园一期", "李四"} <= values
    assert 1.2 in values
    assert geometry.equals(legal_case.geometry)


def test_a_delivered_field_is_filled_and_not_doubled(legal_case: ParcelCase, tmp_path: Path) -> None:
    delivered = {**legal_case.parcel.delivered, "PDLX": None, "XMMC": "旧名称"}
    _, (row,), _ = shape(replace(legal_case, parcel=cases.parcel(delivered=delivered)), tmp_path)
    assert (row["PDLX"], row["XMMC"]) == ("合法", "工业园一期")
    assert "核实意见" not in row


def test_an_undecided_parcel_keeps_what_was_delivered(legal_case: ParcelCase, tmp_path: Path) -> None:
    delivered = {**legal_case.parcel.delivered, "PDLX": "县级已填"}
    case = replace(legal_case, parcel=cases.parcel(delivered=delivered), decisions=(), decided_fields={})
    _, (row,), _ = shape(case, tmp_path)
    assert row["PDLX"] == "县级已填"


def test_the_delivered_schema_is_kept(legal_case: ParcelCase, tmp_path: Path) -> None:
    schema = (("JCBH", "str:30"), ("JCMJ", "float:15.3"), ("XMC", "str:20"), ("TBLX", "int:4"), ("BZ", "str:3"))
    path, (row,), _ = shape(replace(legal_case, schema=schema), tmp_path)
    with fiona.open(path) as layer:
        found = list(layer.schema["properties"].items())[:5]
    assert found == [
        ("JCBH", "str:30"),
        ("JCMJ", "float:15.3"),
        ("XMC", "str:20"),
        ("TBLX", "int32:4"),
        ("BZ", "str:3"),
    ]
    assert (row["TBLX"], row["BZ"]) == (1, "=1+")


def test_long_and_equal_names_are_cut_between_characters_and_kept_apart() -> None:
    names = _short_names(["乡镇名称甲", "乡镇名称乙", "abcdefghijkl", "ABCDEFGHIJkm", "单位"], "UTF-8")
    assert len({name.lower() for name in names.values()}) == 5
    assert all(len(name.encode("utf-8")) <= 10 for name in names.values())
    assert names["单位"] == "单位" and names["乡镇名称甲"] == "乡镇名"


@pytest.mark.parametrize(
    ("text", "limit", "encoding", "cut"),
    [
        ("永川区", 4, "GBK", "永川"),
        ("永川区", 5, "GBK", "永川"),
        ("永川区", 6, "UTF-8", "永川"),
        ("ab", 2, "GBK", "ab"),
    ],
)
def test_text_is_never_cut_within_a_character(text: str, limit: int, encoding: str, cut: str) -> None:
    assert _cut(text, limit, encoding) == cut


def test_the_day_of_writing_is_not_in_the_table(legal_case: ParcelCase, tmp_path: Path) -> None:
    path, _, _ = shape(legal_case, tmp_path)
    assert struct.unpack("3B", path.with_suffix(".dbf").read_bytes()[1:4]) == (100, 1, 1)


def test_parts_have_their_own_layer(legal_case: ParcelCase, tmp_path: Path) -> None:
    _, rows, geometries = shape(cases.split(legal_case), tmp_path, f"{cases.NUMBER}_拆分地块")
    assert [row["地块"] for row in rows] == ["_1", "_2"]
    assert [row["面积亩"] for row in rows] == [1.5, 0.5]
    assert shapely.union_all(geometries).equals_exact(legal_case.geometry.geoms[0], 1e-9) or shapely.union_all(
        geometries
    ).equals(legal_case.geometry)


@pytest.mark.parametrize("variant", list(coordinates_txt.VARIANTS))
def test_txt_coordinates_read_back_as_the_parcel(legal_case: ParcelCase, tmp_path: Path, variant: str) -> None:
    record = write_package(legal_case, tmp_path / "out", PackageOptions(coordinates_variant=variant))
    back = coordinates_txt.read_file(record.path / "矢量" / f"{cases.NUMBER}.txt")
    assert back is not None and len(back.plots) == 1
    if coordinates_txt.VARIANTS[variant].degrees:
        assert back.plots[0].geometry.symmetric_difference(legal_case.geometry).area < 1e-12


def test_geojson_names_its_datum_and_its_parts(legal_case: ParcelCase, tmp_path: Path) -> None:
    record = write_package(cases.split(legal_case), tmp_path / "out", PackageOptions())
    found = json.loads((record.path / "矢量" / f"{cases.NUMBER}.geojson").read_text(encoding="utf-8"))
    assert [feature["properties"].get("地块") for feature in found["features"]] == [None, "_1", "_2"]
    assert "4490" in found["features"][0]["properties"]["坐标系"]


def test_an_unknown_encoding_is_refused_and_nothing_is_left(legal_case: ParcelCase, tmp_path: Path) -> None:
    with pytest.raises(WeipianError) as caught:
        write_package(legal_case, tmp_path / "out", PackageOptions(vector_encoding="latin-1"))
    assert caught.value.code == "filing.encoding_unknown"
    assert list((tmp_path / "out").iterdir()) == []
