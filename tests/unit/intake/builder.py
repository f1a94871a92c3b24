"""Deliveries built byte by byte, so that every damage is exactly the one a test names. No GDAL is involved."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

COUNTY = "500118"
LON, LAT = 105.9, 29.35
DEGREES_PRJ = CRS.from_epsg(4490).to_wkt("WKT1_ESRI")

Column = tuple[str, str, int, int]  # name, type, width, decimals
COLUMNS: tuple[Column, ...] = (
    ("JCBH", "C", 30, 0), ("XZQDM", "C", 12, 0), ("XMC", "C", 30, 0), ("TBLX", "C", 20, 0), ("QSX", "C", 8, 0), ("HSX", "C", 8, 0),
    ("JCMJ", "N", 15, 2), ("BZ", "C", 40, 0),
)  # fmt: skip


def square(column: int = 0, row: int = 0, side: float = 0.001) -> BaseGeometry:
    """A clockwise square near the sample county; squares of different columns and rows do not touch."""
    x, y = LON + column * 0.002, LAT + row * 0.002
    return shapely.polygons([(x, y), (x, y + side), (x + side, y + side), (x + side, y), (x, y)])


def square_metres(shape: BaseGeometry) -> float:
    """Area by pyproj's geodesics, independent of the plugin's own series."""
    from pyproj import Geod

    return abs(Geod(a=6378137.0, rf=298.257222101).geometry_area_perimeter(shapely.orient_polygons(shape))[0])


def number(serial: int) -> str:
    return f"{COUNTY}SJBG2321{serial:04d}"


def parcel(serial: int = 1, shape: BaseGeometry | None = None, **values: Any) -> dict[str, Any]:
    """The attributes of a parcel as the ministry delivers them; `geometry` is its shape."""
    shape = square(serial) if shape is None else shape
    mu = round(square_metres(shape) * 0.0015, 2) if shape is not None and shape.geom_type.endswith("Polygon") else 0
    standard = {
        "JCBH": number(serial), "XZQDM": COUNTY, "XMC": "永川区", "TBLX": "推土区", "QSX": "20220918", "HSX": "20230426",
        "JCMJ": mu, "BZ": "疑似新增建设用地", "geometry": shape,
    }  # fmt: skip
    return {**standard, **values}


def parcels(count: int) -> list[dict[str, Any]]:
    return [parcel(serial) for serial in range(1, count + 1)]


def dbf_bytes(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[Column] = COLUMNS, encoding: str = "gbk", code_page: int = 0
) -> bytes:
    record = 1 + sum(column[2] for column in columns)
    head = struct.pack("<4BIHH", 3, 123, 9, 30, len(rows), 32 + 32 * len(columns) + 1, record) + b"\0" * 20
    head = head[:29] + bytes([code_page]) + head[30:]
    for name, kind, width, decimals in columns:
        raw = name.encode(encoding)[:10]
        head += (
            raw.ljust(11, b"\0")
            + kind.encode()
            + b"\0" * 4
            + bytes([width & 0xFF, decimals if kind != "C" else width >> 8])
            + b"\0" * 14
        )
    body = b""
    for row in rows:
        body += b"*" if row.get("deleted") else b" "
        for name, kind, width, decimals in columns:
            value = row.get(name)
            if isinstance(value, bytes):
                cell = value
            elif value is None:
                cell = b""
            elif kind == "N" and not isinstance(value, str):
                cell = f"{value:{width}.{decimals}f}".encode()
            else:
                cell = str(value).encode(encoding)
            body += cell[:width].rjust(width) if kind == "N" else cell[:width].ljust(width)
    return head + b"\r" + body + b"\x1a"


def record_bytes(shape: BaseGeometry | None, kind: int = 5) -> bytes:
    """The content of one record of a polygon file."""
    if shape is None:
        return struct.pack("<i", 0)
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(shape)]
    return ring_bytes(rings, kind)


def ring_bytes(rings: Sequence[Any], kind: int = 5) -> bytes:
    rings = [np.asarray(ring, dtype="<f8") for ring in rings]
    points = np.concatenate(rings)
    starts = np.cumsum([0, *map(len, rings)])[:-1]
    box = (*np.nanmin(points, axis=0), *np.nanmax(points, axis=0))
    content = (
        struct.pack("<i4d2i", kind, *box, len(rings), len(points)) + starts.astype("<i4").tobytes() + points.tobytes()
    )
    if kind == 15:
        content += struct.pack("<2d", 0, 0) + b"\0" * 8 * len(points)
    return content


def shp_bytes(contents: Sequence[bytes], kind: int = 5) -> tuple[bytes, bytes]:
    """The .shp and the .shx of records."""
    body, index, position = b"", b"", 100
    for order, content in enumerate(contents, start=1):
        body += struct.pack(">2i", order, len(content) // 2) + content
        index += struct.pack(">2i", position // 2, len(content) // 2)
        position += 8 + len(content)

    def head(size: int) -> bytes:
        return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, size // 2) + struct.pack("<2i8d", 1000, kind, *[0.0] * 8)

    return head(100 + len(body)) + body, head(100 + len(index)) + index


def write_shapefile(
    path: Path,
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[Column] = COLUMNS,
    encoding: str = "gbk",
    cpg: str | None = None,
    code_page: int = 0,
    prj: str | None = DEGREES_PRJ,
    epsg: int = 4490,
    kind: int = 5,
) -> Path:
    """Write all parts; coordinates are given in degrees and written in `epsg` (easting first)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    contents = [
        row["record"] if "record" in row else record_bytes(moved(row.get("geometry"), epsg), kind) for row in rows
    ]
    shp, shx = shp_bytes(contents, kind)
    path.write_bytes(shp)
    path.with_suffix(".shx").write_bytes(shx)
    path.with_suffix(".dbf").write_bytes(dbf_bytes(rows, columns, encoding, code_page))
    if prj:
        path.with_suffix(".prj").write_text(prj, encoding="utf-8")
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg, encoding="utf-8")
    return path


def moved(shape: BaseGeometry | None, epsg: int) -> BaseGeometry | None:
    """A shape in degrees moved to another system (easting first)."""
    if shape is None or epsg == 4490:
        return shape
    transformer = Transformer.from_crs(4490, epsg, always_xy=True)
    return shapely.transform(shape, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])))


def prj_of(epsg: int) -> str:
    return CRS.from_epsg(epsg).to_wkt("WKT1_ESRI")


def zip_of(path: Path, entries: Mapping[str, bytes], encoding: str = "gbk") -> Path:
    """A zip whose names are written as bytes of `encoding`; without the UTF-8 flag when it is GBK."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            if encoding == "gbk":
                info = zipfile.ZipInfo(name.encode("gbk").decode("cp437"))
                _NoFlag.write(archive, info, content)
            else:
                archive.writestr(name, content)
    return path


class _NoFlag(zipfile.ZipInfo):
    """An entry that writes its name as code page 437, as Windows Explorer in China effectively does."""

    @classmethod
    def write(cls, archive: zipfile.ZipFile, info: zipfile.ZipInfo, content: bytes) -> None:
        entry = cls(info.filename)
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, content)

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("cp437"), self.flag_bits


def zipped(path: Path, shapefile: Path, folder: str = "下发图斑", encoding: str = "gbk") -> Path:
    """A zip of all parts of a shapefile in a nested folder."""
    parts = [part for part in sorted(shapefile.parent.iterdir()) if part.stem == shapefile.stem]
    return zip_of(path, {f"{folder}/{part.name}": part.read_bytes() for part in parts}, encoding)
