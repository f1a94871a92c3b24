"""Geometry of a shapefile, read by itself through a memory map: boxes of all records at once, shapes of wanted ones only.

Every record is checked against the index and the size of the file before it is believed (GDAL gives null geometries
or foreign records instead). Source of the layout: Esri, *ESRI Shapefile Technical Description*, July 1998.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ..model.errors import WeipianError
from ..model.messages import Message
from .dbf import mapped

Geometries = NDArray[np.object_]
Move = Callable[[NDArray[np.float64]], NDArray[np.float64]]

NULL, POINT, LINE, POLYGON, MULTIPOINT = 0, 1, 3, 5, 8
_FAMILY = {
    0: NULL, 1: POINT, 11: POINT, 21: POINT, 3: LINE, 13: LINE, 23: LINE, 5: POLYGON, 15: POLYGON, 25: POLYGON,
    8: MULTIPOINT, 18: MULTIPOINT, 28: MULTIPOINT,
}  # fmt: skip
FAMILY_NAMES = {
    NULL: "Null",
    POINT: "点 Point",
    LINE: "线 LineString",
    POLYGON: "面 Polygon",
    MULTIPOINT: "点 MultiPoint",
}
_HEADER = 100
_CHUNK = 4_000
_BOXES_AT_ONCE = 50_000
_FARTHEST = 1e9


@dataclass(frozen=True)
class Shapefile:
    """An opened ``.shp``: ``offsets``/``lengths`` of record contents in bytes, ``kinds`` the shape type of each record.

    The file is mapped for as long as each call takes: it does not stay open, and what was read leaves the memory again.
    ``damaged`` gives the reason for each record that cannot be read; ``notes`` what was found about the file.
    """

    path: Path
    offsets: NDArray[np.int64]
    lengths: NDArray[np.int64]
    kinds: NDArray[np.int32]
    family: int
    damaged: dict[int, Message]
    notes: tuple[Message, ...] = ()

    @property
    def count(self) -> int:
        return len(self.offsets)

    def bounds(self) -> NDArray[np.float64]:
        """Boxes (x0, y0, x1, y1) of all records in the file's own coordinates, shape (count, 4); NaN where there is none."""
        boxes = np.full((self.count, 4), np.nan)
        rows = np.flatnonzero(self._readable())
        width = 16 if self.family == POINT else 32
        for start in range(0, len(rows), _BOXES_AT_ONCE):
            some = rows[start : start + _BOXES_AT_ONCE]
            index = self.offsets[some][:, None] + np.arange(4, 4 + width)
            values = mapped(self.path)[index].view("<f8").reshape(len(some), width // 8)
            boxes[some] = np.tile(values, 2) if self.family == POINT else values
        return boxes

    def _readable(self) -> NDArray[np.bool_]:
        readable: NDArray[np.bool_] = self.kinds != NULL
        if self.damaged:
            readable[list(self.damaged)] = False
        return readable


def find_part(path: Path, suffix: str) -> Path | None:
    """The sibling file with ``suffix`` in any letter case, also ``name.shp.cpg`` style names are not taken."""
    for candidate in (path.with_suffix(suffix), path.with_suffix(suffix.upper())):
        if candidate.is_file():
            return candidate
    if not path.parent.is_dir():
        return None
    requested = (path.stem + suffix).lower()
    return next((other for other in path.parent.iterdir() if other.name.lower() == requested and other.is_file()), None)


def family_of(path: Path) -> int:
    """What kind of shapes the header promises. Raises ``intake.shp_header`` and ``intake.shp_kind``.

    Raises ``intake.file_unreadable``.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(_HEADER)
    except OSError as error:
        raise WeipianError("intake.file_unreadable", path=str(path), reason=error) from error
    return _FAMILY[_kind_of(head, path, size)]


def _kind_of(head: bytes, path: Path, size: int) -> int:
    if len(head) < _HEADER or int.from_bytes(head[0:4], "big") != 9994:
        raise WeipianError("intake.shp_header", path=str(path), size=size)
    kind = int.from_bytes(head[32:36], "little")
    if kind not in _FAMILY:
        raise WeipianError("intake.shp_kind", path=str(path), kind=kind)
    return kind


def open_shapefile(path: Path) -> Shapefile:
    """Open a ``.shp`` and believe it only as far as header, index and size agree.

    Raises ``intake.shp_header`` (not a shapefile), ``intake.shp_cut`` (shorter than it says, with the number of
    readable records), ``intake.shx_contradicts`` and ``intake.shp_kind`` (a kind that is not read here).
    """
    size = path.stat().st_size
    if size < _HEADER:
        raise WeipianError("intake.shp_header", path=str(path), size=size)
    content = mapped(path)
    head = content[:_HEADER].tobytes()
    declared = int.from_bytes(head[24:28], "big") * 2
    kind = _kind_of(head, path, size)
    notes = []
    index = find_part(path, ".shx")
    if index is None:
        offsets, lengths = _walk(content, path, declared)
        notes.append(Message("intake.shx_missing", {"path": path.name, "count": len(offsets)}))
    else:
        offsets, lengths = _index(index, path)
    ends = offsets + lengths
    fits = (offsets >= _HEADER + 8) & (lengths >= 4) & (ends <= size)
    if size < declared or (len(offsets) and ends.max() > size):
        raise WeipianError("intake.shp_cut", path=str(path), readable=int(fits.sum()), expected=len(offsets))
    if not fits.all():
        raise WeipianError("intake.shx_contradicts", path=str(path), feature=int(np.flatnonzero(~fits)[0]) + 1)
    kinds = _integers(content, offsets, "<i4")
    damaged = _check_records(content, offsets, lengths, kinds, kind)
    if size > declared:
        notes.append(Message("intake.shp_longer", {"path": path.name, "extra": size - declared}))
    return Shapefile(path, offsets, lengths, kinds, _FAMILY[kind], damaged, tuple(notes))


def _index(index: Path, path: Path) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    raw = index.read_bytes()
    if len(raw) < _HEADER or int.from_bytes(raw[0:4], "big") != 9994:
        raise WeipianError("intake.shx_contradicts", path=str(path), feature=0)
    declared = int.from_bytes(raw[24:28], "big") * 2
    if len(raw) < declared or (len(raw) - _HEADER) % 8:
        raise WeipianError(
            "intake.shx_cut",
            path=str(path),
            readable=(len(raw) - _HEADER) // 8,
            expected=max(0, declared - _HEADER) // 8,
        )
    entries = np.frombuffer(raw, dtype=">i4", offset=_HEADER).reshape(-1, 2).astype(np.int64)
    return entries[:, 0] * 2 + 8, entries[:, 1] * 2


def _walk(content: NDArray[np.uint8], path: Path, declared: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Record positions without an index: the chain of record headers, believed only if it is unbroken to the end."""
    view, size = memoryview(content.data), len(content)
    offsets: list[int] = []
    lengths: list[int] = []
    position = _HEADER
    while position + 8 <= min(declared, size):
        number = int.from_bytes(view[position : position + 4], "big")
        length = int.from_bytes(view[position + 4 : position + 8], "big", signed=True) * 2
        if number != len(offsets) + 1 or length < 4 or position + 8 + length > size:
            raise WeipianError("intake.shp_cut", path=str(path), readable=len(offsets), expected="?")
        offsets.append(position + 8)
        lengths.append(length)
        position += 8 + length
    return np.array(offsets, dtype=np.int64), np.array(lengths, dtype=np.int64)


def _integers(content: NDArray[np.uint8], positions: NDArray[np.int64], kind: str) -> NDArray[np.int32]:
    if not len(positions):
        return np.zeros(0, dtype=np.int32)
    return content[positions[:, None] + np.arange(4)].view(kind).ravel().astype(np.int32)


def _check_records(
    content: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    lengths: NDArray[np.int64],
    kinds: NDArray[np.int32],
    kind: int,
) -> dict[int, Message]:
    """Why records cannot be read: a foreign shape type, or counts that do not fit into their length."""
    damaged: dict[int, Message] = {}
    for row in np.flatnonzero((kinds != NULL) & (kinds != kind)):
        damaged[int(row)] = Message("intake.record_kind", {"kind": int(kinds[row]), "expected": kind})
    family = _FAMILY[kind]
    least = {POINT: 20, MULTIPOINT: 40}.get(family, 44)
    alive = (kinds == kind) & (lengths >= least)
    for row in np.flatnonzero((kinds == kind) & (lengths < least)):
        damaged[int(row)] = Message("intake.record_damaged", {})
    if family in (LINE, POLYGON):
        rows = np.flatnonzero(alive)
        parts = _integers(content, offsets[rows] + 36, "<i4").astype(np.int64)
        points = _integers(content, offsets[rows] + 40, "<i4").astype(np.int64)
        wrong = (parts < 1) | (points < 1) | (44 + 4 * parts + 16 * points > lengths[rows])
        empty = (parts == 0) & (points == 0)
        for row, none in zip(rows[wrong], empty[wrong]):
            damaged[int(row)] = Message("intake.geometry_empty" if none else "intake.record_damaged", {})
    if family == MULTIPOINT:
        rows = np.flatnonzero(alive)
        points = _integers(content, offsets[rows] + 36, "<i4").astype(np.int64)
        for row in rows[(points < 1) | (40 + 16 * points > lengths[rows])]:
            damaged[int(row)] = Message("intake.record_damaged", {})
    return damaged


@dataclass(frozen=True)
class Shapes:
    """Geometries of the asked rows (None where there is none), why some are missing, which have a ring that was not closed, and which
    have lost a ring that encloses nothing."""

    geometries: Geometries
    problems: dict[int, Message]
    unclosed: NDArray[np.bool_]
    dropped: NDArray[np.bool_]


def read_shapes(
    source: Shapefile, rows: NDArray[np.intp] | None = None, multi: bool = False, move: Move | None = None
) -> Shapes:
    """Shapes of ``rows`` (all by default) in the file's own coordinates; positions in the result follow ``rows``.

    ``multi`` makes every polygon a MultiPolygon at once, which saves a second copy of all shapes later; ``move`` takes
    vertices (n, 2) to where they are wanted, which must keep the sense of rings: quicker before the shapes are built.
    """
    requested = np.arange(source.count) if rows is None else np.asarray(rows)
    made = Shapes(
        np.empty(len(requested), dtype=object),
        {},
        np.zeros(len(requested), dtype=bool),
        np.zeros(len(requested), dtype=bool),
    )
    geometries, problems = made.geometries, made.problems
    for position in np.flatnonzero(~source._readable()[requested]):
        row = int(requested[position])
        problems[int(position)] = source.damaged.get(row, Message("intake.geometry_missing", {}))
    alive = np.flatnonzero(source._readable()[requested])
    for start in range(0, len(alive), _CHUNK):
        some = alive[start : start + _CHUNK]
        if source.family == POLYGON:
            _polygons(source, requested[some], some, made, move)
            if multi:
                single = some[shapely.get_type_id(geometries[some]) == 3]
                geometries[single] = shapely.multipolygons(geometries[single], indices=np.arange(len(single)))
        elif source.family == LINE:
            _lines(source, requested[some], some, geometries, problems)
        else:
            content = mapped(source.path)
            for position in some:
                geometries[position] = _points(source, content, int(requested[position]))
    if move and source.family != POLYGON:
        return replace(made, geometries=shapely.transform(geometries, move))
    return made


def _points(source: Shapefile, content: NDArray[np.uint8], row: int) -> object:
    offset = int(source.offsets[row])
    if source.family == POINT:
        return shapely.points(content[offset + 4 : offset + 20].view("<f8"))
    count = int.from_bytes(content[offset + 36 : offset + 40].tobytes(), "little")
    return shapely.multipoints(content[offset + 40 : offset + 40 + 16 * count].view("<f8").reshape(-1, 2))


@dataclass(frozen=True)
class _Rings:
    """All vertices of some records in one array; ``starts`` of rings, and the record (0…) each ring belongs to."""

    vertices: NDArray[np.float64]
    starts: NDArray[np.int64]
    counts: NDArray[np.int64]
    owner: NDArray[np.int64]
    broken: NDArray[np.bool_]  # per record: part starts that make no sense


def _rings(source: Shapefile, rows: NDArray[np.intp]) -> _Rings:
    content = mapped(source.path)
    view = memoryview(content.data)
    offsets = source.offsets[rows]
    parts = _integers(content, offsets + 36, "<i4").astype(np.int64)
    points = _integers(content, offsets + 40, "<i4").astype(np.int64)
    first = offsets + 44 + 4 * parts
    block = b"".join([view[a:b] for a, b in zip(first.tolist(), (first + 16 * points).tolist())])
    vertices = np.frombuffer(block, dtype="<f8").reshape(-1, 2)
    begin = np.concatenate([[0], np.cumsum(points)])
    heads = b"".join([view[a:b] for a, b in zip((offsets + 44).tolist(), first.tolist())])
    inside = np.frombuffer(heads, dtype="<i4").astype(np.int64)
    owner = np.repeat(np.arange(len(rows)), parts)
    broken = np.zeros(len(rows), dtype=bool)
    firsts = np.concatenate([[True], owner[1:] != owner[:-1]])
    descending = ~firsts & (np.diff(inside, prepend=-1) <= 0)
    wrong = (firsts & (inside != 0)) | descending | (inside >= points[owner]) | (inside < 0)
    broken[owner[wrong]] = True
    keep = ~broken[owner]
    starts = begin[owner] + inside
    last_of_record = np.concatenate([owner[1:] != owner[:-1], [True]])
    ends = np.where(last_of_record, begin[owner + 1], np.concatenate([starts[1:], [0]]))
    return _Rings(vertices, starts[keep], (ends - starts)[keep], owner[keep], broken)


def _wild(rings: _Rings) -> list[int]:
    """Records with a coordinate that is not a number, infinite, or beyond any map (GEOS must not see those)."""
    if not len(rings.vertices) or (rings.vertices.min() > -_FARTHEST and rings.vertices.max() < _FARTHEST):
        return []  # what is not a number is neither
    wild = ~(np.abs(rings.vertices) < _FARTHEST).all(axis=1)
    return sorted(
        {
            int(owner)
            for owner, start, count in zip(rings.owner, rings.starts, rings.counts)
            if wild[start : start + count].any()
        }
    )


def _gather(rings: _Rings, wanted: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Vertices of the wanted rings and the ring number of each vertex."""
    counts = rings.counts[wanted]
    number = np.repeat(np.arange(len(counts)), counts)
    if wanted.all() and counts.sum() == len(rings.vertices):
        return rings.vertices, number
    begin = np.cumsum(counts) - counts
    index = np.arange(counts.sum()) - np.repeat(begin, counts) + np.repeat(rings.starts[wanted], counts)
    return rings.vertices[index], number


def _polygons(
    source: Shapefile,
    rows: NDArray[np.intp],
    positions: NDArray[np.intp],
    made: Shapes,
    move: Move | None,
) -> None:
    """Build the polygons of ``rows`` into ``made`` at ``positions``, with what is wrong with them."""
    geometries, problems = made.geometries, made.problems
    rings = _rings(source, rows)
    broken = rings.broken.copy()
    for record in _wild(rings):
        broken[record] = True
        problems[int(positions[record])] = Message("intake.geometry_not_finite", {})
    for record in np.flatnonzero(rings.broken):
        problems[int(positions[record])] = Message("intake.ring_too_short", {})
    begin, end = rings.starts, rings.starts + rings.counts - 1
    apart = rings.vertices[begin] != rings.vertices[end]
    open_ring = apart[:, 0] | apart[:, 1]
    # A ring of two points, or of three that come back to the start, encloses nothing (and GEOS refuses to build it): it is left out,
    # and only a record that has no other ring has no shape.
    keep = ~broken[rings.owner] & (rings.counts - ~open_ring >= 3)
    shaped = np.bincount(rings.owner[keep], minlength=len(rows)) > 0
    for record in np.flatnonzero(~shaped & ~broken):
        problems[int(positions[record])] = Message("intake.ring_too_short", {})
    made.dropped[positions[np.unique(rings.owner[~keep & shaped[rings.owner]])]] = True
    if not keep.any():
        return
    owner, open_ring = rings.owner[keep], open_ring[keep]
    made.unclosed[positions[owner[open_ring]]] = True
    vertices, number = _gather(rings, keep)
    if move:
        vertices = move(vertices)
    linear = shapely.linearrings(vertices, indices=number)
    counts = np.bincount(owner, minlength=len(rows))
    single = counts[owner] == 1
    geometries[positions[owner[single]]] = shapely.polygons(linear[single])
    if single.all():
        return
    several = np.flatnonzero(counts > 1)
    first = np.searchsorted(owner, several)
    simple = _with_holes(linear[~single], counts[several])
    geometries[positions[several]] = simple
    for record, start in zip(several[shapely.is_missing(simple)], first[shapely.is_missing(simple)]):
        geometries[positions[record]] = assemble(linear[start : start + counts[record]])


def _with_holes(rings: Geometries, counts: NDArray[np.int64]) -> Geometries:
    """The records of ``counts`` rings that are one shell and its holes, as :func:`assemble` would build them; None for all others."""
    number = np.repeat(np.arange(len(counts)), counts)
    shell = ~shapely.is_ccw(rings)
    one = np.bincount(number, shell, len(counts)) == 1
    built = np.empty(len(counts), dtype=object)
    order = np.lexsort((~shell, number))  # the shell first, holes as they stand
    order = order[one[number[order]]]
    place = np.cumsum(one) - 1
    built[one] = shapely.polygons(rings[order], indices=place[number[order]])
    return built


def assemble(rings: Geometries) -> object:
    """One polygon or multipolygon of the rings of a record: clockwise rings are shells, holes go to the smallest shell around them.

    A hole that lies in no shell is kept as a shell of its own, so that no area disappears; validity checks report it.
    """
    hole = shapely.is_ccw(rings)
    if hole.all():  # written the wrong way round throughout
        hole = ~hole
    shells = shapely.polygons(rings[~hole])
    holes = rings[hole]
    if len(shells) == 1:
        return shapely.polygons(rings[~hole][0], holes) if len(holes) else shells[0]
    belongs: list[list[Any]] = [[] for _ in shells]
    stray = []
    areas = shapely.area(shells)
    for ring in holes:
        around = _shells_around(shells, ring)
        if len(around):
            belongs[int(around[np.argmin(areas[around])])].append(ring)
        else:
            stray.append(shapely.polygons(ring))
    polygons = [
        shapely.polygons(ring, inner) if inner else shell for ring, inner, shell in zip(rings[~hole], belongs, shells)
    ] + stray
    return polygons[0] if len(polygons) == 1 else shapely.multipolygons(polygons)


def _shells_around(shells: Geometries, ring: object) -> NDArray[np.intp]:
    try:
        return np.flatnonzero(shapely.covers(shells, ring))
    except shapely.GEOSException:  # a self-crossing shell: the hole becomes stray and the validity check reports it
        return np.zeros(0, dtype=np.intp)


def _lines(
    source: Shapefile,
    rows: NDArray[np.intp],
    positions: NDArray[np.intp],
    geometries: Geometries,
    problems: dict[int, Message],
) -> None:
    rings = _rings(source, rows)
    broken = rings.broken.copy()
    broken[rings.owner[rings.counts < 2]] = True
    broken[_wild(rings)] = True
    for record in np.flatnonzero(broken):
        problems[int(positions[record])] = Message("intake.ring_too_short", {})
    keep = ~broken[rings.owner]
    if not keep.any():
        return
    vertices, number = _gather(rings, keep)
    lines = shapely.linestrings(vertices, indices=number)
    owner = rings.owner[keep]
    counts = np.bincount(owner, minlength=len(rows))
    single = counts[owner] == 1
    geometries[positions[owner[single]]] = lines[single]
    for record in np.flatnonzero(counts > 1):
        start = int(np.searchsorted(owner, record))
        geometries[positions[record]] = shapely.multilinestrings(lines[start : start + counts[record]])
