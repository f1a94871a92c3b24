"""``weipian:tables``: registers, statistics and the summary of the workspace as of a date."""

from __future__ import annotations

from typing import Any

from ..pipeline import chain
from ..toolbelt import settings
from ..workspace import checkpoints
from .base import AS_OF, COUNTY, FAMILY, REPORT, RETURNED, WORKSPACE, YEAR, WeipianAlgorithm
from .feedback import ProcessingFeedback


class Tables(WeipianAlgorithm):
    ID = "tables"
    TITLE = "台账与统计"
    HELP = (
        "由工作库生成台账、统计表、期限与任务清单、差错率、验收清单和书面总结，全部以「统计截止日期」为准；每个数字都能查到对应的图斑。"
        "多个年度的图斑在同一工作库时，各表只统计一个年度（「年度」）。"
        "同时写出台账和两种上报表；给出上级系统回传表时，先接收其审核状态，并列出与本库的差异。"
    )
    REQUIRED = (WORKSPACE, REPORT)
    OPTIONAL = (AS_OF, RETURNED, YEAR, COUNTY, FAMILY)
    COUNTS = ("PARCELS", "TABLES", "OVERDUE")

    def work(self, values: dict[str, Any], feedback: ProcessingFeedback) -> dict[str, Any]:
        plan = chain.Plan.of(values)
        with chain.opened(plan) as store:
            results = chain.tabulate(store, plan, feedback)
            unkept = checkpoints.keep_where_wanted(store, settings.read().checkpoints)
        if unkept is not None:
            feedback.report(unkept, "warning")
        return results
