"""Mining parcels (矿产卫片图斑): counted apart from land, with a register of licence, mineral, method and term of each.

What a person typed wins; else what the licence layer (采矿权) says of the part of the parcel it covers.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..filing.licence import Licence, licence_of
from ..model.messages import Message
from ..model.records import Coverage
from ..workspace.mapping import records_of
from ..workspace.repository import rows_of
from . import batches, records
from .building import Prepared, build, counted, listing, merge
from .columns import cells_of, ordered
from .item_columns import MINING, Items
from .part_areas import Key
from .table import Figure, Table, grouped


def tables(snapshot: records.Snapshot, prepared: Prepared) -> tuple[Table, ...]:
    """矿产图斑统计表 and 矿产图斑台账; none where the year has no mining parcel."""
    mining = prepared.of_kind(MINING)
    if not len(mining.originals):
        return ()
    return statistics(mining), register(snapshot, mining)


def statistics(mining: Prepared) -> Table:
    """Issued, verified, decided, legal and illegal mining parcels by group."""
    whole, items = mining.originals, mining.items
    every, illegal, legal = np.ones(len(items), bool), items.illegal, items.group == "legal"
    issued = grouped(whole.item, mining.names(whole), [Figure("original_count", np.ones(len(whole), bool))])
    verified = grouped(
        items.item,
        mining.names(items),
        [
            Figure("verified_count", every),
            Figure("area", every, items.area),
            Figure("undecided_count", items.open),
            Figure("legal_count", legal),
            Figure("illegal_count", illegal),
            Figure("illegal_area", illegal, items.area),
            Figure("other_count", ~items.open & ~illegal & ~legal),
            Figure("open_count", illegal & ~items.finished),
        ],
    )
    notes = [counted(len(items)), Message("oversight.mining.apart")]
    return build(mining, "mining_statistics", merge(issued, verified), notes)


def register(snapshot: records.Snapshot, mining: Prepared) -> Table:
    """One row a mining parcel or part of one, in the order of place, batch and number."""
    items = mining.items
    numbers = items.item.map(records.shown)
    items = items.take(ordered(zip(mining.names(items), map(batches.sort_key, items.batch), numbers)))
    cells = items.cells(
        name=mining.names(items),
        number=items.item.map(records.shown),
        method_shown=items.method.where(items.illegal, ""),
        **cells_of(Licence, _licences(snapshot, mining, items)),
    )
    return listing(mining, "mining_register", cells, ("area",))


def _licences(snapshot: records.Snapshot, mining: Prepared, items: Items) -> list[Licence]:
    rights: dict[Key, list[Coverage]] = {}
    coverage = records.table(snapshot, "coverage")
    for row in records_of(Coverage, rows_of(coverage[coverage["role"] == "mining_right"])):
        rights.setdefault((row.parcel, row.part), []).append(row)
    delivered = {
        number: given if isinstance(given, Mapping) else {}
        for number, given in zip(mining.parcels.number, mining.parcels.delivered)
    }
    return [
        licence_of(stated, rights.get((parcel, part), ()), delivered.get(parcel, {}))
        for parcel, part, stated in zip(items.parcel, items.part, items.stated)
    ]
