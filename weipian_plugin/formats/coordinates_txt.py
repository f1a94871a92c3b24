"""The TXT coordinate exchange (坐标交换文本) in its five variants, read and written.

``[属性描述]`` with key=value lines, ``[地块坐标]``, then for each plot one line ending in ``@`` and its points. The variants
differ in the ``@`` line, in the point line and in the order of the axes; the public exporter of one of them writes the
axes in the other order than its importer reads them, so the order is never taken from the variant alone: the numbers and
the county's extent decide, and an exchange is said. Source: docs/rules.md (variants as found in public tools).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ..geodesy.zone import FIRST_ZONE, project, zone_of
from ..model.errors import WeipianError
from ..model.messages import Message
from .encoding import decoded
from .systems import code_of_words, datum_of_words, is_near_cgcs2000, moved_by, parse_crs

HEADER, COORDINATES = "[属性描述]", "[地块坐标]"
_POINT = re.compile(r"^\s*J?\s*(\d+)\s*[,，]", re.IGNORECASE)
_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$")


@dataclass(frozen=True)
class Variant:
    """A dialect: what stands in the ``@`` line and in a point line (positions from 0), and the nominal order of the axes.

    ``head`` names the items before ``@``: ``count number name kind use area sheet class`` or "" for a blank one.
    ``ring`` and ``first`` are the positions of the ring number and of the first coordinate behind the point's name.
    """

    key: str
    title: str
    head: tuple[str, ...]
    ring: int
    first: int
    degrees: bool
    east_first: bool
    tail: int = 0
    header: bool = True


VARIANTS: Mapping[str, Variant] = {
    variant.key: variant
    for variant in (
        Variant("enforcement", "卫片执法", ("count", "name", "kind", "use"), 1, 2, True, True, header=False),
        Variant(
            "approval",
            "建设用地报批、供地",
            ("count", "area", "number", "name", "kind", "sheet", "use", "class"),
            1,
            2,
            False,
            False,
        ),
        Variant("one_map", "一张图", ("number", "name", "kind", ""), 1, 2, False, False),
        Variant("linkage", "增减挂钩", ("count", "area", "", "name", "", "", "", "class"), 4, 1, False, False, tail=1),
        Variant("balance", "进出平衡", ("count", "name", "kind", "use"), 1, 2, False, False),
    )
}


@dataclass(frozen=True)
class Plot:
    """A plot (地块) of a file. ``geometry`` has easting or longitude first, in the file's own system."""

    number: str
    geometry: Any
    attributes: Mapping[str, Any] = field(default_factory=dict)
    problem: Message | None = None


@dataclass(frozen=True)
class CoordinateFile:
    """What a file holds. ``crs`` is what header and zone say (None: nothing); ``exchanged`` whether the axes stood the other way."""

    plots: tuple[Plot, ...]
    variant: str
    crs: str | None
    encoding: str
    header: Mapping[str, str]
    exchanged: bool
    notes: tuple[Message, ...] = ()


def is_coordinate_text(text: str) -> bool:
    """Whether a text is a coordinate file at all: an ``@`` line followed by a point line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return any(line.endswith("@") and _POINT.match(after) for line, after in zip(lines, lines[1:]))


def read_file(
    path: Path, encoding: str | None = None, swapped: bool | None = None, shown: str = ""
) -> CoordinateFile | None:
    """Read a file in UTF-8, GBK or UTF-16; None for a text that is no coordinate file. Raises what :func:`read_text` raises.

    Raises ``intake.file_unreadable``.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise WeipianError("intake.file_unreadable", path=str(path), reason=error) from error
    text, used = decoded(raw, encoding)
    if not is_coordinate_text(text):
        return None
    return read_text(text, shown or path.name, used, swapped)


def read_text(text: str, name: str = "", encoding: str = "utf-8", swapped: bool | None = None) -> CoordinateFile:
    """Read the text of a coordinate file.

    ``swapped`` says that northing (or latitude) stands first; None lets the numbers decide. Raises ``intake.txt_shape``
    (no plots) and ``intake.txt_axes`` (the numbers fit neither order, or the plots contradict each other).
    """
    header, blocks = _blocks(text)
    if not blocks:
        raise WeipianError("intake.txt_shape", path=name)
    variant = _variant(blocks, header)
    raw = [_points(variant, block) for block in blocks]
    north_first, result = _order(raw, variant, name, swapped)
    plots = tuple(
        _plot(variant, block, points, north_first, row) for row, (block, points) in enumerate(zip(blocks, raw), start=1)
    )
    exchanged = north_first == variant.east_first
    notes = [Message("intake.txt_variant", {"path": name, "variant": variant.title, "count": len(plots)})]
    if exchanged:
        order = "北坐标（纬度）在前" if north_first else "东坐标（经度）在前"
        notes.append(Message("intake.txt_exchanged", {"path": name, "variant": variant.title, "order": order}))
    if not result:
        notes.append(Message("intake.txt_order_assumed", {"path": name}))
    return CoordinateFile(plots, variant.key, _system(header, plots, name), encoding, header, exchanged, tuple(notes))


@dataclass(frozen=True)
class _Block:
    items: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


def _blocks(text: str) -> tuple[dict[str, str], list[_Block]]:
    header: dict[str, str] = {}
    blocks: list[tuple[tuple[str, ...], list[tuple[str, ...]]]] = []
    for line in (line.strip().replace("，", ",") for line in text.splitlines()):
        if line.endswith("@"):
            blocks.append((tuple(item.strip() for item in line[:-1].rstrip().removesuffix(",").split(",")), []))
        elif blocks and _POINT.match(line):
            blocks[-1][1].append(tuple(item.strip() for item in line.split(",")))
        elif "=" in line and not blocks:
            key, _, value = line.partition("=")
            header[key.strip()] = value.strip()
    return header, [_Block(items, tuple(lines)) for items, lines in blocks]


def _variant(blocks: Sequence[_Block], header: Mapping[str, str]) -> Variant:
    """The dialect by the number of items in the ``@`` line, the place of the numbers in a point line, and the unit."""
    block = next((one for one in blocks if one.lines), blocks[0])
    line = block.lines[0] if block.lines else ()
    if len(line) > 4 and line[3] == "":
        return VARIANTS["linkage"]
    if len(block.items) >= 7:
        return VARIANTS["approval"]
    if not all(_is_counted(one) for one in blocks):
        return VARIANTS["one_map"]
    numbers = [float(item) for item in line[2:4] if _NUMBER.match(item)]
    degrees = bool(numbers) and max(abs(number) for number in numbers) <= 180
    return VARIANTS["enforcement" if degrees and not header else "balance"]


def _is_counted(block: _Block) -> bool:
    """Whether the first item is the number of points, with or without the closing ones."""
    rings = len({line[1] for line in block.lines if len(line) > 1})
    return block.items[0].isdigit() and abs(int(block.items[0]) - len(block.lines)) <= max(1, rings)


@dataclass(frozen=True)
class _Points:
    rings: tuple[tuple[str, NDArray[np.float64]], ...]
    wrong: int  # lines without two readable numbers


def _points(variant: Variant, block: _Block) -> _Points:
    rings: list[tuple[str, list[tuple[float, float]]]] = []
    wrong = 0
    for line in block.lines:
        pair = line[variant.first : variant.first + 2]
        if len(pair) < 2 or not all(_NUMBER.match(item) for item in pair):
            wrong += 1
            continue
        ring = line[variant.ring] if len(line) > variant.ring else ""
        if not rings or rings[-1][0] != ring:
            rings.append((ring, []))
        rings[-1][1].append((float(pair[0]), float(pair[1])))
    return _Points(tuple((ring, np.array(points, dtype=np.float64)) for ring, points in rings), wrong)


def _order(raw: Sequence[_Points], variant: Variant, name: str, swapped: bool | None) -> tuple[bool, bool]:
    """Whether northing stands first, and whether the numbers prove it.

    In China longitude (73–136) and latitude (3–54) do not overlap, nor do an easting with its zone (8 digits) and a northing
    (7 digits); a 6-digit easting lies below 834 km, a northing on the mainland above 1 900 km.
    """
    if swapped is not None:
        return swapped, True
    everything = [points for one in raw for _, points in one.rings]
    if not everything:
        return not variant.east_first, False
    points = np.concatenate(everything)
    first, second = _axis(points[:, 0]), _axis(points[:, 1])
    if {first, second} == {"east", "north"}:
        return first == "north", True
    raise WeipianError("intake.txt_axes", path=name, first=f"{points[0, 0]}", second=f"{points[0, 1]}")


def _axis(values: NDArray[np.float64]) -> str:
    low, high = float(values.min()), float(values.max())
    if (low >= 73 and high <= 136) or (low >= 1.3e7 and high < 4.6e7) or (low >= 1.4e5 and high <= 8.6e5):
        return "east"
    if (low >= 3 and high <= 54) or (low >= 1.5e6 and high <= 6.2e6):
        return "north"
    return ""


def _plot(variant: Variant, block: _Block, points: _Points, north_first: bool, row: int) -> Plot:
    values = {key: item for key, item in zip(variant.head, block.items) if key}
    attributes = {title: values[key] for key, title in _TITLES.items() if values.get(key)}
    number = values.get("number") or values.get("name") or str(row)
    if points.wrong:
        return Plot(
            number, None, attributes, Message("intake.txt_point_unreadable", {"number": number, "count": points.wrong})
        )
    rings = [
        ring[:, ::-1] if north_first else ring
        for _, ring in points.rings
        if len(np.unique(ring, axis=0)) >= 3  # a ring of two points encloses nothing
    ]
    if not rings:
        return Plot(number, None, attributes, Message("intake.ring_too_short", {}))
    problem = _miscounted(values.get("count"), len(block.lines), len(points.rings))
    if problem is not None:
        return Plot(
            number,
            None,
            attributes,
            Message("intake.txt_count", {"number": number, "stated": problem, "found": len(block.lines)}),
        )
    return Plot(number, nested(rings), attributes)


_TITLES = {
    "number": "编号",
    "name": "名称",
    "kind": "类型",
    "use": "用途",
    "area": "面积",
    "sheet": "图幅号",
    "class": "地类编码",
}


def _miscounted(stated: str | None, lines: int, rings: int) -> str | None:
    """The stated count when it fits neither with nor without the closing points: the plot has lost or gained points."""
    if not stated or not stated.isdigit() or lines - rings <= int(stated) <= lines + rings:
        return None
    return stated


def nested(rings: Sequence[NDArray[np.float64]]) -> object:
    """Polygon(s) of rings by containment, whatever their direction: a ring inside an odd number of others is a hole."""
    linear = shapely.polygons([shapely.linearrings(ring) for ring in rings])
    order = np.argsort(-shapely.area(linear), kind="stable")
    shells: list[tuple[Any, list[Any]]] = []
    for index in order:
        ring = linear[index]
        inside = [shell for shell in shells if _covers(shell[0], ring)]
        if inside and not any(_covers(shapely.polygons(hole), ring) for hole in inside[-1][1]):
            inside[-1][1].append(shapely.get_exterior_ring(ring))
        else:
            shells.append((ring, []))
    polygons = [shapely.polygons(shapely.get_exterior_ring(shell), holes or None) for shell, holes in shells]
    return polygons[0] if len(polygons) == 1 else shapely.multipolygons(polygons)


def _covers(outer: object, inner: object) -> bool:
    try:
        return bool(shapely.covers(outer, inner))
    except shapely.GEOSException:
        return False


def _system(header: Mapping[str, str], plots: Sequence[Plot], name: str) -> str | None:
    """The system that the header and the numbers give together: an EPSG code, for an old datum whose header has three translations a
    WKT with them; None where the header says nothing.

    Raises ``intake.txt_zone`` and ``intake.txt_datum`` (a datum that is not known here).
    """
    shapes = [plot.geometry for plot in plots if plot.geometry is not None]
    datum = header.get("坐标系", "")
    if not shapes or not datum:
        return None
    if not datum_of_words(datum):
        raise WeipianError("intake.txt_datum", path=name, datum=datum[:40])
    east = float(shapely.total_bounds(np.array(shapes, dtype=object))[0])
    if east <= 180:
        return _with_parameters(code_of_words(datum, None, False, False), header)
    width, zone = header.get("几度分带", "3"), header.get("带号", "")
    prefixed = east >= 1e6
    stated = re.fullmatch(r"\d{2}", zone)
    number = int(zone) if stated else int(east // 1e6)
    if not stated and not prefixed:
        if datum_of_words(datum) == "CGCS2000":
            return None  # the county decides the zone
        raise WeipianError("intake.txt_zone", path=name, width=width, zone=zone or "—")
    code = code_of_words(datum, number, width.strip().startswith(("6", "六")), prefixed)
    if not code:
        raise WeipianError("intake.txt_zone", path=name, width=width, zone=zone or str(number))
    return _with_parameters(code, header)


def _with_parameters(code: str, header: Mapping[str, str]) -> str:
    """An old datum with the translations of its header (转换参数=dX,dY,dZ,…).

    Rotations are not applied: the header does not say their sense, and the wrong one is off by tens of metres. With rotations or a scale
    the datum stays without parameters and is refused with the way to give them.
    """
    crs = parse_crs(code)
    try:
        numbers = [float(item or 0) for item in re.split(r"[,，]", header.get("转换参数", ""))]
    except ValueError:
        return code
    if is_near_cgcs2000(crs) or not any(numbers[:3]) or any(numbers[3:]):
        return code
    dx, dy, dz = (*numbers, 0.0, 0.0)[:3]
    return moved_by(crs, (dx, dy, dz))


@dataclass(frozen=True)
class PlotToWrite:
    """A plot for writing: ``geometry`` in EPSG:4490 (longitude first), ``area_m2`` for the variants that state it."""

    number: str
    geometry: Any
    name: str = ""
    use: str = ""
    class_code: str = ""
    sheet: str = ""
    kind: str = "面"
    area_m2: float | None = None


def write_text(plots: Sequence[PlotToWrite], variant: str, zone: int | None = None) -> str:
    """The text of a coordinate file, lines ended by CRLF as the receiving systems write it.

    ``variant`` is a key of ``VARIANTS``; ``zone`` the 3-degree zone of the metric variants (default: of the first plot).
    Points run clockwise from the north-west corner, numbers go on over the rings, the closing point repeats the first
    number of its ring. Eastings carry their zone. Areas are ha with four decimals. Raises ``intake.txt_variant_unknown``.
    """
    dialect = VARIANTS.get(variant)
    if dialect is None:
        raise WeipianError("intake.txt_variant_unknown", variant=variant, variants="、".join(VARIANTS))
    chosen = zone or (zone_of(float(shapely.centroid(plots[0].geometry).x)) if plots else FIRST_ZONE)
    lines = [*(_header(chosen) if dialect.header else [])]
    for plot in plots:
        shape = plot.geometry if dialect.degrees else project(plot.geometry, chosen, prefix=True)
        points = list(_point_lines(dialect, shape))
        lines.append(_at_line(dialect, plot, len(points)))
        lines.extend(points)
    return "\r\n".join(lines) + "\r\n"


def write_file(
    path: Path, plots: Sequence[PlotToWrite], variant: str, zone: int | None = None, encoding: str = "gb18030"
) -> None:
    """Write a coordinate file; see :func:`write_text`."""
    Path(path).write_bytes(write_text(plots, variant, zone).encode(encoding))


def _header(zone: int) -> list[str]:
    return [
        HEADER, "坐标系=2000国家大地坐标系", "几度分带=3", "投影类型=高斯克吕格", "计量单位=米", f"带号={zone}", "精度=0.001",
        "转换参数=,,,,,,", COORDINATES,
    ]  # fmt: skip


def _at_line(dialect: Variant, plot: PlotToWrite, count: int) -> str:
    values = {
        "count": str(count), "number": plot.number, "name": plot.name or plot.number, "kind": plot.kind, "use": plot.use,
        "area": "" if plot.area_m2 is None else f"{plot.area_m2 / 10_000:.4f}", "sheet": plot.sheet, "class": plot.class_code,
        "": "",
    }  # fmt: skip
    # A comma or a line break inside an item would move every item behind it.
    return ",".join([re.sub(r"[,，@\r\n]+", " ", values[key]).strip() for key in dialect.head] + ["@"])


def _point_lines(dialect: Variant, shape: object) -> Iterator[str]:
    number = 0
    for ring_number, ring in enumerate(_rings_clockwise(shape), start=1):
        first = number + 1
        for position, (x, y) in enumerate(ring):
            name = first if position == len(ring) - 1 else first + position
            pair = (x, y) if dialect.east_first else (y, x)
            decimals = 9 if dialect.degrees else 3
            coordinates = [f"{value:.{decimals}f}" for value in pair]
            items = (
                [f"J{name}", *coordinates, "", str(ring_number)]
                if dialect.ring == 4
                else [f"J{name}", str(ring_number), *coordinates]
            )
            yield ",".join([*items, *[""] * dialect.tail])
        number += len(ring) - 1


def _rings_clockwise(shape: object) -> Iterator[list[tuple[float, float]]]:
    """Rings, shells clockwise and holes the other way, each beginning with its north-west corner and closed."""
    for polygon in shapely.get_parts(shape):
        exterior = shapely.get_exterior_ring(polygon)
        yield _from_north_west(exterior, clockwise=True)
        for hole in shapely.get_rings(polygon)[1:]:
            yield _from_north_west(hole, clockwise=False)


def _from_north_west(ring: object, clockwise: bool) -> list[tuple[float, float]]:
    points = shapely.get_coordinates(ring)[:-1]
    if bool(shapely.is_ccw(ring)) == clockwise:
        points = points[::-1]
    west, north = points[:, 0].min(), points[:, 1].max()
    start = int(np.argmin(np.hypot(points[:, 0] - west, points[:, 1] - north)))
    turned = np.concatenate([points[start:], points[: start + 1]])
    return [(float(x), float(y)) for x, y in turned]
