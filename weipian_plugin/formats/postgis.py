"""PostGIS tables as layers, through psycopg2 (it comes with QGIS); only columns and features that are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..model import packages
from ..model.errors import WeipianError
from .arcs import STEP_DEGREES, shapes_of


@dataclass(frozen=True)
class PostgisTable:
    """A table or view with one geometry column. ``connection`` is a libpq connection text and is never shown."""

    connection: str
    schema: str
    name: str
    geometry: str
    columns: tuple[str, ...]
    crs: str | None
    srid: int
    count: int
    bounds: tuple[float, float, float, float] | None


@contextmanager
def _connected(connection: str) -> Iterator[Any]:
    psycopg2 = packages.load("psycopg2")
    try:
        with closing(psycopg2.connect(connection, connect_timeout=10)) as opened:
            opened.set_session(readonly=True)
            yield opened
    except psycopg2.Error as error:
        # The driver's sentence may repeat the connection text, so only its first line without parameters is shown.
        raise WeipianError("intake.postgis_failed", reason=error) from None


def open_table(source: str, layer: str | None) -> PostgisTable:
    """Find the table of ``PG:…`` or ``postgresql://…``; ``layer`` is ``table`` or ``schema.table``.

    Raises ``intake.postgis_failed``, ``intake.layer_unknown`` and ``run.package_missing``.
    """
    text, named = _connection_text(source)
    requested = layer or named
    with _connected(text) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT f_table_schema, f_table_name, f_geometry_column, srid FROM geometry_columns ORDER BY 1, 2, 3"
        )
        tables = cursor.fetchall()
        result = [row for row in tables if requested in (None, row[1], f"{row[0]}.{row[1]}")]
        if len({row[:2] for row in result}) != 1:
            listed = "、".join(f"{row[0]}.{row[1]}" for row in tables[:20])
            raise WeipianError("intake.layer_unknown", path="PostGIS", layer=requested or "", layers=listed)
        schema, name, geometry, srid = result[0]
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s "
            "AND udt_name <> 'geometry' ORDER BY ordinal_position",
            (schema, name),
        )
        columns = tuple(column for (column,) in cursor.fetchall())
        cursor.execute("SELECT auth_name, auth_srid FROM spatial_ref_sys WHERE srid = %s", (srid,))
        system = cursor.fetchone()
        cursor.execute(_compose(cursor, "SELECT count(*), ST_Extent({g})::text FROM {t}", schema, name, geometry))
        count, extent = cursor.fetchone()
    crs = f"{system[0]}:{system[1]}" if system else None
    return PostgisTable(text, schema, name, geometry, columns, crs, int(srid), int(count), _box(extent))


def tables_of(connection: str) -> tuple[str, ...]:
    """``schema.table`` of every table with geometry; raises ``intake.postgis_failed`` and ``run.package_missing``."""
    with _connected(connection) as opened, opened.cursor() as cursor:
        cursor.execute("SELECT DISTINCT f_table_schema, f_table_name FROM geometry_columns ORDER BY 1, 2")
        return tuple(f"{schema}.{name}" for schema, name in cursor.fetchall())


def _connection_text(source: str) -> tuple[str, str | None]:
    """The libpq text, and the table of a GDAL ``tables=`` item."""
    if not source.startswith("PG:"):
        return source, None
    items = source[3:].strip().strip('"').split()
    tables = [item.split("=", 1)[1].strip("'\"") for item in items if item.startswith("tables=")]
    kept = [item for item in items if not item.startswith(("tables=", "schemas=", "active_schema="))]
    return " ".join(kept), tables[0] if tables else None


def _compose(cursor: object, text: str, schema: str, name: str, geometry: str, columns: Sequence[str] = ()) -> Any:
    from psycopg2 import sql  # type: ignore[import-untyped]

    return sql.SQL(text).format(
        t=sql.Identifier(schema, name),
        g=sql.Identifier(geometry),
        c=sql.SQL(", ").join([sql.Identifier(column) for column in columns]) if columns else sql.SQL("NULL"),
    )


def _box(text: str | None) -> tuple[float, float, float, float] | None:
    if not text:
        return None
    west, south, east, north = (float(number) for number in text[4:-1].replace(",", " ").split())
    return west, south, east, north


def read(
    table: PostgisTable, columns: Sequence[str], boxes: NDArray[np.float64] | None, most: int | None = None
) -> tuple[pd.DataFrame, NDArray[np.object_]]:
    """Attributes and shapes of the features whose box meets one of ``boxes`` (layer coordinates), ``most`` of them."""
    query = "SELECT ST_AsBinary(ST_CurveToLine(ST_Force2D({g}), radians(%s), 2, 0)), {c} FROM {t}"
    values: tuple[Any, ...] = (STEP_DEGREES,)  # kind 2 of tolerance: the greatest angle that a line stands for
    if boxes is not None:
        # One array parameter per side keeps the statement short however many boxes there are.
        query += (
            " WHERE EXISTS (SELECT 1 FROM unnest(%s::float8[], %s::float8[], %s::float8[], %s::float8[]) AS b(x0, y0, x1, y1)"
            " WHERE {g} && ST_MakeEnvelope(b.x0, b.y0, b.x1, b.y1, %s))"
        )
        values += (*(side.tolist() for side in boxes.T), table.srid)
    if most is not None:
        query += " LIMIT %s"
        values += (most,)
    with _connected(table.connection) as connection, connection.cursor() as cursor:
        cursor.execute(_compose(cursor, query, table.schema, table.name, table.geometry, columns), values)
        rows = cursor.fetchall()
    shapes = shapes_of([None if row[0] is None else bytes(row[0]) for row in rows], "PostGIS")
    width = len(columns)
    frame = pd.DataFrame([row[1 : 1 + width] for row in rows], columns=list(columns), dtype=object).infer_objects()
    return frame, shapes
