"""What the tables count: parcels as issued (原始下发), and the verified items (核实后) with their category, areas and rectification.

An item is an undivided parcel, a child parcel (拆分), or a part of a parcel that was split or decided in parts; a parent (被拆分)
whose pieces stand in rows of their own is no item, one without such rows is its parts.
Source of the distinction: practice of 2026 (blank ∪ 被拆分 = 原始下发, blank ∪ 拆分 = 核实后).

Where a figure comes from, in this order:

* category: the decision in force (:mod:`judgment.standing`), else, where nobody acted on the parcel here, the delivered 核实认定意见;
  a proposal is no decision, and what was sent back (退回) or is to be judged anew (改判) is open;
* 项目名称, 主体, 用途, 建设时间 …: as the person who decided typed them, else as delivered;
* parcel areas (耕地, 永久基本农田): the measures of the item, else the delivered columns;
* illegal areas: of a decided item its own area and measures, else the delivered columns; of an item known only from an export the
  delivered columns (they belong to that judgement), else its area and measures;
* rectification: the workspace's record, else the delivered columns; a record's blank area is a blank, never taken from elsewhere.

The columns are those of :mod:`.item_columns`; all areas are 亩, unrounded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from ..filing.gather import typed_fields
from ..filing.settings import load_rules
from ..geodesy.units import mu_unrounded
from ..judgment.meaning import groups_of_decision
from ..judgment.standing import ParcelStanding, Standings
from ..model.dates import DateSpan, span_text
from ..model.values import is_blank
from . import case_facts, part_areas, recorded, records, rectification, review_states
from .columns import joined, series
from .item_columns import (
    AREAS,
    ILLEGAL,
    LAND,
    IllegalFields,
    Items,
    JudgedFields,
    Lands,
    Originals,
    Parcels,
    Reviews,
)
from .part_areas import FIGURE, Key, Measured
from .standing import parcels_as_of, standings_as_of

__all__ = ["Base", "originals", "proposed_parts", "read", "verified"]


@dataclass(frozen=True)
class Base:
    """What originals and items are made from, read once: parcels as of a day, what was delivered with them, states, measures."""

    parcels: records.StoredParcels
    delivered: records.Delivered
    reviews: Reviews
    measured: Measured
    proposed: Mapping[str, set[str]]  # parcel → names of its proposed parts
    standings: Standings


@dataclass(frozen=True)
class _Pieces:
    """Parcels or parts of them, one row each: its key, its measures, and of its parcel the stored row and what was delivered."""

    keys: Sequence[Key]
    measured: Measured
    stored: records.StoredParcels
    delivered: records.Delivered

    @property
    def whole(self) -> pd.Series:
        """Which are undivided parcels."""
        return pd.Series([not part for _, part in self.keys], dtype=bool)

    def mu(self, measure: str) -> pd.Series:
        """A measure of each in 亩; NaN where it was not measured."""
        values = self.measured[measure]
        return _in_mu([values.get(key) for key in self.keys])

    def area(self, area: str) -> pd.Series:
        """An area of each in 亩: measured, else (whole parcels only) stored or delivered."""
        values, whole = self.mu(area), self.whole
        if area == "area":
            values = values.where(values.notna() | ~whole, _in_mu(self.stored.area_m2))
        return values.where(values.notna() | ~whole, records.numbers(self.delivered.of(area)))

    def whole_area(self) -> pd.Series:
        """The area of the undivided parcel of each, in 亩."""
        values = records.numbers([self.measured["area"].get((parcel, "")) for parcel, _ in self.keys])
        return _in_mu(values.where(values.notna(), records.numbers(self.stored.area_m2)))


def read(snapshot: records.Snapshot, as_of: date) -> Base:
    """Read a snapshot as of a day."""
    measured = part_areas.measured(snapshot)
    proposed = proposed_parts(snapshot, measured)
    standings = standings_as_of(snapshot, as_of, proposed)
    parcels = parcels_as_of(snapshot, as_of, standings)
    given = records.delivered(parcels.delivered)
    return Base(parcels, given, review_states.columns(parcels, given), measured, proposed, standings)


def originals(base: Base) -> Originals:
    """Parcels as issued. Children of split parcels (拆分) are left out: their parents stand for them."""
    parcels = _parcels(base.parcels, base.delivered)
    pieces = _Pieces([(number, "") for number in parcels.parcel], base.measured, base.parcels, base.delivered)
    made = joined(
        Originals,
        parcels,
        base.reviews,
        item=parcels.parcel,
        part=series([""] * len(parcels)),
        **{area: pieces.area(area) for area in AREAS},
    )
    return made.where(~base.parcels.is_part)


def verified(snapshot: records.Snapshot, as_of: date, base: Base | None = None) -> Items:
    """The verified items, one row each; see the module for where their figures come from."""
    base = base or read(snapshot, as_of)
    positions, parts = _divide(base)
    parcels = _parcels(base.parcels, base.delivered).take(positions)
    given = base.delivered.take(positions)
    keys = list(zip(parcels.parcel, parts))
    pieces = _Pieces(keys, base.measured, base.parcels.take(positions), given)
    stands = [base.standings.of(parcel) for parcel in parcels.parcel]
    leads = [unit.lead or parcel for unit, parcel in zip(stands, parcels.parcel)]
    areas = {area: pieces.area(area) for area in AREAS}
    land, judged = _land(pieces), _judged(keys, stands, given)
    parcels = _with_states(parcels, parts, stands)
    parcels, land = _typed(parcels, land, judged.stated)
    reviews = base.reviews.take(positions)
    case = case_facts.columns(keys, leads, snapshot, as_of, given.case)
    rectified = recorded.columns(keys, records.as_of(snapshot, "rectification", as_of), given, as_of)
    return joined(
        Items,
        parcels,
        reviews,
        land,
        judged,
        _illegal(areas, land, judged, given, pieces.whole),
        rectified,
        case,
        rectification.states(rectified, reviews, case),
        item=series(records.item_key(*key) for key in keys),
        part=series(parts),
        project_of=series(leads),
        **areas,
    )


def _parcels(stored: records.StoredParcels, given: records.Delivered) -> Parcels:
    return Parcels(
        parcel=stored.number,
        kind=stored.kind.where(stored.kind != "", LAND),
        issued=records.first_text(stored.issued),
        county=stored.county,
        township=stored.township,
        village=stored.village,
        parent=stored.parent,
        split_state=stored.split_state,
        state=stored.state,
        level=series(records.level(value) for value in stored.level),
        batch=records.first_text(given.batch, stored.batch),
        project=records.first_text(given.project),
        owner=records.first_text(given.owner),
        use=records.first_text(given.use),
        typical=records.first_text(given.typical),
        remark=records.first_text(given.remark),
        built=records.first_text(given.built, _first_seen(stored.first_seen)),
        village_attribute=records.first_text(given.village_attribute),
        parcel_name=records.first_text(given.name),
    )


def _first_seen(marked: pd.Series) -> list[str]:
    """建设时间 as a range where it was marked on dated images."""
    spans = [DateSpan.of_interval(text) for text in records.first_text(marked)]
    return [span_text(span) if span else "" for span in spans]


def _in_mu(square_metres: Sequence[object] | pd.Series) -> pd.Series:
    """Areas in m² as read, in 亩, unrounded."""
    values = records.numbers(square_metres)
    return pd.Series(mu_unrounded(values.to_numpy()), index=values.index)


def proposed_parts(snapshot: records.Snapshot, measured: Measured) -> dict[str, set[str]]:
    """The parts of each parcel that the overlay proposed or measured, slivers left out."""
    table = records.table(snapshot, "part")
    found: dict[str, set[str]] = {}
    slivers = set()
    for parcel, part, sliver in zip(table["parcel"], records.first_text(table["part"]), table["sliver"]):
        if not is_blank(sliver) and bool(sliver):
            slivers.add((str(parcel), part))
        elif part:
            found.setdefault(str(parcel), set()).add(part)
    for parcel, part in measured["area"]:
        if part and (parcel, part) not in slivers:
            found.setdefault(parcel, set()).add(part)
    return found


def _divide(base: Base) -> tuple[list[int], list[str]]:
    """Row positions and parts: a parcel that was split, or of which a part was decided, stands with all its parts.

    Left out is a split parcel whose pieces have rows of their own; one of which no part is known stands as a whole.
    """
    parcels = base.parcels
    rows: list[int] = []
    parts: list[str] = []
    for position in np.flatnonzero(~parcels.stand_in_pieces()).tolist():
        number, split = str(parcels.number.iat[position]), parcels.split_state.iat[position]
        stands = base.standings.of(number)
        names = set(stands.parts)
        if (
            split == records.WAS_SPLIT and not names and not stands.whole.acts
        ):  # split before it came here, untouched since
            names = base.proposed.get(number, set())
        known = sorted(names or {""}, key=lambda part: (len(part), part))
        rows.extend([position] * len(known))
        parts.extend(known)
    return rows, parts


_Judged = JudgedFields[pd.Series, pd.Series, pd.Series, pd.Series]
_Illegal = IllegalFields[pd.Series, pd.Series, pd.Series, pd.Series]


def _land(pieces: _Pieces) -> Lands:
    main_class = pieces.measured["main_class"]
    given = pieces.delivered
    return Lands(
        whole_area=pieces.whole_area(),
        construction=pieces.mu("construction"),
        other_agricultural=pieces.mu("other_agricultural"),
        unused=pieces.mu("unused"),
        unsurveyed=pieces.mu("unsurveyed"),
        class_=records.first_text(given.class_, given.base_class, [main_class.get(key) for key in pieces.keys]),
        **part_areas.figures(pieces.keys, pieces.measured),
    )


def _judged(keys: Sequence[Key], stands: Sequence[ParcelStanding], given: records.Delivered) -> _Judged:
    """Category, subtype, group and source of each. What an act in the workspace left open is open, whatever was delivered."""
    units = [standing.unit(part) for standing, (_, part) in zip(stands, keys)]
    found = [unit.last if unit.done else None for unit in units]
    acted = [bool(unit.acts) or standing.stated for standing, unit in zip(stands, units)]
    source = series(
        "decision" if own is not None else "delivered" if not (is_blank(text) or part or ours) else ""
        for own, text, (_, part), ours in zip(found, given.category, keys, acted)
    )
    exported = source == "delivered"
    category = records.first_text([own.category if own else None for own in found], given.category.where(exported))
    subtype = records.first_text([own.subtype if own else None for own in found], given.subcategory.where(exported))
    cache = {key: groups_of_decision(*key) for key in set(zip(category, subtype))}
    groups = [cache[key] for key in zip(category, subtype)]
    return _Judged(
        category=category,
        subtype=subtype,
        group=series(names[0] for names in groups),
        source=source,
        decided_at=series(own.decided_at if own else "" for own in found),
        decided_as=pd.Series([own.sequence or 0 if own else 0 for own in found], dtype="float64"),
        nonagri=_in_group("nonagri", groups),
        nongrain=_in_group("nongrain", groups),
        stated=series(typed_fields(unit) for unit in units),
    )


def _in_group(kind: str, groups: Sequence[Sequence[str]]) -> pd.Series:
    return pd.Series([f"{kind}_illegal" in names for names in groups], dtype=bool)


def _with_states(parcels: Parcels, parts: Sequence[str], stands: Sequence[ParcelStanding]) -> Parcels:
    """A part has a state of its own where an act says one."""
    states = [
        standing.unit(part).state.value if part and standing.stated else stored
        for standing, part, stored in zip(stands, parts, parcels.state)
    ]
    return parcels.changed(state=series(states))


#: What people type, by the column of an item: the first that is known is shown.
_TYPED_COLUMNS = {
    "project": ("project",),
    "owner": ("owner",),
    "use": ("violation_use", "use_detail"),
    "built": ("built",),
    "typical": ("major_problem",),
    "remark": ("remark",),
    "parcel_name": ("name",),
    "village_attribute": ("village_attribute",),
}
_TYPED_CLASS = ("field_class",)


def _typed(parcels: Parcels, land: Lands, stated: pd.Series) -> tuple[Parcels, Lands]:
    """What a person typed wins over what was delivered; what was emptied stays empty."""
    names = load_rules().fields

    def typed(fields: Sequence[str], delivered: pd.Series) -> pd.Series:
        keys = [key for field in fields for key in (field, names[field])]
        return series(
            next((str(fields_of[key]).strip() for key in keys if not is_blank(fields_of.get(key))), "")
            if any(key in fields_of for key in keys)
            else text
            for fields_of, text in zip(stated, delivered)
        )

    columns = {name: typed(fields, getattr(parcels, name)) for name, fields in _TYPED_COLUMNS.items()}
    return parcels.changed(**columns), land.changed(class_=typed(_TYPED_CLASS, land.class_))


def _illegal(
    areas: Mapping[str, pd.Series], land: Lands, judged: _Judged, given: records.Delivered, whole: pd.Series
) -> _Illegal:
    exported = judged.source == "delivered"
    columns: dict[str, pd.Series] = {}
    for kind in ILLEGAL:
        illegal: pd.Series = getattr(judged, kind)
        for area in AREAS:
            delivered = records.numbers(given.of(kind if area == "area" else f"{kind}_{area}")).where(whole)
            own = areas[area]
            first, second = delivered.where(exported, own), own.where(exported, delivered)
            values = first.where(first.notna(), second).where(illegal)
            own_figure: pd.Series = getattr(land, area + FIGURE)
            columns[f"{kind}_{area}"] = values
            columns[f"{kind}_{area}{FIGURE}"] = own_figure.where(values == own, None)
    return _Illegal(**columns)
