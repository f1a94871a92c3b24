"""From magnetic to true north: declination (磁偏角) by the World Magnetic Model, with the date of the photo.

Coefficients of WMM 2010 to 2025 come with pygeomag, as modules: it would look for its files by cutting its own path, which fails where
QGIS on Windows mixes both slashes in it. Each model is valid for five years. Outside of 2010-2030 the nearest end is used
and said so. Near sea level the altitude does not matter at compass precision.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from ..vendor.pygeomag import GeoMag
from ..vendor.pygeomag.wmm.wmm_2010 import WMM_2010
from ..vendor.pygeomag.wmm.wmm_2015v2 import WMM_2015v2
from ..vendor.pygeomag.wmm.wmm_2020 import WMM_2020
from ..vendor.pygeomag.wmm.wmm_2025 import WMM_2025

FIRST_YEAR, LAST_YEAR = 2010, 2029
#: Coefficients by the first year they are valid in.
_MODELS = {2010: WMM_2010, 2015: WMM_2015v2, 2020: WMM_2020, 2025: WMM_2025}


@dataclass(frozen=True)
class Declination:
    """``degrees`` east of true north; ``model`` such as WMM-2025; ``in_range`` False: the model does not cover the date."""

    degrees: float
    model: str
    in_range: bool


@lru_cache(maxsize=8)
def _model(year: int) -> GeoMag:
    return GeoMag(coefficients_data=_MODELS[max(first for first in _MODELS if first <= year)])


@lru_cache(maxsize=4096)
def _on_grid(lon: float, lat: float, year: int, month: int) -> Declination:
    within = min(max(year, FIRST_YEAR), LAST_YEAR)
    time = within + (month - 0.5) / 12 if within == year else (2010.0 if year < FIRST_YEAR else 2030.0)
    model = _model(within)
    found = model.calculate(glat=lat, glon=lon, alt=0, time=time)
    return Declination(float(found.d), str(model.model).strip(), within == year)


def declination(lon: float, lat: float, on: date) -> Declination:
    """Declination at a place and day, WGS 84 degrees. Taken from a grid of 0.05° and a month: good to about 0.02°."""
    return _on_grid(round(lon * 20) / 20, round(lat * 20) / 20, on.year, on.month)
