"""Metadata become values: every EXIF spelling of angles and times, and what must be absent stays absent."""

from __future__ import annotations

import io
import math
from typing import Any

import exifread
import numpy as np
import piexif
import pytest

from weipian_plugin.evidence.tags import (
    HeaderTooCostly,
    Values,
    degrees,
    normal_azimuth,
    parse_exif,
    parse_time,
    parse_xmp,
    read_values,
)
from weipian_plugin.formats.pictures import open_container
from weipian_plugin.vendor.exifread.utils import Ratio

from .pictures import exif, gps, jpeg, scene, thumbnail_of


def values_of(block: bytes) -> Values:
    head = open_container(jpeg(block))
    assert head is not None and head.exif is not None
    return read_values(parse_exif(head.exif, 50_000), head.xmp, False, head.exif)


@pytest.mark.parametrize(
    ("parts", "reference", "expected"),
    [
        ([Ratio(31, 1), Ratio(30, 1), Ratio(1512, 100)], "N", 31.5042),
        ([Ratio(31, 1), Ratio(30252, 1000), Ratio(0, 1)], "N", 31.5042),
        ([Ratio(315042, 10000), Ratio(0, 1), Ratio(0, 1)], "N", 31.5042),
        ([Ratio(315042, 10000)], "N", 31.5042),
        ([Ratio(31, 1), Ratio(30252, 1000)], "N", 31.5042),
        ([Ratio(31, 1), Ratio(30252, 1000), Ratio(0, 0)], "N", 31.5042),
        ([Ratio(31, 1), Ratio(30, 1), Ratio(1512, 100)], "S", -31.5042),
        ([Ratio(31, 1), Ratio(30, 1), Ratio(1512, 100)], "s", -31.5042),
        ([Ratio(-31, 1), Ratio(30, 1), Ratio(1512, 100)], "S", -31.5042),
        ([Ratio(120, 1), Ratio(0, 1), Ratio(0, 1)], "W ", -120.0),
        ([(31.5042,)], "N", 31.5042),  # floats arrive as tuples
        ([31, 30, 15], "N", 31.504166666666666),
        ([Ratio(31, 1), Ratio(59, 1), Ratio(60, 1)], "N", 32.0),
        ("31,30.252N", "", 31.5042),
        ("31,30.252S", "", -31.5042),
        ("31°30'15.12\"N", "", 31.5042),
        ("31.5042", "S", -31.5042),
        ("31/1 30/1 1512/100", "N", 31.5042),
        ([Ratio(0, 1), Ratio(0, 1), Ratio(0, 1)], "N", 0.0),
    ],
)
def test_degrees_are_read_in_every_spelling(parts: Any, reference: str, expected: float) -> None:
    assert degrees(parts, reference) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    "parts",
    [[], [Ratio(31, 0), Ratio(30, 1), Ratio(0, 1)], [Ratio(31, 1), Ratio(30, 0), Ratio(0, 1)], [Ratio(31, 1), Ratio(75, 1), Ratio(0, 1)],
     [Ratio(31, 1), Ratio(30, 1), Ratio(99, 1)], [Ratio(0, 0), Ratio(0, 0), Ratio(0, 0)], [(math.nan,)], "", "north", "1 2 3 4", "31/0"],
)  # fmt: skip
def test_degrees_that_cannot_be_are_absent(parts: Any) -> None:
    assert degrees(parts, "N") is None


@pytest.mark.parametrize(
    ("delivered", "expected"),
    [
        (0.0, 0.0),
        (359.99, 359.99),
        (360.0, 0.0),
        (-10.0, 350.0),
        (370.0, 10.0),
        (-1e-20, 0.0),
        (-999999.0, None),
        (1000.0, None),
        (None, None),
    ],
)
def test_azimuths_are_normal_or_absent(delivered: float | None, expected: float | None) -> None:
    assert normal_azimuth(delivered) == expected


@pytest.mark.parametrize(("lon", "lat"), [(120.9, 31.6), (-120.9, 31.6), (120.9, -31.6), (-0.5, -0.25)])
def test_positions_of_all_hemispheres_come_back(lon: float, lat: float) -> None:
    values = values_of(exif(gps(lon, lat)))
    assert (values.lon, values.lat) == (pytest.approx(lon, abs=1e-7), pytest.approx(lat, abs=1e-7))


def test_zero_is_an_azimuth_and_absence_is_none() -> None:
    assert values_of(exif(gps(azimuth=0.0))).azimuth_delivered == 0.0
    assert values_of(exif(gps(azimuth=None))).azimuth_delivered is None


def test_zero_zero_is_no_position() -> None:
    assert values_of(exif(gps(0.0, 0.0))).lon is None


def test_a_zero_denominator_is_an_absent_azimuth() -> None:
    block = {**gps(azimuth=None), piexif.GPSIFD.GPSImgDirection: (0, 0)}
    assert values_of(exif(block)).azimuth_delivered is None


@pytest.mark.parametrize("reference", ["T", "M", None])
def test_the_reference_of_the_azimuth_is_kept(reference: str | None) -> None:
    assert values_of(exif(gps(reference=reference))).reference == reference


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023:05:06 10:20:30", "2023-05-06T10:20:30"),
        ("2023-05-06 10:20:30", "2023-05-06T10:20:30"),
        ("2023/5/6 10:20", "2023-05-06T10:20:00"),
        ("2023:05:06T10:20:30.123", "2023-05-06T10:20:30"),
        ("2023年5月6日 10时20分30秒", "2023-05-06T10:20:30"),
        ("0000:00:00 00:00:00", None),
        ("    :  :     :  :  ", None),
        ("2023:13:06 10:20:30", None),
        ("", None),
    ],
)
def test_times_are_read_in_every_spelling(text: str, expected: str | None) -> None:
    read = parse_time(text)
    assert (read.isoformat() if read else None) == expected


def test_the_satellites_tell_the_zone_where_no_tag_does() -> None:
    block = {**gps(), piexif.GPSIFD.GPSDateStamp: "2023:05:06", piexif.GPSIFD.GPSTimeStamp: ((2, 1), (20, 1), (28, 1))}
    values = values_of(exif(block, offset=None))
    assert (values.taken_at, values.zone_offset) == ("2023-05-06T10:20:30+08:00", "+08:00")


def test_satellite_time_stands_in_for_a_missing_clock() -> None:
    block = {**gps(), piexif.GPSIFD.GPSDateStamp: "2023:05:06", piexif.GPSIFD.GPSTimeStamp: ((2, 1), (20, 1), (28, 1))}
    assert values_of(exif(block, time=None)).taken_at == "2023-05-06T02:20:28+00:00"


@pytest.mark.parametrize(
    ("orientation", "portrait", "expected"),
    [(1, False, 67.38), (6, False, 47.92), (8, False, 47.92), (1, True, 47.92), (None, False, 67.38)],
)
def test_the_field_of_view_is_that_of_the_picture_as_it_is_looked_at(
    orientation: int | None, portrait: bool, expected: float
) -> None:
    block = exif(focal=27, orientation=orientation)
    found = read_values(parse_exif(block[6:], 50_000), None, portrait).field_of_view
    assert found == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(
    "packet",
    [
        b'<rdf:Description drone-dji:GimbalYawDegree="-12.50" drone-dji:GimbalPitchDegree="-30.0"/>',
        b"<drone-dji:GimbalYawDegree>-12.50</drone-dji:GimbalYawDegree><drone-dji:GimbalPitchDegree>-30.0</drone-dji:GimbalPitchDegree>",
        b"<drone-dji:GimbalYawDegree = '-12.50'  drone-dji:GimbalPitchDegree = '-30.0' <broken",
    ],
)
def test_drones_tell_their_direction_in_xmp(packet: bytes) -> None:
    values = read_values({}, packet)
    assert (values.azimuth_delivered, values.pitch, values.drone) == (347.5, -30.0, True)


def test_xmp_is_parsed_in_linear_time() -> None:
    packet = (b"<a:GimbalYawDegree " + b" " * 200 + b"=") * 20_000
    assert parse_xmp(packet) == {}


def test_a_header_that_sends_the_parser_round_is_stopped() -> None:
    """Each of 4 000 entries points at the same block of 4 000 entries: 16 million steps for an honest parser."""
    entry = (
        (0x8825).to_bytes(2, "little")
        + (4).to_bytes(2, "little")
        + (1).to_bytes(4, "little")
        + (8).to_bytes(4, "little")
    )
    block = b"II*\x00\x08\x00\x00\x00" + (4000).to_bytes(2, "little") + entry * 4000 + b"\x00" * 4
    with pytest.raises(HeaderTooCostly):
        parse_exif(block, 50_000)


def test_a_value_count_of_billions_costs_nothing() -> None:
    entry = (
        (0x000D).to_bytes(2, "little")
        + (3).to_bytes(2, "little")
        + (2**32 - 1).to_bytes(4, "little")
        + (8).to_bytes(4, "little")
    )
    block = b"II*\x00\x08\x00\x00\x00\x01\x00" + entry + b"\x00" * 4
    assert parse_exif(block, 100) is not None


def test_many_entries_of_many_values_are_stopped() -> None:
    entry = (
        (0x0100).to_bytes(2, "little")
        + (3).to_bytes(2, "little")
        + (999).to_bytes(4, "little")
        + (8).to_bytes(4, "little")
    )
    block = b"II*\x00\x08\x00\x00\x00" + (5000).to_bytes(2, "little") + entry * 5000 + b"\x00" * 4
    with pytest.raises(HeaderTooCostly):
        parse_exif(block, 50_000)


def test_numbers_cut_from_memory_are_those_that_exifread_reads_itself() -> None:
    """Over 600 mutated blocks; a block that exifread gives up on is no comparison."""
    random = np.random.default_rng(11)
    original = exif(gps(reference="M"), software="x", thumbnail=thumbnail_of(scene(1, 64, 48), (32, 24)))[6:]
    compared = 0
    for _ in range(600):
        data = bytearray(original)
        for _ in range(int(random.integers(0, 6))):
            data[int(random.integers(8, min(len(data), 500)))] = int(random.integers(0, 256))
        block = bytes(data)
        try:
            expected = exifread.process_file(io.BytesIO(block), details=False, extract_thumbnail=False)
            found = parse_exif(block, 20_000)
        except (HeaderTooCostly, ValueError, TypeError, AttributeError, IndexError, KeyError, ZeroDivisionError):
            expected = found = {}
        compared += bool(expected)
        assert {name: (tag.values, tag.printable) for name, tag in found.items()} == {
            name: (tag.values, tag.printable) for name, tag in expected.items()
        }
    assert compared > 300
