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

All areas are 亩, unrounded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ..filing.gather import typed_fields
from ..filing.settings import load_rules
from ..geodesy.units import mu_unrounded
from ..judgment.meaning import group_of, groups_of_decision
from ..judgment.standing import ParcelStanding, Standings
from ..model.dates import DateSpan, span_text
from ..model.values import is_blank
from . import part_areas, records, review_states
from .case_facts import add_cases
from .standing import parcels_as_of, standings_as_of

__all__ = ["AREAS", "ILLEGAL", "LAND", "MINING", "Base", "group_of", "originals", "read", "verified"]

#: The three areas that every table speaks of: whole, 耕地, 永久基本农田.
AREAS = ("area", "farmland", "basic_farmland")
#: What a parcel is (``kind``): land, or mining, which is counted apart.
LAND, MINING = "land", "mining"
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
    proposed: Mapping[str, set[str]]  # parcel → names of its proposed parts
    standings: Standings


def read(snapshot: records.Snapshot, as_of: date) -> Base:
    """Read a snapshot as of a day."""
    measured = _measured(snapshot)
    proposed = proposed_parts(snapshot, measured)
    standings = standings_as_of(snapshot, as_of, proposed)
    parcels = parcels_as_of(snapshot, as_of, standings)
    given = records.delivered(parcels)
    states = review_states.frame(parcels, given).add_prefix("review_")
    return Base(parcels, given, states, measured, proposed, standings)


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
    ``decided_as`` (its place in the order of acts),
    ``nonagri, nongrain`` (booleans), ``<illegal>_area``, ``<illegal>_farmland``, ``<illegal>_basic_farmland``,
    ``<area>_figure`` (of parts: the figure printed),
    ``review_<stage|state|...|set>``, and for rectification ``method_text, removed, removed_farmland, removed_basic_farmland,
    regularised, …, remaining, has_record, closed, accepted_by, accepted_on``; of its case (:mod:`case_facts`) ``case_id, case_stage,
    case_closed, case_not_filed, penalty_done``; ``project_of`` (the leading parcel of a 并宗, else itself). Areas in 亩; unknown is NaN.
    """
    base = base or read(snapshot, as_of)
    parcels, given_all, measured = base.parcels, base.delivered, base.measured
    common = pd.concat([_common(parcels, given_all), base.states], axis=1)

    rows, parts = _divide(base)
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
    part_areas.add_figures(frame, measured)
    frame["class"] = records.first_text(given["class"], given["base_class"], frame["main_class"])
    units = [base.standings.of(parcel) for parcel in frame["parcel"]]
    _categories(frame, units, given)
    _typed(frame, units)
    _illegal_areas(frame, given)
    _rectification(frame, given, records.as_of(snapshot, "rectification", as_of), as_of)
    frame["project_of"] = [unit.lead or parcel for unit, parcel in zip(units, frame["parcel"])]
    frame = records.plain(add_cases(frame, snapshot, as_of, given["case"].tolist()))
    return frame.copy()  # one block a kind: quick to add columns to


def _common(parcels: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    frame = pd.DataFrame({"parcel": parcels["number"]})
    for name in ("kind", "issued", "county", "township", "village", "parent", "split_state", "state"):
        frame[name] = records.first_text(parcels[name])
    frame["level"] = [records.level(value) for value in parcels["level"]]
    frame["batch"] = records.first_text(given["batch"], parcels["batch"])
    for name in ("project", "owner", "use", "typical", "remark", "built", "village_attribute"):
        frame[name] = records.first_text(given[name])
    frame["built"] = records.first_text(frame["built"], _first_seen(parcels))
    frame["parcel_name"] = records.first_text(given["name"])
    frame["kind"] = frame["kind"].replace("", LAND)
    return frame


def _first_seen(parcels: pd.DataFrame) -> list[str]:
    """建设时间 as a range where it was marked on dated images."""
    if "first_seen" not in parcels.columns:
        return [""] * len(parcels)
    spans = [DateSpan.of_interval(text) for text in records.first_text(parcels["first_seen"])]
    return [span_text(span) if span else "" for span in spans]


def _measured(snapshot: records.Snapshot) -> Mapping[str, Mapping[tuple[str, str], Any]]:
    """The needed measures by name, then by (parcel, part)."""
    table = records.table(snapshot, "measure")
    table = table[table["measure"].isin(_MEASURES)]
    table = records.plain(table)
    parts = ["" if is_blank(part) else str(part) for part in table["part"]]
    result: dict[str, dict[tuple[str, str], Any]] = {name: {} for name in _MEASURES}
    for parcel, part, measure, value in zip(table["parcel"], parts, table["measure"], table["value"]):
        result[measure][(parcel, part)] = value
    proposed = records.table(snapshot, "part")
    for parcel, part, area in zip(proposed["parcel"], records.first_text(proposed["part"]), proposed["area_m2"]):
        if not is_blank(area):
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
    for position in np.flatnonzero(~records.stand_in_pieces(parcels)).tolist():
        number, split = str(parcels["number"].iat[position]), parcels["split_state"].iat[position]
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


def _categories(frame: pd.DataFrame, standings: Sequence[ParcelStanding], given: pd.DataFrame) -> None:
    """Category, subtype, group and source of each row. What an act in the workspace left open is open, whatever was delivered."""
    units = [stands.unit(part) for stands, part in zip(standings, frame["part"])]
    found = [unit.last if unit.done else None for unit in units]
    acted = [bool(unit.acts) or stands.stated for stands, unit in zip(standings, units)]
    frame["source"] = [
        "decision" if own is not None else "delivered" if not (is_blank(text) or part or ours) else ""
        for own, text, part, ours in zip(found, given["category"], frame["part"], acted)
    ]
    exported = [text if source == "delivered" else None for text, source in zip(given["category"], frame["source"])]
    frame["category"] = records.first_text([own.category if own else None for own in found], exported)
    frame["subtype"] = records.first_text(
        [own.subtype if own else None for own in found],
        given["subcategory"].where(frame["source"] == "delivered"),
    )
    frame["decided_at"] = [own.decided_at if own else None for own in found]
    frame["decided_as"] = [own.sequence or 0 if own else 0 for own in found]
    frame["state"] = [
        unit.state.value if part and stands.stated else stored
        for stands, unit, part, stored in zip(standings, units, frame["part"], frame["state"])
    ]
    cache = {key: groups_of_decision(*key) for key in set(zip(frame["category"], frame["subtype"]))}
    groups = [cache[key] for key in zip(frame["category"], frame["subtype"])]
    frame["group"] = [names[0] for names in groups]
    for kind in ILLEGAL:
        frame[kind] = np.array([f"{kind}_illegal" in names for names in groups], dtype=bool)


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
    "class": ("field_class",),
}


def _typed(frame: pd.DataFrame, standings: Sequence[ParcelStanding]) -> None:
    """What a person typed wins over what was delivered; what was emptied stays empty."""
    names = load_rules().fields
    stated = [typed_fields(stands.unit(part)) for stands, part in zip(standings, frame["part"])]
    frame["stated"] = pd.Series(stated, index=frame.index, dtype=object)
    for column, fields in _TYPED_COLUMNS.items():
        keys = [key for field in fields for key in (field, names[field])]
        frame[column] = [
            next((str(fields_of[key]).strip() for key in keys if not is_blank(fields_of.get(key))), "")
            if any(key in fields_of for key in keys)
            else delivered
            for fields_of, delivered in zip(stated, frame[column])
        ]


def _illegal_areas(frame: pd.DataFrame, given: pd.DataFrame) -> None:
    exported = (frame["source"] == "delivered").to_numpy()
    whole = (frame["part"] == "").to_numpy()
    for kind in ILLEGAL:
        for area in AREAS:
            delivered = records.numbers(given[kind if area == "area" else f"{kind}_{area}"])
            delivered = delivered.where(whole)
            own = frame[area]
            first, second = delivered.where(exported, own), own.where(exported, delivered)
            values = first.where(first.notna(), second).where(frame[kind])
            frame[f"{kind}_{area}"] = values
            own_figure = frame[area + part_areas.FIGURE]
            frame[f"{kind}_{area}{part_areas.FIGURE}"] = own_figure.where(values == own, None)


def _rectification(frame: pd.DataFrame, given: pd.DataFrame, recorded: pd.DataFrame, as_of: date) -> None:
    recorded = _told_for_all(recorded, list(zip(frame["parcel"], frame["part"])))
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


#: What of a record of other pieces is told: it is no account of this piece, so that it is neither closed nor accepted by it.
_SUMMED = tuple(
    f"{step}{land}_m2" for step in ("removed", "regularised") for land in ("", "_farmland", "_basic_farmland")
)


def _told_for_all(recorded: pd.DataFrame, items: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Records of rectification, with one for each item that has none of its own while its parcel has: nothing entered is left out.

    A parcel that is one piece (again) shows what was recorded of its parts, together; a part what was recorded of the whole, without areas.
    What remains is not known then, and nothing counts as closed: a person has to record it of the piece itself.
    """
    rows = [{**row, "part": "" if is_blank(row["part"]) else str(row["part"])} for row in recorded.to_dict("records")]
    known = {(str(row["parcel"]), row["part"]) for row in rows}
    by_parcel: dict[str, list[dict[Any, Any]]] = {}
    for row in rows:
        by_parcel.setdefault(str(row["parcel"]), []).append(row)
    told = [
        _of_others(parcel, part, by_parcel[parcel])
        for parcel, part in items
        if parcel in by_parcel and (parcel, part) not in known
    ]
    found = [row for row in told if row is not None]
    return pd.concat([recorded, pd.DataFrame(found)], ignore_index=True) if found else recorded


def _of_others(parcel: str, part: str, rows: Sequence[Mapping[Any, Any]]) -> dict[str, Any] | None:
    chosen = [row for row in rows if bool(row["part"]) != bool(part)]
    if not chosen:
        return None
    found: dict[str, Any] = {"parcel": parcel, "part": part}
    for name in _SUMMED if not part else ():
        values = [float(row[name]) for row in chosen if not is_blank(row[name])]
        found[name] = sum(values) if values else None
    methods = dict.fromkeys(str(row["method"]) for row in chosen if not is_blank(row["method"]))
    notes = [f"{row['part'] or '整宗'}：{'' if is_blank(row['note']) else row['note']}".rstrip("：") for row in chosen]
    return {**found, "method": "、".join(methods), "note": "登记于 " + "；".join(notes)}


def _take(column: pd.Series, positions: np.ndarray[Any, Any]) -> list[Any]:
    values = column.tolist()
    return [values[position] if position >= 0 else None for position in positions]
