"""The coordinates a layer comes in, and the way from them to the plane of a parcel's zone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Optional

import numpy as np
import numpy.typing as npt
import shapely

from ..formats.crs import CrsDecision, is_near_cgcs2000, parse_crs, to_stored
from ..geodesy import zone as zones
from ..intake.layers import boxes_in
from ..model.messages import Message

Floats = npt.NDArray[np.float64]
Geometries = npt.NDArray[np.object_]

DEGREES, ZONE, OTHER = "degrees", "zone", "other"


@dataclass(frozen=True)
class Frame:
    """``kind``: degrees of CGCS2000, a 3-degree zone of it, or another system. ``swapped``: latitude or northing first."""

    kind: str
    zone: int
    prefix: bool
    swapped: bool
    crs: str  # EPSG text or WKT

    @classmethod
    def of(cls, decision: CrsDecision) -> Frame:
        """From what was found out of a layer's system: a zone of CGCS2000, degrees, else the system by its code or WKT."""
        name = decision.code
        known = zones.of_epsg(int(name[5:])) if name.startswith("EPSG:") and name[5:].isdigit() else None
        if known:
            return cls(ZONE, known[0], known[1], decision.swapped, name)
        if decision.crs.is_geographic and is_near_cgcs2000(decision.crs):
            return cls(DEGREES, 0, False, decision.swapped, name or decision.crs.to_wkt())
        # A system without a code is computed as it is defined, never by the code whose name it bears.
        return cls(OTHER, 0, False, decision.swapped, name or decision.crs.to_wkt())

    def shift_to(self, zone: int, decimals: int) -> Optional[Callable[[Floats], Floats]]:
        """How vertices (n, 2) of the layer come into the plane of ``zone`` where moving them is enough; None where it is not."""
        if self.kind != ZONE or self.zone != zone:
            return None
        east = zones.offset(zone, self.prefix)

        def shift(coordinates: Floats) -> Floats:
            moved = (coordinates[:, ::-1] if self.swapped else coordinates).copy()
            moved[:, 0] -= east
            return np.round(moved, decimals, out=moved)

        return shift

    def to_plane(self, geometries: Geometries, zone: int, decimals: int) -> Geometries:
        """Geometry as it stands in the layer to the plane of ``zone`` (6-digit easting), 2D, rounded to ``decimals``."""
        if self.kind == OTHER:
            stored = to_stored(geometries, parse_crs(self.crs), self.swapped)
            return _round(zones.project(stored, zone), decimals)
        shift = self.shift_to(zone, decimals)
        if shift:
            moved: Geometries = shapely.transform(geometries, shift)
            return moved
        degrees = shapely.transform(geometries, lambda xy: xy[:, ::-1]) if self.swapped else geometries
        if self.kind == ZONE:
            degrees = zones.unproject(degrees, self.zone, self.prefix)
        return _round(zones.project(degrees, zone), decimals)

    def boxes(self, degrees: Floats, plane: Floats, zone: int) -> Floats:
        """Boxes of parcels, given in degrees and in the plane of ``zone``, as boxes (n, 4) of the layer's coordinates."""
        if self.kind == ZONE and self.zone == zone:
            east = zones.offset(zone, self.prefix)
            own = plane + (east, 0.0, east, 0.0)
        elif self.kind == DEGREES:
            own = degrees + (-1e-9, -1e-9, 1e-9, 1e-9)
        else:
            own = boxes_in(degrees, _decision(self.crs))
        swapped: Floats = own[:, [1, 0, 3, 2]] if self.swapped else own
        return swapped


def _round(geometries: Geometries, decimals: int) -> Geometries:
    rounded: Geometries = shapely.transform(geometries, lambda xy: np.round(xy, decimals))
    return rounded


def _decision(crs: str) -> CrsDecision:
    return CrsDecision(parse_crs(crs), False, True, Message("intake.crs_chosen", {"crs": crs}))
