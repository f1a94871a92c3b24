"""Coordinate systems as files, catalogues and people write them: one parser, one name, one way to CGCS2000.

A system of a city or a project (own meridian, false easting, scale, ellipsoid raised to the height of its plane) is computed as it is
defined. An EPSG code is a name only where both give the same coordinates; the name in a definition proves nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from ..model.errors import WeipianError
from ..model.records import STORED_CRS

Floats = NDArray[np.float64]
#: Two definitions are one system when they agree within this many metres everywhere in the zone.
SAME_METRES = 1e-3
_FAR = (np.nan, np.nan)
_A, _RF = 6378137.0, 298.2572  # GRS 80 and WGS 84 agree in what stands here
#: Semi-major axis and reciprocal flattening of the old datums: Krassowsky 1940 (Beijing 1954), IAG 1975 (Xian 1980).
_OLD_ELLIPSOIDS = ((6378245.0, 298.3), (6378140.0, 298.257))
_OLD_NAMES = re.compile(r"xian|xi'an|beijing|pulkovo|西安|北京")
_WRITTEN_NAME = re.compile(
    r"\s*(?:PROJC[SR]S?|PROJCRS|GEOGC[SR]S?|GEOGCRS|GEODCRS|COMPD_?CS|BOUNDCRS)\[\s*\"([^\"]{1,80})\""
)
#: The ground of China ends at some 5 500 m; an ellipsoid raised by more is no compensated plane (抵偿面).
_HIGHEST_PLANE = 6_000.0
#: How people write the geographic and the zoned systems: datum -> code in degrees, first codes of the zones with and without prefix.
_FAMILIES = {
    "CGCS2000": (4490, 4513, 4534, 4491, 4502),
    "Xian 1980": (4610, 2349, 2370, 2327, 2338),
    "Beijing 1954": (4214, 2401, 2422, 21413, 21453),
}
_DATUM_WORDS = (
    ("CGCS2000", re.compile(r"(?<!\d)2000(?!\d)|CGCS", re.IGNORECASE)),
    ("Xian 1980", re.compile(r"(?<!\d)(19)?80(?!\d)|西安|XI'?AN", re.IGNORECASE)),
    ("Beijing 1954", re.compile(r"(?<!\d)(19)?54(?!\d)|北京|BEIJING", re.IGNORECASE)),
)


def parse_crs(text: str) -> Any:
    """A pyproj CRS of an EPSG code (``EPSG:4523``, ``4523``), a name, WKT (Esri's too) or PROJ text with its ``towgs84``.

    Raises ``intake.crs_unreadable`` for everything else.
    """
    try:
        return _parsed(text.strip().strip("\ufeff\x00").strip())
    except (CRSError, ValueError, OverflowError) as error:
        raise WeipianError("intake.crs_unreadable", crs=" ".join(text.split())[:80]) from error


@lru_cache(maxsize=128)
def _parsed(text: str) -> object:
    bare = re.fullmatch(r"(?:EPSG[\s:：]*)?(\d{4,6})", text, re.IGNORECASE)
    crs = CRS.from_epsg(int(bare.group(1))) if bare else CRS.from_user_input(_chinese(text) or text)
    if crs.is_geocentric or (crs.is_vertical and not crs.is_compound):
        raise CRSError("no horizontal system")
    return crs


def _chinese(text: str) -> str:
    """The code of a system in Chinese words (国家2000, 3度带, 35带 or 中央经线105); "" for any other text."""
    if not re.search(r"[\u4e00-\u9fff]", text) or "[" in text or "+proj" in text:
        return ""
    zone = re.search(r"(\d{2})\s*带|带号?\s*(\d{2})", text)
    meridian = re.search(r"中央[经子][线午线]*\D{0,3}(\d{2,3})(?![\d.])", text)
    six = bool(re.search(r"[6六]\s*度", text))
    number = int(zone.group(1) or zone.group(2)) if zone else None
    return (
        code_of_words(text, number, six, prefix=True) if number or not meridian else _by_meridian(text, meridian, six)
    )


def _by_meridian(text: str, meridian: re.Match[str], six: bool) -> str:
    degrees = int(meridian.group(1))
    number, rest = divmod(degrees + 3, 6) if six else divmod(degrees, 3)
    return "" if rest else code_of_words(text, number, six, prefix=False)


def datum_of_words(text: str) -> str:
    """``CGCS2000``, ``Xian 1980`` or ``Beijing 1954`` as people name it; "" for none of them."""
    return next((name for name, word in _DATUM_WORDS if word.search(text)), "")


def code_of_words(datum: str, zone: int | None, six: bool, prefix: bool) -> str:
    """The EPSG code of a datum in words with its zone (None: degrees); "" where there is none."""
    name = datum_of_words(datum)
    if not name:
        return ""
    degrees, three, three_bare, sixes, sixes_bare = _FAMILIES[name]
    if zone is None:
        return f"EPSG:{degrees}"
    if six and 13 <= zone <= 23:
        return f"EPSG:{(sixes if prefix else sixes_bare) + zone - 13}"
    if not six and 25 <= zone <= 45:
        return f"EPSG:{(three if prefix else three_bare) + zone - 25}"
    return ""


def crs_text(crs: Any) -> str:
    """``EPSG:n`` where the system is that one, else the name as the file writes it, else the beginning of its definition."""
    code = code_of(crs)
    if code:
        return code
    written = _WRITTEN_NAME.match(str(crs.srs))
    if written:
        return written.group(1)
    name = str(_horizontal(crs).name)
    return name if name and name.lower() not in ("unknown", "unnamed") else " ".join(str(crs.srs).split())[:80]


@lru_cache(maxsize=128)
def code_of(crs: object) -> str:
    """``EPSG:n`` of the system that gives the same coordinates on the same datum (≤ 1 mm); "" where there is none."""
    flat = _horizontal(crs)
    if flat.is_bound and any(flat.coordinate_operation.towgs84):
        return ""
    flat = flat.source_crs if flat.is_bound else flat
    for code in _codes(flat):
        try:
            if _is_same(flat, CRS.from_epsg(code)):
                return f"EPSG:{code}"
        except CRSError:
            continue
    return ""


def _horizontal(crs: Any) -> Any:
    return crs.sub_crs_list[0] if crs.is_compound and crs.sub_crs_list else crs


def _codes(crs: Any) -> list[int]:
    """Codes that a system may be: what PROJ takes it for, and the zone of CGCS2000 that its meridian would be."""
    result = crs.to_authority(min_confidence=25)
    codes = [int(result[1])] if result and result[0] == "EPSG" and str(result[1]).isdigit() else []
    kind = _kind_of_datum(crs)
    if crs.is_geographic:
        return codes + {"cgcs2000": [4490], "wgs84": [4326]}.get(kind, [])
    if kind == "cgcs2000":
        meridian = _parameter(crs, "longitude of natural origin")
        if meridian is not None and meridian % 3 == 0 and 75 <= meridian <= 135:
            zone = int(meridian // 3)
            codes += [4513 + zone - 25, 4534 + zone - 25]
            codes += [4491 + (zone + 1) // 2 - 13, 4502 + (zone + 1) // 2 - 13] if zone % 2 else []
    return codes


def _parameter(crs: Any, name: str) -> float | None:
    operation = crs.coordinate_operation
    result = [one.value for one in operation.params if one.name.lower() == name] if operation else []
    return float(result[0]) if result else None


def _is_same(crs: Any, other: Any) -> bool:
    if crs.is_geographic != other.is_geographic or _kind_of_datum(crs) != _kind_of_datum(other):
        return False
    mine, theirs = crs.ellipsoid, other.ellipsoid
    if mine is None or theirs is None or crs.prime_meridian != other.prime_meridian:
        return False
    alike = abs(mine.semi_major_metre - theirs.semi_major_metre) < 0.01
    if not alike or abs(mine.inverse_flattening - theirs.inverse_flattening) > 1e-5:
        return False
    if crs.is_geographic:
        return bool(crs.axis_info) and all(
            abs(one.unit_conversion_factor - np.pi / 180) < 1e-12 for one in crs.axis_info[:2]
        )
    middle = _parameter(other, "longitude of natural origin") or 105.0
    lon, lat = (axis.ravel() for axis in np.meshgrid(middle + np.linspace(-3.0, 3.0, 5), np.linspace(4.0, 53.0, 5)))
    try:
        ours = np.array(_transformer(crs.geodetic_crs.to_wkt(), crs.to_wkt()).transform(lon, lat))
        known = np.array(_transformer(other.geodetic_crs.to_wkt(), other.to_wkt()).transform(lon, lat))
    except ProjError:
        return False
    return bool(np.isfinite(ours).all() and np.abs(ours - known).max() <= SAME_METRES)


def _kind_of_datum(crs: object) -> str:
    name = _datum_name(crs)
    if is_cgcs2000(crs) or ("unknown" in name and is_near_cgcs2000(crs)):
        return "cgcs2000"
    for kind, words in (("wgs84", ("wgs 84", "wgs84", "wgs 1984", "world geodetic system 1984")), ("1980", ("xian",)),
                        ("1954", ("beijing 1954",))):  # fmt: skip
        if any(word in name for word in words):
            return kind
    return name


def _datum_name(crs: Any) -> str:
    base = crs.source_crs if crs.is_bound else crs
    return str(base.datum.name if base.datum else "").lower().replace("_", " ")


@lru_cache(maxsize=256)
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(CRS.from_user_input(source), CRS.from_user_input(target), always_xy=True)


def transformed(transformer: Transformer, x: Floats, y: Floats) -> tuple[Any, Any]:
    """Arrays moved by pyproj; a single point goes as two, because pyproj takes an array of one for a number."""
    if len(x) != 1:
        first, second = transformer.transform(x, y)
        return first, second
    first, second = transformer.transform(np.repeat(x, 2), np.repeat(y, 2))
    return first[:1], second[:1]


def is_cgcs2000(crs: object) -> bool:
    """Whether the datum is China Geodetic Coordinate System 2000 by its name."""
    name = _datum_name(crs)
    return (
        "china 2000" in name or "cgcs2000" in name.replace(" ", "") or "china geodetic coordinate system 2000" in name
    )


def is_near_cgcs2000(crs: Any) -> bool:
    """Whether no datum shift is needed at cadastral scale: CGCS2000 itself, WGS 84 and ITRF agree within decimetres.

    Told by the name and by the ellipsoid: Beijing 1954 is on Krassowsky's, Xian 1980 on IAG 1975. An ellipsoid raised by the height of a
    plane (抵偿面) is CGCS2000 all the same: latitude and longitude stay what they are, only the plane is larger.
    """
    if crs.is_bound and any(crs.coordinate_operation.towgs84):
        return False
    ellipsoid = crs.ellipsoid
    if ellipsoid is None or (_OLD_NAMES.search(_datum_name(crs)) and not is_cgcs2000(crs)):
        return False
    major, flattening = ellipsoid.semi_major_metre, ellipsoid.inverse_flattening
    if any(abs(major - a) < 0.01 and abs(flattening - rf) < 5e-5 for a, rf in _OLD_ELLIPSOIDS):
        return False
    height = major - _A
    raised = any(abs(flattening - rf) < 0.001 for rf in (_RF, _RF * (1 + height / _A)))
    return raised and (abs(height) < 0.01 or (abs(height) <= _HIGHEST_PLANE and _may_be_raised(crs)))


def _may_be_raised(crs: object) -> bool:
    """A raised ellipsoid is believed of CGCS2000 and of a definition without a name for its datum, not of another datum."""
    return is_cgcs2000(crs) or "unknown" in _datum_name(crs) or _kind_of_datum_is_own(crs)


def _kind_of_datum_is_own(crs: object) -> bool:
    name = _datum_name(crs)
    return not any(word in name for word in ("clarke", "nad", "ed50", "wgs 72", "tokyo", "hu tzu", "arc 19"))


def to_lon_lat(x: Floats, y: Floats, crs: object, swapped: bool = False) -> Floats:
    """Coordinates in ``crs`` as its own longitude and latitude, shape (n, 2); what cannot be placed becomes NaN.

    Of an old datum these are up to some hundred metres off those of CGCS2000: enough to tell where something lies, no more.
    """
    if swapped:
        x, y = y, x
    try:
        lon, lat = transformed(_to_degrees(crs), x, y)
    except ProjError:
        return np.full((len(x), 2), np.nan)
    result = np.column_stack([lon, lat]).astype(np.float64)
    result[~np.isfinite(result).all(axis=1)] = _FAR
    return result


def from_lon_lat(lon: Floats, lat: Floats, crs: Any) -> tuple[Any, Any]:
    """Longitude and latitude as coordinates of ``crs`` (easting or longitude first), the way back of :func:`to_lon_lat`.

    Raises ``intake.crs_unreadable``.
    """
    own = _horizontal(crs.source_crs if crs.is_bound else crs)
    try:
        return transformed(_transformer(_degrees_of(own).to_wkt(), own.to_wkt()), lon, lat)
    except ProjError as error:
        raise WeipianError("intake.crs_unreadable", crs=crs_text(crs)) from error


def _to_degrees(crs: Any) -> Transformer:
    own = _horizontal(crs.source_crs if crs.is_bound else crs)
    return _transformer(own.to_wkt(), _degrees_of(own).to_wkt())


def _degrees_of(crs: Any) -> Any:
    if crs.geodetic_crs is None:
        raise ProjError("no geodetic system")
    return crs.geodetic_crs


def to_stored(geometries: Any, crs: Any, swapped: bool = False, shift: str | None = None) -> Any:
    """Geometries moved to EPSG:4490 (longitude first).

    ``shift`` is a ``towgs84`` parameter text (three or seven numbers) for an old datum; without it an old datum
    raises ``intake.datum_shift_unknown``, because PROJ would silently keep the coordinates (an error of up to 150 m).
    Raises ``intake.crs_unreadable``.
    """
    if crs.is_geographic and is_near_cgcs2000(crs):
        return shapely.transform(geometries, lambda xy: xy[:, ::-1]) if swapped else geometries
    first, second = (1, 0) if swapped else (0, 1)
    try:
        steps = _steps(crs, shift)
    except ProjError as error:  # a system that PROJ knows but has no way out of, such as a local one
        raise WeipianError("intake.crs_unreadable", crs=crs_text(crs)) from error

    def move(xy: Floats) -> Floats:
        x, y = xy[:, first], xy[:, second]
        for step in steps:
            x, y = transformed(step, x, y)
        return np.column_stack([x, y])

    return shapely.transform(geometries, move)


def _steps(crs: Any, shift: str | None) -> list[Transformer]:
    """The way to EPSG:4490: to the system's own degrees, and for an old datum over geocentric coordinates with the parameters.

    Written out, because PROJ applies ``towgs84`` only towards WGS 84 and drops it silently towards CGCS2000. The rotations
    are those of the position vector method (EPSG:9606), as in ``towgs84``.
    """
    own = _horizontal(crs.source_crs if crs.is_bound else crs)
    degrees = _degrees_of(own)
    if is_near_cgcs2000(crs):
        return [_transformer(own.to_wkt(), degrees.to_wkt() if not own.prime_meridian.longitude else STORED_CRS)]
    dx, dy, dz, rx, ry, rz, scale = [*parameters_of(crs, shift), 0.0, 0.0, 0.0, 0.0][:7]
    pipeline = (
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
        f"+step +proj=cart +a={degrees.ellipsoid.semi_major_metre} +rf={degrees.ellipsoid.inverse_flattening} "
        f"+step +proj=helmert +x={dx} +y={dy} +z={dz} +rx={rx} +ry={ry} +rz={rz} +s={scale} +convention=position_vector "
        "+step +inv +proj=cart +ellps=GRS80 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )
    return [_transformer(own.to_wkt(), degrees.to_wkt()), Transformer.from_pipeline(pipeline)]


def moved_by(crs: Any, translations: tuple[float, float, float]) -> str:
    """WKT of ``crs`` with three translations (m) towards WGS 84, as ``towgs84`` has them."""
    from pyproj.crs import BoundCRS
    from pyproj.crs.coordinate_operation import ToWGS84Transformation

    shift = ToWGS84Transformation(crs.geodetic_crs, *translations)
    return str(BoundCRS(source_crs=crs, target_crs="EPSG:4326", transformation=shift).to_wkt())


def parameters_of(crs: Any, shift: str | None = None) -> list[float]:
    """The three or seven numbers that move an old datum: those of its ``towgs84`` (all zero means none), else ``shift``.

    Raises ``intake.datum_shift_unknown`` and ``intake.datum_shift_unreadable``.
    """
    own = [float(number) for number in crs.coordinate_operation.towgs84] if crs.is_bound else []
    if any(own):
        return own
    if not shift:
        raise WeipianError("intake.datum_shift_unknown", crs=crs_text(crs))
    try:
        numbers = [float(part) for part in shift.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (3, 7) or not np.isfinite(numbers).all():
        raise WeipianError("intake.datum_shift_unreadable", shift=shift)
    return numbers
