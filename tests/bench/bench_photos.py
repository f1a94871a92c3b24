"""How long photos take to be read, tied and checked, against a bare read of the same files in the same run.

Goals: 1,000 photos of 3 MB with hash and look-alike test at most 3 times the time of reading the files whole once, cold cache; header only
at most 1.3 times bare exifread; 100,000 photos x 5,000 parcels tied in under 2 s.
Run: ``python tests/bench/bench_photos.py [photos] [rounds]``. The cold cache is made with posix_fadvise (Linux only).
"""

from __future__ import annotations

import hashlib
import io
import os
import resource
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Callable

import exifread
import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.report import load, table, write_section  # noqa: E402
from tests.unit.evidence.countryside import make  # noqa: E402
from tests.unit.evidence.pictures import exif, gps, scene, thumbnail_of  # noqa: E402
from weipian_plugin import evidence  # noqa: E402

PHOTOS, ROUNDS = 1_000, 3
SHORT = 5
DISTINCT = 8


def make_photos(folder: Path, count: int) -> list[Path]:
    """12-megapixel JPEGs of about 3 MB with thumbnail; a few distinct pictures, each file with metadata of its own."""
    random = np.random.default_rng(5)
    bodies = []
    for seed in range(DISTINCT):
        picture = scene(seed, 4000, 3000)
        noisy = np.asarray(picture, dtype=np.int16) + random.normal(0, 9, (3000, 4000, 1)).astype(np.int16)
        picture = Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))
        stream = io.BytesIO()
        picture.save(stream, "JPEG", quality=84)
        bodies.append((stream.getvalue(), thumbnail_of(picture)))
    country = make(photos=count, parcels=max(count // 5, 10), side=20_000.0)
    paths = []
    for index, row in enumerate(country.photos.itertuples()):
        body, thumbnail = bodies[index % DISTINCT]
        block = exif(gps(row.lon, row.lat, row.azimuth), thumbnail=thumbnail)
        segment = b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block
        path = folder / f"IMG_{index:06d}.jpg"
        path.write_bytes(body[:2] + segment + body[2:])
        paths.append(path)
    return paths


def drop(paths: list[Path]) -> None:
    """Take the files out of the cache."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def read_whole(paths: list[Path]) -> None:
    for path in paths:
        with path.open("rb", buffering=0) as stream:
            stream.read()


def hash_whole(paths: list[Path]) -> None:
    for path in paths:
        hashlib.sha256(path.read_bytes()).hexdigest()


def decode_scaled(paths: list[Path]) -> None:
    """What bounds the look-alike test: libjpeg has to go through every byte, however small the picture that it gives."""

    def decode(path: Path) -> None:
        with Image.open(io.BytesIO(path.read_bytes())) as picture:
            picture.draft("L", (256, 256))
            picture.load()

    with ThreadPoolExecutor(max_workers=3) as pool:
        list(pool.map(decode, paths))


def bare_exifread(paths: list[Path]) -> None:
    for path in paths:
        with path.open("rb") as stream:
            exifread.process_file(stream, details=False)


def timed(work: Callable[[], object], paths: list[Path], cold: bool) -> tuple[float, float]:
    """Seconds by the clock and of the processors."""
    if cold:
        drop(paths)
    else:
        read_whole(paths)
    started, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - started, time.process_time() - busy


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PHOTOS
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = make_photos(folder, count)
        megabytes = sum(path.stat().st_size for path in paths) / 1e6
        parcels = make(photos=10, parcels=max(count // 5, 10), side=20_000.0).parcels

        def everything() -> None:
            photos = evidence.read_photos([folder]).photos
            evidence.check(photos, evidence.match_photos(photos, parcels), parcels)

        def header_only() -> None:
            evidence.read_photos([folder], evidence.PhotoOptions(hash=False, fingerprint=False))

        works: dict[str, Callable[[], object]] = {
            "read whole, once": lambda: read_whole(paths),
            "read whole and SHA-256": lambda: hash_whole(paths),
            "read and scaled decoding alone, as many threads": lambda: decode_scaled(paths),
            "read, hash, look, tie, check": everything,
            "bare exifread (details=False)": lambda: bare_exifread(paths),
            "header only": header_only,
        }
        found: dict[tuple[str, bool], list[tuple[float, float]]] = {}
        for _ in range(rounds):  # in turns, so that a busy moment hits all of them
            for label in in_turns(list(works)):
                for cold in (True, False):
                    found.setdefault((label, cold), []).append(timed(works[label], paths, cold))
    median = {key: statistics.median(seconds for seconds, _ in values) for key, values in found.items()}
    busy = {key: statistics.median(seconds for _, seconds in values) for key, values in found.items()}
    rows = []
    for label in works:
        base = "read whole, once" if label.startswith("read") else "bare exifread (details=False)"
        cells = [
            f"{median[label, cold]:.2f} s ({median[label, cold] / median[base, cold]:.2f} x)" for cold in (True, False)
        ]
        rows.append([label, *cells, f"{busy[label, False]:.2f} s ({busy[label, False] / busy[base, False]:.2f} x)"])
    links = tie_times(rounds)
    apart = paired(found, works, megabytes / 1000)
    body = (
        f"{count} JPEGs of 12 megapixels, {megabytes:.0f} MB in all, median of {rounds} rounds in turns (the last two rows {SHORT} times "
        "a round). Ratios: the first four rows to reading whole, the others to bare exifread. "
        "Goals: 3 x cold with everything, 1.3 x header only.\n\n"
        + table(["work", "cold cache", "warm cache", "processor time, warm"], rows)
        + f"\n\nTying 100,000 photos to {links[1]} parcels: {links[0]:.2f} s (goal: under 2 s). Peak memory of the process: "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB. "
        f"{load()}"
    )
    body += "\n\n" + apart
    print(body)
    if count >= PHOTOS:
        write_section("photos", "Photos", body)


def in_turns(labels: list[str]) -> list[str]:
    """Every work once; the two short ones, of some tenths of a second, more often: one read from the disk that takes long is much of them."""
    *long, bare, header = labels
    return [*long, *[bare, header] * SHORT]


def paired(
    found: dict[tuple[str, bool], list[tuple[float, float]]], works: dict[str, Callable[[], object]], gigabytes: float
) -> str:
    """The goals, each as the median of the ratios within a round, and what bounds the first."""
    whole, _, decoding, everything, bare, header = works

    def ratio(work: str, base: str) -> float:
        return statistics.median(a[0] / b[0] for a, b in zip(found[work, True], found[base, True]))

    def judged(value: float, limit: float) -> str:
        return f"{value:.2f} x (at most {limit:.1f}: {'met' if value <= limit else '**missed**'})"

    speed = gigabytes / statistics.median(seconds for seconds, _ in found[whole, True])
    return (
        f"Cold, ratios within a round: everything {judged(ratio(everything, whole), 3.0)}; header only {judged(ratio(header, bare), 1.3)}. "
        "What bounds the first: libjpeg has to go through every byte for a picture of any size; reading with scaled decoding alone, on the "
        f"same threads, takes {ratio(decoding, whole):.2f} x, and everything is {ratio(everything, decoding):.2f} of that. On a disk that gives "
        f"0.6 GB/s (this one: {speed:.1f}) the same work is {ratio(everything, whole) * 0.6 / speed:.1f} x (calculated)."
    )


def tie_times(rounds: int) -> tuple[float, int]:
    country = make(photos=100_000, parcels=5_000, side=60_000.0)
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        evidence.match_photos(country.photos, country.parcels)
        times.append(time.perf_counter() - started)
    return statistics.median(times), len(country.parcels)


if __name__ == "__main__":
    main()
