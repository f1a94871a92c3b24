"""What becomes of a row that a run and a colleague have both changed: column by column, and what the colleague wrote stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from .schema import Table

#: Both sides raise these; the colleague's value is as good.
_COUNTERS = frozenset({"version", "updated_at"})


@dataclass(frozen=True)
class SettledRow:
    """``written``: columns that take the run's value; ``kept``: the row's key where another value of a colleague stayed, else None."""

    written: Mapping[str, Any]
    kept: Optional[str]


def settle_row(table: Table, ours: Sequence[object], before: Sequence[object], theirs: Sequence[object]) -> SettledRow:
    """``ours`` as the run left it, ``before`` as it found it, ``theirs`` as it is now: the columns behind the row's number, in their order."""
    names = table.stored()
    changed = [place for place in range(len(names)) if ours[place] != before[place]]
    written = {names[place]: ours[place] for place in changed if theirs[place] == before[place]}
    stayed = {names[place] for place in changed} - set(written) - _COUNTERS
    return SettledRow(written, table.key_text(dict(zip(names, theirs))) if stayed else None)
