"""What each format gives as a table: what it holds, and only the columns and features that are asked for. Opened by :mod:`.vector`.

Shapefiles and GeoPackages are read by this package itself, PostGIS through psycopg2, everything else by pyogrio.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ..model import packages
from ..model.errors import WeipianError
from ..model.messages import Message
from . import geopackage, postgis, shapefile
from .arcs import finely_drawn, shapes_of
from .limits import limits
from .shapefile_set import ShapefileSet, open_set, parts_of

Boxes = NDArray[np.float64]
_SAMPLE = 500


class VectorTable(Protocol):
    """An opened source. ``crs`` is what it declares (WKT or authority text), coordinates are the source's own."""

    @property
    def driver(self) -> str: ...

    @property
    def columns(self) -> tuple[str, ...]: ...

    @property
    def crs(self) -> str | None: ...

    @property
    def count(self) -> int: ...

    @property
    def encoding(self) -> str: ...

    @property
    def notes(self) -> tuple[Message, ...]: ...

    def bounds(self) -> tuple[float, float, float, float] | None:
        """Box of all features, None when empty."""

    def centres(self) -> NDArray[np.float64]:
        """Middles of the boxes of some hundred features, (n, 2)."""

    def read(self, columns: Sequence[str], boxes: Boxes | None) -> tuple[pd.DataFrame, NDArray[np.object_]]:
        """Attributes and shapes of the features whose box meets one of ``boxes`` (n, 4); all without boxes."""


def meets(bounds: Boxes, boxes: Boxes) -> NDArray[np.intp]:
    """Positions of ``bounds`` that meet one of ``boxes``, ascending. NaN boxes meet nothing."""
    if not len(bounds) or not len(boxes):
        return np.zeros(0, dtype=np.intp)
    known = np.flatnonzero(np.isfinite(bounds).all(axis=1))
    west, south, east, north = boxes[:, 0].min(), boxes[:, 1].min(), boxes[:, 2].max(), boxes[:, 3].max()
    some = bounds[known]
    near: NDArray[np.intp] = known[
        (some[:, 2] >= west) & (some[:, 0] <= east) & (some[:, 3] >= south) & (some[:, 1] <= north)
    ]
    if len(boxes) == 1 or not len(near):
        return near
    tree = shapely.STRtree(shapely.box(*boxes.T))
    hits = tree.query(shapely.box(*bounds[near].T))
    result: NDArray[np.intp] = near[np.unique(hits[0])]
    return result


@dataclass(frozen=True)
class ShapefileReader:
    """A shapefile, read by this package."""

    files: ShapefileSet
    driver: str = "ESRI Shapefile"

    @classmethod
    def open(cls, path: Path, encoding: str | None) -> VectorTable:
        return cls(open_set(path, encoding, hold=False))

    @property
    def columns(self) -> tuple[str, ...]:
        return self.files.names

    @property
    def crs(self) -> str | None:
        return self.files.prj

    @property
    def count(self) -> int:
        return self.files.table.count

    @property
    def encoding(self) -> str:
        return self.files.encoding.encoding

    @property
    def notes(self) -> tuple[Message, ...]:
        return (*self.files.notes, self.files.encoding.reason)

    def bounds(self) -> tuple[float, float, float, float] | None:
        return total_bounds(self.files.shapes.bounds())

    def centres(self) -> NDArray[np.float64]:
        return sample_centres(self.files.shapes.bounds())

    def read(self, columns: Sequence[str], boxes: Boxes | None) -> tuple[pd.DataFrame, NDArray[np.object_]]:
        alive = ~self.files.table.deleted()
        if boxes is None:
            rows = np.flatnonzero(alive)
        else:
            rows = meets(self.files.shapes.bounds(), boxes)
            rows = rows[alive[rows]]
        shapes = shapefile.read_shapes(self.files.shapes, rows)
        return self.files.frame(columns, rows), shapes.geometries


@dataclass(frozen=True)
class GeoPackageReader:
    """A feature table of a GeoPackage, through sqlite3."""

    path: Path
    layer: geopackage.GeoPackageLayer
    count: int
    extent: tuple[float, ...] | None
    driver: str = "GPKG"
    encoding: str = "utf-8"
    notes: tuple[Message, ...] = ()
    cancelled: geopackage.Stop | None = None

    @classmethod
    def open(cls, path: Path, layer: str | None, cancelled: geopackage.Stop | None = None) -> VectorTable:
        """The layer of that name; without one the only layer of the file."""
        with geopackage.opened(path, cancelled) as connection:
            table = geopackage.layer_of(connection, path, layer)
            count, extent = geopackage.count_and_bounds(connection, table)
        return cls(path, table, count, extent, cancelled=cancelled)

    @property
    def columns(self) -> tuple[str, ...]:
        return self.layer.columns

    @property
    def crs(self) -> str | None:
        return self.layer.crs

    def bounds(self) -> tuple[float, float, float, float] | None:
        if self.extent is None:
            return total_bounds(shapely.bounds(self.read((), None)[1]))
        west, south, east, north = self.extent
        return west, south, east, north

    def centres(self) -> NDArray[np.float64]:
        box = self.bounds()
        return np.zeros((0, 2)) if box is None else np.array([[(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]])

    def read(self, columns: Sequence[str], boxes: Boxes | None) -> tuple[pd.DataFrame, NDArray[np.object_]]:
        # One statement per box pays only while the boxes are few against the features (measured: about 1 to 37).
        apart = boxes is not None and len(boxes) * 37 <= max(self.count, 37)
        asked = boxes if apart or boxes is None else _union(boxes)
        table, shapes, _ = geopackage.read(self.path, self.layer.name, columns, asked, cancelled=self.cancelled)
        return _only_meeting(table[list(columns)], shapes, boxes)


@dataclass(frozen=True)
class PostgisReader:
    """A PostGIS table or view."""

    table: postgis.PostgisTable
    driver: str = "PostgreSQL"
    encoding: str = "utf-8"
    notes: tuple[Message, ...] = ()

    @classmethod
    def open(cls, source: str, layer: str | None) -> VectorTable:
        return cls(postgis.open_table(source, layer))

    @property
    def columns(self) -> tuple[str, ...]:
        return self.table.columns

    @property
    def crs(self) -> str | None:
        return self.table.crs

    @property
    def count(self) -> int:
        return self.table.count

    def bounds(self) -> tuple[float, float, float, float] | None:
        return self.table.bounds

    def centres(self) -> NDArray[np.float64]:
        box = self.table.bounds
        return np.zeros((0, 2)) if box is None else np.array([[(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]])

    def read(self, columns: Sequence[str], boxes: Boxes | None) -> tuple[pd.DataFrame, NDArray[np.object_]]:
        return postgis.read(self.table, columns, boxes)


@dataclass(frozen=True)
class OgrReader:
    """Any other vector source that pyogrio's GDAL knows."""

    source: str
    layer: str | None
    driver: str
    columns: tuple[str, ...]
    crs: str | None
    count: int
    extent: tuple[float, float, float, float] | None
    encoding: str
    chosen_encoding: str | None
    notes: tuple[Message, ...] = ()

    @classmethod
    def open(cls, source: str, layer: str | None, encoding: str | None) -> VectorTable:
        """The layer of that name; without one the only layer of the source. An encoding that is given is believed."""
        pyogrio = packages.load("pyogrio")

        try:
            opened = _for_gdal(source)
            name = layer or _only_layer(source, pyogrio.list_layers(opened))
            info = pyogrio.read_info(
                opened, layer=name, encoding=encoding, force_feature_count=True, force_total_bounds=True
            )
        except _ogr_errors() as error:
            raise _unreadable(source, error) from error
        extent = info.get("total_bounds")
        return cls(
            source,
            name,
            str(info.get("driver") or ""),
            tuple(map(str, info["fields"])),
            info["crs"],
            int(info["features"]),
            _four(extent),
            str(info["encoding"] or "utf-8"),
            encoding,
        )

    def bounds(self) -> tuple[float, float, float, float] | None:
        return self.extent if self.extent and np.isfinite(self.extent).all() else None

    def centres(self) -> NDArray[np.float64]:
        box = self.bounds()
        return np.zeros((0, 2)) if box is None else np.array([[(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]])

    def read(self, columns: Sequence[str], boxes: Boxes | None) -> tuple[pd.DataFrame, NDArray[np.object_]]:
        pyogrio = packages.load("pyogrio")

        box = None if boxes is None else tuple(_union(boxes)[0].tolist())
        try:
            with finely_drawn():
                meta, keys, shapes, values = pyogrio.raw.read(
                    _for_gdal(self.source),
                    layer=self.layer,
                    columns=list(columns),
                    bbox=box,
                    encoding=self.chosen_encoding,
                    return_fids=True,
                    force_2d=True,
                    datetime_as_string=True,
                )
        except _ogr_errors() as error:
            raise _unreadable(self.source, error) from error
        # The names that came back, not those asked for: pyogrio before 0.12.1 gives columns in an order of its own.
        names = [str(name) for name in meta["fields"]]
        table = pd.DataFrame(dict(zip(names, values)), index=keys, columns=names)[list(columns)]
        geometries = shapes_of(shapes, self.source) if shapes is not None else np.full(len(table), None)
        return _only_meeting(table, geometries, boxes)


def layers_of(source: str, shown: str = "") -> tuple[str, ...]:
    """Names of the layers with shapes, as pyogrio's GDAL sees them; raises ``intake.source_unreadable``."""
    import pyogrio

    try:
        return tuple(str(layer) for layer, kind in pyogrio.list_layers(_for_gdal(source)) if kind is not None)
    except _ogr_errors() as error:
        raise _unreadable(shown or source, error) from error


def _ogr_errors() -> tuple[type[Exception], ...]:
    import pyogrio

    errors = pyogrio.errors
    return (errors.DataSourceError, errors.DataLayerError, errors.FeatureError, errors.FieldError, errors.GeometryError,
            errors.CRSError, ValueError, RuntimeError, UnicodeError, OSError, AttributeError,
            IndexError)  # fmt: skip


def _for_gdal(source: str) -> str:
    """A KMZ is read as the KML inside of it: GDAL's other driver for KMZ shows no attributes."""
    if not source.lower().endswith(".kmz") or source.startswith("/vsi"):
        return source
    try:
        with zipfile.ZipFile(source) as archive:
            inner = [info for info in archive.infolist() if info.filename.lower().endswith(".kml")]
            if sum(info.file_size for info in inner) > limits().archive.free_bytes:
                return source  # too much to look into: as GDAL reads it
            placed = [info.filename for info in inner if b"<Placemark" in archive.read(info)]
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise WeipianError("intake.archive_damaged", path=source) from error
    if not inner:
        raise WeipianError("intake.layers_missing", path=source)
    main = next((name for name in placed if name.lower() == "doc.kml"), placed[0] if len(placed) == 1 else None)
    # Layers in files of their own, linked by doc.kml, are one source for GDAL.
    return f"/vsizip/{{{source}}}/{main}" if main else source


def _only_layer(source: str, listed: Any) -> str | None:
    names = [str(name) for name, kind in listed if kind is not None] or [str(name) for name, _ in listed]
    if len(names) > 1:
        raise WeipianError("intake.layer_unknown", path=source, layer="", layers="、".join(names))
    return names[0] if names else None


def _unreadable(source: str, error: Exception) -> WeipianError:
    return WeipianError("intake.source_unreadable", path=source)


def _four(extent: Any) -> tuple[float, float, float, float] | None:
    if extent is None:
        return None
    west, south, east, north = map(float, extent)
    return west, south, east, north


def _union(boxes: Boxes) -> Boxes:
    union: Boxes = np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])[None, :]
    return union


def _only_meeting(
    table: pd.DataFrame, shapes: NDArray[np.object_], boxes: Boxes | None
) -> tuple[pd.DataFrame, NDArray[np.object_]]:
    if boxes is None or not len(table):
        return table, shapes
    rows = meets(shapely.bounds(shapes), boxes)
    return table.iloc[rows], shapes[rows]


def total_bounds(boxes: Boxes) -> tuple[float, float, float, float] | None:
    """Box around boxes, without the NaN ones; None for none."""
    known = boxes[np.isfinite(boxes).all(axis=1)]
    if not len(known):
        return None
    west, south = known[:, :2].min(axis=0).tolist()
    east, north = known[:, 2:].max(axis=0).tolist()
    return west, south, east, north


def sample_centres(boxes: Boxes) -> NDArray[np.float64]:
    """Middles of some hundred boxes spread over the file."""
    known = boxes[np.isfinite(boxes).all(axis=1)]
    some = known[:: max(1, len(known) // _SAMPLE)]
    return np.column_stack([(some[:, 0] + some[:, 2]) / 2, (some[:, 1] + some[:, 3]) / 2])


def fingerprint(source: str) -> str:
    """SHA-256 of a source: of its file, of the parts of a shapefile, of all files of a folder in name order; "" for others."""
    path = Path(source)
    if path.suffix.lower() == ".shp":
        files = [file for _, file in sorted(parts_of(path).items())]
    elif path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file() and file.suffix != ".lock")
    else:
        files = [path] if path.is_file() else []
    if not files:
        return ""
    digest = hashlib.sha256()
    for file in files:
        with suppress(FileNotFoundError), file.open("rb") as stream:
            for block in iter(lambda: stream.read(1 << 20), b""):
                digest.update(block)
    return digest.hexdigest()
