"""The sample county is what it says it is: the same every time, complete, readable, and true to its own truth file."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
import yaml
from PIL import Image
from pyproj import Geod, Transformer

from weipian_plugin.model.errors import Cancelled, WeipianError
from weipian_plugin.model.paths import resource
from weipian_plugin.sample import SampleCounty, write_sample_county
from weipian_plugin.sample.cases import DOUBT, LEGAL, plan
from weipian_plugin.sample.county import MARK

GEOD = Geod(a=6378137.0, rf=298.257222101)


def area_of(geometry: Any) -> float:
    """Geodesic area of lon/lat polygons, part by part, rings by sign: not the way the generator does it."""
    total = 0.0
    for part in shapely.get_parts(geometry):
        rings = [part.exterior, *part.interiors]
        areas = [abs(GEOD.polygon_area_perimeter(*ring.xy)[0]) for ring in rings]
        total += areas[0] - sum(areas[1:])
    return total


def rows_of(
    county: SampleCounty, entry: dict[str, Any]
) -> tuple[np.ndarray[Any, Any], dict[str, np.ndarray[Any, Any]]]:
    """Geometries of a catalogue entry in EPSG:4490 and its columns."""
    path = county.folder / entry["source"]
    options = {} if path.suffix != ".shp" or path.with_suffix(".cpg").exists() else {"encoding": "GBK"}
    meta, _, wkb, data = pyogrio.raw.read(str(path), layer=entry["layer"], **options)
    geometry = shapely.from_wkb(wkb)
    if meta["crs"] != "EPSG:4490":
        transformer = Transformer.from_crs(meta["crs"], "EPSG:4490", always_xy=True)
        geometry = shapely.transform(geometry, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])))
    return geometry, dict(zip(meta["fields"], data))


def entries(county: SampleCounty, role: str) -> list[dict[str, Any]]:
    catalogue = yaml.safe_load(county.catalogue.read_text(encoding="utf-8"))
    return [entry for entry in catalogue["layers"] if entry["role"] == role]


def digest(folder: Path, *patterns: str) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for pattern in patterns
        for path in sorted(folder.rglob(pattern))
    }


def test_the_same_seed_gives_the_same_bytes(county: SampleCounty, tmp_path: Path) -> None:
    again = write_sample_county(tmp_path / "again")
    patterns = ("*.zip", "*.json", "*.yaml", "*.shp", "*.dbf", "*.tif", "*.jpg", "*.JPG", "*.png", "*.pdf")
    first, second = digest(county.folder, *patterns), digest(again.folder, *patterns)
    assert first == second
    assert len(first) > 20


def test_counts_are_those_of_a_real_batch(truth: dict[str, Any], delivered: dict[str, list[dict[str, Any]]]) -> None:
    land, mining = delivered["永川区2023年5月土地图斑"], delivered["永川区2023年5月矿产图斑"]
    assert (len(land), len(mining)) == (61, 8)
    assert len({row["JCBH"] for row in land}) == 60
    assert {row["JCBH"] for row in land + mining} == set(truth["parcels"])
    assert 2800 <= truth["counts"]["survey_polygons"] <= 3400
    assert {p["case"] for p in truth["parcels"].values()} == {case.code for case in plan()}


def test_the_zip_has_gbk_names_without_the_utf8_flag_and_a_dbf_that_hides_its_encoding(county: SampleCounty) -> None:
    with zipfile.ZipFile(county.delivery) as archive:
        assert archive.testzip() is None
        names = [entry.filename.encode("cp437").decode("gbk") for entry in archive.infolist()]
        assert all(not entry.flag_bits & 0x800 for entry in archive.infolist())
        tables = [archive.read(e) for e, name in zip(archive.infolist(), names) if name.endswith(".dbf")]
    assert any("土地图斑" in name for name in names)
    assert not any(name.endswith(".cpg") for name in names)
    for table in tables:
        assert table[29] == 0
        assert "永川区".encode("gbk") in table


def test_every_delivered_feature_has_the_area_in_mu_except_the_stale_one(
    truth: dict[str, Any], delivered: dict[str, list[dict[str, Any]]]
) -> None:
    different = []
    for row in [r for rows in delivered.values() for r in rows]:
        geometry = row["shape"] if row["shape"].is_valid else shapely.make_valid(row["shape"])
        if abs(area_of(geometry) * 0.0015 - row["JCMJ"]) > 0.0051:
            different.append(truth["parcels"][row["JCBH"]]["case"])
    assert different == ["stale_area"]


def test_odd_shapes_are_delivered_as_planned(truth: dict[str, Any], delivered: dict[str, list[dict[str, Any]]]) -> None:
    shapes = {truth["parcels"][row["JCBH"]]["case"]: row["shape"] for rows in delivered.values() for row in rows}
    assert [code for code, geometry in shapes.items() if not geometry.is_valid] == ["invalid_ring"]
    assert [code for code, geometry in shapes.items() if geometry.geom_type == "MultiPolygon"] == ["multipart"]
    holed = [c for c, g in shapes.items() if any(len(p.interiors) for p in shapely.get_parts(g))]
    assert holed == ["with_hole"]


def test_parcels_keep_apart_except_the_repeated_number(delivered: dict[str, list[dict[str, Any]]]) -> None:
    rows = [row for found in delivered.values() for row in found]
    tree = shapely.STRtree([row["shape"].buffer(0) for row in rows])
    first, second = tree.query([row["shape"].buffer(0.0009) for row in rows], predicate="intersects")
    close = {(rows[a]["JCBH"], rows[b]["JCBH"]) for a, b in zip(first, second) if a < b}
    assert len(close) == 1
    (one, other), *_ = close
    assert one == other


@pytest.mark.parametrize("position", [0, 1])
def test_the_land_survey_is_an_exact_tessellation(county: SampleCounty, position: int) -> None:
    entry = entries(county, "land_survey")[position]
    path = county.folder / entry["source"]
    _, _, wkb, _ = pyogrio.raw.read(str(path), layer=entry["layer"])
    faces = shapely.from_wkb(wkb)
    assert shapely.is_valid(faces).all()
    # A file geodatabase stores coordinates on a grid of 0.1 mm.
    assert shapely.coverage_is_valid(shapely.get_parts(faces), gap_width=0.0)
    assert abs(shapely.area(faces).sum() - shapely.area(shapely.union_all(faces))) < 0.01


def test_every_role_of_the_catalogue_is_there_and_opens(county: SampleCounty) -> None:
    roles = yaml.safe_load(resource("roles.yaml").read_text(encoding="utf-8"))["roles"]
    catalogue = yaml.safe_load(county.catalogue.read_text(encoding="utf-8"))
    # Further dated images are a county's choice; the sample has the two of its parcels.
    assert {entry["role"] for entry in catalogue["layers"]} == set(roles) - {"imagery"}
    stated = 0
    for entry in catalogue["layers"]:
        assert (county.folder / entry["source"]).exists(), entry
        stated += "fields" in entry
        if roles[entry["role"]].get("raster"):
            continue
        geometry, columns = rows_of(county, entry)
        assert len(geometry) > 0
        known = {name for names in roles[entry["role"]]["fields"].values() for name in names}
        named = set(entry.get("fields", {}).values())
        assert named <= set(columns), entry["source"]
        assert set(entry.get("fields", {})) <= set(roles[entry["role"]]["fields"])
        assert named or known & set(columns), entry["source"]
    assert 8 <= stated <= 14


def test_areas_in_the_truth_file_follow_from_the_files_alone(
    county: SampleCounty, truth: dict[str, Any], delivered: dict[str, list[dict[str, Any]]]
) -> None:
    """Recomputed from what was written, in degrees, with another area routine."""
    parcels = {row["JCBH"]: row["shape"] for rows in reversed(list(delivered.values())) for row in reversed(rows)}
    for role in ("farmland_conversion", "land_supply", "temporary_land", "basic_farmland", "mining_right", "linkage"):
        geometry, _ = rows_of(county, entries(county, role)[0])
        tree = shapely.STRtree(geometry)
        for number, parcel in parcels.items():
            valid = parcel if parcel.is_valid else shapely.make_valid(parcel)
            pieces = shapely.intersection(geometry[tree.query(valid, predicate="intersects")], valid)
            union = shapely.union_all([p for p in shapely.get_parts(pieces) if p.geom_type == "Polygon"])
            expected = truth["parcels"][number]["measures"]["coverage"][role]
            found = area_of(union) if union.geom_type in ("Polygon", "MultiPolygon") else 0.0
            tolerance = truth["areas"]["tolerance_m2"] + truth["areas"]["tolerance_relative"] * expected
            assert found == pytest.approx(expected, abs=tolerance), (number, role)


def test_land_classes_in_the_truth_file_follow_from_the_survey_and_add_up(
    county: SampleCounty, truth: dict[str, Any], delivered: dict[str, list[dict[str, Any]]]
) -> None:
    geometry, columns = rows_of(county, entries(county, "land_survey")[0])
    tree = shapely.STRtree(geometry)
    for number, record in truth["parcels"].items():
        measures = record["measures"]
        assert sum(measures["classes"].values()) + measures["unsurveyed"] == pytest.approx(measures["area"], abs=0.01)
        assert measures["approved"] + measures["uncovered"] == pytest.approx(measures["area"], abs=0.01)
        rows = [r for found in delivered.values() for r in found if r["JCBH"] == number]
        parcel = shapely.make_valid(rows[0]["shape"])
        main = max(measures["classes"], key=measures["classes"].get, default=None)
        if main is None:
            assert record["case"] == "outside"
            continue
        hits = [i for i in tree.query(parcel, predicate="intersects") if columns["DLBM"][i] == main]
        found = sum(area_of(p) for p in shapely.intersection(geometry[hits], parcel) if p.area > 0)
        assert found == pytest.approx(measures["classes"][main], abs=0.2)


def test_legal_is_expected_only_where_approvals_in_time_or_a_valid_licence_cover_the_parcel(
    truth: dict[str, Any],
) -> None:
    for number, record in truth["parcels"].items():
        expected, measures = record["expected"], record["measures"]
        assert expected["category"] in expected["acceptable"]
        if expected["acceptable"] == [LEGAL]:
            assert measures["uncovered_in_time"] < 0.01, number
        if LEGAL in expected["acceptable"] and record["case"] not in ("edge_uncovered",):
            legal_bases = [g for g in record["grounds"] if g["timing"] in ("before", "between")]
            assert legal_bases, number
        if record["case"] in ("approved_after", "temporary_expired", "mine_expired", "approval_undated"):
            assert LEGAL not in expected["acceptable"]
        assert LEGAL in expected["acceptable"] or DOUBT in expected["acceptable"] or record["split"]


def test_parts_of_parcels_to_be_split_add_up(truth: dict[str, Any]) -> None:
    split = [record for record in truth["parcels"].values() if record["split"]]
    assert len(split) == 5
    for record in split:
        assert sum(part["area"] for part in record["parts"]) == pytest.approx(record["measures"]["area"], abs=0.01)
        assert all(part["area"] > 500 for part in record["parts"])


def test_a_folder_with_other_things_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "工作").mkdir()
    (tmp_path / "工作" / "重要.txt").write_text("不要动", encoding="utf-8")
    with pytest.raises(WeipianError) as caught:
        write_sample_county(tmp_path / "工作")
    assert caught.value.code == "sample.folder_in_use"
    assert "工作" in caught.value.text("zh")
    assert [path.name for path in tmp_path.rglob("*")] == ["工作", "重要.txt"]


def test_a_cancelled_run_leaves_the_earlier_sample_and_nothing_else(county: SampleCounty) -> None:
    before = county.truth.read_bytes()
    asked = iter([False, False, True])
    with pytest.raises(Cancelled):
        write_sample_county(county.folder, seed=7, cancelled=lambda: next(asked, True))
    assert county.truth.read_bytes() == before
    assert [path.name for path in county.folder.parent.iterdir()] == ["示例县"]


def test_an_earlier_sample_is_replaced_and_progress_reaches_the_end(county: SampleCounty, tmp_path: Path) -> None:
    seen: list[float] = []
    earlier = tmp_path / "县"
    earlier.mkdir()
    shutil.copy(county.folder / MARK, earlier / MARK)
    (earlier / "上次的.txt").write_text("旧", encoding="utf-8")
    written = write_sample_county(earlier, seed=2, progress=seen.append)
    assert written.delivery.read_bytes() != county.delivery.read_bytes()
    assert not (earlier / "上次的.txt").exists()
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(1.0)
    assert [path.name for path in tmp_path.iterdir()] == ["县"]


class _Picture:
    """An image of the county with its world file, in memory."""

    def __init__(self, county: SampleCounty, role: str) -> None:
        path = county.folder / entries(county, role)[0]["source"]
        self.size, _, _, _, self.left, self.top = (
            float(n) for n in path.with_suffix(".tfw").read_text("ascii").split()
        )
        with Image.open(path) as image:
            self.pixels = np.asarray(image, dtype=np.int16)

    def around(self, x: float, y: float, reach: float) -> np.ndarray[Any, Any]:
        column, row = int((x - self.left) / self.size), int((self.top - y) / self.size)
        pixels = int(reach / self.size)
        return self.pixels[row - pixels : row + pixels, column - pixels : column + pixels]


def test_the_images_differ_where_something_was_built_and_not_elsewhere(
    county: SampleCounty, truth: dict[str, Any], delivered: dict[str, list[dict[str, Any]]]
) -> None:
    transformer = Transformer.from_crs("EPSG:4490", "EPSG:4523", always_xy=True)
    before, after = _Picture(county, "imagery_before"), _Picture(county, "imagery_after")
    changes: dict[str, float] = {}
    for row in [r for rows in delivered.values() for r in rows]:
        case = truth["parcels"][row["JCBH"]]["case"]
        if case == "outside":
            continue
        inner = shapely.make_valid(row["shape"]).representative_point()
        x, y = transformer.transform(inner.x, inner.y)
        changes[case] = float(np.abs(before.around(x, y, 6) - after.around(x, y, 6)).mean())
    assert changes["unchanged"] < 12
    for case in (
        "approved_before",
        "partly_approved",
        "nothing_paddy",
        "basic_farmland",
        "temporary_valid",
        "mine_outside_large",
    ):
        assert changes[case] > 18, case


@pytest.mark.skipif(shutil.which("gdalinfo") is None, reason="gdal-bin is not installed")
def test_gdal_places_the_images_and_opens_every_vector_layer(county: SampleCounty) -> None:
    for role in ("imagery_before", "imagery_after"):
        path = county.folder / entries(county, role)[0]["source"]
        assert 1_000_000 < path.stat().st_size < 8_000_000
        said = json.loads(subprocess.run(["gdalinfo", "-json", str(path)], capture_output=True, check=True).stdout)
        assert said["coordinateSystem"]["wkt"].rstrip().endswith('ID["EPSG",4523]]')
        assert said["geoTransform"][1] == 1.0
        (lon, lat) = said["wgs84Extent"]["coordinates"][0][0]
        assert 105.8 < lon < 106.0
        assert 29.3 < lat < 29.4
    for entry in yaml.safe_load(county.catalogue.read_text(encoding="utf-8"))["layers"]:
        if entry["source"].endswith(".tif"):
            continue
        path = county.folder / entry["source"]
        said_text = subprocess.run(["ogrinfo", "-so", "-al", str(path)], capture_output=True, check=True).stdout.decode(
            "utf-8", "replace"
        )
        assert "Feature Count" in said_text
