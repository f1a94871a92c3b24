"""Every kind of delivered file as the same thing: columns, rows as delivered, and shapes with what is wrong with them."""

from __future__ import annotations

import lzma
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ..formats import coordinates_txt, dbf, geopackage, shapefile
from ..formats.encoding import EncodingDecision
from ..formats.readers import OgrReader, layers_of
from ..formats.shapefile_set import ShapefileSet, open_set
from ..formats.vector import format_of, open_table
from ..model import packages
from ..model.cells import cell_text, code_text
from ..model.errors import WeipianError
from ..model.messages import Message
from . import register
from .records import FrameRows, RowSource
from .settings import IntakeOptions
from .sources import Contents, TableFile

Geometries = NDArray[np.object_]
OGR_DRIVERS = {
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".kml": "KML",
    ".kmz": "KML",
    ".gdb": "OpenFileGDB",
    ".mdb": "PGeo",
    ".fgb": "FlatGeobuf",
    ".dxf": "DXF",
    ".tab": "MapInfo File",
    ".mif": "MapInfo File",
}


@dataclass(frozen=True)
class DeliveredTable:
    """One table of a delivery. ``geometries`` is None for a register; ``problems`` says by row why a shape is missing.

    ``text_of`` gives a column as texts ("" for blank) and the rows whose bytes were damaged. ``crs`` is what the file
    declares. ``crs_options`` replaces the options' choice where the file itself knows (a TXT header).
    """

    name: str
    path: Path
    columns: tuple[str, ...]
    count: int
    rows: RowSource
    text_of: Callable[[str], tuple[list[str], list[int]]]
    geometries: Geometries | None
    crs: str | None = None
    encoding: str = "utf-8"
    problems: Mapping[int, Message] = field(default_factory=dict)
    unclosed: NDArray[np.bool_] | None = None
    deleted: NDArray[np.bool_] | None = None
    notes: tuple[Message, ...] = ()
    swapped: bool | None = None
    damaged: Callable[[], Mapping[str, list[int]]] = dict
    encoding_decision: EncodingDecision | None = None


@dataclass(frozen=True)
class Opened:
    """The tables of a delivery, what is to be said of files that were not read, and the errors of those that may lie beside parcels."""

    tables: tuple[DeliveredTable, ...]
    notes: tuple[Message, ...] = ()
    aside: tuple[WeipianError, ...] = ()

    def notes_beside(self) -> list[Message]:
        """What is said where parcels were found elsewhere in the delivery."""
        beside = [message for error in self.aside for message in (error.message, _not_read(error))]
        return [*self.notes, *beside]


def _not_read(error: WeipianError) -> Message:
    return Message("intake.file_not_read", {"path": str(error.message.details.get("path", ""))})


#: Errors of files that may be anything else than parcels: beside parcels they are named, alone they are the error of the delivery.
_BESIDE = {
    "intake.not_polygons", "intake.not_geography", "intake.register_unreadable", "intake.register_old_excel",
    "intake.register_password", "intake.register_kind", "intake.register_too_big", "intake.driver_missing",
    "intake.layers_missing",
}  # fmt: skip


def open_delivery(
    contents: Contents,
    options: IntakeOptions,
    progress: Callable[[float], None] = lambda share: None,
    cancelled: Callable[[], bool] | None = None,
) -> Opened:
    """Open all files of a delivery. A damaged parcel file raises; points, lines, workbooks and the like are set aside (``aside``)."""
    tables: list[DeliveredTable] = []
    aside: list[WeipianError] = []
    for position, table_file in enumerate(contents.table_files):
        try:
            result = _opened(table_file, options, cancelled)
        except WeipianError as error:
            named = error.renamed(str(table_file.path), table_file.name)
            if error.code not in _BESIDE:
                raise named from error
            aside.append(named)
            continue
        for table in result:
            kind = _other_than_polygons(table)
            if kind:
                aside.append(WeipianError("intake.not_polygons", path=table.name, kind=kind))
            else:
                tables.append(table)
        progress((position + 1) / len(contents.table_files))
    return Opened(tuple(tables), tuple(contents.notes()), tuple(aside))


#: What libraries raise on files that are damaged in ways nobody foresaw; the file is named, the error stays in the chain for the log.
_UNFORESEEN = (
    ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError, OverflowError, MemoryError, OSError, EOFError,
    struct.error, lzma.LZMAError, zlib.error, shapely.errors.ShapelyError,
)  # fmt: skip


def _opened(
    table_file: TableFile, options: IntakeOptions, cancelled: Callable[[], bool] | None
) -> list[DeliveredTable]:
    try:
        return open_tables(table_file.path, table_file.name, options.for_file(table_file.name), cancelled)
    except _UNFORESEEN as error:
        raise WeipianError("intake.source_unreadable", path=table_file.name) from error


def numbers_of(table: DeliveredTable, column: str | None) -> list[str]:
    """The parcel numbers of a table, comparable: half-width, without white space and what spreadsheets put around them."""
    return [code_text(value) for value in table.text_of(column)[0]] if column else [""] * table.count


def _other_than_polygons(table: DeliveredTable) -> str:
    """What the shapes of a table are where not one of them has an area ("" where one has, or where there is none at all)."""
    if table.geometries is None:
        return ""
    kinds = np.unique(shapely.get_type_id(table.geometries))
    kinds = kinds[kinds >= 0]
    if not len(kinds) or np.isin(kinds, (3, 6, 7)).any():
        return ""
    return shapefile.FAMILY_NAMES[shapefile.POINT if np.isin(kinds, (0, 4)).any() else shapefile.LINE]


def open_tables(
    path: Path, name: str, options: IntakeOptions, cancelled: Callable[[], bool] | None = None
) -> list[DeliveredTable]:
    """All tables of a file, empty for a file that is no table of its own. Raises WeipianError (``intake.*``)."""
    suffix = path.suffix.lower()
    if suffix == ".shp":
        return [_of_shapefile(path, name, options)]
    if suffix == ".gpkg":
        layers = geopackage.layers(path, cancelled)
        if not layers:
            raise WeipianError("intake.layers_missing", path=name)
        return [_of_geopackage(path, name, layer, cancelled) for layer in layers]
    if suffix == ".json" and not is_geography(path):
        raise WeipianError("intake.not_geography", path=name)
    if suffix in OGR_DRIVERS:
        return _of_ogr(path, name, options)
    if suffix in (".xlsx", ".csv", ".xls", ".xlsm", ".et", ".ods"):
        return [
            _of_frame(path, f"{name}:{sheet}" if sheet else name, frame, None, encoding)
            for sheet, frame, encoding in register.read(path, options.encoding)
        ]
    if suffix == ".txt":
        return _of_txt(path, name, options)
    return [_of_table(path, name, options, cancelled)] if format_of(str(path)) is not None else []


_HEAD = 1 << 20


def is_geography(path: Path) -> bool:
    """Whether a .json looks like GeoJSON, Esri JSON or TopoJSON: their words stand near its beginning, cut or not.

    Raises ``intake.file_unreadable``.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as error:
        raise WeipianError("intake.file_unreadable", path=str(path), reason=error) from error
    text = head.decode("utf-16", "ignore") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head.decode("latin-1")
    return any(
        word in text for word in ('"FeatureCollection"', '"Feature"', '"geometry"', '"geometryType"', '"Topology"')
    )


class _SetRows:
    """Rows of a shapefile's attribute table."""

    def __init__(self, table: dbf.DbfTable, names: Sequence[str], encoding: str) -> None:
        self._table, self._names, self._encoding = table, tuple(names), encoding

    def record(self, row: int) -> dict[str, Any]:
        return dbf.row_of(self._table, row, self._names, self._encoding)


def _of_shapefile(path: Path, name: str, options: IntakeOptions) -> DeliveredTable:
    family = shapefile.family_of(
        path
    )  # before the other parts are opened: a layer of points may be as damaged as it likes
    if family not in (shapefile.POLYGON, shapefile.NULL):
        raise WeipianError("intake.not_polygons", path=name, kind=shapefile.FAMILY_NAMES[family])
    files: ShapefileSet = open_set(path, options.encoding)
    shapes = shapefile.read_shapes(files.shapes, multi=True)
    encoding = files.encoding.encoding
    return DeliveredTable(
        name,
        path,
        files.names,
        files.table.count,
        _SetRows(files.table, files.names, encoding),
        _texts_of(files),
        shapes.geometries,
        files.prj,
        encoding,
        shapes.problems,
        shapes.unclosed,
        files.table.deleted(),
        (*files.notes, files.encoding.reason, *_dropped(name, np.flatnonzero(shapes.dropped))),
        damaged=_damage_of(files),
        encoding_decision=files.encoding,
    )


def _dropped(name: str, rows: NDArray[np.intp]) -> tuple[Message, ...]:
    """The note on features that have lost a ring without area."""
    if not len(rows):
        return ()
    some = "、".join(str(row + 1) for row in rows[:10])
    return (Message("intake.rings_dropped", {"path": name, "count": len(rows), "rows": some}),)


def _damage_of(files: ShapefileSet) -> Callable[[], Mapping[str, list[int]]]:
    table, names, encoding = files.table, files.names, files.encoding.encoding

    def damaged() -> Mapping[str, list[int]]:
        """Rows by text column whose bytes cannot be decoded as they stand (cut in mid-character)."""
        result: dict[str, list[int]] = {}
        for name, column in zip(names, table.fields):
            rows = dbf.damaged_rows(table.cells(column), encoding) if column.kind == "C" else []
            if rows:
                result[name] = rows
        return result

    return damaged


def _texts_of(files: ShapefileSet) -> Callable[[str], tuple[list[str], list[int]]]:
    # Only the table is kept alive, not the memory map of the shapes: the file can be deleted while parcels are in use.
    table, names, encoding = files.table, files.names, files.encoding.encoding

    @cache
    def text_of(column: str) -> tuple[list[str], list[int]]:
        return dbf.column_texts(table, table.fields[names.index(column)], encoding)

    return text_of


def _of_geopackage(path: Path, name: str, layer: str, cancelled: Callable[[], bool] | None = None) -> DeliveredTable:
    frame, shapes, result = geopackage.read(path, layer, cancelled=cancelled)
    return _of_frame(path, f"{name}:{layer}", frame.reset_index(drop=True), shapes, "utf-8", result.crs)


def _of_ogr(path: Path, name: str, options: IntakeOptions) -> list[DeliveredTable]:
    pyogrio = packages.load("pyogrio")

    driver = OGR_DRIVERS[path.suffix.lower()]
    if driver not in pyogrio.list_drivers(read=True):
        raise WeipianError("intake.driver_missing", path=name, driver=driver)
    layers = layers_of(str(path), name)
    if not layers:
        raise WeipianError("intake.layers_missing", path=name)
    tables = []
    for layer in layers:
        reader = OgrReader.open(str(path), layer, options.encoding)
        frame, shapes = reader.read(reader.columns, None)
        shown = name if len(layers) == 1 else f"{name}:{layer}"
        tables.append(_of_frame(path, shown, frame.reset_index(drop=True), shapes, reader.encoding, reader.crs))
    return tables


def _of_table(path: Path, name: str, options: IntakeOptions, cancelled: Callable[[], bool] | None) -> DeliveredTable:
    """A file of any other format that :data:`..formats.vector.FORMATS` lists."""
    table = open_table(str(path), encoding=options.encoding, cancelled=cancelled)
    frame, shapes = table.read(table.columns, None)
    result = _of_frame(path, name, frame.reset_index(drop=True), shapes, table.encoding, table.crs)
    return replace(result, notes=tuple(table.notes))


def _of_txt(path: Path, name: str, options: IntakeOptions) -> list[DeliveredTable]:
    """A coordinate file; a text that is none (a covering letter) is no table."""
    result = coordinates_txt.read_file(path, options.encoding, options.swapped, shown=name)
    if result is None:
        return []
    frame = pd.DataFrame([{"图斑编号": plot.number, **plot.attributes} for plot in result.plots], dtype=object)
    shapes = np.empty(len(result.plots), dtype=object)
    shapes[:] = [plot.geometry for plot in result.plots]
    table = _of_frame(path, name, frame, shapes, result.encoding, result.crs)
    problems = {row: plot.problem for row, plot in enumerate(result.plots) if plot.problem is not None}
    # The axes are already in order here, so no further exchange may be assumed.
    return [replace(table, problems=problems, notes=result.notes, swapped=False)]


def _of_frame(
    path: Path, name: str, frame: pd.DataFrame, shapes: Geometries | None, encoding: str, crs: str | None = None
) -> DeliveredTable:
    def text_of(column: str) -> tuple[list[str], list[int]]:
        return [cell_text(value) for value in frame[column]], []

    columns = tuple(map(str, frame.columns))
    frame = frame.set_axis(list(columns), axis=1)
    flat = None if shapes is None else np.asarray(shapely.force_2d(shapes), dtype=object)
    return DeliveredTable(name, path, columns, len(frame), FrameRows(frame), text_of, flat, crs, encoding)
