"""Foreign GeoPackages through sqlite3, read-only: a second SQLite in the process would drop QGIS's locks.

Only plain ``SELECT`` on names that stand in the file's own catalogue tables are issued. Source: OGC 12-128r14.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..model.errors import Cancelled, WeipianError
from ..model.sqlite_uri import read_only
from .arcs import drawn, has_arcs, shapes_of
from .limits import limits
from .systems import parse_crs

Stop = Callable[[], bool]
_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_WAIT_SECONDS = 10.0


@dataclass(frozen=True)
class GeoPackageLayer:
    """A feature table: its geometry column, key, columns, system (authority text or WKT) and whether it has an R-tree."""

    name: str
    geometry: str
    key: str
    columns: tuple[str, ...]
    crs: str | None
    indexed: bool


#: SQLite asks after so many of its steps whether to go on.
_STEPS = 20_000


@contextmanager
def opened(path: Path, cancelled: Stop | None = None) -> Iterator[sqlite3.Connection]:
    """A read-only connection; raises ``intake.gpkg_unreadable``, ``intake.gpkg_slow`` and, when ``cancelled`` says so, ``run.cancelled``.

    A file may hold a view that never ends: the connection gives up after the time of the limits, and at once on request.
    """
    until = time.monotonic() + limits().query.seconds

    def stop() -> int:
        return int(time.monotonic() > until or (cancelled is not None and cancelled()))

    try:
        with closing(sqlite3.connect(read_only(path), uri=True, timeout=_WAIT_SECONDS)) as connection:
            connection.text_factory = _text
            connection.set_progress_handler(stop, _STEPS)
            yield connection
    except (
        sqlite3.Error,
        UnicodeError,
        OverflowError,
        MemoryError,
    ) as error:  # sqlite3 cannot even word an error about damaged names
        if cancelled is not None and cancelled():
            raise Cancelled from error
        if time.monotonic() > until:
            raise WeipianError("intake.gpkg_slow", path=str(path), seconds=limits().query.seconds) from error
        raise WeipianError("intake.gpkg_unreadable", path=str(path)) from error


def _text(raw: bytes) -> str:
    """GeoPackage text is UTF-8; other programs have written GBK into it all the same."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def layers(path: Path, cancelled: Stop | None = None) -> tuple[str, ...]:
    """Names of the feature tables."""
    with opened(path, cancelled) as connection:
        return tuple(
            name for (name,) in connection.execute("SELECT table_name FROM gpkg_geometry_columns ORDER BY table_name")
        )


def layer_of(connection: sqlite3.Connection, path: Path, name: str | None) -> GeoPackageLayer:
    """The named feature table, or the only one; raises ``intake.layer_unknown``."""
    rows = connection.execute("SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns").fetchall()
    result = [row for row in rows if name in (None, row[0])] or [
        row for row in rows if str(row[0]).lower() == str(name).lower()
    ]
    if len(result) != 1:
        raise WeipianError(
            "intake.layer_unknown", path=str(path), layer=name or "", layers="、".join(row[0] for row in rows)
        )
    table, geometry, srs = result[0]
    info = connection.execute("SELECT name, pk FROM pragma_table_info(?)", (table,)).fetchall()
    keys = [column for column, primary in info if primary]
    columns = tuple(column for column, primary in info if column != geometry and not primary)
    index = connection.execute(
        "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?", (f"rtree_{table}_{geometry}",)
    ).fetchone()[0]
    return GeoPackageLayer(table, geometry, keys[0] if keys else "rowid", columns, _crs(connection, srs), bool(index))


def _crs(connection: sqlite3.Connection, srs: int) -> str | None:
    row = connection.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?", (srs,)
    ).fetchone()
    if row is None or srs in (-1, 0):
        return None
    organization, code, definition = row
    named = f"EPSG:{code}" if str(organization).upper() == "EPSG" else None
    try:
        parse_crs(str(definition or ""))
    except WeipianError:
        return named or (str(definition) if definition else None)
    return str(
        definition
    )  # as it is defined; its code is a name, and is found again where the definition agrees with it


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _select(layer: GeoPackageLayer, columns: Sequence[str], condition: str = "") -> str:
    names = ", ".join(map(_quoted, [layer.key, *columns, layer.geometry]))
    # Identifiers cannot be bound; they come from the file's own catalogue and are quoted.
    return " ".join(["SELECT", names, "FROM", _quoted(layer.name), condition])


def count_and_bounds(connection: sqlite3.Connection, layer: GeoPackageLayer) -> tuple[int, tuple[float, ...] | None]:
    """Number of features, and the extent from the contents table or the index (None when neither has it)."""
    count = connection.execute(" ".join(["SELECT count(*) FROM", _quoted(layer.name)])).fetchone()[0]
    row = connection.execute(
        "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?", (layer.name,)
    ).fetchone()
    if (row is None or None in row) and layer.indexed:
        index = _quoted(f"rtree_{layer.name}_{layer.geometry}")
        row = connection.execute(" ".join(["SELECT min(minx), min(miny), max(maxx), max(maxy) FROM", index])).fetchone()
    return int(count), tuple(map(float, row)) if row and None not in row else None


def read(
    path: Path,
    name: str | None = None,
    columns: Sequence[str] | None = None,
    boxes: NDArray[np.float64] | None = None,
    most: int | None = None,
    cancelled: Stop | None = None,
) -> tuple[pd.DataFrame, NDArray[np.object_], GeoPackageLayer]:
    """Attributes, shapes and the layer itself; only features whose box meets one of ``boxes`` (n, 4) in layer coordinates.

    ``most``: only so many first features (where there are no boxes).
    """
    with opened(path, cancelled) as connection:
        layer = layer_of(connection, path, name)
        requested = [column for column in layer.columns if columns is None or column in columns]
        if boxes is None or not layer.indexed:
            rows = connection.execute(_select(layer, requested, "LIMIT ?"), (-1 if most is None else most,)).fetchall()
        else:
            rows = _indexed_rows(connection, layer, requested, boxes)
        wkb = [_wkb(row[-1]) for row in rows]
        arcs = [index for index, shape in enumerate(wkb) if has_arcs(shape)]
        if arcs:
            straight = drawn(connection, str(path), layer.name, [rows[index][0] for index in arcs])
            for index in arcs:
                wkb[index] = straight.get(rows[index][0])
    table = pd.DataFrame(
        [row[1:-1] for row in rows], columns=requested, index=[row[0] for row in rows], dtype=object
    ).infer_objects()
    return table, shapes_of(wkb, str(path)), layer


def _indexed_rows(
    connection: sqlite3.Connection, layer: GeoPackageLayer, columns: Sequence[str], boxes: NDArray[np.float64]
) -> list[tuple[object, ...]]:
    index = _quoted(f"rtree_{layer.name}_{layer.geometry}")
    query = " ".join(["SELECT id FROM", index, "WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?"])
    keys: set[int] = set()
    for west, south, east, north in boxes.tolist():
        keys.update(key for (key,) in connection.execute(query, (west, east, south, north)))
    rows: list[tuple[Any, ...]] = []
    ordered = sorted(keys)
    for start in range(0, len(ordered), 500):
        some = ordered[start : start + 500]
        condition = " ".join(["WHERE", _quoted(layer.key), "IN (", ", ".join("?" * len(some)), ")"])
        rows.extend(connection.execute(_select(layer, columns, condition), some))
    return rows


def _wkb(blob: object) -> bytes | None:
    if not isinstance(blob, bytes) or len(blob) < 8 or blob[:2] != b"GP":
        return None
    return blob[8 + _ENVELOPES.get((blob[3] >> 1) & 0b111, 0) :]
