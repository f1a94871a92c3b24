"""``weipian:problems``: a list of problem parcels of 区级核查 or 督导 becomes returns with a day to answer by."""

from __future__ import annotations

from typing import Any

from ..pipeline import chain, problems
from .base import AS_OF, COUNTY, FIELDS, PROBLEMS, REPORT, SOURCE, WORKSPACE, WeipianAlgorithm, existing
from .feedback import ProcessingFeedback


class Problems(WeipianAlgorithm):
    ID = "problems"
    TITLE = "接收问题图斑清单"
    HELP = (
        "读取区级核查、重点督导、验收反馈的问题图斑清单（xlsx、csv，任何版式）：已判定的图斑改为「退回」，写明问题和答复期限；"
        "列名认不出时在「字段对照」写 编号=…; 问题=…; 意见=…; 期限=…，对照按版式记住。同一清单可重复接收，不会重复登记。"
    )
    REQUIRED = (WORKSPACE, PROBLEMS)
    OPTIONAL = (SOURCE, FIELDS, AS_OF, REPORT, COUNTY)
    COUNTS = ("PROBLEMS", "RETURNED_PARCELS", "NOTED", "KNOWN", "UNKNOWN")

    def work(self, values: dict[str, Any], feedback: ProcessingFeedback) -> dict[str, Any]:
        plan = chain.Plan.of({name: value for name, value in values.items() if name != FIELDS})
        pairs = (entry.partition("=") for entry in str(values[FIELDS] or "").replace("；", ";").split(";"))
        fields = {name.strip(): column.strip() for name, mark, column in pairs if mark}
        with chain.opened(plan) as store:
            source = str(values[SOURCE] or "").strip() or "区级核查"
            return problems.take_list(
                store, existing(values, PROBLEMS), source, plan.day, plan.who, fields, plan.report, feedback
            )
