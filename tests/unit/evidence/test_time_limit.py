"""A photo that does not come back is given up by the clock; the others, the run's end and the interpreter's end do not wait for it.

The stuck file is a real one: a named pipe into which nobody writes blocks its reader as a silent network drive does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from weipian_plugin import evidence
from weipian_plugin.evidence.time_limit import each_within
from weipian_plugin.model.errors import Cancelled, WeipianError
from weipian_plugin.model.feedback import Silent
from weipian_plugin.model.paths import resource

from .pictures import exif, gps, jpeg

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a thing of Unix")


def nothing() -> None:
    """No pulse."""


def gathered(work, items, seconds: float = 5.0, threads: int = 3) -> list[object]:  # type: ignore[no-untyped-def]
    return [result for ready in each_within(seconds, work, items, threads, nothing) for result in ready]


@pytest.mark.parametrize("count", [0, 1, 2, 16, 17, 1000])
def test_results_come_in_order_whoever_is_quicker(count: int) -> None:
    def work(number: int) -> int:
        time.sleep((number * 7919 % 5) * 1e-4)
        return number * 2

    assert gathered(work, range(count)) == [number * 2 for number in range(count)]


def test_what_is_stuck_is_left_out_and_its_late_result_dropped() -> None:
    release = threading.Event()

    def work(number: int) -> int:
        if number in (3, 4, 5, 6):  # more than there are threads
            release.wait(20)
        return number

    started = time.monotonic()
    assert gathered(work, range(40), seconds=0.3) == [
        None if number in (3, 4, 5, 6) else number for number in range(40)
    ]
    assert time.monotonic() - started < 5
    release.set()
    time.sleep(0.1)


def test_what_the_work_raises_reaches_the_caller() -> None:
    def work(number: int) -> int:
        return 1 // (number - 20)

    with pytest.raises(ZeroDivisionError):
        gathered(work, range(40))


def patient(folder: Path, seconds: float) -> evidence.PhotoOptions:
    text = resource("evidence.yaml").read_text(encoding="utf-8")
    shipped = "photo_seconds: {value: 60,"
    assert shipped in text
    settings = folder / "evidence.yaml"
    settings.write_text(text.replace(shipped, f"photo_seconds: {{value: {seconds},"), encoding="utf-8")
    return evidence.PhotoOptions(settings_file=settings)


def pipe(folder: Path, name: str) -> Path:
    path = folder / name
    os.mkfifo(path)
    return path


def photo(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_bytes(jpeg(exif(gps(116.4, 39.9, 45))))
    return path


def test_a_photo_that_cannot_be_read_in_time_gets_its_row_and_the_others_are_read(tmp_path: Path) -> None:
    paths = [
        photo(tmp_path, "1.jpg"),
        pipe(tmp_path, "2.jpg"),
        *(photo(tmp_path, f"{number}.jpg") for number in range(3, 9)),
    ]
    reading = evidence.read_photos(paths, patient(tmp_path, 0.4))
    assert reading.photos["file"].tolist() == [path.name for path in paths]
    assert reading.photos["status"].tolist() == ["read", "refused", *["read"] * 6]
    assert [rejection.code for rejection in reading.rejected] == ["evidence.too_slow"]
    assert "2.jpg" in reading.photos["reason"][1] and "0.4 秒" in reading.photos["reason"][1]


def test_a_silent_drive_ends_the_run_with_one_sentence(tmp_path: Path) -> None:
    paths = [photo(tmp_path, "0.jpg"), *(pipe(tmp_path, f"{number:02d}.jpg") for number in range(1, 15))]
    with pytest.raises(WeipianError) as caught:
        evidence.read_photos(paths, patient(tmp_path, 0.2))
    assert caught.value.code == "evidence.drive_silent"
    assert "09.jpg" in caught.value.text()


def test_a_run_that_waits_can_be_cancelled(tmp_path: Path) -> None:
    class Impatient(Silent):
        until = time.monotonic() + 0.5

        def cancelled(self) -> bool:
            return time.monotonic() > self.until

    started = time.monotonic()
    with pytest.raises(Cancelled):
        evidence.read_photos([pipe(tmp_path, "1.jpg")], None, Impatient())
    assert time.monotonic() - started < 3


def test_the_interpreter_ends_though_a_thread_is_stuck(tmp_path: Path) -> None:
    options = patient(tmp_path, 0.3)
    program = (
        "import sys; from pathlib import Path; from weipian_plugin import evidence\n"
        "options = evidence.PhotoOptions(settings_file=Path(sys.argv[2]))\n"
        "print(evidence.read_photos([Path(sys.argv[1])], options).rejected[0].code)"
    )
    arguments = [sys.executable, "-c", program, str(pipe(tmp_path, "1.jpg")), str(options.settings_file)]
    root = Path(__file__).resolve().parents[3]
    ended = subprocess.run(arguments, cwd=root, capture_output=True, text=True, timeout=30, check=True)
    assert ended.stdout.strip() == "evidence.too_slow"
