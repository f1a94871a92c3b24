"""Mining parcels (矿产卫片图斑): counted apart from land, with a register of licence, mineral, method and term of each.

What a person typed wins; else what the licence layer (采矿权) says of the part of the parcel it covers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..filing.licence import LICENCE_FIELDS, Licence, licence_of
from ..model.messages import Message
from ..model.records import Coverage
from ..workspace.mapping import records_of
from ..workspace.repository import rows_of
from . import batches, records
from . import items as verified_items
from .building import Prepared, build, counted, listing, merge
from .table import Figure, Table, grouped


def tables(snapshot: records.Snapshot, prepared: Prepared) -> tuple[Table, ...]:
    """矿产图斑统计表 and 矿产图斑台账; none where the year has no mining parcel."""
    mining = prepared.of_kind(verified_items.MINING)
    if not len(mining.originals):
        return ()
    return statistics(mining), register(snapshot, mining)


def statistics(mining: Prepared) -> Table:
    """Issued, verified, decided, legal and illegal mining parcels by group."""
    whole, items = mining.originals, mining.items
    every = np.ones(len(items), bool)
    illegal = items["nonagri"] | items["nongrain"]
    decided = ~items["group"].isin(["undecided", "unknown"])
    issued = grouped(whole, mining.names(whole), [Figure("original_count", np.ones(len(whole), bool))])
    verified = grouped(
        items,
        mining.names(items),
        [
            Figure("verified_count", every),
            Figure("area", every, items["area"]),
            Figure("undecided_count", ~decided),
            Figure("legal_count", items["group"] == "legal"),
            Figure("illegal_count", illegal),
            Figure("illegal_area", illegal, items["area"]),
            Figure("other_count", decided & ~illegal & (items["group"] != "legal")),
            Figure("open_count", illegal & ~items["finished"]),
        ],
    )
    notes = [counted(len(items)), Message("oversight.mining.apart")]
    return build(mining, "mining_statistics", merge(issued, verified), notes)


def register(snapshot: records.Snapshot, mining: Prepared) -> Table:
    """One row a mining parcel or part of one, in the order of place, batch and number."""
    frame = mining.items
    found = _licences(snapshot, mining)
    columns = {
        name: [getattr(found[key], name) for key in zip(frame["parcel"], frame["part"])] for name in LICENCE_FIELDS
    }
    frame = frame.assign(
        name=mining.names(frame),
        number=frame["item"].map(records.shown),
        method_shown=frame["method"].where(frame["nonagri"] | frame["nongrain"], ""),
        **columns,
    )
    order = sorted(
        range(len(frame)),
        key=list(zip(frame["name"], map(batches.sort_key, frame["batch"]), frame["number"])).__getitem__,
    )
    return listing(mining, "mining_register", frame.iloc[order].reset_index(drop=True), ("area",))


def _licences(snapshot: records.Snapshot, mining: Prepared) -> dict[tuple[str, str], Licence]:
    rights: dict[tuple[str, str], list[Coverage]] = {}
    coverage = records.table(snapshot, "coverage")
    for row in records_of(Coverage, rows_of(coverage[coverage["role"] == "mining_right"])):
        rights.setdefault((row.parcel, row.part), []).append(row)
    stated: Mapping[tuple[str, str], Mapping[str, Any]] = dict(
        zip(zip(mining.items["parcel"], mining.items["part"]), mining.items["stated"])
    )
    delivered = {
        number: given if isinstance(given, Mapping) else {}
        for number, given in zip(mining.parcels["number"], mining.parcels["delivered"])
    }
    return {key: licence_of(stated[key], rights.get(key, ()), delivered.get(key[0], {})) for key in stated}
