"""The steps are plain Python: in these tests QGIS, Qt and the GDAL bindings cannot be imported at all."""

from __future__ import annotations

import sys

FORBIDDEN = ("qgis", "PyQt5", "PyQt6", "osgeo", "processing")

for _name in FORBIDDEN:
    if _name in sys.modules:
        raise RuntimeError(f"{_name} was imported before the tests of the plain steps began")
    sys.modules[_name] = None  # type: ignore[assignment]  # Python's own way to make an import fail
