"""The one entrance to vector files: :func:`open_table` gives the same :class:`~.readers.VectorTable` for every format in :data:`FORMATS`.

A format that is added to the list can be a layer of the catalogue and a delivery, and is checked, measured and listed like the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from ..model.errors import WeipianError
from .readers import GeoPackageReader, OgrReader, PostgisReader, ShapefileReader, VectorTable


@dataclass(frozen=True)
class Wanted:
    """What is to be opened. ``cancelled``: asked while a long query runs."""

    source: str
    layer: Optional[str] = None
    encoding: Optional[str] = None
    cancelled: Optional[Callable[[], bool]] = None


@dataclass(frozen=True)
class VectorFormat:
    """``suffixes``: of its files, lower case; ``open`` ends in a coded error for whatever it is given."""

    name: str
    suffixes: tuple[str, ...]
    open: Callable[[Wanted], VectorTable]


def _by_gdal(wanted: Wanted) -> VectorTable:
    return OgrReader.open(wanted.source, wanted.layer, wanted.encoding)


#: Formats read by this package itself; every other file is read by pyogrio.
FORMATS: tuple[VectorFormat, ...] = (
    VectorFormat(
        "ESRI Shapefile", (".shp",), lambda wanted: ShapefileReader.open(Path(wanted.source), wanted.encoding)
    ),
    VectorFormat(
        "GeoPackage",
        (".gpkg",),
        lambda wanted: GeoPackageReader.open(Path(wanted.source), wanted.layer, wanted.cancelled),
    ),
)


def format_of(source: str) -> Optional[VectorFormat]:
    """The format in the list whose suffix a file has; None for all that pyogrio reads."""
    suffix = Path(source).suffix.lower()
    return next((one for one in FORMATS if suffix in one.suffixes), None)


def open_table(
    source: str,
    layer: Optional[str] = None,
    encoding: Optional[str] = None,
    cancelled: Optional[Callable[[], bool]] = None,
) -> VectorTable:
    """Open a path or driver string. Columns, count, system and bounds are known at once, features come with ``read``.

    Raises ``intake.file_missing``, ``intake.source_unreadable`` and what the format raises.
    """
    if source.startswith(("PG:", "postgresql://", "postgres://")):
        return PostgisReader.open(source, layer)
    requested = Wanted(source, layer, encoding, cancelled)
    if source.startswith("/vsi") or (":" in source[2:] and not Path(source).exists()):
        return _by_gdal(requested)
    if not Path(source).exists():
        raise WeipianError("intake.file_missing", path=source)
    known = format_of(source)
    return known.open(requested) if known is not None else _by_gdal(requested)
