"""Rectification (整改): what is finished, how, and the identities that are checked and shown but never "fixed".

已整改 ⇔ nothing is left (剩余未整改面积 = 0) and either the review has ended (审核结束), or it was demolished, accepted and closed here (拆除,
验收, 销号; the returned state stands beside it); what was regularised (补办) here counts only after the penalty was carried out
(notice 五(三)). Everything else is 未整改: zero left but waiting, a blank or a negative remainder.
Source: practice of 2026 (``resources/oversight/figures.yaml``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ..geodesy.units import half_up
from ..model.messages import Message, render
from ..model.values import is_blank
from . import items as verified_items
from . import records, review_states
from .data import figures
from .rounding import exact_zero

#: How much of a remainder is binary noise (亩).
_NOTHING = 1e-10


def is_finished(remaining_mu: float | None, stage: Any) -> bool:
    """Whether a parcel with this remainder and review stage (name or code) is 已整改."""
    code = review_states.read(stage).stage
    return remaining_mu is not None and abs(remaining_mu) <= _NOTHING and code == "101"


def method(finished: bool, text: Any, removed: float = float("nan"), regularised: float = float("nan")) -> str:
    """整改方式 as the tables show it: of a finished parcel by its text and its areas, else 未整改 whatever the text says."""
    data = figures()
    if not finished:
        return data.not_finished
    by_removal, by_regularising = _methods(text, removed, regularised)
    names = [data.methods.removed.title] * by_removal + [data.methods.regularised.title] * by_regularising
    return "、".join(names) or data.other_method


def add_states(items: pd.DataFrame) -> pd.DataFrame:
    """``items`` with ``finished, by_removal, by_regularising`` (booleans) and ``method``."""
    remaining = items["remaining"]
    ways = [_methods(*row) for row in zip(items["method_text"], items["removed"], items["regularised"])]
    removal = np.array([way[0] for way in ways], dtype=bool)
    closed_here = removal & items["accepted"].to_numpy(bool) & items["closed"].to_numpy(bool)
    finished = (remaining.abs() <= _NOTHING) & (items["review_disposed"] | closed_here) & ~before_penalty(items)
    shown = [method(*row) for row in zip(finished, items["method_text"], items["removed"], items["regularised"])]
    return items.assign(
        finished=finished,
        by_removal=finished & np.array([way[0] for way in ways], dtype=bool),
        by_regularising=finished & np.array([way[1] for way in ways], dtype=bool),
        method=pd.Series(shown, index=items.index, dtype=object),
    )


def before_penalty(items: pd.DataFrame) -> np.ndarray[Any, Any]:
    """Which items were regularised (补办) here before the penalty was carried out: notice 五(三) lets that count only afterwards.

    What is known from an export only is taken as the checking system has it: its case is not known here.
    """
    ways = [_methods(*row)[1] for row in zip(items["method_text"], items["removed"], items["regularised"])]
    recorded = items["has_record"].to_numpy(bool)
    found: np.ndarray[Any, Any] = np.array(ways, dtype=bool) & recorded & ~items["penalty_done"].to_numpy(bool)
    return found


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


def identities(items: pd.DataFrame, kind: str = "nonagri") -> tuple[Identity, ...]:
    """The identities over all illegal items of ``kind`` (``nonagri``, ``nongrain``), with areas in 亩."""
    frame = illegal(items, kind)
    done, left = frame[frame["finished"]], frame[~frame["finished"]]
    removed, regularised = frame[frame["by_removal"]], frame[frame["by_regularising"]]
    odd = done[done["by_removal"] == done["by_regularising"]]
    area, farmland = f"{kind}_area", f"{kind}_farmland"
    found = [Identity("all_count", "总=已+未（个数）", float(len(frame) - len(done) - len(left)), len(frame), 0, ())]
    for code, title, column in (("all_area", "面积", area), ("all_farmland", "耕地", farmland)):
        known = frame[column].notna()
        value = frame[column].sum() - done[column].sum() - left[column].sum()
        found.append(
            Identity(code, f"总=已+未（{title}）", exact_zero(value), int(known.sum()), int((~known).sum()), ())
        )
    value = float(len(done) - len(removed) - len(regularised))
    found.append(Identity("ways_count", "已=拆+补（个数）", value, len(done), 0, tuple(odd["item"])))
    found.append(_ways("ways_area", "面积", done, area, ""))
    found.append(_ways("ways_farmland", "耕地", done, farmland, "_farmland"))
    return (*found, _each(frame, kind), _blank_remainders(frame))


def _ways(code: str, title: str, done: pd.DataFrame, column: str, suffix: str) -> Identity:
    """已 = 拆 + 补 of an area, over the finished items whose area and at least one of whose ways is known."""
    removed, regularised = done[f"removed{suffix}"], done[f"regularised{suffix}"]
    known = done[column].notna() & (removed.notna() | regularised.notna())
    difference = (done[column] - removed.fillna(0) - regularised.fillna(0))[known]
    broken = tuple(done["item"][known][difference.abs() > 1e-8])
    return Identity(
        code, f"已=拆+补（{title}）", exact_zero(difference.sum()), int(known.sum()), int((~known).sum()), broken
    )


def illegal(items: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The items of one illegal table: ``nonagri`` (非农违法) or ``nongrain`` (非粮违法)."""
    chosen: pd.DataFrame = items[items[kind]]
    return chosen


def progress(snapshot: records.Snapshot, as_of: date) -> pd.DataFrame:
    """:func:`ledger` of a snapshot as of a day."""
    return ledger(add_states(verified_items.verified(snapshot, as_of)))


def ledger(items: pd.DataFrame) -> pd.DataFrame:
    """One row an illegal item: areas to rectify, done and left, method, photos before/during/after, acceptance, 销号, and ``findings``.

    ``findings`` are messages about what is missing or does not add up; nothing is corrected.
    """
    frame = items[items["nonagri"] | items["nongrain"]].reset_index(drop=True)
    for area in verified_items.AREAS:
        both = frame[[f"nonagri_{area}", f"nongrain_{area}"]]
        frame[f"to_rectify_{area}"] = both.sum(axis=1, min_count=1)
    frame["before_penalty"] = before_penalty(frame)
    return frame.assign(findings=pd.Series([_findings(row) for row in frame.to_dict("records")], dtype=object))


def remarks(item: str, findings: Iterable[Message]) -> list[str]:
    """The findings as short sentences, for a row that names the item anyway."""
    return [
        render(each)
        .replace(f"图斑 {records.shown(item)} 的", "")
        .replace(f"图斑 {records.shown(item)} ", "")
        .rstrip("。")
        for each in findings
    ]


def _findings(row: dict[Any, Any]) -> tuple[Message, ...]:
    found: list[Message] = []

    def say(code: str, **details: object) -> None:
        found.append(Message(f"oversight.rectification.{code}", {"item": records.shown(row["item"]), **details}))

    tolerance = float(figures().closing_tolerance_mu.value)
    remaining = row["remaining"]
    if np.isnan(remaining):
        say("remainder_unknown")
    elif remaining < -_NOTHING:
        say("remainder_negative", remaining=str(half_up(remaining, 4)))
    difference = _difference(row["to_rectify_area"], row["removed"], row["regularised"], remaining)
    if difference is not None and abs(difference) > tolerance + 1e-9:
        say("areas_do_not_add_up", difference=str(half_up(difference, 4)))
    for step in ("removed", "regularised"):
        for part in ("farmland", "basic_farmland"):
            if row[f"{step}_{part}"] > row[step] + tolerance:
                say("part_above_whole", part=part, step=step)
    removal = _methods(row["method_text"], row["removed"], row["regularised"])[0]
    if removal and row["has_record"]:
        missing = [
            name
            for name, key in (("前", "before"), ("中", "during"), ("后", "after"))
            if not row[f"recorded_{key}_photos"] > 0
        ]
        if missing:
            say("photos_missing", missing="、".join(missing))
        if not row["accepted"]:
            say("not_accepted")
    if row["before_penalty"]:
        say("before_penalty")
    if row["closed"] and not row["finished"]:
        say("closed_unfinished")
    return tuple(found)


def _difference(whole: float, removed: float, regularised: float, remaining: float) -> float | None:
    """Area − removed − regularised − left (亩); None where the area, the remainder or both ways are not known."""
    if np.isnan(whole) or np.isnan(remaining) or (np.isnan(removed) and np.isnan(regularised)):
        return None
    return float(exact_zero(whole - np.nan_to_num(removed) - np.nan_to_num(regularised) - remaining))


def _each(frame: pd.DataFrame, kind: str) -> Identity:
    differences = [
        _difference(*row)
        for row in zip(frame[f"{kind}_area"], frame["removed"], frame["regularised"], frame["remaining"])
    ]
    tolerance = float(figures().closing_tolerance_mu.value) + 1e-9
    broken = tuple(
        item for item, value in zip(frame["item"], differences) if value is not None and abs(value) > tolerance
    )
    checked = sum(value is not None for value in differences)
    total = exact_zero(sum(value for value in differences if value is not None))
    return Identity("each_area", "逐图斑：违法面积=拆除+补办+剩余", total, checked, len(frame) - checked, broken)


def _blank_remainders(frame: pd.DataFrame) -> Identity:
    odd = frame[frame["review_disposed"] & (frame["remaining"].isna() | (frame["remaining"] < -_NOTHING))]
    return Identity(
        "remainder", "审核结束而剩余面积空白或为负（按未整改计）", float(len(odd)), len(frame), 0, tuple(odd["item"])
    )


def _methods(text: Any, removed: float, regularised: float) -> tuple[bool, bool]:
    data = figures().methods
    words = "" if is_blank(text) else str(text)
    both = any(word in words for word in data.both.contains)
    by_removal = both or any(word in words for word in data.removed.contains) or bool(removed > 0)
    by_regularising = both or any(word in words for word in data.regularised.contains) or bool(regularised > 0)
    return by_removal, by_regularising
