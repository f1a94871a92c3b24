"""The workspace snapshot as oversight reads it: tables with all their columns, as of a day, and delivered columns by meaning.

A snapshot is a mapping of table name to DataFrame with the columns of ``workspace/schema.py``; tables and columns that are
missing are taken as empty. Nothing here changes the snapshot.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from ..model.records import DateSpan
from ..model.values import is_blank
from ..model.words import Level, SplitState
from ..workspace.schema import table as stored_table
from .columns import Columns
from .data import figures

Snapshot = Mapping[str, pd.DataFrame]

WAS_SPLIT = SplitState.PARENT.value  # a parent that was split: counted as issued, not as verified
IS_PART = SplitState.PIECE.value  # a child of a split parcel
#: Between a parcel's number and a part of it in a figure's list of items; parcels themselves may end in ``_1``.
PART_MARK = "#"

#: A child's number is its parent's with ``_`` and a count.
_CHILD = r"^(.+)_\d+$"

#: The column that dates a row of a table, for rows whose insertion the journal does not hold one by one.
_DATED = {"decision": "decided_at", "document": "added_at", "package": "made_at", "photo": "taken_at"}


def table(snapshot: Snapshot, name: str) -> pd.DataFrame:
    """A table of the snapshot with every column of the schema; a missing table is empty, a missing column is None."""
    given = snapshot.get(name)
    columns = [column.name for column in stored_table(name).columns]
    if given is None:
        return pd.DataFrame({column: pd.Series(dtype=object) for column in columns})
    missing = [column for column in columns if column not in given.columns]
    if not missing:
        return given
    return given.assign(
        **{column: pd.Series([None] * len(given), index=given.index, dtype=object) for column in missing}
    )


def doubts(snapshot: Snapshot) -> tuple[str, ...]:
    """What the audit of the workspace found, as sentences; a step that makes reports puts them beside the tables."""
    found = snapshot.get("doubt")
    return () if found is None else tuple(str(text) for text in found["text"])


def as_of(snapshot: Snapshot, name: str, day: date) -> pd.DataFrame:
    """A table as it stood at the end of ``day``: later journal entries are undone, rows dated later are left out.

    Bulk writes stand in the journal as counts only and cannot be undone; rows of tables in ``_DATED`` are then judged by their
    own date.
    """
    frame = _undo(table(snapshot, name), name, table(snapshot, "journal"), day)
    dated = _DATED.get(name)
    if dated is not None and len(frame):
        limit = (day + timedelta(days=1)).isoformat()
        late = [value not in (None, "") and value == value and str(value) >= limit for value in frame[dated]]
        if any(late):
            frame = frame[~np.array(late)]
    return frame


@dataclass(frozen=True)
class StoredParcels(Columns):
    """Table ``parcel`` as the tables of a day read it, what is asked of it; ``delivered`` and ``geometry`` as stored, areas in m²."""

    number: pd.Series
    batch: pd.Series
    kind: pd.Series
    parent: pd.Series
    county: pd.Series
    township: pd.Series
    village: pd.Series
    level: pd.Series
    issued: pd.Series
    due: pd.Series
    area_m2: pd.Series
    state: pd.Series
    split_state: pd.Series
    review_stage: pd.Series
    delivered: pd.Series
    first_seen: pd.Series
    geometry: pd.Series

    @property
    def is_part(self) -> pd.Series:
        """Which are children of a split parcel (拆分)."""
        return self.split_state == IS_PART

    def stand_in_pieces(self) -> pd.Series:
        """Which split parcels (被拆分) have rows for their pieces (拆分): these are counted and filed instead of them."""
        parents = {parent for parent in self.parent if parent}
        return (self.split_state == WAS_SPLIT) & self.number.isin(parents)


def parcels_as_of(snapshot: Snapshot, day: date) -> StoredParcels:
    """The parcels issued up to ``day`` (those without a readable date included).

    ``split_state``, ``county``, ``township``, ``village`` and ``batch`` that the workspace leaves blank are filled from the
    delivered attributes, the village then from the boundary layer (largest share), the parent of a child from its number.
    """
    stored = plain(as_of(snapshot, "parcel", day)).reset_index(drop=True)
    columns = {entry.name: stored.get(entry.name, _nothing(len(stored))) for entry in fields(StoredParcels)}
    parcels = StoredParcels(**columns)
    spans = {text: DateSpan.parse(text) for text in parcels.issued.dropna().unique()}
    late = [(span := spans.get(text)) is not None and span.first > day for text in parcels.issued.tolist()]
    parcels = parcels.where(~np.array(late, dtype=bool))
    given = delivered(parcels.delivered)
    number, split_state = first_text(parcels.number), first_text(parcels.split_state, given.split)
    of_child = number.str.extract(_CHILD, expand=False).where(split_state == IS_PART)
    return parcels.changed(
        number=number,
        batch=first_text(parcels.batch),
        kind=first_text(parcels.kind),
        parent=first_text(parcels.parent, of_child),
        county=first_text(parcels.county, given.county),
        township=first_text(parcels.township, given.township),
        village=first_text(parcels.village, given.village, _village_of(snapshot, number)),
        state=first_text(parcels.state),
        split_state=split_state,
        review_stage=first_text(parcels.review_stage),
    )


def _nothing(count: int) -> pd.Series:
    return pd.Series([None] * count, dtype=object)


@dataclass(frozen=True)
class Delivered(Columns):
    """What was delivered with each parcel, one column a meaning (``figures.yaml``, key ``delivered``); as delivered, absent is None."""

    county: pd.Series
    township: pd.Series
    village: pd.Series
    batch: pd.Series
    category: pd.Series
    subcategory: pd.Series
    split: pd.Series
    split_stage: pd.Series
    stage: pd.Series
    state: pd.Series
    returned: pd.Series
    project: pd.Series
    owner: pd.Series
    use: pd.Series
    typical: pd.Series
    rectification: pd.Series
    class_: pd.Series
    base_class: pd.Series
    area: pd.Series  # 亩, as all areas
    farmland: pd.Series
    basic_farmland: pd.Series
    nonagri: pd.Series
    nonagri_farmland: pd.Series
    nonagri_basic_farmland: pd.Series
    nongrain: pd.Series
    nongrain_farmland: pd.Series
    nongrain_basic_farmland: pd.Series
    removed: pd.Series
    removed_farmland: pd.Series
    removed_basic_farmland: pd.Series
    regularised: pd.Series
    regularised_farmland: pd.Series
    regularised_basic_farmland: pd.Series
    remaining: pd.Series
    remark: pd.Series
    name: pd.Series
    parcel_number: pd.Series
    kind: pd.Series
    feature: pd.Series
    village_attribute: pd.Series
    built: pd.Series
    project_type: pd.Series
    final_category: pd.Series
    case: pd.Series

    def of(self, area: str) -> pd.Series:
        """A delivered area, by its name."""
        found: pd.Series = getattr(self, area)
        return found


def delivered(given: pd.Series) -> Delivered:
    """What was delivered with each parcel (column ``delivered``): of the names of a meaning, the first that has a value."""
    columns: dict[str, list[Any]] = {entry.name.rstrip("_"): [None] * len(given) for entry in fields(Delivered)}
    wanted: dict[str, list[tuple[int, str]]] = {}
    for meaning, names in figures().delivered.items():
        for rank, name in enumerate(names if meaning in columns else ()):
            wanted.setdefault(plain_name(name), []).append((rank, meaning))
    for position, attributes in enumerate(given):
        if not isinstance(attributes, Mapping):
            continue
        ranks: dict[str, int] = {}
        for name, value in attributes.items():
            for rank, meaning in wanted.get(plain_name(str(name)), ()):
                if is_blank(value) or ranks.get(meaning, 99) <= rank:
                    continue
                ranks[meaning] = rank
                columns[meaning][position] = value
    return Delivered(
        **{entry.name: pd.Series(columns[entry.name.rstrip("_")], dtype=object) for entry in fields(Delivered)}
    )


def plain_name(name: str) -> str:
    """A column name without spaces, unit and the difference of full and half width: 图斑面积(亩) and 图斑面积（亩） are one."""
    return _plain_name(name)


@lru_cache(maxsize=4096)
def _plain_name(name: str) -> str:
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))
    return re.sub(r"\((亩|%)\)$", "", text).lower()


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with text columns as plain Python strings: newer pandas keeps text in Arrow, which is slow to walk row by row."""
    return frame.astype({name: object for name, kind in frame.dtypes.items() if isinstance(kind, pd.StringDtype)})


def first_text(*columns: Iterable[object]) -> pd.Series:
    """The first non-blank of several columns as text, "" where all are blank."""
    rows = zip(*(_walk(column) for column in columns))
    return pd.Series(
        [next((str(value).strip() for value in row if not is_blank(value)), "") for row in rows], dtype=object
    )


def numbers(values: Iterable[object]) -> pd.Series:
    """Numbers as delivered (text, thousands separators) as floats; blank and unreadable are NaN."""
    if isinstance(values, pd.Series) and values.dtype == "float64":
        return values.reset_index(drop=True)
    return pd.Series([_number(value) for value in _walk(values)], dtype="float64")


def level(value: object) -> str:
    """一级, 二级, 三级 or "" from 一级监测图斑, 1, 1级, …"""
    text = "" if is_blank(value) else unicodedata.normalize("NFKC", str(value)).strip()
    for name, digit in ((Level.FIRST, "1"), (Level.SECOND, "2"), (Level.THIRD, "3")):
        if name.value in text or re.fullmatch(digit + r"(\.0)?级?.*", text):
            return name.value
    return ""


def item_key(parcel: str, part: str) -> str:
    """How a parcel or a part of it is written in the list behind a figure."""
    return parcel + PART_MARK + part if part else parcel


def shown(item: str) -> str:
    """An item key as people write it: a part continues its parcel's number, ``number_1``."""
    return item.replace(PART_MARK, "")


def parcel_of(item: str) -> str:
    """The parcel's number of an item key."""
    return item.partition(PART_MARK)[0]


def _walk(values: Iterable[object]) -> Iterable[object]:
    return values.tolist() if isinstance(values, pd.Series) else values


def _number(value: object) -> float:
    if is_blank(value):
        return float("nan")
    try:
        return float(str(value).replace(",", "").replace("，", "").strip())
    except ValueError:
        return float("nan")


def _village_of(snapshot: Snapshot, parcel_numbers: pd.Series) -> pd.Series:
    """The village whose boundary covers most of each parcel, from the coverage of the role ``villages``."""
    coverage = table(snapshot, "coverage")
    rows = coverage[(coverage["role"] == "villages") & coverage["group"].notna() & (coverage["group"] != "")]
    if not len(rows):
        return pd.Series([None] * len(parcel_numbers), dtype=object)
    sums = (
        rows.assign(area_m2=numbers(rows["area_m2"]).to_numpy())
        .groupby(["parcel", "group"], sort=True)["area_m2"]
        .sum()
    )
    largest = sums[sums > 0].reset_index().sort_values("area_m2", kind="stable").drop_duplicates("parcel", keep="last")
    return parcel_numbers.map(dict(zip(largest["parcel"], largest["group"])))


def _undo(frame: pd.DataFrame, name: str, journal: pd.DataFrame, day: date) -> pd.DataFrame:
    limit = (day + timedelta(days=1)).isoformat()
    later = journal[(journal["what"] == name) & (journal["at"].fillna("").astype(str) >= limit)]
    if not len(later):
        return frame
    stored = stored_table(name)
    rows: dict[str, dict[str, Any] | None] = {}
    order = [stored.key_text(row) for row in frame[list(stored.key)].to_dict("records")]
    for key, row in zip(order, frame.to_dict("records")):
        rows[key] = {str(column): value for column, value in row.items()}
    for action, key, before, after in zip(
        later["action"][::-1], later["key"][::-1], later["before"][::-1], later["after"][::-1]
    ):
        current = rows.get(key)
        if action == "delete" and isinstance(before, Mapping):
            rows[key] = {**dict.fromkeys(frame.columns), **before}
        elif action == "update" and isinstance(before, Mapping) and current is not None:
            current.update(before)
        elif action == "insert" and isinstance(after, Mapping):
            rows[key] = None
    kept = [row for row in rows.values() if row is not None]
    return pd.DataFrame(kept, columns=frame.columns).astype(frame.dtypes.to_dict(), errors="ignore")
