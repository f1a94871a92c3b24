"""CGCS2000 ellipsoid (GB 22021-2008): the figures every area and projection of the plugin rests on."""

from __future__ import annotations

from math import sqrt

SEMI_MAJOR = 6378137.0  # a, m
FLATTENING = 1 / 298.257222101  # f
SEMI_MINOR = SEMI_MAJOR * (1 - FLATTENING)  # b = 6356752.314140356 m
ECCENTRICITY_SQUARED = FLATTENING * (2 - FLATTENING)  # e² = 0.0066943800229
ECCENTRICITY = sqrt(ECCENTRICITY_SQUARED)
THIRD_FLATTENING = FLATTENING / (2 - FLATTENING)  # n

#: Mean length of a degree of latitude, metres (a quarter of a meridian, 10 001 965.7 m, over 90): for distances of a sketch or a margin.
METRES_PER_DEGREE = 111_132.95
