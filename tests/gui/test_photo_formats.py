"""A HEIC photo dropped on the window: read, shown as far as it can be, and QGIS goes on."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.gui.conftest import iface, until, wait

if iface is not None:
    from qgis.PyQt.QtCore import QMimeData, QUrl

#: Written by a program of its own: the native library that writes HEIC must not be in QGIS's process.
WRITE = """
import sys
import pillow_heif
from tests.unit.evidence.pictures import exif, scene
pillow_heif.from_pillow(scene(8)).save(sys.argv[1], exif=exif())
"""


class Dropped:
    """What the window looks at of a drop; the constructors of Qt's own event differ between Qt 5 and 6."""

    def __init__(self, *paths: Path) -> None:
        self._data = QMimeData()
        self._data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])

    def mimeData(self) -> Any:
        return self._data

    def acceptProposedAction(self) -> None:
        return None


def test_a_heic_photo_dropped_on_the_window_is_read_and_qgis_goes_on(
    bench: Any, tmp_path: Path, repository: Path
) -> None:
    photo = tmp_path / "IMG 张三.heic"
    environment = {**os.environ, "PYTHONPATH": str(repository)}
    command = [str(repository / ".venv" / "bin" / "python"), "-c", WRITE, str(photo)]
    written = subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, timeout=240)
    if written.returncode:
        pytest.skip(f"no HEIC can be written here: {written.stderr[-200:]}")
    store = bench.parts.session.store
    before = store.count("photo")
    bench.dock.dropEvent(Dropped(photo))
    until(lambda: store.count("photo") > before, seconds=120, what="the photo is read")
    until(lambda: not bench.parts.runner.busy, seconds=120, what="the task ends")
    (row,) = store.records("photo", file=photo.name)
    assert (row["azimuth"], row["width"]) == (90.0, 480), "what the file says was read without its native library"

    number = bench.parts.session.current
    store.insert("photo_parcel", _tie(row["sha256"], number), "张三", "挂接", each=True)
    bench.parts.session.refresh_details()
    wait(0.5)  # the strip draws what it has
    bench.parts.show_viewer()
    wait(0.5)
    assert bench.parts.viewer is not None and bench.parts.viewer.isVisible()
    bench.parts.viewer.close()
    bench.dock.next_parcel()
    until(lambda: bench.parts.session.current != number, what="the window goes on")


def _tie(photo: str, parcel: str) -> Any:
    import pandas as pd

    return pd.DataFrame([{"photo": photo, "parcel": parcel, "status": "attached", "manual": 1, "by": "张三"}])
