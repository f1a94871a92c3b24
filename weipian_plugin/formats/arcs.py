"""Arcs (CIRCULARSTRING, CURVEPOLYGON, MULTISURFACE…), as ArcGIS and CAD write them, come as short lines.

shapely has no arcs: by its version it raises, or takes such a shape for a missing one. A redline with one arc must not vanish. GDAL knows
arcs and draws them, and pyogrio's GDAL reads everything but GeoPackages that QGIS may have open; of those it reads a copy.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from ..model import packages
from ..model.errors import WeipianError

#: Geometry types: 7, 8 to 12 and their abstract kinds 13 and 14. Source: ISO 13249-3 (SQL/MM).
_COLLECTION, _ARCS = 7, range(8, 15)
#: Degrees of an arc that one line stands for: a circle loses 0.005 % of its area (GDAL's own step of 4 loses 0.08 %).
STEP_DEGREES = 1


def has_arcs(wkb: bytes | None) -> bool:
    """Whether a WKB (ISO or extended: dimensions as thousands or as high bits) is of a kind with arcs."""
    if not wkb or len(wkb) < 5:
        return False
    code = int.from_bytes(wkb[1:5], "little" if wkb[0] == 1 else "big")
    return (code & 0x0FFFFFFF) % 1000 in _ARCS


@contextmanager
def finely_drawn() -> Iterator[None]:
    """While it lasts, pyogrio's GDAL draws arcs with the step of this module."""
    pyogrio = packages.load("pyogrio")

    before = pyogrio.get_gdal_config_option("OGR_ARC_STEPSIZE")
    pyogrio.set_gdal_config_options({"OGR_ARC_STEPSIZE": STEP_DEGREES})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_ARC_STEPSIZE": before})


def shapes_of(wkb: Sequence[bytes | None], path: str) -> NDArray[np.object_]:
    """A shape for each WKB, None where there is none or it is damaged.

    :raises WeipianError: ``intake.arcs_unreadable`` for arcs that are left (inside of a collection).
    """
    if not len(wkb):
        return np.zeros(0, dtype=object)
    try:
        shapes: NDArray[np.object_] = shapely.from_wkb(np.array(wkb, dtype=object), on_invalid="fix")
        inner = shapes
        while len(
            inner := inner[shapely.get_type_id(inner) == _COLLECTION]
        ):  # arcs in there are only found when it is taken apart
            inner = shapely.get_parts(inner)
    except NotImplementedError as error:
        raise WeipianError("intake.arcs_unreadable", path=path) from error
    return shapes


def drawn(connection: sqlite3.Connection, path: str, table: str, keys: Sequence[int]) -> dict[int, bytes]:
    """WKB without arcs of the features with these keys of a table of the GeoPackage ``path``, by key; read from a copy of the whole file, because
    closing the file itself would drop QGIS's locks on it.

    :raises WeipianError: ``intake.source_unreadable``.
    """
    pyogrio = packages.load("pyogrio")

    with tempfile.TemporaryDirectory(prefix="weipian-") as folder:
        copy = Path(folder) / "arcs.gpkg"
        with closing(sqlite3.connect(copy)) as target:
            connection.backup(target)
        try:
            with finely_drawn():
                _, result, shapes, _ = pyogrio.raw.read(
                    copy, layer=table, columns=[], fids=np.array(keys, dtype=np.int64), return_fids=True, force_2d=True
                )
        except (
            pyogrio.errors.DataSourceError,
            pyogrio.errors.DataLayerError,
            pyogrio.errors.FeatureError,
            ValueError,
        ) as error:
            raise WeipianError("intake.source_unreadable", path=path, reason=error) from error
    return dict(zip(result.tolist(), shapes.tolist()))
