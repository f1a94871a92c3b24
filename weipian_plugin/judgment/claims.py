"""What the delivered table claims (县级填报), and how it stands against the proposal.

A claim supports nothing: a document number without geometry, a share of 0 %, a filled category stay claims until the
overlay supports them. Missing data is never reported as 不一致 (contradiction), only as 存疑 (cannot be checked).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, Optional

from ..geodesy.units import half_up_decimal
from ..model.messages import Message
from ..model.records import DateSpan
from .numbers import ZERO, exact, rounded
from .vocabulary import CLAIM_FACTS, plain

AGREES, DIFFERS, DOUBTFUL, NOT_FILLED = "一致", "不一致", "存疑", "未填报"
VERDICTS = (AGREES, DIFFERS, DOUBTFUL, NOT_FILLED)


@dataclass(frozen=True)
class ClaimColumns:
    """Where each claim stands in a delivered table: claim key -> column names, normalised."""

    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Alias:
    """A value met in live data for a category or sub-type of the profile (别名)."""

    written: str
    category: str
    subtype: str = ""


@lru_cache(maxsize=4096)
def normalised(name: str) -> str:
    """A column name or filled value without differences of width, brackets and spaces (NFKC)."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def claim_values(row: Mapping[str, object], columns: ClaimColumns) -> Mapping[str, object]:
    """Claims of a parcel by key: intake's understood ``claims`` first, then the delivered columns the profile names."""
    sources = [_table(row.get("claims")), _table(row.get("delivered"))]
    if not any(sources):
        return {}
    result: dict[str, Any] = {}
    by_column = [{normalised(str(name)): value for name, value in source.items()} for source in sources]
    for key, (unit, _title) in CLAIM_FACTS.items():
        candidates = [sources[0].get(key)]
        candidates += [table.get(name) for name in columns.names.get(key, ()) for table in by_column]
        value = next((value for value in map(plain, candidates) if value is not None), None)
        if value is not None:
            result[key] = _typed(value, unit)
            if key == "construction_date" and result[key] is None and _says_something(str(value)):
                result[UNREAD_START] = str(value)
    return result


#: Key of a time of building that is filled and cannot be read as one date (2019年前, 90年代, 2020-2021).
UNREAD_START = "construction_date_unread"


def _says_something(text: str) -> bool:
    """Whether an entry is more than a word for "not known" (不详, 无, /)."""
    plain_text = normalised(text)
    return bool(re.search(r"\w", plain_text)) and plain_text not in _UNKNOWN_WORDS and set(plain_text) != {"0"}


_UNKNOWN_WORDS = frozenset(
    ("无", "不详", "不明", "未知", "待核", "待核实", "待查", "暂无", "空", "null", "None", "未填", "没有")
)


def _table(value: object) -> Mapping[str, object]:
    if isinstance(value, str) and value.startswith("{"):
        value = json.loads(value)
    return value if isinstance(value, Mapping) else {}


def _typed(value: object, unit: str) -> object:
    if unit == "text":
        if isinstance(value, float) and value.is_integer():  # spreadsheets turn codes into 101.0
            value = int(value)
        return str(value).strip()
    if unit == "date":
        return DateSpan.parse(str(value))
    return exact(str(value).rstrip("%％"))


def is_evidence(value: object) -> bool:
    """Whether a claimed value could prove anything: 0 % and blank cannot (practice pitfall P-9)."""
    if isinstance(value, Decimal):
        return value > ZERO
    if isinstance(value, str):
        number = exact(value.rstrip("%％"))
        return bool(value) and (number is None or number > ZERO)
    return value is not None


@dataclass(frozen=True)
class Filled:
    """A filled category after aliases; blank = not filled."""

    category: str = ""
    subtype: str = ""


def filled(
    claims: Mapping[str, object], categories: Mapping[str, tuple[str, ...]], aliases: tuple[Alias, ...]
) -> Filled:
    """The county's own category and sub-type in the profile's words.

    Values are met as ``其他·203范围`` in one field or in two fields, and the category may carry more text around it
    (``…非农违法…``), so it is found by *contains*, the longest name first.
    """
    written, subtype = str(claims.get("category") or ""), str(claims.get("subtype") or "")
    for mark in ("·", "-", "—", "/"):
        if not subtype and mark in written and written.split(mark, 1)[0].strip() in categories:
            written, subtype = (text.strip() for text in written.split(mark, 1))
    if not written:
        return Filled()
    for alias in aliases:
        if _is_alias(alias, written, subtype):
            return Filled(alias.category, alias.subtype or _known_subtype(subtype, categories.get(alias.category, ())))
    exactly = [name for name in categories if normalised(name) == normalised(written)]
    contained = sorted(
        (name for name in categories if normalised(name) in normalised(written)), key=lambda name: (-len(name), name)
    )
    category = (exactly or contained or [written])[0]
    return Filled(category, _known_subtype(subtype, categories.get(category, ())))


def _is_alias(alias: Alias, written: str, subtype: str) -> bool:
    """An alias of a category stands in the first field; one of a sub-type in either, within its category."""
    if normalised(alias.written) == normalised(written):
        return not (alias.subtype and subtype)
    return bool(alias.subtype) and normalised(alias.written) == normalised(subtype) and alias.category in written


def _known_subtype(written: str, subtypes: tuple[str, ...]) -> str:
    return next((name for name in subtypes if normalised(name) == normalised(written)), written)


@dataclass(frozen=True)
class VerdictRules:
    """``confirm``: category -> claim keys that could confirm a fill of it; ``unverifiable``: categories no field can confirm."""

    confirm: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unverifiable: tuple[str, ...] = ()


def verdict(
    fill: Filled, category: str, subtype: str, uncertain: bool, claims: Mapping[str, object], rules: VerdictRules
) -> tuple[str, tuple[Message, ...]]:
    """The county's fill against the proposal: 一致 / 不一致 / 存疑 / 未填报, with the reason.

    Source of the distinction: the 2026 audit practice restated in ``docs/rules.md``.
    """
    details = {"filled": _joined(fill.category, fill.subtype), "proposed": _joined(category, subtype)}
    if not fill.category:
        return NOT_FILLED, ()
    if fill.category in rules.unverifiable:
        return DOUBTFUL, (Message("judgment.claim_unverifiable", details),)
    if uncertain:
        return DOUBTFUL, (Message("judgment.claim_proposal_uncertain", details),)
    if fill.category == category:
        if fill.subtype and fill.subtype != subtype:
            return DOUBTFUL, (Message("judgment.claim_subtype_open", details),)
        return AGREES, ()
    keys = rules.confirm.get(fill.category)
    if keys is not None and not any(is_evidence(claims.get(key)) for key in keys):
        requested = "、".join(CLAIM_FACTS[key][1] for key in keys)
        return DOUBTFUL, (Message("judgment.claim_without_evidence", {**details, "wanted": requested}),)
    return DIFFERS, (Message("judgment.claim_contradicted", details),)


def _joined(category: str, subtype: str) -> str:
    return f"{category}·{subtype}" if subtype else category


#: Filled areas (亩) and the measure (m²) each is compared with: claim key -> measure.
AREA_CLAIMS: Mapping[str, str] = {
    "area_mu": "area",
    "farmland_mu": "farmland",
    "basic_farmland_mu": "basic_farmland",
    "other_agricultural_mu": "other_agricultural",
    "unused_mu": "unused",
    "ecological_redline_mu": "ecological_redline",
    "construction_mu": "construction",
}


@dataclass(frozen=True)
class AreaDifference:
    """A filled area that differs from the overlay by more than the tolerance. 亩; ``difference`` = filled − measured."""

    claim: str
    title: str
    filled: Decimal
    measured: Decimal
    difference: Decimal


#: Decimals of areas in exports and forms.
_EXPORTED = 2


def area_differences(
    claims: Mapping[str, Any], measured_mu: Mapping[str, Optional[Decimal]], tolerance: Decimal
) -> tuple[AreaDifference, ...]:
    """Filled areas against overlay areas, both in 亩; reported when the difference is strictly greater than ``tolerance``.

    What is filled with at most two decimals was rounded to them and is compared so. Blank values and measures that are not known
    are not compared.
    """
    result = []
    for claim, measure in AREA_CLAIMS.items():
        stated, measured = claims.get(claim), measured_mu.get(measure)
        if stated is None or measured is None:
            continue
        if stated == half_up_decimal(stated, _EXPORTED):
            measured = half_up_decimal(measured, _EXPORTED)
        if abs(stated - measured) > tolerance:
            result.append(AreaDifference(claim, CLAIM_FACTS[claim][1], stated, measured, stated - measured))
    return tuple(result)


@dataclass(frozen=True)
class SumCheck:
    """地块面积 = 耕地 + 非耕农用地 + 未利用地 + 建设用地. ``checked`` is False when one of the five is blank: then nothing was checked."""

    checked: bool
    holds: bool = False
    difference: Optional[Decimal] = None
    blank: tuple[str, ...] = ()


_SUM_PARTS = ("farmland_mu", "other_agricultural_mu", "unused_mu", "construction_mu")


def sum_check(claims: Mapping[str, Any], tolerance: Decimal) -> SumCheck:
    """The sum formula over filled areas (亩); basic farmland and redline are overlays and never part of the sum."""
    blank = tuple(CLAIM_FACTS[key][1] for key in ("area_mu", *_SUM_PARTS) if claims.get(key) is None)
    if blank:
        return SumCheck(False, blank=blank)
    difference = claims["area_mu"] - sum((claims[key] for key in _SUM_PARTS), ZERO)
    return SumCheck(True, abs(difference) <= tolerance, difference)


def impossible_areas(claims: Mapping[str, Any]) -> tuple[Message, ...]:
    """Filled areas that cannot be: negative ones, and a kind of land larger than the parcel that holds it."""
    result = []
    total = claims.get("area_mu")
    for key in AREA_CLAIMS:
        value = claims.get(key)
        if value is None:
            continue
        title = CLAIM_FACTS[key][1]
        if value < ZERO:
            result.append(Message("judgment.claim_area_negative", {"title": title, "value": rounded(value, 2)}))
        elif total is not None and value > total:
            result.append(
                Message(
                    "judgment.claim_area_exceeds",
                    {"title": title, "value": rounded(value, 2), "total": rounded(total, 2)},
                )
            )
    return tuple(result)
