"""Registers (Excel, CSV) join to the parcels of the same delivery by number; a row that finds no parcel is reported."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas
import numpy as np
from numpy.typing import NDArray

from ..model.cells import is_rounded
from ..model.messages import Message
from ..model.records import Rejection
from .fields import FieldMapping
from .records import RecordArray, RowSource
from .tables import DeliveredTable, numbers_of

REGISTER_CODES = (
    "intake.register_unmatched", "intake.register_repeated", "intake.register_number_missing", "intake.register_number_rounded",
)  # fmt: skip
#: A long number of which a spreadsheet kept fifteen figures.
_ZEROS = re.compile(r"\d{15}0+")


@dataclass(frozen=True)
class Joined:
    """Counts of register rows: rows = joined + refused."""

    rows: int = 0
    joined: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    families: tuple[str, ...] = ()


class _Merged:
    """Records of parcels with the cells of their register row laid over them (only where the register has a value)."""

    def __init__(self, base: RecordArray, register: RowSource, partner: NDArray[np.int64]) -> None:
        self._base, self._register, self._partner = base, register, partner

    def record(self, row: int) -> dict[str, Any]:
        values = dict(self._base[row] or {})
        partner = int(self._partner[row])
        if partner >= 0:
            values.update((key, value) for key, value in self._register.record(partner).items() if value is not None)
        return values


def join_registers(
    parcels: geopandas.GeoDataFrame, registers: Sequence[tuple[DeliveredTable, FieldMapping]]
) -> tuple[geopandas.GeoDataFrame, Joined]:
    """Parcels with the registers' attributes and claims; the first row of a number counts, later ones are refused."""
    from .records import ClaimRows

    position = {number: row for row, number in enumerate(parcels["number"])}
    rows = joined = 0
    rejected: list[Rejection] = []
    notes: list[Message] = []
    for table, mapping in registers:
        partner = np.full(len(parcels), -1, dtype=np.int64)
        for row, number in enumerate(numbers_of(table, mapping.columns["number"])):
            rows += 1
            place = position.get(number)
            if not number:
                rejected.append(
                    Rejection(table.name, f"第{row + 1}条", Message("intake.register_number_missing", {"row": row + 1}))
                )
            elif place is None and (is_rounded(number) or _ZEROS.fullmatch(number)):
                rejected.append(
                    Rejection(table.name, number, Message("intake.register_number_rounded", {"number": number}))
                )
            elif place is None:
                rejected.append(Rejection(table.name, number, Message("intake.register_unmatched", {"number": number})))
            elif partner[place] >= 0:
                rejected.append(Rejection(table.name, number, Message("intake.register_repeated", {"number": number})))
            else:
                partner[place] = row
                joined += 1
        everywhere = np.arange(len(parcels))
        claims = ClaimRows(table.rows, mapping.claims)
        parcels = parcels.assign(
            delivered=RecordArray.of(_Merged(parcels["delivered"].array, table.rows, partner), everywhere),
            claims=RecordArray.of(_Merged(parcels["claims"].array, claims, partner), everywhere),
        )
        notes.append(
            Message(
                "intake.register_joined", {"path": table.name, "joined": int((partner >= 0).sum()), "rows": table.count}
            )
        )
        if not mapping.family:
            notes.append(_question(table, mapping))
    families = tuple(mapping.family for _, mapping in registers)
    return parcels, Joined(rows, joined, rejected, notes, families)


def _question(table: DeliveredTable, mapping: FieldMapping) -> Message:
    """What to look at in a register that is none of the known exports: which of its columns were understood, and which were not."""
    known = list(dict.fromkeys((*mapping.columns.values(), *mapping.claims.values())))
    details = {
        "path": table.name,
        "known": "、".join(known[:_MOST_NAMED]) or "—",
        "unknown": "、".join(list(mapping.unused)[:_MOST_NAMED]) or "—",
    }
    return Message("intake.register_family_unknown", details)


_MOST_NAMED = 12
