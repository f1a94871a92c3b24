"""``weipian:judge``: measurements become proposals."""

from __future__ import annotations

from typing import Any

from ..pipeline import chain
from .base import COUNTY, PROFILE, REPORT, WORKSPACE, WeipianAlgorithm
from .feedback import ProcessingFeedback


class Judge(WeipianAlgorithm):
    ID = "judge"
    TITLE = "合法性判定建议"
    HELP = (
        "按判定规则给出每个图斑（或拟拆分地块）的建议类别、理由、缺少的证据和改变结论的条件。软件只提建议，不作认定；"
        "已有的人工判定不会被覆盖，依据变化时会标记「依据已变」。"
    )
    REQUIRED = (WORKSPACE,)
    OPTIONAL = (PROFILE, REPORT, COUNTY)
    COUNTS = ("PARCELS", "JUDGED", "FAILED", "STALE")

    def work(self, values: dict[str, Any], feedback: ProcessingFeedback) -> dict[str, Any]:
        plan = chain.Plan.of(values)
        with chain.opened(plan) as store:
            return chain.propose(store, plan, feedback)
