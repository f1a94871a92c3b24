"""Gauss-Krüger projection (高斯-克吕格投影) on CGCS2000, for whole arrays at once.

Krüger's series in the third flattening n to n⁶ (C. F. F. Karney, "Transverse Mercator with an accuracy of a few
nanometers", 2011). Own code, because inside QGIS the database of PROJ may belong to another version, and because the
central meridian may differ from point to point here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Union

import numpy as np
import numpy.typing as npt

from .ellipsoid import ECCENTRICITY, ECCENTRICITY_SQUARED, SEMI_MAJOR
from .ellipsoid import THIRD_FLATTENING as n

Floats = npt.NDArray[np.float64]
FloatOrArray = Union[float, Floats]

FALSE_EASTING = 500_000.0
_TOGETHER = 16_384  # points that are computed together: all arrays on the way stay in the processor's cache

#: Radius of the sphere with the same meridian length, m.
RECTIFYING_RADIUS = SEMI_MAJOR / (1 + n) * (1 + n**2 / 4 + n**4 / 64 + n**6 / 256)

#: Conformal sphere -> plane.
_FORWARD = (
    n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16 + 41 * n**4 / 180 - 127 * n**5 / 288 + 7891 * n**6 / 37800,
    13 * n**2 / 48 - 3 * n**3 / 5 + 557 * n**4 / 1440 + 281 * n**5 / 630 - 1983433 * n**6 / 1935360,
    61 * n**3 / 240 - 103 * n**4 / 140 + 15061 * n**5 / 26880 + 167603 * n**6 / 181440,
    49561 * n**4 / 161280 - 179 * n**5 / 168 + 6601661 * n**6 / 7257600,
    34729 * n**5 / 80640 - 3418889 * n**6 / 1995840,
    212378941 * n**6 / 319334400,
)
#: Plane -> conformal sphere.
_INVERSE = (
    n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96 - n**4 / 360 - 81 * n**5 / 512 + 96199 * n**6 / 604800,
    n**2 / 48 + n**3 / 15 - 437 * n**4 / 1440 + 46 * n**5 / 105 - 1118711 * n**6 / 3870720,
    17 * n**3 / 480 - 37 * n**4 / 840 - 209 * n**5 / 4480 + 5569 * n**6 / 90720,
    4397 * n**4 / 161280 - 11 * n**5 / 504 - 830251 * n**6 / 7257600,
    4583 * n**5 / 161280 - 108847 * n**6 / 3991680,
    20648693 * n**6 / 638668800,
)
#: Conformal latitude -> geodetic latitude.
_LATITUDE = (
    2 * n - 2 * n**2 / 3 - 2 * n**3 + 116 * n**4 / 45 + 26 * n**5 / 45 - 2854 * n**6 / 675,
    7 * n**2 / 3 - 8 * n**3 / 5 - 227 * n**4 / 45 + 2704 * n**5 / 315 + 2323 * n**6 / 945,
    56 * n**3 / 15 - 136 * n**4 / 35 - 1262 * n**5 / 105 + 73814 * n**6 / 2835,
    4279 * n**4 / 630 - 332 * n**5 / 35 - 399572 * n**6 / 14175,
    4174 * n**5 / 315 - 144838 * n**6 / 6237,
    601676 * n**6 / 22275,
)


def forward(lon: Floats, lat: Floats, central_meridian: FloatOrArray) -> tuple[Floats, Floats]:
    """Degrees to plane metres: easting (500 km false easting, no zone prefix) and northing.

    ``central_meridian`` in degrees, one value or one per point. Good to micrometres within 3° of it.
    """
    return _piece_by_piece(_forward, lon, lat, central_meridian)


def _forward(lon: Floats, lat: Floats, central_meridian: FloatOrArray) -> tuple[Floats, Floats]:
    phi = np.radians(lat)
    lam = np.radians(lon - central_meridian)
    sine = np.sin(phi)
    conformal = np.sinh(np.arctanh(sine) - ECCENTRICITY * np.arctanh(ECCENTRICITY * sine))  # tan of it
    cosine = np.cos(lam)
    xi = np.arctan2(conformal, cosine)
    eta = np.arcsinh(np.sin(lam) / np.hypot(conformal, cosine))
    add_xi, add_eta = _complex_series(_FORWARD, xi, eta)
    return (eta + add_eta) * RECTIFYING_RADIUS + FALSE_EASTING, (xi + add_xi) * RECTIFYING_RADIUS


def inverse(x: Floats, y: Floats, central_meridian: FloatOrArray) -> tuple[Floats, Floats]:
    """Plane metres (as :func:`forward` gives them) to degrees: longitude and latitude."""
    phi, lam = inverse_radians(x, y)
    return np.degrees(lam) + central_meridian, np.degrees(phi)


def inverse_radians(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Plane metres to latitude and longitude **difference** from the central meridian, radians."""
    return _piece_by_piece(_inverse_radians, x, y)


def _inverse_radians(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    xi, eta = y / RECTIFYING_RADIUS, (x - FALSE_EASTING) / RECTIFYING_RADIUS
    less_xi, less_eta = _complex_series(_INVERSE, xi, eta)
    xi, eta = xi - less_xi, eta - less_eta
    sinh, cosine = np.sinh(eta), np.cos(xi)
    lam = np.arctan2(sinh, cosine)
    chi = np.arctan2(np.sin(xi), np.hypot(sinh, cosine))
    return chi + _sine_series(_LATITUDE, chi), lam


def areal_scale(x: Floats, y: Floats) -> Floats:
    """1/m²: area on the ellipsoid per area of the plane at a point (same coordinates as :func:`forward` gives).

    m = 1 + y²/2R² + y⁴/24R⁴ with the ellipsoid's fourth-order term; R² = MN at the footpoint latitude.
    """
    return areal_scale_at(x, *curvature(y))


def curvature(y: Floats) -> tuple[Floats, Floats]:
    """R² = MN (m²) and η² at the footpoint latitude of a northing."""
    foot, _ = inverse_radians(np.full_like(y, FALSE_EASTING), y)
    sine_squared = np.sin(foot) ** 2
    radius_squared = SEMI_MAJOR**2 * (1 - ECCENTRICITY_SQUARED) / (1 - ECCENTRICITY_SQUARED * sine_squared) ** 2
    return radius_squared, ECCENTRICITY_SQUARED / (1 - ECCENTRICITY_SQUARED) * (1 - sine_squared)


def areal_scale_at(x: Floats, radius_squared: Floats, eta_squared: Floats) -> Floats:
    """1/m² at an easting, with the curvature of its latitude: over a few kilometres the latitude hardly matters."""
    u = (x - FALSE_EASTING) ** 2 / radius_squared
    scale: Floats = 1 + u / 2 + u * u / 24 * (1 + 4 * eta_squared)
    return 1 / (scale * scale)


def _complex_series(terms: tuple[float, ...], xi: Floats, eta: Floats) -> tuple[Floats, Floats]:
    """Σ term_j · sin 2j(ξ + iη) by Clenshaw's recurrence, in real arithmetic."""
    sin, cos = np.sin(2 * xi), np.cos(2 * xi)
    sinh, cosh = np.sinh(2 * eta), np.cosh(2 * eta)
    real, imaginary = 2 * cos * cosh, -2 * sin * sinh
    b1r = b1i = b2r = b2i = np.zeros_like(xi)
    for term in reversed(terms):
        b1r, b1i, b2r, b2i = real * b1r - imaginary * b1i - b2r + term, real * b1i + imaginary * b1r - b2i, b1r, b1i
    zr, zi = sin * cosh, cos * sinh
    return zr * b1r - zi * b1i, zr * b1i + zi * b1r


def _sine_series(terms: tuple[float, ...], angle: Floats) -> Floats:
    """Σ term_j · sin 2j·angle by Clenshaw's recurrence."""
    sin, double_cos = np.sin(2 * angle), 2 * np.cos(2 * angle)
    b1 = b2 = np.zeros_like(angle)
    for term in reversed(terms):
        b1, b2 = double_cos * b1 - b2 + term, b1
    result: Floats = sin * b1
    return result


def _piece_by_piece(function: Callable[..., tuple[Floats, Floats]], *given: Any) -> tuple[Floats, Floats]:
    """The function of arrays (n,) and single values, computed for :data:`_TOGETHER` points after the other."""
    count = max(np.size(value) for value in given)
    if count <= _TOGETHER or any(np.ndim(value) > 1 for value in given):
        return function(*given)
    first, second = np.empty(count), np.empty(count)
    for start in range(0, count, _TOGETHER):
        some = slice(start, start + _TOGETHER)
        first[some], second[some] = function(*(value[some] if np.ndim(value) else value for value in given))
    return first, second
