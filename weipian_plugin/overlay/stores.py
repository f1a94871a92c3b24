"""A layer as the overlay uses it: boxes in an order that keeps neighbours together, geometry and texts of wanted features only.

A shapefile is read in place, record by record; every other source is held as a packed copy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Optional, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ..formats import dbf, shapefile
from ..formats.catalogue import roles
from ..formats.shapefile import Move
from ..model.cells import cell_text, clean_text
from ..model.records import LayerSource
from .documents import Documents, read_documents
from .frames import Frame
from .learnt import Learnt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]
Texts = Callable[[str], Geometries]

UNCHECKED, VALID, INVALID = 0, 1, 2
_DOCUMENTS = "=documents"  # no key of a field begins so
AREAL, COLLECTION = (3, 6), 7  # shapely's numbers of what has an area, and of what may have one
_KIND_OF_FAMILY = {shapefile.POINT: 0, shapefile.LINE: 1, shapefile.POLYGON: 3, shapefile.MULTIPOINT: 4}
_KIND_WORDS = {
    0: "点 (Point)",
    1: "线 (LineString)",
    4: "点 (MultiPoint)",
    5: "线 (MultiLineString)",
    7: "集合 (GeometryCollection)",
}
_KIND_OF_WKB = np.array([-1, 0, 1, 3, 4, 5, 6, 7])  # shapely numbers linear rings as well, as 2


class Content(Protocol):
    """Geometry and texts by position in the store's order."""

    def geometries(self, positions: Integers, move: Optional[Move] = None) -> Geometries:
        """Shapes in the layer's own coordinates, or where ``move`` puts their vertices (n, 2); None where there is none."""

    def texts(self, positions: Integers) -> Texts:
        """Values of a field key as text, "" where blank, for these positions."""

    def kinds(self) -> Integers:
        """The kinds of shapes there are, as shapely numbers them."""


@dataclass(frozen=True)
class Store:
    """``boxes`` (n, 4) in the layer's coordinates in Morton order, ``blocks`` around each 64 of them, ``features`` the
    number of each feature in the source (from 0), ``checked`` what is known of each one's validity (changed in place),
    ``shapeless`` the numbers of those that have no shape or one that cannot be read, ``learnt`` the texts read so far (grows)."""

    source: LayerSource
    frame: Frame
    boxes: Floats
    blocks: Floats
    features: Integers
    content: Content
    keys: frozenset[str]
    checked: npt.NDArray[np.uint8] = field(compare=False)
    shapeless: Integers
    learnt: Learnt = field(compare=False)
    repeated: dict[str, npt.NDArray[np.bool_]] = field(default_factory=dict, compare=False)

    @property
    def count(self) -> int:
        return len(self.boxes)

    @property
    def title(self) -> str:
        """What the layer is called in a sentence."""
        return self.source.title or self.source.role

    @property
    def areal(self) -> bool:
        """Whether its role is measured by area: all are whose entry does not say ``lines``."""
        return not (self.source.role in roles() and roles()[self.source.role].lines)

    def shared(self, key: str) -> npt.NDArray[np.bool_]:
        """Of every feature whether another one of the layer has the same value under ``key``; read once, when it is first asked."""
        if key not in self.repeated:
            values = self.texts(np.arange(self.count))(key)
            self.repeated[key] = pd.Series(values).duplicated(keep=False).to_numpy() & (values != "")
        return self.repeated[key]

    def texts(self, positions: Integers) -> Texts:
        """Values by field key as text, "" where blank or absent, for these positions."""
        read: dict[str, Geometries] = {}  # groups, documents and doubts ask for the same columns

        def text(key: str) -> Geometries:
            if key not in read:
                read[key] = self._column(key, positions) if key in self.keys else np.full(len(positions), "", object)
            return read[key]

        return text

    def _column(self, key: str, positions: Integers) -> Geometries:
        codes, values = self.learnt.column(key).of(positions, lambda unread: self.content.texts(unread)(key))
        found: Geometries = np.array(values, object)[codes]
        return found

    def documents(self, positions: Integers) -> Documents:
        """The documents of these features, in words and days (see :func:`.documents.read_documents`)."""

        def read(unread: Integers) -> Geometries:
            return read_documents(self.texts(unread), self.keys, self.source.role).rows()

        codes, values = self.learnt.column(_DOCUMENTS).of(positions, read)
        return Documents.of_rows(values, codes)


@dataclass(frozen=True)
class ShapefileContent:
    """Records of a shapefile read in place through memory maps."""

    shapes: shapefile.Shapefile
    table: dbf.DbfTable
    encoding: str
    fields: Mapping[str, dbf.DbfField]
    features: Integers

    @property
    def keys(self) -> Iterable[str]:
        """Field keys it can give texts of."""
        return self.fields

    def geometries(self, positions: Integers, move: Optional[Move] = None) -> Geometries:
        return shapefile.read_shapes(self.shapes, self.features[positions], move=move).geometries

    def kinds(self) -> Integers:
        kind = _KIND_OF_FAMILY.get(self.shapes.family)
        return np.array([] if kind is None or not len(self.features) else [kind], np.int64)

    def texts(self, positions: Integers) -> Texts:
        table = replace(self.table, held=self.table.records)  # mapped once for all keys
        rows = self.features[positions]

        def text(key: str) -> Geometries:
            cells = table.cells(self.fields[key], rows)
            codes, distinct = pd.factorize(cells)
            values, _ = dbf.texts(np.asarray(distinct, cells.dtype), self.encoding)
            return np.array([clean_text(value) for value in values] + [""], object)[codes]

        return text


@dataclass(frozen=True)
class PackedContent:
    """A copy: WKB one behind the other, and each column as codes into its distinct values."""

    wkb: npt.NDArray[np.uint8]
    offsets: Integers
    columns: Mapping[str, tuple[npt.NDArray[np.int32], Geometries]]

    @property
    def keys(self) -> Iterable[str]:
        """Field keys it can give texts of."""
        return self.columns

    def geometries(self, positions: Integers, move: Optional[Move] = None) -> Geometries:
        view = memoryview(self.wkb.data)
        begin, end = self.offsets[positions].tolist(), self.offsets[positions + 1].tolist()
        found: Geometries = shapely.from_wkb([bytes(view[a:b]) if b > a else None for a, b in zip(begin, end)])
        return shapely.transform(found, move) if move else found

    def kinds(self) -> Integers:
        begin = self.offsets[:-1][np.diff(self.offsets) > 0]
        kinds = np.unique(self.wkb[begin + 1]).astype(
            np.int64
        )  # the low byte of the type: little end first, two dimensions
        found: Integers = _KIND_OF_WKB[kinds]
        return found

    def texts(self, positions: Integers) -> Texts:
        def text(key: str) -> Geometries:
            codes, values = self.columns[key]
            found: Geometries = values[codes[positions]]
            return found

        return text


def pack(geometries: Geometries, columns: Mapping[str, Any]) -> PackedContent:
    """A packed copy of geometry and of columns of any kind (by field key)."""
    blobs = [blob or b"" for blob in shapely.to_wkb(geometries, output_dimension=2, byte_order=1).tolist()]
    offsets = np.concatenate([[0], np.cumsum([len(blob) for blob in blobs])]).astype(np.int64)
    coded = {}
    for key, values in columns.items():
        codes, distinct = pd.factorize(np.array([as_text(value) for value in values], object))
        coded[key] = (codes.astype(np.int32), np.asarray(distinct, object))
    return PackedContent(np.frombuffer(b"".join(blobs) or b"\0", np.uint8), offsets, coded)


def as_text(value: object) -> str:
    """Text of a value: whole numbers without a decimal point, dates as ISO days (of China), nothing for blanks."""
    text = cell_text(value)
    return text[:10] if hasattr(value, "isoformat") else text


def numbers(texts: Geometries, missing: Optional[float] = None) -> Floats:
    """Texts as numbers; what is not a number is ``missing`` (NaN by default)."""
    codes, distinct = pd.factorize(texts)
    parsed = pd.to_numeric(pd.Series(distinct, dtype=object), errors="coerce").to_numpy(np.float64)
    values = np.append(parsed, np.nan)[codes]
    return values if missing is None else np.where(np.isfinite(values), values, missing)


def kinds_text(kinds: list[int]) -> str:
    """Kinds of shapes as words (shapely's numbers)."""
    return "、".join(_KIND_WORDS.get(kind, "?") for kind in kinds)
