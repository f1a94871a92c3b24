"""Which parcel a photo claims: by its register, or by the number that stands in its file or folder name."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..model.tables import Places, has, values
from .records import PHOTO

_WORD = re.compile(r"[0-9A-Za-z]+(?:-[0-9A-Za-z]+)*")


def claimed_parcels(photos: pd.DataFrame, numbers: list[str]) -> Places:
    """Position of the parcel each photo claims by register, file or folder name (the innermost counts), -1 for none.

    A short number (under 5 characters) counts only as the whole name of a folder: ``IMG_12.jpg`` is not of parcel 12.
    """
    by_number = {number.upper(): index for index, number in enumerate(numbers)}
    result = np.full(len(photos), -1, dtype=np.intp)
    registered = values(photos, PHOTO.claimed) if has(photos, PHOTO.claimed) else [None] * len(photos)
    shortest = max(5, min(map(len, by_number), default=5))
    known: dict[str, int] = {}
    for row, (file, claim) in enumerate(zip(values(photos, PHOTO.file), registered)):
        if claim is not None and str(claim).upper() in by_number:
            result[row] = by_number[str(claim).upper()]
            continue
        folder, _, name = str(file).rpartition("/")
        found = _number_in(name.upper(), by_number, shortest)
        for part in reversed(folder.split("/")) if found < 0 and folder else ():
            if part not in known:
                upper = part.upper()
                known[part] = by_number.get(upper.strip(), -1)
                if known[part] < 0:
                    known[part] = _number_in(upper, by_number, shortest)
            found = known[part]
            if found >= 0:
                break
        result[row] = found
    return result


def _number_in(upper: str, by_number: Mapping[str, int], shortest: int) -> int:
    """The one number of at least ``shortest`` characters that stands in a name in capitals, -1 for none or several."""
    if len(upper) < shortest:
        return -1
    found = -1
    for word in _WORD.findall(upper):
        if len(word) < shortest:
            continue
        for piece in (word, *word.split("-")) if "-" in word else (word,):
            if len(piece) >= shortest and piece in by_number:
                if found not in (-1, by_number[piece]):
                    return -1
                found = by_number[piece]
                break
    return found
