"""Vector files of a package: the delivered shapefile with its fields filled, the parts, GeoJSON and TXT coordinates.

Coordinates are EPSG:4490 degrees, longitude first, as delivered; the TXT variant decides its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Optional

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from ..formats import coordinates_txt
from ..formats.shapefile_writing import NAME_BYTES, TEXT_BYTES, TableText, column, cut, write
from ..intake.fields import claim_columns
from ..model.errors import WeipianError
from ..model.values import to_python
from ..office.text import cell_text
from .areas import numbers
from .case import ParcelCase
from .judged import TYPED, decision_values, divided, typed_values
from .placeholder import Record, Value
from .settings import FilingRules
from .typed import ONE_WITH, is_stated

CRS = "EPSG:4490"
ENCODINGS = ("GBK", "UTF-8")


def write_shapefile(path: Path, case: ParcelCase, fields: Record, rules: FilingRules, encoding: str) -> list[Path]:
    """The parcel with every delivered field and the filled ones; the files written.

    Raises ``filing.encoding_unknown``. Characters the encoding does not have become ``?`` in the attribute only.
    """
    known = numbers(fields)
    columns = _typed_over(_delivered(case), case, known, rules)
    schema = dict(case.schema) or {name: _kind_of(value) for name, value in columns.items()}
    for entry in rules.vector_fields:
        name = next((name for name in entry.names if name in columns), entry.names[0])
        value = known.get(entry.field)
        if name not in schema or value not in (None, "") or _stated(case, entry.field, rules):
            columns[name] = float(value) if isinstance(value, Decimal) else value
        schema.setdefault(name, entry.kind)
    return _write(path, [(case.geometry, columns)], schema, encoding)


def _typed_over(
    columns: Mapping[str, object], case: ParcelCase, fields: Record, rules: FilingRules
) -> dict[str, Optional[Any]]:
    """Delivered columns that ask what a person answered since hold the answer, also an empty one, under whatever name they came."""
    claims = claim_columns()
    result = dict(columns)
    for name in TYPED:
        if _stated(case, name, rules) or any(_stated(case, other, rules) for other in ONE_WITH.get(name, ())):
            own = {rules.fields[name], *claims.get(rules.claim_keys.get(name, name), ())}
            result.update({column: fields.get(name) for column in columns if column in own})
    return result


def _stated(case: ParcelCase, name: str, rules: FilingRules) -> bool:
    """Whether a field was typed of the parcel or of one of its parts."""
    return name in TYPED and any(
        is_stated(stated, name, rules) for stated in (case.decided_fields, *case.part_fields.values())
    )


def write_parts(
    path: Path, case: ParcelCase, rows: list[dict[str, Value]], encoding: str, rules: FilingRules
) -> list[Path]:
    """The parts (拆分地块), one feature each: closed areas in 亩, and what was decided and typed of each."""
    names = {"图斑编号": "str:80", "地块": "str:10", "依据": "str:40", "面积亩": "float:19.2", "耕地亩": "float:19.2"}
    stated = {entry.names[0]: entry for entry in rules.vector_fields if entry.decimals is None}
    names.update({name: entry.kind for name, entry in stated.items()})
    by_part = {str(row["part"]): numbers(row) for row in rows}
    own = divided(case)
    features = []
    for part in case.parts:
        row = by_part.get(part.part, {})
        values = (case.number + part.part, part.part, row.get("basis"), row.get("total_mu"), row.get("farmland_mu"))
        record = {name: float(value) if isinstance(value, Decimal) else value for name, value in zip(names, values)}
        of = part.part if part.part in own else ""  # a parcel that was decided as a whole was so with all its parts
        judged: Mapping[str, Any] = {**typed_values(case, rules, of), **decision_values(case, of)}
        record.update({name: judged.get(entry.field) for name, entry in stated.items()})
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


def _feature(geometry: Optional[BaseGeometry], properties: Mapping[str, object]) -> dict[str, object]:
    shape = None if geometry is None else json.loads(json.dumps(mapping(_rounded(geometry))))
    return {"type": "Feature", "properties": dict(properties), "geometry": shape}


def _rounded(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.transform(geometry, lambda coordinates: coordinates.round(9))


def coordinates_text(case: ParcelCase, fields: Record, variant: str) -> bytes:
    """TXT coordinates of the parcel in one of the exchange variants (:mod:`weipian_plugin.intake.coordinates_txt`), GB 18030.

    The lines are those of the 卫片执法 importers by default: degrees, longitude first.
    """
    use = cell_text(fields.get("use_detail") or "")
    plot = coordinates_txt.PlotToWrite(cell_text(case.number), case.geometry, use=use, area_m2=case.measure("area"))
    return _exchanged([plot], variant, case)


def parts_text(case: ParcelCase, variant: str) -> bytes:
    """The same for the proposed parts, one plot each."""
    shaped = [part for part in case.parts if part.geometry is not None]
    plots = [
        coordinates_txt.PlotToWrite(cell_text(case.number + part.part), part.geometry, area_m2=part.area_m2)
        for part in shaped
    ]
    return _exchanged(plots, variant, case)


def _exchanged(plots: list[coordinates_txt.PlotToWrite], variant: str, case: ParcelCase) -> bytes:
    return coordinates_txt.write_text(plots, variant, case.parcel.zone).encode("gb18030", "replace")


def _delivered(case: ParcelCase) -> dict[str, object]:
    delivered = case.parcel.delivered
    columns = {str(name): to_python(value) for name, value in delivered.items() if not isinstance(value, (dict, list))}
    return columns or {"JCBH": case.number}


def _kind_of(value: object) -> str:
    if isinstance(value, bool):
        return "str:5"
    if isinstance(value, int):
        # an 18-digit number is an identifier: dBASE numbers hold fifteen digits exactly
        return "int:18" if abs(value) < 10**15 else "str:24"
    if isinstance(value, float):
        return "float:24.15"
    return f"str:{TEXT_BYTES}"


def _write(
    path: Path, features: list[tuple[Optional[BaseGeometry], dict[str, Any]]], schema: Mapping[str, str], encoding: str
) -> list[Path]:
    if encoding not in ENCODINGS:
        raise WeipianError("filing.encoding_unknown", encoding=encoding, known="、".join(ENCODINGS))
    names = _short_names(list(schema), encoding)
    columns = [column(names[name], _shapefile_kind(kind)) for name, kind in schema.items()]
    rows = [
        {names[name]: _fitting(record.get(name), kind, encoding) for name, kind in schema.items()}
        for _, record in features
    ]
    geometries = [geometry for geometry, _ in features]
    return write(path, geometries, rows, columns, CRS, TableText(encoding))


def _shapefile_kind(kind: str) -> str:
    base = kind.split(":")[0]
    return kind if base in ("str", "int", "float", "date") or base.startswith("int") else f"str:{TEXT_BYTES}"


def _short_names(names: list[str], encoding: str) -> dict[str, str]:
    """Names of at most ten bytes cut between characters, kept apart by a digit."""
    short: dict[str, str] = {}
    for name in names:
        candidate, number = _cut(name, NAME_BYTES, encoding), 0
        while candidate.lower() in {taken.lower() for taken in short.values()}:
            number += 1
            candidate = _cut(name, NAME_BYTES - len(str(number)), encoding) + str(number)
        short[name] = candidate
    return short


def _cut(text: str, limit: int, encoding: str) -> str:
    """``text`` cut to ``limit`` bytes of ``encoding`` without cutting a character."""
    return cut(text, limit, encoding).decode(encoding)


def _fitting(value: Any, kind: str, encoding: str) -> object:
    """``value`` for a field of ``kind``: text is cleaned and cut to the width in bytes; numbers that do not parse are left blank."""
    value = to_python(value)
    if value is None:
        return None
    base, _, width = kind.partition(":")
    if base == "str":
        text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
        return _cut(cell_text(text), int(width or TEXT_BYTES), encoding)
    if base == "date":
        return str(value)[:10]
    try:
        return int(float(value)) if base.startswith("int") else float(value)
    except (TypeError, ValueError, OverflowError):
        return None
