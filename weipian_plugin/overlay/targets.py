"""What is measured: parcels, or the proposed parts of parcels, in the plane of one zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from ..geodesy.area import plane_area
from ..geodesy.gauss_kruger import areal_scale_at, curvature

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]
Booleans = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Targets:
    """``official``: area on the ellipsoid, full precision; ``total``: the same at 0.01 m², to which everything closes.

    ``adjust``: official area by the plane's own figure for it; days are ordinal (0 = not known).
    """

    index: Integers  # position of the parcel in the run
    part: Geometries  # "" or "_1", "_2", ...
    geometry: Geometries
    planar: Floats
    official: Floats
    total: Floats
    adjust: Floats
    curvature: tuple[Floats, Floats]  # R² = MN and η² at the subject's latitude: the same for all of its pieces
    earlier_first: Integers
    later_first: Integers
    later_last: Integers

    def __len__(self) -> int:
        return len(self.index)

    @classmethod
    def of(
        cls, index: Integers, part: Geometries, geometry: Geometries, official: Floats, total: Floats, days: Any
    ) -> Targets:
        """``days``: earlier_first, later_first, later_last as rows of an array (3, n)."""
        planar = shapely.area(geometry)
        measured = plane_area(geometry, planar)
        adjust = np.divide(official, measured, out=np.ones(len(index)), where=measured > 0)
        bounds = shapely.bounds(geometry)
        bent = curvature((bounds[:, 1] + bounds[:, 3]) / 2)
        return cls(index, part, geometry, planar, official, total, adjust, bent, days[0], days[1], days[2])

    def areas(self, geometry: Geometries, planar: Floats, subject: Integers) -> Floats:
        """Areas of pieces of subjects on the ellipsoid, m²: they add up to the subject's official area."""
        if not len(geometry):
            return np.zeros(0)
        filled = planar > 0  # nothing has no centre
        easting = np.zeros(len(geometry))
        easting[filled] = shapely.get_x(shapely.centroid(geometry[filled]))
        scale = areal_scale_at(easting, self.curvature[0][subject], self.curvature[1][subject])
        areas: Floats = np.where(filled, planar * scale * self.adjust[subject], 0.0)
        return areas


def cents(values: Floats) -> Floats:
    """Areas rounded half up to 0.01 m²."""
    rounded: Floats = np.floor(values * 100 + 0.5 + 1e-7) / 100
    return rounded


def sum_by(owner: Integers, values: Floats, count: int) -> Floats:
    """Sums of ``values`` per owner, zeros for owners without any."""
    sums: Floats = np.bincount(owner, values, count).astype(np.float64)
    return sums
