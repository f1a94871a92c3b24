"""The finished zip, as a person would install it: built once, unpacked once."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


def build_zip(repository: Path, folder: Path) -> Path:
    """`make package LOCAL=1` into another folder."""
    script = repository / "scripts" / "package.py"
    subprocess.run([sys.executable, str(script), str(folder), "--local"], check=True, timeout=120, capture_output=True)
    (found,) = folder.glob("*.zip")
    return found


@pytest.fixture(scope="session")
def plugin_zip(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_zip(repository, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="session")
def unpacked(plugin_zip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plugin folder out of the zip."""
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(plugin_zip) as archive:
        archive.extractall(folder)
    return folder / "weipian_plugin"
