"""At least 10,000 mutated pictures, seeded and time-boxed: each ends in a record or a reason, and none takes long."""

from __future__ import annotations

import io
import time
from pathlib import Path

import numpy as np
import pytest

from weipian_plugin.evidence.options import PhotoOptions
from weipian_plugin.evidence.photo_file import Archives, PhotoFile
from weipian_plugin.evidence.reading import read_photo
from weipian_plugin.model.words import PhotoStatus

from .pictures import exif, gps, jpeg, scene, thumbnail_of

ROUNDS, SECONDS, ONE_PHOTO_SECONDS = 10_400, 60.0, 30.0


class InMemory(PhotoFile):
    """A file whose bytes are given, not on disk: ten thousand mutations take seconds."""

    content: bytes = b""

    def read(self, limit: int = -1, archives: Archives | None = None) -> bytes:
        return self.content if limit < 0 else self.content[:limit]


def in_memory(content: bytes, name: str) -> PhotoFile:
    file = InMemory(name, Path(name), size=len(content))
    object.__setattr__(file, "content", content)
    return file


def originals() -> list[tuple[str, bytes]]:
    small = scene(1, 64, 48)
    xmp = b'<rdf:Description drone-dji:GimbalYawDegree="+45.0" exif:GPSLatitude="31,30.5N" exif:GPSLongitude="120,30.5E"/>'
    png, webp = io.BytesIO(), io.BytesIO()
    small.save(png, "PNG", exif=exif())
    small.save(webp, "WEBP", exif=exif())
    return [
        ("a.jpg", jpeg(exif(gps(reference="M"), thumbnail=thumbnail_of(small, (32, 24))), small)),
        ("b.jpg", jpeg(exif(make="DJI"), small, xmp=xmp)),
        ("c.png", png.getvalue()),
        ("d.webp", webp.getvalue()),
    ]


def mutated(random: np.random.Generator, content: bytes) -> bytes:
    """Flip bytes (most in the header), cut, repeat or swap pieces, or set lengths and counts to the largest."""
    data = bytearray(content)
    for _ in range(int(random.integers(1, 12))):
        place = int(random.integers(0, min(len(data), 900 if random.random() < 0.8 else len(data))))
        how = int(random.integers(0, 6))
        if how <= 2:
            data[place] = int(random.integers(0, 256))
        elif how == 3:
            data[place : place + 4] = b"\xff\xff\xff\xff" if random.random() < 0.5 else b"\0\0\0\0"
        elif how == 4 and len(data) > 40:
            del data[place : place + int(random.integers(1, 30))]
        else:
            data[place:place] = data[place : place + int(random.integers(1, 60))]
        if len(data) < 16:
            break
    if random.random() < 0.1:
        del data[int(random.integers(0, len(data))) :]
    return bytes(data)


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow warns of each broken tag
@pytest.mark.timeout(180)
def test_mutated_pictures_end_in_a_record_or_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    random = np.random.default_rng(20230506)
    sources, archives = originals(), Archives()
    full, header = PhotoOptions(), PhotoOptions(hash=False, fingerprint=False)
    settings = full.settings
    started, done, slowest, statuses = time.monotonic(), 0, 0.0, {"read": 0, "refused": 0}
    while done < ROUNDS and time.monotonic() - started < SECONDS:
        name, content = sources[done % len(sources)]
        file = in_memory(mutated(random, content), name)
        begun = time.monotonic()
        photo = read_photo(file, full if done % 4 == 0 else header, settings, archives)
        slowest = max(slowest, time.monotonic() - begun)
        statuses[photo.status.value] += 1
        assert photo.status is PhotoStatus.READ or (photo.reason and photo.notes)
        assert photo.lon is None or -180 <= photo.lon <= 180
        assert photo.azimuth is None or 0 <= photo.azimuth < 360
        done += 1
    assert done >= 3_000, f"only {done} in {SECONDS} s"
    assert slowest < ONE_PHOTO_SECONDS
    assert min(statuses.values()) > 100  # both ends are met
    assert list(tmp_path.iterdir()) == []  # nothing is written anywhere
