"""A patrol record (巡查记录): who looked where on which day, and what was found. Source: notice 五(四) (村居、社日常巡查和网格化管理)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Optional

from .messages import Message
from .values import is_blank


@dataclass(frozen=True)
class PatrolRecord:
    """A row of table ``patrol``. ``lon, lat``: of the place, degrees EPSG:4490; None where only words say it. ``parcel``: the 自查图斑 that the
    finding became."""

    id: str = ""
    day: str = ""
    person: str = ""
    village: str = ""
    grid: str = ""
    place: str = ""
    lon: Optional[float] = None
    lat: Optional[float] = None
    finding: str = ""
    handled: str = ""
    photos: tuple[str, ...] = ()
    parcel: str = ""
    added_by: str = ""
    added_at: str = ""
    version: int = 0


def problems(record: PatrolRecord, today: date) -> tuple[Message, ...]:
    """What a record lacks: without it nobody can tell who looked where."""
    result = [
        Message("model.patrol_blank", {"field": title})
        for name, title in (("person", "巡查人"), ("village", "村（居）"))
        if is_blank(getattr(record, name))
    ]
    try:
        if date.fromisoformat(record.day) > today:
            result.append(Message("model.patrol_ahead", {"day": record.day}))
    except ValueError:
        result.append(Message("model.patrol_day", {"day": record.day or "空"}))
    if (record.lon is None) != (record.lat is None):
        result.append(Message("model.patrol_place", {}))
    return tuple(result)
