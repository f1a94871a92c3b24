"""Small pictures of the photos: the preview in the file is believed only if it looks like the picture."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import piexif
import pytest
from PIL import Image, ImageDraw

from weipian_plugin.evidence.fingerprint import fingerprint_of
from weipian_plugin.filing import contact_sheet
from weipian_plugin.filing.contact_sheet import Picture, sheet, small

NO_LIMIT = 1e9


def scene(seed: int, size: tuple[int, int] = (1600, 1200)) -> Image.Image:
    """A picture with something to recognise."""
    image = Image.new("RGB", size, (90, 120, 60))
    draw = ImageDraw.Draw(image)
    for number in range(6):
        x, y = (seed * 331 + number * 577) % size[0], (seed * 733 + number * 211) % size[1]
        draw.rectangle((x, y, x + 300, y + 250), fill=((seed * 91 + number * 40) % 255, number * 45, 200 - number * 30))
    return image


def photo(path: Path, picture: Image.Image, preview: Image.Image | None, orientation: int = 1) -> str:
    """A JPEG with a preview in its EXIF; its perceptual hash as the photo step records it."""
    exif: dict[str, object] = {"0th": {piexif.ImageIFD.Orientation: orientation}}
    if preview is not None:
        buffer = io.BytesIO()
        preview.resize((160, 120)).save(buffer, "JPEG", quality=85)
        exif.update({"1st": {}, "thumbnail": buffer.getvalue()})
    picture.save(path, "JPEG", quality=90, exif=piexif.dump(exif))
    return fingerprint_of(path.read_bytes(), NO_LIMIT, NO_LIMIT).phash


def mean(content: bytes | None, other: Image.Image) -> float:
    assert content is not None
    with Image.open(io.BytesIO(content)) as image:
        pairs = zip(image.convert("L").resize((32, 24)).tobytes(), other.convert("L").resize((32, 24)).tobytes())
        return sum(abs(a - b) for a, b in pairs) / (32 * 24)


def test_a_preview_that_looks_like_the_picture_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = scene(1)
    phash = photo(tmp_path / "a.jpg", picture, picture)
    asked = []
    monkeypatch.setattr(Image.Image, "draft", lambda *_: asked.append(1))
    assert mean(small(tmp_path / "a.jpg", phash), picture) < 6
    assert asked == [], "the picture itself was decoded for nothing"


def test_a_preview_of_something_else_is_not_believed(tmp_path: Path) -> None:
    picture, other = scene(1), scene(5)
    phash = photo(tmp_path / "a.jpg", picture, other)
    assert mean(small(tmp_path / "a.jpg", phash), picture) < 6 < mean(small(tmp_path / "a.jpg", phash), other)


@pytest.mark.parametrize("phash", ["", "zz", "0123", "f" * 16])
def test_without_a_fitting_hash_the_picture_is_decoded(tmp_path: Path, phash: str) -> None:
    picture = scene(2)
    photo(tmp_path / "a.jpg", picture, scene(7))
    assert mean(small(tmp_path / "a.jpg", phash), picture) < 6


@pytest.mark.parametrize("with_preview", [True, False])
def test_pictures_stand_upright(tmp_path: Path, with_preview: bool) -> None:
    picture = scene(3)
    phash = photo(tmp_path / "a.jpg", picture, picture if with_preview else None, orientation=6)
    content = small(tmp_path / "a.jpg", phash)
    assert content is not None
    with Image.open(io.BytesIO(content)) as image:
        assert image.height > image.width
    assert mean(content, picture.transpose(Image.Transpose.ROTATE_270)) < 8


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"not a picture"])
def test_what_cannot_be_decoded_has_no_picture(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.jpg").write_bytes(content)
    assert small(tmp_path / "a.jpg") is None


def test_a_damaged_preview_does_not_stop_the_sheet(tmp_path: Path) -> None:
    picture = scene(4)
    phash = photo(tmp_path / "a.jpg", picture, picture)
    raw = (tmp_path / "a.jpg").read_bytes()
    second = raw.index(b"\xff\xd8", 2)
    for at in range(second, second + 400, 7):
        damaged = raw[:at] + b"\x00\xff\x00" + raw[at + 3 :]
        (tmp_path / "b.jpg").write_bytes(damaged)
        content = small(tmp_path / "b.jpg", phash)
        assert content is None or mean(content, picture) < 20


def test_the_sheet_holds_every_picture_and_caption() -> None:
    buffer = io.BytesIO()
    scene(1).resize((240, 180)).save(buffer, "JPEG")
    content = sheet(
        "=标题", [Picture(buffer.getvalue(), f"=第 {n} 张\x07") for n in range(7)] + [Picture(None, "打不开")]
    )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sum(name.startswith("xl/media/") for name in archive.namelist()) == 7
        xml = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in xml
    assert content == sheet(
        "=标题", [Picture(buffer.getvalue(), f"=第 {n} 张\x07") for n in range(7)] + [Picture(None, "打不开")]
    )
    assert contact_sheet.COLUMNS == 3
