"""Where a county may lie: boxes of provinces and counties as data, to check coordinates and never to draw with.

A county's own box (from its village layer or the workspace) is better evidence and goes first when it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ..model.paths import resource
from ..model.typed_yaml import read

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Extent:
    """West, south, east, north in CGCS2000 degrees; ``level`` is ``given``, ``county``, ``province`` or ``nation``."""

    box: Box
    name: str
    level: str

    def holds(self, lon: float, lat: float, margin: float = 0.0) -> bool:
        """Whether a point lies inside, ``margin`` degrees beyond the edge counted in."""
        west, south, east, north = self.box
        return west - margin <= lon <= east + margin and south - margin <= lat <= north + margin


@dataclass(frozen=True)
class _Place:
    name: str
    box: Box


@dataclass(frozen=True)
class _Places:
    nation: _Place
    provinces: Mapping[str, _Place]
    counties: Mapping[str, _Place]


@lru_cache(maxsize=1)
def _places() -> _Places:
    return read(resource("geodesy", "extents.yaml"), _Places)


def nation() -> Extent:
    """The box in which any Chinese parcel must lie."""
    return Extent(_places().nation.box, _places().nation.name, "nation")


def extent_of(code: str) -> Extent | None:
    """The best known box for an administrative code of two or more digits; None for an unknown code."""
    county = _places().counties.get(code[:6])
    if county:
        return Extent(county.box, county.name, "county")
    province = _places().provinces.get(code[:2])
    return Extent(province.box, province.name, "province") if province else None


def county_name(code: str) -> str:
    """The name of a county when it is in the table, else empty."""
    county = _places().counties.get(code[:6])
    return county.name if county else ""


def joint_extent(codes: Iterable[str]) -> Extent | None:
    """One box around the places of several codes (a delivery may span counties); the coarsest level counts."""
    known = [extent for extent in map(extent_of, sorted(set(codes))) if extent]
    if not known:
        return None
    boxes = list(zip(*(extent.box for extent in known)))
    level = "province" if any(extent.level == "province" for extent in known) else "county"
    return Extent((min(boxes[0]), min(boxes[1]), max(boxes[2]), max(boxes[3])), "、".join(e.name for e in known), level)
