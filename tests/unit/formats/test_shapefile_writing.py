"""Every shapefile written here is read back by fiona, which shares no code with the writer, and by the plugin's own reader."""

from __future__ import annotations

import math
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import fiona
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from weipian_plugin.formats import dbf, shapefile, shapefile_writing
from weipian_plugin.formats.shapefile_writing import Column, TableText, column, cut

SQUARE = shapely.box(107.0, 29.0, 107.001, 29.001)
HOLED = shapely.Polygon(
    [(107, 29), (107.01, 29), (107.01, 29.01), (107, 29.01)],
    [
        [(107.002, 29.002), (107.002, 29.004), (107.004, 29.004)],
        [(107.006, 29.006), (107.008, 29.006), (107.007, 29.008)],
    ],
)
ISLAND = shapely.Polygon([(107.0025, 29.0032), (107.0028, 29.0032), (107.0027, 29.0036)])


def back(path: Path, **options: str) -> tuple[dict[str, Any], list[dict[str, Any]], list[BaseGeometry | None]]:
    """Schema, attributes and geometries as fiona reads them."""
    with fiona.open(path, **options) as layer:
        features = list(layer)
        return (
            dict(layer.schema["properties"]),
            [dict(feature["properties"]) for feature in features],
            [None if f["geometry"] is None else shapely.geometry.shape(f["geometry"]) for f in features],
        )


def write(
    path: Path, geometries: list[Any], rows: list[dict[str, Any]] | None = None, *kinds: str, **text: Any
) -> Path:
    columns = [column(name, kind) for name, _, kind in (entry.partition("=") for entry in kinds or ("BH=str:10",))]
    shapefile_writing.write(path, geometries, rows or [{}] * len(geometries), columns, "EPSG:4490", TableText(**text))
    return path


@pytest.mark.parametrize(
    "geometry",
    [
        SQUARE,
        SQUARE.reverse(),
        HOLED,
        shapely.MultiPolygon([HOLED, ISLAND]),
        shapely.MultiPolygon([SQUARE, shapely.box(107.1, 29.1, 107.2, 29.2)]),
        shapely.force_3d(SQUARE, 5.0),
    ],
    ids=["square", "other way round", "holes", "island in a hole", "two parts", "with heights"],
)
def test_fiona_and_the_own_reader_read_the_polygon_that_was_written(tmp_path: Path, geometry: BaseGeometry) -> None:
    path = write(tmp_path / "图斑.shp", [geometry])
    _, _, (found,) = back(path)
    assert found is not None and found.is_valid and found.equals(shapely.force_2d(geometry))
    opened = shapefile.open_shapefile(path)
    assert (opened.count, opened.damaged, opened.notes) == (1, {}, ())
    assert opened.bounds()[0] == pytest.approx(geometry.bounds, abs=0)


def test_outer_rings_run_clockwise_and_inner_ones_against_it(tmp_path: Path) -> None:
    content = write(tmp_path / "a.shp", [HOLED]).read_bytes()[108:]
    parts, points = np.frombuffer(content[36:44], "<i4")
    starts = [*np.frombuffer(content[44 : 44 + 4 * parts], "<i4"), points]
    xy = np.frombuffer(content[44 + 4 * parts :], "<f8").reshape(-1, 2)
    turning = [shapely.LinearRing(xy[a:b]).is_ccw for a, b in zip(starts, starts[1:])]
    assert turning == [False, True, True]


def test_a_record_without_geometry_keeps_its_attributes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.shp", [None, SQUARE, shapely.Polygon()], [{"BH": "1"}, {"BH": "2"}, {"BH": "3"}])
    _, rows, geometries = back(path)
    assert [row["BH"] for row in rows] == ["1", "2", "3"]
    assert [geometry is not None for geometry in geometries] == [False, True, False]


def test_lines_are_written_as_lines(tmp_path: Path) -> None:
    lines = [
        shapely.LineString([(107, 29), (107.1, 29)]),
        shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 4)]]),
    ]
    _, _, found = back(write(tmp_path / "a.shp", lines))
    assert all(got is not None and got.equals_exact(line) for got, line in zip(found, lines))


def test_an_empty_layer_is_a_sound_layer(tmp_path: Path) -> None:
    schema, rows, _ = back(write(tmp_path / "a.shp", [], [], "BH=str:7"))
    assert (schema, rows) == ({"BH": "str:7"}, [])


def test_widths_of_the_fields_are_kept(tmp_path: Path) -> None:
    kinds = ("A=str:18", "B=float:15.2", "C=int:4", "D=date", "E=int:18", "F=float:24.15", "G=str", "H=int64")
    schema, _, _ = back(write(tmp_path / "a.shp", [SQUARE], None, *kinds))
    assert list(schema.values()) == [
        "str:18", "float:15.2", "int32:4", "date", "int:18", "float:24.15", "str:80", "int:18",
    ]  # fmt: skip


def test_the_same_widths_as_fiona_itself_writes(tmp_path: Path) -> None:
    kinds = {
        "A": "str:18",
        "B": "float:15.2",
        "C": "int:4",
        "D": "date",
        "E": "int:18",
        "F": "float",
        "G": "str",
        "H": "int",
    }
    row = {"A": "永川区", "B": 1.25, "C": 12, "D": "2023-05-20", "E": 12345678, "F": 1.2, "G": None, "H": None}
    theirs = tmp_path / "theirs.shp"
    with fiona.open(
        theirs, "w", driver="ESRI Shapefile", crs="EPSG:4490", encoding="GBK",
        schema={"geometry": "Polygon", "properties": kinds},
    ) as sink:  # fmt: skip
        sink.write({"geometry": shapely.geometry.mapping(HOLED), "properties": row})
    ours = write(tmp_path / "ours.shp", [HOLED], [row], *(f"{name}={kind}" for name, kind in kinds.items()))
    assert back(ours)[:2] == back(theirs, encoding="GBK")[:2]
    # Geometry, index and reference system are the same bytes.
    for suffix in (".shp", ".shx", ".prj"):
        assert ours.with_suffix(suffix).read_bytes() == theirs.with_suffix(suffix).read_bytes(), suffix


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_texts_come_back_in_the_encoding_that_is_named(tmp_path: Path, encoding: str) -> None:
    rows = [{"村名": "永川区", "BZ": "=1+1"}, {"村名": None, "BZ": ""}]
    path = write(tmp_path / "a.shp", [SQUARE, SQUARE], rows, "村名=str:30", "BZ=str:5", encoding=encoding)
    assert path.with_suffix(".cpg").read_text("ascii") == encoding
    assert [row["村名"] for row in back(path)[1]] == ["永川区", None]


def test_without_a_cpg_the_code_page_still_tells_gbk(tmp_path: Path) -> None:
    path = write(tmp_path / "a.shp", [SQUARE], [{"BH": "永川"}], cpg=False)
    assert not path.with_suffix(".cpg").exists()
    assert back(path)[1] == [{"BH": "永川"}]
    assert dbf.read_table(path.with_suffix(".dbf")).code_page == 0x4D


def test_nothing_tells_the_encoding_where_that_is_wanted(tmp_path: Path) -> None:
    path = write(tmp_path / "a.shp", [SQUARE], [{"BH": "永川"}], cpg=False, code_page=False)
    assert dbf.read_table(path.with_suffix(".dbf")).code_page == 0


@pytest.mark.parametrize(
    ("text", "width", "encoding", "kept"),
    [
        ("永川区", 5, "GBK", "永川"),
        ("永川区", 6, "UTF-8", "永川"),
        ("a\u2028b", 9, "GBK", "a?b"),
        ("ab", 2, "GBK", "ab"),
    ],
)
def test_a_text_is_cut_between_characters(text: str, width: int, encoding: str, kept: str) -> None:
    assert cut(text, width, encoding).decode(encoding) == kept


@pytest.mark.parametrize(
    ("value", "kind", "width"),
    [
        (12345678.9, "float:6.2", 11),  # a column too narrow is widened, the figure stays whole
        (-3.14, "float:4.2", 5),
        (123456, "int:4", 6),
        (9.5, "float:19.2", 19),
        (123456789012.125, "float:24.15", 24),  # 28 characters: only decimals that no double holds are left out
    ],
)
def test_a_number_is_never_cut(tmp_path: Path, value: float, kind: str, width: int) -> None:
    path = write(tmp_path / "a.shp", [SQUARE], [{"M": value}], f"M={kind}")
    (row,) = back(path)[1]
    assert row["M"] == value
    assert dbf.read_table(path.with_suffix(".dbf")).fields[0].width == width


@pytest.mark.parametrize("value", [None, float("nan"), math.inf, -math.inf])
def test_what_is_no_number_is_blank(tmp_path: Path, value: float | None) -> None:
    path = write(tmp_path / "a.shp", [SQUARE], [{"M": value}], "M=float:10.2")
    assert back(path)[1] == [{"M": None}]


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("2023-05-20", "2023-05-20"),
        (date(2023, 5, 20), "2023-05-20"),
        ("2023/5/2", "2023-05-02"),
        ("20230520", "2023-05-20"),
        ("2023-02-30", None),
        ("二〇二三", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_is_a_date_or_blank(tmp_path: Path, value: object, read: str | None) -> None:
    assert back(write(tmp_path / "a.shp", [SQUARE], [{"D": value}], "D=date"))[1] == [{"D": read}]


def test_the_same_contents_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write(tmp_path / name / "x.shp", [HOLED], [{"BH": "甲"}])
    assert all((tmp_path / "b" / file.name).read_bytes() == file.read_bytes() for file in (tmp_path / "a").iterdir())


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(ValueError, match="blob"):
        column("A", "blob")


@given(
    texts=st.lists(
        st.text(st.characters(codec="gb18030", exclude_categories=("C", "Z")), max_size=40), min_size=1, max_size=5
    ),
    number=st.floats(-1e11, 1e11),
    width=st.integers(1, 60),
)
@settings(max_examples=60)
def test_whatever_is_written_the_own_reader_reads(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], number: float, width: int
) -> None:
    path = tmp_path_factory.mktemp("w") / "a.shp"
    rows = [{"T": text, "M": number} for text in texts]
    columns = (Column("T", "C", width), Column("M", "N", 19, 2))
    shapefile_writing.write(path, [SQUARE] * len(rows), rows, columns, "EPSG:4490", TableText("gb18030"))
    table = dbf.read_table(path.with_suffix(".dbf"))
    for position, text in enumerate(texts):
        row = dbf.row_of(table, position, ("T", "M"), "gb18030")
        assert (row["T"] or "") == cut(text, width, "gb18030").decode("gb18030").rstrip(" ")
        assert float(row["M"]) == pytest.approx(number, abs=0.00501)


def test_writing_needs_no_file_library() -> None:
    question = (
        "import sys, weipian_plugin.filing.vectors, weipian_plugin.sample.vectors; "
        "print(sorted({'fiona', 'pyogrio', 'osgeo'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", question], capture_output=True, text=True, check=True, timeout=120,
        cwd=Path(__file__).resolve().parents[3],
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
