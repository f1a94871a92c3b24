"""What the journal says of the parcels of an export, looked up by number: a journal of 40,000 rows is never taken apart as a whole.

Of each row only the parcels are noted that it may name, by the words of its key and by what stands behind "parcel" in its JSON. That may be
too many, never too few: what is taken apart then decides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Optional

import pandas as pd

from ..filing.gather import numbers_named
from ..filing.ledger import Ledger
from ..workspace import Workspace
from ..workspace.schema import TABLES, table

COLUMNS = ("fid", *(column.name for column in table("journal").columns))
_KEY = COLUMNS.index("key")
_JSON = tuple(COLUMNS.index(name) for name in ("before", "after"))
#: Tables whose rows name no parcel in a column of their own: what the journal says of them is found by its key.
_SILENT = tuple(one.name for one in TABLES if not {"parcel", "members"} & one.kinds().keys())
#: A parcel named in JSON, wherever it stands: as text, or as something else.
_NAMED = re.compile(r'"parcel"\s*:\s*(?:("(?:[^"\\]|\\.)*")|([^\s",\[{}\]]+))')


class CaseJournal:
    """The rows that speak of the chosen parcels (``numbers``), and the account of their decisions."""

    def __init__(self, store: Workspace, numbers: frozenset[str]) -> None:
        self._store, self._numbers = store, numbers
        self._rows: dict[str, list[int]] = {}
        self._acts = _Acts()
        self.end: tuple[int, str] = (0, "")

    def read_on(self) -> None:
        """Read what has been written since."""
        for fid, what, key, before, after, digest in self._store.journal_index(self.end[0], _SILENT):
            self.end = (int(fid), str(digest or ""))
            named = named_in(before) | named_in(after)
            if what == "decision":
                self._acts.note(int(fid), str(key or ""), named, str(after or ""))
            for number in (named | words_of(key)) & self._numbers:
                self._rows.setdefault(number, []).append(int(fid))

    def of(self, numbers: Sequence[str]) -> pd.DataFrame:
        """The rows that speak of ``numbers``, in the journal's order."""
        rows = self._decoded(sorted({fid for number in numbers for fid in self._rows.get(number, ())}))
        spoken = [row for row in rows if not spoken_of(row).isdisjoint(numbers)]
        return pd.DataFrame(spoken, columns=list(COLUMNS), dtype=object)

    def ledger(self, numbers: Sequence[str]) -> Optional[Ledger]:
        """The decisions on ``numbers`` as the journal records them, for no other parcels; None where there is no journal."""
        if not self.end[0]:
            return None
        return Ledger(dict(zip(COLUMNS, row)) for row in self._decoded(self._acts.of(numbers)))

    def _decoded(self, fids: list[int]) -> list[tuple[object, ...]]:
        return [decoded(row) for row in self._store.values("journal", COLUMNS, fid=fids)]


class _Acts:
    """Which rows of the journal a ledger of some parcels needs: theirs, those of all parcels that were ever merged, and all of which it
    cannot be told without taking them apart whose they are."""

    def __init__(self) -> None:
        self._rows: dict[str, list[int]] = {}
        self._parcels: dict[
            str, tuple[str, ...]
        ] = {}  # of each act, by its id; a set of each would take four times the room
        self._merged: set[str] = set()
        self._of_any: list[int] = []

    def note(self, fid: int, key: str, named: set[str], after: str) -> None:
        """``named``: the parcels that the row may name; one that changes an act names none, and is its parcel's."""
        if named and '"id"' in after:
            self._parcels[key] = tuple({*self._parcels.get(key, ()), *named})
            parcels = named
        else:
            parcels = set() if named else set(self._parcels.get(key, ()))
        if not parcels:
            self._of_any.append(fid)
        for number in parcels:
            self._rows.setdefault(number, []).append(fid)
        if "merge" in after:
            self._merged |= parcels

    def of(self, numbers: Sequence[str]) -> list[int]:
        return sorted(
            {*self._of_any, *(fid for number in {*numbers, *self._merged} for fid in self._rows.get(number, ()))}
        )


def words_of(key: Optional[str]) -> set[str]:
    """A key and the words of it: the journal names the row of a parcel by its number, and what else identifies it."""
    return {str(key or ""), *str(key or "").split("/")}


def named_in(text: Optional[str]) -> set[str]:
    """The parcels that stand anywhere in a JSON text."""
    if not text or '"parcel"' not in text:
        return set()
    return {
        other or (str(json.loads(written)) if "\\" in written else written[1:-1])
        for written, other in _NAMED.findall(text)
    }


def spoken_of(row: tuple[Any, ...]) -> set[str]:
    """The parcels a row (:data:`COLUMNS`, JSON taken apart) may speak of."""
    return words_of(row[_KEY]) | {number for place in _JSON for number in numbers_named(row[place])}


def decoded(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row as stored with its JSON taken apart."""
    return tuple(
        json.loads(value) if value and place in _JSON else (None if place in _JSON else value)
        for place, value in enumerate(row)
    )
