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
from typing import Any, Optional

import shapely

from ...model.columns import names_of
from ...model.errors import WeipianError
from ...model.registers import Setting
from ...model.values import text_of
from ...workspace import geopackage
from ...workspace.geometry import as_multipolygon, decode, encode
from ...workspace.mapping import columns_of, row_of
from ...workspace.schema import Column, Table
from .records import FILLED_IN, SHOWN, VISIT, FieldParcel

FILE = "field.gpkg"
#: What values raise that are not what a field package holds: broken text, JSON, geometry; a column that is gone.
_DAMAGE = (ValueError, KeyError, IndexError, TypeError, RecursionError, struct.error, shapely.errors.ShapelyError)
REALS, _ORDER = ("area_mu", "lon", "lat"), "visit_order"


@dataclass(frozen=True)
class FieldPhoto:
    """A photo of the child table, as a phone writes it: ``path`` relative to the package, azimuth in degrees."""

    uuid: str
    parcel_uuid: str = ""
    path: str = ""
    purpose: str = ""
    azimuth: Optional[float] = None
    azimuth_ref: str = ""
    taken_at: str = ""
    note: str = ""


@dataclass(frozen=True)
class Exported:
    """What of a parcel went out: ``version`` of its row in the workspace, ``filled``: column of :data:`.records.FILLED_IN` → text."""

    uuid: str
    number: str
    version: Optional[int] = None
    filled: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Exported:
        """From a row of :data:`EXPORTED` as it came back. Raises one of :data:`_DAMAGE`."""
        filled = json.loads(row[EXPORT.filled] or "{}")  # type: ignore[index]
        if not isinstance(filled, dict):
            raise ValueError("no columns")
        return cls(
            str(row[EXPORT.uuid]),
            str(row[EXPORT.number]),
            None,
            {name: text_of(value) for name, value in filled.items()},
        )


@dataclass(frozen=True)
class ReturnedParcel:
    """A parcel as the phone has it now: what was filled in, by column of :data:`.records.FILLED_IN`, by whom and when."""

    uuid: str
    filled: Mapping[str, str]
    verifier: str = ""
    visited_at: str = ""

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> ReturnedParcel:
        """From a row of :data:`PARCELS`: a column that a person has removed is blank."""
        filled = {name: text_of(row.get(name)) for name in FILLED_IN}
        uuid, verifier, visited_at = (text_of(row.get(name)) for name in (KEY, *VISIT))
        return cls(uuid, filled, verifier, visited_at[:10])


EXPORT = names_of(Exported)
FIELD_PHOTO = names_of(FieldPhoto)
KEY = EXPORT.uuid
PARCELS = Table(
    "parcels",
    "图斑",
    ("uuid",),
    (
        Column(KEY),
        *(Column(name, "integer" if name == _ORDER else "real" if name in REALS else "text") for name in SHOWN),
        *(Column(name) for name in (*FILLED_IN, *VISIT)),
    ),
    geometry="MULTIPOLYGON",
)
PHOTOS = Table("photos", "照片", ("uuid",), columns_of(FieldPhoto), geometry="POINT", unique=False)
EXPORTED = Table("exported", "导出时的内容", ("uuid",), columns_of(Exported))
ABOUT = Table("about", "外业包", ("name",), columns_of(Setting))


def write(path: Path, parcels: Sequence[FieldParcel], about: Mapping[str, str]) -> None:
    """A new GeoPackage with the parcels in the order of the visit. Raises ``run.folder_unwritable``."""
    try:
        with closing(sqlite3.connect(str(path))) as connection, connection:
            geopackage.create_frame(connection)
            for table in (PARCELS, PHOTOS, EXPORTED, ABOUT):
                geopackage.add_table(connection, table)
            _insert(connection, PARCELS, [_row(parcel, order) for order, parcel in enumerate(parcels, start=1)])
            _insert(connection, EXPORTED, [_exported(parcel) for parcel in parcels])
            _insert(connection, ABOUT, [row_of(Setting(name, value)) for name, value in about.items()])
            if parcels:
                boxes = [parcel.geometry.bounds for parcel in parcels]
                west, south, east, north = zip(*boxes)
                geopackage.update_extent(connection, PARCELS.name, (min(west), min(south), max(east), max(north)))
    except (OSError, sqlite3.Error) as error:
        raise WeipianError("run.folder_unwritable", path=str(path.parent), reason=error) from error


def _row(parcel: FieldParcel, order: int) -> dict[str, Any]:
    known = {**parcel.texts, _ORDER: order, **dict(zip(REALS, (parcel.area_mu, parcel.lon, parcel.lat)))}
    return {
        KEY: parcel.key,
        "geom": encode(as_multipolygon(parcel.geometry)),
        **{name: known.get(name) for name in SHOWN},
        **{name: parcel.filled.get(name) or None for name in FILLED_IN},
    }


def _exported(parcel: FieldParcel) -> dict[str, Any]:
    row = row_of(Exported(parcel.key, parcel.number, parcel.version, parcel.filled))
    return {**row, str(EXPORT.filled): json.dumps(dict(parcel.filled), ensure_ascii=False, sort_keys=True)}


def _insert(connection: sqlite3.Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    names = table.stored()
    columns = ", ".join(geopackage.quoted(name) for name in names)
    marks = ", ".join("?" * len(names))
    statement = " ".join(["INSERT INTO", geopackage.quoted(table.name), "(", columns, ") VALUES (", marks, ")"])
    connection.executemany(statement, [tuple(row.get(name) for name in names) for row in rows])


@dataclass(frozen=True)
class Contents:
    """What a field GeoPackage holds now. ``exported``: by uuid of the parcel."""

    parcels: tuple[ReturnedParcel, ...]
    photos: tuple[FieldPhoto, ...]
    exported: Mapping[str, Exported]


def read(path: Path) -> Contents:
    """Read what came back. Raises ``run.file_missing``, ``evidence.field_foreign`` for a file that is no field package or is damaged."""
    if not path.is_file():
        raise WeipianError("run.file_missing", path=str(path))
    try:
        with closing(sqlite3.connect(str(path))) as connection:
            connection.execute("PRAGMA query_only = ON")
            parcels, photos, out, _ = (_select(connection, table) for table in (PARCELS, PHOTOS, EXPORTED, ABOUT))
        exported = [Exported.of_row(row) for row in out]
        returned = tuple(map(ReturnedParcel.of_row, parcels))
        pictures = tuple(_photo(row) for row in photos)
    except (sqlite3.Error, *_DAMAGE) as error:
        raise WeipianError("evidence.field_foreign", path=str(path)) from error
    return Contents(returned, pictures, {one.uuid: one for one in exported})


def _photo(row: Mapping[str, Any]) -> FieldPhoto:
    """A row of :data:`PHOTOS` as it came back: of the record what the return needs."""
    uuid, parcel, path, purpose = (
        text_of(row.get(name)) for name in (KEY, FIELD_PHOTO.parcel_uuid, FIELD_PHOTO.path, FIELD_PHOTO.purpose)
    )
    return FieldPhoto(uuid, parcel, path, purpose)


def _select(connection: sqlite3.Connection, table: Table) -> list[dict[str, Any]]:
    """All rows with the columns that are there: apps may add some, and a person may have removed one."""
    cursor = connection.execute(" ".join(["SELECT * FROM", geopackage.quoted(table.name)]))
    names = [entry[0] for entry in cursor.description]
    rows = [dict(zip(names, row)) for row in cursor.fetchall()]
    if table.geometry:
        decode(
            [blob for row in rows if (blob := row.get("geom"))]
        )  # a broken shape is damage, though nothing is taken from it
    return rows
