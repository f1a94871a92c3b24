"""When a piece was approved, seen from the parcel's own two images (前时相, 后时相).

A date that may fall on either side of a border is not believed on the better side: what cannot be said is ``undated``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from ..model.records import DateSpan
from ..model.words import Timing

Integers = npt.NDArray[np.int64]

BEFORE, BETWEEN, LATE, EXPIRED, UNDATED, VOID = range(6)
TIMINGS = tuple(timing.value for timing in Timing)
IN_TIME = (BEFORE, BETWEEN)
_NONE = 0  # no date: ordinal days begin with 1
UNREADABLE = -1  # an end that is there and cannot be read


def day_spans(texts: Iterable[Optional[str]]) -> tuple[Integers, Integers]:
    """First and last day of each date text as ordinal days; 0 where there is no readable date."""
    known: dict[Any, tuple[int, int]] = {}
    spans = []
    for text in texts:
        if text not in known:
            known[text] = _span(text)
        spans.append(known[text])
    table = np.array(spans, np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _span(text: object) -> tuple[int, int]:
    if isinstance(text, DateSpan):
        return text.first.toordinal(), text.last.toordinal()
    if isinstance(text, date):
        return text.toordinal(), text.toordinal()
    span = DateSpan.parse(text if isinstance(text, str) else None if text != text else str(text or ""))
    return (span.first.toordinal(), span.last.toordinal()) if span else (_NONE, _NONE)


def timing_of(
    date_first: Integers,
    date_last: Integers,
    until_first: Integers,
    until_last: Integers,
    images: Integers,
    void: Optional[npt.NDArray[np.bool_]] = None,
) -> Integers:
    """Timing of each piece (index into :data:`TIMINGS`); all days are ordinal, 0 = not known. ``images`` (3, n): the first day of
    前时相, the first and the last day of 后时相; ``void``: the document is withdrawn or not granted.

    before: surely on or before the first day of 前时相; between: surely by the first day of 后时相 (an image known by its month may be
    of the first); late: surely after its last; expired: surely ended before 后时相 (wins over dates); otherwise undated. An end that
    may lie before 后时相, that cannot be read, or that no image can be held against makes a piece undated, too. void wins over all.
    """
    earlier_first, later_first, later_last = images
    dated = date_first > _NONE
    timing = np.full(len(date_first), UNDATED, np.int64)
    timing[dated & (later_first > _NONE) & (date_last <= later_first)] = BETWEEN
    timing[dated & (earlier_first > _NONE) & (date_last <= earlier_first)] = BEFORE
    timing[dated & (later_last > _NONE) & (date_first > later_last)] = LATE
    ends = until_first != _NONE
    timing[ends & ((until_first < later_last) | (later_last <= _NONE))] = UNDATED
    timing[(until_first > _NONE) & (later_first > _NONE) & (until_last < later_first)] = EXPIRED
    if void is not None:
        timing[void] = VOID
    return timing
