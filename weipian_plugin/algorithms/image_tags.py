"""What a raster says of itself, read by QGIS's own GDAL: the tags that may tell its day."""

from __future__ import annotations

from osgeo import gdal

from ..formats.catalogue import is_service
from ..model.records import LayerSource

_DOMAINS = ("", "IMAGERY", "EXIF")


def read_tags(source: LayerSource) -> dict[str, str]:
    """Metadata by name; nothing for a service and for what cannot be opened. Only the header of the file is read."""
    if is_service(source.source):
        return {}
    try:
        dataset = gdal.Open(source.source)
        if dataset is None:
            return {}
        return {
            str(key): str(value) for domain in _DOMAINS for key, value in (dataset.GetMetadata(domain) or {}).items()
        }
    except (RuntimeError, UnicodeDecodeError):
        return {}
