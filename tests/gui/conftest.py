"""Tests inside a real QGIS main window, under Xvfb with a window manager and a fresh profile (`make test-gui`)."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

try:
    from qgis.utils import iface
except ImportError:
    iface = None

#: By how much longer a story waits for the window: a QGIS built without optimisation, or a machine with other work, is slow but not wrong.
PATIENCE = float(os.environ.get("WEIPIAN_PATIENCE", "1"))
SCALE = int(os.environ.get("WEIPIAN_SCALE", "1"))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "scale: also run with every pixel doubled")
    config.addinivalue_line("markers", "small: also run on a screen of 1366 × 768")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "picture" in getattr(item, "fixturenames", ()):
            item.add_marker("screenshots")
    if iface is None:
        for item in items:
            item.add_marker(pytest.mark.skip(reason="no QGIS window: run `make test-gui`, which starts one"))


@pytest.fixture(scope="session")
def screenshots(repository: Path) -> Path:
    """Folder for the pictures of the windows, kept after the run."""
    folder = Path(os.environ.get("WEIPIAN_SCREENSHOTS") or repository / ".build" / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def wait(seconds: float = 0.05) -> None:
    """Let the window live for a while."""
    from qgis.PyQt.QtTest import QTest

    QTest.qWait(int(seconds * 1000))


def until(condition: Callable[[], Any], seconds: float = 20.0, what: str = "") -> Any:
    """Wait for something the window does by itself."""
    end = time.monotonic() + seconds * PATIENCE
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        wait(0.02)
    raise AssertionError(f"not within {seconds} s: {what or condition}")


@pytest.fixture
def picture(screenshots: Path) -> Callable[..., Path]:
    """Take a picture of a widget (the whole window by default); at scale 2 the name says so."""

    def take(name: str, widget: Any = None) -> Path:
        wait(0.3)
        target = widget or iface.mainWindow()
        path = screenshots / f"{name}{'' if SCALE == 1 else f'@{SCALE}'}.png"
        assert target.grab().save(str(path))
        return path

    return take


@pytest.fixture
def figure() -> Callable[[str, float], None]:
    """Say a measured figure; a bench run collects them (WEIPIAN_FIGURES, a line of JSON each)."""

    def say(name: str, value: float) -> None:
        print(f"{name}: {value:.1f}")
        if os.environ.get("WEIPIAN_FIGURES"):
            with Path(os.environ["WEIPIAN_FIGURES"]).open("a", encoding="utf-8") as stream:
                stream.write(json.dumps({"name": name, "value": value, "scale": SCALE}) + "\n")

    return say


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder called as people call theirs, so that the paths in pictures look like theirs; gone after the run."""
    top = Path(tempfile.gettempdir()) / "卫片"
    try:
        top.mkdir(mode=0o700)
    except FileExistsError:  # another run has it
        yield tmp_path_factory.mktemp("卫片") / "2023年 二季度"
        return
    yield top / "2023年 二季度"
    shutil.rmtree(top)


@pytest.fixture(scope="session")
def county(desk: Path, repository: Path) -> dict[str, Path]:
    """The sample county, run through the chain once in this window, without packages."""
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback

    from weipian_plugin.algorithms.provider import WeipianProvider

    provider = WeipianProvider()
    provider.refreshAlgorithms()

    def run(name: str, **parameters: Any) -> dict[str, Any]:
        feedback = QgsProcessingFeedback()
        texts = {key: str(value) for key, value in parameters.items()}
        results, ok = provider.algorithm(name).create().run(texts, QgsProcessingContext(), feedback, {}, False)
        assert ok, feedback.textLog()
        return dict(results)

    folder = desk
    sample = run("sample", FOLDER=folder / "示例县")
    results = folder / "卫片成果"
    place = results / "工作库.gpkg"
    run("intake", DELIVERY=sample["DELIVERY"], WORKSPACE=place)
    run("overlay", WORKSPACE=place, CATALOGUE=sample["CATALOGUE"])
    run("photos", WORKSPACE=place, PHOTOS=sample["PHOTOS"])
    run("judge", WORKSPACE=place)
    return {
        "folder": folder,
        "delivery": Path(sample["DELIVERY"]),
        "catalogue": Path(sample["CATALOGUE"]),
        "photos": Path(sample["PHOTOS"]),
        "workspace": results / "工作库.gpkg",
    }


@pytest.fixture
def workspace(county: dict[str, Path], tmp_path: Path) -> Path:
    """A fresh copy of the county's workspace with its photos."""
    place = tmp_path / "卫片 成果"
    shutil.copytree(county["workspace"].parent, place, ignore=shutil.ignore_patterns("卷宗", "报表", "*-wal", "*-shm"))
    return place / county["workspace"].name


@pytest.fixture
def laptop_window() -> Iterator[None]:
    """The main window in the room of a laptop, whatever the screen of this run is. Asked for after what resizes the window itself."""
    window = iface.mainWindow()
    before = window.geometry()
    window.showNormal()
    window.setGeometry(0, 0, 1360, 730)  # what a title bar and a task bar leave
    wait(0.3)
    yield
    window.setGeometry(before)
    wait(0.1)


@pytest.fixture
def plugin() -> Iterator[Any]:
    """The plugin loaded into the window, and taken out again."""
    from qgis.core import QgsProject

    from weipian_plugin.plugin import WeipianPlugin
    from weipian_plugin.toolbelt import settings

    settings.change(workspace="", person="张三")
    iface.mainWindow().resize(1800, 1100)
    QgsProject.instance().clear()
    loaded = WeipianPlugin(iface)
    loaded.initGui()
    wait(0.1)
    yield loaded
    loaded.unload()
    QgsProject.instance().clear()
    iface.messageBar().clearWidgets()
    wait(0.1)


@pytest.fixture
def bench(plugin: Any, workspace: Path) -> Any:
    """The workbench with the county opened and the first card shown."""
    workbench = plugin.workbench
    workbench.open_workspace(workspace)
    until(lambda: workbench.parts.session.rows and workbench.parts.session.details, what="the queue is read")
    wait(0.5)
    return workbench
