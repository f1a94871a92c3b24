"""Writing a shapefile by itself: records, index, table, ``.prj`` and ``.cpg``, with the field widths that are asked for.

No installer of QGIS for Windows carries fiona, and GDAL in a wheel brings libraries that QGIS has in other versions.
Source of the layout: Esri, *ESRI Shapefile Technical Description*, July 1998; dBASE III table structure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from .shapefile import LINE, NULL, POLYGON

#: Bytes a field name and a text field can hold.
NAME_BYTES, TEXT_BYTES = 10, 254
#: A double carries fifteen decimal digits exactly; what a column asks for beyond them is noise.
_EXACT_DIGITS = 15
_CODE_PAGES = {"GBK": 0x4D}
_DAY = re.compile(r"(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})(?!\d)")
_MAGIC, _VERSION, _HEADER = 9994, 1000, 100


@dataclass(frozen=True)
class Column:
    """A field of the table: name, dBASE letter (C, N, D), width in bytes, decimals."""

    name: str
    letter: str
    width: int
    decimals: int = 0


@dataclass(frozen=True)
class TableText:
    """How the texts of the table are encoded, and what says so to a reader."""

    encoding: str = "GBK"
    cpg: bool = True
    code_page: bool = True
    written_on: date = date(2000, 1, 1)  # a fixed day: equal contents are equal files


def column(name: str, kind: str) -> Column:
    """A field by a type as ``str:18``, ``float:15.2``, ``int:4``, ``date``; without a width, GDAL's own widths.

    Raises ValueError for a type no table has.
    """
    base, _, size = kind.partition(":")
    if base == "str":
        return Column(name, "C", min(int(size or 80), TEXT_BYTES))
    if base == "date":
        return Column(name, "D", 8)
    if base == "float":
        width, _, decimals = (size or "24.15").partition(".")
        return Column(name, "N", int(width), int(decimals or 0))
    if base in ("int", "int16", "int32", "int64"):
        return Column(name, "N", int(size or (9 if base in ("int16", "int32") else 18)))
    raise ValueError(kind)


def write(
    path: Path,
    geometries: Sequence[BaseGeometry | None],
    rows: Sequence[Mapping[str, object]],
    columns: Sequence[Column],
    crs: str,
    text: TableText | None = None,
) -> list[Path]:
    """Write ``path`` (``.shp``) and the files beside it; returns them in order of their names.

    ``geometries``: lines or polygons in ``crs``, longitude or easting first, None for none; ``rows``: the values by column name.
    A text is cut to its width between two characters, a number too long for its column widens it.
    """
    text = text or TableText()
    kind = LINE if any(g is not None and g.geom_type.endswith("LineString") for g in geometries) else POLYGON
    written = {
        ".dbf": _table(rows, columns, text),
        ".prj": CRS.from_user_input(crs).to_wkt("WKT1_ESRI").encode("ascii", "replace"),
        **_shapes(geometries, kind),
    }
    if text.cpg:
        written[".cpg"] = text.encoding.encode("ascii")
    for suffix, content in written.items():
        path.with_suffix(suffix).write_bytes(content)
    return sorted(path.with_suffix(suffix) for suffix in written)


def cut(text: str, width: int, encoding: str) -> bytes:
    """``text`` in ``encoding``, at most ``width`` bytes, no character in halves; characters it does not have become ``?``."""
    encoded = text.encode(encoding, "replace")
    return encoded if len(encoded) <= width else encoded[:width].decode(encoding, "ignore").encode(encoding)


def _shapes(geometries: Sequence[BaseGeometry | None], kind: int) -> dict[str, bytes]:
    records, index, position = [], [], _HEADER // 2
    for number, geometry in enumerate(geometries, 1):
        content = _record(geometry, kind)
        records.append(np.array([number, len(content) // 2], ">i4").tobytes() + content)
        index.append(np.array([position, len(content) // 2], ">i4").tobytes())
        position += len(records[-1]) // 2
    there = [geometry for geometry in geometries if geometry is not None and not geometry.is_empty]
    box = shapely.total_bounds(there) if there else np.zeros(4)
    return {
        suffix: _header(kind, box, parts) + b"".join(parts) for suffix, parts in ((".shp", records), (".shx", index))
    }


def _header(kind: int, box: Any, parts: Sequence[bytes]) -> bytes:
    words = (_HEADER + sum(map(len, parts))) // 2
    front = np.array([_MAGIC, 0, 0, 0, 0, 0, words], ">i4").tobytes()
    return front + np.array([_VERSION, kind], "<i4").tobytes() + np.array([*box, 0, 0, 0, 0], "<f8").tobytes()


def _record(geometry: BaseGeometry | None, kind: int) -> bytes:
    if geometry is None or geometry.is_empty:
        return np.array([NULL], "<i4").tobytes()
    parts = list(_rings(geometry) if kind == POLYGON else _lines(geometry))
    starts = np.cumsum([0, *(len(part) for part in parts[:-1])])
    points = np.vstack(parts)
    box = [*points.min(axis=0), *points.max(axis=0)]
    return (
        np.array([kind], "<i4").tobytes()
        + np.array(box, "<f8").tobytes()
        + np.array([len(parts), len(points), *starts], "<i4").tobytes()
        + np.ascontiguousarray(points, "<f8").tobytes()
    )


def _lines(geometry: BaseGeometry) -> Iterator[Any]:
    for line in shapely.get_parts(geometry):
        yield shapely.get_coordinates(line)


def _rings(geometry: BaseGeometry) -> Iterator[Any]:
    """Rings of all polygons, outer ones clockwise and inner ones against it, as the format distinguishes them."""
    for polygon in shapely.get_parts(geometry):
        for position, ring in enumerate(shapely.get_rings(polygon)):
            points = shapely.get_coordinates(ring)
            x, y = points[:, 0] - points[0, 0], points[:, 1] - points[0, 1]
            counterclockwise = float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) > 0
            yield points[::-1] if counterclockwise == (position == 0) else points


def _table(rows: Sequence[Mapping[str, object]], columns: Sequence[Column], text: TableText) -> bytes:
    wide = [_wide_enough(one, rows) for one in columns]
    length = 1 + sum(one.width for one in wide)
    day = text.written_on
    head = bytes((3, day.year - 1900, day.month, day.day)) + len(rows).to_bytes(4, "little")
    head += (33 + 32 * len(wide)).to_bytes(2, "little") + length.to_bytes(2, "little") + bytes(17)
    head += bytes((_CODE_PAGES.get(text.encoding.upper(), 0) if text.code_page else 0, 0, 0))
    fields = b"".join(
        cut(one.name, NAME_BYTES, text.encoding).ljust(11, b"\0")
        + one.letter.encode("ascii")
        + bytes(4)
        + bytes((one.width, one.decimals))
        + bytes(14)
        for one in wide
    )
    records = (b" " + b"".join(_cell(row.get(one.name), one, text.encoding) for one in wide) for row in rows)
    return head + fields + b"\r" + b"".join(records) + b"\x1a"


def _wide_enough(one: Column, rows: Sequence[Mapping[str, object]]) -> Column:
    if one.letter != "N":
        return one
    return replace(one, width=max([one.width, *(len(_number(row.get(one.name), one)) for row in rows)]))


def _cell(value: object, one: Column, encoding: str) -> bytes:
    if one.letter == "N":
        return _number(value, one).encode("ascii").rjust(one.width)
    if one.letter == "D":
        return _day(value).encode("ascii").ljust(8)
    return cut("" if value is None else str(value), one.width, encoding).ljust(one.width)


def _number(value: Any, one: Column) -> str:
    """A number as the column writes it; blank for none. Decimals beyond what a double holds go before the column widens."""
    if value is None or not math.isfinite(value):
        return ""
    if not one.decimals:
        return str(round(value))
    written = f"{value:.{one.decimals}f}"
    if len(written) > one.width:
        whole = len(f"{abs(value):.0f}")
        kept = max(min(one.decimals, _EXACT_DIGITS - whole), one.width - len(written) + one.decimals, 0)
        written = f"{value:.{min(kept, one.decimals)}f}"
    return written


def _day(value: object) -> str:
    result = _DAY.match(str(value).strip()) if value is not None else None
    if not result:
        return ""
    try:
        return date(*map(int, result.groups())).strftime("%Y%m%d")
    except ValueError:
        return ""
