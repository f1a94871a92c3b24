"""The GDAL, PROJ and NumPy of QGIS and of the Python packages do not disturb each other in one process."""

from __future__ import annotations

import tempfile
from pathlib import Path

from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsPointXY, QgsProject


def test_qgis_and_pyproj_agree_on_the_same_point() -> None:
    import pyproj

    x, y = pyproj.Transformer.from_crs(4490, 4523, always_xy=True).transform(105.9, 29.3)
    source, target = QgsCoordinateReferenceSystem("EPSG:4490"), QgsCoordinateReferenceSystem("EPSG:4523")
    point = QgsCoordinateTransform(source, target, QgsProject.instance()).transform(QgsPointXY(105.9, 29.3))
    assert abs(point.x() - x) < 1e-6
    assert abs(point.y() - y) < 1e-6


def test_the_arrays_of_gdal_stay_usable_beside_the_packages_numpy() -> None:
    import numpy
    from osgeo import gdal_array

    dataset = gdal_array.OpenArray(numpy.arange(6, dtype="uint8").reshape(2, 3))
    assert dataset.ReadAsArray().tolist() == [[0, 1, 2], [3, 4, 5]]


def test_the_profile_is_not_a_persons_own(repository: Path) -> None:
    profile = Path(QgsApplication.qgisSettingsDirPath()).resolve()
    assert profile.is_relative_to(repository) or profile.is_relative_to(Path(tempfile.gettempdir()).resolve())
