"""Cases of chosen parcels, read a few parcels at a time: the first package does not wait for 20,000 parcels, nor does memory hold them.

Each handful is read as of one moment. Of the journal only what speaks of the chosen parcels is kept, as text; what a colleague writes
while packages are made is read on.
"""

from __future__ import annotations

import json
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

_HANDFUL = 25
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
_KEY, _WHAT, _DIGEST = (_JOURNAL.index(name) for name in ("key", "what", "digest"))
_JSON = tuple(_JOURNAL.index(name) for name in ("before", "after"))


def read_cases(store: Workspace, numbers: Sequence[str], map_inputs: Mapping[str, Any]) -> Iterator[filing.ParcelCase]:
    """Everything the workspace knows of the parcels, as filing wants it, in the order of ``numbers``."""
    journal = _Journal(store, frozenset(numbers))
    changed = layer_state.changes(store)
    layers = "、".join(change.text() for change in changed)
    for start in range(0, len(numbers), _HANDFUL):
        few = list(numbers[start : start + _HANDFUL])
        with store.reading():
            measured = store.count("measure") > 0
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
            yield replace(case, layers_changed=layers) if layers else case


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
        self._rows: dict[str, list[tuple[Any, ...]]] = {}
        self._decisions: list[tuple[Any, ...]] = []
        self._ledger: Optional[Ledger] = None
        self.end: tuple[int, str] = (0, "")

    def read_on(self) -> None:
        """Read what has been written since."""
        for row in self._store.journal_after(self.end[0]):
            self.end = (int(row[0]), str(row[_DIGEST] or ""))
            if row[_WHAT] == "decision":
                self._decisions.append(row)
                self._ledger = None
            for number in self._spoken_of(row):
                self._rows.setdefault(number, []).append(row)

    def _spoken_of(self, row: tuple[Any, ...]) -> list[str]:
        """The chosen parcels a row may speak of: the words of its key, and the parcel named in what it wrote."""
        key = str(row[_KEY] or "")
        found = [word for word in (key, *key.split("/")) if word in self._numbers]
        for text in (row[place] for place in _JSON):
            if text and '"parcel"' in text:
                values = json.loads(text)
                found += [number for number in numbers_named(values) if number in self._numbers]
        return list(dict.fromkeys(found))

    def of(self, numbers: Sequence[str]) -> pd.DataFrame:
        """The rows that speak of ``numbers``, in the journal's order."""
        rows = {row[0]: row for number in numbers for row in self._rows.get(number, ())}
        return pd.DataFrame([_decoded(rows[fid]) for fid in sorted(rows)], columns=list(_JOURNAL), dtype=object)

    def ledger(self) -> Optional[Ledger]:
        """Every decision as the journal tells it; None where there is no journal."""
        if self._ledger is None and self.end[0]:
            self._ledger = Ledger(dict(zip(_JOURNAL, _decoded(row))) for row in self._decisions)
        return self._ledger


def _decoded(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(
        json.loads(value) if value and place in _JSON else (None if place in _JSON else value)
        for place, value in enumerate(row)
    )
