"""The review states (审核阶段, 状态, 打回状态) of the checking system and the sets counted from them.

Source: practice of 2026, ``resources/oversight/review.yaml``. Flow: 县级填报 → 市级 (95) → 省级 (97) → 审核结束 (101);
打回 (90) goes back to the county; a return by the province stands as 95 with 打回状态 1. A blank 审核阶段 is read from 状态.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

import pandas as pd

from .columns import series
from .data import review
from .item_columns import ReviewFields, Reviews
from .records import Delivered, StoredParcels

#: The sets, by their names in ``review.yaml``.
SETS = tuple(entry.name[len("review_") :] for entry in fields(ReviewFields) if entry.type == "F")


@dataclass(frozen=True)
class ReviewState:
    """A parcel's place in the review: codes ("" = blank), their names, and the sets it is counted in."""

    stage: str
    state: str
    returned: str
    stage_name: str
    state_name: str
    sets: frozenset[str]

    @property
    def name(self) -> str:
        """审核阶段, or 状态 where the stage is blank."""
        return self.stage_name or self.state_name


def read(stage: object, state: object = None, returned: object = None) -> ReviewState:
    """Codes as text, numbers or floats (101.0), or names; unknown ones stay visible as 未知(code)."""
    data = review()
    stage_text = code_text(stage)
    returned_code = _code(returned, data.returns, {})
    if stage_text == "省级退回" and not returned_code:
        returned_code = "1"
    stage_code = _code(stage, data.stages, data.stage_aliases)
    state_code = _code(state, data.states, {})
    known = stage_code in data.stages or not stage_code
    sets = frozenset(
        key
        for key, entry in data.sets.items()
        if (stage_code in entry.stages or (not known and entry.unknown)) and entry.returned in (None, returned_code)
    )
    return ReviewState(
        stage_code,
        state_code,
        returned_code,
        _name(stage_code, data.stages),
        _name(state_code, data.states),
        sets,
    )


def labels(state: ReviewState) -> tuple[str, ...]:
    """What a person would say of it: 审核阶段 or 状态, 已填报 or 未填报, then the sets it belongs to, as in the tables."""
    sets = review().sets
    names = [state.name, "已填报" if "filed" in state.sets else "未填报"]
    names += [entry.title for key, entry in sets.items() if key in state.sets and key != "filed"]
    return tuple(dict.fromkeys(name for name in names if name))


def columns(parcels: StoredParcels, delivered: Delivered) -> Reviews:
    """Review state of each parcel.

    What the workspace stores (``review_stage``) wins over the delivered columns; a parcel with neither is read from its
    state in the workspace (``workspace_states`` in the data, assumed).
    """
    substitutes = review().workspace_states
    cache: dict[tuple[str, str, str, str], ReviewState] = {}
    rows = []
    for own, stage, split_stage, state, returned, workspace in zip(
        parcels.review_stage,
        delivered.stage,
        delivered.split_stage,
        delivered.state,
        delivered.returned,
        parcels.state,
    ):
        asked = code_text(own) or code_text(stage) or code_text(split_stage)
        key = (asked, code_text(state), code_text(returned), str(workspace or ""))
        if key not in cache:
            substitute = substitutes.get(key[3], {}) if not asked and not key[1] else {}
            cache[key] = read(asked or substitute.get("stage"), key[1] or substitute.get("state"), key[2])
        rows.append(cache[key])
    return Reviews(
        review_stage_code=series(row.stage for row in rows),
        review_state_code=series(row.state for row in rows),
        review_returned_code=series(row.returned for row in rows),
        review_stage_name=series(row.stage_name for row in rows),
        review_state_name=series(row.state_name for row in rows),
        **{f"review_{name}": pd.Series([name in row.sets for row in rows], dtype=bool) for name in SETS},
    )


def code_text(value: object) -> str:
    """A code or name as text: 101.0 → "101"; None, NaN and blank → ""."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    text = str(value).strip()
    return re.sub(r"^(\d+)\.0+$", r"\1", "" if text.lower() in ("nan", "none", "<na>") else text)


def _code(value: object, names: Mapping[str, str], aliases: Mapping[str, str]) -> str:
    text = code_text(value)
    if text in names or not text:
        return text
    by_name: str | None = next((code for code, name in names.items() if name == text), None)
    return by_name if by_name is not None else aliases.get(text, text)


def _name(code: str, names: Mapping[str, str]) -> str:
    return names.get(code, f"未知({code})" if code else "")
