"""Vector files of a package: the delivered shapefile with its fields filled, the parts, GeoJSON and TXT coordinates.

Written with fiona (shp only; a GeoPackage is never opened here). Coordinates are EPSG:4490 degrees, longitude first, as delivered;
the TXT variant decides its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Optional

import fiona
import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.geometry.base import BaseGeometry

from ..errors import WeipianError
from .case import ParcelCase, plain
from .placeholder import Record, Value
from .settings import FilingRules
from .text import cell_text

CRS = "EPSG:4490"
#: bytes a dBASE field name and a text field can hold
_NAME_BYTES, _TEXT_BYTES = 10, 254
#: dBASE keeps the day of writing in its header; a fixed day keeps equal packages equal
_DBF_DATE = bytes((100, 1, 1))
ENCODINGS = ("GBK", "UTF-8")


def write_shapefile(path: Path, case: ParcelCase, fields: Record, rules: FilingRules, encoding: str) -> list[Path]:
    """The parcel with every delivered field and the filled ones; the files written.

    Raises ``filing.encoding_unknown``. Characters the encoding does not have become ``?`` in the attribute only.
    """
    columns = _delivered(case)
    schema = dict(case.schema) or {name: _kind_of(value) for name, value in columns.items()}
    for entry in rules.vector_fields:
        name = next((name for name in entry["names"] if name in columns), entry["names"][0])
        value = fields.get(entry["field"])
        if name not in schema or value not in (None, ""):
            columns[name] = float(value) if isinstance(value, Decimal) else value
        schema.setdefault(name, "float:19.2" if "decimals" in entry else f"str:{entry['width']}")
    return _write(path, [(case.geometry, columns)], schema, encoding)


def write_parts(path: Path, case: ParcelCase, rows: list[dict[str, Value]], encoding: str) -> list[Path]:
    """The proposed parts (拆分地块), one feature each, with their closed areas in 亩."""
    names = {"图斑编号": "str:80", "地块": "str:10", "依据": "str:40", "面积亩": "float:19.2", "耕地亩": "float:19.2"}
    by_part = {str(row["part"]): row for row in rows}
    features = []
    for part in case.parts:
        row = by_part.get(part.part, {})
        values = (case.number + part.part, part.part, part.basis, row.get("total_mu"), row.get("farmland_mu"))
        record = {name: float(value) if isinstance(value, Decimal) else value for name, value in zip(names, values)}
        features.append((part.geometry, record))
    return _write(path, features, names, encoding)


def geojson(case: ParcelCase, fields: Record) -> bytes:
    """Parcel and parts as GeoJSON, degrees with nine decimals (0.1 mm). The datum is named, since RFC 7946 assumes WGS 84."""
    properties: dict[str, Optional[str]] = {"图斑编号": case.number, "坐标系": "CGCS2000 (EPSG:4490)"}
    names = ("area_mu", "decision_category", "decision_subtype")
    properties.update({name: None if fields.get(name) is None else str(fields[name]) for name in names})
    features = [_feature(case.geometry, properties)]
    features += [
        _feature(part.geometry, {"图斑编号": case.number, "地块": part.part, "依据": part.basis}) for part in case.parts
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1)
    return (text + "\n").encode("utf-8", "backslashreplace")


def _feature(geometry: Optional[BaseGeometry], properties: Mapping[str, Any]) -> dict[str, Any]:
    shape = None if geometry is None else json.loads(json.dumps(mapping(_rounded(geometry))))
    return {"type": "Feature", "properties": dict(properties), "geometry": shape}


def _rounded(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.transform(geometry, lambda coordinates: coordinates.round(9))


def coordinates_text(case: ParcelCase, fields: Record) -> bytes:
    """TXT coordinates in the 卫片执法 variant: ``点数,名称,面,用途,@`` then ``Jn,圈号,经度,纬度``, longitude first, GBK.

    Points go on through all rings; each ring is closed by its first number again. Source: exchange format as observed.
    """
    lines = []
    rings = _rings(case.geometry)
    count = sum(len(ring) for ring in rings)
    use = str(fields.get("use_detail") or "").replace(",", "，")
    lines.append(f"{count},{_one_line(case.number)},面,{_one_line(use)},@")
    number = 1
    for ring_number, ring in enumerate(rings, start=1):
        first = number
        for x, y in ring[:-1]:
            lines.append(f"J{number},{ring_number},{x:.9f},{y:.9f}")
            number += 1
        lines.append(f"J{first},{ring_number},{ring[-1][0]:.9f},{ring[-1][1]:.9f}")
    return ("\r\n".join(lines) + "\r\n").encode("gbk", "replace")


def _one_line(text: str) -> str:
    return cell_text(text).replace("\n", " ").replace(",", "，")


def _polygons(geometry: Optional[BaseGeometry]) -> list[Polygon]:
    if isinstance(geometry, Polygon):
        return [geometry]
    return list(geometry.geoms) if isinstance(geometry, MultiPolygon) else []


def _rings(geometry: Optional[BaseGeometry]) -> list[list[tuple[float, float]]]:
    """Exterior then holes of every polygon, each started at its north-west corner, exterior clockwise."""
    rings = []
    for polygon in _polygons(geometry):
        oriented = shapely.geometry.polygon.orient(polygon, -1.0)
        for ring in (oriented.exterior, *oriented.interiors):
            points = [(float(x), float(y)) for x, y, *_ in ring.coords[:-1]]
            start = min(range(len(points)), key=lambda index: points[index][0] - points[index][1])
            rings.append([*points[start:], *points[:start], points[start]])
    return rings


def _delivered(case: ParcelCase) -> dict[str, Any]:
    delivered = case.parcel.get("delivered") or {}
    columns = {str(name): plain(value) for name, value in delivered.items() if not isinstance(value, (dict, list))}
    return columns or {"JCBH": case.number}


def _kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return "str:5"
    if isinstance(value, int):
        # an 18-digit number is an identifier: dBASE numbers hold fifteen digits exactly
        return "int:18" if abs(value) < 10**15 else "str:24"
    if isinstance(value, float):
        return "float:24.15"
    return f"str:{_TEXT_BYTES}"


def _write(
    path: Path, features: list[tuple[Optional[BaseGeometry], dict[str, Any]]], schema: Mapping[str, str], encoding: str
) -> list[Path]:
    if encoding not in ENCODINGS:
        raise WeipianError("filing.encoding_unknown", encoding=encoding, known="、".join(ENCODINGS))
    names = _short_names(list(schema), encoding)
    fiona_schema = {
        "geometry": "Polygon",
        "properties": {names[name]: _shapefile_kind(kind) for name, kind in schema.items()},
    }
    records = [
        {
            "type": "Feature",
            "geometry": None if geometry is None else mapping(geometry),
            "properties": {names[name]: _fitting(record.get(name), schema[name], encoding) for name in schema},
        }
        for geometry, record in features
    ]
    with fiona.open(str(path), "w", driver="ESRI Shapefile", schema=fiona_schema, crs=CRS, encoding=encoding) as layer:
        layer.writerecords(records)
    with path.with_suffix(".dbf").open("r+b") as table:
        table.seek(1)
        table.write(_DBF_DATE)
    path.with_suffix(".cpg").write_text(encoding, encoding="ascii")
    return sorted(
        entry
        for entry in path.parent.glob(f"{path.stem}.*")
        if entry.suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg")
    )


def _shapefile_kind(kind: str) -> str:
    base = kind.split(":")[0]
    return kind if base in ("str", "int", "float", "date") or base.startswith("int") else f"str:{_TEXT_BYTES}"


def _short_names(names: list[str], encoding: str) -> dict[str, str]:
    """Names of at most ten bytes cut between characters, kept apart by a digit."""
    short: dict[str, str] = {}
    for name in names:
        candidate, number = _cut(name, _NAME_BYTES, encoding), 0
        while candidate.lower() in {taken.lower() for taken in short.values()}:
            number += 1
            candidate = _cut(name, _NAME_BYTES - len(str(number)), encoding) + str(number)
        short[name] = candidate
    return short


def _cut(text: str, limit: int, encoding: str) -> str:
    """``text`` cut to ``limit`` bytes of ``encoding`` without cutting a character."""
    encoded = text.encode(encoding, "replace")
    return (
        text
        if len(encoded) <= limit and "?" not in encoded.decode(encoding, "replace")
        else encoded[:limit].decode(encoding, "ignore")
    )


def _fitting(value: Any, kind: str, encoding: str) -> Any:
    """``value`` for a field of ``kind``: text is cleaned and cut to the width in bytes; numbers that do not parse are left blank."""
    value = plain(value)
    if value is None:
        return None
    base, _, width = kind.partition(":")
    if base == "str":
        text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
        return _cut(cell_text(text), int(width or _TEXT_BYTES), encoding)
    if base == "date":
        return str(value)[:10]
    try:
        return int(float(value)) if base.startswith("int") else float(value)
    except (TypeError, ValueError, OverflowError):
        return None
