"""Every layer below a folder or inside a container (gdb, gpkg): what could stand in a layer catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..model.errors import WeipianError
from ..model.messages import Message
from . import geopackage, postgis

VECTORS = (".shp", ".geojson", ".kml", ".kmz", ".tab", ".mif", ".dxf")
_CONTAINERS = (".gpkg", ".gdb", ".mdb")
RASTERS = (".tif", ".tiff", ".img", ".jp2", ".vrt", ".ecw", ".mbtiles")
#: What this software has made itself is no layer of the county.
_OWN_FOLDERS = ("卫片成果", "卷宗", "报表")
_OWN_TABLES = {"parcel", "part"}
#: More than a county has; a whole drive chosen by mistake ends here.
_MOST = 2000


@dataclass(frozen=True)
class Listed:
    """A layer as it could be opened: path, name inside of a container (else None), and why it cannot be looked into."""

    source: str
    layer: str | None = None
    raster: bool = False
    problem: Message | None = None


def layers_below(path: Path) -> list[Listed]:
    """The layers of a file, a container or a folder with all below it, in name order.

    A container that cannot be opened is listed with its ``problem``. Raises ``intake.file_missing`` and
    ``intake.too_many_layers``.
    """
    if not path.exists():
        raise WeipianError("intake.file_missing", path=str(path))
    result: list[Listed] = []
    for file in _files(path):
        result.extend(_of_file(file))
        if len(result) > _MOST:
            raise WeipianError("intake.too_many_layers", path=str(path), most=_MOST)
    return result


def layers_of_database(connection: str) -> list[Listed]:
    """The tables with geometry of a PostGIS database (``PG:…`` or ``postgresql://…``); raises ``intake.postgis_failed``."""
    text = connection[3:] if connection.startswith("PG:") else connection
    return [Listed(connection, table) for table in postgis.tables_of(text)]


def _files(path: Path) -> Iterator[Path]:
    if path.is_file() or path.suffix.lower() == ".gdb":
        yield path
        return
    for entry in sorted(path.iterdir(), key=lambda item: item.name):
        if entry.name.startswith((".", "~$")) or entry.is_symlink():
            continue
        if not (entry.is_dir() and entry.name in _OWN_FOLDERS):
            yield from _files(entry)


def _of_file(file: Path) -> list[Listed]:
    suffix = file.suffix.lower()
    if suffix in RASTERS:
        return [Listed(str(file), raster=True)]
    if suffix in _CONTAINERS:
        try:
            names = geopackage.layers(file) if suffix == ".gpkg" else _foreign_layers(file)
        except WeipianError as error:
            return [Listed(str(file), problem=error.message)]
        if set(names) >= _OWN_TABLES:
            return []
        return [Listed(str(file), name) for name in names]
    return [Listed(str(file))] if suffix in VECTORS else []


def _foreign_layers(file: Path) -> tuple[str, ...]:
    """Layers with geometry of what only GDAL can open."""
    try:
        import pyogrio
    except ImportError as error:
        raise WeipianError("run.package_missing", name="pyogrio") from error
    try:
        listed = pyogrio.list_layers(str(file))
    except (pyogrio.errors.DataSourceError, ValueError, RuntimeError, UnicodeError) as error:
        raise WeipianError("intake.source_unreadable", path=str(file), reason=error) from error
    return tuple(str(name) for name, kind in listed if kind is not None)
