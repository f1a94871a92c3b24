"""What the state columns of an exported table mean: whether a parcel was split, and how far its review has come.

The same column name carries either: 拆分状态 holds 拆分 / 被拆分 in some exports and the review stage (审核结束, 市级待审核 …) in table A.
So the value decides, not the name. Source: practice 4.3 (docs/rules.md); confidence: practice.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..model.values import text_of
from ..model.words import SplitState

#: Claims in which either may stand: a column of its own first.
_SPLIT_KEYS = ("parcel_state", "split_state")
_STAGE_KEYS = ("review_stage", "split_state")
_SPLIT_WORDS = frozenset(state.value for state in SplitState)


def split_state_of(claims: Mapping[str, object] | None) -> str:
    """拆分 or 被拆分; "" for a parcel that was never split."""
    return next((text for text in _texts(claims, _SPLIT_KEYS) if text in _SPLIT_WORDS), "")


def review_stage_of(claims: Mapping[str, object] | None) -> str:
    """The stage of review, by name or code; "" where none is stated."""
    return next((text for text in _texts(claims, _STAGE_KEYS) if text not in _SPLIT_WORDS), "")


def _texts(claims: Mapping[str, object] | None, keys: tuple[str, ...]) -> list[str]:
    return [text for text in (text_of((claims or {}).get(key)).strip() for key in keys) if text]
