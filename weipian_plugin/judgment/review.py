"""The review state of an export table (审核阶段、状态、打回状态) read into named sets, as practice 4.4 defines them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Optional

from ..model.records import STATES
from .numbers import exact
from .vocabulary import plain

RETURNED, AT_CITY, AT_PROVINCE, FINISHED = 90, 95, 97, 101
STAGES: Mapping[int, str] = {RETURNED: "已打回", AT_CITY: "市级待审核", AT_PROVINCE: "省级待审核", FINISHED: "审核结束"}
STATUSES: Mapping[int, str] = {1: "未处理", 2: "未提交", 4: "已提交", 10: "已审核"}
#: 打回状态 stands for a stage when both 审核阶段 and 状态 say nothing.
RETURN_STATES: Mapping[int, str] = {0: "市级待审核", 1: "已打回"}


@dataclass(frozen=True)
class ReviewState:
    """``stage`` is shown to people; the sets are those of the statistics. ``state`` is the parcel's state in the workspace."""

    stage: str
    state: str
    filed: bool  # 县级填报 = 已填报
    city_reviewed: bool  # 市级已审核
    returned_by_province: bool  # 省级退回
    passed: bool  # 通过
    waiting_to_be_filed: bool  # 待填报
    disposed: bool  # 处置
    in_transit: bool  # 在途

    @property
    def not_passed(self) -> bool:
        """未通过 is the rest: it contains 市级待审核."""
        return not self.passed and not self.waiting_to_be_filed


def review_state(stage: object, status: object = None, returned: object = None) -> ReviewState:
    """Read the three columns; codes come as numbers, floats (101.0), text or the words themselves.

    A blank stage is shown by the status but does not count as filed. An unknown code is shown as 未知(code).
    """
    code = _code(stage, STAGES)
    filed = code in STAGES
    sent_back = _code(returned, RETURN_STATES) == 1
    by_province = code == AT_CITY and sent_back
    return ReviewState(
        stage=_shown(stage, status, code),
        state=_workspace_state(code, by_province),
        filed=filed,
        city_reviewed=code in (FINISHED, RETURNED, AT_PROVINCE),
        returned_by_province=by_province,
        passed=code in (FINISHED, AT_PROVINCE),
        waiting_to_be_filed=plain(stage) is None,
        disposed=code == FINISHED,
        in_transit=code in (RETURNED, AT_CITY),
    )


def _workspace_state(code: Optional[int], by_province: bool) -> str:
    if code == RETURNED or by_province:
        return STATES[4]
    return STATES[3] if code in STAGES else STATES[0]


def _code(value: object, names: Mapping[int, str]) -> Optional[int]:
    value = plain(value)
    number = exact(value)
    if number is not None and number == number.to_integral_value():
        return int(number)
    return next((code for code, name in names.items() if name == value), None)


def _shown(stage: object, status: object, code: Optional[int]) -> str:
    if code in STAGES:
        return STAGES[code]  # type: ignore[index]
    if plain(stage) is not None:
        return f"未知({_plain_text(stage)})"
    if plain(status) is None:
        return ""
    return STATUSES.get(_code(status, STATUSES) or -1, f"未知({_plain_text(status)})")


def _plain_text(value: object) -> str:
    number = exact(value)
    return str(int(number)) if number is not None and number == number.to_integral_value() else str(value).strip()


@dataclass(frozen=True)
class ReviewCounts:
    """The identity 总线索 = 101 + 90 + 95 + 97 + 未填报, and the two rates (None when nothing was filed)."""

    total: int
    finished: int
    returned: int
    at_city: int
    at_province: int
    not_filed: int
    filing_rate: Optional[Decimal]
    error_rate: Optional[Decimal]


def review_counts(states: Iterable[ReviewState]) -> ReviewCounts:
    """Counts over many parcels; 填报率 = 已填报 / 总线索, 差错率 = 已打回 / 已填报."""
    result = tuple(states)
    by_stage = {name: sum(entry.stage == name and entry.filed for entry in result) for name in STAGES.values()}
    filed = sum(by_stage.values())
    return ReviewCounts(
        total=len(result),
        finished=by_stage[STAGES[FINISHED]],
        returned=by_stage[STAGES[RETURNED]],
        at_city=by_stage[STAGES[AT_CITY]],
        at_province=by_stage[STAGES[AT_PROVINCE]],
        not_filed=len(result) - filed,
        filing_rate=Decimal(filed) / len(result) if result else None,
        error_rate=Decimal(by_stage[STAGES[RETURNED]]) / filed if filed else None,
    )
