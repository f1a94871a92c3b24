"""Cases of chosen parcels, read a few parcels at a time: the first package does not wait for 20,000 parcels, nor does memory hold them.

Each handful is read as of one moment; the first holds only as many as are written at once. Of the journal only the numbers of the rows
that may speak of the chosen parcels are kept; what a colleague writes while packages are made is read on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Optional

import pandas as pd

from .. import filing
from ..filing.gather import WholeWorkspace, numbers_named
from ..filing.ledger import Ledger
from ..judgment.standing import leads
from ..model.records import Decision
from ..model.version import plugin_version
from ..workspace import Workspace
from ..workspace.mapping import records_of
from ..workspace.repository import Repository, rows_of
from ..workspace.schema import table
from . import layer_state

_FIRST, _HANDFUL = 3, 8  # a parcel may have a thousand photos
#: Tables whose rows belong to one parcel each.
_OF_PARCEL = (
    "coverage",
    "measure",
    "region",
    "part",
    "proposal",
    "photo_parcel",
    "document",
    "rectification",
    "package",
)
_JOURNAL = ("fid", *(column.name for column in table("journal").columns))
_KEY = _JOURNAL.index("key")
_JSON = tuple(_JOURNAL.index(name) for name in ("before", "after"))
#: A parcel named in JSON, wherever it stands: as text, or as something else.
_NAMED = re.compile(r'"parcel"\s*:\s*(?:("(?:[^"\\]|\\.)*")|([^\s",\[{}\]]+))')


def read_cases(
    store: Workspace, numbers: Sequence[str], map_inputs: Mapping[str, Any], layers_changed: Optional[str] = None
) -> Iterator[filing.ParcelCase]:
    """Everything the workspace knows of the parcels, as filing wants it, in the order of ``numbers``.

    ``layers_changed``: the layers that are others than those measured, "" for none; asked for where it is not given.
    """
    journal = _Journal(store, frozenset(numbers))
    if layers_changed is None:
        layers_changed = layer_state.told(layer_state.changes(store))
    for few in _handfuls(numbers):
        with store.reading():
            measured = store.holds("measure")
            tables = _tables(store, few)
            journal.read_on()
            tables["journal"] = journal.of(few)
        for case in filing.gather_cases(
            tables,
            few,
            workspace_folder=store.path.parent,
            plugin_version=plugin_version(),
            map_inputs=map_inputs,
            whole=WholeWorkspace(journal.ledger(), journal.end, measured),
        ):
            yield replace(case, layers_changed=layers_changed) if layers_changed else case


def _handfuls(numbers: Sequence[str]) -> Iterator[list[str]]:
    yield list(numbers[:_FIRST])
    for start in range(_FIRST, len(numbers), _HANDFUL):
        yield list(numbers[start : start + _HANDFUL])


def _tables(store: Workspace, numbers: list[str]) -> dict[str, pd.DataFrame]:
    """The rows of a handful of parcels, and of what a merge joins with them."""
    leading = leads(Repository(store), numbers)
    related = list(dict.fromkeys([*numbers, *leading]))
    decisions = store.read("decision", parcel=related)
    members = {number for row in records_of(Decision, rows_of(decisions)) for number in row.members or ()}
    everyone = list(dict.fromkeys([*related, *sorted(members)]))
    tables = {name: store.read(name, parcel=numbers) for name in _OF_PARCEL}
    tables["document"] = store.read("document", parcel=related)
    tables["part"] = store.read("part", parcel=related)
    tables["parcel"] = store.read("parcel", number=everyone)
    tables["decision"] = decisions
    linked = tables["photo_parcel"]["photo"].dropna().unique().tolist()
    by_key = [store.read("photo", sha256=linked), store.read("photo", file=linked)]
    tables["photo"] = pd.concat(by_key, ignore_index=True).drop_duplicates("fid")
    tables["batch"] = store.read("batch", name=tables["parcel"]["batch"].dropna().unique().tolist())
    tables["layer"], tables["setting"] = store.read("layer"), store.read("setting")
    tables["enforcement_case"] = store.read("enforcement_case")  # few, and one is about several parcels
    return tables


class _Journal:
    """What the journal says of the chosen parcels, and of all decisions."""

    def __init__(self, store: Workspace, numbers: frozenset[str]) -> None:
        self._store, self._numbers = store, numbers
        self._rows: dict[str, list[int]] = {}
        self._decisions: list[tuple[Any, ...]] = []
        self._ledger: Optional[Ledger] = None
        self.end: tuple[int, str] = (0, "")

    def read_on(self) -> None:
        """Read what has been written since."""
        decisions = []
        wanted = ("what", "key", "before", "after", "digest")
        for fid, what, key, before, after, digest in self._store.journal_after(self.end[0], wanted):
            self.end = (int(fid), str(digest or ""))
            if what == "decision":
                decisions.append(fid)
            for number in self._perhaps(str(key or ""), before, after):
                self._rows.setdefault(number, []).append(fid)
        if decisions:
            self._decisions += self._store.values("journal", _JOURNAL, fid=decisions)
            self._ledger = None

    def _perhaps(self, key: str, before: Optional[str], after: Optional[str]) -> set[str]:
        """The chosen parcels a row may speak of: words of its key, and parcels named anywhere in what it wrote (not yet taken apart)."""
        found = {key, *key.split("/")}
        for text in (before, after):
            if text and '"parcel"' in text:
                for written, other in _NAMED.findall(text):
                    found.add(other or (json.loads(written) if "\\" in written else written[1:-1]))
        return found & self._numbers

    def of(self, numbers: Sequence[str]) -> pd.DataFrame:
        """The rows that speak of ``numbers``, in the journal's order."""
        wanted = sorted({fid for number in numbers for fid in self._rows.get(number, ())})
        rows = [_decoded(row) for row in self._store.values("journal", _JOURNAL, fid=wanted)]
        spoken = [row for row in rows if not _spoken_of(row).isdisjoint(numbers)]
        return pd.DataFrame(spoken, columns=list(_JOURNAL), dtype=object)

    def ledger(self) -> Optional[Ledger]:
        """Every decision as the journal tells it; None where there is no journal."""
        if self._ledger is None and self.end[0]:
            self._ledger = Ledger(dict(zip(_JOURNAL, _decoded(row))) for row in self._decisions)
        return self._ledger


def _spoken_of(row: tuple[Any, ...]) -> set[str]:
    """The parcels a row may speak of: the words of its key, and the parcels named in what it wrote."""
    key = str(row[_KEY] or "")
    return {key, *key.split("/"), *(number for place in _JSON for number in numbers_named(row[place]))}


def _decoded(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(
        json.loads(value) if value and place in _JSON else (None if place in _JSON else value)
        for place, value in enumerate(row)
    )
