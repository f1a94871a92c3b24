"""The window with the plugin out of the zip and the packages of a Windows installer (scripts/test_installed.sh)."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(not os.environ.get("WEIPIAN_PLUGINS"), reason="only where the zip is installed")


def test_the_window_works_with_nothing_but_the_zip_and_the_stock_packages(bench: Any, repository: Path) -> None:
    """The fixtures have made the sample county and run intake, overlay, photos and judgment in this window."""
    import weipian_plugin

    assert Path(str(weipian_plugin.__file__)).is_relative_to(os.environ["WEIPIAN_PLUGINS"])
    assert bench.dock.model.rowCount() > 60
    strangers = {"fiona", "imagehash", "exifread", "docx", "docxtpl", "pygeomag", "scipy", "pywt", "pillow_heif"}
    assert strangers & set(sys.modules) == set()


def test_the_packages_in_use_are_those_of_the_installer(bench: Any, repository: Path) -> None:
    text = (
        (repository / "requirements" / "sets" / "windows-3.44.8.txt")
        .read_text(encoding="utf-8")
        .partition("# tools")[0]
    )
    stock = dict(line.split("==") for line in text.splitlines() if "==" in line)
    for name in ("numpy", "pandas", "geopandas", "shapely", "pyproj", "openpyxl"):
        assert sys.modules[name].__version__ == stock[name], name
        assert str(sys.modules[name].__file__).startswith(os.environ["WEIPIAN_SITE_PACKAGES"]), name
