"""Metadata as cameras, programs and people leave them."""

from __future__ import annotations

import struct
import zlib
from datetime import datetime
from pathlib import Path

import pytest

from weipian_plugin.evidence.registers import register_number
from weipian_plugin.evidence.tags import parse_time, read_values
from weipian_plugin.formats.pictures import open_container

TIFF = b"II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2023:05:06 24:04:20", datetime(2023, 5, 6, 0, 4, 20)),
        ("2023:05:06 23:59:60", datetime(2023, 5, 6, 23, 59, 59)),
        ("2023:05:06 25:04:20", None),
    ],
)
def test_the_hour_24_is_the_first_of_its_day(text: str, value: datetime | None) -> None:
    assert parse_time(text) == value


def xmp(**angles: str) -> bytes:
    given = " ".join(f'drone-dji:{name}="{value}"' for name, value in angles.items())
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/" {given}/></rdf:RDF></x:xmpmeta>'
    ).encode()


@pytest.mark.parametrize(
    ("angles", "azimuth"),
    [
        ({"GimbalYawDegree": "+0.00", "GimbalPitchDegree": "+0.00", "GimbalRollDegree": "+0.00"}, None),
        ({"GimbalYawDegree": "+0.00", "GimbalPitchDegree": "-45.00", "GimbalRollDegree": "+0.00"}, 0.0),
        ({"GimbalYawDegree": "+90.10", "GimbalPitchDegree": "+0.00", "GimbalRollDegree": "+0.00"}, 90.1),
    ],
)
def test_gimbal_angles_that_nobody_filled_in_are_no_direction(angles: dict[str, str], azimuth: float | None) -> None:
    found = read_values({}, xmp(**angles))
    assert found.azimuth_delivered == azimuth and found.drone
    assert (found.pitch is None) is (azimuth is None)


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in ((b"IHDR", header), *chunks, (b"IEND", b"")))


def profile(block: bytes, name: bytes = b"exif") -> bytes:
    figures = block.hex()
    lines = "\n".join(figures[place : place + 72] for place in range(0, len(figures), 72))
    return b"\n" + name + f"\n{len(block):8d}\n{lines}\n".encode()


def exif_of(content: bytes) -> bytes | None:
    found = open_container(content)
    assert found is not None
    return found.exif


EXIF = b"Exif\x00\x00" + TIFF
PLACES = {
    "eXIf": (b"eXIf", TIFF),
    "eXIf with the prefix": (b"eXIf", EXIF),
    "text": (b"tEXt", b"Raw profile type exif\x00" + profile(EXIF)),
    "compressed text": (b"zTXt", b"Raw profile type exif\x00\x00" + zlib.compress(profile(EXIF))),
    "compressed text of APP1": (b"zTXt", b"Raw profile type APP1\x00\x00" + zlib.compress(profile(EXIF, b"generic"))),
    "international text": (b"iTXt", b"Raw profile type exif\x00\x00\x00\x00\x00" + profile(EXIF)),
}


@pytest.mark.parametrize("chunk", PLACES.values(), ids=PLACES.keys())
def test_exif_of_a_png_is_found_in_every_place(chunk: tuple[bytes, bytes], tmp_path: Path) -> None:
    assert exif_of(png(chunk)) == TIFF


@pytest.mark.parametrize(
    "content",
    [
        b"Raw profile type exif\x00",
        b"Raw profile type exif\x00\x00x",
        b"Raw profile type iptc\x00ab",
        b"Raw profile type ",
    ],
)
def test_a_damaged_profile_is_none(content: bytes) -> None:
    assert not exif_of(png((b"zTXt", content), (b"tEXt", content)))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("90°", 90.0), ("90度", 90.0), ("９０°", 90.0), ("105°54'10.8\"", 105.903), ("105°54′10.8″E", 105.903), ("105度54分10.8秒", 105.903),
        ("东经105°54'10.8\"", 105.903), ("29°21'N", 29.35), ("29°21'S", -29.35), ("105.903", 105.903), (105.903, 105.903), ("105°75'", None),
        ("北偏东", None), ("", None), (None, None), ("-999999", None), ("105° 54' 10.8''", 105.903),
    ],
)  # fmt: skip
def test_positions_and_angles_of_registers_are_read_as_people_write_them(text: object, value: float | None) -> None:
    found = register_number({"x": text}, "x")
    assert found == (None if value is None else pytest.approx(value, abs=1e-9))
