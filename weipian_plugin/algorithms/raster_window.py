"""A window of two rasters on one grid, read by QGIS's own GDAL: only what lies around the parcel, at its resolution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal, osr
from shapely.geometry.base import BaseGeometry

from ..formats.systems import parse_crs
from ..geodesy import zone as zones
from ..model.records import LayerSource

_LARGEST = 512  # pixels of the longer side; larger parcels are read coarser, from the overviews
_FINEST = 0.5  # metres
_MOST_BANDS = 3  # a fourth one is infrared or opacity, and means another thing in each file


@dataclass(frozen=True)
class Window:
    """Square pixels in the plane of the parcel's zone. ``west``, ``north``: metres of the upper left corner; ``size``: rows, columns."""

    epsg: int
    west: float
    north: float
    metres: float
    size: tuple[int, int]

    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in the metres of the window's system."""
        rows, columns = self.size
        return self.west, self.north - rows * self.metres, self.west + columns * self.metres, self.north

    def pixels_of(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Column and row of metres, both with fractions."""
        return (x - self.west) / self.metres, (self.north - y) / self.metres

    def centres(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Metres of the pixel centres, (rows, columns) each."""
        rows, columns = np.mgrid[0 : self.size[0], 0 : self.size[1]]
        return self.west + (columns + 0.5) * self.metres, self.north - (rows + 0.5) * self.metres


def window_around(geometry: BaseGeometry, zone: int) -> Window:
    """The parcel (in the plane of ``zone``) with its own size on every side, at least 40 m."""
    west, south, east, north = geometry.bounds
    margin = max(40.0, east - west, north - south)
    width, height = east - west + 2 * margin, north - south + 2 * margin
    metres = max(_FINEST, max(width, height) / _LARGEST)
    size = (int(np.ceil(height / metres)), int(np.ceil(width / metres)))
    return Window(zones.epsg(zone, prefix=False), west - margin, north + margin, metres, size)


def read_window(source: LayerSource, window: Window) -> Optional[tuple[NDArray[np.float32], NDArray[np.bool_]]]:
    """(rows, columns, bands) and which pixels the image has; None where it cannot be opened or lies elsewhere."""
    system = osr.SpatialReference()
    system.ImportFromEPSG(window.epsg)
    options = {
        "format": "MEM",
        "dstSRS": system.ExportToWkt(),
        "outputBounds": window.bounds(),
        "width": window.size[1],
        "height": window.size[0],
        "resampleAlg": "average",
        "dstAlpha": True,
    }
    if source.crs:
        options["srcSRS"] = parse_crs(source.crs).to_wkt()
    try:
        dataset = gdal.Open(source.source)
        warped = None if dataset is None else gdal.Warp("", dataset, **options)
    except RuntimeError:
        return None
    if warped is None or warped.RasterCount < 2:
        return None
    seen = _band(warped.GetRasterBand(warped.RasterCount), window.size) > 0
    if not seen.any():
        return None
    pixels = np.empty((*window.size, min(warped.RasterCount - 1, _MOST_BANDS)), np.float32)
    for number in range(pixels.shape[2]):
        pixels[..., number] = _band(warped.GetRasterBand(number + 1), window.size)
    return pixels, seen


def _band(band: Any, size: tuple[int, int]) -> NDArray[np.float32]:
    """Read by bytes: the array bindings of an older GDAL do not go with every numpy."""
    content = band.ReadRaster(0, 0, size[1], size[0], buf_type=gdal.GDT_Float32)
    return np.frombuffer(content, np.float32).reshape(size)
