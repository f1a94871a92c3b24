"""The GeoPackage frame of a workspace: the metadata tables that make a SQLite file a valid GeoPackage 1.2."""

from __future__ import annotations

import sqlite3

import numpy as np
import shapely

from .geometry import SRS_ID, decode
from .schema import TABLES, Column, Table
from .schema import quoted as quoted

APPLICATION_ID = 0x47504B47  # "GPKG"
USER_VERSION = 10200

_KINDS = {"text": "TEXT", "integer": "INTEGER", "real": "REAL", "blob": "BLOB", "json": "TEXT"}

CGCS2000 = (
    'GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101,'
    'AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
    'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4490"]]'
)
_WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
    'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]'
)

_FRAME = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
"""

# The journal is append-only for every program, not only for ours: INSERT OR REPLACE deletes without the delete trigger.
_GUARDS = """
CREATE TRIGGER IF NOT EXISTS journal_no_replace BEFORE INSERT ON journal WHEN EXISTS (SELECT 1 FROM journal WHERE fid = NEW.fid)
  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
"""


def create(connection: sqlite3.Connection) -> None:
    """Lay an empty workspace into an empty database."""
    create_frame(connection)
    for table in TABLES:
        add_table(connection, table)
    connection.executescript(_GUARDS)


def create_frame(connection: sqlite3.Connection) -> None:
    """Make an empty database an empty GeoPackage."""
    connection.executescript(_FRAME)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
    connection.execute(f"PRAGMA user_version = {USER_VERSION:d}")
    connection.executemany(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)",
        [
            ("Undefined cartesian SRS", -1, "NONE", -1, "undefined", None),
            ("Undefined geographic SRS", 0, "NONE", 0, "undefined", None),
            ("WGS 84", 4326, "EPSG", 4326, _WGS84, None),
            ("China Geodetic Coordinate System 2000", SRS_ID, "EPSG", SRS_ID, CGCS2000, None),
        ],
    )


def guard(connection: sqlite3.Connection) -> None:
    """Give the journal of an earlier release the triggers of today's (one statement each: a script would end the transaction)."""
    for statement in _GUARDS.split("END;"):
        if statement.strip():
            connection.execute(statement + "END")


def add_table(connection: sqlite3.Connection, table: Table) -> None:
    """Create one table with its GeoPackage entries and its index on the key."""
    columns = ["fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"]
    if table.geometry:
        columns.append("geom " + table.geometry)
    columns += [quoted(column.name) + " " + _KINDS[column.kind] for column in table.columns if column.name != "fid"]
    connection.execute(" ".join(["CREATE TABLE", quoted(table.name), "(", ", ".join(columns), ")"]))
    keys = [name for name in table.key if name in table.kinds()]
    if keys:
        kind = "UNIQUE INDEX" if table.unique else "INDEX"
        indexed = ", ".join(quoted(key) for key in keys)
        connection.execute(
            " ".join(["CREATE", kind, quoted("key_" + table.name), "ON", quoted(table.name), "(", indexed, ")"])
        )
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES (?, ?, ?, ?, ?)",
        (
            table.name,
            "features" if table.geometry else "attributes",
            table.name,
            table.title,
            SRS_ID if table.geometry else None,
        ),
    )
    if table.geometry:
        connection.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)", (table.name, table.geometry, SRS_ID)
        )


def add_column(connection: sqlite3.Connection, table: str, column: Column) -> None:
    """Give a table of an earlier release a column more; rows that are there have NULL in it."""
    words = ["ALTER TABLE", quoted(table), "ADD COLUMN", quoted(column.name), _KINDS[column.kind]]
    connection.execute(" ".join(words))


def update_extent(connection: sqlite3.Connection, table: str, bounds: tuple[float, float, float, float]) -> None:
    """Record the extent that readers zoom to."""
    connection.execute(
        "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ?, last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now') "
        "WHERE table_name = ?",
        (*bounds, table),
    )


def renew_extents(connection: sqlite3.Connection) -> None:
    """Record the extents of all tables with shapes anew, from the shapes themselves."""
    for table in (table for table in TABLES if table.geometry):
        blobs = [row[0] for row in connection.execute(" ".join(["SELECT geom FROM", quoted(table.name)]))]
        bounds = shapely.total_bounds(decode(blobs)) if blobs else np.array([np.nan])
        if np.isfinite(bounds).all():
            update_extent(connection, table.name, tuple(float(value) for value in bounds))  # type: ignore[arg-type]
