"""Opening the layers of a catalogue for the overlay: from the kept index where there is one, else from the source."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import geopandas
import numpy as np
import shapely

from ..formats.catalogue import resolve_fields, roles
from ..formats.crs import CrsDecision, crs_text, decide_crs, is_near_cgcs2000, parse_crs
from ..formats.readers import ShapefileReader, fingerprint, sample_centres
from ..formats.systems import parameters_of
from ..formats.vector import open_table
from ..geodesy.extents import Extent
from ..model.causes import cause_of
from ..model.errors import WeipianError
from ..model.feedback import Feedback, stop_if_cancelled
from ..model.messages import Message
from ..model.records import STORED_CRS, LayerSource, Rejection, SourceFile
from ..model.vocabulary import legal_bases, role_title
from . import cache
from .boxes import block_boxes, morton_order
from .documents import more_columns
from .frames import OTHER, Frame
from .learnt import Learnt
from .stores import (
    AREAL,
    COLLECTION,
    Floats,
    Geometries,
    Integers,
    PackedContent,
    ShapefileContent,
    Store,
    kinds_text,
    pack,
)

#: Field keys the overlay reads, whatever else a layer has.
_WANTED = (
    "document", "date", "until", "authority", "project", "use", "unit", "class", "ridge", "village_attribute", "year",
    "number", "name", "status", "kind", "area",
)  # fmt: skip
#: Features without shape that are named one by one.
_NAMED = 5


@dataclass(frozen=True)
class Opened:
    """A store with the SHA-256 of its source, known or still being computed, and whether it came from the cache."""

    store: Store
    sha256: Future[str]
    stamp: Optional[cache.Stamp]
    kept: bool
    unchecked: int  # features not yet tested for validity when it was opened

    def source_file(self) -> SourceFile:
        return SourceFile(self.store.source.role, Path(self.store.source.source), self.sha256.result())


def vector_layers(layers: Sequence[LayerSource]) -> tuple[LayerSource, ...]:
    """The layers that can be measured against: all but imagery."""
    return tuple(layer for layer in layers if not (layer.role in roles() and roles()[layer.role].raster))


def open_layers(
    layers: Sequence[LayerSource],
    folder: Optional[Path],
    expected: Optional[Extent],
    pool: ThreadPoolExecutor,
    feedback: Feedback,
) -> list[Opened]:
    """Open every vector layer; hashing goes on in ``pool`` while the overlay works.

    Raises WeipianError (``intake.*``) for a layer that cannot be read at all.
    """
    opened = []
    for layer in vector_layers(layers):
        stop_if_cancelled(feedback)
        found = cache.load(folder, layer) if folder else None
        if found:
            known: Future[str] = Future()
            known.set_result(found[1])
            store = found[0]
            _must_have_its_place(store)
            opened.append(Opened(store, known, None, True, int((store.checked == 0).sum())))
            continue
        stamp = cache.Stamp.of(layer.source)
        hashing = pool.submit(fingerprint, layer.source)
        store = read_store(layer, expected, feedback)
        _must_have_area(store)  # an index is kept of what passed, and by role
        _must_have_its_place(store)
        opened.append(Opened(store, hashing, stamp, False, store.count))
    return opened


def _must_have_area(store: Store) -> None:
    """A redline delivered as a line would otherwise measure 0 m², as if the parcels kept clear of it."""
    kinds = store.content.kinds()
    if not store.areal or not len(kinds) or np.isin(kinds, (*AREAL, COLLECTION)).any():
        return
    role = store.source.role
    raise WeipianError(
        "overlay.layer_not_polygons",
        layer=store.title,
        source=store.source.source,
        kind=kinds_text(kinds.tolist()),
        role=role_title(role),
    )


def _must_have_its_place(store: Store) -> None:
    """A layer of an old datum (Beijing 1954, Xian 1980) without parameters lies up to some hundred metres off: told once for the layer,
    not for every parcel that it would have been measured against."""
    if store.frame.kind != OTHER:
        return
    crs = parse_crs(store.frame.crs)
    if is_near_cgcs2000(crs):
        return
    try:
        parameters_of(crs)
    except WeipianError as error:
        code = crs_text(crs)
        system = f"{crs.name}（{code}）" if code.startswith("EPSG") else code
        raise WeipianError(
            "overlay.layer_old_datum", layer=store.title, source=store.source.source, crs=system
        ) from error


def remarks(store: Store) -> list[Rejection]:
    """What is to be said of a layer before anything is measured: that it is empty, and which features have no shape."""
    found = []
    if not store.count:
        found.append(Message("overlay.layer_empty", {"layer": store.title, "source": store.source.source}))
    if len(store.shapeless):
        first = "、".join(f"#{number + 1}" for number in store.shapeless[:_NAMED].tolist())
        more = "…" if len(store.shapeless) > _NAMED else ""
        details = {"layer": store.title, "count": len(store.shapeless), "features": first + more}
        found.append(Message("overlay.features_without_shape", details))
    return [Rejection(store.source.source, "", message) for message in found]


def keep(opened: Sequence[Opened], folder: Optional[Path], feedback: Feedback) -> None:
    """Write new indexes and what was learnt into the cache; a cache that cannot be written is told, not raised."""
    if folder is None:
        return
    try:
        for entry in opened:
            if not entry.kept and entry.stamp is not None:
                # A source that changed while it was read is not kept.
                if cache.Stamp.of(entry.store.source.source) == entry.stamp:
                    cache.save(folder, entry.store, entry.stamp, entry.sha256.result())
            elif entry.kept and (int((entry.store.checked == 0).sum()) < entry.unchecked or entry.store.learnt.grown):
                with suppress(ValueError, KeyError):
                    cache.save_learnt(folder, entry.store)
    except OSError as error:
        feedback.report(
            Message("overlay.cache_unwritable", {"path": str(folder), "reason": cause_of(error)}), "warning"
        )


def read_store(layer: LayerSource, expected: Optional[Extent], feedback: Feedback) -> Store:
    """Read a source and order it; geometry of a shapefile stays in its file."""
    if layer.source.lower().endswith(".parquet"):
        return _of_parquet(layer)
    reader = open_table(layer.source, layer.layer, layer.encoding, feedback.cancelled)
    in_place = isinstance(reader, ShapefileReader)
    own = reader.files.shapes.bounds() if isinstance(reader, ShapefileReader) else np.zeros((0, 4))
    decision = decide_crs(reader.crs, sample_centres(own) if in_place else reader.centres(), expected, layer.crs)
    if not decision.certain:
        feedback.report(decision.reason, "warning")
    fields = _fields(layer, reader.columns)
    frame = Frame.of(decision)
    if isinstance(reader, ShapefileReader):
        return _in_place(layer, reader, frame, fields, own)
    table, geometries = reader.read(list(dict.fromkeys(fields.values())), None)
    return _packed(layer, frame, np.asarray(geometries, object), table, fields)


def _fields(layer: LayerSource, columns: Sequence[str]) -> dict[str, str]:
    """Key → column of what is read: of a legal ground also every column that may tell the force of a document."""
    named = {key: column for key, column in resolve_fields(layer, columns).items() if key in _WANTED}
    if layer.role not in legal_bases().legal:
        return {key: column for key, column in named.items() if key not in ("status", "area")}
    return more_columns(named, list(columns), roles()[layer.role].fields)


def _of_parquet(layer: LayerSource) -> Store:
    """A GeoParquet file: it states its system itself (degrees of WGS 84 where it says nothing, as its standard has it)."""
    table = geopandas.read_parquet(layer.source)
    crs = parse_crs(layer.crs) if layer.crs else table.crs or parse_crs(STORED_CRS)
    decision = CrsDecision(crs, False, True, Message("intake.crs_declared", {"crs": str(crs), "extent": ""}))
    columns = [column for column in table.columns if column != table.geometry.name]
    fields = _fields(layer, columns)
    return _packed(layer, Frame.of(decision), np.asarray(table.geometry.array, object), table, fields)


def _packed(layer: LayerSource, frame: Frame, geometries: Geometries, table: Any, fields: dict[str, str]) -> Store:
    boxes = np.asarray(shapely.bounds(geometries), np.float64).reshape(-1, 4)
    placed = np.isfinite(boxes).all(axis=1)
    alive = np.flatnonzero(placed)
    order = alive[morton_order(boxes[alive])]
    content: PackedContent = pack(
        geometries[order],
        {key: table[column].to_numpy(object)[order] for key, column in fields.items()},
    )
    return _store(layer, frame, boxes[order], order, content, np.flatnonzero(~placed))


def _in_place(
    layer: LayerSource, reader: ShapefileReader, frame: Frame, fields: dict[str, str], boxes: Floats
) -> Store:
    files = reader.files
    placed, deleted = np.isfinite(boxes).all(axis=1), files.table.deleted()
    alive = np.flatnonzero(placed & ~deleted)
    order = alive[morton_order(boxes[alive])]
    content = ShapefileContent(
        files.shapes,
        files.table,
        files.encoding.encoding,
        {key: files.field(column) for key, column in fields.items()},
        order,
    )
    return _store(layer, frame, boxes[order], order, content, np.flatnonzero(~placed & ~deleted))


def _store(
    layer: LayerSource,
    frame: Frame,
    boxes: Floats,
    order: Integers,
    content: ShapefileContent | PackedContent,
    shapeless: Any,
) -> Store:
    return Store(
        layer,
        frame,
        boxes,
        block_boxes(boxes),
        order.astype(np.int64),
        content,
        frozenset(content.keys),
        np.zeros(len(boxes), np.uint8),
        shapeless.astype(np.int64),
        Learnt(len(boxes)),
    )
