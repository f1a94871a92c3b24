"""The GeoPackage that a phone edits: parcels with locked columns, a child table of photos, and what was exported.

Written through ``sqlite3`` (see :mod:`...workspace.store`); names are ASCII, as the field apps ask, Chinese stands in the titles of the project.
"""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely

from ...model.errors import WeipianError
from ...workspace import geopackage
from ...workspace.geometry import as_multipolygon, decode, encode
from ...workspace.schema import Column, Table
from .records import FILLED_IN, SHOWN, VISIT, FieldParcel

FILE = "field.gpkg"
#: What values raise that are not what a field package holds: broken text, JSON, geometry; a column that is gone.
_DAMAGE = (ValueError, KeyError, IndexError, TypeError, RecursionError, struct.error, shapely.errors.ShapelyError)
REALS = ("area_mu", "lon", "lat")

PARCELS = Table(
    "parcels",
    "图斑",
    ("uuid",),
    (
        Column("uuid"),
        *(Column(name, "integer" if name == "visit_order" else "real" if name in REALS else "text") for name in SHOWN),
        *(Column(name) for name in (*FILLED_IN, *VISIT)),
    ),
    geometry="MULTIPOLYGON",
)
PHOTOS = Table(
    "photos",
    "照片",
    ("uuid",),
    (
        Column("uuid"),
        Column("parcel_uuid"),
        Column("path"),
        Column("purpose"),
        Column("azimuth", "real"),
        Column("azimuth_ref"),
        Column("taken_at"),
        Column("note"),
    ),
    geometry="POINT",
    unique=False,
)
EXPORTED = Table(
    "exported",
    "导出时的内容",
    ("uuid",),
    (Column("uuid"), Column("number"), Column("version", "integer"), Column("filled", "json")),
)
ABOUT = Table("about", "外业包", ("name",), (Column("name"), Column("value")))


def write(path: Path, parcels: Sequence[FieldParcel], about: Mapping[str, str]) -> None:
    """A new GeoPackage with the parcels in the order of the visit. Raises ``run.folder_unwritable``."""
    try:
        with closing(sqlite3.connect(str(path))) as connection, connection:
            geopackage.create_frame(connection)
            for table in (PARCELS, PHOTOS, EXPORTED, ABOUT):
                geopackage.add_table(connection, table)
            _insert(connection, PARCELS, [_row(parcel, order) for order, parcel in enumerate(parcels, start=1)])
            _insert(connection, EXPORTED, [_exported(parcel) for parcel in parcels])
            _insert(connection, ABOUT, [{"name": name, "value": value} for name, value in about.items()])
            if parcels:
                boxes = [parcel.geometry.bounds for parcel in parcels]
                west, south, east, north = zip(*boxes)
                geopackage.update_extent(connection, PARCELS.name, (min(west), min(south), max(east), max(north)))
    except (OSError, sqlite3.Error) as error:
        raise WeipianError("run.folder_unwritable", path=str(path.parent), reason=error) from error


def _row(parcel: FieldParcel, order: int) -> dict[str, Any]:
    known = {**parcel.texts, "visit_order": order, "area_mu": parcel.area_mu, "lon": parcel.lon, "lat": parcel.lat}
    return {
        "uuid": parcel.key,
        "geom": encode(as_multipolygon(parcel.geometry)),
        **{name: known.get(name) for name in SHOWN},
        **{name: parcel.filled.get(name) or None for name in FILLED_IN},
    }


def _exported(parcel: FieldParcel) -> dict[str, Any]:
    filled = json.dumps(dict(parcel.filled), ensure_ascii=False, sort_keys=True)
    return {"uuid": parcel.key, "number": parcel.number, "version": parcel.version, "filled": filled}


def _insert(connection: sqlite3.Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    names = table.stored()
    columns = ", ".join(geopackage.quoted(name) for name in names)
    marks = ", ".join("?" * len(names))
    statement = " ".join(["INSERT INTO", geopackage.quoted(table.name), "(", columns, ") VALUES (", marks, ")"])
    connection.executemany(statement, [tuple(row.get(name) for name in names) for row in rows])


@dataclass(frozen=True)
class Contents:
    """What a field GeoPackage holds now. Rows by column; ``parcels`` and ``photos`` with ``geometry`` where there is one."""

    parcels: tuple[Mapping[str, Any], ...]
    photos: tuple[Mapping[str, Any], ...]
    exported: Mapping[str, Mapping[str, Any]]
    about: Mapping[str, str] = field(default_factory=dict)


def read(path: Path) -> Contents:
    """Read what came back. Raises ``run.file_missing``, ``evidence.field_foreign`` for a file that is no field package or is damaged."""
    if not path.is_file():
        raise WeipianError("run.file_missing", path=str(path))
    try:
        with closing(sqlite3.connect(str(path))) as connection:
            connection.execute("PRAGMA query_only = ON")
            rows = {table.name: _select(connection, table) for table in (PARCELS, PHOTOS, EXPORTED, ABOUT)}
        exported = {str(row["uuid"]): _as_exported(row) for row in rows["exported"]}
        about = {str(row["name"]): str(row["value"] or "") for row in rows["about"]}
    except (sqlite3.Error, *_DAMAGE) as error:
        raise WeipianError("evidence.field_foreign", path=str(path)) from error
    return Contents(tuple(rows["parcels"]), tuple(rows["photos"]), exported, about)


def _as_exported(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of :data:`EXPORTED` with what was filled in. Raises one of :data:`_DAMAGE`."""
    filled = json.loads(row["filled"] or "{}")
    if not isinstance(filled, dict):
        raise ValueError("no columns")
    return {**row, "number": str(row["number"]), "filled": filled}


def _select(connection: sqlite3.Connection, table: Table) -> list[dict[str, Any]]:
    """All rows with the columns that are there: apps may add some, and a person may have removed one."""
    cursor = connection.execute(" ".join(["SELECT * FROM", geopackage.quoted(table.name)]))
    names = [entry[0] for entry in cursor.description]
    rows = [dict(zip(names, row)) for row in cursor.fetchall()]
    for row in rows:
        blob = row.pop("geom", None)
        if table.geometry:
            row["geometry"] = decode([blob])[0] if blob else None
    return rows
