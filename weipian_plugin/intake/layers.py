"""Layers of the catalogue as GeoDataFrames: right encoding, right system, only what the parcels touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray

from ..formats.crs import CrsDecision, decide_crs, is_near_cgcs2000, to_stored
from ..formats.readers import Boxes, VectorTable, fingerprint
from ..formats.systems import from_lon_lat
from ..formats.vector import open_table
from ..geodesy.extents import Extent
from ..model.feedback import Feedback, Silent, stop_if_cancelled
from ..model.messages import Message
from ..model.records import STORED_CRS, LayerSource

_MARGIN = 1e-9


@dataclass(frozen=True)
class LayerDescription:
    """What a layer is before it is read. ``crs`` is text, ``bounds`` are in that system (easting or longitude first)."""

    columns: tuple[str, ...]
    crs: str
    encoding: str
    count: int
    bounds: tuple[float, float, float, float] | None
    driver: str
    sha256: str
    notes: tuple[Message, ...] = ()


def describe(source: LayerSource, expected: Extent | None = None) -> LayerDescription:
    """Describe a layer without reading its features.

    ``expected`` is where the layer should lie (the county); it decides where the file declares no system.
    Raises WeipianError (``intake.*``) for whatever keeps the layer from being read.
    """
    reader = open_table(source.source, source.layer, source.encoding)
    decision = _decide(reader, source, expected)
    bounds = reader.bounds()
    if bounds is not None and decision.swapped:
        bounds = (bounds[1], bounds[0], bounds[3], bounds[2])
    return LayerDescription(
        reader.columns,
        decision.name,
        reader.encoding,
        reader.count,
        bounds,
        reader.driver,
        fingerprint(source.source),
        (*reader.notes, decision.reason),
    )


def read_layer(
    source: LayerSource,
    columns: Sequence[str] | None = None,
    bounds: object | None = None,
    feedback: Feedback | None = None,
) -> geopandas.GeoDataFrame:
    """The features of a layer in the layer's own system (easting or longitude first), indexed by feature number.

    A layer in a system of its own comes in EPSG:4490; so does one on an old datum, moved by the ``towgs84`` of the
    catalogue's ``crs`` (a PROJ text); without parameters it raises ``intake.datum_shift_unknown``.

    ``columns``: source columns to read (all by default). ``bounds``: west, south, east, north in EPSG:4490 degrees, or
    an array of such boxes of shape (n, 4); only features whose box meets one of them are read. Missing geometry stays None.
    Raises WeipianError (``intake.*``).
    """
    log = feedback or Silent()
    stop_if_cancelled(log)
    reader = open_table(source.source, source.layer, source.encoding, log.cancelled)
    boxes = None if bounds is None else np.asarray(bounds, dtype=np.float64).reshape(-1, 4)
    decision = _decide(reader, source, _extent_of(boxes))
    if not decision.certain:
        log.report(decision.reason, "warning")
    requested = list(reader.columns) if columns is None else [name for name in columns if name in reader.columns]
    own = None if boxes is None else boxes_in(boxes, decision)
    table, shapes = reader.read(requested, own)
    stop_if_cancelled(log)
    if decision.swapped:
        shapes = shapely.transform(shapes, lambda xy: xy[:, ::-1])
    crs = decision.crs
    if not decision.code or not is_near_cgcs2000(crs):
        # Nobody after this may move an old datum without its parameters, or a system of its own by its name: done here or refused.
        shapes, crs = to_stored(shapes, crs), STORED_CRS
    log.progress(1.0)
    return geopandas.GeoDataFrame(table, geometry=np.asarray(shapes, dtype=object), crs=crs)


def county_outline(sources: Sequence[LayerSource], feedback: Feedback | None = None) -> Any | None:
    """The county's outline (EPSG:4490) as the union of the catalogue's ``villages``; None where there is no such layer.

    Goes into ``IntakeOptions.county``: parcels outside of it are flagged.
    """
    villages = [source for source in sources if source.role == "villages"]
    shapes = [read_layer(source, (), feedback=feedback).to_crs(STORED_CRS).geometry for source in villages]
    parts = [shape for layer in shapes for shape in shapely.make_valid(np.asarray(layer.dropna(), dtype=object))]
    return shapely.union_all(parts) if parts else None


def _decide(reader: VectorTable, source: LayerSource, expected: Extent | None) -> CrsDecision:
    return decide_crs(reader.crs, reader.centres(), expected, source.crs)


def _extent_of(boxes: Boxes | None) -> Extent | None:
    """Where a layer must lie to be of use to these parcels: around them, with room for a whole prefecture."""
    if boxes is None or not len(boxes):
        return None
    west, south = boxes[:, :2].min(axis=0) - 2.0
    east, north = boxes[:, 2:].max(axis=0) + 2.0
    return Extent((float(west), float(south), float(east), float(north)), "图斑周边", "given")


def boxes_in(boxes: Boxes, decision: CrsDecision) -> NDArray[np.float64]:
    """Boxes of EPSG:4490 as boxes of the layer's own coordinates, never smaller than the area they stand for.

    The sides of a box are curves in another system: five points on each side are moved and the box around them is
    widened by a thousandth.
    """
    steps = np.linspace(0.0, 1.0, 5)
    west, south, east, north = boxes.T
    across = west[:, None] + (east - west)[:, None] * steps
    up = south[:, None] + (north - south)[:, None] * steps
    x = np.concatenate([across, across, np.repeat(west[:, None], 5, 1), np.repeat(east[:, None], 5, 1)], axis=1)
    y = np.concatenate([np.repeat(south[:, None], 5, 1), np.repeat(north[:, None], 5, 1), up, up], axis=1)
    if decision.crs.is_geographic and is_near_cgcs2000(decision.crs):
        first, second = x, y
    else:
        first, second = (np.asarray(one).reshape(x.shape) for one in from_lon_lat(x.ravel(), y.ravel(), decision.crs))
    if decision.swapped:
        first, second = second, first
    own = np.column_stack([first.min(axis=1), second.min(axis=1), first.max(axis=1), second.max(axis=1)])
    # An old datum lies up to some hundred metres off, which the move of the box does not know.
    room = _MARGIN if is_near_cgcs2000(decision.crs) else (0.005 if decision.crs.is_geographic else 500.0)
    margin = (own[:, 2:] - own[:, :2]) * 1e-3 + room
    return np.column_stack([own[:, :2] - margin, own[:, 2:] + margin])
