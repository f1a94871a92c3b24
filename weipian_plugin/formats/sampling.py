"""The first features of a source: enough to see what it is, whatever its size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ..model.errors import WeipianError
from . import geopackage, postgis, shapefile
from .readers import GeoPackageReader, OgrReader, PostgisReader, ShapefileReader, VectorTable

#: Kinds of features by the type number of shapely; collections count by what is in them.
_KINDS = {0: "point", 1: "line", 2: "line", 3: "polygon", 4: "point", 5: "line", 6: "polygon", 7: "polygon"}


@dataclass(frozen=True)
class Sample:
    """Attributes of the first features, as read, and what their shapes are: ``polygon``, ``line``, ``point``, ``none``."""

    rows: pd.DataFrame
    kind: str


def sample(reader: VectorTable, most: int) -> Sample:
    """The first ``most`` features of an opened source. Raises WeipianError (``intake.*``) for what cannot be read."""
    if isinstance(reader, ShapefileReader):
        alive = np.flatnonzero(~reader.files.table.deleted())[:most]
        kind = {shapefile.POLYGON: "polygon", shapefile.NULL: "none"}.get(reader.files.shapes.family)
        return Sample(reader.files.frame(reader.columns, alive), kind or _kind(_shapes(reader, alive)))
    if isinstance(reader, GeoPackageReader):
        rows, shapes, _ = geopackage.read(reader.path, reader.layer.name, reader.columns, most=most)
    elif isinstance(reader, PostgisReader):
        rows, shapes = postgis.read(reader.table, reader.columns, None, most)
    elif isinstance(reader, OgrReader):
        rows, shapes = _foreign(reader, most)
    else:
        rows, shapes = reader.read(reader.columns, None)
        rows, shapes = rows.iloc[:most], shapes[:most]
    return Sample(rows, _kind(shapes))


def _shapes(reader: ShapefileReader, rows: NDArray[np.intp]) -> NDArray[np.object_]:
    return shapefile.read_shapes(reader.files.shapes, rows).geometries


def _foreign(reader: OgrReader, most: int) -> tuple[pd.DataFrame, NDArray[np.object_]]:
    import pyogrio

    try:
        _, keys, shapes, values = pyogrio.raw.read(
            reader.source, layer=reader.layer, max_features=most, encoding=reader.chosen_encoding, return_fids=True,
            force_2d=True, datetime_as_string=True,
        )  # fmt: skip
    except (pyogrio.errors.DataSourceError, ValueError, RuntimeError, UnicodeError) as error:
        raise WeipianError("intake.source_unreadable", path=reader.source, reason=error) from error
    rows = pd.DataFrame(dict(zip(reader.columns, values)), index=keys, columns=list(reader.columns))
    return rows, np.asarray([] if shapes is None else shapely.from_wkb(shapes, on_invalid="ignore"), dtype=object)


def _kind(shapes: object) -> str:
    types = shapely.get_type_id(np.asarray(shapes, dtype=object))
    known = [_KINDS[number] for number in types.tolist() if number in _KINDS]
    return max(sorted(set(known)), key=known.count) if known else "none"
