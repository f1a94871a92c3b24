"""What the columns of a layer say about its documents: ends and terms, force, and what makes a document doubtful.

Everything is worked out once per distinct text, never per row. ``doubt`` of a document is a list of the codes below, joined by
blanks; none of them changes an area, all of them stand against 合法.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..formats.names import best_column, plain, without_unit
from ..model.dates import DateSpan, is_endless, until_of
from ..model.documents import (
    is_garbled,
    is_main_road,
    is_questioned,
    is_said_to_be_none,
    is_saying_column,
    is_status_column,
    is_unknown_code,
    number_contradicts,
    out_of_force,
)
from .settings import StatedArea
from .targets import Booleans, Floats, Geometries, Integers
from .timing import UNREADABLE

#: A shape that had to be repaired by more than the tolerance or lost a hole; a number of a later year than the date; an approved
#: area that no unit makes meet the polygon; a status that is a code nobody can read; a remark that questions it.
REPAIRED, NUMBER_YEAR, AREA, STATUS_CODE, QUESTIONED = "repaired", "number_year", "area", "status_code", "questioned"
#: Keys of the columns read for the force of a document, beside the one a catalogue names: status0, status1, ...
STATUS = "status"
_MOST_STATUS_COLUMNS = 9
#: Keys of further columns that may say a document is none (类型, 处理情况): said0, said1, ... and those a catalogue names for other ends.
SAID = "said"
_MOST_SAID_COLUMNS = 6
_NAMING = ("name", "project", "kind", "use")
_ROAD, _ROAD_NAMES = "rural_road", ("name", "number", "document")
#: Keys of which a layer may have several columns (PZRQ beside PZSJ): date, date1, date2.
DATE, UNTIL = "date", "until"
_MOST_DATES = 3
_NO_WORD = re.compile(r"\W+")  # a key becomes a file name in the cache
AREA_KEYS = {None: "area", "m2": "area_m2", "mu": "area_mu", "ha": "area_ha"}
_RATIOS = {"m2": 1.0, "mu": 0.0015, "ha": 0.0001}


def more_columns(
    fields: dict[str, str], columns: Sequence[str], names: Mapping[str, Sequence[str]] | None = None
) -> dict[str, str]:
    """``fields`` (key → column) with every other column that may tell the force of a document, further columns of its date and end (by
    ``names``: key → usual column names), and the unit of an area column."""
    found = {key: column for key, column in fields.items() if key not in ("area", STATUS)}
    if STATUS in fields:  # under its own name: what 「2」 means depends on it (权属状态)
        found[f"{STATUS}_{_NO_WORD.sub('', fields[STATUS])}"] = fields[STATUS]
    if "area" in fields:
        found[AREA_KEYS.get(without_unit(fields["area"])[1], "area")] = fields["area"]
    for key in (DATE, UNTIL):
        remainder = [column for column in columns if column not in found.values()]
        for place in range(1, _MOST_DATES):
            column = best_column((names or {}).get(key, ()), remainder) if key in fields else None
            if column is None:
                break
            found[f"{key}{place}"] = column
            remainder.remove(column)
    free = [column for column in columns if column not in found.values() and is_status_column(plain(column))]
    for place, column in enumerate(free[:_MOST_STATUS_COLUMNS]):
        found[f"{STATUS}{place}_{_NO_WORD.sub('', column)}"] = column
    free = [column for column in columns if column not in found.values() and is_saying_column(plain(column))]
    for place, column in enumerate(free[:_MOST_SAID_COLUMNS]):
        found[f"{SAID}{place}_{_NO_WORD.sub('', column)}"] = column
    return found


@dataclass(frozen=True)
class Documents:
    """Of each feature: date and end as ISO text (what cannot be read as delivered), the status that takes it out of force (""
    where nothing does), doubts, and the days of date and end (4, n); 0 = not stated, -1 = an end that cannot be read."""

    date: Geometries
    until: Geometries
    status: Geometries
    doubt: Geometries
    days: Integers

    def rows(self) -> Geometries:
        """Each as one tuple: what is kept of it."""
        listed = list(zip(self.date, self.until, self.status, self.doubt, *(row.tolist() for row in self.days)))
        rows = np.empty(len(listed), object)
        rows[:] = listed
        return rows

    @classmethod
    def of_rows(cls, rows: Sequence[tuple[object, ...]], codes: Integers) -> Documents:
        """Of tuples of :meth:`rows` those that ``codes`` name, one per feature."""
        used, codes = np.unique(codes, return_inverse=True)
        table = np.array([rows[code] for code in used.tolist()], object).reshape(-1, 8)[codes]
        return cls(table[:, 0], table[:, 1], table[:, 2], table[:, 3], table[:, 4:].astype(np.int64).T)


def read_documents(texts: Callable[[str], Geometries], keys: frozenset[str], role: str = "") -> Documents:
    """The documents of the wanted features of one layer of ``role``; ``texts``: values of a field key, "" where blank."""
    number, date, until = texts("document"), _worst(texts, keys, DATE, _latest), _worst(texts, keys, UNTIL, _earliest)
    codes, distinct = _together(number, date, until)
    rows = [_document(*values) for values in distinct]
    table = np.array(rows, object).reshape(-1, 7)
    chosen = table[codes]
    status = _status(texts, keys, {"文号": number, "日期": date, "期限": until})
    statuses = sorted(key for key in keys if key.startswith(STATUS))
    saying = [*_NAMING, *sorted(key for key in keys if key.startswith(SAID))]
    code = _where_under(texts, statuses, is_unknown_code) | _where(texts, [*statuses, *saying], is_garbled)
    questioned = _where(texts, statuses, is_questioned) | _where(texts, saying, is_said_to_be_none)
    if role == _ROAD:
        questioned = questioned | _where(texts, _ROAD_NAMES, is_main_road)
    doubt = joined(("", chosen[:, 2]), (STATUS_CODE, code), (QUESTIONED, questioned))
    return Documents(chosen[:, 0], chosen[:, 1], status, doubt, chosen[:, 3:7].astype(np.int64).T)


def _where(texts: Callable[[str], Geometries], keys: Sequence[str], holds: Callable[[str], bool]) -> Booleans:
    """Where the text under one of the keys is as ``holds`` says."""
    return _where_under(texts, keys, lambda text, column: holds(text))


def _where_under(
    texts: Callable[[str], Geometries], keys: Sequence[str], holds: Callable[[str, str], bool]
) -> Booleans:
    """Where the text under one of the keys is, with the name of its column, as ``holds`` says."""
    found = np.zeros(len(texts("document")), bool)
    for key in keys:
        codes, distinct = pd.factorize(texts(key))
        held = [holds(str(text), key.partition("_")[2] or "状态") for text in distinct]
        found |= np.array([*held, False], bool)[codes]
    return found


def _worst(
    texts: Callable[[str], Geometries], keys: frozenset[str], key: str, choose: Callable[[list[str]], str]
) -> Geometries:
    """The texts of a key; where a layer has several columns for it, of each document the one that is worse for it."""
    several = sorted(name for name in keys if name.startswith(key) and name[len(key) :].isdecimal())
    if not several:
        return texts(key)
    codes, distinct = _together(texts(key), *(texts(name) for name in several))
    return np.array([choose([text for text in values if text]) for values in distinct], object)[codes]


def _latest(values: list[str]) -> str:
    """Of several dates of one document the latest; one that cannot be read before all."""
    spans = [(DateSpan.parse(text), text) for text in values]
    unread = next((text for span, text in spans if span is None), None)
    if unread is not None:
        return unread
    return max(((span.last, text) for span, text in spans if span), default=(None, ""))[1]


def _earliest(values: list[str]) -> str:
    """Of several ends of one document the earliest; one that is no date (a term, or unreadable) before all, 长期 behind all."""
    ends = [text for text in values if not is_endless(text)] or values[:1]
    spans = [(DateSpan.parse(text), text) for text in ends]
    unread = next((text for span, text in spans if span is None), None)
    if unread is not None:
        return unread
    return min(((span.last, text) for span, text in spans if span), default=(None, ""))[1]


def _together(*columns: Geometries) -> tuple[Integers, list[tuple[str, ...]]]:
    """Codes of the distinct rows of some columns, and these rows."""
    code = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        own, distinct = pd.factorize(column)
        code = pd.factorize(code * (len(distinct) + 1) + own)[0].astype(np.int64)
    first = np.unique(code, return_index=True)[1]
    return code, [tuple(str(column[row]) for column in columns) for row in first]


def _document(number: str, date: str, until: str) -> tuple[object, ...]:
    dated = DateSpan.parse(date)
    ended = None if not until or is_endless(until) else until_of(until, dated)
    contradicts = number_contradicts(number, dated)
    first, last = (dated.first.toordinal(), dated.last.toordinal()) if dated and not contradicts else (0, 0)
    if ended is not None:
        end = (ended.first.toordinal(), ended.last.toordinal())
    else:
        end = (0, 0) if not until or is_endless(until) else (UNREADABLE, UNREADABLE)
    return (
        dated.isoformat() if dated else date,
        ended.isoformat() if ended else until,
        NUMBER_YEAR if contradicts else "",
        first,
        last,
        *end,
    )


def _status(texts: Callable[[str], Geometries], keys: frozenset[str], others: dict[str, Geometries]) -> Geometries:
    """The first text that takes each document out of force, as ``column：text``; "" where none does."""
    columns = {key.partition("_")[2] or "状态": texts(key) for key in sorted(keys) if key.startswith(STATUS)}
    found = np.full(len(next(iter(others.values()))), "", object)
    for name, values in {**columns, **others}.items():
        codes, distinct = pd.factorize(values)
        reasons = [f"{name}：{text}" if out_of_force(str(text), name) else "" for text in distinct]
        spoken = np.array([*reasons, ""], object)[codes]
        found = np.where(found == "", spoken, found).astype(object)
    return found


_STATED = re.compile(
    r"\s*(-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?)\s*(亩|平方米|㎡|m2|公顷|ha|hm2)?\s*", re.IGNORECASE
)
_UNITS = {"亩": "mu", "平方米": "m2", "㎡": "m2", "m2": "m2", "公顷": "ha", "ha": "ha", "hm2": "ha"}


def stated_areas(
    texts: Callable[[str], Geometries], keys: frozenset[str], area: Floats, rule: StatedArea
) -> tuple[Floats, Booleans, Booleans]:
    """Approved areas (m²; NaN: nothing said), where they contradict the polygons' ``area`` (m²), and where they are merely larger.

    Without a unit each of m², 亩 and ha is tried; the nearest one counts. An area that cannot be read, or is negative, contradicts.
    """
    key = next((key for key in AREA_KEYS.values() if key in keys), None)
    nothing = np.full(len(area), np.nan)
    no = np.zeros(len(area), bool)
    if key is None:
        return nothing, no, no
    codes, distinct = pd.factorize(texts(key))
    named = {value: unit for unit, value in AREA_KEYS.items()}[key]
    readings, broken = _stated([*map(str, distinct), ""], named)  # the code of what is missing, -1, is the last
    readings, broken = readings[codes], broken[codes]
    with np.errstate(divide="ignore", invalid="ignore"):
        off = np.abs(np.log(readings / area[:, None]))
    off[~np.isfinite(off)] = np.inf
    best = np.argmin(off, axis=1)
    stated = readings[np.arange(len(area)), best]
    unfit = (off.min(axis=1) > np.log(rule.factor)) & np.isfinite(readings).any(axis=1)
    return np.where(unfit, np.nan, stated), broken | unfit, unfit & (np.nanmax(readings, axis=1, initial=-1.0) > area)


def _stated(texts: Sequence[str], named: str | None) -> tuple[Floats, Booleans]:
    """m² under each unit that each text may be in (n, 3), and whether it cannot be an area. Blank and zero say nothing."""
    found = [_STATED.fullmatch(text) for text in texts]
    values = np.array([float(one.group(1).replace(",", "")) if one else -1.0 for one in found])
    said = np.array([bool(text) for text in texts], bool) & (values != 0)
    broken = said & (values < 0)
    units = np.array([_UNITS[one.group(2).lower()] if one and one.group(2) else named or "" for one in found], object)
    readings = np.full((len(texts), len(_RATIOS)), np.nan)
    for place, (name, ratio) in enumerate(_RATIOS.items()):
        fits = said & ~broken & ((units == "") | (units == name))
        readings[fits, place] = values[fits] / ratio
    return readings, broken


def joined(*marks: tuple[str, Booleans | Geometries]) -> Geometries:
    """Codes of doubts joined by blanks: (code, where) or ("", codes themselves)."""
    result: Geometries | None = None
    for code, where in marks:
        words: Any = where if where.dtype == object else np.where(where, code, "").astype(object)
        if result is None:
            result = words
            continue
        said = words != ""
        if said.any():  # hardly ever
            both = np.where((result != "") & said, " ", "").astype(object)
            result = (result + both + words).astype(object)
    return np.zeros(0, object) if result is None else result
