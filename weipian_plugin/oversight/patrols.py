"""巡查: the register of patrols, and how often each village and grid was looked at (notice 五(四): 早发现、早制止)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..model.messages import Message
from ..model.patrol import PatrolRecord
from ..workspace.mapping import records_of
from ..workspace.repository import rows_of
from . import records
from .building import NO_NAME, Prepared, listing
from .columns import cells_of
from .table import Table


@dataclass(frozen=True)
class _Patrol:
    """A row of the register."""

    item: str
    day: str
    village: str
    grid: str
    person: str
    place: str
    position: str
    finding: str
    handled: str
    photo_count: int
    parcel: str


@dataclass(frozen=True)
class _Frequency:
    """A village and grid: patrols, days, findings, 自查图斑, the last day."""

    item: str
    village: str
    grid: str
    patrols: int
    days: int
    findings: int
    parcels: int
    last: str


def tables(snapshot: records.Snapshot, prepared: Prepared) -> tuple[Table, ...]:
    """巡查统计表 and 巡查登记表 of the year that is counted; none where nothing was recorded."""
    stored = records_of(PatrolRecord, rows_of(records.as_of(snapshot, "patrol", prepared.as_of)))
    year, today = str(prepared.year), prepared.as_of.isoformat()
    found = [_row(record) for record in stored if record.day.strip()[:4] == year and record.day.strip() <= today]
    if not found:
        return ()
    found.sort(key=lambda row: (row.day, row.village, row.grid, row.item))
    made = listing(prepared, "patrol_summary", cells_of(_Frequency, _frequencies(found)))
    return _noted(made), _noted(listing(prepared, "patrols", cells_of(_Patrol, found)))


def _row(record: PatrolRecord) -> _Patrol:
    unknown = record.lon is None or record.lat is None
    return _Patrol(
        item=record.id,
        day=record.day.strip(),
        village=record.village.strip() or NO_NAME,
        grid=record.grid.strip(),
        person=record.person.strip(),
        place=record.place.strip(),
        position="" if unknown else f"{record.lon:.6f}, {record.lat:.6f}",
        finding=record.finding.strip(),
        handled=record.handled.strip(),
        photo_count=len(record.photos),
        parcel=record.parcel.strip(),
    )


def _frequencies(rows: Sequence[_Patrol]) -> list[_Frequency]:
    groups: dict[tuple[str, str], list[_Patrol]] = {}
    for row in rows:
        groups.setdefault((row.village, row.grid), []).append(row)
    return [
        _Frequency(
            item=f"{village}/{grid}",
            village=village,
            grid=grid,
            patrols=len(own),
            days=len({row.day for row in own}),
            findings=sum(bool(row.finding) for row in own),
            parcels=sum(bool(row.parcel) for row in own),
            last=max(row.day for row in own),
        )
        for (village, grid), own in sorted(groups.items())
    ]


def _noted(made: Table) -> Table:
    return replace(made, footnotes=(Message("oversight.patrols.listed", {"count": len(made.rows)}),))
