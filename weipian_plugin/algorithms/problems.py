"""``weipian:problems``: a list of problem parcels of 区级核查 or 督导 becomes returns with a day to answer by."""

from __future__ import annotations

from ..pipeline.problems import TakeProblems
from .step import StepAlgorithm


class Problems(StepAlgorithm):
    COMMAND = TakeProblems
    HELP = (
        "读取区级核查、重点督导、验收反馈的问题图斑清单（xlsx、csv，任何版式）：已判定的图斑改为「退回」，写明问题和答复期限；"
        "列名认不出时在「列对照」写 编号=…; 问题=…; 意见=…; 期限=…，对照按版式记住。同一清单可重复接收，不会重复登记。"
    )
