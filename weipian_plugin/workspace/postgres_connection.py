"""A connection to PostgreSQL that takes the statements of the store: ``?`` for values, geometry in GeoPackage's binary form."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import shapely

from ..model import packages
from . import server_faults
from .geometry import SRS_ID, encode, wkb_of
from .schema import quoted

_PAGE = 1000  # rows in one statement
_WITH_SRID = 0x20000000
_CONNECT_SECONDS = 8


class PostgresConnection:
    """psycopg2 in the manner of ``sqlite3``: transactions are begun by hand, every statement gives a cursor."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self._extras = packages.load("psycopg2.extras")
        self._binary = packages.load("psycopg2").Binary
        self.renew: Callable[[], None] | None = None  # makes ``raw`` anew; what is only read is then asked again

    @classmethod
    def connect(cls, login: str, schema: str) -> PostgresConnection:
        """Raises what psycopg2 raises."""
        driver = packages.load("psycopg2")
        raw = driver.connect(
            login, connect_timeout=_CONNECT_SECONDS, application_name="weipian", client_encoding="UTF8",
            keepalives_idle=20, keepalives_interval=5, keepalives_count=3,
        )  # fmt: skip
        raw.set_session(autocommit=True)
        connection = cls(raw)
        connection._prepare(schema)
        return connection

    def _prepare(self, schema: str) -> None:
        """Names without a schema are those of the workspace, then those of PostGIS; geometry comes as the store has it."""
        row = self.execute(
            "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'postgis'"
        ).fetchone()
        places = [quoted(schema), *([quoted(row[0])] if row else [])]
        self.execute("SET search_path TO " + ", ".join(places))
        self.execute("SET standard_conforming_strings TO on")
        if row:
            oid = self.execute(
                "SELECT oid FROM pg_type WHERE typname = 'geometry' AND typnamespace = ?::regnamespace",
                (quoted(row[0]),),
            )
            extensions = packages.load("psycopg2.extensions")
            kind = extensions.new_type((int(oid.fetchone()[0]),), "WEIPIAN_GEOMETRY", _geometry)
            extensions.register_type(kind, self.raw)

    @property
    def closed(self) -> bool:
        return bool(self.raw.closed)

    @property
    def in_transaction(self) -> bool:
        return not self.closed and self.raw.get_transaction_status() != 0

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> Any:
        """One statement with its values. A question outside of a transaction survives a connection that was lost unnoticed."""
        again = self.renew if statement.startswith("SELECT") and not self.in_transaction else None
        try:
            return self._ask(statement, values)
        except Exception as error:
            if again is None or not server_faults.is_lost(error):
                raise
        self.raw.close()  # the driver does not always notice by itself
        again()
        return self._ask(statement, values)

    def _ask(self, statement: str, values: Sequence[object]) -> object:
        cursor = self.raw.cursor()
        if values:
            cursor.execute(_placed(statement), self._values(values))
        else:
            cursor.execute(statement)
        return cursor

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]], /) -> int:
        """One statement for many rows, in their order, many in one message; how many rows it changed (of an ``UPDATE`` or ``DELETE``)."""
        cursor = self.raw.cursor()
        head, values, tail = statement.rpartition("VALUES (")
        bound = map(self._values, rows)
        if values and statement.startswith("INSERT"):
            template = "(" + tail.replace("?", "%s")
            self._extras.execute_values(cursor, head.replace("%", "%%") + "VALUES %s", bound, template, _PAGE)
        else:
            self._extras.execute_batch(cursor, _placed(statement), bound, _PAGE)
        return int(cursor.rowcount)

    def close(self) -> None:
        self.raw.close()

    def _values(self, values: Sequence[object]) -> tuple[Any, ...]:
        return tuple(self._binary(_server_form(value)) if isinstance(value, bytes) else value for value in values)


def _placed(statement: str) -> str:
    return statement.replace("%", "%%").replace("?", "%s")


def _server_form(blob: bytes) -> bytes:
    """A GeoPackage blob as PostGIS takes it from bytes: WKB with the number of its reference system."""
    if not blob.startswith(b"GP"):
        return blob
    wkb = wkb_of(blob) or b""
    (kind,) = struct.unpack_from("<I", wkb, 1)
    return wkb[:1] + struct.pack("<II", kind | _WITH_SRID, SRS_ID) + wkb[5:]


def _geometry(text: str | None, cursor: object) -> bytes | None:
    """PostGIS's hexadecimal text as a GeoPackage blob: the same bytes as :func:`.geometry.encode` gives."""
    if text is None:
        return None
    return encode(shapely.set_srid(shapely.from_wkb(text), 0))
