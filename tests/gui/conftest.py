"""Tests on a real QGIS main window, under Xvfb with a window manager and a fresh profile (`make test-gui`)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def screenshots(repository: Path) -> Path:
    """Folder for the pictures of the windows, kept after the run."""
    folder = Path(os.environ.get("WEIPIAN_SCREENSHOTS") or repository / ".build" / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not os.environ.get("DISPLAY"):
        for item in items:
            item.add_marker(pytest.mark.skip(reason="no screen: run `make test-gui`, which starts one"))
