"""The steps are plain Python: in these tests QGIS, Qt and the GDAL bindings cannot be imported at all."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

FORBIDDEN = ("qgis", "PyQt5", "PyQt6", "osgeo", "processing")

for _name in FORBIDDEN:
    if _name in sys.modules:
        raise RuntimeError(f"{_name} was imported before the tests of the plain steps began")
    sys.modules[_name] = None  # type: ignore[assignment]  # Python's own way to make an import fail


@pytest.fixture(scope="session")
def county_layers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The layers of the sample county with their catalogue, without delivery and photos; its two images are empty files."""
    from weipian_plugin.sample.layers import IMAGERY, write_catalogue, write_layers
    from weipian_plugin.sample.plots import plant
    from weipian_plugin.sample.registers import register_rows
    from weipian_plugin.sample.survey import previous, survey

    folder = tmp_path_factory.mktemp("图层") / "示例县"
    plots = plant(2023)
    current = survey(plots, 2023)
    write_layers(folder, register_rows(current, previous(current, plots), plots, 2023), lambda: None)
    write_catalogue(folder / "图层清单.yaml")
    for path in IMAGERY.values():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(b"")
    return folder
