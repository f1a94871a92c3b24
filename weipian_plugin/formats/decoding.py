"""Pictures are opened by Pillow here and nowhere else: only kinds whose decoders come with Pillow itself.

Pillow's own search loads every decoder it has, among them one for AVIF whose native library QGIS may carry in another version; two of
them end the process. Named formats, imported one by one, keep that search from starting.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, Union

from PIL import BmpImagePlugin, GifImagePlugin, Image, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

#: MPO (several JPEGs in one file) is opened as the JPEG that it begins with.
_KINDS = (
    JpegImagePlugin.JpegImageFile,
    PngImagePlugin.PngImageFile,
    WebPImagePlugin.WebPImageFile,
    TiffImagePlugin.TiffImageFile,
    GifImagePlugin.GifImageFile,
    BmpImagePlugin.BmpImageFile,
)
FORMATS = tuple(str(kind.format) for kind in _KINDS)


def open_picture(source: Union[str, Path, BinaryIO]) -> Image.Image:
    """``source`` opened, not yet decoded. Raises what Pillow raises: OSError (UnidentifiedImageError for HEIC and AVIF) and others."""
    return Image.open(source, formats=FORMATS)
