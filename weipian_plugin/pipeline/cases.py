"""Cases of chosen parcels, read a few parcels at a time: the first package does not wait for 20,000 parcels, nor does memory hold them.

Each handful is read as of one moment; the first holds only as many as are written at once. Of the journal only the numbers of the rows
that may speak of the chosen parcels are kept; what a colleague writes while packages are made is read on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Optional

import pandas as pd

from .. import filing
from ..filing.gather import WholeWorkspace
from ..judgment.standing import leads
from ..model.records import Decision
from ..model.version import plugin_version
from ..model.words import PhotoStatus
from ..workspace import Workspace
from ..workspace.mapping import records_of
from ..workspace.repository import Repository, rows_of
from . import layer_state
from .case_journal import CaseJournal

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


def read_cases(
    store: Workspace, numbers: Sequence[str], map_inputs: Mapping[str, object], layers_changed: Optional[str] = None
) -> Iterator[filing.ParcelCase]:
    """Everything the workspace knows of the parcels, as filing wants it, in the order of ``numbers``.

    ``layers_changed``: the layers that are others than those measured, "" for none; asked for where it is not given.
    """
    journal = CaseJournal(store, frozenset(numbers))
    if layers_changed is None:
        layers_changed = layer_state.told(layer_state.changes(store))
    for few in _handfuls(numbers):
        with store.reading():
            measured = store.holds("measure")
            tables = _tables(store, few)
            journal.read_on()
            tables["journal"], ledger = journal.of(few), journal.ledger(few)
        for case in filing.gather_cases(
            tables,
            few,
            workspace_folder=store.path.parent,
            plugin_version=plugin_version(),
            map_inputs=map_inputs,
            whole=WholeWorkspace(ledger, journal.end, measured),
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
    links = tables[
        "photo_parcel"
    ]  # of the photos those that are tied: a thousand may have been held against the parcel
    linked = links.loc[links["status"] == PhotoStatus.ATTACHED.value, "photo"].dropna().unique().tolist()
    by_key = [store.read("photo", sha256=linked), store.read("photo", file=linked)]
    tables["photo"] = pd.concat(by_key, ignore_index=True).drop_duplicates("fid")
    tables["batch"] = store.read("batch", name=tables["parcel"]["batch"].dropna().unique().tolist())
    tables["layer"], tables["setting"] = store.read("layer"), store.read("setting")
    tables["enforcement_case"] = store.read("enforcement_case")  # few, and one is about several parcels
    return tables
