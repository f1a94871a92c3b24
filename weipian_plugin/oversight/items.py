"""What the tables count: parcels as issued (原始下发), and the verified items (核实后) with their category, areas and rectification.

An item is an undivided parcel, a child parcel (拆分), or a part of a parcel that was split or decided in parts; a parent (被拆分)
whose pieces stand in rows of their own is no item, one without such rows is its parts.
Source of the distinction: practice of 2026 (blank ∪ 被拆分 = 原始下发, blank ∪ 拆分 = 核实后).

Where a figure comes from, in this order:

* category: the decision in force (:mod:`judgment.standing`), else the delivered 核实认定意见; a proposal is no decision;
* parcel areas (耕地, 永久基本农田): the measures of the item, else the delivered columns;
* illegal areas: of a decided item its own area and measures, else the delivered columns; of an item known only from an export the
  delivered columns (they belong to that judgement), else its area and measures;
* rectification: the workspace's record, else the delivered columns; a record's blank area is a blank, never taken from elsewhere.

All areas are 亩, unrounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ..geodesy.units import mu_unrounded
from ..judgment.standing import Standings
from . import records, review_states
from .data import load
from .standing import parcels_as_of, standings_as_of

#: The three areas that every table speaks of: whole, 耕地, 永久基本农田.
AREAS = ("area", "farmland", "basic_farmland")
ILLEGAL = ("nonagri", "nongrain")
_MEASURES = (
    "area",
    "farmland",
    "basic_farmland",
    "construction",
    "other_agricultural",
    "unused",
    "unsurveyed",
    "main_class",
)


@dataclass(frozen=True)
class Base:
    """What originals and items are made from, read once: parcels as of a day, what was delivered with them, states, measures."""

    parcels: pd.DataFrame
    delivered: pd.DataFrame
    states: pd.DataFrame  # columns ``review_<code, name or set>``
    measured: Mapping[str, Mapping[tuple[str, str], Any]]


def read(snapshot: records.Snapshot, as_of: date) -> Base:
    """Read a snapshot as of a day."""
    parcels = parcels_as_of(snapshot, as_of)
    given = records.delivered(parcels)
    return Base(parcels, given, review_states.frame(parcels, given).add_prefix("review_"), _measured(snapshot))


def originals(base: Base) -> pd.DataFrame:
    """Parcels as issued: ``item, parcel, county, township, village, batch, area, farmland, basic_farmland`` and the review state.

    Children of split parcels (拆分) are left out: their parents stand for them.
    """
    parcels, given, measured = base.parcels, base.delivered, base.measured
    frame = pd.concat([_common(parcels, given), base.states], axis=1)
    frame["part"] = ""
    for area in AREAS:
        frame[area] = _area(frame, area, measured, given, parcels)
    kept = frame[parcels["split_state"] != records.IS_PART].reset_index(drop=True)
    return records.plain(kept.assign(item=kept["parcel"]))


def verified(snapshot: records.Snapshot, as_of: date, base: Base | None = None) -> pd.DataFrame:
    """The verified items, one row each; see the module for the columns' sources.

    Columns: ``item, parcel, part, kind, level, batch, issued, county, township, village, project, owner, use, typical, remark,
    area, farmland, basic_farmland, class, category, subtype, group, source`` (decision|delivered|''), ``decided_at``,
    ``nonagri, nongrain`` (booleans), ``<illegal>_area``, ``<illegal>_farmland``, ``<illegal>_basic_farmland``,
    ``review_<stage|state|...|set>``, and for rectification ``method_text, removed, removed_farmland, removed_basic_farmland,
    regularised, …, remaining, has_record, closed, accepted_by, accepted_on``. Areas in 亩; unknown is NaN.
    """
    base = base or read(snapshot, as_of)
    parcels, given_all, measured = base.parcels, base.delivered, base.measured
    decisions = current_decisions(snapshot, as_of)
    common = pd.concat([_common(parcels, given_all), base.states], axis=1)

    rows, parts = _divide(parcels, decisions, proposed_parts(snapshot, measured))
    frame = common.iloc[rows].reset_index(drop=True)
    given = given_all.iloc[rows].reset_index(drop=True)
    own = parcels.iloc[rows].reset_index(drop=True)
    frame["part"] = parts
    frame["item"] = [records.item_key(parcel, part) for parcel, part in zip(frame["parcel"], parts)]

    for area in AREAS:
        frame[area] = _area(frame, area, measured, given, own)
    frame["whole_area"] = _whole_areas(frame, measured, own)
    for measure in _MEASURES[3:]:
        frame[measure] = _lookup(frame, measured, measure)
    frame["class"] = records.first_text(given["class"], given["base_class"], frame["main_class"])
    _categories(frame, decisions, given)
    _illegal_areas(frame, given)
    _rectification(frame, given, records.as_of(snapshot, "rectification", as_of), as_of)
    return records.plain(frame)


def current_decisions(snapshot: records.Snapshot, as_of: date, standings: Standings | None = None) -> pd.DataFrame:
    """The one decision that counts for each (parcel, part) at the end of ``as_of``: see :mod:`judgment.standing`.

    Rows of table ``decision`` (the act in force). Parcels that were sent back or are to be judged anew have none; those of one project
    (并宗) have the leading one's.
    """
    standings = standings or standings_as_of(snapshot, as_of)
    columns = list(records.table(snapshot, "decision").columns)
    numbers = dict.fromkeys((*records.first_text(records.table(snapshot, "decision")["parcel"]), *standings.merges))
    rows = [
        {**unit.last, "parcel": number, "part": unit.part}
        for number in numbers
        for unit in standings.of(number).units
        if unit.done and unit.last is not None
    ]
    return records.plain(pd.DataFrame(rows, columns=columns).astype({"parcel": object, "part": object}))


def group_of(category: Any) -> tuple[str, ...]:
    """Groups that a category text belongs to, first one leading: 「非农违法」 → ("nonagri_illegal",); blank → ("undecided",).

    A text that names both 非农违法 and 非粮违法 belongs to both.
    """
    text = "" if records.blank(category) else str(category)
    if not text.strip():
        return ("undecided",)
    found = [
        entry["group"]
        for entry in load("figures", "groups")["groups"]
        if any(word in text for word in entry["contains"])
    ]
    if not found:
        return ("unknown",)
    if found[0].endswith("_illegal"):
        explicit = [group for group in dict.fromkeys(found) if group.endswith("_illegal")]
        both = "非农违法" in text and ("非粮违法" in text or "非粮化" in text)
        return tuple(explicit) if both else (found[0],)
    return (found[0],)


def _common(parcels: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    frame = pd.DataFrame({"parcel": parcels["number"]})
    for name in ("kind", "issued", "county", "township", "village", "parent", "split_state", "state"):
        frame[name] = records.first_text(parcels[name])
    frame["level"] = [records.level(value) for value in parcels["level"]]
    frame["batch"] = records.first_text(given["batch"], parcels["batch"])
    for name in ("project", "owner", "use", "typical", "remark"):
        frame[name] = records.first_text(given[name])
    return frame


def _measured(snapshot: records.Snapshot) -> Mapping[str, Mapping[tuple[str, str], Any]]:
    """The needed measures by name, then by (parcel, part)."""
    table = records.table(snapshot, "measure")
    table = table[table["measure"].isin(_MEASURES)]
    table = records.plain(table)
    parts = ["" if records.blank(part) else str(part) for part in table["part"]]
    result: dict[str, dict[tuple[str, str], Any]] = {name: {} for name in _MEASURES}
    for parcel, part, measure, value in zip(table["parcel"], parts, table["measure"], table["value"]):
        result[measure][(parcel, part)] = value
    proposed = records.table(snapshot, "part")
    for parcel, part, area in zip(proposed["parcel"], records.first_text(proposed["part"]), proposed["area_m2"]):
        if not records.blank(area):
            result["area"].setdefault((str(parcel), part), area)
    return result


def _lookup(frame: pd.DataFrame, measured: Mapping[str, Mapping[tuple[str, str], Any]], measure: str) -> pd.Series:
    values = measured[measure]
    found = [values.get(key) for key in zip(frame["parcel"], frame["part"])]
    return pd.Series(found, dtype=object) if measure == "main_class" else _in_mu(found)


def _in_mu(square_metres: Any) -> pd.Series:
    """Areas in m² as read, in 亩, unrounded."""
    values = records.numbers(square_metres)
    return pd.Series(mu_unrounded(values.to_numpy()), index=values.index)


def _area(
    frame: pd.DataFrame,
    area: str,
    measured: Mapping[str, Mapping[tuple[str, str], Any]],
    given: pd.DataFrame,
    own: pd.DataFrame,
) -> pd.Series:
    """An area of each row in 亩: measured, else (whole parcels only) stored or delivered."""
    values = _lookup(frame, measured, area)
    whole = frame["part"] == ""
    if area == "area":
        stored = _in_mu(own["area_m2"])
        values = values.where(values.notna() | ~whole, stored)
    return values.where(values.notna() | ~whole, records.numbers(given[area]))


def _whole_areas(
    frame: pd.DataFrame, measured: Mapping[str, Mapping[tuple[str, str], Any]], own: pd.DataFrame
) -> pd.Series:
    """The area of the undivided parcel of each row, in 亩."""
    values = records.numbers([measured["area"].get((parcel, "")) for parcel in frame["parcel"]])
    return _in_mu(values.where(values.notna(), records.numbers(own["area_m2"])))


def proposed_parts(
    snapshot: records.Snapshot, measured: Mapping[str, Mapping[tuple[str, str], Any]]
) -> dict[str, set[str]]:
    """The parts of each parcel that the overlay proposed or measured, slivers left out."""
    table = records.table(snapshot, "part")
    found: dict[str, set[str]] = {}
    slivers = set()
    for parcel, part, sliver in zip(table["parcel"], records.first_text(table["part"]), table["sliver"]):
        if not records.blank(sliver) and bool(sliver):
            slivers.add((str(parcel), part))
        elif part:
            found.setdefault(str(parcel), set()).add(part)
    for parcel, part in measured["area"]:
        if part and (parcel, part) not in slivers:
            found.setdefault(parcel, set()).add(part)
    return found


def _divide(
    parcels: pd.DataFrame, decisions: pd.DataFrame, proposed: Mapping[str, set[str]]
) -> tuple[list[int], list[str]]:
    """Row positions and parts. A parcel that was split, or of which a part was decided, stands with all its known parts.

    Left out is a split parcel whose pieces have rows of their own; one of which no part is known stands as a whole.
    """
    decided: dict[str, set[str]] = {}
    for parcel, part in zip(decisions["parcel"], decisions["part"]):
        if part:
            decided.setdefault(parcel, set()).add(part)
    rows: list[int] = []
    parts: list[str] = []
    for position in np.flatnonzero(~records.stand_in_pieces(parcels)).tolist():
        number, split = str(parcels["number"].iat[position]), parcels["split_state"].iat[position]
        divided = split == records.WAS_SPLIT or number in decided
        names = decided.get(number, set()) | proposed.get(number, set()) if divided else set()
        known = sorted(names or {""}, key=lambda part: (len(part), part))
        rows.extend([position] * len(known))
        parts.extend(known)
    return rows, parts


def _categories(frame: pd.DataFrame, decisions: pd.DataFrame, given: pd.DataFrame) -> None:
    decided = {
        (parcel, part): (category, subtype, at)
        for parcel, part, category, subtype, at in zip(
            decisions["parcel"], decisions["part"], decisions["category"], decisions["subtype"], decisions["decided_at"]
        )
    }
    found = [decided.get(key) for key in zip(frame["parcel"], frame["part"])]
    frame["source"] = [
        "decision" if own is not None else "delivered" if not records.blank(text) and not part else ""
        for own, text, part in zip(found, given["category"], frame["part"])
    ]
    exported = [text if source == "delivered" else None for text, source in zip(given["category"], frame["source"])]
    frame["category"] = records.first_text([own[0] if own else None for own in found], exported)
    frame["subtype"] = records.first_text(
        [own[1] if own else None for own in found], given["subcategory"].where(frame["source"] == "delivered")
    )
    frame["decided_at"] = [own[2] if own else None for own in found]
    cache = {
        (category, subtype): group_of(f"{category}·{subtype}" if _illegal_only(category) else category)
        for category, subtype in set(zip(frame["category"], frame["subtype"]))
    }
    groups = [cache[key] for key in zip(frame["category"], frame["subtype"])]
    frame["group"] = [names[0] for names in groups]
    for kind in ILLEGAL:
        frame[kind] = np.array([f"{kind}_illegal" in names for names in groups], dtype=bool)


def _illegal_only(category: str) -> bool:
    """A plain 违法 is refined by its subtype (违法·非粮化)."""
    return category == "违法"


def _illegal_areas(frame: pd.DataFrame, given: pd.DataFrame) -> None:
    exported = (frame["source"] == "delivered").to_numpy()
    whole = (frame["part"] == "").to_numpy()
    for kind in ILLEGAL:
        for area in AREAS:
            delivered = records.numbers(given[kind if area == "area" else f"{kind}_{area}"])
            delivered = delivered.where(whole)
            own = frame[area]
            first, second = delivered.where(exported, own), own.where(exported, delivered)
            frame[f"{kind}_{area}"] = first.where(first.notna(), second).where(frame[kind])


def _rectification(frame: pd.DataFrame, given: pd.DataFrame, recorded: pd.DataFrame, as_of: date) -> None:
    parts = records.first_text(recorded["part"])
    by_key = {key: position for position, key in enumerate(zip(recorded["parcel"], parts))}
    positions = np.array([by_key.get(key, -1) for key in zip(frame["parcel"], frame["part"])], dtype=int)
    has_record = positions >= 0
    delivered_counts = ~has_record & (frame["part"] == "").to_numpy()
    frame["has_record"] = has_record
    for step in ("removed", "regularised"):
        for area in AREAS:
            name = step if area == "area" else f"{step}_{area}"
            own = _in_mu(_take(recorded[f"{name}_m2"], positions))
            frame[name] = own.where(~delivered_counts, records.numbers(given[name]))
    own = _in_mu(_take(recorded["remaining_m2"], positions))
    frame["remaining"] = own.where(~delivered_counts, records.numbers(given["remaining"]))
    texts = given["rectification"].where(delivered_counts)
    frame["method_text"] = records.first_text(_take(recorded["method"], positions), texts)
    for name in ("accepted_by", "accepted_on", "closed_on", "note"):
        frame[name] = records.first_text(_take(recorded[name], positions))
    for name in (
        "before_photos",
        "during_photos",
        "after_photos",
        "accepted_area_m2",
        "area_m2",
        "farmland_m2",
        "basic_farmland_m2",
    ):
        frame[f"recorded_{name}"] = records.numbers(_take(recorded[name], positions))
    limit = as_of.isoformat()
    accepted = [
        bool(by) and bool(on) and on[:10] <= limit for by, on in zip(frame["accepted_by"], frame["accepted_on"])
    ]
    frame["accepted"] = np.array(accepted, dtype=bool)
    closed = records.numbers(_take(recorded["closed"], positions)).fillna(0) > 0
    dated = [bool(flag) and (not on or on[:10] <= limit) for flag, on in zip(closed, frame["closed_on"])]
    frame["closed"] = np.array(dated, dtype=bool)


def _take(column: pd.Series, positions: np.ndarray[Any, Any]) -> list[Any]:
    values = column.tolist()
    return [values[position] if position >= 0 else None for position in positions]
