"""Look-alike pictures: all pairs of 64-bit hashes that differ in few bits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..model.tables import Places

Hashes = NDArray[np.uint64]

_BITS = np.array([bin(value).count("1") for value in range(1 << 16)], dtype=np.uint8)
#: Pairs compared at a time (memory: about 16 bytes each).
_BLOCK = 4_000_000
#: A hash shared by more photos than this (blank walls, black frames) says nothing.
_MOST_ALIKE = 50


def hash_values(texts: Sequence[str | None]) -> tuple[Places, Hashes]:
    """The hashes (16 hex digits each) that are there as numbers, with their positions."""
    rows = [row for row, text in enumerate(texts) if isinstance(text, str) and len(text) == 16]
    return np.array(rows, dtype=np.intp), np.array([int(str(texts[row]), 16) for row in rows], dtype=np.uint64)


def similar_pairs(hashes: Sequence[str | None], most_bits: int) -> tuple[Places, Places, Places]:
    """Positions of both photos and the bits between them for each pair at most ``most_bits`` apart.

    ``hashes``: 16 hex digits or None (None is like nothing). Below 4 096 photos all pairs are compared; above, only pairs that share one of
    ``most_bits + 1`` bands of bits, which by the pigeonhole principle misses none.
    """
    rows, values = hash_values(hashes)
    if len(values) < 2:
        nothing = np.empty(0, dtype=np.intp)
        return nothing, nothing, nothing
    first, second = _pairs_of(values, most_bits)
    return rows[first], rows[second], distance(values[first], values[second])


def _pairs_of(values: Hashes, most_bits: int) -> tuple[Places, Places]:
    """Pairs in their order, without those of two hashes that say nothing.

    Equal hashes are compared once: thousands of one picture would be millions of pairs, of which none is kept.
    """
    hashes, of, counts = np.unique(values, return_inverse=True, return_counts=True)
    one, other = _all_pairs(hashes, most_bits) if len(hashes) < 4096 else _banded_pairs(hashes, most_bits)
    alike = counts - 1
    np.add.at(alike, one, counts[other])
    np.add.at(alike, other, counts[one])
    busy = alike > _MOST_ALIKE
    kept = ~(busy[one] & busy[other])
    twins = np.flatnonzero((counts > 1) & ~busy)
    first, second = _members(of.ravel(), counts, np.append(one[kept], twins), np.append(other[kept], twins))
    low, high = np.minimum(first, second), np.maximum(first, second)
    apart = low < high  # the twins were paired with themselves, too
    if not apart.any():
        return low[:0], high[:0]
    whole = np.unique(np.stack([low[apart], high[apart]]), axis=1)
    return whole[0], whole[1]


def _members(of: Places, counts: Places, one: Places, other: Places) -> tuple[Places, Places]:
    """Every member of a group ``one`` with every member of the group ``other`` beside it; ``of``: the group of each member."""
    members = np.argsort(of, kind="stable")
    starts = np.cumsum(counts) - counts
    sizes = counts[one] * counts[other]
    pair = np.repeat(np.arange(len(one)), sizes)
    place = np.arange(len(pair)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return members[starts[one[pair]] + place // counts[other[pair]]], members[
        starts[other[pair]] + place % counts[other[pair]]
    ]


def distance(one: Hashes, other: Hashes | np.uint64) -> Places:
    """Bits that differ between 64-bit hashes."""
    mixed = np.bitwise_xor(one, other)
    parts = np.ascontiguousarray(mixed).view(np.uint16).reshape(*mixed.shape, 4)
    found: Places = _BITS[parts].sum(axis=-1, dtype=np.intp)
    return found


def _all_pairs(values: Hashes, most_bits: int) -> tuple[Places, Places]:
    found_first, found_second = [], []
    step = max(_BLOCK // len(values), 1)
    for start in range(0, len(values), step):
        block = values[start : start + step]
        close = distance(block[:, None], np.broadcast_to(values[None, :], (len(block), len(values)))) <= most_bits
        first, second = np.nonzero(close)
        first = first + start
        found_first.append(first[first < second])
        found_second.append(second[first < second])
    return np.concatenate(found_first), np.concatenate(found_second)


def _banded_pairs(values: Hashes, most_bits: int) -> tuple[Places, Places]:
    """Two hashes at most k bits apart agree wholly in at least one of k + 1 bands."""
    bands = most_bits + 1
    edges = [round(64 * band / bands) for band in range(bands + 1)]
    found: list[Places] = []
    for low, high in zip(edges, edges[1:]):
        part = (values >> np.uint64(low)) & np.uint64((1 << (high - low)) - 1)
        order = np.argsort(part, kind="stable")
        same = part[order]
        starts = np.flatnonzero(np.append(True, same[1:] != same[:-1]))
        for start, end in zip(starts.tolist(), np.append(starts[1:], len(same)).tolist()):
            if end - start > 1:
                members = order[start:end]
                first, second = _all_pairs(values[members], most_bits)
                if len(first):
                    found.append(np.sort(np.stack([members[first], members[second]]), axis=0))
    if not found:
        nothing = np.empty(0, dtype=np.intp)
        return nothing, nothing
    pairs = np.unique(np.concatenate(found, axis=1), axis=1)
    return pairs[0], pairs[1]
