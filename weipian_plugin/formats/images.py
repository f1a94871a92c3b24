"""Where an image lies, decided as for vectors: by what it declares, what a person says, and whether its corners make sense there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
import shapely
from numpy.typing import NDArray

from ..geodesy.extents import Extent, nation
from ..model.errors import WeipianError
from ..model.messages import Message
from .crs import decide_crs
from .systems import code_of, crs_text, from_lon_lat, is_near_cgcs2000, parameters_of, parse_crs, to_lon_lat, to_stored

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ImagePlace:
    """Where an image lies. ``crs``: ``EPSG:n`` or WKT, "" where it cannot be placed; ``problem`` then says why.

    ``notes``: what is to be said of an image that is placed (inferred, old datum). ``datum``: the name of an old datum that was not moved.
    """

    crs: str = ""
    name: str = ""
    problem: Optional[Message] = None
    notes: tuple[Message, ...] = ()
    datum: str = ""

    @property
    def placed(self) -> bool:
        return self.problem is None


def place_image(
    shown: str, declared: str, corners: Sequence[tuple[float, float]], chosen: str | None, expected: Extent | None
) -> ImagePlace:
    """Decide the system of an image.

    ``shown``: its name for messages; ``declared``: WKT of the file or ""; ``corners``: of its extent in its own coordinates, at least
    four; ``chosen``: the ``crs`` of the catalogue; ``expected``: where the parcels are (None: somewhere in China).
    """
    points = _spread(np.asarray(corners, dtype=np.float64))
    if not np.isfinite(points).all() or not len(points):
        return ImagePlace(problem=Message("filing.image_no_position", {"path": shown}))
    if _in_pixels(points):
        return ImagePlace(problem=Message("filing.image_no_position", {"path": shown}))
    x, y = (round(float(value), 3) for value in np.median(points, axis=0))
    try:
        if chosen or declared:
            crs = parse_crs(chosen or declared)
            certain = True
        else:
            decision = decide_crs(None, points, expected)
            if decision.swapped:
                return ImagePlace(
                    problem=Message("filing.image_contradicts", {"path": shown, "crs": decision.name, "x": x, "y": y})
                )
            crs, certain = decision.crs, False
    except WeipianError as error:
        code = "filing.image_crs_unknown" if error.code == "intake.crs_unknown" else "filing.image_crs_unreadable"
        return ImagePlace(problem=Message(code, {"path": shown, "crs": (chosen or declared)[:60], "x": x, "y": y}))
    if not _somewhere(points, crs):
        return ImagePlace(
            problem=Message("filing.image_contradicts", {"path": shown, "crs": crs_text(crs), "x": x, "y": y})
        )
    return _placed(shown, crs, certain)


def _placed(shown: str, crs: Any, certain: bool) -> ImagePlace:
    name = crs_text(crs)
    notes = () if certain else (Message("filing.image_inferred", {"path": shown, "crs": name}),)
    datum = ""
    if not is_near_cgcs2000(crs):
        try:
            parameters_of(crs)
        except WeipianError:
            datum = name
            notes = (*notes, Message("filing.image_old_datum", {"path": shown, "crs": name}))
    return ImagePlace(code_of(crs) or str(crs.to_wkt()), name, None, notes, datum)


def _spread(corners: Floats) -> Floats:
    """Points over the extent: an image may reach beyond its zone at one side."""
    if corners.ndim != 2 or len(corners) < 2 or not np.isfinite(corners).all():
        return corners.reshape(-1, 2) if corners.size % 2 == 0 else np.zeros((0, 2))
    west, south = corners.min(axis=0)
    east, north = corners.max(axis=0)
    across, up = np.meshgrid(np.linspace(west, east, 5), np.linspace(south, north, 5))
    return np.column_stack([across.ravel(), up.ravel()])


def _in_pixels(points: Floats) -> bool:
    """Whether the extent counts pixels from a corner: GDAL's way of saying that an image has no position."""
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    whole = all(float(value).is_integer() for value in (west, south, east, north))
    return bool(whole and west == 0 and 0 in (south, north) and east > 0)


def _somewhere(points: Floats, crs: object) -> bool:
    """Whether most of an image lies in China in this system."""
    degrees = to_lon_lat(points[:, 0], points[:, 1], crs)
    west, south, east, north = nation().box
    with np.errstate(invalid="ignore"):
        inside = (degrees[:, 0] >= west) & (degrees[:, 0] <= east) & (degrees[:, 1] >= south) & (degrees[:, 1] <= north)
    return bool(inside.mean() >= 0.5)


def drawing_system(place: ImagePlace, lon: float, lat: float) -> str:
    """The system in which a map around a place draws the image: its own, or for an old datum with parameters one of CGCS2000 whose false
    coordinates are moved by what the parameters give there.

    PROJ, and QGIS with it, drops ``towgs84`` silently on the way to CGCS2000. Over the few kilometres of a map the shift is constant to
    some centimetres.
    """
    crs = parse_crs(place.crs)
    if is_near_cgcs2000(crs) or place.datum or not crs.is_bound:
        return place.crs
    own = crs.source_crs
    if own.is_geographic or "transverse mercator" not in str(own.coordinate_operation.method_name).lower():
        return place.crs
    values = {one.name.lower(): one.value for one in own.coordinate_operation.params}
    meridian = values.get("longitude of natural origin", 0.0)
    scale = values.get("scale factor at natural origin", 1.0)
    bare = (
        f"+proj=tmerc +lat_0={values.get('latitude of natural origin', 0.0)} +lon_0={meridian} +k={scale} "
        "+x_0={x} +y_0={y} +ellps=GRS80 +units=m +no_defs"
    )
    east, north = _coordinates_at(crs, lon, lat)
    plain = parse_crs(bare.format(x=0, y=0))
    there = from_lon_lat(np.array([lon]), np.array([lat]), plain)
    return bare.format(x=round(east - float(there[0][0]), 4), y=round(north - float(there[1][0]), 4))


def _coordinates_at(crs: object, lon: float, lat: float) -> tuple[float, float]:
    """The coordinates that the system has at a place of CGCS2000: found by two steps from the unmoved ones."""
    aim = np.array([lon, lat])
    guess = aim.copy()
    for _ in range(3):
        east, north = (float(one[0]) for one in from_lon_lat(guess[:1], guess[1:], crs))
        moved = shapely.get_coordinates(to_stored(np.array([shapely.Point(east, north)], dtype=object), crs))[0]
        guess = guess + (aim - moved)
    east, north = (float(one[0]) for one in from_lon_lat(guess[:1], guess[1:], crs))
    return east, north
