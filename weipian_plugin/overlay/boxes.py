"""Boxes first: which features lie near which parcels, without looking at any geometry."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

BLOCK = 16  # features whose boxes are looked at together


def morton_order(boxes: Floats) -> Integers:
    """Order in which neighbours in the plane are mostly neighbours in the list (Morton codes of the boxes' middles)."""
    if not len(boxes):
        return np.zeros(0, np.int64)
    middle = np.column_stack([boxes[:, 0] + boxes[:, 2], boxes[:, 1] + boxes[:, 3]])
    low = middle.min(axis=0)
    span = max(float((middle.max(axis=0) - low).max()), 1e-12)
    cells = ((middle - low) * (65535 / span)).astype(np.uint32)
    order: Integers = np.argsort(_spread(cells[:, 0]) | (_spread(cells[:, 1]) << np.uint32(1)), kind="stable")
    return order


def _spread(values: Any) -> Any:
    """The 16 low bits with a gap between each two."""
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        values = (values | (values << np.uint32(shift))) & np.uint32(mask)
    return values


def block_boxes(boxes: Floats) -> Floats:
    """The box around every :data:`BLOCK` consecutive boxes."""
    starts = np.arange(0, len(boxes), BLOCK)
    if not len(starts):
        return np.zeros((0, 4))
    return np.column_stack(
        [
            np.minimum.reduceat(boxes[:, 0], starts),
            np.minimum.reduceat(boxes[:, 1], starts),
            np.maximum.reduceat(boxes[:, 2], starts),
            np.maximum.reduceat(boxes[:, 3], starts),
        ]
    )


def near(parcels: Floats, blocks: Floats, boxes: Floats) -> tuple[Integers, Integers]:
    """Pairs (parcel, feature) whose boxes meet, ordered by parcel.

    ``parcels`` (m, 4); ``boxes`` (n, 4) of the features in Morton order, possibly a memory map: only blocks near the
    parcels are read; ``blocks`` from :func:`block_boxes`.
    """
    none = np.zeros(0, np.int64)
    if not len(parcels) or not len(blocks):
        return none, none
    around = np.concatenate([parcels[:, :2].min(axis=0), parcels[:, 2:].max(axis=0)])
    close = np.flatnonzero(_meet(blocks, around[None, :]))
    if not len(close):
        return none, none
    # Of a line only its box counts here, and it is made quicker than a rectangle.
    diagonals = shapely.linestrings(np.asarray(blocks[close]).reshape(-1, 2, 2))
    parcel, block = shapely.STRtree(diagonals).query(shapely.box(*parcels.T))
    order = np.lexsort((block, parcel))
    parcel, block = parcel[order].astype(np.int64), close[block[order]]
    rows = (block[:, None] * BLOCK + np.arange(BLOCK)).ravel()
    parcel = np.repeat(parcel, BLOCK)
    inside = rows < len(boxes)
    rows, parcel = rows[inside], parcel[inside]
    meet = _meet(np.asarray(boxes[rows]), parcels[parcel])
    return parcel[meet], rows[meet]


def _meet(boxes: Floats, others: Floats) -> Any:
    """Whether boxes touch others, row by row; boxes that are not numbers do not."""
    return (
        (boxes[:, 0] <= others[:, 2])
        & (boxes[:, 2] >= others[:, 0])
        & (boxes[:, 1] <= others[:, 3])
        & (boxes[:, 3] >= others[:, 1])
    )
