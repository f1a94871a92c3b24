"""``weipian:tables``: registers, statistics and the summary of the workspace as of a date."""

from __future__ import annotations

from ..pipeline.make_tables import MakeTables
from .step import StepAlgorithm


class Tables(StepAlgorithm):
    COMMAND = MakeTables
    HELP = (
        "由工作库生成台账、统计表、期限与任务清单、差错率、验收清单和书面总结，全部以「统计截止日期」为准；每个数字都能查到对应的图斑。"
        "多个年度的图斑在同一工作库时，各表只统计一个年度（「年度」）。"
        "同时写出台账和两种上报表；给出上级系统回传表时，先接收其审核状态，并列出与本库的差异。"
    )
