"""Rectification (整改): what is finished, how, and the identities that are checked and shown but never "fixed".

已整改 ⇔ nothing is left (剩余未整改面积 = 0) and either the review has ended (审核结束), or it was demolished, accepted and closed here (拆除,
验收, 销号; the returned state stands beside it); what was regularised (补办) here counts only after the penalty was carried out
(notice 五(三)). Everything else is 未整改: zero left but waiting, a blank or a negative remainder.
Source: practice of 2026 (``resources/oversight/figures.yaml``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import pandas as pd

from ..geodesy.units import half_up
from ..model.messages import Message, render
from ..model.values import is_blank
from . import records, review_states
from .columns import Columns, F, N, O, T, joined, rows, series
from .data import figures
from .item_columns import CaseFields, Item, ItemFields, Items, RectifiedFields, Reviews, StateFields
from .rounding import exact_zero

RectifiedColumns = RectifiedFields[pd.Series, pd.Series, pd.Series, pd.Series]
CaseColumns = CaseFields[pd.Series, pd.Series, pd.Series, pd.Series]
States = StateFields[pd.Series, pd.Series, pd.Series, pd.Series]

#: How much of a remainder is binary noise (亩).
_NOTHING = 1e-10


def is_finished(remaining_mu: float | None, stage: object) -> bool:
    """Whether a parcel with this remainder and review stage (name or code) is 已整改."""
    code = review_states.read(stage).stage
    return remaining_mu is not None and abs(remaining_mu) <= _NOTHING and code == "101"


def method(finished: bool, text: object, removed: float = float("nan"), regularised: float = float("nan")) -> str:
    """整改方式 as the tables show it: of a finished parcel by its text and its areas, else 未整改 whatever the text says."""
    data = figures()
    if not finished:
        return data.not_finished
    by_removal, by_regularising = _methods(text, removed, regularised)
    names = [data.methods.removed.title] * by_removal + [data.methods.regularised.title] * by_regularising
    return "、".join(names) or data.other_method


def states(rectified: RectifiedColumns, reviews: Reviews, cases: CaseColumns) -> States:
    """Whether each item is 已整改, how, and as the tables say it."""
    given = list(zip(rectified.method_text, rectified.removed, rectified.regularised))
    ways = [_methods(*each) for each in given]
    by_removal = pd.Series([way[0] for way in ways], dtype=bool)
    by_regularising = pd.Series([way[1] for way in ways], dtype=bool)
    closed_here = by_removal & rectified.accepted & rectified.closed
    allowed = ~(by_regularising & rectified.has_record & ~cases.penalty_done)
    finished = (rectified.remaining.abs() <= _NOTHING) & (reviews.review_disposed | closed_here) & allowed
    return States(
        finished=finished,
        by_removal=finished & by_removal,
        by_regularising=finished & by_regularising,
        method=series(method(done, *each) for done, each in zip(finished, given)),
    )


def before_penalty(items: Items) -> pd.Series:
    """Which items were regularised (补办) here before the penalty was carried out: notice 五(三) lets that count only afterwards.

    What is known from an export only is taken as the checking system has it: its case is not known here.
    """
    ways = [_methods(*each)[1] for each in zip(items.method_text, items.removed, items.regularised)]
    return pd.Series(ways, dtype=bool) & items.has_record & ~items.penalty_done


@dataclass(frozen=True)
class Identity:
    """``value`` is left − right side, raw; ``items`` break it or, for totals, explain it.

    An identity with ``checked`` 0 was not tested at all and says nothing.
    """

    code: str
    name: str
    value: float
    checked: int
    skipped: int
    items: tuple[str, ...]


def identities(items: Items, kind: str = "nonagri") -> tuple[Identity, ...]:
    """The identities over all illegal items of ``kind`` (``nonagri``, ``nongrain``), with areas in 亩."""
    table = items.where(items.of_kind(kind))
    done, left = table.where(table.finished), table.where(~table.finished)
    removed, regularised = int(table.by_removal.sum()), int(table.by_regularising.sum())
    odd = done.where(done.by_removal == done.by_regularising)
    found = [Identity("all_count", "总=已+未（个数）", float(len(table) - len(done) - len(left)), len(table), 0, ())]
    for code, title, area in (("all_area", "面积", "area"), ("all_farmland", "耕地", "farmland")):
        known = table.illegal_of(kind, area).notna()
        sums = [each.illegal_of(kind, area).sum() for each in (table, done, left)]
        value = exact_zero(sums[0] - sums[1] - sums[2])
        found.append(Identity(code, f"总=已+未（{title}）", value, int(known.sum()), int((~known).sum()), ()))
    value = float(len(done) - removed - regularised)
    found.append(Identity("ways_count", "已=拆+补（个数）", value, len(done), 0, tuple(odd.item)))
    areas = _Ways(done.illegal_of(kind), done.removed, done.regularised)
    farmland = _Ways(done.illegal_of(kind, "farmland"), done.removed_farmland, done.regularised_farmland)
    found.append(areas.identity("ways_area", "面积", done.item))
    found.append(farmland.identity("ways_farmland", "耕地", done.item))
    return (*found, _each(table, kind), _blank_remainders(table))


@dataclass(frozen=True)
class _Ways:
    """An area of the finished items, and what of it was removed and regularised."""

    whole: pd.Series
    removed: pd.Series
    regularised: pd.Series

    def identity(self, code: str, title: str, item: pd.Series) -> Identity:
        """已 = 拆 + 补, over the items whose area and at least one of whose ways is known."""
        known = self.whole.notna() & (self.removed.notna() | self.regularised.notna())
        difference = (self.whole - self.removed.fillna(0) - self.regularised.fillna(0))[known]
        broken = tuple(item[known][difference.abs() > 1e-8])
        value, checked = exact_zero(difference.sum()), int(known.sum())
        return Identity(code, f"已=拆+补（{title}）", value, checked, len(known) - checked, broken)


M = TypeVar("M")


@dataclass(frozen=True)
class LedgerFields(ItemFields[T, N, F, O], Generic[T, N, F, O, M]):
    """An illegal item with its areas to rectify (亩), and what of its rectification is missing or does not add up."""

    to_rectify_area: N
    to_rectify_farmland: N
    to_rectify_basic_farmland: N
    to_rectify_area_figure: O
    to_rectify_farmland_figure: O
    to_rectify_basic_farmland_figure: O
    before_penalty: F
    findings: M  # messages


class LedgerRow(LedgerFields[str, float, bool, object, tuple[Message, ...]]):
    """整改台账: one illegal item."""


class Ledger(LedgerFields[pd.Series, pd.Series, pd.Series, pd.Series, pd.Series], Columns):
    """整改台账: one row an illegal item."""


def ledger(items: Items) -> Ledger:
    """The illegal items with what is to be said of their rectification; nothing is corrected."""
    illegal = items.where(items.illegal)
    to_rectify, before = illegal.to_rectify(), before_penalty(illegal)
    said = map(_findings, rows(Item, illegal), to_rectify, before)
    return joined(
        Ledger,
        illegal,
        to_rectify_area=to_rectify,
        to_rectify_farmland=illegal.to_rectify("farmland"),
        to_rectify_basic_farmland=illegal.to_rectify("basic_farmland"),
        to_rectify_area_figure=illegal.to_rectify_figure(),
        to_rectify_farmland_figure=illegal.to_rectify_figure("farmland"),
        to_rectify_basic_farmland_figure=illegal.to_rectify_figure("basic_farmland"),
        before_penalty=before,
        findings=series(said),
    )


def remarks(item: str, findings: Iterable[Message]) -> list[str]:
    """The findings as short sentences, for a row that names the item anyway."""
    return [
        render(each)
        .replace(f"图斑 {records.shown(item)} 的", "")
        .replace(f"图斑 {records.shown(item)} ", "")
        .rstrip("。")
        for each in findings
    ]


def _findings(item: Item, to_rectify: float, before: bool) -> tuple[Message, ...]:
    found: list[Message] = []

    def say(code: str, **details: object) -> None:
        found.append(Message(f"oversight.rectification.{code}", {"item": records.shown(item.item), **details}))

    tolerance = float(figures().closing_tolerance_mu.value)
    if np.isnan(item.remaining):
        say("remainder_unknown")
    elif item.remaining < -_NOTHING:
        say("remainder_negative", remaining=str(half_up(item.remaining, 4)))
    difference = _difference(to_rectify, item.removed, item.regularised, item.remaining)
    if difference is not None and abs(difference) > tolerance + 1e-9:
        say("areas_do_not_add_up", difference=str(half_up(difference, 4)))
    for step, whole, farmland, basic_farmland in (
        ("removed", item.removed, item.removed_farmland, item.removed_basic_farmland),
        ("regularised", item.regularised, item.regularised_farmland, item.regularised_basic_farmland),
    ):
        for part, area in (("farmland", farmland), ("basic_farmland", basic_farmland)):
            if area > whole + tolerance:
                say("part_above_whole", part=part, step=step)
    if _methods(item.method_text, item.removed, item.regularised)[0] and item.has_record:
        photos = (("前", item.before_photos), ("中", item.during_photos), ("后", item.after_photos))
        missing = [name for name, count in photos if not count > 0]
        if missing:
            say("photos_missing", missing="、".join(missing))
        if not item.accepted:
            say("not_accepted")
    if before:
        say("before_penalty")
    if item.closed and not item.finished:
        say("closed_unfinished")
    return tuple(found)


def _difference(whole: float, removed: float, regularised: float, remaining: float) -> float | None:
    """Area − removed − regularised − left (亩); None where the area, the remainder or both ways are not known."""
    if np.isnan(whole) or np.isnan(remaining) or (np.isnan(removed) and np.isnan(regularised)):
        return None
    return float(exact_zero(whole - np.nan_to_num(removed) - np.nan_to_num(regularised) - remaining))


def _each(table: Items, kind: str) -> Identity:
    areas = zip(table.illegal_of(kind), table.removed, table.regularised, table.remaining)
    differences = [_difference(*each) for each in areas]
    tolerance = float(figures().closing_tolerance_mu.value) + 1e-9
    broken = tuple(item for item, value in zip(table.item, differences) if value is not None and abs(value) > tolerance)
    checked = sum(value is not None for value in differences)
    total = exact_zero(sum(value for value in differences if value is not None))
    return Identity("each_area", "逐图斑：违法面积=拆除+补办+剩余", total, checked, len(table) - checked, broken)


def _blank_remainders(table: Items) -> Identity:
    odd = table.where(table.review_disposed & (table.remaining.isna() | (table.remaining < -_NOTHING)))
    return Identity(
        "remainder", "审核结束而剩余面积空白或为负（按未整改计）", float(len(odd)), len(table), 0, tuple(odd.item)
    )


def _methods(text: object, removed: float, regularised: float) -> tuple[bool, bool]:
    data = figures().methods
    words = "" if is_blank(text) else str(text)
    both = any(word in words for word in data.both.contains)
    by_removal = both or any(word in words for word in data.removed.contains) or bool(removed > 0)
    by_regularising = both or any(word in words for word in data.regularised.contains) or bool(regularised > 0)
    return by_removal, by_regularising
