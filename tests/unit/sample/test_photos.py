"""The sample photos say in their EXIF what the truth file says about them, and the bad ones are bad in the way stated."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import exifread
import imagehash
import pytest
import shapely
from PIL import Image
from pyproj import Geod, Transformer

from weipian_plugin.sample import SampleCounty

GEOD = Geod(ellps="WGS84")
Delivered = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def exif(county: SampleCounty) -> dict[str, dict[str, Any]]:
    found = {}
    for path in sorted(p for p in county.photos.rglob("*") if p.is_file()):
        found[path.relative_to(county.photos).as_posix()] = exifread.process_file(
            io.BytesIO(path.read_bytes()), details=False
        )
    return found


@pytest.fixture(scope="module")
def parcels(delivered: Delivered) -> dict[str, Any]:
    """Parcels by number in EPSG:4544 (metres); of a number delivered twice the first."""
    transformer = Transformer.from_crs("EPSG:4490", "EPSG:4544", always_xy=True)
    found: dict[str, Any] = {}
    for rows in delivered.values():
        for row in rows:
            moved = shapely.transform(shapely.make_valid(row["shape"]), transformer.transform, interleaved=False)
            found[row["JCBH"]] = shapely.union(found[row["JCBH"]], moved) if row["JCBH"] in found else moved
    return found


def position(tags: dict[str, Any]) -> tuple[float, float]:
    def degrees(name: str) -> float:
        d, m, s = (float(value) for value in tags[name].values)
        return d + m / 60 + s / 3600

    return degrees("GPS GPSLongitude"), degrees("GPS GPSLatitude")


def azimuth(tags: dict[str, Any]) -> float:
    return float(tags["GPS GPSImgDirection"].values[0])


def in_view(
    parcels: dict[str, Any], lon: float, lat: float, direction: float, half: float, reach: float
) -> dict[str, float]:
    """Parcels touched by a fan of geodesics from the standpoint, with their distance."""
    transformer = Transformer.from_crs("EPSG:4490", "EPSG:4544", always_xy=True)
    here = transformer.transform(lon, lat)
    ring = [here]
    for step in range(9):
        east, north, _ = GEOD.fwd(lon, lat, direction - half + step * half / 4, reach)
        ring.append(transformer.transform(east, north))
    fan = shapely.Polygon(ring)
    return {n: shapely.distance(p, shapely.Point(here)) for n, p in parcels.items() if fan.intersects(p)}


def test_there_are_150_files_in_two_folders_and_the_truth_names_each(
    county: SampleCounty, truth: dict[str, Any]
) -> None:
    files = {p.relative_to(county.photos).as_posix(): p.stat().st_size for p in county.photos.rglob("*") if p.is_file()}
    assert set(files) == set(truth["photos"])
    assert len(files) == 150
    assert {name.split("/")[0] for name in files} == {"人工举证照片", "无人机举证照片"}
    assert sum(files.values()) < 25_000_000


def test_every_kind_of_bad_photo_is_there(truth: dict[str, Any]) -> None:
    spoiled = {record["reason"] for record in truth["photos"].values()}
    assert spoiled >= {"no_position", "zero_position", "no_azimuth", "away", "too_far", "too_early", "duplicate",
                       "near_duplicate", "truncated", "truncated_header", "not_a_photo", "png_named_jpg"}  # fmt: skip
    assert sum(record["parcel"] is not None for record in truth["photos"].values()) >= 110
    assert all(record["may_attach"] in (None, record["subject"]) for record in truth["photos"].values())
    assert all(
        record["may_attach"] == record["parcel"] for record in truth["photos"].values() if record["parcel"] is not None
    )
    assert all(
        record["may_attach"] is None for record in truth["photos"].values() if record["reason"] in ("away", "too_far")
    )
    assert sum(record["reference"] == "M" for record in truth["photos"].values()) == 4


def test_exif_says_what_the_truth_says(truth: dict[str, Any], exif: dict[str, dict[str, Any]]) -> None:
    for name, record in truth["photos"].items():
        if record["reason"] in ("not_a_photo", "png_named_jpg", "truncated_header", "duplicate"):
            continue
        tags = exif[name]
        taken = datetime.strptime(str(tags["EXIF DateTimeOriginal"]), "%Y:%m:%d %H:%M:%S")
        assert taken.isoformat() == record["taken_at"], name
        assert str(tags["EXIF OffsetTimeOriginal"]) == "+08:00"
        if record["lon"] is not None:
            lon, lat = position(tags)
            assert GEOD.inv(lon, lat, record["lon"], record["lat"])[2] < 0.01, name
        if record["reference"] == "T":
            assert azimuth(tags) == pytest.approx(record["azimuth_true"] % 360, abs=0.011)
            assert str(tags["GPS GPSImgDirectionRef"]) == "T"
        if record["reference"] == "M":
            assert azimuth(tags) == pytest.approx((record["azimuth_true"] + 2.6) % 360, abs=0.02)
            assert str(tags["GPS GPSImgDirectionRef"]) == "M"


def test_a_good_photo_stands_near_its_parcel_looks_at_it_and_at_no_other(
    truth: dict[str, Any], exif: dict[str, dict[str, Any]], parcels: dict[str, Any]
) -> None:
    checked = 0
    for name, record in truth["photos"].items():
        if record["parcel"] is None or record["reason"] is not None:
            continue
        lon, lat = position(exif[name])
        seen = in_view(parcels, lon, lat, record["azimuth_true"], 34, 220)
        assert set(seen) == {record["parcel"]}, name
        assert 1.0 < seen[record["parcel"]] < 75.0, name
        assert seen[record["parcel"]] == pytest.approx(record["distance_m"], abs=0.1)
        checked += 1
    assert checked >= 105


@pytest.mark.parametrize("reason", ["away", "too_far"])
def test_a_photo_that_looks_away_or_stands_too_far_off_sees_no_parcel_nearby(
    reason: str, truth: dict[str, Any], exif: dict[str, dict[str, Any]], parcels: dict[str, Any]
) -> None:
    names = [name for name, record in truth["photos"].items() if record["reason"] == reason]
    assert len(names) >= 4
    for name in names:
        lon, lat = position(exif[name])
        record = truth["photos"][name]
        assert in_view(parcels, lon, lat, azimuth(exif[name]), 34, 320) == {}, name
        if reason == "too_far":
            assert record["distance_m"] > 500
            assert record["subject"] in in_view(parcels, lon, lat, azimuth(exif[name]), 5, 700)
        else:
            assert record["distance_m"] < 45


def test_missing_positions_and_directions_are_really_missing(
    truth: dict[str, Any], exif: dict[str, dict[str, Any]]
) -> None:
    for name, record in truth["photos"].items():
        if record["reason"] == "no_position":
            assert "GPS GPSLatitude" not in exif[name]
        if record["reason"] == "zero_position":
            assert position(exif[name]) == (0.0, 0.0)
        if record["reason"] == "no_azimuth":
            assert "GPS GPSImgDirection" not in exif[name]
            assert "GPS GPSLatitude" in exif[name]
        if record["reason"] == "too_early":
            assert record["taken_at"] < truth["earlier_image"]
        elif record["reason"] is None:
            assert record["taken_at"] > truth["later_image"]


def test_some_drone_photos_have_their_direction_only_in_xmp(
    county: SampleCounty, truth: dict[str, Any], exif: dict[str, Any]
) -> None:
    only = [name for name, record in truth["photos"].items() if record["drone"] and record["reference"] is None]
    assert len(only) == 4
    for name in only:
        assert "GPS GPSImgDirection" not in exif[name]
        content = (county.photos / name).read_bytes()
        start = content.index(b'GimbalYawDegree="') + 17
        yaw = float(content[start : content.index(b'"', start)])
        assert -180 <= yaw <= 180
        assert yaw % 360 == pytest.approx(truth["photos"][name]["azimuth_true"], abs=0.011)


def test_copies_and_damaged_files_are_what_they_are_called(county: SampleCounty, truth: dict[str, Any]) -> None:
    def content(name: str) -> bytes:
        return (county.photos / name).read_bytes()

    counted = dict.fromkeys(
        ["duplicate", "near_duplicate", "truncated", "truncated_header", "not_a_photo", "png_named_jpg"], 0
    )
    for name, record in truth["photos"].items():
        reason = record["reason"]
        if reason not in counted:
            continue
        counted[reason] += 1
        if reason == "duplicate":
            assert content(name) == content(record["copy_of"])
        elif reason == "near_duplicate":
            assert content(name) != content(record["copy_of"])
            first, second = (imagehash.phash(Image.open(county.photos / n)) for n in (name, record["copy_of"]))
            assert first - second <= 6
        elif reason.startswith("truncated"):
            with pytest.raises((OSError, SyntaxError)):
                Image.open(county.photos / name).load()
        else:
            assert content(name).startswith(b"\x89PNG")
            assert Path(name).suffix == (".png" if reason == "not_a_photo" else ".jpg")
    assert all(counted.values())


def test_one_parcel_has_pictures_before_during_and_after_rectification(truth: dict[str, Any]) -> None:
    stages: dict[str, set[str]] = {}
    for record in truth["photos"].values():
        if record["purpose"].startswith("整改"):
            stages.setdefault(record["parcel"], set()).add(record["purpose"])
    assert list(stages.values()) == [{"整改前", "整改中", "整改后"}]
    assert truth["parcels"][next(iter(stages))]["case"] == "nothing_paddy"
