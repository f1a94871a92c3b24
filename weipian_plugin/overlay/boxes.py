"""Boxes first: which features lie near which parcels, without looking at any geometry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

BLOCK = 64  # features whose boxes are looked at together
_CELLS = 256  # the mask of a batch of parcels has this many cells a side


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


@dataclass(frozen=True)
class Mask:
    """Where parcels lie, as counts of marked cells summed up from the south-west: any box is tested with four look-ups."""

    origin: Floats
    size: Floats  # of a cell
    sums: Integers  # (cells + 1, cells + 1)

    @classmethod
    def of(cls, boxes: Floats) -> Mask:
        low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
        size = np.maximum((high - low) / _CELLS, 1e-12)
        first = np.clip(np.floor((boxes[:, :2] - low) / size), 0, _CELLS - 1).astype(np.int64)
        last = np.clip(np.floor((boxes[:, 2:] - low) / size), 0, _CELLS - 1).astype(np.int64) + 1
        cells = np.zeros((_CELLS, _CELLS), bool)
        for (x0, y0), (x1, y1) in zip(first.tolist(), last.tolist()):
            cells[x0:x1, y0:y1] = True
        sums = np.zeros((_CELLS + 1, _CELLS + 1), np.int64)
        sums[1:, 1:] = cells.cumsum(axis=0).cumsum(axis=1)
        return cls(low, size, sums)

    def meets(self, boxes: Floats) -> Any:
        """For each box (n, 4) whether it touches a marked cell; NaN boxes do not."""
        with np.errstate(invalid="ignore"):
            first = np.floor((boxes[:, :2] - self.origin) / self.size)
            last = np.floor((boxes[:, 2:] - self.origin) / self.size)
            outside = ~((last >= 0) & (first <= _CELLS - 1)).all(axis=1)
            # A box that ends exactly on the far border touches the last cell.
            first = np.nan_to_num(np.clip(first, 0, _CELLS - 1)).astype(np.int64)
            last = np.nan_to_num(np.clip(last, 0, _CELLS - 1)).astype(np.int64) + 1
        marked = (
            self.sums[last[:, 0], last[:, 1]]
            - self.sums[first[:, 0], last[:, 1]]
            - self.sums[last[:, 0], first[:, 1]]
            + self.sums[first[:, 0], first[:, 1]]
        )
        return (marked > 0) & ~outside


def near(parcels: Floats, blocks: Floats, boxes: Floats) -> tuple[Integers, Integers]:
    """Pairs (parcel, feature) whose boxes meet, ordered by parcel.

    ``parcels`` (m, 4); ``boxes`` (n, 4) of the features in Morton order, possibly a memory map: only blocks near the
    parcels are read; ``blocks`` from :func:`block_boxes`.
    """
    none = np.zeros(0, np.int64)
    if not len(parcels) or not len(blocks):
        return none, none
    # Cells are half open: the far border of the mask is widened so that touching counts.
    mask = Mask.of(parcels)
    wide = np.abs(parcels).max() * 1e-12 + mask.size.max() * 1e-6
    some = np.flatnonzero(mask.meets(blocks + (-wide, -wide, wide, wide)))
    rows = (some[:, None] * BLOCK + np.arange(BLOCK)).ravel()
    rows = rows[rows < len(boxes)]
    their = np.asarray(boxes[rows])
    keep = mask.meets(their + (-wide, -wide, wide, wide))
    rows, their = rows[keep], their[keep]
    if not len(rows):
        return none, none
    tree = shapely.STRtree(shapely.box(*parcels.T))
    feature, parcel = tree.query(shapely.box(*their.T))
    order = np.lexsort((feature, parcel))
    return parcel[order].astype(np.int64), rows[feature[order]].astype(np.int64)
