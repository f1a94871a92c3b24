"""Boxes around boxes: what a map shows first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import numpy as np

from .extents import Box
from .rings import Floats


def box_of_most(boxes: Sequence[Box]) -> Optional[Box]:
    """West, south, east, north that holds the boxes; None where there are none.

    Up to one in twenty is left out, the farthest first, where the others need less than half the ground: one parcel in another corner
    of the county, or placed wrongly, would make dots of all others.
    """
    if not boxes:
        return None
    corners = np.asarray(boxes, dtype=float)
    centres = (corners[:, :2] + corners[:, 2:]) / 2
    order = np.argsort(np.hypot(*(centres - np.median(centres, axis=0)).T), kind="stable")
    whole, most = (_around(corners[order[:count]]) for count in (len(order), len(order) - len(order) // 20))
    return most if _ground(most) < _ground(whole) / 2 else whole


def _around(corners: Floats) -> Box:
    (west, south), (east, north) = corners[:, :2].min(axis=0), corners[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


def _ground(box: Box) -> float:
    west, south, east, north = box
    return (east - west) * (north - south)
