"""Algorithms as QGIS tasks: several in turn on the threads of Qt's pool, and maps drawn on the main thread meanwhile."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsApplication, QgsProcessingAlgRunnerTask, QgsProcessingContext, QgsProcessingFeedback
from qgis.PyQt.QtCore import QCoreApplication, QTimer

from tests.qgis.running import run
from weipian_plugin.algorithms.file import FilePackages
from weipian_plugin.algorithms.overlay import Overlay
from weipian_plugin.toolbelt.threads import in_main_thread, in_python_thread, run_in_main_thread


def run_as_task(algorithm: Any, seconds: float = 120.0, **parameters: Any) -> tuple[bool, dict[str, Any], int]:
    """Outcome of an algorithm as the toolbox starts it, and how often the main thread was alive meanwhile."""
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    texts = {name: str(value) for name, value in parameters.items()}
    task = QgsProcessingAlgRunnerTask(algorithm, texts, context, feedback)
    outcome: list[Any] = []
    task.executed.connect(lambda ok, results: outcome.append((ok, results)))
    beats = [0]
    timer = QTimer()
    timer.timeout.connect(lambda: beats.__setitem__(0, beats[0] + 1))
    timer.start(20)
    QgsApplication.taskManager().addTask(task)
    end = time.monotonic() + seconds
    while not outcome and time.monotonic() < end:
        QCoreApplication.processEvents()
        time.sleep(0.005)
    timer.stop()
    if not outcome:
        pytest.fail(f"the task did not end within {seconds} s: " + feedback.textLog())
    return outcome[0][0], outcome[0][1], beats[0]


@pytest.fixture(scope="module")
def measured(qgis_app: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("后台")
    county = run("sample", FOLDER=folder / "县")
    run("intake", DELIVERY=county["DELIVERY"], WORKSPACE=folder / "库.gpkg")
    run("overlay", WORKSPACE=folder / "库.gpkg", CATALOGUE=county["CATALOGUE"])
    run("judge", WORKSPACE=folder / "库.gpkg")
    return folder, county


def test_tasks_one_after_the_other_on_the_same_threads(measured: tuple[Path, dict[str, Any]]) -> None:
    folder, county = measured
    for _ in range(4):
        ok, results, _ = run_as_task(Overlay(), WORKSPACE=folder / "库.gpkg", CATALOGUE=county["CATALOGUE"])
        assert ok
        assert results["ROWS"] > 1000


def test_packages_with_maps_are_exported_from_a_task(measured: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    folder, county = measured
    ok, results, beats = run_as_task(
        FilePackages(),
        WORKSPACE=folder / "库.gpkg",
        PACKAGES=tmp_path / "卷宗",
        CATALOGUE=county["CATALOGUE"],
        FILTER="500118SJBG23210002,500118SJBG23210003",
    )
    assert ok
    assert (results["WRITTEN"], results["FAILED"]) == (2, 0)
    assert len(list((tmp_path / "卷宗").rglob("*_位置图.pdf"))) == 2
    assert beats > 5


def test_photos_read_at_once_never_stop_each_other(qgis_app: Any, tmp_path: Path) -> None:
    """Qt converts large images on its pool of threads and waits for it: whoever reads them may hold none of those threads.

    Three photos at once on two cores were never shown, and no map was drawn after them.
    """
    from qgis.PyQt.QtCore import QRunnable, QSize, QThreadPool
    from qgis.PyQt.QtGui import QImage

    from weipian_plugin.gui.background import Runner
    from weipian_plugin.gui.photo_strip import read_image

    class Reading(QRunnable):
        """As a task of QGIS does its work."""

        def run(self) -> None:
            in_python_thread(lambda: done.append(read_image(file, QSize(360, 270)).isNull()))

    file, done = tmp_path / "大照片.jpg", list[bool]()
    large = QImage(2400, 1800, QImage.Format.Format_RGB32)
    large.fill(0x336699)
    assert large.save(str(file))
    pool, runner = QThreadPool.globalInstance(), Runner()
    readings = [Reading() for _ in range(pool.maxThreadCount() + 2)]
    for reading in readings:
        reading.setAutoDelete(False)
        pool.start(reading)
    for _ in range(6):
        runner.function(
            lambda task: read_image(file, QSize(360, 270)), lambda image, problem: done.append(image.isNull())
        )
    end = time.monotonic() + 30
    while len(done) < len(readings) + 6 and time.monotonic() < end:
        QCoreApplication.processEvents()
        time.sleep(0.005)
    assert done == [False] * (len(readings) + 6)
    assert pool.waitForDone(5000) and pool.activeThreadCount() == 0, "as many places are taken back as were given away"


def test_an_exception_crosses_between_threads(qgis_app: Any) -> None:
    def fails() -> None:
        raise ValueError("from there")

    with pytest.raises(ValueError, match="from there"):
        in_python_thread(fails)
    with pytest.raises(ValueError, match="from there"):
        run_in_main_thread(fails)
    assert in_main_thread()
