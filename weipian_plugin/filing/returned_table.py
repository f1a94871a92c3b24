"""The table that comes back from the filing system: which family it is, and where it differs from the workspace.

A family is recognised by its columns, never by the name of the sheet. Brackets, spaces and units are compared in one width, since both
widths stand in the same export. Nothing is taken over by itself: the differences are for a person to decide.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Optional

from ..formats.sheets import read_sheets
from ..model.errors import WeipianError
from .case import ParcelCase
from .placeholder import Value
from .settings import FilingRules, UploadFamily, load_rules
from .tables import upload_table

_HEADER_ROWS = 10


@dataclass(frozen=True)
class Difference:
    """One cell that is not what the workspace would hand in.

    ``kind``: ``value`` (text differs), ``area`` (beyond the tolerance), ``blank_there``, ``blank_here``, ``not_returned`` (the parcel is
    not in the table), ``not_here`` (a parcel the workspace does not have), ``duplicate``, ``number_damaged`` (a long number that a
    spreadsheet has rounded).
    """

    parcel: str
    column: str
    ours: Optional[str]
    theirs: Optional[str]
    kind: str


@dataclass(frozen=True)
class ReturnedTable:
    """``states``: what the system says of each parcel in its own columns (图斑状态, 审核阶段(系统), …), for the workspace to take over."""

    family: str
    rows: int
    differences: tuple[Difference, ...]
    states: Mapping[str, Mapping[str, str]]


def returned_table(
    path: Path, cases: Iterable[ParcelCase], family: str = "", rules: Optional[FilingRules] = None
) -> ReturnedTable:
    """Compare a returned xlsx or csv with what :func:`tables.upload_table` gives for ``cases`` now.

    Raises ``filing.table_unreadable``; ``filing.family_unknown`` when the columns fit neither family and none was named.
    """
    rules = rules or load_rules()
    chosen, columns, rows = _find_table(path, _read(path), family, rules)
    ours = {_text(row[chosen.key]) or "": row for row in upload_table(cases, chosen.name, rules)}
    result: list[Difference] = []
    states: dict[str, dict[str, str]] = {}
    seen: set[str] = set()
    key_at = columns[_plain(chosen.key)]
    for row in rows:
        number = _text(row[key_at] if key_at < len(row) else None)
        if not number:
            continue
        if _damaged(row[key_at], number in ours):
            result.append(Difference(number, chosen.key, None, number, "number_damaged"))
            continue
        if number in seen:
            result.append(Difference(number, chosen.key, None, number, "duplicate"))
            continue
        seen.add(number)
        values = {name: row[at] if at < len(row) else None for name, at in columns.items()}
        states[number] = {
            column: text for column in _state_columns(chosen) if (text := _text(values.get(_plain(column)))) is not None
        }
        if number not in ours:
            result.append(Difference(number, chosen.key, None, number, "not_here"))
            continue
        result.extend(_compare(number, ours[number], values, chosen, Decimal(rules.area_tolerance_mu)))
    result.extend(Difference(number, chosen.key, number, None, "not_returned") for number in ours if number not in seen)
    return ReturnedTable(chosen.name, len(seen), tuple(result), states)


def family_choice(text: Optional[str]) -> str:
    """The parameter FAMILY: A or B, "" where it is left to the columns. Raises ``filing.family_choice``."""
    chosen = (text or "").strip().upper()
    known = load_rules().upload
    if chosen and chosen not in known:
        raise WeipianError("filing.family_choice", text=str(text), known="、".join(known))
    return chosen


def _damaged(value: object, known: bool) -> bool:
    """A number that Excel kept as a number: it holds fifteen digits, the rest are zeros of its own."""
    if isinstance(value, float):
        return abs(value) >= 1e15 or not value.is_integer()
    if isinstance(value, int):
        return abs(value) >= 10**15 and not known
    return "E+" in str(value).upper()


def _state_columns(family: UploadFamily) -> tuple[str, ...]:
    own = {"split_state", "review_stage", None}
    return tuple(column for column, name in family.columns.items() if name in own)


def _compare(
    number: str, ours: Mapping[str, Value], theirs: Mapping[str, object], family: UploadFamily, tolerance: Decimal
) -> Iterable[Difference]:
    system = set(_state_columns(family))
    for column, value in ours.items():
        if column in system or column == family.key or _plain(column) not in theirs:
            continue
        here, there = _text(value), _text(theirs[_plain(column)])
        if here == there or _plain(here or "") == _plain(there or ""):
            continue
        if there is None or here is None:
            yield Difference(number, column, here, there, "blank_there" if there is None else "blank_here")
            continue
        mine, other = _number(here), _number(there)
        if isinstance(value, Decimal) and mine is not None and other is not None:
            if abs(mine - other) > tolerance:
                yield Difference(number, column, here, there, "area")
        elif mine is None or mine != other:
            yield Difference(number, column, here, there, "value")


def _find_table(
    path: Path, tables: Sequence[list[list[Any]]], family: str, rules: FilingRules
) -> tuple[UploadFamily, dict[str, int], list[list[Any]]]:
    for rows in tables:
        for position, row in enumerate(rows[:_HEADER_ROWS]):
            columns = {_plain(str(cell)): at for at, cell in reversed(list(enumerate(row))) if cell not in (None, "")}
            for candidate in rules.upload.values():
                requested = () if family == candidate.name else candidate.recognised_by
                if family and family != candidate.name:
                    continue
                if _plain(candidate.key) in columns and all(_plain(column) in columns for column in requested):
                    return candidate, columns, rows[position + 1 :]
    marks = "；".join(f"{entry.name}：{'、'.join(entry.recognised_by)}" for entry in rules.upload.values())
    raise WeipianError("filing.family_unknown", path=str(path), columns=marks)


def _read(path: Path) -> list[list[list[Any]]]:
    try:
        return [[list(row) for row in sheet.rows] for sheet in read_sheets(path)]
    except WeipianError as error:
        raise WeipianError("filing.table_unreadable", path=str(path), reason=error.text()) from error


def _plain(text: str) -> str:
    """Full width to half width, no spaces: （亩） is (亩)."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _text(value: object) -> Optional[str]:
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return str(value).strip() or None


def _number(text: str) -> Optional[Decimal]:
    try:
        result = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    return result if result.is_finite() else None
