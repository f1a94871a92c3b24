"""Rectification (整改) of each item as it was recorded in the workspace, else as it was delivered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Optional

import pandas as pd

from ..geodesy.units import mu_unrounded
from ..model.records import Rectification
from ..model.values import is_blank
from ..workspace.mapping import records_of
from ..workspace.repository import rows_of
from . import records
from .item_columns import AREAS, RectifiedFields
from .part_areas import Key

Rectified = RectifiedFields[pd.Series, pd.Series, pd.Series, pd.Series]
_STEPS = ("removed", "regularised")
_Number = Optional[float]


def columns(keys: Sequence[Key], stored: pd.DataFrame, given: records.Delivered, as_of: date) -> Rectified:
    """What is known on a day of the rectification of parcels and parts; ``stored``: table ``rectification`` as of it.

    A record's blank area is a blank, never taken from elsewhere. What was accepted or closed later than the day counts as open.
    """
    found = _of_each(keys, records_of(Rectification, rows_of(stored)))
    as_delivered = pd.Series([own is None and not part for own, (_, part) in zip(found, keys)], dtype=bool)

    def area(name: str) -> pd.Series:
        own = _numbers([getattr(one, f"{name}_m2") if one else None for one in found])
        mu = pd.Series(mu_unrounded(own.to_numpy()))
        return mu.where(~as_delivered, records.numbers(given.of(name)))

    areas = {
        name: area(name) for step in _STEPS for name in (step if land == "area" else f"{step}_{land}" for land in AREAS)
    }
    limit = as_of.isoformat()
    methods = [one.method if one else None for one in found]
    accepted_by = records.first_text([one.accepted_by if one else None for one in found])
    accepted_on = records.first_text([one.accepted_on if one else None for one in found])
    closed_on = records.first_text([one.closed_on if one else None for one in found])
    accepted = [bool(by) and bool(on) and on[:10] <= limit for by, on in zip(accepted_by, accepted_on)]
    closed = [bool(one and one.closed) and (not on or on[:10] <= limit) for one, on in zip(found, closed_on)]
    return Rectified(
        has_record=pd.Series([one is not None for one in found], dtype=bool),
        method_text=records.first_text(methods, given.rectification.where(as_delivered)),
        remaining=area("remaining"),
        before_photos=_numbers([one.before_photos if one else None for one in found]),
        during_photos=_numbers([one.during_photos if one else None for one in found]),
        after_photos=_numbers([one.after_photos if one else None for one in found]),
        accepted_area_m2=_numbers([one.accepted_area_m2 if one else None for one in found]),
        accepted_by=accepted_by,
        accepted_on=accepted_on,
        accepted=pd.Series(accepted, dtype=bool),
        closed_on=closed_on,
        closed=pd.Series(closed, dtype=bool),
        note=records.first_text([one.note if one else None for one in found]),
        **areas,
    )


def _numbers(values: Sequence[_Number]) -> pd.Series:
    return pd.Series(values, dtype="float64")


def _of_each(keys: Sequence[Key], recorded: Sequence[Rectification]) -> list[Optional[Rectification]]:
    """The record of each item; where it has none of its own while its parcel has, what was recorded of the other pieces.

    Nothing entered is left out: a parcel that is one piece (again) shows what was recorded of its parts, together; a part what was recorded
    of the whole, without areas. What remains is not known then, and nothing counts as closed: a person has to record it of the piece itself.
    """
    by_key = {(record.parcel, record.part.strip()): record for record in recorded}
    by_parcel: dict[str, list[Rectification]] = {}
    for record in recorded:
        by_parcel.setdefault(record.parcel, []).append(record)
    return [by_key.get(key) or _of_others(*key, by_parcel.get(key[0], ())) for key in keys]


def _of_others(parcel: str, part: str, recorded: Sequence[Rectification]) -> Optional[Rectification]:
    """What was recorded of other pieces of a parcel: it is no account of this piece, which is neither closed nor accepted by it."""
    chosen = [record for record in recorded if bool(record.part.strip()) != bool(part)]
    if not chosen:
        return None
    methods = dict.fromkeys(record.method for record in chosen if not is_blank(record.method))
    notes = [f"{record.part.strip() or '整宗'}：{record.note or ''}".rstrip("：") for record in chosen]
    found = Rectification(parcel, part, "、".join(methods), note="登记于 " + "；".join(notes))
    if part:
        return found

    def total(area: Callable[[Rectification], _Number]) -> _Number:
        known = [value for value in map(area, chosen) if value is not None]
        return sum(known) if known else None

    return replace(
        found,
        removed_m2=total(lambda one: one.removed_m2),
        removed_farmland_m2=total(lambda one: one.removed_farmland_m2),
        removed_basic_farmland_m2=total(lambda one: one.removed_basic_farmland_m2),
        regularised_m2=total(lambda one: one.regularised_m2),
        regularised_farmland_m2=total(lambda one: one.regularised_farmland_m2),
        regularised_basic_farmland_m2=total(lambda one: one.regularised_basic_farmland_m2),
    )
