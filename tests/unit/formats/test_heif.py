"""HEIC and AVIF tell what they hold by their boxes, without the native library that QGIS carries as well."""

from __future__ import annotations

import io
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.evidence.pictures import exif, scene
from weipian_plugin.formats.heif import read_heif
from weipian_plugin.formats.pictures import extension_of, is_photo, sniff


@pytest.fixture(scope="module")
def heic() -> bytes:
    """A real HEIC file, written by libheif."""
    pillow_heif = pytest.importorskip("pillow_heif")
    stream = io.BytesIO()
    try:
        pillow_heif.from_pillow(scene(4)).save(stream, exif=exif(make="Apple"), xmp=b"<x:xmpmeta>azimuth</x:xmpmeta>")
    except RuntimeError as error:  # a build without encoder
        pytest.skip(str(error))
    return stream.getvalue()


def test_size_exif_and_xmp_are_those_that_libheif_reads(heic: bytes) -> None:
    import pillow_heif

    opened, found = pillow_heif.open_heif(heic), read_heif(heic)
    assert (found.width, found.height) == opened.size == (480, 360)
    assert found.exif == bytes(opened.info["exif"]).removeprefix(b"Exif\x00\x00")
    assert found.xmp == opened.info["xmp"]


def test_the_product_names_no_native_heif_library() -> None:
    from pathlib import Path

    import weipian_plugin

    sources = Path(str(weipian_plugin.__file__)).parent.rglob("*.py")
    assert [path.name for path in sources if "pillow_heif" in path.read_text(encoding="utf-8")] == []


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_gives_what_it_can_and_never_raises(heic: bytes, data: st.DataObject) -> None:
    head = bytearray(heic[:1500])
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(head) - 1))
        head[place] = data.draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF]))
    cut = data.draw(st.integers(0, len(head)))
    for content in (bytes(head[:cut]), bytes(head) + heic[1500:]):
        found = read_heif(content)
        assert len(found.exif or b"") <= len(content)


@pytest.mark.parametrize(
    ("brand", "extension"),
    [(b"heic", "heic"), (b"hevc", "heic"), (b"hevx", "heic"), (b"mif1", "heic"), (b"avif", "avif"), (b"avis", "avif")],
)
def test_one_sniffer_knows_every_brand(brand: bytes, extension: str) -> None:
    head = b"\x00\x00\x00\x18ftyp" + brand + b"\x00\x00\x00\x00"
    assert (sniff(head), extension_of(head), is_photo(head)) == ("heif", extension, True)


def test_a_film_of_the_same_container_is_no_picture() -> None:
    assert sniff(b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00") is None
    assert not is_photo(b"GIF89a" + bytes(10))


def test_opening_pictures_never_loads_the_decoder_of_avif(heic: bytes) -> None:
    """Pillow's own search for a decoder imports it for any file that is none of the commonest kinds."""
    import subprocess

    question = (
        "import io, sys\nfrom weipian_plugin.formats.decoding import open_picture\n"
        "try:\n    open_picture(io.BytesIO(sys.stdin.buffer.read()))\nexcept OSError:\n    pass\n"
        "print('PIL.AvifImagePlugin' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", question], input=heic, capture_output=True, timeout=60, check=True)
    assert done.stdout.strip() == b"False"
